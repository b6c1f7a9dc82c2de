"""`mipiao verify PATH…`: read records from disk, check them, print one line per named check.

Imports the standard library and tally only. Whatever lies at PATH - nothing, a directory, junk, a device, a loop of
links - ends in a line with a code, never in a traceback.
"""

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tally.verify import Check, Report, verify

SIDECARS = ("manifest.json", "closing.json", "voids.json", "tally.json", "ceremony.jsonl")
MAX_RECORD = 4 << 30  # bytes; some 30 000 evaluations of 8 persons
MAX_SIDECAR = 256 << 20
FIRST_ENTRY = b"BELENIOS\0"

HELP = """\
核验选举记录：PATH 是 .bel 文件（我们的或别处的 Belenios 档案，旁边的附件一并核验）或记录文件夹。
每项检查一行；全部成立退出码 0，否则 1，用法错误 2。

Check election records. PATH is a .bel file (ours with its sidecars beside it, or a foreign Belenios archive) or a
record folder. One line per named check; exits 0 if all hold, 1 otherwise, 2 on bad usage."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out for one path."""

    path: str
    stage: str
    checks: tuple[Check, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True only if something was checked and everything held."""
        return bool(self.checks) and all(check.ok for check in self.checks)


class Unreadable(Exception):
    """A path that holds no readable record: `code` from a closed set, `where` names the path."""

    def __init__(self, code: str, where: str, note: str = "") -> None:
        super().__init__(code)
        self.code, self.where, self.note = code, where, note


def main(arguments: Sequence[str]) -> int:
    """Check every path and print the verdicts. Returns the exit code: 0, 1, or 2 on bad usage."""
    options = _parser().parse_args(arguments)
    with ThreadPoolExecutor(options.jobs) as executor:
        verdicts = [
            verdict for path in options.paths for verdict in judge(path, options.allow_revote, executor)
        ]
    try:
        sys.stdout.write(as_json(verdicts) if options.json else as_text(verdicts))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, e.g. `head`, has seen enough; the exit code still tells
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "mipiao verify", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="记录文件或文件夹 / a record or its folder")
    parser.add_argument(
        "--allow-revote", action="store_true", help="外来档案：重复投票以最后一张为准 / foreign archives: the last ballot counts"
    )
    parser.add_argument(
        "--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N", help="并行线程数 / threads (default: all cores)"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    return parser


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 256 or len(text) > 4:
        raise argparse.ArgumentTypeError("1-256")
    return int(text)


def judge(path: str, allow_revote: bool, executor: Executor) -> Iterator[Verdict]:
    """Check the record, or each record of a folder of record folders, at `path`."""
    try:
        archives = list(find_records(Path(path)))
    except (Unreadable, OSError, ValueError) as error:
        yield _unreadable(path, error)
        return
    for archive in archives:
        try:
            files = read_record(archive)
            report = check(files, allow_revote, executor)
        except (Unreadable, OSError, ValueError) as error:
            yield _unreadable(str(archive), error)
        else:
            yield Verdict(str(archive), str(report.stage), tuple(report.checks), tuple(report.notes))


def check(files: Mapping[str, bytes], allow_revote: bool, executor: Executor | None) -> Report:
    """Verify, and turn what the verifier should never raise into a refusal as well."""
    try:
        return verify(files, allow_revote=allow_revote, executor=executor)
    except (MemoryError, RecursionError) as error:
        raise Unreadable("too_large", next(iter(files)), type(error).__name__) from None
    except Exception as error:  # an auditor gets a verdict even where we have a fault
        raise Unreadable("internal", next(iter(files)), type(error).__name__) from error


def find_records(path: Path) -> Iterator[Path]:
    """The archives meant by a path: itself, the one in its folder, or those in its sub-folders."""
    if not stat.S_ISDIR(path.stat().st_mode):
        yield path
        return
    here = sorted(path.glob("*.bel"))
    if len(here) > 1:
        raise Unreadable("several_records", str(path))
    found = here or sorted(path.glob("*/*.bel"))
    if not found:
        raise Unreadable("no_record", str(path))
    yield from found


def read_record(archive: Path) -> dict[str, bytes]:
    """The archive and the sidecars beside it, by name; the archive comes first."""
    _weigh(archive, MAX_RECORD)
    with archive.open("rb") as stream:
        if stream.read(len(FIRST_ENTRY)) != FIRST_ENTRY:  # spares reading a huge file that is something else
            raise Unreadable("not_a_record", str(archive))
    files = {archive.name: archive.read_bytes()}
    for name in SIDECARS:
        beside = archive.parent / name
        if beside.name != archive.name and os.path.lexists(beside):
            _weigh(beside, MAX_SIDECAR)
            files[name] = beside.read_bytes()
    return files


def _weigh(path: Path, limit: int) -> None:
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):  # a pipe or device would keep us waiting for ever
        raise Unreadable("not_a_record", str(path))
    if state.st_size > limit:
        raise Unreadable("too_large", str(path))


def _unreadable(path: str, error: Exception) -> Verdict:
    if isinstance(error, Unreadable):
        code, where, note = error.code, error.where, error.note
    else:  # OSError, or a NUL in the name
        code, where, note = "unreadable", path, getattr(error, "strerror", None) or "bad file name"
    return Verdict(path, "unreadable", (Check("read", False, code, where, None, note),), ())


def as_text(verdicts: Sequence[Verdict]) -> str:
    """One line per check, notes after them, one closing line per record."""
    lines: list[str] = []
    for verdict in verdicts:
        lines += [f"== {verdict.path}"] if len(verdicts) > 1 else []
        lines += [line(item) for item in verdict.checks]
        lines += [f"note {note}" for note in verdict.notes]
        failed = sum(not item.ok for item in verdict.checks)
        lines.append(
            f"= 全部 {len(verdict.checks)} 项成立 / all {len(verdict.checks)} checks hold"
            if verdict.ok
            else f"= {failed} 项不成立 / {failed} checks fail"
        )
    return "".join(printable(item) + "\n" for item in lines)


def line(item: Check) -> str:
    """`ok name` or `FAIL code: name, where, who`."""
    note = f" ({item.note})" if item.note else ""
    if item.ok:
        return f"ok {item.name}{note}"
    return f"FAIL {item.code}: " + ", ".join(str(part) for part in (item.name, item.where, item.who) if part) + note


def printable(text: str) -> str:
    """Escape control characters: a record must not steer the auditor's terminal or forge a line."""
    return "".join(char if char.isprintable() or char in " \u3000" else f"\\u{ord(char):04x}" for char in text)


def as_json(verdicts: Sequence[Verdict]) -> str:
    """One object: {"ok", "records": [{"path", "ok", "stage", "checks", "notes"}]}; ASCII only."""
    records = [
        {
            "path": verdict.path,
            "ok": verdict.ok,
            "stage": verdict.stage,
            "checks": [
                {"name": c.name, "ok": c.ok, "code": str(c.code) if c.code else None,
                 "where": c.where or None, "who": c.who or None, "note": c.note or None}
                for c in verdict.checks
            ],
            "notes": list(verdict.notes),
        }
        for verdict in verdicts
    ]  # fmt: skip
    return json.dumps({"ok": all(verdict.ok for verdict in verdicts), "records": records}, indent=1) + "\n"
