"""The tablet for whoever has no phone, in a real Chromium: one visit after the other, and nothing stays behind."""

import base64
import io

import pytest
import qrcode
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Route, expect
from sqlalchemy.orm import Session

from config import Config
from tally.ballot import short
from tests.chromium import needs_chromium
from tests.voting.booth.phone import Phone, boxed
from tests.voting.ready_poll import UUID, ReadyPoll, ready_evaluation, ready_poll
from voting.board import service as board
from voting.board.models import State

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
BARCODES = """
  window.BarcodeDetector = class {
    async detect() { return window.seen.map((rawValue) => ({ rawValue })) }
  }
"""


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config)


@pytest.fixture
def tablet(phone: Phone) -> Phone:
    phone.page.clock.install()
    phone.page.set_viewport_size({"width": 1280, "height": 800})
    phone.page.goto(f"{phone.address}/v/kiosk")
    phone.heading("用这台平板投票")
    return phone


def scan(tablet: Phone, code: str, uuid: str = UUID) -> None:
    """What a USB scanner does: it types the address and Enter."""
    tablet.page.keyboard.type(f"https://host.example/v/{uuid}#{code}")
    tablet.page.keyboard.press("Enter")


def nothing_stays(tablet: Phone, poll: ReadyPoll) -> None:
    assert tablet.page.evaluate("JSON.stringify([Object.keys(sessionStorage), Object.keys(localStorage)])") == "[[],[]]"
    for _ in range(100):  # a worker that was ended takes a moment to go
        if not tablet.page.workers:
            break
        tablet.page.wait_for_timeout(20)
    assert tablet.page.workers == []
    page = tablet.page.content()
    for n in range(3):
        assert poll.codes[n] not in page
        assert not any(poll.codes[n] in asked for asked in tablet.asked)
    assert "沈亦舟" not in page


def vote(tablet: Phone, code: str) -> None:
    scan(tablet, code)
    tablet.vote()


def test_a_scanned_slip_votes_and_the_tablet_clears_itself(tablet: Phone, db: Session, poll: ReadyPoll) -> None:
    vote(tablet, poll.codes[0])
    [tracker] = boxed(db)
    expect(tablet.page.locator(".ticket .code")).to_have_text(short(tracker))
    expect(tablet.page.get_by_role("timer")).to_contain_text("秒后自动清空")
    assert tablet.page.url.endswith("/v/kiosk")
    tablet.page.clock.fast_forward(31_000)
    tablet.heading("用这台平板投票")
    assert short(tracker) not in tablet.page.content()
    nothing_stays(tablet, poll)


def test_the_next_slip_may_be_scanned_while_the_last_tracker_still_stands(
    tablet: Phone, db: Session, poll: ReadyPoll
) -> None:
    vote(tablet, poll.codes[0])
    vote(tablet, poll.codes[1])
    assert len(boxed(db)) == 2
    tablet.tap("完成，清空本页")
    tablet.heading("用这台平板投票")
    nothing_stays(tablet, poll)


def test_a_typed_code_is_checked_here_and_opens_the_slip(tablet: Phone, db: Session, poll: ReadyPoll) -> None:
    tablet.tap("输入选票代码")
    fields = tablet.page.locator(".five input")
    groups = poll.codes[0].split("-")
    for n, group in enumerate(groups[:4]):
        fields.nth(n).fill(group)
    tablet.tap("打开选票")
    expect(tablet.page.get_by_role("alert")).to_contain_text("代码还不完整")
    fields.nth(4).fill(groups[4][:3] + ("7" if groups[4][3] != "7" else "8"))
    tablet.tap("打开选票")
    expect(tablet.page.get_by_role("alert")).to_contain_text("有一位对不上")
    fields.nth(4).fill(groups[4].lower())
    tablet.tap("打开选票")
    tablet.vote()
    assert len(boxed(db)) == 1
    assert not any(poll.codes[0] in asked for asked in tablet.asked)


def test_of_several_polls_the_typed_code_asks_which(phone: Phone, db: Session, config: Config, poll: ReadyPoll) -> None:
    other = ready_poll(db, config, uuid="2otherPoLL4xyz", title="民主测评")
    phone.page.goto(f"{phone.address}/v/kiosk")
    expect(phone.page.get_by_text("民主测评", exact=True)).to_be_visible()
    phone.tap("输入选票代码")
    for n, group in enumerate(other.codes[0].split("-")):
        phone.page.locator(".five input").nth(n).fill(group)
    phone.tap("打开选票")
    expect(phone.page.get_by_role("alert")).to_contain_text("请先选一次投票")
    phone.choose("民主测评")
    phone.tap("打开选票")
    expect(phone.page.get_by_role("button", name="开始填写")).to_be_visible()
    expect(phone.page.locator(".top")).to_contain_text("民主测评")
    expect(phone.page.get_by_text("演练，不计入任何结果")).to_be_visible()


def test_the_only_poll_that_is_open_is_chosen_already(
    phone: Phone, db: Session, config: Config, poll: ReadyPoll
) -> None:
    ready_poll(db, config, uuid="2otherPoLL4xyz", title="民主测评", state=State.ISSUED)
    phone.page.goto(f"{phone.address}/v/kiosk")
    phone.tap("输入选票代码")
    expect(phone.page.get_by_role("radio")).to_have_count(2)
    expect(phone.page.locator("input:checked")).to_have_value(UUID)


@pytest.mark.parametrize(
    ("seen", "told"),
    [([], "照片上没有读出选票的二维码"), ([0, 1], "照片上有不止一张选票"), ([0], ""), ([0, 0], "")],
)
def test_a_photo_of_one_slip_opens_it(phone: Phone, poll: ReadyPoll, seen: list[int], told: str) -> None:
    phone.page.add_init_script(BARCODES)
    phone.page.goto(f"{phone.address}/v/kiosk")
    phone.heading("用这台平板投票")
    addresses = [f"https://host.example/v/{UUID}#{poll.codes[n]}" for n in seen]
    phone.page.evaluate("(seen) => { window.seen = seen }", addresses)
    picture = {"name": "photo.png", "mimeType": "image/png", "buffer": PNG}
    phone.page.locator("input[type=file]").set_input_files(files=[picture])  # type: ignore[list-item]  # a plain dict will do
    if told:
        expect(phone.page.get_by_role("alert")).to_contain_text(told)
    else:
        expect(phone.page.get_by_role("button", name="开始填写")).to_be_visible()


def test_a_photo_is_read_here_where_the_browser_reads_no_codes(phone: Phone, poll: ReadyPoll) -> None:
    phone.page.add_init_script("delete window.BarcodeDetector")
    phone.page.goto(f"{phone.address}/v/kiosk")
    phone.heading("用这台平板投票")
    photo = io.BytesIO()
    qrcode.make(f"https://host.example/v/{UUID}#{poll.codes[0]}").get_image().rotate(7, fillcolor="white").save(
        photo, "PNG"
    )
    picture = {"name": "photo.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    phone.page.locator("input[type=file]").set_input_files(files=[picture])  # type: ignore[list-item]  # a plain dict will do
    expect(phone.page.get_by_role("button", name="开始填写")).to_be_visible()
    assert not any(poll.codes[0] in asked for asked in phone.asked)


def test_idle_warns_hides_what_is_filled_in_and_clears(tablet: Phone, db: Session, poll: ReadyPoll) -> None:
    scan(tablet, poll.codes[0])
    tablet.tap("开始填写")
    tablet.choose("沈亦舟")
    tablet.page.clock.fast_forward(95_000)
    expect(tablet.page.get_by_role("heading", name="还在填写吗？")).to_be_visible()
    expect(tablet.page.get_by_text("沈亦舟")).to_be_hidden()
    tablet.tap("继续填写")
    expect(tablet.page.locator("input:checked")).to_have_count(1)
    tablet.page.clock.fast_forward(95_000)
    tablet.page.clock.fast_forward(30_000)
    tablet.heading("用这台平板投票")
    expect(tablet.page.get_by_role("alert")).to_contain_text("没有投出的选票仍然有效")
    nothing_stays(tablet, poll)
    assert boxed(db) == []
    vote(tablet, poll.codes[0])


def test_a_touch_after_the_tablet_slept_finds_nothing_of_the_person_before(tablet: Phone, poll: ReadyPoll) -> None:
    scan(tablet, poll.codes[0])
    tablet.tap("开始填写")
    tablet.choose("沈亦舟")
    tablet.page.clock.pause_at(tablet.page.evaluate("Date.now()") / 1000 + 1)
    tablet.page.evaluate("(now => { Date.now = () => now + 600000 })(Date.now())")  # no timer ran meanwhile
    tablet.page.mouse.click(640, 500)
    tablet.heading("用这台平板投票")
    nothing_stays(tablet, poll)


@pytest.mark.parametrize("how", ["back", "reload"])
def test_back_and_reload_show_the_start_page(tablet: Phone, poll: ReadyPoll, how: str) -> None:
    scan(tablet, poll.codes[0])
    tablet.tap("开始填写")
    tablet.choose("沈亦舟")
    for _ in range(2):
        if how == "back":
            tablet.page.evaluate("history.back()")
        else:
            tablet.page.reload()
        tablet.heading("用这台平板投票")
        assert tablet.page.url.endswith("/v/kiosk")
        nothing_stays(tablet, poll)


def test_a_scan_does_not_put_aside_who_is_still_filling_in(tablet: Phone, poll: ReadyPoll) -> None:
    scan(tablet, poll.codes[0])
    tablet.tap("开始填写")
    tablet.choose("沈亦舟")
    scan(tablet, poll.codes[1])
    expect(tablet.page.locator("input:checked")).to_have_count(1)


def test_without_a_network_the_sealed_ballot_stays_and_is_sent_again(
    tablet: Phone, db: Session, poll: ReadyPoll
) -> None:
    tablet.page.route("**/ballots", lambda route: route.abort())
    scan(tablet, poll.codes[0])
    tablet.fill_in()
    tablet.tap("提交选票")
    tablet.heading("网络不通，票尚未送达")
    expect(tablet.page.get_by_text("加密的票在这台平板里")).to_be_visible()
    tablet.page.evaluate("history.back()")
    scan(tablet, poll.codes[1])
    tablet.page.clock.run_for(300_000)  # far beyond the idle time: nothing clears it
    tablet.heading("网络不通，票尚未送达")
    tablet.page.unroute("**/ballots")
    tablet.tap("现在重试")
    tablet.heading("已投票")
    assert len(boxed(db)) == 1


def test_a_used_slip_shows_its_tracker_and_the_tablet_clears_itself(
    tablet: Phone, db: Session, poll: ReadyPoll
) -> None:
    tracker = board.cast(db, UUID, poll.ballot(0)).tracker
    db.commit()
    scan(tablet, poll.codes[0])
    tablet.fill_in()
    tablet.tap("提交选票")
    tablet.heading("此码的票已在票箱内")
    expect(tablet.page.locator(".ticket .code")).to_have_text(short(tracker))
    expect(tablet.page.get_by_text("马上举手")).to_be_visible()
    tablet.page.clock.fast_forward(41_000)
    tablet.heading("用这台平板投票")
    nothing_stays(tablet, poll)


def test_a_receipt_that_does_not_hold_stays_until_somebody_has_seen_it(tablet: Phone, poll: ReadyPoll) -> None:
    def forge(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "receipt": "A" * 86})

    tablet.page.route("**/ballots", forge)
    scan(tablet, poll.codes[0])
    tablet.fill_in()
    tablet.tap("提交选票")
    tablet.heading("票箱的回执核对不上")
    tablet.page.clock.run_for(120_000)
    tablet.heading("票箱的回执核对不上")
    tablet.tap("完成，清空本页")
    tablet.heading("用这台平板投票")


def test_a_slip_of_no_open_poll_is_told_so(tablet: Phone, poll: ReadyPoll) -> None:
    scan(tablet, poll.codes[0], uuid="3noSuchPoLL9xyz")
    tablet.heading("选票内容核对不上，没有打开")
    tablet.page.clock.fast_forward(41_000)
    tablet.heading("用这台平板投票")


def test_before_the_opening_the_tablet_waits_and_goes_on(phone: Phone, db: Session, config: Config) -> None:
    poll = ready_poll(db, config, state=State.ISSUED)
    phone.page.goto(f"{phone.address}/v/kiosk")
    expect(phone.page.get_by_text("即将开始")).to_be_visible()
    scan(phone, poll.codes[0])
    phone.heading("投票尚未开始")
    board.advance(db, UUID, State.ISSUED, State.OPEN)
    db.commit()
    expect(phone.page.get_by_role("button", name="开始填写")).to_be_visible(timeout=30_000)


def test_a_poll_that_appears_later_is_listed_by_itself(tablet: Phone, db: Session, config: Config) -> None:
    expect(tablet.page.get_by_text("现在没有正在进行的投票")).to_be_visible()
    ready_evaluation(db, config)
    tablet.page.clock.run_for(25_000)
    expect(tablet.page.get_by_text("民主测评", exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 1280), (360, 740)])
def test_its_pages_fit_and_axe_finds_nothing_serious(
    tablet: Phone, db: Session, config: Config, width: int, height: int
) -> None:
    poll = ready_evaluation(db, config)
    tablet.page.set_viewport_size({"width": width, "height": height})

    def sound() -> None:
        assert tablet.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found = Axe().run(tablet.page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []

    tablet.page.reload()
    tablet.heading("用这台平板投票")
    sound()
    tablet.tap("输入选票代码")
    sound()
    scan(tablet, poll.codes[0])
    tablet.tap("开始填写")
    sound()


def test_the_list_of_polls_names_only_what_waits_or_is_open(
    client: FlaskClient, db: Session, config: Config, poll: ReadyPoll
) -> None:
    listed = {"uuid": UUID, "title": "会议推荐", "open": True, "words": "正在进行", "rehearsal": True}
    assert client.get("/v/polls.json").get_json() == {"polls": [listed]}
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    assert client.get("/v/polls.json").get_json() == {"polls": []}
