"""`make screens`: every page and state of the product as a picture, at a phone's and at a desk's size, checked by axe.

    python -m tests.journeys.screens [FOLDER]        (default: screens/ in the system's temporary folder)

Beside the pictures it reports what eyes tire of: a page that scrolls sideways, two filled buttons, a target too small for
a finger, text that a field cuts off. Leaves with 1 when axe finds something serious or one of these does.
"""

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.chromium import CHROMIUM, FLAGS
from tests.journeys.album import Album
from tests.journeys.people import DESK, PASSWORD, PHONE, Person, codes_on_paper, opens_the_box, passes_the_check
from voting.rehearse.keepers import Keeper
from voting.rehearse.phones import Ballotbox, Handed, vote
from voting.rehearse.server import Server

ROOMS = ({"width": 1920, "height": 1080}, {"width": 1024, "height": 768})
FEW = [("陈书岚", "副处长", "人事教育处"), ("周景明", "四级主任科员", "办公室"), ("沈亦舟", "副处长", "对外贸易发展处"),
       ("欧阳若兰", "三级主任科员", "机关党委办公室"), ("杜衡", "副处长", "法规处"), ("韩知远", "副主任", "开发区管理办公室")]  # fmt: skip
MANY = [(f"{family}{given}", "四级主任科员", "财务处") for family, given in zip("程郭何吕施潘葛范", ("予安", "子衡", "雨薇", "明哲", "静", "望舒", "清和", "思齐"), strict=True)]  # fmt: skip


def table(persons: list[tuple[str, str, str]]) -> bytes:
    return "\r\n".join(["姓名,现任职务,所在处室", *(",".join(one) for one in persons)]).encode("gb18030")


@dataclass
class Walk:
    """One walk through a whole service."""

    browser: Browser
    server: Server
    album: Album
    office: Person

    def someone(self, size: dict[str, int] = PHONE) -> Person:
        return Person(self.browser, size)

    # ---- the office before a meeting

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

    def log_in(self, who: Person, login: str) -> None:
        who.go(f"{self.server.base}/login")
        who.fill("登录名", login)
        who.fill("密码", PASSWORD)
        who.press("登录")

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

    # ---- one meeting

    def meets(self, selection: str) -> str:
        """The first meeting from draft to count; returns the code of a slip of it."""
        take, office, base = self.album.take, self.office, self.server.base
        console = self.drafts(selection, "机关处级领导职务会议推荐", pictures=True)
        uuid = console.rsplit("/", 1)[1]
        take("d03-console-draft-empty", office.page)
        office.page.locator("#trustee-role").fill("处长")
        office.page.locator("#trustee-name").fill("陈书岚")
        office.press("加入，取得链接")
        take("d05-console-trustee-refused", office.page)
        office.go(console)
        links = self.names_keepers(pictures=True)
        take("d07-console-draft", office.page)
        office.go(f"{console}/edit")
        take("d08-edit", office.page)
        office.go(f"{console}/preview")
        self.preview(office.page)
        office.go(f"{console}/slips")
        take("e01-slips-not-yet", office.page)
        keepers = [Keeper(links[1])]
        keepers[0].make_key()
        holder = self.someone(DESK)
        file = self.makes_key(holder, links[0])
        office.go(console)
        take("d09-console-draft-ready", office.page)
        office.press(re.compile("2 位保管人密钥就绪"))
        take("d10-console-keyed", office.page)
        room = self.someone(ROOMS[0])
        office.follow(re.compile("去印"))
        take("e02-slips-before", office.page)
        office.press(re.compile("^印制"))
        take("e03-slips", office.page)
        self.album.print("e03-slips", office.page)
        addresses = codes_on_paper(office.page)
        office.page.on("dialog", lambda dialog: dialog.accept())
        office.page.emulate_media(media="screen")
        office.page.set_viewport_size(DESK)
        office.go(f"{console}/slips")
        take("e04-slips-printed", office.page)
        office.go(console)
        take("d11-console-issued", office.page)
        for summary in office.page.locator("summary").all():
            summary.click()
        take("d12-console-issued-unfolded", office.page)
        office.go(f"{console}/amend")
        take("d27-amend", office.page)
        self.signs("职位名称有错字", "吴思远")
        office.press("照此更正")
        take("d28-amend-refused", office.page)
        self.boards(room, uuid, "before")
        early = self.someone()
        early.go(addresses[0])
        early.sees("投票尚未开始")
        take("f01-early", early.page)
        early.leave()
        office.go(console)
        self.leads_to_the_box()
        take("d13-console-open", office.page)
        self.boards(room, uuid, "empty")
        slips = [Handed(one.split("#")[1], "") for one in addresses]
        box = Ballotbox(base, uuid)
        first, second = [0] * 7, [0] * 9
        first[2] = second[1] = second[4] = 1
        vote(box, slips[-1], [first, second], retries=False, tries_twice=False)
        room.page.reload()
        self.boards(room, uuid, "voting-without-counts")
        office.go(console)
        office.press(re.compile("印记已抄下"))
        office.fill("手中剩余", "99")
        office.press(re.compile("宣布发出|记下人数"))
        take("d14-console-counts-refused", office.page)
        office.go(console)
        office.fill("手中剩余", "9")
        take("d15-console-counts-typed", office.page)
        office.press(re.compile("宣布发出"))
        self.votes(addresses, uuid)
        for slip, choice in zip(slips[2:8], (1, 2, 2, 3, 0, 6), strict=True):
            marks, others = [0] * 7, [0] * 9
            marks[choice], others[choice or 7], others[8] = 1, 1, 1
            vote(box, slip, [marks, others], retries=False, tries_twice=False)
        office.go(console)
        take("d16-console-voting", office.page)
        self.boards(room, uuid, "voting")
        late = self.someone()
        late.go(addresses[9])
        self.fills(late)
        office.press("开始 60 秒最后提醒")
        take("d32-console-last-call", office.page)
        self.boards(room, uuid, "last-call")
        office.press(re.compile("停止投票"))
        take("d17-console-closing", office.page)
        for summary in office.page.locator("summary").all():
            summary.click()
        take("d18-console-closing-void-form", office.page)
        self.boards(room, uuid, "closing")
        late.press(re.compile("^提交"))
        late.sees("投票已结束")
        take("f23-closed-lost", late.page)
        late.leave()
        over = self.someone()
        over.go(addresses[10])
        over.sees("投票已结束")
        take("f24-closed", over.page)
        over.leave()
        office.go(console)
        office.press(re.compile("已当众作废，宣布收回"))
        office.page.locator("#name_1").fill("赵启明")
        office.page.locator("#name_2").fill("赵启明")
        office.press(re.compile("封箱："))
        take("d19-console-closing-refused", office.page)
        office.page.locator("#name_2").fill("吴思远")
        office.press(re.compile("封箱："))
        take("d20-console-closed", office.page)
        self.boards(room, uuid, "sealed")
        office.go(f"{console}/seal")
        take("d21-seal", office.page)
        self.album.print("d21-seal", office.page)
        label = office.page.locator(".seal[aria-label^=封箱印记]").first.get_attribute("aria-label") or ""
        self.decrypts(holder, links[0], file, label.split(" ", 1)[1], keepers[0])
        office.go(console)
        take("d23-console-tallied", office.page)
        self.boards(room, uuid, "over")
        room.leave()
        return addresses[11].split("#")[1]

    def leads_to_the_box(self) -> None:
        """The meeting's first five steps, a picture of each."""
        take, office = self.album.take, self.office
        take("d31-console-check", office.page)
        passes_the_check(office)
        take("d37-console-check-green", office.page)
        office.press("进入清点人数")
        office.fill("应到", "14")
        office.fill("实到", "12")
        take("d33-console-count", office.page)
        office.press(re.compile("^宣布应到"))
        take("d34-console-rules", office.page)
        office.press(re.compile("^办法已宣读"))
        take("d35-console-officials", office.page)
        office.page.locator("#name_1").fill("赵启明")
        office.page.locator("#name_2").fill("吴思远")
        office.press(re.compile("^记下 2 人"))
        take("d36-console-box", office.page)
        office.press(re.compile("启用票箱"))

    def voided(self, selection: str, foreign: str) -> None:
        """A second poll up to its opening, where a slip of the first is shown, then void."""
        take, office = self.album.take, self.office
        console = self.drafts(selection, "机关处级领导职务谈话调研推荐", pictures=False)
        for link in self.names_keepers(pictures=False):
            Keeper(link).make_key()
        office.go(console)
        office.press(re.compile("2 位保管人密钥就绪"))
        office.go(f"{console}/slips")
        office.press(re.compile("^印制"))
        addresses = codes_on_paper(office.page)
        office.page.emulate_media(media="screen")
        office.page.set_viewport_size(DESK)
        self.reissues(console)
        office.go(f"{console}/amend")
        take("d29-amend-held-by-another-poll", office.page)
        office.go(console)
        opens_the_box(office, 14, 12)
        old = self.someone()
        old.go(addresses[0])
        old.sees("这张选票不能用于本次投票")
        take("f28-slip-printed-anew", old.page)
        old.leave()
        office.go(f"{self.server.base}/office/polls")
        take("d24-polls", office.page)
        door = self.someone()
        door.go(f"{self.server.base}/v")
        take("f25-door-second-poll", door.page)
        door.leave()
        stranger = self.someone()
        stranger.go(addresses[0].split("#")[0] + "#" + foreign)
        stranger.sees("这张选票不能用于本次投票")
        take("f27-foreign-slip", stranger.page)
        stranger.leave()
        office.go(console)
        office.page.get_by_text("作废这次投票").click()
        office.page.locator("#void-reason").fill("选票在分发前遗失两张")
        office.page.locator("#void-name_1").fill("赵启明")
        office.page.locator("#void-name_2").fill("赵启明")
        office.press(re.compile("^作废，删除"))
        take("d25-console-void-refused", office.page)
        if not office.page.locator("#void-name_2").is_visible():
            office.page.get_by_text("作废这次投票").click()
        office.page.locator("#void-reason").fill("选票在分发前遗失两张")
        office.page.locator("#void-name_1").fill("赵启明")
        office.page.locator("#void-name_2").fill("吴思远")
        office.press(re.compile("^作废，删除"))
        take("d26-console-void", office.page)
        room = self.someone(ROOMS[0])
        self.boards(room, console.rsplit("/", 1)[1], "void")
        room.leave()
        phone = self.someone()
        phone.go(addresses[0])
        phone.sees("本次投票已作废")
        take("f26-void", phone.page)
        phone.leave()

    def signs(self, reason: str, second: str) -> None:
        for label, typed in (("理由", reason), ("负责人一", "赵启明"), ("负责人二", second)):
            self.office.page.locator("#main").get_by_label(label).fill(typed)

    def reissues(self, console: str) -> None:
        """The first group's slips are made void and printed anew."""
        take, office = self.album.take, self.office
        office.go(f"{console}/reissue")
        take("e05-reissue", office.page)
        office.page.get_by_label("局领导班子").check()
        self.signs("打印机卡纸，没有印全", "赵启明")
        office.press(re.compile("作废旧票，重印 11 张"))
        take("e06-reissue-refused", office.page)
        self.signs("打印机卡纸，没有印全", "吴思远")
        office.press(re.compile("作废旧票，重印 11 张"))
        office.page.locator("#print").wait_for()
        take("e07-slips-printed-anew", office.page)
        self.album.print("e07-slips-printed-anew", office.page)
        office.go(console)
        take("d30-console-reissued", office.page)
        office.go(f"{console}/slips")
        take("e08-slips-reissued", office.page)

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

    # ---- the attendee

    def preview(self, page: Page) -> None:
        page.get_by_role("button", name="开始填写").wait_for()
        self.album.take("d08-preview", page)
        page.get_by_role("button", name="开始填写").click()
        self.album.take("d08-preview-choose", page)
        page.get_by_role("button", name="下一职位").click()
        page.get_by_role("button", name="核对选票").click()
        self.album.take("d08-preview-review", page)

    def fills(self, phone: Person, first: int = 1, second: tuple[int, ...] = (1, 2)) -> None:
        phone.press(re.compile("开始填写|继续填写"))
        phone.page.locator(".card").nth(first - 1).click()
        phone.press("下一职位")
        for number in second:
            phone.page.locator(".card").nth(number - 1).click()
        phone.press("核对选票")

    def votes(self, addresses: list[str], uuid: str) -> None:
        take, base = self.album.take, self.server.base
        phone = self.someone()
        phone.go(addresses[0])
        phone.page.get_by_role("button", name="开始填写").wait_for()
        take("f02-landing", phone.page)
        phone.page.locator("summary").click()
        take("f03-landing-limits", phone.page)
        phone.press("开始填写")
        take("f04-choose", phone.page)
        phone.page.locator(".card").nth(1).click()
        take("f05-chosen", phone.page)
        phone.press("下一职位")
        for number in (0, 3):
            phone.page.locator(".card").nth(number).click()
        take("f06-full-list", phone.page)
        phone.press("核对选票")
        take("f07-review", phone.page)
        phone.press("修改")
        phone.page.locator(".card").nth(1).click()
        phone.press("下一职位")
        phone.press("核对选票")
        phone.page.reload()
        phone.press("修改")
        phone.page.locator(".card").last.click()
        phone.press("下一职位")
        for number in (0, 3):
            phone.page.locator(".card").nth(number).click()
        phone.press("核对选票")
        take("f08-review-abstain", phone.page)
        held: list = []
        phone.page.route("**/ballots", lambda route: held.append(route))  # noqa: PLW0108 - playwright tells functions by their arguments
        phone.press(re.compile("^提交"))
        phone.sees("正在发送")
        take("f10-sending", phone.page)
        held.pop().abort()
        phone.page.unroute("**/ballots")
        phone.page.route("**/ballots", lambda route: route.abort())
        phone.sees("网络不通")
        take("f11-waiting", phone.page)
        phone.page.unroute("**/ballots")
        phone.press("现在重试")
        phone.sees("已投票")
        take("f12-done", phone.page)
        phone.leave()

        slow = self.someone()
        slow.page.add_init_script(
            "window.Worker = class { postMessage(what) { const say = (data) => setTimeout(() => this.onmessage && this.onmessage({data}), 30);"
            "say(what.warm ? {} : {progress: [9, 16]}); } }"
        )
        slow.go(addresses[1])
        self.fills(slow)
        slow.press(re.compile("^提交"))
        slow.sees("正在加密")
        take("f09-encrypting", slow.page, (PHONE,))
        slow.leave()

        again = self.someone()
        again.go(addresses[0])
        self.fills(again)
        again.press(re.compile("^提交"))
        again.sees("此码的票已在票箱内")
        take("f13-used", again.page)
        again.leave()
        self.stops(addresses, uuid)

        typed = self.someone()
        typed.go(f"{base}/v")
        take("f20-door", typed.page)
        typed.press("打开选票")
        take("f21-door-short", typed.page)
        for one in typed.page.locator("#five input").all():
            one.fill("0123")
        typed.press("打开选票")
        take("f22-door-wrong", typed.page)
        typed.leave()

    def stops(self, addresses: list[str], uuid: str) -> None:
        take, base = self.album.take, self.server.base
        for name, address in (("f14-no-code", f"{base}/v/{uuid}"), ("f15-wrong-code", f"{base}/v/{uuid}#AAAA-BBBB")):
            phone = self.someone()
            phone.go(address)
            phone.page.locator("#app .state").wait_for()
            phone.page.wait_for_timeout(300)
            take(name, phone.page)
            phone.leave()
        old = self.someone()
        old.page.add_init_script("delete window.BigInt")
        old.go(addresses[1])
        take("f16-unsupported", old.page)
        old.context.close()
        off = self.someone()
        off.page.route("**/election.json", lambda route: route.abort())
        off.go(addresses[1])
        off.sees("网络不通")
        take("f17-unreachable", off.page)
        off.leave()
        changed = self.someone()

        def change(route: Route) -> None:
            answer = route.fetch()
            told = answer.json()
            told["manifest"] += " "
            route.fulfill(response=answer, json=told)

        changed.page.route("**/election.json", change)
        changed.go(addresses[1])
        changed.sees("核对不上")
        take("f18-changed", changed.page)
        changed.leave()
        false = self.someone()
        false.page.route("**/ballots", lambda route: route.fulfill(status=422, json={"error": "ballot_proof", "zh": "选票的加密证明不成立，没有收下。请刷新页面重新填写。"}))  # fmt: skip
        false.go(addresses[1])
        self.fills(false)
        false.press(re.compile("^提交"))
        false.sees("没有提交成功")
        take("f19-refused", false.page)
        false.leave()
        lying = self.someone()
        lying.page.route(
            "**/ballots", lambda route: route.fulfill(status=201, json={"tracker": "x" * 43, "receipt": "x"})
        )
        lying.go(addresses[1])
        self.fills(lying)
        lying.press(re.compile("^提交"))
        lying.sees("回执")
        take("f19-receipt", lying.page)
        lying.leave()

    # ---- the trustee

    def makes_key(self, keeper: Person, link: str) -> Path:
        take = self.album.take
        page, _ = link.split("#")
        keeper.go(page)
        keeper.sees("请用完整的链接打开")
        take("t01-link", keeper.page)
        keeper.go("about:blank")
        keeper.go(page + "#wrong-token")
        keeper.page.locator("#trouble").wait_for()
        take("t02-wrong-link", keeper.page)
        keeper.go("about:blank")
        keeper.go(link)
        keeper.sees("生成您的那一份密钥")
        take("t03-key", keeper.page)
        keeper.page.locator("#p1").fill(PASSWORD)
        keeper.page.locator("#p2").fill("x")
        keeper.press("生成并保存")
        keeper.page.locator("#trouble").wait_for()
        take("t04-key-wrong", keeper.page)
        keeper.page.locator("#p2").fill(PASSWORD)
        with keeper.page.expect_download(timeout=120_000) as saved:
            keeper.press("生成并保存")
            keeper.page.locator("#working").wait_for()
            take("t05-key-working", keeper.page, (DESK,))
        file = self.album.folder / saved.value.suggested_filename
        saved.value.save_as(file)
        keeper.sees("现在试开一次")
        take("t06-open", keeper.page)
        keeper.page.locator("#f1").set_input_files(file)
        keeper.page.locator("#p3").fill(PASSWORD)
        keeper.press("试开密钥文件")
        expect(keeper.page.get_by_role("heading", name="您的密钥已就绪")).to_be_visible(timeout=120_000)
        take("t07-wait", keeper.page)
        return file

    def decrypts(self, holder: Person, link: str, file: Path, seal: str, other: Keeper) -> None:
        take = self.album.take
        holder.go("about:blank")
        holder.go(link)
        expect(holder.page.locator("#decrypt")).to_be_visible(timeout=180_000)
        take("t08-decrypt", holder.page)
        holder.page.locator("#s").fill("0000 0000")
        holder.page.locator("#f2").set_input_files(file)
        holder.page.locator("#p4").fill(PASSWORD)
        holder.press("用我的密钥计票")
        holder.page.locator("#trouble").wait_for(timeout=60_000)
        take("t09-seal-wrong", holder.page)
        holder.page.locator("#s").fill(seal)
        holder.page.locator("#p4").fill(PASSWORD)
        holder.press("用我的密钥计票")
        expect(holder.page.get_by_role("heading", name="您的一份已经送达")).to_be_visible(timeout=180_000)
        take("t10-shared", holder.page)
        self.office.page.reload()
        self.office.go(self.office.page.url.removesuffix("/seal"))
        take("d22-console-closed-one-share", self.office.page)
        assert other.decrypt()
        holder.page.reload()
        holder.sees("计票完成")
        take("t11-done", holder.page)
        holder.leave()

    # ---- who reads results, and what goes wrong

    def reads(self, reviewer: Person, console: str) -> None:
        take, base = self.album.take, self.server.base
        uuid = console
        reviewer.go(f"{base}/review")
        take("r01-results", reviewer.page)
        reviewer.go(f"{base}/review/polls/{uuid}")
        take("r02-result", reviewer.page)
        self.album.print("r02-result", reviewer.page)
        reviewer.go(f"{base}/review/polls/{uuid}/verification.html")
        take("r03-verification", reviewer.page)
        reviewer.go(f"{base}/review/audit")
        take("r04-audit", reviewer.page)
        reviewer.go(f"{base}/office/users")
        take("x01-forbidden", reviewer.page)

    def errs(self) -> None:
        take, office, base = self.album.take, self.office, self.server.base
        office.go(f"{base}/office/nothing")
        take("x02-not-found-office", office.page)
        office.go(f"{base}/nothing")
        take("x03-not-found", office.page)
        office.go(f"{base}/v/1111111111111111")
        take("x04-not-found-booth", office.page)
        office.go(f"{base}/office/selections/1")
        office.follow("建立一次投票")
        office.page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((one) => { one.value = 'old'; })")
        office.press("保存，下一步请密钥保管人")
        take("x05-form-expired", office.page)
        office.go(f"{base}/office/selections/1")
        office.page.evaluate("document.querySelector('[name=title]').removeAttribute('maxlength')")
        office.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        office.fill("职位", "长" * 70_000)
        office.press("录入职位，下一步导入人选")
        take("x06-too-large", office.page)


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    album = Album(folder)
    with tempfile.TemporaryDirectory() as state, Server(Path(state)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        walk = Walk(browser, server, album, Person(browser, DESK))
        walk.office.page.set_default_timeout(10_000)
        walk.enters()
        reviewer = walk.staff()
        selection = walk.prepares()
        walk.voided(selection, walk.meets(selection))
        walk.office.go(selection)
        album.take("c15-selection-with-polls", walk.office.page)
        walk.office.go(f"{server.base}/review")
        uuid = walk.office.page.locator(".found a").first.get_attribute("href") or ""
        walk.reads(reviewer, uuid.rsplit("/", 1)[1])
        walk.errs()
        browser.close()
    print(f"{album.taken} pictures in {folder}")
    print("\n".join(album.wrong))
    return 1 if album.wrong else 0


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "screens"
    sys.exit(main(Path(chosen)))
