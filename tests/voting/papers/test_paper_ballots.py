"""Paper ballots entered by two officials after sealing: each refusal, the audit, and a column that is added to nothing."""

import dataclasses
import datetime as dt
import io

import docx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.voting.papers.reading import page_tables
from tests.voting.results import plain
from voting import sample
from voting.accounts.models import Audit
from voting.board import service as board
from voting.errors import Code, Refused
from voting.papers import paper_ballots
from voting.papers.paper_sheet import Counted, PaperSheet

NOW = dt.datetime(2021, 5, 14, 7, 30, tzinfo=dt.UTC)
SHEET = PaperSheet(6, 6, 0, (Counted((2, 1, 0, 0, 0, 0, 1, 0, 1, 0), 1),))
FIRST, SECOND = "糜文珊", "荣佳怡"


@pytest.fixture
def uuid(db: Session) -> str:
    """The sample's recommendation with six more people in the room, tallied."""
    selection, post = sample.enter_selection(db, NOW)
    uuid = sample.draft(db, selection, post, "会议推荐", NOW, "office")
    plain.tally(db, uuid, dataclasses.replace(sample.read(), present=120), NOW)
    db.commit()
    return uuid


def enter(db: Session, uuid: str, name: str, sheet: PaperSheet = SHEET) -> bool:
    return paper_ballots.enter(db, uuid, sheet, name, actor="office", now=1)


def refusal(db: Session, uuid: str, name: str, sheet: PaperSheet = SHEET) -> Refused:
    with pytest.raises(Refused) as refused:
        enter(db, uuid, name, sheet)
    return refused.value


def test_two_people_who_count_the_same_confirm_it_and_both_entries_are_logged(db: Session, uuid: str) -> None:
    assert enter(db, uuid, FIRST) is False
    assert paper_ballots.confirmed(db, uuid) is None
    assert enter(db, uuid, SECOND) is True
    assert paper_ballots.confirmed(db, uuid) == SHEET
    lines = db.scalars(select(Audit).where(Audit.action == "poll.paper_count").order_by(Audit.id)).all()
    assert [line.detail for line in lines] == ["第 1 次登记（糜文珊），有效 6 张", "第 2 次登记（荣佳怡），有效 6 张"]


def test_a_second_count_that_differs_is_refused_with_the_place_and_not_the_number(db: Session, uuid: str) -> None:
    enter(db, uuid, FIRST)
    other = dataclasses.replace(SHEET, questions=(Counted((1, 2, 0, 0, 0, 0, 1, 0, 1, 0), 1),))
    refused = refusal(db, uuid, SECOND, other)
    assert refused.code is Code.PAPER_DIFFERS
    assert "季慕青" in refused.detail
    assert "过静宜" in refused.detail
    assert "俞景行" not in refused.detail
    assert paper_ballots.confirmed(db, uuid) is None


def test_the_same_person_or_a_candidate_or_nobody_may_not_count(db: Session, uuid: str) -> None:
    assert refusal(db, uuid, "薛明澈").code is Code.OFFICIALS_INVALID
    assert refusal(db, uuid, " ").code is Code.OFFICIALS_INVALID
    enter(db, uuid, FIRST)
    assert refusal(db, uuid, f" {FIRST} ").code is Code.OFFICIALS_INVALID
    assert refusal(db, uuid, "季慕青").code is Code.OFFICIALS_INVALID


def test_four_valid_paper_ballots_would_be_opened_ballots(db: Session, uuid: str) -> None:
    few = PaperSheet(6, 5, 1, (Counted((1, 1, 0, 0, 0, 0, 1, 0, 1, 0), 0),))
    assert refusal(db, uuid, FIRST, few).code is Code.PAPER_TOO_FEW


def test_more_than_the_people_without_a_slip_cannot_have_filled_them_in(db: Session, uuid: str) -> None:
    refused = refusal(db, uuid, FIRST, dataclasses.replace(SHEET, handed_out=7))
    assert (refused.code, "只有 6 人" in refused.detail) == (Code.PAPER_COUNTS, True)


def test_votes_that_do_not_add_up_are_refused(db: Session, uuid: str) -> None:
    votes = dataclasses.replace(SHEET, questions=(Counted((2, 1, 0, 0, 0, 0, 1, 0, 1, 1), 1),))
    assert refusal(db, uuid, FIRST, votes).code is Code.PAPER_COUNTS


def test_what_two_people_confirmed_stays(db: Session, uuid: str) -> None:
    enter(db, uuid, FIRST)
    enter(db, uuid, SECOND)
    assert refusal(db, uuid, "承志远").code is Code.PAPER_CONFIRMED
    with pytest.raises(Refused) as refused:
        paper_ballots.discard(db, uuid, reason="点错", actor="office")
    assert refused.value.code is Code.PAPER_CONFIRMED


def test_a_first_count_can_be_taken_back_with_a_reason(db: Session, uuid: str) -> None:
    for reason, code in (("点错", Code.WRONG_STATE), ("", Code.REASON_MISSING)):
        with pytest.raises(Refused) as refused:
            paper_ballots.discard(db, uuid, reason=reason, actor="office")
        assert refused.value.code is code
    enter(db, uuid, FIRST)
    paper_ballots.discard(db, uuid, reason="点错", actor="office")
    assert enter(db, uuid, FIRST) is False
    last = db.scalars(select(Audit).where(Audit.action == "poll.paper_discard")).one()
    assert last.detail == "糜文珊 的登记，点错"


def test_nothing_is_entered_before_the_box_is_sealed(db: Session) -> None:
    selection, post = sample.enter_selection(db, NOW)
    draft = sample.draft(db, selection, post, "会议推荐", NOW, "office")
    assert refusal(db, draft, FIRST).code is Code.WRONG_STATE
    assert refusal(db, "Nosuchpoll1234", FIRST).code is Code.NO_SUCH_POLL


def test_the_closing_statement_must_be_readable(db: Session, uuid: str) -> None:
    board.put_file(db, uuid, "closing.json", b"{}")
    assert refusal(db, uuid, FIRST).code is Code.RECORD_UNSOUND


def fields(sheet: PaperSheet, name: str) -> dict[str, str]:
    typed = {"handed_out": sheet.handed_out, "returned": sheet.returned, "invalid": sheet.invalid, "name": name}
    for q, counted in enumerate(sheet.questions):
        typed |= {f"q{q}-{a}": votes for a, votes in enumerate(counted.votes)} | {f"q{q}-abstain": counted.abstain}
    return {key: str(value) for key, value in typed.items()}


def test_on_the_page_the_second_official_does_not_see_the_firsts_figures(uuid: str, office_client) -> None:
    page = f"/office/polls/{uuid}/paper-ballots"
    assert office_client.post(page, data=fields(SHEET, FIRST)).status_code == 302
    second = office_client.get(page).text
    assert "糜文珊 已登记第一次" in second
    assert 'value="6"' not in second
    wrong = dataclasses.replace(SHEET, questions=(Counted((1, 2, 0, 0, 0, 0, 1, 0, 1, 0), 1),))
    refused = office_client.post(page, data=fields(wrong, SECOND), headers={"Accept": "text/html"})
    assert (refused.status_code, "paper_differs" in refused.text) == (409, True)
    assert office_client.post(page, data=fields(SHEET, SECOND)).status_code == 302
    assert "糜文珊、荣佳怡 分别清点，登记一致" in office_client.get(page).text


def test_who_may_fill_them_in_is_said_before_anything_is_typed(uuid: str, office_client) -> None:
    page = office_client.get(f"/office/polls/{uuid}/paper-ballots").text
    assert "没有领电子票的有 6 人，发出不能更多。下面每一格都填，没有的填 0。" in page


def test_where_too_few_went_without_a_slip_the_page_says_so_instead_of_asking(db: Session, office_client) -> None:
    selection, post = sample.enter_selection(db, NOW)
    uuid = sample.draft(db, selection, post, "会议推荐", NOW, "office")
    plain.tally(db, uuid, dataclasses.replace(sample.read(), present=118), NOW)
    db.commit()
    page = office_client.get(f"/office/polls/{uuid}/paper-ballots").text
    assert "没有领电子票的只有 4 人，不足 5 人" in page
    assert 'name="handed_out"' not in page


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "１", "9999999"])
def test_a_field_that_is_no_number_is_named(uuid: str, office_client, text: str) -> None:
    answer = office_client.post(
        f"/office/polls/{uuid}/paper-ballots", data=fields(SHEET, FIRST) | {"returned": text},
        headers={"Accept": "text/html"},
    )  # fmt: skip
    assert (answer.status_code, "收回：须填整数" in answer.text) == (422, True)


def test_the_page_is_the_offices_and_takes_a_first_count_back(uuid: str, office_client, review_client) -> None:
    page = f"/office/polls/{uuid}/paper-ballots"
    assert review_client.get(page).status_code == 403
    assert office_client.post(f"{page}/discard", data={"reason": "点错"}).status_code == 409
    office_client.post(page, data=fields(SHEET, FIRST))
    assert office_client.post(f"{page}/discard", data={"reason": "点错"}).status_code == 302
    assert "现在是第一次" in office_client.get(page).text


def test_result_page_and_papers_show_a_column_of_its_own_and_the_electronic_figures_stay(
    db: Session, uuid: str, review_client, expected
) -> None:
    summary = f"/review/polls/{uuid}/papers/summary"
    before = page_tables(review_client.get(f"{summary}.html").text).bodies[1]
    assert "纸质" not in review_client.get(f"/review/polls/{uuid}").text
    enter(db, uuid, FIRST)
    enter(db, uuid, SECOND)
    db.commit()
    found = page_tables(review_client.get(f"{summary}.html").text)
    assert [row[:-1] for row in found.bodies[1]] == before
    assert [int(row[-1]) for row in found.bodies[1]] == list(SHEET.questions[0].votes)
    assert found.heads[1][1][-1] == "纸质票（6票）"
    assert found.bodies[0][1] == ["会议推荐 纸质票", "—", "—", "—", "—", "6", "6", "0", "6", "0", "1"]
    in_word = docx.Document(io.BytesIO(review_client.get(f"{summary}.docx").data)).tables[1]
    assert [[cell.text for cell in row.cells] for row in in_word.rows][3:] == found.bodies[1]
    report = page_tables(review_client.get(f"/review/polls/{uuid}/papers/report.html").text)
    assert {row[0]: row[1] for row in report.bodies[1]} == {
        "发出": "6",
        "收回": "6",
        "未交": "0",
        "有效": "6",
        "无效": "0",
    }
    assert next(row for row in report.bodies[0] if row[0] == "有效")[1] == str(
        expected["recommendation"]["counts"]["valid"]
    )
    page = review_client.get(f"/review/polls/{uuid}").text
    assert "纸质选票（手机不便），单列" in page
    assert "不与电子票相加" in page


def test_an_evaluations_paper_ballots_stand_in_a_table_of_their_own(db: Session, review_client) -> None:
    selection, _ = sample.enter_selection(db, NOW)
    uuid = sample.draft_evaluation(db, selection, "民主测评", NOW, "office")
    meeting = sample.read_evaluation()
    plain.tally(db, uuid, dataclasses.replace(meeting, present=120), NOW)
    asked = paper_ballots.standing(db, uuid).questions
    sheet = PaperSheet(5, 5, 0, tuple(Counted((4, *(0,) * (len(q.answers) - 1)), 0) for q in asked))
    enter(db, uuid, FIRST, sheet)
    enter(db, uuid, SECOND, sheet)
    db.commit()
    bodies = page_tables(review_client.get(f"/review/polls/{uuid}/papers/evaluation.html").text).bodies
    assert bodies[2][0] == ["薛明澈", "总体评价", "4", "0", "0", "0", "1"]
    assert {row[1] for row in bodies[2]} == {"总体评价"}, "five ballots show no 德能勤绩廉"
    assert bodies[3][0] == ["薛明澈", "使用意见", "4", "0", "1"]
    assert len(bodies) == 5
    page = review_client.get(f"/review/polls/{uuid}").text
    assert "纸质选票（手机不便），单列" in page
    assert "薛明澈" in page.partition("单列")[2]
    assert "：德<" not in page.partition("单列")[2]


def test_twenty_paper_ballots_show_every_item(db: Session, review_client) -> None:
    selection, _ = sample.enter_selection(db, NOW)
    uuid = sample.draft_evaluation(db, selection, "民主测评", NOW, "office")
    plain.tally(db, uuid, dataclasses.replace(sample.read_evaluation(), expected=150, present=135), NOW)
    asked = paper_ballots.standing(db, uuid).questions
    sheet = PaperSheet(20, 20, 0, tuple(Counted((20, *(0,) * (len(q.answers) - 1)), 0) for q in asked))
    enter(db, uuid, FIRST, sheet)
    enter(db, uuid, SECOND, sheet)
    db.commit()
    bodies = page_tables(review_client.get(f"/review/polls/{uuid}/papers/evaluation.html").text).bodies
    assert bodies[2][0] == ["薛明澈", "德", "20", "0", "0", "0", "0"]
    assert "：德<" in review_client.get(f"/review/polls/{uuid}").text.partition("单列")[2]
