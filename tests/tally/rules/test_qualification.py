"""方案 三(三)1, 2 and 4 judged from the sample's roster, against the outcomes that the sample states for each of 46 people."""

import csv
from pathlib import Path

import pytest

from tally.rules import qualification
from tally.rules.days import Day
from tally.rules.outcome import CLAUSES, Clause, Outcome
from tally.rules.qualification import ENTERED, Service

ROOT = Path(__file__).resolve().parents[3]
PLAN = Day(2021, 5, 8)


def lines(name):
    with (ROOT / "sample" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


ROSTER = {row["序号"]: row for row in lines("人员名册.csv")}
EXPECTED = lines("expected.csv")
ENTERED_BY_HAND = {row["名册序号"]: row for row in lines("人工判断.csv") if row["补充起始日期"]}


def day(text):
    return Day(*map(int, text.split("-")))


def tenure(row, extra=None):
    spells = [Service(row["现任职务"], day(row["任现职务时间"]), "现任职务")] if row["任现职务时间"] else []
    spells += [Service(row["现职级"], day(row["任现职级时间"]), "现职级")] if row["任现职级时间"] else []
    spells += [Service(extra["补充职务职级"], day(extra["补充起始日期"]), ENTERED)] if extra else []
    hinted = "套转" in row["备注"] or "晋升" in row["备注"]
    return qualification.tenure(row["现职级"], spells, PLAN, hinted=hinted).outcome.value


def test_education_assessments_and_tenure_are_judged_as_the_sample_says():
    assert len(EXPECTED) == 46
    for told in EXPECTED:
        row = ROSTER[told["序号"]]
        years = [(year, row[f"{year}年度考核"]) for year in (2018, 2019, 2020)]
        assert qualification.education(row["学历"]).outcome.value == told["三(三)1学历"], told["姓名"]
        assert qualification.assessments(years).outcome.value == told["三(三)2考核"], told["姓名"]
        assert tenure(row) == told["三(三)4任职_仅名册"], told["姓名"]
        assert tenure(row, ENTERED_BY_HAND.get(told["序号"])) == told["三(三)4任职"], told["姓名"]


def test_the_datum_itself_is_too_late():
    for since, outcome in ((Day(2019, 3, 31), Outcome.MET), (Day(2019, 4, 1), Outcome.NOT_MET)):
        judged = qualification.tenure("四级主任科员", [Service("四级主任科员", since, "现职级")], PLAN)
        assert judged.outcome is outcome
        assert since.iso in judged.arithmetic


def test_half_a_year_to_the_day_is_enough():
    for since, outcome in ((Day(2020, 11, 8), Outcome.MET), (Day(2020, 11, 9), Outcome.NOT_MET)):
        judged = qualification.tenure("二级主任科员", [Service("二级主任科员", since, "现职级")], PLAN)
        assert judged.outcome is outcome
    assert judged.arithmetic == "二级主任科员 2020-11-09，满半年 2021-05-09 ＞ 方案 2021-05-08"


@pytest.mark.parametrize("judged", [
    qualification.education(""), qualification.assessments([]), qualification.assessments([(2018, "良好")]),
    qualification.tenure("一级主任科员", [], PLAN),
])  # fmt: skip
def test_what_the_roster_does_not_say_cannot_be_judged_yet(judged):
    assert judged.outcome is Outcome.OPEN


def test_the_rules_in_the_docs_are_the_rules_in_the_code():
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    assert [(row[0].strip("| `"), row[1]) for row in rows] == [(one.key, one.text) for one in CLAUSES]
    for row in rows:
        module, name = row[-1].strip(" |`").split(".")
        assert hasattr(__import__(f"tally.rules.{module}", fromlist=[name]), name), row[0]
    from tally.rules import outcome

    assert sorted(one.key for one in CLAUSES) == sorted(
        one.key for one in vars(outcome).values() if isinstance(one, Clause)
    )
