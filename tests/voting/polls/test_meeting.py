"""The meeting's steps: one place for every clerk and the projector, on and back, and what each step needs first."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from tests.voting.polls.meeting import BASE, CLERK, NOW, PAIR, Meeting
from voting.board import facts, steps
from voting.board import service as board
from voting.board.models import State
from voting.board.steps import Step
from voting.errors import Code, Refused
from voting.polls import meeting
from voting.polls.officials import Official


@pytest.fixture
def room(db: Session) -> Meeting:
    return Meeting(db).plan().create().invite().make_keys().keyed().issue().check()


def at(room: Meeting) -> Step | None:
    return meeting.at(board.get(room.db, room.uuid))


def go(room: Meeting, frm: str, to: str, after: int = 0) -> None:
    meeting.go(room.db, room.uuid, frm, to, base_url=BASE, now=NOW + dt.timedelta(seconds=after), actor=CLERK)


def named(room: Meeting) -> Meeting:
    """As far as the names of the room."""
    go(room, "check", "count")
    meeting.count_people(room.db, room.uuid, expected=7, present=6, actor=CLERK)
    go(room, "rules", "officials")
    meeting.name_officials(room.db, room.uuid, PAIR, actor=CLERK)
    return room


def voting(room: Meeting) -> Meeting:
    """As far as 投票."""
    named(room).open()
    go(room, "box", "hand")
    return room.counts(present=6, left_in_hand=7)


def test_the_meeting_is_led_from_the_check_to_the_sealed_box(room):
    voting(room)
    assert at(room) is Step.VOTE
    go(room, "vote", "call")
    room.start_closing()
    assert at(room) is Step.VOIDS
    go(room, "voids", "seal")
    room.finish_closing()
    assert at(room) is Step.TALLY


def test_a_meeting_goes_back_where_nothing_irreversible_happened(room):
    named(room)
    for frm, to in (("box", "officials"), ("officials", "rules"), ("rules", "count"), ("count", "check")):
        go(room, frm, to)
    assert at(room) is Step.CHECK


@pytest.mark.parametrize(("frm", "to"), [("check", "rules"), ("check", "hand"), ("count", "check"), ("check", "x"),
                                         ("", ""), ("check", "check"), ("box", "hand")])  # fmt: skip
def test_no_step_is_skipped_and_none_is_left_that_the_room_is_not_at(room, frm, to):
    with pytest.raises(Refused) as refused:
        go(room, frm, to)
    assert refused.value.code is Code.WRONG_STATE


def test_the_opening_is_not_taken_back(room):
    named(room).open()
    with pytest.raises(Refused) as refused:
        go(room, "box", "officials")
    assert refused.value.code is Code.WRONG_STATE


def test_a_second_clerk_who_presses_the_same_step_is_told_that_the_room_has_moved(room):
    go(room, "check", "count")
    with pytest.raises(Refused) as refused:
        go(room, "check", "count")
    assert refused.value.code is Code.WRONG_STATE


def test_the_people_are_counted_before_the_rules_are_read(room):
    go(room, "check", "count")
    with pytest.raises(Refused) as refused:
        go(room, "count", "rules")
    assert refused.value.code is Code.COUNTS_INVALID


def test_officials_are_named_before_the_box_is_shown(room):
    go(room, "check", "count")
    meeting.count_people(room.db, room.uuid, expected=7, present=6, actor=CLERK)
    go(room, "rules", "officials")
    with pytest.raises(Refused) as refused:
        go(room, "officials", "box")
    assert refused.value.code is Code.OFFICIALS_INVALID


def test_what_was_typed_once_lets_the_meeting_go_on_again_after_a_step_back(room):
    named(room)
    go(room, "box", "officials")
    go(room, "officials", "box")
    assert at(room) is Step.BOX


@pytest.mark.parametrize(("expected", "present"), [(0, 0), (7, 0), (7, 8), (100_001, 7)])
def test_impossible_numbers_of_people_are_refused(room, expected, present):
    go(room, "check", "count")
    with pytest.raises(Refused) as refused:
        meeting.count_people(room.db, room.uuid, expected=expected, present=present, actor=CLERK)
    assert refused.value.code is Code.COUNTS_INVALID
    assert board.get(room.db, room.uuid).present is None


@pytest.mark.parametrize(
    "pair", [[Official("季慕青", "监票人"), PAIR[1]], [PAIR[0], Official(PAIR[0].name, "计票人")], []]
)
def test_a_candidate_or_one_person_twice_is_no_official(room, pair):
    go(room, "check", "count")
    meeting.count_people(room.db, room.uuid, expected=7, present=6, actor=CLERK)
    go(room, "rules", "officials")
    with pytest.raises(Refused) as refused:
        meeting.name_officials(room.db, room.uuid, pair, actor=CLERK)
    assert refused.value.code is Code.OFFICIALS_INVALID


def test_people_are_counted_at_their_step_alone(room):
    with pytest.raises(Refused) as refused:
        meeting.count_people(room.db, room.uuid, expected=7, present=6, actor=CLERK)
    assert refused.value.code is Code.WRONG_STATE


def test_officials_are_named_at_their_step_alone(room):
    with pytest.raises(Refused) as refused:
        meeting.name_officials(room.db, room.uuid, PAIR, actor=CLERK)
    assert refused.value.code is Code.WRONG_STATE


def test_the_last_call_runs_for_a_minute_and_closes_nothing(room):
    voting(room)
    go(room, "vote", "call")
    on_board, began = board.get(room.db, room.uuid), int(NOW.timestamp())
    assert facts.snapshot(room.db, on_board, began + 18)["call_left"] == 42
    assert facts.snapshot(room.db, on_board, began + 3600)["call_left"] == 0
    assert on_board.state == State.OPEN


def test_the_last_call_is_repeated_or_taken_back(room):
    voting(room)
    go(room, "vote", "call")
    go(room, "call", "call", after=90)
    assert steps.call_left(board.get(room.db, room.uuid).last_call, NOW.timestamp() + 100) == 50
    go(room, "call", "vote")
    assert board.get(room.db, room.uuid).last_call is None
    assert facts.snapshot(room.db, board.get(room.db, room.uuid), 0)["call_left"] is None


def test_a_late_comer_and_a_lost_slip_are_counted_until_the_box_is_sealed(room):
    voting(room)
    go(room, "vote", "call")
    room.counts(present=7, left_in_hand=6)
    assert at(room) is Step.CALL
    room.start_closing()
    room.counts(present=7, left_in_hand=7)
    assert board.get(room.db, room.uuid).left_in_hand == 7


def test_a_poll_led_without_the_steps_is_where_its_state_says(room):
    room.open()
    assert at(room) is Step.BOX
    room.counts()
    assert at(room) is Step.VOTE


def test_before_the_slips_and_after_a_void_there_is_no_step(db):
    early = Meeting(db).plan().create()
    assert at(early) is None
