"""Clients that are slow, silent or malicious hold no thread: everybody else is served meanwhile.

The real service. Where gunicorn's own worker would be held, the numbers are such that it would be held for longer than
the patience of the one who asks beside them.
"""

import http.client
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.load.service import Service

PATIENCE = 25  # seconds of the one who asks beside; on a loaded machine too it is answered long before
HEAD = b"Host: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("service")).start()
    yield service
    service.stop()
    assert "Traceback" not in service.log.read_text(encoding="utf-8")


@pytest.fixture
def crowd() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def connect(service: Service, crowd: ExitStack, sent: bytes = b"", buffer: int = 0) -> socket.socket:
    sock = crowd.enter_context(socket.socket())
    if buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    sock.settimeout(PATIENCE)
    sock.connect(("127.0.0.1", service.port))
    sock.sendall(sent)
    return sock


def ask(service: Service, path: str = "/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status


def answer_on(sock: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    found = b""
    while piece := sock.recv(4096):
        found += piece
    return found


def test_bodies_that_drip_hold_nobody_up(service: Service, crowd: ExitStack) -> None:
    head = (
        b"POST /v/x/ballots HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\nContent-Length: 20000\r\n\r\n{"
    )
    dripping = [connect(service, crowd, head) for _ in range(40)]
    assert ask(service) == 200
    for sock in dripping:
        sock.sendall(b" ")
    assert ask(service) == 200


def test_heads_that_drip_hold_nobody_up(service: Service, crowd: ExitStack) -> None:
    for _ in range(40):
        connect(service, crowd, b"GET / HTTP/1.1\r\nHo")
    assert ask(service) == 200


def test_connections_that_say_nothing_hold_nobody_up(service: Service, crowd: ExitStack) -> None:
    for _ in range(80):  # as 80 browsers open, each one more than it needs
        connect(service, crowd)
    assert ask(service) == 200


def test_clients_that_never_close_hold_nobody_up(service: Service, crowd: ExitStack) -> None:
    asked = b"GET / HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n"
    asking = [connect(service, crowd, asked) for _ in range(80)]
    assert ask(service) == 200
    for sock in asking:
        assert answer_on(sock).startswith(b"HTTP/1.1 200")


def test_clients_that_do_not_read_hold_nobody_up(service: Service, crowd: ExitStack) -> None:
    for _ in range(40):
        connect(service, crowd, b"GET /static/vendor/bootstrap.min.css HTTP/1.1\r\n" + HEAD + b"\r\n", buffer=2048)
    assert ask(service) == 200


def test_half_of_the_next_request_sent_ahead_holds_nobody_up(service: Service, crowd: ExitStack) -> None:
    whole, half = b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n", b"GET / HT"
    ahead = [connect(service, crowd, whole + half) for _ in range(40)]
    for sock in ahead:
        assert sock.recv(20).startswith(b"HTTP/1.1 200")
    assert ask(service) == 200
    ahead[0].sendall(b"TP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n")
    assert answer_on(ahead[0]).count(b"HTTP/1.1 200") == 1


def test_two_requests_sent_at_once_are_answered_in_turn(service: Service, crowd: ExitStack) -> None:
    first = b"GET /static/js/booth/floor.js HTTP/1.1\r\n" + HEAD + b"\r\n"
    last = b"GET /nowhere HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n"
    answers = answer_on(connect(service, crowd, first + last))
    assert answers.index(b"HTTP/1.1 200") < answers.index(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST /v/x/ballots HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nvotes\r\n0\r\n\r\n", b"411"),
        (b"POST /v/x/ballots HTTP/1.1\r\n" + HEAD + b"Content-Length: 99999999\r\n\r\nx", b"413"),
        (b"POST /v/x/ballots HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", b"400"),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 40_000 + b"\r\n\r\n", b"431"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)  # fmt: skip
def test_what_has_no_plain_frame_is_refused_and_the_connection_ends(
    service: Service, crowd: ExitStack, sent: bytes, status: bytes
) -> None:
    answer = answer_on(connect(service, crowd, sent))
    assert answer.split(b" ", 2)[1] == status
    assert answer.count(b"HTTP/1.1 ") == 1
    assert ask(service) == 200


def test_a_large_upload_arrives_in_whole_and_is_refused_by_the_view(service: Service, crowd: ExitStack) -> None:
    body = b"x" * (9 * 1024 * 1024)  # more than any view takes, less than is dropped unread
    head = (
        b"POST /login HTTP/1.1\r\n" + HEAD + b"Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    answer = answer_on(connect(service, crowd, head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body))
    assert answer.split(b" ", 2)[1] == b"413"
    assert b"text/html" in answer


def workers(service: Service) -> list[int]:
    """The processes that serve."""
    stats = [stat.read_text().rpartition(")") for stat in Path("/proc").glob("[0-9]*/stat") if stat.exists()]
    return [int(head.split()[0]) for head, _, rest in stats if int(rest.split()[1]) == service.process.pid]


def test_a_service_that_runs_out_of_files_drops_who_has_waited_longest(tmp_path: Path, crowd: ExitStack) -> None:
    service = Service(tmp_path).start()
    try:
        assert [ask(service) for _ in range(20)] == [200] * 20  # both have opened what they need
        for pid in workers(service):
            some_more = len(list(Path(f"/proc/{pid}/fd").iterdir())) + 15
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (some_more, some_more))
        silent = [connect(service, crowd) for _ in range(120)]
        assert ask(service) == 200
        assert silent[0].recv(1) == b""
        assert len(workers(service)) == 2
    finally:
        service.stop()
    assert "Traceback" not in service.log.read_text(encoding="utf-8")


def test_no_address_is_written_down(service: Service, crowd: ExitStack) -> None:
    connect(service, crowd, b"\x00\x01\x02\r\n\r\n")
    assert ask(service) == 200
    assert "127.0.0.1:" not in service.log.read_text(encoding="utf-8").replace(service.base, "")


def test_a_stopping_service_answers_what_has_arrived_and_lets_go_of_silent_clients(
    tmp_path: Path, crowd: ExitStack
) -> None:
    service = Service(tmp_path).start()
    silent = [connect(service, crowd) for _ in range(5)]
    assert ask(service) == 200
    service.stop()
    assert [sock.recv(1) for sock in silent] == [b""] * 5


def test_a_header_does_not_move_the_address_past_a_proxys_rules(service: Service, crowd: ExitStack) -> None:
    sock = connect(
        service, crowd, b"GET /v/login HTTP/1.1\r\nSCRIPT_NAME: /v\r\nConnection: close\r\n" + HEAD + b"\r\n"
    )
    assert answer_on(sock).startswith(b"HTTP/1.1 404")
