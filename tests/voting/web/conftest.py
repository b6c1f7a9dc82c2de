"""Tests of the frame add addresses of their own, so each has an app of its own."""

import pytest
from flask import Flask

from config import Config
from tests.voting.conftest import as_seen
from voting.app import create_app
from voting.store.base import Database


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    return as_seen(create_app(config, database=database))
