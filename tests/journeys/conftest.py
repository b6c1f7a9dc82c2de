"""A real server, a real Chromium, and the people of a meeting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from voting.rehearse.server import Server

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("skipped: chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "server"
    folder.mkdir()
    with Server(folder) as running:
        yield running


@pytest.fixture(autouse=True)
def last_sight(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[None]:
    """When a journey fails, keep a picture of every page that is still open."""
    failures = request.session.testsfailed
    yield
    if request.session.testsfailed > failures:
        for number, context in enumerate(chromium.contexts):
            for page in context.pages:
                page.screenshot(path=tmp_path / f"last-{number}.png", full_page=True)
                print(f"last sight of {page.url}: {tmp_path / f'last-{number}.png'}")
        for context in chromium.contexts:
            context.close()
