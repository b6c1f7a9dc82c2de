"""The office's page at last call: leftover slips are scanned, and void. Their codes never leave the browser."""

from typing import Any

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from tally import canonical
from voting.accounts import words
from voting.board import facts
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.polls import drafts, meeting, voiding
from voting.web.access import Audience, audience

blueprint = Blueprint("voids", __name__, url_prefix="/office")

words.register({"poll.slips_void": "作废选票"}, drafts.titles)


@blueprint.get("/polls/<uuid>/voids")
@audience(Audience.OFFICE)
def show(uuid: str) -> ResponseReturnValue:
    """Name two officials once, then scan slip after slip. Changes nothing. Refused unless open or closing."""
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    if on_board.state not in (State.OPEN, State.CLOSING):
        raise Refused(Code.WRONG_STATE)
    return render_template(
        "polls/voids.html", poll=poll, on_board=on_board, now=_stand(on_board),
        phi=canonical.b64_hash(on_board.election), named=meeting.named(g.db, uuid),
    )  # fmt: skip


@blueprint.post("/polls/<uuid>/voids")
@audience(Audience.OFFICE)
def void(uuid: str) -> ResponseReturnValue:
    """Void the slips that the field `voids` lists, as `voids.json` would; answers how the numbers now stand."""
    groups = voiding.void_slips(
        g.db, uuid, request.form.get("voids", "").encode("utf-8", "replace"), actor=g.user.login
    )
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    return jsonify(_stand(on_board) | {"these": [poll.groups[index].label for index in groups]})


def _stand(on_board: BoardPoll) -> dict[str, Any]:
    by_group = board.voided_by_group(g.db, on_board.uuid)
    poll = drafts.get(g.db, on_board.uuid)
    return {
        "voided": sum(by_group.values()),
        "left_in_hand": on_board.left_in_hand,
        "printed": on_board.printed,
        "handed_out": facts.handed_out(g.db, on_board),
        "groups": [[group.label, by_group.get(group.position, 0)] for group in poll.groups],
    }
