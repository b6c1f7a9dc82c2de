"""The office before a meeting: accounts, the selection and its candidates, the draft of a poll."""

import re

import pyotp

from tests.journeys.people import DESK, PASSWORD, Person
from tests.journeys.walks.base import FEW, MANY, Walk, table


class OfficeWalk(Walk):
    """Everything the office does before slips are printed."""

    def enters(self) -> None:
        take, office = self.album.take, self.office
        office.go(self.server.base)
        take("a01-start", office.page)
        office.go(f"{self.server.base}/login")
        take("a02-login", office.page)
        office.fill("登录名", "nobody")
        office.fill("密码", "wrong")
        office.press("登录")
        take("a03-login-wrong", office.page)
        office.go(f"{self.server.base}/setup")
        take("a04-setup-without-link", office.page)
        office.page.locator("[name=setup_token]").fill("0123456789abcdef0123456789abcdef")
        office.press("开始设置")
        take("a05-setup-used", office.page)
        office.go("about:blank")
        office.go(self.server.setup_link())
        take("a06-setup", office.page)
        office.press("开始设置")
        take("a07-password", office.page)
        office.fill("姓名", "孙立言")
        office.fill("登录名", "sunliyan")
        office.fill("密码", "short")
        office.fill("再输一次", "different")
        office.press("设置密码")
        take("a08-password-wrong", office.page)
        office.fill("姓名", "孙立言")
        office.fill("登录名", "sunliyan")
        office.fill("密码", PASSWORD)
        office.fill("再输一次", PASSWORD)
        office.press("设置密码")
        self.log_in(office, "sunliyan")

    def staff(self) -> Person:
        """Users, account, TOTP; returns the reviewer, logged in."""
        take, office = self.album.take, self.office
        office.go(f"{self.server.base}/office/users")
        for name, login, role in (("卫青棠", "weiqingtang", "review"), ("秦望川", "qinwangchuan", "supervisor")):
            office.fill("姓名", name)
            office.fill("登录名", login)
            office.page.get_by_label("角色").select_option(role)
            office.press("添加并生成链接")
        take("b01-users-link", office.page)
        link = office.page.locator("#link").input_value()
        office.go(f"{self.server.base}/office/users")
        office.press(re.compile("停用卫青棠"))
        take("b02-users", office.page)
        office.press("添加并生成链接")
        take("b03-users-wrong", office.page)
        office.go(f"{self.server.base}/account")
        take("b04-account", office.page)
        office.page.locator("[name=old]").fill("wrong")
        office.press("更改密码")
        take("b05-account-wrong", office.page)
        office.go(f"{self.server.base}/account")
        office.press("启用动态口令")
        take("b06-totp", office.page)
        office.page.locator("[name=code]").fill("000000")
        office.press("启用")
        take("b07-totp-wrong", office.page)
        secret = re.sub(r"\s", "", office.page.locator("p.code").inner_text())
        office.page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
        office.press("启用")
        take("b08-account-totp", office.page)
        office.page.locator("form[action$=off] [name=password]").fill(PASSWORD)
        office.press("停用动态口令")
        reviewer = self.someone(DESK)
        reviewer.go(link)
        reviewer.press("开始设置")
        take("b09-password-invited", reviewer.page)
        reviewer.fill("密码", PASSWORD)
        reviewer.fill("再输一次", PASSWORD)
        reviewer.press("设置密码")
        self.log_in(reviewer, "qinwangchuan")
        take("b10-review-empty", reviewer.page)
        return reviewer

    def upload(self, name: str, raw: bytes) -> None:
        self.office.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": raw}
        )
        self.office.press("上传并预览，先不导入")

    def prepares(self) -> str:
        """The selection with its posts; returns its address."""
        take, office = self.album.take, self.office
        office.go(f"{self.server.base}/office/selections")
        take("c01-selections-empty", office.page)
        office.go(f"{self.server.base}/office/polls")
        take("c02-polls-empty", office.page)
        office.go(f"{self.server.base}/office/selections/new")
        take("c03-selection-new", office.page)
        office.press("建立，下一步录入职位")
        take("c04-selection-wrong", office.page)
        office.fill("选拔任用工作名称", "2026年机关处级领导职务选拔任用")
        office.fill("单位", "云州市商务局")
        office.fill("方案日期", "2026-11-01")
        office.press("建立，下一步录入职位")
        selection = office.page.url
        take("c05-selection-without-posts", office.page)
        office.fill("职位", "人事教育处处长")
        office.fill("名额", "1")
        office.press("录入职位，下一步导入人选")
        take("c06-candidates-empty", office.page)
        self.upload("人选.csv", table([*FEW[:2], ("", "处长", "办公室"), FEW[0]]))
        take("c07-import-errors", office.page)
        office.follow("改好后重新上传")
        self.upload("人选.txt", b"\x00\x01")
        take("c08-import-unreadable", office.page)
        self.upload("人选.csv", table(FEW))
        take("c09-import-preview", office.page)
        office.press(re.compile("导入这 6 人"))
        take("c10-selection-one-post", office.page)
        office.page.get_by_text("再加一个职位").click()
        office.fill("职位", "机关中层副职")
        office.fill("名额", "2")
        office.press("录入职位，下一步导入人选")
        office.go(selection)
        take("c11-selection-post-without-candidates", office.page)
        office.follow("导入人选")
        self.upload("副职.csv", table(MANY))
        office.press(re.compile("导入这 8 人"))
        take("c12-selection-ready", office.page)
        office.follow("查看人选")
        take("c13-candidates", office.page)
        office.go(f"{self.server.base}/office/selections")
        take("c14-selections", office.page)
        return selection

    def drafts(self, selection: str, title: str, *, pictures: bool) -> str:
        """A draft poll; returns its console's address."""
        take, office = self.album.take, self.office
        office.go(f"{selection}/polls/new")
        if pictures:
            take("d01-draft", office.page)
            office.fill("票种1", "")
            office.press("保存，下一步请密钥保管人")
            take("d02-draft-wrong", office.page)
            office.go(f"{selection}/polls/new")
        office.page.locator("[name=title]").fill(title)
        office.page.get_by_label("应到1").fill("8")
        office.page.get_by_label("应到2").fill("6")
        for unused in ("票种3", "票种4", "票种5"):
            office.page.get_by_label(unused).fill("")
        office.press("保存，下一步请密钥保管人")
        return office.page.url

    def names_keepers(self, *, pictures: bool) -> list[str]:
        links = []
        for role, name in (("机关纪委", "郑为民"), ("工会委员会", "梁静姝")):
            self.office.page.locator("#trustee-role").fill(role)
            self.office.page.locator("#trustee-name").fill(name)
            self.office.press("加入，取得链接")
            links.append(self.office.page.locator("#link").input_value())
            if pictures and len(links) == 1:
                self.album.take("d06-trustee-link", self.office.page)
            self.office.follow("已交给本人，回到投票")
        return links
