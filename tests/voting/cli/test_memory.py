"""A large record is verified without holding it: ballots stay on the disk, are judged a few at a time, added up and let go."""

import gc
import os
from pathlib import Path

import pytest

from tally.ballot import Ballot
from tally.errors import Code
from tally.record import Log
from tally.verify import Files, verify
from tests.tally.builders import sound_files
from voting.verify import reading


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(reading, "ON_DISK_FROM", 1)
    archive = tmp_path / "record.bel"
    archive.write_bytes(sound_files().bel)
    return archive


def test_a_large_archive_stays_on_the_disk_and_holds_the_same(on_disk: Path) -> None:
    source = reading.read_record(on_disk)["record.bel"]
    assert isinstance(source, reading.OnDisk)
    assert source[:] == sound_files().bel
    assert source[512:700] == sound_files().bel[512:700]
    sound = sound_files()
    assert verify(Files(source, sound.manifest, sound.closing, sound.voids, sound.tally)).ok
    assert Log.parse(source).encode() == sound.bel


def test_an_archive_that_shrinks_while_it_is_read_is_a_failed_check(on_disk: Path) -> None:
    """A mapped file would end the whole process with a bus error."""
    source = reading.read_record(on_disk)["record.bel"]
    os.truncate(on_disk, 20_000)
    report = verify(Files(source))
    assert [check.code for check in report.checks] == [Code.DATA_HASH]


def test_a_ballot_exchanged_between_two_looks_is_a_failed_check(on_disk: Path) -> None:
    sound = sound_files()
    raw = bytearray(sound.bel)
    source = reading.read_record(on_disk)["record.bel"]

    def meanwhile(judge, ballots):
        at = raw.index(b'{"election_uuid"')
        raw[at + 20] ^= 1
        on_disk.write_bytes(raw)
        return map(judge, ballots)

    report = verify(Files(source, sound.manifest, sound.closing, sound.voids, sound.tally), mapper=meanwhile)
    failed = next(check for check in report.checks if not check.ok)
    assert failed.line == "FAIL data_hash: ballots, ballot 1, the archive changed while it was read"


def test_no_ballot_outlives_its_turn(monkeypatch) -> None:
    alive: list[int] = []
    judge = Ballot.check.__func__

    def watched(cls, raw, election):
        gc.collect()
        alive.append(sum(isinstance(one, Ballot) for one in gc.get_objects()))
        return judge(cls, raw, election)

    sound = sound_files()
    gc.collect()
    before = sum(isinstance(one, Ballot) for one in gc.get_objects())
    monkeypatch.setattr(Ballot, "check", classmethod(watched))
    assert verify(Files(sound.bel, sound.manifest, sound.closing, sound.voids, sound.tally)).ok
    assert len(alive) == 8
    assert max(alive) <= before + 2
