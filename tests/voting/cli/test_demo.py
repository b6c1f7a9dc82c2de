"""The demo: seeded once, log-ins that work, keys that open, and never another folder's data deleted."""

import dataclasses
import datetime as dt
import shutil
import stat
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from config import Config
from keys import credential, keyfile
from keys.curve import ED25519
from tests.chromium import needs_chromium
from voting import demo, sample
from voting.accounts import passwords
from voting.accounts import service as accounts
from voting.board import service as board
from voting.board.models import State
from voting.polls import evaluation, preflight
from voting.rehearse.phones import read_slips
from voting.store.base import Database


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Path, dict]:
    """With six ballots instead of 113: the demo's own figures are tested with the results."""
    folder = tmp_path_factory.mktemp("seeded") / "demo"
    config = Config.for_instance(folder, demo.environment(folder, "http://127.0.0.1:8000"))
    whole, graded = sample.read(), sample.read_evaluation()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "read", lambda: dataclasses.replace(whole, ballots=whole.ballots[-6:]))
        patch.setattr(sample, "read_evaluation", lambda: dataclasses.replace(graded, ballots=graded.ballots[-6:]))
        return config, folder, demo.seed(config, folder)


def test_a_meeting_is_ready_and_two_are_counted(seeded) -> None:
    config, _folder, notes = seeded
    with Database(config.database_url).begin() as db:
        ready = board.get(db, notes["next"])
        assert (ready.state, ready.rehearsal) == (State.ISSUED, True)
        assert board.get(db, notes["counted"]).state == State.TALLIED
        assert [one.name for one in evaluation.load(db, notes["evaluated"]).persons] == ["薛明澈", "季慕青", "顾𬱖"]
        checks = preflight.lines(db, ready, base_url=config.base_url, now=dt.datetime.now(dt.UTC))
        assert preflight.missing(checks) == ()


def test_the_slips_of_the_demo_lie_in_its_folder_for_nobody_else(seeded) -> None:
    config, folder, notes = seeded
    file = folder / demo.SLIPS
    slips = read_slips(file.read_text(encoding="utf-8"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with Database(config.database_url).begin() as db:
        known = {raw for raw, _ in board.credentials(db, notes["next"])}
    made = {board.key_bytes(ED25519.base(credential.secret(ED25519, notes["next"], one.code)).text) for one in slips}
    assert made == known
    assert f'href="{config.base_url}/office/polls/{notes["next"]}"' in file.read_text(encoding="utf-8")


@pytest.mark.browser
@needs_chromium
def test_the_slips_look_as_printed_although_a_browser_opens_them_as_a_file(seeded, browser: Browser) -> None:
    """Nothing is asked of the server, which gives its style sheets to no file."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    file = (seeded[1] / demo.SLIPS).as_uri()
    page.goto(file)
    assert [url for url in asked if not url.startswith("data:")] == [file]
    assert page.locator(".slip").first.bounding_box()["width"] < 400  # 97 mm, not the window's width
    page.evaluate("window.print = () => { window.asked = true }")
    page.get_by_role("button", name="打印全部选票").click()
    assert page.evaluate("window.asked")
    page.close()


def test_slips_that_name_another_address_are_told(seeded, capsys: pytest.CaptureFixture[str]) -> None:
    config, folder, notes = seeded
    moved = dataclasses.replace(config, base_url="http://192.0.2.7:8000")
    demo.print_guide(moved, notes, folder, 8000, lan=True)
    assert "!! 选票印的是 http://127.0.0.1:8000" in capsys.readouterr().out


def test_the_printed_passwords_are_right_and_each_role_has_one(seeded) -> None:
    config, _, notes = seeded
    with Database(config.database_url).begin() as db:
        people = {user.login: user for user in accounts.users(db)}
    assert set(people) == {"office", "review", "supervisor"} == {one["login"] for one in notes["staff"]}
    assert all(passwords.matches(people[one["login"]].password_hash, one["password"]) for one in notes["staff"])


def test_the_demo_keys_open_with_the_printed_passphrase_and_nobody_else_reads_them(seeded) -> None:
    _, folder, notes = seeded
    for keeper in notes["keepers"]:
        file = folder / "keys" / keeper["file"]
        opened = keyfile.unseal(file.read_bytes(), notes["passphrase"], ED25519)
        assert (opened.uuid, opened.name) == (notes["next"], keeper["name"])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_start_changes_nothing(seeded) -> None:
    config, folder, notes = seeded
    assert demo.seed(config, folder) == notes


def test_fresh_deletes_the_demo_and_nothing_but_a_demo(seeded, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(seeded[1], folder)
    demo.wipe(folder)
    assert not folder.exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError):
        demo.wipe(other)
    assert (other / "thesis.txt").exists()


def test_the_guide_names_every_login_and_the_address(seeded, capsys: pytest.CaptureFixture[str]) -> None:
    config, folder, notes = seeded
    demo.print_guide(config, notes, folder, 8000, lan=False)
    told = capsys.readouterr().out
    assert all(one["password"] in told for one in notes["staff"])
    assert all(one["path"] in told for one in notes["keepers"])
    assert "http://127.0.0.1:8000/login" in told
