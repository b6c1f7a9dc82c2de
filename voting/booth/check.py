"""The test phone of the pre-flight: a sample ballot of the poll's shape goes the whole way and is thrown away.

The sample election has another name, another φ and a key whose secret nobody holds, so that nothing sent here could ever
be cast, and nothing in it could ever be read. What is kept: when, whether it held, two numbers. No device, no address.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from tally import canonical
from tally.closing import sign_receipt, verify_receipt
from tally.errors import Invalid
from tally.questions import Election
from voting.board import checks
from voting.board import service as board
from voting.board.checks import Line, Token
from voting.board.models import State
from voting.booth.service import checked
from voting.errors import Code, Refused
from voting.store.base import release

CLOCK_SECONDS = 60
MAX_REPORT = 1024
_FIELDS = ("clock", "took", "tracker", "receipt")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the phone is told at the end: seconds that the clocks differ, and whether it came from the paper."""

    paper: bool
    difference: int

    @property
    def clock_good(self) -> bool:
        """Less than a minute apart."""
        return self.difference < CLOCK_SECONDS


def paper(db: Session, secret: bytes, uuid: str, token: str, now: float) -> dict[str, Any]:
    """What the test phone encrypts for. Raises Refused: NO_SUCH_POLL, CHECK_TOKEN, CHECK_OVER."""
    _, election, _ = _allowed(db, secret, uuid, token, now)
    return {
        "election": election.raw.decode(),
        "receipt_key": _key(secret, uuid).verify_key.encode().hex(),
    }


def judge(db: Session, secret: bytes, uuid: str, token: str, body: bytes, now: float) -> tuple[str, str]:
    """Check a sample ballot as a cast is checked; (tracker, test receipt). It is kept nowhere.

    Raises Refused: NO_SUCH_POLL, CHECK_TOKEN, CHECK_OVER, TOO_LARGE, BALLOT_*.
    """
    _, election, _ = _allowed(db, secret, uuid, token, now)
    release(db)
    ballot = checked(body, election)
    return ballot.tracker, sign_receipt(_key(secret, uuid), election.uuid, _phi(election), ballot.tracker)


def report(db: Session, secret: bytes, uuid: str, token: str, body: bytes, now: float) -> Outcome:
    """The phone has its receipt: keep the lines that it has passed. `clock` and `took` in milliseconds.

    Raises Refused: NO_SUCH_POLL, CHECK_TOKEN, CHECK_OVER, BAD_REQUEST, RECEIPT_FALSE for a receipt that is not ours.
    """
    _, election, kind = _allowed(db, secret, uuid, token, now)
    clock, took, tracker, receipt = _read(body)
    try:
        verify_receipt(_key(secret, uuid).verify_key.encode().hex(), election.uuid, _phi(election), tracker, receipt)
    except Invalid as invalid:
        raise Refused(Code.RECEIPT_FALSE) from invalid
    outcome = Outcome(kind is Token.PAPER, round(abs(clock / 1000 - now)))
    _keep(db, uuid, kind, outcome, took, int(now))
    return outcome


def _read(body: bytes) -> tuple[int, int, str, str]:
    """The report's four fields, in the order of `_FIELDS`. It is no part of any record, so any JSON will do."""
    try:
        fields = json.loads(body) if len(body) <= MAX_REPORT else None
    except (ValueError, RecursionError) as error:
        raise Refused(Code.BAD_REQUEST) from error
    if not isinstance(fields, dict) or set(fields) != set(_FIELDS):
        raise Refused(Code.BAD_REQUEST)
    clock, took, tracker, receipt = (fields[name] for name in ("clock", "took", "tracker", "receipt"))
    if not (type(clock) is int and type(took) is int and isinstance(tracker, str) and isinstance(receipt, str)):
        raise Refused(Code.BAD_REQUEST)
    if not (0 <= took < 10**7 and 0 <= clock < 10**14):
        raise Refused(Code.BAD_REQUEST)
    return clock, took, tracker, receipt


def _keep(db: Session, uuid: str, kind: Token, outcome: Outcome, took: int, at: int) -> None:
    if kind is Token.TABLET:
        earlier = checks.results(db, uuid).get(Line.KIOSK)
        tablets = earlier.measured if earlier and at - earlier.at < checks.PASS_SECONDS else 0
        checks.record(db, uuid, Line.KIOSK, passed=True, measured=tablets + 1, at=at)
        return
    checks.record(db, uuid, Line.PHONE, passed=True, measured=took, at=at)
    checks.record(db, uuid, Line.CLOCK, passed=outcome.clock_good, measured=outcome.difference, at=at)
    if kind is Token.PAPER:
        checks.record(db, uuid, Line.PRINT, passed=True, measured=20, at=at)


def _allowed(db: Session, secret: bytes, uuid: str, token: str, now: float) -> tuple[str, Election, Token]:
    poll = board.get(db, uuid)
    kind = checks.recognised(secret, uuid, token, now)
    if kind is None:
        raise Refused(Code.CHECK_TOKEN)
    if poll.state != State.ISSUED or not poll.sample:
        raise Refused(Code.CHECK_OVER)
    return poll.uuid, board.parsed(poll.sample), kind


def _key(secret: bytes, uuid: str) -> SigningKey:
    """Signs test receipts alone: no real receipt's key."""
    return board.receipt_key(secret, f"check|{uuid}")


def _phi(election: Election) -> str:
    return canonical.b64(hashlib.sha256(election.raw).digest())
