"""A large record is verified without holding it: ballots are mapped, judged a few at a time, added up and let go."""

import gc
from pathlib import Path

from tally.ballot import Ballot
from tally.verify import Files, verify
from tests.tally.builders import sound_files
from voting.verify import reading


def test_a_large_archive_is_mapped_and_holds_the_same(tmp_path: Path, monkeypatch) -> None:
    archive = tmp_path / "record.bel"
    archive.write_bytes(sound_files().bel)
    read = reading.read_record(archive)["record.bel"]
    monkeypatch.setattr(reading, "MAP_FROM", 1)
    mapped = reading.read_record(archive)["record.bel"]
    assert isinstance(read, bytes)
    assert isinstance(mapped, memoryview)
    assert mapped == read


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
