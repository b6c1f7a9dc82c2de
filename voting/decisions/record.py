"""党组会表决情况, typed: what a meeting's record says of each person, with the arithmetic before and after the vote."""

import datetime as dt
import math
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.rules import decision, meeting
from tally.rules.outcome import Judgement
from voting.board import facts
from voting.board import service as board
from voting.decisions import sources
from voting.decisions.models import SAID, Item, Meeting, Said, Way
from voting.errors import Code, Refused
from voting.polls import evaluation
from voting.polls.evaluation import Decided, DecisionResult
from voting.polls.tallied import split_answer
from voting.selections.models import Selection

SLIPS_WARNING = "本次按票数表决，记录中没有各人的意见；人少而意见一致时，从票数仍可推知每个人的选择。"


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member who should attend."""

    id: int
    name: str
    title: str
    present: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What one member stated on one person: 同意, 不同意, 缓议, 未表态, 回避, 缺席, or nothing yet."""

    member: MemberView
    said: Said | None

    @property
    def label(self) -> str:
        """In the record's words."""
        if not self.member.present:
            return "缺席"
        return SAID[self.said] if self.said else ""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One person's vote. All counts are members; `expected` is 应到会, `present` those in the room for this person.

    `silent` are those present who stated nothing or left their slip unmarked; like the absent and the recused they
    count against. `waiting` names who has still to state a view. `again`: this had been decided before.
    """

    id: int
    position: int
    post_id: int
    post_title: str
    line: str
    name: str
    duty: str
    expected: int
    present: int
    absent: int
    recused: int
    agree: int
    oppose: int
    postpone: int
    silent: int
    statements: tuple[Statement, ...]
    waiting: tuple[str, ...]
    again: bool
    reconsidered: Judgement | None
    quorum: Judgement
    judged: Judgement

    @property
    def needed(self) -> int:
        """How many 同意 pass."""
        return decision.needed(self.expected)

    @property
    def result(self) -> str:
        """One sentence, which names nobody a winner."""
        if self.judged.met:
            return "表决通过，同意作为拟任人选"
        if decision.passes(self.postpone, self.expected).met:
            return "缓议"
        return "没有通过"


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting's record. `concluded` is Unix seconds, None while it is open; `corrected_by` a later correction.

    `withdrawn` is why it was given up, None unless it was. `poll` and its closing hash `poll_seal` are empty for a vote by name.
    """

    id: int
    selection_id: int
    selection: str
    bureau: str
    rehearsal: bool
    held_on: dt.date
    host: str
    recorder: str
    observers: str
    way: Way
    poll: str
    poll_title: str
    poll_seal: str
    concluded: int | None
    corrects: int | None
    correction: str
    withdrawn: str | None
    corrected_by: int | None
    members: tuple[MemberView, ...]
    items: tuple[ItemView, ...]

    @property
    def expected(self) -> int:
        """应到."""
        return len(self.members)

    @property
    def present(self) -> int:
        """实到, recused members among them."""
        return sum(one.present for one in self.members)

    @property
    def absent(self) -> tuple[str, ...]:
        """缺席, by name."""
        return tuple(one.name for one in self.members if not one.present)

    @property
    def recused(self) -> tuple[str, ...]:
        """Whoever was recused from any of the persons, by name."""
        found = {said.member.name: None for item in self.items for said in item.statements if said.said is Said.RECUSED}
        return tuple(found)

    @property
    def needed(self) -> int:
        """How many 同意 pass: shown before the vote."""
        return decision.needed(self.expected)

    @property
    def needed_present(self) -> int:
        """How many must be there."""
        return meeting.needed_present(self.expected)

    @property
    def quorum(self) -> Judgement:
        """Presence in the meeting as a whole."""
        return meeting.decision_quorate(self.present, self.expected)

    @property
    def open(self) -> bool:
        """Whether it may still be noted, concluded or withdrawn."""
        return self.concluded is None and self.withdrawn is None

    @property
    def complete(self) -> bool:
        """Whether everybody present has stated a view on everybody."""
        return not any(one.waiting for one in self.items)

    @property
    def warning(self) -> str:
        """What must be said of a vote by slips; empty for one by name."""
        return SLIPS_WARNING if self.way is Way.SLIPS else ""


def load(db: Session, meeting_id: int) -> MeetingView:
    """A meeting as its record has it. Raises Refused: NOT_FOUND, SLIPS_MISMATCH, RECORD_UNSOUND."""
    found = db.get(Meeting, meeting_id)
    if found is None:
        raise Refused(Code.NOT_FOUND)
    selection = db.get_one(Selection, found.selection_id)
    members = tuple(MemberView(one.id, one.name, one.title, one.present) for one in found.members)
    slips = _slips(db, found, members) if found.way == Way.SLIPS else None
    return MeetingView(
        id=found.id,
        selection_id=selection.id,
        selection=selection.title,
        bureau=selection.bureau,
        rehearsal=selection.rehearsal,
        held_on=found.held_on,
        host=found.host,
        recorder=found.recorder,
        observers=found.observers,
        way=Way(found.way),
        poll=found.poll,
        poll_title=board.get(db, found.poll).title if found.poll else "",
        poll_seal=facts.closing_hash(db, found.poll) if found.poll else "",
        concluded=found.concluded,
        corrects=found.corrects,
        correction=found.correction,
        withdrawn=found.withdrawn,
        corrected_by=correction_of(db, found.id),
        members=members,
        items=tuple(_item(db, found, item, members, slips) for item in found.items),
    )


def correction_of(db: Session, meeting_id: int) -> int | None:
    """The meeting that corrects this one, or is about to."""
    return db.scalar(select(Meeting.id).where(Meeting.corrects == meeting_id, Meeting.withdrawn.is_(None)))


def of_post(db: Session, post_id: int) -> list[MeetingView]:
    """What was decided on a post, in the order in which it became final; of corrected records only the correction, once concluded."""
    corrected = select(Meeting.corrects).where(Meeting.corrects.is_not(None), Meeting.concluded.is_not(None))
    found = (
        select(Meeting.id)
        .where(Meeting.concluded.is_not(None), Meeting.id.not_in(corrected))
        .where(Meeting.items.any(Item.post_id == post_id))
        .order_by(Meeting.concluded, Meeting.id)
    )
    return [load(db, one) for one in db.scalars(found)]


def _slips(db: Session, found: Meeting, members: tuple[MemberView, ...]) -> DecisionResult:
    """The decision poll's result, if its room was this meeting's."""
    result = evaluation.load_decision(db, found.poll)
    if result.counts.expected != len(members):
        raise Refused(
            Code.SLIPS_MISMATCH, f"计票报告单应到 {result.counts.expected} 人，会议应到会成员 {len(members)} 人"
        )
    there = sum(one.present for one in members)
    if result.counts.returned > there:
        raise Refused(Code.SLIPS_MISMATCH, f"收回 {result.counts.returned} 票，到会 {there} 人")
    return result


def _item(
    db: Session, found: Meeting, item: Item, members: tuple[MemberView, ...], slips: DecisionResult | None
) -> ItemView:  # fmt: skip
    said = {one.member_id: Said(one.said) for one in item.votes}
    statements = tuple(Statement(one, said.get(one.id) if one.present else None) for one in members)
    there = [one for one in statements if one.member.present]
    recused = sum(one.said is Said.RECUSED for one in there)
    expected, present = len(members), len(there) - recused
    agree, oppose, postpone = (
        sum(one.said is what for one in there) for what in (Said.AGREE, Said.OPPOSE, Said.POSTPONE)
    )
    waiting = tuple(one.member.name for one in there if one.said is None)
    if slips is not None:
        decided = _decided(slips, item.person)
        agree, oppose, postpone, waiting = decided.agree, decided.disagree, decided.postpone, ()
        if agree + oppose + postpone > present:
            raise Refused(
                Code.SLIPS_MISMATCH, f"{decided.name}：投票 {agree + oppose + postpone} 票，到会未回避 {present} 人"
            )
    name, duty = split_answer(item.person)
    return ItemView(
        id=item.id,
        position=item.position + 1,
        post_id=item.post_id,
        post_title=item.post.title,
        line=item.person,
        name=name,
        duty=duty,
        expected=expected,
        present=present,
        absent=expected - len(there),
        recused=recused,
        agree=agree,
        oppose=oppose,
        postpone=postpone,
        silent=present - agree - oppose - postpone - len(waiting),
        statements=statements,
        waiting=waiting,
        again=_decided_before(db, found, item),
        reconsidered=None if item.reconsider is None else decision.reconsidered(item.reconsider, expected),
        quorum=meeting.decision_quorate(present, expected),
        judged=decision.passes(agree, expected),
    )


def _decided(slips: DecisionResult, person: str) -> Decided:
    found = next((one for one in slips.persons if sources.line(one.name, one.duty) == person), None)
    if found is None:
        raise Refused(Code.SLIPS_MISMATCH, person.partition("（")[0])
    return found


def _decided_before(db: Session, found: Meeting, item: Item) -> bool:
    """Whether this person was decided on for this post before; what was put off, or is corrected, was not decided.

    Before: concluded before, whichever was entered first. Two meetings may be under way at once.
    """
    concluded = (
        select(Meeting)
        .join(Item, Item.meeting_id == Meeting.id)
        .where(Item.post_id == item.post_id, Item.person == item.person, Meeting.concluded.is_not(None))
    )
    corrected = select(Meeting.corrects).where(Meeting.corrects.is_not(None), Meeting.concluded.is_not(None))
    for one in db.scalars(concluded.where(Meeting.id.not_in(corrected))):
        if _turn(db, one) < _turn(db, found):
            view = next(two for two in load(db, one.id).items if two.line == item.person)
            if view.result != "缓议":
                return True
    return False


def _turn(db: Session, meeting: Meeting) -> tuple[float, int]:
    """Where a meeting stands in the order of decisions: a correction where the meeting stands that it corrects."""
    while meeting.corrects is not None:
        meeting = db.get_one(Meeting, meeting.corrects)
    return (math.inf if meeting.concluded is None else meeting.concluded, meeting.id)
