"""The disclosure rule: no published figure, and no difference of figures, is about fewer ballots than the minimum."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from tally.manifest import Manifest, VoterGroup
from tally.voter_groups import disclose, disclosures, question_minimum, shown_labels

KEY = SigningKey(b"k" * 32).verify_key.encode().hex()


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


# --- per question


def manifest(minimum: int = 5, by_group: tuple[int, ...] = (0,), groups: int = 3) -> Manifest:
    labels = tuple(VoterGroup(f"类别{k}", ()) for k in range(groups))
    return Manifest("u", "s", "k", False, "https", labels, minimum, KEY, (), by_group=by_group)


@pytest.mark.parametrize(
    ("minimum", "by_group", "expected"),
    [(5, (0, 2), [5, 20, 5]), (5, (), [20, 20, 20]), (12, (1,), [20, 12, 20]), (30, (0,), [30, 30, 30])],
)
def test_questions_by_group_ask_for_the_polls_minimum_all_others_for_twenty_never_less(minimum, by_group, expected):
    assert [question_minimum(manifest(minimum, by_group), q) for q in range(3)] == expected


def test_each_question_is_judged_by_its_own_minimum():
    found = disclosures(manifest(), (5, 20, 30), 2)
    assert [(one.shown, one.rest) for one in found] == [((0, 1, 2), ()), ((2,), (0, 1))]
    assert shown_labels(manifest(), (5, 20, 30), 2) == ("类别0", "类别1", "类别2")
    assert shown_labels(manifest(by_group=()), (5, 20, 30), 2) == ("类别2",)


@pytest.mark.parametrize("cast", [(4, 0, 0), (2, 1, 1), (0, 0, 0)])
def test_below_the_polls_minimum_no_question_shows_anything(cast):
    assert shown_labels(manifest(), cast, 2) == ()
    assert all(one.shown == () for one in disclosures(manifest(), cast, 2))


def test_the_samples_meetings_show_what_the_sample_expects():
    wide = manifest(groups=5)
    assert shown_labels(wide, (4, 14, 8, 21, 66), 1) == ("类别1", "类别3", "类别4")
    assert shown_labels(wide, (6, 13, 9, 20, 63), 1) == tuple(f"类别{k}" for k in range(5))
    assert shown_labels(manifest(groups=5, by_group=()), (6, 13, 9, 20, 63), 1) == ("类别3", "类别4")


# --- whatever can be computed


def rank(rows: list[list[Fraction]]) -> int:
    """Rank of a matrix over the rationals, by elimination."""
    rows, found = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for at, row in enumerate(rows):
            if at != found and row[column]:
                times = row[column] / pivot[column]
                rows[at] = [a - times * b for a, b in zip(row, pivot, strict=True)]
        found += 1
    return found


def computable(published: list[list[int]], wanted: list[int]) -> bool:
    """Whether some linear combination of the published sums is the wanted sum, whatever the ballots are."""
    rows = [[Fraction(one) for one in row] for row in published]
    return rank(rows) == rank([*rows, [Fraction(one) for one in wanted]])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 26), min_size=1, max_size=5), st.integers(5, 20), st.sampled_from([(), (0,)]))
def test_no_linear_combination_of_what_is_published_is_a_union_below_the_minimum(cast, minimum, by_group):
    """Published are total, shown groups and 其余合计, and that groups without ballots are zero. Every union is tried."""
    plan = manifest(minimum, by_group, len(cast))
    (found,) = disclosures(plan, cast, 1)
    if sum(cast) < minimum:
        assert found.shown == ()
        return
    one = lambda ks: [int(k in ks) for k in range(len(cast))]  # noqa: E731 - the indicator of a union
    published = [[1] * len(cast), *(one({k}) for k in found.shown), *(one({k}) for k, n in enumerate(cast) if not n)]
    published += [one(set(found.rest))] if found.shown and found.rest else []
    least = question_minimum(plan, 0) if found.shown else minimum
    for size in range(1, len(cast) + 1):
        for union in combinations(range(len(cast)), size):
            ballots = sum(cast[k] for k in union)
            assert ballots == 0 or ballots >= least or not computable(published, one(set(union)))


def test_the_search_for_combinations_finds_one_where_there_is_one():
    """20 and 30 shown beside the total of 5, 20, 30: the 5 follow."""
    assert computable([[1, 1, 1], [0, 1, 0], [0, 0, 1]], [1, 0, 0])
    assert not computable([[1, 1, 1], [0, 0, 1]], [1, 0, 0])
