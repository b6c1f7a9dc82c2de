"""More than half of those who should attend: exactly half fails; the absent and the recused count against; final is final."""

import dataclasses
import datetime as dt

import pytest

from voting.decisions import meetings, record
from voting.decisions.meetings import Plan
from voting.decisions.models import Said
from voting.decisions.papers import paper
from voting.errors import Code, Refused

TWELVE = [(f"成员{n}", "局党组成员") for n in "甲乙丙丁戊己庚辛壬癸子丑"]
PLAN = Plan(dt.date(2021, 7, 1), "范景和", "糜文珊", "柏清源", TWELVE)
A, NO, P, S, R = Said.AGREE, Said.OPPOSE, Said.POSTPONE, Said.SILENT, Said.RECUSED


def refused(act) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def convene(office, db, members=TWELVE, **changes):
    return meetings.convene(db, office.selection.id, dataclasses.replace(PLAN, members=members, **changes), author="x")


def note(db, made, said, absent=0, reconsider=None):
    """Statements in the members' order; the last `absent` are not there."""
    there = made.members[: len(made.members) - absent]
    (item,) = made.items
    votes = {(item.id, member.id): one for member, one in zip(there, said, strict=False)}
    return meetings.note(db, made.id, [one.id for one in there], votes, {item.id: reconsider})


def decide(office, db, said, absent=0, reconsider=None):
    made = convene(office, db)
    note(db, made, said, absent, reconsider)
    return meetings.conclude(db, made.id, now=9).items[0]


def test_exactly_half_does_not_pass_and_one_more_does(office, db):
    office.appoint("季慕青")
    before = record.load(db, convene(office, db).id)
    assert (before.expected, before.needed, before.needed_present) == (12, 7, 8)
    half = decide(office, db, [A] * 6 + [NO] * 6)
    assert (half.result, half.judged.arithmetic) == ("没有通过", "同意 6 ≤ 应到 12 ÷ 2 ＝ 6，没有超过半数（须 7 票）")
    more = decide(office, db, [A] * 7 + [NO] * 5, reconsider=7)
    assert (more.result, more.judged.arithmetic) == ("表决通过，同意作为拟任人选", "同意 7 ＞ 应到 12 ÷ 2 ＝ 6")


def test_the_absent_the_recused_and_the_silent_count_against(office, db):
    """6 of 8 who voted agree; of 12 who should attend that is half."""
    office.appoint("季慕青")
    item = decide(office, db, [A] * 6 + [NO, S, R], absent=3)
    assert (item.agree, item.oppose, item.silent, item.recused, item.absent, item.present) == (6, 1, 1, 1, 3, 8)
    assert (item.result, item.quorum.met) == ("没有通过", True)


def test_a_meeting_below_two_thirds_decides_nothing(office, db):
    office.appoint("季慕青")
    made = convene(office, db)
    note(db, made, [A] * 7, absent=5)
    said = refused(lambda: meetings.conclude(db, made.id, now=9))
    assert (said.code, said.detail) == (Code.NOT_QUORATE, "季慕青：实到 7 ＜ 应到 12 × ⅔ ＝ 8")
    note(db, made, [A] * 8, absent=4)
    assert meetings.conclude(db, made.id, now=9).items[0].judged.met


def test_a_recused_member_leaves_the_room_and_stays_in_those_expected(office, db):
    office.appoint("季慕青")
    made = convene(office, db)
    note(db, made, [A] * 7 + [R], absent=4)
    said = refused(lambda: meetings.conclude(db, made.id, now=9))
    assert said.code is Code.NOT_QUORATE  # 8 came, 7 remain in the room


def test_everybody_present_states_a_view(office, db):
    office.appoint("季慕青")
    made = convene(office, db)
    note(db, made, [A] * 10)
    said = refused(lambda: meetings.conclude(db, made.id, now=9))
    assert (said.code, said.detail) == (Code.VOTES_INCOMPLETE, "季慕青：成员子、成员丑")


def test_a_member_who_is_a_candidate_is_recused_whatever_is_sent(office, db):
    office.appoint("季慕青")
    made = convene(office, db, members=[*TWELVE[:11], ("薛明澈", "局党组成员")])
    note(db, made, [A] * 12)
    item = record.load(db, made.id).items[0]
    assert (item.recused, item.agree, item.statements[-1].label) == (1, 11, "回避")


@pytest.mark.parametrize("changes", [
    {"members": TWELVE[:2]}, {"members": [*TWELVE, TWELVE[0]]}, {"members": [("", "x")] * 5}, {"host": "薛明澈"},
    {"recorder": "季 慕青"},
])  # fmt: skip
def test_a_meeting_without_members_or_run_by_a_candidate_is_refused(office, db, changes):
    office.appoint("季慕青")
    assert refused(lambda: convene(office, db, **changes)).code in {Code.MEETING_INVALID, Code.INVALID_VALUE}


def test_nothing_is_decided_that_nobody_proposed(office, db):
    assert refused(lambda: convene(office, db)).code is Code.NOTHING_TO_DECIDE


def test_a_concluded_record_is_final_and_a_correction_is_a_record_of_its_own(office, db):
    office.appoint("季慕青")
    made = convene(office, db)
    assert refused(lambda: meetings.correct(db, made.id, "理由", author="x")).code is Code.WRONG_MEETING
    note(db, made, [A] * 7 + [NO] * 5)
    meetings.conclude(db, made.id, now=9)
    assert refused(lambda: note(db, made, [NO] * 12)).code is Code.MEETING_CONCLUDED
    assert refused(lambda: meetings.conclude(db, made.id, now=9)).code is Code.MEETING_CONCLUDED
    assert refused(lambda: meetings.correct(db, made.id, " ", author="x")).code is Code.REASON_MISSING
    again = meetings.correct(db, made.id, "记录人笔误", author="x")
    assert record.load(db, again.id).items[0].agree == 7  # begins with the old entries
    note(db, again, [A] * 6 + [NO] * 6)
    found = meetings.conclude(db, again.id, now=10)  # what is corrected needs no reconsideration
    assert (found.corrects, found.items[0].result) == (made.id, "没有通过")
    old = record.load(db, made.id)
    assert (old.corrected_by, old.items[0].result) == (again.id, "表决通过，同意作为拟任人选")
    assert refused(lambda: meetings.correct(db, made.id, "再改", author="x")).code is Code.WRONG_MEETING
    assert refused(lambda: meetings.get(db, 999)).code is Code.NOT_FOUND


def test_what_was_decided_is_voted_on_again_only_if_more_than_half_agree_to(office, db):
    office.appoint("季慕青")
    decide(office, db, [NO] * 12)
    made = convene(office, db)
    for agreed, said in ((None, "还没有填写"), (6, "同意 6 ≤ 应到 12 ÷ 2")):
        note(db, made, [A] * 12, reconsider=agreed)
        found = refused(lambda: meetings.conclude(db, made.id, now=9))
        assert (found.code, said in found.detail) == (Code.RECONSIDERATION_NEEDED, True)
    assert refused(lambda: note(db, made, [A] * 12, reconsider=13)).code is Code.MEETING_INVALID
    note(db, made, [A] * 12, reconsider=7)
    found = meetings.conclude(db, made.id, now=9)
    assert found.items[0].judged.met
    assert any("复议" in one.text and "同意 7 ＞ 应到 12" in one.text for one in paper(found).checks)


def test_neither_an_older_entry_nor_a_correction_under_way_spares_the_reconsideration(office, db):
    """Two meetings entered, the later one decides first; and whoever begins to correct that has not corrected it yet."""
    office.appoint("季慕青")
    older, newer = convene(office, db), convene(office, db)
    note(db, newer, [A] * 6 + [NO] * 6)
    meetings.conclude(db, newer.id, now=9)
    correction = meetings.correct(db, newer.id, "笔误", author="x")
    note(db, older, [A] * 12)
    assert refused(lambda: meetings.conclude(db, older.id, now=10)).code is Code.RECONSIDERATION_NEEDED
    note(db, older, [A] * 12, reconsider=7)
    assert meetings.conclude(db, older.id, now=10).items[0].judged.met
    found = meetings.conclude(db, correction.id, now=11)  # stands where the corrected one stood: before
    assert (found.items[0].again, record.load(db, older.id).items[0].again) == (False, True)


def test_a_meeting_entered_by_mistake_is_withdrawn_and_stays_to_be_read(office, db):
    office.appoint("季慕青")
    made = convene(office, db, members=TWELVE[:11])
    assert refused(lambda: meetings.withdraw(db, made.id, " ")).code is Code.REASON_MISSING
    found = meetings.withdraw(db, made.id, "少写一位成员")
    assert (found.open, found.withdrawn, found.expected) == (False, "少写一位成员", 11)
    for act in (
        lambda: note(db, made, [A] * 11),
        lambda: meetings.conclude(db, made.id, now=9),
        lambda: meetings.withdraw(db, made.id, "再撤"),
    ):
        assert refused(act).code is Code.MEETING_WITHDRAWN
    assert refused(lambda: meetings.correct(db, made.id, "更正", author="x")).code is Code.WRONG_MEETING
    assert not decide(office, db, [A] * 12).again
    assert made in meetings.of_selection(db, office.selection.id)


def test_what_is_final_is_not_withdrawn_but_a_correction_begun_by_mistake_is(office, db):
    office.appoint("季慕青")
    made = convene(office, db)
    note(db, made, [A] * 12)
    meetings.conclude(db, made.id, now=9)
    assert refused(lambda: meetings.withdraw(db, made.id, "后悔")).code is Code.MEETING_CONCLUDED
    correction = meetings.correct(db, made.id, "笔误", author="x")
    meetings.withdraw(db, correction.id, "并无笔误")
    assert record.load(db, made.id).corrected_by is None
    assert meetings.correct(db, made.id, "另有笔误", author="x").corrects == made.id


def test_what_was_put_off_is_voted_on_again_without_that(office, db):
    office.appoint("季慕青")
    assert decide(office, db, [P] * 7 + [A] * 5).result == "缓议"
    assert decide(office, db, [A] * 12).result.startswith("表决通过")


def test_the_recommendation_must_still_live_on_the_day_of_the_meeting(office, db):
    office.appoint("季慕青")
    made = convene(office, db, held_on=dt.date(2022, 5, 14))
    note(db, made, [A] * 12)
    assert refused(lambda: meetings.conclude(db, made.id, now=9)).code is Code.RECOMMENDATION_EXPIRED


def test_members_are_read_one_a_line():
    assert meetings.parse_members("陈明，副局长\n\n李 国 强\t组长\n王芳") == [
        ("陈明", "副局长"), ("李", "国 强 组长"), ("王芳", ""),
    ]  # fmt: skip


def test_the_paper_says_who_was_there_and_how_each_voted(office, db):
    office.appoint("季慕青")
    made = convene(office, db)
    note(db, made, [A] * 7 + [NO] * 4, absent=1)
    sheet = paper(meetings.conclude(db, made.id, now=9))
    words = repr(sheet)
    assert sheet.title == "党组会表决情况"
    for said in ("范景和", "糜文珊", "柏清源", "成员丑", "同意 7 ＞ 应到 12 ÷ 2 ＝ 6", "演练"):
        assert said in words, said
    assert "当选" not in words
