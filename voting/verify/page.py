"""The report as a page for print: readable without any other file, and the same piece inside the service's own page."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from tally.report import Check
from voting.verify.judging import Verdict
from voting.verify.telling import Line, figures, head
from voting.verify.text import printable
from voting.verify.words import check_words, note_words, refusal_words

STYLES = Path(__file__).parents[1] / "static" / "css"
PAGE = """\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>密票 {title}</title>
<style>
{style}</style>
</head>
<body>
{records}
</body>
</html>
"""
USABLE = "记录前后一致：票箱内的票、合计和结果互相吻合。"
FOREIGN = "这是外来档案，只按 Belenios 的规则核验。"
UNUSABLE = "结果不能使用。请保存这份报告和选举记录，报告派驻纪检监察组。"
TITLE = "核验报告"
SIGNED = ("核验人", "监督人", "日期")


def as_page(verdicts: Sequence[Verdict]) -> str:
    """A whole HTML page of its own, one sheet per record; it loads nothing."""
    return whole_page(TITLE, [body(verdict) for verdict in verdicts])


def whole_page(title: str, bodies: Sequence[str]) -> str:
    """A page of its own around what `body` made, one sheet each."""
    style = "".join((STYLES / name).read_text(encoding="utf-8") for name in ("tokens.css", "report.css"))
    records = "\n".join(f"<main>\n<h1>{title}</h1>\n{one}</main>" for one in bodies)
    return PAGE.format(title=title, style=style, records=records)


def body(
    verdict: Verdict, *, before: Sequence[Line] = (), signed: Sequence[str] = SIGNED, failures: Sequence[str] = (),
    annex: bool = False, outcome: str = "",
) -> str:  # fmt: skip
    """The report on one record as HTML, everything from the record escaped.

    `before` are lines about the run itself, `failures` sentences beyond the checks that keep the result from being used.
    `outcome`, the run's own verdict, stands before all. With `annex` the figures follow on pages of their own, so that
    checks and signatures stand on the first.
    """
    checks, failed = verdict.report.checks, verdict.failed
    said = f"全部 {len(checks)} 项成立" if verdict.ok else f"{failed} 项不成立，共 {len(checks)} 项"
    first, then = (outcome, f"核验{said}。") if outcome else (said, "")
    parts = [
        f'<section class="report{"" if verdict.ok and not failures else " bad"}">',
        f'<p class="verdict" role="status"><b>{first}</b> {then}{"" if failures else _verdict(verdict)}</p>',
        *(f'<p class="note"><b>{_safe(one)}</b></p>' for one in failures),
        *_notes(verdict.report.notes),
        "<dl>",
        *(f"<div><dt>{line.zh}</dt><dd>{_safe(line.value)}</dd></div>" for line in (*before, *head(verdict))),
        "</dl>",
        *([] if annex else _figures(verdict)),
        "<table><thead><tr><th>检查</th><th>结论</th></tr></thead><tbody>",
        *map(_row, checks),
        "</tbody></table>",
        f'<p class="sign">{"".join(f"<span>{who}：</span>" for who in signed)}</p>',
        *(['<div class="annex">', *_figures(verdict), "</div>"] if annex else []),
        "</section>",
    ]
    return "\n".join(parts) + "\n"


def _verdict(verdict: Verdict) -> str:
    if not verdict.ok:
        return UNUSABLE
    if not verdict.report.ours:
        return FOREIGN
    return USABLE if verdict.report.stage == "tallied" else ""


def _row(check: Check) -> str:
    told = f"{check.name}: {check.detail}" if check.detail else check.name
    if not check.ok:
        told = f"{check.code}: " + ", ".join(part for part in (check.name, check.where, check.who) if part)
    why = "" if check.ok else f"<br>{_safe(refusal_words(check.code, check.where, check.who))}"
    mark = "成立" if check.ok else "<b>不成立</b>"
    row = "<tr>" if check.ok else '<tr class="bad">'
    return f"{row}<td>{_safe(check_words(check.name))}{why} <small>{_safe(told)}</small></td><td>{mark}</td></tr>"


def _figures(verdict: Verdict) -> Iterable[str]:
    for question, rows in figures(verdict):
        yield f'<table class="figures"><caption>{_safe(question)}</caption><tbody>'
        yield from (f"<tr><th>{_safe(whose)}</th><td>{_safe(votes)}</td></tr>" for whose, votes in rows)
        yield "</tbody></table>"


def _notes(notes: Sequence[str]) -> Iterable[str]:
    return (f'<p class="note">{_safe(note_words(note))}</p>' for note in notes)


def _safe(text: str) -> str:
    return escape(printable(text))
