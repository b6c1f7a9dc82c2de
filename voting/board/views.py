"""What anyone in the room may see: box count, seals, trackers after the close. Never a result."""

import time
from typing import Any

from flask import Blueprint, g, jsonify, render_template
from flask.typing import ResponseReturnValue

from tally import canonical
from voting.board import facts
from voting.board.models import BoardPoll, State
from voting.board.steps import Step
from voting.web.access import Audience, audience
from voting.web.qr import draw

blueprint = Blueprint("board", __name__)


@blueprint.get("/board/<uuid>")
@audience(Audience.ANYONE)
def box(uuid: str) -> ResponseReturnValue:
    """The box on a phone: count, seal, and whether a 查验码 is listed."""
    poll = facts.visible(g.db, uuid)
    listed = facts.listed_trackers(g.db, poll) if poll.state in facts.LISTED else []
    frozen = facts.manifest(poll)
    return render_template(
        "board/box.html",
        poll=poll,
        phi=canonical.b64_hash(poll.election),
        receipt_key=frozen.receipt_key if frozen else "",
        now=_now(poll),
        codes=facts.codes(listed),
        listed=poll.state in facts.LISTED,
    )


@blueprint.get("/board/<uuid>/count.json")
@audience(Audience.ANYONE)
def count(uuid: str) -> ResponseReturnValue:
    """State, counts and seals."""
    return jsonify(_now(facts.visible(g.db, uuid)))


@blueprint.get("/board/<uuid>/trackers.json")
@audience(Audience.ANYONE)
def trackers(uuid: str) -> ResponseReturnValue:
    """The whole sorted list: a phone looks for its own in it, so that nobody learns whose phone asked for which."""
    listed = facts.listed_trackers(g.db, facts.visible(g.db, uuid))
    return jsonify(trackers=listed, codes=facts.codes(listed))


@blueprint.get("/board/<uuid>/screen")
@audience(Audience.ANYONE)
def screen(uuid: str) -> ResponseReturnValue:
    """The projector's page; js/board/screen.js keeps it up to date."""
    poll = facts.visible(g.db, uuid)
    now = _now(poll)
    page = SCREENS[State(poll.state)]
    if page == "voting" and now["returned"] == 0 and now["step"] in SHOWS_EMPTY:
        page = "empty"
    digest = facts.closing_hash(g.db, uuid) if page in {"closing", "sealed"} else poll.setup_event
    frozen = facts.manifest(poll)
    return render_template(
        f"board/screen_{page}.html",
        poll=poll,
        now=now,
        keys=facts.keys(poll),
        selection=frozen.selection if frozen else "",
        code=draw(digest) if digest else None,
        digest=digest,
    )


SHOWS_EMPTY = (Step.BOX, Step.HAND)
"""The box is shown to be empty, until 发出 is announced or a ballot is in it."""

SCREENS = {
    State.ISSUED: "before",
    State.OPEN: "voting",
    State.CLOSING: "closing",
    State.CLOSED: "sealed",
    State.TALLIED: "over",
    State.VOID: "void",
}


def _now(poll: BoardPoll) -> dict[str, Any]:
    """The snapshot of this moment; rehearsals may shorten the two minutes of the closing screen."""
    shown_for = (
        min(g.config.rehearsal_closing_seconds, facts.CLOSING_SECONDS) if poll.rehearsal else facts.CLOSING_SECONDS
    )
    return facts.snapshot(g.db, poll, time.time(), shown_for)
