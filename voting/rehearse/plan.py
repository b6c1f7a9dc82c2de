"""What a rehearsal plays: posts or persons, all invented, voter groups, and what each simulated voter will choose.

A seed fixes the choices, never a key: keys and slips come from the operating system's randomness always.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tally.manifest import LOWEST_MINIMUM
from tally.voter_groups import OTHER_MINIMUM, disclose

Choices = list[list[int]]
"""One ballot: per question the marks in ballot order, of a post the blank flag before them."""

GROUPS = (
    ("局领导班子", 7),
    ("机关中层正职", 14),
    ("直属(下属)单位负责人", 9),
    ("直属单位班子其他成员", 22),
    ("机关其他人员", 68),
)
BLANK_IN = 12  # one in so many abstains on a post


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post with its candidates: (name, duty, department) in ballot order."""

    title: str
    places: int
    max_choices: int
    candidates: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One rehearsal: posts or persons, groups with their numbers, and per group the ballots its voters will cast."""

    posts: tuple[PlannedPost, ...]
    groups: tuple[tuple[str, int], ...]
    ballots: tuple[tuple[Choices, ...], ...]
    persons: tuple[tuple[str, str, str], ...] = ()

    @property
    def kind(self) -> str:
        """The poll's kind: an evaluation is about persons."""
        return "evaluation" if self.persons else "recommendation"

    @property
    def minimums(self) -> list[int]:
        """Ballots that a group needs to be shown alone, per question."""
        if not self.persons:
            return [LOWEST_MINIMUM] * len(self.posts)
        return [OTHER_MINIMUM if fine else LOWEST_MINIMUM for fine, _ in ITEMS] * len(self.persons)

    @property
    def voters(self) -> int:
        """How many phones vote."""
        return sum(size for _, size in self.groups)


POSTS = (
    PlannedPost(
        "演练岗位甲（处长）", 1, 1,
        (
            ("演练人员甲", "副处长", "办公室"), ("演练人员乙", "副处长", "财务处"), ("演练人员丙", "一级主任科员", "综合处"),
            ("演练人员丁", "三级主任科员", "法规处"), ("演练人员戊", "副处长", "市场处"), ("演练人员己", "副主任", "办公室"),
        ),
    ),
    PlannedPost(
        "演练岗位乙（副处长）", 2, 2,
        (
            ("演练人员庚", "三级主任科员", "开发区处"), ("演练人员辛", "四级主任科员", "外贸处"),
            ("演练人员壬", "三级主任科员", "外资处"), ("演练人员癸", "四级主任科员", "综合处"),
        ),
    ),
)  # fmt: skip

PERSONS = POSTS[0].candidates[:3]
ITEMS = ((True, 4),) * 5 + ((False, 4), (False, 2))
"""德能勤绩廉, 总体评价 and 使用意见: whether shown only for larger groups, and how many answers."""


def make_plan(voters: int, seed: int | None, kind: str = "recommendation") -> Plan:
    """Spread the voters over the groups as in the sample bureau, and draw every choice."""
    chance = source(seed)
    groups = tuple((label, size) for label, size in zip([g[0] for g in GROUPS], spread(voters), strict=True) if size)
    if kind == "evaluation":
        graded = tuple(tuple([grade(len(PERSONS), chance) for _ in range(size)]) for _, size in groups)
        return Plan((), groups, graded, PERSONS)
    ballots = tuple(tuple([draw(POSTS, chance) for _ in range(size)]) for _, size in groups)
    return Plan(POSTS, groups, ballots)


def source(seed: int | None) -> random.Random:
    """Where chance comes from: a seed's stream, or the operating system. Never a key's source."""
    return random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - votes of a rehearsal, not keys


def spread(voters: int) -> list[int]:
    """Whole numbers in proportion to GROUPS that add up to `voters` (largest remainders)."""
    weights = [weight for _, weight in GROUPS]
    total = sum(weights)
    sizes = [voters * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda k: -(voters * weights[k] % total))
    for k in by_remainder[: voters - sum(sizes)]:
        sizes[k] += 1
    return sizes


def draw(posts: Sequence[PlannedPost], chance: random.Random) -> Choices:
    """One ballot: on each post an abstention or up to `max_choices` persons."""
    ballot = []
    for post in posts:
        marks = [0] * (len(post.candidates) + 1)
        if chance.randrange(BLANK_IN) == 0:
            marks[0] = 1
        else:
            for k in chance.sample(range(len(post.candidates)), chance.randint(1, post.max_choices)):
                marks[k + 1] = 1
        ballot.append(marks)
    return ballot


def grade(persons: int, chance: random.Random) -> Choices:
    """One ballot of an evaluation: on each item one answer, or no mark."""
    ballot = []
    for _, answers in ITEMS * persons:
        mark = chance.randrange(answers) if chance.randrange(BLANK_IN) else None
        ballot.append([int(k == mark) for k in range(answers)])
    return ballot


def shown(plan: Plan) -> dict[str, list[list[int] | None]]:
    """What the simulated phones voted, per group that the disclosure rule shows: the result must say the same.

    None stands in the place of each question for which the group is too small.
    """
    cast = [size for _, size in plan.groups]
    allowed = [disclose(cast, minimum).shown for minimum in plan.minimums]
    return {
        label: [row if k in one else None for row, one in zip(add_up(plan.ballots[k]), allowed, strict=True)]
        for k, (label, _) in enumerate(plan.groups)
        if any(k in one for one in allowed)
    }


def add_up(ballots: Sequence[Choices]) -> list[list[int]]:
    """The sums over all ballots, in the shape of the record's result."""
    return [[sum(column) for column in zip(*question, strict=True)] for question in zip(*ballots, strict=True)]
