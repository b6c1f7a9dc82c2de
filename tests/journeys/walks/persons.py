"""The office's pages of polls about persons, the roster's facts, the cards for the wall."""

import re

from tests.journeys.people import DESK, Person
from tests.journeys.walks.base import Walk
from voting import sample


class PersonsWalk(Walk):
    """An evaluation and a decision from the form to the console."""

    def of_the_office(self, login: str) -> Person:
        who = self.someone(DESK)
        self.log_in(who, login)
        who.page.wait_for_url("**/review**" if login == "review" else "**/office**")
        return who

    def drafts_polls(self) -> None:
        """The forms, a list read from a file, and the selection with three kinds of polls."""
        take, office = self.album.take, self.office
        selection = f"{self.base}/office/selections/{self.hall.selection}"
        office.go(f"{selection}/polls/new?kind=evaluation")
        take("n01-evaluation-draft", office.page)
        office.press("保存，下一步请密钥保管人")
        take("n02-evaluation-draft-wrong", office.page)
        office.page.get_by_text("从文件读入名单").click()
        office.page.locator("input[type=file]").set_input_files(sample.FOLDER / "测评对象-8人.csv")
        office.press("读入名单，先不保存")
        take("n03-evaluation-list-read", office.page)
        office.page.locator("[name=title]").fill("机关处级干部民主测评")
        self.groups(("机关中层正职", 32), ("机关其他人员", 81))
        office.press("保存，下一步请密钥保管人")
        office.sees(re.compile("机关处级干部民主测评|保管人"))
        take("n04-evaluation-console", office.page)
        office.go(f"{office.page.url}/preview")
        office.page.get_by_role("button", name="开始填写").click()
        take("n05-evaluation-preview", office.page)
        office.go(f"{selection}/polls/new?kind=decision")
        take("n06-decision-draft", office.page)
        for n in (0, 1):
            office.page.locator(f"[name=persons-{n}-on]").check()
        office.page.locator("[name=title]").fill("拟任人选表决")
        self.groups(("局党组成员", 9))
        office.press("保存，下一步请密钥保管人")
        take("n07-decision-console", office.page)
        office.go(selection)
        take("c17-selection-polls-of-three-kinds", office.page)

    def groups(self, *wanted: tuple[str, int]) -> None:
        for n, field in enumerate(self.office.page.locator("[name^=groups-][name$=-label]").all()):
            field.fill(wanted[n][0] if n < len(wanted) else "")
        for n, (_, expected) in enumerate(wanted):
            self.office.page.locator(f"[name=groups-{n}-expected]").fill(str(expected))

    def reads_the_roster(self) -> None:
        take, office = self.album.take, self.office
        office.go(f"{self.base}/office/selections/{self.hall.selection}/roster")
        take("s01-roster", office.page)
        for summary in office.page.locator("summary").all():
            summary.click()
        take("s02-roster-earlier-service", office.page)
        office.page.locator("input[type=file]").set_input_files(
            {"name": "名册.csv", "mimeType": "text/csv", "buffer": "姓名,所在处室\r\n季慕青,投资促进处".encode()}
        )
        office.page.locator("form:has(input[type=file]) button").click()
        take("s03-roster-refused", office.page)

    def prints_cards(self) -> None:
        take, office = self.album.take, self.office
        office.go(f"{self.base}/office/cards")
        take("k01-cards", office.page)
        office.fill("会场无线网名称", "HUIYI-5")
        office.fill("无线网密码", "tongping2026")
        office.press("按此重画 3 页")
        take("k02-cards-with-wifi", office.page)
        self.album.print("k02-cards-with-wifi", office.page)
