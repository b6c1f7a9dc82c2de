"""The office's pages of selections, posts and candidates."""

import datetime as dt

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from voting.accounts import audit, words
from voting.errors import Code, Refused
from voting.selections import importing, previewed, service
from voting.selections.forms import ConfirmForm, PostForm, SelectionForm, UploadForm
from voting.selections.models import Post, Selection
from voting.selections.table import MAX_BYTES
from voting.web.access import Audience, audience
from voting.web.limits import UPLOAD_BODY, body_limit

blueprint = Blueprint("selections", __name__, url_prefix="/office")

words.register({
    "selection.create": "新建选拔任用工作", "post.create": "录入职位", "candidates.import": "导入推荐人选",
})  # fmt: skip


@blueprint.get("/selections")
@audience(Audience.OFFICE)
def index() -> ResponseReturnValue:
    """All selections."""
    return render_template("selections/index.html", selections=service.selections(g.db))


@blueprint.get("/selections/new")
@audience(Audience.OFFICE)
def new() -> ResponseReturnValue:
    """The empty form."""
    return render_template("selections/new.html", form=SelectionForm(bureau=g.config.bureau), error=None)


@blueprint.post("/selections/new")
@audience(Audience.OFFICE)
def create() -> ResponseReturnValue:
    """Enter a selection."""
    form, error = SelectionForm(), None
    plan_date = form.plan_date.data
    if form.validate() and plan_date:
        now = dt.datetime.now(dt.UTC)
        try:
            selection = service.create_selection(
                g.db, form.title.data or "", form.bureau.data or "", plan_date, now,
                rehearsal=bool(form.rehearsal.data),
            )  # fmt: skip
            said = f"{selection.title}{'（演练）' if selection.rehearsal else ''}"
            audit.record(g.db, g.user.login, "selection.create", str(selection.id), said)
            return redirect(url_for("selections.show", selection_id=selection.id))
        except Refused as refused:
            error = _undo(refused)
    error = error or Refused(Code.INVALID_VALUE)
    return render_template("selections/new.html", form=form, error=error), error.sentence.status


@blueprint.get("/selections/<int:selection_id>")
@audience(Audience.OFFICE)
def show(selection_id: int) -> ResponseReturnValue:
    """A selection: its posts with their candidates, its polls."""
    return _selection_page(service.get_selection(g.db, selection_id), PostForm(formdata=None), None)


@blueprint.post("/selections/<int:selection_id>/posts")
@audience(Audience.OFFICE)
def add_post(selection_id: int) -> ResponseReturnValue:
    """Enter a post, then go on to its candidates."""
    form, error = PostForm(), None
    if form.validate():
        try:
            post = service.add_post(g.db, selection_id, form.title.data or "", form.places.data or 0)
            audit.record(g.db, g.user.login, "post.create", str(post.id), post.title)
            return redirect(url_for("selections.candidates", post_id=post.id))
        except Refused as refused:
            error = _undo(refused)
    selection, error = service.get_selection(g.db, selection_id), error or Refused(Code.INVALID_VALUE)
    return _selection_page(selection, form, error), error.sentence.status


@blueprint.get("/posts/<int:post_id>/candidates")
@audience(Audience.OFFICE)
def candidates(post_id: int) -> ResponseReturnValue:
    """Who stands for a post, and the way to another list."""
    return _upload_page(service.get_post(g.db, post_id), UploadForm(formdata=None), None)


@blueprint.post("/posts/<int:post_id>/candidates")
@audience(Audience.OFFICE)
@body_limit(UPLOAD_BODY)
def preview(post_id: int) -> ResponseReturnValue:
    """Read an uploaded list and show what would be imported. Nothing is stored."""
    post, form = service.get_post(g.db, post_id), UploadForm()
    if not form.validate():
        refused = Refused(Code.BAD_REQUEST)
        return _upload_page(post, form, refused), refused.sentence.status
    filename = form.file.data.filename or ""
    with form.file.data.stream as stream:
        raw = stream.read(MAX_BYTES + 1)
    try:
        if service.locked(g.db, post_id):
            raise Refused(Code.POST_LOCKED)
        found = importing.preview(importing.read_table(filename, raw))
    except Refused as refused:
        return _upload_page(post, form, refused), refused.sentence.status
    packed = previewed.pack(_secret(), post_id, service.fingerprint(g.db, post_id), found.rows) if found.sound else ""
    page = render_template(
        "selections/preview.html",
        post=post,
        found=found,
        filename=filename,
        bad={p.row for p in found.errors},
        replaced=len(service.candidates(g.db, post_id)),
        form=ConfirmForm(formdata=None, preview=packed),
    )
    return page, 200 if found.sound else Refused(Code.IMPORT_ROWS).sentence.status


@blueprint.post("/posts/<int:post_id>/candidates/confirm")
@audience(Audience.OFFICE)
@body_limit(UPLOAD_BODY)
def confirm(post_id: int) -> ResponseReturnValue:
    """Import exactly the rows that the preview showed, all of them or none."""
    post, form = service.get_post(g.db, post_id), ConfirmForm()
    try:
        was, rows = previewed.unpack(_secret(), post_id, form.preview.data or "")
        before = [one.answer for one in service.candidates(g.db, post_id)]
        count = service.import_candidates(g.db, post_id, rows, expected=was)
    except Refused as refused:
        error = _undo(refused)
        return _upload_page(service.get_post(g.db, post_id), UploadForm(formdata=None), error), error.sentence.status
    changed = service.difference(before, [one.answer for one in service.candidates(g.db, post_id)])
    said = f"{post.title}：{count} 人{changed and f'；{changed}'}"
    audit.record(g.db, g.user.login, "candidates.import", str(post_id), said)
    flash(f"已导入 {post.title} 的推荐人选 {count} 人，顺序与文件一致。")
    return redirect(url_for("selections.show", selection_id=post.selection_id))


def _secret() -> str | bytes:
    return current_app.secret_key or b""


def _undo(refused: Refused) -> Refused:
    """The page is shown again, so the frame will commit: take back whatever was begun."""
    g.db.rollback()
    return refused


def _selection_page(selection: Selection, form: PostForm, error: Refused | None) -> str:
    # The polls come from a template global of the slice above: nothing here imports polls.
    return render_template("selections/show.html", selection=selection, form=form, error=error)


def _upload_page(post: Post, form: UploadForm, error: Refused | None) -> str:
    return render_template(
        "selections/candidates.html",
        post=post,
        candidates=service.candidates(g.db, post.id),
        locked=service.locked(g.db, post.id),
        selection=service.get_selection(g.db, post.selection_id),
        form=form,
        error=error,
    )
