"""Sums of voter groups in a record: opened just where the rule allows, provably, and shown as they are."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import pytest

from keys import decryption
from keys.curve import ED25519
from keys.decryption import Place
from tally import shares, voter_groups
from tally.errors import Code, Invalid
from tally.shares import GroupDecryption, Share, StrongProofs, StrongTally
from tally.verify import Files, verify
from tally.voter_groups import GroupSums
from tests.tally.builders import (
    GROUPED,
    GROUPED_REST,
    GROUPED_RESULT,
    Draft,
    Poll,
    failures,
    grouped,
    grouped_files,
    pairs,
    refusals,
    sound_files,
    stream,
)
from tests.tally.tweaks import another_response, cell, put

FIRST, SECOND, THIRD, FOURTH = GROUPED["labels"]
SIGMA = "5" * 64


def judged(files: Files) -> list[str]:
    return failures(verify(files))


def test_the_groups_that_may_be_shown_are_opened_and_verified():
    report = verify(grouped_files())
    assert failures(report) == []
    assert [check.line for check in report.checks[-2:]] == [
        f"ok   group_decryptions: {FIRST}、{THIRD}",
        "ok   published_result: 2 groups shown, the others together",
    ]
    told = json.loads(grouped_files().closing)
    assert [one["cast"] for one in told["cast_per_group"]] == [6, 2, 5, 3]
    assert told["groups"] == [FIRST, THIRD]


def test_the_result_beside_the_record_shows_groups_and_the_rest_as_one():
    told = json.loads(grouped_files().result)
    assert {label: tuple(tuple(row) if row else None for row in rows) for label, rows in told["groups"].items()} == (
        GROUPED_RESULT
    )
    assert tuple(tuple(row) if row else None for row in told["rest"]["result"]) == GROUPED_REST
    # The second question, outside by_group, asks for 20 ballots: nobody is shown, so there is no rest but the total.
    assert told["rest"]["labels"] == [[SECOND, FOURTH], [FIRST, SECOND, THIRD, FOURTH]]
    parts = [*(rows[0] for rows in told["groups"].values()), told["rest"]["result"][0]]
    assert [sum(column) for column in zip(*parts, strict=True)] == told["result"][0]


def test_withheld_questions_and_groups_have_no_factor_in_the_record():
    for line in json.loads(grouped_files().tally)["shares"]:
        assert [one["label"] for one in line["groups"]] == [FIRST, THIRD]
        assert [[len(row) for row in one["factors"]] for one in line["groups"]] == [[4, 0], [4, 0]]
        assert [[len(row) for row in one["proofs"]] for one in line["groups"]] == [[4, 0], [4, 0]]


def test_where_no_group_may_be_shown_none_is_opened():
    assert {tuple(line["groups"]) for line in json.loads(sound_files().tally)["shares"]} == {()}
    report = verify(sound_files())
    assert [c.detail for c in report.checks if c.name == "group_decryptions"] == ["no group may be shown"]


def test_a_strong_proof_is_bound_to_its_group():
    poll = grouped()
    share = shares.decrypt(poll.election, (), 1, poll.trustee_secrets[0], SIGMA, stream("bound"), poll.group_sums)
    ct, mine = poll.group_sums[1].sums[0][0], share.groups[1]
    place = Place(poll.election.phi, SIGMA, 1, "group:2", 0, 0)
    key = poll.trustees.owners[0].public.key
    assert decryption.verify_strong(ED25519, key, place, ct, mine.factors[0][0], mine.proofs[0][0])
    for label in ("group:1", "group:3", "total"):
        other = replace(place, label=label)
        assert not decryption.verify_strong(ED25519, key, other, ct, mine.factors[0][0], mine.proofs[0][0])


# --- tweaks: a sound record, one thing else


def groups(change: Callable[[list[GroupDecryption]], list[GroupDecryption]]) -> Callable[[], Files]:
    """Change what the first trustee's line in `tally.json` says about groups."""

    def edit(sound: StrongTally) -> StrongTally:
        line: StrongProofs = replace(sound.shares[0], groups=tuple(change(list(sound.shares[0].groups))))
        return replace(sound, shares=(line, *sound.shares[1:]))

    return lambda: Draft(grouped(), edit_tally=edit).files()


def everything(poll: Poll | None = None) -> tuple[GroupSums, ...]:
    """The sums of every group and question, as a server that cares for no rule would have them opened."""
    poll, found = poll or grouped(), []
    for k, group in enumerate(poll.sound_manifest.groups):
        mine = [one for one in poll.ballots if one.credential.text in group.credentials]
        found.append(GroupSums(k, group.label, voter_groups.count.accumulate(poll.election, mine)))
    return tuple(found)


def opening(chosen: Callable[[GroupSums], GroupSums | None]) -> Callable[[], Files]:
    """All trustees together open other sums than the rule allows, with sound proofs."""
    made = lambda _: tuple(one for one in map(chosen, everything()) if one)  # noqa: E731 - a name for a choice
    return lambda: Draft(grouped(), edit_groups=made).files()


def allowed(one: GroupSums) -> GroupSums | None:
    return replace(one, sums=(one.sums[0], ())) if one.label in (FIRST, THIRD) else None


def a_group_too_small_as_well(one: GroupSums) -> GroupSums:
    return replace(one, sums=(one.sums[0], ()))


def a_question_withheld_as_well(one: GroupSums) -> GroupSums | None:
    return one if one.label == FIRST else allowed(one)


def one_group_less(one: GroupSums) -> GroupSums | None:
    return allowed(one) if one.label == FIRST else None


def the_sums_of_one_group_under_anothers_label(one: GroupSums) -> GroupSums | None:
    sums = {FIRST: everything()[2].sums[0], THIRD: everything()[0].sums[0]}
    return replace(one, sums=(sums[one.label], ())) if one.label in sums else None


def another_factor(found: list[GroupDecryption]) -> list[GroupDecryption]:
    return [replace(found[0], factors=cell(found[0].factors, lambda one: one + ED25519.base(1))), *found[1:]]


def another_group_proof(found: list[GroupDecryption]) -> list[GroupDecryption]:
    return [replace(found[0], proofs=cell(found[0].proofs, another_response)), *found[1:]]


def the_identity_as_a_factor(found: list[GroupDecryption]) -> list[GroupDecryption]:
    return [replace(found[0], factors=cell(found[0].factors, lambda _: ED25519.identity)), *found[1:]]


def a_question_left_out(found: list[GroupDecryption]) -> list[GroupDecryption]:
    return [replace(found[0], factors=((), ()), proofs=((), ())), *found[1:]]


def a_row_too_few(found: list[GroupDecryption]) -> list[GroupDecryption]:
    return [replace(found[0], factors=found[0].factors[:1], proofs=found[0].proofs[:1]), *found[1:]]


def a_proof_too_few(found: list[GroupDecryption]) -> list[GroupDecryption]:
    return [replace(found[0], proofs=(found[0].proofs[0][1:], ())), *found[1:]]


def closing_names(*labels: str) -> Callable[[], Files]:
    return lambda: Draft(grouped(), edit_closing=lambda sound: replace(sound, groups=labels)).files()


def shown(path: tuple[str | int, ...], value: object) -> Callable[[], Files]:
    """Change one value of `result.json`."""
    return lambda: replace(grouped_files(), result=put(grouped_files().result, path, value))


def one_more_for_a_group_and_one_less_for_the_rest() -> Files:
    moved = put(grouped_files().result, ("groups", FIRST, 0, 1), 5)
    return replace(grouped_files(), result=put(moved, ("rest", "result", 0, 1), 0))


def without_a_group(raw: bytes) -> bytes:
    return put(raw, ("groups",), lambda found: {FIRST: found[FIRST]})


def without_any_group(raw: bytes) -> bytes:
    return put(raw, ("groups",), {})


def a_group_too_many(raw: bytes) -> bytes:
    return put(raw, ("groups",), lambda found: {**found, SECOND: [[0, 0, 2, 0], None]})


def all_groups_but_one_that_is_shown(raw: bytes) -> bytes:
    withheld = [[0, 0, 2, 0], None]
    return put(raw, ("groups",), lambda found: {FIRST: found[FIRST], SECOND: withheld, FOURTH: withheld})


def groups_in_another_order(raw: bytes) -> bytes:
    return put(raw, ("groups",), lambda found: {THIRD: found[THIRD], FIRST: found[FIRST]})


def result_json(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    return lambda: replace(grouped_files(), result=change(grouped_files().result or b""))


TWEAKS = [
    (opening(a_group_too_small_as_well), "group_decryptions", Code.GROUP_WITHHELD),
    (opening(a_question_withheld_as_well), "group_decryptions", Code.GROUP_WITHHELD),
    (opening(one_group_less), "group_decryptions", Code.GROUP_MISSING),
    (opening(the_sums_of_one_group_under_anothers_label), "group_decryptions", Code.GROUP_DECRYPTION),
    (groups(another_factor), "group_decryptions", Code.GROUP_DECRYPTION),
    (groups(another_group_proof), "group_decryptions", Code.GROUP_DECRYPTION),
    (groups(the_identity_as_a_factor), "group_decryptions", Code.GROUP_DECRYPTION),
    (groups(a_question_left_out), "group_decryptions", Code.GROUP_MISSING),
    (groups(lambda _: []), "group_decryptions", Code.GROUP_MISSING),
    (groups(lambda found: found[::-1]), "group_decryptions", Code.MALFORMED),
    (groups(lambda found: [*found, found[0]]), "group_decryptions", Code.MALFORMED),
    (groups(a_row_too_few), "group_decryptions", Code.MALFORMED),
    (groups(a_proof_too_few), "group_decryptions", Code.MALFORMED),
    (closing_names(FIRST), "closing", Code.CLOSING),
    (closing_names(FIRST, SECOND, THIRD), "closing", Code.CLOSING),
    (closing_names(THIRD, FIRST), "closing", Code.CLOSING),
    (closing_names(), "closing", Code.CLOSING),
]


@pytest.mark.parametrize(("tweak", "check", "code"), TWEAKS)
def test_other_group_sums_than_the_rule_allows_are_refused_by_name(tweak, check, code):
    assert pairs(verify(replace(tweak(), result=None))) == [(check, code)]


def test_the_sums_that_the_rule_allows_pass_however_they_were_made():
    assert verify(replace(opening(allowed)(), result=None)).ok


RESULT_JSON = "published_result, result.json"
SHOWN = [
    (shown(("groups", FIRST, 0, 1), 5), f"FAIL group_result: {RESULT_JSON}, {FIRST}, question 1, answer 2"),
    (shown(("groups", FIRST, 0), [1, 4, 1]), f"FAIL group_result: {RESULT_JSON}, {FIRST}, question 1"),
    (shown(("groups", FIRST), [[1, 4, 1, 2]]), f"FAIL group_result: {RESULT_JSON}, {FIRST}, questions"),
    (shown(("groups", FIRST, 0), None), f"FAIL group_result: {RESULT_JSON}, {FIRST}, question 1"),
    (shown(("groups", FIRST, 1), [4, 1, 0, 1]), f"FAIL group_result: {RESULT_JSON}, {FIRST}, question 2"),
    (shown(("groups", THIRD, 0, 3), 1), f"FAIL group_result: {RESULT_JSON}, {THIRD}, question 1, answer 4"),
    (shown(("rest", "result", 0, 1), 2), f"FAIL group_result: {RESULT_JSON}, rest"),
    (shown(("rest", "result", 0), None), f"FAIL group_result: {RESULT_JSON}, rest"),
    (shown(("rest", "result", 1), [6, 4, 2, 2]), f"FAIL group_result: {RESULT_JSON}, rest"),
    (shown(("rest", "labels", 0), [SECOND]), f"FAIL group_result: {RESULT_JSON}, rest"),
    (
        one_more_for_a_group_and_one_less_for_the_rest,
        f"FAIL group_result: {RESULT_JSON}, {FIRST}, question 1, answer 2",
    ),
    (shown(("result", 0, 0), 5), f"FAIL result: {RESULT_JSON}"),
    (shown(("uuid",), "AnotherPoll111"), f"FAIL result: {RESULT_JSON}"),
    (result_json(without_a_group), f"FAIL group_missing: {RESULT_JSON}, {THIRD}"),
    (result_json(without_any_group), f"FAIL group_missing: {RESULT_JSON}, {FIRST}、{THIRD}"),
    (result_json(a_group_too_many), f"FAIL group_withheld: {RESULT_JSON}, {SECOND}"),
    (result_json(all_groups_but_one_that_is_shown), f"FAIL group_withheld: {RESULT_JSON}, {SECOND}、{FOURTH}"),
    (result_json(groups_in_another_order), f"FAIL malformed: {RESULT_JSON}, groups"),
    (result_json(lambda raw: raw + b"\n"), f"FAIL not_canonical: {RESULT_JSON}"),
    (shown(("groups",), []), f"FAIL malformed: {RESULT_JSON}, groups"),
    (shown(("rest", "labels"), [SECOND]), f"FAIL malformed: {RESULT_JSON}"),
    (shown(("result", 0, 0), "4"), f"FAIL malformed: {RESULT_JSON}"),
    (shown(("more",), 1), f"FAIL malformed: {RESULT_JSON}"),
]


@pytest.mark.parametrize(("tweak", "line"), SHOWN)
def test_other_figures_beside_the_record_are_refused_by_name_and_place(tweak, line):
    assert refusals(verify(tweak())) == [line]


def test_figures_are_not_compared_with_group_sums_that_do_not_hold():
    files = opening(the_sums_of_one_group_under_anothers_label)()
    assert files.result is not None
    assert judged(files) == [Code.GROUP_DECRYPTION]


def test_with_a_bad_ballot_in_the_box_the_sums_of_groups_are_not_compared():
    draft = Draft(grouped())
    assert draft.ballots is not None
    draft.ballots[0] += b" "
    report = verify(draft.files())
    # A changed ballot has another tracker, so it may also stand at another ballot's place.
    assert [one for one in failures(report) if one != Code.BALLOT_ORDER] == [Code.NOT_CANONICAL]
    assert report.checks[-1].name == "strong_decryptions"


def test_the_culprit_and_the_group_are_named():
    (failed,) = [check for check in verify(replace(groups(another_factor)(), result=None)).checks if not check.ok]
    assert failed.line == f"FAIL group_decryption: group_decryptions, {FIRST}, question 1, answer 1, trustee 1 (郑为民)"
    (failed,) = [check for check in verify(opening(a_group_too_small_as_well)()).checks if not check.ok]
    assert failed.line == f"FAIL group_withheld: group_decryptions, {SECOND}, trustee 1 (郑为民)"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("groups", 0, "label"), 1, Code.MALFORMED),
        (("groups", 0, "factors", 0, 0), "f" * 64, Code.POINT),
        (("groups", 0, "factors", 0), {}, Code.MALFORMED),
        (("groups", 0, "proofs", 0, 0, "response"), "01", Code.SCALAR),
        (("groups", 0, "extra"), 1, Code.MALFORMED),
        (("groups",), {}, Code.MALFORMED),
    ],
)
def test_a_share_whose_groups_have_another_form_is_refused_by_name(path, value, code):
    poll = grouped()
    share = shares.decrypt(poll.election, (), 1, poll.trustee_secrets[0], SIGMA, stream("form"), poll.group_sums)
    assert Share.parse(share.raw, ED25519) == share
    with pytest.raises(Invalid) as error:
        Share.parse(put(share.raw, path, value), ED25519)
    assert error.value.code is code


# --- the poll's minimum


def test_below_the_polls_minimum_no_group_is_opened_either():
    few = Poll(**{**GROUPED, "voters": (0, 1, 2, 3)})
    assert (few.cast, few.group_sums) == ([4, 0, 0, 0], ())
    assert judged(Draft(few, until="closed").files()) == []


def test_a_higher_minimum_of_the_poll_holds_for_groups_too():
    strict = Poll(**GROUPED, edit_manifest=lambda sound: replace(sound, minimum=6))
    assert [(one.label, [len(row) for row in one.sums]) for one in strict.group_sums] == [(FIRST, [4, 0])]
    assert judged(Draft(strict).files()) == []


def test_the_sums_of_the_groups_are_those_of_the_total():
    poll = grouped()
    sums = voter_groups.add_up(poll.election, poll.sound_manifest, poll.ballots)
    assert sums.total == voter_groups.count.accumulate(poll.election, poll.ballots)
    assert {len(row) for one in sums.groups for row in chain(one.sums)} == {4, 0}
