"""The result of the sample's evaluation meeting against the sample's own figures, and really cast with fewer ballots."""

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tally.rules.grading import Base as RateBase
from tests.voting.results import plain
from voting import sample
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import drafts, evaluation, results
from voting.polls.drafts import Draft, GroupDraft
from voting.polls.evaluation import Evaluated, Marks
from voting.polls.models import FINE, Form, Item, Kind
from voting.polls.persons import PersonDraft
from voting.verify.judging import check

NOW = dt.datetime(2021, 6, 3, 7, 30, tzinfo=dt.UTC)
FILES = {"evaluation": "votes-evaluation.json", "evaluation_110": "votes-evaluation-110.json"}


def expected_of(which: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((sample.FOLDER / "expected.json").read_text(encoding="utf-8"))[which]
    return found


def evaluated(db: Session, which: str, base: RateBase = RateBase.VALID) -> str:
    """The uuid of the sample's evaluation, its plain votes added up."""
    selection, _ = sample.enter_selection(db, NOW)
    uuid = sample.draft_evaluation(db, selection, "民主测评", NOW, "office")
    drafts.get(db, uuid).rate_base = base
    plain.tally(db, uuid, sample.read_evaluation(FILES[which]), NOW)
    return uuid


def told(marks: Marks) -> dict[str, int]:
    """Marks in the sample's own words."""
    return {**dict(zip(marks.answers, marks.counts, strict=True)), "弃权": marks.abstain}


def groups_told(person: Evaluated, items: tuple[Item, ...]) -> dict[str, Any]:
    """What is shown by group, in the sample's own words."""
    found: dict[str, Any] = {}
    for item in items:
        one = person.item(item)
        assert one is not None
        for line, marks in one.parts:
            found.setdefault(line.label or "其余合计", {"valid": line.cast})[str(item)] = told(marks)
    return found


@pytest.mark.parametrize("which", FILES)
def test_every_figure_of_the_evaluation_is_the_samples(db: Session, which: str) -> None:
    expected = expected_of(which)
    poll = evaluation.load(db, evaluated(db, which))
    names = ("expected", "present", "printed", "voided", "handed_out", "returned", "unreturned", "invalid", "valid")
    assert {name: getattr(poll.counts, name) for name in names} == expected["counts"]
    assert [person.name for person in poll.persons] == ["薛明澈", "季慕青", "顾𬱖"]
    for person in poll.persons:
        figures = expected["persons"][person.name]
        assert {"valid": poll.counts.valid, **{str(i.item): told(i.total) for i in person.items}} == figures["total"]
        rest = groups_told(person, FINE).pop("其余合计", None)
        if "by_group 总体评价+使用意见" in figures:  # the file of 110 tells totals and rates only
            assert groups_told(person, (Item.OVERALL, Item.USE)) == figures["by_group 总体评价+使用意见"]
            fine = groups_told(person, FINE)
            fine.pop("其余合计", None)
            assert fine == figures["by_group 德能勤绩廉 (n>=20)"]
            assert rest is not None
            assert rest["valid"] == 28


@pytest.mark.parametrize("which", FILES)
@pytest.mark.parametrize(
    ("base", "name"), [(RateBase.VALID, "default (÷ valid)"), (RateBase.MARKED, "setting (÷ marked)")]
)
def test_the_rate_is_judged_on_integers_by_the_polls_setting(
    db: Session, which: str, base: RateBase, name: str
) -> None:
    poll = evaluation.load(db, evaluated(db, which, base))
    for person in poll.persons:
        rate, figures = person.rate, expected_of(which)["persons"][person.name]["优秀称职率"][name]
        assert rate is not None
        assert {
            "numerator": rate.good, "denominator": rate.base, "rate": rate.percent, "outcome": rate.judgement.outcome,
        } == figures  # fmt: skip


def test_one_ballot_decides_at_exactly_eighty_percent(db: Session) -> None:
    outcomes = {}
    for which in FILES:
        poll = evaluation.load(db, evaluated(db, which))
        (jing,) = (person for person in poll.persons if person.name == "季慕青")
        assert jing.rate is not None
        outcomes[which] = (jing.rate.good, jing.rate.base, jing.rate.judgement.outcome)
    assert outcomes == {"evaluation": (88, 111, "needs a reason"), "evaluation_110": (88, 110, "met")}


def test_ballots_really_cast_give_the_sums_of_what_they_say(db: Session) -> None:
    """26 of the 111, of two groups: 6 leaders and 20 others, so that 德能勤绩廉 may be shown for nobody alone."""
    whole = sample.read_evaluation()
    leaders = [one for one in whole.ballots if one[0] == "局领导班子"]
    others = [one for one in whole.ballots if one[0] == "机关其他人员"][:20]
    few = dataclasses.replace(whole, ballots=tuple(leaders + others))
    selection, _ = sample.enter_selection(db, NOW)
    uuid = sample.draft_evaluation(db, selection, "民主测评", NOW, "office")
    keys = [key for _, key in sample.make_keys(db, uuid, "office")]
    db.commit()
    sample.hold_meeting(db, uuid, keys, plain.SECRET, NOW, "office", meeting=few)
    db.commit()
    cast, copied = evaluation.load(db, uuid), board.files(db, uuid)
    assert [one.line for one in check(copied, 2).checks if not one.ok] == []
    added = sample.draft_evaluation(db, selection, "同样的票，直接相加", NOW, "office")
    plain.tally(db, added, few, NOW)
    assert cast.persons == evaluation.load(db, added).persons
    jing = cast.persons[1]
    assert groups_told(jing, FINE) == {}
    assert set(groups_told(jing, (Item.OVERALL, Item.USE))) == {"局领导班子", "机关其他人员"}


def decision(db: Session, votes: list[list[tuple[int, ...]]]) -> str:
    selection, _ = sample.enter_selection(db, NOW)
    wanted = Draft(
        title="党组会表决", form=Form.MEETING, rehearsal=True, questions=(), kind=Kind.DECISION,
        groups=[GroupDraft("局党组成员", 12)], persons=[PersonDraft("薛明澈", "副处长", "人事教育处"), PersonDraft("顾𬱖")],
    )  # fmt: skip
    uuid = drafts.create(
        db, selection, wanted, transport="http", now=NOW, actor="office", rng=lambda n: bytes(range(n))
    )
    meeting = sample.Sample(tuple(wanted.groups), 12, 10, 5, tuple(("局党组成员", tuple(rows)) for rows in votes))
    plain.tally(db, uuid, meeting, NOW)
    return uuid


def test_a_decision_tells_agree_disagree_postpone_and_abstentions_per_person(db: Session) -> None:
    yes, no, later, nothing = (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)
    poll = evaluation.load_decision(db, decision(db, [[yes, no]] * 6 + [[no, later]] * 2 + [[nothing, yes]] * 2))
    told = [(p.name, p.duty, p.agree, p.disagree, p.postpone, p.total.abstain) for p in poll.persons]
    assert told == [("薛明澈", "人事教育处　副处长", 6, 2, 0, 2), ("顾𬱖", "", 2, 6, 2, 0)]
    assert (poll.form, poll.counts.expected) == ("党组会表决", 12)


@pytest.mark.parametrize("read", [results.load, evaluation.load, evaluation.load_decision])
def test_a_result_is_read_only_as_what_it_is(db: Session, read: Any) -> None:
    kinds = {results.load: (), evaluation.load: ("evaluation",), evaluation.load_decision: ("decision",)}[read]
    for kind, uuid in (("evaluation", evaluated(db, "evaluation")), ("decision", decision(db, [[(1, 0, 0)] * 2] * 5))):
        if kind in kinds:
            assert read(db, uuid).uuid == uuid
            continue
        with pytest.raises(Refused) as refused:
            read(db, uuid)
        assert refused.value.code is Code.WRONG_KIND


@pytest.mark.parametrize(
    ("text", "line", "item"),
    [
        ("甲（乙处　副处长）：德", "甲（乙处　副处长）", Item.VIRTUE),
        ("甲（兼：主任）：使用意见", "甲（兼：主任）", Item.USE),
    ],
)
def test_a_question_is_parted_at_its_last_colon(text: str, line: str, item: Item) -> None:
    assert evaluation.split_question(text) == (line, item)
