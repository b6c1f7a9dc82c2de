"""The trustee's page in a real Chromium: a key is made, its file opens, and after the close the page decrypts by itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from config import Config
from keys.curve import ED25519
from keys.keyfile import Entry, KeyFile, seal, unseal
from tests.chromium import needs_chromium
from tests.served import served
from tests.voting.trustees.conftest import PEOPLE, RESULT, SELECTION, UUID, Meeting, stream
from voting.app import create_app
from voting.board import service as board
from voting.store.base import Database
from voting.trustees import decryption, service

PASSPHRASE = "很长的一句只有我知道的口令"

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


@pytest.fixture
def address(config: Config, database: Database) -> Iterator[str]:
    with served(create_app(config, database=database)) as at:
        yield at


class Person:
    """A trustee at a browser, and what the browser complained about."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self.page: Page = browser.new_context(accept_downloads=True, locale="zh-CN").new_page()
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def visit(self, path: str) -> None:
        self.page.goto(self.address + path)

    def heading(self, text: str) -> None:
        expect(self.page.locator("section:not([hidden]) > h1")).to_have_text(text, timeout=30_000)

    def trouble(self, code: str) -> None:
        expect(self.page.locator("#trouble [data-code]")).to_have_text(code, timeout=30_000)

    def make_key(self) -> Path:
        self.page.fill("#p1", PASSPHRASE)
        self.page.fill("#p2", PASSPHRASE)
        with self.page.expect_download(timeout=60_000) as download:
            self.page.click("#make button")
        self.heading("现在试开一次")
        return self.keep(download.value)

    def keep(self, download) -> Path:
        path = self.folder / download.suggested_filename
        download.save_as(path)
        return path

    def reopen(self, file: Path, passphrase: str = PASSPHRASE) -> None:
        self.page.set_input_files("#f1", file)
        self.page.fill("#p3", passphrase)
        self.page.click("#open button")

    def decrypt(self, file: Path, seal_: str) -> None:
        self.page.fill("#s", seal_)
        self.page.set_input_files("#f2", file)
        self.page.fill("#p4", PASSPHRASE)
        self.page.click("#decrypt button")

    def note_what_leaves(self) -> None:
        """From here on the page notes in `left` each file it hands out and each share it sends."""
        self.page.evaluate("""() => {
            const [hand, send] = [URL.createObjectURL, window.fetch];
            window.left = [];
            URL.createObjectURL = (blob) => (window.left.push("file"), hand(blob));
            window.fetch = (to, how) => (to.endsWith("/share") && window.left.push("share"), send(to, how));
        }""")


def invited(db: Session) -> list[service.Invitation]:
    board.create(db, UUID, "会议推荐", rehearsal=True, transport="http")
    made = [service.invite(db, UUID, SELECTION, name, role) for name, role in PEOPLE[:2]]
    db.commit()
    return made


def test_trustees_make_keys_and_decrypt_in_their_browsers(browser, address, db, tmp_path):
    links = invited(db)
    people, files = [], []
    for link in links:
        folder = tmp_path / f"usb-{link.n}"
        folder.mkdir()
        one = Person(browser, address, folder)
        people.append(one)
        one.visit(link.path)
        one.heading("生成您的那一份密钥")
        assert link.token not in one.page.url
        files.append(one.make_key())
        one.reopen(files[-1])
        one.heading("您的密钥已就绪")
    rows = service.keys_complete(db, UUID)
    assert [unseal(file.read_bytes(), PASSPHRASE, ED25519).public_key.text for file in files] == [
        row.key for row in rows
    ]
    expect(people[0].page.locator("section:not([hidden]) [data-fingerprint]")).to_have_text(rows[0].fingerprint or "")

    meeting = Meeting(db).vote_and_close()
    printed_seal, entry = meeting.closing.seal, Entry(UUID, meeting.closing.phi, meeting.closing.sigma)
    db.rollback()  # this test must not hold the database's lock
    for one, file in zip(people, files, strict=True):
        one.page.reload()  # the token is still in the tab
        one.heading("计票")
        expect(one.page.locator("#check-record")).to_contain_text("6 张票，签名与证明全部有效", timeout=60_000)
        told = "总计，和 1 个类别的合计（机关中层正职）；不解开任何一张票"
        expect(one.page.locator("#check-sums [data-text]")).to_have_text(told)
        assert printed_seal not in one.page.content()
        assert printed_seal.replace(" ", "") not in one.page.content()
        one.note_what_leaves()
        one.decrypt(file, printed_seal.lower())
        expect(one.page.locator("[data-journal]")).to_be_visible(timeout=60_000)
        assert one.page.evaluate("left") == ["file", "share"]
        with one.page.expect_download() as download:
            one.page.click("#save-journal")
        updated = unseal(one.keep(download.value).read_bytes(), PASSPHRASE, ED25519)
        assert updated.journal == (entry,)
    people[0].heading("计票完成")  # its page was waiting for the others
    people[1].heading("计票完成")
    db.expire_all()
    assert json.loads(board.get_file(db, UUID, "result.json") or b"")["result"] == RESULT
    assert [one.complaints for one in people] == [[], []]


def test_a_mistyped_or_short_passphrase_and_a_wrong_file_are_told(browser, address, db, tmp_path):
    link = invited(db)[0]
    one = Person(browser, address, tmp_path)
    one.visit(link.path)
    one.heading("生成您的那一份密钥")
    one.page.fill("#p1", "太短")
    one.page.fill("#p2", "太短")
    one.page.click("#make button")
    one.trouble("passphrase_short")
    one.page.fill("#p1", PASSPHRASE)
    one.page.fill("#p2", PASSPHRASE + "x")
    one.page.click("#make button")
    one.trouble("passphrase_differs")
    file = one.make_key()
    one.reopen(file, PASSPHRASE + "x")
    one.trouble("passphrase")
    secret = ED25519.scalar(5)
    other = tmp_path / "other.json"
    other.write_bytes(seal(KeyFile(UUID, *PEOPLE[0], ED25519.base(secret), secret), PASSPHRASE, stream(1)))
    one.reopen(other)
    one.trouble("other_key_file")
    other.write_text("{}")
    one.reopen(other)
    one.trouble("key_file")
    one.page.reload()  # nothing is lost: the same step again
    one.heading("现在试开一次")
    one.reopen(file)
    one.heading("您的密钥已就绪")


@pytest.fixture
def ready(browser, address, db, tmp_path) -> tuple[Person, Meeting, Path]:
    """The first trustee before the last step, with a key file made by our own Python."""
    meeting = Meeting(db).invite().make_keys().vote_and_close()
    first = meeting.holders[0]
    file = tmp_path / "key.json"
    opened = KeyFile(UUID, first.name, first.role, ED25519.base(first.secret), first.secret)
    file.write_bytes(seal(opened, PASSPHRASE, stream(2)))
    one = Person(browser, address, tmp_path)
    return one, meeting, file


def test_a_seal_that_differs_from_the_paper_stops_everything(ready):
    one, meeting, file = ready
    one.visit(meeting.holders[0].invitation.path)
    expect(one.page.locator("#decrypt")).to_be_visible(timeout=60_000)
    expect(one.page.locator("#decrypt button")).to_be_disabled()
    wrong = "00000000" if meeting.closing.sigma[0] != "0" else "FFFFFFFF"
    meeting.db.rollback()
    one.decrypt(file, wrong)
    one.trouble("seal_mismatch")
    one.decrypt(file, "GGGG GGGG")
    one.trouble("seal_form")
    assert all(not row.shared for row in service.public_trustees(meeting.db, UUID))


def test_a_key_that_has_answered_another_closing_refuses(ready, tmp_path):
    one, meeting, file = ready
    opened = unseal(file.read_bytes(), PASSPHRASE, ED25519)
    phi, printed = meeting.closing.phi, meeting.closing.seal
    file.write_bytes(seal(opened.answering(Entry(UUID, phi, "ab" * 32)), PASSPHRASE, stream(3)))
    meeting.db.rollback()
    one.visit(meeting.holders[0].invitation.path)
    expect(one.page.locator("#decrypt")).to_be_visible(timeout=60_000)
    one.decrypt(file, printed)
    one.trouble("second_head")
    assert all(not row.shared for row in service.public_trustees(meeting.db, UUID))


def test_a_record_with_an_altered_ballot_is_never_decrypted(ready):
    one, meeting, _ = ready
    name = f"{UUID}.bel"
    record = board.get_file(meeting.db, UUID, name) or b""
    at = record.index(b'"response":"', record.index(b'"answers"')) + 12
    digit = b"1" if record[at : at + 1] != b"1" else b"2"
    board.put_file(meeting.db, UUID, name, record[:at] + digit + record[at + 1 :])
    meeting.db.commit()
    one.visit(meeting.holders[0].invitation.path)
    one.trouble("data_hash")
    expect(one.page.locator("#decrypt")).to_be_hidden()
    expect(one.page.locator("#again")).to_be_visible()
    assert decryption.record(meeting.db, UUID)


def test_a_link_without_its_token_says_what_to_do(browser, address, db, tmp_path):
    invited(db)
    one = Person(browser, address, tmp_path)
    one.visit(f"/trustee/{UUID}/1")
    one.heading("请用完整的链接打开")
    one.visit(f"/trustee/{UUID}/1#{'0' * 48}")  # pasted into the same tab
    one.trouble("invitation")
