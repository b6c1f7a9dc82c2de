"""The result pages of evaluations and decisions: ballot order, full arithmetic, the setting, and nothing withheld."""

import re

import pytest
from flask.testing import FlaskClient

from tally.rules.grading import Base as RateBase
from tests.voting.results.test_evaluation import decision, evaluated
from voting.store.base import Database

LINES = ("薛明澈", "季慕青", "顾𬱖")


def words(page: str) -> str:
    """What a reader reads, without markup, spaces between cells as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.fixture
def page(database: Database, review_client: FlaskClient) -> str:
    with database.begin() as db:
        uuid = evaluated(db, "evaluation")
    answer = review_client.get(f"/review/polls/{uuid}")
    assert answer.status_code == 200
    return answer.text


def test_each_person_has_one_row_with_grades_rate_and_opinion_in_ballot_order(page: str) -> None:
    said = words(page)
    row = said[said.index("季慕青 投资促进处") :].partition("顾𬱖")[0]
    figures = ["50", "45.05%", "38", "34.23%", "17", "15.32%", "5", "4.50%", "1", "0.90%"]
    assert row.split()[3 : 3 + len(figures)] == figures
    assert "(50+38)÷111 ＝ 79.28%" in row
    assert "需说明理由" in row
    assert row.split()[-6:] == ["95", "85.59%", "10", "9.01%", "6", "5.41%"]
    order = [said.index(name) for name in LINES]
    assert order == sorted(order)


def test_the_page_prints_the_setting_its_clause_and_that_eighty_percent_removes_nobody(page: str) -> None:
    said = words(page)
    assert "优秀称职率 ＝（优秀＋称职）÷ 有效票（弃权计入），按总体评价计算（方案三(三)5‡，计算口径为本局设定）" in said
    assert "低于的须书面说明理由，不作淘汰依据" in said
    assert "实到 114 ≥ 应到 120 × ⅔ ＝ 80" in said
    assert re.search(r"当选|elected|名次|排名|第一名|未达到", page) is None


def test_the_other_setting_is_printed_and_judged(database: Database, review_client: FlaskClient) -> None:
    with database.begin() as db:
        uuid = evaluated(db, "evaluation", RateBase.MARKED)
    said = words(review_client.get(f"/review/polls/{uuid}").text)
    assert "÷ 已填票（弃权不计）" in said
    assert "(50+38)÷110 ＝ 80.00% 达到" in said


def test_fine_items_stand_by_group_only_for_twenty_and_more(page: str) -> None:
    said = words(page)
    fine = said[said.index("德能勤绩廉，按类别") :]
    assert "直属单位班子其他成员 20 13 · 7 · 0 · 0 · 0" in fine
    assert "其余合计 28" in fine
    assert "机关中层正职" not in fine
    assert "机关中层正职 13 8 5 0 0 0 13 0 0" in said[: said.index("德能勤绩廉，按类别")]
    assert "各少于 20 票，不单列" in said


def test_the_pages_carry_the_stamp_of_a_rehearsal_and_no_inline_style(page: str) -> None:
    assert "这是演练的结果" in page
    assert page.count("演练，不计入任何结果") == 2  # each further part begins a sheet of its own
    assert "style=" not in page


def test_the_page_leads_to_its_papers_and_its_record(page: str) -> None:
    assert re.findall(r'href="/[^"]*/(papers|record\.zip|verification\.html)"', page) == [
        "verification.html", "record.zip", "papers",
    ]  # fmt: skip


def test_a_decision_shows_numbers_and_leaves_the_conclusion_to_its_own_page(
    database: Database, review_client: FlaskClient
) -> None:
    yes, no, later = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    with database.begin() as db:
        uuid = decision(db, [[yes, no]] * 6 + [[no, later]] * 4)
    said = words(review_client.get(f"/review/polls/{uuid}").text)
    assert "薛明澈 人事教育处 副处长 6 4 0 0" in said
    assert "实到 10 ≥ 应到 12 × ⅔ ＝ 8" in said
    assert re.search(r"没有通过|未通过|已通过|未达到", said) is None


def test_the_index_names_each_polls_kind(database: Database, review_client: FlaskClient) -> None:
    with database.begin() as db:
        evaluated(db, "evaluation")
        decision(db, [[(1, 0, 0)] * 2] * 5)
    said = words(review_client.get("/review").text)
    assert ["民主测评" in said, "党组会表决" in said] == [True, True]
