"""A slip voided in a browser is void for Python, and the other way round."""

import secrets

import pytest

from keys import credential
from keys.curve import ED25519
from tally import canonical, voids
from tests.js.test_twins import browser

UUID, PHI = "7kQmWp3xTz9LbN", canonical.b64_hash(b"an election")
PAIR = ("监票人甲", "计票人乙")


@pytest.fixture
def code():
    return credential.new(secrets.token_bytes)


@pytest.mark.parametrize(("reason", "tracker"), [("leftover", None), ("contested", "A" * 43)])
def test_python_accepts_a_browsers_void(code, reason, tracker):
    made = browser("void", uuid=UUID, phi=PHI, code=code, reason=reason, tracker=tracker, officials=PAIR)
    [one] = voids.parse(canonical.dump([made]), ED25519)
    assert one.credential == ED25519.base(credential.secret(ED25519, UUID, code))
    assert (one.reason, one.tracker, one.officials) == (reason, tracker, PAIR)
    assert one.verify(ED25519, PHI)
    assert not one.verify(ED25519, canonical.b64_hash(b"another election"))


@pytest.mark.parametrize(("reason", "tracker"), [("leftover", None), ("challenged", "A" * 43)])
def test_a_browser_accepts_pythons_voids(code, reason, tracker):
    made = [
        voids.make(ED25519, PHI, credential.secret(ED25519, UUID, one), reason, tracker, PAIR, secrets.token_bytes)
        for one in (code, credential.new(secrets.token_bytes))
    ]
    listed = browser("voids", phi=PHI, list=voids.encode(made).decode())
    assert sorted(listed) == sorted(one.credential.text for one in made)


def test_a_browser_refuses_a_proof_made_for_another_slip(code):
    mine, other = (credential.secret(ED25519, UUID, one) for one in (code, credential.new(secrets.token_bytes)))
    made = voids.make(ED25519, PHI, mine, "leftover", None, PAIR, secrets.token_bytes)
    lifted = voids.Void(ED25519.base(other), made.reason, made.tracker, made.officials, made.proof)
    with pytest.raises(AssertionError, match="voids"):
        browser("voids", phi=PHI, list=voids.encode([lifted]).decode())
