"""Results of the pre-flight (会前检查) that devices bring, and the two tokens that let a phone bring them.

Nothing here is a credential and nothing names a device: the sample code is derived, was never issued and opens no ballot
paper; the pass on the console's screen changes every few hours.
"""

import hmac
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys import credential
from voting.board.models import BoardCheck

PASS_SECONDS = 6 * 3600


class Line(StrEnum):
    """What devices and the server's disk can pass or fail. The other lines are judged whenever somebody looks."""

    PHONE = "phone"
    PRINT = "print"
    CLOCK = "clock"
    DISK = "disk"
    KIOSK = "kiosk"


class Token(StrEnum):
    """Where a device got its token: from the console's screen, from the printed sample, or as one of the tablets."""

    SCREEN = "screen"
    PAPER = "paper"
    TABLET = "tablet"


def sample_code(secret: bytes, uuid: str) -> str:
    """The code on the printed sample: of a slip's form, the same for ever, on no list of slips."""
    return credential.new(lambda n: hmac.digest(secret, f"mipiao-sample|{uuid}".encode(), "sha256")[:n])


def screen_pass(secret: bytes, uuid: str, now: float) -> str:
    """What the code on the console's screen carries, for some hours."""
    return _pass(secret, uuid, int(now) // PASS_SECONDS)


def recognised(secret: bytes, uuid: str, token: str, now: float) -> Token | None:
    """Whether a device's token is one of ours, and which; compared in constant time."""
    if _same(token, sample_code(secret, uuid)):
        return Token.PAPER
    period = int(now) // PASS_SECONDS
    for one in (period, period - 1):
        if _same(token, _pass(secret, uuid, one)):
            return Token.SCREEN
        if _same(token, "t" + _pass(secret, uuid, one)):
            return Token.TABLET
    return None


def record(db: Session, uuid: str, line: Line, *, passed: bool, measured: int, at: int) -> None:
    """Keep the last result of a line; `at` in seconds since 1970, `measured` in the line's own unit."""
    said = {"at": at, "passed": passed, "measured": measured}
    known = update(BoardCheck).where(BoardCheck.poll == uuid, BoardCheck.line == line).values(said)
    if db.execute(known.returning(BoardCheck.line)).one_or_none() is None:
        try:
            with db.begin_nested():
                db.add(BoardCheck(poll=uuid, line=line, **said))
        except IntegrityError:  # another phone has just reported the same line
            db.execute(known)


def results(db: Session, uuid: str) -> dict[str, BoardCheck]:
    """The last result of each line that has one."""
    fresh = select(BoardCheck).where(BoardCheck.poll == uuid).execution_options(populate_existing=True)
    return {row.line: row for row in db.scalars(fresh)}


def _pass(secret: bytes, uuid: str, period: int) -> str:
    return hmac.digest(secret, f"mipiao-check|{uuid}|{period}".encode(), "sha256")[:16].hex()


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), ours.encode())
