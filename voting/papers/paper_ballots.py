"""Paper ballots of people without a phone: entered after sealing by two officials, each counting for themselves.

They stand in a column of their own and are added to nothing. Knows no Flask.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from tally.closing import Closing
from tally.errors import Invalid
from tally.manifest import Manifest
from tally.questions import Question
from tally.voter_groups import question_minimum
from voting.accounts import audit
from voting.board import service as board
from voting.board.models import State
from voting.errors import Code, Refused
from voting.papers.models import PaperCount
from voting.papers.paper_sheet import PaperSheet, check, differences
from voting.polls import drafts, officials
from voting.polls.models import Poll
from voting.selections.importing import key_of

SEALED = (State.CLOSED, State.TALLIED)
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the entry has come: names so far, and the figures once both agree."""

    questions: tuple[Question, ...]
    names: tuple[str, ...]
    sheet: PaperSheet | None

    @property
    def confirmed(self) -> bool:
        """Whether two people have counted the same."""
        return self.sheet is not None


def standing(db: Session, uuid: str) -> Standing:
    """How a sealed poll's paper ballots stand. Raises Refused: NO_SUCH_POLL, WRONG_STATE before the box is sealed."""
    on_board = board.get(db, uuid)
    if on_board.state not in SEALED:
        raise Refused(Code.WRONG_STATE)
    first, second = (db.get(PaperCount, (uuid, n)) for n in (1, 2))
    names = tuple(one.name for one in (first, second) if one)
    sheet = PaperSheet.decode(first.figures) if first and second else None
    return Standing(tuple(board.parsed(on_board.election).questions), names, sheet)


def confirmed(db: Session, uuid: str) -> PaperSheet | None:
    """The figures that two people agree on, or None."""
    both = [db.get(PaperCount, (uuid, n)) for n in (1, 2)]
    return PaperSheet.decode(both[0].figures) if both[0] and both[1] else None


def published(db: Session, uuid: str) -> tuple[PaperSheet, tuple[Question, ...]] | None:
    """What two people agree on, as far as it is shown: 德能勤绩廉 from 20 paper ballots on, as of any group (GROUPS-3)."""
    sheet, on_board = confirmed(db, uuid), board.get(db, uuid)
    if sheet is None:
        return None
    questions, manifest = board.parsed(on_board.election).questions, Manifest.parse(on_board.manifest)
    kept = [q for q in range(len(questions)) if sheet.valid >= question_minimum(manifest, q)]
    return replace(sheet, questions=tuple(sheet.questions[q] for q in kept)), tuple(questions[q] for q in kept)


def room_left(db: Session, uuid: str) -> int:
    """Persons present who took no slip, by the closing statement. Raises Refused(RECORD_UNSOUND)."""
    try:
        said = Closing.parse(board.get_file(db, uuid, "closing.json") or b"").counts
    except Invalid as error:
        raise Refused(Code.RECORD_UNSOUND, str(error)) from error
    return said.present - said.handed_out


def enter(db: Session, uuid: str, sheet: PaperSheet, name: str, *, actor: str, now: int) -> bool:
    """Enter one official's count; True once two agree.

    Raises Refused: NO_SUCH_POLL, WRONG_STATE, PAPER_CONFIRMED, OFFICIALS_INVALID (a candidate, or the same person
    twice), PAPER_TOO_FEW, PAPER_COUNTS, PAPER_DIFFERS with where.
    """
    on_board, poll = drafts.locked(db, uuid), drafts.get(db, uuid)
    found = standing(db, uuid)
    if found.confirmed:
        raise Refused(Code.PAPER_CONFIRMED)
    named = _official(db, poll, name, found.names)
    check(sheet, found.questions, minimum=on_board.minimum, room_left=room_left(db, uuid))
    first = db.get(PaperCount, (uuid, 1))
    if first is not None:
        where = differences(PaperSheet.decode(first.figures), sheet, found.questions)
        if where:
            told = "；".join(where[:MOST_NAMED]) + (f" 等 {len(where)} 处" if len(where) > MOST_NAMED else "")
            raise Refused(Code.PAPER_DIFFERS, told)
    entry = 1 if first is None else 2
    db.add(PaperCount(poll=uuid, entry=entry, name=named, entered=now, figures=sheet.encode()))
    db.flush()
    audit.record(db, actor, "poll.paper_count", uuid, f"第 {entry} 次登记（{named}），有效 {sheet.valid} 张")
    return entry == 2


def discard(db: Session, uuid: str, *, reason: str, actor: str) -> None:
    """Take back a first count that nobody could confirm, to begin anew.

    Raises Refused: NO_SUCH_POLL, WRONG_STATE (also where nothing was entered), PAPER_CONFIRMED, REASON_MISSING.
    """
    drafts.locked(db, uuid)
    if standing(db, uuid).confirmed:
        raise Refused(Code.PAPER_CONFIRMED)
    first, why = db.get(PaperCount, (uuid, 1)), officials.stated_reason(reason)
    if first is None:
        raise Refused(Code.WRONG_STATE)
    db.delete(first)
    db.flush()
    audit.record(db, actor, "poll.paper_discard", uuid, f"{first.name} 的登记，{why}")


def _official(db: Session, poll: Poll, name: str, before: tuple[str, ...]) -> str:
    """A name that may count: nobody on the ballot, and not who counted first."""
    named = officials.one_official(db, poll, name)
    if key_of(named) in {key_of(other) for other in before}:
        raise Refused(Code.OFFICIALS_INVALID, f"{named} 已登记过一次，须由另一人独立再登记一次")
    return named
