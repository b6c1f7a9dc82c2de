"""A second poll whose slips are printed anew and which ends void, who reads the results, and what goes wrong."""

import io
import re
import zipfile

from tests.journeys.album import ROOMS
from tests.journeys.people import DESK, Person, codes_on_paper, opens_the_box
from tests.journeys.walks.meeting import MeetingWalk
from voting.rehearse.keepers import Keeper
from voting.verify import recheck


class EndingsWalk(MeetingWalk):
    """What comes after the first meeting."""

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
        take("d15-amend-held-by-another-poll", office.page)
        office.go(console)
        opens_the_box(office, 14, 12)
        old = self.someone()
        old.go(addresses[0])
        old.sees("这张选票不能用于本次投票")
        take("f28-slip-printed-anew", old.page)
        old.leave()
        office.go(f"{self.server.base}/office/polls")
        take("c16-polls", office.page)
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
        take("d60-void-refused", office.page)
        if not office.page.locator("#void-name_2").is_visible():
            office.page.get_by_text("作废这次投票").click()
        office.page.locator("#void-reason").fill("选票在分发前遗失两张")
        office.page.locator("#void-name_1").fill("赵启明")
        office.page.locator("#void-name_2").fill("吴思远")
        office.press(re.compile("^作废，删除"))
        take("d61-void", office.page)
        room = self.someone(ROOMS[0])
        self.boards(room, console.rsplit("/", 1)[1], "void")
        room.leave()
        phone = self.someone()
        phone.go(addresses[0])
        phone.sees("本次投票已作废")
        take("f26-void", phone.page)
        phone.leave()

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
        take("d16-console-reissued", office.page)
        office.go(f"{console}/slips")
        take("e08-slips-reissued", office.page)

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
        self.rechecks(reviewer, uuid)

    def rechecks(self, reviewer: Person, uuid: str) -> None:
        """The record on a second machine, against the seal on the signed paper; and against one that is not its own."""
        folder, machine = self.keys / "record", self.someone(DESK)
        answer = reviewer.context.request.get(f"{self.base}/review/polls/{uuid}/record.zip")
        with zipfile.ZipFile(io.BytesIO(answer.body())) as packed:
            packed.extractall(folder)
        [inside] = {one.parent for one in folder.rglob("closing.json")}
        for name, seal in (("p10-recheck", self.seal), ("p11-recheck-another-seal", "0000 0000")):
            page = self.keys / f"{name}.html"
            recheck.main([str(inside), "--seal", seal, "--html", str(page)])
            machine.go(page.as_uri())
            self.album.take(name, machine.page)
        machine.go((self.keys / "p10-recheck.html").as_uri())
        self.album.print("p10-recheck", machine.page)
        machine.leave()

    def errs(self) -> None:
        take, office, base = self.album.take, self.office, self.server.base
        office.go(f"{base}/office/nothing")
        take("x02-not-found-office", office.page)
        office.go(f"{base}/nothing")
        take("x03-not-found", office.page)
        office.go(f"{base}/v/1111111111111111")
        take("x04-not-found-booth", office.page)
        office.go(f"{base}/office/selections/1")
        office.follow("新建民主推荐")
        office.page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((one) => { one.value = 'old'; })")
        office.press("保存，下一步请密钥保管人")
        take("x05-form-expired", office.page)
        office.go(f"{base}/office/selections/1")
        office.page.evaluate("document.querySelector('[name=title]').removeAttribute('maxlength')")
        office.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        office.fill("职位", "长" * 70_000)
        office.press("录入职位，下一步导入人选")
        take("x06-too-large", office.page)
