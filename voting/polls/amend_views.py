"""The office's page for corrections between printing and opening: no slip is printed again."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from voting.accounts import words
from voting.board import service as board
from voting.board.models import State
from voting.errors import Code, Refused
from voting.polls import amending, console, drafts, officials
from voting.polls.forms import AmendForm, amendment_of
from voting.polls.models import Act, Kind
from voting.selections import service as selections
from voting.web.access import Audience, audience

blueprint = Blueprint("amending", __name__, url_prefix="/office")

words.register({"poll.amend": "更正选票内容"}, drafts.titles)


@blueprint.get("/polls/<uuid>/amend")
@audience(Audience.OFFICE)
def show(uuid: str) -> ResponseReturnValue:
    """What may be corrected, as it stands. Changes nothing. Refused unless issued."""
    return _page(uuid, amendment_of(drafts.get(g.db, uuid)))


@blueprint.post("/polls/<uuid>/amend")
@audience(Audience.OFFICE)
def amend(uuid: str) -> ResponseReturnValue:
    """Correct the wording; without any wording only the candidates may be imported anew."""
    form = AmendForm()
    try:
        changes = amending.amend(
            g.db, uuid, reason=form.reason.data or "", named=form.named(), actor=g.user.login,
            wording=form.wording(), candidates=form.lets_candidates,
        )  # fmt: skip
    except Refused as refused:
        g.db.rollback()
        typed = form if form.worded else amendment_of(drafts.get(g.db, uuid), form)
        return _page(uuid, typed, refused), refused.sentence.status
    if changes:
        flash(f"已更正：{'；'.join(changes)}。启用票箱时固定；选票不必重印。")
    if drafts.get(g.db, uuid).kind != Kind.RECOMMENDATION:
        return redirect(url_for("polls.show", uuid=uuid))
    if form.lets_candidates and console.unlocked(g.db, drafts.get(g.db, uuid)):
        flash("可以更正推荐人选了。更正后的名单在启用票箱时固定；选票不必重印。")
    elif form.lets_candidates:
        flash("这些职位还在另一次已印选票的投票上，人选仍不能改。")
    return redirect(url_for("polls.show", uuid=uuid))


def _page(uuid: str, form: AmendForm, error: Refused | None = None) -> str:
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    if on_board.state != State.ISSUED:
        raise Refused(Code.WRONG_STATE)
    planned = {str(one.post_id): one for one in poll.questions}
    held = selections.held_by_others(g.db, [one.post_id for one in poll.questions], uuid)
    return render_template(
        "polls/amend.html", form=form, poll=poll, on_board=on_board, planned=planned, held=held, error=error,
        signed=officials.signed_by(g.db, uuid, Act.AMEND),
    )  # fmt: skip
