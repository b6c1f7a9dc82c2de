"""More than half of those who should attend: exactly half is not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.rules import decision
from tally.rules.outcome import Outcome


@pytest.mark.parametrize(("agree", "expected", "outcome", "said"), [
    (6, 12, Outcome.NOT_MET, "同意 6 ≤ 应到 12 ÷ 2 ＝ 6，没有超过半数（须 7 票）"),
    (7, 12, Outcome.MET, "同意 7 ＞ 应到 12 ÷ 2 ＝ 6"),
    (6, 13, Outcome.NOT_MET, "同意 6 ≤ 应到 13 ÷ 2 ＝ 6.5，没有超过半数（须 7 票）"),
    (7, 13, Outcome.MET, "同意 7 ＞ 应到 13 ÷ 2 ＝ 6.5"),
    (1, 1, Outcome.MET, "同意 1 ＞ 应到 1 ÷ 2 ＝ 0.5"),
    (0, 0, Outcome.OPEN, "应到人数还没有填写"),
])  # fmt: skip
def test_exactly_half_does_not_pass(agree, expected, outcome, said):
    judged = decision.passes(agree, expected)
    assert (judged.outcome, judged.arithmetic, judged.clause.text) == (outcome, said, "方案四(四)")
    again = decision.reconsidered(agree, expected)
    assert (again.outcome, again.clause.mark) == (outcome, "†")


def test_absent_abstaining_and_recused_members_count_against():
    """Of 12, one recused, one absent, two abstaining: six who agree are six of twelve, not of eight."""
    assert decision.passes(12 - 1 - 1 - 2 - 2, 12).outcome is Outcome.NOT_MET


@given(agree=st.integers(0, 200), expected=st.integers(1, 200))
def test_a_majority_agrees_with_exact_fractions_and_with_the_number_that_is_needed(agree, expected):
    met = decision.passes(agree, expected).met
    assert met is (agree > Fraction(expected, 2))
    assert met is (agree >= decision.needed(expected))
