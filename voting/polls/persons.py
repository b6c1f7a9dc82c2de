"""Whom an evaluation or a decision is about: judged as typed, never ranked; the order is the clerk's."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.names import distinct, readable
from voting.errors import Code, Refused
from voting.polls.models import DECIDED, Item, Kind, Poll, PollPerson, answers_of
from voting.selections import service as selections
from voting.selections.importing import BRACKETS, MAX_NAME, MAX_TEXT, clean_name, key_of, tidy, unprintable
from voting.selections.models import answer_line

MAX_PERSONS = 40
MAX_PLAIN_CIPHERTEXTS = 520
"""20 persons with every item: about three times the reference ballot, the most that an old phone encrypts in patience."""


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """One person as typed or imported."""

    name: str
    duty: str = ""
    department: str = ""


def judged(drafts: Sequence[PersonDraft]) -> list[PersonDraft]:
    """The persons as they will stand on the ballot.

    Raises Refused(PERSONS_INVALID): nobody, too many, somebody twice or two who look alike, a name that cannot be shown.
    """
    if not drafts:
        raise Refused(Code.PERSONS_INVALID, "还没有人选")
    if len(drafts) > MAX_PERSONS:
        raise Refused(Code.PERSONS_INVALID, f"最多 {MAX_PERSONS} 人，现有 {len(drafts)} 人")
    found = [_person(one) for one in drafts]
    lines = [answer_line(one.name, one.department, one.duty) for one in found]
    known: dict[tuple[str, str], str] = {}
    for one in found:
        key = (key_of(one.name), key_of(one.department))
        if key in known:
            raise Refused(Code.PERSONS_INVALID, f"重复：{one.name}")
        known[key] = one.name
    if not distinct(lines):
        raise Refused(Code.PERSONS_INVALID, "有两行看上去相同，或含有看不见的字符")
    return found


def judged_items(kind: Kind, items: Sequence[Item], persons: int) -> tuple[Item, ...]:
    """The chosen items in their fixed order. Raises Refused(ITEMS_INVALID, PERSONS_INVALID if the ballot grows too large)."""
    if len(set(items)) != len(items) or bool(items) != (kind == Kind.EVALUATION):
        raise Refused(Code.ITEMS_INVALID)
    width = sum(len(answers_of(item)) for item in items) if kind == Kind.EVALUATION else len(DECIDED)
    if width * persons > MAX_PLAIN_CIPHERTEXTS:
        raise Refused(Code.PERSONS_INVALID, f"按所选项目最多 {MAX_PLAIN_CIPHERTEXTS // width} 人，现有 {persons} 人")
    return tuple(item for item in Item if item in items)


def rows(poll: str, people: Sequence[PersonDraft]) -> list[PollPerson]:
    """Judged persons as rows of a poll."""
    return [
        PollPerson(poll=poll, position=position, name=one.name, duty=one.duty, department=one.department)
        for position, one in enumerate(people)
    ]


def barred(db: Session, selection_id: int) -> set[str]:
    """Names that may hold no role in a selection: its candidates, and whoever one of its polls is about."""
    wanted = select(PollPerson.name).join(Poll, Poll.uuid == PollPerson.poll).where(Poll.selection_id == selection_id)
    return selections.candidate_keys(db, selection_id) | {key_of(name) for name in db.scalars(wanted)}


def _person(one: PersonDraft) -> PersonDraft:
    name = clean_name(one.name)
    if not readable(name) or len(name) > MAX_NAME or unprintable(name) or BRACKETS.search(name) or "|" in name:
        raise Refused(Code.PERSONS_INVALID, f"姓名：{one.name[:MAX_NAME]}")
    return PersonDraft(name, _detail(one.duty, name), _detail(one.department, name))


def _detail(text: str, name: str) -> str:
    """Office or duty; may be empty."""
    return selections.plain(text, f"{name}的职务或处室", MAX_TEXT) if tidy(text) else ""
