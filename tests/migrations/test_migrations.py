"""The migrations lead from nothing to exactly the schema of the models, on both databases, and back."""

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url, text

from tests.voting import postgres
from voting import models
from voting.accounts.models import User
from voting.polls import drafts
from voting.slips import service as slips
from voting.store import migrate
from voting.store.base import Database


@pytest.fixture(scope="module")
def server() -> Iterator[str | None]:
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    address = request.getfixturevalue("server")
    if address is None:
        pytest.skip("skipped: no PostgreSQL (set TEST_DATABASE_URL or install the server)")
    name = f"mipiao_empty_{secrets.token_hex(6)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def database(empty) -> Iterator[Database]:
    database = Database(empty)
    yield database
    database.close()


def tables(database):
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def constraints(database):
    """Every table's checks, uniques, keys, foreign keys and indexes by name: what compare_metadata does not all see."""
    seen = inspect(database.engine)
    return {
        (table, kind, one["name"])
        for table in tables(database)
        for kind, found in {
            "check": seen.get_check_constraints(table),
            "unique": seen.get_unique_constraints(table),
            "foreign": seen.get_foreign_keys(table),
            "index": seen.get_indexes(table),
        }.items()
        for one in found
    }


def test_the_models_and_the_migrations_agree(database):
    database.create()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, models.metadata()) == []


def test_the_migrations_make_every_constraint_of_the_models(database, tmp_path):
    database.create()
    migrated = constraints(database)
    with database.engine.begin() as connection:
        models.metadata().drop_all(connection)
        models.metadata().create_all(connection)
    assert migrated == constraints(database)
    assert any(kind == "check" for _table, kind, _name in migrated)


def test_the_schema_is_complete(database):
    database.create()
    assert tables(database) == set(models.metadata().tables)


def test_a_database_goes_back_to_nothing_and_up_again(database):
    database.create()
    migrate.downgrade(database.engine, "base")
    assert tables(database) == set()
    database.create()
    assert tables(database) == set(models.metadata().tables)


def test_an_upgrade_of_what_is_up_to_date_keeps_the_data(database):
    database.create()
    with database.begin() as db:
        db.add(User(name="陈明", login="chen", role="office", disabled=False))
    database.create()
    with database.begin() as db:
        assert db.query(User).one().name == "陈明"


def test_slips_printed_before_reissues_were_counted_count_as_printed_once(database):
    migrate.upgrade(database.engine, "0002")
    with database.engine.begin() as connection:
        connection.execute(text(
            "INSERT INTO board_polls (uuid, state, title, rehearsal, transport, election, trustees, credentials, manifest, log,"
            " setup_event, ballot_size, minimum) VALUES ('4rRvc7HTY5uUqY', 'issued', '会议推荐', true, 'http', :no, :no, :no, :no, :no, '', 0, 5)"
        ), {"no": b""})  # fmt: skip
        connection.execute(text(
            "INSERT INTO slips_batches (id, poll, group_index, printed, spares, issued_on)"
            " VALUES (1, '4rRvc7HTY5uUqY', 0, 23, 3, '2026-11-22')"
        ))  # fmt: skip
    database.create()
    with database.begin() as db:
        (batch,) = slips.batches(db, "4rRvc7HTY5uUqY")
        assert (batch.printed, batch.spares, batch.issued_on.isoformat(), batch.reissued) == (23, 3, "2026-11-22", 0)
    migrate.downgrade(database.engine, "0002")
    with database.engine.connect() as connection:
        kept = connection.execute(text("SELECT printed, spares FROM slips_batches")).one()
    assert tuple(kept) == (23, 3)


def test_a_recommendation_stays_what_it_was_when_other_kinds_come(database):
    migrate.upgrade(database.engine, "0003")
    with database.engine.begin() as connection:
        for statement in (
            "INSERT INTO selections (id, title, bureau, plan_date, created) VALUES (1, '选拔', '市局', '2021-05-08', '2021-05-08 00:00:00')",
            (
                "INSERT INTO board_polls (uuid, state, title, rehearsal, transport, election, trustees, credentials, manifest, log,"
                " setup_event, ballot_size, minimum) VALUES ('4rRvc7HTY5uUqY', 'draft', '会议推荐', true, 'http', '', '', '', '', '', '', 0, 5)"
            ),
            (
                "INSERT INTO polls (uuid, selection_id, kind, form, created, administrator, credential_authority, replaces, void_reason)"
                " VALUES ('4rRvc7HTY5uUqY', 1, 'recommendation', 'interview', '2021-05-08 00:00:00', '甲', '乙', '', '')"
            ),
            "INSERT INTO polls_groups (id, poll, position, label, expected, spares) VALUES (1, '4rRvc7HTY5uUqY', 0, '全体', 7, 3)",
        ):
            connection.execute(text(statement))
    database.create()
    with database.begin() as db:
        poll = drafts.get(db, "4rRvc7HTY5uUqY")
        assert (poll.label, poll.asked, poll.persons, poll.rate_base) == ("谈话调研推荐", (), [], "valid")
        assert [group.label for group in poll.groups] == ["全体"]
    migrate.downgrade(database.engine, "0003")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT label FROM polls_groups")).scalars().all() == ["全体"]


def test_a_migration_that_would_leave_orphans_is_taken_back(tmp_path, monkeypatch):
    """SQLite judges references at the end of the migration, not while a table is copied."""
    from alembic import command

    database = Database(f"sqlite:///{tmp_path}/orphans.sqlite3")
    database.create()

    def careless(settings, _revision):
        settings.attributes["connection"].execute(
            text("INSERT INTO polls_persons VALUES (1, 'nobody', 0, '甲', '', '')")
        )

    monkeypatch.setattr(command, "downgrade", careless)
    with pytest.raises(RuntimeError, match="polls_persons"):
        migrate.downgrade(database.engine, "0003")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM polls_persons")).scalar() == 0
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()


def test_processes_that_start_at_once_upgrade_once(empty):
    gate = threading.Barrier(4)

    def start(_n):
        database = Database(empty)
        gate.wait()
        database.create()
        database.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    database = Database(empty)
    assert tables(database) == set(models.metadata().tables)
    database.close()


def test_an_upgrade_that_fails_leaves_nothing_behind(database, monkeypatch):
    from alembic import op

    original = op.create_table

    def fail_late(name, *columns, **options):
        if name == "trustees":
            raise RuntimeError("the power went off")
        return original(name, *columns, **options)

    monkeypatch.setattr(op, "create_table", fail_late)
    with pytest.raises(RuntimeError):
        database.create()
    assert tables(database) == set()


def test_there_is_one_line_of_revisions():
    settings = Config()
    settings.set_main_option("script_location", str(migrate.FOLDER))
    settings.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(settings)
    numbers = [revision.revision for revision in script.walk_revisions()]
    assert script.get_heads() == [f"{len(numbers):04d}"]
    assert numbers == sorted(numbers, reverse=True)
