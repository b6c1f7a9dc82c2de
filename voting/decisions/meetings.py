"""The Party group's meeting: who should attend, who states what on whom, and its conclusion, which is final.

Presence is judged per person: a recused member leaves the room, stays in 应到 (‡) and does not count as present.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.decisions import proposals, sources
from voting.decisions.models import Item, Meeting, Member, MemberVote, Said, Stage, Way
from voting.decisions.record import MeetingView, correction_of, load
from voting.errors import Code, Refused
from voting.polls.persons import barred
from voting.selections import service as selections
from voting.selections.importing import clean_name, key_of
from voting.selections.models import Post

MIN_MEMBERS, MAX_MEMBERS = 3, 40


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting as typed. `members` are (name, title) in the order in which they state their view, the head last."""

    held_on: dt.date
    host: str
    recorder: str
    observers: str
    members: Sequence[tuple[str, str]]
    way: Way = Way.NAMED
    poll: str = ""


def parse_members(text: str) -> list[tuple[str, str]]:
    """One member a line: 姓名，职务 (a comma, a tab or a space between)."""
    found = []
    for line in text.splitlines():
        parts = line.replace("，", ",").replace("\t", ",").replace("\u3000", ",").replace(" ", ",").split(",")
        said = [part.strip() for part in parts if part.strip()]
        if said:
            found.append((said[0], " ".join(said[1:])))
    return found


def convene(db: Session, selection_id: int, plan: Plan, *, author: str) -> Meeting:
    """Enter a meeting on everybody whom HR proposes to appoint, post by post.

    Raises Refused: NO_SUCH_SELECTION; MEETING_INVALID for members who are too few, too many or named twice, a date before
    the recommendation, a candidate as host or recorder; NOTHING_TO_DECIDE without a proposal; SLIPS_MISMATCH for a
    decision poll that is not tallied, is about others, was held in another room or has decided already.
    """
    selection = selections.get_selection(db, selection_id)
    members = _members(plan.members)
    host, recorder = (
        selections.plain(name, what, 30) for name, what in ((plan.host, "主持人"), (plan.recorder, "记录人"))
    )
    taken = {key_of(host), key_of(recorder)} & barred(db, selection.id)
    if taken:
        raise Refused(Code.MEETING_INVALID, "被讨论的人不能主持或记录")
    wanted = [
        (post, line)
        for post in selection.posts
        if (found := proposals.latest(db, post.id, Stage.APPOINTMENT)) is not None
        for line in proposals.persons(found)
    ]
    if not wanted:
        raise Refused(Code.NOTHING_TO_DECIDE)
    made = Meeting(
        selection_id=selection.id, held_on=plan.held_on, host=host, recorder=recorder,
        observers=selections.plain(plan.observers, "列席", 200) if plan.observers.strip() else "",
        way=plan.way, poll=_poll(db, selection_id, plan, [line for _, line in wanted]), author=author, concluded=None,
    )  # fmt: skip
    made.members = [Member(position=k, name=name, title=title) for k, (name, title) in enumerate(members)]
    made.items = [Item(position=k, post_id=post.id, person=line) for k, (post, line) in enumerate(wanted)]
    db.add(made)
    db.flush()
    _recuse(db, made)
    _fit_slips(db, made)
    return made


def note(
    db: Session, meeting_id: int, present: Sequence[int], votes: Mapping[tuple[int, int], Said | None],
    reconsider: Mapping[int, int | None],
) -> Meeting:  # fmt: skip
    """Note who is there, what each stated ((item, member) → statement), and how many agreed to reconsider (by item).

    A member who is a candidate for the post stays recused whatever is sent; whoever is absent states nothing.
    Raises Refused: NOT_FOUND, MEETING_CONCLUDED, MEETING_WITHDRAWN, MEETING_INVALID; SLIPS_MISMATCH for more slips than members in the room.
    """
    meeting = _open(db, meeting_id)
    for member in meeting.members:
        member.present = member.id in present
    there = {member.id for member in meeting.members if member.present}
    for item in meeting.items:
        agreed = reconsider.get(item.id)
        if agreed is not None and not 0 <= agreed <= len(meeting.members):
            raise Refused(Code.MEETING_INVALID, "同意复议的票数")
        item.reconsider = agreed
        item.votes.clear()
        db.flush()
        for member in meeting.members:
            said = votes.get((item.id, member.id))
            named = meeting.way == Way.NAMED or said is Said.RECUSED
            if member.id in there and said is not None and named:
                item.votes.append(MemberVote(member_id=member.id, said=said))
    db.flush()
    _recuse(db, meeting)
    _fit_slips(db, meeting)
    return meeting


def conclude(db: Session, meeting_id: int, *, now: int) -> MeetingView:
    """Make the record final.

    Raises Refused: NOT_FOUND, MEETING_CONCLUDED, MEETING_WITHDRAWN; NOT_QUORATE below 2/3; VOTES_INCOMPLETE while somebody present has
    stated nothing; RECONSIDERATION_NEEDED for what had been decided; and what `proposals.check` raises on the day.
    """
    meeting = _open(db, meeting_id)
    found = load(db, meeting_id)
    for item in found.items:
        if not item.quorum.met:
            raise Refused(Code.NOT_QUORATE, f"{item.name}：{item.quorum.arithmetic}")
        if item.waiting:
            raise Refused(Code.VOTES_INCOMPLETE, f"{item.name}：{'、'.join(item.waiting)}")
        if item.again and (item.reconsidered is None or not item.reconsidered.met):
            said = item.reconsidered.arithmetic if item.reconsidered else "还没有填写同意复议的票数"
            raise Refused(Code.RECONSIDERATION_NEEDED, f"{item.name}：{said}")
    for post in {item.post_id: item.post for item in meeting.items}.values():
        lines = [item.person for item in meeting.items if item.post_id == post.id]
        proposals.check(db, post, lines, meeting.held_on)
    meeting.concluded = now
    db.flush()
    return load(db, meeting_id)


def correct(db: Session, meeting_id: int, reason: str, *, author: str) -> Meeting:
    """Enter a correction: a new meeting record with the old one's entries, to be put right and concluded. The old one stays.

    Raises Refused: NOT_FOUND; WRONG_MEETING for one that is not concluded or is corrected already; REASON_MISSING.
    """
    old = get(db, meeting_id)
    if old.concluded is None or correction_of(db, old.id) is not None:
        raise Refused(Code.WRONG_MEETING)
    if not reason.strip():
        raise Refused(Code.REASON_MISSING, "更正的理由")
    made = Meeting(
        selection_id=old.selection_id, held_on=old.held_on, host=old.host, recorder=old.recorder,
        observers=old.observers, way=old.way, poll=old.poll, author=author, concluded=None, corrects=old.id,
        correction=selections.plain(reason, "更正的理由", 200),
    )  # fmt: skip
    made.members = [
        Member(position=one.position, name=one.name, title=one.title, present=one.present) for one in old.members
    ]
    made.items = [
        Item(position=one.position, post_id=one.post_id, person=one.person, reconsider=one.reconsider)
        for one in old.items
    ]
    db.add(made)
    db.flush()
    member_of = {was.id: one.id for was, one in zip(old.members, made.members, strict=True)}
    for was, item in zip(old.items, made.items, strict=True):
        item.votes = [MemberVote(member_id=member_of[one.member_id], said=one.said) for one in was.votes]
    db.flush()
    return made


def withdraw(db: Session, meeting_id: int, reason: str) -> MeetingView:
    """Give up a meeting entered by mistake, as long as it is not concluded. It stays to be read, with the reason.

    Raises Refused: NOT_FOUND, MEETING_CONCLUDED, MEETING_WITHDRAWN, REASON_MISSING.
    """
    meeting = _open(db, meeting_id)
    if not reason.strip():
        raise Refused(Code.REASON_MISSING, "撤回的理由")
    meeting.withdrawn = selections.plain(reason, "撤回的理由", 200)
    db.flush()
    return load(db, meeting_id)


def get(db: Session, meeting_id: int) -> Meeting:
    """One meeting. Raises Refused(NOT_FOUND)."""
    found = db.get(Meeting, meeting_id)
    if found is None:
        raise Refused(Code.NOT_FOUND)
    return found


def of_selection(db: Session, selection_id: int) -> Sequence[Meeting]:
    """A selection's meetings, the latest first."""
    return db.scalars(select(Meeting).where(Meeting.selection_id == selection_id).order_by(Meeting.id.desc())).all()


def _open(db: Session, meeting_id: int) -> Meeting:
    found = db.scalar(select(Meeting).where(Meeting.id == meeting_id).with_for_update())
    if found is None:
        raise Refused(Code.NOT_FOUND)
    if found.concluded is not None:
        raise Refused(Code.MEETING_CONCLUDED)
    if found.withdrawn is not None:
        raise Refused(Code.MEETING_WITHDRAWN)
    return found


def _members(typed: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    found = [
        (clean_name(selections.plain(name, "成员姓名", 30)), selections.plain(title, "成员职务", 60) if title else "")
        for name, title in typed
    ]
    if not MIN_MEMBERS <= len(found) <= MAX_MEMBERS:
        raise Refused(Code.MEETING_INVALID, f"应到会成员须为 {MIN_MEMBERS} 至 {MAX_MEMBERS} 人，填写了 {len(found)} 人")
    if len({key_of(name) for name, _ in found}) != len(found):
        raise Refused(Code.MEETING_INVALID, "成员姓名重复")
    return found


def _recuse(db: Session, meeting: Meeting) -> None:
    """A member who is a candidate for the post leaves the room for everybody proposed for it."""
    for item in meeting.items:
        own = {key_of(one.name) for one in db.get_one(Post, item.post_id).candidates}
        for member in meeting.members:
            if member.present and key_of(member.name) in own:
                item.votes[:] = [one for one in item.votes if one.member_id != member.id]
                db.flush()
                item.votes.append(MemberVote(member_id=member.id, said=Said.RECUSED))
    db.flush()


def _fit_slips(db: Session, meeting: Meeting) -> None:
    """Refuse what its slips contradict while the office can still put it right: such a record could not be shown again."""
    if meeting.way == Way.SLIPS:
        load(db, meeting.id)


def _poll(db: Session, selection_id: int, plan: Plan, lines: Sequence[str]) -> str:
    if plan.way is Way.NAMED:
        return ""
    polls = sources.decision_polls(db, selections.get_selection(db, selection_id))
    chosen = next((poll for poll, _ in polls if poll.uuid == plan.poll), None)
    if chosen is None or not set(lines) <= {one.answer for one in chosen.persons}:
        raise Refused(Code.SLIPS_MISMATCH)
    decided = select(Meeting.held_on).where(Meeting.poll == chosen.uuid, Meeting.concluded.is_not(None))
    if (before := db.scalar(decided)) is not None:
        raise Refused(Code.SLIPS_MISMATCH, f"这次投票已用于 {before} 的党组会，再次表决须另行投票")
    return chosen.uuid
