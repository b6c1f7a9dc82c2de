"""What of 方案 三(三) can be computed from a roster: education, assessments, time in post. Judgements of people never are."""

from collections.abc import Sequence
from dataclasses import dataclass

from tally.rules.days import Day, months_later
from tally.rules.outcome import ASSESSMENTS, EDUCATION, TENURE, Judgement, Outcome

DEGREES = ("大学本科", "中央党校大学", "硕士研究生", "省委党校研究生", "中央党校研究生", "博士研究生")
"""How rosters write 本科 or above; whatever follows (在职, 自学考试) does not matter."""
GOOD, BAD = ("优秀", "称职"), ("基本称职", "不称职", "不定等次")
DATUM = Day(2019, 4, 1)
"""The plan's own day: that day itself is too late."""
DEPUTY = ("副处长", "副主任")
PROMOTED, LATERAL = ("三级主任科员", "四级主任科员"), ("一级主任科员", "二级主任科员")
HALF_A_YEAR = 6


@dataclass(frozen=True, slots=True)
class Service:
    """A spell in a post or rank: what, since when, and where this is written (现任职务, 现职级, 人工补充)."""

    what: str
    since: Day
    source: str


def education(degree: str) -> Judgement:
    """大学本科 or above as a rule (一般): falling short needs a written reason (方案三(三)1)."""
    inputs = (("学历", degree),)
    if not degree:
        return Judgement(EDUCATION, Outcome.OPEN, inputs, "学历没有填写")
    if degree.startswith(DEGREES):
        return Judgement(EDUCATION, Outcome.MET, inputs, f"{degree}，大学本科以上")
    return Judgement(EDUCATION, Outcome.NEEDS_REASON, inputs, f"{degree}，一般应具有大学本科")


def assessments(years: Sequence[tuple[int, str]]) -> Judgement:
    """Each of the last three years 称职 or better (方案三(三)2); 不定等次 is not, a missing or unknown one is open."""
    inputs = tuple((f"{year}", grade) for year, grade in years)
    said = "、".join(f"{year} {grade or '缺'}" for year, grade in years)
    if any(grade in BAD for _, grade in years):
        outcome = Outcome.NOT_MET
    elif years and all(grade in GOOD for _, grade in years):
        outcome = Outcome.MET
    else:
        outcome = Outcome.OPEN
    return Judgement(ASSESSMENTS, outcome, inputs, said)


def tenure(rank: str, spells: Sequence[Service], plan: Day, *, hinted: bool = False) -> Judgement:
    """In post before 2019-04-01, or 一/二级主任科员 for half a year on the plan's date (方案三(三)4, ‡ in calendar months).

    `spells` are those of the roster and those entered by a person with their basis. `hinted` says that a remark tells of
    earlier service which nobody has entered yet: falling short is then open.
    """
    counted = sorted((one for one in spells if _counts(one)), key=lambda one: one.since)
    inputs = (("现职级", rank), *((one.what, one.since.iso) for one in spells), ("方案日期", plan.iso))
    if counted and counted[0].since < DATUM:
        first = counted[0]
        return Judgement(TENURE, Outcome.MET, inputs, f"{first.what} {first.since.iso} 早于 {DATUM.iso}")
    if rank in LATERAL:
        return _lateral(rank, spells, plan, inputs, hinted=hinted)
    if not counted:
        return Judgement(TENURE, Outcome.NOT_MET, inputs, "不是副科职领导职务，也不是一至四级主任科员")
    first, said = counted[0], f"{counted[0].what} {counted[0].since.iso} 不早于 {DATUM.iso}"
    if rank == PROMOTED[0] and first.source != ENTERED:  # who is 三级 was 四级 before, or came from elsewhere
        return Judgement(TENURE, Outcome.OPEN, inputs, f"{said}，更早的同层次任职须由人录入")
    return Judgement(TENURE, Outcome.NOT_MET, inputs, said)


ENTERED = "人工补充"


def _counts(one: Service) -> bool:
    return one.source == ENTERED or one.what in PROMOTED or (one.source == "现任职务" and one.what.startswith(DEPUTY))


def _lateral(
    rank: str, spells: Sequence[Service], plan: Day, inputs: tuple[tuple[str, str], ...], *, hinted: bool
) -> Judgement:
    since = min((one.since for one in spells if one.what == rank), default=None)
    if since is None:
        return Judgement(TENURE, Outcome.OPEN, inputs, f"{rank}的任职时间没有填写")
    full = months_later(since, HALF_A_YEAR)
    said = f"{rank} {since.iso}，满半年 {full.iso} {'≤' if full <= plan else '＞'} 方案 {plan.iso}"
    if full <= plan:
        return Judgement(TENURE, Outcome.MET, inputs, said)
    if hinted:
        return Judgement(TENURE, Outcome.OPEN, inputs, f"{said}，更早的任职须由人录入")
    return Judgement(TENURE, Outcome.NOT_MET, inputs, said)
