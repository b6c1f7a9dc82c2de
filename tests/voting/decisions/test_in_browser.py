"""From the analysis to a decision that fails at exactly half, in a browser: what HR and the Party group see and press."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config import Config
from tests.chromium import needs_chromium
from tests.journeys.people import DESK, PHONE, Person
from tests.served import served
from tests.voting import rows
from tests.voting.results.conftest import SECRET, Played
from voting.accounts import passwords
from voting.accounts.models import User
from voting.app import create_app
from voting.decisions import office_views, views
from voting.store.base import Database

pytestmark = [pytest.mark.browser, needs_chromium]
PASSWORD = "一句没有人猜得到的长口令"
MEMBERS = "甲乙丙丁戊己庚辛壬癸子丑"


@pytest.fixture
def address(tmp_path: Path, played: Played, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The sample's counted recommendation, in the year of its meeting."""
    for module in (views, office_views):
        monkeypatch.setattr(module, "today", lambda: dt.date(2021, 6, 1))
    database = Database(f"sqlite:///{tmp_path}/party.sqlite3")
    database.create()
    with database.begin() as db:
        rows.put(db, played.rows)
        for login, name in (("office", "糜文珊"), ("review", "范景和")):
            hashed = passwords.hash_password(PASSWORD)
            db.add(User(name=name, login=login, role=login, password_hash=hashed, disabled=False))
    config = Config(
        database_url=database.url, secret=SECRET, base_url="http://localhost", bureau="局", instance=tmp_path
    )
    with served(create_app(config, database=database)) as at:
        yield at
    database.close()


def enter(browser: Browser, address: str, login: str, size: dict[str, int]) -> Person:
    person = Person(browser, size)
    person.go(f"{address}/login")
    person.fill("登录名", login)
    person.page.locator("input[name=password]").fill(PASSWORD)
    person.press("登录")
    person.page.wait_for_url("**/review**" if login == "review" else "**/office**")
    return person


def hidden(page: Page) -> list[str]:
    """What scrolls sideways inside the page."""
    wide = "[...document.querySelectorAll('.over, .over-small')].filter((one) => one.scrollWidth > one.clientWidth)"
    found: list[str] = page.evaluate(f"{wide}.map((one) => one.ariaLabel)")
    return found


def test_who_has_most_votes_is_not_proposed_and_the_decision_fails_at_exactly_half(
    browser: Browser, address: str
) -> None:
    office, review = enter(browser, address, "office", DESK), enter(browser, address, "review", PHONE)
    office.go(f"{address}/office/posts/1/proposal")
    office.page.get_by_label("建议 季慕青").check()
    office.press("提出建议人选")
    expect(office.page.get_by_role("alert")).to_contain_text("季慕青、薛明澈")
    for position in (1, 7):
        office.go(f"{address}/office/posts/1/analyses/{position}")
        office.accessible()
        for part in ("得票情况", "年度考核", "一贯表现", "人岗相适", "须说明的理由"):
            office.fill(part, f"{part}：写明")
        office.press("的综合分析")
        office.sees("综合分析和建议")
    office.page.get_by_label("建议 季慕青").check()
    office.accessible()
    office.press("提出建议人选")
    expect(office.page.get_by_text("已提出建议考察对象：季慕青")).to_be_visible()
    review.go(f"{address}/review/posts/1")
    review.accessible()
    assert review.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert hidden(review.page) == []  # nobody has to guess that a table goes on to the right
    assert [one.inner_text() for one in review.page.locator("tbody th b").all()][:2] == ["季慕青", "过静宜"]
    review.press("局党组确定")
    expect(review.page.get_by_text("已确定考察对象：季慕青")).to_be_visible()
    office.go(f"{address}/office/posts/1/proposal")
    office.page.set_viewport_size(PHONE)
    assert hidden(office.page) == []
    office.page.set_viewport_size(DESK)
    office.page.get_by_label("建议 季慕青").check()
    office.press("提出建议人选")
    office.follow("建立党组会表决")
    for label, value in (("主持人", "范景和"), ("记录人", "糜文珊"), ("列席", "柏清源")):
        office.fill(label, value)
    office.fill("应到会成员", "\n".join(f"成员{one}，党组成员" for one in MEMBERS))
    office.accessible()
    office.press("建立，下一步")
    office.sees("党组会表决")
    expect(office.page.get_by_text("至少 7 票同意才通过")).to_be_visible()
    for number, one in enumerate(MEMBERS):
        office.page.get_by_label(f"成员{one} 对 季慕青 的意见").select_option("同意" if number < 6 else "不同意")
    office.accessible()
    office.press("记下到会和表态")
    office.page.get_by_label("成员甲 对 季慕青 的意见").select_option("缓议")
    office.press("确认 1 人的表决情况")
    expect(office.page.get_by_role("status")).to_contain_text("有改动，已经记下，还没有确认")
    office.page.get_by_label("成员甲 对 季慕青 的意见").select_option("同意")
    office.press("记下到会和表态")
    office.press("确认 1 人的表决情况")
    expect(office.page.get_by_text("季慕青：没有通过。")).to_be_visible()
    expect(office.page.get_by_text("同意 6 ≤ 应到 12 ÷ 2 ＝ 6")).to_be_visible()
    office.follow("打印党组会表决情况")
    office.sees("党组会表决情况")
    office.page.set_viewport_size(PHONE)
    said = office.page.get_by_role("cell", name="不同意", exact=True).last.bounding_box()
    assert said["x"] + said["width"] <= PHONE["width"]  # what each member stated is seen on a phone too
    office.leave()
    review.leave()


def test_ten_people_fit_on_one_sheet_of_paper(browser: Browser, address: str) -> None:
    review = enter(browser, address, "review", DESK)
    review.go(f"{address}/review/posts/1")
    paper = review.page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 1
    review.leave()
