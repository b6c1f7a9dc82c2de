"""Rates and meetings at their edges, against the sample, and against exact fractions."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.rules import meeting, rates
from tally.rules.grading import Base, denominator, excellent
from tally.rules.outcome import Outcome

SAMPLE = Path(__file__).resolve().parents[3] / "sample"
EXPECTED = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
COUNT = st.integers(0, 100_000)


@pytest.mark.parametrize(("part", "whole", "printed"), [
    (0, 113, "0.00"), (41, 113, "36.28"), (113, 113, "100.00"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 16, "6.25"),
    (1, 800, "0.13"), (1, 20001, "0.00"), (1, 20000, "0.01"), (3203, 4004, "80.00"), (19999, 25000, "80.00"), (0, 0, "—"),
])  # fmt: skip
def test_a_rate_is_printed_half_up_to_two_decimals(part, whole, printed):
    assert rates.percent(part, whole) == printed


@given(part=COUNT, whole=st.integers(1, 100_000))
def test_a_printed_rate_is_off_by_at_most_half_a_hundredth_and_upwards_at_exactly_half(part, whole):
    off = Fraction(rates.hundredths(part, whole)) - Fraction(10_000 * part, whole)
    assert Fraction(-1, 2) < off <= Fraction(1, 2)


def test_every_rate_of_the_samples_recommendation_is_the_samples():
    told = EXPECTED["recommendation"]
    lines = [told["total"], told["disclosure"]["其余合计"], *told["disclosure"]["groups"].values()]
    checked = [(one["votes"], line["valid"], one["rate"]) for line in lines for one in line["votes"].values()]
    assert len(checked) == 50
    assert [rates.percent(votes, valid) for votes, valid, _ in checked] == [rate for _, _, rate in checked]


@pytest.mark.parametrize("file", ["evaluation", "evaluation_110"])
def test_every_rate_of_the_samples_evaluations_is_the_samples_with_either_denominator(file):
    found = next(EXPECTED[key] for key in EXPECTED if key.replace("-", "_") == file)
    assert len(found["persons"]) == 3
    for person in found["persons"].values():
        valid, grades = person["total"]["valid"], person["total"]["总体评价"]
        for base, told in zip(Base, person["优秀称职率"].values(), strict=True):
            judged = excellent(grades["优秀"], grades["称职"], valid, grades["弃权"], base)
            assert judged.outcome.value == told["outcome"]
            assert denominator(valid, grades["弃权"], base) == told["denominator"]
            assert rates.percent(told["numerator"], told["denominator"]) == told["rate"]
            assert f"{told['denominator']} ＝ {told['rate']}%" in judged.arithmetic


@pytest.mark.parametrize(("first", "second", "valid", "outcome"), [
    (60, 28, 110, Outcome.MET),  # exactly 80 %
    (60, 27, 110, Outcome.NEEDS_REASON),
    (3000, 203, 4004, Outcome.NEEDS_REASON),  # prints as 80.00 %
    (10_000, 9_999, 25_000, Outcome.NEEDS_REASON),  # 79.996 % prints as 80.00 %
    (0, 4, 5, Outcome.MET),
    (0, 0, 0, Outcome.OPEN),
])  # fmt: skip
def test_eighty_per_cent_is_judged_on_integers_and_falling_short_needs_a_reason(first, second, valid, outcome):
    assert excellent(first, second, valid).outcome is outcome


def test_a_rate_that_prints_as_eighty_and_falls_short_shows_why():
    judged = excellent(3000, 203, 4004)
    assert judged.arithmetic == (
        "（优秀 3000 ＋ 称职 203）÷ 有效 4004 ＝ 80.00%，100 × 3203 ＝ 320300 ＜ 80 × 4004 ＝ 320320"
    )
    assert (judged.clause.text, judged.outcome.zh, judged.outcome.chip) == ("方案三(三)5‡", "需说明理由", "need")


def test_the_setting_takes_abstentions_out_of_the_denominator_and_is_named_in_the_line():
    assert excellent(50, 38, 111, 1).outcome is Outcome.NEEDS_REASON
    judged = excellent(50, 38, 111, 1, Base.MARKED)
    assert (judged.outcome, "÷ 有效且已评 110 ＝ 80.00%" in judged.arithmetic) == (Outcome.MET, True)
    assert ("口径", "÷ 有效且已评") in judged.inputs
    assert excellent(0, 0, 7, 7, Base.MARKED).outcome is Outcome.OPEN


@given(good=COUNT, more=COUNT)
def test_eighty_per_cent_agrees_with_exact_fractions(good, more):
    valid = good + more
    wanted = Outcome.OPEN if not valid else Outcome.MET if Fraction(good, valid) >= Fraction(4, 5) else Outcome.NEEDS_REASON  # fmt: skip
    assert excellent(good, 0, valid).outcome is wanted


@pytest.mark.parametrize(("present", "expected", "outcome", "said"), [
    (114, 120, Outcome.MET, "实到 114 ≥ 应到 120 × ⅔ ＝ 80"),
    (80, 120, Outcome.MET, "实到 80 ≥ 应到 120 × ⅔ ＝ 80"),
    (79, 120, Outcome.NOT_MET, "实到 79 ＜ 应到 120 × ⅔ ＝ 80"),
    (8, 12, Outcome.MET, "实到 8 ≥ 应到 12 × ⅔ ＝ 8"),
    (83, 124, Outcome.MET, "实到 83 ≥ 应到 124 × ⅔ ≈ 82.67"),
    (7, 11, Outcome.NOT_MET, "实到 7 ＜ 应到 11 × ⅔ ≈ 7.33"),
    (0, 0, Outcome.OPEN, "应到人数还没有填写"),
])  # fmt: skip
def test_a_meeting_needs_two_thirds_of_those_expected(present, expected, outcome, said):
    judged = meeting.quorate(present, expected)
    assert (judged.outcome, judged.arithmetic) == (outcome, said)
    assert (judged.clause.mark, meeting.decision_quorate(present, expected).clause.mark) == ("‡", "†")


@given(present=COUNT, expected=st.integers(1, 100_000))
def test_two_thirds_agree_with_exact_fractions_and_with_the_number_that_is_needed(present, expected):
    met = meeting.quorate(present, expected).met
    assert met is (Fraction(present, expected) >= Fraction(2, 3))
    assert met is (present >= meeting.needed_present(expected))


@pytest.mark.parametrize(("back", "handed_out", "outcome", "said"), [
    (113, 114, Outcome.MET, "收回 113 ≤ 发出 114"), (114, 114, Outcome.MET, "收回 114 ≤ 发出 114"),
    (115, 114, Outcome.NOT_MET, "收回 115 ＞ 发出 114"),
])  # fmt: skip
def test_no_more_ballots_may_come_back_than_slips_were_handed_out(back, handed_out, outcome, said):
    judged = meeting.returned(back, handed_out)
    assert (judged.outcome, judged.arithmetic, judged.clause.mark) == (outcome, said, "†")
