"""The trustee's calls over HTTP: a token in a header, no cookie, every refusal with its code."""

import json

import pytest

from tests.voting.trustees.conftest import RESULT, UUID
from voting.board import service as board


def test_the_page_is_the_same_for_everybody_and_tells_nothing(draft, client):
    draft.db.commit()
    with_poll = client.get(f"/trustee/{UUID}/1")
    without = client.get("/trustee/6rRvc7HTY5uUqY/1")
    assert with_poll.status_code == without.status_code == 200
    assert with_poll.text.replace(UUID, "") == without.text.replace("6rRvc7HTY5uUqY", "")
    assert "郑为民" not in with_poll.text
    assert "Set-Cookie" not in with_poll.headers
    assert with_poll.headers["Cache-Control"] == "no-store"


def test_nothing_inline_stands_on_the_page(draft, client):
    text = client.get(f"/trustee/{UUID}/1").text
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick" not in text
    assert text.count("<script") == text.count('<script type="module" src=')


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer " + "0" * 48}, {"Authorization": "Basic x"}, {"Authorization": "Bearer x"}],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/state"), ("POST", "/key"), ("POST", "/opened"), ("GET", "/record/manifest.json"), ("POST", "/share")],
)
def test_without_the_right_token_every_call_is_refused(draft, client, method, path, headers):
    draft.db.commit()
    answer = client.open(f"/trustee/{UUID}/1{path}", method=method, headers=headers, data=b"{}")
    assert (answer.status_code, answer.json["error"]) == (401, "invitation")


def test_a_trustee_goes_all_the_way_over_http(draft, client):
    draft.db.commit()
    for one in draft.holders:
        state = client.get(f"{one.root}/state", headers=one.headers).json
        assert (state["step"], state["name"], state["role"], state["selection"]) == (
            "key",
            one.name,
            one.role,
            "2026年机关科级领导职务选拔任用",
        )
        nonce = client.post(f"{one.root}/key", headers=one.headers, data=one.message()).json["nonce"]
        assert client.get(f"{one.root}/state", headers=one.headers).json["nonce"] == nonce
        assert client.post(f"{one.root}/opened", headers=one.headers, data=one.opening(nonce)).json == {"opened": True}
    draft.db.rollback()
    draft.db.expire_all()
    draft.vote_and_close()
    draft.db.rollback()
    for one in draft.holders:
        state = client.get(f"{one.root}/state", headers=one.headers).json
        assert state["step"] == "decrypt"
        for name in state["files"]:
            answer = client.get(f"{one.root}/record/{name}", headers=one.headers)
            assert answer.data == board.get_file(draft.db, UUID, name)
        share = draft.share(one.n).raw
        draft.db.rollback()
        answer = client.post(f"{one.root}/share", headers=one.headers, data=share)
        assert answer.json == {"done": one.n == 3}
    last = client.get(f"{draft.holders[0].root}/state", headers=draft.holders[0].headers).json
    assert (last["step"], [one["shared"] for one in last["trustees"]]) == ("done", [True] * 3)
    assert json.loads(board.get_file(draft.db, UUID, "result.json") or b"")["result"] == RESULT


def test_the_state_tells_no_result_and_no_seal(closed, client):
    seal = closed.closing.seal
    sigma = closed.closing.sigma
    closed.db.rollback()
    one = closed.holders[0]
    text = client.get(f"{one.root}/state", headers=one.headers).text
    assert seal not in text
    assert sigma not in text
    assert "result" not in text


def test_the_token_decides_whatever_number_the_address_carries(draft, client):
    draft.db.commit()
    one = draft.holders[0]
    assert client.get(f"/trustee/{UUID}/3/state", headers=one.headers).json["n"] == 1


@pytest.mark.parametrize("name", ["result", "nothing.json", "..%2f..%2fetc%2fpasswd", "config.py"])
def test_a_file_that_is_not_in_the_record_is_not_found(closed, client, name):
    closed.db.rollback()
    one = closed.holders[0]
    answer = client.get(f"{one.root}/record/{name}", headers=one.headers)
    assert (answer.status_code, answer.json["error"]) == (404, "not_found")


def test_the_record_is_not_told_before_the_close(draft, client):
    draft.db.commit()
    one = draft.holders[0]
    answer = client.get(f"{one.root}/record/manifest.json", headers=one.headers)
    assert (answer.status_code, answer.json["error"]) == (409, "wrong_state")


def test_a_share_before_there_is_an_election_is_refused(draft, client):
    draft.db.commit()
    one = draft.holders[0]
    answer = client.post(f"{one.root}/share", headers=one.headers, data=b"{}")
    assert (answer.status_code, answer.json["error"]) == (409, "wrong_state")


@pytest.mark.parametrize("path", ["/key", "/opened", "/share"])
def test_an_oversized_body_is_refused(closed, client, path):
    closed.db.rollback()
    one = closed.holders[0]
    answer = client.post(f"{one.root}{path}", headers=one.headers, data=b"x" * 100_000)
    assert (answer.status_code, answer.json["error"]) == (413, "too_large")


def test_a_bad_share_names_its_maker_in_the_answer(closed, client):
    raw = closed.share(2).raw.replace(b'"sigma":"', b'"sigma":"00')
    closed.db.rollback()
    one = closed.holders[1]
    answer = client.post(f"{one.root}/share", headers=one.headers, data=raw)
    assert (answer.status_code, answer.json["error"]) == (422, "share_seal")
    assert answer.json["zh"]


@pytest.mark.parametrize("path", ["", "/state", "/record/manifest.json"])
def test_reading_changes_nothing_and_accepts_only_get(draft, client, path):
    draft.db.commit()
    assert client.post(f"/trustee/{UUID}/1{path}").status_code == 405
