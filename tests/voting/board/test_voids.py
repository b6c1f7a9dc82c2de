"""A slip is voided once, by its own key, and never votes again; what it had cast is taken out without a trace."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from config import Config
from keys.curve import ED25519
from tally import voids as record
from tally.voids import Void
from tests.voting.ready_poll import ReadyPoll, ready_poll
from voting.board import service as board
from voting.board.models import Pigeonhole, State
from voting.booth import service as booth
from voting.errors import Code, Refused
from voting.store.base import Database

PAIR = ("监票人甲", "计票人乙")


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config, slips=(6, 4))


def void(poll: ReadyPoll, n: int, reason: str = "leftover", tracker: str | None = None) -> Void:
    return record.make(ED25519, poll.election.phi, poll.secret(n), reason, tracker, PAIR, secrets.token_bytes)


def refused(act) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_void_slip_stands_in_the_file_of_voids_with_its_proof(db, poll):
    for n in (5, 1, 8):
        board.void_slip(db, poll.uuid, void(poll, n))
    listed = record.parse(board.voids_file(db, poll.uuid), ED25519)
    assert {one.credential for one in listed} == {ED25519.base(poll.secret(n)) for n in (1, 5, 8)}
    assert all(one.verify(ED25519, poll.election.phi) and one.officials == PAIR for one in listed)
    assert (board.voided(db, poll.uuid), board.voided_by_group(db, poll.uuid)) == (3, {0: 2, 1: 1})


def test_without_voids_the_file_is_empty_as_before(db, poll):
    assert board.voids_file(db, poll.uuid) == b"[]"


def test_a_void_slip_cannot_vote(db, config, poll):
    board.void_slip(db, poll.uuid, void(poll, 2))
    db.commit()
    assert refused(lambda: booth.cast(db, config.secret, poll.uuid, poll.ballot(2).raw)) == Code.SLIP_VOIDED
    assert refused(lambda: board.cast(db, poll.uuid, poll.ballot(2))) == Code.SLIP_VOIDED
    assert board.count(db, poll.uuid) == 0


def test_a_slip_is_voided_only_once(db, poll):
    board.void_slip(db, poll.uuid, void(poll, 2))
    assert refused(lambda: board.void_slip(db, poll.uuid, void(poll, 2, "damaged"))) == Code.ALREADY_VOIDED


def test_a_slip_that_voted_is_no_leftover(db, poll):
    board.cast(db, poll.uuid, poll.ballot(3))
    tracker = board.trackers(db, poll.uuid)[0]
    for one in (void(poll, 3), void(poll, 3, "damaged", tracker), void(poll, 3, "contested")):
        assert refused(lambda one=one: board.void_slip(db, poll.uuid, one)) == Code.VOID_CAST
    assert board.trackers(db, poll.uuid) == [tracker]


@pytest.mark.parametrize("reason", ["contested", "challenged"])
def test_a_contested_ballot_leaves_the_box(db, poll, reason):
    for n in (3, 4):
        board.cast(db, poll.uuid, poll.ballot(n))
    contested = poll.ballot(5)
    board.cast(db, poll.uuid, contested)
    board.void_slip(db, poll.uuid, void(poll, 5, reason, contested.tracker))
    assert board.count(db, poll.uuid) == 2
    assert contested.tracker not in board.trackers(db, poll.uuid)
    assert contested.raw not in board.ballots(db, poll.uuid)
    assert refused(lambda: board.cast(db, poll.uuid, contested)) == Code.SLIP_VOIDED


def test_only_the_ballot_that_is_named_leaves_the_box(db, poll):
    board.cast(db, poll.uuid, poll.ballot(3))
    other = poll.ballot(4)
    assert (
        refused(lambda: board.void_slip(db, poll.uuid, void(poll, 3, "contested", other.tracker))) == Code.VOID_TRACKER
    )
    assert (
        refused(lambda: board.void_slip(db, poll.uuid, void(poll, 4, "contested", other.tracker))) == Code.VOID_TRACKER
    )
    assert board.count(db, poll.uuid) == 1


def test_who_does_not_hold_the_slip_cannot_void_it(db, poll):
    forged = replace(void(poll, 2), credential=ED25519.base(poll.secret(1)))
    assert refused(lambda: board.void_slip(db, poll.uuid, forged)) == Code.VOID_PROOF
    another_reason = replace(void(poll, 2), reason="damaged")
    assert refused(lambda: board.void_slip(db, poll.uuid, another_reason)) == Code.VOID_PROOF


def test_a_slip_of_another_poll_is_refused(db, poll):
    stranger = record.make(ED25519, poll.election.phi, ED25519.random(secrets.token_bytes), "leftover", None, PAIR,
                           secrets.token_bytes)  # fmt: skip
    assert refused(lambda: board.void_slip(db, poll.uuid, stranger)) == Code.UNKNOWN_CREDENTIAL
    assert refused(lambda: board.void_slip(db, "4rRvc7HTY5uUqY", stranger)) == Code.NO_SUCH_POLL


def test_while_closing_only_unused_slips_are_voided_and_afterwards_none(db, poll):
    cast = poll.ballot(3)
    board.cast(db, poll.uuid, cast)
    board.advance(db, poll.uuid, State.OPEN, State.CLOSING)
    board.void_slip(db, poll.uuid, void(poll, 1))
    assert refused(lambda: board.void_slip(db, poll.uuid, void(poll, 3, "contested", cast.tracker))) == Code.WRONG_STATE
    assert refused(lambda: board.void_slip(db, poll.uuid, void(poll, 2, "challenged"))) == Code.WRONG_STATE
    board.advance(db, poll.uuid, State.CLOSING, State.CLOSED)
    assert refused(lambda: board.void_slip(db, poll.uuid, void(poll, 2))) == Code.WRONG_STATE
    assert board.voided(db, poll.uuid) == 1


def test_a_void_polls_list_of_voids_goes_with_its_box(db, poll):
    board.void_slip(db, poll.uuid, void(poll, 1))
    board.advance(db, poll.uuid, State.OPEN, State.VOID)
    assert board.voided(db, poll.uuid) == 0


def test_the_emptied_pigeonhole_is_like_one_that_never_held_anything(db, poll):
    contested = poll.ballot(5)
    board.cast(db, poll.uuid, contested)
    board.void_slip(db, poll.uuid, void(poll, 5, "contested", contested.tracker))
    db.flush()
    db.expire_all()
    holes = [(one.filled, one.tracker, one.alphas, one.body) for one in db.query(Pigeonhole)]
    assert len(holes) == 10
    assert len(set(holes)) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_of_a_ballot_taken_out_is_left_in_the_file(database: Database, db: Session, poll: ReadyPoll) -> None:
    db.commit()
    path = Path(str(make_url(database.url).database))
    contested = poll.ballot(5)
    board.cast(db, poll.uuid, contested)
    db.commit()
    full = path.read_bytes()
    signature = b'"signature":{"hash":"' + contested.raw.split(b'"signature":{"hash":"')[1][:20]
    assert full.count(signature) == 1
    board.void_slip(db, poll.uuid, void(poll, 5, "contested", contested.tracker))
    db.commit()
    emptied = path.read_bytes()
    assert emptied.count(signature) == 0
    assert len(emptied) == len(full)


def test_voids_stand_in_key_order_whatever_the_order_of_voiding(
    database: Database, db: Session, poll: ReadyPoll
) -> None:
    order = [7, 2, 9, 0, 4, 6, 1, 8, 3, 5]
    for n in order:
        board.void_slip(db, poll.uuid, void(poll, n))
        db.commit()
    board.advance(db, poll.uuid, State.OPEN, State.CLOSING)
    board.advance(db, poll.uuid, State.CLOSING, State.CLOSED)
    db.commit()
    query = "SELECT credential FROM board_voids" + ("" if database.sqlite else " ORDER BY ctid")
    keys = [bytes(key) for (key,) in db.execute(text(query))]
    assert keys == sorted(keys)
    voiding = [board.key_bytes(ED25519.base(poll.secret(n)).text) for n in order]
    assert sorted(voiding) == keys
    assert voiding != keys
    if not database.sqlite:
        assert len({xmin for (xmin,) in db.execute(text("SELECT xmin::text FROM board_voids"))}) == 1
