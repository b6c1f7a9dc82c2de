"""One meeting from the draft to the count: the console's twelve steps, the room's screen, the phones."""

import re

from playwright.sync_api import expect

from tests.journeys.album import ROOMS
from tests.journeys.people import DESK, Person, codes_on_paper, sample_on_paper
from tests.journeys.walks.keepers import KeeperWalk
from tests.journeys.walks.office import OfficeWalk
from tests.journeys.walks.phones import PhoneWalk
from voting.rehearse.keepers import Keeper
from voting.rehearse.phones import Ballotbox, Handed, vote


class MeetingWalk(OfficeWalk, PhoneWalk, KeeperWalk):
    """The meeting itself."""

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
        take("d13-amend", office.page)
        self.signs("职位名称有错字", "吴思远")
        office.press("照此更正")
        take("d14-amend-refused", office.page)
        self.boards(room, uuid, "before")
        early = self.someone()
        early.go(addresses[0])
        early.sees("投票尚未开始")
        take("f01-early", early.page)
        early.leave()
        office.go(console)
        self.leads_to_the_box()
        take("d46-step-6-hand", office.page)
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
        take("d46-step-6-hand-refused", office.page)
        office.go(console)
        office.fill("手中剩余", "9")
        take("d46-step-6-hand-typed", office.page)
        office.press(re.compile("宣布发出"))
        self.votes(addresses, uuid)
        for slip, choice in zip(slips[2:8], (1, 2, 2, 3, 0, 6), strict=True):
            marks, others = [0] * 7, [0] * 9
            marks[choice], others[choice or 7], others[8] = 1, 1, 1
            vote(box, slip, [marks, others], retries=False, tries_twice=False)
        office.go(console)
        take("d47-step-7-vote", office.page)
        office.page.locator(".hands details").evaluate_all(
            "all => all.forEach((one) => { one.removeAttribute('name'); one.open = true; })"
        )
        take("d47-step-7-raised-hands", office.page)
        self.boards(room, uuid, "voting")
        late = self.someone()
        late.go(addresses[9])
        self.fills(late)
        office.press("开始 60 秒最后提醒")
        take("d48-step-8-call", office.page)
        self.boards(room, uuid, "last-call")
        expect(office.page.locator("#callclock")).to_contain_text("时间到", timeout=90_000)
        take("d48-step-8-call-over", office.page)
        self.boards(room, uuid, "last-call-over")
        office.press(re.compile("停止投票"))
        take("d49-step-9-voids", office.page)
        for summary in office.page.locator("summary").all():
            summary.click()
        take("d49-step-9-voids-unfolded", office.page)
        self.voids(slips[12:14])
        office.go(console)
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
        office.press(re.compile("先宣布收回"))
        take("d50-step-10-seal", office.page)
        office.page.locator("#name_1").fill("赵启明")
        office.page.locator("#name_2").fill("赵启明")
        office.press(re.compile("封箱："))
        take("d50-step-10-seal-refused", office.page)
        office.page.locator("#name_2").fill("吴思远")
        office.press(re.compile("封箱："))
        take("d51-step-11-tally", office.page)
        self.boards(room, uuid, "sealed")
        office.go(f"{console}/seal")
        take("d51-step-11-seal-paper", office.page)
        self.album.print("d51-step-11-seal-paper", office.page)
        label = office.page.locator(".seal[aria-label^=封箱印记]").first.get_attribute("aria-label") or ""
        self.seal = label.split(" ", 1)[1]
        self.decrypts(holder, links[0], file, self.seal, keepers[0])
        office.go(console)
        take("d52-step-12-papers", office.page)
        self.boards(room, uuid, "over")
        room.leave()
        return addresses[11].split("#")[1]

    def voids(self, left: list[Handed]) -> None:
        """Two of the leftovers, by the scanner."""
        office = self.office
        office.follow(re.compile("登记作废选票"))
        expect(office.page.locator("#take")).to_be_enabled()
        self.album.take("d49-voids", office.page)
        for number, slip in enumerate(left, 1):
            for field, name in (("#name_1", "赵启明"), ("#name_2", "吴思远")):
                office.page.locator(field).fill(name)
            office.page.locator("#slip").fill(slip.code)
            office.page.locator("#slip").press("Enter")
            expect(office.page.locator("[data-voids=voided]")).to_have_text(str(number))
        self.album.take("d49-voids-two", office.page)

    def leads_to_the_box(self) -> None:
        """The meeting's first five steps, a picture of each."""
        take, office = self.album.take, self.office
        take("d41-step-1-check-red", office.page)
        self.checks(office)
        take("d41-step-1-check-green", office.page)
        office.press("进入清点人数")
        office.fill("应到", "14")
        office.fill("实到", "12")
        take("d42-step-2-count", office.page)
        office.press(re.compile("^宣布应到"))
        take("d43-step-3-rules", office.page)
        office.press(re.compile("^办法已宣读"))
        take("d44-step-4-officials", office.page)
        office.page.locator("#name_1").fill("赵启明")
        office.page.locator("#name_2").fill("吴思远")
        office.press(re.compile("^记下 2 人"))
        take("d45-step-5-box", office.page)
        office.press(re.compile("启用票箱"))

    def checks(self, office: Person) -> None:
        """The pre-flight as passes_the_check does it, with a picture of each thing that somebody sees."""
        take, console = self.album.take, office.page.url
        self.refused(f"{self.server.base}/v/check/{console.rsplit('/', 1)[1]}#" + "0" * 32)
        office.press("检查磁盘")
        paper = office.context.new_page()
        paper.goto(f"{console}/sample")
        take("e09-sample", paper, (DESK,))
        (address,) = sample_on_paper(paper)
        self.album.print("e09-sample", paper)
        paper.close()
        phone = self.someone()
        phone.go(address)
        phone.sees("这台手机可以投票")
        expect(phone.page.locator("[data-step=print]")).to_have_text("一致")
        take("f00-check", phone.page)
        phone.leave()
        office.go(console)

    def refused(self, address: str) -> None:
        phone = self.someone()
        phone.go(address)
        phone.sees("没有通过")
        self.album.take("f00-check-refused", phone.page)
        phone.leave()
