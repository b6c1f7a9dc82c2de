"""The office's console, pressed as a clerk presses it: each page offers the next step, each refusal says why."""

import datetime as dt
import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.voting.polls import meeting as rooms
from tests.voting.polls.meeting import BASE, CLERK, NOW, Meeting
from voting.board import service as board
from voting.board.models import State
from voting.polls import drafts, meeting
from voting.store.base import Database
from voting.trustees import service as trustees
from voting.trustees.models import Trustee

GROUPS = {"groups-0-label": "机关中层正职", "groups-0-expected": "3", "groups-0-spares": "",
          "groups-1-label": "机关其他人员", "groups-1-expected": "4", "groups-1-spares": "",
          "groups-2-label": "", "groups-2-expected": "", "groups-2-spares": ""}  # fmt: skip


def typed(room: Meeting, **changes: str) -> dict[str, str]:
    fields = {"title": "会议推荐", "form": "meeting", "rehearsal": "y", "administrator": "局人教处",
              "credential_authority": "局人教处", **GROUPS}  # fmt: skip
    for i, post in enumerate(room.posts):
        fields |= {f"questions-{i}-post_id": str(post), f"questions-{i}-max_choices": "1"}
    return {**fields, **changes}


@pytest.fixture
def room(database: Database) -> Meeting:
    with database.begin() as db:
        return Meeting(db).plan()


@pytest.fixture
def uuid(office_client: FlaskClient, room: Meeting) -> str:
    made = office_client.post(f"/office/selections/{room.selection}/polls/new", data=typed(room))
    assert made.status_code == 302
    return made.location.rsplit("/", 1)[1]


def state_of(database: Database, uuid: str) -> str:
    with database.session() as db:
        return board.get(db, uuid).state


def advanced(database: Database, room: Meeting, uuid: str, state: str) -> str:
    """Bring the poll on by the services, as other people's pages would."""
    with database.begin() as db:
        at = Meeting(db, uuid=uuid, posts=room.posts, selection=room.selection)
        steps = {
            "keyed": lambda: at.invite().make_keys().keyed(),
            "issued": at.issue,
            "open": lambda: at.open("http"),
            "closing": lambda: at.counts().start_closing(),
            "closed": at.finish_closing,
        }
        for name, step in steps.items():
            step()
            if name == state:
                break
    return uuid


def test_the_draft_form_suggests_the_usual_groups_and_every_post(office_client, room):
    page = office_client.get(f"/office/selections/{room.selection}/polls/new").text
    assert [label in page for label in drafts.DEFAULT_GROUPS] == [True] * 5
    assert "人事教育处处长" in page
    assert "机关中层副职" in page


def test_a_draft_is_saved_and_can_be_changed(office_client, database, room, uuid):
    assert office_client.get(f"/office/polls/{uuid}/edit").status_code == 200
    changed = typed(room, title="会议推荐第二稿", **{"questions-1-max_choices": "0", "groups-1-spares": "9"})
    assert office_client.post(f"/office/polls/{uuid}/edit", data=changed).status_code == 302
    with database.session() as db:
        poll = drafts.get(db, uuid)
        assert [q.post_id for q in poll.questions] == [room.posts[0]]
        assert [(g.label, g.spares) for g in poll.groups] == [("机关中层正职", 3), ("机关其他人员", 9)]
        assert board.get(db, uuid).title == "会议推荐第二稿"


@pytest.mark.parametrize("changes", [
    {"title": ""}, {"form": "secret"}, {"form": ""}, {"groups-0-expected": "三"}, {"groups-0-expected": "99999"},
    {"groups-0-expected": ""}, {"groups-1-label": "机关中层正职"}, {"groups-0-spares": "1"},
    {"questions-0-max_choices": "4"}, {"questions-0-max_choices": "-1"}, {"questions-0-post_id": "999"},
    {"questions-0-max_choices": "0", "questions-1-max_choices": "0"}, {"title": "a|b"}, {"administrator": ""},
])  # fmt: skip
def test_a_badly_filled_draft_is_shown_again_and_not_saved(office_client, database, room, changes):
    answer = office_client.post(f"/office/selections/{room.selection}/polls/new", data=typed(room, **changes))
    assert answer.status_code in {404, 422}
    with database.session() as db:
        assert drafts.of_selection(db, room.selection) == []


def test_questions_with_nonsense_for_numbers_are_no_failure(office_client, room):
    for nonsense in ("", "x", "9" * 30, "-3", "١"):
        answer = office_client.post(
            f"/office/selections/{room.selection}/polls/new", data=typed(room, **{"questions-0-post_id": nonsense})
        )
        assert answer.status_code in {302, 404, 422}, nonsense


def test_a_trustees_link_is_shown_once_and_works(office_client, database, room, uuid):
    page = office_client.post(f"/office/polls/{uuid}/trustees", data={"name": "郑为民", "role": "机关纪委"})
    assert page.headers["Cache-Control"] == "no-store"
    link = re.search(r'id="link"[^>]*>([^<]+)<', page.text)[1]
    token = link.split("#")[1]
    assert link == f"http://localhost/trustee/{uuid}/1#{token}"
    with database.session() as db:
        assert trustees.authenticate(db, uuid, token).name == "郑为民"
    console = office_client.get(f"/office/polls/{uuid}").text
    assert "郑为民" in console
    assert token not in console


def test_the_staff_log_names_the_poll_by_its_title(office_client, supervisor_client, database, uuid):
    office_client.post(f"/office/polls/{uuid}/trustees", data={"name": "郑为民", "role": "机关纪委"})
    with database.session() as db:
        title = board.get(db, uuid).title
    line = re.search(r"<td[^>]*>加入保管人</td>.*?</tr>", supervisor_client.get("/review/audit").text, re.DOTALL)[0]
    assert title in line
    assert uuid in line


def test_a_renewed_link_replaces_the_old_one(office_client, supervisor_client, database, uuid):
    office_client.post(f"/office/polls/{uuid}/trustees", data={"name": "郑为民", "role": "机关纪委"})
    page = office_client.post(f"/office/polls/{uuid}/trustees/1/renew")
    line = re.search(r"<td[^>]*>重发保管人链接</td>.*?</tr>", supervisor_client.get("/review/audit").text, re.DOTALL)[0]
    assert "机关纪委 郑为民" in line  # not a mere number
    assert "谁就能以保管人身份生成密钥" in page.text
    with database.session() as db:
        db.scalars(select(Trustee)).one().key = "k"
        db.commit()
    later = office_client.post(f"/office/polls/{uuid}/trustees/1/renew")
    assert ("密钥文件和口令不变" in later.text, "生成密钥" in later.text) == (True, False)
    page = later
    token = re.search(r"#([0-9a-f]+)</textarea>", page.text)[1]
    with database.session() as db:
        assert trustees.authenticate(db, uuid, token).n == 1
    for n in (0, 9, 9**30):
        assert office_client.post(f"/office/polls/{uuid}/trustees/{n}/renew").status_code == 404
        assert office_client.post(f"/office/polls/{uuid}/trustees/{n}/withdraw").status_code == 404


def test_a_candidate_named_as_trustee_is_refused_by_name(office_client, database, uuid):
    page = office_client.post(f"/office/polls/{uuid}/trustees", data={"name": "季 慕青", "role": "工会"})
    assert page.status_code == 422
    assert "季慕青" in page.text
    assert "trustee_is_candidate" in page.text
    with database.session() as db:
        assert trustees.public_trustees(db, uuid) == []


def test_the_keys_button_is_disabled_until_everybody_is_ready(office_client, database, uuid):
    button = re.compile(r"/keyed.*?<button[^>]*>", re.DOTALL)
    assert "disabled" in button.search(office_client.get(f"/office/polls/{uuid}").text)[0]
    with database.begin() as db:
        Meeting(db, uuid=uuid).invite().make_keys()
    assert "disabled" not in button.search(office_client.get(f"/office/polls/{uuid}").text)[0]


def test_the_preview_is_the_booths_own_page_on_the_drafts_questions(office_client, uuid):
    page = office_client.get(f"/office/polls/{uuid}/preview")
    data = json.loads(re.search(r'id="preview">(.*?)</script>', page.text, re.DOTALL)[1])
    assert [q["question"] for q in data["election"]["questions"]] == ["人事教育处处长", "机关中层副职"]
    assert data["election"]["questions"][0]["answers"][0] == "季慕青（投资促进处　副处长）"
    assert data["manifest"]["by_group"] == [0, 1]  # the promise about groups reads as it will on the phone
    assert "js/booth/" in page.text


def test_the_poll_is_led_through_its_whole_life_from_the_console(office_client, database, room, uuid, app):
    def press(step: str, **fields: str) -> str:
        answer = office_client.post(f"/office/polls/{uuid}/{step}", data=fields)
        assert answer.status_code == 302, answer.text
        return office_client.get(answer.location).text

    with database.begin() as db:
        at = Meeting(db, uuid=uuid).invite().make_keys()
    assert "印制选票" in press("keyed")
    assert office_client.post(f"/office/polls/{uuid}/slips").status_code == 200
    assert "会前检查" in office_client.get(f"/office/polls/{uuid}").text
    red = office_client.post(f"/office/polls/{uuid}/step", data={"from": "check", "to": "count"})
    assert red.status_code == 409
    assert "preflight_missing" in red.text
    with database.begin() as db:
        Meeting(db, uuid=uuid).check(dt.datetime.now(dt.UTC))
    assert "宣布人数" in press("step", **{"from": "check", "to": "count"})
    assert "今天应到 7 人，实到 7 人" in press("people", expected="7", present="7")
    press("step", **{"from": "rules", "to": "officials"})
    assert "启用票箱" in press("officials", name_1="甲", name_2="乙")
    assert "印记已抄下" in press("open")
    assert "宣布发出" in press("step", **{"from": "box", "to": "hand"})
    assert "开始 60 秒最后提醒" in press("counts", expected="7", present="7", left_in_hand="7")
    assert "停止投票" in press("step", **{"from": "vote", "to": "call"})
    page = press("closing")
    assert re.search(r'btn-primary btn-lg" href="[^"]*/voids">登记作废选票', page), "scanning comes first"
    assert re.search(r'class="link">还有 7 张没有登记作废', page)
    page = press("step", **{"from": "voids", "to": "seal"})
    assert "封箱：0 张选票" in page
    assert re.search(r'id="name_1"[^>]*value="甲"', page), "who was named once need not be typed again"
    early = office_client.post(f"/office/polls/{uuid}/close", data={"name_1": "甲", "name_2": "乙"})
    assert early.status_code == 409
    assert "closing_too_soon" in early.text
    with database.begin() as db:
        board.get(db, uuid).closing_since -= 120
    assert "封箱印记" in press("close", name_1="甲", name_2="乙")
    assert state_of(database, uuid) == State.CLOSED
    assert len(at.secrets) == 2
    paper = office_client.get(f"/office/polls/{uuid}/seal").text
    assert "封箱单" in paper
    assert "甲" in paper


def test_a_lost_slip_is_not_replaced_while_everybody_present_holds_one(office_client, database, room):
    with database.begin() as db:
        at = Meeting(db).opened()
        meeting.go(db, at.uuid, "box", "hand", base_url=BASE, now=NOW, actor=CLERK)
        at.counts(present=7, left_in_hand=6)
    told, offered = "实到的人手一张，不能补发", "补发一张备用票"
    page = office_client.get(f"/office/polls/{at.uuid}").text
    assert (told in page, offered in page) == (True, False)
    with database.begin() as db:
        Meeting(db, uuid=at.uuid).counts(present=7, left_in_hand=7)
    page = office_client.get(f"/office/polls/{at.uuid}").text
    assert (told in page, offered in page) == (False, True)


def test_live_counts_the_room_while_the_trackers_are_shown(office_client, database, room, uuid):
    advanced(database, room, uuid, "closing")
    live = office_client.get(f"/office/polls/{uuid}/live").json
    assert live["state"] == "closing"
    assert live["handed_out"] == 7
    assert live["returned"] == 0


def test_the_list_of_polls_says_where_a_new_one_is_made(office_client, uuid):
    assert "新建一次投票：点下面选拔的名称" in office_client.get("/office/polls").text


def test_live_says_what_changes_and_nothing_of_a_result(office_client, uuid):
    assert office_client.get(f"/office/polls/{uuid}/live").json == {
        "state": "draft", "step": None, "returned": 0, "handed_out": None, "seconds_left": None, "call_left": None, "news": 0,
        "ready": 0, "shared": 0,
    }  # fmt: skip


@pytest.mark.parametrize("step", ["open", "closing", "close", "amend", "counts", "step", "people", "officials"])
def test_a_step_out_of_turn_is_refused_on_the_page(office_client, database, uuid, step):
    data = {"name_1": "甲", "name_2": "乙", "reason": "误", "expected": "7", "present": "7", "left_in_hand": "7"}
    answer = office_client.post(f"/office/polls/{uuid}/{step}", data=data)
    assert answer.status_code == 409
    assert "wrong_state" in answer.text
    assert state_of(database, uuid) == State.DRAFT


@pytest.mark.parametrize("counts", [{}, {"expected": "7"}, {"expected": "a", "present": "7", "left_in_hand": "7"},
                                    {"expected": "7", "present": "6", "left_in_hand": "0"},
                                    {"expected": "9" * 30, "present": "7", "left_in_hand": "7"}])  # fmt: skip
def test_impossible_counts_are_refused_on_the_page(office_client, database, room, uuid, counts):
    advanced(database, room, uuid, "open")
    with database.begin() as db:
        board.get(db, uuid).step = "hand"
    answer = office_client.post(f"/office/polls/{uuid}/counts", data=counts)
    assert answer.status_code == 422
    assert "counts_invalid" in answer.text
    for name, value in counts.items():
        assert re.search(rf'name="{name}"[^>]* value="{value}"', answer.text), "what was typed is gone"
    with database.session() as db:
        assert board.get(db, uuid).present is None


def test_a_poll_is_voided_with_reason_and_two_names(office_client, database, room, uuid):
    advanced(database, room, uuid, "open")
    refusal = office_client.post(f"/office/polls/{uuid}/void", data={"reason": "", "name_1": "甲", "name_2": "乙"})
    assert refusal.status_code == 422
    assert state_of(database, uuid) == State.OPEN
    done = office_client.post(f"/office/polls/{uuid}/void", data={"reason": "断网", "name_1": "甲", "name_2": "乙"})
    assert done.status_code == 302
    page = office_client.get(f"/office/polls/{uuid}").text
    assert "断网" in page
    assert "乙、甲" in page


def test_names_typed_for_a_refused_act_need_not_be_typed_again(office_client, database, room, uuid):
    advanced(database, room, uuid, "issued")
    data = {"reason": "", "name_1": "糜文珊", "name_2": "荣佳怡"}
    page = office_client.post(f"/office/polls/{uuid}/void", data=data).text
    assert re.search(r'id="void-name_1"[^>]*value="糜文珊"', page)
    assert re.search(r'id="void-name_2"[^>]*value="荣佳怡"', page)


def test_a_re_run_of_a_void_poll_names_it(office_client, database, room, uuid):
    office_client.post(f"/office/polls/{uuid}/void", data={"reason": "误建", "name_1": "甲", "name_2": "乙"})
    page = office_client.get(f"/office/polls/{uuid}").text
    again = re.search(r'href="([^"]*polls/new[^"]*)"', page)[1]
    assert uuid in office_client.get(again).text
    made = office_client.post(f"/office/selections/{room.selection}/polls/new", data=typed(room, replaces=uuid))
    with database.session() as db:
        assert drafts.get(db, made.location.rsplit("/", 1)[1]).replaces == uuid
    for wrong in ("1111111111111B", "\0", "密票"):
        refusal = office_client.post(f"/office/selections/{room.selection}/polls/new", data=typed(room, replaces=wrong))
        assert refusal.status_code == 422, wrong


def test_an_amendment_opens_the_way_to_the_candidates(office_client, database, room, uuid):
    advanced(database, room, uuid, "issued")
    page = office_client.get(f"/office/posts/{room.posts[0]}/candidates").text
    assert "人选不能再改" in page
    done = office_client.post(f"/office/polls/{uuid}/amend", data={"reason": "错字", "name_1": "甲", "name_2": "乙"})
    assert done.status_code == 302
    assert "可以更正推荐人选了" in office_client.get(done.location).text
    assert "上传并预览" in office_client.get(f"/office/posts/{room.posts[0]}/candidates").text


@pytest.mark.parametrize("state", ["keyed", "issued", "open", "closing", "closed"])
def test_every_state_has_a_page_with_one_filled_button(office_client, database, room, uuid, state):
    advanced(database, room, uuid, state)
    page = office_client.get(f"/office/polls/{uuid}")
    assert page.status_code == 200
    assert len(re.findall(r'class="btn btn-primary', page.text)) == 1


def test_the_seal_is_on_paper_only_after_the_close(office_client, database, room, uuid):
    assert office_client.get(f"/office/polls/{uuid}/seal").status_code == 409
    advanced(database, room, uuid, "closed")
    assert office_client.get(f"/office/polls/{uuid}/seal").status_code == 200


@pytest.mark.parametrize("path", ["", "/edit", "/live", "/preview", "/seal"])
def test_a_poll_that_does_not_exist_is_a_404(office_client, path):
    for uuid in ("1111111111111B", "%00", "x" * 500, "密票", "%ff%fe"):
        assert office_client.get(f"/office/polls/{uuid}{path}").status_code == 404, uuid


@pytest.mark.parametrize(
    "step",
    ["trustees", "keyed", "step", "people", "officials", "open", "counts", "closing", "close", "void", "amend", "edit"],
)
def test_pressing_on_a_poll_that_does_not_exist_is_a_404(office_client, step):
    data = {"name": "甲", "role": "乙", "name_1": "甲", "name_2": "乙", "reason": "误", "expected": "7", "present": "7",
            "left_in_hand": "7"}  # fmt: skip
    assert office_client.post(f"/office/polls/1111111111111B/{step}", data=data).status_code == 404


@pytest.mark.parametrize("path", ["/office/polls/x", "/office/polls/x/live", "/office/polls/x/preview"])
def test_the_console_is_for_the_office_alone(client, review_client, path):
    assert client.get(path).status_code == 302
    assert review_client.get(path).status_code == 403


def test_every_form_needs_its_hidden_token(app, office_client, database, room, uuid):
    app.config["WTF_CSRF_ENABLED"] = True
    for step in (
        "trustees",
        "keyed",
        "step",
        "people",
        "officials",
        "open",
        "counts",
        "closing",
        "close",
        "void",
        "amend",
        "edit",
        "slips",
    ):
        assert office_client.post(f"/office/polls/{uuid}/{step}", data={}).status_code == 400, step
    assert state_of(database, uuid) == State.DRAFT


def test_the_meeting_of_these_tests_uses_the_servers_own_secret_for_receipts(config):
    assert config.secret == rooms.SECRET
