"""One poll, from the set-up link to a verified count: every person with a browser of their own, nothing simulated."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.chromium import needs_chromium
from tests.journeys.people import DESK, PASSWORD, PHONE, Person, codes_on_paper, opens_the_box, person
from voting.rehearse.server import Server
from voting.verify import command as verify

CANDIDATES = [
    ("陈书岚", "副处长", "人事教育处"),
    ("周景明", "四级主任科员", "办公室"),
    ("沈亦舟", "副处长", "对外贸易处"),
]
DEPUTIES = [("程予安", "科长", "财务处"), ("郭子衡", "科长", "法规处"), ("何雨薇", "科长", "外资处")]
KEEPERS = [("机关纪委", "郑为民"), ("工会", "梁静姝")]
# What ten phones choose: 0 is 弃权, else the person's place on the ballot. First post one of three, second up to two.
CHOICES = [(1, [1]), (1, [1, 2]), (3, [2]), (3, []), (3, [1, 3]), (2, [3]), (0, []), (1, [2, 3]), (3, [1]), (2, [1, 2])]


def table(people: list[tuple[str, str, str]], encoding: str) -> bytes:
    rows = ["姓名,现任职务,所在处室", *(",".join(one) for one in people)]
    return ("\r\n".join(rows) + "\r\n").encode(encoding)


def office_prepares(office: Person, link: str) -> None:
    """From the set-up link to a draft poll."""
    office.go(link)
    office.press("开始设置")
    office.fill("姓名", "孙立言")
    office.fill("登录名", "sunliyan")
    office.fill("密码", PASSWORD)
    office.fill("再输一次", PASSWORD)
    office.accessible()
    office.press("设置密码")
    office.sees("登录")
    office.accessible()
    office.fill("登录名", "sunliyan")
    office.fill("密码", PASSWORD)
    office.press("登录")
    office.sees("选拔任用工作")
    office.follow("新建一项")
    office.fill("选拔任用工作名称", "2026年机关科级领导职务选拔任用")
    office.fill("单位", "云州市商务局")
    office.fill("方案日期", "2026-11-01")
    office.press("建立，下一步录入职位")
    for title, places, people, encoding in (
        ("人事教育处处长", "1", CANDIDATES, "gb18030"), ("机关中层副职", "2", DEPUTIES, "utf-8-sig"),
    ):  # fmt: skip
        if title != "人事教育处处长":
            office.page.get_by_text("再加一个职位").click()
        office.fill("职位", title)
        office.fill("名额", places)
        office.press("录入职位，下一步导入人选")
        office.page.locator("input[type=file]").set_input_files(
            {"name": f"{title}.csv", "mimeType": "text/csv", "buffer": table(people, encoding)}
        )
        office.press("上传并预览，先不导入")
        office.accessible()
        office.press(re.compile("导入这 3 人"))
    office.accessible()
    office.follow("新建民主推荐")
    office.page.get_by_label("应到1").fill("9")
    office.page.get_by_label("应到2").fill("6")
    for unused in ("票种3", "票种4", "票种5"):
        office.page.get_by_label(unused).fill("")
    office.accessible()
    office.press("保存，下一步请密钥保管人")


def office_names_keepers(office: Person) -> list[str]:
    links = []
    for role, name in KEEPERS:
        office.page.locator("#trustee-role").fill(role)
        office.page.locator("#trustee-name").fill(name)
        office.press("加入，取得链接")
        links.append(office.page.locator("#link").input_value())
        office.accessible()
        office.follow("已交给本人，回到投票")
    office.accessible()
    return links


def keeper_makes_key(keeper: Person, link: str, folder: Path) -> Path:
    keeper.go(link)
    keeper.sees("生成您的那一份密钥")
    keeper.accessible()
    keeper.page.locator("#p1").fill(PASSWORD)
    keeper.page.locator("#p2").fill(PASSWORD)
    with keeper.page.expect_download(timeout=120_000) as saved:
        keeper.press("生成并保存")
    file = folder / saved.value.suggested_filename
    saved.value.save_as(file)
    keeper.sees("现在试开一次")
    keeper.page.locator("#f1").set_input_files(file)
    keeper.page.locator("#p3").fill(PASSWORD)
    keeper.press("试开密钥文件")
    expect(keeper.page.get_by_role("heading", name="您的密钥已就绪")).to_be_visible(timeout=120_000)
    keeper.accessible()
    assert PASSWORD not in file.read_text()
    assert json.loads(file.read_text())["mipiao-key"] == 1
    return file


def choose(phone: Person, choice: tuple[int, list[int]]) -> None:
    first, second = choice
    phone.press(re.compile("开始填写|继续填写"))
    cards = phone.page.locator(".card")
    (cards.last if first == 0 else cards.nth(first - 1)).click()
    phone.press("下一职位")
    for number in second:
        phone.page.locator(".card").nth(number - 1).click()
    phone.press("核对选票")


def votes(phone: Person, address: str, choice: tuple[int, list[int]]) -> None:
    phone.go(address)
    choose(phone, choice)
    phone.press(re.compile("^提交"))
    phone.sees("已投票")
    assert "#" not in phone.page.url
    text = phone.page.locator("body").inner_text()
    assert not any(name in text for name, _, _ in CANDIDATES + DEPUTIES), "choices are shown after the cast"


def loses_the_answer(phone: Person, address: str, choice: tuple[int, list[int]]) -> None:
    """The ballot arrives, the answer does not; the phone sends the same ballot again and gets the same answer."""
    lost: list[int] = []

    def swallow(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    phone.page.route("**/ballots", swallow)
    phone.go(address)
    choose(phone, choice)
    phone.press(re.compile("^提交"))
    phone.sees("网络不通，票尚未送达")
    phone.accessible()
    phone.press("现在重试")
    phone.sees("已投票")
    assert lost == [201]


def types_the_code(phone: Person, address: str, choice: tuple[int, list[int]]) -> None:
    base, code = re.sub(r"/v/.*", "/v", address), address.split("#")[1]
    phone.go(base)
    fields = phone.page.locator("#five input")
    groups = code.lower().split("-")
    groups[4] = groups[4][:3] + ("7" if groups[4][3] != "7" else "8")  # the check: no other fits
    for field, group in zip(fields.all(), groups, strict=True):
        field.fill(group)
    phone.press("打开选票")
    expect(phone.page.locator("#wrong")).to_be_visible()
    phone.accessible()
    for field, group in zip(fields.all(), code.lower().split("-"), strict=True):
        field.fill(group)
    phone.press("打开选票")
    choose(phone, choice)
    phone.press(re.compile("^提交"))
    phone.sees("已投票")


def reloads_halfway(phone: Person, address: str, choice: tuple[int, list[int]]) -> None:
    phone.go(address)
    phone.accessible()
    phone.press("开始填写")
    phone.accessible()
    (phone.page.locator(".card").nth(choice[0] - 1)).click()
    phone.page.reload()
    expect(phone.page.locator(".card input:checked")).to_have_count(1)
    phone.press("下一职位")
    for number in choice[1]:
        phone.page.locator(".card").nth(number - 1).click()
    phone.press("核对选票")
    phone.page.reload()
    phone.accessible()
    phone.press(re.compile("^提交"))
    phone.sees("已投票")
    phone.page.reload()
    phone.sees("已投票")
    phone.accessible()


def keeper_decrypts(keeper: Person, link: str, file: Path, seal: str, *, last: bool) -> None:
    keeper.go("about:blank")
    keeper.go(link)
    keeper.sees("计票")
    expect(keeper.page.locator("#decrypt")).to_be_visible(timeout=180_000)
    assert seal not in keeper.page.locator("body").inner_text(), "the page tells the seal that must come from paper"
    keeper.accessible()
    keeper.page.locator("#s").fill(seal)
    keeper.page.locator("#f2").set_input_files(file)
    keeper.page.locator("#p4").fill(PASSWORD)
    keeper.press("用我的密钥计票")
    expected = "计票完成" if last else "您的一份已经送达"
    expect(keeper.page.get_by_role("heading", name=expected)).to_be_visible(timeout=180_000)
    keeper.accessible()


@pytest.mark.browser
@needs_chromium
def test_one_poll_from_the_set_up_link_to_the_verified_count(browser: Browser, server: Server, tmp_path: Path) -> None:
    office = Person(browser, DESK)
    office_prepares(office, server.setup_link())
    links = office_names_keepers(office)
    console = office.page.url
    uuid = console.rsplit("/", 1)[1]
    keepers = [Person(browser, DESK) for _ in KEEPERS]
    files = []
    for number, (keeper, link) in enumerate(zip(keepers, links, strict=True)):
        folder = tmp_path / f"stick-{number}"
        folder.mkdir()
        files.append(keeper_makes_key(keeper, link, folder))

    # The console has followed the keepers by itself.
    expect(office.page.get_by_role("button", name=re.compile("2 位保管人密钥就绪"))).to_be_enabled(timeout=30_000)
    office.press(re.compile("2 位保管人密钥就绪"))
    office.follow(re.compile("去印 21 张选票"))
    office.accessible()
    office.press(re.compile("印制 21 张选票"))
    addresses = codes_on_paper(office.page)
    assert len(addresses) == len(set(addresses)) == 21
    assert all(address.startswith(f"{server.base}/v/{uuid}#") for address in addresses)
    office.page.on("dialog", lambda dialog: dialog.accept())
    office.page.emulate_media(media="screen")
    office.page.set_viewport_size(DESK)

    with person(browser, PHONE) as early:
        early.go(addresses[20])
        early.sees(re.compile("还没有开始|尚未开始|还未开始"))
        early.accessible()

    office.go(console)
    office.accessible()
    opens_the_box(office, 15, 12)
    with person(browser, {"width": 1920, "height": 1080}) as screen:
        screen.go(f"{server.base}/board/{uuid}/screen")
        screen.sees("票箱是空的")
        screen.accessible()
        office.press(re.compile("印记已抄下"))
        office.fill("手中剩余", "9")
        office.press(re.compile("宣布发出 12 张"))

        # The sheets lie group by group: three of the first group's slips, then seven of the second's.
        ways = [votes] * 7 + [loses_the_answer, types_the_code, reloads_halfway]
        for way, address, choice in zip(ways, addresses[:10], CHOICES, strict=True):
            with person(browser, PHONE) as phone:
                way(phone, address, choice)
        with person(browser, PHONE) as again:
            again.go(addresses[0])
            choose(again, (2, [2]))
            again.press(re.compile("^提交"))
            again.sees("此码的票已在票箱内")
            again.accessible()
        expect(screen.page.locator(".main-n dd")).to_have_text("10", timeout=20_000)
        screen.accessible()

        expect(office.page.locator("[data-live=returned]").first).to_have_text("10", timeout=20_000)
        office.accessible()
        office.press("开始 60 秒最后提醒")
        office.press(re.compile("停止投票：收回 10 张"))
        office.page.wait_for_timeout(1100)
        office.press("还有 2 张没有交：再按一次，提前停止")
        office.press(re.compile("宣布收回$"))
        office.accessible()
        expect(screen.page.locator(".codes li")).to_have_count(10, timeout=20_000)
        screen.accessible()
        with person(browser, PHONE) as late:
            late.go(addresses[19])
            late.sees(re.compile("结束|停止"))
            late.accessible()
        office.press(re.compile("封箱：10 张选票"))
        expect(screen.page.locator("h2").first).to_have_text("票箱已封", timeout=20_000)
        screen.accessible()

    office.accessible()
    with office.page.expect_popup() as paper:
        office.follow("打印封箱单，交保管人核对")
    label = paper.value.locator(".seal[aria-label^=封箱印记]").first.get_attribute("aria-label") or ""
    seal = label.split(" ", 1)[1]
    for number, (keeper, link, file) in enumerate(zip(keepers, links, files, strict=True), 1):
        keeper_decrypts(keeper, link, file, seal, last=number == len(keepers))
        keeper.leave()

    office.sees("打印、签字")  # the console has followed the last keeper by itself
    office.go(f"{server.base}/review/polls/{uuid}")
    text = office.page.locator("main").inner_text()
    assert "当选" not in text
    assert_counts(text)
    office.accessible()
    with office.page.expect_download() as zipped:
        office.follow("下载选举记录")
    archive = tmp_path / "record.zip"
    zipped.value.save_as(archive)
    with zipfile.ZipFile(archive) as folder:
        folder.extractall(tmp_path / "record")
    record = next((tmp_path / "record").rglob("*.bel"))
    assert verify.main([str(record)]) == 0
    assert counted(record.parent) == expected_counts()
    office.leave()


def expected_counts() -> list[list[int]]:
    first, second = [0] * 4, [0] * 4
    for one, several in CHOICES:
        first[one] += 1
        for number in several or [0]:
            second[number] += 1
    return [first, second]


def counted(folder: Path) -> list[list[int]]:
    raw = next(folder.glob("*.bel")).read_bytes()
    found = re.search(rb'\{"result":(\[\[[0-9,\[\]]+\]\])\}', raw)
    assert found is not None
    return json.loads(found[1])


def assert_counts(text: str) -> None:
    for people, counts in zip((CANDIDATES, DEPUTIES), expected_counts(), strict=True):
        for (name, _, _), votes_for in zip(people, counts[1:], strict=True):
            assert name in text
            assert re.search(rf"{votes_for}\s*/\s*10|{votes_for}\s*票", text), (name, votes_for)
