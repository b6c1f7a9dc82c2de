"""Correcting, before the box opens, what stands on no slip: slips depend on the uuid alone, and φ is fixed at open."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voting.accounts import audit
from voting.board.models import State
from voting.errors import Code, Refused
from voting.polls import building, drafts, officials, persons
from voting.polls.models import Act, Kind, Poll
from voting.polls.officials import Official
from voting.polls.persons import PersonDraft
from voting.selections import service as selections

BODIES = {"administrator": "组织单位", "credential_authority": "印票单位"}


@dataclass(frozen=True, slots=True)
class QuestionWording:
    """One post as it shall stand on the ballot."""

    post_id: int
    title: str
    max_choices: int


@dataclass(frozen=True, slots=True)
class Wording:
    """What φ fixes and no slip bears. Title, form, groups and rehearsal stand on paper; keys are bound to the selection.

    `persons`: of an evaluation or decision, all of them in their order; None leaves them as they are.
    """

    questions: Sequence[QuestionWording]
    administrator: str
    credential_authority: str
    persons: Sequence[PersonDraft] | None = None


def amend(
    db: Session, uuid: str, *, reason: str, named: Sequence[Official], actor: str, wording: Wording | None = None,
    candidates: bool = True,
) -> list[str]:  # fmt: skip
    """Correct the wording and, if `candidates`, let the posts' lists be imported anew until the box opens.

    Returns what was corrected, a phrase each, as the log has it. Everything is judged again at open. Raises Refused:
    NO_SUCH_POLL, WRONG_STATE unless issued, REASON_MISSING, OFFICIALS_INVALID, BAD_REQUEST if the questions or the
    number of persons are not the poll's own, PERSONS_INVALID, CHOICES_INVALID, NO_CANDIDATES, INVALID_VALUE, POST_HELD if another poll has printed slips for a post
    that would be renamed, NOTHING_AMENDED.
    """
    on_board, poll = drafts.at(db, uuid, State.ISSUED)
    reason, pair = officials.stated_reason(reason), officials.check_pair(db, poll, named)
    changes = _reword(db, poll, wording) if wording else []
    candidates = candidates and poll.kind == Kind.RECOMMENDATION  # the other kinds carry their own list
    if candidates:
        selections.release_posts(db, uuid)
    elif not changes:
        raise Refused(Code.NOTHING_AMENDED)
    db.flush()
    on_board.sample = building.sample_election(db, poll)
    officials.write_down(db, uuid, Act.AMEND, pair)
    said = "；".join([*changes, *(["准予更正推荐人选"] if candidates else [])])
    audit.record(db, actor, "poll.amend", uuid, f"{said}；理由：{reason}（{officials.names(pair)}）")
    return changes


def _reword(db: Session, poll: Poll, wording: Wording) -> list[str]:
    wanted = {one.post_id: one for one in wording.questions}
    before = {planned.post_id: planned.post.title for planned in poll.questions}
    if wanted.keys() != before.keys() or len(wanted) != len(wording.questions):
        raise Refused(Code.BAD_REQUEST)
    titles = {one.post_id: selections.plain(one.title, "职位") for one in wording.questions}
    renamed = {post_id: title for post_id, title in titles.items() if title != before[post_id]}
    selections.rename_posts(db, renamed, poll.uuid)
    changes = [f"职位“{before[post_id]}”改为“{title}”" for post_id, title in renamed.items()]
    for planned in poll.questions:
        title, most = titles[planned.post_id], wanted[planned.post_id].max_choices
        drafts.check_choices(len(selections.candidates(db, planned.post_id)), most, title)
        if most != planned.max_choices:
            changes.append(f"{title}每人可推荐 {planned.max_choices} 人改为 {most} 人")
            planned.max_choices = most
    changes += _correct(db, poll, wording.persons)
    for name, label in BODIES.items():
        old, new = getattr(poll, name), selections.plain(getattr(wording, name), label)
        if new != old:
            changes.append(f"{label}“{old}”改为“{new}”")
            setattr(poll, name, new)
    db.flush()
    return changes


def _correct(db: Session, poll: Poll, wanted: Sequence[PersonDraft] | None) -> list[str]:
    """Names, duties and offices as they should read; who is on the ballot, and in which order, stays.

    A corrected name is judged against the trustees again when the box opens.
    """
    if wanted is None:
        return []
    if len(wanted) != len(poll.persons):
        raise Refused(Code.BAD_REQUEST)
    changes = []
    for row, person in zip(poll.persons, persons.judged(wanted), strict=True):
        before = row.answer
        row.name, row.duty, row.department = person.name, person.duty, person.department
        if row.answer != before:
            changes.append(f"“{before}”改为“{row.answer}”")
    db.flush()
    return changes
