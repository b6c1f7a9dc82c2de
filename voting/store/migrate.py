"""Bringing a database to the newest revision, and drafting the next one."""

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
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        settings = _settings(connection)
        if revision == "head" and current(connection) == ScriptDirectory.from_config(settings).get_current_head():
            return
        command.upgrade(settings, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo revisions; for tests and for a person who knows why."""
    with engine.begin() as connection:
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


def _settings(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings
