"""The sample's recommendation meeting, played once through the services and copied into each test's database."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.voting import rows
from voting import sample
from voting.store.base import Database

SECRET = b"a secret that only these tests know: 0123456789"
MEETING = dt.datetime(2021, 5, 14, 7, 30, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Played:
    """The uuid of a tallied poll, of one still in draft, and every row of the database."""

    tallied: str
    draft: str
    rows: rows.Rows


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'sample.sqlite3'}")
    database.create()
    with database.session() as db:
        selection, post = sample.enter_selection(db, MEETING)
        uuid = sample.draft(db, selection, post, "人事教育处处长会议推荐", MEETING, "office")
        keys = [key for _, key in sample.make_keys(db, uuid, "office")]
        db.commit()
        sample.hold_meeting(db, uuid, keys, SECRET, MEETING, "office")
        draft = sample.draft(db, selection, post, "再推荐", MEETING, "office")
        db.commit()
        everything = rows.taken(db)
    database.close()
    return Played(uuid, draft, everything)


@pytest.fixture
def tallied(database: Database, played: Played) -> str:
    """The tallied poll's uuid, in this test's own database."""
    with database.begin() as db:
        rows.put(db, played.rows)
    return played.tallied


@pytest.fixture
def sample_folder() -> Path:
    return sample.FOLDER
