"""Whether a meeting was valid: enough people present, and no more ballots than slips."""

from tally.rules.outcome import PRESENT_DECISION, PRESENT_MEETING, RETURNED, Clause, Judgement, Outcome
from tally.rules.rates import fraction


def quorate(present: int, expected: int, clause: Clause = PRESENT_MEETING) -> Judgement:
    """实到 ≥ 2/3 of 应到, persons, on integers (3 × present ≥ 2 × expected). † for a decision, ‡ for the other meetings.

    Nobody expected: cannot be judged yet.
    """
    inputs = (("应到", expected), ("实到", present))
    if expected < 1:
        return Judgement(clause, Outcome.OPEN, inputs, "应到人数还没有填写")
    enough = 3 * present >= 2 * expected
    said = f"实到 {present} {'≥' if enough else '＜'} 应到 {expected} × ⅔ {fraction(2 * expected, 3)}"
    return Judgement(clause, Outcome.MET if enough else Outcome.NOT_MET, inputs, said)


def decision_quorate(present: int, expected: int) -> Judgement:
    """The same for the Party group's own meeting, where the regulation asks for it (†)."""
    return quorate(present, expected, PRESENT_DECISION)


def needed_present(expected: int) -> int:
    """The smallest number of persons present that makes the meeting valid: 2/3 of those expected, rounded up."""
    return -(-2 * expected // 3)


def returned(back: int, handed_out: int) -> Judgement:
    """收回 ≤ 发出, slips; more makes the poll void, to be held again († by analogy)."""
    sound = back <= handed_out
    said = f"收回 {back} {'≤' if sound else '＞'} 发出 {handed_out}"
    inputs = (("收回", back), ("发出", handed_out))
    return Judgement(RETURNED, Outcome.MET if sound else Outcome.NOT_MET, inputs, said)
