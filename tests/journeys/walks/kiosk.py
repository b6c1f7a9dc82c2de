"""The tablet for whoever has no phone, and an evaluation and a decision on the phone."""

import base64
import re

from playwright.sync_api import expect

from tests.journeys.album import TABLET
from tests.journeys.people import Person
from tests.journeys.walks.base import Walk

UPRIGHT = {"width": 800, "height": 1280}
TABLETS = (TABLET, UPRIGHT)
NOTHING = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


class KioskWalk(Walk):
    """Three open polls of three kinds."""

    def at_the_tablet(self) -> None:
        """From the start page to the tracker, with everything that the tablet says on the way."""
        poll = self.hall.polls["recommendation"]
        tablet = self.someone(TABLET)
        tablet.page.clock.install()
        tablet.go(f"{self.base}/v/kiosk")
        tablet.sees("用这台平板投票")
        self.tablet("i01-start", tablet)
        photo = {"name": "photo.png", "mimeType": "image/png", "buffer": NOTHING}
        tablet.page.locator("input[type=file]").set_input_files(files=[photo])
        expect(tablet.page.get_by_role("alert")).to_contain_text("照片上没有读出选票的二维码")
        self.tablet("i02-photo-without-code", tablet)
        tablet.press("输入选票代码")
        self.tablet("i03-type-the-code", tablet)
        fields = tablet.page.locator(".five input")
        groups = poll.codes[0].split("-")
        for n, group in enumerate([*groups[:4], groups[4][:3] + ("7" if groups[4][3] != "7" else "8")]):
            fields.nth(n).fill(group)
        tablet.press("打开选票")
        self.tablet("i04-choose-the-poll", tablet)
        tablet.page.get_by_text("会议推荐", exact=True).click()
        tablet.press("打开选票")
        expect(tablet.page.get_by_role("alert")).to_contain_text("有一位对不上")
        self.tablet("i05-code-mistyped", tablet)
        fields.nth(4).fill(groups[4])
        tablet.press("打开选票")
        tablet.page.get_by_role("button", name="开始填写").wait_for()
        self.tablet("i06-first-screen", tablet)
        tablet.press("开始填写")
        tablet.page.get_by_text("沈亦舟", exact=True).click()
        self.tablet("i07-choose", tablet)
        tablet.page.clock.fast_forward(95_000)
        tablet.sees("还在填写吗？")
        self.tablet("i08-idle", tablet)
        tablet.press("继续填写")
        tablet.press("下一职位")
        tablet.press("核对选票")
        self.tablet("i09-review", tablet)
        tablet.press(re.compile("^提交"))
        tablet.sees("已投票")
        self.tablet("i10-done", tablet)
        tablet.press("完成，清空本页")
        self.scan(tablet, "evaluation", 0)
        tablet.page.get_by_role("button", name="开始填写").wait_for()
        tablet.press("开始填写")
        self.same(tablet, "优秀")
        self.tablet("i11-evaluation", tablet)
        tablet.page.clock.fast_forward(95_000)
        tablet.page.clock.fast_forward(31_000)
        tablet.sees("用这台平板投票")
        self.tablet("i12-cleared-by-itself", tablet)
        self.scan(tablet, "waiting", 0)
        tablet.sees("投票尚未开始")
        self.tablet("i13-not-yet-open", tablet)
        tablet.page.clock.fast_forward(600_000)
        tablet.leave()

    def tablet(self, name: str, tablet: Person) -> None:
        self.album.take(name, tablet.page, TABLETS)

    def scan(self, tablet: Person, which: str, n: int) -> None:
        """As a USB scanner types."""
        poll = self.hall.polls[which]
        tablet.page.keyboard.type(f"{self.base}/v/{poll.uuid}#{poll.codes[n]}")
        tablet.page.keyboard.press("Enter")

    def same(self, who: Person, grade: str) -> None:
        who.page.get_by_role("group", name="各项同为").get_by_role("button", name=grade, exact=True).click()

    def choose(self, who: Person, item: str, answer: str) -> None:
        row = who.page.get_by_role("radiogroup", name=item, exact=False)
        row.get_by_role("radio", name=answer, exact=True).click()

    def evaluates(self) -> None:
        """Eight people, seven items."""
        take, poll = self.album.take, self.hall.polls["evaluation"]
        phone = self.someone()
        phone.go(f"{self.base}/v/{poll.uuid}#{poll.codes[1]}")
        phone.page.get_by_role("button", name="开始填写").wait_for()
        take("m01-evaluation-first-screen", phone.page)
        phone.press("开始填写")
        take("m02-person-untouched", phone.page)
        self.same(phone, "优秀")
        self.choose(phone, "勤", "称职")
        take("m03-person-all-the-same-then-adjusted", phone.page)
        self.choose(phone, "使用意见", "同意")
        phone.press("下一位")
        self.choose(phone, "德", "优秀")
        self.choose(phone, "能", "称职")
        phone.press("下一位")
        phone.press("上一位")
        take("m04-part-left-orange", phone.page)
        for n in range(3, 9):
            phone.press("下一位")
            self.same(phone, ("称职", "基本称职", "优秀")[n % 3])
            if n != 7:
                self.choose(phone, "使用意见", "不同意" if n == 4 else "同意")
        phone.press("核对测评票")
        take("m05-review-something-open", phone.page)
        phone.page.locator("tbody tr").nth(1).get_by_role("button").click()
        self.same(phone, "称职")
        self.choose(phone, "使用意见", "同意")
        phone.press("核对测评票")
        take("m06-review", phone.page)
        phone.press(re.compile("^提交"))
        phone.sees("已投票")
        take("m07-evaluation-done", phone.page)
        phone.leave()

    def decides(self) -> None:
        """A decision by slips, with its plain warning."""
        take, poll = self.album.take, self.hall.polls["decision"]
        phone = self.someone()
        phone.go(f"{self.base}/v/{poll.uuid}#{poll.codes[0]}")
        phone.page.get_by_role("button", name="开始填写").wait_for()
        take("m11-decision-warning", phone.page)
        phone.press("开始填写")
        take("m12-decision-person", phone.page)
        phone.page.get_by_text("同意", exact=True).click()
        take("m13-decision-agreed", phone.page)
        phone.press("下一位")
        phone.page.get_by_text("缓议", exact=True).click()
        phone.press("下一位")
        phone.press("核对选票")
        take("m14-decision-review", phone.page)
        phone.press(re.compile("^提交"))
        phone.sees("已投票")
        take("m15-decision-done", phone.page)
        phone.leave()
