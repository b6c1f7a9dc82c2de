"""The office's page of facts: HR's roster is read for the people on the ballots, nothing else of it is kept."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from voting.accounts import audit, words
from voting.errors import Code, Refused
from voting.selections import facts, service
from voting.selections.forms import EarlierForm, UploadForm
from voting.selections.roster import Matched
from voting.selections.table import MAX_BYTES
from voting.web.access import Audience, audience
from voting.web.limits import UPLOAD_BODY, body_limit

blueprint = Blueprint("roster", __name__, url_prefix="/office")

words.register({"facts.import": "导入名册情况", "facts.earlier": "补充任职经历"})


@blueprint.get("/selections/<int:selection_id>/roster")
@audience(Audience.OFFICE)
def show(selection_id: int) -> ResponseReturnValue:
    """What is known of each person on the ballots."""
    return _page(selection_id)


@blueprint.post("/selections/<int:selection_id>/roster")
@audience(Audience.OFFICE)
@body_limit(UPLOAD_BODY)
def read(selection_id: int) -> ResponseReturnValue:
    """Take the facts from a roster: all that is needed or nothing."""
    service.get_selection(g.db, selection_id)
    form, matched = UploadForm(), None
    if not form.validate():
        refused = Refused(Code.BAD_REQUEST)
        return _page(selection_id, refused), refused.sentence.status
    with form.file.data.stream as stream:
        raw = stream.read(MAX_BYTES + 1)
    try:
        matched = facts.read(g.db, selection_id, form.file.data.filename or "", raw)
        count = facts.attach(g.db, selection_id, matched)
    except Refused as refused:
        g.db.rollback()
        return _page(selection_id, refused, matched), refused.sentence.status
    audit.record(g.db, g.user.login, "facts.import", str(selection_id), f"{count} 人")
    missing = "、".join(one.name for one in matched.missing)
    flash(f"已从名册读出 {count} 人的情况。" + (f"名册里没有：{missing}。" if missing else ""))
    return redirect(url_for("roster.show", selection_id=selection_id))


@blueprint.post("/selections/<int:selection_id>/roster/<int:facts_id>/earlier")
@audience(Audience.OFFICE)
def earlier(selection_id: int, facts_id: int) -> ResponseReturnValue:
    """Enter an earlier spell of service with its basis."""
    form = EarlierForm()
    try:
        if not form.validate() or form.since.data is None:
            raise Refused(Code.INVALID_VALUE, "；".join(text for errors in form.errors.values() for text in errors))
        found = facts.enter_earlier(
            g.db, selection_id, facts_id, form.what.data or "", form.since.data, form.basis.data or ""
        )
    except Refused as refused:
        g.db.rollback()
        return _page(selection_id, refused), refused.sentence.status
    said = f"{found.name}：{found.earlier_what} {found.earlier_since}，依据 {found.earlier_basis}"
    audit.record(g.db, g.user.login, "facts.earlier", str(selection_id), said)
    return redirect(url_for("roster.show", selection_id=selection_id))


def _page(selection_id: int, error: Refused | None = None, matched: Matched | None = None) -> str:
    selection = service.get_selection(g.db, selection_id)
    return render_template(
        "selections/roster.html", selection=selection, known=facts.of_selection(g.db, selection_id), key=facts.key,
        form=UploadForm(formdata=None), entry=EarlierForm(formdata=None), error=error, matched=matched,
    )  # fmt: skip
