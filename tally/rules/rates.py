"""Rates: judged on integers, printed half up to two decimals, always with numerator and denominator beside."""

NOBODY = "—"


def hundredths(part: int, whole: int) -> int:
    """100 × 100 × part ÷ whole, rounded half up on integers: hundredths of a percent. `whole` ≥ 1, `part` ≥ 0."""
    return (20_000 * part + whole) // (2 * whole)


def percent(part: int, whole: int) -> str:
    """Two decimals without the sign, `36.28`; a dash where `whole` is 0. 得票率 (‡) is votes of valid: abstentions stay in."""
    if whole == 0:
        return NOBODY
    found = hundredths(part, whole)
    return f"{found // 100}.{found % 100:02d}"


def at_least(part: int, whole: int, limit: int) -> bool:
    """Whether part ÷ whole is at least `limit` percent: 100 × part ≥ limit × whole, never on the rounded figure."""
    return 100 * part >= limit * whole


def fraction(numerator: int, denominator: int) -> str:
    """The quotient for a line of arithmetic: `＝ 80` where it comes out even, else `≈ 82.67`, half up."""
    if numerator % denominator == 0:
        return f"＝ {numerator // denominator}"
    found = (200 * numerator + denominator) // (2 * denominator)
    return f"≈ {found // 100}.{found % 100:02d}"
