"""The clerk's console in a real Chromium: what its one button covers, and what a press too early does."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from config import Config
from tests.chromium import needs_chromium
from tests.journeys.people import DESK, PASSWORD, Person
from tests.served import served
from tests.voting.polls.meeting import BASE, CLERK, NOW, Meeting
from voting.accounts import service as accounts
from voting.app import create_app
from voting.polls import meeting as steps
from voting.store import clock
from voting.store.base import Database

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
LONG_NAME = "买买提·艾力"
FITS = "(field) => field.scrollWidth <= field.clientWidth"


@pytest.fixture
def clerk(browser: Browser, config: Config, database: Database, db: Session) -> Iterator[Person]:
    token = accounts.setup_link(db, "console", None, now=clock.now())
    accounts.complete_setup(db, token, PASSWORD, now=clock.now(), name="孙立言", login="sun")
    db.commit()
    with served(create_app(config, database=database)) as at:
        clerk = Person(browser, DESK)
        clerk.office = f"{at}/office"
        clerk.go(f"{at}/login")
        clerk.fill("登录名", "sun")
        clerk.fill("密码", PASSWORD)
        clerk.press("登录")
        yield clerk
        clerk.leave()


def test_while_the_last_call_runs_and_slips_are_out_stopping_takes_a_second_press(clerk: Person, db: Session) -> None:
    meeting = Meeting(db).opened()
    steps.go(db, meeting.uuid, "box", "hand", base_url=BASE, now=NOW, actor=CLERK)
    meeting.counts(left_in_hand=6)
    db.commit()
    clerk.go(f"{clerk.office}/polls/{meeting.uuid}")
    clerk.press("开始 60 秒最后提醒")
    clerk.press("停止投票")
    asks = clerk.page.get_by_role("button", name="还有 7 张没有交：再按一次，提前停止")
    asks.click()  # the second half of a double click
    expect(asks).to_be_enabled()
    clerk.page.wait_for_timeout(1100)
    asks.click()
    clerk.sees("剩余选票作废")


def test_a_button_that_waits_lies_over_nothing(clerk: Person, db: Session) -> None:
    meeting = Meeting(db).plan().create().invite()
    db.commit()
    clerk.go(f"{clerk.office}/polls/{meeting.uuid}")
    expect(clerk.page.locator(".stage > .go")).to_have_css("position", "static")
    meeting.make_keys()
    db.commit()
    clerk.go(f"{clerk.office}/polls/{meeting.uuid}")
    expect(clerk.page.locator(".stage > .go")).to_have_css("position", "sticky")
    keepers = clerk.page.locator("main").inner_text().split("密钥保管人\n")[-1]
    assert keepers.index("当面念一遍自己页面上的指纹") < keepers.index("郑为民"), (
        "asked for before the list, above the button"
    )


def test_a_name_of_six_characters_is_read_whole_where_names_are_typed(clerk: Person, db: Session) -> None:
    meeting = Meeting(db).plan()
    db.commit()
    clerk.go(f"{clerk.office}/selections/{meeting.selection}/polls/new?kind=evaluation")
    name = clerk.page.get_by_label(re.compile("^姓名1$"))
    name.fill(LONG_NAME)
    assert name.evaluate(FITS)
