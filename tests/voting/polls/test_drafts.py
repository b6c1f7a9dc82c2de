"""A poll's draft: what the clerk may type, what is refused and by which code; nothing half written."""

import secrets

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.voting.polls.meeting import CLERK, NOW, Meeting
from voting.board import service as board
from voting.board.models import BoardPoll
from voting.errors import Code, Refused
from voting.polls import drafts
from voting.polls.drafts import GroupDraft, QuestionDraft
from voting.polls.models import Form, Poll
from voting.selections import service as selections


@pytest.fixture
def meeting(db: Session) -> Meeting:
    return Meeting(db).plan()


def refused(act) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_draft_keeps_what_was_typed(db, meeting):
    meeting.create(form=Form.INTERVIEW, groups=[GroupDraft("局领导班子", 4), GroupDraft("机关其他人员", 73, 10)])
    poll, on_board = drafts.get(db, meeting.uuid), board.get(db, meeting.uuid)
    assert (on_board.title, on_board.rehearsal, on_board.state, on_board.minimum) == ("会议推荐", True, "draft", 5)
    assert (poll.form, poll.kind) == ("interview", "recommendation")
    assert [(q.post.title, q.max_choices, q.places) for q in poll.questions] == [
        ("人事教育处处长", 1, 1), ("机关中层副职", 2, 2),
    ]  # fmt: skip
    assert [(g.label, g.expected, g.spares, g.printed) for g in poll.groups] == [
        ("局领导班子", 4, 3, 7), ("机关其他人员", 73, 10, 83),
    ]  # fmt: skip


@pytest.mark.parametrize(("expected", "spares"), [(1, 3), (29, 3), (30, 3), (31, 4), (73, 8), (100, 10), (101, 11)])
def test_spares_are_one_in_ten_rounded_up_and_never_fewer_than_three(expected, spares):
    assert drafts.spares_for(expected) == spares


@pytest.mark.parametrize("groups", [
    [],
    [GroupDraft("甲", 0)],
    [GroupDraft("甲", -1)],
    [GroupDraft("甲", 20_001)],
    [GroupDraft("甲", 3, 2)],
    [GroupDraft("甲", 100, 9)],
    [GroupDraft("甲", 3), GroupDraft("甲", 4)],
    [GroupDraft("甲 组", 3), GroupDraft("甲\u3000组", 4)],
    [GroupDraft("甲组", 3), GroupDraft("甲 组", 4)],
    [GroupDraft(f"第{n}组", 3) for n in range(13)],
])  # fmt: skip
def test_voter_groups_that_overlap_or_have_no_people_are_refused(meeting, groups):
    assert refused(lambda: meeting.create(groups=groups)) == Code.GROUPS_INVALID


@pytest.mark.parametrize("label", ["", "  ", "长" * 21, "甲\u0000", "甲|乙"])
def test_a_label_that_no_slip_can_show_is_refused(meeting, label):
    assert refused(lambda: meeting.create(groups=[GroupDraft(label, 3)])) == Code.INVALID_VALUE


@pytest.mark.parametrize("title", ["", "长" * 81, "会议\u202e推荐"])
def test_a_title_that_no_slip_can_show_is_refused(meeting, title):
    assert refused(lambda: meeting.create(title=title)) == Code.INVALID_VALUE


@pytest.mark.parametrize("most", [0, -1, 4])
def test_more_choices_than_people_or_none_at_all_are_refused(meeting, most):
    questions = [QuestionDraft(meeting.posts[0], most)]
    assert refused(lambda: meeting.create(questions=questions)) == Code.CHOICES_INVALID


def test_a_ballot_without_posts_or_with_one_twice_is_refused(meeting):
    twice = [QuestionDraft(meeting.posts[0], 1)] * 2
    assert refused(lambda: meeting.create(questions=[])) == Code.CHOICES_INVALID
    assert refused(lambda: meeting.create(questions=twice)) == Code.CHOICES_INVALID


def test_a_post_without_candidates_is_refused(db, meeting):
    empty = selections.add_post(db, meeting.selection, "办公室主任", 1)
    assert refused(lambda: meeting.create(questions=[QuestionDraft(empty.id, 1)])) == Code.NO_CANDIDATES


def test_a_post_of_another_selection_is_refused(db, meeting):
    other = Meeting(db).plan()
    questions = [QuestionDraft(other.posts[0], 1)]
    assert refused(lambda: meeting.create(questions=questions)) == Code.NO_SUCH_POST
    assert refused(lambda: meeting.create(questions=[QuestionDraft(999, 1)])) == Code.NO_SUCH_POST


def test_a_selection_or_an_old_poll_that_does_not_exist_is_refused(meeting):
    assert refused(lambda: meeting.create(replaces="1111111111111B")) == Code.INVALID_VALUE
    meeting.selection = 999
    assert refused(meeting.create) == Code.NO_SUCH_SELECTION


def test_a_refused_draft_leaves_nothing_behind(db, meeting):
    db.commit()
    assert refused(lambda: meeting.create(groups=[])) == Code.GROUPS_INVALID
    db.rollback()
    assert db.scalar(select(func.count()).select_from(Poll)) == 0
    assert db.scalar(select(func.count()).select_from(BoardPoll)) == 0


def test_an_update_replaces_questions_and_groups(db, meeting):
    meeting.create()
    changed = meeting.draft(title="会议推荐（更正）", questions=[QuestionDraft(meeting.posts[1], 1)],
                            groups=[GroupDraft("机关中层正职", 14)], rehearsal=False)  # fmt: skip
    drafts.update(db, meeting.uuid, changed, actor=CLERK)
    poll, on_board = drafts.get(db, meeting.uuid), board.get(db, meeting.uuid)
    assert (on_board.title, on_board.rehearsal) == ("会议推荐（更正）", False)
    assert [q.post_id for q in poll.questions] == [meeting.posts[1]]
    assert [(g.label, g.position) for g in poll.groups] == [("机关中层正职", 0)]


def test_polls_are_named_by_identifiers_that_nobody_can_guess():
    made = {drafts.new_uuid(secrets.token_bytes) for _ in range(200)}
    assert len(made) == 200
    assert all(len(uuid) == 14 and set(uuid) <= set(drafts.BASE58) for uuid in made)


def test_a_selections_polls_are_listed_oldest_first(db, meeting):
    first = meeting.create().uuid
    second = meeting.create(title="谈话调研推荐", form=Form.INTERVIEW).uuid
    drafts.get(db, second).created = NOW.replace(year=2027)
    db.flush()
    assert [poll.uuid for poll, _ in drafts.of_selection(db, meeting.selection)] == [first, second]
