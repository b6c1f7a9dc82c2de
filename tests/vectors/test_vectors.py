"""The committed vectors are what the code writes today: whoever changes a byte of the protocol sees it here."""

import importlib.util
import json
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


def test_bytes_that_are_committed_are_replaced_only_by_name(vectors, tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "HERE", tmp_path)
    monkeypatch.setattr(vectors, "make", lambda: {"a.json": b"new", "b.json": b"new"})
    (tmp_path / "a.json").write_bytes(b"old")
    assert vectors.write([]) == 1
    assert [(tmp_path / name).read_bytes() for name in ("a.json", "b.json")] == [b"old", b"new"]
    assert vectors.write(["a.json"]) == 0
    assert (tmp_path / "a.json").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("folder", "stage"), [("open", "open"), ("closed", "closed"), ("voided", "closed"), ("tallied", "tallied")]
)
def test_the_committed_record_verifies_at_every_stage(folder, stage):
    folder = HERE / "record" / folder
    read = {path.stem: path.read_bytes() for path in folder.glob("*.json")}
    files = Files(next(folder.glob("*.bel")).read_bytes(), **read)
    report = verify(files)
    assert [check.line for check in report.checks if not check.ok] == []
    assert report.ours
    assert report.stage == stage


def test_the_committed_voids_have_every_reason_and_stand_beside_a_group_that_is_shown():
    folder = HERE / "record" / "voided"
    listed = json.loads((folder / "voids.json").read_bytes())
    assert sorted(one["reason"] for one in listed) == ["challenged", "contested", "damaged", "leftover"]
    assert json.loads((folder / "closing.json").read_bytes())["groups"] == ["机关中层正职"]


def test_texts_that_are_no_points_are_refused_in_python_too(vectors):
    for one in vectors.group_vectors()["invalid"]:
        with pytest.raises(Malformed):
            ED25519.parse_or_identity(one["text"])


def test_texts_that_are_no_scalars_are_refused_in_python_too(vectors):
    for text in vectors.group_vectors()["invalid_scalars"]:
        with pytest.raises(Malformed):
            ED25519.parse_scalar(text)
