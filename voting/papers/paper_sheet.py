"""What the paper ballots of a poll say, and whether it can be true: pure arithmetic on whole numbers of ballots."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tally.questions import Question
from voting.errors import Code, Refused

MAX_COUNT = 100_000
ROOM = (("handed_out", "发出"), ("returned", "收回"), ("invalid", "无效"))
ABSTAIN = "弃权"


@dataclass(frozen=True, slots=True)
class Counted:
    """One question's paper ballots: votes in the order of its answers; `abstain` is as typed where the ballot has 弃权."""

    votes: tuple[int, ...]
    abstain: int


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A poll's paper ballots. Ballots, never persons."""

    handed_out: int
    returned: int
    invalid: int
    questions: tuple[Counted, ...]

    @property
    def valid(self) -> int:
        """有效 = 收回 − 无效."""
        return self.returned - self.invalid

    @property
    def unreturned(self) -> int:
        """未交."""
        return self.handed_out - self.returned

    def encode(self) -> str:
        """As the table keeps it; equal sheets give equal text."""
        rows = [[*one.votes, one.abstain] for one in self.questions]
        return json.dumps([self.handed_out, self.returned, self.invalid, rows], separators=(",", ":"))

    @classmethod
    def decode(cls, text: str) -> "PaperSheet":
        """Read what `encode` wrote."""
        handed_out, returned, invalid, rows = json.loads(text)
        return cls(handed_out, returned, invalid, tuple(Counted(tuple(row[:-1]), row[-1]) for row in rows))


def check(sheet: PaperSheet, questions: Sequence[Question], *, minimum: int, room_left: int) -> None:
    """Refuse what cannot be true of paper ballots, or would open them.

    `room_left`: persons present who took no slip. Raises Refused: PAPER_TOO_FEW below `minimum` valid ballots,
    PAPER_COUNTS with what does not add up.
    """
    every = [sheet.handed_out, sheet.returned, sheet.invalid]
    every += [n for one in sheet.questions for n in (*one.votes, one.abstain)]
    if any(not 0 <= n <= MAX_COUNT for n in every):
        raise Refused(Code.PAPER_COUNTS, "须为不小于 0 的整数")
    if sheet.returned > sheet.handed_out:
        raise Refused(Code.PAPER_COUNTS, f"收回 {sheet.returned} 多于发出 {sheet.handed_out}")
    if sheet.invalid > sheet.returned:
        raise Refused(Code.PAPER_COUNTS, f"无效 {sheet.invalid} 多于收回 {sheet.returned}")
    if sheet.handed_out > room_left:
        raise Refused(Code.PAPER_COUNTS, f"发出 {sheet.handed_out} 张，实到中没有领电子票的只有 {room_left} 人")
    if sheet.valid < minimum:
        raise Refused(Code.PAPER_TOO_FEW, f"有效 {sheet.valid} 张，至少 {minimum} 张")
    if len(sheet.questions) != len(questions):
        raise Refused(Code.PAPER_COUNTS, "题数与选票不符")
    for question, counted in zip(questions, sheet.questions, strict=True):
        _question(question, counted, sheet.valid)


def _question(question: Question, counted: Counted, valid: int) -> None:
    """One question: who did not abstain marked between `min` and `max` answers, nobody the same answer twice."""
    where, given = question.text[:40], sum(counted.votes)
    if len(counted.votes) != len(question.answers):
        raise Refused(Code.PAPER_COUNTS, f"{where}：选项数与选票不符")
    if not question.blank and counted.abstain:
        raise Refused(Code.PAPER_COUNTS, f"{where}：弃权由有效减各项得出，不填")
    voters = valid - counted.abstain
    if voters < 0:
        raise Refused(Code.PAPER_COUNTS, f"{where}：弃权 {counted.abstain} 多于有效 {valid}")
    if any(votes > voters for votes in counted.votes):
        raise Refused(Code.PAPER_COUNTS, f"{where}：有一项多于没有弃权的 {voters} 张")
    if given > question.max * voters:
        raise Refused(Code.PAPER_COUNTS, f"{where}：各项合计 {given} 多于 {voters} 张 × 每张至多 {question.max} 项")
    if given < question.min * voters:
        raise Refused(Code.PAPER_COUNTS, f"{where}：各项合计 {given} 少于 {voters} 张 × 每张至少 {question.min} 项")


def abstained(question: Question, counted: Counted, valid: int) -> int:
    """弃权 of a question: as typed, or the valid ballots without a mark where at most one may be marked."""
    return counted.abstain if question.blank or question.max != 1 else valid - sum(counted.votes)


def differences(one: PaperSheet, other: PaperSheet, questions: Sequence[Question]) -> list[str]:
    """Where two counts differ, in the ballot's words; never by how much, so that the second stays a count of its own."""
    found = [word for name, word in ROOM if getattr(one, name) != getattr(other, name)]
    for question, mine, theirs in zip(questions, one.questions, other.questions, strict=True):
        found += [f"{question.text}：{label}" for label, a, b in _cells(question, mine, theirs) if a != b]
    return found


def _cells(question: Question, mine: Counted, theirs: Counted) -> Iterator[tuple[str, int, int]]:
    yield from zip(question.answers, mine.votes, theirs.votes, strict=True)
    yield ABSTAIN, mine.abstain, theirs.abstain
