"""The booth's addresses. No cookie, no session, nothing logged; a GET changes nothing."""

import hashlib
import json

from flask import Blueprint, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from voting.board import facts
from voting.board.models import State
from voting.booth import service
from voting.errors import Code, Refused
from voting.web.access import Audience, audience
from voting.web.limits import read_body

blueprint = Blueprint("booth", __name__)

STATE_WORDS = {State.ISSUED: "即将开始", State.OPEN: "正在进行"}


@blueprint.get("/v")
@audience(Audience.VOTER)
def door() -> ResponseReturnValue:
    """For typed codes: choose the poll, type the code; the code stays on the phone."""
    return render_template("booth/door.html", polls=service.waiting_polls(g.db), state_words=STATE_WORDS)


@blueprint.get("/v/kiosk")
@audience(Audience.VOTER)
def kiosk() -> ResponseReturnValue:
    """The page of a tablet for whoever has no phone: everything stays in its memory, one visit after the other."""
    return render_template("booth/kiosk.html")


@blueprint.get("/v/polls.json")
@audience(Audience.VOTER)
def polls() -> ResponseReturnValue:
    """The polls that /v lists, for tablets that stand ready before a poll is there."""
    found = [
        {
            "uuid": one.uuid,
            "title": one.title,
            "open": one.state == State.OPEN,
            "words": STATE_WORDS[State(one.state)],
            "rehearsal": one.rehearsal,
        }
        for one in service.waiting_polls(g.db)
    ]
    return jsonify(polls=found)


@blueprint.get("/v/<uuid>")
@audience(Audience.VOTER)
def poll(uuid: str) -> ResponseReturnValue:
    """The booth's one page. Inert: link previews and scanners may fetch it as often as they like."""
    found = facts.visible(g.db, uuid)
    return render_template("booth/poll.html", uuid=uuid, title=found.title, rehearsal=found.rehearsal, preview=None)


@blueprint.get("/v/<uuid>/election.json")
@audience(Audience.VOTER)
def election(uuid: str) -> ResponseReturnValue:
    """The ballot paper: the exact bytes of election and manifest."""
    body = json.dumps(service.description(g.db, uuid), ensure_ascii=False).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return response.make_conditional(request)


@blueprint.get("/v/<uuid>/state.json")
@audience(Audience.VOTER)
def state(uuid: str) -> ResponseReturnValue:
    """The poll's state, for phones that wait."""
    return jsonify(service.state(g.db, uuid))


@blueprint.post("/v/<uuid>/ballots")
@audience(Audience.VOTER)
def cast(uuid: str) -> ResponseReturnValue:
    """Take a ballot: 201 the first time, 200 for the same again, 409 or 422 with a code otherwise."""
    limit = service.body_limit(g.db, uuid)
    if request.mimetype != "application/json":
        raise Refused(Code.CONTENT_TYPE)
    try:
        reply = service.cast(g.db, g.config.secret, uuid, read_body(limit))
    except service.Used as used:
        told = {"error": used.code.value, "zh": used.sentence.zh, "en": used.sentence.en, "detail": ""}
        accepted = {"tracker": used.accepted.tracker, "receipt": used.accepted.receipt}
        return make_response(jsonify(told | accepted), used.sentence.status)
    return make_response(jsonify(tracker=reply.tracker, receipt=reply.receipt), 201 if reply.first else 200)
