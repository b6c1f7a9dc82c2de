"""会前检查: seven lines, each green, waived by two officials, or the box does not open.

Address and keys are judged whenever somebody looks and cannot be waived; phone, printed sample, clock and disk are measured
and hold for some hours; tablets only warn.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voting.accounts import audit
from voting.board import checks
from voting.board.checks import Line
from voting.board.models import BoardCheck, BoardPoll, State
from voting.errors import Code, Refused
from voting.polls import disk, drafts, officials
from voting.polls.building import sample_election
from voting.polls.models import PollWaiver
from voting.polls.officials import Official
from voting.slips import service as slips
from voting.trustees import service as trustees

VALID_FOR = 6 * 3600
"""Seconds for which a measured line or a waiver holds."""
CHINA = dt.timezone(dt.timedelta(hours=8))
ADDRESS, KEYS = "address", "keys"
TITLES = {
    ADDRESS: "选票地址", Line.PHONE: "测试手机", Line.PRINT: "打印样张", KEYS: "密钥保管人", Line.CLOCK: "时钟",
    Line.DISK: "磁盘", Line.KIOSK: "会场平板",
}  # fmt: skip
WAIVABLE = (Line.PHONE, Line.PRINT, Line.CLOCK, Line.DISK)


@dataclass(frozen=True, slots=True)
class Check:
    """One line: whether it holds, what was found, what to do if it does not."""

    line: str
    good: bool
    said: str
    remedy: str = ""
    waived: bool = False
    required: bool = True

    @property
    def title(self) -> str:
        """As the console has it."""
        return TITLES[self.line]

    @property
    def blocks(self) -> bool:
        """Whether the box stays shut for it."""
        return self.required and not self.good

    @property
    def waivable(self) -> bool:
        """Whether two officials may answer for opening without it."""
        return self.blocks and self.line in WAIVABLE


def lines(db: Session, on_board: BoardPoll, *, base_url: str, now: dt.datetime) -> tuple[Check, ...]:
    """The seven lines as they stand at this moment."""
    at = int(now.timestamp())
    found = checks.results(db, on_board.uuid)
    waivers = {
        row.line: row
        for row in db.scalars(select(PollWaiver).where(PollWaiver.poll == on_board.uuid))
        if _fresh(row.at, at)
    }
    judged: dict[str, Check] = {
        ADDRESS: _address(db, on_board.uuid, base_url),
        KEYS: _keys(db, on_board.uuid),
        **{line: _measured(line, found.get(line), at) for line in Line},
    }
    return tuple(_with_waiver(judged[line], waivers.get(line)) for line in TITLES)


def last_news(db: Session, uuid: str) -> int:
    """A number that changes whenever a line is measured, so that the console's page sees that a phone has reported."""
    return sum(row.at for row in checks.results(db, uuid).values())


def missing(found: Sequence[Check]) -> tuple[str, ...]:
    """The titles of what still blocks."""
    return tuple(one.title for one in found if one.blocks)


def demand(db: Session, on_board: BoardPoll, *, base_url: str, now: dt.datetime) -> None:
    """Raises Refused(PREFLIGHT_MISSING) with what is missing."""
    lacking = missing(lines(db, on_board, base_url=base_url, now=now))
    if lacking:
        raise Refused(Code.PREFLIGHT_MISSING, "还差：" + "、".join(lacking))


def probe(db: Session, uuid: str, folder: Path, *, now: dt.datetime, actor: str) -> bool:
    """Try the server's disk and keep the result. Raises Refused(NO_SUCH_POLL, WRONG_STATE)."""
    on_board, poll = drafts.at(db, uuid, State.ISSUED)
    on_board.sample = sample_election(db, poll)  # candidates may have been imported anew since the slips were printed
    free, kept = disk.free_megabytes(folder), disk.keeps(folder)
    passed = kept and free >= disk.LEAST_FREE
    checks.record(db, uuid, Line.DISK, passed=passed, measured=free if kept else 0, at=int(now.timestamp()))
    audit.record(db, actor, "poll.check", uuid, f"磁盘：剩余 {free} MB，{'写入正常' if kept else '写入失败'}")
    return passed


def waive(
    db: Session, uuid: str, line: str, *, reason: str, named: Sequence[Official], now: dt.datetime, actor: str
) -> None:
    """Two officials answer for opening without a line that cannot be done. Logged with the reason, shown on the console.

    Raises Refused: WRONG_STATE unless issued, NOT_WAIVABLE (address and keys never), REASON_MISSING, INVALID_VALUE,
    OFFICIALS_INVALID.
    """
    _, poll = drafts.at(db, uuid, State.ISSUED)
    if line not in WAIVABLE:
        raise Refused(Code.NOT_WAIVABLE, TITLES.get(line, ""))
    reason, pair = officials.stated_reason(reason), officials.check_pair(db, poll, named)
    db.execute(delete(PollWaiver).where(PollWaiver.poll == uuid, PollWaiver.line == line))
    db.add(
        PollWaiver(
            poll=uuid,
            line=line,
            at=int(now.timestamp()),
            reason=reason,
            official_1=pair[0].name,
            official_2=pair[1].name,
        )
    )
    db.flush()
    audit.record(db, actor, "poll.waived", uuid, f"{TITLES[line]}：{reason}（{officials.names(pair)}）")


def _address(db: Session, uuid: str, base_url: str) -> Check:
    printed = {row.base_url for row in slips.batches(db, uuid)}
    if printed == {base_url}:
        return Check(ADDRESS, True, f"选票上 {urlsplit(base_url).netloc}，与现在的地址一致")
    on_slips = "、".join(sorted(urlsplit(one).netloc if one else "没有记下" for one in printed)) or "没有印"
    return Check(
        ADDRESS, False, f"选票上 {on_slips}，现在是 {base_url}",
        "手机会打不开选票。请把服务器的地址改回选票上的，或作废旧票按现在的地址重印。",
    )  # fmt: skip


def _keys(db: Session, uuid: str) -> Check:
    rows = trustees.public_trustees(db, uuid)
    closed = [row.name for row in rows if not row.opened]
    if closed or len(rows) < trustees.LEAST_TRUSTEES:
        return Check(KEYS, False, f"没有试开：{'、'.join(closed)}", "请保管人用自己的链接试开密钥文件。")
    when = min((row.opened_at for row in rows if row.opened_at), default=None)
    said = f"{len(rows)} 人都已试开密钥"
    return Check(KEYS, True, said if when is None else f"{said}，最早一位是 {_moment(when)}")


def _measured(line: Line, row: BoardCheck | None, now: int) -> Check:
    required = line is not Line.KIOSK
    if row is None:
        return Check(line, False, _UNDONE[line], _REMEDY[line], required=required)
    said = f"{_SAID[line](row.measured)}（{_moment(row.at)}）"
    if not row.passed:
        return Check(line, False, said, _FAILED[line], required=required)
    if not _fresh(row.at, now):
        return Check(line, False, f"{said}，已过 {VALID_FOR // 3600} 小时，须重做", _REMEDY[line], required=required)
    return Check(line, True, said, required=required)


def _with_waiver(one: Check, waiver: PollWaiver | None) -> Check:
    if one.good or waiver is None:
        return one
    said = f"{one.said}。免做：{waiver.reason}（{waiver.official_1}、{waiver.official_2}，{_moment(waiver.at)}）"
    return Check(one.line, True, said, waived=True, required=one.required)


def _fresh(then: int, now: int) -> bool:
    return now - then < VALID_FOR


def _moment(seconds: int) -> str:
    moment = dt.datetime.fromtimestamp(seconds, CHINA)
    return f"{moment.month} 月 {moment.day} 日 {moment:%H:%M}"


_UNDONE = {
    Line.PHONE: "还没有用手机试过", Line.PRINT: "还没有从纸面读过", Line.CLOCK: "还没有与手机对过时", Line.DISK: "还没有试过",
    Line.KIOSK: "没有平板试过（不影响开箱）",
}  # fmt: skip
_REMEDY = {
    Line.PHONE: "用会场的无线网，拿一部手机扫右边的码，或直接扫打印样张。",
    Line.PRINT: "打印样张，用测试手机从纸上扫一次。",
    Line.CLOCK: "随测试手机一起完成。",
    Line.DISK: "按“检查磁盘”。",
    Line.KIOSK: "在每台平板上扫平板的码；没有平板的，不用管。",
}
_FAILED = {
    Line.PHONE: _REMEDY[Line.PHONE],
    Line.PRINT: _REMEDY[Line.PRINT],
    Line.CLOCK: "先看手机时间准不准；准的话，请管理人员校准服务器的时钟，再扫一次。",
    Line.DISK: "请管理人员腾出 1 GB 以上空间，核对数据文件夹可以写入，再按“检查磁盘”。",
    Line.KIOSK: _REMEDY[Line.KIOSK],
}
_SAID = {
    Line.PHONE: lambda n: f"扫样票、加密、送出、收到回执，用时 {n / 1000:.1f} 秒",
    Line.PRINT: lambda n: f"二维码从纸面读出，{n} 位代码一致",
    Line.CLOCK: lambda n: f"服务器与测试手机相差 {n} 秒",
    Line.DISK: lambda n: f"剩余 {n / 1024:.0f} GB，写入后读回一致" if n else "写入没有成功",
    Line.KIOSK: lambda n: f"{n} 台平板试过",
}
