"""From the database to papers: which papers a poll has, and each of them from the frozen record."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys.curve import ED25519
from tally.closing import Closing
from tally.credentials import read_credentials
from tally.errors import Invalid
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.papers import counting, evaluation, paper_ballots, recommendation
from voting.papers.box import Box
from voting.papers.model import Paper
from voting.papers.recommendation import Block
from voting.polls import drafts, officials, results
from voting.polls import evaluation as evaluated
from voting.polls.models import Act, Form, Kind, Poll

HEADINGS = {Form.MEETING: "会议推荐", Form.INTERVIEW: "谈话推荐"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper that a poll has: its part of the address, its title, and what it is for."""

    name: str
    title: str
    purpose: str


REPORT = Listed(counting.NAME, counting.TITLE, "各项计数、印记；监票人、计票人当场签字")
SUMMARY = Listed(recommendation.NAME, recommendation.TITLE, "逐人票数、得票率，按票种；供局党组研究参考")
EVALUATION = Listed(evaluation.NAME, evaluation.TITLE, "逐人逐项等次、优秀称职率、使用意见")
PAPERS: dict[str, tuple[Listed, ...]] = {
    Kind.RECOMMENDATION: (REPORT, SUMMARY),
    Kind.EVALUATION: (REPORT, EVALUATION),
    Kind.DECISION: (REPORT,),
}


def listed(db: Session, uuid: str) -> tuple[Listed, ...]:
    """The papers of a tallied poll. Raises Refused: NO_SUCH_POLL, NOT_TALLIED."""
    _tallied(db, uuid)
    return PAPERS.get(drafts.get(db, uuid).kind, ())


def papers(db: Session, uuid: str, name: str) -> tuple[Paper, ...]:
    """One paper of a tallied poll, sheet by sheet: a summary has one for each post.

    Raises Refused: NO_SUCH_POLL, NOT_TALLIED, NOT_FOUND for a paper that this poll has not, RECORD_UNSOUND.
    """
    if name not in {one.name for one in listed(db, uuid)}:
        raise Refused(Code.NOT_FOUND)
    if name == REPORT.name:
        return (_report(db, uuid),)
    if name == EVALUATION.name:
        return (evaluation.summary(box(db, uuid), evaluated.load(db, uuid)),)
    return _summaries(db, uuid)


def box(db: Session, uuid: str) -> Box:
    """What the record says of a poll's box. Raises Refused: NO_SUCH_POLL, NOT_TALLIED, RECORD_UNSOUND."""
    on_board, poll = _tallied(db, uuid), drafts.get(db, uuid)
    raw = board.get_file(db, uuid, "closing.json") or b""
    try:
        closing = Closing.parse(raw)
        slips = read_credentials(on_board.credentials, ED25519)
    except Invalid as error:
        raise Refused(Code.RECORD_UNSOUND, str(error)) from error
    return Box(
        uuid=uuid,
        title=on_board.title,
        bureau=poll.selection.bureau,
        selection=poll.selection.title,
        subject=poll.label,
        rehearsal=on_board.rehearsal,
        insecure=on_board.transport == "http" and not on_board.rehearsal,
        held_on=_day(on_board.closing_since),
        counts=_counts(closing),
        setup_event=on_board.setup_event,
        sigma=closing.sigma,
        list_hash=hashlib.sha256(on_board.credentials).hexdigest(),
        slips=len(slips),
        officials=tuple((one.role, one.name) for one in officials.signed_by(db, uuid, Act.CLOSE)),
        paper=paper_ballots.confirmed(db, uuid),
    )


def _report(db: Session, uuid: str) -> Paper:
    kind = drafts.get(db, uuid).kind
    if kind == Kind.EVALUATION:
        return counting.report(box(db, uuid), (), elsewhere=EVALUATION.title)
    if kind == Kind.DECISION:
        found = evaluated.load_decision(db, uuid)
        return counting.report(box(db, uuid), [(one.name, one.total.abstain) for one in found.persons])
    posts = results.load(db, uuid).posts
    return counting.report(box(db, uuid), [(post.title, post.abstain) for post in posts])


def _summaries(db: Session, uuid: str) -> tuple[Paper, ...]:
    poll = drafts.get(db, uuid)
    counts = [(one, box(db, one.uuid), results.load(db, one.uuid)) for one in (poll, *_others(db, poll))]
    counts.sort(key=lambda one: one[0].form != Form.MEETING)
    sheets = []
    for post in results.load(db, uuid).posts:
        blocks = [
            Block(HEADINGS[Form(one.form)], of_box, same, of_box.paper.questions[q] if of_box.paper else None)
            for one, of_box, found in counts
            for q, same in enumerate(found.posts)
            if same.title == post.title
        ]
        sheets.append(recommendation.summary(blocks))
    return tuple(sheets)


def _others(db: Session, poll: Poll) -> list[Poll]:
    """The selection's count in the other form, the latest that has a result; rehearsals stand beside rehearsals only."""
    own = board.get(db, poll.uuid)
    wanted = (
        select(Poll)
        .join(BoardPoll, BoardPoll.uuid == Poll.uuid)
        .where(
            Poll.selection_id == poll.selection_id, Poll.kind == Kind.RECOMMENDATION, Poll.form != poll.form,
            BoardPoll.state == State.TALLIED, BoardPoll.rehearsal == own.rehearsal,
        )
        .order_by(Poll.created.desc(), Poll.uuid)
        .limit(1)
    )  # fmt: skip
    return list(db.scalars(wanted))


def _tallied(db: Session, uuid: str) -> BoardPoll:
    found = board.get(db, uuid)
    if found.state != State.TALLIED:
        raise Refused(Code.NOT_TALLIED)
    return found


def _day(closing_since: int | None) -> dt.date | None:
    return None if closing_since is None else dt.datetime.fromtimestamp(closing_since, results.BUREAU_TIME).date()


def _counts(closing: Closing) -> results.Counts:
    said = closing.counts
    return results.Counts(
        said.expected, said.present, said.printed, said.handed_out, said.returned, proved_void=said.voided
    )
