"""The office's page where two officials enter the paper ballots, one after the other, each without seeing the other's."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tally.questions import Question
from voting.accounts import words
from voting.board import service as board
from voting.errors import Code, Refused
from voting.papers import paper_ballots
from voting.papers.paper_sheet import ROOM, Counted, PaperSheet, abstained
from voting.polls import drafts
from voting.store import clock
from voting.web.access import Audience, audience

blueprint = Blueprint("paper_ballots", __name__, url_prefix="/office")
DIGITS = 6

words.register({"poll.paper_count": "登记纸质选票", "poll.paper_discard": "撤回纸质选票登记"}, drafts.titles)


@blueprint.app_template_global()
def paper_ballots_of(uuid: str) -> tuple[PaperSheet, tuple[Question, ...]] | None:
    """A poll's paper ballots once two people agree, with the questions that they answer; for result pages."""
    return paper_ballots.published(g.db, uuid)


@blueprint.app_template_filter("paper_abstained")
def paper_abstained(counted: Counted, question: Question, valid: int) -> int:
    """弃权 of a question on the paper ballots."""
    return abstained(question, counted, valid)


@blueprint.get("/polls/<uuid>/paper-ballots")
@audience(Audience.OFFICE)
def show(uuid: str) -> ResponseReturnValue:
    """The form for the next count, or the figures that two people agree on."""
    return _page(uuid)


@blueprint.post("/polls/<uuid>/paper-ballots")
@audience(Audience.OFFICE)
def enter(uuid: str) -> ResponseReturnValue:
    """One official's count."""
    try:
        sheet = _typed(paper_ballots.standing(g.db, uuid).questions)
        agreed = paper_ballots.enter(
            g.db, uuid, sheet, request.form.get("name", ""), actor=g.user.login, now=clock.now()
        )
    except Refused as refused:
        g.db.rollback()
        return _page(uuid, refused), refused.sentence.status
    flash("两次登记一致，已记入。" if agreed else "第一次登记已记下。请另一位监督人员独立清点，再登记一次。")
    return redirect(url_for("paper_ballots.show", uuid=uuid))


@blueprint.post("/polls/<uuid>/paper-ballots/discard")
@audience(Audience.OFFICE)
def discard(uuid: str) -> ResponseReturnValue:
    """Take the first count back."""
    try:
        paper_ballots.discard(g.db, uuid, reason=request.form.get("reason", ""), actor=g.user.login)
    except Refused as refused:
        g.db.rollback()
        return _page(uuid, refused), refused.sentence.status
    return redirect(url_for("paper_ballots.show", uuid=uuid))


def _page(uuid: str, error: Refused | None = None) -> str:
    poll, on_board = drafts.get(g.db, uuid), board.get(g.db, uuid)
    found = paper_ballots.standing(g.db, uuid)
    typed = request.form if error else {}
    return render_template(
        "papers/paper_ballots.html", poll=poll, on_board=on_board, found=found, error=error, typed=typed, room=ROOM,
        room_left=paper_ballots.room_left(g.db, uuid),
    )  # fmt: skip


def _typed(questions: tuple[Question, ...]) -> PaperSheet:
    """The form as numbers. Raises Refused(PAPER_COUNTS) naming the field that is none."""
    room = [_number(name, label) for name, label in ROOM]
    rows = tuple(
        Counted(
            tuple(_number(f"q{q}-{a}", f"{question.text}：{answer}") for a, answer in enumerate(question.answers)),
            _number(f"q{q}-abstain", f"{question.text}：弃权") if question.blank else 0,
        )
        for q, question in enumerate(questions)
    )
    return PaperSheet(room[0], room[1], room[2], rows)


def _number(field: str, label: str) -> int:
    text = request.form.get(field, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise Refused(Code.PAPER_COUNTS, f"{label[:60]}：须填整数，没有的填 0")
    return int(text)
