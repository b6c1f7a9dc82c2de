"""Issue a poll's slips: public keys go to the board, codes go to paper and nowhere else."""

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
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


def issue(
    db: Session, uuid: str, groups: Sequence[Group], today: dt.date, rng: Rng = secrets.token_bytes
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
    _remember(db, uuid, groups, today)
    codes = []
    for index, group in enumerate(groups):
        codes.append([credential.new(rng) for _ in range(group.printed)])
        # Sorted by public key, so the table's order says nothing about the order on paper.
        board.add_credentials(db, uuid, index, sorted(_public(uuid, code) for code in codes[-1]))
    board.set_counts(db, uuid, printed=sum(group.printed for group in groups))
    return (Slip(code, group.label) for group, made in zip(groups, codes, strict=True) for code in made)


def batches(db: Session, uuid: str) -> list[BatchRow]:
    """What was printed, in group order; empty before the issue."""
    rows = db.scalars(select(Batch).where(Batch.poll == uuid).order_by(Batch.group_index))
    return [BatchRow(row.group_index, row.printed, row.spares, row.issued_on) for row in rows]


def _remember(db: Session, uuid: str, groups: Sequence[Group], today: dt.date) -> None:
    db.add_all(
        Batch(poll=uuid, group_index=index, printed=group.printed, spares=group.spares, issued_on=today)
        for index, group in enumerate(groups)
    )
    try:
        db.flush()
    except IntegrityError as error:  # two clerks pressed at the same moment: the constraint knows who was first
        db.rollback()
        raise Refused(Code.ALREADY_ISSUED) from error


def _public(uuid: str, code: str) -> bytes:
    return board.key_bytes(ED25519.base(credential.secret(ED25519, uuid, code)).text)
