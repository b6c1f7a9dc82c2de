"""Files out of memory are answered as the application itself would answer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from config import Config
from voting.app import create_app
from voting.store.base import Database
from voting.web.access import Audience
from voting.web.files import Files

JS, CSS = "/static/js/booth/app.js", "/static/css/booth.css"


def told(answer: TestResponse) -> tuple[object, ...]:
    """Everything that matters to a browser; each makes its ETag in its own way."""
    own = ("ETag", "Date", "Accept-Ranges", "Content-Disposition")
    headers = {name: value for name, value in answer.headers if name not in own}
    return answer.status_code, headers, answer.get_data()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("files")
    database = Database(f"sqlite:///{folder / 'files.sqlite3'}")
    database.create()
    yield create_app(settings(database, folder), database=database)
    database.close()


def settings(database: Database, folder: Path) -> Config:
    return Config(database_url=database.url, secret=bytes(range(40)), base_url="https://vote.test", instance=folder)


@pytest.fixture
def client(app: Flask) -> Client:
    assert isinstance(app.wsgi_app, Files)
    return Client(app)


@pytest.fixture
def behind(app: Flask) -> Client:
    """The application without the files before it."""
    assert isinstance(app.wsgi_app, Files)
    return Client(app.wsgi_app.app)


@pytest.mark.parametrize("path", [JS, CSS, f"{JS}?v=1", f"{CSS}?x=1", "/static/vendor/noble-booth.js"])
@pytest.mark.parametrize("encoding", [None, "gzip", "gzip, deflate, br", "gzip;q=0", "identity", "*", "br"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_answer_is_the_applications(
    client: Client, behind: Client, path: str, encoding: str | None, method: str
) -> None:
    headers = {} if encoding is None else {"Accept-Encoding": encoding}
    here = told(client.open(path, method=method, headers=headers, buffered=True))
    assert here == told(behind.open(path, method=method, headers=headers, buffered=True))
    assert here[0] == 200


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/static/none.js", "GET", {}),
        ("/static/js/../../app.py", "GET", {}),
        ("/static/js/booth", "GET", {}),
        (JS, "POST", {}),
        (JS, "OPTIONS", {}),
        (JS, "GET", {"Range": "bytes=0-9"}),
        (f"{JS}?v=%ff", "GET", {}),
    ],
)
def test_what_is_no_plain_request_for_a_file_is_left_to_the_application(
    client: Client, behind: Client, path: str, method: str, headers: dict[str, str]
) -> None:
    here, there = (one.open(path, method=method, headers=headers, buffered=True) for one in (client, behind))
    assert (here.status_code, here.get_data()) == (there.status_code, there.get_data())


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("asked", ["{tag}", 'W/"x", {tag}', "*"])
def test_an_unchanged_file_is_not_sent_again(client: Client, encoding: str, asked: str) -> None:
    tag = client.get(JS, headers={"Accept-Encoding": encoding}).headers["ETag"]
    headers = {"Accept-Encoding": encoding, "If-None-Match": asked.format(tag=tag)}
    again = client.get(JS, headers=headers)
    assert (again.status_code, again.get_data()) == (304, b"")
    assert "default-src 'none'" in again.headers["Content-Security-Policy"]
    assert client.get(JS, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_file_that_changed_on_the_disk_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.js"
    file.write_text("one", encoding="utf-8")
    client = Client(Files(lambda _environ, _start: [b"nothing"], tmp_path, https=False))
    assert client.get("/static/a.js").get_data() == b"one"
    file.write_text("three", encoding="utf-8")
    assert client.get("/static/a.js").get_data() == b"three"


def test_a_file_that_is_gone_is_left_to_the_application(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("one", encoding="utf-8")
    files = Files(app.wsgi_app, tmp_path, https=False)
    shutil.rmtree(tmp_path)
    assert Client(files).get("/static/a.js").status_code == 404


def test_a_process_that_serves_nobody_else_serves_no_files(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'files.sqlite3'}")
    database.create()
    app = create_app(settings(database, tmp_path), [Audience.VOTER], database)
    assert Client(app).get(JS).status_code == 404
    database.close()
