"""Nobody can tell from the database in which order the ballots came, or which of two was first."""

import random
import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from config import Config
from tests.voting.ready_poll import ReadyPoll, ready_poll
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.store.base import Database

VOTERS = 24
FILE_OF_THE_BOX = "SELECT pg_relation_filenode('board_box')"


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config, slips=(VOTERS, 6))


def cast_in_random_order(database: Database, poll: ReadyPoll) -> list[bytes]:
    """Cast each slip's ballot in its own transaction; returns the credentials in the order of casting."""
    order = list(range(VOTERS))
    random.Random(20261122).shuffle(order)
    keys = []
    for n in order:
        ballot = poll.ballot(n)
        with database.begin() as db:
            board.cast(db, poll.uuid, ballot)
        keys.append(board.key_bytes(ballot.credential.text))
    return keys


def places(copy: bytes, needles: list[bytes]) -> list[int]:
    return [copy.find(needle) for needle in needles]


def agreement(found: list[int]) -> float:
    """Share of pairs that stand in the file in the order in which they were cast: 1/2 is chance, 0 and 1 betray all."""
    pairs = [(a < b) for i, a in enumerate(found) for b in found[i + 1 :]]
    return sum(pairs) / len(pairs)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_file_of_an_open_box_holds_each_ballot_once_at_its_credential(database: Database, poll: ReadyPoll) -> None:
    path = Path(str(make_url(database.url).database))
    empty = path.read_bytes()
    cast = cast_in_random_order(database, poll)
    full = path.read_bytes()
    assert len(full) == len(empty)
    with database.session(immediate=False) as db:
        trackers = {board.key_text(key): board.stored_tracker(db, poll.uuid, key) for key in cast}
    signed = [b'"credential":"' + board.key_text(key).encode() for key in cast]
    assert [full.count(one) for one in signed] == [1] * VOTERS
    # Where a ballot lies is decided by its credential alone: the order in the file is the order of the keys.
    by_place = sorted(cast, key=lambda key: full.find(b'"credential":"' + board.key_text(key).encode()))
    assert by_place == sorted(cast)
    by_tracker = sorted(cast, key=lambda key: full.find(trackers[board.key_text(key)] or b"?"))
    assert by_tracker == sorted(cast)
    # The shuffle is far from the key order, so the test would notice a file that follows the casts.
    assert 0.2 < agreement(places(full, signed)) < 0.8


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_is_left_beside_the_file(database: Database, poll: ReadyPoll) -> None:
    path = Path(str(make_url(database.url).database))
    cast_in_random_order(database, poll)
    database.close()
    beside = [other for other in path.parent.glob(path.name + "-*") if other.stat().st_size]
    assert beside == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_rowids_follow_the_keys_and_casting_frees_no_page(database: Database, poll: ReadyPoll) -> None:
    path = Path(str(make_url(database.url).database))

    def look() -> tuple[list[bytes], int, str]:
        with sqlite3.connect(path) as raw:
            by_rowid = [key for (key,) in raw.execute("SELECT credential FROM board_box ORDER BY rowid")]
            (free,) = raw.execute("PRAGMA freelist_count").fetchone()
            (mode,) = raw.execute("PRAGMA journal_mode").fetchone()
        return by_rowid, free, mode

    before = look()
    cast_in_random_order(database, poll)
    assert look() == before
    assert before[0] == sorted(before[0])
    assert before[2] == "delete"


def test_no_column_of_the_board_is_about_a_moment_an_address_or_an_order(db: Session) -> None:
    allowed_moment = {"closing_since"}
    columns = {
        column.name for table in BoardPoll.metadata.tables.values() if table.name.startswith("board_")
        for column in table.columns
    }  # fmt: skip
    suspicious = re.compile(r"time|date|created|since|seen|addr|ip$|agent|order|number|seq|user|person|name$")
    assert {name for name in columns if suspicious.search(name)} - allowed_moment == {"name"}  # a file's name


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_after_the_close_postgresql_tells_no_order_either(database: Database, db: Session, poll: ReadyPoll) -> None:
    cast = cast_in_random_order(database, poll)
    before = [int(xmin) for (xmin,) in db.execute(text("SELECT xmin::text FROM board_box WHERE filled = 1"))]
    assert len(set(before)) == VOTERS  # while the box is open, transaction numbers do tell: see the threat model
    old_file = db.execute(text(FILE_OF_THE_BOX)).scalar_one()
    board.advance(db, poll.uuid, State.OPEN, State.CLOSING)
    db.commit()
    rows = db.execute(text("SELECT xmin::text, credential FROM board_box ORDER BY board_box.ctid")).all()
    assert len({xmin for xmin, _ in rows}) == 1
    keys = [bytes(key) for _, key in rows]
    assert keys == sorted(keys)
    assert set(cast) <= set(keys)
    # A new file: the old one, with its dead rows in the order of casting, is gone with the commit.
    assert db.execute(text(FILE_OF_THE_BOX)).scalar_one() != old_file
    assert board.count(db, poll.uuid) == VOTERS
