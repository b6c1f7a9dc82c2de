"""What tests of the service share. `db`, `app` and the clients run once on SQLite and once on PostgreSQL."""

import dataclasses
import itertools
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Config
from tests.voting import postgres
from voting import models
from voting.accounts import service as accounts
from voting.accounts.models import User
from voting.app import create_app
from voting.store import clock
from voting.store.base import Database
from voting.web import access, log
from voting.web.sessions import TOKEN

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.create()
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[tuple[str, Connection] | None]:
    """A database for this run's tests, schema up to date, and a connection that empties it; None without a server."""
    with postgres.server() as address:
        if address is None:
            yield None
            return
        name = f"mipiao_test_{secrets.token_hex(6)}"
        _in_server(address, f"CREATE DATABASE {name}")
        database = Database(_named(address, name))
        database.create()
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as broom:
            yield database.url, broom
        database.close()
        _in_server(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, schema up to date; the test runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "mipiao.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        database = Database(f"sqlite:///{path}")
    else:
        made = request.getfixturevalue("postgres_database")
        if made is None:
            pytest.skip("skipped: no PostgreSQL (set TEST_DATABASE_URL or install the server)")
        url, broom = made
        _sweep(broom)
        database = Database(url)
    yield database
    database.close()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A session that writes. A test that also uses a client commits first: SQLite has one writer at a time."""
    with database.session() as session:
        yield session


@pytest.fixture
def config(database: Database, tmp_path: Path) -> Config:
    return settings(database, tmp_path)


def settings(database: Database, folder: Path) -> Config:
    return Config(
        database_url=database.url,
        secret=b"a secret that only these tests know: 0123456789",
        base_url="http://localhost",
        bureau="云州市商务局",
        instance=folder,
    )


class Client(FlaskClient):
    """Reads every answer to its end, as a browser does; so files that were sent are closed."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture(scope="session")
def shared_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Addresses and pages, compiled once: half of a page's test would go into that."""
    folder = tmp_path_factory.mktemp("app")
    database = Database(f"sqlite:///{sqlite_template}")
    return create_app(settings(database, folder), database=database)


@pytest.fixture
def app(shared_app: Flask, config: Config, database: Database) -> Flask:
    """The service on this test's own database."""
    shared = shared_app.extensions[access.EXTENSION]
    shared_app.extensions[access.EXTENSION] = dataclasses.replace(shared, config=config, database=database)
    shared_app.config["WTF_CSRF_ENABLED"] = True
    log.configure()
    return as_seen(shared_app)


def as_seen(app: Flask) -> Flask:
    """A failure must be seen as the person would see it, not as an exception in the test client."""
    app.test_client_class = Client
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody: no cookie. Forms are taken without their hidden token here; tests/voting/web checks that they need it."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def log_in(app: Flask, database: Database) -> Callable[[str], FlaskClient]:
    """A client that is logged in: `log_in("office")`, `log_in("review")`, `log_in("supervisor")`."""
    app.config["WTF_CSRF_ENABLED"] = False

    def as_role(role: str) -> FlaskClient:
        now = clock.now()
        with database.begin() as db:
            user = User(
                name=f"测试{role}", login=f"{role}-{next(_numbers)}", role=role, password_hash=b"none", disabled=False
            )
            db.add(user)
            db.flush()
            token = accounts.begin_login(db, user, now=now, hours=12)
        client = app.test_client()
        with client.session_transaction("/office") as cookie:
            cookie[TOKEN] = token
        return client

    return as_role


@pytest.fixture
def office_client(log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return log_in("office")


@pytest.fixture
def review_client(log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return log_in("review")


@pytest.fixture
def supervisor_client(log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return log_in("supervisor")


def _named(address: str, name: str) -> str:
    return make_url(address).set(database=name).render_as_string(hide_password=False)


def _sweep(broom: Connection) -> None:
    """Empty every table, and end what an earlier test left open."""
    broom.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )
    # Emptying all tables takes 20 times as long as asking which were written to, be it by a statement that was taken back.
    pages = ", ".join(
        f"('{table.name}', pg_relation_size('{table.name}'))" for table in models.metadata().sorted_tables
    )
    written = broom.scalars(text(f"SELECT name FROM (VALUES {pages}) AS sizes(name, size) WHERE size > 0")).all()
    if written:
        broom.execute(text(f"TRUNCATE {', '.join(written)} RESTART IDENTITY CASCADE"))
    for sequence in broom.scalars(text("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")).all():
        broom.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))


def _in_server(address: str, *statements: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
