"""What a report says of a record beside its checks: the program, the record, its seals, its counts and its result.

Only what the checks established is told; of a record that does not hold, no result.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tally.questions import Question
from tally.report import Report
from voting.verify import program
from voting.verify.judging import Verdict
from voting.verify.words import STAGES

COUNTS = (
    ("expected", "应到"), ("present", "实到"), ("printed", "印制"), ("voided", "作废"), ("handed_out", "发出"),
    ("returned", "收回"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report's head: what it is, in Chinese and English, and what it says."""

    zh: str
    en: str
    value: str


def head(verdict: Verdict) -> list[Line]:
    """The report's head, from program to counts; lines about which nothing is known are left out."""
    report = verdict.report
    lines = [
        Line("核验程序", "program", program.line()),
        Line("记录", "record", _record(report) or verdict.path),
        Line("档案哈希", "SHA-256 of the archive", verdict.archive),
        Line("选举哈希", "election hash φ", report.election.phi if report.election else ""),
        Line("进度", "stage", STAGES.get(report.stage, report.stage)),
        Line("启用印记", "opening seal", _seal(report.opening_seal, report.setup_event)),
    ]
    if report.closing:
        lines.append(Line("封箱印记", "closing seal σ", _seal(report.closing_seal, report.closing.sigma)))
    if report.slips:
        lines.append(Line("票箱", "box", f"选票名单 {report.slips} 张，票箱内 {report.ballots} 张"))
    if report.closing:
        lines += [Line("计数", "counts", _counts(report)), Line("按票种收回", "by group", _cast(report))]
    return [line for line in lines if line.value]


def figures(verdict: Verdict) -> list[tuple[str, list[tuple[str, str]]]]:
    """Per question, whose ballots and what they add up to: the total, the groups shown, 其余合计. Empty unless all holds."""
    report = verdict.report
    if not report.ok or report.election is None or report.result is None:
        return []
    cast = dict(report.closing.cast_per_group) if report.closing else {}
    found = []
    for q, (question, total) in enumerate(zip(report.election.questions, report.result, strict=True)):
        rows = [("合计", _votes(question, total, report.ballots if report.ours else None))]
        if report.published:
            shown = ((label, of[q]) for label, of in report.published.groups)
            rows += [(label, _votes(question, row, cast[label])) for label, row in shown if row is not None]
            rest, labels = report.published.rest[q], report.published.rest_labels[q]
            together = sum(cast[label] for label in labels)
            rows += [("其余合计", _votes(question, rest, together))] if rest is not None else []
        found.append((question.text, rows))
    return found


def _record(report: Report) -> str:
    if report.election is None:
        return ""
    offices = [one for one in (report.election.administrator, report.election.credential_authority) if one]
    return "，".join([f"{report.election.name}（{report.uuid}）", *offices])


def _seal(short: str, full: str) -> str:
    return f"{short}（{full}）" if short else ""


def _counts(report: Report) -> str:
    if report.closing is None:
        return ""
    said = report.closing.counts
    listed = [f"{word} {getattr(said, name)}" for name, word in COUNTS]
    unregistered = said.printed - said.voided - said.handed_out  # left in the teller's hand, never scanned
    rest = [f"剩余而没有登记作废 {unregistered}"] if unregistered else []
    return "　".join([*listed, f"未交 {said.handed_out - said.returned}", *rest])


def _cast(report: Report) -> str:
    return "　".join(f"{label} {cast}" for label, cast in report.closing.cast_per_group) if report.closing else ""


def _votes(question: Question, counts: Sequence[int], ballots: int | None) -> str:
    """Every answer with its count. Where at most one may be marked and none need be, who marked none abstained.

    `ballots` is None where weights may make the counts other than numbers of ballots.
    """
    bare = [answer.partition("（")[0] for answer in question.answers]  # 姓名（处室　职务）
    answers = bare if len(set(bare)) == len(bare) and all(bare) else list(question.answers)
    names = [*(["弃权"] if question.blank else []), *answers]
    told = [f"{name.replace('；', '，')} {count}" for name, count in zip(names, counts, strict=True)]
    if ballots is not None and not question.blank and (question.min, question.max) == (0, 1):
        told.append(f"弃权 {ballots - sum(counts)}")
    return "；".join(told)
