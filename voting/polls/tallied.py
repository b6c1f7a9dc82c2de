"""What every kind of result is read from: a tallied poll's frozen record, its counts, seals and day."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tally.closing import Closing
from tally.errors import Invalid
from tally.manifest import Manifest
from tally.published import Published
from tally.questions import Election
from tally.rules.meeting import quorate
from tally.voter_groups import question_minimum
from voting.board import facts
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.polls.by_group import ByGroup, by_group
from voting.polls.models import Kind, Poll

BUREAU_TIME = dt.timezone(dt.timedelta(hours=8))  # China keeps one time, without summer time


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
class Head:
    """What stands above every result, of whatever kind."""

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


@dataclass(frozen=True, slots=True)
class Tallied:
    """A tallied poll's record, parsed. Figures are those of `result.json`, which the verifier holds against the record."""

    planned: Poll
    head: Head
    election: Election
    manifest: Manifest
    shown: Published
    cast: dict[str, int]

    def groups(self, question: int) -> ByGroup:
        """One question by voter group, as far as the disclosure rule goes (`question` counts from 0)."""
        return by_group(self.shown, self.cast, question, question_minimum(self.manifest, question))


def read(db: Session, uuid: str, kind: Kind) -> Tallied:
    """The record of a tallied poll. Raises Refused: NO_SUCH_POLL, NOT_TALLIED, WRONG_KIND, RECORD_UNSOUND."""
    on_board = board.get(db, uuid)
    if on_board.state != State.TALLIED:
        raise Refused(Code.NOT_TALLIED)
    planned = db.get(Poll, uuid)
    if planned is None:
        raise Refused(Code.NO_SUCH_POLL)
    if planned.kind != kind:
        raise Refused(Code.WRONG_KIND)
    files = board.files(db, uuid)
    try:
        closing = Closing.parse(files["closing.json"])
        shown, manifest = Published.parse(files["result.json"]), Manifest.parse(files["manifest.json"])
    except Invalid as error:  # altered in the database, or written by a version without groups
        raise Refused(Code.RECORD_UNSOUND, str(error)) from error
    said = closing.counts
    counts = Counts(said.expected, said.present, said.printed, said.handed_out, said.returned, proved_void=said.voided)
    head = Head(
        uuid=uuid,
        title=on_board.title,
        selection=planned.selection.title,
        rehearsal=on_board.rehearsal,
        insecure=on_board.transport == "http" and not on_board.rehearsal,
        form=planned.label,
        held_on=_held_on(on_board),
        opening_seal=facts.opening_seal(on_board),
        closing_seal=closing.seal,
        counts=counts,
    )
    return Tallied(planned, head, board.parsed(on_board.election), manifest, shown, dict(closing.cast_per_group))


def split_answer(answer: str) -> tuple[str, str]:
    """`姓名（处室　职务）` as (姓名, 处室　职务); the duty is empty where none is given."""
    name, bracket, rest = answer.partition("（")
    return name, rest.removesuffix("）") if bracket else ""


def _held_on(on_board: BoardPoll) -> dt.date | None:
    """The day the box was closed, in the bureau's time: the day of the meeting."""
    if on_board.closing_since is None:
        return None
    return dt.datetime.fromtimestamp(on_board.closing_since, BUREAU_TIME).date()
