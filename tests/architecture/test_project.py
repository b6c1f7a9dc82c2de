"""The project's own files: the lock, the vendored sheet, the specification's ids."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEFINED = re.compile(r"^\*\*([A-Z]+-\d+)\*\*", re.MULTILINE)
CITED = re.compile(r"Spec:\s*((?:[A-Z]+-\d+)(?:\s*,\s*[A-Z]+-\d+)*)")


def defined_ids():
    return DEFINED.findall((ROOT / "docs" / "protocol.md").read_text(encoding="utf-8"))


def cited_ids():
    """Id → where it is cited, in Python, JavaScript and tests."""
    cited = {}
    folders = ["keys", "tally", "voting", "tests"]
    files = [path for folder in folders for kind in ("*.py", "*.js", "*.mjs") for path in (ROOT / folder).rglob(kind)]
    for path in files:
        if "vendor" not in path.parts and path != Path(__file__):
            for group in CITED.findall(path.read_text(encoding="utf-8")):
                for one in re.split(r"\s*,\s*", group):
                    cited.setdefault(one, set()).add(str(path.relative_to(ROOT)))
    return cited


def test_every_id_is_defined_once():
    ids = defined_ids()
    assert len(ids) > 30
    assert sorted(ids) == sorted(set(ids))


def test_the_code_cites_no_id_that_the_protocol_lacks():
    known = set(defined_ids())
    assert {one: sorted(where) for one, where in cited_ids().items() if one not in known} == {}


def test_the_protocol_has_no_id_that_the_code_does_not_implement():
    implemented = {one for one, where in cited_ids().items() if any(not path.startswith("tests/") for path in where)}
    assert [one for one in defined_ids() if one not in implemented] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-mutation.txt"])
def test_the_lock_is_hashed_and_names_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    pinned = re.findall(r"^[a-zA-Z0-9._-]+(?:\[[a-z]+\])?==", text, re.MULTILINE)
    assert len(pinned) > 10
    for entry in re.split(r"\n(?=[a-zA-Z])", text.strip()):
        assert "--hash=sha256:" in entry, entry[:60]


def test_the_lock_covers_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(requirements):
        found = {re.split(r"[\[<>=;! ]", one)[0].lower().replace("_", "-") for one in requirements}
        return found - {"mipiao"}

    def locked(name):
        text = (ROOT / name).read_text(encoding="utf-8")
        return {
            one.lower().replace("_", "-")
            for one in re.findall(r"^([a-zA-Z0-9._-]+)(?:\[[a-z]+\])?==", text, re.MULTILINE)
        }

    assert names(project["dependencies"]) == {"pynacl"}
    assert names(project["dependencies"] + extras["server"]) <= locked("requirements.txt")
    assert names(project["dependencies"] + extras["server"] + extras["dev"]) <= locked("requirements-dev.txt")


def test_the_server_is_locked_to_the_versions_that_were_tested():
    def pins(name):
        return dict(
            re.findall(
                r"^([a-zA-Z0-9._-]+)(?:\[[a-z]+\])?==([^ \\]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )

    tested = pins("requirements-dev.txt")
    assert {name: version for name, version in pins("requirements.txt").items() if tested.get(name) != version} == {}


def test_the_vendored_style_sheet_is_the_one_that_was_reviewed():
    note = (ROOT / "voting/static/vendor/BOOTSTRAP.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((ROOT / "voting/static/vendor/bootstrap.min.css").read_bytes()).hexdigest()
    assert digest in note
