"""The demo's meeting played by people: the room from the first step to the papers, then the Party group's page and decision.

Whoever got most votes is not proposed, and one decision fails at exactly half.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from config import Config
from tests.chromium import needs_chromium
from tests.journeys.people import DESK, PHONE, Person
from tests.served import served
from voting import demo, sample
from voting.app import create_app
from voting.polls.drafts import GroupDraft
from voting.rehearse.phones import Ballotbox, Handed, read_slips, vote
from voting.rehearse.server import free_port

pytestmark = [pytest.mark.browser, needs_chromium]

PROJECTOR = {"width": 1920, "height": 1080}
TABLET = {"width": 1280, "height": 800}
GROUPS = (GroupDraft("机关中层正职", 4, 3), GroupDraft("机关其他人员", 5, 3))
MOST, PROPOSED = "薛明澈", "季慕青"
MEMBERS = [f"成员{one}" for one in "甲乙丙丁戊己庚辛壬癸子丑"]
ANALYSIS = {
    "得票情况": "中层正职和其他人员都有推荐",
    "近年考核": "连续三年称职以上",
    "一贯表现": "踏实",
    "人岗相适": "熟悉干部工作",
}


@dataclasses.dataclass
class Demo:
    """A seeded demo and where it is served."""

    base: str
    folder: Path
    notes: dict

    @property
    def uuid(self) -> str:
        return self.notes["next"]

    def log_in(self, who: Person, login: str) -> Person:
        password = next(one["password"] for one in self.notes["staff"] if one["login"] == login)
        who.go(f"{self.base}/office/polls/{self.uuid}" if login == "office" else f"{self.base}/login")
        who.fill("登录名", login)
        who.fill("密码", password)
        who.press("登录")
        return who


def small(whole: sample.Sample) -> sample.Sample:
    """Six ballots of two groups, so that seeding takes seconds."""
    ballots = [one for one in whole.ballots if one[0] == GROUPS[1].label][:5] + [
        one for one in whole.ballots if one[0] == GROUPS[0].label
    ][:3]
    return dataclasses.replace(whole, groups=GROUPS, ballots=tuple(ballots), expected=9, present=9, left_in_hand=7)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    read, read_evaluation = sample.read, sample.read_evaluation
    monkeypatch.setattr(sample, "read", lambda: small(read()))
    monkeypatch.setattr(sample, "read_evaluation", lambda: small(read_evaluation()))
    folder, port = tmp_path / "demo", free_port()
    base = f"http://127.0.0.1:{port}"
    config = Config.for_instance(folder, demo.environment(folder, base))
    notes = demo.seed(config, folder)
    with served(create_app(config), port):
        yield Demo(base, folder, notes)


def choose(voter: Person, name: str) -> None:
    voter.press(re.compile("开始填写"))
    voter.page.get_by_text(name, exact=True).click()
    voter.press("核对选票")
    voter.press(re.compile("^提交"))
    voter.sees("已投票")


def leads_to_the_vote(office: Person, screen: Person) -> None:
    """Steps 1 to 7: from the green pre-flight to the announcement."""
    office.sees("会前检查")
    expect(office.page.locator(".checks li.no")).to_have_count(0)
    office.press("进入清点人数")
    office.fill("应到", "9")
    office.fill("实到", "9")
    office.press("宣布应到 9 人、实到 9 人，宣读办法")
    office.press("办法已宣读")
    office.fill("监票人", MOST)
    office.fill("计票人", "荣佳怡")
    office.press("记下 2 人")
    expect(office.page.get_by_role("alert")).to_contain_text(MOST)  # who stands on the ballot watches over no box
    office.fill("监票人", "糜文珊")
    office.press("记下 2 人")
    office.press("启用票箱：箱内 0 张")
    office.press(re.compile("印记已抄下"))
    screen.sees("票箱是空的")
    office.fill("手中剩余", "7")
    office.press("宣布发出 8 张，开始投票")
    office.sees("投票")


def casts(browser: Browser, demo_: Demo, slips: list[Handed]) -> None:
    """A phone that came early, one that types its code on the tablet, one that scans there, and five more."""
    box = Ballotbox(demo_.base, demo_.uuid)
    tablet = Person(browser, TABLET)
    tablet.go(f"{demo_.base}/v/kiosk")
    tablet.press("输入选票代码")
    if tablet.page.get_by_role("radio").count():
        tablet.page.locator("label", has_text=demo.NEXT).click()
    for field, group in zip(tablet.page.locator(".five input").all(), slips[0].code.split("-"), strict=True):
        field.fill(group)
    tablet.press("打开选票")
    choose(tablet, MOST)
    tablet.press("完成，清空本页")
    tablet.page.keyboard.type(f"{demo_.base}/v/{demo_.uuid}#{slips[1].code}")  # as a USB scanner types
    tablet.page.keyboard.press("Enter")
    choose(tablet, PROPOSED)
    tablet.press("完成，清空本页")
    tablet.leave()
    [question] = json.loads(json.loads(box.fetch("/election.json"))["election"])["questions"]
    position = {name.partition("（")[0]: k for k, name in enumerate(question["answers"], 1)}
    for slip, name in zip(slips[2:6], (MOST, MOST, MOST, PROPOSED), strict=True):
        row = [0] * (len(position) + 1)
        row[position[name]] = 1
        vote(box, slip, [row], retries=False, tries_twice=False)
    phone = Person(browser, PHONE)
    phone.go(f"{demo_.base}/v/{demo_.uuid}#{slips[6].code}")
    choose(phone, PROPOSED)
    phone.go(f"{demo_.base}/v/{demo_.uuid}#{slips[5].code}")  # somebody else's slip, used already
    phone.press(re.compile("开始填写"))
    phone.page.get_by_text(MOST, exact=True).click()
    phone.press("核对选票")
    phone.press(re.compile("^提交"))
    phone.sees("此码的票已在票箱内")
    phone.leave()


def voids(office: Person, left: list[Handed]) -> None:
    """The leftovers, one after the other, by the scanner."""
    office.follow(re.compile("登记作废选票"))
    expect(office.page.locator("#take")).to_be_enabled()
    for number, slip in enumerate(left, 1):
        office.page.locator("#slip").fill(slip.code)
        office.page.locator("#slip").press("Enter")
        expect(office.page.locator("[data-voids=voided]")).to_have_text(str(number))
    office.follow("扫完了，回到投票")


def decrypts(browser: Browser, demo_: Demo, seal: str) -> None:
    for keeper in demo_.notes["keepers"]:
        who = Person(browser, DESK)
        who.go(f"{demo_.base}{keeper['path']}")
        expect(who.page.locator("#decrypt")).to_be_visible(timeout=120_000)
        who.page.locator("#s").fill(seal)
        who.page.locator("#f2").set_input_files(demo_.folder / "keys" / keeper["file"])
        who.page.locator("#p4").fill(demo_.notes["passphrase"])
        who.press("用我的密钥计票")
        expect(who.page.get_by_role("heading", name=re.compile("您的一份已经送达|计票完成"))).to_be_visible(
            timeout=120_000
        )
        who.leave()


def prints(office: Person) -> None:
    """The papers of the count, in the three forms."""
    office.follow(re.compile("打印文书"))
    office.sees("打印、签字")
    office.accessible()
    for form in ("Word", "Excel"):
        with office.page.expect_download() as saved:
            office.follow(f"推荐情况汇总表 {form}")
        assert saved.value.suggested_filename.endswith({"Word": ".docx", "Excel": ".xlsx"}[form])
    office.follow("计票报告单")
    office.sees("计票报告单")
    for said in ("应到", "实到", "印制", "剩余作废", "发出", "收回", "未交", "有效", "无效", "弃权"):
        expect(office.page.locator("main")).to_contain_text(said)
    office.accessible()


def analyses(office: Person, name: str, reason: str) -> None:
    office.page.get_by_role("row", name=re.compile(name)).get_by_role("link", name="写综合分析").click()
    for text in office.page.locator("form textarea").all():
        text.fill("、".join(ANALYSIS.values()))
    office.page.locator("form textarea").last.fill(reason)
    office.press(re.compile("^提交.*综合分析"))


def proposes(office: Person, name: str, reason: str) -> None:
    office.page.get_by_label(f"建议 {name}").check()
    office.page.get_by_label(re.compile("理由")).last.fill(reason)
    office.press("提出建议人选")


def decides(office: Person, agree: int, *, again: int = 0) -> None:
    """All twelve are there and say what they say; the record is confirmed."""
    for box in office.page.get_by_label(re.compile("到会$")).all():
        box.check()
    for k, choice in enumerate(office.page.locator("select").all()):
        choice.select_option(label="同意" if k < agree else "不同意")
    if again:
        office.page.get_by_label(re.compile("同意复议")).fill(str(again))
    office.press("记下到会和表态")
    office.press(re.compile("^确认 1 人的表决情况"))


def test_the_demos_meeting_and_what_the_party_group_makes_of_it(browser: Browser, running: Demo) -> None:
    office, screen = running.log_in(Person(browser, DESK), "office"), Person(browser, PROJECTOR)
    screen.go(f"{running.base}/board/{running.uuid}/screen")
    slips = read_slips((running.folder / demo.SLIPS).read_text(encoding="utf-8"))
    piles = [[one for one in slips if one.group == group.label] for group in GROUPS]
    handed, left = piles[0][:4] + piles[1][:4], piles[0][4:] + piles[1][4:]

    early = Person(browser, PHONE)
    early.go(f"{running.base}/v/{running.uuid}#{handed[7].code}")
    early.sees("投票尚未开始")
    leads_to_the_vote(office, screen)
    early.page.get_by_role("button", name="开始填写").wait_for(timeout=20_000)  # it went on by itself
    casts(browser, running, handed)
    expect(screen.page.locator("#returned")).to_have_text("7", timeout=20_000)

    office.press("开始 60 秒最后提醒")
    expect(screen.page.locator("#call")).to_be_visible(timeout=20_000)
    choose(early, MOST)
    early.leave()
    expect(office.page.locator("dd[data-live=returned]")).to_have_text("8", timeout=20_000)
    office.press("停止投票：收回 8 张")
    expect(screen.page.locator(".codes li")).to_have_count(8, timeout=20_000)
    voids(office, left)
    office.press(re.compile("剩余 7 张已当众作废"))
    office.press("封箱：8 张选票")
    office.sees("请密钥保管人计票")
    screen.sees("票箱已封")
    seal = (office.page.locator(".seal[aria-label^=封箱印记]").first.get_attribute("aria-label") or "").split(" ", 1)[1]
    decrypts(browser, running, seal)
    office.page.reload()
    prints(office)
    screen.sees("计票已完成")

    review = running.log_in(Person(browser, DESK), "review")
    post = f"{running.base}/review/posts/{running.notes['next_post']}"
    review.go(post)
    review.accessible()
    text = review.page.locator("main").inner_text()
    assert text.index("季慕青") < text.index("薛明澈"), "ballot order, not votes"
    assert not re.search("当选|第一名|排名", text)

    proposal = f"{running.base}/office/posts/{running.notes['next_post']}/proposal"
    office.go(proposal)
    proposes(office, PROPOSED, "更熟悉干部工作")
    expect(office.page.get_by_role("alert")).to_contain_text(MOST)  # who had more votes has no analysis yet
    for name in (PROPOSED, MOST):
        office.go(proposal)
        analyses(
            office, name, "得票多于建议人选，但任现职时间短，本次不建议" if name == MOST else "人岗相适，更熟悉干部工作"
        )
    office.go(proposal)
    proposes(office, PROPOSED, "更熟悉干部工作")
    review.go(post)
    review.press(re.compile(f"确定：考察 {PROPOSED}"))
    office.go(proposal)
    proposes(office, PROPOSED, "考察情况良好")
    office.follow("建立党组会表决")
    for label, said in (("主持人", "范景和"), ("记录人", "糜文珊"), ("列席", "柏清源")):
        office.fill(label, said)
    office.page.locator("textarea[name=members]").fill("\n".join(f"{one}，局党组成员" for one in MEMBERS))
    office.press("建立，下一步记到会和表态")
    decides(office, 6)
    expect(office.page.locator("main")).to_contain_text("同意 6 ≤ 应到 12 ÷ 2 ＝ 6")
    expect(office.page.locator("main")).to_contain_text(f"{PROPOSED}：没有通过")
    office.accessible()

    # Put to the vote again: more than half must agree to that first, and then to the person.
    office.go(f"{running.base}/office/selections/{running.notes['next_selection']}/meetings/new")
    for label, said in (("主持人", "范景和"), ("记录人", "糜文珊"), ("列席", "柏清源")):
        office.fill(label, said)
    office.page.locator("textarea[name=members]").fill("\n".join(f"{one}，局党组成员" for one in MEMBERS))
    office.press("建立，下一步记到会和表态")
    decides(office, 7, again=7)
    expect(office.page.locator("main")).to_contain_text("同意 7 ＞ 应到 12 ÷ 2 ＝ 6")
    office.follow("打印党组会表决情况")
    office.sees("党组会表决情况")
    expect(office.page.locator("main")).to_contain_text("演练")
    for who in (office, screen, review):
        who.leave()
