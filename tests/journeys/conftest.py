"""A real server, a real Chromium, and the people of a meeting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from voting.rehearse.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "server"
    folder.mkdir()
    with Server(folder) as running:
        yield running


@pytest.fixture(autouse=True)
def last_sight(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[None]:
    """When a journey fails, keep a picture of every page that is still open."""
    failures = request.session.testsfailed
    yield
    if request.session.testsfailed > failures:
        for number, context in enumerate(browser.contexts):
            for page in context.pages:
                page.screenshot(path=tmp_path / f"last-{number}.png", full_page=True)
                print(f"last sight of {page.url}: {tmp_path / f'last-{number}.png'}")
        for context in browser.contexts:
            context.close()
