"""`mipiao verify` as an auditor runs it: exit codes, one line per check, and never a traceback."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INTEROP = ROOT / "tests" / "interop"
DONE, REFUSED, USAGE = 0, 1, 2


def mipiao(*words: str | os.PathLike[str], env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voting.cli", *map(os.fspath, words)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
    )  # fmt: skip


def archive() -> Path:
    found = sorted(INTEROP.rglob("*.bel"))
    assert found, "the foreign archives are part of the tests"
    return found[0]


def block(name: bytes) -> bytes:
    return name.ljust(512, b"\0")


def nothing(_here: Path) -> list[str]:
    return ["no/such/file.bel"]


def an_empty_folder(here: Path) -> list[str]:
    return [str(here)]


def two_archives_in_a_folder(here: Path) -> list[str]:
    (here / "a.bel").write_bytes(b"")
    (here / "b.bel").write_bytes(b"")
    return [str(here)]


def an_empty_file(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(b"")
    return [str(here / "x.bel")]


def noise(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(bytes(range(256)) * 99)
    return [str(here / "x.bel")]


def a_first_entry_and_noise(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(block(b"BELENIOS") + bytes(range(256)) * 8)
    return [str(here / "x.bel")]


def half_an_archive(here: Path) -> list[str]:
    raw = archive().read_bytes()
    (here / "x.bel").write_bytes(raw[: len(raw) // 2 + 100])
    return [str(here / "x.bel")]


def an_archive_with_a_byte_changed(here: Path) -> list[str]:
    raw = bytearray(archive().read_bytes())
    raw[len(raw) // 2] ^= 1
    (here / "x.bel").write_bytes(raw)
    return [str(here / "x.bel")]


def a_huge_file(here: Path) -> list[str]:
    with (here / "x.bel").open("wb") as file:
        file.write(block(b"BELENIOS"))
        file.truncate(5 << 30)
    return [str(here / "x.bel")]


def a_loop_of_links(here: Path) -> list[str]:
    (here / "x.bel").symlink_to(here / "y.bel")
    (here / "y.bel").symlink_to(here / "x.bel")
    return [str(here / "x.bel")]


def a_sidecar_that_loops(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(archive().read_bytes())
    (here / "manifest.json").symlink_to("manifest.json")
    return [str(here / "x.bel")]


def a_sidecar_that_is_a_folder(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(archive().read_bytes())
    (here / "closing.json").mkdir()
    return [str(here / "x.bel")]


def sidecars_of_junk(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(archive().read_bytes())
    for name in ("manifest.json", "closing.json", "voids.json", "tally.json"):
        (here / name).write_bytes(b'{"version":NaN,"a":"\xff\xfe"}')
    return [str(here / "x.bel")]


def sidecars_nested_very_deeply(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(archive().read_bytes())
    (here / "manifest.json").write_bytes(b"[" * 100_000)
    return [str(here / "x.bel")]


def a_number_of_ten_thousand_digits(here: Path) -> list[str]:
    (here / "x.bel").write_bytes(archive().read_bytes())
    (here / "closing.json").write_bytes(b'{"ballots":' + b"9" * 10_000 + b"}")
    return [str(here / "x.bel")]


def a_pipe_that_nobody_writes_to(here: Path) -> list[str]:
    os.mkfifo(here / "x.bel")
    return [str(here / "x.bel")]


def a_device(_here: Path) -> list[str]:
    return ["/dev/zero"]


def a_name_that_is_not_text(here: Path) -> list[str]:
    name = os.fsdecode(os.fsencode(here) + b"/\xff\xfe.bel")
    Path(name).write_bytes(b"junk")
    return [name]


def a_name_that_is_too_long(_here: Path) -> list[str]:
    return ["x" * 5000]


def a_good_and_a_missing_archive(_here: Path) -> list[str]:
    return ["--allow-revote", str(archive()), "no/such/file.bel"]


@pytest.mark.parametrize(
    "bad",
    [
        nothing, an_empty_folder, two_archives_in_a_folder, an_empty_file, noise, a_first_entry_and_noise, half_an_archive,
        an_archive_with_a_byte_changed, a_huge_file, a_loop_of_links, a_sidecar_that_loops, a_sidecar_that_is_a_folder,
        sidecars_of_junk, sidecars_nested_very_deeply, a_number_of_ten_thousand_digits, a_pipe_that_nobody_writes_to,
        a_device, a_name_that_is_not_text, a_name_that_is_too_long, a_good_and_a_missing_archive,
    ],
)  # fmt: skip
def test_what_is_no_sound_record_is_refused_by_name_without_a_traceback(bad, tmp_path: Path) -> None:
    ran = mipiao("verify", *bad(tmp_path))
    assert ran.returncode == REFUSED
    assert any(line.startswith("FAIL ") for line in ran.stdout.splitlines())
    assert "internal error" not in ran.stdout
    assert ran.stderr == ""


def test_a_record_as_it_was_downloaded_wants_unpacking(tmp_path: Path) -> None:
    """The result page hands out a zip; whoever checks that itself is told what to do, not that the record is bad."""
    packed = tmp_path / "record.zip"
    with zipfile.ZipFile(packed, "w") as made:
        made.write(archive(), "record/record.bel")
    for command in (("verify",), ("recheck", "--seal", "81D4 2B6E")):
        ran = mipiao(*command, packed)
        assert ran.returncode == REFUSED
        assert "请先解压" in ran.stdout
        assert "not a Belenios archive" not in ran.stdout


def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "x.bel"
    locked.write_bytes(block(b"BELENIOS"))
    locked.chmod(0)
    ran = mipiao("verify", locked)
    # root may read everything: then the file is refused for what it holds
    assert ran.returncode == REFUSED
    assert ("FAIL unreadable" in ran.stdout) == (os.geteuid() != 0)
    assert ran.stderr == ""


@pytest.mark.parametrize("words", [[], ["--jobs", "0", "x"], ["--jobs", "many", "x"], ["--no-such-option", "x"]])
def test_bad_usage_exits_with_2(words: list[str]) -> None:
    ran = mipiao("verify", *words)
    assert ran.returncode == USAGE
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("path", sorted(INTEROP.rglob("*.bel")), ids=lambda path: path.parent.name)
def test_a_foreign_archive_passes_with_one_line_per_check(path: Path) -> None:
    ran = mipiao("verify", "--allow-revote", path)
    assert ran.returncode == DONE, ran.stdout
    kinds = {line.split()[0] for line in ran.stdout.splitlines()}
    assert kinds <= {"#", "ok", "note", "="}
    assert sum(line.startswith("ok ") for line in ran.stdout.splitlines()) >= 8


def test_a_second_vote_is_refused_unless_allowed() -> None:
    ran = mipiao("verify", archive())
    assert ran.returncode == REFUSED


def test_json_says_the_same_as_the_exit_code() -> None:
    good = mipiao("verify", "--json", "--allow-revote", "--jobs", "1", archive())
    bad = mipiao("verify", "--json", "no/such/file.bel")
    assert (good.returncode, json.loads(good.stdout)["ok"]) == (DONE, True)
    assert (bad.returncode, json.loads(bad.stdout)["ok"]) == (REFUSED, False)
    assert json.loads(bad.stdout)["records"][0]["checks"][0]["code"] == "unreadable"


def test_help_is_in_both_languages_and_asks_for_nothing_of_the_service() -> None:
    for command in ("verify", "bench"):
        ran = mipiao(command, "--help")
        assert ran.returncode == DONE
        assert any("\u4e00" <= char <= "\u9fff" for char in ran.stdout)
        assert "PATH" in ran.stdout or "ballots" in ran.stdout


def test_verify_and_bench_load_no_library_of_the_service() -> None:
    code = (
        "import sys; from voting import cli, bench; from voting.verify import command; "
        "print(sorted({'flask', 'click', 'sqlalchemy', 'jinja2', 'werkzeug'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_terminal_without_chinese_gets_escapes_and_not_an_error() -> None:
    ran = mipiao("verify", "不存在.bel", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert (ran.returncode, ran.stderr) == (REFUSED, "")


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    ran = mipiao("verify", str(tmp_path / "a\x1b[2J\nok forged.bel"))
    assert ran.returncode == REFUSED
    assert "\x1b" not in ran.stdout
    assert not any(line.startswith("ok") for line in ran.stdout.splitlines())


def test_a_reader_that_stops_early_causes_no_traceback() -> None:
    ran = subprocess.run(
        f'"{sys.executable}" -m voting.cli verify {" ".join(["no.bel"] * 3000)} | head -1',
        shell=True, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr
