"""A post as the Party group sees it: people side by side in ballot order, facts beside votes, each clause with its arithmetic.

Nothing here adds the meeting's votes to the interviews', ranks, or picks anybody.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.rules import meeting, recommendation
from tally.rules.outcome import Judgement, Outcome
from voting.decisions import analyses, proposals, sources
from voting.decisions.models import Analysis, Proposal, Stage
from voting.decisions.proposals import Due
from voting.decisions.sources import Count
from voting.polls.evaluation import Evaluated, EvaluationResult, Rate
from voting.polls.results import COLUMNS_UP_TO, Person
from voting.polls.tallied import split_answer
from voting.selections import facts
from voting.selections import service as selections
from voting.selections.facts import Facts
from voting.selections.models import Post, Selection


@dataclass(frozen=True, slots=True)
class Column:
    """One person. `votes` has one entry per count, None where the person did not stand in it."""

    position: int
    line: str
    name: str
    duty: str
    facts: Facts | None
    votes: tuple[Person | None, ...]
    evaluation: EvaluationResult | None
    evaluated: Evaluated | None
    analysis: Analysis | None
    due: bool
    proposed: tuple[str, ...]

    @property
    def rate(self) -> Rate | None:
        """优秀称职率, once evaluated on 总体评价."""
        return self.evaluated.rate if self.evaluated else None


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the arithmetic: whom or what it is about, and the judgement."""

    about: str
    judged: Judgement


@dataclass(frozen=True, slots=True)
class PostPage:
    """Everything of one post on one page."""

    post: Post
    selection: Selection
    counts: tuple[Count, ...]
    people: tuple[Column, ...]
    checks: tuple[Check, ...]
    vetting: Proposal | None
    appointment: Proposal | None
    reasons: tuple[Due, ...]

    @property
    def as_columns(self) -> bool:
        """Few people stand side by side as columns, more as rows."""
        return len(self.people) <= COLUMNS_UP_TO

    @property
    def proposed(self) -> tuple[tuple[Proposal, str], ...]:
        """What HR proposes, stage by stage, each with the names."""
        return tuple((one, proposals.names(proposals.persons(one))) for one in (self.vetting, self.appointment) if one)

    @property
    def evaluation(self) -> EvaluationResult | None:
        """The evaluation that the page draws on, the first that any of them has."""
        return next((one.evaluation for one in self.people if one.evaluation), None)

    @property
    def until(self) -> dt.date | None:
        """The last day on which every count may be used."""
        days = [one.poll.valid_until for one in self.counts if one.poll.valid_until]
        return min(days, default=None)


def posts(db: Session) -> Sequence[tuple[Selection, Sequence[Post]]]:
    """Every selection with its posts, the newest first."""
    return [(one, one.posts) for one in db.scalars(select(Selection).order_by(Selection.id.desc())) if one.posts]


def load(db: Session, post_id: int, today: dt.date) -> PostPage:
    """A post's page as of a day. Raises Refused: NO_SUCH_POST, RECORD_UNSOUND."""
    post = selections.get_post(db, post_id)
    selection = selections.get_selection(db, post.selection_id)
    counts, graded = sources.counts(db, selection, post), sources.evaluations(db, selection)
    known, written = facts.of_selection(db, selection.id), analyses.latest(db, post.id)
    vetting, appointment = (proposals.latest(db, post.id, stage) for stage in Stage)
    said = [(one, proposals.persons(one)) for one in (vetting, appointment) if one]
    proposed = list(dict.fromkeys(line for _, lines in said for line in lines))
    due = set(recommendation.to_analyse(sources.by_line(counts), proposed))
    people = []
    for candidate in post.candidates:
        line = candidate.answer
        found = sources.evaluated(graded, line)
        name, duty = split_answer(line)
        people.append(
            Column(
                candidate.position + 1, line, name, duty,
                known.get(facts.key(candidate.name, candidate.department)),
                tuple(one.person(line) for one in counts),
                found[0] if found else None, found[1] if found else None,
                written.get(line), line in due,
                tuple(proposals.label(one) for one, lines in said if line in lines),
            )
        )  # fmt: skip
    reasons = tuple(proposals.reasons_due(db, post, proposed, counts))
    return PostPage(
        post, selection, counts, tuple(people), tuple(_checks(counts, people, proposed, today)), vetting, appointment,
        reasons,
    )  # fmt: skip


def _checks(counts: Sequence[Count], people: Sequence[Column], proposed: Sequence[str], today: dt.date) -> list[Check]:
    found = []
    for one in counts:
        said = one.poll.counts
        found.append(Check(f"{one.name}有效", meeting.quorate(said.present, said.expected)))
        found.append(Check(one.name, meeting.returned(said.returned, said.handed_out)))
        if one.held_on:
            found.append(Check(one.name, recommendation.usable(one.held_on, today)))
    for person in people:
        judged = [*(person.facts.judgements if person.facts else ()), *([person.rate.judgement] if person.rate else ())]
        found += [Check(person.name, one) for one in judged if one.outcome is not Outcome.MET]
    if proposed:
        written = [one.line for one in people if one.analysis]
        judged_analysis = recommendation.analysed(
            sources.by_line(counts), proposed, written, lambda line: proposals.names([line])
        )
        found.append(Check("综合分析", judged_analysis))
    return found
