"""What a tallied evaluation (民主测评) or decision by slips says: persons in ballot order, never ranked.

Everything is read from the frozen record; 优秀称职率 is judged on integers (方案 三(三)5, the base is a setting ‡).
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tally.questions import Question
from tally.rules import grading, meeting
from tally.rules.grading import Base as RateBase
from tally.rules.outcome import Judgement
from voting.polls import tallied
from voting.polls.bars import Segment, segments
from voting.polls.by_group import ByGroup, Line
from voting.polls.models import DECIDED, FINE, GRADES, Item, Kind
from voting.polls.results import plain
from voting.polls.share import Share
from voting.polls.tallied import Head, Tallied, split_answer

STATEMENT = "测评结果供局党组研究参考，不简单以票取人。"


@dataclass(frozen=True, slots=True)
class Marks:
    """What one question received. `counts` in the order of `answers`; an unmarked question is an abstention (弃权)."""

    answers: tuple[str, ...]
    counts: tuple[int, ...]
    valid: int

    @property
    def marked(self) -> int:
        """Ballots with a mark."""
        return sum(self.counts)

    @property
    def abstain(self) -> int:
        """弃权: valid ballots without a mark."""
        return self.valid - self.marked

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The bar, one segment an answer."""
        return segments(self.answers, self.counts, self.valid)

    def of(self, answer: str) -> int:
        """How many marked `answer`."""
        return self.counts[self.answers.index(answer)]

    def share(self, answer: str) -> Share:
        """The same out of all valid ballots."""
        return Share(self.of(answer), self.valid)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item of one person: in all, and by group where the disclosure rule shows (其余合计 has an empty label)."""

    item: Item
    total: Marks
    groups: ByGroup

    @property
    def parts(self) -> tuple[tuple[Line, Marks], ...]:
        """The lines shown, groups in ballot order and then 其余合计, each with its marks; its valid ballots are those it cast."""
        rows = zip(self.groups.lines, self.groups.counts, strict=True)
        return tuple((line, Marks(self.total.answers, counts, line.cast)) for line, counts in rows)


@dataclass(frozen=True, slots=True)
class Rate:
    """优秀称职率: `good` (优秀 + 称职) of `base` ballots, on 总体评价; 80 % is soft. Judged by `tally.rules.grading`."""

    good: int
    base: int
    setting: RateBase
    judgement: Judgement

    @property
    def percent(self) -> str:
        """Half up to two decimals; 79.996 % prints as 80.00 and still falls short, so n and d stand beside it."""
        return Share(self.good, self.base).percent


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One person with what every asked item received. `rate` is None where 总体评价 was not asked."""

    position: int
    name: str
    duty: str
    items: tuple[ItemResult, ...]
    rate: Rate | None

    def item(self, wanted: Item) -> ItemResult | None:
        """One item's result; None where it was not asked."""
        return next((one for one in self.items if one.item is wanted), None)

    @property
    def overall(self) -> ItemResult | None:
        """总体评价."""
        return self.item(Item.OVERALL)

    @property
    def use(self) -> ItemResult | None:
        """使用意见."""
        return self.item(Item.USE)

    @property
    def fine(self) -> tuple[ItemResult, ...]:
        """德能勤绩廉, as far as asked."""
        return tuple(one for one in self.items if one.item in FINE)


@dataclass(frozen=True, slots=True)
class EvaluationResult(Head):
    """A tallied evaluation, persons in ballot order."""

    items: tuple[Item, ...]
    rate_base: RateBase
    persons: tuple[Evaluated, ...]

    @property
    def checks(self) -> tuple[Judgement, ...]:
        """Whether the meeting was valid, clause by clause."""
        said = self.counts
        return meeting.quorate(said.present, said.expected), meeting.returned(said.returned, said.handed_out)


@dataclass(frozen=True, slots=True)
class Decided:
    """One person of a decision by slips: 同意, 不同意, 缓议, and no mark (弃权)."""

    position: int
    name: str
    duty: str
    total: Marks
    groups: ByGroup

    @property
    def agree(self) -> int:
        """同意."""
        return self.total.of(DECIDED[0])

    @property
    def disagree(self) -> int:
        """不同意."""
        return self.total.of(DECIDED[1])

    @property
    def postpone(self) -> int:
        """缓议."""
        return self.total.of(DECIDED[2])


@dataclass(frozen=True, slots=True)
class DecisionResult(Head):
    """A tallied decision by slips. Whether it passes is judged elsewhere, against those who should attend (应到会)."""

    persons: tuple[Decided, ...]

    @property
    def checks(self) -> tuple[Judgement, ...]:
        """Whether the meeting was valid, clause by clause; the Party group's own rule (†)."""
        said = self.counts
        return meeting.decision_quorate(said.present, said.expected), meeting.returned(said.returned, said.handed_out)


def load(db: Session, uuid: str) -> EvaluationResult:
    """The result of a tallied evaluation. Raises Refused: NO_SUCH_POLL, NOT_TALLIED, WRONG_KIND, RECORD_UNSOUND."""
    found = tallied.read(db, uuid, Kind.EVALUATION)
    setting = RateBase(found.planned.rate_base)
    persons: dict[str, list[ItemResult]] = {}
    for q, question in enumerate(found.election.questions):
        line, item = split_question(question.text)
        persons.setdefault(line, []).append(ItemResult(item, _marks(found, question, q), found.groups(q)))
    people = tuple(
        Evaluated(position, *split_answer(line), tuple(items), _rate(items, setting))
        for position, (line, items) in enumerate(persons.items(), 1)
    )
    asked = tuple(item for item in Item if any(one.item is item for person in people for one in person.items))
    return EvaluationResult(**plain(found.head), items=asked, rate_base=setting, persons=people)


def load_decision(db: Session, uuid: str) -> DecisionResult:
    """The result of a tallied decision by slips. Raises as `load`."""
    found = tallied.read(db, uuid, Kind.DECISION)
    people = tuple(
        Decided(q + 1, *split_answer(question.text), _marks(found, question, q), found.groups(q))
        for q, question in enumerate(found.election.questions)
    )
    return DecisionResult(**plain(found.head), persons=people)


def split_question(text: str) -> tuple[str, Item]:
    """`姓名（处室　职务）：德` as the person's line and the item: parted at the last colon, a duty may hold others."""
    line, _, item = text.rpartition("：")
    return line, Item(item)


def _marks(found: Tallied, question: Question, q: int) -> Marks:
    return Marks(question.answers, found.shown.total[q], found.head.counts.valid)


def _rate(items: list[ItemResult], setting: RateBase) -> Rate | None:
    overall = next((one.total for one in items if one.item is Item.OVERALL), None)
    if overall is None:
        return None
    first, second = overall.of(GRADES[0]), overall.of(GRADES[1])
    judged = grading.excellent(first, second, overall.valid, overall.abstain, setting)
    return Rate(first + second, grading.denominator(overall.valid, overall.abstain, setting), setting, judged)
