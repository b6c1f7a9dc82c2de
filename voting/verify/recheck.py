"""`mipiao recheck FOLDER --seal "81D4 2B6E"`: 复核 - a second machine verifies the record before the scrutineers.

Everything is verified on all cores, the seals that people signed on paper are compared with the record's, and 复核记录 is
written for them to sign. Standard library and tally only, like `verify`.
"""

import argparse
import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from tally.errors import Code
from voting.verify.command import jobs_number
from voting.verify.judging import Verdict, judge
from voting.verify.page import body, whole_page
from voting.verify.telling import Line
from voting.verify.text import as_text

HELP = """\
复核：在另一台计算机上核验整份选举记录，与监票人签了字的纸上的封箱印记核对，写出供签字的复核记录。
FOLDER 是记录文件夹（从结果页下载、解压）。印记照纸输入，不要照屏幕。全部成立且印记相符退出码 0，否则 1，用法错误 2。

Verify a record on a second machine and compare its seals with those on the signed paper. Exits 0 if all holds and the
seals agree, 1 otherwise, 2 on bad usage. `--html OUT` writes the record of the recheck, for signatures."""

SEAL = re.compile(r"[0-9A-F]{8}\Z", re.ASCII)
TITLE = "复核记录"
UNREAD = (
    "没有读到选举记录，没有复核。请把下载的压缩包解压，写对文件夹，再做一次；仍读不到，重新下载；"
    "再不行，保存记录，报告派驻纪检监察组。"
)
BROKEN = "选举档案不完整或被改动，结果不能使用。请从结果页重新下载、解压，再复核一次；仍不成立，保存记录，报告派驻纪检监察组。"
SIGNED = ("监票人", "监票人", "复核人", "日期")


@dataclass(frozen=True, slots=True)
class Compared:
    """A seal from the signed paper beside the record's; both as two groups of four."""

    name: str
    typed: str
    found: str
    english: str = "seal"

    @property
    def agree(self) -> bool:
        """Whether they are the same."""
        return bool(self.found) and self.typed == self.found

    @property
    def told(self) -> str:
        """What the paper says of it."""
        if self.agree:
            return f"纸上 {self.typed}，记录 {self.found}，相符"
        return (
            f"纸上 {self.typed}，记录 {self.found}，不符"
            if self.found
            else f"纸上 {self.typed}，记录里没有读到，没有核对"
        )


@dataclass(frozen=True, slots=True)
class Recheck:
    """One recheck: what came out, which seals were compared, where and when. `seconds` is the whole run's."""

    verdict: Verdict
    seals: tuple[Compared, ...]
    begun: datetime
    ended: datetime
    seconds: float
    jobs: int

    @property
    def failures(self) -> tuple[str, ...]:
        """Why the recheck did not pass, in sentences; empty if it did."""
        found = []
        report = self.verdict.report
        if report.stage == "unreadable":
            found.append(UNREAD)
        elif not self.verdict.ok and report.checks[0].code is Code.ARCHIVE:
            found.append(BROKEN)
        elif not self.verdict.ok:
            found.append(f"核验有 {self.verdict.failed} 项不成立，结果不能使用。请保存记录，报告派驻纪检监察组。")
        elif not report.ours:
            found.append("这不是密票的选举记录，没有封箱印记可核对。")
        elif report.stage != "tallied":
            found.append("记录还没有计票结果，不能复核。请在计票完成以后重新下载记录。")
        found += [
            f"{one.name}不符：签字的纸上是 {one.typed}，记录里是 {one.found}。先核对输入和纸；"
            "仍然不符，说明这不是签字的那一只票箱的记录，结果不能使用，请报告派驻纪检监察组。"
            for one in self.seals
            if one.found and not one.agree
        ]
        return tuple(found)

    @property
    def passed(self) -> bool:
        """Whether every check holds and every seal agrees."""
        return not self.failures and all(one.agree for one in self.seals)


def main(arguments: Sequence[str]) -> int:
    """Recheck one record. Returns the exit code: 0 or 1; bad usage exits with 2."""
    options = _parser().parse_args(arguments)
    typed = {"启用印记": options.opening_seal, "封箱印记": options.seal}
    done = recheck(options.folder, {name: seal for name, seal in typed.items() if seal}, options.jobs)
    sys.stdout.write(as_text([done.verdict]) + "".join(f"{line}\n" for line in _closing(done)))
    if options.html:
        try:
            Path(options.html).write_text(as_page(done), encoding="utf-8")
        except OSError as error:
            sys.stderr.write(f"复核记录写不进 {options.html} / cannot write: {error.strerror}\n")
            return 1
        sys.stdout.write(f"= 复核记录已写入 / written: {options.html}\n")
    return 0 if done.passed else 1


def recheck(folder: str, typed: dict[str, str], jobs: int) -> Recheck:
    """Verify the one record at `folder` and compare the seals; `typed` has 启用印记 or 封箱印记 → "81D4 2B6E"."""
    begun, started = datetime.now().astimezone(), monotonic()
    verdict = next(iter(judge(folder, jobs)))
    report = verdict.report
    found = {"启用印记": (report.opening_seal, "opening seal"), "封箱印记": (report.closing_seal, "closing seal")}
    seals = tuple(Compared(name, seal, *found[name]) for name, seal in typed.items())
    return Recheck(verdict, seals, begun, datetime.now().astimezone(), monotonic() - started, jobs)


def as_page(done: Recheck) -> str:
    """复核记录 as one page of HTML that loads nothing."""
    sheet = body(
        done.verdict, before=_facts(done), signed=SIGNED, failures=done.failures, annex=True,
        outcome="复核通过" if done.passed else "复核不通过",
    )  # fmt: skip
    return whole_page(TITLE, [sheet])


def _facts(done: Recheck) -> list[Line]:
    machine = f"{platform.node() or '未命名'}（{platform.system()} {platform.machine()}，{done.jobs} 线程）"
    times = f"{done.begun:%Y-%m-%d %H:%M:%S} 至 {done.ended:%H:%M:%S}，用时 {done.seconds:.1f} 秒"
    seals = [Line(f"{one.name}核对", f"{one.english} compared", one.told) for one in done.seals]
    return [Line("复核机器", "machine", machine), Line("起止时间", "time", times), *seals]


def _closing(done: Recheck) -> list[str]:
    lines = [f"# {line.zh} / {line.en}: {line.value}" for line in _facts(done)]
    if done.passed:
        return [*lines, "= 复核通过：记录全部成立，印记与纸上相符 / recheck passed"]
    return [*lines, *(f"! {one}" for one in done.failures), "= 复核不通过 / recheck failed"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "mipiao recheck", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", metavar="FOLDER", help="记录文件夹 / the record's folder")
    parser.add_argument(
        "--seal", type=_seal, required=True, metavar='"81D4 2B6E"',
        help="签字纸上的封箱印记 / the closing seal on the signed paper",
    )  # fmt: skip
    parser.add_argument(
        "--opening-seal", type=_seal, metavar='"3F9A C07E"', help="启用印记，同上，可不填 / the opening seal, optional"
    )
    parser.add_argument("--html", metavar="OUT", help="复核记录写到这个文件 / write the record of the recheck here")
    parser.add_argument(
        "--jobs", type=jobs_number, default=os.cpu_count() or 1, metavar="N", help="并行线程数 / threads (all cores)"
    )
    return parser


def _seal(text: str) -> str:
    typed = "".join(text.split()).upper()
    if not SEAL.match(typed):
        raise argparse.ArgumentTypeError("印记是 8 位：数字 0-9 和字母 A-F / a seal has 8 digits, 0-9 and A-F")
    return f"{typed[:4]} {typed[4:]}"
