"""Printing a voter group's slips anew before the box opens: from then on the old ones are void; two officials are named."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voting.accounts import audit
from voting.board.models import State
from voting.errors import Code, Refused
from voting.polls import drafts, lifecycle, officials
from voting.polls.models import Act
from voting.polls.officials import Official
from voting.slips import service as slips


@dataclass(frozen=True, slots=True)
class Choice:
    """A group on the clerk's page: its index, and how often it stood there as reissued."""

    group_index: int
    reissued: int


@dataclass(frozen=True, slots=True)
class Reissued:
    """The new slips, whose codes exist only in the iterator, and what is void for them."""

    labels: tuple[str, ...]
    printed: int
    slips: Iterator[slips.Slip]


def reissue(
    db: Session, uuid: str, chosen: Sequence[Choice], *, reason: str, named: Sequence[Official], actor: str,
    base_url: str, today: dt.date | None = None,
) -> Reissued:  # fmt: skip
    """Make void and print anew the slips of the chosen groups; those of the others stay as they are.

    Commit before showing the first code. The log names groups, numbers, reason and officials, and no slip.
    Raises Refused: NO_SUCH_POLL, WRONG_STATE unless issued, REISSUE_NO_GROUP, BAD_REQUEST for a group that is unknown or
    named twice, REASON_MISSING, INVALID_VALUE, OFFICIALS_INVALID, REISSUE_STALE.
    """
    _, poll = drafts.at(db, uuid, State.ISSUED)
    labels = {group.position: group.label for group in poll.groups}
    wanted = {one.group_index: one.reissued for one in chosen}
    if not wanted:
        raise Refused(Code.REISSUE_NO_GROUP)
    if len(wanted) != len(chosen) or not wanted.keys() <= labels.keys():
        raise Refused(Code.BAD_REQUEST)
    reason, pair = officials.stated_reason(reason), officials.check_pair(db, poll, named)
    reprints = [slips.Reprint(index, labels[index], wanted[index]) for index in sorted(wanted)]
    made = slips.reissue(db, uuid, reprints, today or lifecycle.china_today(), base_url)
    officials.write_down(db, uuid, Act.REISSUE, pair)
    batches = [row for row in slips.batches(db, uuid) if row.group_index in wanted]
    printed = sum(row.printed for row in batches)
    said = "，".join(f"{labels[row.group_index]} {row.printed} 张（第 {row.reissued} 次）" for row in batches)
    audit.record(
        db, actor, "poll.reissue", uuid, f"旧票作废，重印 {printed} 张：{said}；{reason}（{officials.names(pair)}）"
    )
    return Reissued(tuple(one.label for one in reprints), printed, made)
