"""Whether a request has arrived in whole: pure bookkeeping over the bytes that came, no socket and no clock of its own.

A thread that waits for a slow phone's next byte is a thread that no other phone has. So bytes are gathered here, beside
the threads, and only a whole request is handed on. Only its frame is looked at; gunicorn parses and judges it.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

HEAD_LIMIT = 32 * 1024
"""Bytes of request line and headers. Gunicorn's own limits are tighter per line."""
BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of body that are gathered at most: twice the largest that any view takes, so that its own refusal is read."""
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
BODY_BYTES_A_SECOND = 32 * 1024
"""What a body may take: thirty seconds, and as long again as a slow network needs for a spreadsheet."""

_END = b"\r\n\r\n"
_DIGITS = re.compile(rb"[0-9]{1,12}\Z")


class Verdict(Enum):
    """How far a request is: what the caller does next. The others are refusals with their status."""

    MORE = "more bytes are needed"
    WHOLE = "the request is here"
    BAD_FRAME = "400 Bad Request"
    NO_LENGTH = "411 Length Required"
    BODY_TOO_LARGE = "413 Content Too Large"
    HEAD_TOO_LARGE = "431 Request Header Fields Too Large"


@dataclass(slots=True)
class Arrival:
    """One request on its way in, and whatever came behind it. Moments are seconds of one monotonic clock."""

    deadline: float
    received: bytearray = field(default_factory=bytearray)
    _size: int | None = None
    _seen: int = 0

    @property
    def begun(self) -> bool:
        """Whether anything came at all."""
        return bool(self.received)

    def add(self, data: bytes, now: float) -> Verdict:
        """Take more bytes in. The first byte and the head's end each set a new deadline."""
        if data and not self.received:
            self.deadline = now + HEAD_SECONDS
        self.received += data
        if self._size is None:
            verdict = self._head(now)
            if verdict is not Verdict.WHOLE:
                return verdict
        return Verdict.WHOLE if len(self.received) >= (self._size or 0) else Verdict.MORE

    def take(self) -> tuple[bytes, bytes]:
        """The whole request, and the beginning of the next one if the client sent ahead."""
        size = self._size or 0
        return bytes(self.received[:size]), bytes(self.received[size:])

    def _head(self, now: float) -> Verdict:
        end = self.received.find(_END, max(0, self._seen - len(_END) + 1))
        self._seen = len(self.received)
        if end < 0:
            return Verdict.MORE if len(self.received) <= HEAD_LIMIT else Verdict.HEAD_TOO_LARGE
        if end > HEAD_LIMIT:
            return Verdict.HEAD_TOO_LARGE
        length = _length(bytes(self.received[:end]))
        if isinstance(length, Verdict):
            return length
        self.deadline = now + BODY_SECONDS + length / BODY_BYTES_A_SECOND
        self._size = end + len(_END) + length
        return Verdict.WHOLE


def _length(head: bytes) -> int | Verdict:
    """The body's length by the head; a body that does not say its length is refused, no browser sends one."""
    found: list[bytes] = []
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        match name.strip().lower():
            case b"transfer-encoding":
                return Verdict.NO_LENGTH
            case b"content-length":
                found.append(value.strip())
    if not found:
        return 0
    if len(found) > 1 or not _DIGITS.match(found[0]):
        return Verdict.BAD_FRAME
    length = int(found[0])
    return length if length <= BODY_LIMIT else Verdict.BODY_TOO_LARGE
