"""The page of corrections after printing, as a clerk fills it in; refused by code, with what was typed still there."""

import json
import re

import pytest
from sqlalchemy import update

from tests.voting.polls.meeting import Meeting
from voting.board import service as board
from voting.board.models import BoardPoll
from voting.polls import drafts
from voting.selections import service as selections
from voting.store.base import Database


@pytest.fixture
def room(database: Database) -> Meeting:
    with database.begin() as db:
        return Meeting(db).plan().create().invite().make_keys().keyed().issue()


@pytest.fixture
def page(room: Meeting) -> str:
    return f"/office/polls/{room.uuid}/amend"


def typed(room: Meeting, **changes: str) -> dict[str, str]:
    fields = {"administrator": drafts.ADMINISTRATOR, "credential_authority": drafts.CREDENTIAL_AUTHORITY,
              "reason": "错字", "name_1": "糜文珊", "name_2": "荣佳怡"}  # fmt: skip
    for i, (post, title, most) in enumerate(zip(room.posts, ("人事教育处处长", "机关中层副职"), "12", strict=True)):
        fields |= {
            f"questions-{i}-post_id": str(post),
            f"questions-{i}-title": title,
            f"questions-{i}-max_choices": most,
        }
    return {**fields, **changes}


def standing(database: Database, room: Meeting) -> list[tuple[str, int, bool]]:
    """Title, choices and whether the candidates are locked, of every post on the ballot."""
    with database.session(immediate=False) as db:
        asked = drafts.get(db, room.uuid).questions
        return [(q.post.title, q.max_choices, selections.locked(db, q.post_id)) for q in asked]


AS_PLANNED = [("人事教育处处长", 1, True), ("机关中层副职", 2, True)]


def test_the_page_shows_the_ballot_as_it_stands_and_says_what_cannot_be_amended(office_client, database, room, page):
    text = office_client.get(page).text
    for value in ("人事教育处处长", "机关中层副职", drafts.ADMINISTRATOR, drafts.CREDENTIAL_AUTHORITY):
        assert f'value="{value}"' in text
    assert re.search("投票名称、推荐形式、票种.*保管人的密钥.*不能更正", text)
    assert standing(database, room) == AS_PLANNED


def test_a_title_and_a_number_are_corrected_and_the_candidates_stay_locked(office_client, database, room, page):
    done = office_client.post(
        page, data=typed(room, **{"questions-0-title": "人事处处长", "questions-1-max_choices": "1"})
    )
    assert done.status_code == 302
    assert standing(database, room) == [("人事处处长", 1, True), ("机关中层副职", 1, True)]
    console = office_client.get(done.location).text
    assert "职位“人事教育处处长”改为“人事处处长”；机关中层副职每人可推荐 2 人改为 1 人" in console
    assert "可以更正推荐人选了" not in console
    assert "已办更正：糜文珊、荣佳怡" in console


def test_a_ticked_box_opens_the_way_to_the_candidates(office_client, database, room, page):
    done = office_client.post(page, data=typed(room, candidates="y"))
    console = office_client.get(done.location).text
    assert "可以更正推荐人选了" in console
    assert f"/office/posts/{room.posts[0]}/candidates" in console
    assert [locked for _, _, locked in standing(database, room)] == [False, False]


def test_reason_and_names_alone_open_the_candidates_and_change_nothing_else(office_client, database, room, page):
    done = office_client.post(page, data={"reason": "错字", "name_1": "甲", "name_2": "乙"})
    assert done.status_code == 302
    assert [(title, most) for title, most, _ in standing(database, room)] == [one[:2] for one in AS_PLANNED]
    assert not any(locked for _, _, locked in standing(database, room))


def test_a_post_of_another_printed_poll_is_shown_as_fixed_and_is(office_client, database, room, page):
    with database.begin() as db:
        Meeting(db, posts=room.posts, selection=room.selection).create(
            title="谈话"
        ).invite().make_keys().keyed().issue()
    text = office_client.get(page).text
    assert len(re.findall(r'<input type="hidden" name="questions-\d-title"', text)) == 2
    assert 'name="candidates"' not in text
    assert "另一次已印票的投票也用这个职位" in text
    in_vain = office_client.post(page, data={"reason": "错字", "name_1": "甲", "name_2": "乙"})
    assert "人选仍不能改" in office_client.get(in_vain.location).text
    answer = office_client.post(page, data=typed(room, **{"questions-0-title": "人事处处长"}))
    assert answer.status_code == 409
    assert "post_held" in answer.text
    assert standing(database, room) == AS_PLANNED


@pytest.mark.parametrize(("changes", "code"), [
    ({}, "nothing_amended"),
    ({"questions-0-title": ""}, "invalid_value"),
    ({"questions-0-title": "长" * 81}, "invalid_value"),
    ({"questions-0-title": "a|b"}, "invalid_value"),
    ({"questions-0-title": "机关中层副职"}, "invalid_value"),
    ({"questions-0-max_choices": ""}, "invalid_value"),
    ({"questions-0-max_choices": "0"}, "invalid_value"),
    ({"questions-0-max_choices": "二"}, "invalid_value"),
    ({"questions-0-max_choices": "4"}, "choices_invalid"),
    ({"questions-0-post_id": ""}, "invalid_value"),
    ({"questions-0-post_id": "999"}, "bad_request"),
    ({"administrator": ""}, "invalid_value"),
    ({"credential_authority": "a|b"}, "invalid_value"),
    ({"questions-1-max_choices": "1", "reason": ""}, "reason_missing"),
    ({"questions-1-max_choices": "1", "name_2": "糜文珊"}, "officials_invalid"),
    ({"questions-1-max_choices": "1", "name_2": "俞景行"}, "officials_invalid"),
])  # fmt: skip
def test_a_form_that_is_not_in_order_is_refused_and_shown_again(office_client, database, room, page, changes, code):
    answer = office_client.post(page, data=typed(room, **changes))
    assert code in answer.text
    assert 400 <= answer.status_code < 500
    assert standing(database, room) == AS_PLANNED
    assert 'name="questions-0-title"' in answer.text
    for name in ("questions-0-title", "reason", "name_1"):
        value = changes.get(name, typed(room)[name])
        assert re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"', answer.text), name


def test_a_form_without_one_of_its_fields_is_refused(office_client, database, room, page):
    for missing in typed(room):
        data = {
            name: value for name, value in typed(room, **{"questions-1-max_choices": "1"}).items() if name != missing
        }
        assert office_client.post(page, data=data).status_code in {400, 422}, missing
        assert standing(database, room) == AS_PLANNED, missing


@pytest.mark.parametrize("state", ["draft", "keyed", "open", "closing", "closed", "tallied", "void"])
def test_outside_the_state_issued_nothing_is_amended(office_client, database, room, page, state):
    with database.begin() as db:
        db.execute(update(BoardPoll).where(BoardPoll.uuid == room.uuid).values(state=state))
    for answer in (office_client.get(page), office_client.post(page, data=typed(room, **{"questions-0-title": "新"}))):
        assert answer.status_code == 409
        assert "wrong_state" in answer.text
    assert standing(database, room) == AS_PLANNED


@pytest.mark.parametrize("uuid", ["1111111111111B", "密票"])
def test_a_poll_that_does_not_exist_is_a_404(office_client, room, uuid):
    for answer in (
        office_client.get(f"/office/polls/{uuid}/amend"),
        office_client.post(f"/office/polls/{uuid}/amend", data=typed(room)),
    ):
        assert answer.status_code == 404
        assert "no_such_poll" in answer.text


def test_only_the_office_may_amend(client, review_client, supervisor_client, database, room, page):
    assert client.get(page).status_code == 302
    assert client.post(page, data=typed(room), headers={"Accept": "application/json"}).status_code == 401
    for other in (review_client, supervisor_client):
        assert other.get(page).status_code == 403
        assert other.post(page, data=typed(room, candidates="y")).status_code == 403
    assert standing(database, room) == AS_PLANNED


def test_the_preview_shows_the_corrected_ballot(office_client, database, room, page):
    office_client.post(page, data=typed(room, **{"questions-0-title": "人事处处长"}))
    page = office_client.get(f"/office/polls/{room.uuid}/preview").text
    data = json.loads(re.search(r'id="preview">(.*?)</script>', page, re.DOTALL)[1])
    assert [q["question"] for q in data["election"]["questions"]] == ["人事处处长", "机关中层副职"]
    with database.session(immediate=False) as db:
        assert board.get(db, room.uuid).title == "会议推荐"
