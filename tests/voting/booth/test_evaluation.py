"""An evaluation and a decision on a phone in a real Chromium: person by person, and what is in the box afterwards."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from config import Config
from tests.chromium import needs_chromium
from tests.voting.booth.phone import Phone, boxed
from tests.voting.ready_poll import ASSESSED, UUID, ReadyPoll, ready_decision, ready_evaluation
from voting.board import service as board

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
OPEN = [0, 0, 0, 0]


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_evaluation(db, config)


def choose(phone: Phone, item: str, answer: str) -> None:
    row = phone.page.get_by_role("radiogroup", name=item, exact=False)
    row.get_by_role("radio", name=answer, exact=True).click()


def all_the_same(phone: Phone, grade: str) -> None:
    phone.page.get_by_role("group", name="各项同为").get_by_role("button", name=grade, exact=True).click()


def marked(phone: Phone) -> list[str]:
    return [row.get_attribute("aria-labelledby") or "" for row in phone.page.locator(".row.todo").all()]


def in_the_box(db: Session, poll: ReadyPoll) -> list[list[int]]:
    [raw] = board.ballots(db, UUID)
    db.rollback()
    return poll.opened(raw)


def to_the_review(phone: Phone) -> None:
    while phone.page.get_by_role("button", name="下一位").count():
        phone.tap("下一位")
    phone.tap("核对测评票")


def test_eight_people_become_one_ballot_of_56_answers(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    expect(phone.page.get_by_text("其他各项：不足 20 票的类别一律不单列")).to_be_visible()
    phone.tap("开始填写")
    all_the_same(phone, "优秀")
    choose(phone, "勤", "称职")
    choose(phone, "使用意见", "同意")
    for _ in ASSESSED[1:]:
        phone.tap("下一位")
        all_the_same(phone, "基本称职")
        choose(phone, "使用意见", "不同意")
    phone.tap("核对测评票")
    expect(phone.page.locator("tbody tr").first).to_have_text("陈书岚优优称优优优同")
    expect(phone.page.locator("tbody tr").last).to_have_text("方以宁基基基基基基否")
    phone.tap("提交选票")
    phone.heading("已投票")
    best, good, fair = [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]
    first = [best, best, good, best, best, best, [1, 0]]
    assert in_the_box(db, poll) == first + ([fair] * 6 + [[0, 1]]) * 7


def test_what_was_changed_while_filling_is_what_is_counted(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    all_the_same(phone, "优秀")
    phone.page.wait_for_timeout(400)  # encrypted meanwhile
    all_the_same(phone, "不称职")  # all is filled: all changes
    choose(phone, "德", "不称职")  # a second tap un-chooses
    choose(phone, "能", "优秀")
    to_the_review(phone)
    phone.tap("提交，51 项按弃权")
    phone.heading("已投票")
    opened = in_the_box(db, poll)
    assert opened[:7] == [OPEN, [1, 0, 0, 0], *[[0, 0, 0, 1]] * 4, [0, 0]]
    assert all(sum(answer) == 0 for answer in opened[7:])


def test_what_is_open_turns_orange_only_after_the_person_was_left(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    choose(phone, "德", "优秀")
    assert marked(phone) == []
    phone.tap("下一位")
    assert marked(phone) == []
    expect(phone.page.locator(".ticks i").first).to_have_class("part")
    phone.tap("上一位")
    assert len(marked(phone)) == 6
    all_the_same(phone, "称职")
    assert marked(phone) == ["item6"]
    choose(phone, "使用意见", "同意")
    phone.tap("下一位")
    expect(phone.page.locator(".ticks i").first).to_have_class("done")
    expect(phone.page.locator(".ticks")).to_have_attribute("aria-label", "第 2 位，共 8 位")


def test_the_review_marks_what_is_open_and_a_name_leads_back(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    for n in range(8):
        all_the_same(phone, "优秀")
        if n != 6:
            choose(phone, "使用意见", "同意")
        phone.tap("下一位" if n < 7 else "核对测评票")
    expect(phone.page.get_by_text("还有 1 项未填。直接提交，这 1 项按弃权计。")).to_be_visible()
    expect(phone.page.get_by_role("button", name="提交，1 项按弃权")).to_be_visible()
    expect(phone.page.locator("td.x")).to_have_text(["未"])
    phone.tap("季慕青")
    phone.heading("季慕青")
    assert len(marked(phone)) == 1
    choose(phone, "使用意见", "不同意")
    phone.tap("核对测评票")
    expect(phone.page.locator("td.x")).to_have_count(0)
    expect(phone.page.get_by_role("button", name="提交选票")).to_be_visible()


def test_the_phones_own_back_turns_the_pages_and_a_reload_keeps_all(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    all_the_same(phone, "优秀")
    phone.tap("下一位")
    phone.heading("周景明")
    phone.page.go_back()
    phone.heading("陈书岚")
    expect(phone.page.locator("input:checked")).to_have_count(6)
    phone.page.reload()
    phone.heading("陈书岚")
    expect(phone.page.locator("input:checked")).to_have_count(6)
    phone.page.go_forward()
    phone.heading("周景明")
    phone.page.go_back()
    phone.page.go_back()
    expect(phone.page.get_by_role("button", name="继续填写")).to_be_visible()


def test_choices_and_their_encryption_are_gone_after_the_vote(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    all_the_same(phone, "称职")
    kept = json.loads(json.loads(phone.kept())[f"mipiao:{UUID}"])
    assert set(kept) == {"phase", "code", "draft", "left", "page"}  # nothing that was encrypted is stored
    to_the_review(phone)
    assert len(phone.page.workers) == 1
    phone.tap("提交，50 项按弃权")
    phone.heading("已投票")
    assert phone.page.workers == []
    assert set(json.loads(json.loads(phone.kept())[f"mipiao:{UUID}"])) == {
        "phase", "ballot", "tracker", "receipt", "phi",
    }  # fmt: skip
    assert len(boxed(db)) == 1


def test_all_seven_items_stand_on_a_phone_without_scrolling(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    last = phone.page.locator(".row").last.bounding_box()
    dock = phone.page.locator(".dock").bounding_box()
    assert last is not None
    assert dock is not None
    assert phone.page.evaluate("window.scrollY") == 0
    assert last["y"] + last["height"] <= dock["y"]
    for box in (one.bounding_box() for one in phone.page.locator(".opt, .fill, .dock .btn").all()):
        assert box is not None
        assert box["height"] >= 48


@pytest.mark.parametrize(("width", "size", "columns"), [(320, 16, 4), (360, 16, 4), (360, 32, 2), (320, 32, 1)])
def test_small_phones_and_large_text_fold_the_columns(
    phone: Phone, poll: ReadyPoll, width: int, size: int, columns: int
) -> None:
    def fits() -> bool:
        return bool(phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    phone.page.set_viewport_size({"width": width, "height": 740})
    phone.scan(poll.codes[0])
    phone.page.evaluate(f"document.documentElement.style.fontSize = '{size}px'")
    assert fits()
    phone.tap("开始填写")
    tops = [one.bounding_box() for one in phone.page.locator(".rows .row").first.locator(".opt").all()]
    assert len({round(box["x"]) for box in tops if box is not None}) == columns
    assert fits()
    to_the_review(phone)
    assert fits()


def test_axe_finds_nothing_serious(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    choose(phone, "德", "优秀")
    assert serious(phone) == []
    phone.tap("下一位")
    phone.tap("上一位")
    assert serious(phone) == []
    to_the_review(phone)
    assert serious(phone) == []


def test_a_decision_warns_before_the_vote_and_counts_what_was_chosen(phone: Phone, db: Session, config: Config) -> None:
    poll = ready_decision(db, config)
    phone.scan(poll.codes[0])
    expect(phone.page.get_by_text("合计数就等于公开了每一个人的意见")).to_be_visible()
    phone.tap("开始填写")
    phone.heading("陈书岚")
    expect(phone.page.get_by_text("人事教育处　副处长")).to_be_visible()
    phone.choose("同意")
    phone.tap("下一位")
    phone.choose("缓议")
    phone.tap("下一位")
    phone.tap("核对选票")
    expect(phone.page.locator(".answer h2")).to_have_text(["陈书岚", "周景明", "沈亦舟"])
    expect(phone.page.locator(".answer b")).to_have_text(["同意", "缓议", "未选，按弃权"])
    phone.tap("提交，1 项按弃权")
    phone.heading("已投票")
    assert in_the_box(db, poll) == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]


def serious(phone: Phone) -> list[str]:
    found = Axe().run(phone.page).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] in {"serious", "critical"}]
