"""The Party group's vote: more than half of the members who should attend (应到会), strictly.

Absent, abstaining and recused members stay in 应到 (the recused ‡), so each of them counts as a vote that is missing.
"""

from tally.rules.outcome import DECISION, RECONSIDERATION, Clause, Judgement, Outcome


def needed(expected: int) -> int:
    """The smallest number of 同意 that passes: 7 of 12, 7 of 13."""
    return expected // 2 + 1


def passes(agree: int, expected: int) -> Judgement:
    """同意 > 应到 ÷ 2 (方案四(四)): 6 of 12 does not pass, 7 of 12 and 7 of 13 do. Nobody expected: cannot be judged yet."""
    return _majority(DECISION, agree, expected)


def reconsidered(agree: int, expected: int) -> Judgement:
    """Whether a matter that was decided may be put to the vote again: 同意 > 应到 ÷ 2 (†)."""
    return _majority(RECONSIDERATION, agree, expected)


def _majority(clause: Clause, agree: int, expected: int) -> Judgement:
    inputs = (("同意", agree), ("应到", expected))
    if expected < 1:
        return Judgement(clause, Outcome.OPEN, inputs, "应到人数还没有填写")
    more = 2 * agree > expected
    half = f"{expected // 2}{'.5' if expected % 2 else ''}"
    said = f"同意 {agree} {'＞' if more else '≤'} 应到 {expected} ÷ 2 ＝ {half}"
    if not more:
        said += f"，没有超过半数（须 {needed(expected)} 票）"
    return Judgement(clause, Outcome.MET if more else Outcome.NOT_MET, inputs, said)
