"""`mipiao trustee`: the same rules as the page, from a terminal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keys.curve import ED25519
from keys.keyfile import Entry, KeyFile, seal, unseal
from keys.trustee import Holder, verify_possession
from tally import canonical
from tally.shares import Share
from tests.served import served
from tests.voting.trustees.conftest import CHOICES, SELECTION, UUID, Meeting, stream
from voting.app import create_app
from voting.board import service as board
from voting.store.base import Database
from voting.trustees import decryption, service
from voting.trustees.commands import trustee

PASSPHRASE = "很长的一句只有我知道的口令"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Desk:
    """A trustee's own machine: a folder with a record and key files, and a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passphrase = folder / "passphrase.txt"
        self.passphrase.write_text(PASSPHRASE + "\n", encoding="utf-8")

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(trustee, [str(word) for word in words])

    def new(self, *words: object) -> Result:
        return self.run("new", "--out", self.folder / "key.json", "--passphrase-file", self.passphrase, *words)

    def decrypt(self, *words: object, seal_: str) -> Result:
        common = ("--key", self.folder / "key.json", "--out", self.folder / "share.json", "--seal", seal_)
        return self.run("decrypt", *words, *common, "--passphrase-file", self.passphrase)

    def save(self, meeting: Meeting, n: int = 1) -> Path:
        """The n-th trustee's key file, and the record in a folder, which is returned."""
        one = meeting.holders[n - 1]
        opened = KeyFile(UUID, one.name, one.role, ED25519.base(one.secret), one.secret)
        (self.folder / "key.json").write_bytes(seal(opened, PASSPHRASE, stream(4)))
        record = self.folder / UUID
        record.mkdir()
        for name, body in board.files(meeting.db, UUID).items():
            (record / name).write_bytes(body)
        return record

    @property
    def opened(self) -> KeyFile:
        return unseal((self.folder / "key.json").read_bytes(), PASSPHRASE, ED25519)


@pytest.fixture
def desk(tmp_path: Path, database: Database) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder)


@pytest.fixture
def address(config, database) -> Iterator[str]:
    with served(create_app(config, database=database)) as at:
        yield at


WHO = ("--uuid", UUID, "--selection", SELECTION, "--name", "郑为民", "--role", "机关纪委")


def test_new_writes_a_file_that_opens_and_prints_what_to_hand_in(desk, draft):
    done = desk.new(*WHO)
    assert done.exit_code == 0, done.output
    service.submit_key(draft.db, UUID, 1, done.stdout.encode().strip())
    assert service.public_trustees(draft.db, UUID)[0].key == desk.opened.public_key.text
    possession = canonical.proof(ED25519, json.loads(done.stdout)["possession"], "possession")
    assert verify_possession(ED25519, desk.opened.public_key, Holder(SELECTION, "郑为民", "机关纪委"), possession)
    assert (desk.folder / "key.json").stat().st_mode & 0o077 == 0


def test_new_never_overwrites_a_file(desk):
    (desk.folder / "key.json").write_text("precious")
    done = desk.new(*WHO)
    assert (done.exit_code, "file_exists" in done.output) == (1, True)
    assert (desk.folder / "key.json").read_text() == "precious"


def test_new_refuses_a_short_passphrase(desk):
    desk.passphrase.write_text("太短", encoding="utf-8")
    done = desk.new(*WHO)
    assert (done.exit_code, "FAIL passphrase" in done.output) == (1, True)
    assert not (desk.folder / "key.json").exists()


@pytest.mark.parametrize(
    "words", [(), WHO[:6], ("--invitation", "https://host/trustee/x/1"), ("--invitation", "ftp://h/trustee/x/1#t")]
)
def test_new_without_knowing_for_whom_is_a_usage_error(desk, words):
    assert desk.new(*words).exit_code == 2


def test_check_names_every_check_but_never_the_seal(desk, closed):
    record = desk.save(closed)
    done = desk.run("check", record)
    assert done.exit_code == 0, done.output
    assert "6 张票" in done.stdout
    assert "另解开 1 个类别的合计（机关中层正职）" in done.stdout
    assert "其余类别" not in done.stdout
    assert closed.closing.seal not in done.output
    assert closed.closing.seal.replace(" ", "").lower() not in done.output.lower()


def test_decrypt_makes_a_share_that_the_service_takes(desk, closed):
    record = desk.save(closed)
    done = desk.decrypt(record, seal_=closed.closing.seal.lower())
    assert done.exit_code == 0, done.output
    raw = (desk.folder / "share.json").read_bytes()
    assert Share.parse(raw, ED25519).owner == 1
    assert decryption.submit_share(closed.db, UUID, 1, raw) is False
    assert desk.opened.journal == (Entry(UUID, closed.closing.phi, closed.closing.sigma),)


def test_decrypt_stops_when_the_paper_says_another_seal(desk, closed):
    record = desk.save(closed)
    wrong = "00000000" if closed.closing.sigma[0] != "0" else "FFFFFFFF"
    done = desk.decrypt(record, seal_=wrong)
    assert (done.exit_code, "FAIL seal_mismatch" in done.output) == (1, True)
    assert not (desk.folder / "share.json").exists()
    assert desk.opened.journal == ()


def test_what_is_no_seal_is_told_before_anything_is_read(desk):
    (desk.folder / "key.json").write_text("{}")
    done = desk.decrypt("--invitation", f"http://127.0.0.1:9/trustee/{UUID}/1#{'0' * 48}", seal_="81D4")
    assert (done.exit_code, "FAIL seal_form" in done.output) == (2, True)


def test_decrypt_refuses_a_second_closing_of_the_same_poll(desk, closed):
    record = desk.save(closed)
    answered = desk.opened.answering(Entry(UUID, closed.closing.phi, "ab" * 32))
    (desk.folder / "key.json").write_bytes(seal(answered, PASSPHRASE, stream(5)))
    done = desk.decrypt(record, seal_=closed.closing.seal)
    assert (done.exit_code, "FAIL second_head" in done.output) == (1, True)
    assert not (desk.folder / "share.json").exists()


def test_decrypt_refuses_a_strangers_key(desk, closed):
    record = desk.save(closed)
    secret = ED25519.scalar(5)
    stranger = KeyFile(UUID, "甲", "乙", ED25519.base(secret), secret)
    (desk.folder / "key.json").write_bytes(seal(stranger, PASSPHRASE, stream(5)))
    done = desk.decrypt(record, seal_=closed.closing.seal)
    assert (done.exit_code, "FAIL not_a_trustee" in done.output) == (1, True)


def test_decrypt_refuses_a_wrong_passphrase(desk, closed):
    record = desk.save(closed)
    desk.passphrase.write_text("另一句也很长但不对的口令吧", encoding="utf-8")
    done = desk.decrypt(record, seal_=closed.closing.seal)
    assert (done.exit_code, "FAIL passphrase" in done.output) == (1, True)


@pytest.mark.parametrize("command", ["check", "decrypt"])
def test_an_altered_record_is_refused_by_the_failing_check(desk, closed, command):
    record = desk.save(closed)
    (record / "voids.json").write_bytes(b"[ ]")
    done = desk.run("check", record) if command == "check" else desk.decrypt(record, seal_=closed.closing.seal)
    assert (done.exit_code, "FAIL record" in done.output) == (1, True)
    assert "voids" in done.output
    assert not (desk.folder / "share.json").exists()


def test_a_record_below_the_minimum_is_never_decrypted(desk, draft):
    meeting = draft.make_keys().vote_and_close(CHOICES[:4])
    record = desk.save(meeting)
    done = desk.decrypt(record, seal_=meeting.closing.seal)
    assert (done.exit_code, "below_minimum" in done.output) == (1, True)


def test_a_folder_without_a_record_is_refused(desk):
    (desk.folder / "empty").mkdir()
    done = desk.run("check", desk.folder / "empty")
    assert (done.exit_code, "FAIL record" in done.output) == (1, True)


def test_with_a_link_everything_goes_over_http(desk, address, draft):
    draft.db.commit()
    for one in draft.holders[1:]:
        nonce = service.submit_key(draft.db, UUID, one.n, one.message())
        service.confirm_opened(draft.db, UUID, one.n, one.opening(nonce))
    draft.db.commit()
    link = address + draft.holders[0].invitation.path
    done = desk.new("--invitation", link)
    assert done.exit_code == 0, done.output
    draft.db.expire_all()
    early = desk.run("check", "--invitation", link)
    assert (early.exit_code, "FAIL not_closed" in early.output) == (1, True)
    draft.holders[0].secret = desk.opened.secret
    draft.vote_and_close()
    printed = draft.closing.seal
    draft.db.rollback()
    late = desk.run(
        "new", "--invitation", link, "--out", desk.folder / "late.json", "--passphrase-file", desk.passphrase
    )
    assert (late.exit_code, "FAIL keys_ready" in late.output, (desk.folder / "late.json").exists()) == (1, True, False)
    looked = desk.run("check", "--invitation", link)
    assert (looked.exit_code, "6 张票" in looked.output, "每张选票的签名" in looked.output) == (0, True, True)
    theirs = desk.decrypt("--invitation", address + draft.holders[1].invitation.path, seal_=printed)
    assert (theirs.exit_code, "FAIL other_key_file" in theirs.output) == (1, True)
    assert desk.opened.journal == ()  # refused before the key noted that it answered
    assert not (desk.folder / "share.json").exists()
    done = desk.decrypt("--invitation", link, seal_=printed)
    assert done.exit_code == 0, done.output
    draft.db.expire_all()
    assert [row.shared for row in service.public_trustees(draft.db, UUID)] == [True, False, False]


def test_a_refusal_by_the_server_is_told_with_its_code(desk, address, draft):
    draft.db.commit()
    done = desk.new("--invitation", f"{address}/trustee/{UUID}/1#{'0' * 48}")
    assert (done.exit_code, "FAIL invitation" in done.output) == (1, True)
    assert not (desk.folder / "key.json").exists()


def test_a_server_that_cannot_be_reached_is_told(desk):
    done = desk.new("--invitation", f"http://127.0.0.1:9/trustee/{UUID}/1#{'0' * 48}")
    assert (done.exit_code, "FAIL no_connection" in done.output) == (1, True)


def test_the_command_loads_no_web_framework_and_no_database(database):
    code = "import sys, voting.trustees.commands; print([m for m in ('flask', 'sqlalchemy', 'jinja2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
