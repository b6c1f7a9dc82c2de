"""What a tallied poll says: the counts of the box, and per post the persons in ballot order with votes and share.

Everything is read from the frozen record (election, closing statement, result), nothing from the ballots. No page made
from this ranks or names a winner: 推荐结果供局党组研究参考，一年内有效，不简单以票取人.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.closing import Closing
from tally.errors import Invalid
from tally.manifest import Manifest
from tally.published import Published
from tally.questions import Question
from tally.rules.meeting import quorate
from tally.rules.recommendation import last_day
from tally.voter_groups import question_minimum
from voting.board import facts
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.polls.by_group import ByGroup, Part, by_group
from voting.polls.models import FORMS, Form, Poll, PollQuestion
from voting.polls.share import Share

STATEMENT = "推荐结果供局党组研究参考，一年内有效，不简单以票取人。"
COLUMNS_UP_TO = 6
WITH_RECORD = frozenset({State.OPEN, State.CLOSING, State.CLOSED, State.TALLIED})
BUREAU_TIME = dt.timezone(dt.timedelta(hours=8))  # China keeps one time, without summer time
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
class Counts:
    """The ten counts of the 计票报告单, but for 弃权, which belongs to a post. Ballots, or persons."""

    expected: int
    present: int
    printed: int
    handed_out: int
    returned: int
    proved_void: int = 0
    invalid: int = 0  # electronic ballots are never invalid

    @property
    def voided(self) -> int:
        """作废: slips left in hand, as counted in the room; `proved_void` of them are void in the record as well."""
        return self.printed - self.handed_out

    @property
    def unreturned(self) -> int:
        """未交."""
        return self.handed_out - self.returned

    @property
    def valid(self) -> int:
        """有效."""
        return self.returned - self.invalid

    @property
    def two_thirds(self) -> str:
        """Two thirds of those expected, one decimal, for the arithmetic beside the outcome."""
        tenths = (40 * self.expected + 3) // 6
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def quorate(self) -> bool:
        """Whether at least two thirds of those expected were present, judged on integers (DOMAIN ‡)."""
        return quorate(self.present, self.expected).met


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
class PollResult:
    """A tallied poll as its result page shows it."""

    uuid: str
    title: str
    selection: str
    rehearsal: bool
    insecure: bool
    form: str
    held_on: dt.date | None
    opening_seal: str
    closing_seal: str
    counts: Counts
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


def load(db: Session, uuid: str) -> PollResult:
    """The result of a tallied poll. Raises Refused: NO_SUCH_POLL, NOT_TALLIED, RECORD_UNSOUND."""
    on_board, files = _tallied(db, uuid)
    planned = db.get(Poll, uuid)
    if planned is None:
        raise Refused(Code.NO_SUCH_POLL)
    try:
        closing = Closing.parse(files["closing.json"])
        shown, manifest = Published.parse(files["result.json"]), Manifest.parse(files["manifest.json"])
    except Invalid as error:  # altered in the database, or written by a version without groups
        raise Refused(Code.RECORD_UNSOUND, str(error)) from error
    counts = _counts(closing)
    election = board.parsed(on_board.election)
    cast = dict(closing.cast_per_group)
    posts = tuple(
        _post(planned_question, question, column, counts.valid, by_group(shown, cast, q, question_minimum(manifest, q)))
        for q, (planned_question, question, column) in enumerate(
            zip(planned.questions, election.questions, shown.total, strict=True)
        )
    )
    return PollResult(
        uuid=uuid,
        title=on_board.title,
        selection=planned.selection.title,
        rehearsal=on_board.rehearsal,
        insecure=on_board.transport == "http" and not on_board.rehearsal,
        form=FORMS[Form(planned.form)],
        held_on=_held_on(on_board),
        opening_seal=facts.opening_seal(on_board),
        closing_seal=closing.seal,
        counts=counts,
        posts=posts,
    )


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


def _tallied(db: Session, uuid: str) -> tuple[BoardPoll, dict[str, bytes]]:
    on_board = board.get(db, uuid)
    if on_board.state != State.TALLIED:
        raise Refused(Code.NOT_TALLIED)
    return on_board, board.files(db, uuid)


def _counts(closing: Closing) -> Counts:
    said = closing.counts
    return Counts(said.expected, said.present, said.printed, said.handed_out, said.returned, proved_void=said.voided)


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


def split_answer(answer: str) -> tuple[str, str]:
    """`姓名（处室　职务）` as (姓名, 处室　职务); the duty is empty where none is given."""
    name, bracket, rest = answer.partition("（")
    return name, rest.removesuffix("）") if bracket else ""


def _held_on(on_board: BoardPoll) -> dt.date | None:
    """The day the box was closed, in the bureau's time: the day of the meeting."""
    if on_board.closing_since is None:
        return None
    return dt.datetime.fromtimestamp(on_board.closing_since, BUREAU_TIME).date()
