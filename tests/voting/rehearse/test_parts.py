"""The rehearsal's parts: the plan, the printed page read back, the forms found on a page."""

import random

import pytest

from keys import credential
from voting.rehearse import phones, plan
from voting.rehearse.browser import Page, Stuck, _encode


@pytest.mark.parametrize("voters", [5, 6, 30, 113, 120, 997])
def test_voters_are_spread_over_the_groups_without_loss(voters: int) -> None:
    made = plan.make_plan(voters, 1)
    assert made.voters == voters
    assert [size for _, size in made.groups] == [len(ballots) for ballots in made.ballots]
    assert all(size > 0 for _, size in made.groups)


def test_the_sample_bureaus_own_size_gives_its_own_groups() -> None:
    assert plan.spread(120) == [7, 14, 9, 22, 68]


def test_the_same_seed_gives_the_same_votes_and_another_seed_others() -> None:
    assert plan.make_plan(60, 7) == plan.make_plan(60, 7)
    assert plan.make_plan(60, 7) != plan.make_plan(60, 8)


def test_every_drawn_ballot_abstains_or_chooses_no_more_than_allowed() -> None:
    for group in plan.make_plan(400, 3).ballots:
        for ballot in group:
            for post, marks in zip(plan.POSTS, ballot, strict=True):
                chosen = sum(marks[1:])
                assert (marks[0], chosen) == (1, 0) or (marks[0] == 0 and 1 <= chosen <= post.max_choices)


def test_some_post_allows_two_and_some_voters_choose_two() -> None:
    ballots = [ballot for group in plan.make_plan(400, 3).ballots for ballot in group]
    assert [post.max_choices for post in plan.POSTS] == [1, 2]
    assert any(sum(ballot[1][1:]) == 2 for ballot in ballots)
    assert any(ballot[0][0] == 1 for ballot in ballots)


def test_ballots_add_up_per_answer() -> None:
    assert plan.add_up([[[0, 1, 0], [1, 0]], [[0, 1, 0], [0, 1]], [[1, 0, 0], [0, 1]]]) == [[1, 2, 0], [1, 2]]


def test_an_evaluation_draws_at_most_one_mark_an_item_and_leaves_some_open() -> None:
    made = plan.make_plan(60, 3, "evaluation")
    ballots = [ballot for group in made.ballots for ballot in group]
    assert (made.kind, made.posts, len(made.persons)) == ("evaluation", (), 3)
    assert {tuple(len(row) for row in ballot) for ballot in ballots} == {(4, 4, 4, 4, 4, 4, 2) * 3}
    assert {sum(row) for ballot in ballots for row in ballot} == {0, 1}


def test_fine_items_are_expected_only_of_groups_of_twenty() -> None:
    told = plan.shown(plan.make_plan(120, 1, "evaluation"))
    assert [label for label, rows in told.items() if rows[0] is not None] == ["直属单位班子其他成员", "机关其他人员"]
    assert [label for label, rows in told.items() if rows[5] is not None] == [label for label, _ in plan.GROUPS]
    assert all(row is not None for rows in plan.shown(plan.make_plan(120, 1)).values() for row in rows)


CODES = [credential.new(lambda n, k=k: bytes([k]) * n) for k in range(1, 4)]


def printed(code: str, group: str) -> str:
    spans = "".join(f"<span>{part}</span>" for part in code.split("-"))
    return (
        f'<section class="slip">\n<header><b>会议推荐票<em>演练</em></b><span class="long">{group}</span><small>票</small></header>'
        f'<div><svg><path d="M1 2h3v4"/></svg><p class="typed">{spans}</p></div></section>'
    )


def test_codes_and_groups_are_read_from_the_printed_page() -> None:
    page = "".join(printed(code, "直属(下属)单位负责人&amp;" if code == CODES[2] else "局领导班子") for code in CODES)
    slips = phones.read_slips(page)
    assert [slip.code for slip in slips] == CODES
    assert [slip.group for slip in slips] == ["局领导班子", "局领导班子", "直属(下属)单位负责人&"]


def test_slips_are_drawn_from_ones_own_group_and_never_twice() -> None:
    slips = [phones.Handed(str(n), "甲" if n < 6 else "乙") for n in range(12)]
    first, second = phones.deal(slips, [("甲", 5), ("乙", 6)], random.Random(1))
    assert {slip.group for slip in first} == {"甲"}
    assert len({slip.code for slip in [*first, *second]}) == 11


def test_a_pile_that_is_too_small_stops_the_rehearsal() -> None:
    with pytest.raises(Stuck, match="乙"):
        phones.deal([phones.Handed("1", "甲")], [("甲", 1), ("乙", 1)], random.Random(1))


PAGE = Page("http://h/office/polls/u", 200, """
<a href="/x?y">x</a>
<form method="post" action="/logout"><input type="hidden" name="csrf_token" value="t&amp;1"><button>退出</button></form>
<form method="post"><input name="csrf_token" value="t2"><input type="checkbox" name="rehearsal" value="y" checked>
<input type="checkbox" name="other" value="y"><select name="form"><option value="meeting" selected>m<option value="interview">i</select>
<textarea name="reason">因
故</textarea><input type="file" name="file"><button name="go" value="1">好</button></form>""")  # fmt: skip


def test_a_form_is_found_by_its_action_or_field_with_its_fields_as_they_stand() -> None:
    assert PAGE.form(action="/logout").fields == [("csrf_token", "t&1")]
    form = PAGE.form(has="file")
    assert form.action == "http://h/office/polls/u"
    assert form.fields == [("csrf_token", "t2"), ("rehearsal", "y"), ("form", "meeting"), ("reason", "因\n故")]
    assert PAGE.links == ["http://h/x?y"]


def test_a_missing_form_says_what_the_page_showed_instead() -> None:
    with pytest.raises(Stuck, match="退出"):
        PAGE.form(has="no_such_field")


def test_a_form_with_a_file_is_sent_as_multipart() -> None:
    body, kind = _encode([("csrf_token", "t"), ("file", ("候选人.csv", b"\xd0\xd5"))])
    mark = kind.partition("boundary=")[2].encode()
    assert body.count(mark) == 3
    assert b'name="file"; filename="' in body
    assert b"\r\n\r\n\xd0\xd5\r\n" in body
