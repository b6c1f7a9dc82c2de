"""Names that people compare by eye, and the line that makes an election ours. The browser answers to the same vectors."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tally.errors import Code, Invalid
from tally.names import distinct, readable
from tests.tally.builders import poll

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "names.json").read_bytes())


@pytest.mark.parametrize("name", VECTORS["readable"])
def test_ordinary_names_are_readable(name):
    assert readable(name)


@pytest.mark.parametrize("name", [*VECTORS["unreadable"], "甲\ud800"], ids=ascii)
def test_names_that_hide_something_are_not(name):
    assert not readable(name)


@pytest.mark.parametrize(("one", "other"), VECTORS["alike"])
def test_two_names_that_look_alike_are_not_distinct(one, other):
    assert not distinct([one, other])
    assert distinct([one, "乙"])


@pytest.mark.parametrize("description", VECTORS["descriptions"]["ours"] + VECTORS["descriptions"]["foreign"], ids=ascii)
def test_an_election_is_ours_or_foreign_by_its_descriptions_last_line(description):
    named = replace(poll().election, description=description).manifest_hash
    assert named == ("A" * 43 if description in VECTORS["descriptions"]["ours"] else None)


@pytest.mark.parametrize("description", VECTORS["descriptions"]["refused"], ids=ascii)
def test_a_manifest_named_in_any_other_way_is_refused_and_not_taken_for_a_foreign_election(description):
    """A foreign election is judged by laxer rules, so nobody may blur the line that makes one ours."""
    with pytest.raises(Invalid) as error:
        replace(poll().election, description=description)
    assert (error.value.code, error.value.where) == (Code.MANIFEST, "election, description")
