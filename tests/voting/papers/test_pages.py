"""计票报告单 and 推荐情况汇总表 as pages, against the sample's own figures."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

import voting
from tests.chromium import needs_chromium
from tests.voting.papers.reading import COUNTS, page_tables, summary_rows
from tests.voting.results.conftest import Played
from voting.accounts.models import Audit
from voting.board import facts
from voting.board import service as board
from voting.polls.models import Poll

CSS = Path(voting.__file__).parent / "static/css"
pytestmark = pytest.mark.usefixtures("tallied")


def page(client: FlaskClient, uuid: str, name: str) -> str:
    answer = client.get(f"/review/polls/{uuid}/papers/{name}.html")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_report_has_every_count_of_the_box_under_its_own_heading(tallied, review_client, expected) -> None:
    found = page_tables(page(review_client, tallied, "report"))
    (rows,) = found.bodies
    told = {row[0]: row[1] for row in rows}
    wanted = expected["recommendation"]
    assert told == {word: str(wanted["counts"][name]) for word, name in COUNTS.items()} | {
        "弃权": str(wanted["total"]["abstain"])
    }
    assert list(told) == [
        "应到", "实到", "印制", "剩余作废", "发出", "收回", "未交", "有效", "无效", "弃权",
    ]  # fmt: skip


def test_the_summary_has_every_person_in_ballot_order_with_the_samples_figures(
    tallied, review_client, expected
) -> None:
    text = page(review_client, tallied, "summary")
    found, wanted = page_tables(text), expected["recommendation"]
    counts, people = found.bodies
    assert counts == [["会议推荐", *(str(wanted["counts"][name]) for name in COUNTS.values()), "5"]]
    assert [row[1] for row in people] == list(wanted["total"]["votes"])
    assert [row[0] for row in people] == [str(n) for n in range(1, 11)]
    assert [row[3:] for row in people] == summary_rows(wanted)
    assert found.heads[1] == [
        ["序号", "姓名", "现任职务", "会议推荐"],
        [
            "总体",
            "机关中层正职（14票）",
            "直属单位班子其他成员（21票）",
            "机关其他人员（66票）",
            "其余合计（12票）",
        ],
        ["票数", "得票率"],
    ]
    for words in (
        "推荐类型", "推荐职务（名额）", "人事教育处处长（1 名）", "推荐日期", "2021年5月14日", "2022年5月13日",
        "局领导班子收回 4 票，少于 5 票，不单列；为防倒推，与票数最少的类别（直属(下属)单位负责人 8 票）并入“其余合计”。",
    ):  # fmt: skip
        assert words in text


def test_every_paper_carries_seals_fingerprint_signature_lines_settings_and_the_rehearsals_stamp(
    db: Session, tallied, review_client
) -> None:
    sealed, sigma = board.get(db, tallied), facts.closing_hash(db, tallied)
    db.commit()
    for name in ("report", "summary"):
        text = page(review_client, tallied, name)
        for words in (
            sigma, facts.seal(sigma)[:4], tallied, "选票名单指纹", "监票人（糜文珊）", "计票人（荣佳怡）", "‡",
            "演练，不计入任何结果", "实到 114 ≥ 应到 120 × ⅔ ＝ 80", "达到",
        ):  # fmt: skip
            assert words in text, words
        assert 'class="qr"' in text
    assert sealed.setup_event in page(review_client, tallied, "report")


def test_both_forms_stand_in_columns_of_their_own_and_nothing_is_added(
    db: Session, tallied, played: Played, review_client
) -> None:
    second_of(db, tallied)
    db.commit()
    text = page(review_client, tallied, "summary")
    found = page_tables(text)
    assert found.heads[1][0] == ["序号", "姓名", "现任职务", "会议推荐", "谈话推荐"]
    row = next(one for one in found.bodies[1] if one[1] == "薛明澈")
    assert row[3:] == ["41", "36.28%", "6", "7", "23", "5"] * 2
    assert "不相加" in text


def second_of(db: Session, uuid: str) -> str:
    """The same record once more, as the selection's interview count."""
    from voting.board.models import BoardFile, BoardPoll
    from voting.polls.models import PollQuestion

    other = "Tw23456789ABCD"
    for model in (BoardPoll, Poll):
        row = db.get(model, uuid)
        columns = {c.key: getattr(row, c.key) for c in model.__table__.columns}
        db.add(model(**{**columns, "uuid": other}))
        db.flush()
    db.get(Poll, other).form = "interview"
    for file in db.scalars(select(BoardFile).where(BoardFile.poll == uuid)).all():
        db.add(BoardFile(poll=other, name=file.name, body=file.body))
    for asked in db.get(Poll, uuid).questions:
        db.add(
            PollQuestion(
                id=asked.id + 100, poll=other, position=asked.position, post_id=asked.post_id, max_choices=asked.max_choices,
                places=asked.places,
            )
        )  # fmt: skip
    db.flush()
    return other


def test_the_list_names_the_papers_and_every_reading_is_logged(db: Session, tallied, office_client) -> None:
    text = office_client.get(f"/review/polls/{tallied}/papers").text
    assert "计票报告单" in text
    assert "推荐情况汇总表" in text
    page(office_client, tallied, "summary")
    last = db.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert (last.action, last.subject, last.detail) == ("paper.read", tallied, "推荐情况汇总表（html）")


def test_a_paper_or_form_that_does_not_exist_is_not_found(tallied, review_client) -> None:
    for path in ("evaluation.html", "nothing.html", "report.pdf"):
        assert review_client.get(f"/review/polls/{tallied}/papers/{path}").status_code == 404


def test_a_poll_without_a_result_has_no_papers(played: Played, office_client) -> None:
    for path in ("papers", "papers/report.html"):
        answer = office_client.get(f"/review/polls/{played.draft}/{path}")
        assert (answer.status_code, "not_tallied" in answer.text) == (409, True)


def test_nobody_reads_a_paper_without_a_login(tallied, client) -> None:
    for path in ("papers", "papers/report.html"):
        assert client.get(f"/review/polls/{tallied}/{path}").status_code in {302, 401}


@pytest.mark.browser
@needs_chromium
def test_a_name_of_six_characters_stays_in_its_cell_of_a_lying_sheet(browser: Browser) -> None:
    styles = "".join((CSS / name).read_text(encoding="utf-8") for name in ("tokens.css", "papers.css"))
    paper = browser.new_page(viewport={"width": 1280, "height": 800})
    paper.set_content(
        f'<style>{styles}</style><article class="sheet wide"><table><colgroup><col class="no"><col class="name">'
        '<col class="text"></colgroup><tr><td>1</td><td class="name">买买提·艾力</td><td class="text">科长</td></tr></table>'
    )
    assert paper.locator("td.name").evaluate("(cell) => cell.scrollWidth <= cell.clientWidth")
    paper.close()
