"""Empty databases for runs: SQLite in the run's folder, or a PostgreSQL server that flushes as in service."""

import itertools
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests.voting import postgres

Fresh = Callable[[str, Path], str]


class NoServer(Exception):
    """There is no PostgreSQL: set TEST_DATABASE_URL or install the server."""


@contextmanager
def databases(kinds: Sequence[str], *, durable: bool = True) -> Iterator[Fresh]:
    """A function that names a fresh database of a kind; it raises NoServer where PostgreSQL is asked for and absent."""
    numbers = itertools.count(1)
    with ExitStack() as open_until_the_end:
        server = open_until_the_end.enter_context(postgres.server(durable=durable)) if "postgresql" in kinds else None

        def fresh(kind: str, folder: Path) -> str:
            if kind == "sqlite":
                return f"sqlite:///{folder / 'load.sqlite3'}"
            if server is None:
                raise NoServer
            name = f"mipiao_load_{secrets.token_hex(4)}_{next(numbers)}"
            engine = create_engine(server, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            return make_url(server).set(database=name).render_as_string(hide_password=False)

        yield fresh
