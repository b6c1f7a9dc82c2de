"""Records on disk: an archive with its sidecars beside it. Anything else is refused in words before it is read."""

import os
import stat
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

from tally.errors import Code
from tally.record import Source

SIDECARS = {
    "manifest.json": "manifest", "closing.json": "closing", "voids.json": "voids", "tally.json": "tally",
    "result.json": "result",
}  # fmt: skip
MAX_RECORD = 4 << 30  # bytes; some 30 000 evaluations of 8 persons
MAX_SIDECAR = 256 << 20
FIRST_ENTRY = b"BELENIOS\0"
ZIPPED = b"PK\x03\x04"
ON_DISK_FROM = 32 << 20

Folder = dict[str, Source]
"""A record's files by name: one `.bel` and the sidecars that are there."""


class Unreadable(Exception):
    """A path that holds no readable record: `where` names it, `why` says what is wrong with it."""

    def __init__(self, where: str, why: str, code: Code = Code.UNREADABLE) -> None:
        super().__init__(why)
        self.code, self.where, self.why = code, where, why


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


def read_record(archive: Path) -> Folder:
    """The archive and the sidecars beside it, by name. Raises Unreadable, OSError."""
    _weigh(archive, MAX_RECORD)
    with archive.open("rb") as stream:
        begins = stream.read(len(FIRST_ENTRY))
        if begins.startswith(ZIPPED):  # what the result page hands out, not unpacked yet
            raise Unreadable(str(archive), "a zip file: unpack it first")
        if begins != FIRST_ENTRY:  # spares reading a huge file that is something else
            raise Unreadable(str(archive), "not a Belenios archive", Code.ARCHIVE)
    name = archive.name if archive.name.endswith(".bel") else f"{archive.name}.bel"
    files: Folder = {name: _content(archive)}
    for sidecar in SIDECARS:
        beside = archive.parent / sidecar
        if os.path.lexists(beside):
            _weigh(beside, MAX_SIDECAR)
            files[sidecar] = beside.read_bytes()
    return files


class OnDisk:
    """A large archive, read where it is needed. Not mapped: a mapped file that shrinks would end the process."""

    def __init__(self, archive: Path) -> None:
        self._file = os.open(archive, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        self._size = os.fstat(self._file).st_size
        self._turn = threading.Lock()

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, piece: slice, /) -> bytes:
        start, stop, _ = piece.indices(self._size)
        with self._turn:
            os.lseek(self._file, start, os.SEEK_SET)
            return os.read(self._file, max(0, stop - start))


def _content(archive: Path) -> Source:
    """The archive's bytes; a large one stays on the disk, so that memory stays flat."""
    return archive.read_bytes() if archive.stat().st_size < ON_DISK_FROM else OnDisk(archive)


def _weigh(path: Path, limit: int) -> None:
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):  # a pipe or device would keep us waiting for ever
        raise Unreadable(str(path), "not a regular file")
    if state.st_size > limit:
        raise Unreadable(str(path), f"{state.st_size} bytes", Code.TOO_LARGE)
