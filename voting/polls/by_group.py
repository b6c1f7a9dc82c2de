"""A post's votes by voter group, as the result page draws them: the groups shown, 其余合计, and what was merged and why.

The figures are those of `result.json`, which the verifier holds against the record; withheld ones are not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tally.published import Published
from voting.polls.share import BAR_WIDTH

TONES = ("s1", "s2", "s3", "s4", "s5")
REST_TONE = "s0"
GAP = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One segment's meaning: a group shown alone, or 其余合计 (`label` empty); ballots cast, and the colour's class."""

    label: str
    cast: int
    tone: str


@dataclass(frozen=True, slots=True)
class Part:
    """One segment of a person's bar: votes from one line's voters, in the bar's units."""

    line: Line
    votes: int
    left: float
    width: float

    @property
    def gap(self) -> str:
        """Where the white gap stands that parts this segment from the next."""
        return f"{self.left + self.width - GAP:.1f}"


@dataclass(frozen=True, slots=True)
class ByGroup:
    """One post: its lines, the counts of each (in the order of the question's ciphertexts), and the groups merged."""

    lines: tuple[Line, ...]
    counts: tuple[tuple[int, ...], ...]
    merged: tuple[Line, ...]
    minimum: int

    @property
    def small(self) -> tuple[Line, ...]:
        """Groups that cast too few ballots to be shown alone."""
        return tuple(one for one in self.merged if one.cast < self.minimum)

    @property
    def joined(self) -> tuple[Line, ...]:
        """Groups that had ballots enough, and are merged so that the small ones cannot be computed."""
        return tuple(one for one in self.merged if one.cast >= self.minimum)

    def parts(self, place: int, valid: int) -> tuple[Part, ...]:
        """The segments of one answer's bar, the whole bar being all valid ballots; lines without a vote are kept."""
        found, left = [], 0.0
        for line, counts in zip(self.lines, self.counts, strict=True):
            width = BAR_WIDTH * counts[place] / valid if valid else 0.0
            found.append(Part(line, counts[place], left, width))
            left += width
        return tuple(found)


def by_group(shown: Published, cast: Mapping[str, int], question: int, minimum: int) -> ByGroup:
    """What is shown of one question. `cast` is the closing statement's, in manifest order."""
    rows: Sequence[tuple[str, tuple[int, ...]]] = [
        (label, row) for label, counts in shown.groups if (row := counts[question]) is not None
    ]
    labels = shown.rest_labels[question]
    lines = [Line(label, cast[label], TONES[k % len(TONES)]) for k, (label, _) in enumerate(rows)]
    counts = [row for _, row in rows]
    rest = shown.rest[question]
    if rest is not None:
        lines.append(Line("", sum(cast[label] for label in labels), REST_TONE))
        counts.append(rest)
    merged = tuple(Line(label, cast[label], REST_TONE) for label in labels)
    return ByGroup(tuple(lines), tuple(counts), merged, minimum)
