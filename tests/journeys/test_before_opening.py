"""Between printing and opening: a title is corrected, a lost batch printed anew, and phones tell old slips from new."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium import needs_chromium
from tests.journeys.people import DESK, PASSWORD, PHONE, Person, codes_on_paper, opens_the_box, person
from tests.voting.polls.meeting import Meeting
from voting.accounts import service as accounts
from voting.rehearse.server import Server
from voting.store import clock
from voting.store.base import Database


@pytest.fixture
def meeting(server: Server) -> Meeting:
    """A poll whose slips are printed, and a clerk with a log-in: what the other journey does by hand."""
    database = Database(f"sqlite:///{server.folder}/server.sqlite3")
    with database.begin() as db:
        made = Meeting(db, base_url=server.base).plan().create().invite().make_keys().keyed().issue()
        user = accounts.create_user(db, "console", name="孙立言", login="sunliyan", role="office", now=clock.now())
        accounts.complete_setup(
            db, accounts.setup_link(db, "console", user, now=clock.now()), PASSWORD, now=clock.now()
        )
    database.close()
    return made


def signs(office: Person, reason: str) -> None:
    office.fill("理由", reason)
    office.fill("负责人一", "糜文珊")
    office.fill("负责人二", "荣佳怡")


@pytest.mark.browser
@needs_chromium
def test_a_title_is_corrected_and_a_lost_batch_printed_anew_before_the_box_opens(
    browser: Browser, server: Server, meeting: Meeting, tmp_path: Path
) -> None:
    console = f"{server.base}/office/polls/{meeting.uuid}"
    lost, kept = meeting.codes[:6], meeting.codes[6:]
    office = Person(browser, DESK)
    office.go(f"{server.base}/login")
    office.fill("登录名", "sunliyan")
    office.fill("密码", PASSWORD)
    office.press("登录")

    office.go(console)
    office.page.get_by_text("须更正").click()
    office.follow("更正选票内容")
    office.accessible()
    office.fill("职位1的名称", "人事处处长")
    signs(office, "职位名称有错字")
    office.press("照此更正，选票不重印")
    expect(office.page.get_by_role("status").first).to_contain_text("职位“人事教育处处长”改为“人事处处长”")

    office.page.get_by_text("须作废重印").click()
    office.follow("作废旧票，重印")
    office.accessible()
    expect(office.page.locator(".go button")).to_be_disabled()
    colleague = office.context.new_page()  # another window with the same form, opened before the press
    colleague.goto(f"{console}/reissue")
    office.page.get_by_label("机关中层正职").check()
    signs(office, "一捆选票在会前遗失")
    office.press("作废旧票，重印 6 张")
    expect(office.page.get_by_text("旧票一律作废，请当面收回销毁：机关中层正职")).to_be_visible()
    addresses = codes_on_paper(office.page)
    new = [address.split("#")[1] for address in addresses]
    assert len(set(new)) == 6
    assert not set(new) & set(meeting.codes)

    colleague.get_by_label("机关中层正职").check()
    for label, typed in (("理由", "遗失"), ("负责人一", "糜文珊"), ("负责人二", "荣佳怡")):
        colleague.get_by_label(label).fill(typed)
    colleague.get_by_role("button", name="作废旧票，重印 6 张").click()
    expect(colleague.get_by_role("alert")).to_contain_text("reissue_stale")
    colleague.close()

    office.page.on("dialog", lambda dialog: dialog.accept())
    office.page.emulate_media(media="screen")
    office.page.set_viewport_size(DESK)
    office.go(console)
    expect(office.page.get_by_text("机关中层正职：旧票作废，重印 1 次")).to_be_visible()
    office.accessible()
    opens_the_box(office, 7, 7)

    with person(browser, PHONE) as phone:
        phone.go(f"{server.base}/v/{meeting.uuid}#{lost[0]}")
        phone.sees("这张选票不能用于本次投票")
        phone.accessible()
    for code in (new[0], kept[0]):
        with person(browser, PHONE) as phone:
            phone.go(f"{server.base}/v/{meeting.uuid}#{code}")
            phone.press("开始填写")
            phone.sees("人事处处长")
            phone.page.locator(".card").first.click()
            phone.press("下一职位")
            phone.press("核对选票")
            phone.press(re.compile("^提交"))
            phone.sees("已投票")
    counted = office.page.request.get(f"{server.base}/board/{meeting.uuid}/count.json").json()
    assert counted["returned"] == 2
    office.leave()
