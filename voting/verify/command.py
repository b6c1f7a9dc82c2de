"""`mipiao verify PATH…`: check records, print one line per named check, and leave with an exit code that tells.

Imports the standard library and tally only. Whatever lies at PATH - nothing, a directory, junk, a device, a loop of
links - ends in a line with a code, never in a traceback.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from voting.verify.data import as_json
from voting.verify.judging import Verdict, judge
from voting.verify.page import as_page
from voting.verify.text import as_text

MAX_JOBS = 256

HELP = """\
核验选举记录：PATH 是 .bel 文件（我们的或别处的 Belenios 档案，旁边的附件一并核验）或记录文件夹。
每项检查一行；全部成立退出码 0，否则 1，用法错误 2。要打印的报告：mipiao verify PATH --html > 核验报告.html

Check election records. PATH is a .bel file (ours with its sidecars beside it, or a foreign Belenios archive) or a
record folder. One line per named check; exits 0 if all hold, 1 otherwise, 2 on bad usage. `--html` writes a report
for print."""

Form = Callable[[Sequence[Verdict]], str]


def main(arguments: Sequence[str]) -> int:
    """Check every path and print the verdicts. Returns the exit code: 0 or 1; bad usage exits with 2."""
    options = _parser().parse_args(arguments)
    form: Form = options.form
    verdicts = [
        verdict for path in options.paths for verdict in judge(path, options.jobs, allow_revote=options.allow_revote)
    ]
    try:
        sys.stdout.write(form(verdicts))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, e.g. `head`, has seen enough; the exit code still tells
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "mipiao verify", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="记录文件或文件夹 / a record or its folder")
    parser.add_argument(
        "--allow-revote",
        action="store_true",
        help="外来档案：重复投票以最后一张为准 / foreign archives: the last ballot counts",
    )
    parser.add_argument(
        "--jobs",
        type=jobs_number,
        default=os.cpu_count() or 1,
        metavar="N",
        help="并行线程数 / threads (default: all cores)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", dest="form", action="store_const", const=as_json, default=as_text, help="输出 JSON / print JSON"
    )
    form.add_argument(
        "--html", dest="form", action="store_const", const=as_page, help="输出可打印的网页 / print a page of HTML"
    )
    return parser


def jobs_number(text: str) -> int:
    """A number of threads as typed. Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_JOBS)) or not 1 <= int(text) <= MAX_JOBS:
        raise argparse.ArgumentTypeError(f"1-{MAX_JOBS}")
    return int(text)
