"""Shares are judged and printed on integers, half up."""

import datetime as dt

import pytest

from voting.polls.results import Counts, split_answer, year_after
from voting.polls.share import Share


@pytest.mark.parametrize(
    ("votes", "valid", "printed"),
    [
        (0, 113, "0.00"), (41, 113, "36.28"), (113, 113, "100.00"), (1, 3, "33.33"), (2, 3, "66.67"),
        (1, 16, "6.25"), (1, 800, "0.13"), (3, 800, "0.38"), (1, 20001, "0.00"), (1, 20000, "0.01"),
        (79996, 100000, "80.00"), (0, 0, "—"),
    ],
)  # fmt: skip
def test_a_share_is_printed_half_up_to_two_decimals(votes: int, valid: int, printed: str) -> None:
    assert Share(votes, valid).percent == printed


def test_a_bar_is_as_long_as_its_share_of_the_outline() -> None:
    assert [Share(votes, 8).width for votes in (0, 1, 4, 8)] == ["0.0", "20.0", "80.0", "160.0"]


@pytest.mark.parametrize(
    ("meeting", "last_day"),
    [
        (dt.date(2021, 5, 14), dt.date(2022, 5, 13)),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    ],
)
def test_a_recommendation_lives_one_year_from_the_meeting(meeting: dt.date, last_day: dt.date) -> None:
    assert year_after(meeting) == last_day


@pytest.mark.parametrize(
    ("present", "expected", "enough"), [(80, 120, True), (79, 120, False), (8, 12, True), (7, 11, False)]
)
def test_a_meeting_needs_two_thirds_present(present: int, expected: int, *, enough: bool) -> None:
    assert Counts(expected, present, 0, 0, 0).quorate is enough


def test_two_thirds_are_printed_with_one_decimal() -> None:
    assert [Counts(n, 0, 0, 0, 0).two_thirds for n in (120, 124, 7)] == ["80.0", "82.7", "4.7"]


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        (
            "俞景行（对外贸易处　副处长（试用期）、四级主任科员）",
            ("俞景行", "对外贸易处　副处长（试用期）、四级主任科员"),
        ),
        ("顾𬱖", ("顾𬱖", "")),
    ],
)
def test_a_line_of_the_ballot_is_split_into_name_and_duty(answer: str, parts: tuple[str, str]) -> None:
    assert split_answer(answer) == parts
