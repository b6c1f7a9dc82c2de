"""The Party group's decision by slips: a decision poll really cast, closed and decrypted, and the record that takes its counts."""

import datetime as dt
import hashlib
import secrets

import pytest

from tests.voting.decisions.test_meetings import TWELVE, convene, decide, note, refused
from tests.voting.results.conftest import SECRET
from voting import sample
from voting.board import service as board
from voting.decisions import meetings, record
from voting.decisions.models import Said, Way
from voting.decisions.papers import paper
from voting.errors import Code
from voting.papers.model import shown
from voting.polls import drafts, evaluation
from voting.polls.drafts import Draft, GroupDraft
from voting.polls.models import Form, Kind
from voting.polls.persons import PersonDraft
from voting.verify.judging import check

ON = dt.datetime(2021, 7, 1, 2, 0, tzinfo=dt.UTC)
LABEL = "局党组成员"
YES, NO, LATER, NOTHING = (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)


def polled(office, db, votes, *, expected=12, name="季慕青") -> str:
    """A decision poll on one person: every slip cast, closed, decrypted by the trustees. Returns its uuid."""
    (one,) = [c for c in office.post.candidates if c.name == name]
    wanted = Draft(
        title="党组会表决", form=Form.MEETING, rehearsal=True, questions=(), kind=Kind.DECISION,
        groups=[GroupDraft(LABEL, expected)], persons=[PersonDraft(one.name, one.duty, one.department)],
    )  # fmt: skip
    uuid = drafts.create(
        db, office.selection.id, wanted, transport="http", now=ON, actor="office", rng=secrets.token_bytes
    )
    keys = [key for _, key in sample.make_keys(db, uuid, "office")]
    db.commit()
    rows = tuple((LABEL, (vote,)) for vote in votes)
    left = drafts.spares_for(expected) + expected - len(votes)
    room = sample.Sample(tuple(wanted.groups), expected, len(votes), left, rows)
    sample.hold_meeting(db, uuid, keys, SECRET, ON, "office", meeting=room)
    db.commit()
    return uuid


@pytest.fixture
def vetted(office):
    office.appoint("季慕青")
    return office


def test_exactly_half_of_those_expected_fails_by_slips_too(vetted, db):
    """11 of 12 came; 6 agree, 3 do not, 1 puts off, 1 leaves the slip empty."""
    uuid = polled(vetted, db, [YES] * 6 + [NO] * 3 + [LATER, NOTHING])
    assert [one.line for one in check(board.files(db, uuid), 2).checks if not one.ok] == []
    made = convene(vetted, db, way=Way.SLIPS, poll=uuid)
    note(db, made, [Said.AGREE] * 12, absent=1)  # what is sent by name is not kept: the slips are the votes
    assert all(not item.votes for item in made.items)
    found = meetings.conclude(db, made.id, now=9)
    (item,) = found.items
    assert (item.agree, item.oppose, item.postpone, item.silent, item.absent) == (6, 3, 1, 1, 1)
    assert (item.result, item.judged.arithmetic) == (
        "没有通过", "同意 6 ≤ 应到 12 ÷ 2 ＝ 6，没有超过半数（须 7 票）",
    )  # fmt: skip
    assert (found.warning, found.poll_title) == (record.SLIPS_WARNING, "党组会表决")
    sheet = paper(found)
    assert [[shown(value) for value in row][-6:] for row in sheet.tables[1].rows] == [
        ["6", "3", "1", "1", "0", "不通过"]
    ]
    assert len(sheet.tables) == 2  # nobody's view by name
    assert [seal.name for seal in sheet.seals] == ["封箱印记"]
    assert sheet.seals[0].full == hashlib.sha256(board.get_file(db, uuid, "closing.json")).hexdigest()
    assert sheet.seals[0].eight == evaluation.load_decision(db, uuid).closing_seal
    assert record.SLIPS_WARNING in sheet.notes


def test_seven_of_twelve_pass_by_slips(vetted, db):
    made = convene(vetted, db, way=Way.SLIPS, poll=polled(vetted, db, [YES] * 7 + [NO] * 3))
    note(db, made, [None] * 12, absent=2)
    found = meetings.conclude(db, made.id, now=9)
    assert found.items[0].result.startswith("表决通过")
    again = meetings.correct(db, made.id, "到会记错", author="x")  # a correction reads the same slips
    assert record.load(db, again.id).items[0].agree == 7


def test_slips_of_another_room_or_about_others_are_refused(vetted, db, tallied):
    recommended = refused(lambda: convene(vetted, db, way=Way.SLIPS, poll=tallied))
    assert recommended.code is Code.SLIPS_MISMATCH
    others = polled(vetted, db, [YES] * 5, expected=6, name="薛明澈")
    assert refused(lambda: convene(vetted, db, way=Way.SLIPS, poll=others)).code is Code.SLIPS_MISMATCH
    mine = polled(vetted, db, [YES] * 9 + [NO] * 2)
    said = refused(lambda: convene(vetted, db, TWELVE[:11], way=Way.SLIPS, poll=mine))
    assert (said.code, said.detail) == (Code.SLIPS_MISMATCH, "计票报告单应到 12 人，会议应到会成员 11 人")
    made = convene(vetted, db, way=Way.SLIPS, poll=mine)
    db.commit()
    said = refused(lambda: note(db, made, [None] * 12, absent=2))
    assert (said.code, said.detail) == (Code.SLIPS_MISMATCH, "收回 11 票，到会 10 人")
    db.rollback()
    assert record.load(db, made.id).present == 12  # as it was: the page can still be shown and put right
    recused = {(item.id, member.id): Said.RECUSED for item in made.items for member in made.members[:2]}
    said = refused(lambda: meetings.note(db, made.id, [one.id for one in made.members], recused, {}))
    assert said.detail == "季慕青：投票 11 票，到会未回避 10 人"


def test_slips_that_decided_once_do_not_decide_again(vetted, db):
    """A reconsideration needs a vote of its own."""
    uuid = polled(vetted, db, [YES] * 5 + [NO] * 5)
    made = convene(vetted, db, way=Way.SLIPS, poll=uuid)
    note(db, made, [None] * 12, absent=2)
    meetings.conclude(db, made.id, now=9)
    said = refused(lambda: convene(vetted, db, way=Way.SLIPS, poll=uuid))
    assert (said.code, "已用于" in said.detail) == (Code.SLIPS_MISMATCH, True)


def test_by_name_after_slips_is_a_reconsideration(vetted, db):
    made = convene(vetted, db, way=Way.SLIPS, poll=polled(vetted, db, [NO] * 10))
    note(db, made, [None] * 12, absent=2)
    meetings.conclude(db, made.id, now=9)
    assert refused(lambda: decide(vetted, db, [Said.AGREE] * 12)).code is Code.RECONSIDERATION_NEEDED
