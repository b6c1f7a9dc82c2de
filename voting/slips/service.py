"""Issue a poll's slips: public keys go to the board, codes go to paper and nowhere else."""

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from keys.group import Rng
from voting.board import service as board
from voting.errors import Code, Refused
from voting.slips.models import Batch

MAX_SLIPS = 20_000
"""More is a typing error; a province runs several polls."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many slips a voter group needs: `expected` persons and `spares` on top."""

    label: str
    expected: int
    spares: int

    @property
    def printed(self) -> int:
        """Slips on paper."""
        return self.expected + self.spares


@dataclass(frozen=True, slots=True)
class Slip:
    """One printed one-time token. Exists only on its way to paper; its repr shows no code."""

    code: str
    group_label: str

    def __repr__(self) -> str:
        return f"Slip({self.group_label})"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What is remembered of the slips of one group."""

    group_index: int
    printed: int
    spares: int
    issued_on: dt.date
    reissued: int
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Reprint:
    """A voter group whose slips are to be printed anew; `reissued` is how often they had been when the clerk looked."""

    group_index: int
    label: str
    reissued: int


def issue(
    db: Session, uuid: str, groups: Sequence[Group], today: dt.date, base_url: str, rng: Rng = secrets.token_bytes
) -> Iterator[Slip]:
    """Make all slips of a poll, once; write public keys and counts; return the codes as an iterator, group by group.

    Everything the database gets is written when this returns; the caller commits before it shows the first code.
    Raises Refused: NO_SUCH_POLL; ALREADY_ISSUED on a second call; WRONG_STATE unless keyed; BAD_REQUEST for no groups,
    a group without slips or absurd numbers.
    """
    poll = board.get(db, uuid)
    if batches(db, uuid):
        raise Refused(Code.ALREADY_ISSUED)
    if poll.state != board.State.KEYED:
        raise Refused(Code.WRONG_STATE)
    if not groups or any(group.expected < 0 or group.spares < 0 or not group.printed for group in groups):
        raise Refused(Code.BAD_REQUEST)
    if sum(group.printed for group in groups) > MAX_SLIPS:
        raise Refused(Code.BAD_REQUEST)
    _remember(db, uuid, groups, today, base_url)
    made = [(group.label, _draw(db, uuid, index, group.printed, rng)) for index, group in enumerate(groups)]
    board.set_counts(db, uuid, printed=sum(group.printed for group in groups))
    return (Slip(code, label) for label, codes in made for code in codes)


def reissue(
    db: Session,
    uuid: str,
    wanted: Sequence[Reprint],
    today: dt.date,
    base_url: str,
    rng: Rng = secrets.token_bytes,
) -> Iterator[Slip]:
    """Make the slips of some groups anew, before the box opens: as many as before; the old ones are on no list any more.

    As with `issue`, everything is written when this returns and the caller commits before it shows the first code.
    Raises Refused: NO_SUCH_POLL; WRONG_STATE unless issued; REISSUE_STALE if a group's slips were printed anew since the
    clerk looked: a second press must not make void what is just coming out of the printer.
    """
    if board.get(db, uuid).state != board.State.ISSUED:
        raise Refused(Code.WRONG_STATE)
    made = []
    for one in wanted:
        printed = _count_up(db, uuid, one, today, base_url)
        board.drop_credentials(db, uuid, one.group_index)
        made.append((one.label, _draw(db, uuid, one.group_index, printed, rng)))
    return (Slip(code, label) for label, codes in made for code in codes)


def batches(db: Session, uuid: str) -> list[BatchRow]:
    """What was printed, in group order; empty before the issue."""
    rows = db.scalars(select(Batch).where(Batch.poll == uuid).order_by(Batch.group_index))
    return [
        BatchRow(row.group_index, row.printed, row.spares, row.issued_on, row.reissued, row.base_url) for row in rows
    ]


def _remember(db: Session, uuid: str, groups: Sequence[Group], today: dt.date, base_url: str) -> None:
    db.add_all(
        Batch(
            poll=uuid, group_index=index, printed=group.printed, spares=group.spares, issued_on=today, base_url=base_url
        )
        for index, group in enumerate(groups)
    )
    try:
        db.flush()
    except IntegrityError as error:  # two clerks pressed at the same moment: the constraint knows who was first
        db.rollback()
        raise Refused(Code.ALREADY_ISSUED) from error


def _count_up(db: Session, uuid: str, one: Reprint, today: dt.date, base_url: str) -> int:
    """By compare-and-set on how often it was reissued. Returns how many slips the batch has."""
    mine = (Batch.poll == uuid, Batch.group_index == one.group_index, Batch.reissued == one.reissued)
    changes = {"issued_on": today, "reissued": Batch.reissued + 1, "base_url": base_url}
    anew = update(Batch).where(*mine).values(changes).returning(Batch.printed)
    printed = db.scalars(anew).one_or_none()
    if printed is None:
        raise Refused(Code.REISSUE_STALE, one.label)
    return printed


def _draw(db: Session, uuid: str, group_index: int, number: int, rng: Rng) -> list[str]:
    codes = [credential.new(rng) for _ in range(number)]
    # Sorted by public key, so the table's order says nothing about the order on paper.
    board.add_credentials(db, uuid, group_index, sorted(_public(uuid, code) for code in codes))
    return codes


def _public(uuid: str, code: str) -> bytes:
    return board.key_bytes(ED25519.base(credential.secret(ED25519, uuid, code)).text)
