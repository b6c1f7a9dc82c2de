"""The committed vectors are what the code writes today: whoever changes a byte of the protocol sees it here."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from keys.curve import ED25519
from keys.errors import Malformed
from tally.verify import Files, verify

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def vectors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_vectors", HERE / "make_vectors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(vectors: ModuleType) -> dict[str, bytes]:
    return vectors.make()


def test_the_committed_vectors_are_what_the_code_writes(made):
    differing = [name for name, content in made.items() if (HERE / name).read_bytes() != content]
    assert differing == []


@pytest.mark.parametrize("stage", ["open", "closed", "tallied"])
def test_the_committed_record_verifies_at_every_stage(stage):
    folder = HERE / "record" / stage
    read = {path.stem: path.read_bytes() for path in folder.glob("*.json")}
    files = Files(next(folder.glob("*.bel")).read_bytes(), **read)
    report = verify(files)
    assert [check.line for check in report.checks if not check.ok] == []
    assert report.ours
    assert report.stage == stage


def test_texts_that_are_no_points_are_refused_in_python_too(vectors):
    for one in vectors.group_vectors()["invalid"]:
        with pytest.raises(Malformed):
            ED25519.parse_or_identity(one["text"])


def test_texts_that_are_no_scalars_are_refused_in_python_too(vectors):
    for text in vectors.group_vectors()["invalid_scalars"]:
        with pytest.raises(Malformed):
            ED25519.parse_scalar(text)
