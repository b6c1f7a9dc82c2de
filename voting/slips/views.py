"""Two office pages: the one before pressing, and the one that shows the slips, once."""

from collections.abc import Iterator

from flask import Blueprint, Response, g, render_template, stream_template
from flask.typing import ResponseReturnValue

from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import drafts, lifecycle
from voting.polls.models import FORMS, Form
from voting.slips import service
from voting.slips.sheets import host, sheets
from voting.web.access import Audience, audience

blueprint = Blueprint("slips", __name__)


@blueprint.get("/office/polls/<uuid>/slips")
@audience(Audience.OFFICE)
def before(uuid: str) -> ResponseReturnValue:
    """How many slips will be printed, and what can happen only once. Changes nothing."""
    poll = board.get(g.db, uuid)
    groups = lifecycle.slip_groups(g.db, uuid)
    done = service.batches(g.db, uuid)
    ready = poll.state == board.State.KEYED and not done
    return render_template(
        "slips/before.html", poll=poll, groups=groups, done=done, ready=ready, total=sum(one.printed for one in groups)
    )


@blueprint.post("/office/polls/<uuid>/slips")
@audience(Audience.OFFICE)
def issue(uuid: str) -> ResponseReturnValue:
    """Issue all slips and stream them once. The public keys are durable before the first code leaves."""
    if service.batches(g.db, uuid):
        raise Refused(Code.ALREADY_ISSUED)
    slips = lifecycle.issue(g.db, uuid, g.user.login)
    g.db.commit()
    return _printed(uuid, slips)


def _printed(uuid: str, slips: Iterator[service.Slip]) -> Response:
    poll = board.get(g.db, uuid)
    total = sum(row.printed for row in service.batches(g.db, uuid))
    base_url = str(g.config.base_url)
    page = stream_template(
        "slips/sheets.html",
        heading=f"{FORMS[Form(drafts.get(g.db, uuid).form)]}票",
        title=poll.title,
        uuid=uuid,
        rehearsal=poll.rehearsal,
        total=total,
        host=host(base_url),
        sheets=sheets(slips, base_url, uuid),
    )
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
