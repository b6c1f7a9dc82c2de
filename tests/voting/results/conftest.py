"""The sample's recommendation meeting, played once through the services and copied into each test's database."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from voting import models, sample
from voting.store.base import Database

SECRET = b"a secret that only these tests know: 0123456789"
MEETING = dt.datetime(2021, 5, 14, 7, 30, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Played:
    """The uuid of a tallied poll, of one still in draft, and every row of the database."""

    tallied: str
    draft: str
    rows: list[tuple[Table, list[dict[str, Any]]]]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    tables = models.metadata().sorted_tables
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
        rows = [(table, [dict(row) for row in db.execute(select(table)).mappings()]) for table in tables]
    database.close()
    return Played(uuid, draft, rows)


@pytest.fixture
def tallied(database: Database, played: Played) -> str:
    """The tallied poll's uuid, in this test's own database."""
    with database.begin() as db:
        for table, rows in played.rows:
            if rows:
                db.execute(insert(table), rows)
                _count_on(db, table)
    return played.tallied


def _count_on(db: Session, table: Table) -> None:
    """PostgreSQL does not notice numbers that were given: let it count on behind them."""
    number = table.autoincrement_column
    if number is not None and db.get_bind().dialect.name == "postgresql":
        highest = select(func.max(number)).scalar_subquery()
        db.execute(select(func.setval(func.pg_get_serial_sequence(table.name, number.name), highest)))


@pytest.fixture
def sample_folder() -> Path:
    return sample.FOLDER
