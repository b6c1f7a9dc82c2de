"""The two reference ballot papers, and what random voters would mark on them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tally.questions import Election, Question

GRADES = ("优秀", "称职", "基本称职", "不称职")
ITEMS = ("德", "能", "勤", "绩", "廉", "总体评价")
PEOPLE = (
    "季慕青（投资促进处　副处长、三级主任科员）", "过静宜（办公室　副主任）", "顾承安（机关党委办公室　三级主任科员）",
    "俞景行（对外贸易处　副处长）", "何雨薇（外资管理处　一级主任科员）", "陆知远（市场运行处　三级主任科员）",
    "沈亦舟（财务处　副处长）", "周景明（人事教育处　四级主任科员）",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot paper: its name in the tables and its questions."""

    name: str
    questions: tuple[Question, ...]


REFERENCE = Paper(
    "reference",
    (
        Question("参照题 1", tuple(f"答案 {n}" for n in range(1, 11)), 0, 1),
        *(Question(f"参照题 {n}", GRADES, 1, 1) for n in range(2, 8)),
    ),
)
"""As in voting/reference.py: 34 ciphertexts, 20 kB."""

EVALUATION_OF_8 = Paper(
    "evaluation of 8",
    tuple(
        Question(f"{person}：{item}", GRADES if item != "使用意见" else ("同意", "不同意"), 0, 1)
        for person in PEOPLE
        for item in (*ITEMS, "使用意见")
    ),
)
"""8 persons, 56 questions, 208 ciphertexts, about 120 kB."""

PAPERS = {paper.name: paper for paper in (REFERENCE, EVALUATION_OF_8)}


def marks(election: Election, chance: random.Random) -> Sequence[Sequence[int]]:
    """One voter's choices: a mark per question, now and then none where none is allowed."""
    rows = []
    for question in election.questions:
        chosen = chance.randrange(question.width)
        if question.min == 0 and chance.randrange(10) == 0:
            chosen = -1
        rows.append([int(n == chosen) for n in range(question.width)])
    return rows
