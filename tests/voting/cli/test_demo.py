"""The demo: seeded once, log-ins that work, keys that open, and never another folder's data deleted."""

import dataclasses
import stat
from pathlib import Path

import pytest

from config import Config
from keys import keyfile
from keys.curve import ED25519
from voting import demo, sample
from voting.accounts import passwords
from voting.accounts import service as accounts
from voting.board import service as board
from voting.board.models import State
from voting.polls import evaluation
from voting.store.base import Database


@pytest.fixture
def few_ballots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six ballots instead of 113: the demo's own figures are tested with the results."""
    whole, graded = sample.read(), sample.read_evaluation()
    monkeypatch.setattr(sample, "read", lambda: dataclasses.replace(whole, ballots=whole.ballots[-6:]))
    monkeypatch.setattr(sample, "read_evaluation", lambda: dataclasses.replace(graded, ballots=graded.ballots[-6:]))


@pytest.fixture
def seeded(tmp_path: Path, few_ballots: None) -> tuple[Config, Path, dict]:
    folder = tmp_path / "demo"
    config = Config.for_instance(folder, demo.environment(folder, "http://127.0.0.1:8000"))
    return config, folder, demo.seed(config, folder)


def test_one_poll_waits_for_its_slips_and_one_is_counted(seeded) -> None:
    config, _, notes = seeded
    with Database(config.database_url).begin() as db:
        assert board.get(db, notes["next"]).state == State.KEYED
        assert board.get(db, notes["counted"]).state == State.TALLIED
        assert board.get(db, notes["next"]).rehearsal


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
    _, folder, _ = seeded
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


def test_the_evaluation_is_held_when_asked_and_only_once(seeded) -> None:
    config, folder, _ = seeded
    notes = demo.hold_evaluation(config, folder)
    assert demo.hold_evaluation(config, folder) == notes
    with Database(config.database_url).begin() as db:
        poll = evaluation.load(db, notes["evaluated"])
        assert [person.name for person in poll.persons] == ["薛明澈", "季慕青", "顾𬱖"]
        assert poll.counts.returned == 6
