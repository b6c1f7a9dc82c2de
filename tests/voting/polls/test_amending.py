"""After printing and before opening, what stands on no slip may be corrected; the slips in hand still vote."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.manifest import Manifest
from tally.questions import Election
from tally.verify import Files, verify
from tests.voting.polls.meeting import CLERK, FIRST, PAIR, SECOND, Meeting
from voting.accounts import audit
from voting.accounts.models import Audit
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import amending, drafts, lifecycle, officials
from voting.polls.amending import QuestionWording, Wording
from voting.polls.models import Act
from voting.polls.officials import Official
from voting.selections import service as selections
from voting.selections.importing import CandidateRow

CORRECTED = [*FIRST[:2], CandidateRow(4, "顾砚", "三级主任科员", "")]


@pytest.fixture
def meeting(db: Session) -> Meeting:
    return Meeting(db).plan().create().invite().make_keys().keyed().issue()


def wording(meeting: Meeting, titles=("人事教育处处长", "机关中层副职"), most=(1, 2), **bodies: str) -> Wording:
    """The ballot as it was planned, with some things changed."""
    asked = [QuestionWording(*one) for one in zip(meeting.posts, titles, most, strict=True)]
    standing = {"administrator": drafts.ADMINISTRATOR, "credential_authority": drafts.CREDENTIAL_AUTHORITY}
    return Wording(asked, **{**standing, **bodies})


def amend(meeting: Meeting, wanted: Wording | None, *, candidates: bool = False, **changes) -> list[str]:
    given = {"reason": "职位名称有错字", "named": PAIR, "actor": CLERK} | changes
    return amending.amend(meeting.db, meeting.uuid, wording=wanted, candidates=candidates, **given)


def refused(act: Callable[[], object]) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def titles(meeting: Meeting) -> list[str]:
    return [selections.get_post(meeting.db, post).title for post in meeting.posts]


def second_poll(meeting: Meeting) -> Meeting:
    """Another poll of the same posts, its slips printed."""
    other = Meeting(meeting.db, posts=meeting.posts, selection=meeting.selection)
    return other.create(title="谈话调研").invite().make_keys().keyed().issue()


def test_the_frozen_election_has_the_new_text_the_old_slips_vote_and_the_record_verifies(db, meeting):
    amend(
        meeting,
        wording(
            meeting,
            ("人事教育处处长（试用）", "机关中层副职"),
            (2, 1),
            administrator="局机关党委",
            credential_authority="局办公室",
        ),
        candidates=True,
    )
    selections.import_candidates(db, meeting.posts[0], CORRECTED)
    meeting.open()
    election = Election.parse(board.get(db, meeting.uuid).election)
    assert [(q.text, q.max) for q in election.questions] == [("人事教育处处长（试用）", 2), ("机关中层副职", 1)]
    assert election.questions[0].answers[2] == "顾砚（三级主任科员）"
    assert (election.administrator, election.credential_authority) == ("局机关党委", "局办公室")
    assert election.name == "会议推荐"
    meeting.vote([[[0, 1, 0, 1], [0, 1, 0]]] * 6)
    meeting.counts(left_in_hand=7).start_closing().finish_closing().tally()
    found = board.files(db, meeting.uuid)
    report = verify(Files(bel=found[f"{meeting.uuid}.bel"], manifest=found["manifest.json"], closing=found["closing.json"],
                          voids=found["voids.json"], tally=found["tally.json"]))  # fmt: skip
    assert [check.line for check in report.checks if not check.ok] == []
    assert report.result == [[0, 6, 0, 6], [0, 6, 0]]


def test_what_stands_on_slips_and_in_keys_stays(db, meeting):
    before = (
        board.credentials(db, meeting.uuid),
        [(g.label, g.expected, g.spares) for g in drafts.get(db, meeting.uuid).groups],
    )
    amend(meeting, wording(meeting, most=(2, 2)))
    meeting.open()
    assert before[0] == board.credentials(db, meeting.uuid)
    manifest = Manifest.parse(board.get(db, meeting.uuid).manifest)
    assert [(g.label, len(g.credentials)) for g in manifest.groups] == [(label, e + s) for label, e, s in before[1]]
    assert (manifest.selection, manifest.rehearsal) == ("2026年科级干部选拔任用", True)
    assert [(t.name, t.role) for t in manifest.trustees] == [("郑为民", "机关纪委"), ("梁静姝", "工会")]


def test_the_log_says_what_was_and_what_is(db, meeting):
    said = amend(
        meeting, wording(meeting, ("人事处处长", "机关中层副职"), (1, 1), administrator="机关党委"), candidates=True
    )
    assert said == [
        "职位“人事教育处处长”改为“人事处处长”",
        "机关中层副职每人可推荐 2 人改为 1 人",
        "组织单位“局人教处”改为“机关党委”",
    ]
    line = db.scalars(select(Audit).where(Audit.action == "poll.amend")).one()
    assert line.detail == f"{'；'.join(said)}；准予更正推荐人选；理由：职位名称有错字（监票人甲、计票人乙）"
    assert audit.verify(db).ok


def test_a_corrected_title_alone_leaves_the_candidates_locked(db, meeting):
    amend(meeting, wording(meeting, ("人事处处长", "机关中层副职")))
    assert refused(lambda: selections.import_candidates(db, meeting.posts[0], SECOND)) == Code.POST_LOCKED


def test_two_titles_that_were_mixed_up_change_places(meeting):
    amend(meeting, wording(meeting, ("机关中层副职", "人事教育处处长"), (1, 2)))
    assert titles(meeting) == ["机关中层副职", "人事教育处处长"]


def test_names_of_a_second_amendment_replace_the_firsts(db, meeting):
    amend(meeting, wording(meeting, most=(2, 2)))
    amend(meeting, wording(meeting, most=(1, 2)), named=[Official("丙"), Official("丁")])
    assert [one.name for one in officials.signed_by(db, meeting.uuid, Act.AMEND)] == ["丁", "丙"]


def test_an_amendment_that_changes_nothing_is_refused(db, meeting):
    assert refused(lambda: amend(meeting, wording(meeting))) == Code.NOTHING_AMENDED
    assert (
        refused(lambda: amend(meeting, wording(meeting, (" 人事教育处处长 ", "机关中层副职")))) == Code.NOTHING_AMENDED
    )
    assert officials.signed_by(db, meeting.uuid, Act.AMEND) == []


@pytest.mark.parametrize(("changes", "code"), [
    ({"titles": ("", "机关中层副职")}, Code.INVALID_VALUE),
    ({"titles": ("长" * 81, "机关中层副职")}, Code.INVALID_VALUE),
    ({"titles": ("处|长", "机关中层副职")}, Code.INVALID_VALUE),
    ({"titles": ("机关中层副职", "机关中层副职")}, Code.INVALID_VALUE),
    ({"most": (0, 2)}, Code.CHOICES_INVALID),
    ({"most": (4, 2)}, Code.CHOICES_INVALID),
    ({"most": (1, -1)}, Code.CHOICES_INVALID),
    ({"administrator": ""}, Code.INVALID_VALUE),
    ({"credential_authority": "a\x00b"}, Code.INVALID_VALUE),
])  # fmt: skip
def test_wording_is_judged_as_a_draft_is(db, meeting, changes, code):
    db.commit()
    assert refused(lambda: amend(meeting, wording(meeting, **changes))) == code
    db.rollback()
    assert titles(meeting) == ["人事教育处处长", "机关中层副职"]
    assert [q.max_choices for q in drafts.get(db, meeting.uuid).questions] == [1, 2]


def test_the_questions_must_be_the_polls_own(db, meeting):
    stranger = selections.add_post(db, meeting.selection, "财务处处长", 1).id
    asked = wording(meeting).questions
    for wrong in ([], asked[:1], [asked[0], asked[0]], [*asked, asked[0]], [asked[0], QuestionWording(stranger, "财务处处长", 1)],
                  [*asked, QuestionWording(999, "无此职位", 1)]):  # fmt: skip
        assert refused(lambda wrong=wrong: amend(meeting, Wording(wrong, "甲", "乙"))) == Code.BAD_REQUEST


@pytest.mark.parametrize(("changes", "code"), [
    ({"reason": " "}, Code.REASON_MISSING), ({"reason": "长" * 201}, Code.INVALID_VALUE),
    ({"named": PAIR[:1]}, Code.OFFICIALS_INVALID), ({"named": [PAIR[0], PAIR[0]]}, Code.OFFICIALS_INVALID),
    ({"named": [Official("甲"), Official("过 静宜")]}, Code.OFFICIALS_INVALID),
])  # fmt: skip
def test_a_reason_and_two_officials_are_needed(meeting, changes, code):
    assert refused(lambda: amend(meeting, wording(meeting, most=(2, 2)), **changes)) == code


def test_a_post_that_another_printed_poll_holds_keeps_its_title_and_candidates(db, meeting):
    other = second_poll(meeting)
    db.commit()
    assert refused(lambda: amend(meeting, wording(meeting, ("人事处处长", "机关中层副职")))) == Code.POST_HELD
    db.rollback()
    amend(meeting, wording(meeting, most=(2, 2)), candidates=True)  # what is this poll's own may change
    assert refused(lambda: selections.import_candidates(db, meeting.posts[0], CORRECTED)) == Code.POST_LOCKED
    assert drafts.get(db, other.uuid).questions[0].max_choices == 1


@pytest.mark.parametrize("state", ["open", "closed", "tallied"])
def test_an_opened_polls_posts_are_held_to_its_end(db, meeting, state):
    other = second_poll(meeting).open()
    if state != "open":
        other.vote([[[0, 1, 0, 0], [0, 1, 0]]] * 6).counts(left_in_hand=7).start_closing().finish_closing()
    if state == "tallied":
        other.tally()
    assert other.state == state
    assert refused(lambda: amend(meeting, wording(meeting, ("人事处处长", "机关中层副职")))) == Code.POST_HELD


def test_a_void_poll_holds_nothing(db, meeting):
    other = second_poll(meeting)
    lifecycle.void(db, other.uuid, reason="误建", named=PAIR, actor=CLERK)
    amend(meeting, wording(meeting, ("人事处处长", "机关中层副职")))
    assert titles(meeting)[0] == "人事处处长"


def test_a_post_of_no_ballot_cannot_be_renamed_by_way_of_an_unknown_number(db, meeting):
    assert refused(lambda: selections.rename_posts(db, {999: "无"}, meeting.uuid)) == Code.NO_SUCH_POST


def test_open_judges_the_amended_ballot_again(db, meeting):
    amend(meeting, wording(meeting, most=(3, 2)), candidates=True)
    selections.import_candidates(db, meeting.posts[0], SECOND)
    assert refused(meeting.open) == Code.CHOICES_INVALID
    amend(meeting, wording(meeting, most=(2, 2)))
    meeting.open()
    assert Election.parse(board.get(db, meeting.uuid).election).questions[0].max == 2


def test_candidates_who_look_alike_are_refused_before_the_box_opens_and_not_when_it_is_counted(db, meeting):
    """The record's verifier refuses such a ballot, so it must never be frozen."""
    amend(meeting, wording(meeting, most=(1, 2)), candidates=True)
    alike = [SECOND[0], replace(SECOND[0], name=SECOND[0].name + "\ufe00")]
    selections.import_candidates(db, meeting.posts[0], alike)
    assert refused(meeting.open) == Code.CHOICES_INVALID
