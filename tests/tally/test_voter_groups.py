"""The disclosure rule: no published figure, and no difference of figures, is about fewer ballots than the minimum."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.voter_groups import disclose


@pytest.mark.parametrize(
    ("cast", "minimum", "shown", "rest"),
    [
        # PROTOCOL's example: with 20 for items, 20 and 30 together would give the 5 away.
        ((5, 20, 30), 20, (2,), (0, 1)),
        ((5, 20, 30), 5, (0, 1, 2), ()),
        # The sample meeting: 局领导班子 4 is hidden behind the smallest group that may be shown.
        ((4, 14, 8, 21, 66), 5, (1, 3, 4), (0, 2)),
        ((4, 14, 8, 21, 66), 20, (3, 4), (0, 1, 2)),
        # Two small groups that are enough together.
        ((3, 3, 9), 5, (2,), (0, 1)),
        # The only one that could be shown must join.
        ((1, 5, 6, 20), 20, (), (0, 1, 2, 3)),
        ((1, 5, 6, 7), 7, (3,), (0, 1, 2)),
        ((1, 7, 8, 9), 10, (), (0, 1, 2, 3)),
        # Ties go to the group that stands first.
        ((2, 6, 6), 5, (2,), (0, 1)),
        # Groups without ballots are in neither.
        ((0, 5, 0), 5, (1,), ()),
        ((0, 0), 5, (), ()),
        # Only small groups: all of them in one line.
        ((1, 2), 5, (), (0, 1)),
        ((4,), 5, (), (0,)),
        ((), 5, (), ()),
    ],
)
def test_the_examples_of_the_rule(cast, minimum, shown, rest):
    found = disclose(cast, minimum)
    assert (found.shown, found.rest) == (shown, rest)


casts = st.lists(st.integers(0, 40), max_size=7)


@given(casts, st.integers(5, 25))
def test_every_group_with_ballots_is_either_shown_or_in_the_rest(cast, minimum):
    found = disclose(cast, minimum)
    assert sorted([*found.shown, *found.rest]) == [k for k, n in enumerate(cast) if n]
    assert all(cast[k] >= minimum for k in found.shown)


@given(casts, st.integers(5, 25))
def test_the_rest_is_nobody_or_at_least_the_minimum_unless_nothing_is_shown(cast, minimum):
    found = disclose(cast, minimum)
    rest = sum(cast[k] for k in found.rest)
    assert rest == 0 or rest >= minimum or not found.shown


@given(casts, st.integers(5, 25))
def test_no_difference_of_published_figures_is_a_smaller_union(cast, minimum):
    """Published are the total and the groups shown: every sum that follows from them is of 0 or enough ballots."""
    found = disclose(cast, minimum)
    if not found.shown:
        return
    for size in range(len(found.shown) + 1):
        for taken in combinations(found.shown, size):
            remaining = sum(cast) - sum(cast[k] for k in taken)
            assert remaining == 0 or remaining >= minimum


@given(casts, st.integers(5, 25))
def test_no_more_is_hidden_than_the_rule_asks(cast, minimum):
    """A group of enough ballots is hidden only while the groups smaller than it were too few."""
    found = disclose(cast, minimum)
    hidden = [k for k in found.rest if cast[k] >= minimum]
    if hidden:
        last = max(hidden, key=lambda k: (cast[k], k))
        assert sum(cast[k] for k in found.rest if k != last) < minimum
