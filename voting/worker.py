"""gunicorn's threaded worker, changed so that a thread is given to whole requests only and never waits for a client.

As it comes, a thread waits seconds for a connection's first byte (browsers open one more than they need) and without end
for a body, the worker's loop waits two seconds for a client that does not close, and a thread waits for who does not
read. Eight such clients stop a service of eight threads. Here the loop gathers requests from all connections, with
deadlines (`voting.web.arrival`), and lingers on closed ones, without ever blocking. No address is kept or logged.
"""

import errno
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

from voting.web.arrival import Arrival, Verdict

FIRST_BYTE_SECONDS = 30.0
"""A browser's spare connection may stay silent for so long; it costs no thread."""
LINGER_SECONDS = 2.0
LINGER_BYTES = 256 * 1024
SEND_SECONDS = 20.0
SEND_BYTES_A_SECOND = 16 * 1024
SEND_BUFFER = 512 * 1024
"""An answer of the booth fits in, so that the kernel waits for a slow reader and no thread does."""
HELD_BYTES = 64 * 1024 * 1024
"""Of requests that have not arrived in whole, per process. Beyond it the largest is dropped: ballots are small."""
SWEEP_SECONDS = 0.5
OUT_OF_FILES = (errno.EMFILE, errno.ENFILE)
NOTHING_THERE = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class Received:
    """What a thread reads instead of the socket: a whole request, then the end."""

    def __init__(self, request: bytes) -> None:
        self._rest = memoryview(request)

    def recv(self, size: int) -> bytes:
        """The next bytes."""
        piece, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return piece


class BoundedSocket(socket.socket):
    """A socket on which no thread waits for ever; who takes too long is treated as gone."""

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - as the standard library has it
        """Blocking means: for a while."""
        self.settimeout(SEND_SECONDS if flag else 0.0)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send in the time that the slowest tolerable network takes. Raises ConnectionResetError."""
        self.settimeout(SEND_SECONDS + len(data) / SEND_BYTES_A_SECOND)
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "nobody reads") from None


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """A client's connection with the request that is arriving on it."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        bounded = BoundedSocket(fileno=sock.detach())
        super().__init__(cfg, bounded, client, server)
        bounded.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.data_ready = True
        self.arrival = Arrival(time.monotonic() + FIRST_BYTE_SECONDS)
        self.behind = b""
        self.lingering = False
        self.drained = 0

    def hand_over(self) -> None:
        """The request that arrived becomes what the parser reads."""
        request, self.behind = self.arrival.take()
        self.arrival = Arrival(0.0)
        self.sock.setblocking(True)
        self.parser = http.get_parser(self.cfg, Received(request), self.client)
        self.initialized = True


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Connections wait in `waiting` (silent, arriving, kept alive or lingering); a whole request goes to a thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: set[Connection] = set()
        self.swept = 0.0
        self.held = 0

    def accept(self, listener: socket.socket) -> None:
        """Take one connection in; a thread learns of it when its request is here."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in OUT_OF_FILES:
                self._make_room()
            elif error.errno not in NOTHING_THERE:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        self._wait(Connection(self.cfg, sock, client, listener.getsockname()))

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """A thread has answered: wait for the next request on the connection, or see it closed."""
        try:
            kept = bool(fs.result()) and not fs.cancelled() and self.alive
            conn.sock.setblocking(False)
        except Exception:  # noqa: BLE001 - whatever went wrong there, this connection is over
            self._close(conn)
            return
        now = time.monotonic()
        if not kept:
            self._linger(conn, now)
            return
        conn.arrival = Arrival(now + float(self.cfg.keepalive))
        self._wait(conn)
        if conn.behind:
            self._arrived(conn, conn.behind, now)

    def murder_pending(self) -> None:
        """Called in every turn of the loop: drop who is too late, and at a stop who has not begun."""
        now = time.monotonic()
        if now - self.swept < SWEEP_SECONDS:
            return
        self.swept = now
        for conn in list(self.waiting):
            if conn.arrival.deadline <= now or not (self.alive or conn.lingering or conn.arrival.begun):
                self._close(conn)

    def _wait(self, conn: Connection) -> None:
        self.waiting.add(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, conn))

    def _readable(self, conn: Connection, _sock: socket.socket) -> None:
        try:
            data = conn.sock.recv(64 * 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(conn)
        elif conn.lingering:
            conn.drained += len(data)
            if conn.drained > LINGER_BYTES:
                self._close(conn)
        else:
            self._arrived(conn, data, time.monotonic())

    def _arrived(self, conn: Connection, data: bytes, now: float) -> None:
        self.held += len(data)
        verdict = conn.arrival.add(data, now)
        if verdict is Verdict.MORE:
            if self.held > HELD_BYTES:
                self._close(max(self.waiting, key=lambda one: len(one.arrival.received)))
        elif verdict is Verdict.WHOLE:
            self._forget(conn)
            conn.hand_over()
            self.enqueue_req(conn)
        else:
            self._refuse(conn, verdict, now)

    def _refuse(self, conn: Connection, verdict: Verdict, now: float) -> None:
        self._forget(conn)
        try:
            conn.sock.send(f"HTTP/1.1 {verdict.value}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
        except OSError:
            self._gone(conn)
            return
        self._linger(conn, now)

    def _linger(self, conn: Connection, now: float) -> None:
        """Say that nothing more comes, and read what is still under way, so that no reset overtakes the answer."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._gone(conn)
            return
        conn.lingering = True
        conn.arrival = Arrival(now + LINGER_SECONDS)
        self._wait(conn)

    def _make_room(self) -> None:
        """The connection that has waited longest goes: whoever holds all of them does not keep others out."""
        if self.waiting:
            self._close(min(self.waiting, key=lambda conn: conn.arrival.deadline))

    def _forget(self, conn: Connection) -> None:
        self.waiting.discard(conn)
        self.held -= len(conn.arrival.received)
        with suppress(OSError, KeyError, ValueError):  # it was not waiting
            self.poller.unregister(conn.sock)

    def _close(self, conn: Connection) -> None:
        self._forget(conn)
        self._gone(conn)

    def _gone(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()
