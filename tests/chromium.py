"""The system's Chromium, for tests that need to see a page. One browser serves the whole run."""

from pathlib import Path

import pytest

# The shell draws the same pages without a browser window around them, for two thirds of the work.
SHELL, WHOLE = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = SHELL if SHELL.exists() else WHOLE
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="skipped: no Chromium")
