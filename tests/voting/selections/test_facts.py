"""Facts beside votes: read from the sample's roster in each of its forms, judged as the sample says, nothing else kept."""

import csv
import datetime as dt
import io

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from voting import sample
from voting.accounts.models import Audit
from voting.errors import Code, Refused
from voting.selections import facts, service
from voting.selections.importing import CandidateRow
from voting.selections.models import RosterFacts
from voting.selections.table import Why

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
ROSTER = "姓名,所在处室,出生年月,学历,现职级,任现职级时间,2019年度考核,2020年度考核,备注\n"


@pytest.fixture
def selection(db):
    made = service.create_selection(db, "选拔任用", "局", dt.date(2021, 5, 8), NOW)
    post = service.add_post(db, made.id, "处长", 1)
    people = [("季慕青", "投资促进处"), ("顾𬱖", "外商投资管理处"), ("钱语笙", "服务贸易处")]
    service.import_candidates(
        db, post.id, [CandidateRow(k, name, "", room) for k, (name, room) in enumerate(people, 2)]
    )
    db.commit()
    return made.id


def read(db, selection, text):
    return facts.read(db, selection, "名册.csv", (ROSTER + text).encode())


def refused(act) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize("name", ["人员名册.xlsx", "人员名册.csv", "人员名册-gbk.csv"])
def test_the_samples_roster_gives_the_same_facts_in_each_of_its_three_forms(db, selection, name):
    matched = facts.read(db, selection, name, (sample.FOLDER / name).read_bytes())
    assert (matched.missing, matched.errors) == ((), ())
    assert facts.attach(db, selection, matched) == 3
    one = facts.of_selection(db, selection)[facts.key("顾𬱖", "外商投资管理处")]
    assert (one.birth, one.degree, one.grades, one.post) == ("1983.05", "硕士研究生", "优秀 称职 称职", "")
    assert one.served == (("三级主任科员", dt.date(2018, 12, 29)),)
    assert [judged.met for judged in one.judgements] == [True, True, True]


def test_everybody_on_the_samples_ballot_is_judged_as_the_sample_says(db):
    selection, post = sample.enter_selection(db, NOW)
    with (sample.FOLDER / "expected.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["姓名"]: row for row in csv.DictReader(file)}
    known = facts.of_selection(db, selection)
    assert len(known) == 10
    for one in service.candidates(db, post):
        found, row = known[facts.key(one.name, one.department)], told[one.name]
        wanted = [row["三(三)1学历"], row["三(三)2考核"], row["三(三)4任职"]]
        assert [judged.outcome.value for judged in found.judgements] == wanted, one.name
    assert known[facts.key("钱语笙", "服务贸易处")].earlier[1] == dt.date(2017, 12, 15)


def test_nothing_is_kept_of_people_who_are_on_no_ballot(db, selection):
    facts.attach(db, selection, facts.read(db, selection, "x.csv", (sample.FOLDER / "人员名册.csv").read_bytes()))
    assert sorted(db.scalars(select(RosterFacts.name))) == sorted(["季慕青", "顾𬱖", "钱语笙"])
    columns = set(RosterFacts.__table__.columns.keys())
    assert not columns & {"remark", "health", "party", "gender"}


def test_people_of_one_name_are_told_apart_by_their_office(db, selection):
    both = "季慕青,财务处,1990.01,大专,一级科员,,称职,称职,\n季慕青,投资促进处,1983.12,大学本科,,,优秀,优秀,\n"
    matched = read(db, selection, both)
    assert [(row.row, row.degree) for _, row in matched.found] == [(3, "大学本科")]
    assert [one.name for one in matched.missing] == ["顾𬱖", "钱语笙"]
    neither = read(db, selection, both.replace("投资促进处", "办公室"))
    assert [one.why for one in neither.errors] == [Why.SAME_NAME]
    assert refused(lambda: facts.attach(db, selection, neither)) == Code.IMPORT_ROWS


@pytest.mark.parametrize(("line", "why"), [
    ("季慕青,投资促进处,1983.12,大学本科,副处长,2019-02-30,优秀,称职,\n", Why.DATE),
    ("季慕青,投资促进处,1983.12,大学本科,副处长,去年,优秀,称职,\n", Why.DATE),
    ("季慕青,投资促进处,1983.12,大学本科,副处长,,良好,称职,\n", Why.GRADE),
    ("季慕青,投资促进处,=1+1,大学本科,副处长,,优秀,称职,\n", Why.FORMULA),
    ("季慕青,投资促进处,1983.12,\u202e科本学大,副处长,,优秀,称职,\n", Why.CONTROL),
    (f"季慕青,投资促进处,1983.12,{'长' * 61},副处长,,优秀,称职,\n", Why.TOO_LONG),
])  # fmt: skip
def test_a_cell_that_cannot_be_true_stops_the_whole_file_and_is_named(db, selection, line, why):
    matched = read(db, selection, line)
    assert [(one.why, one.row) for one in matched.errors] == [(why, 2)]
    assert refused(lambda: facts.attach(db, selection, matched)) == Code.IMPORT_ROWS
    assert facts.of_selection(db, selection) == {}


def test_what_is_wrong_with_people_who_are_on_no_ballot_is_nobodys_concern(db, selection):
    book = Workbook()
    book.active.append(["姓名", "学历"])
    book.active.append(["别人", "=1+1"])
    book.active.append(["季慕青", "大学本科"])
    raw = io.BytesIO()
    book.save(raw)
    matched = facts.read(db, selection, "名册.xlsx", raw.getvalue())
    assert (matched.errors, [row.degree for _, row in matched.found]) == ((), ["大学本科"])
    book.active["B3"] = "=1+1"
    raw = io.BytesIO()
    book.save(raw)
    assert [one.why for one in facts.read(db, selection, "名册.xlsx", raw.getvalue()).errors] == [Why.FORMULA]


def test_days_are_read_in_the_ways_that_offices_write_them(db, selection):
    for text in ("2019-03-31", "2019/3/31", "2019.3.31", "2019年3月31日"):
        ((_, row),) = read(db, selection, f"季慕青,投资促进处,,,四级主任科员,{text},,,\n").found
        assert row.rank_since == dt.date(2019, 3, 31)


@pytest.mark.parametrize("head", ["名字,学历", "姓名,备注", "姓名,学历,学历", "姓名,所在处室"])
def test_a_table_that_is_no_roster_is_refused(db, selection, head):
    raw = f"{head}\n季慕青,x,x\n".encode()
    assert refused(lambda: facts.read(db, selection, "x.csv", raw)) == Code.ROSTER_HEADERS


def test_a_roster_without_anybody_of_the_ballots_is_refused(db, selection):
    matched = read(db, selection, "别人,办公室,,,,,,,\n")
    assert refused(lambda: facts.attach(db, selection, matched)) == Code.ROSTER_NOBODY


def test_a_missing_year_leaves_the_assessments_open_and_earlier_service_closes_the_tenure(db, selection):
    line = "钱语笙,服务贸易处,1984.09,大学本科,三级主任科员,2020-07-01,称职,,2020-07-01晋升三级主任科员\n"
    facts.attach(db, selection, read(db, selection, line))
    one = facts.of_selection(db, selection)[facts.key("钱语笙", "服务贸易处")]
    assert (one.grades, one.judged_assessments.outcome.value, one.judged_tenure.outcome.value) == (
        "称职 —", "cannot be judged yet", "cannot be judged yet",
    )  # fmt: skip
    facts.enter_earlier(db, selection, one.id, "四级主任科员", dt.date(2017, 12, 15), "任职文件")
    facts.attach(db, selection, read(db, selection, line))  # a newer roster keeps what a person entered
    again = facts.of_selection(db, selection)[facts.key("钱语笙", "服务贸易处")]
    assert (again.judged_tenure.met, again.earlier[2]) == (True, "任职文件")
    assert (
        refused(lambda: facts.enter_earlier(db, selection + 1, again.id, "x", dt.date(2017, 1, 1), "x"))
        == Code.NOT_FOUND
    )
    day = dt.date(2017, 1, 1)
    assert refused(lambda: facts.enter_earlier(db, selection, again.id, "|", day, "x")) == Code.INVALID_VALUE


def test_the_page_reads_a_roster_and_says_what_it_found(db, selection, office_client):
    body = {"file": (io.BytesIO((sample.FOLDER / "人员名册.xlsx").read_bytes()), "人员名册.xlsx")}
    done = office_client.post(f"/office/selections/{selection}/roster", data=body)
    assert done.status_code == 302
    page = office_client.get(done.location).text
    assert "已从名册读出 3 人的情况" in page
    assert "1983.05" in page
    bad = {"file": (io.BytesIO((ROSTER + "季慕青,投资促进处,,,,去年,,,\n").encode()), "x.csv")}
    refusal = office_client.post(f"/office/selections/{selection}/roster", data=bad)
    assert (refusal.status_code, "F2 不是日期" in refusal.text) == (422, True)
    assert office_client.post(f"/office/selections/{selection}/roster", data={}).status_code == 400
    fact = db.scalar(select(RosterFacts.id).where(RosterFacts.name == "钱语笙"))
    db.commit()
    path = f"/office/selections/{selection}/roster/{fact}/earlier"
    entry = {"what": "四级主任科员", "since": "2017-12-15", "basis": "任职文件"}
    assert office_client.post(path, data={**entry, "since": "昨天"}).status_code == 422
    assert office_client.post(path, data=entry).status_code == 302
    assert "人工补充：任职文件" in office_client.get(f"/office/selections/{selection}/roster").text
    assert {"facts.import", "facts.earlier"} <= set(db.scalars(select(Audit.action)))
