"""Result pages: what a tallied poll says, its record folder, and a fresh verification. Every access is logged."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from voting.accounts import audit
from voting.errors import Code, Refused
from voting.polls import evaluation, results
from voting.polls.models import BASES, Kind
from voting.polls.share import Share
from voting.polls.tallied import Head
from voting.store.base import release
from voting.verify.data import as_json
from voting.verify.judging import Verdict, verdict
from voting.verify.page import body
from voting.verify.text import as_text
from voting.web.access import Audience, audience

blueprint = Blueprint("results", __name__, url_prefix="/review")


@blueprint.get("")
@audience(Audience.REVIEW, Audience.OFFICE)
def index() -> ResponseReturnValue:
    """All polls that have a result, and those whose record has begun."""
    return render_template(
        "results/index.html", polls=results.tallied(g.db), recorded=results.recorded(g.db), labels=results.labels(g.db),
        statement=results.STATEMENT,
    )  # fmt: skip


@blueprint.get("/polls/<uuid>")
@audience(Audience.REVIEW, Audience.OFFICE)
def result(uuid: str) -> ResponseReturnValue:
    """The summary of a poll, each kind on its own page: counts, and persons in ballot order."""
    page, load, statement = PAGES[results.kind_of(g.db, uuid)]
    poll = load(g.db, uuid)
    _log("result.read", uuid, poll.title)
    read_at = datetime.now(results.BUREAU_TIME).strftime("%Y-%m-%d %H:%M")
    return render_template(
        page, poll=poll, statement=statement, reader=g.user.name, read_at=read_at, bases=BASES, share=Share
    )


@blueprint.get("/polls/<uuid>/record.zip")
@audience(Audience.REVIEW, Audience.OFFICE)
def record(uuid: str) -> ResponseReturnValue:
    """The record folder, for verification elsewhere."""
    files = results.record(g.db, uuid)
    _log("record.download", uuid)
    return _download(Response(results.zipped(uuid, files), mimetype="application/zip"), f"{uuid}.zip")


@blueprint.get("/polls/<uuid>/verification.<form>")
@audience(Audience.REVIEW, Audience.OFFICE)
def verification(uuid: str, form: str) -> ResponseReturnValue:
    """Verify the server's own copy now and show the report as html, txt or json."""
    if form not in FORMS:
        raise Refused(Code.NOT_FOUND)
    with _alone():
        files, title = results.record(g.db, uuid), results.title(g.db, uuid)
        _log("record.verify", uuid, form)
        release(g.db)  # some seconds of arithmetic must not hold up a cast
        found = verdict(f"{uuid}.bel", files, os.cpu_count() or 1)
    return FORMS[form](uuid, title, found)


_verifying = Lock()


@contextmanager
def _alone() -> Iterator[None]:
    """One verification at a time in this process: more would leave no thread for phones. Raises Refused(BUSY)."""
    if not _verifying.acquire(blocking=False):
        raise Refused(Code.BUSY)
    try:
        yield
    finally:
        _verifying.release()


def _as_page(uuid: str, title: str, found: Verdict) -> ResponseReturnValue:
    return render_template("results/verification.html", uuid=uuid, title=title, report=Markup(body(found)))  # noqa: S704 - body escapes all that comes from the record


def _as_text(uuid: str, _title: str, found: Verdict) -> ResponseReturnValue:
    return _download(Response(as_text([found]), mimetype="text/plain"), f"{uuid}-verification.txt")


def _as_json(uuid: str, _title: str, found: Verdict) -> ResponseReturnValue:
    return _download(Response(as_json([found]), mimetype="application/json"), f"{uuid}-verification.json")


PAGES: dict[Kind, tuple[str, Callable[[Session, str], Head], str]] = {
    Kind.RECOMMENDATION: ("results/result.html", results.load, results.STATEMENT),
    Kind.EVALUATION: ("results/evaluation.html", evaluation.load, evaluation.STATEMENT),
    Kind.DECISION: ("results/decision.html", evaluation.load_decision, ""),
}
FORMS: dict[str, Callable[[str, str, Verdict], ResponseReturnValue]] = {
    "html": _as_page,
    "txt": _as_text,
    "json": _as_json,
}


def _download(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _log(action: str, uuid: str, detail: str = "") -> None:
    audit.record(g.db, g.user.login, action, uuid, detail)
