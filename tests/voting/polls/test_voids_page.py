"""Last call in a real Chromium: the scanner types, the slip is void, and its code has gone nowhere."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy.orm import Session

from config import Config
from tally.ballot import short
from tests.chromium import needs_chromium
from tests.journeys.people import DESK, Person
from tests.served import served
from tests.voting.polls.meeting import PAIR, Meeting
from tests.voting.polls.test_lifecycle import CHOICES
from voting.accounts import service as accounts
from voting.app import create_app
from voting.board import service as board
from voting.polls import officials
from voting.polls.models import Act
from voting.store import clock
from voting.store.base import Database

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
READS_PHOTOS = """window.BarcodeDetector = class {
  async detect() { return window.found.map((rawValue) => ({ rawValue })); }
};"""


@pytest.fixture
def meeting(db: Session) -> Meeting:
    meeting = Meeting(db).opened().vote(CHOICES[:1]).counts(left_in_hand=6)
    token = accounts.setup_link(db, "console", None, now=clock.now())
    accounts.complete_setup(db, token, "twelve varied characters", now=clock.now(), name="孙立言", login="sun")
    db.commit()
    return meeting


@pytest.fixture
def clerk(browser: Browser, config: Config, database: Database, meeting: Meeting) -> Iterator[Person]:
    with served(create_app(config, database=database)) as at:
        clerk = Person(browser, DESK)
        clerk.asked = []
        clerk.page.on("request", lambda request: clerk.asked.append(request.url + (request.post_data or "")))
        clerk.at = at
        clerk.go(f"{clerk.at}/login")
        clerk.fill("登录名", "sun")
        clerk.fill("密码", "twelve varied characters")
        clerk.press("登录")
        expect(clerk.page).to_have_url(re.compile("/office|/$"))
        clerk.here = f"{clerk.at}/office/polls/{meeting.uuid}/voids"
        yield clerk
        clerk.leave()


def begun(clerk: Person) -> Person:
    clerk.go(clerk.here)
    clerk.fill("姓名一", "监票人甲")
    clerk.fill("姓名二", "计票人乙")
    return clerk


def scan(clerk: Person, text: str) -> None:
    """What a USB scanner does: it types, and presses Enter."""
    clerk.page.get_by_label("选票代码").fill(text)
    clerk.page.get_by_label("选票代码").press("Enter")


def says(clerk: Person, text: str) -> None:
    expect(clerk.page.locator("#said")).to_contain_text(text)


def in_the_table(meeting: Meeting) -> int:
    meeting.db.rollback()
    found = board.voided(meeting.db, meeting.uuid)
    meeting.db.rollback()
    return found


def test_scanned_and_typed_slips_are_void_and_their_codes_stay_here(clerk: Person, meeting: Meeting) -> None:
    begun(clerk).accessible()
    codes = meeting.codes[7:]
    scan(clerk, f"http://localhost/v/{meeting.uuid}#{codes[0]}")
    says(clerk, "已作废 1 张：机关其他人员")
    scan(clerk, codes[1].lower().replace("-", " "))
    says(clerk, "本页已登记 2 张")
    for code in codes[2:]:  # faster than the answers come
        scan(clerk, code)
    expect(clerk.page.locator("[data-voids=voided]")).to_have_text("6")
    expect(clerk.page.locator("#stand")).to_have_text("与手中剩余 6 张一致，发出 7 张。")
    assert in_the_table(meeting) == 6
    sent = "".join(clerk.asked).upper().replace("-", "").replace("+", "")
    assert not any(code.replace("-", "") in sent for code in codes)
    assert clerk.page.get_by_label("选票代码").input_value() == ""
    clerk.accessible()


def test_from_a_card_the_reason_is_set_and_the_scanner_may_begin_once_two_are_named(
    clerk: Person, meeting: Meeting
) -> None:
    clerk.go(f"{clerk.here}?reason=damaged")
    expect(clerk.page.get_by_label("作废原因")).to_have_value("damaged")
    expect(clerk.page.get_by_label("选票代码")).not_to_be_focused()
    officials.write_down(meeting.db, meeting.uuid, Act.ROOM, PAIR)
    meeting.db.commit()
    clerk.go(clerk.here)
    expect(clerk.page.get_by_label("作废原因")).to_have_value("leftover")
    expect(clerk.page.get_by_label("选票代码")).to_be_focused()


def test_what_cannot_be_voided_is_told_by_code(clerk: Person, meeting: Meeting) -> None:
    clerk.go(clerk.here)
    scan(clerk, meeting.codes[7])
    says(clerk, "officials_invalid")
    begun(clerk)
    for text, code in (
        ("XXXX-0000", "credential"),
        (f"http://localhost/v/4rRvc7HTY5uUqY#{meeting.codes[7]}", "ballot_other_poll"),
        (meeting.codes[0], "void_cast"),
    ):
        scan(clerk, text)
        says(clerk, code)
    scan(clerk, meeting.codes[7])
    says(clerk, "已作废 1 张")
    scan(clerk, meeting.codes[7])
    says(clerk, "already_voided")
    assert in_the_table(meeting) == 1


def test_a_lost_connection_is_tried_again_until_the_slip_is_void(clerk: Person, meeting: Meeting) -> None:
    begun(clerk)
    tries = []

    def flaky(route: Route) -> None:
        tries.append(1)
        if len(tries) == 1:
            route.abort()
        else:
            route.continue_()

    clerk.page.route("**/voids", flaky)
    scan(clerk, meeting.codes[7])
    says(clerk, "已作废 1 张")
    assert in_the_table(meeting) == 1


def test_a_contested_ballot_is_taken_out_once_its_tracker_was_compared(clerk: Person, meeting: Meeting) -> None:
    tracker = board.trackers(meeting.db, meeting.uuid)[0]
    meeting.db.rollback()
    begun(clerk)
    clerk.page.get_by_label("作废原因").select_option("contested")
    scan(clerk, meeting.codes[0])
    expect(clerk.page.locator("#tracker")).to_have_text(short(tracker))
    clerk.press("不取出")
    assert in_the_table(meeting) == 0
    scan(clerk, meeting.codes[0])
    clerk.press("取出这张票，作废")
    says(clerk, "已作废 1 张")
    assert in_the_table(meeting) == 1
    assert board.count(meeting.db, meeting.uuid) == 0
    meeting.db.rollback()


def test_a_photo_is_read_here_if_the_browser_can_and_is_not_offered_otherwise(clerk: Person, meeting: Meeting) -> None:
    clerk.go(clerk.here)
    offered = clerk.page.evaluate("'BarcodeDetector' in window")
    expect(clerk.page.get_by_label("或拍照")).to_be_visible(visible=offered)
    clerk.page.add_init_script(READS_PHOTOS)
    begun(clerk)
    codes = [f"http://localhost/v/{meeting.uuid}#{code}" for code in meeting.codes[7:9]]
    clerk.page.evaluate("(codes) => { window.found = codes; }", codes)
    photo = clerk.page.screenshot()
    clerk.page.get_by_label("或拍照").set_input_files({"name": "slips.png", "mimeType": "image/png", "buffer": photo})
    says(clerk, "本页已登记 2 张")
    clerk.page.evaluate("() => { window.found = []; }")
    clerk.page.get_by_label("或拍照").set_input_files({"name": "slips.png", "mimeType": "image/png", "buffer": photo})
    says(clerk, "credential")
    assert in_the_table(meeting) == 2


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, {"width": 1280, "height": 800}])
def test_the_page_fits(clerk: Person, meeting: Meeting, size, tmp_path) -> None:
    clerk.page.set_viewport_size(size)
    begun(clerk)
    scan(clerk, meeting.codes[7])
    says(clerk, "已作废 1 张")
    clerk.page.screenshot(path=tmp_path / f"voids-{size['width']}.png", full_page=True)
    assert clerk.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
