"""What all tests share: a skip that is fine on a desk is a failure where everything must be installed."""

import os
import signal
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.chromium import CHROMIUM, FLAGS

PATIENCE = 30_000  # milliseconds for what a page is to show; on a busy machine five seconds are not enough


def pytest_configure() -> None:
    """End like a failed run when asked to stop, so that servers which the tests started are stopped too."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("asked to stop", returncode=143))
    expect.set_options(timeout=PATIENCE)


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: tests wait for browsers, databases and services about a third of the time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true a test that skips because a program is absent has failed."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, but everything it needs must be there when CI=true: {report.longrepr}"
        )
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; each person in a test opens a context of their own."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield running
        running.close()
