"""Shares as the papers print them: numerator and denominator, percent half up to two decimals, and bars as SVG geometry."""

from dataclasses import dataclass

BAR_WIDTH, BAR_HEIGHT = 160, 14


@dataclass(frozen=True, slots=True)
class Share:
    """Votes out of valid ballots, exact. 得票率: abstentions stay in the denominator (DOMAIN, Counting rules)."""

    votes: int
    valid: int

    @property
    def percent(self) -> str:
        """Two decimals, half up, computed on integers; "—" where nobody voted."""
        if self.valid == 0:
            return "—"
        hundredths = (20000 * self.votes + self.valid) // (2 * self.valid)
        return f"{hundredths // 100}.{hundredths % 100:02d}"

    @property
    def width(self) -> str:
        """Length of the bar in SVG units, the whole outline being all valid ballots."""
        return f"{BAR_WIDTH * self.votes / self.valid:.1f}" if self.valid else "0"
