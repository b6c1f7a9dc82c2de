"""Leftover slips are voided before everyone: two officials named, every slip by its own key, and the counts follow."""

import secrets

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from tally import voids
from tally.closing import Closing
from tally.questions import Election
from tally.voids import Void
from tests.voting.polls.meeting import CLERK, Meeting
from tests.voting.polls.test_lifecycle import CHOICES
from voting.accounts.models import Audit
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import counting, voiding
from voting.store.base import Database
from voting.verify.judging import check

PAIR = ("监票 人甲", "计票人乙")


@pytest.fixture
def meeting(db: Session) -> Meeting:
    return Meeting(db).opened()


def made(meeting: Meeting, code: str, reason: str = "leftover", tracker: str | None = None, pair=PAIR) -> Void:
    phi = Election.parse(board.get(meeting.db, meeting.uuid).election).phi
    secret = credential.secret(ED25519, meeting.uuid, code)
    return voids.make(ED25519, phi, secret, reason, tracker, pair, secrets.token_bytes)


def void(meeting: Meeting, codes: list[str], **changes) -> list[int]:
    raw = voids.encode([made(meeting, code, **changes) for code in codes])
    return voiding.void_slips(meeting.db, meeting.uuid, raw, actor=CLERK)


def refused(act) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def counts_of(meeting: Meeting) -> counting.RoomCounts:
    on_board = board.get(meeting.db, meeting.uuid)
    db = meeting.db
    return counting.of_poll(on_board, board.count(db, meeting.uuid), board.voided(db, meeting.uuid))


def test_the_leftovers_make_the_number_handed_out_final(meeting):
    meeting.counts(left_in_hand=6)
    assert void(meeting, meeting.codes[7:10]) == [1, 1, 1]
    assert (counts_of(meeting).handed_out, counts_of(meeting).agree) == (7, False)
    void(meeting, meeting.codes[10:])
    assert (counts_of(meeting).handed_out, counts_of(meeting).agree) == (7, True)
    void(meeting, meeting.codes[6:7], reason="damaged")
    assert (counts_of(meeting).handed_out, counts_of(meeting).agree) == (6, False)


def test_a_closed_record_lists_every_void_and_verifies(db, meeting):
    meeting.vote(CHOICES).counts(left_in_hand=6)
    void(meeting, meeting.codes[7:11])
    meeting.start_closing()
    void(meeting, meeting.codes[11:])
    meeting.finish_closing().tally()
    files = board.files(db, meeting.uuid)
    listed = voids.parse(files["voids.json"], ED25519)
    assert len(listed) == 6
    assert {one.officials for one in listed} == {("监票人甲", "计票人乙")}
    said = Closing.parse(files["closing.json"]).counts
    assert (said.printed, said.voided, said.handed_out, said.returned) == (13, 6, 7, 6)
    report = check(files, 1)
    assert report.ok, [one.line for one in report.checks]
    assert "6 slips voided" in next(one.line for one in report.checks if one.name == "voids")


def test_fewer_voids_than_leftovers_leave_the_number_provisional_and_the_record_sound(db, meeting):
    meeting.vote(CHOICES).counts(left_in_hand=6)
    void(meeting, meeting.codes[11:])
    meeting.start_closing().finish_closing().tally()
    said = Closing.parse(board.files(db, meeting.uuid)["closing.json"]).counts
    assert (said.voided, said.handed_out) == (2, 7)
    assert check(board.files(db, meeting.uuid), 1).ok


def test_of_a_list_all_are_voided_or_none(db, meeting):
    meeting.vote(CHOICES[:1])
    db.commit()
    assert refused(lambda: void(meeting, [meeting.codes[5], meeting.codes[0]])) == Code.VOID_CAST
    db.rollback()
    assert board.voided(db, meeting.uuid) == 0


@pytest.mark.parametrize("pair", [("甲", "季慕青"), ("张三", "张\u3000三"), ("甲", " "), ("甲", "长" * 31)])
def test_two_officials_who_are_no_candidates_stand_by(meeting, pair):
    assert refused(lambda: void(meeting, meeting.codes[:1], pair=pair)) == Code.OFFICIALS_INVALID


def test_one_list_names_one_pair(meeting):
    one, other = made(meeting, meeting.codes[0]), made(meeting, meeting.codes[1], pair=("丙", "丁"))
    raw = voids.encode([one, other])
    assert refused(lambda: voiding.void_slips(meeting.db, meeting.uuid, raw, actor=CLERK)) == Code.OFFICIALS_INVALID


@pytest.mark.parametrize("raw", [
    b"", b"{}", b"[]", b"[{}]", b"[1]", b"\xff", b"[" * 3000, b'[{"credential":"00"}]', b"null",
])  # fmt: skip
def test_what_is_no_list_of_voids_is_refused(meeting, raw):
    assert refused(lambda: voiding.void_slips(meeting.db, meeting.uuid, raw, actor=CLERK)) == Code.VOID_MALFORMED


def test_more_than_fifty_at_once_are_refused(meeting):
    raw = voids.encode([made(meeting, credential.new(secrets.token_bytes)) for _ in range(51)])
    assert refused(lambda: voiding.void_slips(meeting.db, meeting.uuid, raw, actor=CLERK)) == Code.VOID_MALFORMED


def test_the_log_tells_how_many_and_why_but_names_no_slip(db, meeting):
    void(meeting, meeting.codes[:2])
    line = db.query(Audit).order_by(Audit.id.desc()).first()
    assert (line.action, line.detail) == ("poll.slips_void", "2 张，剩余（监票人甲、计票人乙）")


# --- the page ----------------------------------------------------------------------------------------------------


def posted(client: FlaskClient, uuid: str, raw: bytes):
    return client.post(
        f"/office/polls/{uuid}/voids", data={"voids": raw.decode()}, headers={"Accept": "application/json"}
    )


def test_the_page_takes_a_void_and_tells_how_the_numbers_stand(database: Database, office_client, meeting):
    meeting.counts(left_in_hand=6)
    codes = meeting.codes
    raw = voids.encode([made(meeting, codes[7])])
    meeting.db.commit()
    page = office_client.get(f"/office/polls/{meeting.uuid}/voids").text
    assert not any(code in page for code in codes)
    answer = posted(office_client, meeting.uuid, raw)
    assert answer.status_code == 200
    assert answer.json == {
        "voided": 1, "left_in_hand": 6, "printed": 13, "handed_out": 7, "these": ["机关其他人员"],
        "groups": [["机关中层正职", 0], ["机关其他人员", 1]],
    }  # fmt: skip
    again = posted(office_client, meeting.uuid, raw)
    assert (again.status_code, again.json["error"]) == (409, "already_voided")
    with database.session() as db:
        assert board.voided(db, meeting.uuid) == 1


def test_who_contests_a_ballot_with_the_slip_at_hand_is_told_its_tracker_first(office_client, meeting):
    meeting.vote(CHOICES[:1])
    tracker = board.trackers(meeting.db, meeting.uuid)[0]
    first = voids.encode([made(meeting, meeting.codes[0], "contested")])
    second = voids.encode([made(meeting, meeting.codes[0], "contested", tracker)])
    meeting.db.commit()
    asked = posted(office_client, meeting.uuid, first)
    assert (asked.status_code, asked.json["error"], asked.json["detail"]) == (409, "void_cast", tracker)
    assert posted(office_client, meeting.uuid, second).status_code == 200
    meeting.db.rollback()
    assert board.count(meeting.db, meeting.uuid) == 0


def test_the_consoles_show_what_was_counted_and_what_was_voided(office_client, meeting):
    meeting.counts(left_in_hand=6).start_closing()
    meeting.db.commit()
    console = f"/office/polls/{meeting.uuid}"
    assert "手中剩余 6 张，已登记作废 0 张。还有 6 张没有登记，发出为暂计。" in office_client.get(console).text
    void(meeting, meeting.codes[7:])
    meeting.db.commit()
    assert "手中剩余 6 张，已登记作废 6 张。两数一致。" in office_client.get(console).text
    void(meeting, meeting.codes[6:7])
    meeting.db.commit()
    assert "登记作废多出 1 张，请更正手中剩余" in office_client.get(console).text
    assert office_client.get(f"/board/{meeting.uuid}/count.json").json["handed_out"] == 6


def test_outside_open_and_closing_there_is_nothing_to_void(db, office_client):
    meeting = Meeting(db).plan().create()
    db.commit()
    assert office_client.get(f"/office/polls/{meeting.uuid}/voids").status_code == 409
    assert office_client.get("/office/polls/4rRvc7HTY5uUqY/voids").status_code == 404
    assert posted(office_client, "4rRvc7HTY5uUqY", b"[]").status_code == 404


def test_only_the_office_voids_slips(client, review_client, meeting):
    raw = voids.encode([made(meeting, meeting.codes[7])])
    meeting.db.commit()
    assert posted(client, meeting.uuid, raw).status_code == 401
    assert posted(review_client, meeting.uuid, raw).status_code == 403
    meeting.db.rollback()
    assert board.voided(meeting.db, meeting.uuid) == 0
