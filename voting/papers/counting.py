"""计票报告单: the counts of one box with the arithmetic of each, its seals, and the lines to sign on."""

from collections.abc import Sequence

from voting.papers.box import Box
from voting.papers.model import Fact, Head, Paper, Table, Value
from voting.papers.paper_sheet import PaperSheet
from voting.papers.wording import PAPER_TABLE

NAME, TITLE = "report", "计票报告单"
HEAD = ((Head("项目"), Head("数量"), Head("算式或说明")),)
COLUMNS = ("name", "num", "wide")


def report(box: Box, abstentions: Sequence[tuple[str, int]], elsewhere: str = "") -> Paper:
    """The report. `abstentions`: per post its title and 弃权; `elsewhere`: the paper that has them item by item."""
    return Paper(
        name=NAME,
        title=TITLE,
        about=box.about,
        facts=tuple(one for one in (Fact("投票日期", box.day),) if one.value),
        tables=(
            Table("", COLUMNS, HEAD, (*_room(box), *_ballots(box), *_abstained(abstentions, elsewhere))),
            *((Table(PAPER_TABLE, COLUMNS, HEAD, _on_paper(box.paper)),) if box.paper else ()),
        ),
        checks=box.checks,
        notes=(
            box.void_note,
            "票箱内的票没有一张被单独打开，解密的只有合计数。",
            "‡ 会议有效须实到不少于应到的三分之二，为本局设定。",
            *box.paper_note,
            *box.transport_note,
        ),
        seals=box.seals,
        marks=box.marks,
        signatures=box.signatures,
        stamp=box.stamp,
    )


def _room(box: Box) -> tuple[tuple[Value, ...], ...]:
    said = box.counts
    return (
        ("应到", said.expected, "人，计票人填写"),
        ("实到", said.present, "人，计票人填写"),
        ("印制", said.printed, f"张，与选票名单 {box.slips} 行一致" if said.printed == box.slips else "张"),
        ("剩余作废", said.voided, "张，未发出的票当众作废"),
        ("发出", said.handed_out, f"张 ＝ 印制 {said.printed} － 剩余作废 {said.voided}"),
    )


def _ballots(box: Box) -> tuple[tuple[Value, ...], ...]:
    said = box.counts
    return (
        ("收回", said.returned, "张，票箱内的票"),
        ("未交", said.unreturned, f"张 ＝ 发出 {said.handed_out} － 收回 {said.returned}"),
        ("有效", said.valid, f"张 ＝ 收回 {said.returned} － 无效 {said.invalid}"),
        ("无效", said.invalid, "张，电子票填写有误不能提交"),
    )


def _on_paper(paper: PaperSheet) -> tuple[tuple[Value, ...], ...]:
    return (
        ("发出", paper.handed_out, "张"),
        ("收回", paper.returned, "张"),
        ("未交", paper.unreturned, f"张 ＝ 发出 {paper.handed_out} － 收回 {paper.returned}"),
        ("有效", paper.valid, f"张 ＝ 收回 {paper.returned} － 无效 {paper.invalid}"),
        ("无效", paper.invalid, "张"),
    )


def _abstained(abstentions: Sequence[tuple[str, int]], elsewhere: str) -> tuple[tuple[Value, ...], ...]:
    if elsewhere:
        return (("弃权", "逐项", f"见{elsewhere}，弃权计入有效"),)
    if len(abstentions) == 1:
        return (("弃权", abstentions[0][1], "张，计入有效"),)
    return tuple((f"弃权（{title}）", count, "张，计入有效") for title, count in abstentions)
