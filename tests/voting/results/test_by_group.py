"""What the result page draws of voter groups: segments that add up, and nothing of a withheld group."""

from tally.published import Published
from voting.polls.by_group import by_group

CAST = {"甲": 6, "乙": 2, "丙": 5, "丁": 3}
SHOWN = Published(
    "u", ((4, 8, 4), (6, 4, 2)), (("甲", ((1, 4, 1), None)), ("丙", ((1, 3, 1), None))),
    (("乙", "丁"), ("甲", "乙", "丙", "丁")), ((2, 1, 2), None),
)  # fmt: skip


def test_the_segments_of_a_bar_are_the_groups_shown_and_then_the_rest():
    drawn = by_group(SHOWN, CAST, 0, 5)
    parts = drawn.parts(1, 16)
    assert [(one.line.label, one.line.tone, one.votes) for one in parts] == [
        ("甲", "s1", 4),
        ("丙", "s2", 3),
        ("", "s0", 1),
    ]
    assert [(one.left, one.width) for one in parts] == [(0.0, 40.0), (40.0, 30.0), (70.0, 10.0)]
    assert [line.cast for line in drawn.lines] == [6, 5, 5]
    assert sum(one.votes for one in parts) == SHOWN.total[0][1]


def test_where_no_group_is_shown_there_are_no_segments_and_all_are_named_as_merged():
    drawn = by_group(SHOWN, CAST, 1, 20)
    assert (drawn.lines, drawn.parts(1, 16)) == ((), ())
    assert [line.label for line in drawn.small] == ["甲", "乙", "丙", "丁"]


def test_the_small_groups_and_those_that_hide_them_are_told_apart():
    cast = {"甲": 6, "乙": 2, "丙": 5}
    shown = Published("u", ((0, 13),), (("甲", ((0, 6),)),), (("乙", "丙"),), ((0, 7),))
    drawn = by_group(shown, cast, 0, 5)
    assert ([one.label for one in drawn.small], [one.label for one in drawn.joined]) == (["乙"], ["丙"])


def test_a_poll_without_a_ballot_has_bars_of_no_length():
    empty = Published("u", ((0, 0),), (), ((),), (None,))
    assert by_group(empty, {"甲": 0}, 0, 5).parts(0, 0) == ()
