"""A phone's HTTP, by hand: one connection that can be slow, cut off, or left hanging. asyncio and nothing else."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

PATIENCE = 15.0  # seconds, as in static/js/booth/wire.js
HEAD = "Host: 127.0.0.1\r\nUser-Agent: phone\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
Sender = Callable[[asyncio.StreamWriter, bytes, bytes], Awaitable[None]]


class Unreachable(Exception):
    """Nothing came back that the box could have said: trying again is right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises Unreachable: a captive portal or a proxy answered, not the box."""
        if self.status >= 500 or self.status == 429:
            raise Unreachable(str(self.status))
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Unreachable("not json") from error


class Line:
    """One connection, kept alive as browsers do."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connect, if it is not connected."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, method: str, path: str, body: bytes | None = None, send: Sender | None = None) -> Answer:
        """One request and its answer within a phone's patience. Raises Unreachable."""
        kept = self.writer is not None
        try:
            async with asyncio.timeout(PATIENCE):
                try:
                    return await self._ask(method, path, body, send)
                except (OSError, asyncio.IncompleteReadError):
                    self.cut()
                    if not kept:
                        raise
                    # A kept connection that the server has closed meanwhile: browsers open another at once.
                    return await self._ask(method, path, body, send)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError, IndexError) as error:
            self.cut()
            raise Unreachable(repr(error)) from error

    async def _ask(self, method: str, path: str, body: bytes | None, send: Sender | None) -> Answer:
        await self.open()
        assert self.writer is not None
        await (send or all_at_once)(self.writer, head(method, path, body), body or b"")
        return await self._read(method)

    async def _read(self, method: str) -> Answer:
        assert self.reader is not None
        top = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(top[0].split()[1])
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in top[1:])}
        length = int(fields.get("content-length", "0"))
        body = await self.reader.readexactly(length) if length and method != "HEAD" else b""
        if fields.get("connection", "").lower() == "close":
            self.cut()
        return Answer(status, body)

    def cut(self) -> None:
        """Drop the connection without a word, as when the phone leaves the network."""
        if self.writer is not None:
            self.writer.transport.abort()
        self.reader = self.writer = None


def head(method: str, path: str, body: bytes | None) -> bytes:
    """A request's head."""
    about = "" if body is None else f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{method} {path} HTTP/1.1\r\n{HEAD}{about}\r\n".encode()


async def all_at_once(writer: asyncio.StreamWriter, top: bytes, body: bytes) -> None:
    """The usual way."""
    writer.write(top + body)
    await writer.drain()


def dripping(seconds: float, parts: int = 20) -> Sender:
    """A sender whose body takes so many seconds."""

    async def send(writer: asyncio.StreamWriter, top: bytes, body: bytes) -> None:
        writer.write(top)
        size = max(1, -(-len(body) // parts))
        for at in range(0, len(body), size):
            writer.write(body[at : at + size])
            await writer.drain()
            await asyncio.sleep(seconds / parts)

    return send


def held_back(release: asyncio.Event, patience: float) -> Sender:
    """A sender whose last byte is still under way when something else has happened."""

    async def send(writer: asyncio.StreamWriter, top: bytes, body: bytes) -> None:
        writer.write(top + body[:-1])
        await writer.drain()
        with suppress(TimeoutError):
            await asyncio.wait_for(release.wait(), patience)
        writer.write(body[-1:])
        await writer.drain()

    return send
