"""A poll before its keys: title, form, posts and voter groups, all judged together. Knows no Flask."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.manifest import REST
from tally.names import distinct
from tally.rules.grading import Base as RateBase
from voting.accounts import audit
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.polls import persons
from voting.polls.models import Form, Item, Kind, Poll, PollGroup, PollQuestion
from voting.polls.persons import PersonDraft
from voting.selections import service as selections
from voting.selections.models import Selection

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
UUID_LENGTH = 14
MAX_GROUPS = 12
MAX_EXPECTED = 20_000
MINIMUM = 5
DEFAULT_GROUPS = ("局领导班子", "机关中层正职", "直属(下属)单位负责人", "直属单位班子其他成员", "机关其他人员")
PARTY_GROUP = "局党组成员"
ADMINISTRATOR = "局人教处"
CREDENTIAL_AUTHORITY = "局人教处（由服务器印制选票）"

Rng = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """One voter group as typed: label, number expected, spare slips (None: the rule's own number)."""

    label: str
    expected: int
    spares: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """One post on the ballot and how many may be recommended for it."""

    post_id: int
    max_choices: int


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the office decides of a poll before its trustees make keys."""

    title: str
    form: Form
    rehearsal: bool
    questions: Sequence[QuestionDraft]
    """The posts of a recommendation; empty for the other kinds."""
    groups: Sequence[GroupDraft]
    administrator: str = ADMINISTRATOR
    credential_authority: str = CREDENTIAL_AUTHORITY
    replaces: str = ""
    kind: Kind = Kind.RECOMMENDATION
    persons: Sequence[PersonDraft] = ()
    """Whom an evaluation or a decision is about, in ballot order."""
    items: Sequence[Item] = ()
    """What an evaluation asks of each of them."""
    rate_base: RateBase = RateBase.VALID


def spares_for(expected: int) -> int:
    """Spare slips of a group: one in ten, rounded up, and never fewer than three."""
    return max(3, -(-expected // 10))


def new_uuid(rng: Rng) -> str:
    """A fresh poll identifier: 14 base58 characters (82 bits)."""
    number = int.from_bytes(rng(16), "big")
    return "".join(BASE58[number // 58**i % 58] for i in range(UUID_LENGTH))


def create(
    db: Session, selection_id: int, draft: Draft, *, transport: str, now: dt.datetime, actor: str, rng: Rng
) -> str:
    """Enter a poll in draft and return its uuid.

    Raises Refused: NO_SUCH_SELECTION, REHEARSAL_SELECTION, NO_SUCH_POST, NO_CANDIDATES, CHOICES_INVALID, PERSONS_INVALID,
    ITEMS_INVALID, GROUPS_INVALID, INVALID_VALUE; WRONG_KIND for an interview that is no recommendation.
    """
    selection = selections.get_selection(db, selection_id)
    check_rehearsal(selection, draft)
    uuid = new_uuid(rng)
    title = selections.plain(draft.title, "投票名称")
    board.create(db, uuid, title, rehearsal=draft.rehearsal, transport=transport).minimum = MINIMUM
    poll = Poll(uuid=uuid, selection_id=selection.id, kind=draft.kind, form=draft.form, created=now,
                administrator="", credential_authority="", replaces=_replaced(db, draft, selection.id))  # fmt: skip
    db.add(poll)
    db.flush()
    _fill(db, poll, draft)
    audit.record(db, actor, "poll.create", uuid, title)
    return uuid


def update(db: Session, uuid: str, draft: Draft, *, actor: str) -> None:
    """Change a draft; its kind stays. Raises as `create`, and WRONG_STATE once the keys are there, WRONG_KIND."""
    on_board = locked(db, uuid)
    if on_board.state != State.DRAFT:
        raise Refused(Code.WRONG_STATE)
    poll = get(db, uuid)
    if draft.kind != poll.kind:
        raise Refused(Code.WRONG_KIND)
    check_rehearsal(poll.selection, draft)
    on_board.title = selections.plain(draft.title, "投票名称")
    on_board.rehearsal = draft.rehearsal
    poll.form = draft.form
    _fill(db, poll, draft)
    audit.record(db, actor, "poll.update", uuid, on_board.title)


def check_rehearsal(selection: Selection, draft: Draft) -> None:
    """A rehearsal selection holds rehearsal polls only. Raises Refused(REHEARSAL_SELECTION)."""
    if selection.rehearsal and not draft.rehearsal:
        raise Refused(Code.REHEARSAL_SELECTION)


def get(db: Session, uuid: str) -> Poll:
    """The office's side of a poll. Raises Refused(NO_SUCH_POLL)."""
    poll = db.get(Poll, uuid) if _plausible(uuid) else None
    if poll is None:
        raise Refused(Code.NO_SUCH_POLL)
    return poll


def locked(db: Session, uuid: str) -> BoardPoll:
    """The board's side of a poll, its row held until the transaction ends. Raises Refused(NO_SUCH_POLL)."""
    if not _plausible(uuid):
        raise Refused(Code.NO_SUCH_POLL)
    found = db.scalar(
        select(BoardPoll).where(BoardPoll.uuid == uuid).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise Refused(Code.NO_SUCH_POLL)
    return found


def at(db: Session, uuid: str, state: State) -> tuple[BoardPoll, Poll]:
    """Both sides of a poll that must be in `state`; its row stays locked, so nobody moves it meanwhile.

    Raises Refused(NO_SUCH_POLL, WRONG_STATE).
    """
    on_board = locked(db, uuid)
    if on_board.state != state:
        raise Refused(Code.WRONG_STATE)
    return on_board, get(db, uuid)


def _plausible(uuid: str) -> bool:
    """Addresses may hold anything, NUL included, which PostgreSQL does not take as text."""
    return uuid.isascii() and uuid.isalnum()


def of_selection(db: Session, selection_id: int) -> Sequence[tuple[Poll, BoardPoll]]:
    """A selection's polls, oldest first, each with its board row."""
    wanted = select(Poll, BoardPoll).join(BoardPoll, BoardPoll.uuid == Poll.uuid)
    rows = db.execute(wanted.where(Poll.selection_id == selection_id).order_by(Poll.created, Poll.uuid))
    return [(poll, on_board) for poll, on_board in rows]


def titles(db: Session, named: Collection[str]) -> dict[str, str]:
    """The titles of those uuids that are polls, for the audit log."""
    found = db.execute(select(BoardPoll.uuid, BoardPoll.title).where(BoardPoll.uuid.in_(named)))
    return {row.uuid: row.title for row in found}


def _replaced(db: Session, draft: Draft, selection_id: int) -> str:
    """A re-run names the void or finished poll that it replaces."""
    if not draft.replaces:
        return ""
    old = db.get(Poll, draft.replaces) if _plausible(draft.replaces) else None
    if old is None or old.selection_id != selection_id:
        raise Refused(Code.INVALID_VALUE, "所替代的投票")
    return old.uuid


def _fill(db: Session, poll: Poll, draft: Draft) -> None:
    poll.administrator = selections.plain(draft.administrator, "组织单位")
    poll.credential_authority = selections.plain(draft.credential_authority, "印票单位")
    poll.questions.clear()
    poll.persons.clear()
    poll.groups.clear()
    db.flush()
    poll.rate_base = draft.rate_base
    if draft.kind == Kind.RECOMMENDATION:
        if draft.persons:
            raise Refused(Code.WRONG_KIND)
        poll.items = ",".join(persons.judged_items(draft.kind, draft.items, 0))
        poll.questions.extend(_questions(db, poll, draft.questions))
    elif draft.form != Form.MEETING or draft.questions:
        raise Refused(Code.WRONG_KIND)
    else:
        people = persons.judged(draft.persons)
        poll.items = ",".join(persons.judged_items(draft.kind, draft.items, len(people)))
        poll.persons.extend(persons.rows(poll.uuid, people))
    poll.groups.extend(_groups(poll, draft.groups))
    db.flush()


def _questions(db: Session, poll: Poll, drafts: Sequence[QuestionDraft]) -> list[PollQuestion]:
    if not drafts or len({q.post_id for q in drafts}) != len(drafts):
        raise Refused(Code.CHOICES_INVALID)
    found: list[PollQuestion] = []
    for position, question in enumerate(drafts):
        post = selections.get_post(db, question.post_id)
        if post.selection_id != poll.selection_id:
            raise Refused(Code.NO_SUCH_POST)
        check_choices(len(selections.candidates(db, post.id)), question.max_choices, post.title)
        found.append(PollQuestion(poll=poll.uuid, position=position, post_id=post.id,
                                  max_choices=question.max_choices, places=post.places))  # fmt: skip
    return found


def check_choices(candidates: int, max_choices: int, post: str) -> None:
    """Raise NO_CANDIDATES or CHOICES_INVALID unless 1 ≤ max_choices ≤ candidates."""
    if candidates == 0:
        raise Refused(Code.NO_CANDIDATES, post)
    if not 1 <= max_choices <= candidates:
        raise Refused(Code.CHOICES_INVALID, post)


def _groups(poll: Poll, drafts: Sequence[GroupDraft]) -> list[PollGroup]:
    labels = [selections.plain(g.label, "票种", 20) for g in drafts]
    if not 1 <= len(drafts) <= MAX_GROUPS:
        raise Refused(Code.GROUPS_INVALID, f"票种须为 1 至 {MAX_GROUPS} 类")
    if not distinct([*labels, REST]):
        raise Refused(Code.GROUPS_INVALID, "票种名称重复")
    found: list[PollGroup] = []
    for position, (label, group) in enumerate(zip(labels, drafts, strict=True)):
        if not 1 <= group.expected <= MAX_EXPECTED:
            raise Refused(Code.GROUPS_INVALID, f"{label}：应到人数")
        least = spares_for(group.expected)
        spares = least if group.spares is None else group.spares
        if not least <= spares <= MAX_EXPECTED:
            raise Refused(Code.GROUPS_INVALID, f"{label}：备用票至少 {least} 张")
        found.append(PollGroup(poll=poll.uuid, position=position, label=label, expected=group.expected, spares=spares))
    return found
