"""A trustee's page and its calls. No cookie: the link's token comes from the fragment as `Authorization: Bearer`."""

from flask import Blueprint, Response, abort, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from voting.board import service as board
from voting.errors import Code, Refused
from voting.store.base import release
from voting.trustees import decryption, service
from voting.trustees.holder import fingerprint
from voting.trustees.models import Trustee
from voting.web.access import Audience, audience
from voting.web.limits import read_body

blueprint = Blueprint("trustees", __name__)


@blueprint.get("/trustee/<uuid>/<int:n>")
@audience(Audience.TRUSTEE)
def page(uuid: str, n: int) -> ResponseReturnValue:
    """The page itself: the same for everybody, tells nothing and changes nothing; its script shows the steps."""
    return render_template("trustees/page.html", uuid=uuid, n=n)


@blueprint.get("/trustee/<uuid>/<int:n>/state")
@audience(Audience.TRUSTEE)
def state(uuid: str, n: int) -> ResponseReturnValue:  # noqa: ARG001 - the token decides, not the number in the address
    """Where this trustee stands and what the others have done."""
    me = _me(uuid)
    poll = board.get(g.db, uuid)
    step = decryption.step(g.db, me)
    return jsonify(
        uuid=uuid, n=me.n, name=me.name, role=me.role, selection=me.selection, title=poll.title,
        rehearsal=poll.rehearsal, state=poll.state, step=step, nonce=me.nonce if step == "open" else None, key=me.key,
        fingerprint=fingerprint(me.key) if me.key else None,
        trustees=[
            {"n": one.n, "name": one.name, "role": one.role, "fingerprint": one.fingerprint, "opened": one.opened,
             "shared": one.shared}
            for one in service.public_trustees(g.db, uuid)
        ],
        files=sorted(decryption.record(g.db, uuid)) if step in ("decrypt", "shared") else [],
    )  # fmt: skip


@blueprint.post("/trustee/<uuid>/<int:n>/key")
@audience(Audience.TRUSTEE)
def key(uuid: str, n: int) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """Register the public key; answers with the nonce for the opening proof."""
    raw = read_body(service.MAX_MESSAGE)  # before the database: a slow sender must not hold its lock
    return jsonify(nonce=service.submit_key(g.db, uuid, _me(uuid).n, raw))


@blueprint.post("/trustee/<uuid>/<int:n>/opened")
@audience(Audience.TRUSTEE)
def opened(uuid: str, n: int) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """Take the proof that the saved key file opens."""
    raw = read_body(service.MAX_MESSAGE)
    service.confirm_opened(g.db, uuid, _me(uuid).n, raw)
    return jsonify(opened=True)


@blueprint.get("/trustee/<uuid>/<int:n>/record/<name>")
@audience(Audience.TRUSTEE)
def record_file(uuid: str, n: int, name: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """One file of the closed record, byte for byte."""
    _me(uuid)
    body = decryption.record(g.db, uuid).get(name)
    if body is None:
        abort(404)
    return Response(body, mimetype="application/octet-stream")


@blueprint.post("/trustee/<uuid>/<int:n>/share")
@audience(Audience.TRUSTEE)
def share(uuid: str, n: int) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """Take this trustee's share of the decryption; the last one completes the result."""
    me = _me(uuid)
    limit = decryption.max_share(g.db, uuid)
    release(g.db)
    raw = read_body(limit)
    return jsonify(done=decryption.submit_share(g.db, uuid, me.n, raw))


def _me(uuid: str) -> Trustee:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not 16 <= len(token) <= 200:
        raise Refused(Code.INVITATION)
    return service.authenticate(g.db, uuid, token)
