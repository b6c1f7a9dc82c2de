"""The counts that a post's page and rules read. A selection that counts never reads a rehearsal (docs/adr/0011)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.board.models import BoardPoll, State
from voting.polls import evaluation, results
from voting.polls.evaluation import Evaluated, EvaluationResult
from voting.polls.models import Form, Kind, Poll
from voting.polls.results import Person, PollResult, PostResult
from voting.selections.importing import key_of
from voting.selections.models import Post, Selection

NAMES = {Form.MEETING: "会议推荐", Form.INTERVIEW: "谈话推荐"}


@dataclass(frozen=True, slots=True)
class Count:
    """One recommendation of one post: the latest with a result in its form. Never added to the other form's."""

    form: Form
    poll: PollResult
    post: PostResult

    @property
    def name(self) -> str:
        """会议推荐 or 谈话推荐."""
        return NAMES[self.form]

    @property
    def held_on(self) -> dt.date | None:
        """The day of the meeting."""
        return self.poll.held_on

    @property
    def votes(self) -> dict[str, int]:
        """Votes by line of the ballot, in its order."""
        return {line(one.name, one.duty): one.share.votes for one in self.post.persons}

    def person(self, wanted: str) -> Person | None:
        """One line's figures; None for who did not stand on this ballot."""
        return next((one for one in self.post.persons if line(one.name, one.duty) == wanted), None)


def line(name: str, duty: str) -> str:
    """The line of the ballot again, as `split_answer` parted it."""
    return f"{name}（{duty}）" if duty else name


def counts(db: Session, selection: Selection, post: Post) -> tuple[Count, ...]:
    """The post's counts, the meeting first; of several in one form the latest. Raises Refused(RECORD_UNSOUND)."""
    found: dict[Form, Count] = {}
    for poll in _tallied(db, selection, Kind.RECOMMENDATION):
        at = next((k for k, question in enumerate(poll.questions) if question.post_id == post.id), None)
        if at is not None and Form(poll.form) not in found:
            result = results.load(db, poll.uuid)
            found[Form(poll.form)] = Count(Form(poll.form), result, result.posts[at])
    return tuple(found[form] for form in Form if form in found)


def evaluations(db: Session, selection: Selection) -> tuple[EvaluationResult, ...]:
    """The selection's tallied evaluations, the latest first."""
    return tuple(evaluation.load(db, poll.uuid) for poll in _tallied(db, selection, Kind.EVALUATION))


def evaluated(found: Sequence[EvaluationResult], wanted: str) -> tuple[EvaluationResult, Evaluated] | None:
    """A person's latest evaluation, by the line of the ballot, or by a name that one evaluation has once."""
    for one in found:
        for person in one.persons:
            if line(person.name, person.duty) == wanted:
                return one, person
    name = key_of(wanted.partition("（")[0])
    for one in found:
        same = [person for person in one.persons if key_of(person.name) == name]
        if len(same) == 1:
            return one, same[0]
    return None


def decision_polls(db: Session, selection: Selection) -> Sequence[tuple[Poll, BoardPoll]]:
    """The selection's tallied decision polls, the latest first."""
    return [(poll, db.get_one(BoardPoll, poll.uuid)) for poll in _tallied(db, selection, Kind.DECISION)]


def by_line(found: Sequence[Count]) -> list[Mapping[str, int]]:
    """What the rules compare: each count's votes."""
    return [one.votes for one in found]


def _tallied(db: Session, selection: Selection, kind: Kind) -> Sequence[Poll]:
    wanted = (
        select(Poll)
        .join(BoardPoll, BoardPoll.uuid == Poll.uuid)
        .where(
            Poll.selection_id == selection.id, Poll.kind == kind, BoardPoll.state == State.TALLIED,
            BoardPoll.rehearsal == selection.rehearsal,
        )
        .order_by(BoardPoll.closing_since.desc(), Poll.created.desc(), Poll.uuid)
    )  # fmt: skip
    return db.scalars(wanted).all()
