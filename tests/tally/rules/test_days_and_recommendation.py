"""A recommendation's year, its last day, and for whom an analysis must exist; notice and probation by the calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.rules import days, recommendation, terms
from tally.rules.days import Day
from tally.rules.outcome import Outcome

DATES = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
MEETING = {"季慕青": 21, "过静宜": 11, "俞景行": 11, "贺德润": 0, "薛明澈": 41}
INTERVIEW = {"季慕青": 9, "过静宜": 10, "俞景行": 2, "贺德润": 9, "薛明澈": 8}


@given(DATES)
def test_days_follow_one_another_as_in_the_calendar(date):
    one, step = Day.of(date), dt.timedelta(days=1)
    assert (days.before(one), days.after(one)) == (Day.of(date - step), Day.of(date + step))
    assert (one.weekend, one.iso) == (date.weekday() >= 5, date.isoformat())


@pytest.mark.parametrize(("day", "months", "then"), [
    ((2020, 11, 8), 6, (2021, 5, 8)), ((2020, 11, 9), 6, (2021, 5, 9)), ((2020, 8, 31), 6, (2021, 2, 28)),
    ((2019, 12, 31), 2, (2020, 2, 29)), ((2020, 1, 15), 24, (2022, 1, 15)),
])  # fmt: skip
def test_calendar_months_end_on_the_same_day_or_the_months_last(day, months, then):
    assert days.months_later(Day(*day), months) == Day(*then)


@pytest.mark.parametrize(("meeting", "last"), [
    (dt.date(2021, 5, 14), "2022-05-13"), (dt.date(2024, 2, 29), "2025-02-28"), (dt.date(2023, 2, 28), "2024-02-27"),
    (dt.date(2023, 3, 1), "2024-02-29"), (dt.date(2026, 1, 1), "2026-12-31"),
])  # fmt: skip
def test_the_years_last_day_is_in_and_the_next_is_not(meeting, last):
    day = dt.date.fromisoformat(last)
    assert recommendation.last_day(meeting).iso == last
    assert recommendation.usable(meeting, day).outcome is Outcome.MET
    late = recommendation.usable(meeting, day + dt.timedelta(days=1))
    assert (late.outcome, "已过期" in late.arithmetic, late.clause.text) == (Outcome.NOT_MET, True, "方案四(二)")


def test_a_recommendation_is_not_used_before_its_meeting():
    assert recommendation.usable(dt.date(2021, 5, 14), dt.date(2021, 5, 13)).outcome is Outcome.OPEN
    assert recommendation.usable(dt.date(2021, 5, 14), dt.date(2021, 5, 14)).outcome is Outcome.MET


@pytest.mark.parametrize(("proposed", "wanted"), [
    (["薛明澈"], ["季慕青", "过静宜", "贺德润", "薛明澈"]),  # most votes in the meeting, not in the interviews
    (["季慕青"], ["季慕青", "过静宜", "贺德润", "薛明澈"]),
    (["过静宜"], ["季慕青", "过静宜", "俞景行", "薛明澈"]),  # 俞景行 has as many
    (["贺德润"], ["季慕青", "过静宜", "俞景行", "贺德润", "薛明澈"]),
    ([], []),
])  # fmt: skip
def test_an_analysis_is_due_for_the_proposed_and_all_with_as_many_votes_in_either_count(proposed, wanted):
    assert list(recommendation.to_analyse([MEETING, INTERVIEW], proposed)) == wanted


def test_meeting_and_interview_are_never_added():
    """Together 俞景行 has 13, 贺德润 9; yet who is proposed with 0 and 9 is compared in each count alone."""
    assert recommendation.to_analyse([{"甲": 5, "乙": 4}, {"甲": 1, "乙": 1}], ["甲"]) == ("甲", "乙")
    assert recommendation.to_analyse([{"甲": 5, "乙": 4}, {"甲": 2, "乙": 1}], ["甲"]) == ("甲",)


def test_who_is_missing_an_analysis_is_named():
    judged = recommendation.analysed([MEETING], ["季慕青"], ["季慕青"])
    assert (judged.outcome, judged.arithmetic) == (Outcome.NOT_MET, "缺少综合分析：薛明澈")
    assert recommendation.analysed([MEETING], ["季慕青"], ["薛明澈", "季慕青"]).outcome is Outcome.MET
    assert recommendation.analysed([MEETING], [], []).outcome is Outcome.OPEN
    assert recommendation.analysed([], ["外来者"], []).arithmetic == "缺少综合分析：外来者"


def test_others_with_more_votes_are_named_per_count():
    assert recommendation.with_more(MEETING, "过静宜") == ("季慕青", "薛明澈")
    assert recommendation.with_more(INTERVIEW, "过静宜") == ()
    assert recommendation.with_more(MEETING, "外来者") == ()


@given(st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.integers(0, 9), min_size=1), st.data())
def test_nobody_with_as_many_votes_as_a_proposed_person_is_left_out(votes, data):
    proposed = data.draw(st.sets(st.sampled_from(sorted(votes)), min_size=1))
    found = set(recommendation.to_analyse([votes], sorted(proposed)))
    assert found == {one for one in votes if one in proposed or votes[one] >= min(votes[p] for p in proposed)}


def test_a_notice_runs_five_working_days_from_the_day_after_publication():
    assert terms.notice_ends(dt.date(2026, 11, 20)).iso == "2026-11-27"  # Friday to Friday
    # 国庆 2026: published on Wednesday 30 September, offices shut 1-7 October, worked on Saturday 10 October.
    holidays, makeup = [Day(2026, 10, day) for day in range(1, 8)], [Day(2026, 10, 10)]
    assert terms.notice_ends(dt.date(2026, 9, 30), holidays, makeup).iso == "2026-10-13"
    assert terms.noticed(dt.date(2026, 11, 20), dt.date(2026, 11, 27)).outcome is Outcome.OPEN
    assert terms.noticed(dt.date(2026, 11, 20), dt.date(2026, 11, 28)).outcome is Outcome.MET


def test_probation_lasts_one_year():
    assert terms.probation_ends(dt.date(2021, 7, 1)).iso == "2022-06-30"
