"""A server and a phone for the booth's browser tests."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from config import Config
from tests.voting.booth.phone import Phone
from voting.app import create_app
from voting.store.base import Database


@pytest.fixture
def address(config: Config, database: Database) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(config, database=database), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Phone]:
    phone = Phone(browser, address)
    yield phone
    assert phone.complaints == []
    phone.page.context.close()
