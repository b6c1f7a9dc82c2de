"""Public facts of a poll: its state, its frozen record, its box. Knows no Flask, no clock and nobody's name.

`polls` and `slips` write here; `booth` and the room screen read. Functions of the box itself are re-exported.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nacl.signing import SigningKey
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tally.manifest import Manifest
from tally.record import Log
from tally.voter_groups import disclose
from voting.board.box import (
    Accepted,
    ballots,
    cast,
    cast_by_group,
    check_open,
    check_slip,
    count,
    empty_for_ever,
    insert_missing,
    key_bytes,
    key_text,
    parsed,
    repeated,
    rewrite_box,
    stored_tracker,
    trackers,
)
from voting.board.box import prepare as prepare_box
from voting.board.models import BoardCredential, BoardFile, BoardPoll, State
from voting.board.voids import void_slip, voided, voided_by_group, voids_file
from voting.errors import Code, Refused

__all__ = [
    "Accepted", "GroupCounts", "State", "add_credentials", "advance", "ballots", "cast", "cast_by_group", "check_open",
    "check_slip", "count", "create", "credentials", "drop_credentials", "files", "freeze", "get", "get_file", "insert_missing",
    "key_bytes",
    "key_text", "open_polls", "parsed", "prepare_box", "put_file", "receipt_key", "repeated", "rewrite_box",
    "set_counts", "shown_by_group", "stored_tracker", "trackers", "void_slip", "voided", "voided_by_group", "voids_file",
]  # fmt: skip

FLOW: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.KEYED, State.VOID}),
    State.KEYED: frozenset({State.ISSUED, State.VOID}),
    State.ISSUED: frozenset({State.OPEN, State.VOID}),
    State.OPEN: frozenset({State.CLOSING, State.VOID}),
    State.CLOSING: frozenset({State.CLOSED}),
    State.CLOSED: frozenset({State.TALLIED}),
    State.TALLIED: frozenset(),
    State.VOID: frozenset(),
}
UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{1,32}\Z", re.ASCII)
BEFORE_OPEN = (State.DRAFT, State.KEYED, State.ISSUED)


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Ballots per voter group as the disclosure rule lets them be shown: (label, count) each, and 其余合计."""

    shown: list[tuple[str, int]]
    rest: int


def create(db: Session, uuid: str, title: str, *, rehearsal: bool, transport: str) -> BoardPoll:
    """Enter a new poll in draft. `transport` is "https" or "http"."""
    poll = BoardPoll(uuid=uuid, state=State.DRAFT, title=title, rehearsal=rehearsal, transport=transport)
    db.add(poll)
    db.flush()
    return poll


def get(db: Session, uuid: str) -> BoardPoll:
    """The poll. Raises Refused(NO_SUCH_POLL), also for what cannot be a poll's name: PostgreSQL takes no NUL."""
    poll = db.get(BoardPoll, uuid) if UUID.match(uuid) else None
    if poll is None:
        raise Refused(Code.NO_SUCH_POLL)
    return poll


def open_polls(db: Session) -> Sequence[BoardPoll]:
    """Polls for which slips may be in hands: open now, or issued and about to open. By title."""
    wanted = select(BoardPoll).where(BoardPoll.state.in_([State.ISSUED, State.OPEN]))
    return db.scalars(wanted.order_by(BoardPoll.state.desc(), BoardPoll.title, BoardPoll.uuid)).all()


def advance(db: Session, uuid: str, frm: State, to: State) -> None:
    """Move the poll one step on, by compare-and-set; waits for casts in flight.

    Entering `closing` and `closed` rewrites the box in key order; a void poll's box is deleted. Raises Refused: NO_SUCH_POLL;
    WRONG_STATE if the poll is not in `frm` or the step does not exist.
    """
    get(db, uuid)
    if to not in FLOW[frm]:
        raise Refused(Code.WRONG_STATE, f"{frm} → {to}")
    db.flush()
    moved = db.execute(
        update(BoardPoll)
        .where(BoardPoll.uuid == uuid, BoardPoll.state == frm)
        .values(state=to)
        .returning(BoardPoll.uuid)
    ).one_or_none()
    if moved is None:
        raise Refused(Code.WRONG_STATE, f"{frm} → {to}")
    if to is State.VOID:
        empty_for_ever(db, uuid)
    elif to in (State.CLOSING, State.CLOSED):
        rewrite_box(db)


def freeze(
    db: Session, uuid: str, *, election: bytes, trustees: bytes, credentials: bytes, manifest: bytes, log: bytes,
    minimum: int,
) -> None:  # fmt: skip
    """Set the bytes that φ fixes; `log` is the archive up to its Setup event. Raises Refused(WRONG_STATE) once open."""
    poll = get(db, uuid)
    if poll.state not in BEFORE_OPEN:
        raise Refused(Code.WRONG_STATE)
    poll.election, poll.trustees, poll.credentials, poll.manifest = election, trustees, credentials, manifest
    poll.log, poll.minimum, poll.setup_event = log, minimum, Log.parse(log).setup_event or ""
    db.flush()


def set_counts(db: Session, uuid: str, **counts: int) -> None:
    """Enter what the teller typed: any of expected, present, printed, left_in_hand. Raises Refused(BAD_REQUEST)."""
    poll = get(db, uuid)
    for name, value in counts.items():
        if name not in ("expected", "present", "printed", "left_in_hand") or value < 0:
            raise Refused(Code.BAD_REQUEST, name)
        setattr(poll, name, value)
    db.flush()


def add_credentials(db: Session, uuid: str, group_index: int, publics: list[bytes]) -> None:
    """Enter slips' public keys (32 bytes each, see key_bytes), in key order. Only before the box opens."""
    if get(db, uuid).state not in BEFORE_OPEN:
        raise Refused(Code.WRONG_STATE)
    rows = [{"poll": uuid, "credential": public, "group_index": group_index} for public in sorted(publics)]
    if rows:
        db.execute(insert(BoardCredential), rows)


def drop_credentials(db: Session, uuid: str, group_index: int) -> None:
    """Take a lost batch out again, all slips of one voter group. Only before the box opens. Raises Refused(WRONG_STATE)."""
    if get(db, uuid).state not in BEFORE_OPEN:
        raise Refused(Code.WRONG_STATE)
    db.execute(delete(BoardCredential).where(BoardCredential.poll == uuid, BoardCredential.group_index == group_index))


def credentials(db: Session, uuid: str) -> list[tuple[bytes, int]]:
    """(public key, group index) of every slip, in key order, which is the record's order."""
    rows = db.execute(
        select(BoardCredential.credential, BoardCredential.group_index)
        .where(BoardCredential.poll == uuid)
        .order_by(BoardCredential.credential)
    )
    return [(key, group) for key, group in rows]


def shown_by_group(db: Session, uuid: str) -> GroupCounts:
    """Counts per group for the closing screen, small groups merged by the disclosure rule (PROTOCOL)."""
    poll = get(db, uuid)
    labels = [group.label for group in Manifest.parse(poll.manifest).groups]
    per_group = cast_by_group(db, uuid)
    cast_in_order = [per_group.get(index, 0) for index in range(len(labels))]
    shown = set(disclose(cast_in_order, poll.minimum).shown)
    return GroupCounts(
        shown=[(labels[k], n) for k, n in enumerate(cast_in_order) if k in shown],
        rest=sum(n for k, n in enumerate(cast_in_order) if k not in shown),
    )


def put_file(db: Session, uuid: str, name: str, body: bytes) -> None:
    """Write or replace one file of the record folder."""
    db.merge(BoardFile(poll=uuid, name=name, body=body))
    db.flush()


def get_file(db: Session, uuid: str, name: str) -> bytes | None:
    """One file of the record folder, or None."""
    row = db.get(BoardFile, (uuid, name))
    return None if row is None else row.body


def files(db: Session, uuid: str) -> dict[str, bytes]:
    """The whole record folder: name → bytes."""
    rows = db.scalars(select(BoardFile).where(BoardFile.poll == uuid).order_by(BoardFile.name))
    return {row.name: row.body for row in rows}


def receipt_key(config_secret: str | bytes, uuid: str) -> SigningKey:
    """The poll's key for receipts and for the closing statement, derived from the server's secret, never stored."""
    secret = config_secret.encode() if isinstance(config_secret, str) else config_secret
    return SigningKey(hmac.digest(secret, f"mipiao-receipt|{uuid}".encode(), "sha256"))
