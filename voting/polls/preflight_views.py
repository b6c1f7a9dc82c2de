"""The pre-flight on the console: the disk tried, a line waived, the sample printed."""

import datetime as dt

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from voting.accounts import words
from voting.board import checks
from voting.board import service as board
from voting.board.models import State
from voting.errors import Code, Refused
from voting.polls import drafts, preflight
from voting.polls.forms import WaiverForm
from voting.polls.views import step
from voting.slips.service import Slip
from voting.slips.sheets import host, sample_sheet
from voting.web.access import Audience, audience

blueprint = Blueprint("preflight", __name__, url_prefix="/office")

words.register({"poll.check": "会前检查", "poll.waived": "免做会前检查"}, drafts.titles)


@blueprint.post("/polls/<uuid>/checks")
@audience(Audience.OFFICE)
def probe(uuid: str) -> ResponseReturnValue:
    """Try the server's disk."""
    now = dt.datetime.now(dt.UTC)

    def try_it() -> None:
        preflight.probe(g.db, uuid, g.config.instance, now=now, actor=g.user.login)

    return step(uuid, try_it)


@blueprint.post("/polls/<uuid>/waive")
@audience(Audience.OFFICE)
def waive(uuid: str) -> ResponseReturnValue:
    """Two officials answer for a line that cannot be done."""
    form, now = WaiverForm(), dt.datetime.now(dt.UTC)
    return step(
        uuid,
        lambda: preflight.waive(
            g.db, uuid, form.line.data or "", reason=form.reason.data or "", named=form.named(), now=now,
            actor=g.user.login,
        ),
    )  # fmt: skip


@blueprint.get("/polls/<uuid>/sample")
@audience(Audience.OFFICE)
def sample(uuid: str) -> ResponseReturnValue:
    """One slip in the layout of the real ones. Its code is known and on no list: it opens the check page alone."""
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    if on_board.state != State.ISSUED:
        raise Refused(Code.WRONG_STATE)
    slip = Slip(checks.sample_code(g.config.secret, uuid), "样张，不是选票")
    page = render_template(
        "slips/sheets.html", heading=f"{poll.label}票", title=on_board.title, uuid=uuid, rehearsal=on_board.rehearsal,
        total=1, void=(), host=host(g.config.base_url), sheets=[sample_sheet(slip, g.config.base_url, uuid)],
        sample=True,
    )  # fmt: skip
    return Response(page, headers={"Cache-Control": "no-store"})
