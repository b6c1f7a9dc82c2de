"""The meeting's steps as the clerk takes them: on, or back where nothing irreversible happened; names and people counted.

The step is kept on the board, so that a reload, a second clerk and the projector see the same place. Each move names the
step it leaves and is refused if another clerk was faster.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from voting.accounts import audit
from voting.board import service as board
from voting.board import steps
from voting.board.models import BoardPoll, State
from voting.board.steps import Step
from voting.errors import Code, Refused
from voting.polls import counting, drafts, officials, preflight
from voting.polls.models import Act
from voting.polls.officials import Official

TITLES: dict[Step, str] = {
    Step.CHECK: "会前检查", Step.COUNT: "清点人数", Step.RULES: "宣读办法", Step.OFFICIALS: "监票人、计票人",
    Step.BOX: "展示空票箱", Step.HAND: "发放选票", Step.VOTE: "投票", Step.CALL: "最后提醒", Step.VOIDS: "剩余选票作废",
    Step.SEAL: "宣布收回、封箱", Step.TALLY: "计票", Step.PAPERS: "打印、签字",
}  # fmt: skip
ROLES = ("监票人", "计票人")
NEEDS_MORE = {(Step.COUNT, Step.RULES), (Step.OFFICIALS, Step.BOX), (Step.HAND, Step.VOTE)}
"""Moves that only `count_people`, `name_officials` and the counts make, once what they need was typed."""


def at(on_board: BoardPoll) -> Step | None:
    """The step the room is at; None before the slips are printed and for a void poll."""
    return steps.current(State(on_board.state), on_board.step, announced=on_board.left_in_hand is not None)


def go(db: Session, uuid: str, frm: str, to: str, *, base_url: str, now: dt.datetime, actor: str) -> None:
    """One step on or back, nothing else changing. Into 最后提醒, also anew, its sixty seconds begin; out of it they end.

    Raises Refused: WRONG_STATE if the room is not at `frm` or cannot go to `to` this way; PREFLIGHT_MISSING,
    COUNTS_INVALID, OFFICIALS_INVALID if something has to be done or typed first.
    """
    on_board = drafts.locked(db, uuid)
    state, here = State(on_board.state), at(on_board)
    if here is None or here != frm or to not in list(Step):
        raise Refused(Code.WRONG_STATE)
    target = Step(to)
    again = here is target is Step.CALL
    if not again and not steps.neighbour(state, here, target):
        raise Refused(Code.WRONG_STATE)
    if (here, target) in NEEDS_MORE:
        _must_be_typed(db, on_board, here)
    if here is Step.CHECK:
        preflight.demand(db, on_board, base_url=base_url, now=now)
    on_board.step = target
    on_board.last_call = int(now.timestamp()) if target is Step.CALL else None
    db.flush()
    audit.record(db, actor, "poll.step", uuid, TITLES[target] + ("（再次）" if again else ""))


def count_people(db: Session, uuid: str, *, expected: int, present: int, actor: str) -> None:
    """清点: 应到 and 实到, before any slip is handed out; the meeting goes on to 宣读办法.

    Raises Refused: WRONG_STATE unless at 清点; COUNTS_INVALID. Too few present is said to the clerk and the host,
    who decide (‡ two thirds).
    """
    on_board = drafts.locked(db, uuid)
    if at(on_board) is not Step.COUNT:
        raise Refused(Code.WRONG_STATE)
    counting.judge_people(expected, present)
    board.set_counts(db, uuid, expected=expected, present=present)
    on_board.step = Step.RULES
    audit.record(db, actor, "poll.people", uuid, f"应到 {expected}，实到 {present}")


def name_officials(db: Session, uuid: str, named: Sequence[Official], *, actor: str) -> None:
    """监票人 and 计票人 of this meeting, once; the meeting goes on to 展示空票箱.

    Raises Refused: WRONG_STATE unless at that step; OFFICIALS_INVALID for one person twice or a candidate.
    """
    on_board = drafts.locked(db, uuid)
    if at(on_board) is not Step.OFFICIALS:
        raise Refused(Code.WRONG_STATE)
    pair = officials.check_pair(db, drafts.get(db, uuid), named)
    officials.write_down(db, uuid, Act.ROOM, pair)
    on_board.step = Step.BOX
    audit.record(db, actor, "poll.officials", uuid, "；".join(f"{one.role} {one.name}" for one in pair))


def named(db: Session, uuid: str) -> tuple[str, str]:
    """监票人 and 计票人 as named in the room; empty where nobody is named yet."""
    by_role = {one.role: one.name for one in officials.signed_by(db, uuid, Act.ROOM)}
    return by_role.get(ROLES[0], ""), by_role.get(ROLES[1], "")


def _must_be_typed(db: Session, on_board: BoardPoll, here: Step) -> None:
    if here is Step.OFFICIALS:
        if not all(named(db, on_board.uuid)):
            raise Refused(Code.OFFICIALS_INVALID)
    elif on_board.present is None or (here is Step.HAND and on_board.left_in_hand is None):
        raise Refused(Code.COUNTS_INVALID)
