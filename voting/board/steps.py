"""The meeting's twelve steps: which of them a poll's state allows, and which the room is at. Pure.

The step only says where the meeting stands; what may happen to the box is the state's alone (FLOW in service.py).
"""

from enum import StrEnum

from voting.board.models import State

LAST_CALL_SECONDS = 60


class Step(StrEnum):
    """Where the meeting stands, as the rail has it."""

    CHECK = "check"
    COUNT = "count"
    RULES = "rules"
    OFFICIALS = "officials"
    BOX = "box"
    HAND = "hand"
    VOTE = "vote"
    CALL = "call"
    VOIDS = "voids"
    SEAL = "seal"
    TALLY = "tally"
    PAPERS = "papers"


OF_STATE: dict[State, tuple[Step, ...]] = {
    State.ISSUED: (Step.CHECK, Step.COUNT, Step.RULES, Step.OFFICIALS, Step.BOX),
    State.OPEN: (Step.BOX, Step.HAND, Step.VOTE, Step.CALL),
    State.CLOSING: (Step.VOIDS, Step.SEAL),
    State.CLOSED: (Step.TALLY,),
    State.TALLIED: (Step.PAPERS,),
}
"""Within one state nothing irreversible happens, so that the meeting may go back as well as on."""


def current(state: State, stored: str | None, *, announced: bool = False) -> Step | None:
    """The step the room is at; None before the slips are printed and for a void poll.

    A stored step of an earlier state has been overtaken: then the state's first counts, or 投票 if 发出 is announced.
    """
    allowed = OF_STATE.get(state, ())
    if not allowed:
        return None
    if stored in allowed:
        return Step(stored)
    return Step.VOTE if state == State.OPEN and announced else allowed[0]


def neighbour(state: State, frm: Step, to: Step) -> bool:
    """Whether the meeting may go from one step to the other without anything else happening: one on, or one back."""
    allowed = OF_STATE.get(state, ())
    return frm in allowed and to in allowed and abs(allowed.index(frm) - allowed.index(to)) == 1


def call_left(last_call: int | None, now: float) -> int | None:
    """Seconds left of the last call, 0 once it is over; None if there is none. It suggests, it never closes."""
    return None if last_call is None else max(0, last_call + LAST_CALL_SECONDS - int(now))
