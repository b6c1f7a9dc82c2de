"""The office's pages of a poll: draft, console, and one POST for each step of its life."""

import datetime as dt
import secrets
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voting.accounts import words
from voting.board import checks, facts
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.board.steps import Step
from voting.booth import service as booth
from voting.errors import Code, Refused
from voting.polls import building, console, drafts, inserting, lifecycle, officials, person_forms, preflight
from voting.polls.forms import (
    CountsForm,
    DraftForm,
    OfficialsForm,
    ReasonForm,
    TrusteeForm,
    draft_of,
    empty_draft,
    with_persons,
)  # fmt: skip
from voting.polls.models import Kind, Poll
from voting.selections import service as selections
from voting.trustees import service as trustees
from voting.web.access import Audience, audience
from voting.web.limits import UPLOAD_BODY, body_limit
from voting.web.qr import draw

blueprint = Blueprint("polls", __name__, url_prefix="/office")

words.register({
    "poll.create": "拟定投票", "poll.update": "修改投票", "poll.trustee": "加入保管人", "poll.trustee_link": "重发保管人链接",
    "poll.trustee_withdrawn": "撤下保管人", "poll.keyed": "密钥就绪", "poll.issue": "印制选票",
    "poll.step": "会议步骤", "poll.people": "清点人数", "poll.officials": "监票人、计票人", "poll.open": "启用票箱", "poll.counts": "记下人数", "poll.closing": "停止投票", "poll.closed": "封箱", "poll.inserted": "凭回执补入", "poll.void": "作废投票",
    "result.read": "查阅结果", "record.download": "下载选举记录", "record.verify": "核验选举记录",
}, drafts.titles)  # fmt: skip


@blueprint.app_template_global()
def polls_of(selection_id: int) -> list[tuple[Poll, BoardPoll]]:
    """A selection's polls, for its page."""
    return list(drafts.of_selection(g.db, selection_id))


@blueprint.app_template_global()
def state_label(on_board: BoardPoll) -> str:
    """The state in the office's words."""
    return console.LABELS[State(on_board.state)]


@blueprint.app_template_global()
def form_label(poll: Poll) -> str:
    """会议推荐, 谈话调研推荐, 民主测评 or 党组会表决."""
    return poll.label


@blueprint.get("/polls")
@audience(Audience.OFFICE)
def index() -> ResponseReturnValue:
    """Every poll, by selection."""
    rows = [(one, drafts.of_selection(g.db, one.id)) for one in selections.selections(g.db)]
    return render_template("polls/index.html", rows=[(one, polls) for one, polls in rows if polls])


@blueprint.get("/selections/<int:selection_id>/polls/new")
@audience(Audience.OFFICE)
def new(selection_id: int) -> ResponseReturnValue:
    """The empty draft. A rehearsal is suggested while nothing else can be keyed."""
    selection, asked = selections.get_selection(g.db, selection_id), request.args.get("kind", Kind.RECOMMENDATION)
    if asked not in set(Kind):
        raise Refused(Code.NOT_FOUND)
    form = empty_draft(selection, rehearsal=True, replaces=request.args.get("replaces", ""), kind=Kind(asked))
    return _draft_page(form, selection_id, None)


@blueprint.post("/selections/<int:selection_id>/polls/new")
@audience(Audience.OFFICE)
@body_limit(UPLOAD_BODY)
def create(selection_id: int) -> ResponseReturnValue:
    """Enter a draft, or read its persons from a file into the form, which stores nothing."""
    form, error = DraftForm(), None
    if "import" in request.form:
        return _import_page(form, selection_id)
    if form.validate():
        try:
            uuid = drafts.create(
                g.db, selection_id, form.draft(), transport=_transport(), now=_now(), actor=g.user.login,
                rng=secrets.token_bytes,
            )  # fmt: skip
            return redirect(url_for("polls.show", uuid=uuid))
        except Refused as refused:
            error = _undo(refused)
    error = error or Refused(Code.INVALID_VALUE)
    return _draft_page(form, selection_id, error), error.sentence.status


@blueprint.get("/polls/<uuid>/edit")
@audience(Audience.OFFICE)
def edit(uuid: str) -> ResponseReturnValue:
    """The draft as it stands."""
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    form = draft_of(poll, on_board.title, rehearsal=on_board.rehearsal)
    return _draft_page(form, poll.selection_id, None, uuid)


@blueprint.post("/polls/<uuid>/edit")
@audience(Audience.OFFICE)
@body_limit(UPLOAD_BODY)
def update(uuid: str) -> ResponseReturnValue:
    """Change the draft, or read its persons from a file into the form, which stores nothing."""
    form, error = DraftForm(), None
    selection_id = drafts.get(g.db, uuid).selection_id
    if "import" in request.form:
        return _import_page(form, selection_id, uuid)
    if form.validate():
        try:
            drafts.update(g.db, uuid, form.draft(), actor=g.user.login)
            return redirect(url_for("polls.show", uuid=uuid))
        except Refused as refused:
            error = _undo(refused)
    error = error or Refused(Code.INVALID_VALUE)
    return _draft_page(form, selection_id, error, uuid), error.sentence.status


@blueprint.get("/polls/<uuid>")
@audience(Audience.OFFICE)
def show(uuid: str) -> ResponseReturnValue:
    """The console."""
    return console_page(uuid)


@blueprint.get("/polls/<uuid>/live")
@audience(Audience.OFFICE)
def live(uuid: str) -> ResponseReturnValue:
    """What changes while the page stands open."""
    return jsonify(console.live(g.db, uuid, _now(), _wait()))


@blueprint.get("/polls/<uuid>/preview")
@audience(Audience.OFFICE)
def preview(uuid: str) -> ResponseReturnValue:
    """The ballot exactly as a phone will show it: the booth's own page on the draft's questions; nothing can be sent."""
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    asked = [q.plain() for q in building.questions(g.db, poll)]
    keys = max(len(trustees.public_trustees(g.db, uuid)), trustees.LEAST_TRUSTEES)
    data = booth.preview(
        {"name": on_board.title, "questions": asked},
        title=on_board.title, kind=poll.kind, selection=poll.selection.title, group=poll.groups[0].label,
        trustees=keys, threshold=keys, minimum=on_board.minimum, rehearsal=on_board.rehearsal,
    )  # fmt: skip
    return render_template(
        "booth/poll.html", uuid=uuid, title=on_board.title, rehearsal=on_board.rehearsal, preview=data
    )


@blueprint.post("/polls/<uuid>/trustees")
@audience(Audience.OFFICE)
def name_trustee(uuid: str) -> ResponseReturnValue:
    """Name a trustee and show the link, this once."""
    form = TrusteeForm()
    if not form.validate():
        return console_page(uuid, Refused(Code.INVALID_VALUE, "请填写姓名和身份"))
    try:
        invitation = officials.name_trustee(g.db, uuid, form.name.data or "", form.role.data or "", actor=g.user.login)
    except Refused as refused:
        return console_page(uuid, _undo(refused))
    return _link_page(uuid, invitation)


@blueprint.post("/polls/<uuid>/trustees/<int:n>/renew")
@audience(Audience.OFFICE)
def renew(uuid: str, n: int) -> ResponseReturnValue:
    """A new link for a trustee who lost the old one, which stops working."""
    try:
        invitation = officials.renew_link(g.db, uuid, n, actor=g.user.login)
    except Refused as refused:
        return console_page(uuid, _undo(refused))
    return _link_page(uuid, invitation)


@blueprint.post("/polls/<uuid>/trustees/<int:n>/withdraw")
@audience(Audience.OFFICE)
def withdraw(uuid: str, n: int) -> ResponseReturnValue:
    """Take a trustee off the list."""
    return step(uuid, lambda: officials.withdraw_trustee(g.db, uuid, n, actor=g.user.login))


@blueprint.post("/polls/<uuid>/keyed")
@audience(Audience.OFFICE)
def keyed(uuid: str) -> ResponseReturnValue:
    """Step draft → keyed."""
    return step(uuid, lambda: lifecycle.keyed(g.db, uuid, actor=g.user.login))


@blueprint.post("/polls/<uuid>/open")
@audience(Audience.OFFICE)
def open_box(uuid: str) -> ResponseReturnValue:
    """Step issued → open."""
    assets = building.booth_assets(Path(current_app.static_folder or ""))
    return step(
        uuid,
        lambda: lifecycle.open_box(
            g.db, uuid, transport=_transport(), assets=assets, now=_now(), actor=g.user.login, base_url=g.config.base_url,
            receipt_key=board.receipt_key(g.config.secret, uuid),
        ),
    )  # fmt: skip


@blueprint.post("/polls/<uuid>/counts")
@audience(Audience.OFFICE)
def counts(uuid: str) -> ResponseReturnValue:
    """The teller's counts."""
    form = CountsForm()
    if not form.validate():
        return console_page(uuid, Refused(Code.COUNTS_INVALID), form)
    try:
        lifecycle.set_counts(
            g.db, uuid, expected=form.expected.data or 0, present=form.present.data or 0,
            left_in_hand=form.left_in_hand.data or 0, actor=g.user.login,
        )  # fmt: skip
    except Refused as refused:
        return console_page(uuid, _undo(refused), form)
    return redirect(url_for("polls.show", uuid=uuid))


@blueprint.post("/polls/<uuid>/closing")
@audience(Audience.OFFICE)
def start_closing(uuid: str) -> ResponseReturnValue:
    """Step open → closing."""
    return step(uuid, lambda: lifecycle.start_closing(g.db, uuid, now=_now(), actor=g.user.login))


@blueprint.post("/polls/<uuid>/insert")
@audience(Audience.OFFICE)
@body_limit(UPLOAD_BODY)
def insert(uuid: str) -> ResponseReturnValue:
    """While closing: a ballot that is not listed goes in on its receipt."""
    form, file = OfficialsForm(), request.files.get("receipt")
    raw = file.read() if file else b""

    def put_in() -> None:
        inserting.insert_missing(g.db, uuid, raw, named=form.named(), actor=g.user.login)
        flash("已凭回执补入 1 张，查验码已在大屏幕的列表中。")

    return step(uuid, put_in)


@blueprint.post("/polls/<uuid>/close")
@audience(Audience.OFFICE)
def finish_closing(uuid: str) -> ResponseReturnValue:
    """Step closing → closed."""
    form = OfficialsForm()
    return step(
        uuid,
        lambda: lifecycle.finish_closing(
            g.db, uuid, named=form.named(), now=_now(), actor=g.user.login, rehearsal_wait=_wait(),
            receipt_key=board.receipt_key(g.config.secret, uuid),
        ),
    )  # fmt: skip


@blueprint.post("/polls/<uuid>/void")
@audience(Audience.OFFICE)
def void(uuid: str) -> ResponseReturnValue:
    """Any state before closing → void."""
    form = ReasonForm()
    return step(
        uuid,
        lambda: lifecycle.void(g.db, uuid, reason=form.reason.data or "", named=form.named(), actor=g.user.login),
    )


@blueprint.get("/polls/<uuid>/seal")
@audience(Audience.OFFICE)
def sealed(uuid: str) -> ResponseReturnValue:
    """The paper from which the trustees read the 封箱印记: counts, seals, names; no result."""
    found = console.load(g.db, uuid, _now(), _wait())
    if found.state not in (State.CLOSED, State.TALLIED):
        raise Refused(Code.WRONG_STATE)
    return render_template("polls/seal.html", c=found, sigma=facts.closing_hash(g.db, uuid))


def step(uuid: str, act: Callable[[], None]) -> ResponseReturnValue:
    """Do one thing and go back to the console, which then shows the next; or show why it was refused."""
    try:
        act()
    except Refused as refused:
        return console_page(uuid, _undo(refused))
    return redirect(url_for("polls.show", uuid=uuid))


def _undo(refused: Refused) -> Refused:
    """The page is shown again, so the frame will commit: take back whatever was begun."""
    g.db.rollback()
    return refused


def console_page(uuid: str, error: Refused | None = None, typed: CountsForm | None = None) -> ResponseReturnValue:
    """The console; after a refusal the counts stand there as they were typed."""
    found = console.load(g.db, uuid, _now(), _wait())
    counts = typed or CountsForm(
        formdata=None, expected=found.expected, present=found.on_board.present, left_in_hand=found.on_board.left_in_hand
    )
    page = render_template("polls/console.html", c=found, error=error, counts_form=counts, **_preflight(found))
    return page, error.sentence.status if error else 200


def _preflight(found: console.Console) -> dict[str, object]:
    """What the first step shows besides: the seven lines, and the codes that devices scan."""
    if found.at is not Step.CHECK:
        return {}
    uuid, base = found.poll.uuid, g.config.base_url
    known = checks.screen_pass(g.config.secret, uuid, _now().timestamp())
    return {
        "checks": preflight.lines(g.db, found.on_board, base_url=base, now=_now()),
        "phone_code": draw(f"{base}/v/check/{uuid}#{known}"),
        "tablet_code": draw(f"{base}/v/check/{uuid}#t{known}"),
    }


def _draft_page(form: DraftForm, selection_id: int, error: Refused | None, uuid: str = "") -> str:
    selection = selections.get_selection(g.db, selection_id)
    posts = {str(post.id): post for post in selection.posts}
    return render_template("polls/draft.html", form=form, selection=selection, posts=posts, error=error, uuid=uuid)


def _import_page(form: DraftForm, selection_id: int, uuid: str = "") -> ResponseReturnValue:
    """The form as typed, with the persons of an uploaded file in the place of those picked."""
    selection, file = selections.get_selection(g.db, selection_id), request.files.get("file")
    try:
        people = person_forms.read(file.filename or "", file.read()) if file else []
        form = with_persons(form, people, selection)
        error = None if people else Refused(Code.IMPORT_EMPTY)
    except Refused as refused:
        error = _undo(refused)
    return _draft_page(form, selection_id, error, uuid), error.sentence.status if error else 200


def _link_page(uuid: str, invitation: trustees.Invitation) -> ResponseReturnValue:
    row = next(t for t in trustees.public_trustees(g.db, uuid) if t.n == invitation.n)
    page = render_template("polls/link.html", uuid=uuid, link=f"{g.config.base_url}{invitation.path}", trustee=row)
    return page, 200, {"Cache-Control": "no-store"}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _transport() -> str:
    return "https" if g.config.https else "http"


def _wait() -> dt.timedelta:
    return dt.timedelta(seconds=g.config.rehearsal_closing_seconds)
