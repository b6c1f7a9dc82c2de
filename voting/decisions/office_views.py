"""The office's pages after the count: analyses, the proposal, and the record of the Party group's meeting."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voting.accounts import audit
from voting.decisions import analyses, meetings, overview, proposals, record, sources
from voting.decisions.forms import AnalysisForm, CorrectionForm, MeetingForm, ProposalForm, notes
from voting.decisions.models import SAID, Said, Stage, Way
from voting.decisions.views import today
from voting.errors import Code, Refused
from voting.selections import service as selections
from voting.store import clock
from voting.web.access import Audience, audience

blueprint = Blueprint("deciding", __name__, url_prefix="/office")

AnyForm = AnalysisForm | ProposalForm | MeetingForm


@blueprint.get("/posts/<int:post_id>/analyses/<int:position>")
@audience(Audience.OFFICE)
def analysis(post_id: int, position: int) -> ResponseReturnValue:
    """The form of one person's analysis, as last written."""
    _, person = analyses.person_at(g.db, post_id, position)
    last = analyses.latest(g.db, post_id).get(person)
    return _analysis_page(post_id, position, AnalysisForm(formdata=None, obj=last), None)


@blueprint.post("/posts/<int:post_id>/analyses/<int:position>")
@audience(Audience.OFFICE)
def write(post_id: int, position: int) -> ResponseReturnValue:
    """Keep a new version of the analysis."""
    form = AnalysisForm()
    post, person = analyses.person_at(g.db, post_id, position)
    try:
        _sound(form)
        made = analyses.write(g.db, post, person, form.texts(), author=g.user.name, now=clock.now())
    except Refused as refused:
        g.db.rollback()
        return _analysis_page(post_id, position, form, refused), refused.sentence.status
    audit.record(g.db, g.user.login, "analysis.write", str(post_id), f"{person} 第 {made.version} 稿")
    flash(f"已提交 {person.partition('（')[0]} 的综合分析（第 {made.version} 稿），以前各稿都保留。")
    return redirect(url_for("deciding.proposal", post_id=post_id))


@blueprint.get("/posts/<int:post_id>/proposal")
@audience(Audience.OFFICE)
def proposal(post_id: int) -> ResponseReturnValue:
    """What HR proposes for a post, and what is still missing."""
    page = overview.load(g.db, post_id, today())
    stage = Stage.APPOINTMENT if page.vetting and page.vetting.fixed_on else Stage.VETTING
    return _proposal_page(page, ProposalForm(formdata=None, stage=stage.value), None)


@blueprint.post("/posts/<int:post_id>/proposal")
@audience(Audience.OFFICE)
def propose(post_id: int) -> ResponseReturnValue:
    """Put a proposal forward, if nothing is missing."""
    form = ProposalForm()
    lines = {one.position + 1: one.answer for one in selections.get_post(g.db, post_id).candidates}
    try:
        _sound(form)
        chosen = [lines.get(one, "") for one in form.positions()]
        made = proposals.propose(
            g.db, post_id, Stage(form.stage.data), chosen, form.reason.data or "", on=today(), author=g.user.name,
            now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        g.db.rollback()
        return _proposal_page(overview.load(g.db, post_id, today()), form, refused), refused.sentence.status
    said = f"{proposals.label(made)}：{proposals.names(proposals.persons(made))}"
    audit.record(g.db, g.user.login, "proposal.write", str(post_id), said)
    flash(f"已提出{said}。")
    return redirect(url_for("deciding.proposal", post_id=post_id))


@blueprint.get("/selections/<int:selection_id>/meetings/new")
@audience(Audience.OFFICE)
def new_meeting(selection_id: int) -> ResponseReturnValue:
    """The form of a Party group's meeting."""
    return _meeting_form(selection_id, MeetingForm(formdata=None, held_on=today()), None)


@blueprint.post("/selections/<int:selection_id>/meetings/new")
@audience(Audience.OFFICE)
def convene(selection_id: int) -> ResponseReturnValue:
    """Enter the meeting, its members and whom it decides on."""
    form = MeetingForm()
    try:
        _sound(form)
        made = meetings.convene(g.db, selection_id, form.plan(), author=g.user.name)
    except Refused as refused:
        g.db.rollback()
        return _meeting_form(selection_id, form, refused), refused.sentence.status
    said = f"应到 {len(made.members)} 人，{proposals.names(item.person for item in made.items)}"
    audit.record(g.db, g.user.login, "meeting.convene", str(made.id), said)
    return redirect(url_for("deciding.meeting", meeting_id=made.id))


@blueprint.get("/meetings/<int:meeting_id>")
@audience(Audience.OFFICE)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """Who is there and what each states, person by person."""
    return _meeting_page(meeting_id, None)


@blueprint.post("/meetings/<int:meeting_id>")
@audience(Audience.OFFICE)
def note(meeting_id: int) -> ResponseReturnValue:
    """Note presence and statements; nothing is final yet."""
    try:
        meetings.note(g.db, meeting_id, *notes(request.form))
    except Refused as refused:
        return _again(meeting_id, refused)
    audit.record(g.db, g.user.login, "meeting.note", str(meeting_id))
    return redirect(url_for("deciding.meeting", meeting_id=meeting_id))


@blueprint.post("/meetings/<int:meeting_id>/conclude")
@audience(Audience.OFFICE)
def conclude(meeting_id: int) -> ResponseReturnValue:
    """Make the record final, as the page shows it. What was changed on the page since is noted first, to be looked at."""
    try:
        shown = record.load(g.db, meeting_id)
        meetings.note(g.db, meeting_id, *notes(request.form))
        if record.load(g.db, meeting_id) != shown:
            audit.record(g.db, g.user.login, "meeting.note", str(meeting_id))
            flash("到会或表态有改动，已经记下，还没有确认。请核对下面的结果，再按一次确认。")
            return redirect(url_for("deciding.meeting", meeting_id=meeting_id))
        found = meetings.conclude(g.db, meeting_id, now=clock.now())
    except Refused as refused:
        return _again(meeting_id, refused)
    said = "；".join(f"{one.name}：{one.result}（{one.judged.arithmetic}）" for one in found.items)
    audit.record(g.db, g.user.login, "meeting.conclude", str(meeting_id), said)
    return redirect(url_for("decisions.meeting", meeting_id=meeting_id))


@blueprint.post("/meetings/<int:meeting_id>/correct")
@audience(Audience.OFFICE)
def correct(meeting_id: int) -> ResponseReturnValue:
    """Begin a correction of a final record: a new record with the old one's entries."""
    form = CorrectionForm()
    if not form.validate():
        raise Refused(Code.REASON_MISSING, "更正的理由")
    made = meetings.correct(g.db, meeting_id, form.reason.data or "", author=g.user.name)
    audit.record(g.db, g.user.login, "meeting.correct", str(made.id), f"更正第 {meeting_id} 号：{made.correction}")
    return redirect(url_for("deciding.meeting", meeting_id=made.id))


@blueprint.post("/meetings/<int:meeting_id>/withdraw")
@audience(Audience.OFFICE)
def withdraw(meeting_id: int) -> ResponseReturnValue:
    """Give up a meeting that was entered by mistake; the log keeps what had been noted."""
    try:
        found = meetings.withdraw(g.db, meeting_id, CorrectionForm().reason.data or "")
    except Refused as refused:
        return _again(meeting_id, refused)
    noted = "；".join(f"{one.name} 同意 {one.agree}，不同意 {one.oppose}，缓议 {one.postpone}" for one in found.items)
    said = f"应到 {found.expected} 人，{noted}。理由：{found.withdrawn}"
    audit.record(g.db, g.user.login, "meeting.withdraw", str(meeting_id), said)
    return redirect(url_for("decisions.meeting", meeting_id=meeting_id))


def _sound(form: AnyForm) -> None:
    """Raise Refused(INVALID_VALUE) if a field is missing or too long; the page says which."""
    if not form.validate():
        raise Refused(Code.INVALID_VALUE)


def _analysis_page(post_id: int, position: int, form: AnalysisForm, error: Refused | None) -> str:
    page = overview.load(g.db, post_id, today())
    audit.record(g.db, g.user.login, "decision.read", str(post_id), page.post.title)
    person = page.people[position - 1]
    reasons = proposals.reasons_due(g.db, page.post, [person.line], page.counts)
    return render_template("decisions/analyse.html", p=page, person=person, form=form, reasons=reasons, error=error)


def _proposal_page(page: overview.PostPage, form: ProposalForm, error: Refused | None) -> str:
    audit.record(g.db, g.user.login, "decision.read", str(page.post.id), page.post.title)
    ticked = set(form.person.data or ())
    return render_template(
        "decisions/propose.html", p=page, form=form, ticked=ticked, error=error,
        versions=proposals.versions(g.db, page.post.id), label=proposals.label, persons=proposals.persons,
        names=proposals.names, meetings=meetings.of_selection(g.db, page.selection.id),
    )  # fmt: skip


def _meeting_form(selection_id: int, form: MeetingForm, error: Refused | None) -> str:
    selection = selections.get_selection(g.db, selection_id)
    polls = sources.decision_polls(g.db, selection)
    form.poll.choices = [(poll.uuid, on_board.title) for poll, on_board in polls]
    wanted = [
        (post, proposals.persons(found))
        for post in selection.posts
        if (found := proposals.latest(g.db, post.id, Stage.APPOINTMENT)) is not None
    ]
    return render_template(
        "decisions/convene.html", selection=selection, form=form, wanted=wanted, names=proposals.names, polls=polls,
        error=error, warning=record.SLIPS_WARNING,
    )  # fmt: skip


def _again(meeting_id: int, refused: Refused) -> ResponseReturnValue:
    g.db.rollback()
    return _meeting_page(meeting_id, refused), refused.sentence.status


def _meeting_page(meeting_id: int, error: Refused | None) -> str:
    found = record.load(g.db, meeting_id)
    options = [(one.value, SAID[one]) for one in Said if found.way is Way.NAMED or one is Said.RECUSED]
    return render_template(
        "decisions/meeting.html", m=found, options=options, form=CorrectionForm(formdata=None), error=error
    )
