"""党组会表决情况: who should have attended, who did, each person's 同意/不同意/缓议, and the conclusion with its arithmetic.

The facts come from whoever keeps the decision; this module only lays them out, so it knows no table.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tally.rules.decision import passes
from tally.rules.meeting import decision_quorate
from tally.rules.outcome import Judgement
from voting.papers.box import chinese
from voting.papers.model import REHEARSAL, Check, Fact, Head, Paper, Seal, Signature, Table, Value, judged

NAME, TITLE = "decision", "党组会表决情况"
PASSED, POSTPONED, NOT_PASSED = "通过", "缓议", "不通过"
NOBODY = "无"
ABREAST = 8


@dataclass(frozen=True, slots=True)
class Voted:
    """One person's vote: members who stated 同意, 不同意, 缓议; `silent` were present and stated none of them.

    `stated` is how each member spoke, by name, where the vote was recorded so; empty for a vote by slips. `reconsidered`
    is the agreement to vote again on what had been decided before.
    """

    name: str
    duty: str
    post: str
    agree: int
    disagree: int
    postpone: int
    silent: int = 0
    recused: tuple[str, ...] = ()
    stated: tuple[tuple[str, str], ...] = ()
    reconsidered: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of the Party group. `absent` and `observers` are names; numbers are members (应到会).

    `warning` is what must be said of a vote by slips.
    """

    bureau: str
    selection: str
    held_on: dt.date | None
    expected: int
    present: int
    absent: tuple[str, ...]
    chair: str
    recorder: str
    observers: tuple[str, ...]
    persons: tuple[Voted, ...]
    by_slips: bool = False
    warning: str = ""
    rehearsal: bool = False
    seals: tuple[Seal, ...] = ()


def minutes(session: Session) -> Paper:
    """The paper of one meeting."""
    return Paper(
        name=NAME,
        title=TITLE,
        about=(f"{session.bureau}　{session.selection}",),
        facts=tuple(one for one in _facts(session) if one.value),
        tables=(_room(session), _votes(session.persons, session.expected), *_stated(session)),
        checks=(
            judged(decision_quorate(session.present, session.expected)),
            *(check for one in session.persons for check in _judged(one, session)),
        ),
        notes=(
            "以应到会成员超过半数同意为通过，缺席、回避、弃权和缓议都不计入同意。",
            "表决方式：投票表决，无记名。" if session.by_slips else "表决方式：逐人表态，记名，主要负责人最后表态。",
            *filter(None, (session.warning,)),
            "‡ 本局设定：回避的成员仍计入应到，不计入实到。",
        ),
        seals=session.seals,
        signatures=(Signature("主持人", session.chair), Signature("记录人", session.recorder), Signature("日期")),
        stamp=REHEARSAL if session.rehearsal else "",
    )


def _judged(one: Voted, session: Session) -> Sequence[Check]:
    """A person's vote, and before it the agreement to vote again, and presence without the recused, as it is judged before a record becomes final."""
    away = len(one.recused)
    there = (judged(decision_quorate(session.present - away, session.expected), one.name),) if away else ()
    again = (judged(one.reconsidered, one.name),) if one.reconsidered else ()
    return (*again, *there, judged(passes(one.agree, session.expected), one.name))


def _facts(session: Session) -> Sequence[Fact]:
    recused = sorted({name for one in session.persons for name in one.recused})
    return (
        Fact("会议日期", chinese(session.held_on) if session.held_on else ""),
        Fact("主持人", session.chair),
        Fact("记录人", session.recorder),
        Fact("列席", "、".join(session.observers) or NOBODY),
        Fact("缺席", "、".join(session.absent) or NOBODY),
        Fact("回避", "、".join(recused) or NOBODY),
    )


def _room(session: Session) -> Table:
    absent = session.expected - session.present
    recused = len({name for one in session.persons for name in one.recused})
    head = (tuple(map(Head, ("应到", "实到", "缺席", "回避"))),)
    return Table("", ("num",) * 4, head, ((session.expected, session.present, absent, recused),))


def _votes(persons: Sequence[Voted], expected: int) -> Table:
    words = ("序号", "姓名", "现任职务", "拟任职务", "同意", "不同意", "缓议", "未表态", "回避", "结论")
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            number, one.name, one.duty, one.post, one.agree, one.disagree, one.postpone, one.silent, len(one.recused),
            _concluded(one, expected),
        )
        for number, one in enumerate(persons, 1)
    )  # fmt: skip
    return Table("", ("no", "name", "half", "half", *("count",) * 5, "name"), (tuple(map(Head, words)),), rows)


def _concluded(one: Voted, expected: int) -> str:
    """In the words of the meeting's own page: what is put off is not voted down."""
    if passes(one.agree, expected).met:
        return PASSED
    return POSTPONED if passes(one.postpone, expected).met else NOT_PASSED


def _stated(session: Session) -> tuple[Table, ...]:
    """How each member spoke, where that was recorded by name; a table for every `ABREAST` persons, so that A4 holds it."""
    members = list(dict.fromkeys(member for one in session.persons for member, _ in one.stated))
    if not members:
        return ()
    parts = [session.persons[k : k + ABREAST] for k in range(0, len(session.persons), ABREAST)]
    return tuple(
        _spoken(members, part, "逐人表态" if number == 0 else "逐人表态（续）") for number, part in enumerate(parts)
    )


def _spoken(members: Sequence[str], persons: Sequence[Voted], caption: str) -> Table:
    head = ((Head("成员"), *(Head(one.name) for one in persons)),)
    spoken = [dict(one.stated) for one in persons]
    rows = tuple((member, *(of.get(member, "") for of in spoken)) for member in members)
    return Table(caption, ("name", *("num",) * len(persons)), head, rows)
