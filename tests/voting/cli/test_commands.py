"""The service's commands as an operator runs them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def mipiao(*words: str, instance: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MIPIAO_")}
    return subprocess.run(
        [sys.executable, "-m", "voting.cli", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8",
        env={**env, "MIPIAO_INSTANCE": str(instance), "PYTHONIOENCODING": "utf-8", **settings},
    )  # fmt: skip


def test_help_lists_every_command_in_both_languages(tmp_path: Path) -> None:
    told = mipiao("--help", instance=tmp_path).stdout
    listed = set(re.findall(r"^  ([a-z]+) ", told, re.MULTILINE))
    assert listed >= {"serve", "demo", "rehearse", "verify", "bench", "admin", "trustee"}
    assert "Mipiao" in told
    assert "密票" in told


@pytest.mark.parametrize("command", ["serve", "demo", "rehearse", "admin", "trustee", "verify", "bench"])
def test_each_command_has_help_in_both_languages(command: str, tmp_path: Path) -> None:
    ran = mipiao(command, "--help", instance=tmp_path)
    assert ran.returncode == 0
    assert re.search(r"[\u4e00-\u9fff]", ran.stdout)
    assert re.search(r"[a-z]{3,} [a-z]{2,}", ran.stdout)


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-command"], ["serve", "--port", "0"], ["serve", "--port", "99999"], ["rehearse"],
        ["rehearse", "--voters", "4", "--out", "x"], ["rehearse", "--voters", "many", "--out", "x"],
        ["rehearse", "--voters", "9", "--out", "README.md"], ["rehearse", "--voters", "9", "--out", "x", "--trustees", "1"],
        ["demo", "--no-such-flag"], ["admin", "no-such-command"],
    ],
)  # fmt: skip
def test_bad_usage_exits_with_2(words: list[str], tmp_path: Path) -> None:
    ran = mipiao(*words, instance=tmp_path)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("command", [["admin", "upgrade"], ["admin", "setup-link"], ["admin", "list-polls"], ["serve"]])
@pytest.mark.parametrize(
    "settings", [{"MIPIAO_SECRET": "short"}, {"MIPIAO_DATABASE_URL": "mysql://x"}, {"MIPIAO_BASE_URL": "ftp://x"}]
)
def test_a_bad_setting_stops_the_command_with_its_name(
    command: list[str], settings: dict[str, str], tmp_path: Path
) -> None:
    ran = mipiao(*command, instance=tmp_path, **settings)
    assert ran.returncode == 1
    assert next(iter(settings)) in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_set_up_link_is_new_each_time_and_never_stored(tmp_path: Path) -> None:
    links = [mipiao("admin", "setup-link", instance=tmp_path).stdout.strip() for _ in range(2)]
    assert all(re.fullmatch(r"http://127\.0\.0\.1:8000/setup#\S{40,}", link) for link in links)
    assert links[0] != links[1]
    token = links[1].partition("#")[2].encode()
    assert token not in (tmp_path / "mipiao.sqlite3").read_bytes()


def test_a_new_installation_has_no_polls(tmp_path: Path) -> None:
    ran = mipiao("admin", "list-polls", instance=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_schema_can_be_upgraded_twice(tmp_path: Path) -> None:
    assert [mipiao("admin", "upgrade", instance=tmp_path).returncode for _ in range(2)] == [0, 0]


def test_without_the_servers_libraries_the_command_says_what_is_missing(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['click'] = None; from voting.cli import main; main(['serve'])"
    ran = subprocess.run(
        [sys.executable, "-c", hidden], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 2
    assert "click" in ran.stderr
    assert "Traceback" not in ran.stderr
