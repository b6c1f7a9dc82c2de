"""The pages after the count, in the order in which they are used: by HR, the Party group, and the supervisor who only reads."""

import re

import pytest
from sqlalchemy import select

from voting.accounts.models import Audit
from voting.decisions import office_views, views
from voting.decisions.models import Member

WHEN = "2021-06-01"


@pytest.fixture(autouse=True)
def _in_the_year_of_the_meeting(monkeypatch):
    import datetime as dt

    for module in (views, office_views):
        monkeypatch.setattr(module, "today", lambda: dt.date(2021, 6, 1))


def code(answer) -> str:
    return re.search(r"提示码\s*(?:<[^>]*>\s*)*([a-z_]+)<", answer.text)[1]


ANALYSIS = {"votes": "居前", "assessments": "称职", "performance": "踏实", "fit": "熟悉", "reason": "更熟悉业务"}
MEETING = {
    "held_on": "2021-07-01", "host": "范景和", "recorder": "糜文珊", "observers": "柏清源", "way": "named",
    "members": "\n".join(f"成员{n}，局党组成员" for n in "甲乙丙丁戊己庚辛壬癸子丑"),
}  # fmt: skip


def test_from_the_analysis_to_a_decision_that_fails_at_exactly_half(
    office_client, review_client, supervisor_client, db, tallied
):
    page = office_client.get("/review/posts/1")
    assert (page.status_code, "演练" in page.text, "党组研究" in page.text) == (200, True, True)
    proposal = {"stage": "vetting", "person": ["1"], "reason": "更合适"}
    missing = office_client.post("/office/posts/1/proposal", data=proposal)
    assert (missing.status_code, code(missing), "季慕青、薛明澈" in missing.text) == (409, "analysis_missing", True)
    for position in (1, 7):
        assert office_client.get(f"/office/posts/1/analyses/{position}").status_code == 200
        assert office_client.post(f"/office/posts/1/analyses/{position}", data=ANALYSIS).status_code == 302
    assert office_client.post("/office/posts/1/proposal", data=proposal).status_code == 302
    fix = {"on": WHEN}
    assert supervisor_client.post("/review/proposals/1/fix", data=fix).status_code == 403
    assert office_client.post("/review/proposals/1/fix", data=fix).status_code == 403
    assert "局党组确定：考察 季慕青" in review_client.get("/review/posts/1").text
    assert review_client.post("/review/proposals/1/fix", data={"on": "明天"}).status_code == 422
    assert review_client.post("/review/proposals/1/fix", data=fix).status_code == 302
    appointment = {**proposal, "stage": "appointment"}
    assert office_client.post("/office/posts/1/proposal", data=appointment).status_code == 302
    convening = office_client.get("/office/selections/1/meetings/new").text
    assert "季慕青" in convening
    assert "还没有已计票的党组会用票表决" in convening  # and where to make one
    assert "/office/selections/1/polls/new?kind=decision" in convening
    made = office_client.post("/office/selections/1/meetings/new", data=MEETING)
    assert made.status_code == 302
    assert "通过须同意" in office_client.get(made.location).text
    for path in ("/review/posts/1", made.location, "/office/posts/1/proposal"):
        assert re.findall(r'aria-current="page">([^<]*)', office_client.get(path).text) == ["党组研究"]
    assert review_client.get("/review/meetings/1/paper.html").status_code == 409
    members = db.scalars(select(Member.id).order_by(Member.position)).all()
    db.commit()
    form = {f"present-{one}": "y" for one in members} | {
        f"vote-1-{one}": "agree" if k < 6 else "oppose" for k, one in enumerate(members)
    }
    present = {f"present-{one}": "y" for one in members}
    early = office_client.post("/office/meetings/1/conclude", data=present)
    assert (early.status_code, code(early)) == (409, "votes_incomplete")
    assert office_client.post("/office/meetings/1", data=form).status_code == 302
    assert office_client.post("/office/meetings/1", data={"vote-1-1": "yes"}).status_code == 400
    changed = office_client.post("/office/meetings/1/conclude", data={**form, f"vote-1-{members[0]}": "postpone"})
    assert "还没有确认" in office_client.get(changed.location).text  # not final before it was shown
    assert "缓议 1" in office_client.get(changed.location).text
    office_client.post("/office/meetings/1/conclude", data=form)
    final = office_client.post("/office/meetings/1/conclude", data=form)
    assert final.location == "/review/meetings/1"
    for client in (office_client, review_client, supervisor_client):
        text = client.get("/review/meetings/1").text
        assert "季慕青：没有通过。" in text
        assert "同意 6 ≤ 应到 12 ÷ 2 ＝ 6" in text
        assert client.get("/review/posts/1/analyses/1").status_code == 200
    late = office_client.post("/office/meetings/1", data=form)
    assert (late.status_code, code(late)) == (409, "meeting_concluded")
    for kind, begins in (("html", b"<!doctype"), ("docx", b"PK"), ("xlsx", b"PK")):
        paper = review_client.get(f"/review/meetings/1/paper.{kind}")
        assert (paper.status_code, paper.data.startswith(begins)) == (200, True)
    assert review_client.get("/review/meetings/1/paper.pdf").status_code == 404
    assert office_client.post("/office/meetings/1/correct", data={"reason": ""}).status_code == 422
    correction = office_client.post("/office/meetings/1/correct", data={"reason": "笔误"})
    assert "这是对第 1 号表决情况的更正" in office_client.get(correction.location).text
    assert "党组会表决" in review_client.get("/review/posts").text
    assert "党组会表决 2021-07-01：季慕青　没有通过" in review_client.get("/review/posts/1").text
    logged = set(db.scalars(select(Audit.action)))
    assert {
        "decision.read", "analysis.read", "analysis.write", "proposal.write", "proposal.fix", "meeting.convene",
        "meeting.note", "meeting.conclude", "meeting.correct", "meeting.read",
    } <= logged  # fmt: skip
    assert "当选" not in text


def test_a_meeting_with_wrong_members_is_withdrawn_and_everybody_sees_why(
    office_client, review_client, supervisor_client, db, office
):
    office.appoint("季慕青")
    db.commit()
    made = office_client.post("/office/selections/1/meetings/new", data=MEETING).location
    unsaid = office_client.post(f"{made}/withdraw", data={"reason": ""})
    assert (unsaid.status_code, code(unsaid)) == (422, "reason_missing")
    assert review_client.post(f"{made}/withdraw", data={"reason": "少写一位"}).status_code == 403
    assert office_client.post(f"{made}/withdraw", data={"reason": "少写一位"}).status_code == 302
    assert code(office_client.post(f"{made}/conclude")) == "meeting_withdrawn"
    for client in (office_client, review_client, supervisor_client):
        text = client.get("/review/meetings/1").text
        assert "已撤回，不作数。理由：少写一位" in text
        assert "已撤回" in client.get("/review/posts").text
    assert "撤回这次" not in text
    said = db.scalars(select(Audit.detail).where(Audit.action == "meeting.withdraw")).one()
    assert said == "应到 12 人，季慕青 同意 0，不同意 0，缓议 0。理由：少写一位"


def test_what_is_left_out_is_said_field_by_field(office_client, tallied):
    empty = office_client.post("/office/posts/1/analyses/1", data={**ANALYSIS, "fit": ""})
    assert (empty.status_code, "请填写" in empty.text, "居前" in empty.text) == (422, True, True)
    assert office_client.post("/office/selections/1/meetings/new", data={**MEETING, "held_on": ""}).status_code == 422
    nothing = office_client.post("/office/selections/1/meetings/new", data=MEETING)
    assert (nothing.status_code, code(nothing)) == (409, "nothing_to_decide")
    assert office_client.get("/office/posts/1/analyses/99").status_code == 404
    assert office_client.get("/office/meetings/99").status_code == 404
    assert office_client.post("/office/posts/1/proposal", data={"stage": "vetting", "person": "x"}).status_code == 400
