"""Bringing a database to the newest revision, and drafting the next one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x4D69_7069_6100


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, in one transaction. Several processes may start at once: one works, the others wait."""
    with _transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        settings = _settings(connection)
        if revision == "head" and current(connection) == ScriptDirectory.from_config(settings).get_current_head():
            return
        command.upgrade(settings, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo revisions; for tests and for a person who knows why."""
    with _transaction(engine) as connection:
        command.downgrade(_settings(connection), revision)


def draft(engine: Engine, metadata: MetaData, message: str, number: str) -> None:
    """Write the next revision's file from what `metadata` has and the database lacks."""
    with engine.begin() as connection:
        settings = _settings(connection)
        settings.attributes["metadata"] = metadata
        command.revision(settings, message, autogenerate=True, rev_id=number)


def current(connection: Connection) -> str | None:
    """The database's revision; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction.

    SQLite copies a table to alter it, and dropping the old one would take its children's rows for orphans: there
    references are judged once, at the end, before anything is kept (SQLite, "ALTER TABLE", 12 steps).
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101 - a connection that has just been made
        raw.execute("PRAGMA foreign_keys=OFF")  # has no effect within a transaction
        try:
            with connection.begin():
                yield connection
                orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if orphans is not None:
                    raise RuntimeError(f"a migration leaves rows without what they refer to: {orphans[0]}")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _settings(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings
