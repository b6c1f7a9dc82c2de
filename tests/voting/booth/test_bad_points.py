"""Points that are no members of the group, wherever a ballot holds one - even when the slip itself has signed them."""

import json
import secrets

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from config import Config
from keys import proofs
from keys.curve import ED25519
from tally import canonical
from tests.voting.bad_points import BAD_POINTS
from tests.voting.ready_poll import UUID, ReadyPoll, ready_poll
from voting.board import service as board

PLACES = (
    ("answers", 0, "choices", 0, "alpha"),
    ("answers", 0, "choices", 3, "beta"),
    ("answers", 1, "choices", 5, "alpha"),
    ("credential",),
)


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config)


def signed(poll: ReadyPoll, place: tuple[str | int, ...], value: object) -> bytes:
    """A ballot of the first slip with one value changed, signed anew as its holder could."""
    ballot = json.loads(poll.ballot(0).raw)
    at = ballot
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    del ballot["signature"]
    digest = canonical.b64_hash(canonical.dump(ballot))
    proof = proofs.sign(ED25519, poll.secret(0), f"sig|{digest}", secrets.token_bytes)
    return canonical.dump(ballot | {"signature": {"hash": digest, "proof": canonical.plain(proof)}})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_point_outside_the_group_enters_the_box(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    for place in PLACES:
        for name, point in BAD_POINTS.items():
            if name == "the identity" and place[-1] == "beta":
                continue  # it is a member, says nothing, and fails by its proof
            answer = client.post(f"/v/{UUID}/ballots", data=signed(poll, place, point), content_type="application/json")
            assert (answer.status_code, answer.json["error"]) == (422, "ballot_malformed"), (name, place)
    assert board.count(db, UUID) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_identity_as_beta_fails_by_its_proof(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    raw = signed(poll, PLACES[1], ED25519.identity.text)
    answer = client.post(f"/v/{UUID}/ballots", data=raw, content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (422, "ballot_proof")
    assert board.count(db, UUID) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "value", ["0" + "1" * 70, "-1", "01", "1e5", "0x1", str(ED25519.order), "９", "9" * 4_301, 1, None, {}, ["1"]]
)
def test_a_scalar_that_is_not_canonical_is_refused(client: FlaskClient, db: Session, poll: ReadyPoll, value) -> None:
    raw = signed(poll, ("answers", 1, "overall_proof", 0, "response"), value)
    answer = client.post(f"/v/{UUID}/ballots", data=raw, content_type="application/json")
    assert answer.status_code in {413, 422}
    assert answer.json["error"] in {"ballot_malformed", "too_large"}
    assert board.count(db, UUID) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_ballot_that_was_signed_by_another_slip_is_refused(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    raw = signed(poll, ("credential",), ED25519.base(poll.secret(1)).text)
    answer = client.post(f"/v/{UUID}/ballots", data=raw, content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (422, "ballot_signature")
    assert board.count(db, UUID) == 0
