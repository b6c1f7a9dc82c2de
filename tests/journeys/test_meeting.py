"""The whole meeting through the console: every step, back, reload, a second clerk, and the projector that follows."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.chromium import needs_chromium
from tests.journeys.people import DESK, PASSWORD, PHONE, Person, passes_the_check, person
from tests.voting.polls.meeting import Meeting
from voting.accounts import service as accounts
from voting.board import service as board
from voting.rehearse.server import Server
from voting.store import clock
from voting.store.base import Database

PROJECTOR = {"width": 1920, "height": 1080}
SHOTS = os.environ.get("MIPIAO_SHOTS")


@pytest.fixture
def database(server: Server) -> Database:
    return Database(f"sqlite:///{server.folder}/server.sqlite3")


@pytest.fixture
def meeting(server: Server, database: Database) -> Meeting:
    """A poll whose slips are printed, and a clerk with a log-in."""
    with database.begin() as db:
        made = Meeting(db, base_url=server.base).plan().create().invite().make_keys().keyed().issue()
        user = accounts.create_user(db, "console", name="孙立言", login="sunliyan", role="office", now=clock.now())
        accounts.complete_setup(
            db, accounts.setup_link(db, "console", user, now=clock.now()), PASSWORD, now=clock.now()
        )
    return made


@pytest.fixture
def clerk(browser: Browser, server: Server, meeting: Meeting) -> Callable[[], Person]:
    """Somebody of the office at the poll's console, in a browser of their own."""

    def at_the_console() -> Person:
        office = Person(browser, DESK)
        office.go(f"{server.base}/login")
        office.fill("登录名", "sunliyan")
        office.fill("密码", PASSWORD)
        office.press("登录")
        office.go(f"{server.base}/office/polls/{meeting.uuid}")
        return office

    return at_the_console


def seen(who: Person, name: str) -> None:
    if SHOTS:
        who.page.screenshot(path=Path(SHOTS) / f"{name}.png")


def step(office: Person, number: int, title: str) -> None:
    office.sees(title)
    expect(office.page.get_by_text(f"第 {number} 步，共 12 步")).to_be_visible()
    expect(office.page.locator(".stage .btn-primary")).to_have_count(1)
    office.accessible()
    seen(office, f"step-{number:02}")


def check_goes_from_red_to_green(browser: Browser, office: Person) -> None:
    go_on = office.page.get_by_role("button", name="进入清点人数")
    expect(go_on).to_be_disabled()
    expect(office.page.locator(".go")).to_contain_text("还差：测试手机、打印样张、时钟、磁盘")
    address = office.page.locator("aside .qr").first.screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(address)))
    with person(browser, PHONE) as phone:  # scanned from the console's screen: no paper yet
        phone.go(code.text)
        phone.sees("这台手机可以投票")
        assert "#" not in phone.page.url
        expect(phone.page.locator("#next")).to_contain_text("还要从纸面读一次")
        phone.accessible()
        seen(phone, "check-screen")
    expect(office.page.locator(".go")).to_contain_text(
        "还差：打印样张、磁盘", timeout=20_000
    )  # it has followed by itself
    seen(office, "step-01-half")
    office.page.get_by_text("有一项确实做不了").click()
    office.page.locator("#line").select_option(label="打印样张")
    office.fill("理由", "打印机送修")
    office.page.locator("#waive-name_1").fill("糜文珊")
    office.page.locator("#waive-name_2").fill("荣佳怡")
    office.press("免做这一项")
    expect(office.page.locator("[data-line=print]")).to_contain_text("免做：打印机送修（糜文珊、荣佳怡")
    passes_the_check(office)
    expect(go_on).to_be_enabled()
    expect(office.page.locator(".checks .no")).to_have_count(0)
    office.accessible()
    seen(office, "step-01-green")


@pytest.mark.browser
@needs_chromium
def test_a_phone_with_a_stale_code_is_told_to_scan_again(browser: Browser, server: Server, meeting: Meeting) -> None:
    with person(browser, PHONE) as phone:
        phone.go(f"{server.base}/v/check/{meeting.uuid}#" + "0" * 32)
        phone.sees("没有通过")
        expect(phone.page.locator("#next")).to_contain_text("请重扫工作台上的码或打印样张")
        phone.accessible()
        seen(phone, "check-refused")


@pytest.mark.browser
@needs_chromium
def test_a_meeting_from_the_check_to_the_sealed_box(
    browser: Browser, server: Server, meeting: Meeting, clerk, database: Database
) -> None:
    office, screen = clerk(), Person(browser, PROJECTOR)
    step(office, 1, "会前检查")
    screen.go(f"{server.base}/board/{meeting.uuid}/screen")
    screen.sees("投票尚未开始")
    check_goes_from_red_to_green(browser, office)
    office.press("进入清点人数")

    step(office, 2, "清点人数")
    screen.sees("正在清点人数")
    office.fill("应到", "7")
    office.fill("实到", "4")
    expect(office.page.locator("#quorum")).to_contain_text("不足应到 7 人的三分之二（5 人）")
    office.fill("实到", "6")
    office.press("宣布应到 7 人、实到 6 人，宣读办法")

    step(office, 3, "宣读办法")
    expect(office.page.locator(".words")).to_contain_text("今天应到 7 人，实到 6 人，达到三分之二，会议有效。")
    screen.sees("请听主持人宣读办法")
    seen(screen, "screen-rules")
    office.press("返回上一步")
    step(office, 2, "清点人数")
    expect(office.page.get_by_label("实到")).to_have_value("6")
    office.press("宣布应到 7 人、实到 6 人，宣读办法")
    office.press("办法已宣读")

    step(office, 4, "监票人、计票人")
    office.fill("监票人", "季慕青")
    office.fill("计票人", "荣佳怡")
    office.press("记下 2 人")
    expect(office.page.get_by_role("alert")).to_contain_text("季慕青")
    office.fill("监票人", "糜文珊")
    office.press("记下 2 人")

    step(office, 5, "展示空票箱")
    second = clerk()
    step(second, 5, "展示空票箱")
    office.press("启用票箱：箱内 0 张")
    office.press(re.compile("印记已抄下"))
    step(office, 6, "发放选票")
    screen.sees("票箱是空的")
    seen(screen, "screen-empty")
    second.sees("发放选票")  # the second clerk's page has followed by itself
    office.fill("手中剩余", "1")
    expect(office.page.locator("#unclaimed")).to_contain_text("多于实到")
    office.fill("手中剩余", "8")
    expect(office.page.locator("#unclaimed")).to_contain_text("实到 6 人，发出 5 张：有 1 人未领")
    office.press("宣布发出 5 张，开始投票")

    step(office, 7, "投票")
    office.page.reload()
    step(office, 7, "投票")
    expect(screen.page.locator("#handed_out")).to_have_text("5", timeout=20_000)
    office.page.get_by_text("迟到", exact=True).click()
    seen(office, "step-07-late")
    office.press("迟到 1 人领票：实到 7，手中剩余 7")
    expect(screen.page.locator("#handed_out")).to_have_text("6", timeout=20_000)
    with database.begin() as db:
        Meeting(db, uuid=meeting.uuid, codes=meeting.codes).vote([[[0, 1, 0, 0], [0, 1, 0]]] * 5)
    expect(office.page.locator("dd[data-live=returned]")).to_have_text("5", timeout=20_000)
    seen(screen, "screen-voting")
    office.press("开始 60 秒最后提醒")

    step(office, 8, "最后提醒")
    expect(office.page.locator(".words")).to_contain_text("还有 1 张没有交")
    expect(screen.page.locator("#call")).to_be_visible(timeout=20_000)
    expect(screen.page.locator("#call-left")).to_have_text(re.compile(r"^[1-5]?\d 秒$"))
    screen.accessible()
    seen(screen, "screen-call")
    with database.begin() as db:
        board.get(db, meeting.uuid).last_call -= 60
    expect(screen.page.locator("#call-word")).to_have_text("即将收票。", timeout=20_000)
    expect(screen.page.locator("#call-left")).to_be_hidden()
    expect(office.page.locator("#callclock")).to_contain_text("时间到", timeout=20_000)
    seen(office, "step-08-over")
    office.press("再提醒 60 秒")
    expect(office.page.locator("#callclock")).to_contain_text("秒")
    office.press("停止投票：收回 5 张")
    expect(office.page.locator("#stop")).to_have_text("还有 1 张没有交：再按一次，提前停止")
    office.page.wait_for_timeout(1100)
    office.press("还有 1 张没有交")

    step(office, 9, "剩余选票作废")
    expect(screen.page.locator(".codes li")).to_have_count(5, timeout=20_000)
    office.follow(re.compile("登记作废选票"))
    expect(office.page.get_by_label("姓名一")).to_have_value("糜文珊")
    office.follow("扫完了，回到投票")
    office.press(re.compile("还有 7 张没有登记作废，先宣布收回"))
    step(office, 10, "宣布收回、封箱")
    expect(office.page.locator("#name_1")).to_have_value("糜文珊")
    expect(office.page.locator(".words")).to_contain_text("发出 6 张，收回 5 张，收回不超过发出")
    office.press("返回上一步")
    office.press(re.compile("还有 7 张没有登记作废，先宣布收回"))
    with database.begin() as db:
        board.get(db, meeting.uuid).closing_since -= 120
    office.press("封箱：5 张选票")
    step(office, 11, "请密钥保管人计票")
    screen.sees("票箱已封")
    seen(screen, "screen-sealed")
    for who in (office, second, screen):
        who.leave()
