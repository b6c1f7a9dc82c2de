"""会前检查: green or no opening; each line fails for its own reason, and two officials may answer for some, not for all."""

import datetime as dt
import json

import pytest
from sqlalchemy.orm import Session

from tests.voting.polls.meeting import BASE, CLERK, NOW, PAIR, SECRET, Meeting
from voting.accounts.models import Audit
from voting.board import checks
from voting.board import service as board
from voting.board.checks import Line
from voting.board.models import State
from voting.booth import check
from voting.booth import service as booth
from voting.errors import Code, Refused
from voting.polls import disk, lifecycle, meeting, preflight
from voting.rehearse.checking import report_of, sample_ballot
from voting.trustees.models import Trustee

AT = NOW.timestamp()


@pytest.fixture
def room(db: Session) -> Meeting:
    return Meeting(db).plan().create().invite().make_keys().keyed().issue()


def lines(room: Meeting, *, base_url: str = BASE, after: int = 0) -> dict[str, preflight.Check]:
    now = NOW + dt.timedelta(seconds=after)
    return {
        one.line: one for one in preflight.lines(room.db, board.get(room.db, room.uuid), base_url=base_url, now=now)
    }


def opens(room: Meeting, *, base_url: str = BASE, after: int = 0) -> None:
    lifecycle.open_box(
        room.db, room.uuid, transport="http", assets=(), now=NOW + dt.timedelta(seconds=after), actor=CLERK,
        base_url=base_url, receipt_key=board.receipt_key(SECRET, room.uuid),
    )  # fmt: skip


def refused_for(room: Meeting, *titles: str, **how) -> None:
    with pytest.raises(Refused) as refused:
        opens(room, **how)
    assert refused.value.code is Code.PREFLIGHT_MISSING
    assert refused.value.detail == "还差：" + "、".join(titles)


def phone(room: Meeting, token: str, *, clock: float = 0) -> check.Outcome:
    """A whole check with this token, by a phone whose clock is off by so many seconds."""
    ballot = sample_ballot(check.paper(room.db, SECRET, room.uuid, token, AT))
    tracker, receipt = check.judge(room.db, SECRET, room.uuid, token, ballot, AT)
    said = report_of({"tracker": tracker, "receipt": receipt}, AT + clock)
    return check.report(room.db, SECRET, room.uuid, token, said, AT)


def on_screen(room: Meeting) -> str:
    return checks.screen_pass(SECRET, room.uuid, AT)


def on_paper(room: Meeting) -> str:
    return checks.sample_code(SECRET, room.uuid)


def test_without_any_check_the_box_stays_shut_and_says_what_is_missing(room):
    refused_for(room, "测试手机", "打印样张", "时钟", "磁盘")
    assert room.state == State.ISSUED


def test_all_green_opens_the_box(room):
    room.check()
    opens(room)
    assert room.state == State.OPEN


def test_a_phone_that_scanned_the_screen_has_read_nothing_from_paper(room):
    outcome = phone(room, on_screen(room))
    assert not outcome.paper
    now = lines(room)
    assert [now[line].good for line in (Line.PHONE, Line.CLOCK, Line.PRINT)] == [True, True, False]


def test_the_code_read_from_paper_passes_phone_and_sample(room):
    assert phone(room, on_paper(room)).paper
    now = lines(room)
    assert [now[line].good for line in (Line.PHONE, Line.CLOCK, Line.PRINT)] == [True, True, True]


@pytest.mark.parametrize(("seconds", "good"), [(59, True), (-59, True), (60, False), (-61, False)])
def test_clocks_a_minute_apart_keep_the_box_shut(room, seconds, good):
    room.check()
    phone(room, on_screen(room), clock=seconds)
    assert lines(room)[Line.CLOCK].good is good
    if not good:
        refused_for(room, "时钟")


def test_another_address_than_the_slips_keeps_the_box_shut(room):
    room.check()
    refused_for(room, "选票地址", base_url="http://elsewhere.example")
    assert "localhost" in lines(room, base_url="http://elsewhere.example")["address"].said


def test_a_key_that_was_not_opened_keeps_the_box_shut(room):
    room.check()
    row = lines(room)["keys"]
    assert row.good
    room.db.get(Trustee, (room.uuid, 1)).opened = False
    room.db.flush()
    refused_for(room, "密钥保管人")
    assert "郑为民" in lines(room)["keys"].said


def test_a_full_disk_keeps_the_box_shut(room, tmp_path, monkeypatch):
    room.check()
    monkeypatch.setattr(disk, "free_megabytes", lambda _: disk.LEAST_FREE - 1)
    assert not preflight.probe(room.db, room.uuid, tmp_path, now=NOW, actor=CLERK)
    refused_for(room, "磁盘")


def test_a_folder_that_cannot_be_written_is_told_from_one_that_keeps(tmp_path):
    assert disk.keeps(tmp_path)
    assert not disk.keeps(tmp_path / "missing")


def test_results_expire_and_the_line_says_so(room):
    room.check()
    refused_for(room, "测试手机", "打印样张", "时钟", "磁盘", after=preflight.VALID_FOR)
    assert "已过 6 小时" in lines(room, after=preflight.VALID_FOR)[Line.PHONE].said
    assert lines(room, after=preflight.VALID_FOR - 1)[Line.PHONE].good


def test_tablets_only_warn_and_are_counted(room):
    room.check()
    assert not lines(room)[Line.KIOSK].good
    phone(room, "t" + on_screen(room))
    phone(room, "t" + on_screen(room))
    assert lines(room)[Line.KIOSK].said.startswith("2 台平板")
    opens(room)


@pytest.mark.parametrize("line", ["phone", "print", "clock", "disk"])
def test_two_officials_may_answer_for_a_line_with_a_reason_on_record(room, line):
    room.check()
    room.db.delete(checks.results(room.db, room.uuid)[line])
    room.db.flush()
    refused_for(room, preflight.TITLES[line])
    preflight.waive(room.db, room.uuid, line, reason="没有测试手机", named=PAIR, now=NOW, actor=CLERK)
    row = lines(room)[line]
    assert row.waived
    assert "没有测试手机" in row.said
    assert PAIR[1].name in row.said
    logged = room.db.query(Audit).filter_by(action="poll.waived").one()
    assert "没有测试手机" in logged.detail
    opens(room)


@pytest.mark.parametrize("line", ["address", "keys", "kiosk", "x", ""])
def test_address_and_keys_are_never_waived(room, line):
    with pytest.raises(Refused) as refused:
        preflight.waive(room.db, room.uuid, line, reason="急", named=PAIR, now=NOW, actor=CLERK)
    assert refused.value.code is Code.NOT_WAIVABLE


@pytest.mark.parametrize(
    ("reason", "pair", "code"), [("", PAIR, Code.REASON_MISSING), ("急", PAIR[:1], Code.OFFICIALS_INVALID)]
)
def test_a_waiver_needs_a_reason_and_two_people(room, reason, pair, code):
    with pytest.raises(Refused) as refused:
        preflight.waive(room.db, room.uuid, "phone", reason=reason, named=pair, now=NOW, actor=CLERK)
    assert refused.value.code is code


def test_a_waiver_expires_like_a_check(room):
    preflight.waive(room.db, room.uuid, "phone", reason="没有手机", named=PAIR, now=NOW, actor=CLERK)
    assert lines(room)[Line.PHONE].good
    assert not lines(room, after=preflight.VALID_FOR)[Line.PHONE].good


@pytest.mark.parametrize("token", ["", "x" * 32, "ABCD-EFGH-JKMN-PQRS-TVWX", "密票"])
def test_a_token_of_nobody_is_refused(room, token):
    with pytest.raises(Refused) as refused:
        check.paper(room.db, SECRET, room.uuid, token, AT)
    assert refused.value.code is Code.CHECK_TOKEN


def test_a_pass_of_last_week_or_of_another_poll_is_refused(room):
    for token in (checks.screen_pass(SECRET, room.uuid, AT - 7 * 86400), checks.screen_pass(SECRET, "another", AT)):
        with pytest.raises(Refused) as refused:
            check.paper(room.db, SECRET, room.uuid, token, AT)
        assert refused.value.code is Code.CHECK_TOKEN


def test_a_real_slip_is_no_token_and_the_samples_code_is_no_slip(room):
    assert checks.recognised(SECRET, room.uuid, room.codes[0], AT) is None
    assert on_paper(room) not in room.codes


def test_once_the_box_is_open_there_is_nothing_to_check(room):
    room.open()
    with pytest.raises(Refused) as refused:
        phone(room, on_paper(room))
    assert refused.value.code is Code.CHECK_OVER


def test_a_sample_ballot_can_never_be_cast(room):
    ballot = sample_ballot(check.paper(room.db, SECRET, room.uuid, on_paper(room), AT))
    room.open()
    with pytest.raises(Refused) as refused:
        booth.cast(room.db, SECRET, room.uuid, ballot)
    assert refused.value.code is Code.BALLOT_OTHER_POLL
    assert board.count(room.db, room.uuid) == 0


def test_a_ballot_that_does_not_hold_gets_no_receipt(room):
    ballot = sample_ballot(check.paper(room.db, SECRET, room.uuid, on_paper(room), AT))
    with pytest.raises(Refused):
        check.judge(
            room.db, SECRET, room.uuid, on_paper(room), ballot.replace(b'"response":"', b'"response":"1', 1), AT
        )
    assert checks.results(room.db, room.uuid) == {}


def test_a_report_without_our_receipt_passes_nothing(room):
    said = report_of({"tracker": "A" * 43, "receipt": "A" * 86}, AT)
    with pytest.raises(Refused) as refused:
        check.report(room.db, SECRET, room.uuid, on_paper(room), said, AT)
    assert refused.value.code is Code.RECEIPT_FALSE
    assert checks.results(room.db, room.uuid) == {}


@pytest.mark.parametrize(
    "change", [{"took": -1}, {"took": 1.5}, {"took": True}, {"clock": "now"}, {"more": 1}, {"took": 10**9}]
)
def test_a_report_of_another_form_is_refused(room, change):
    said = json.loads(report_of({"tracker": "A" * 43, "receipt": "A" * 86}, AT)) | change
    with pytest.raises(Refused) as refused:
        check.report(room.db, SECRET, room.uuid, on_paper(room), json.dumps(said).encode(), AT)
    assert refused.value.code is Code.BAD_REQUEST


def test_the_meeting_does_not_leave_the_check_before_it_is_green(room):
    with pytest.raises(Refused) as refused:
        meeting.go(room.db, room.uuid, "check", "count", base_url=BASE, now=NOW, actor=CLERK)
    assert refused.value.code is Code.PREFLIGHT_MISSING
