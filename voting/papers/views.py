"""The papers of a poll: the list of them, and each as a page for print, for Word and for Excel. Every access is logged."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from voting.accounts import audit, words
from voting.errors import Code, Refused
from voting.papers import gathering
from voting.papers.model import Paper, Value, shown
from voting.polls import drafts, results
from voting.polls.share import Share
from voting.web import qr
from voting.web.access import Audience, audience

blueprint = Blueprint("papers", __name__, url_prefix="/review")

words.register({"paper.read": "查阅文书"}, drafts.titles)

blueprint.add_app_template_filter(shown, "shown")


@blueprint.app_template_test("figure")
def is_figure(value: Value) -> bool:
    """Whether a cell is a number."""
    return isinstance(value, int | Share)


@blueprint.app_template_global()
def qr_code(text: str, label: str) -> str:
    """A QR code as SVG."""
    return qr.draw(text).svg(label)


@blueprint.get("/polls/<uuid>/papers")
@audience(Audience.REVIEW, Audience.OFFICE)
def index(uuid: str) -> ResponseReturnValue:
    """The papers of a poll, to print, sign, and keep."""
    return render_template(
        "papers/index.html", uuid=uuid, title=results.title(g.db, uuid), papers=gathering.listed(g.db, uuid)
    )


@blueprint.get("/polls/<uuid>/papers/<name>.<form>")
@audience(Audience.REVIEW, Audience.OFFICE)
def paper(uuid: str, name: str, form: str) -> ResponseReturnValue:
    """One paper in one form."""
    if form not in FORMS:
        raise Refused(Code.NOT_FOUND)
    sheets = gathering.papers(g.db, uuid, name)
    audit.record(g.db, g.user.login, "paper.read", uuid, f"{sheets[0].title}（{form}）")
    return FORMS[form](uuid, sheets)


def _as_page(uuid: str, sheets: Sequence[Paper]) -> ResponseReturnValue:
    read_at = datetime.now(results.BUREAU_TIME).strftime("%Y-%m-%d %H:%M")
    return render_template("papers/paper.html", uuid=uuid, sheets=sheets, reader=g.user.name, read_at=read_at)


FORMS: dict[str, Callable[[str, Sequence[Paper]], ResponseReturnValue | Response]] = {"html": _as_page}
