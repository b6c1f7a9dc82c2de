"""What each person of the meeting does, in the words of the pages. Selectors follow labels and roles, as eyes do."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
PASSWORD = "一句没有人猜得到的长口令"
CODE = re.compile(r"https?://[^/]+/v/[^#]+#([0-9A-Z-]{24})\Z")
SERIOUS = {"serious", "critical"}


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, viewport: dict[str, int], shots: Path | None = None) -> None:
        self.context: BrowserContext = browser.new_context(viewport=viewport, locale="zh-CN", accept_downloads=True)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.problems.append(message.text)

    def go(self, url: str) -> None:
        try:
            self.page.goto(url)
        except Error as error:  # a page that follows the meeting was just loading itself anew
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.goto(url)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", name=text).first).to_be_visible(timeout=30_000)

    def accessible(self) -> None:
        """axe finds nothing serious on the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        serious = [
            f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:120]})" for one in found if one["impact"] in SERIOUS
        ]
        assert not serious, f"{self.page.url}: {serious}"

    def leave(self) -> None:
        assert not self.problems, self.problems
        self.context.close()


@contextmanager
def person(browser: Browser, viewport: dict[str, int]) -> Iterator[Person]:
    someone = Person(browser, viewport)
    try:
        yield someone
    finally:
        someone.leave()


def codes_on_paper(page: Page) -> list[str]:
    """Read every QR code off the printed sheets' pixels: the addresses, in the order in which they lie on the sheets."""
    page.locator("#print").wait_for()
    page.wait_for_load_state("load")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 800, "height": 1130})
    found: list[str] = []
    for sheet in page.locator("section.sheet").all():
        picture = Image.open(io.BytesIO(sheet.screenshot(scale="device")))
        picture = picture.resize((picture.width * 2, picture.height * 2))
        found += [code.text for code in zxingcpp.read_barcodes(picture) if CODE.match(code.text)]
    return found


def passes_the_check(office: Person) -> None:
    """Print the sample, scan it from its pixels with a phone, try the disk."""
    console = office.page.url
    office.press("检查磁盘")
    paper = office.context.new_page()
    paper.goto(f"{console}/sample")
    (address,) = sample_on_paper(paper)
    paper.close()
    with person(office.context.browser, PHONE) as phone:
        phone.go(address)
        phone.sees("这台手机可以投票")
        expect(phone.page.locator("[data-step=print]")).to_have_text("一致")
    office.go(console)


def sample_on_paper(page: Page) -> list[str]:
    """The address on the printed sample, read off its pixels."""
    page.locator("#print").wait_for()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 800, "height": 1130})
    picture = Image.open(io.BytesIO(page.locator("section.sheet").screenshot(scale="device")))
    picture = picture.resize((picture.width * 2, picture.height * 2))
    return [code.text for code in zxingcpp.read_barcodes(picture) if "/v/check/" in code.text]


def opens_the_box(
    office: Person, expected: int, present: int, scrutineer: str = "赵启明", teller: str = "吴思远"
) -> None:
    """From the pre-flight to the empty box, as the console leads."""
    passes_the_check(office)
    office.press("进入清点人数")
    office.fill("应到", str(expected))
    office.fill("实到", str(present))
    office.press(re.compile("^宣布应到"))
    office.press(re.compile("^办法已宣读"))
    office.page.locator("#name_1").fill(scrutineer)
    office.page.locator("#name_2").fill(teller)
    office.press(re.compile("^记下 2 人"))
    office.press(re.compile("启用票箱"))
