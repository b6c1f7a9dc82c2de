"""A request is whole when its last byte is here, and not before; what cannot end is refused at once."""

import pytest

from voting.web.arrival import (
    BODY_BYTES_A_SECOND,
    BODY_LIMIT,
    BODY_SECONDS,
    HEAD_LIMIT,
    HEAD_SECONDS,
    Arrival,
    Verdict,
)  # fmt: skip

POST = b"POST /v/x/ballots HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nvotes"
GET = b"GET /v/x HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize("request_", [POST, GET])
@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_a_request_in_pieces_is_whole_with_its_last_byte(request_: bytes, step: int) -> None:
    arrival = Arrival(10.0)
    verdicts = [arrival.add(request_[at : at + step], 0.0) for at in range(0, len(request_), step)]
    assert verdicts == [Verdict.MORE] * (len(verdicts) - 1) + [Verdict.WHOLE]
    assert arrival.take() == (request_, b"")


def test_what_was_sent_ahead_belongs_to_the_next_request() -> None:
    arrival = Arrival(10.0)
    assert arrival.add(POST + GET[:9], 0.0) is Verdict.WHOLE
    request, behind = arrival.take()
    assert (request, behind) == (POST, GET[:9])
    following = Arrival(10.0)
    assert following.add(behind, 0.0) is Verdict.MORE
    assert following.add(GET[9:], 0.0) is Verdict.WHOLE


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        (b"Transfer-Encoding: chunked", Verdict.NO_LENGTH),
        (b"tRANSFER-eNCODING : gzip", Verdict.NO_LENGTH),
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked", Verdict.NO_LENGTH),
        (b"Content-Length: 5\r\nContent-Length: 5", Verdict.BAD_FRAME),
        (b"Content-Length: 5, 5", Verdict.BAD_FRAME),
        (b"Content-Length: +5", Verdict.BAD_FRAME),
        (b"Content-Length: -1", Verdict.BAD_FRAME),
        (b"Content-Length: 0x5", Verdict.BAD_FRAME),
        (b"Content-Length: \xd9\xa5", Verdict.BAD_FRAME),
        (b"Content-Length:", Verdict.BAD_FRAME),
        (b"Content-Length: " + b"9" * 13, Verdict.BAD_FRAME),
        (f"Content-Length: {BODY_LIMIT + 1}".encode(), Verdict.BODY_TOO_LARGE),
        (f"Content-Length: {BODY_LIMIT}".encode(), Verdict.MORE),
        (b"Content-Length: 0", Verdict.WHOLE),
    ],
)
def test_the_length_is_said_once_and_plainly(fields: bytes, verdict: Verdict) -> None:
    assert Arrival(10.0).add(b"POST /v HTTP/1.1\r\n" + fields + b"\r\n\r\n", 0.0) is verdict


def test_a_head_without_end_is_refused() -> None:
    arrival, verdict, sent = Arrival(10.0), Verdict.MORE, 0
    while verdict is Verdict.MORE:
        verdict = arrival.add(b"A: " + b"a" * 997, 0.0)
        sent += 1000
    assert verdict is Verdict.HEAD_TOO_LARGE
    assert HEAD_LIMIT < sent <= HEAD_LIMIT + 1000
    whole = b"GET / HTTP/1.1\r\nA: " + b"a" * HEAD_LIMIT + b"\r\n\r\n"
    assert Arrival(10.0).add(whole, 0.0) is Verdict.HEAD_TOO_LARGE


def test_bytes_that_drip_win_no_time() -> None:
    arrival = Arrival(3.0)
    assert not arrival.begun
    arrival.add(b"P", 100.0)
    assert arrival.begun
    for moment in range(101, 109):
        arrival.add(b"x", float(moment))
    assert arrival.deadline == 100.0 + HEAD_SECONDS
    arrival = Arrival(3.0)
    arrival.add(b"POST /v HTTP/1.1\r\nContent-Length: 65536\r\n\r\n", 50.0)
    arrival.add(b"x", 60.0)
    assert arrival.deadline == 50.0 + BODY_SECONDS + 65536 / BODY_BYTES_A_SECOND
