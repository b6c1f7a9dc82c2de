"""The sample's recommendation meeting, as the tests of results have it, and its expected figures."""

import json
from typing import Any

import pytest

from tests.voting.results.conftest import played, sample_folder, tallied
from voting import sample

__all__ = ["expected", "played", "sample_folder", "tallied"]


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((sample.FOLDER / "expected.json").read_text(encoding="utf-8"))
    return found
