"""民主测评汇总表 in its three forms, against the sample's own figures."""

import io

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.voting.papers.reading import page_tables
from tests.voting.results.test_evaluation import evaluated
from voting.board import service as board
from voting.polls.models import GRADES
from voting.polls.share import Share

ITEMS = ("德", "能", "勤", "绩", "廉", "总体评价")


def grades_of(persons: dict) -> list[list[str]]:
    """Every person and item as the paper's last table has it: 人数 and % of each grade and of 弃权."""
    rows = []
    for name, told in persons.items():
        for item in ITEMS:
            counts, valid = told["total"][item], told["total"]["valid"]
            figures = [(counts[grade], Share(counts[grade], valid).percent) for grade in (*GRADES, "弃权")]
            rows.append([name, item, *(word for count, percent in figures for word in (str(count), f"{percent}%"))])
    return rows


@pytest.mark.parametrize("which", ["evaluation", "evaluation_110"])
def test_the_summary_has_every_grade_and_both_of_the_rates_numbers(
    db: Session, review_client: FlaskClient, expected, which: str
) -> None:
    uuid = evaluated(db, which)
    db.commit()
    wanted = expected[which]["persons"]
    base = f"/review/polls/{uuid}/papers/evaluation"
    page = review_client.get(f"{base}.html")
    assert page.status_code == 200
    counts, verdicts, items = page_tables(page.text).bodies
    assert counts[0][1:] == [str(expected[which]["counts"][k]) for k in
        ("expected", "present", "printed", "voided", "handed_out", "returned", "unreturned", "valid", "invalid")]  # fmt: skip
    assert items == grades_of(wanted)
    rates = [told["优秀称职率"]["default (÷ valid)"] for told in wanted.values()]
    assert [row[3:6] for row in verdicts] == [
        [str(r["numerator"]), str(r["denominator"]), f"{r['rate']}%"] for r in rates
    ]
    use = [told["total"]["使用意见"] for told in wanted.values()]
    assert [[row[6], row[8], row[10]] for row in verdicts] == [
        [str(u[k]) for k in ("同意", "不同意", "弃权")] for u in use
    ]
    for outcome in {r["outcome"] for r in rates}:
        assert {"met": "达到", "needs a reason": "需说明理由"}[outcome] in page.text

    in_word = docx.Document(io.BytesIO(review_client.get(f"{base}.docx").data)).tables[2]
    assert [[cell.text for cell in row.cells] for row in in_word.rows][2:] == items
    sheet = openpyxl.load_workbook(io.BytesIO(review_client.get(f"{base}.xlsx").data)).worksheets[0]
    in_excel = [
        [
            f"{cell.value:.2%}" if cell.number_format == "0.00%" else str(cell.value)
            for cell in row
            if cell.value is not None
        ]
        for row in sheet.iter_rows()
    ]
    assert [row for row in in_excel if len(row) > 1 and row[1] in ITEMS] == items


def test_an_evaluation_has_a_report_that_sends_for_the_abstentions_to_the_summary(
    db: Session, review_client: FlaskClient
) -> None:
    uuid = evaluated(db, "evaluation")
    db.commit()
    page = review_client.get(f"/review/polls/{uuid}/papers/report.html").text
    (rows,) = page_tables(page).bodies
    assert (rows[-1][0], rows[-1][1]) == ("弃权", "逐项")
    assert "民主测评汇总表" in rows[-1][2]
    assert "民主测评" in page
    assert review_client.get(f"/review/polls/{uuid}/papers/summary.html").status_code == 404
    listed = review_client.get(f"/review/polls/{uuid}/papers").text
    assert "民主测评汇总表" in listed
    assert "推荐情况汇总表" not in listed


def test_a_title_that_is_the_kind_of_the_poll_is_said_once(db: Session, review_client: FlaskClient) -> None:
    uuid = evaluated(db, "evaluation")
    said = []
    for title in ("民主测评", "年度测评"):
        board.get(db, uuid).title = title
        db.commit()
        said.append(review_client.get(f"/review/polls/{uuid}/papers/evaluation.html").text)
    assert '<p class="about">民主测评</p>' in said[0]
    assert '<p class="about">民主测评　年度测评</p>' in said[1]
