"""The sound record that the tests tweak."""

from pathlib import Path

import pytest

from tally.verify import Files
from tests.tally.builders import Poll, poll, sound_files

INTEROP = Path(__file__).parents[1] / "interop" / "data"


@pytest.fixture(scope="session")
def sound_poll() -> Poll:
    return poll()


@pytest.fixture(scope="session")
def sound_record() -> Files:
    return sound_files()


@pytest.fixture(params=["single-ed25519", "threshold-ed25519"])
def foreign(request) -> Path:
    """One of the two archives that Belenios 3.3.0 made, with its secrets beside it."""
    return INTEROP / request.param
