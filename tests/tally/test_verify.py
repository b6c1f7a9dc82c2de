"""A sound record, one named tweak, the code that must come out."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys.curve import ED25519
from tally import canonical
from tally.ballot import short, tracker
from tally.errors import Code, Invalid
from tally.verify import Files, verify
from tests.tally import tweaks as t
from tests.tally.builders import (
    LEFT_OVER,
    QUESTIONS,
    RESULT,
    UUID,
    VOTERS,
    Draft,
    Poll,
    entries,
    failures,
    pairs,
    poll,
    refusals,
    slip,
    sound_files,
    steps,
)

CHOICE = ("answers", 0, "choices", 0)


def test_the_sound_record_passes_every_check(sound_record):
    report = verify(sound_record)
    assert failures(report) == []
    assert report.ok
    assert report.ours
    assert (report.stage, report.ballots, report.result) == ("tallied", 8, RESULT)
    assert report.notes == []


def test_every_step_of_ours_is_a_check_of_its_own(sound_record):
    assert [check.name for check in verify(sound_record).checks] == [
        "archive", "election", "trustees", "credentials", "election_key", "ballots", "encrypted_tally",
        "partial_decryption 1", "partial_decryption 2", "partial_decryption 3", "result", "files", "manifest", "ballot_order",
        "voids", "closing", "minimum", "strong_decryptions", "group_decryptions",
    ]  # fmt: skip


def test_the_lines_of_a_sound_record_say_how_much_was_checked(sound_record):
    seal = sha256(sound_record.closing).hexdigest()[:8].upper()
    assert [check.line for check in verify(sound_record).checks] == [
        # Set-up, 8 ballots, end, sums, 3 shares, result.
        "ok   archive: 15 events, chain unbroken, every byte canonical",
        "ok   election: MiPiaoTestPo11, 2 questions",
        "ok   trustees: 3 keys, possession proved",
        "ok   credentials: 13, distinct, sorted",
        "ok   election_key",
        "ok   ballots: 8, every proof and signature",
        "ok   encrypted_tally: the sum of 8 ballots",
        "ok   partial_decryption 1: trustee 1 (郑为民), Belenios' proofs",
        "ok   partial_decryption 2: trustee 2 (钱守正), Belenios' proofs",
        "ok   partial_decryption 3: trustee 3 (孙立言), Belenios' proofs",
        "ok   result: follows from the decryption factors",
        "ok   files: 4 beside the archive, none before its time",
        "ok   manifest: 3 voter groups share out the credentials",
        "ok   ballot_order: sorted by tracker",
        "ok   voids: 2 slips voided, none of them in the box",
        f"ok   closing: 封箱印记 {seal[:4]} {seal[4:]}",
        "ok   minimum: 8 ballots, minimum 5",
        "ok   strong_decryptions: 3 trustees, bound to ciphertext, factor and seal",
        "ok   group_decryptions: no group may be shown",
    ]


def test_the_report_holds_both_seals_the_uuid_and_the_name(sound_record):
    report = verify(sound_record)
    opened = sha256(next(raw for name, raw in entries(sound_record.bel) if name.endswith(".event.json"))).hexdigest()
    closed = sha256(sound_record.closing).hexdigest()
    assert report.opening_seal == f"{opened[:4]} {opened[4:8]}".upper()
    assert report.closing_seal == f"{closed[:4]} {closed[4:8]}".upper()
    assert report.uuid == "MiPiaoTestPo11"
    assert report.election.name == "民主推荐"


BALLOTS = [
    (t.a_ballot_larger_than_any_can_be, Code.TOO_LARGE),
    (t.raw_ballot(lambda raw: raw.replace(b'"answers":', b'"answers":[[[[[[[[[]]]]]]]]],"x":')), Code.TOO_DEEP),
    (t.raw_ballot(lambda raw: raw[:-1]), Code.NOT_JSON),
    (t.raw_ballot(lambda raw: raw + b"\n"), Code.NOT_CANONICAL),
    (t.raw_ballot(lambda raw: t.drop(raw, ("signature",))), Code.MALFORMED),
    (t.raw_ballot(lambda raw: t.drop(raw, ("answers", 0, "blank_proof"))), Code.MALFORMED),
    (t.changed_ballot((*CHOICE, "alpha"), t.TORSION), Code.POINT),
    (t.changed_ballot((*CHOICE, "alpha"), t.IDENTITY), Code.IDENTITY),
    (t.changed_ballot(("credential",), t.IDENTITY), Code.IDENTITY),
    (t.changed_ballot(("answers", 1, "overall_proof", 0, "challenge"), lambda text: "0" + text), Code.SCALAR),
    (t.changed_ballot(("answers", 1, "overall_proof", 0, "response"), str(ED25519.order)), Code.SCALAR),
    (t.a_ballot_of_another_election, Code.OTHER_ELECTION),
    (t.a_ballot_by_a_stranger, Code.UNKNOWN_CREDENTIAL),
    (t.a_ballot_signed_by_another_key, Code.SIGNATURE),
    (t.changed_ballot(("signature", "proof", "response"), t.plus_one, sign=False), Code.SIGNATURE),
    (t.changed_ballot(("signature", "hash"), "A" * 43, sign=False), Code.SIGNATURE),
    (t.changed_ballot(("answers", 0, "individual_proofs", 0, 0, "response"), t.plus_one), Code.INDIVIDUAL_PROOF),
    (t.changed_ballot((*CHOICE, "beta"), ED25519.base(7).text), Code.INDIVIDUAL_PROOF),
    (t.changed_ballot(("answers", 1, "overall_proof", 1, "response"), t.plus_one), Code.OVERALL_PROOF),
    (t.changed_ballot(("answers", 0, "overall_proof", 0, "challenge"), t.plus_one), Code.OVERALL_PROOF),
    (t.changed_ballot(("answers", 0, "blank_proof", 1, "response"), t.plus_one), Code.BLANK_PROOF),
    (t.a_ballot_that_repeats_anothers_randomness, Code.CIPHERTEXT_REPEATED),
    (t.the_same_ballot_twice, Code.BALLOT_REPEATED),
    (t.a_second_vote, Code.SECOND_VOTE),
]


@pytest.mark.parametrize(("tweak", "code"), BALLOTS)
def test_a_record_with_one_bad_ballot_names_what_is_wrong_with_it(tweak, code):
    report = verify(tweak())
    # A changed ballot has another tracker, so it may also stand at another ballot's place.
    assert [one for one in failures(report) if one != Code.BALLOT_ORDER] == [code]
    failed = next(check for check in report.checks if check.code == code)
    assert failed.where.startswith("ballot ")
    assert not any(check.name == "encrypted_tally" for check in report.checks)


def test_every_bad_ballot_of_a_box_is_named():
    draft = Draft()
    assert draft.ballots is not None
    draft.ballots[0] = draft.ballots[0] + b" "
    draft.ballots[5] = b"{"
    report = verify(draft.files())
    named = [(check.code, check.where) for check in report.checks if not check.ok and check.name == "ballots"]
    assert named == [(Code.NOT_CANONICAL, "ballot 1, ballot"), (Code.NOT_JSON, "ballot 6, ballot")]


@pytest.mark.parametrize(
    ("tweak", "code"), [(t.the_same_ballot_twice, Code.BALLOT_REPEATED), (t.a_second_vote, Code.SECOND_VOTE)]
)
def test_a_well_formed_ballot_that_may_not_count_is_named_by_place_and_tracker(tweak, code):
    files = tweak()
    box = [step.data[0] for step in steps(files.bel) if step.type == "Ballot"]
    mine = [number for number, raw in enumerate(box, 1) if json.loads(raw)["credential"] == slip(VOTERS[0])]
    report = verify(files)
    # Of the two ballots under the slip the one that stands first counts.
    assert refusals(report) == [f"FAIL {code}: ballots, ballot {mine[1]}, tracker {short(tracker(box[mine[1] - 1]))}"]
    assert report.notes == ["some ballots do not hold: the sums were not compared"]
    assert report.ballots == 8


def test_of_very_many_bad_ballots_a_hundred_are_listed_and_the_others_counted():
    report = verify(Draft(ballots=[b"{}"] * 130, until="ended").files())
    named = [check for check in report.checks if check.name == "ballots"]
    assert len(named) == 100
    assert "30 more ballots do not hold" in report.notes


def test_unreadable_sums_beside_a_bad_ballot_are_no_exception():
    draft = Draft(encrypted_tally=b"", sums=())
    assert draft.ballots is not None
    draft.ballots[0] = b"{"
    assert Code.NOT_JSON in failures(verify(draft.files()))


ARCHIVE = [
    (t.archive(t.another_mode_in_a_header), Code.ARCHIVE),
    (t.archive(lambda bel: bel[:-1]), Code.ARCHIVE),
    (t.archive(lambda bel: bel + b"\0" * 1024), Code.ARCHIVE),
    (t.archive(lambda _: b""), Code.ARCHIVE),
    (t.archive(t.first_file(b'{"version":2,"timestamp":"1795332189"}')), Code.UNSUPPORTED_VERSION),
    (t.archive(t.first_file(b"{")), Code.NOT_JSON),
    (t.archive(t.last_event(b"[" * 9 + b"]" * 9)), Code.TOO_DEEP),
    (t.archive(t.last_event(b" " * 1001)), Code.TOO_LARGE),
    (t.archive(t.last_event(b"[]")), Code.MALFORMED),
    (t.archive(t.a_data_file_under_another_name), Code.DATA_HASH),
    (t.archive(t.data_after_the_last_event), Code.EXTRA_DATA),
    (t.events(t.an_event_whose_parent_is_another), Code.EVENT_CHAIN),
    (t.events(t.an_event_whose_height_is_another), Code.EVENT_CHAIN),
    (t.events(t.a_vote_after_the_end_of_ballots), Code.EVENT_ORDER),
    (t.events(t.no_end_of_ballots), Code.EVENT_ORDER),
    (t.events(t.two_results), Code.EVENT_ORDER),
    (t.events(t.two_encrypted_tallies), Code.EVENT_ORDER),
    (t.events(t.an_encrypted_tally_before_the_end), Code.EVENT_ORDER),
    (t.events(t.a_share_after_the_result), Code.EVENT_ORDER),
    (t.events(t.a_result_before_any_share), Code.EVENT_ORDER),
    (t.events(t.a_second_set_up), Code.EVENT_ORDER),
    (t.events(t.no_set_up), Code.EVENT_ORDER),
    (t.events(lambda _: []), Code.MISSING_DATA),
    (t.events(t.an_event_of_an_unknown_type), Code.EVENT_ORDER),
    (t.events(t.an_event_with_another_payload), Code.EVENT_CHAIN),
    (t.events(t.an_event_without_its_payload), Code.EVENT_CHAIN),
    (t.events(t.a_set_up_that_names_other_trustees), Code.NOT_CANONICAL),
    (t.events(t.a_ballot_event_without_a_ballot), Code.MISSING_DATA),
    (t.events(t.a_data_file_too_many), Code.EXTRA_DATA),
    (t.events(t.count_more("num_tallied")), Code.MALFORMED),
    (t.events(t.count_more("total_weight")), Code.MALFORMED),
]


@pytest.mark.parametrize(("tweak", "code"), ARCHIVE)
def test_a_tweaked_archive_is_refused_by_name_and_read_no_further(tweak, code):
    report = verify(tweak())
    assert failures(report) == [code]
    assert [check.name for check in report.checks] == ["archive"]


def test_an_archive_without_any_event_lacks_its_set_up():
    assert refusals(verify(t.events(lambda _: [])())) == ["FAIL missing_data: archive, Setup"]


SET_UP = [
    (t.election(lambda raw: t.put(raw, ("version",), 2)), "election", Code.UNSUPPORTED_VERSION),
    (t.election(lambda raw: t.put(raw, ("version",), True)), "election", Code.MALFORMED),
    (t.election(lambda raw: t.put(raw, ("group",), "Ed448")), "election", Code.UNSUPPORTED_GROUP),
    (t.election(lambda raw: t.put(raw, ("questions", 0, "type"), "Lists")), "election", Code.UNSUPPORTED_QUESTION),
    (t.election(lambda raw: t.put(raw, ("public_key",), t.IDENTITY)), "election", Code.IDENTITY),
    (t.election(lambda raw: t.put(raw, ("public_key",), t.TORSION)), "election", Code.POINT),
    (t.election(lambda raw: t.put(raw, ("uuid",), "short")), "election", Code.MALFORMED),
    (t.election(lambda raw: t.put(raw, ("questions", 0, "max"), 9)), "election", Code.MALFORMED),
    (t.election(lambda raw: t.put(raw, ("questions", 0, "min"), "1")), "election", Code.MALFORMED),
    (t.election(lambda raw: raw.replace(b'"min":1', b'"min":1.0', 1)), "election", Code.NOT_JSON),
    (t.election(lambda raw: raw.replace(b'"min":1', b'"min":1,"min":1', 1)), "election", Code.NOT_JSON),
    (t.election(lambda raw: b" " + raw), "election", Code.NOT_CANONICAL),
    (t.election(lambda _: b"["), "election", Code.NOT_JSON),
    (t.election(lambda _: b"[" * 9 + b"]" * 9), "election", Code.TOO_DEEP),
    (t.trustees(lambda raw: t.put(raw, (0, 1, "pok", "response"), t.plus_one)), "trustees", Code.TRUSTEE_POK),
    (t.trustees(t.one_trustee_twice), "trustees", Code.TRUSTEE_REPEATED),
    (t.trustees(lambda raw: t.put(raw, (0, 1, "public_key"), t.IDENTITY)), "trustees", Code.IDENTITY),
    (t.trustees(lambda _: b"[]"), "trustees", Code.MALFORMED),
    (t.trustees(lambda raw: raw.replace(b'"name":"', b'"name":"\\ud800', 1)), "trustees", Code.NOT_JSON),
    (t.trustees(lambda raw: canonical.dump(json.loads(raw)[:2])), "election_key", Code.ELECTION_KEY),
    (t.credentials(lambda listed: [listed[1], listed[0], *listed[2:]]), "credentials", Code.CREDENTIAL_ORDER),
    (t.credentials(lambda listed: [listed[0], *listed]), "credentials", Code.CREDENTIAL_REPEATED),
    (t.credentials(lambda listed: [f"{listed[0]},1", *listed[1:]]), "credentials", Code.NOT_CANONICAL),
    (t.credentials(lambda listed: [f"{listed[0]},02", *listed[1:]]), "credentials", Code.NOT_CANONICAL),
    (t.credentials(lambda listed: [t.IDENTITY, *listed]), "credentials", Code.IDENTITY),
    (t.credentials(lambda listed: [t.TORSION, *listed]), "credentials", Code.POINT),
    (t.credentials(lambda listed: [listed[0].upper(), *listed[1:]]), "credentials", Code.POINT),
    (t.credentials(lambda _: [[]]), "credentials", Code.MALFORMED),
    (lambda: Draft(credentials=poll().credentials.replace(b",", b", ")).files(), "credentials", Code.NOT_CANONICAL),
]


@pytest.mark.parametrize(("tweak", "check", "code"), SET_UP)
def test_a_tweaked_set_up_is_refused_by_name(tweak, check, code):
    assert pairs(verify(tweak()))[0] == (check, code)


def test_an_election_under_another_key_than_the_trustees_is_refused():
    other = t.trustees(lambda raw: canonical.dump(json.loads(raw)[:2]))
    assert refusals(verify(other()))[0] == "FAIL election_key: election_key, election, public_key"


WEAK = "FAIL weak_decryption_proof: strong_decryptions, "
TALLY = [
    (t.drop_one_ballot, ["FAIL tally_mismatch: encrypted_tally, num_tallied", "FAIL closing: closing, cast_per_group"]),
    (lambda: Draft(more_tallied=1).files(), ["FAIL tally_mismatch: encrypted_tally, num_tallied"]),
    (lambda: Draft(more_weight=1).files(), ["FAIL tally_mismatch: encrypted_tally, total_weight"]),
    (t.the_sums_of_other_ballots, ["FAIL tally_mismatch: encrypted_tally, sums"]),
    (
        t.edit_partial(2, t.another_weak_proof),
        [
            "FAIL decryption_proof: partial_decryption 2, question 1, answer 1, trustee 2 (钱守正)",
            "FAIL shares_missing: result, total, trustee 2 (钱守正)",
        ],
    ),
    (
        t.edit_partial(2, t.a_row_too_few),
        [
            "FAIL malformed: partial_decryption 2, share, trustee 2 (钱守正)",
            "FAIL shares_missing: result, total, trustee 2 (钱守正)",
        ],
    ),
    (
        t.unreadable_partial(3),
        [
            "FAIL malformed: partial_decryption 3, partial decryption, trustee 3 (孙立言)",
            "FAIL shares_missing: result, total, trustee 3 (孙立言)",
        ],
    ),
    (
        t.a_share_numbered_as_a_fourth_trustees,
        [
            "FAIL decryption_owner: partial_decryption 4, owner",
            "FAIL weak_decryption_proof: strong_decryptions, tally.json, owners",
        ],
    ),
    (
        t.a_share_twice,
        [
            "FAIL decryption_owner: partial_decryption 1, owner",
            "FAIL weak_decryption_proof: strong_decryptions, tally.json, owners",
        ],
    ),
    (t.a_result_without_the_third_share, ["FAIL shares_missing: result, total, trustee 3 (孙立言)"]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), 5)), ["FAIL result: result, question 1, answer 2"]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 1, 3), 9)), ["FAIL result: result, question 2, answer 4"]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), -1)), ["FAIL malformed: result, result"]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), "4")), ["FAIL malformed: result, result"]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), True)), ["FAIL malformed: result, result"]),
    (t.result_changed(lambda raw: t.drop(raw, ("result", 1))), ["FAIL malformed: result, result"]),
    (t.result_changed(lambda raw: raw + b" "), ["FAIL not_canonical: result, result"]),
    (t.shift_a_count_as_last_voter_and_trustee, [WEAK + "total, question 1, answer 2, trustee 1 (郑为民)"]),
    (t.strong_line(t.another_strong_proof), [WEAK + "total, question 1, answer 1, trustee 1 (郑为民)"]),
    (
        t.strong_line(t.strong_proofs_of_two_answers_swapped),
        [WEAK + "total, question 1, answer 1, trustee 1 (郑为民)"],
    ),
    (
        t.strong_line(lambda line: replace(line, key=ED25519.base(3).text)),
        [WEAK + "key, trustee 1 (郑为民)"],
    ),
    (
        t.strong_line(lambda line: replace(line, total=line.total[1:])),
        ["FAIL malformed: strong_decryptions, share, trustee 1 (郑为民)"],
    ),
    (t.strong(lambda sound: replace(sound, shares=sound.shares[1:])), [WEAK + "tally.json, owners"]),
    (t.strong(lambda sound: replace(sound, shares=sound.shares[::-1])), [WEAK + "tally.json, owners"]),
    (t.strong(lambda sound: replace(sound, sigma="0" * 64)), [WEAK + "tally.json is about another closing"]),
    (t.strong(lambda sound: replace(sound, phi="A" * 43)), [WEAK + "tally.json is about another closing"]),
    (t.strong(lambda sound: replace(sound, uuid="Another1Poll11")), [WEAK + "tally.json is about another closing"]),
    (t.sidecar(tally=None), [WEAK + "tally.json is missing"]),
    (t.sidecar(tally=b"{}"), ["FAIL malformed: strong_decryptions, tally.json"]),
    (t.sidecar(tally=b"{"), ["FAIL not_json: strong_decryptions, tally.json"]),
    (t.four_ballots_decrypted, ["FAIL below_minimum: minimum, 4 ballots, minimum 5"]),
]


@pytest.mark.parametrize(("tweak", "lines"), TALLY)
def test_a_tweaked_tally_is_refused_by_name_place_and_culprit(tweak, lines):
    assert refusals(verify(tweak())) == lines


def test_every_voter_may_have_chosen_the_same():
    """A count may be as large as the number of ballots."""
    unanimous = Poll(choices=(((0, 1, 0, 0), (1, 0, 0, 0)),) * 8)
    report = verify(Draft(poll=unanimous).files())
    assert failures(report) == []
    assert report.result == [[0, 8, 0, 0], [8, 0, 0, 0]]


def test_a_bad_share_does_not_hide_a_later_trustees_bad_strong_proof():
    first = t.edit_partial(1, t.another_weak_proof)()
    last = t.strong(lambda sound: replace(sound, shares=(*sound.shares[:2], t.another_strong_proof(sound.shares[2]))))()
    report = verify(replace(first, tally=last.tally))
    assert WEAK + "total, question 1, answer 1, trustee 3 (孙立言)" in refusals(report)


AROUND = [
    *(
        (t.before_its_time(stage, name), f"FAIL extra_data: files, {name}.json beside an archive that is {stage}")
        for stage, names in {
            "open": ("closing", "voids", "tally", "result"),
            "ended": ("closing", "voids", "tally", "result"),
            "closed": ("tally", "result"),
            "decrypting": ("result",),
        }.items()
        for name in names
    ),
    (
        t.every_sidecar_beside_the_set_up_alone,
        "FAIL extra_data: files, closing.json, voids.json, tally.json beside an archive that is open",
    ),
    (t.a_certificate_of_the_credentials, "FAIL extra_data: files, credentials_certificate"),
    (t.a_language_of_the_election, "FAIL extra_data: files, election, language"),
    (
        t.sidecars_beside_a_foreign_archive,
        "FAIL extra_data: files, manifest.json, closing.json, voids.json, tally.json beside a foreign archive",
    ),
    (t.manifest(t.trustees_under_each_others_names), "FAIL manifest: manifest, trustees"),
    (t.manifest(lambda sound: replace(sound, trustees=sound.trustees[:2])), "FAIL manifest: manifest, trustees"),
    (t.answers_that_read_alike, "FAIL manifest: manifest, answers that read alike"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("groups", 1, "label"), "其余合计")), "FAIL manifest: manifest, manifest"),
    (
        t.manifest_bytes(lambda raw: t.put(raw, ("groups", 1, "label"), "机关中层\ufe00正职")),
        "FAIL manifest: manifest, manifest",
    ),
    (t.manifest_bytes(lambda raw: t.put(raw, ("kind",), "")), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("languages",), [])), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("replaces",), UUID)), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("receipt_key",), "00" * 32)), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("receipt_key",), "01" + "00" * 31)), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("assets",), lambda one: one * 2)), "FAIL manifest: manifest, manifest"),
    (t.counts(present=10), "FAIL closing: closing, counts, present"),
    (t.counts(expected=10), "FAIL closing: closing, counts, present"),
    (t.counts(expected=2**30), "FAIL malformed: closing, closing"),
    (t.a_void_whose_two_officials_look_like_one, "FAIL voids: voids, officials"),
    (t.a_void_that_names_a_ballot_of_the_box, f"FAIL voided_ballot: voids, tracker {short(poll().ballots[0].tracker)}"),
    (t.sidecar(manifest=None), "FAIL manifest_missing: manifest, manifest.json"),
    (t.sidecar(manifest=b"[]"), "FAIL malformed: manifest, manifest"),
    (
        lambda: Draft(manifest=t.put(poll().manifest, ("minimum",), 6)).files(),
        "FAIL manifest_hash: manifest, manifest.json",
    ),
    (t.manifest_bytes(lambda raw: raw + b"\n"), "FAIL not_canonical: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("version",), 2)), "FAIL unsupported_version: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("minimum",), 4)), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("transport",), "ftp")), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("issuance",), "nobody")), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("receipt_key",), "00")), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("assets", 0, "sha256"), "00")), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("by_group",), [1, 0])), "FAIL manifest: manifest, manifest"),
    (t.manifest_bytes(lambda raw: t.put(raw, ("groups",), [])), "FAIL manifest: manifest, manifest"),
    (
        t.manifest_bytes(lambda raw: t.put(raw, ("groups", 1, "label"), "机关中层正职")),
        "FAIL manifest: manifest, manifest",
    ),
    (t.manifest_bytes(lambda raw: t.put(raw, ("rehearsal",), 0)), "FAIL malformed: manifest, manifest"),
    (t.manifest(lambda sound: replace(sound, by_group=(0, 2))), "FAIL manifest: manifest, by_group"),
    (t.manifest(lambda sound: replace(sound, uuid="Another1Poll11")), "FAIL manifest: manifest, uuid"),
    (t.manifest(t.one_slip_in_two_groups), "FAIL manifest: manifest, groups are not a partition of the credentials"),
    (t.manifest(t.a_slip_in_no_group), "FAIL manifest: manifest, groups are not a partition of the credentials"),
    (t.manifest(t.a_group_unsorted), "FAIL manifest: manifest, credentials of a group are not sorted"),
    (t.manifest(t.a_group_of_words), "FAIL manifest: manifest, groups are not a partition of the credentials"),
    (t.manifest(t.trustees_in_another_order), "FAIL manifest: manifest, trustees"),
    (t.sidecar(closing=None), "FAIL closing_missing: closing, closing.json"),
    (t.closing_signed_by_another_key, "FAIL closing_signature: closing, closing"),
    (
        lambda: replace(sound_files(), closing=t.put(sound_files().closing or b"", ("ballots",), 9)),
        "FAIL closing_signature: closing, closing",
    ),
    (t.sidecar(closing=b"{}"), "FAIL malformed: closing, closing"),
    (t.sidecar(closing=b'{"a":' + b"9" * 10_000 + b"}"), "FAIL not_json: closing, closing"),
    (t.closing(uuid="Another1Poll11"), "FAIL closing: closing, uuid"),
    (t.closing(phi="A" * 43), "FAIL closing: closing, phi"),
    (t.closing(manifest="A" * 43), "FAIL closing: closing, manifest"),
    (t.closing(head="0" * 64), "FAIL closing: closing, head"),
    (t.closing(ballots=7), "FAIL closing: closing, ballots"),
    (
        t.closing(cast_per_group=(("机关中层正职", 2), ("直属单位负责人", 3), ("机关其他人员", 3))),
        "FAIL closing: closing, cast_per_group",
    ),
    (t.closing(voids="0" * 64), "FAIL closing: closing, voids"),
    (t.closing(groups=("机关其他人员",)), "FAIL closing: closing, groups"),
    (t.closing(opinions=(1, "0" * 64)), "FAIL closing: closing, opinions"),
    (t.counts(printed=14), "FAIL closing: closing, counts, printed"),
    (t.counts(voided=1), "FAIL closing: closing, counts, voided"),
    (t.counts(returned=9), "FAIL closing: closing, counts, returned"),
    (t.counts(handed_out=12), "FAIL closing: closing, counts, handed_out"),
    (lambda: replace(sound_files(), voids=None), "FAIL voids: voids, voids.json is missing"),
    (t.a_void_that_another_slip_proved, f"FAIL voids: voids, {slip(LEFT_OVER[1])}"),
    (t.a_void_of_an_unknown_slip, f"FAIL voids: voids, {ED25519.base(42).text}"),
    (t.a_void_with_another_reason, f"FAIL voids: voids, {slip(LEFT_OVER[0])}"),
    (t.a_ballot_under_a_voided_slip, f"FAIL voided_ballot: voids, {slip(VOTERS[0])}"),
    (t.two_ballots_change_places, "FAIL ballot_order: ballot_order, ballots"),
]


@pytest.mark.parametrize(("tweak", "line"), AROUND)
def test_what_stands_around_the_archive_is_refused_by_name_and_place(tweak, line):
    # Without voids.json the closing statement's hash of it cannot hold either.
    assert refusals(verify(tweak()))[0] == line


def test_one_wrong_thing_around_the_archive_gives_one_failure():
    assert failures(verify(t.two_ballots_change_places())) == [Code.BALLOT_ORDER]
    assert failures(verify(t.a_ballot_under_a_voided_slip())) == [Code.VOIDED_BALLOT]
    assert failures(verify(t.closing(ballots=7)())) == [Code.CLOSING]
    assert failures(verify(t.sidecar(manifest=None)())) == [Code.MANIFEST_MISSING]


@pytest.mark.parametrize("weight", [",1", ",2"])
def test_weights_have_no_place_in_our_polls(weight):
    report = verify(Draft(poll=Poll(weights=weight)).files())
    assert Code.MANIFEST in failures(report)
    assert any(check.where == "weights" for check in report.checks if not check.ok)


def test_empty_files_under_tally_and_result_are_not_taken_for_their_absence():
    codes = failures(verify(t.empty_files_under_tally_and_result()))
    assert codes[0] == Code.NOT_JSON
    report = verify(t.empty_files_under_tally_and_result())
    assert {check.name for check in report.checks if not check.ok} >= {"encrypted_tally", "result"}


def test_a_result_of_unreadable_sums_is_refused_and_never_an_exception():
    assert refusals(verify(t.a_result_of_unreadable_sums()))[:2] == [
        "FAIL not_json: encrypted_tally, encrypted tally",
        "FAIL result: result, without readable sums",
    ]


def test_the_attack_on_weak_proofs_shifts_the_count_and_only_the_strong_proofs_notice():
    for by in (1, 3):
        report = verify(t.shift_a_count_as_last_voter_and_trustee(by))
        assert report.result is not None
        assert report.result[0][1] == RESULT[0][1] + by
        assert report.result[1] == RESULT[1]
        failed = [check for check in report.checks if not check.ok]
        assert [check.code for check in failed] == [Code.WEAK_DECRYPTION_PROOF]
        assert failed[0].where == "total, question 1, answer 2"
        assert failed[0].who == "trustee 1 (郑为民)"


def test_a_count_shifted_beyond_the_number_of_ballots_is_no_result_even_to_weak_proofs():
    report = verify(t.shift_a_count_as_last_voter_and_trustee(by=5))
    assert failures(report) == [Code.RESULT, Code.WEAK_DECRYPTION_PROOF]


def test_a_shifted_count_passes_where_only_weak_proofs_are_asked_for():
    """Why a record of ours without strong proofs fails: nothing else in the archive shows the shift."""
    report = verify(replace(t.shift_a_count_as_last_voter_and_trustee(), tally=None))
    assert [check.name for check in report.checks if not check.ok] == ["strong_decryptions"]


@pytest.mark.parametrize("until", ["open", "ended", "closed", "decrypting"])
def test_an_unfinished_record_is_checked_as_far_as_it_goes(until):
    report = verify(Draft(until=until).files())
    assert failures(report) == []
    assert report.stage == until
    assert report.result is None
    assert report.notes == [f"the record is not complete ({until}): it was checked as far as it goes"]


def test_an_open_record_without_ballots_is_sound_and_has_its_opening_seal(sound_record):
    files = Draft(ballots=[], until="open").files()
    report = verify(replace(files, closing=None))
    assert report.ok
    assert report.ballots == 0
    assert len(report.opening_seal) == len("81D4 2B6E")
    assert report.opening_seal == verify(sound_record).opening_seal


def test_fewer_ballots_than_the_minimum_may_be_closed_but_not_opened():
    few = Poll(voters=(0, 1, 2, 4))
    report = verify(Draft(poll=few, until="closed").files())
    assert failures(report) == []
    assert report.notes == [
        "fewer ballots than the minimum: nothing may be decrypted",
        "the record is not complete (closed): it was checked as far as it goes",
    ]


def test_just_the_minimum_of_ballots_may_be_opened():
    report = verify(Draft(poll=Poll(voters=VOTERS[:5])).files())
    assert failures(report) == []
    assert report.result == [[1, 3, 1, 2], [2, 1, 0, 1]]


def test_one_share_is_too_much_where_nothing_may_be_decrypted():
    few = Poll(voters=VOTERS[:4])
    report = verify(Draft(poll=few, owners=(1,), until="decrypting").files())
    assert refusals(report) == ["FAIL below_minimum: minimum, 4 ballots, minimum 5"]


def test_a_rehearsal_and_plain_http_are_said():
    marked = Poll(edit_manifest=lambda sound: replace(sound, rehearsal=True, transport="http"))
    report = verify(Draft(poll=marked).files())
    assert report.ok
    assert report.notes == ["a rehearsal (演练): its result may not be used", "phones were served without TLS"]


def test_more_ballots_than_slips_handed_out_is_said(sound_record):
    report = verify(t.counts(handed_out=7)())
    assert report.ok
    assert report.notes == ["more ballots returned than slips handed out: by the rules the poll is held again"]
    # As many as were handed out is what a room should give.
    assert verify(t.counts(handed_out=8)()).notes == verify(sound_record).notes == []


def test_where_the_sums_cannot_be_read_no_trustee_is_blamed():
    report = verify(Draft(encrypted_tally=b"{}").files())
    assert refusals(report) == [
        "FAIL malformed: encrypted_tally, encrypted tally", "FAIL result: result, without readable sums",
    ]  # fmt: skip
    assert "the sums cannot be read: no decryption was compared with them" in report.notes


def test_a_false_result_is_not_passed_off_as_a_foreign_archives():
    """One stray character after the manifest's line used to turn a record of ours into one without strong proofs."""
    for edit in ("\n", " "):
        with pytest.raises(Invalid) as error:
            Poll(edit_election=lambda election, edit=edit: replace(election, description=election.description + edit))
        assert error.value.code is Code.MANIFEST
    raw = poll().election.raw.replace(b"mipiao-manifest:", b" mipiao-manifest:")
    assert refusals(verify(Draft(election=raw).files())) == ["FAIL manifest: election, election, description"]


def test_that_strong_proofs_were_not_checked_for_want_of_a_closing_statement_is_said():
    report = verify(t.closing(ballots=7)())
    assert [check.name for check in report.checks if check.name == "strong_decryptions"] == []
    assert report.notes == ["the closing statement does not hold: the strong proofs, bound to it, were not checked"]


def test_everybody_expected_may_have_been_present():
    assert verify(t.counts(present=13, expected=13)()).ok


def test_our_own_polls_know_no_second_vote_even_if_asked_to_allow_it():
    assert Code.SECOND_VOTE in failures(verify(t.a_second_vote(), allow_revote=True))


FOREIGN = "foreign archive, by Belenios' rules alone: its decryption proofs bind neither ciphertext nor factor"


def test_a_foreign_record_is_held_to_belenios_checks_and_told_what_they_leave_open():
    report = verify(t.a_foreign_record())
    assert (failures(report), report.ours, report.result) == ([], False, RESULT)
    assert report.notes == [FOREIGN]
    assert report.checks[-1].name == "result"


def test_a_foreign_record_without_shares_is_called_foreign_too():
    report = verify(t.a_foreign_record(until="closed"))
    assert failures(report) == []
    assert report.notes == [FOREIGN, "the record is not complete (closed): it was checked as far as it goes"]


def test_a_foreign_ballot_counts_as_often_as_its_weight_says():
    report = verify(t.a_foreign_record(weight=2))
    assert failures(report) == []
    assert report.result == [[2 * one for one in row] for row in RESULT]


def test_of_two_foreign_ballots_under_one_credential_the_last_counts_if_that_is_allowed():
    again = t.foreign_poll(2).vote(VOTERS[0], ((1, 0, 0, 0), (0, 0, 0, 1)), "thought again")
    files = t.a_foreign_record(weight=2, more=[again], first=1)
    report = verify(files, allow_revote=True)
    assert failures(report) == []
    assert report.ballots == 8
    # The first voter's (0, 1, 0, 0) and (1, 0, 0, 0), at weight 2, have become the other.
    assert report.result == [[6, 6, 4, 4], [4, 4, 2, 4]]
    assert failures(verify(files)) == [Code.SECOND_VOTE]


def test_ballots_may_be_judged_by_an_executor(sound_record):
    with ThreadPoolExecutor(2) as executor:
        report = verify(sound_record, mapper=executor.map)
    assert report.ok
    assert report.ballots == 8


def test_the_line_of_a_failure_names_code_place_and_culprit():
    report = verify(t.edit_partial(2, t.another_weak_proof)())
    line = next(check.line for check in report.checks if not check.ok)
    assert line == "FAIL decryption_proof: partial_decryption 2, question 1, answer 1, trustee 2 (钱守正)"


def test_a_group_of_many_answers_and_no_ballot_still_closes():
    nobody = Poll(voters=())
    report = verify(Draft(poll=nobody, until="closed").files())
    assert failures(report) == []
    assert report.ballots == 0


# --- never an exception


def harmless(files: Files) -> None:
    report = verify(files)
    assert report.checks
    for check in report.checks:
        assert check.line.encode()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_flipped_byte_anywhere_in_the_archive_is_a_failure_and_never_an_exception(sound_record, data):
    at = data.draw(st.integers(0, len(sound_record.bel) - 1))
    flip = data.draw(st.integers(1, 255))
    bel = bytearray(sound_record.bel)
    bel[at] ^= flip
    report = verify(replace(sound_record, bel=bytes(bel)))
    assert not report.ok


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_flipped_byte_in_any_sidecar_is_a_failure_and_never_an_exception(sound_record, data):
    name = data.draw(st.sampled_from(["manifest", "closing", "voids", "tally"]))
    raw = bytearray(getattr(sound_record, name))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    files = replace(Draft(ballots=[], until="closed").files(), **{name: bytes(raw)})
    assert not verify(files).ok


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_flipped_byte_in_the_data_under_fitting_hashes_is_never_an_exception(sound_record, data):
    found = steps(sound_record.bel)
    at = data.draw(st.integers(0, len(found) - 1))
    if not found[at].data:
        return
    which = data.draw(st.integers(0, len(found[at].data) - 1))
    raw = bytearray(found[at].data[which])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    changed = (*found[at].data[:which], bytes(raw), *found[at].data[which + 1 :])
    files = replace(sound_record, bel=t.chain([*found[:at], found[at].but(data=changed), *found[at + 1 :]]))
    report = verify(files)
    assert not report.ok


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_json_in_place_of_any_value_is_never_an_exception(sound_record, data):
    """Whatever stands in the data, with hashes that fit: lone surrogates, huge numbers, other types."""
    found = steps(sound_record.bel)
    at = data.draw(st.sampled_from([0, 1, len(found) - 5, len(found) - 4, len(found) - 1]))
    if not found[at].data:
        return
    which = data.draw(st.integers(0, len(found[at].data) - 1))
    whole = json.loads(found[at].data[which])
    path = data.draw(st.sampled_from(paths(whole)))
    raw = replaced(whole, path, data.draw(JSON))
    changed = (*found[at].data[:which], raw, *found[at].data[which + 1 :])
    harmless(replace(sound_record, bel=t.chain([*found[:at], found[at].but(data=changed), *found[at + 1 :]])))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_json_in_place_of_any_value_around_the_archive_is_never_an_exception(data):
    def change(raw: bytes) -> bytes:
        whole = json.loads(raw)
        return replaced(whole, data.draw(st.sampled_from(paths(whole))), data.draw(JSON))

    if data.draw(st.booleans()):
        # The manifest is hashed into the election, so the whole poll is made for it.
        harmless(
            Draft(
                poll=Poll(questions=QUESTIONS[1:], choices=[[[1, 0, 0, 0]]], manifest_bytes=change), until="closed"
            ).files()
        )
    else:
        name = data.draw(st.sampled_from(["closing", "voids", "tally"]))
        harmless(replace(sound_files(), **{name: change(getattr(sound_files(), name))}))


@pytest.mark.parametrize(
    "junk", [b"", b"\0" * 512, b"BELENIOS", b"\xff" * 2048, b"[" * 100_000, b'"' + b'\\"' * 50_000]
)
def test_junk_in_any_file_is_a_failure_and_never_an_exception(sound_record, junk):
    for name in ("bel", "manifest", "closing", "voids", "tally"):
        assert not verify(replace(sound_record, **{name: junk})).ok


def paths(value, prefix=()):
    """All places of a JSON value, itself included; deep lists by their first members."""
    found = [prefix]
    if isinstance(value, dict):
        for name in value:
            found += paths(value[name], (*prefix, name))
    elif isinstance(value, list):
        for index in range(min(len(value), 3)):
            found += paths(value[index], (*prefix, index))
    return found


def replaced(whole, path, value) -> bytes:
    """JSON with one place replaced, escaping what has no UTF-8 form."""
    if not path:
        whole = value
    else:
        at = whole
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return "".join(c if not "\ud800" <= c <= "\udfff" else f"\\u{ord(c):04x}" for c in text).encode()
