"""Evaluations and decisions by slips, from the draft to the frozen questions: what is asked, and what is refused."""

import secrets
from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from tally.manifest import Manifest
from tally.questions import Election
from tally.rules.grading import Base as RateBase
from tests.voting.polls.meeting import CLERK, NOW, PAIR, Meeting
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import amending, building, drafts, lifecycle, officials
from voting.polls.amending import Wording
from voting.polls.drafts import Draft, GroupDraft, QuestionDraft
from voting.polls.models import Form, Item, Kind
from voting.polls.officials import Official
from voting.polls.persons import MAX_PERSONS, PersonDraft

PEOPLE = [PersonDraft("季慕青", "副处长、三级主任科员", "投资促进处"), PersonDraft("白若溪", "处长", "")]
WHOLE: dict[str, object] = {
    "title": "民主测评", "kind": Kind.EVALUATION, "questions": (), "persons": PEOPLE,
    "items": [Item.USE, Item.OVERALL, Item.VIRTUE], "groups": [GroupDraft("机关其他人员", 7)],
}  # fmt: skip
DECISION: dict[str, object] = {**WHOLE, "title": "党组会表决", "kind": Kind.DECISION, "items": ()}


@pytest.fixture
def meeting(db: Session) -> Meeting:
    return Meeting(db).plan()


def refusal(act) -> tuple[Code, str]:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code, caught.value.detail


def issued(meeting: Meeting, **changes: object) -> Meeting:
    return meeting.create(**{**WHOLE, **changes}).invite().make_keys().keyed().issue()


def test_an_evaluation_asks_person_by_person_the_chosen_items_in_their_fixed_order(db, meeting):
    meeting.create(**WHOLE)
    asked = building.questions(db, drafts.get(db, meeting.uuid))
    assert [q.text for q in asked] == [
        "季慕青（投资促进处　副处长、三级主任科员）：德", "季慕青（投资促进处　副处长、三级主任科员）：总体评价",
        "季慕青（投资促进处　副处长、三级主任科员）：使用意见", "白若溪（处长）：德", "白若溪（处长）：总体评价", "白若溪（处长）：使用意见",
    ]  # fmt: skip
    assert [q.answers for q in asked[:3]] == [("优秀", "称职", "基本称职", "不称职")] * 2 + [("同意", "不同意")]
    assert {(q.min, q.max, q.blank) for q in asked} == {(0, 1, False)}


def test_only_overall_and_use_are_shown_for_groups_of_five(db, meeting):
    issued(meeting).open()
    on_board = board.get(db, meeting.uuid)
    manifest = Manifest.parse(on_board.manifest)
    assert (manifest.kind, manifest.by_group) == ("evaluation", (1, 2, 4, 5))
    assert Election.parse(on_board.election).description.split("\n")[2] == "民主测评"


def test_a_decision_asks_one_question_a_person_all_by_group(db, meeting):
    issued(meeting, **DECISION).open()
    on_board = board.get(db, meeting.uuid)
    manifest, election = Manifest.parse(on_board.manifest), Election.parse(on_board.election)
    assert (manifest.kind, manifest.by_group) == ("decision", (0, 1))
    assert [(q.text, q.answers, q.min, q.max, q.blank) for q in election.questions] == [
        ("季慕青（投资促进处　副处长、三级主任科员）", ("同意", "不同意", "缓议"), 0, 1, False),
        ("白若溪（处长）", ("同意", "不同意", "缓议"), 0, 1, False),
    ]


def test_a_draft_keeps_its_persons_items_and_setting_and_takes_others(db, meeting):
    meeting.create(**WHOLE)
    poll = drafts.get(db, meeting.uuid)
    assert (poll.asked, poll.rate_base, poll.label) == ((Item.VIRTUE, Item.OVERALL, Item.USE), "valid", "民主测评")
    turned = meeting.draft(**{**WHOLE, "persons": PEOPLE[::-1], "items": [Item.USE], "rate_base": RateBase.MARKED})
    drafts.update(db, meeting.uuid, turned, actor=CLERK)
    db.expire_all()
    poll = drafts.get(db, meeting.uuid)
    assert ([p.name for p in poll.persons], poll.asked, poll.rate_base) == (["白若溪", "季慕青"], (Item.USE,), "marked")


@pytest.mark.parametrize("people", [
    [],
    [PEOPLE[0], PEOPLE[0]],
    [PersonDraft("季慕青", "甲"), PersonDraft("季 慕青", "乙")],
    [PersonDraft("ＡＢ"), PersonDraft("ab")],
    [PersonDraft("季慕青（副处长）")],
    [PersonDraft("季|慕青")],
    [PersonDraft("")],
    [PersonDraft("季\u200b慕青")],
    [PersonDraft("季" * 31)],
    [PersonDraft(f"人{n}") for n in range(MAX_PERSONS + 1)],
], ids=["none", "twice", "twice with a space", "look alike", "bracket", "bar", "no name", "invisible", "long", "many"])  # fmt: skip
@pytest.mark.parametrize("base", [WHOLE, DECISION], ids=["evaluation", "decision"])
def test_persons_that_no_ballot_can_bear_are_refused(meeting, people, base):
    assert refusal(lambda: meeting.create(**{**base, "persons": people}))[0] is Code.PERSONS_INVALID


def test_two_people_of_one_name_in_different_offices_are_two(db, meeting):
    meeting.create(**{**WHOLE, "persons": [PersonDraft("季慕青", "", "甲处"), PersonDraft("季慕青", "", "乙处")]})
    assert len(drafts.get(db, meeting.uuid).persons) == 2


def test_a_ballot_that_no_phone_can_encrypt_in_patience_is_refused_with_the_number_that_fits(meeting):
    people = [PersonDraft(f"人{n}") for n in range(21)]
    code, detail = refusal(lambda: meeting.create(**{**WHOLE, "persons": people, "items": list(Item)}))
    assert (code, "最多 20 人" in detail) == (Code.PERSONS_INVALID, True)
    meeting.create(**{**WHOLE, "persons": people[:20], "items": list(Item)})


@pytest.mark.parametrize("changes", [
    {**WHOLE, "items": ()},
    {**WHOLE, "items": [Item.USE, Item.USE]},
    {**DECISION, "items": [Item.USE]},
    {"items": [Item.OVERALL]},
])  # fmt: skip
def test_items_are_an_evaluations_and_there_is_at_least_one(meeting, changes: dict[str, object]):
    assert refusal(lambda: meeting.create(**changes))[0] is Code.ITEMS_INVALID


@pytest.mark.parametrize("kind", [WHOLE, DECISION], ids=["evaluation", "decision"])
def test_no_kind_takes_what_belongs_to_another(db, meeting, kind):
    assert refusal(lambda: meeting.create(**{**kind, "form": Form.INTERVIEW}))[0] is Code.WRONG_KIND
    asked: Sequence[QuestionDraft] = [QuestionDraft(meeting.posts[0], 1)]
    assert refusal(lambda: meeting.create(**{**kind, "questions": asked}))[0] is Code.WRONG_KIND
    assert refusal(lambda: meeting.create(persons=PEOPLE))[0] is Code.WRONG_KIND
    meeting.create(**kind)
    assert refusal(lambda: drafts.update(db, meeting.uuid, meeting.draft(), actor=CLERK))[0] is Code.WRONG_KIND


def test_a_draft_cannot_be_edited_once_the_keys_are_there(db, meeting):
    meeting.create(**WHOLE).invite().make_keys().keyed()
    wanted: Draft = meeting.draft(**WHOLE)
    assert refusal(lambda: drafts.update(db, meeting.uuid, wanted, actor=CLERK))[0] is Code.WRONG_STATE


def test_who_is_evaluated_holds_no_key_and_signs_for_nothing_in_the_selection(db, meeting):
    meeting.create(**WHOLE)
    evaluation = meeting.uuid
    name = refusal(lambda: officials.name_trustee(db, evaluation, "白 若溪", "工会", actor=CLERK))
    assert name == (Code.TRUSTEE_IS_CANDIDATE, "白若溪")
    meeting.create()
    assert (
        refusal(lambda: officials.name_trustee(db, meeting.uuid, "白若溪", "工会", actor=CLERK))[0]
        is Code.TRUSTEE_IS_CANDIDATE
    )
    pair = [Official("白若溪", "监票人"), PAIR[1]]
    code, detail = refusal(lambda: officials.check_pair(db, drafts.get(db, evaluation), pair))
    assert (code, detail) == (Code.OFFICIALS_INVALID, "白若溪")


def test_a_trustee_who_is_evaluated_afterwards_stops_the_keys(db, meeting):
    meeting.create(**WHOLE).invite([("郑为民", "机关纪委"), ("梁静姝", "工会")]).make_keys()
    drafts.update(db, meeting.uuid, meeting.draft(**{**WHOLE, "persons": [PersonDraft("梁静姝")]}), actor=CLERK)
    assert refusal(lambda: lifecycle.keyed(db, meeting.uuid, actor=CLERK)) == (Code.TRUSTEE_IS_CANDIDATE, "梁静姝")


def test_a_misprint_in_a_name_or_duty_is_corrected_before_opening_and_the_slips_still_vote(db, meeting):
    issued(meeting)
    right = [PersonDraft("季慕清", "副处长", "投资促进处"), PEOPLE[1]]
    changes = amending.amend(
        db, meeting.uuid, reason="名字有错字", named=PAIR, actor=CLERK, wording=bodies(right), candidates=False
    )
    assert changes == ["“季慕青（投资促进处　副处长、三级主任科员）”改为“季慕清（投资促进处　副处长）”"]
    meeting.open().vote([[[1, 0, 0, 0], [0, 1, 0, 0], [1, 0]] * 2])
    assert board.count(db, meeting.uuid) == 1
    assert Election.parse(board.get(db, meeting.uuid).election).questions[0].text == "季慕清（投资促进处　副处长）：德"


def test_a_correction_that_makes_a_trustee_of_a_person_stops_the_opening(db, meeting):
    issued(meeting)
    right = [PEOPLE[0], PersonDraft("郑为民", "处长")]
    amending.amend(db, meeting.uuid, reason="张冠李戴", named=PAIR, actor=CLERK, wording=bodies(right))
    assert refusal(meeting.open) == (Code.TRUSTEE_IS_CANDIDATE, "郑为民")


def bodies(people: Sequence[PersonDraft] | None) -> Wording:
    return Wording((), drafts.ADMINISTRATOR, drafts.CREDENTIAL_AUTHORITY, people)


@pytest.mark.parametrize(("people", "code"), [
    (PEOPLE[:1], Code.BAD_REQUEST),
    ([*PEOPLE, PersonDraft("第三人")], Code.BAD_REQUEST),
    ([PEOPLE[0], PEOPLE[0]], Code.PERSONS_INVALID),
    (PEOPLE, Code.NOTHING_AMENDED),
    (None, Code.NOTHING_AMENDED),
])  # fmt: skip
def test_a_correction_adds_and_removes_nobody(db, meeting, people, code):
    issued(meeting)
    said = refusal(
        lambda: amending.amend(
            db, meeting.uuid, reason="错字", named=PAIR, actor=CLERK, wording=bodies(people), candidates=True
        )
    )
    assert said[0] is code


def test_an_evaluation_holds_no_posts_candidates(db, meeting):
    from voting.selections import service as selections

    issued(meeting)
    assert not any(selections.locked(db, post) for post in meeting.posts)


def test_an_unknown_selection_is_refused(db, meeting):
    wanted = meeting.draft(**WHOLE)
    act = lambda: drafts.create(db, 999, wanted, transport="http", now=NOW, actor=CLERK, rng=secrets.token_bytes)  # noqa: E731 - one line, named for the two asserts below
    assert refusal(act)[0] is Code.NO_SUCH_SELECTION
