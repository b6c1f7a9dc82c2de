"""推荐情况汇总表: per post, persons in ballot order; 会议推荐 and 谈话推荐 in columns of their own, never added."""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.papers.box import Box, chinese
from voting.papers.model import NOTHING, Check, Fact, Head, Paper, Table, Value
from voting.papers.paper_sheet import Counted
from voting.papers.wording import ON_PAPER, REST, limits, merging
from voting.polls.by_group import Line
from voting.polls.results import STATEMENT, Person, PostResult, year_after

NAME, TITLE = "summary", "推荐情况汇总表"
WIDE_FROM = 8
"""Columns from which the sheet lies on its side."""


@dataclass(frozen=True, slots=True)
class Block:
    """One count of a post: its columns' heading (会议推荐, 谈话推荐), its box, its figures, and its paper ballots' if any."""

    heading: str
    box: Box
    post: PostResult
    paper: Counted | None = None


def summary(blocks: Sequence[Block]) -> Paper:
    """The summary of one post from each of its counts; the first block's ballot gives the order."""
    first = blocks[0]
    people = Table("", ("no", "name", "text", *(kind for block in blocks for kind in _kinds(block))), _head(blocks),
                   _rows(blocks))  # fmt: skip
    return Paper(
        name=NAME,
        title=TITLE,
        about=(f"{first.box.bureau}　{first.box.selection}",),
        facts=(
            Fact("推荐类型", "、".join(block.heading for block in blocks)),
            Fact("推荐职务（名额）", f"{first.post.title}（{first.post.places} 名）"),
            Fact("推荐日期", "；".join(_day(block, named=len(blocks) > 1) for block in blocks)),
        ),
        tables=(_counts(blocks), people),
        checks=tuple(check for block in blocks for check in _checks(block, named=len(blocks) > 1)),
        notes=_notes(blocks),
        seals=tuple(block.box.seals[1] for block in blocks),
        marks=tuple(mark for block in blocks for mark in block.box.marks),
        signatures=first.box.signatures,
        stamp=first.box.stamp,
        landscape=len(people.columns) > WIDE_FROM,
    )


def _counts(blocks: Sequence[Block]) -> Table:
    words = ("推荐类型", "应到", "实到", "印制", "剩余作废", "发出", "收回", "未交", "有效", "无效", "弃权")
    rows: list[tuple[Value, ...]] = []
    for block in blocks:
        said = block.box.counts
        row = (said.expected, said.present, said.printed, said.voided, said.handed_out, said.returned, said.unreturned)
        rows.append((block.heading, *row, said.valid, said.invalid, block.post.abstain))
        if block.paper and block.box.paper:
            on = block.box.paper
            told = (on.handed_out, on.returned, on.unreturned, on.valid, on.invalid, block.paper.abstain)
            rows.append((f"{block.heading} {ON_PAPER}", *(NOTHING,) * 4, *told))
    return Table("", ("name", *("num",) * (len(words) - 1)), (tuple(map(Head, words)),), tuple(rows))


def _kinds(block: Block) -> tuple[str, ...]:
    return ("num",) * (2 + len(block.post.groups.lines) + (block.paper is not None))


def _head(blocks: Sequence[Block]) -> tuple[tuple[Head, ...], ...]:
    top = [Head("序号", rows=3), Head("姓名", rows=3), Head("现任职务", rows=3)]
    middle, bottom = [], []
    for block in blocks:
        top.append(Head(block.heading, cols=len(_kinds(block))))
        middle += [Head("总体", cols=2), *(Head(_label(line), rows=2) for line in block.post.groups.lines)]
        if block.paper and block.box.paper:
            middle.append(Head(f"{ON_PAPER}（{block.box.paper.valid}票）", rows=2))
        bottom += [Head("票数"), Head("得票率")]
    return (tuple(top), tuple(middle), tuple(bottom))


def _label(line: Line) -> str:
    return f"{line.label or REST}（{line.cast}票）"


def _rows(blocks: Sequence[Block]) -> tuple[tuple[Value, ...], ...]:
    """One row per person; who stands on a later count's ballot only comes after those on the first."""
    people: dict[tuple[str, str], list[tuple[Value, ...]]] = {}
    for block in blocks:
        for person in block.post.persons:
            people.setdefault((person.name, person.duty), [(NOTHING,) * len(_kinds(one)) for one in blocks])
    for k, block in enumerate(blocks):
        for person in block.post.persons:
            people[person.name, person.duty][k] = _cells(block, person)
    return tuple(
        (number, name, duty, *(value for cells in counts for value in cells))
        for number, ((name, duty), counts) in enumerate(people.items(), 1)
    )


def _cells(block: Block, person: Person) -> tuple[Value, ...]:
    on_paper = (block.paper.votes[person.position - 1],) if block.paper else ()
    return (person.share.votes, person.share, *(part.votes for part in person.parts), *on_paper)


def _day(block: Block, *, named: bool) -> str:
    return f"{block.heading} {block.box.day}" if named else block.box.day


def _checks(block: Block, *, named: bool) -> tuple[Check, ...]:
    rate = Check(f"得票率‡ ＝ 票数 ÷ 有效 {block.post.valid}，四舍五入到两位小数")
    own = (*block.box.checks, rate)
    return tuple(Check(f"{block.heading}　{one.text}", one.outcome) for one in own) if named else own


def _notes(blocks: Sequence[Block]) -> tuple[str, ...]:
    named = len(blocks) > 1
    notes = [STATEMENT]
    for block in blocks:
        start = f"{block.heading}：" if named else ""
        until = f"推荐有效期至 {chinese(year_after(block.box.held_on))}（一年内有效）。" if block.box.held_on else ""
        notes.append(f"{start}每票最多推荐 {block.post.max_choices} 人，排列以选票名单为序。{until}")
        notes.append(f"{start}{block.box.void_note}{merging(block.post.groups)}")
        notes += [start + one for one in (*block.box.paper_note, *block.box.transport_note)]
    if named:
        notes.append("会议推荐与谈话推荐分别计票，分列各栏，不相加。")
    notes.append("弃权计入有效。" + limits(by_group=any(block.post.groups.lines for block in blocks)))
    notes.append(
        "‡ 本局设定：得票率以有效票为分母，弃权留在分母内；会议有效须实到不少于应到的三分之二；符合资格的全部列名，不设另选他人。"
    )
    return tuple(notes)
