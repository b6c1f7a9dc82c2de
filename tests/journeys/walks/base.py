"""What every walk through a service has: a browser, the service, the album, somebody of the office."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.journeys.album import ROOMS, Album
from tests.journeys.people import PASSWORD, PHONE, Person
from tests.journeys.walks.hall import Hall
from voting.rehearse.server import Server

FEW = [("陈书岚", "副处长", "人事教育处"), ("周景明", "四级主任科员", "办公室"), ("沈亦舟", "副处长", "对外贸易发展处"),
       ("欧阳若兰", "三级主任科员", "机关党委办公室"), ("杜衡", "副处长", "法规处"), ("韩知远", "副主任", "开发区管理办公室")]  # fmt: skip
MANY = [(f"{family}{given}", "四级主任科员", "财务处") for family, given in zip("程郭何吕施潘葛范", ("予安", "子衡", "雨薇", "明哲", "静", "望舒", "清和", "思齐"), strict=True)]  # fmt: skip


def table(persons: list[tuple[str, str, str]]) -> bytes:
    return "\r\n".join(["姓名,现任职务,所在处室", *(",".join(one) for one in persons)]).encode("gb18030")


@dataclass
class Walk:
    """One walk through a whole service; `keys` is the folder of the trustees' files."""

    browser: Browser
    server: Server | Hall
    album: Album
    office: Person
    keys: Path
    seal: str = ""

    @property
    def base(self) -> str:
        """The service's address."""
        return self.server.base

    @property
    def hall(self) -> Hall:
        """The seeded service, where the walk is through one."""
        assert isinstance(self.server, Hall)
        return self.server

    def someone(self, size: dict[str, int] = PHONE) -> Person:
        return Person(self.browser, size)

    def log_in(self, who: Person, login: str) -> None:
        who.go(f"{self.server.base}/login")
        who.fill("登录名", login)
        who.fill("密码", PASSWORD)
        who.press("登录")

    def signs(self, reason: str, second: str) -> None:
        for label, typed in (("理由", reason), ("负责人一", "赵启明"), ("负责人二", second)):
            self.office.page.locator("#main").get_by_label(label).fill(typed)

    def boards(self, room: Person, uuid: str, name: str) -> None:
        """The projector and the phone's page of the box."""
        room.go(f"{self.server.base}/board/{uuid}/screen")
        room.page.wait_for_timeout(700)
        self.album.take(f"g-screen-{name}", room.page, ROOMS, whole=False)
        phone = self.someone()
        phone.go(f"{self.server.base}/board/{uuid}")
        self.album.take(f"h-box-{name}", phone.page)
        if phone.page.locator("#check").count():
            phone.page.locator("#code").fill("0000 0000")
            phone.press("查一下")
            phone.page.get_by_text("全部查验码").click()
            self.album.take(f"h-box-{name}-missing", phone.page)
            phone.page.locator("#code").fill(phone.page.locator("#list li").first.inner_text())
            phone.press("查一下")
            self.album.take(f"h-box-{name}-listed", phone.page)
        phone.leave()
