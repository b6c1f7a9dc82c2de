"""The box takes each slip's ballot once, in whatever order and however often it is sent."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import Config
from tally.ballot import Ballot
from tests.voting.ready_poll import ABSTAIN, ReadyPoll, ready_poll
from voting.board import service as board
from voting.board.models import BoardPoll, Pigeonhole, State
from voting.errors import Code, Refused
from voting.store.base import Database


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config)


def refusal(call) -> Code:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_a_ballot_goes_in_and_comes_out_byte_for_byte(db: Session, poll: ReadyPoll) -> None:
    ballot = poll.ballot(0)
    accepted = board.cast(db, poll.uuid, ballot)
    assert accepted.first
    assert accepted.tracker == ballot.tracker
    assert board.ballots(db, poll.uuid) == [ballot.raw]
    assert board.trackers(db, poll.uuid) == [ballot.tracker]
    assert board.count(db, poll.uuid) == 1


def test_the_same_ballot_again_gets_the_same_answer_and_counts_once(db: Session, poll: ReadyPoll) -> None:
    ballot = poll.ballot(0)
    first = board.cast(db, poll.uuid, ballot)
    again = board.cast(db, poll.uuid, ballot)
    assert (again.tracker, again.first) == (first.tracker, False)
    assert board.count(db, poll.uuid) == 1


@pytest.mark.parametrize("later", [State.CLOSING, State.CLOSED, State.TALLIED])
def test_a_ballot_in_the_box_gets_its_answer_for_ever(db: Session, poll: ReadyPoll, later: State) -> None:
    ballot = poll.ballot(0)
    board.cast(db, poll.uuid, ballot)
    states = [State.OPEN, State.CLOSING, State.CLOSED, State.TALLIED]
    for here, there in itertools.pairwise(states[: states.index(later) + 1]):
        board.advance(db, poll.uuid, here, there)
    again = board.cast(db, poll.uuid, ballot)
    assert (again.tracker, again.first) == (ballot.tracker, False)


def test_another_ballot_of_a_used_slip_is_refused_and_the_first_stays(db: Session, poll: ReadyPoll) -> None:
    first, second = poll.ballot(0), poll.ballot(0, ABSTAIN)
    board.cast(db, poll.uuid, first)
    assert refusal(lambda: board.cast(db, poll.uuid, second)) == Code.CREDENTIAL_USED
    assert board.ballots(db, poll.uuid) == [first.raw]


def test_a_slip_that_is_not_on_the_list_is_refused(db: Session, config: Config, poll: ReadyPoll) -> None:
    stranger = ReadyPoll(poll.uuid, poll.election, poll.manifest, ("7777-7777-7777-7777-7777",))
    assert refusal(lambda: board.cast(db, poll.uuid, stranger.ballot(0))) == Code.UNKNOWN_CREDENTIAL
    assert board.count(db, poll.uuid) == 0


def test_a_ciphertext_may_stand_in_the_box_only_once(db: Session, poll: ReadyPoll) -> None:
    first, copied = poll.ballot(0), poll.ballot(1)
    board.cast(db, poll.uuid, first)
    copy = Ballot(
        copied.election_uuid,
        copied.election_hash,
        copied.credential,
        first.answers,
        copied.signature_hash,
        copied.signature,
    )
    assert refusal(lambda: board.cast(db, poll.uuid, copy)) == Code.CIPHERTEXT_REPEATED
    assert board.count(db, poll.uuid) == 1


@pytest.mark.parametrize(("state", "code"), [(State.ISSUED, Code.NOT_YET), (State.CLOSING, Code.CLOSED)])
def test_only_an_open_box_takes_ballots(db: Session, config: Config, state: State, code: Code) -> None:
    poll = ready_poll(db, config, state=state)
    assert refusal(lambda: board.cast(db, poll.uuid, poll.ballot(0))) == code


def test_an_unknown_poll_is_refused(db: Session, poll: ReadyPoll) -> None:
    assert refusal(lambda: board.cast(db, "11111111111111", poll.ballot(0))) == Code.NO_SUCH_POLL


def test_a_void_poll_keeps_no_ballot(db: Session, poll: ReadyPoll) -> None:
    ballot = poll.ballot(0)
    board.cast(db, poll.uuid, ballot)
    board.advance(db, poll.uuid, State.OPEN, State.VOID)
    assert db.scalars(select(Pigeonhole.credential)).all() == []
    assert refusal(lambda: board.cast(db, poll.uuid, ballot)) == Code.CLOSED


@pytest.mark.parametrize(
    ("frm", "to"),
    [(State.OPEN, State.ISSUED), (State.OPEN, State.CLOSED), (State.CLOSING, State.VOID), (State.CLOSING, State.OPEN)],
)
def test_a_poll_never_goes_back_nor_jumps(db: Session, poll: ReadyPoll, frm: State, to: State) -> None:
    if frm == State.CLOSING:
        board.advance(db, poll.uuid, State.OPEN, State.CLOSING)
    assert refusal(lambda: board.advance(db, poll.uuid, frm, to)) == Code.WRONG_STATE
    assert board.get(db, poll.uuid).state == frm


def test_a_step_is_taken_only_from_where_the_poll_is(db: Session, poll: ReadyPoll) -> None:
    assert refusal(lambda: board.advance(db, poll.uuid, State.ISSUED, State.OPEN)) == Code.WRONG_STATE


def test_the_box_is_made_once_and_only_before_the_opening(db: Session, config: Config) -> None:
    poll = ready_poll(db, config, state=State.ISSUED)
    assert refusal(lambda: board.prepare_box(db, poll.uuid)) == Code.WRONG_STATE
    board.advance(db, poll.uuid, State.ISSUED, State.OPEN)
    assert refusal(lambda: board.add_credentials(db, poll.uuid, 0, [bytes(32)])) == Code.WRONG_STATE
    frozen = {"election": b"", "trustees": b"", "credentials": b"", "manifest": b"", "log": b"", "minimum": 5}
    assert refusal(lambda: board.freeze(db, poll.uuid, **frozen)) == Code.WRONG_STATE


def test_every_pigeonhole_has_the_same_size_full_or_empty(db: Session, poll: ReadyPoll) -> None:
    for n in (3, 0, 7):
        board.cast(db, poll.uuid, poll.ballot(n))
    length = "SELECT length(body), length(tracker), length(alphas) FROM board_box"
    assert len({tuple(row) for row in db.execute(text(length))}) == 1
    assert board.count(db, poll.uuid) == 3


def test_two_casts_of_one_slip_at_the_same_moment_leave_one_ballot(
    database: Database, db: Session, poll: ReadyPoll
) -> None:
    ballots = [poll.ballot(0) for _ in range(6)]
    together = threading.Barrier(len(ballots))

    def cast(ballot: Ballot) -> Code | str:
        together.wait()
        try:
            with database.begin() as mine:
                return board.cast(mine, poll.uuid, ballot).tracker
        except Refused as error:
            return error.code

    with ThreadPoolExecutor(len(ballots)) as pool:
        answers = list(pool.map(cast, ballots))
    won = [answer for answer in answers if not isinstance(answer, Code)]
    assert len(won) == 1
    assert answers.count(Code.CREDENTIAL_USED) == len(ballots) - 1
    assert board.trackers(db, poll.uuid) == won


def test_a_copy_cast_at_the_same_moment_does_not_slip_through(database: Database, db: Session, poll: ReadyPoll) -> None:
    first, other = poll.ballot(0), poll.ballot(1)
    copy = Ballot(
        other.election_uuid, other.election_hash, other.credential, first.answers, other.signature_hash, other.signature
    )
    together = threading.Barrier(2)

    def cast(ballot: Ballot) -> Code | None:
        together.wait()
        try:
            with database.begin() as mine:
                board.cast(mine, poll.uuid, ballot)
        except Refused as error:
            return error.code
        return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(cast, [first, copy]))
    assert sorted(map(str, answers)) == sorted([str(None), str(Code.CIPHERTEXT_REPEATED)])
    assert board.count(db, poll.uuid) == 1


def test_closing_waits_for_a_cast_in_flight_and_keeps_it(database: Database, db: Session, poll: ReadyPoll) -> None:
    held = threading.Event()

    def close() -> None:
        held.wait()
        with database.begin() as mine:
            board.advance(mine, poll.uuid, State.OPEN, State.CLOSING)

    closer = threading.Thread(target=close)
    closer.start()
    with database.begin() as mine:
        board.cast(mine, poll.uuid, poll.ballot(0))
        held.set()
        closer.join(timeout=0.5)
        assert closer.is_alive()
    closer.join()
    assert db.scalar(select(BoardPoll.state)) == State.CLOSING
    assert board.count(db, poll.uuid) == 1


def test_a_refused_cast_leaves_nothing(database: Database, db: Session, poll: ReadyPoll) -> None:
    with database.session() as mine:
        board.cast(mine, poll.uuid, poll.ballot(0))
        mine.rollback()  # as when the power fails before the commit
    assert board.count(db, poll.uuid) == 0
    assert board.cast(db, poll.uuid, poll.ballot(0)).first


def test_small_groups_are_merged_in_what_the_room_sees(db: Session, config: Config) -> None:
    poll = ready_poll(db, config, slips=(6, 6, 2), labels=("甲类", "乙类", "丙类"))
    for n in (*range(6), *range(6, 12), 12):
        board.cast(db, poll.uuid, poll.ballot(n))
    seen = board.shown_by_group(db, poll.uuid)
    # 丙类 alone has 1 ballot: one of the others must join it, or its count could be had by subtraction.
    assert (seen.shown, seen.rest) == ([("乙类", 6)], 7)


def test_receipt_keys_differ_by_poll_and_secret(config: Config) -> None:
    keys = {bytes(board.receipt_key(secret, uuid)) for secret in (b"a" * 32, b"b" * 32) for uuid in ("x", "y")}
    assert len(keys) == 4
    assert board.receipt_key(b"a" * 32, "x") == board.receipt_key(b"a" * 32, "x")


def test_the_record_folder_keeps_files_byte_for_byte(db: Session, poll: ReadyPoll) -> None:
    board.put_file(db, poll.uuid, "voids.json", b"[]")
    board.put_file(db, poll.uuid, "voids.json", b"[1]")
    board.put_file(db, poll.uuid, "closing.json", b"\x00\xff")
    assert board.files(db, poll.uuid) == {"closing.json": b"\x00\xff", "voids.json": b"[1]"}
    assert board.get_file(db, poll.uuid, "tally.json") is None


@pytest.mark.parametrize("counts", [{"printed": -1}, {"state": 3}])
def test_counts_that_make_no_sense_are_refused(db: Session, poll: ReadyPoll, counts: dict[str, int]) -> None:
    assert refusal(lambda: board.set_counts(db, poll.uuid, **counts)) == Code.BAD_REQUEST
