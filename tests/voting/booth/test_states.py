"""What can happen to a phone between the scan and the tracker, in a real Chromium: every state says what to do."""

import secrets

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from config import Config
from keys.curve import ED25519
from tally.ballot import short
from tally.voids import make
from tests.chromium import needs_chromium
from tests.voting.booth.phone import Phone, boxed
from tests.voting.ready_poll import UUID, ReadyPoll, ready_poll
from voting.board import service as board
from voting.board.models import State
from voting.board.voids import void_slip

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
AWAY = """(seconds) => {
  const turn = (hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  };
  turn(true);
  const now = Date.now();
  Date.now = () => now + 1000 * seconds;
  turn(false);
}"""


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config)


@pytest.mark.parametrize(("seconds", "heading"), [(120, "投票已结束"), (5, "人事教育处处长（1 名）")])
def test_who_comes_back_after_minutes_is_told_that_the_poll_has_ended(
    phone: Phone, db: Session, poll: ReadyPoll, seconds: int, heading: str
) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    phone.choose("沈亦舟")
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    asked = len(phone.asked)
    phone.page.evaluate(AWAY, seconds)
    phone.heading(heading)
    if seconds > 30:
        assert phone.kept() == "{}"
    else:
        expect(phone.page.locator("input:checked")).to_have_count(1)
        assert len(phone.asked) == asked


def test_a_phone_that_slept_goes_on_filling_in_while_the_poll_is_open(phone: Phone, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.tap("开始填写")
    phone.choose("沈亦舟")
    phone.page.evaluate(AWAY, 600)
    expect(phone.page.locator("input:checked")).to_have_count(1)
    phone.tap("下一职位")
    phone.tap("核对选票")
    phone.tap("提交，1 项按弃权")
    phone.heading("已投票")


def test_a_phone_that_wakes_sends_at_once(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.clock.install()
    phone.page.route("**/ballots", lambda route: route.abort())
    phone.scan(poll.codes[0])
    phone.fill_in()
    phone.tap("提交选票")
    phone.heading("网络不通，票尚未送达")
    phone.page.unroute("**/ballots")
    phone.page.evaluate(AWAY, 600)
    phone.heading("已投票")
    assert len(boxed(db)) == 1


def test_a_slip_that_is_voided_while_its_holder_fills_in_says_so(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.scan(poll.codes[0])
    phone.fill_in()
    void(db, poll, 0)
    phone.tap("提交选票")
    phone.heading("此票已作废")
    expect(phone.page.get_by_text("请举手，换一张备用票")).to_be_visible()
    assert phone.kept() == "{}"
    phone.scan(poll.codes[1])  # the spare slip, in the same browser
    phone.tap("开始填写")
    expect(phone.page.locator("input:checked")).to_have_count(0)


def void(db: Session, poll: ReadyPoll, n: int) -> None:
    """What the office does with a slip in hand."""
    spoilt = make(ED25519, poll.election.phi, poll.secret(n), "damaged", None, ("赵一", "钱二"), secrets.token_bytes)
    void_slip(db, UUID, spoilt)
    db.commit()


def test_another_slip_scanned_while_a_ballot_waits_comes_after_it(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.route("**/ballots", lambda route: route.abort())
    phone.scan(poll.codes[0])
    phone.fill_in()
    phone.tap("提交选票")
    phone.heading("网络不通，票尚未送达")
    phone.page.unroute("**/ballots")
    phone.scan(poll.codes[1])
    phone.heading("已投票")
    [tracker] = boxed(db)
    expect(phone.page.locator(".ticket .code")).to_have_text(short(tracker))
    phone.tap("填写刚才扫的另一张选票")
    phone.tap("开始填写")
    expect(phone.page.locator("input:checked")).to_have_count(0)
    phone.tap("下一职位")
    phone.tap("核对选票")
    phone.tap("提交，2 项按弃权")
    phone.heading("已投票")
    assert len(boxed(db)) == 2


def test_without_storage_and_worker_a_ballot_gets_into_the_box(phone: Phone, db: Session, poll: ReadyPoll) -> None:
    phone.page.add_init_script(
        "delete window.Worker; Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('refused') } })"
    )
    phone.scan(poll.codes[0])
    phone.vote()
    assert len(boxed(db)) == 1


def test_an_engine_without_modules_reads_the_way_out(phone: Phone, poll: ReadyPoll) -> None:
    phone.page.add_init_script("delete HTMLScriptElement.prototype.noModule")
    phone.scan(poll.codes[0])
    expect(phone.page.get_by_text("这个浏览器版本过低")).to_be_visible()


@pytest.mark.parametrize("phase", ["early", "landing", "filling", "review", "done"])
def test_a_reload_in_each_phase_shows_the_same_page(phone: Phone, db: Session, config: Config, phase: str) -> None:
    poll = ready_poll(db, config, state=State.ISSUED if phase == "early" else State.OPEN)
    phone.scan(poll.codes[0])
    heading = {"early": "投票尚未开始", "landing": poll.election.name, "filling": "人事教育处处长（1 名）", "review": "核对选票",
               "done": "已投票"}[phase]  # fmt: skip
    if phase == "filling":
        phone.tap("开始填写")
    elif phase in {"review", "done"}:
        phone.fill_in()
    if phase == "done":
        phone.tap("提交选票")
    phone.heading(heading)
    phone.page.reload()
    phone.heading(heading)
    assert "#" not in phone.page.url


def test_who_scans_late_votes_as_long_as_the_box_is_open_and_is_told_plainly_afterwards(
    phone: Phone, db: Session, poll: ReadyPoll
) -> None:
    phone.scan(poll.codes[0])
    phone.vote()
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    phone.scan(poll.codes[1])
    phone.heading("投票已结束")
    expect(phone.page.get_by_text("如果您此前已看到“已投票”，那一票在票箱内")).to_be_visible()


def test_fields_are_so_large_that_no_phone_zooms_into_them(phone: Phone, poll: ReadyPoll) -> None:
    phone.page.goto(f"{phone.address}/v")
    sizes = phone.page.locator(".five input").evaluate_all(
        "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert len(sizes) == 5
    assert min(sizes) >= 16
