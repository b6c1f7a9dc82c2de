"""The papers of a poll: the list of them, and each as a page for print, for Word and for Excel. Every access is logged."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, g, render_template, url_for
from flask.typing import ResponseReturnValue

from voting.accounts import audit, words
from voting.errors import Code, Refused
from voting.papers import excel, gathering, word
from voting.papers.model import Paper, Value, shown
from voting.polls import drafts, results
from voting.polls.share import Share
from voting.web import qr
from voting.web.access import Audience, audience

blueprint = Blueprint("papers", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TEMPLATES = frozenset(path.stem for path in word.SHIPPED.glob("*.docx"))

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


@blueprint.get("/review/polls/<uuid>/papers")
@audience(Audience.REVIEW, Audience.OFFICE)
def index(uuid: str) -> ResponseReturnValue:
    """The papers of a poll, to print, sign, and keep."""
    found, folder = gathering.listed(g.db, uuid), g.config.paper_templates
    own = {one.title: word.template(one.title, folder).parent == folder for one in found}
    title = results.title(g.db, uuid)
    return render_template("papers/index.html", uuid=uuid, title=title, papers=found, own=own, folder=folder)


@blueprint.get("/office/paper-templates/<title>.docx")
@audience(Audience.OFFICE)
def template(title: str) -> ResponseReturnValue:
    """The Word template in use, for the office to make its own of."""
    if title not in TEMPLATES:
        raise Refused(Code.NOT_FOUND)
    return _download(word.template(title, g.config.paper_templates).read_bytes(), DOCX, f"{title}.docx")


@blueprint.get("/review/polls/<uuid>/papers/<name>.<form>")
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
    # A paper that is no poll's (the Party group's) hands in the address to go back to.
    back = uuid if uuid.startswith("/") else url_for("papers.index", uuid=uuid)
    return render_template("papers/paper.html", back=back, sheets=sheets, reader=g.user.name, read_at=read_at)


def _as_document(_uuid: str, sheets: Sequence[Paper]) -> ResponseReturnValue:
    title = sheets[0].title
    made = word.document(sheets, word.template(title, g.config.paper_templates))
    return _download(made, DOCX, f"{title}.docx")


def _as_workbook(_uuid: str, sheets: Sequence[Paper]) -> ResponseReturnValue:
    return _download(excel.workbook(sheets), XLSX, f"{sheets[0].title}.xlsx")


def _download(body: bytes, kind: str, name: str) -> Response:
    response = Response(body, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


FORMS: dict[str, Callable[[str, Sequence[Paper]], ResponseReturnValue]] = {
    "html": _as_page,
    "docx": _as_document,
    "xlsx": _as_workbook,
}
