"""优秀称职率: (优秀 + 称职) ÷ 有效 on 总体评价, as a rule (一般) at least 80 %, so falling short needs a written reason."""

from enum import StrEnum

from tally.rules.outcome import EXCELLENT, Judgement, Outcome
from tally.rules.rates import at_least, percent

LIMIT = 80


class Base(StrEnum):
    """What the rate is divided by: a setting of the bureau (‡), to be printed wherever the rate is."""

    VALID = "valid"
    MARKED = "marked"

    @property
    def zh(self) -> str:
        """The denominator's name in a line of arithmetic."""
        return "有效" if self is Base.VALID else "有效且已评"


def denominator(valid: int, abstain: int, base: Base = Base.VALID) -> int:
    """Ballots that the rate is divided by; abstentions on the item stay in unless the setting takes them out."""
    return valid if base is Base.VALID else valid - abstain


def excellent(first: int, second: int, valid: int, abstain: int = 0, base: Base = Base.VALID) -> Judgement:
    """Judge 优秀 `first` and 称职 `second` ballots against 80 % (方案三(三)5; the formula ‡), on integers.

    79.996 % prints as 80.00 % and still falls short: the line shows both products. No ballot: cannot be judged yet.
    """
    good, whole = first + second, denominator(valid, abstain, base)
    inputs = (("优秀", first), ("称职", second), ("有效", valid), ("弃权", abstain), ("口径", f"÷ {base.zh}"))
    if whole < 1:
        return Judgement(EXCELLENT, Outcome.OPEN, inputs, "还没有可计算的测评票")
    enough = at_least(good, whole, LIMIT)
    said = (
        f"（优秀 {first} ＋ 称职 {second}）÷ {base.zh} {whole} ＝ {percent(good, whole)}%，"
        f"100 × {good} ＝ {100 * good} {'≥' if enough else '＜'} {LIMIT} × {whole} ＝ {LIMIT * whole}"
    )
    return Judgement(EXCELLENT, Outcome.MET if enough else Outcome.NEEDS_REASON, inputs, said)
