"""What is played: how many phones in how many seconds, with which manners, and what happens to the service meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tests.load.papers import EVALUATION_OF_8, REFERENCE, Paper
from tests.load.phone import Manner


class Incident(StrEnum):
    """What happens in the middle of the burst."""

    NONE = "-"
    KILL = "kill -9, twice"
    CLOSE = "停止投票"
    KILL_CLOSING = "kill -9 while closing"
    SIEGE = "slow and silent clients"


BAD: Mapping[Manner, float] = {
    Manner.SLOW: 0.1, Manner.CUT_OFF: 0.1, Manner.NO_ANSWER: 0.1, Manner.TRIPLE: 0.1, Manner.OVERTAKEN: 0.1,
    Manner.VANISHING: 0.05,
}  # fmt: skip
"""Shares of phones with bad manners or a bad network; the others are steady."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing to play."""

    name: str
    paper: Paper = REFERENCE
    phones: int = 200
    seconds: float = 20.0
    manners: Mapping[Manner, float] = field(default_factory=dict)
    incident: Incident = Incident.NONE
    hurry: float = 1.0

    def crowd(self) -> list[Manner]:
        """The phones' manners; at least one phone of each named."""
        some = [manner for manner, share in self.manners.items() for _ in range(max(1, round(self.phones * share)))]
        return [*some, *[Manner.STEADY] * (self.phones - len(some))]

    def short(self, phones: int = 12) -> "Scenario":
        """The same in seconds, for the tests."""
        return replace(self, phones=phones, seconds=1.0, hurry=0.1)


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("reference"),
        Scenario("reference, at once", seconds=1.0),
        Scenario("evaluation", EVALUATION_OF_8, 120, 60.0),
        Scenario("bad phones", manners=BAD),
        Scenario("bad phones, evaluation", EVALUATION_OF_8, 120, 60.0, manners=BAD),
        Scenario("kill", manners=BAD, incident=Incident.KILL),
        Scenario("close", manners=BAD, incident=Incident.CLOSE),
        Scenario("kill while closing", manners=BAD, incident=Incident.KILL_CLOSING),
        Scenario("siege", incident=Incident.SIEGE),
    )
}
