"""Every route of the whole service, seen from outside."""

import inspect
import re
from pathlib import Path

import pytest

from config import Config
from voting import models
from voting.app import SLICES, create_app
from voting.store.base import Database
from voting.web.access import Audience

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VIEWS = {
    "accounts": {Audience.ANYONE, Audience.OFFICE, Audience.REVIEW},
    "selections": {Audience.OFFICE},
    "polls": {Audience.OFFICE, Audience.REVIEW},
    "slips": {Audience.OFFICE},
    "cards": {Audience.OFFICE},
    "booth": {Audience.VOTER},
    "board": {Audience.ANYONE},
    "trustees": {Audience.TRUSTEE},
    "decisions": {Audience.OFFICE, Audience.REVIEW},
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("routes")
    database = Database(f"sqlite:///{folder}/x.sqlite3")
    models.metadata().create_all(database.engine)
    config = Config(
        database_url=database.url, secret=b"only for this test: 32 bytes or more", base_url="http://localhost"
    )
    yield create_app(config, database=database)
    database.close()


def test_every_slice_has_routes_of_its_own_audiences_only(app):
    seen = {name: set() for name in SLICES}
    for rule in app.url_map.iter_rules():
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        room = view.__module__.split(".")[1] if view.__module__.startswith("voting.") else ""
        if room in seen:
            seen[room] |= app.view_functions[rule.endpoint].audiences
    assert seen.keys() == VIEWS.keys()
    for name, audiences in seen.items():
        assert audiences, f"{name} has no routes"
        assert audiences <= VIEWS[name], name


def test_every_route_declares_its_audience_and_uses_get_or_post(app):
    rules = list(app.url_map.iter_rules())
    assert len(rules) > 20
    for rule in rules:
        assert app.view_functions[rule.endpoint].audiences <= set(Audience), rule
        assert rule.methods <= {"GET", "HEAD", "POST"}, rule


def test_no_address_of_a_voter_can_carry_a_slips_code(app):
    for rule in app.url_map.iter_rules():
        if app.view_functions[rule.endpoint].audiences == {Audience.VOTER}:
            assert rule.arguments <= {"uuid"}, rule


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_needs_what_the_policy_forbids(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""\sstyle\s*=\s*["'{]""", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"""\son[a-z]+\s*=\s*["'{]""", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text) if "application/json" not in tag)
    foreign = re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
    assert foreign == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_calls_anybody_elected(path):
    assert "当选" not in path.read_text(encoding="utf-8")
