"""A phone in a real Chromium, for the booth's tests: what a person does with it, and what it asked for."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.voting.ready_poll import UUID
from voting.board import service as board


class Phone:
    """A phone of 360 by 740, what its browser complained about, and every address it asked for."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.page: Page = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN").new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None
        )
        self.page.on("request", lambda request: self.asked.append(request.url + (request.post_data or "")))

    def scan(self, code: str) -> None:
        self.page.goto(f"{self.address}/v/{UUID}#{code}")

    def tap(self, label: str) -> None:
        self.page.get_by_role("button", name=label).click()

    def choose(self, name: str) -> None:
        self.page.get_by_text(name, exact=True).click()

    def fill_in(self) -> None:
        self.tap("开始填写")
        self.choose("沈亦舟")
        self.tap("下一职位")
        self.choose("陈书岚")
        self.choose("周景明")
        self.tap("核对选票")

    def vote(self) -> None:
        """Everything after the scan."""
        self.fill_in()
        self.tap("提交选票")
        self.heading("已投票")

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text, timeout=30_000)

    def kept(self) -> str:
        return str(self.page.evaluate("JSON.stringify(Object.assign({}, sessionStorage))"))


def boxed(db: Session) -> list[str]:
    trackers = board.trackers(db, UUID)
    db.rollback()  # SQLite has one writer at a time: the phone must not wait for the test
    return trackers
