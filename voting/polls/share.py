"""Shares as the papers print them: numerator and denominator, percent half up to two decimals, and bars as SVG geometry."""

from dataclasses import dataclass

from tally.rules.rates import percent

BAR_WIDTH, BAR_HEIGHT = 160, 14


@dataclass(frozen=True, slots=True)
class Share:
    """Votes out of valid ballots, exact. 得票率: abstentions stay in the denominator (DOMAIN, Counting rules)."""

    votes: int
    valid: int

    @property
    def percent(self) -> str:
        """Two decimals, half up, computed on integers; "—" where nobody voted."""
        return percent(self.votes, self.valid)

    @property
    def width(self) -> str:
        """Length of the bar in SVG units, the whole outline being all valid ballots."""
        return f"{BAR_WIDTH * self.votes / self.valid:.1f}" if self.valid else "0"
