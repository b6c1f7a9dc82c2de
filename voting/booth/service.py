"""What a phone is told, and how its ballot gets into the box. Knows no Flask, no session and no person."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tally import canonical
from tally.ballot import Ballot
from tally.closing import sign_receipt
from tally.errors import Code as TallyCode
from tally.errors import Invalid
from tally.questions import Election
from voting.board import facts
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.store.base import only_reading, release

REFUSALS = {
    TallyCode.OTHER_ELECTION: Code.BALLOT_OTHER_POLL,
    TallyCode.UNKNOWN_CREDENTIAL: Code.UNKNOWN_CREDENTIAL,
    TallyCode.SIGNATURE: Code.BALLOT_SIGNATURE,
    TallyCode.INDIVIDUAL_PROOF: Code.BALLOT_PROOF,
    TallyCode.OVERALL_PROOF: Code.BALLOT_PROOF,
    TallyCode.BLANK_PROOF: Code.BALLOT_PROOF,
    TallyCode.CIPHERTEXT_REPEATED: Code.CIPHERTEXT_REPEATED,
    TallyCode.TOO_LARGE: Code.TOO_LARGE,
}
"""What a phone is told about a ballot that does not hold; every other code is BALLOT_MALFORMED."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The box's answer: the ballot of this tracker is in it; the receipt is the box's signature on that."""

    tracker: str
    receipt: str
    first: bool


class Used(Refused):
    """The slip has voted with another ballot. Its holder has proved possession, so the accepted one is named."""

    def __init__(self, accepted: Reply) -> None:
        super().__init__(Code.CREDENTIAL_USED)
        self.accepted = accepted


def description(db: Session, uuid: str) -> dict[str, Any]:
    """Everything a phone needs to show and fill in the ballot paper; the bytes are the frozen ones.

    Groups and credentials stand in the manifest, so a phone finds its own group without naming its slip.
    Raises Refused: NO_SUCH_POLL, NOT_YET, CLOSED.
    """
    poll = board.get(db, uuid)
    board.check_open(poll.state)
    keys = facts.keys(poll)
    return {
        "title": poll.title,
        "state": str(poll.state),
        "election": poll.election.decode(),
        "manifest": poll.manifest.decode(),
        "trustees": keys.trustees if keys else 0,
        "threshold": keys.threshold if keys else 0,
        "opening_seal": facts.opening_seal(poll),
    }


def preview(
    election: dict[str, Any],
    *,
    title: str,
    kind: str,
    selection: str,
    group: str,
    trustees: int,
    threshold: int,
    minimum: int,
    rehearsal: bool,
) -> dict[str, Any]:
    """The same for the office's preview of a draft: `election` needs only `name` and `questions` (as in the record).

    The template booth/poll.html embeds it; nothing is verified or sent from it.
    """
    return {
        "title": title,
        "election": election,
        "manifest": {"kind": kind, "selection": selection, "rehearsal": rehearsal, "minimum": minimum,
                     "by_group": list(range(len(election["questions"]))), "issuance": "server", "transport": "https"},
        "group": group,
        "trustees": trustees,
        "threshold": threshold,
    }  # fmt: skip


def state(db: Session, uuid: str) -> dict[str, str]:
    """The poll's state and seals, for phones that wait or have voted."""
    poll = board.get(db, uuid)
    closed = poll.state in {*facts.LISTED, State.TALLIED}
    return {
        "state": str(poll.state),
        "opening_seal": facts.opening_seal(poll),
        "closing_seal": facts.seal(facts.closing_hash(db, uuid)) if closed else "",
    }


def body_limit(db: Session, uuid: str) -> int:
    """The largest body that may be a ballot of this poll, in bytes. Raises Refused(NO_SUCH_POLL).

    Lets go of the database: a phone that sends slowly, by malice or by network, must not hold its lock meanwhile.
    """
    only_reading(db)
    limit = board.get(db, uuid).ballot_size or SMALLEST_LIMIT
    release(db)
    return limit


SMALLEST_LIMIT = 64 * 1024
"""For polls whose box is not made yet: such a body is read, then refused as NOT_YET."""


def cast(db: Session, secret: bytes, uuid: str, body: bytes) -> Reply:
    """Put a ballot into the box, once; the very same ballot gets the same answer for ever.

    The signature and the slip come first, so that whoever has no slip cannot make us work on proofs. These are checked
    while no lock is held; state, credential and repetition are judged again under the lock.
    `secret` is the server's, for the receipt. Raises Refused: NO_SUCH_POLL, NOT_YET, CLOSED, TOO_LARGE, BALLOT_*,
    UNKNOWN_CREDENTIAL, CIPHERTEXT_REPEATED; Used.
    """
    only_reading(db)  # the lock to write is taken once, by `board.cast`: a hall of phones would queue for each
    poll = board.get(db, uuid)
    earlier = board.repeated(db, uuid, body)
    if earlier is not None:
        return _reply(secret, poll, earlier)
    board.check_open(poll.state)
    release(db)
    election = board.parsed(poll.election)
    with _refused():
        ballot = Ballot.parse(body, election)
        ballot.verify_signature(election)
    try:
        only_reading(db)
        board.check_slip(db, uuid, ballot)
        release(db)
        with _refused():
            ballot.verify_proofs(election)
        accepted = board.cast(db, uuid, ballot)
    except Refused as error:
        if error.code is not Code.CREDENTIAL_USED:
            raise
        stored = board.stored_tracker(db, uuid, board.key_bytes(ballot.credential.text))
        if stored is None:  # the holder's void came between
            raise
        raise Used(_reply(secret, poll, board.Accepted(canonical.b64(stored), first=False))) from error
    return _reply(secret, poll, accepted)


def checked(body: bytes, election: Election) -> Ballot:
    """A ballot whose form, signature and proofs all hold, whoever brings it. Raises Refused: TOO_LARGE, BALLOT_*."""
    with _refused():
        return Ballot.check(body, election)


@contextmanager
def _refused() -> Iterator[None]:
    """Tell the phone in its own codes what does not hold."""
    try:
        yield
    except Invalid as error:
        raise Refused(REFUSALS.get(error.code, Code.BALLOT_MALFORMED), error.where) from error


def _reply(secret: bytes, poll: BoardPoll, accepted: board.Accepted) -> Reply:
    key = board.receipt_key(secret, poll.uuid)
    phi = canonical.b64(hashlib.sha256(poll.election).digest())
    return Reply(accepted.tracker, sign_receipt(key, poll.uuid, phi, accepted.tracker), accepted.first)


def waiting_polls(db: Session) -> list[BoardPoll]:
    """Polls that a typed code may belong to: open ones first."""
    return sorted(board.open_polls(db), key=lambda poll: (poll.state != State.OPEN, poll.title))
