"""A server and a phone for the booth's browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from config import Config
from tests.served import served
from tests.voting.booth.phone import Phone
from voting.app import create_app
from voting.store.base import Database


@pytest.fixture
def address(config: Config, database: Database) -> Iterator[str]:
    with served(create_app(config, database=database)) as at:
        yield at


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Phone]:
    phone = Phone(browser, address)
    yield phone
    assert phone.complaints == []
    phone.page.context.close()
