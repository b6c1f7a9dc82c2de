"""`mipiao verify PATH…`: read records from disk, check them, print one line per named check.

Imports the standard library and tally only. Whatever lies at PATH - nothing, a directory, junk, a device, a loop of
links - ends in a line with a code, never in a traceback.
"""

import argparse
import json
import mmap
import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tally.errors import Code
from tally.verify import Check, Files, Judged, Report, verify

SIDECARS = {
    "manifest.json": "manifest", "closing.json": "closing", "voids.json": "voids", "tally.json": "tally",
    "result.json": "result",
}  # fmt: skip
MAX_RECORD = 4 << 30  # bytes; some 30 000 evaluations of 8 persons
MAX_SIDECAR = 256 << 20
FIRST_ENTRY = b"BELENIOS\0"
MAX_JOBS = 256
MAP_FROM = 32 << 20
AHEAD = 4

HELP = """\
核验选举记录：PATH 是 .bel 文件（我们的或别处的 Belenios 档案，旁边的附件一并核验）或记录文件夹。
每项检查一行；全部成立退出码 0，否则 1，用法错误 2。

Check election records. PATH is a .bel file (ours with its sidecars beside it, or a foreign Belenios archive) or a
record folder. One line per named check; exits 0 if all hold, 1 otherwise, 2 on bad usage."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out for one path."""

    path: str
    report: Report

    @property
    def ok(self) -> bool:
        """True only if something was checked and everything held."""
        return self.report.ok

    @property
    def failed(self) -> int:
        """How many checks do not hold."""
        return sum(not check.ok for check in self.report.checks)


class Unreadable(Exception):
    """A path that holds no readable record: `where` names it, `why` says what is wrong with it."""

    def __init__(self, where: str, why: str, code: Code = Code.UNREADABLE) -> None:
        super().__init__(why)
        self.code, self.where, self.why = code, where, why


def main(arguments: Sequence[str]) -> int:
    """Check every path and print the verdicts. Returns the exit code: 0 or 1; bad usage exits with 2."""
    options = _parser().parse_args(arguments)
    verdicts = [
        verdict for path in options.paths for verdict in judge(path, options.jobs, allow_revote=options.allow_revote)
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
        "--allow-revote",
        action="store_true",
        help="外来档案：重复投票以最后一张为准 / foreign archives: the last ballot counts",
    )
    parser.add_argument(
        "--jobs", type=_jobs, default=os.cpu_count() or 1, metavar="N", help="并行线程数 / threads (default: all cores)"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    return parser


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_JOBS)) or not 1 <= int(text) <= MAX_JOBS:
        raise argparse.ArgumentTypeError(f"1-{MAX_JOBS}")
    return int(text)


def judge(path: str, jobs: int, *, allow_revote: bool = False) -> Iterator[Verdict]:
    """Check the record, or each record of a folder of record folders, at `path`."""
    try:
        archives = list(find_records(Path(path)))
    except (Unreadable, OSError, ValueError) as error:
        yield Verdict(path, _refusal(path, error))
        return
    for archive in archives:
        try:
            report = check(read_record(archive), jobs, allow_revote=allow_revote)
        except (Unreadable, OSError, ValueError) as error:
            report = _refusal(str(archive), error)
        yield Verdict(str(archive), report)


def check(files: Mapping[str, bytes | memoryview], jobs: int, *, allow_revote: bool = False) -> Report:
    """Verify a record folder's files, ballots on `jobs` threads; even our own faults become a failed check."""
    name = next(name for name in files if name.endswith(".bel"))
    sidecars = {field: bytes(files[sidecar]) for sidecar, field in SIDECARS.items() if sidecar in files}
    try:
        with ThreadPoolExecutor(jobs) as executor:
            files_ = Files(files[name], **sidecars)
            return verify(files_, allow_revote=allow_revote, mapper=partial(_few_at_a_time, executor, jobs))
    except (MemoryError, RecursionError) as error:
        return _refusal(name, Unreadable(name, type(error).__name__, Code.TOO_LARGE))
    except Exception as error:  # noqa: BLE001 - an auditor gets a verdict even where we have a fault
        return _refusal(name, Unreadable(name, f"internal error: {error!r}"))


def _few_at_a_time(
    executor: Executor, jobs: int, function: Callable[[bytes], Judged], items: Iterable[bytes]
) -> Iterator[Judged]:
    """The executor's map, in order, with only a few items under way: memory does not grow with their number."""
    waiting: deque[Future[Judged]] = deque()
    for item in items:
        waiting.append(executor.submit(function, item))
        if len(waiting) > AHEAD * jobs:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def find_records(path: Path) -> Iterator[Path]:
    """The archives meant by a path: itself, the one in its folder, or those in its sub-folders."""
    if not stat.S_ISDIR(path.stat().st_mode):
        yield path
        return
    here = sorted(path.glob("*.bel"))
    if len(here) > 1:
        raise Unreadable(str(path), "several .bel files in one folder")
    found = here or sorted(path.glob("*/*.bel"))
    if not found:
        raise Unreadable(str(path), "no .bel file in this folder")
    yield from found


def read_record(archive: Path) -> dict[str, bytes | memoryview]:
    """The archive and the sidecars beside it, by name. Raises Unreadable, OSError."""
    _weigh(archive, MAX_RECORD)
    with archive.open("rb") as stream:
        if stream.read(len(FIRST_ENTRY)) != FIRST_ENTRY:  # spares reading a huge file that is something else
            raise Unreadable(str(archive), "not a Belenios archive", Code.ARCHIVE)
    name = archive.name if archive.name.endswith(".bel") else f"{archive.name}.bel"
    files: dict[str, bytes | memoryview] = {name: _content(archive)}
    for sidecar in SIDECARS:
        beside = archive.parent / sidecar
        if os.path.lexists(beside):
            _weigh(beside, MAX_SIDECAR)
            files[sidecar] = beside.read_bytes()
    return files


def _content(archive: Path) -> bytes | memoryview:
    """The archive's bytes; a large one is mapped and read where it is needed, so that memory stays flat."""
    with archive.open("rb") as stream:
        if archive.stat().st_size < MAP_FROM:
            return stream.read()
        return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def _weigh(path: Path, limit: int) -> None:
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):  # a pipe or device would keep us waiting for ever
        raise Unreadable(str(path), "not a regular file")
    if state.st_size > limit:
        raise Unreadable(str(path), f"{state.st_size} bytes", Code.TOO_LARGE)


def _refusal(path: str, error: Exception) -> Report:
    if isinstance(error, Unreadable):
        refused = Check("read", ok=False, code=error.code, where=error.where, who=error.why)
    else:  # OSError, or a NUL in the name
        why = getattr(error, "strerror", None) or "impossible file name"
        refused = Check("read", ok=False, code=Code.UNREADABLE, where=path, who=why)
    return Report(checks=[refused], stage="unreadable")


def as_text(verdicts: Sequence[Verdict]) -> str:
    """One line per check, notes after them, one closing line per record."""
    lines: list[str] = []
    for verdict in verdicts:
        lines += [f"== {verdict.path}"] if len(verdicts) > 1 else []
        lines += [one.line for one in verdict.report.checks]
        lines += [f"note {note}" for note in verdict.report.notes]
        total = len(verdict.report.checks)
        lines.append(
            f"= 全部 {total} 项成立 / all {total} checks hold"
            if verdict.ok
            else f"= {verdict.failed} 项不成立 / {verdict.failed} of {total} checks fail"
        )
    return "".join(printable(line) + "\n" for line in lines)


def printable(text: str) -> str:
    """Escape control characters: a record must not steer the auditor's terminal or forge a line."""
    return "".join(char if char.isprintable() or char in " \u3000" else f"\\u{ord(char):04x}" for char in text)


def as_json(verdicts: Sequence[Verdict]) -> str:
    """One object: {"ok", "records": [{"path", "ok", "stage", "ballots", "result", "checks", "notes"}]}; ASCII only."""
    records = [
        {
            "path": verdict.path,
            "ok": verdict.ok,
            "stage": verdict.report.stage,
            "uuid": verdict.report.uuid,
            "ballots": verdict.report.ballots,
            "opening_seal": verdict.report.opening_seal,
            "closing_seal": verdict.report.closing_seal,
            "result": verdict.report.result,
            "checks": [
                {
                    "name": one.name,
                    "ok": one.ok,
                    "detail": one.detail,
                    "code": one.code,
                    "where": one.where,
                    "who": one.who,
                }
                for one in verdict.report.checks
            ],
            "notes": verdict.report.notes,
        }
        for verdict in verdicts
    ]
    return json.dumps({"ok": all(verdict.ok for verdict in verdicts), "records": records}, indent=1) + "\n"
