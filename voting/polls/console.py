"""The clerk's console: which step the poll is at, what the host says, what is ready and what is still missing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voting.board import facts
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Refused
from voting.polls import counting, drafts, lifecycle, officials
from voting.polls.counting import RoomCounts
from voting.polls.models import Act, Poll, PollOfficial
from voting.selections import service as selections
from voting.selections.models import Post
from voting.slips import service as slips
from voting.trustees import service as trustees

RAIL = ("拟定选票", "密钥保管人", "印制选票", "启用票箱", "发票和投票", "核对查验码", "计票", "结果")
STEP = {
    State.DRAFT: 2, State.KEYED: 3, State.ISSUED: 4, State.OPEN: 5, State.CLOSING: 6, State.CLOSED: 7, State.TALLIED: 8,
}  # fmt: skip
LABELS = {
    State.DRAFT: "起草", State.KEYED: "密钥就绪", State.ISSUED: "选票已印", State.OPEN: "正在投票",
    State.CLOSING: "核对查验码", State.CLOSED: "已封箱", State.TALLIED: "已计票", State.VOID: "已作废",
}  # fmt: skip
WORDS = {
    State.ISSUED: "现在启用票箱，请看大屏幕。",
    State.OPEN: "请大家独立填写。填好后点“提交选票”，看到“已投票”即可。手机不便的同志请举手，到签到台用平板填写。",
    State.CLOSING: "投票已经停止。请对照手机上的查验码，不在大屏幕上的，请马上举手。",
    State.CLOSED: "票箱已封，请看封箱印记。请密钥保管人核对后计票。",
}
HAND_OUT = "票箱是空的，箱内选票 0 张，请监票人记下启用印记。请工作人员按类别发放选票，每人抽取一张，拿到后不要调换，也不要记录。"


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
    rail: tuple[Line, ...]
    step: int
    words: str
    trustees: Sequence[trustees.TrusteeRow]
    returned: int
    counts: RoomCounts | None
    voided: int
    printed: int
    opening_seal: str
    closing_seal: str
    seconds_left: int
    signed: Sequence[PollOfficial]
    groups: board.GroupCounts | None
    missing: tuple[str, ...]
    reissued: tuple[tuple[str, int], ...]
    unlocked: tuple[Post, ...]

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
    state = State(on_board.state)
    keys = trustees.public_trustees(db, uuid)
    returned, voided = _returned(db, on_board), board.voided(db, uuid)
    step = STEP.get(state, 0)
    acts = {State.CLOSED: Act.CLOSE, State.TALLIED: Act.CLOSE, State.VOID: Act.VOID, State.ISSUED: Act.AMEND}
    sealed = state in (State.CLOSED, State.TALLIED)
    return Console(
        poll=poll,
        on_board=on_board,
        state=state,
        rail=tuple(Line(label, _mark(number, step, state)) for number, label in enumerate(RAIL, 1)),
        step=step,
        words=_words(on_board, state),
        trustees=keys,
        returned=returned,
        counts=_counts(on_board, returned, voided),
        voided=voided,
        printed=on_board.printed or sum(g.printed for g in poll.groups),
        opening_seal=facts.opening_seal(on_board),
        closing_seal=facts.seal(facts.closing_hash(db, uuid)) if sealed else "",
        seconds_left=lifecycle.seconds_left(on_board, now, rehearsal_wait) if state == State.CLOSING else 0,
        signed=officials.signed_by(db, uuid, acts[state]) if state in acts else (),
        groups=board.shown_by_group(db, uuid) if state in (State.CLOSING, State.CLOSED, State.TALLIED) else None,
        missing=_missing(on_board, keys) if state == State.DRAFT else (),
        reissued=_reissued(db, poll),
        unlocked=unlocked(db, poll) if state == State.ISSUED else (),
    )


def live(db: Session, uuid: str, now: dt.datetime, rehearsal_wait: dt.timedelta) -> dict[str, object]:
    """What the console asks for every few seconds. Raises Refused(NO_SUCH_POLL)."""
    on_board = board.get(db, uuid)
    returned = _returned(db, on_board)
    keys = trustees.public_trustees(db, uuid)
    closing = on_board.state == State.CLOSING
    return {
        "state": str(on_board.state),
        "returned": returned,
        "handed_out": facts.handed_out(db, on_board),
        "seconds_left": lifecycle.seconds_left(on_board, now, rehearsal_wait) if closing else None,
        "ready": sum(t.opened for t in keys),
        "shared": sum(t.shared for t in keys),
    }


def _returned(db: Session, on_board: BoardPoll) -> int:
    return 0 if on_board.state in (State.DRAFT, State.KEYED, State.ISSUED) else board.count(db, on_board.uuid)


def _counts(on_board: BoardPoll, returned: int, voided: int) -> RoomCounts | None:
    try:
        return counting.of_poll(on_board, returned, voided)
    except Refused:
        return None


def _words(on_board: BoardPoll, state: State) -> str:
    if state == State.OPEN and on_board.left_in_hand is None:
        return HAND_OUT
    return WORDS.get(state, "")


def _mark(number: int, step: int, state: State) -> str:
    if state == State.TALLIED or number < step:
        return "done"
    return "now" if number == step else ""


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
