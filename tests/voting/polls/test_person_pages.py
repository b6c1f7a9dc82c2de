"""The office's pages of evaluations and decisions: picked, typed or read from a file; corrected after printing."""

import io
import re

import pytest
from flask.testing import FlaskClient

from tests.voting.polls.meeting import Meeting
from tests.voting.polls.test_persons import WHOLE
from voting import sample
from voting.board import service as board
from voting.polls import drafts
from voting.store.base import Database

ITEMS = ["德", "能", "勤", "绩", "廉", "总体评价", "使用意见"]


@pytest.fixture
def room(database: Database) -> Meeting:
    with database.begin() as db:
        return Meeting(db).plan()


def fields(*people: tuple[str, str, str], kind: str = "evaluation", **changes: object) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": kind, "title": "民主测评", "rehearsal": "y", "administrator": "局人教处", "credential_authority": "局人教处",
        "items": ["总体评价", "使用意见"] if kind == "evaluation" else [], "rate_base": "marked",
        "groups-0-label": "机关其他人员", "groups-0-expected": "7", "groups-0-spares": "",
    }  # fmt: skip
    for n, (order, name, duty) in enumerate(people):
        found |= {f"persons-{n}-on": "y", f"persons-{n}-order": order, f"persons-{n}-name": name,
                  f"persons-{n}-duty": duty, f"persons-{n}-department": ""}  # fmt: skip
    return {**found, **changes}


def address(room: Meeting, kind: str) -> str:
    return f"/office/selections/{room.selection}/polls/new?kind={kind}"


def names_in(page: str) -> list[str]:
    """Whose names stand in the rows, in order."""
    return [name for name in re.findall(r'name="persons-\d+-name"[^>]*value="([^"]*)"', page) if name]


def test_the_form_offers_every_candidate_once_unticked_and_all_items(office_client: FlaskClient, room: Meeting):
    page = office_client.get(address(room, "evaluation")).text
    assert names_in(page) == ["季慕青", "过静宜", "顾𬱖", "俞景行"]
    boxes = re.findall(r'<input[^>]*name="persons-\d+-on"[^>]*>', page)
    assert not [one for one in boxes if " checked" in one]
    meant = re.findall(r'<input type="hidden" name="persons-(\d+)-on" value="y">', page)
    assert meant == ["4", "5"]  # the blank rows: who types a name there means it
    assert re.findall(r'<input[^>]*checked [^>]*name="items"[^>]*value="([^"]*)"', page) == ITEMS
    assert 'name="form"' not in page


def test_a_decisions_form_warns_of_unanimity_and_asks_the_party_group(office_client: FlaskClient, room: Meeting):
    page = office_client.get(address(room, "decision")).text
    assert "意见一致时，从合计数就能知道每个人投的是什么" in page
    assert "用票决定时，同样须超过应到会成员的半数同意" in page
    assert re.findall(r'name="groups-\d+-label"[^>]*value="([^"]*)"', page) == ["局党组成员"]
    assert 'name="items"' not in page


def test_the_clerks_order_decides_and_who_has_no_number_follows(database, office_client: FlaskClient, room: Meeting):
    typed = fields(("", "季慕青", "副处长"), ("2", "过静宜", ""), ("1", "顾𬱖", ""), ("", "", ""))
    made = office_client.post(address(room, "evaluation"), data=typed)
    assert made.status_code == 302
    uuid = made.location.rsplit("/", 1)[1]
    with database.begin() as db:
        poll = drafts.get(db, uuid)
        assert [one.answer for one in poll.persons] == ["顾𬱖", "过静宜", "季慕青（副处长）"]
        assert (poll.kind, poll.asked, poll.rate_base) == ("evaluation", ("总体评价", "使用意见"), "marked")
    console = office_client.get(f"/office/polls/{uuid}").text
    assert ["测评对象 3 人" in console, "总体评价、使用意见" in console, "推荐职位" in console] == [True, True, False]
    again = office_client.get(f"/office/polls/{uuid}/edit").text
    assert names_in(again) == [
        "顾𬱖",
        "过静宜",
        "季慕青",
        "季慕青",
        "过静宜",
        "俞景行",
    ]  # the first without an office is another person
    assert "民主测评" in office_client.get(f"/office/selections/{room.selection}").text


def test_the_preview_hands_the_booth_kind_and_questions(office_client: FlaskClient, room: Meeting):
    made = office_client.post(address(room, "evaluation"), data=fields(("", "季慕青", "副处长")))
    page = office_client.get(made.location + "/preview").text
    assert "evaluation" in page
    assert (
        "季慕青（副处长）：总体评价" in page.encode().decode("unicode_escape", "ignore")
        or "季慕青（副处长）：总体评价" in page
    )


@pytest.mark.parametrize(("name", "people"), [("测评对象-8人.csv", 8), ("测评对象.csv", 3)])
def test_a_file_fills_the_form_and_stores_nothing(office_client: FlaskClient, room: Meeting, database, name, people):
    raw = (sample.FOLDER / name).read_bytes()
    typed = fields(("", "季慕青", "副处长"), **{"import": "y", "title": "考察测评", "file": (io.BytesIO(raw), name)})
    page = office_client.post(address(room, "evaluation"), data=typed, content_type="multipart/form-data")
    assert page.status_code == 200
    assert names_in(page.text)[:people] == [one.name for one in sample.read_persons(name)]
    assert ['value="考察测评"' in page.text, 'value="机关其他人员"' in page.text] == [True, True]
    with database.begin() as db:
        assert drafts.of_selection(db, room.selection) == []


@pytest.mark.parametrize(("raw", "code"), [
    (b"", "import_empty"), ("姓名\n季慕青（处长）\n".encode(), "import_rows"), ("姓\n季慕青\n".encode(), "import_headers"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_and_the_form_stays(office_client: FlaskClient, room: Meeting, raw, code):
    typed = fields(("", "季慕青", "副处长"), **{"import": "y", "file": (io.BytesIO(raw), "名单.csv")})
    page = office_client.post(address(room, "evaluation"), data=typed, content_type="multipart/form-data")
    assert (page.status_code >= 400, code in page.text, "季慕青" in page.text) == (True, True, True)


@pytest.mark.parametrize(("typed", "code"), [
    (fields(), "persons_invalid"),
    (fields(("", "季慕青", ""), ("", "季慕青", "")), "persons_invalid"),
    (fields(("", "季慕青", ""), items=[]), "items_invalid"),
    (fields(("", "季慕青", ""), items=["相貌"]), "invalid_value"),
    (fields(("", "季慕青", ""), kind="opinion"), "invalid_value"),
    (fields(("x", "季慕青", "")), "invalid_value"),
    (fields(("", "季" * 31, "")), "invalid_value"),
    (fields(("", "季慕青", ""), rate_base="present"), "invalid_value"),
    (fields(("", "季慕青", ""), kind="decision", items=["德"]), "items_invalid"),
])  # fmt: skip
def test_what_no_ballot_can_be_made_of_is_refused_with_its_code(office_client: FlaskClient, room: Meeting, typed, code):
    page = office_client.post(address(room, "evaluation"), data=typed)
    assert (page.status_code, code in page.text) == (422, True)


def test_an_unknown_kind_has_no_form(office_client: FlaskClient, room: Meeting):
    assert office_client.get(address(room, "opinion")).status_code == 404


def test_a_poll_stays_of_its_kind_when_it_is_edited(office_client: FlaskClient, room: Meeting):
    made = office_client.post(address(room, "evaluation"), data=fields(("", "季慕青", "")))
    page = office_client.post(made.location + "/edit", data=fields(("", "季慕青", ""), kind="decision"))
    assert (page.status_code, "wrong_kind" in page.text) == (409, True)
    assert office_client.post(made.location + "/edit", data=fields(("", "过静宜", ""))).status_code == 302


def test_a_misprint_is_corrected_on_its_page(database: Database, office_client: FlaskClient, room: Meeting):
    with database.begin() as db:
        at = Meeting(db, selection=room.selection, posts=room.posts)
        uuid = at.create(**WHOLE).invite().make_keys().keyed().issue().uuid
    page = office_client.get(f"/office/polls/{uuid}/amend").text
    assert (names_in(page), "推荐职位" in page) == (["季慕青", "白若溪"], False)
    typed = {"reason": "错字", "name_1": "庞修远", "name_2": "承志远", "administrator": "局人教处",
             "credential_authority": drafts.CREDENTIAL_AUTHORITY, "persons-0-name": "季慕清", "persons-0-duty": "副处长",
             "persons-0-department": "投资促进处", "persons-1-name": "白若溪", "persons-1-duty": "处长"}  # fmt: skip
    done = office_client.post(f"/office/polls/{uuid}/amend", data=typed, follow_redirects=True)
    assert "改为“季慕清（投资促进处　副处长）”" in done.text
    assert "可以更正推荐人选了" not in done.text
    less = {name: value for name, value in typed.items() if not name.startswith("persons-1")}
    refused = office_client.post(f"/office/polls/{uuid}/amend", data=less)
    assert (refused.status_code, "bad_request" in refused.text) == (400, True)
    with database.begin() as db:
        assert board.get(db, uuid).state == "issued"
