"""HR's proposal, and what must hold before it can go on: a living recommendation, the analyses, the reasons."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.rules import recommendation
from tally.rules.outcome import Outcome
from voting.decisions import analyses, sources
from voting.decisions.models import STAGES, Proposal, Stage
from voting.decisions.sources import Count
from voting.errors import Code, Refused
from voting.selections import facts
from voting.selections import service as selections
from voting.selections.importing import unprintable
from voting.selections.models import Post

MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class Due:
    """A written reason that a person's proposal needs: why, in short for a list, and whether it is there."""

    person: str
    why: str
    short: str
    given: bool


def persons(proposal: Proposal) -> tuple[str, ...]:
    """The lines proposed, in ballot order."""
    return tuple(json.loads(proposal.persons))


def propose(
    db: Session, post_id: int, stage: Stage, lines: Sequence[str], reason: str, *, on: dt.date, author: str, now: int
) -> Proposal:
    """Keep HR's proposal as a new version.

    Raises Refused: NO_SUCH_POST; PROPOSAL_INVALID for nobody, for somebody who is on no ballot of the post, or for more
    than the places; PROPOSAL_NOT_FIXED for an appointment of somebody whom the Party group did not fix to be vetted; and
    what `check` raises.
    """
    post = selections.get_post(db, post_id)
    ballot = [one.answer for one in post.candidates]
    if not lines or not set(lines) <= set(ballot):
        raise Refused(Code.PROPOSAL_INVALID, "请勾选选票上的人选")
    chosen = [one for one in ballot if one in lines]
    if stage is Stage.APPOINTMENT:
        if len(chosen) > post.places:
            raise Refused(Code.PROPOSAL_INVALID, f"名额 {post.places} 人，勾选了 {len(chosen)} 人")
        fixed = latest(db, post.id, Stage.VETTING)
        vetted = persons(fixed) if fixed is not None and fixed.fixed_on else ()
        if not set(chosen) <= set(vetted):
            raise Refused(Code.PROPOSAL_NOT_FIXED, names(one for one in chosen if one not in vetted))
    reason = reason.strip()
    if len(reason) > MAX_REASON or any(unprintable(part) for part in reason.splitlines()):
        raise Refused(Code.INVALID_VALUE, "建议理由")
    check(db, post, chosen, on)
    before = latest(db, post.id, stage)
    made = Proposal(
        post_id=post.id, stage=stage, version=before.version + 1 if before else 1, reason=reason, author=author,
        persons=json.dumps(chosen, ensure_ascii=False), written=now, fixed_on=None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def fix(db: Session, proposal_id: int, *, on: dt.date, by: str) -> Proposal:
    """The Party group fixes whom to vet. Judged again on the day: everything may have changed since HR proposed.

    Raises Refused: NOT_FOUND, PROPOSAL_STALE for an older version, one that is fixed, or an appointment, which is decided
    by vote; and what `check` raises.
    """
    found = db.scalar(select(Proposal).where(Proposal.id == proposal_id).with_for_update())
    if found is None:
        raise Refused(Code.NOT_FOUND)
    newest = latest(db, found.post_id, Stage(found.stage))
    if found.stage != Stage.VETTING or found.fixed_on or newest is None or newest.id != found.id:
        raise Refused(Code.PROPOSAL_STALE)
    check(db, selections.get_post(db, found.post_id), persons(found), on)
    found.fixed_on, found.fixed_by = on, by
    db.flush()
    return found


def check(db: Session, post: Post, lines: Sequence[str], on: dt.date) -> None:
    """Whether a proposal of these people may go on, on a day.

    Raises Refused: RECOMMENDATION_MISSING without a count; RECOMMENDATION_EXPIRED one year after the meeting;
    ANALYSIS_MISSING and REASON_MISSING, which name who.
    """
    found = _counts(db, post)
    if not found:
        raise Refused(Code.RECOMMENDATION_MISSING)
    for one in found:
        life = recommendation.usable(one.held_on or on, on)
        if not life.met:
            raise Refused(Code.RECOMMENDATION_EXPIRED, f"{one.name}：{life.arithmetic}")
    written = analyses.latest(db, post.id)
    missing = [one for one in recommendation.to_analyse(sources.by_line(found), lines) if one not in written]
    if missing:
        raise Refused(Code.ANALYSIS_MISSING, names(missing))
    owed = [one for one in reasons_due(db, post, lines, found) if not one.given]
    if owed:
        raise Refused(Code.REASON_MISSING, "；".join(f"{names([one.person])}：{one.why}" for one in owed))


def reasons_due(db: Session, post: Post, lines: Sequence[str], found: Sequence[Count]) -> list[Due]:
    """Which written reasons these people's proposal needs: others had more votes, or a soft rule (一般) falls short."""
    selection = selections.get_selection(db, post.selection_id)
    known, graded = facts.of_selection(db, selection.id), sources.evaluations(db, selection)
    written = analyses.latest(db, post.id)
    due = []
    for candidate in post.candidates:
        if candidate.answer not in lines:
            continue
        whys: list[tuple[str, str]] = []
        for one in found:
            more = recommendation.with_more(one.votes, candidate.answer)
            if more:
                said = f"{one.name}得票多于其的有 {names(more)}"
                whys.append((said, said))
        of_roster = known.get(facts.key(candidate.name, candidate.department))
        soft = list(of_roster.judgements) if of_roster else []
        graded_as = sources.evaluated(graded, candidate.answer)
        if graded_as and graded_as[1].rate:
            soft.append(graded_as[1].rate.judgement)
        short = [one for one in soft if one.outcome is Outcome.NEEDS_REASON]
        whys += [(f"{one.clause.name}（{one.arithmetic}）", one.clause.name) for one in short]
        text = written[candidate.answer].reason if candidate.answer in written else ""
        due += [Due(candidate.answer, why, brief, bool(text)) for why, brief in whys]
    return due


def latest(db: Session, post_id: int, stage: Stage) -> Proposal | None:
    """The newest version of a post's proposal."""
    same = (Proposal.post_id == post_id, Proposal.stage == stage)
    return db.scalar(select(Proposal).where(*same).order_by(Proposal.version.desc()).limit(1))


def versions(db: Session, post_id: int) -> list[Proposal]:
    """Every version of every stage, the newest first."""
    return list(db.scalars(select(Proposal).where(Proposal.post_id == post_id).order_by(Proposal.id.desc())))


def label(proposal: Proposal) -> str:
    """建议考察对象 or 拟任人选."""
    return STAGES[Stage(proposal.stage)]


def names(lines: Iterable[str]) -> str:
    """Lines of the ballot as names only."""
    return "、".join(one.partition("（")[0] for one in lines)


def _counts(db: Session, post: Post) -> tuple[Count, ...]:
    return sources.counts(db, selections.get_selection(db, post.selection_id), post)
