"""The clerk's console: which step the poll is at, what the host says, what is ready and what is still missing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voting.board import facts, steps
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.board.steps import Step
from voting.errors import Refused
from voting.polls import counting, drafts, lifecycle, meeting, officials, preflight, script
from voting.polls.counting import RoomCounts
from voting.polls.models import Act, Form, Poll, PollOfficial
from voting.selections import service as selections
from voting.selections.models import Post
from voting.slips import service as slips
from voting.trustees import service as trustees

PREPARATION = ("拟定选票", "密钥保管人", "印制选票", "开会")
PREPARING = {State.DRAFT: 2, State.KEYED: 3}
LABELS = {
    State.DRAFT: "起草", State.KEYED: "密钥就绪", State.ISSUED: "选票已印", State.OPEN: "正在投票",
    State.CLOSING: "核对查验码", State.CLOSED: "已封箱", State.TALLIED: "已计票", State.VOID: "已作废",
}  # fmt: skip
SIGNED = {State.CLOSED: Act.CLOSE, State.TALLIED: Act.CLOSE, State.VOID: Act.VOID, State.ISSUED: Act.AMEND}
SEALED = (State.CLOSED, State.TALLIED)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the rail."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Console:
    """Everything the console's page shows."""

    poll: Poll
    on_board: BoardPoll
    state: State
    at: Step | None
    rail: tuple[Line, ...]
    words: tuple[str, ...]
    trustees: Sequence[trustees.TrusteeRow]
    returned: int
    counts: RoomCounts | None
    voided: int
    printed: int
    opening_seal: str
    closing_seal: str
    seconds_left: int
    call_left: int | None
    scrutineer: str
    teller: str
    signed: Sequence[PollOfficial]
    groups: board.GroupCounts | None
    missing: tuple[str, ...]
    reissued: tuple[tuple[str, int], ...]
    unlocked: tuple[Post, ...]
    news: int

    @property
    def page(self) -> str:
        """The template of the middle: the meeting's step, or the stage of preparation."""
        return f"step_{self.at}" if self.at else f"stage_{self.state}"

    @property
    def number(self) -> int:
        """Which step this is, from 1."""
        return list(Step).index(self.at) + 1 if self.at else PREPARING.get(self.state, 0)

    @property
    def back(self) -> Step | None:
        """The step the meeting may go back to: nothing irreversible lies between."""
        allowed = steps.OF_STATE.get(self.state, ())
        return allowed[allowed.index(self.at) - 1] if self.at in allowed[1:] else None

    @property
    def expected(self) -> int:
        """应到 as entered, else the sum over the groups."""
        return self.on_board.expected or sum(g.expected for g in self.poll.groups)

    @property
    def shared(self) -> int:
        """How many trustees have decrypted."""
        return sum(t.shared for t in self.trustees)

    @property
    def voidable(self) -> bool:
        """Whether the poll may still be voided."""
        return self.state in lifecycle.BEFORE_CLOSING


def load(db: Session, uuid: str, now: dt.datetime, rehearsal_wait: dt.timedelta) -> Console:
    """Gather one poll's console. Raises Refused(NO_SUCH_POLL)."""
    poll, on_board = drafts.get(db, uuid), board.get(db, uuid)
    state, at = State(on_board.state), meeting.at(on_board)
    keys = trustees.public_trustees(db, uuid)
    returned, voided = _returned(db, on_board), board.voided(db, uuid)
    counts = _counts(on_board, returned, voided)
    opening = facts.opening_seal(on_board)
    closing = facts.seal(facts.closing_hash(db, uuid)) if state in SEALED else ""
    scrutineer, teller = meeting.named(db, uuid)
    said = _facts(poll, on_board, counts, returned, len(keys), (opening, closing), (scrutineer, teller))
    return Console(
        poll=poll,
        on_board=on_board,
        state=state,
        at=at,
        rail=_rail(state, at),
        words=script.words(at, said) if at else (),
        trustees=keys,
        returned=returned,
        counts=counts,
        voided=voided,
        printed=on_board.printed or sum(g.printed for g in poll.groups),
        opening_seal=opening,
        closing_seal=closing,
        seconds_left=lifecycle.seconds_left(on_board, now, rehearsal_wait) if state == State.CLOSING else 0,
        call_left=steps.call_left(on_board.last_call, now.timestamp()) if at is Step.CALL else None,
        scrutineer=scrutineer,
        teller=teller,
        signed=officials.signed_by(db, uuid, SIGNED[state]) if state in SIGNED else (),
        groups=board.shown_by_group(db, uuid) if state in (State.CLOSING, *SEALED) else None,
        missing=_missing(on_board, keys) if state == State.DRAFT else (),
        reissued=_reissued(db, poll),
        unlocked=unlocked(db, poll) if state == State.ISSUED else (),
        news=preflight.last_news(db, uuid) if at is Step.CHECK else 0,
    )


def live(db: Session, uuid: str, now: dt.datetime, rehearsal_wait: dt.timedelta) -> dict[str, object]:
    """What the console asks for every few seconds. Raises Refused(NO_SUCH_POLL)."""
    on_board = board.get(db, uuid)
    returned = _returned(db, on_board)
    keys = trustees.public_trustees(db, uuid)
    closing = on_board.state == State.CLOSING
    at = meeting.at(on_board)
    return {
        "state": str(on_board.state),
        "step": at,
        "returned": returned,
        "handed_out": facts.handed_out(db, on_board),
        "seconds_left": lifecycle.seconds_left(on_board, now, rehearsal_wait) if closing else None,
        "call_left": steps.call_left(on_board.last_call, now.timestamp()) if at is Step.CALL else None,
        "news": preflight.last_news(db, uuid) if at is Step.CHECK else 0,
        "ready": sum(t.opened for t in keys),
        "shared": sum(t.shared for t in keys),
    }


def _facts(
    poll: Poll, on_board: BoardPoll, counts: RoomCounts | None, returned: int, trustees: int, seals: tuple[str, str],
    named: tuple[str, str],
) -> script.Facts:  # fmt: skip
    keys = facts.keys(on_board)
    counted = on_board.expected is not None and on_board.present is not None
    return script.Facts(
        kind=poll.kind,
        interview=poll.form == Form.INTERVIEW,
        expected=on_board.expected if counted else None,
        present=on_board.present,
        printed=on_board.printed,
        left_in_hand=on_board.left_in_hand,
        handed_out=counts.handed_out if counts else None,
        returned=returned,
        unreturned=counts.unreturned if counts else None,
        opened=bool(on_board.setup_event),
        opening_seal=seals[0],
        closing_seal=seals[1],
        scrutineer=named[0],
        teller=named[1],
        trustees=keys.trustees if keys else trustees,
        threshold=keys.threshold if keys else trustees,
        quorate=counting.quorate(on_board.expected, on_board.present),
    )


def _returned(db: Session, on_board: BoardPoll) -> int:
    return 0 if on_board.state in (State.DRAFT, State.KEYED, State.ISSUED) else board.count(db, on_board.uuid)


def _counts(on_board: BoardPoll, returned: int, voided: int) -> RoomCounts | None:
    try:
        return counting.of_poll(on_board, returned, voided)
    except Refused:
        return None


def _rail(state: State, at: Step | None) -> tuple[Line, ...]:
    """Before the meeting the preparation's four lines, then the meeting's twelve."""
    if at is None:
        here = PREPARING.get(state, 0)
        return tuple(Line(label, _mark(n, here)) for n, label in enumerate(PREPARATION, 1))
    here = list(Step).index(at) + 1
    return tuple(Line(meeting.TITLES[step], _mark(n, here)) for n, step in enumerate(Step, 1))


def _mark(number: int, here: int) -> str:
    return "done" if number < here else "now" if number == here else ""


def _reissued(db: Session, poll: Poll) -> tuple[tuple[str, int], ...]:
    """Groups whose slips were made void and printed anew, and how often."""
    times = {row.group_index: row.reissued for row in slips.batches(db, poll.uuid)}
    return tuple((group.label, times[group.position]) for group in poll.groups if times.get(group.position))


def unlocked(db: Session, poll: Poll) -> tuple[Post, ...]:
    """Posts whose candidates an amendment let be corrected, and no other poll holds."""
    return tuple(one.post for one in poll.questions if not selections.locked(db, one.post_id))


def _missing(on_board: BoardPoll, keys: Sequence[trustees.TrusteeRow]) -> tuple[str, ...]:
    """What stands between a draft and its keys, said to the clerk."""
    found: list[str] = []
    if len(keys) < trustees.LEAST_TRUSTEES:
        found.append(f"密钥保管人至少 {trustees.LEAST_TRUSTEES} 人，现有 {len(keys)} 人")
    found += [f"{t.role} {t.name}{'还没有试开密钥' if t.key else '还没有生成密钥'}" for t in keys if not t.opened]
    if not on_board.rehearsal:
        found.append("目前的密钥须全体保管人到齐才能计票，只能用于演练")
    return tuple(found)
