"""What the Party group and the supervisor read of a post, and the one thing the Party group does here. Every access is logged."""

import datetime as dt

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from voting.accounts import audit, words
from voting.decisions import analyses, meetings, overview, papers, proposals, record
from voting.decisions.forms import FixForm
from voting.errors import Code, Refused
from voting.papers.views import FORMS
from voting.polls import results
from voting.web.access import Audience, audience

blueprint = Blueprint("decisions", __name__, url_prefix="/review")

words.register({
    "decision.read": "查阅党组研究页", "analysis.read": "查阅综合分析", "meeting.read": "查阅表决情况",
    "analysis.write": "提交综合分析", "proposal.write": "提出建议人选", "proposal.fix": "党组确定考察对象",
    "meeting.convene": "建立党组会表决", "meeting.note": "记下到会和表态", "meeting.conclude": "确认表决情况", "meeting.correct": "更正表决情况",
    "meeting.withdraw": "撤回党组会表决",
})  # fmt: skip


@blueprint.get("/posts")
@audience(Audience.REVIEW, Audience.OFFICE)
def index() -> ResponseReturnValue:
    """Every post, by selection, and the meetings held on it."""
    rows = [(one, posts, meetings.of_selection(g.db, one.id)) for one, posts in overview.posts(g.db)]
    return render_template("decisions/index.html", rows=rows, statement=results.STATEMENT)


@blueprint.get("/posts/<int:post_id>")
@audience(Audience.REVIEW, Audience.OFFICE)
def post(post_id: int) -> ResponseReturnValue:
    """One post: people side by side, facts beside votes."""
    page = overview.load(g.db, post_id, today())
    audit.record(g.db, g.user.login, "decision.read", str(post_id), page.post.title)
    return render_template(
        "decisions/post.html", p=page, fix_form=FixForm(formdata=None, on=today()),
        meetings=record.of_post(g.db, post_id), **_read(),
    )  # fmt: skip


@blueprint.get("/posts/<int:post_id>/analyses/<int:position>")
@audience(Audience.REVIEW, Audience.OFFICE)
def analysis(post_id: int, position: int) -> ResponseReturnValue:
    """One person's analysis, every version."""
    found, person = analyses.person_at(g.db, post_id, position)
    audit.record(g.db, g.user.login, "analysis.read", str(post_id), person)
    versions = analyses.versions(g.db, post_id, person)
    return render_template(
        "decisions/analysis.html", post=found, person=person, position=position, versions=versions,
        fields=analyses.FIELDS,
    )  # fmt: skip


@blueprint.post("/proposals/<int:proposal_id>/fix")
@audience(Audience.REVIEW)
def fix(proposal_id: int) -> ResponseReturnValue:
    """The Party group fixes whom to vet; the supervisor sees it and changes nothing."""
    if g.user.role != "review":
        raise Refused(Code.FORBIDDEN)
    form = FixForm()
    if not form.validate() or form.on.data is None:
        raise Refused(Code.INVALID_VALUE, "党组会议日期")
    found = proposals.fix(g.db, proposal_id, on=form.on.data, by=g.user.name)
    said = proposals.names(proposals.persons(found))
    audit.record(g.db, g.user.login, "proposal.fix", str(found.post_id), f"{form.on.data}：{said}")
    flash(f"已确定考察对象：{said}。")
    return redirect(url_for("decisions.post", post_id=found.post_id))


@blueprint.get("/meetings/<int:meeting_id>")
@audience(Audience.REVIEW, Audience.OFFICE)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """How a meeting of the Party group stands, or what it decided."""
    found = record.load(g.db, meeting_id)
    audit.record(g.db, g.user.login, "meeting.read", str(meeting_id), str(found.held_on))
    return render_template("decisions/meeting.html", m=found, options=(), error=None)


@blueprint.get("/meetings/<int:meeting_id>/paper.<form>")
@audience(Audience.REVIEW, Audience.OFFICE)
def meeting_paper(meeting_id: int, form: str) -> ResponseReturnValue:
    """党组会表决情况 to print and sign, as a page, for Word or for Excel. Refused until the record is final."""
    found = record.load(g.db, meeting_id)
    if found.concluded is None:
        raise Refused(Code.NOT_CONCLUDED)
    if form not in FORMS:
        raise Refused(Code.NOT_FOUND)
    audit.record(g.db, g.user.login, "meeting.read", str(meeting_id), f"{found.held_on}（{form}）")
    return FORMS[form](url_for("decisions.meeting", meeting_id=meeting_id), (papers.paper(found),))


def today() -> dt.date:
    """The day in the bureau's time."""
    return dt.datetime.now(results.BUREAU_TIME).date()


def _read() -> dict[str, str]:
    at = dt.datetime.now(results.BUREAU_TIME).strftime("%Y-%m-%d %H:%M")
    return {"reader": g.user.name, "read_at": at, "statement": results.STATEMENT}
