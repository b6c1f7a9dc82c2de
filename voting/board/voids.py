"""Void slips: each proved by its own key, one row each in key order; a ballot cast with one is taken out of the box."""

import json
from base64 import b64encode
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tally import canonical
from tally.voids import WITH_A_BALLOT, Void, encode, parse
from voting.board.box import is_void, key_bytes, key_text, parsed, stored_tracker, take_out
from voting.board.models import BoardCredential, BoardPoll, BoardVoid, State
from voting.errors import Code, Refused


def void_slip(db: Session, uuid: str, void: Void) -> None:
    """Void one slip for ever; the ballot that it names leaves the box. Durable when the caller commits.

    In closing only unused slips: what was shown in the list of trackers stays. The poll's row stays locked, so a cast
    with the same slip comes wholly before or after. VOID_CAST names the ballot's tracker to who contests it: the proof
    has shown that the slip is at hand, and its holder's phone is told as much. Raises Refused: NO_SUCH_POLL, WRONG_STATE, UNKNOWN_CREDENTIAL,
    VOID_PROOF, ALREADY_VOIDED, VOID_CAST, VOID_TRACKER.
    """
    held = select(BoardPoll).where(BoardPoll.uuid == uuid).with_for_update()
    poll = db.scalar(held.execution_options(populate_existing=True))
    if poll is None:
        raise Refused(Code.NO_SUCH_POLL)
    if poll.state not in (State.OPEN, State.CLOSING):
        raise Refused(Code.WRONG_STATE)
    if poll.state == State.CLOSING and (void.reason in WITH_A_BALLOT or void.tracker is not None):
        raise Refused(Code.WRONG_STATE)
    credential = key_bytes(void.credential.text)
    if db.get(BoardCredential, (uuid, credential)) is None:
        raise Refused(Code.UNKNOWN_CREDENTIAL)
    election = parsed(poll.election)
    if not void.verify(election.group, election.phi):
        raise Refused(Code.VOID_PROOF)
    if is_void(db, uuid, credential):
        raise Refused(Code.ALREADY_VOIDED)
    _take_out(db, uuid, credential, void)
    db.add(
        BoardVoid(
            poll=uuid, credential=credential, reason=void.reason, tracker=void.tracker,
            official_1=void.officials[0], official_2=void.officials[1],
            proof=canonical.dump(canonical.plain(void.proof)).decode(),
        )
    )  # fmt: skip
    db.flush()


def _take_out(db: Session, uuid: str, credential: bytes, void: Void) -> None:
    stored = stored_tracker(db, uuid, credential)
    if stored is None:
        if void.tracker is not None:
            raise Refused(Code.VOID_TRACKER)
        return
    tracker = b64encode(stored).decode().rstrip("=")
    if void.reason not in WITH_A_BALLOT:
        raise Refused(Code.VOID_CAST)
    if void.tracker is None:
        raise Refused(Code.VOID_CAST, tracker)
    if void.tracker != tracker:
        raise Refused(Code.VOID_TRACKER)
    take_out(db, uuid, credential)


def voids(db: Session, uuid: str) -> tuple[Void, ...]:
    """Every void of the poll in the record's order."""
    rows = db.scalars(select(BoardVoid).where(BoardVoid.poll == uuid).order_by(BoardVoid.credential))
    plain = [
        {"credential": key_text(row.credential), "reason": row.reason, "tracker": row.tracker,
         "officials": [row.official_1, row.official_2], "proof": json.loads(row.proof)}
        for row in rows
    ]  # fmt: skip
    if not plain:
        return ()
    poll = db.get_one(BoardPoll, uuid)
    return parse(canonical.dump(plain), parsed(poll.election).group)


def voids_file(db: Session, uuid: str) -> bytes:
    """The exact bytes of `voids.json` as the table stands."""
    return encode(voids(db, uuid))


def voided(db: Session, uuid: str) -> int:
    """How many slips are void (作废)."""
    return db.scalar(select(func.count()).select_from(BoardVoid).where(BoardVoid.poll == uuid)) or 0


def voided_by_group(db: Session, uuid: str) -> dict[int, int]:
    """Void slips per group index: paper that is in the officials' hands, so small numbers hide nobody."""
    rows = db.scalars(
        select(BoardCredential.group_index)
        .join(
            BoardVoid, (BoardVoid.poll == BoardCredential.poll) & (BoardVoid.credential == BoardCredential.credential)
        )
        .where(BoardCredential.poll == uuid)
    )
    return dict(Counter(rows))
