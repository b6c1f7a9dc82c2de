"""Passwords are stretched a little only, so that the tests stay quick; test_passwords checks the real cost."""

import pytest

from voting.accounts import passwords


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch, request):
    if "real_cost" not in request.fixturenames:
        monkeypatch.setattr(passwords, "OPERATIONS", 1)
        monkeypatch.setattr(passwords, "MEMORY", 8 * 1024 * 1024)


@pytest.fixture
def real_cost():
    """Ask for it where the real cost matters."""
