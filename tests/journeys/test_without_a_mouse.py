"""The booth and the office by keyboard alone, in the order in which a screen reader tells them, and at 200 %."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium import needs_chromium
from tests.journeys.album import TABLET
from tests.journeys.keyboard import Keyboard, enlarged, reading_order
from tests.journeys.people import DESK, PASSWORD, PHONE, Person, person
from tests.journeys.walks.hall import Hall, hall
from voting.rehearse.browser import Browser as Simulated
from voting.rehearse.office import Office
from voting.rehearse.phones import Handed
from voting.rehearse.plan import Plan, make_plan
from voting.rehearse.server import Server

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Office, Plan, list[Handed]]]:
    """A rehearsal of two posts that is open, with its slips."""
    folder: Path = tmp_path_factory.mktemp("meeting")
    plan = make_plan(9, 7)
    with Server(folder) as server:
        office = Office(Simulated(server.base))
        office.set_up(server.setup_link())
        office.enter_poll(office.enter_selection(plan), plan)
        for keeper in office.invite(2):
            keeper.make_key()
        office.press("keyed")
        slips = office.issue()
        office.begin_meeting(plan.voters)
        office.press("open")
        yield server, office, plan, slips


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Open polls of three kinds, and two that are counted."""
    with hall(tmp_path_factory.mktemp("bureau")) as seeded:
        yield seeded


def test_a_ballot_is_filled_in_and_cast_without_a_mouse(browser: Browser, meeting) -> None:
    server, office, plan, slips = meeting
    first, second = plan.posts
    with person(browser, PHONE) as voter:
        keys = Keyboard(voter.page)
        voter.go(f"{server.base}/v/{office.uuid}#{slips[0].code}")
        voter.page.get_by_role("button", name="开始填写").wait_for()
        reading_order(voter.page)
        enlarged(voter.page)
        keys.press("开始填写")
        reading_order(voter.page)
        enlarged(voter.page)
        keys.mark(first.candidates[0][0])
        keys.press("下一职位")
        keys.mark(second.candidates[1][0])
        keys.mark(second.candidates[2][0])
        keys.press("核对选票")
        expect(voter.page.get_by_text(second.candidates[2][0])).to_be_visible()
        reading_order(voter.page)
        keys.press("^提交选票")
        voter.sees("已投票")
        reading_order(voter.page)


def test_arrows_move_within_one_post(browser: Browser, meeting) -> None:
    server, office, plan, slips = meeting
    with person(browser, PHONE) as voter:
        keys = Keyboard(voter.page)
        voter.go(f"{server.base}/v/{office.uuid}#{slips[1].code}")
        voter.page.get_by_role("button", name="开始填写").wait_for()
        keys.press("开始填写")
        keys.mark(plan.posts[0].candidates[0][0])
        voter.page.keyboard.press("ArrowDown")
        expect(voter.page.get_by_label(plan.posts[0].candidates[1][0])).to_be_checked()


def test_a_code_is_typed_without_a_mouse(browser: Browser, meeting) -> None:
    server, _, _, slips = meeting
    with person(browser, PHONE) as voter:
        keys = Keyboard(voter.page)
        voter.go(f"{server.base}/v")
        voter.page.locator("#five").wait_for()
        reading_order(voter.page)
        enlarged(voter.page)
        keys.to("第 1 组")
        voter.page.keyboard.type(slips[2].code.replace("-", ""))  # the focus goes on by itself
        keys.press("打开选票")
        voter.page.get_by_role("button", name="开始填写").wait_for()


def test_the_clerk_works_without_a_mouse(browser: Browser, meeting, tmp_path: Path) -> None:
    with Server(tmp_path) as server, person(browser, DESK) as clerk:
        keys = Keyboard(clerk.page)
        clerk.go(server.setup_link())
        keys.press("开始设置")
        for label, typed in (
            ("姓名", "孙立言"),
            ("登录名", "sunliyan"),
            ("^密码", "一句没有人猜得到的长口令"),
            ("再输一次", "一句没有人猜得到的长口令"),
        ):
            keys.fill(label, typed)
        keys.press("设置密码")
        clerk.sees("登录")
        keys.fill("登录名", "sunliyan")
        keys.fill("^密码", "一句没有人猜得到的长口令")
        keys.press("^登录$")
        clerk.sees("选拔任用工作")
        visits(clerk)
        keys.press("新建一项")
        clerk.page.get_by_label("方案日期").wait_for()
        visits(clerk)
        keys.fill("选拔任用工作名称", "选拔任用")
        keys.fill("^单位", "市商务局")
        clerk.page.get_by_label("方案日期").fill(
            "2026-11-01"
        )  # the date's three parts differ by the browser's language
        keys.press("建立，下一步录入职位")
        clerk.page.get_by_label("名额").wait_for()
        visits(clerk)


def test_the_tablet_is_used_without_a_mouse(browser: Browser, meeting) -> None:
    server, _, plan, slips = meeting
    with person(browser, TABLET) as voter:
        keys = Keyboard(voter.page)
        voter.go(f"{server.base}/v/kiosk")
        voter.sees("用这台平板投票")
        reading_order(voter.page)
        enlarged(voter.page)
        keys.to("^给选票拍照")  # the photo's button is a field for a file: it must be reached as well
        keys.press("输入选票代码")
        reading_order(voter.page)
        enlarged(voter.page)
        voter.page.keyboard.type(slips[3].code.replace("-", ""))  # the focus stands in the first of the five
        keys.press("打开选票")
        voter.page.get_by_role("button", name="开始填写").wait_for()
        keys.press("开始填写")
        keys.mark(plan.posts[0].candidates[0][0])
        keys.press("下一职位")
        keys.mark(plan.posts[1].candidates[1][0])
        keys.press("核对选票")
        reading_order(voter.page)
        keys.press("^提交")
        voter.sees("已投票")
        enlarged(voter.page)
        keys.press("完成，清空本页")
        voter.sees("用这台平板投票")


def test_an_evaluation_is_filled_in_and_cast_without_a_mouse(browser: Browser, bureau: Hall) -> None:
    poll = bureau.polls["evaluation"]
    with person(browser, PHONE) as voter:
        keys = Keyboard(voter.page)
        voter.go(f"{bureau.base}/v/{poll.uuid}#{poll.codes[0]}")
        voter.page.get_by_role("button", name="开始填写").wait_for()
        keys.press("开始填写")
        reading_order(voter.page)
        enlarged(voter.page)
        keys.press("^称职$")  # of 各项同为
        expect(voter.page.locator("input:checked")).to_have_count(6)
        keys.to("^称职$")  # 德, as it is chosen
        voter.page.keyboard.press("ArrowLeft")
        keys.mark("^同意$")
        expect(voter.page.locator("input:checked")).to_have_count(7)
        expect(
            voter.page.get_by_role("radiogroup", name="德").get_by_role("radio", name="优秀", exact=True)
        ).to_be_checked()
        for _ in range(7):
            keys.press("下一位")
            reading_order(voter.page)
        keys.press("核对测评票")
        reading_order(voter.page)
        enlarged(voter.page)
        keys.press("提交，49 项按弃权")
        voter.sees("已投票")


def test_a_decision_is_cast_without_a_mouse(browser: Browser, bureau: Hall) -> None:
    poll = bureau.polls["decision"]
    with person(browser, PHONE) as voter:
        keys = Keyboard(voter.page)
        voter.go(f"{bureau.base}/v/{poll.uuid}#{poll.codes[0]}")
        voter.page.get_by_role("button", name="开始填写").wait_for()
        keys.press("开始填写")
        reading_order(voter.page)
        enlarged(voter.page)
        keys.mark("^同意$")
        keys.press("下一位")
        keys.press("下一位")
        keys.press("核对选票")
        reading_order(voter.page)
        keys.press("提交，2 项按弃权")
        voter.sees("已投票")


def test_what_follows_the_count_is_done_without_a_mouse(browser: Browser, bureau: Hall) -> None:
    """A proposal that is refused, an analysis, and the other pages that are filled in after the count."""
    with person(browser, DESK) as clerk:
        keys = Keyboard(clerk.page)
        clerk.go(f"{bureau.base}/login")
        keys.fill("登录名", "office")
        keys.fill("^密码", PASSWORD)
        keys.press("^登录$")
        clerk.page.wait_for_url("**/office**")
        clerk.go(f"{bureau.base}/office/posts/{bureau.post}/proposal")
        visits(clerk)
        keys.mark("建议 季慕青")
        keys.press("提出建议人选")
        expect(clerk.page.get_by_role("alert")).to_contain_text("季慕青")
        visits(clerk)
        selection, poll = f"/office/selections/{bureau.selection}", f"/office/polls/{bureau.recommended}"
        for address in (
            f"/office/posts/{bureau.post}/analyses/1", f"{selection}/polls/new?kind=evaluation", f"{selection}/roster",
            f"{selection}/polls/new?kind=decision", f"{poll}/paper-ballots", f"/review/polls/{bureau.recommended}/papers",
            f"/review/polls/{bureau.evaluated}", f"/review/posts/{bureau.post}", "/review/posts",
        ):  # fmt: skip
            clerk.go(f"{bureau.base}{address}")
            visits(clerk)


def visits(clerk: Person) -> None:
    """What holds of every page of the office."""
    reading_order(clerk.page)
    enlarged(clerk.page)
    assert re.search(r"跳到|跳过|正文", clerk.page.locator("a.skip").first.inner_text())
