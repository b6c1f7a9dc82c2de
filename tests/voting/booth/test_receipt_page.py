"""The receipt in a real Chromium: a phone saves it, the board judges it on the reader's device, the office inserts on it."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from config import Config
from tally.closing import sign_receipt
from tally.receipt import Receipt
from tests.chromium import needs_chromium
from tests.voting.booth.phone import Phone
from tests.voting.booth.test_phone import poll  # noqa: F401 - fixture
from tests.voting.ready_poll import UUID, ReadyPoll
from voting.board import service as board
from voting.board.box import take_out
from voting.board.models import State

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def saved(phone: Phone, poll: ReadyPoll) -> Receipt:  # noqa: F811 - a fixture's value
    phone.scan(poll.codes[0])
    phone.vote()
    with phone.page.expect_download() as download:
        phone.page.get_by_role("link", name="保存回执").click()
    assert download.value.suggested_filename == "回执.json"
    return Receipt.parse(Path(download.value.path()).read_bytes())


def judged(phone: Phone, raw: bytes, sentence: str) -> None:
    phone.page.goto(f"{phone.address}/board/{UUID}")
    before = len(phone.asked)
    phone.page.get_by_label("核对回执文件").set_input_files(
        {"name": "r.json", "mimeType": "application/json", "buffer": raw}
    )
    expect(phone.page.locator("#judged")).to_have_text(sentence)
    assert not any("ballots" in asked or "receipt=" in asked for asked in phone.asked[before:])


def test_a_phone_saves_its_receipt_and_the_board_judges_it(
    phone: Phone, db: Session, config: Config, poll: ReadyPoll  # noqa: F811
) -> None:  # fmt: skip
    receipt = saved(phone, poll)
    receipt.verify(poll.manifest.receipt_key, poll.election.phi)
    assert poll.codes[0].encode() not in receipt.raw
    assert "沈亦舟".encode() not in receipt.raw
    assert board.ballots(db, UUID) == [receipt.ballot]
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    judged(phone, receipt.raw, "在列：回执成立，这张票在票箱内。")
    forged = Receipt(UUID, receipt.ballot, receipt.tracker, "A" * 86)
    judged(phone, forged.raw, "回执不成立：不是这个票箱签发的。")
    plain = json.loads(receipt.raw) | {"ballot": "{}"}
    exchanged = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    judged(phone, exchanged, "回执里的票与查验码不符，回执不成立。")
    judged(phone, b"PK\x03\x04", "读不出回执。请选手机上保存的回执文件。")
    elsewhere = Receipt("4rRvc7HTY5uUqY", receipt.ballot, receipt.tracker, receipt.signature)
    judged(phone, elsewhere.raw, "这份回执属于另一次投票。")


def test_a_signed_ballot_that_is_not_listed_is_told_apart(
    phone: Phone, db: Session, config: Config, poll: ReadyPoll  # noqa: F811
) -> None:  # fmt: skip
    ballot = poll.ballot(1)
    board.cast(db, UUID, ballot)
    take_out(db, UUID, board.key_bytes(ballot.credential.text))
    board.advance(db, UUID, State.OPEN, State.CLOSING)
    db.commit()
    signature = sign_receipt(board.receipt_key(config.secret, UUID), UUID, poll.election.phi, ballot.tracker)
    raw = Receipt(UUID, ballot.raw, ballot.tracker, signature).raw
    judged(phone, raw, "回执成立，但这张票不在列。请马上举手，把回执文件交监票人补入。")
