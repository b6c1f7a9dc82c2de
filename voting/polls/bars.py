"""Bars of one question's marks, drawn by the server: the outline is all valid ballots, what stays empty is 弃权."""

from dataclasses import dataclass

from voting.polls.by_group import GAP
from voting.polls.share import BAR_WIDTH

GRADE_TONES = ("s1", "s2", "s3", "s4")


@dataclass(frozen=True, slots=True)
class Segment:
    """One answer's part of a bar, in the bar's units."""

    answer: str
    votes: int
    tone: str
    left: float
    width: float

    @property
    def gap(self) -> str:
        """Where the white gap stands that parts this segment from the next."""
        return f"{self.left + self.width - GAP:.1f}"


def segments(answers: tuple[str, ...], counts: tuple[int, ...], valid: int) -> tuple[Segment, ...]:
    """The segments of a bar, one an answer; those without a vote are kept, with no width."""
    found, left = [], 0.0
    for answer, votes, tone in zip(answers, counts, GRADE_TONES, strict=False):
        width = BAR_WIDTH * votes / valid if valid else 0.0
        found.append(Segment(answer, votes, tone, left, width))
        left += width
    return tuple(found)
