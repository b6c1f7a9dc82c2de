"""The database: one declarative base, one `Database` per process, one Session per request.

SQLite is the embedded default and is run so that nothing betrays the order in which ballots came: a rollback journal
(a WAL keeps the order), synchronous=FULL (a 201 means durable) and secure_delete (freed pages are zeroed).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

IMMEDIATE = "mipiao_immediate"
BUSY_SECONDS = 20.0


class Base(DeclarativeBase):
    """The parent of every table. Constraints have names, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """An engine and its sessions. Safe for several threads and processes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.sqlite:
            path = make_url(url).database
            if path:
                Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                Path(path).touch(mode=0o600)  # SQLite's own files take the mode over
            self.engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            # Parameters stay out of error messages: they may hold ballots, tokens or hashes.
            self.engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
        self._deferred: Engine = self.engine.execution_options(**{IMMEDIATE: False})

    def session(self, *, immediate: bool = True) -> Session:
        """A new Session. On SQLite its transactions take the write lock at once, so none has to upgrade and fail.

        With `immediate=False` they only read. Objects stay usable after a commit.
        """
        return Session(self.engine if immediate else self._deferred, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A Session that commits at the end of the block and rolls back when it raises; `release` may stand within."""
        with self.session() as db:
            yield db
            db.commit()

    def create(self) -> None:
        """Bring the schema to the newest revision; harmless when it is there already."""
        from voting.store.migrate import upgrade

        upgrade(self.engine)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def release(db: Session) -> None:
    """Commit what was done so far and let go of the database's lock, before work that takes long.

    The next statement begins a new transaction: whatever must still hold by then is checked by its own statement.
    """
    db.commit()


def only_reading(db: Session) -> None:
    """Begin a transaction that only reads: on SQLite it waits for no other's write lock. It ends with `release`.

    Does nothing to a Session that has begun one already; the transaction after `release` takes the lock again.
    """
    if not db.in_transaction():
        db.connection(execution_options={IMMEDIATE: False})


def _prepare_sqlite(connection: SQLiteConnection, _record: Any) -> None:
    # sqlite3 would begin transactions by itself, and late; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=DELETE",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
