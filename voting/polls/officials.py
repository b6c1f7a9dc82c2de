"""Who may hold a role in a poll: two officials for an act, trustees for its keys; never anybody it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tally.names import readable
from voting.accounts import audit
from voting.board.models import State
from voting.errors import Code, Refused
from voting.polls import drafts
from voting.polls.models import Act, Poll, PollOfficial
from voting.polls.persons import barred
from voting.selections import service as selections
from voting.selections.importing import clean_name, key_of, unprintable
from voting.trustees import service as trustees

MAX_TRUSTEES = 9
MAX_NAME = 30
MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody who puts a name to an act: 监票人, 计票人, or two officials."""

    name: str
    role: str = ""


def check_pair(db: Session, poll: Poll, officials: Sequence[Official]) -> list[Official]:
    """Two distinct names, neither a candidate's. Raises Refused(OFFICIALS_INVALID)."""
    named = [Official(_name(o.name, Code.OFFICIALS_INVALID), o.role.strip()[:20]) for o in officials]
    keys = {key_of(o.name) for o in named}
    if len(named) != 2 or len(keys) != 2:
        raise Refused(Code.OFFICIALS_INVALID)
    taken = keys & barred(db, poll.selection_id)
    if taken:
        raise Refused(Code.OFFICIALS_INVALID, "、".join(o.name for o in named if key_of(o.name) in taken))
    return named


def one_official(db: Session, poll: Poll, name: str) -> str:
    """One name, not that of anybody who may sign for nothing in this selection. Raises Refused(OFFICIALS_INVALID)."""
    named = _name(name, Code.OFFICIALS_INVALID)
    if key_of(named) in barred(db, poll.selection_id):
        raise Refused(Code.OFFICIALS_INVALID, named)
    return named


def write_down(db: Session, uuid: str, act: Act, officials: Sequence[Official]) -> None:
    """Keep the two names with the poll, for its papers. Those of a second amendment or reissue replace the first's."""
    for old in signed_by(db, uuid, act):
        db.delete(old)
    db.flush()
    db.add_all(PollOfficial(poll=uuid, act=act, name=o.name, role=o.role) for o in officials)
    db.flush()


def stated_reason(text: str) -> str:
    """Why two officials decided so, as one line. Raises Refused(REASON_MISSING, INVALID_VALUE)."""
    if not text.strip():
        raise Refused(Code.REASON_MISSING)
    return selections.plain(text, "理由", MAX_REASON)


def names(pair: Sequence[Official]) -> str:
    """The two names, as the log has them."""
    return "、".join(one.name for one in pair)


def signed_by(db: Session, uuid: str, act: Act) -> Sequence[PollOfficial]:
    """Who put a name to an act."""
    wanted = select(PollOfficial).where(PollOfficial.poll == uuid, PollOfficial.act == act)
    return db.scalars(wanted.order_by(PollOfficial.role, PollOfficial.name)).all()


def name_trustee(db: Session, uuid: str, name: str, role: str, *, actor: str) -> trustees.Invitation:
    """Invite somebody to hold a key. The link in the answer is shown once and stored nowhere.

    Raises Refused: WRONG_STATE unless draft; INVALID_VALUE; TRUSTEE_IS_CANDIDATE; TRUSTEE_REPEATED.
    """
    if drafts.locked(db, uuid).state != State.DRAFT:
        raise Refused(Code.WRONG_STATE)
    poll = drafts.get(db, uuid)
    name, role = _name(name, Code.INVALID_VALUE), selections.plain(role, "保管人身份", 30)
    if "#" in role:  # the trustee's second proof appends "#nonce" to the role
        raise Refused(Code.INVALID_VALUE, "保管人身份")
    if key_of(name) in barred(db, poll.selection_id):
        raise Refused(Code.TRUSTEE_IS_CANDIDATE, name)
    present = trustees.public_trustees(db, uuid)
    if key_of(name) in {key_of(t.name) for t in present}:
        raise Refused(Code.TRUSTEE_REPEATED, name)
    if len(present) >= MAX_TRUSTEES:
        raise Refused(Code.INVALID_VALUE, f"密钥保管人最多 {MAX_TRUSTEES} 人")
    invitation = trustees.invite(db, uuid, poll.selection.title, name, role)
    audit.record(db, actor, "poll.trustee", uuid, f"{role} {name}")
    return invitation


def withdraw_trustee(db: Session, uuid: str, n: int, *, actor: str) -> None:
    """Take an invitation back while the poll is a draft. Raises Refused(WRONG_STATE, NOT_FOUND)."""
    if drafts.locked(db, uuid).state != State.DRAFT:
        raise Refused(Code.WRONG_STATE)
    who = _named(db, uuid, n)
    trustees.withdraw(db, uuid, _number(n))
    audit.record(db, actor, "poll.trustee_withdrawn", uuid, who)


def renew_link(db: Session, uuid: str, n: int, *, actor: str) -> trustees.Invitation:
    """A new link for a trustee who lost theirs. Raises Refused(NO_SUCH_POLL, NOT_FOUND)."""
    drafts.locked(db, uuid)
    invitation = trustees.renew(db, uuid, _number(n))
    audit.record(db, actor, "poll.trustee_link", uuid, _named(db, uuid, n))
    return invitation


def _named(db: Session, uuid: str, n: int) -> str:
    """A trustee as the log names them."""
    return next((f"{one.role} {one.name}" for one in trustees.public_trustees(db, uuid) if one.n == n), str(n))


def ready_trustees(db: Session, poll: Poll) -> list[trustees.TrusteeRow]:
    """At least two trustees whose keys are proved, distinct and shown to open, none a candidate.

    Everything is verified anew. Raises Refused(TRUSTEE_IS_CANDIDATE) or what trustees.keys_complete raises.
    """
    rows = trustees.keys_complete(db, poll.uuid)
    candidates = barred(db, poll.selection_id)
    for row in rows:
        if key_of(row.name) in candidates:
            raise Refused(Code.TRUSTEE_IS_CANDIDATE, row.name)
    return rows


def _number(n: int) -> int:
    if not 1 <= n <= MAX_TRUSTEES:
        raise Refused(Code.NOT_FOUND)
    return n


def _name(text: str, code: Code) -> str:
    name = clean_name(text)
    if not readable(name) or len(name) > MAX_NAME or unprintable(name) or any(c in name for c in "|#"):
        raise Refused(code, text[:MAX_NAME])
    return name
