"""The office's pages of printing: the one before pressing, the one that shows the slips, once, and printing them anew."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, g, render_template, stream_template
from flask.typing import ResponseReturnValue

from voting.accounts import words
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import drafts, lifecycle, officials, reissuing
from voting.polls.forms import ReissueForm
from voting.polls.models import Act
from voting.slips import service
from voting.slips.sheets import host, sheets
from voting.web.access import Audience, audience

blueprint = Blueprint("slips", __name__)

words.register({"poll.reissue": "作废重印选票"}, drafts.titles)


@blueprint.get("/office/polls/<uuid>/slips")
@audience(Audience.OFFICE)
def before(uuid: str) -> ResponseReturnValue:
    """How many slips will be printed, and what can happen only once. Changes nothing."""
    poll = board.get(g.db, uuid)
    groups = lifecycle.slip_groups(g.db, uuid)
    done = service.batches(g.db, uuid)
    return render_template(
        "slips/before.html", poll=poll, groups=groups, done=done, total=sum(one.printed for one in groups),
        ready=poll.state == board.State.KEYED and not done, again=poll.state == board.State.ISSUED,
    )  # fmt: skip


@blueprint.post("/office/polls/<uuid>/slips")
@audience(Audience.OFFICE)
def issue(uuid: str) -> ResponseReturnValue:
    """Issue all slips and stream them once. The public keys are durable before the first code leaves."""
    if service.batches(g.db, uuid):
        raise Refused(Code.ALREADY_ISSUED)
    slips = lifecycle.issue(g.db, uuid, g.user.login, base_url=g.config.base_url)
    g.db.commit()
    return _printed(uuid, slips, board.get(g.db, uuid).printed or 0)


@blueprint.get("/office/polls/<uuid>/reissue")
@audience(Audience.OFFICE)
def before_reissue(uuid: str) -> ResponseReturnValue:
    """Which groups' slips were lost, why, and who decides. Changes nothing. Refused unless issued."""
    return _reissue_page(uuid, ReissueForm(formdata=None))


@blueprint.post("/office/polls/<uuid>/reissue")
@audience(Audience.OFFICE)
def reissue(uuid: str) -> ResponseReturnValue:
    """Make the chosen groups' slips void and stream the new ones once; nobody keeps them, as with the first."""
    form = ReissueForm()
    try:
        made = reissuing.reissue(
            g.db, uuid, form.chosen(), reason=form.reason.data or "", named=form.named(), actor=g.user.login,
            base_url=g.config.base_url,
        )  # fmt: skip
    except Refused as refused:
        g.db.rollback()
        return _reissue_page(uuid, form, refused), refused.sentence.status
    g.db.commit()
    return _printed(uuid, made.slips, made.printed, made.labels)


def _reissue_page(uuid: str, form: ReissueForm, error: Refused | None = None) -> str:
    """A box stays ticked only if the page still says what the clerk saw: after a stale press nothing is ticked."""
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    if on_board.state != board.State.ISSUED:
        raise Refused(Code.WRONG_STATE)
    batches = {row.group_index: row for row in service.batches(g.db, uuid)}
    rows = [(group, batches[group.position]) for group in poll.groups if group.position in batches]
    return render_template(
        "slips/reissue.html", on_board=on_board, rows=rows, error=error, ticked=form.group.data or (),
        reason=form.reason.data or "", signed=officials.signed_by(g.db, uuid, Act.REISSUE),
    )  # fmt: skip


def _printed(uuid: str, slips: Iterator[service.Slip], total: int, void: Sequence[str] = ()) -> Response:
    """The sheets, streamed. `void`: the groups whose earlier slips are void now."""
    poll = board.get(g.db, uuid)
    base_url = str(g.config.base_url)
    page = stream_template(
        "slips/sheets.html",
        heading=f"{drafts.get(g.db, uuid).label}票",
        title=poll.title,
        uuid=uuid,
        rehearsal=poll.rehearsal,
        total=total,
        void=void,
        host=host(base_url),
        sheets=sheets(slips, base_url, uuid),
    )
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
