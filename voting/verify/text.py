"""The report as text: for the terminal, and to keep."""

import re
from collections.abc import Sequence

from voting.verify.judging import Verdict
from voting.verify.telling import figures, head
from voting.verify.words import check_words, note_words, refusal_words

RUNS = re.compile("(?<=[^ \u3000])[ \u3000]{2,}")


def as_text(verdicts: Sequence[Verdict]) -> str:
    """A head, one line per check, the result, notes, and one closing line per record."""
    lines: list[str] = []
    for verdict in verdicts:
        lines += [f"== {verdict.path}"] if len(verdicts) > 1 else []
        lines += [f"# {line.zh} / {line.en}: {line.value}" for line in head(verdict)]
        for check in verdict.report.checks:
            told = check_words(check.name) if check.ok else refusal_words(check.code, check.where, check.who)
            lines.append(f"{check.line} — {told}")
        for question, rows in figures(verdict):
            lines += [f"# 结果 / result: {question}", *(f"# · {whose}：{votes}" for whose, votes in rows)]
        lines += [f"note {note} — {note_words(note)}" for note in verdict.report.notes]
        lines.append(closing_line(verdict))
    return "".join(printable(line) + "\n" for line in lines)


def closing_line(verdict: Verdict) -> str:
    """How it came out, in one line."""
    total = len(verdict.report.checks)
    if verdict.ok and verdict.report.stage != "tallied":
        return f"= 全部 {total} 项成立，但记录尚未完成 / all {total} checks hold, but the record is not complete"
    if verdict.ok:
        return f"= 全部 {total} 项成立 / all {total} checks hold"
    return f"= {verdict.failed} 项不成立 / {verdict.failed} of {total} checks fail"


def printable(text: str) -> str:
    """Escape control characters and fold runs of spaces: a record must not steer the terminal or forge a line."""
    escaped = "".join(char if char.isprintable() or char in " \u3000" else f"\\u{ord(char):04x}" for char in text)
    return RUNS.sub(" ", escaped)
