"""The page on which a lost batch is made void and printed anew: pressed as a clerk presses it, refused by code."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from keys import credential
from keys.curve import ED25519
from tests.voting.polls.meeting import Meeting
from tests.voting.slips.test_sheets import codes
from voting.accounts.models import Audit
from voting.board import service as board
from voting.board.models import BoardPoll
from voting.store.base import Database

TYPED = {"group": ["0.0"], "reason": "打印机卡纸", "name_1": "糜文珊", "name_2": "荣佳怡"}


@pytest.fixture
def room(database: Database) -> Meeting:
    with database.begin() as db:
        return Meeting(db).plan().create().invite().make_keys().keyed().issue()


@pytest.fixture
def page(room: Meeting) -> str:
    return f"/office/polls/{room.uuid}/reissue"


def listed(database: Database, room: Meeting) -> dict[str, int]:
    with database.session(immediate=False) as db:
        return {board.key_text(raw): group for raw, group in board.credentials(db, room.uuid)}


def publics(room: Meeting, several: list[str]) -> set[str]:
    return {ED25519.base(credential.secret(ED25519, room.uuid, code)).text for code in several}


def test_looking_says_how_many_each_group_has_and_changes_nothing(office_client, database, room, page):
    before = listed(database, room)
    text = office_client.get(page).text
    assert re.findall(r'name="group"[^>]*value="([^"]*)" data-printed="(\d+)"', text) == [("0.0", "6"), ("1.0", "7")]
    assert "checked" not in text
    assert listed(database, room) == before


def test_the_new_slips_are_streamed_once_and_never_kept(office_client, database, room, page):
    answer = office_client.post(page, data=TYPED)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    new, old = codes(answer.text), room.codes
    assert len(set(new)) == 6
    now = listed(database, room)
    assert {key for key, group in now.items() if group == 0} == publics(room, new)
    assert {key for key, group in now.items() if group == 1} == publics(room, old[6:])
    for path in (page, f"/office/polls/{room.uuid}/slips", f"/office/polls/{room.uuid}"):
        later = office_client.get(path).text
        assert not [code for code in new if code in later or code.replace("-", "") in later], path


def test_the_old_slips_are_called_void_above_the_sheets_and_not_on_them(office_client, page):
    text = office_client.post(page, data=TYPED).text
    bar, sheets = text.split("<svg class=", 1)
    assert "旧票一律作废，请当面收回销毁：机关中层正职" in bar
    assert "机关其他人员" not in bar
    assert "作废" not in sheets
    assert "共 6 张" in bar


def test_a_first_print_calls_nothing_void(office_client, database):
    with database.begin() as db:
        uuid = Meeting(db).plan().create().invite().make_keys().keyed().uuid
    assert "作废" not in office_client.post(f"/office/polls/{uuid}/slips").text


def test_a_second_press_of_the_same_form_is_refused_and_ticks_nothing(office_client, database, room, page):
    first = office_client.post(page, data=TYPED)
    again = office_client.post(page, data=TYPED)
    assert again.status_code == 409
    assert "reissue_stale" in again.text
    assert "checked" not in again.text
    assert codes(again.text) == []
    assert publics(room, codes(first.text)) <= listed(database, room).keys()
    assert "已重印 1 次" in again.text


def test_on_the_page_after_a_refusal_what_was_typed_still_stands(office_client, page):
    answer = office_client.post(page, data={**TYPED, "group": ["1.0"], "name_2": "季 慕青"})
    assert answer.status_code == 422
    assert re.search(r'value="1\.0"[^>]* checked', answer.text)
    assert not re.search(r'value="0\.0"[^>]* checked', answer.text)
    assert 'value="打印机卡纸"' in answer.text
    assert 'value="糜文珊"' in answer.text


@pytest.mark.parametrize(("changes", "code"), [
    ({"group": []}, "reissue_no_group"),
    ({"group": ["9.0"]}, "bad_request"),
    ({"group": ["0.0", "0.0"]}, "bad_request"),
    ({"group": ["0.0", "0.1"]}, "bad_request"),
    ({"group": [""]}, "bad_request"),
    ({"group": ["0"]}, "bad_request"),
    ({"group": ["-1.0"]}, "bad_request"),
    ({"group": ["0.٠"]}, "bad_request"),
    ({"group": ["0." + "9" * 5_000]}, "bad_request"),
    ({"group": ["0.0\n"]}, "bad_request"),
    ({"group": ["0.1"]}, "reissue_stale"),
    ({"reason": ""}, "reason_missing"),
    ({"reason": "长" * 201}, "invalid_value"),
    ({"name_1": ""}, "officials_invalid"),
    ({"name_1": "荣 佳怡"}, "officials_invalid"),
    ({"name_2": "季慕青"}, "officials_invalid"),
])  # fmt: skip
def test_a_form_that_is_not_in_order_is_refused_by_code(office_client, database, room, page, changes, code):
    before = listed(database, room)
    answer = office_client.post(page, data={**TYPED, **changes})
    assert code in answer.text
    assert 400 <= answer.status_code < 500
    assert listed(database, room) == before
    assert codes(answer.text) == []


@pytest.mark.parametrize("state", ["draft", "keyed", "open", "closing", "closed", "tallied", "void"])
def test_outside_the_state_issued_there_is_neither_page_nor_press(office_client, database, room, page, state):
    with database.begin() as db:
        db.execute(update(BoardPoll).where(BoardPoll.uuid == room.uuid).values(state=state))
    before = listed(database, room)
    for answer in (office_client.get(page), office_client.post(page, data=TYPED)):
        assert answer.status_code == 409
        assert "wrong_state" in answer.text
    assert listed(database, room) == before
    assert "/reissue" not in office_client.get(f"/office/polls/{room.uuid}").text
    assert "/reissue" not in office_client.get(f"/office/polls/{room.uuid}/slips").text


@pytest.mark.parametrize("uuid", ["1111111111111B", "密票"])
def test_slips_of_a_poll_that_does_not_exist_are_a_404(office_client, uuid):
    for answer in (
        office_client.get(f"/office/polls/{uuid}/reissue"),
        office_client.post(f"/office/polls/{uuid}/reissue", data=TYPED),
    ):
        assert answer.status_code == 404
        assert "no_such_poll" in answer.text


def test_only_the_office_may_print_anew(
    client: FlaskClient, review_client: FlaskClient, supervisor_client: FlaskClient, database, room, page
):
    before = listed(database, room)
    assert client.post(page, data=TYPED, headers={"Accept": "application/json"}).status_code == 401
    assert client.get(page).status_code == 302
    for other in (review_client, supervisor_client):
        assert other.get(page).status_code == 403
        assert other.post(page, data=TYPED).status_code == 403
    assert listed(database, room) == before


def test_a_press_needs_the_forms_hidden_token(app, office_client, database, room, page):
    app.config["WTF_CSRF_ENABLED"] = True
    before = listed(database, room)
    assert office_client.post(page, data=TYPED).status_code == 400
    assert listed(database, room) == before


def test_what_was_printed_once_points_to_the_way_to_print_anew(office_client, room, page):
    assert page in office_client.get(f"/office/polls/{room.uuid}/slips").text
    assert page in office_client.get(f"/office/polls/{room.uuid}").text


def test_the_staff_log_says_it_in_words_and_names_no_slip(office_client, supervisor_client, database, room, page):
    new = codes(office_client.post(page, data=TYPED).text)
    log = supervisor_client.get("/review/audit").text
    assert "作废重印选票" in log
    assert "机关中层正职 6 张（第 1 次）；打印机卡纸（糜文珊、荣佳怡）" in log
    with database.session(immediate=False) as db:
        said = " ".join(db.scalars(select(Audit.detail)))
    assert not [code for code in [*room.codes, *new] if code in said + log]
