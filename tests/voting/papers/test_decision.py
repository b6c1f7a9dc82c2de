"""党组会表决情况: counts, each person's votes, and the conclusion's arithmetic at the edge of half."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl

from voting.papers import excel, word
from voting.papers.decision import Session, Voted, minutes
from voting.papers.model import shown

MET = Voted("甲", "副处长", "处长", agree=7, disagree=3, postpone=1)
HALF = Voted("乙", "副处长", "处长", agree=6, disagree=4, postpone=1)
SESSION = Session(
    "市商务局", "处长选拔", dt.date(2021, 7, 1), expected=12, present=11, absent=("丙",), chair="丁", recorder="戊",
    observers=("己",), persons=(MET, HALF),
)  # fmt: skip


def test_more_than_half_of_those_expected_passes_and_exactly_half_does_not() -> None:
    paper = minutes(SESSION)
    assert [[shown(value) for value in row] for row in paper.tables[1].rows] == [
        ["1", "甲", "副处长", "处长", "7", "3", "1", "0", "0", "通过"],
        ["2", "乙", "副处长", "处长", "6", "4", "1", "0", "0", "不通过"],
    ]
    told = {check.text: check.outcome for check in paper.checks}
    assert [outcome for text, outcome in told.items() if "同意 7 ＞ 应到 12 ÷ 2 ＝ 6" in text] == ["达到"]
    assert [outcome for text, outcome in told.items() if "同意 6 ≤ 应到 12 ÷ 2 ＝ 6" in text] == ["未达到"]


def test_the_paper_names_who_was_there_who_was_not_and_who_may_not_vote() -> None:
    paper = minutes(replace(SESSION, persons=(replace(MET, recused=("庚",)), HALF)))
    facts = {fact.label: fact.value for fact in paper.facts}
    assert facts == {
        "会议日期": "2021年7月1日", "主持人": "丁", "记录人": "戊", "列席": "己", "缺席": "丙", "回避": "庚",
    }  # fmt: skip
    assert paper.tables[0].rows == ((12, 11, 1, 1),)
    assert [one.role for one in paper.signatures] == ["主持人", "记录人", "日期"]


def test_a_vote_by_name_lists_how_each_member_spoke_and_a_vote_by_slips_does_not() -> None:
    named = replace(SESSION, persons=(replace(MET, stated=(("丁", "同意"), ("戊", "缓议"))), HALF))
    assert minutes(named).tables[2].rows == (("丁", "同意", ""), ("戊", "缓议", ""))
    assert len(minutes(replace(SESSION, by_slips=True)).tables) == 2


def test_word_and_excel_say_the_same_and_a_rehearsal_is_stamped() -> None:
    paper = minutes(replace(SESSION, rehearsal=True))
    made = docx.Document(io.BytesIO(word.document([paper], word.template(paper.title, Path("nowhere")))))
    rows = [[shown(value) for value in row] for row in paper.tables[1].rows]
    assert [[cell.text for cell in row.cells] for row in made.tables[1].rows][1:] == rows
    sheet = openpyxl.load_workbook(io.BytesIO(excel.workbook([paper]))).worksheets[0]
    told = [[str(cell.value) for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert [row for row in told if len(row) > 3 and row[1] in {"甲", "乙"}] == rows
    assert any(row == ["演练，不计入任何结果"] for row in told)
    assert any(one.text == "演练，不计入任何结果" for one in made.paragraphs)


def test_nine_people_take_a_second_table_of_statements_that_a4_holds() -> None:
    many = tuple(replace(MET, name=f"人{n}", stated=(("丁", "同意"),)) for n in range(9))
    first, rest = minutes(replace(SESSION, persons=many)).tables[2:]
    assert (len(first.columns), first.caption, len(rest.columns), rest.caption) == (9, "逐人表态", 2, "逐人表态（续）")
    assert rest.rows == (("丁", "同意"),)


def test_what_is_put_off_is_not_called_voted_down() -> None:
    """The next meeting may vote on it without a reconsideration, so the paper says what the meeting's page says."""
    off = minutes(replace(SESSION, persons=(replace(MET, agree=4, disagree=0, postpone=7),)))
    assert shown(off.tables[1].rows[0][-1]) == "缓议"


def test_presence_for_a_person_is_judged_without_the_recused() -> None:
    paper = minutes(replace(SESSION, persons=(replace(MET, agree=7, disagree=1, recused=("庚", "辛")), HALF)))
    told = [check.text for check in paper.checks if "⅔" in check.text]
    assert len(told) == 2
    assert "实到 11 ≥ 应到 12" in told[0]
    assert told[1].startswith("甲　")
    assert "实到 9 ≥ 应到 12" in told[1]
