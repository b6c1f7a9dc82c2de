"""A ballot that the box signed for and lost goes in again on its receipt, before two officials, and only while closing."""

import io
import secrets

import pytest
from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from tally import voids
from tally.ballot import Ballot, make, tracker
from tally.closing import sign_receipt
from tally.questions import Election
from tally.receipt import Receipt
from tests.voting.polls.meeting import CLERK, PAIR, SECRET, Meeting
from tests.voting.polls.test_lifecycle import CHOICES
from voting.accounts.models import Audit
from voting.board import service as board
from voting.board.box import take_out
from voting.errors import Code, Refused
from voting.polls import inserting
from voting.polls.officials import Official
from voting.verify.judging import check


@pytest.fixture
def meeting(db: Session) -> Meeting:
    return Meeting(db).opened().vote(CHOICES).counts()


def election_of(meeting: Meeting) -> Election:
    return Election.parse(board.get(meeting.db, meeting.uuid).election)


def made(meeting: Meeting, n: int) -> Ballot:
    secret = credential.secret(ED25519, meeting.uuid, meeting.codes[n])
    return make(election_of(meeting), secret, CHOICES[0], secrets.token_bytes)


def receipt(meeting: Meeting, ballot: Ballot, key=None) -> Receipt:
    key = key or board.receipt_key(SECRET, meeting.uuid)
    signature = sign_receipt(key, meeting.uuid, election_of(meeting).phi, ballot.tracker)
    return Receipt(meeting.uuid, ballot.raw, ballot.tracker, signature)


def insert(meeting: Meeting, raw: bytes, named=PAIR) -> None:
    inserting.insert_missing(meeting.db, meeting.uuid, raw, named=named, actor=CLERK)


def refused(act) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def lose_one(meeting: Meeting) -> Ballot:
    """The server loses a ballot that it had accepted: its pigeonhole is empty again."""
    raw = board.ballots(meeting.db, meeting.uuid)[0]
    ballot = Ballot.parse(raw, election_of(meeting))
    take_out(meeting.db, meeting.uuid, board.key_bytes(ballot.credential.text))
    return ballot


def test_a_missing_ballot_is_inserted_on_its_receipt_and_counts(db, meeting):
    lost = lose_one(meeting)
    meeting.start_closing()
    assert lost.tracker not in board.trackers(db, meeting.uuid)
    insert(meeting, receipt(meeting, lost).raw)
    assert lost.tracker in board.trackers(db, meeting.uuid)
    meeting.finish_closing().tally()
    files = board.files(db, meeting.uuid)
    report = check(files, 1)
    assert report.ok
    assert report.result == [[1, 3, 1, 1], [1, 4, 3]]


def test_the_log_names_neither_slip_nor_tracker(db, meeting):
    lost = lose_one(meeting)
    meeting.start_closing()
    insert(meeting, receipt(meeting, lost).raw)
    line = db.query(Audit).order_by(Audit.id.desc()).first()
    assert (line.action, line.detail) == ("poll.inserted", "1 张，凭回执（监票人甲、计票人乙）")


def test_a_ballot_that_is_in_the_box_is_not_inserted_again(db, meeting):
    ballot = Ballot.parse(board.ballots(db, meeting.uuid)[0], election_of(meeting))
    meeting.start_closing()
    assert refused(lambda: insert(meeting, receipt(meeting, ballot).raw)) == Code.ALREADY_IN_BOX


def test_a_slip_that_voted_does_not_vote_again_on_a_receipt(meeting):
    second = made(meeting, 0)
    meeting.start_closing()
    assert refused(lambda: insert(meeting, receipt(meeting, second).raw)) == Code.CREDENTIAL_USED


def test_without_the_boxs_signature_nothing_is_inserted(meeting):
    late = made(meeting, 6)
    meeting.start_closing()
    stranger = board.receipt_key(b"another server's secret, long enough", meeting.uuid)
    assert refused(lambda: insert(meeting, receipt(meeting, late, stranger).raw)) == Code.RECEIPT_FALSE


def test_a_void_slips_ballot_is_not_inserted(db, meeting):
    ballot = made(meeting, 6)
    secret = credential.secret(ED25519, meeting.uuid, meeting.codes[6])
    board.void_slip(
        db, meeting.uuid,
        voids.make(ED25519, election_of(meeting).phi, secret, "leftover", None, ("甲", "乙"), secrets.token_bytes),
    )  # fmt: skip
    meeting.start_closing()
    assert refused(lambda: insert(meeting, receipt(meeting, ballot).raw)) == Code.SLIP_VOIDED


def test_a_signed_ballot_is_checked_in_full_all_the_same(meeting):
    stranger = make(election_of(meeting), ED25519.random(secrets.token_bytes), CHOICES[0], secrets.token_bytes)
    good = made(meeting, 6)
    spoiled = good.raw.replace(b'"response":"', b'"response":"1', 1)
    meeting.start_closing()
    assert refused(lambda: insert(meeting, receipt(meeting, stranger).raw)) == Code.UNKNOWN_CREDENTIAL
    key = board.receipt_key(SECRET, meeting.uuid)
    phi = election_of(meeting).phi
    named = tracker(spoiled)
    bad = Receipt(meeting.uuid, spoiled, named, sign_receipt(key, meeting.uuid, phi, named))
    assert refused(lambda: insert(meeting, bad.raw)) in {Code.BALLOT_MALFORMED, Code.BALLOT_SIGNATURE}


def test_a_receipt_of_another_poll_is_told_so(meeting):
    ballot = made(meeting, 6)
    meeting.start_closing()
    other = receipt(meeting, ballot)
    raw = Receipt("4rRvc7HTY5uUqY", other.ballot, other.tracker, other.signature).raw
    assert refused(lambda: insert(meeting, raw)) == Code.BALLOT_OTHER_POLL


@pytest.mark.parametrize("raw", [b"", b"{}", b"PK\x03\x04", b"[]", b"\xff\xfe"])
def test_what_is_no_receipt_is_refused(meeting, raw):
    meeting.start_closing()
    assert refused(lambda: insert(meeting, raw)) == Code.RECEIPT_MALFORMED


@pytest.mark.parametrize("named", [[], [Official("甲"), Official("甲")], [Official("甲"), Official("季慕青")]])
def test_two_officials_stand_by(meeting, named):
    lost = lose_one(meeting)
    meeting.start_closing()
    assert refused(lambda: insert(meeting, receipt(meeting, lost).raw, named)) == Code.OFFICIALS_INVALID


def test_before_and_after_closing_nothing_is_inserted(meeting):
    lost = lose_one(meeting)
    raw = receipt(meeting, lost).raw
    assert refused(lambda: insert(meeting, raw)) == Code.WRONG_STATE
    meeting.start_closing().finish_closing()
    assert refused(lambda: insert(meeting, raw)) == Code.WRONG_STATE


def test_no_more_ballots_than_slips_handed_out_go_in(db, meeting):
    lost = lose_one(meeting)
    meeting.counts(left_in_hand=8).start_closing()
    db.commit()
    assert refused(lambda: insert(meeting, receipt(meeting, lost).raw)) == Code.MUST_BE_VOID
    db.rollback()
    assert board.count(db, meeting.uuid) == 5


def test_the_console_takes_the_file_and_says_what_came_of_it(office_client, meeting):
    lost = lose_one(meeting)
    meeting.start_closing()
    raw = receipt(meeting, lost).raw
    meeting.db.commit()
    console = f"/office/polls/{meeting.uuid}"
    assert "凭回执补入" in office_client.get(console).text
    names = {"name_1": "监票人甲", "name_2": "计票人乙"}

    def post(**fields):
        return office_client.post(f"{console}/insert", data={**names, **fields}, content_type="multipart/form-data")

    missing = post()
    assert missing.status_code == 422
    assert "receipt_malformed" in missing.text
    assert post(receipt=(io.BytesIO(raw), "回执.json")).status_code == 302
    assert "已凭回执补入 1 张" in office_client.get(console).text
    again = post(receipt=(io.BytesIO(raw), "回执.json"))
    assert (again.status_code, "already_in_box" in again.text) == (409, True)
