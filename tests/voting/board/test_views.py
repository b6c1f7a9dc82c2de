"""What anyone in the room may see: counts and seals while the meeting lasts, trackers after the close, never a result."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from config import Config
from tally import ballot
from tests.voting.ready_poll import UUID, ReadyPoll, ready_poll
from voting.board import service as board
from voting.board.models import State

PATHS = (f"/board/{UUID}", f"/board/{UUID}/count.json", f"/board/{UUID}/screen")


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config, slips=(6, 6, 2), labels=("甲类", "乙类", "丙类"))


def fill(db: Session, poll: ReadyPoll, slips: list[int]) -> list[str]:
    trackers = [board.cast(db, poll.uuid, poll.ballot(n)).tracker for n in slips]
    db.commit()
    return trackers


def close(db: Session, *to: State) -> None:
    frm = State.OPEN
    for one in to:
        board.advance(db, UUID, frm, one)
        frm = one
    db.commit()


def test_a_poll_in_preparation_is_nobodys_business(client: FlaskClient, db: Session) -> None:
    board.create(db, UUID, "会议推荐", rehearsal=True, transport="http")
    db.commit()
    for path in (*PATHS, f"/board/{UUID}/trackers.json", f"/v/{UUID}"):
        assert client.get(path).status_code == 404


def test_the_room_sees_an_empty_box_and_the_opening_seal(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    page = client.get(f"/board/{UUID}/screen").get_data(as_text=True)
    event = board.get(db, UUID).setup_event
    assert "票箱是空的" in page
    assert event[:4].upper() in page
    assert event[4:8].upper() in page
    assert client.get(f"/board/{UUID}/count.json").json["returned"] == 0


def test_while_voting_the_room_sees_how_many_and_nothing_else(
    client: FlaskClient, db: Session, poll: ReadyPoll
) -> None:
    board.set_counts(db, UUID, left_in_hand=2)
    fill(db, poll, [0, 6, 12])
    now = client.get(f"/board/{UUID}/count.json").json
    assert (now["state"], now["returned"], now["handed_out"], now["groups"], now["rest"]) == ("open", 3, 12, [], 0)
    refused = client.get(f"/board/{UUID}/trackers.json")
    assert (refused.status_code, refused.json["error"]) == (409, "not_yet")
    page = client.get(f"/board/{UUID}").get_data(as_text=True)
    assert "甲类" not in page


@pytest.mark.parametrize("states", [(State.CLOSING,), (State.CLOSING, State.CLOSED)])
def test_after_the_close_all_trackers_are_listed_in_an_order_that_says_nothing(
    client: FlaskClient, db: Session, poll: ReadyPoll, states: tuple[State, ...]
) -> None:
    trackers = fill(db, poll, [12, 3, 9, 0])
    close(db, *states)
    listed = client.get(f"/board/{UUID}/trackers.json").json
    assert sorted(listed["trackers"]) == sorted(trackers)
    assert listed["codes"] == sorted(ballot.short(one) for one in trackers)
    page = client.get(f"/board/{UUID}").get_data(as_text=True)
    assert all(ballot.short(one) in page for one in trackers)


def test_the_closing_screen_merges_small_groups(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    fill(db, poll, [*range(6), *range(6, 12), 12])
    close(db, State.CLOSING)
    now = client.get(f"/board/{UUID}/count.json").json
    assert (now["groups"], now["rest"]) == ([{"label": "乙类", "returned": 6}], 7)
    page = client.get(f"/board/{UUID}/screen").get_data(as_text=True)
    assert "乙类" in page
    assert "丙类" not in page
    assert "其余合计" in page


def test_the_sealed_box_shows_the_closing_seal(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    board.put_file(db, UUID, "closing.json", b"{}")  # its hash begins 44136fa3
    close(db, State.CLOSING, State.CLOSED)
    assert client.get(f"/board/{UUID}/count.json").json["closing_seal"] == "4413 6FA3"
    page = client.get(f"/board/{UUID}/screen").get_data(as_text=True)
    assert "票箱已封" in page
    assert "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a" in page


def test_the_closing_screen_counts_two_minutes_down(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    close(db, State.CLOSING)
    board.get(db, UUID).closing_since = 1
    db.commit()
    assert client.get(f"/board/{UUID}/count.json").json["seconds_left"] == 0


def test_a_void_poll_says_that_its_ballots_are_destroyed(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    fill(db, poll, [0])
    close(db, State.VOID)
    assert "已全部销毁" in client.get(f"/board/{UUID}/screen").get_data(as_text=True)
    assert client.get(f"/board/{UUID}/trackers.json").status_code == 409


def test_no_result_is_ever_shown_to_anyone(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    fill(db, poll, [0, 1, 2, 3, 4, 5])
    board.put_file(db, UUID, "result.json", b'{"result":[[0,0,0,6,0,0,0],[0,6,6,0,0,0]]}')
    close(db, State.CLOSING, State.CLOSED, State.TALLIED)
    for path in (*PATHS, f"/board/{UUID}/trackers.json", f"/v/{UUID}", f"/v/{UUID}/state.json"):
        page = client.get(path).get_data(as_text=True)
        assert "沈亦舟" not in page
        assert "result" not in page


def test_once_tallied_the_room_is_told_nothing_but_that_it_is_over(
    client: FlaskClient, db: Session, poll: ReadyPoll
) -> None:
    fill(db, poll, [0, 1, 2, 3, 4, 5])
    close(db, State.CLOSING, State.CLOSED, State.TALLIED)
    told = client.get(f"/board/{UUID}/count.json").get_json()
    assert set(told) == {"state", "opening_seal", "closing_seal"}
    answer = client.get(f"/board/{UUID}/trackers.json")
    assert (answer.status_code, answer.get_json()["error"]) == (409, "meeting_over")
    assert "会议已结束" in client.get(f"/board/{UUID}").get_data(as_text=True)
    assert "计票已完成" in client.get(f"/board/{UUID}/screen").get_data(as_text=True)
