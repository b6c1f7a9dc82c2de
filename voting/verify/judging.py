"""From a path to a verdict. Whatever lies there - nothing, junk, our own fault - ends in a failed check with a code."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from tally.errors import Code
from tally.record import Source
from tally.verify import Check, Files, Judged, Report, verify
from voting.verify.reading import SIDECARS, Unreadable, find_records, read_record

AHEAD = 4
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out for one path; `archive` is the hex SHA-256 of the `.bel` file, empty if there was none to read."""

    path: str
    report: Report
    archive: str = ""

    @property
    def ok(self) -> bool:
        """True only if something was checked and everything held."""
        return self.report.ok

    @property
    def failed(self) -> int:
        """How many checks do not hold."""
        return sum(not check.ok for check in self.report.checks)


def judge(path: str, jobs: int, *, allow_revote: bool = False) -> Iterator[Verdict]:
    """Check the record, or each record of a folder of record folders, at `path`."""
    try:
        archives = list(find_records(Path(path)))
    except (Unreadable, OSError, ValueError) as error:
        yield Verdict(path, _refusal(path, error))
        return
    for archive in archives:
        try:
            yield verdict(str(archive), read_record(archive), jobs, allow_revote=allow_revote)
        except (Unreadable, OSError, ValueError) as error:
            yield Verdict(str(archive), _refusal(str(archive), error))


def verdict(path: str, files: Mapping[str, Source], jobs: int, *, allow_revote: bool = False) -> Verdict:
    """Verify a record folder's files, and name the archive by its hash."""
    return Verdict(path, check(files, jobs, allow_revote=allow_revote), _digest(files[_archive(files)]))


def _digest(source: Source) -> str:
    digest = sha256()
    for start in range(0, len(source), BLOCK):
        digest.update(source[start : start + BLOCK])
    return digest.hexdigest()


def check(files: Mapping[str, Source], jobs: int, *, allow_revote: bool = False) -> Report:
    """Verify a record folder's files, ballots on `jobs` threads; even our own faults become a failed check."""
    name = _archive(files)
    sidecars = {field: bytes(files[sidecar][:]) for sidecar, field in SIDECARS.items() if sidecar in files}
    try:
        with ThreadPoolExecutor(jobs) as executor:
            files_ = Files(files[name], **sidecars)
            return verify(files_, allow_revote=allow_revote, mapper=partial(_few_at_a_time, executor, jobs))
    except (MemoryError, RecursionError) as error:
        return _refusal(name, Unreadable(name, type(error).__name__, Code.TOO_LARGE))
    except Exception as error:  # noqa: BLE001 - an auditor gets a verdict even where we have a fault
        return _refusal(name, Unreadable(name, f"internal error: {error!r}"))


def _archive(files: Mapping[str, Source]) -> str:
    return next(name for name in files if name.endswith(".bel"))


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


def _refusal(path: str, error: Exception) -> Report:
    if isinstance(error, Unreadable):
        refused = Check("read", ok=False, code=error.code, where=error.where, who=error.why)
    else:  # OSError, or a NUL in the name
        why = getattr(error, "strerror", None) or "impossible file name"
        refused = Check("read", ok=False, code=Code.UNREADABLE, where=path, who=why)
    return Report(checks=[refused], stage="unreadable")
