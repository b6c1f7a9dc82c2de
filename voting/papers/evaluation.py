"""民主测评汇总表: per person 优秀称职率 and 使用意见, and per person and item each grade with its share; never ranked."""

from collections.abc import Sequence

from tally.voter_groups import OTHER_MINIMUM
from voting.papers.box import Box
from voting.papers.model import NOTHING, Fact, Head, Paper, Table, Value, judged
from voting.papers.paper_sheet import PaperSheet
from voting.papers.wording import PAPER_TABLE, limits
from voting.polls.evaluation import STATEMENT, Evaluated, EvaluationResult, Marks
from voting.polls.models import BASES, FINE, GRADES, USE_OPINION, Item
from voting.polls.share import Share

NAME, TITLE = "evaluation", "民主测评汇总表"
ABSTAIN = "弃权"


def summary(box: Box, found: EvaluationResult) -> Paper:
    """The summary of one evaluation, persons in ballot order."""
    tables = [_counts(box), *_verdicts(found), *_on_paper(box.paper, found), *_items(found)]
    return Paper(
        name=NAME,
        title=TITLE,
        about=box.about,
        facts=tuple(
            one
            for one in (
                Fact("测评日期", box.day),
                Fact("测评对象", f"{len(found.persons)} 人"),
                Fact("优秀称职率口径‡", f"（优秀＋称职）÷ {BASES[found.rate_base]}"),
            )
            if one.value
        ),
        tables=tuple(tables),
        checks=(*box.checks, *(judged(one.rate.judgement, one.name) for one in found.persons if one.rate)),
        notes=_notes(box, found),
        seals=box.seals[1:],
        marks=box.marks,
        signatures=box.signatures,
        stamp=box.stamp,
        landscape=True,
    )


def _counts(box: Box) -> Table:
    said = box.counts
    words = ("应到", "实到", "印制", "剩余作废", "发出", "收回", "未交", "有效", "无效")
    row: tuple[Value, ...] = (
        said.expected, said.present, said.printed, said.voided, said.handed_out, said.returned, said.unreturned,
        said.valid, said.invalid,
    )  # fmt: skip
    return Table("", ("name", *("num",) * 9), ((Head("计数"), *map(Head, words)),), (("人、张", *row),))


def _verdicts(found: EvaluationResult) -> list[Table]:
    """优秀称职率 and 使用意见, one row a person, as far as asked."""
    rated, used = Item.OVERALL in found.items, Item.USE in found.items
    if not (rated or used):
        return []
    top = [Head("序号", rows=2), Head("姓名", rows=2), Head("现任职务", rows=2)]
    below: list[Head] = []
    if rated:
        top.append(Head("优秀称职率", cols=3))
        below += [Head("优秀＋称职"), Head("分母"), Head("%")]
    if used:
        top.append(Head("使用意见", cols=6))
        below += [Head(word) for answer in (*USE_OPINION, ABSTAIN) for word in (answer, "%")]
    rows = tuple(
        (
            one.position, one.name, one.duty, *(_rate(one) if rated else ()),
            *(_marks(one.use.total if one.use else None, USE_OPINION) if used else ()),
        )
        for one in found.persons
    )  # fmt: skip
    columns = ("no", "name", "text", *("num",) * len(below))
    return [Table("", columns, (tuple(top), tuple(below)), rows)]


def _items(found: EvaluationResult) -> list[Table]:
    """Each grade of each item, person by person."""
    rows = tuple(
        (one.name, str(item.item), *_marks(item.total, GRADES))
        for one in found.persons
        for item in one.items
        if item.item is not Item.USE
    )
    if not rows:
        return []
    names = (*GRADES, ABSTAIN)
    head = (
        (Head("姓名", rows=2), Head("测评项目", rows=2), *(Head(name, cols=2) for name in names)),
        tuple(Head(word) for _ in names for word in ("人数", "%")),
    )
    return [Table("", ("name", "name", *("num",) * (2 * len(names))), head, rows)]


def _on_paper(paper: PaperSheet | None, found: EvaluationResult) -> list[Table]:
    """The paper ballots' marks in a table of their own: grades (德能勤绩廉 as of any group: from 20 on), and 使用意见."""
    if paper is None:
        return []
    asked = [(one.name, item.item) for one in found.persons for item in one.items]
    tables = []
    for answers, wanted in ((GRADES, True), (USE_OPINION, False)):
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (name, str(item), *counted.votes, paper.valid - sum(counted.votes))
            for (name, item), counted in zip(asked, paper.questions, strict=True)
            if (item is not Item.USE) is wanted and (item not in FINE or paper.valid >= OTHER_MINIMUM)
        )
        head = (tuple(map(Head, ("姓名", "测评项目", *answers, ABSTAIN))),)
        if rows:
            said = f"{PAPER_TABLE}：发出 {paper.handed_out}，收回 {paper.returned}，无效 {paper.invalid}，有效 {paper.valid}"
            tables.append(Table(said, ("name", "name", *("num",) * (len(answers) + 1)), head, rows))
    return tables


def _rate(one: Evaluated) -> tuple[Value, ...]:
    if one.rate is None:
        return (NOTHING,) * 3
    return (one.rate.good, one.rate.base, Share(one.rate.good, one.rate.base))


def _marks(marks: Marks | None, answers: Sequence[str]) -> tuple[Value, ...]:
    """人数 and % of each answer and of the abstentions, out of all valid ballots."""
    if marks is None:
        return (NOTHING,) * (2 * len(answers) + 2)
    told: list[Value] = []
    for answer in answers:
        told += [marks.of(answer), marks.share(answer)]
    return (*told, marks.abstain, Share(marks.abstain, marks.valid))


def _notes(box: Box, found: EvaluationResult) -> tuple[str, ...]:
    return (
        STATEMENT,
        "排列以选票为序。% 以有效票为分母，没有填的项按弃权计，弃权计入有效。",
        box.void_note,
        limits(by_group=any(item.groups.lines for one in found.persons for item in one.items)),
        f"‡ 优秀称职率 ＝（优秀＋称职）÷ {BASES[found.rate_base]}，按总体评价计，一般达到 80%，未达到须书面说明理由。",
        "‡ 会议有效须实到不少于应到的三分之二，为本局设定。",
        *box.paper_note,
        *_withheld(box.paper, found),
        *box.transport_note,
    )


def _withheld(paper: PaperSheet | None, found: EvaluationResult) -> tuple[str, ...]:
    """Said where too few paper ballots were cast to show every item."""
    few = paper is not None and paper.valid < OTHER_MINIMUM and any(item in FINE for item in found.items)
    return (f"纸质票不足 {OTHER_MINIMUM} 张，德能勤绩廉不列。",) if few else ()
