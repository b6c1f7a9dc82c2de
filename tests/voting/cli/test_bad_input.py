"""Junk on the command line: arguments, files, folders, settings. Exit 1 or 2 with a sentence, never a traceback."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WHO = ("--selection", "选拔", "--name", "郑为民", "--role", "机关纪委")
SURROGATE = os.fsdecode(b"\xff\xfe")


@dataclass(frozen=True, slots=True)
class Case:
    """A command, the exit code that it must end with, and a word of what it must say."""

    words: list[str]
    code: int
    told: str
    settings: dict[str, str] = field(default_factory=dict)


def cases(here: Path) -> Iterator[Case]:
    new = ["trustee", "new", "--out", str(here / "key"), "--passphrase-file", str(here / "pass")]
    uuid = ("--uuid", "7kQmWp3xTz9LbN")
    yield Case([*new, "--uuid", SURROGATE, *WHO], 1, "FAIL trustee")
    yield Case([*new, *uuid, *WHO[:-1], "a\x07"], 1, "FAIL trustee")
    yield Case([*new, *uuid, *WHO[:-1], "a|b"], 1, "FAIL trustee")
    yield Case([*new, "--invitation", "http://[::1/trustee/x/1#t"], 2, "FAIL invitation")
    yield Case([*new, "--invitation", "http://127.0.0.1:99999999/trustee/x/1#t"], 1, "FAIL no_connection")
    yield Case([*new, "--invitation", "http://127.0.0.1:1/trustee/票/1#票"], 1, "FAIL no_")
    for name in ("latin", "missing"):
        yield Case([*new[:-1], str(here / name), *uuid, *WHO], 1, "FAIL file")
    yield Case([*new[:-1], str(here / "empty"), *uuid, *WHO], 1, "FAIL passphrase")
    for out, code in (("no/such/key", "FAIL file"), ("noise", "FAIL file_exists"), ("noise/key", "FAIL file")):
        yield Case([*new[:3], str(here / out), *new[4:], *uuid, *WHO], 1, code)
    yield Case(["trustee", "check", str(here / "noise")], 1, "FAIL record")
    yield Case(["trustee", "check", str(here / "loop")], 2, "loop")
    for seal, told in (("0", "seal_form"), ("0000 0000", "RECORD")):
        words = ["trustee", "decrypt", "--key", str(here / "noise"), "--seal", seal, "--out", str(here / "s")]
        yield Case(words, 2, told)
    yield Case(["rehearse", "--voters", "5", "--out", str(here / "noise" / "x")], 1, "noise")
    yield Case(["rehearse", "--voters", "5", "--out", str(here / ("x" * 400))], 1, "xxx")
    yield Case(["rehearse", "--voters", "9" * 400, "--out", str(here / "x")], 2, "--voters")
    yield Case(["rehearse", "--voters", "5", "--out", str(here / "x"), "--seed", "NaN"], 2, "--seed")
    yield Case(["demo", "--folder", str(here / "noise" / "x")], 1, "noise")
    yield Case(["demo", "--folder", str(here), "--fresh"], 1, "演示")
    yield Case(["serve", "--port", "99999999999"], 2, "--port")
    yield Case(["bench", "--ballots", "-1"], 2, "--ballots")
    yield Case(["bench", "--ballots", "²"], 2, "--ballots")
    yield Case(["verify", "--jobs", "9" * 5_000, "x"], 2, "--jobs")
    yield Case(["verify", SURROGATE, "\x1b[2J"], 1, "")
    yield Case(["admin", "setup-link", "extra"], 2, "extra")
    yield Case([SURROGATE], 2, "")
    yield Case(["serve"], 1, "noise", {"MIPIAO_INSTANCE": str(here / "noise")})
    for command in ("upgrade", "setup-link", "list-polls"):
        yield Case(["admin", command], 1, "数据库", {"MIPIAO_DATABASE_URL": f"sqlite:///{here / 'noise'}"})
    yield Case(["serve"], 1, "数据库", {"MIPIAO_DATABASE_URL": f"sqlite:///{here / 'noise'}"})
    yield Case(["admin", "upgrade"], 1, "Error", {"MIPIAO_DATABASE_URL": f"sqlite:///{here}"})
    yield Case(["admin", "upgrade"], 1, "Error", {"MIPIAO_DATABASE_URL": f"sqlite:///{here / 'noise' / 'x' / 'y'}"})
    yield Case(["admin", "upgrade"], 1, "数据库", {"MIPIAO_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"})
    for url in ("postgresql://h:abc/x", "postgresql://h:99999999/x", f"sqlite:///{SURROGATE}"):
        yield Case(["admin", "upgrade"], 1, "MIPIAO_DATABASE_URL", {"MIPIAO_DATABASE_URL": url})
    yield Case(["admin", "upgrade"], 1, "MIPIAO_SECRET", {"MIPIAO_SECRET": SURROGATE * 20})
    yield Case(["admin", "upgrade"], 1, "MIPIAO_BUREAU", {"MIPIAO_BUREAU": SURROGATE})


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Case], subprocess.CompletedProcess[bytes]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MIPIAO_")}

    def one(case: Case) -> subprocess.CompletedProcess[bytes]:
        settings = {"MIPIAO_INSTANCE": str(tmp_path / "instance"), "PYTHONIOENCODING": "utf-8", **case.settings}
        return subprocess.run(
            [sys.executable, "-m", "voting.cli", *case.words],
            cwd=ROOT, env=env | settings, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False,
        )  # fmt: skip

    return one


def test_junk_on_the_command_line_is_refused_in_words(
    run: Callable[[Case], subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "empty").touch()
    (tmp_path / "latin").write_bytes(b"\xff\xfe a long enough passphrase")
    (tmp_path / "pass").write_text("a long enough passphrase\n", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    noise = (tmp_path / "noise").read_bytes()
    every = list(cases(tmp_path))
    with ThreadPoolExecutor(2) as executor:
        for case, ran in zip(every, executor.map(run, every), strict=True):
            said = (ran.stdout + ran.stderr).decode("utf-8", "replace")
            assert "Traceback" not in said, (case, said)
            assert ran.returncode == case.code, (case, said)
            assert case.told in said, (case, said)
    assert (tmp_path / "noise").read_bytes() == noise
    assert not (tmp_path / "key").exists()
