"""A proposal goes on only with a living recommendation, every analysis that is due, and every reason."""

import datetime as dt

import pytest

from voting.decisions import analyses, overview, proposals, sources
from voting.decisions.analyses import Texts
from voting.decisions.models import Stage
from voting.errors import Code, Refused


def refused(act) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def test_somebody_else_than_who_has_most_votes_is_proposed_once_both_are_weighed_and_it_is_said_why(office):
    """薛明澈 has 41 votes, 季慕青 21: 不简单以票取人."""
    said = refused(lambda: office.propose("季慕青"))
    assert (said.code, said.detail) == (Code.ANALYSIS_MISSING, "季慕青、薛明澈")
    office.analyse("季慕青")
    said = refused(lambda: office.propose("季慕青"))
    assert (said.code, said.detail) == (Code.ANALYSIS_MISSING, "薛明澈")
    office.analyse("薛明澈")
    said = refused(lambda: office.propose("季慕青"))
    assert (said.code, said.detail) == (Code.REASON_MISSING, "季慕青：会议推荐得票多于其的有 薛明澈")
    office.analyse("季慕青", reason="更熟悉干部工作")
    assert proposals.persons(office.propose("季慕青")) == (office.line("季慕青"),)


def test_who_has_as_many_votes_must_be_weighed_too(office):
    """过静宜 and 俞景行 have 11 each; 顾𬱖 14, 季慕青 21, 薛明澈 41."""
    said = refused(lambda: office.propose("过静宜"))
    assert said.detail == "季慕青、过静宜、俞景行、薛明澈、顾𬱖"


def test_a_soft_rule_that_falls_short_needs_a_reason_of_its_own(office):
    everybody = [one.name for one in office.post.candidates]
    office.analyse(*everybody)
    said = refused(lambda: office.propose("沈清婉"))
    assert "沈清婉：一般应具有大学本科以上文化程度（大专，一般应具有大学本科）" in said.detail
    office.analyse("沈清婉", reason="任副处长七年余")
    office.propose("沈清婉")


def test_the_recommendation_is_refused_one_year_after_the_meeting(office):
    office.analyse("薛明澈")
    office.propose("薛明澈", on=dt.date(2022, 5, 13))  # the year's last day
    said = refused(lambda: office.propose("薛明澈", on=dt.date(2022, 5, 14)))
    assert (said.code, "一年至 2022-05-13" in said.detail) == (Code.RECOMMENDATION_EXPIRED, True)


def test_a_selection_that_counts_never_reads_a_rehearsals_result(office, db):
    office.analyse("薛明澈")
    assert len(sources.counts(db, office.selection, office.post)) == 1
    office.selection.rehearsal = False
    assert sources.counts(db, office.selection, office.post) == ()
    assert refused(lambda: office.propose("薛明澈")).code is Code.RECOMMENDATION_MISSING


@pytest.mark.parametrize("lines", [[], ["别人（办公室）"]])
def test_only_people_of_the_ballot_can_be_proposed(office, db, lines):
    said = {"on": dt.date(2021, 6, 1), "author": "x", "now": 0}
    found = refused(lambda: proposals.propose(db, office.post.id, Stage.VETTING, lines, "", **said))
    assert found.code is Code.PROPOSAL_INVALID


def test_an_appointment_needs_the_party_groups_own_choice_of_whom_to_vet(office, db):
    office.analyse("薛明澈")
    assert refused(lambda: office.propose("薛明澈", stage=Stage.APPOINTMENT)).code is Code.PROPOSAL_NOT_FIXED
    vetting = office.propose("薛明澈")
    assert refused(lambda: office.propose("薛明澈", stage=Stage.APPOINTMENT)).code is Code.PROPOSAL_NOT_FIXED
    proposals.fix(db, vetting.id, on=dt.date(2021, 6, 2), by="范景和")
    made = office.propose("薛明澈", stage=Stage.APPOINTMENT)
    assert proposals.label(made) == "拟任人选"
    assert refused(lambda: proposals.fix(db, made.id, on=dt.date(2021, 6, 2), by="x")).code is Code.PROPOSAL_STALE


def test_no_more_people_are_appointed_than_there_are_places(office):
    said = refused(lambda: office.appoint("季慕青", "薛明澈"))
    assert (said.code, said.detail) == (Code.PROPOSAL_INVALID, "名额 1 人，勾选了 2 人")


def test_only_the_newest_version_can_be_fixed_and_only_in_time(office, db):
    office.analyse("薛明澈")
    first, second = office.propose("薛明澈"), office.propose("薛明澈")
    assert (first.version, second.version) == (1, 2)
    assert refused(lambda: proposals.fix(db, first.id, on=dt.date(2021, 6, 2), by="x")).code is Code.PROPOSAL_STALE
    late = dt.date(2022, 5, 14)
    assert refused(lambda: proposals.fix(db, second.id, on=late, by="x")).code is Code.RECOMMENDATION_EXPIRED
    proposals.fix(db, second.id, on=dt.date(2021, 6, 2), by="范景和")
    assert refused(lambda: proposals.fix(db, second.id, on=dt.date(2021, 6, 2), by="x")).code is Code.PROPOSAL_STALE
    assert refused(lambda: proposals.fix(db, 999, on=late, by="x")).code is Code.NOT_FOUND


def test_every_version_of_an_analysis_is_kept(office, db):
    office.analyse("薛明澈")
    office.analyse("薛明澈", reason="补充")
    kept = analyses.versions(db, office.post.id, office.line("薛明澈"))
    assert [(one.version, one.reason) for one in kept] == [(2, "补充"), (1, "")]


@pytest.mark.parametrize(("texts", "code"), [
    (Texts("", "b", "c", "d"), Code.REASON_MISSING), (Texts("a", "b", " ", "d"), Code.REASON_MISSING),
    (Texts("长" * 1001, "b", "c", "d"), Code.INVALID_VALUE), (Texts("a\u202e", "b", "c", "d"), Code.INVALID_VALUE),
])  # fmt: skip
def test_an_analysis_with_an_empty_part_or_one_that_cannot_be_shown_is_refused(office, db, texts, code):
    line = office.line("薛明澈")
    assert refused(lambda: analyses.write(db, office.post, line, texts, author="x", now=0)).code is code
    assert (
        refused(lambda: analyses.write(db, office.post, "别人", Texts("a", "b", "c", "d"), author="x", now=0)).code
        is Code.NO_SUCH_PERSON
    )


def test_the_page_keeps_ballot_order_and_shows_facts_beside_votes(office, db):
    office.analyse("薛明澈", "季慕青", reason="理由")
    office.propose("季慕青")
    page = overview.load(db, office.post.id, dt.date(2021, 6, 1))
    assert [one.name for one in page.people][:3] == ["季慕青", "过静宜", "俞景行"]
    first = page.people[0]
    assert (first.votes[0].share.votes, first.facts.birth, first.proposed) == (21, "1983.12", ("建议考察对象",))
    assert [one.name for one in page.people if one.due] == ["季慕青", "薛明澈"]
    assert not page.as_columns
    lines = {(one.about, one.judged.arithmetic) for one in page.checks}
    assert ("会议推荐有效", "实到 114 ≥ 应到 120 × ⅔ ＝ 80") in lines
    assert ("综合分析", "须分析 2 人，均已提交：季慕青、薛明澈") in lines
    assert ("沈清婉", "大专，一般应具有大学本科") in lines
