"""What a tallied poll says: the counts of the box, and per post the persons in ballot order with votes and share.

Everything is read from the frozen record (election, closing statement, result), nothing from the ballots. No page made
from this ranks or names a winner: 推荐结果供局党组研究参考，一年内有效，不简单以票取人.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.questions import Question
from tally.rules.recommendation import last_day
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.polls import drafts
from voting.polls import tallied as tallied_poll
from voting.polls.by_group import ByGroup, Part
from voting.polls.models import Kind, Poll, PollQuestion
from voting.polls.share import Share
from voting.polls.tallied import BUREAU_TIME, Counts, Head, split_answer

__all__ = ["BUREAU_TIME", "Counts", "split_answer"]

STATEMENT = "推荐结果供局党组研究参考，一年内有效，不简单以票取人。"
COLUMNS_UP_TO = 6
WITH_RECORD = frozenset({State.OPEN, State.CLOSING, State.CLOSED, State.TALLIED})
RECORD_FILES = ("result.json", "manifest.json", "closing.json", "voids.json", "tally.json", "ceremony.jsonl")
HOW_TO_VERIFY = """\
核验方法：在装有 Python 的任意一台计算机上安装 mipiao（只需 PyNaCl），解压后运行
    mipiao verify {uuid}
或用 Belenios 3.x 自带的工具核验其中的 {uuid}.bel。
To verify: install mipiao (PyNaCl is all it needs), unpack, and run the line above; {uuid}.bel is also
a plain Belenios archive for its own tool.
本文件夹属推荐材料，按规定保密。Confidential: material of a recommendation.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the ballot with what it received."""

    position: int
    name: str
    duty: str
    share: Share
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class PostResult:
    """One post's sums, persons in ballot order."""

    title: str
    places: int
    max_choices: int
    valid: int
    abstain: int
    persons: tuple[Person, ...]
    groups: ByGroup

    @property
    def as_columns(self) -> bool:
        """Few persons stand side by side as columns, more as rows."""
        return len(self.persons) <= COLUMNS_UP_TO


@dataclass(frozen=True, slots=True)
class PollResult(Head):
    """A tallied recommendation as its result page shows it."""

    posts: tuple[PostResult, ...]

    @property
    def valid_until(self) -> dt.date | None:
        """The last day of the year that the recommendation lives (方案 四(二))."""
        return None if self.held_on is None else year_after(self.held_on)


def year_after(day: dt.date) -> dt.date:
    """The day before the day's first anniversary; a year from 29 February ends on 28 February."""
    return dt.date(*last_day(day))


def recorded(db: Session) -> list[BoardPoll]:
    """Every poll that has a record but no result yet, by title."""
    wanted = select(BoardPoll).where(BoardPoll.state.in_(WITH_RECORD - {State.TALLIED}))
    return list(db.scalars(wanted.order_by(BoardPoll.title, BoardPoll.uuid)))


def tallied(db: Session) -> list[BoardPoll]:
    """Every poll that has a result, by title."""
    wanted = select(BoardPoll).where(BoardPoll.state == State.TALLIED)
    return list(db.scalars(wanted.order_by(BoardPoll.title, BoardPoll.uuid)))


def labels(db: Session) -> dict[str, str]:
    """What every poll is called, by uuid: 会议推荐, 谈话调研推荐, 民主测评 or 党组会表决."""
    return {poll.uuid: poll.label for poll in db.scalars(select(Poll))}


def load(db: Session, uuid: str) -> PollResult:
    """The result of a tallied recommendation. Raises Refused: NO_SUCH_POLL, NOT_TALLIED, WRONG_KIND, RECORD_UNSOUND."""
    found = tallied_poll.read(db, uuid, Kind.RECOMMENDATION)
    valid = found.head.counts.valid
    posts = tuple(
        _post(planned, question, column, valid, found.groups(q))
        for q, (planned, question, column) in enumerate(
            zip(found.planned.questions, found.election.questions, found.shown.total, strict=True)
        )
    )
    return PollResult(**plain(found.head), posts=posts)


def plain(head: Head) -> dict[str, Any]:
    """The head's fields as they are, for the result that begins with them."""
    return {field.name: getattr(head, field.name) for field in fields(head)}


def kind_of(db: Session, uuid: str) -> Kind:
    """What a poll asks. Raises Refused(NO_SUCH_POLL)."""
    return Kind(drafts.get(db, uuid).kind)


def title(db: Session, uuid: str) -> str:
    """A poll's title. Raises Refused(NO_SUCH_POLL)."""
    return board.get(db, uuid).title


def record(db: Session, uuid: str) -> dict[str, bytes]:
    """The record folder as far as it goes, name → bytes, archive first: from the opening on, ballots from the close.

    Raises Refused: NO_SUCH_POLL; NOT_OPENED while nothing is frozen.
    """
    if board.get(db, uuid).state not in WITH_RECORD:
        raise Refused(Code.NOT_OPENED)
    files = board.files(db, uuid)
    names = (f"{uuid}.bel", *RECORD_FILES)
    return {name: files[name] for name in names if name in files}


def zipped(uuid: str, files: Mapping[str, bytes]) -> Iterator[bytes]:
    """The record folder as a zip, piece by piece; the same record gives the same bytes."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, body in {**files, "README.txt": HOW_TO_VERIFY.format(uuid=uuid).encode()}.items():
            archive.writestr(zipfile.ZipInfo(f"{uuid}/{name}"), body)
            yield sink.take()
    yield sink.take()


class _Sink(io.RawIOBase):
    """What zipfile wrote since the last take."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _post(
    planned: PollQuestion, question: Question, column: tuple[int, ...], valid: int, groups: ByGroup
) -> PostResult:
    abstain, votes = (column[0], column[1:]) if question.blank else (valid - sum(column), column)
    first = len(column) - len(votes)
    persons = tuple(
        Person(position, *split_answer(answer), Share(received, valid), groups.parts(first + position - 1, valid))
        for position, (answer, received) in enumerate(zip(question.answers, votes, strict=True), 1)
    )
    return PostResult(planned.post.title, planned.places, planned.max_choices, valid, abstain, persons, groups)
