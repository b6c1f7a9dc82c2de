"""The booth in a real Chromium: a slip is scanned, filled in, sent once, and what goes wrong says so."""

import json
import secrets
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from config import Config
from keys import credential
from tally.ballot import short
from tests.chromium import needs_chromium
from tests.voting.booth.phone import Phone, boxed
from tests.voting.ready_poll import UUID, ReadyPoll, ready_poll
from voting.board import service as board
from voting.board.models import State
from voting.booth import service

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config)


def test_a_slip_becomes_one_ballot_and_the_phone_keeps_no_choice(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    expect(phone.page.get_by_text("看不到", exact=True)).to_be_visible()
    expect(phone.page.get_by_text("机关中层正职")).to_be_visible()
    phone.fill_in()
    expect(phone.page.locator(".answer b")).to_have_text(["沈亦舟", "陈书岚", "周景明"])
    phone.tap("提交选票")
    phone.heading("已投票")
    [tracker] = boxed(db)
    expect(phone.page.locator(".ticket .code")).to_have_text(short(tracker))
    kept = phone.kept()
    assert poll.codes[0] not in kept
    assert "draft" not in kept
    assert "沈亦舟" not in phone.page.content()
    assert "#" not in phone.page.url
    assert not any(poll.codes[0] in asked for asked in phone.asked)
    phone.page.go_back()
    assert "沈亦舟" not in phone.page.content()


def test_the_votes_in_the_box_are_the_votes_that_were_chosen(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.vote()
    [raw] = board.ballots(db, UUID)
    db.rollback()
    assert poll.opened(raw) == [[0, 0, 0, 1, 0, 0, 0], [0, 1, 1, 0, 0, 0]]


def test_a_second_tap_un_chooses_and_a_full_list_says_how_to_change(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    phone.choose("沈亦舟")
    expect(phone.page.locator("input:checked")).to_have_count(1)
    phone.choose("沈亦舟")
    expect(phone.page.locator("input:checked")).to_have_count(0)
    phone.tap("下一职位")
    phone.choose("陈书岚")
    phone.choose("周景明")
    expect(phone.page.get_by_text("已选满 2 人")).to_be_visible()
    expect(phone.page.locator("input:disabled")).to_have_count(3)
    phone.choose("弃权")
    expect(phone.page.locator("input:checked")).to_have_count(1)
    expect(phone.page.locator("input:disabled")).to_have_count(0)


def test_the_button_names_the_abstentions(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    phone.choose("弃权")
    phone.tap("下一职位")
    phone.tap("核对选票")
    expect(phone.page.locator(".answer b")).to_have_text(["弃权", "未选，按弃权"])
    phone.tap("提交，2 项按弃权")
    phone.heading("已投票")
    [raw] = board.ballots(db, UUID)
    db.rollback()
    assert poll.opened(raw) == [[1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]]


def test_a_reload_halfway_brings_everything_back(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.fill_in()
    phone.page.reload()
    phone.heading("核对选票")
    expect(phone.page.locator(".answer b")).to_have_text(["沈亦舟", "陈书岚", "周景明"])


def test_a_lost_answer_is_asked_for_again_and_counts_once(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        route.fetch()  # the box has taken it …
        lost.append(route.request.post_data or "")
        route.abort()  # … but the answer never arrives

    phone.page.route("**/ballots", lose_the_first_answer)
    phone.scan(poll.codes[0])
    phone.fill_in()
    phone.tap("提交选票")
    phone.heading("网络不通，票尚未送达")
    assert len(boxed(db)) == 1
    phone.tap("现在重试")
    phone.heading("已投票")
    assert len(boxed(db)) == 1


def test_a_reload_while_waiting_sends_the_same_ballot(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.route("**/ballots", lambda route: route.abort())
    phone.scan(poll.codes[0])
    phone.fill_in()
    phone.tap("提交选票")
    phone.heading("网络不通，票尚未送达")
    made = json.loads(json.loads(phone.kept())[f"mipiao:{UUID}"])["tracker"]
    phone.page.unroute("**/ballots")
    phone.page.reload()
    phone.heading("已投票")
    assert boxed(db) == [made]


def test_the_same_slip_scanned_again_shows_that_it_has_voted(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.vote()
    phone.scan(poll.codes[0])
    phone.heading("已投票")
    assert len(boxed(db)) == 1


def test_the_next_person_at_a_shared_tablet_begins_with_an_empty_slip(
    phone: Phone, db: Session, poll: ReadyPoll
) -> None:
    phone.scan(poll.codes[0])
    phone.vote()
    phone.scan(poll.codes[1])
    phone.tap("开始填写")
    expect(phone.page.locator("input:checked")).to_have_count(0)
    phone.tap("下一职位")
    phone.tap("核对选票")
    phone.tap("提交，2 项按弃权")
    phone.heading("已投票")
    assert len(boxed(db)) == 2


def test_the_encryption_runs_beside_the_page(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.fill_in()
    worker = phone.page.workers[0]
    while not worker.evaluate("self.onmessage !== null"):
        phone.page.wait_for_timeout(50)
    phone.page.wait_for_timeout(500)  # its tables are built and the page has heard of it
    phone.page.evaluate("void (new BroadcastChannel('test').onmessage = (event) => { window.told = event.data })")
    worker.evaluate(
        "self.addEventListener('message', (event) => "
        "{ if (event.data.seal) new BroadcastChannel('test').postMessage(event.data.seal.length) })"
    )
    phone.tap("提交选票")
    phone.heading("已投票")
    assert phone.page.evaluate("window.told") == 2


def test_a_worker_that_falls_silent_is_given_up(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.route(
        "**/worker.js*",
        lambda route: route.fulfill(body="self.postMessage({ready: true});", content_type="text/javascript"),
    )
    phone.scan(poll.codes[0])
    phone.fill_in()
    phone.page.wait_for_timeout(500)
    phone.tap("提交选票")
    phone.heading("正在加密")
    phone.heading("已投票")
    assert len(boxed(db)) == 1


def test_two_phones_with_one_slip_leave_one_ballot(
    phone: Phone, browser: Browser, db: Session, poll: ReadyPoll
) -> None:
    other = Phone(browser, phone.address)
    for each in (phone, other):
        each.scan(poll.codes[0])
        each.fill_in()
    phone.tap("提交选票")
    phone.heading("已投票")
    other.tap("提交选票")
    other.heading("此码的票已在票箱内")
    [tracker] = boxed(db)
    expect(other.page.locator(".ticket .code")).to_have_text(short(tracker))
    other.page.context.close()


def test_without_workers_the_page_encrypts_itself(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.route("**/worker.js*", lambda route: route.abort())
    phone.scan(poll.codes[0])
    phone.vote()
    assert len(boxed(db)) == 1


def test_a_typed_code_opens_the_slip_without_being_sent(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.goto(f"{phone.address}/v")
    groups = poll.codes[0].split("-")
    fields = phone.page.locator("#five input")
    wrong = ("7" if groups[0][0] != "7" else "8") + groups[0][1:]
    for n, group in enumerate([wrong, *groups[1:]]):
        fields.nth(n).fill(group)
    phone.tap("打开选票")
    expect(phone.page.get_by_role("alert")).to_contain_text("有一位对不上")
    fields.nth(0).fill(groups[0].lower())
    phone.tap("打开选票")
    phone.vote()
    assert len(boxed(db)) == 1
    assert not any(poll.codes[0] in asked for asked in phone.asked)


def test_a_scanner_that_types_the_address_opens_the_slip(phone: Phone, poll: ReadyPoll) -> None:
    phone.page.goto(f"{phone.address}/v")
    phone.page.locator("#five input").first.wait_for()
    phone.page.keyboard.type(f"https://host.example/v/{UUID}#{poll.codes[0]}")
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("button", name="开始填写")).to_be_visible()


@pytest.mark.parametrize(
    ("code", "heading"),
    [("", "请扫选票上的二维码"), ("ABCD", "选票代码不对"), ("0000-0000-0000-0000-0000", "这张选票不能用于本次投票")],
)
def test_what_is_no_slip_of_this_poll_is_told_so(phone: Phone, poll: ReadyPoll, code: str, heading: str) -> None:
    phone.scan(code)
    phone.heading(heading)


def test_before_the_opening_the_phone_waits_and_goes_on_by_itself(phone: Phone, db: Session, config: Config) -> None:
    poll = ready_poll(db, config, state=State.ISSUED)
    phone.scan(poll.codes[0])
    phone.heading("投票尚未开始")
    board.advance(db, UUID, State.ISSUED, State.OPEN)
    db.commit()
    expect(phone.page.get_by_role("button", name="开始填写")).to_be_visible(timeout=30_000)


def test_a_slip_that_was_made_void_and_printed_anew_is_told_so_and_the_new_one_opens(
    phone: Phone, db: Session, config: Config
) -> None:
    poll = ready_poll(db, config, state=State.ISSUED)
    phone.scan(credential.new(secrets.token_bytes))  # on no list, as a slip whose batch was dropped
    phone.heading("投票尚未开始")  # nothing is published yet that could tell the phone
    board.advance(db, UUID, State.ISSUED, State.OPEN)
    db.commit()
    expect(phone.page.get_by_text("已经作废重印的旧票")).to_be_visible(timeout=30_000)
    expect(phone.page.get_by_text("请举手")).to_be_visible()
    expect(phone.page.get_by_text("unknown_credential")).to_be_visible()
    assert phone.kept() == "{}"
    phone.scan(poll.codes[0])
    expect(phone.page.get_by_role("button", name="开始填写")).to_be_visible()


def test_a_poll_that_closes_while_somebody_fills_in_is_told_plainly(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.fill_in()
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    phone.tap("提交选票")
    phone.heading("投票已结束")
    assert phone.kept() == "{}"
    assert boxed(db) == []


def test_after_the_close_the_phone_says_that_its_ballot_is_listed(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.vote()
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    phone.page.reload()
    expect(phone.page.get_by_text("您的查验码已在列。")).to_be_visible(timeout=30_000)


def test_a_void_poll_is_told_to_who_voted_and_to_who_comes_late(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.vote()
    board.advance(db, UUID, State.OPEN, State.VOID)
    db.commit()
    phone.page.reload()
    phone.heading("本次投票已作废")
    expect(phone.page.get_by_text("在票箱内")).to_have_count(0)
    phone.scan(poll.codes[1])
    phone.heading("本次投票已作废")
    expect(phone.page.get_by_text("不受影响")).to_have_count(0)


def altered(change: Callable[[dict[str, str]], None]) -> Callable[[Route], None]:
    def handle(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        change(body)
        route.fulfill(response=answer, json=body)

    return handle


def other_candidate(paper: dict[str, str]) -> None:
    paper["election"] = paper["election"].replace("沈亦舟", "沈奕舟")


def other_group(paper: dict[str, str]) -> None:
    paper["manifest"] = paper["manifest"].replace("机关其他人员", "机关別的人员")


def test_a_manifest_that_the_election_does_not_name_is_not_shown(phone: Phone, poll: ReadyPoll) -> None:
    phone.page.route("**/election.json", altered(other_group))
    phone.scan(poll.codes[0])
    phone.heading("选票内容核对不上，没有打开")
    expect(phone.page.get_by_text("manifest_hash")).to_be_visible()


def test_an_altered_ballot_paper_gives_a_ballot_that_the_box_refuses(
    phone: Phone, db: Session, poll: ReadyPoll
) -> None:
    phone.page.route("**/election.json", altered(other_candidate))
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    phone.tap("下一职位")
    phone.tap("核对选票")
    phone.tap("提交，2 项按弃权")
    phone.heading("没有提交成功")
    expect(phone.page.get_by_text("ballot_other_poll")).to_be_visible()
    assert boxed(db) == []


def test_a_receipt_that_does_not_hold_sends_the_person_to_the_scrutineers(phone: Phone, poll: ReadyPoll) -> None:
    def forge(answer: dict[str, str]) -> None:
        answer["receipt"] = "A" * 86

    phone.page.route("**/ballots", altered(forge))
    phone.scan(poll.codes[0])
    phone.fill_in()
    phone.tap("提交选票")
    phone.heading("票箱的回执核对不上")


@pytest.mark.parametrize("missing", ["BigInt", "fetch", "TextEncoder"])
def test_below_the_floor_a_sentence_says_what_to_do(phone: Phone, poll: ReadyPoll, missing: str) -> None:
    phone.page.add_init_script(f"window.{missing} = undefined")
    phone.page.goto(f"{phone.address}/v/{UUID}#{poll.codes[0]}")
    expect(phone.page.get_by_text("这个浏览器版本过低")).to_be_visible()
    phone.complaints.clear()  # the modules cannot run there: that is the point


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(phone: Phone, poll: ReadyPoll, width: int) -> None:
    phone.page.set_viewport_size({"width": width, "height": 740})

    def fits() -> bool:
        return bool(phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    phone.page.goto(f"{phone.address}/v")
    assert fits()
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    assert fits()
    phone.tap("下一职位")
    phone.tap("核对选票")
    assert fits()
    phone.tap("提交，2 项按弃权")
    phone.heading("已投票")
    assert fits()


def test_the_offices_preview_is_what_a_phone_shows_and_cannot_be_sent(
    phone: Phone, app: Flask, poll: ReadyPoll
) -> None:
    paper = {"name": poll.election.name, "questions": [question.plain() for question in poll.election.questions]}
    data = service.preview(
        paper, title="会议推荐", kind="meeting", selection="选拔", group="机关中层正职", trustees=3, threshold=3, minimum=5,
        rehearsal=False,
    )  # fmt: skip
    with app.test_request_context():
        page = render_template("booth/poll.html", uuid=UUID, title="会议推荐", rehearsal=False, preview=data)
    phone.page.route(f"**/v/{UUID}", lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8"))
    phone.page.goto(f"{phone.address}/v/{UUID}")
    phone.fill_in()
    expect(phone.page.locator(".answer b")).to_have_text(["沈亦舟", "陈书岚", "周景明"])
    expect(phone.page.get_by_role("button", name="预览，不能提交")).to_be_disabled()
    assert phone.kept() == "{}"
    assert not any("election.json" in asked for asked in phone.asked)


def test_the_room_screen_follows_the_poll_by_itself(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.set_viewport_size({"width": 1280, "height": 720})
    phone.page.goto(f"{phone.address}/board/{UUID}/screen")
    expect(phone.page.get_by_text("票箱是空的")).to_be_visible()
    accepted = [board.cast(db, UUID, poll.ballot(n)) for n in range(3)]
    db.commit()
    expect(phone.page.locator("#returned")).to_have_text("3", timeout=30_000)
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    expect(phone.page.locator("#codes li")).to_have_text(sorted(short(one.tracker) for one in accepted), timeout=30_000)
    board.advance(db, UUID, State.CLOSING, State.CLOSED)
    db.commit()
    expect(phone.page.get_by_text("票箱已封")).to_be_visible(timeout=30_000)


def test_anyone_can_look_for_a_tracker_without_telling_the_server(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    code = short(board.cast(db, UUID, poll.ballot(0)).tracker)
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    phone.page.goto(f"{phone.address}/board/{UUID}")
    asked = len(phone.asked)
    phone.page.fill("#code", code.replace(" ", "").lower())
    phone.tap("查一下")
    expect(phone.page.get_by_role("status")).to_contain_text("在列：这张票在票箱内")
    phone.page.fill("#code", "0000 0000")
    phone.tap("查一下")
    expect(phone.page.get_by_role("status")).to_contain_text("不在列")
    assert len(phone.asked) == asked


@pytest.mark.parametrize("path", ["/v", f"/v/{UUID}", f"/board/{UUID}", f"/board/{UUID}/screen"])
def test_axe_finds_nothing_serious(phone: Phone, poll: ReadyPoll, path: str) -> None:
    phone.page.goto(phone.address + path + (f"#{poll.codes[0]}" if path.startswith("/v/") else ""))
    phone.page.wait_for_load_state("networkidle")
    assert serious(phone.page) == []


def test_axe_finds_nothing_serious_on_the_way_to_the_box(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    assert serious(phone.page) == []
    phone.tap("下一职位")
    assert serious(phone.page) == []
    phone.tap("核对选票")
    assert serious(phone.page) == []
    phone.tap("提交，2 项按弃权")
    phone.heading("已投票")
    assert serious(phone.page) == []


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in {"serious", "critical"}]
