"""The test phone's page and its three calls. The token stands in the fragment and travels as `Authorization: Bearer`."""

import time

from flask import Blueprint, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from voting.board import facts
from voting.booth import check
from voting.booth.service import SMALLEST_LIMIT
from voting.errors import Code, Refused
from voting.web.access import Audience, audience
from voting.web.limits import read_body

blueprint = Blueprint("check", __name__)

LARGEST = 16 * SMALLEST_LIMIT
"""A megabyte: an evaluation of many persons is the largest sample."""


@blueprint.get("/v/check/<uuid>")
@audience(Audience.VOTER)
def page(uuid: str) -> ResponseReturnValue:
    """The page: inert, the same for everybody; its script runs the check."""
    found = facts.visible(g.db, uuid)
    return render_template("booth/check.html", uuid=uuid, title=found.title, rehearsal=found.rehearsal)


@blueprint.get("/v/check/<uuid>/paper.json")
@audience(Audience.VOTER)
def paper(uuid: str) -> ResponseReturnValue:
    """The sample election."""
    return jsonify(check.paper(g.db, g.config.secret, uuid, _token(), time.time()))


@blueprint.post("/v/check/<uuid>/ballots")
@audience(Audience.VOTER)
def ballots(uuid: str) -> ResponseReturnValue:
    """Judge a sample ballot, sign a test receipt, keep nothing."""
    if request.mimetype != "application/json":
        raise Refused(Code.CONTENT_TYPE)
    body, token = read_body(LARGEST), _token()
    tracker, receipt = check.judge(g.db, g.config.secret, uuid, token, body, time.time())
    return make_response(jsonify(tracker=tracker, receipt=receipt), 201)


@blueprint.post("/v/check/<uuid>/report")
@audience(Audience.VOTER)
def report(uuid: str) -> ResponseReturnValue:
    """The phone has its receipt."""
    body, token = read_body(check.MAX_REPORT), _token()
    outcome = check.report(g.db, g.config.secret, uuid, token, body, time.time())
    return jsonify(paper=outcome.paper, difference=outcome.difference, clock=outcome.clock_good)


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not 16 <= len(token) <= 60:
        raise Refused(Code.CHECK_TOKEN)
    return token
