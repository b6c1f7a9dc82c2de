"""A sound record, one named tweak, the code that must come out."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys.curve import ED25519
from tally import canonical
from tally.errors import Code
from tally.verify import Files, verify
from tests.tally import tweaks as t
from tests.tally.builders import QUESTIONS, RESULT, Draft, Poll, failures, poll, sound_files, steps

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
        "partial_decryption 1", "partial_decryption 2", "partial_decryption 3", "result", "manifest", "voids",
        "ballot_order", "closing", "minimum", "strong_decryptions", "group_decryptions",
    ]  # fmt: skip


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


ARCHIVE = [
    (t.archive(t.another_mode_in_a_header), Code.ARCHIVE),
    (t.archive(lambda bel: bel[:-1]), Code.ARCHIVE),
    (t.archive(lambda bel: bel + b"\0" * 1024), Code.ARCHIVE),
    (t.archive(lambda _: b""), Code.ARCHIVE),
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


SET_UP = [
    (t.election(lambda raw: t.put(raw, ("version",), 2)), Code.UNSUPPORTED_VERSION),
    (t.election(lambda raw: t.put(raw, ("version",), True)), Code.MALFORMED),
    (t.election(lambda raw: t.put(raw, ("group",), "Ed448")), Code.UNSUPPORTED_GROUP),
    (t.election(lambda raw: t.put(raw, ("questions", 0, "type"), "Lists")), Code.UNSUPPORTED_QUESTION),
    (t.election(lambda raw: t.put(raw, ("public_key",), t.IDENTITY)), Code.IDENTITY),
    (t.election(lambda raw: t.put(raw, ("public_key",), t.TORSION)), Code.POINT),
    (t.election(lambda raw: t.put(raw, ("uuid",), "short")), Code.MALFORMED),
    (t.election(lambda raw: t.put(raw, ("questions", 0, "max"), 9)), Code.MALFORMED),
    (t.election(lambda raw: t.put(raw, ("questions", 0, "min"), "1")), Code.MALFORMED),
    (t.election(lambda raw: raw.replace(b'"min":1', b'"min":1.0', 1)), Code.NOT_JSON),
    (t.election(lambda raw: raw.replace(b'"min":1', b'"min":1,"min":1', 1)), Code.NOT_JSON),
    (t.election(lambda raw: b" " + raw), Code.NOT_CANONICAL),
    (t.election(lambda _: b"["), Code.NOT_JSON),
    (t.election(lambda _: b"[" * 9 + b"]" * 9), Code.TOO_DEEP),
    (t.trustees(lambda raw: t.put(raw, (0, 1, "pok", "response"), t.plus_one)), Code.TRUSTEE_POK),
    (t.trustees(t.one_trustee_twice), Code.TRUSTEE_REPEATED),
    (t.trustees(lambda raw: t.put(raw, (0, 1, "public_key"), t.IDENTITY)), Code.IDENTITY),
    (t.trustees(lambda _: b"[]"), Code.MALFORMED),
    (t.trustees(lambda raw: raw.replace(b'"name":"', b'"name":"\\ud800', 1)), Code.NOT_JSON),
    (t.trustees(lambda raw: canonical.dump(json.loads(raw)[:2])), Code.ELECTION_KEY),
    (t.credentials(lambda listed: [listed[1], listed[0], *listed[2:]]), Code.CREDENTIAL_ORDER),
    (t.credentials(lambda listed: [listed[0], *listed]), Code.CREDENTIAL_REPEATED),
    (t.credentials(lambda listed: [f"{listed[0]},1", *listed[1:]]), Code.NOT_CANONICAL),
    (t.credentials(lambda listed: [f"{listed[0]},02", *listed[1:]]), Code.NOT_CANONICAL),
    (t.credentials(lambda listed: [t.IDENTITY, *listed]), Code.IDENTITY),
    (t.credentials(lambda listed: [t.TORSION, *listed]), Code.POINT),
    (t.credentials(lambda listed: [listed[0].upper(), *listed[1:]]), Code.POINT),
    (t.credentials(lambda _: [[]]), Code.MALFORMED),
    (lambda: Draft(credentials=poll().credentials.replace(b",", b", ")).files(), Code.NOT_CANONICAL),
]


@pytest.mark.parametrize(("tweak", "code"), SET_UP)
def test_a_tweaked_set_up_is_refused_by_name(tweak, code):
    assert next(iter(failures(verify(tweak())))) == code


TALLY = [
    (t.drop_one_ballot, [Code.TALLY_MISMATCH, Code.CLOSING]),
    (lambda: Draft(more_tallied=1).files(), [Code.TALLY_MISMATCH]),
    (lambda: Draft(more_weight=1).files(), [Code.TALLY_MISMATCH]),
    (t.the_sums_of_other_ballots, [Code.TALLY_MISMATCH]),
    (t.edit_partial(2, t.another_weak_proof), [Code.DECRYPTION_PROOF, Code.SHARES_MISSING]),
    (t.edit_partial(2, t.a_row_too_few), [Code.MALFORMED, Code.SHARES_MISSING]),
    (t.a_share_numbered_as_a_fourth_trustees, [Code.DECRYPTION_OWNER, Code.WEAK_DECRYPTION_PROOF]),
    (t.a_share_twice, [Code.DECRYPTION_OWNER, Code.WEAK_DECRYPTION_PROOF]),
    (t.a_result_without_the_third_share, [Code.SHARES_MISSING]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), 5)), [Code.RESULT]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), 9)), [Code.RESULT]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), -1)), [Code.MALFORMED]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), "4")), [Code.MALFORMED]),
    (t.result_changed(lambda raw: t.put(raw, ("result", 0, 1), True)), [Code.MALFORMED]),
    (t.result_changed(lambda raw: t.drop(raw, ("result", 1))), [Code.MALFORMED]),
    (t.result_changed(lambda raw: raw + b" "), [Code.NOT_CANONICAL]),
    (t.shift_a_count_as_last_voter_and_trustee, [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong_line(t.another_strong_proof), [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong_line(t.strong_proofs_of_two_answers_swapped), [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong_line(lambda line: replace(line, key=ED25519.base(3).text)), [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong_line(lambda line: replace(line, total=line.total[1:])), [Code.MALFORMED]),
    (t.strong(lambda sound: replace(sound, shares=sound.shares[1:])), [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong(lambda sound: replace(sound, shares=sound.shares[::-1])), [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong(lambda sound: replace(sound, sigma="0" * 64)), [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong(lambda sound: replace(sound, phi="A" * 43)), [Code.WEAK_DECRYPTION_PROOF]),
    (t.strong(lambda sound: replace(sound, uuid="Another1Poll11")), [Code.WEAK_DECRYPTION_PROOF]),
    (t.sidecar(tally=None), [Code.WEAK_DECRYPTION_PROOF]),
    (t.sidecar(tally=b"{}"), [Code.MALFORMED]),
    (t.sidecar(tally=b"{"), [Code.NOT_JSON]),
    (t.four_ballots_decrypted, [Code.BELOW_MINIMUM]),
]


@pytest.mark.parametrize(("tweak", "codes"), TALLY)
def test_a_tweaked_tally_is_refused_by_name(tweak, codes):
    assert failures(verify(tweak())) == codes


AROUND = [
    (t.sidecar(manifest=None), Code.MANIFEST_MISSING),
    (t.sidecar(manifest=b"[]"), Code.MALFORMED),
    (lambda: Draft(manifest=t.put(poll().manifest, ("minimum",), 6)).files(), Code.MANIFEST_HASH),
    (t.manifest_bytes(lambda raw: raw + b"\n"), Code.NOT_CANONICAL),
    (t.manifest_bytes(lambda raw: t.put(raw, ("version",), 2)), Code.UNSUPPORTED_VERSION),
    (t.manifest_bytes(lambda raw: t.put(raw, ("minimum",), 4)), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("transport",), "ftp")), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("issuance",), "nobody")), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("receipt_key",), "00")), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("assets", 0, "sha256"), "00")), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("by_group",), [1, 0])), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("groups",), [])), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("groups", 1, "label"), "机关中层正职")), Code.MANIFEST),
    (t.manifest_bytes(lambda raw: t.put(raw, ("rehearsal",), 0)), Code.MALFORMED),
    (t.manifest(lambda sound: replace(sound, by_group=(0, 2))), Code.MANIFEST),
    (t.manifest(lambda sound: replace(sound, uuid="Another1Poll11")), Code.MANIFEST),
    (t.manifest(t.one_slip_in_two_groups), Code.MANIFEST),
    (t.manifest(t.a_slip_in_no_group), Code.MANIFEST),
    (t.manifest(t.a_group_unsorted), Code.MANIFEST),
    (t.manifest(t.a_group_of_words), Code.MANIFEST),
    (t.manifest(t.trustees_in_another_order), Code.MANIFEST),
    (t.sidecar(closing=None), Code.CLOSING_MISSING),
    (t.closing_signed_by_another_key, Code.CLOSING_SIGNATURE),
    (
        lambda: replace(sound_files(), closing=t.put(sound_files().closing or b"", ("ballots",), 9)),
        Code.CLOSING_SIGNATURE,
    ),
    (t.sidecar(closing=b"{}"), Code.MALFORMED),
    (t.sidecar(closing=b'{"a":' + b"9" * 10_000 + b"}"), Code.NOT_JSON),
    (t.closing(uuid="Another1Poll11"), Code.CLOSING),
    (t.closing(phi="A" * 43), Code.CLOSING),
    (t.closing(manifest="A" * 43), Code.CLOSING),
    (t.closing(head="0" * 64), Code.CLOSING),
    (t.closing(ballots=7), Code.CLOSING),
    (t.closing(cast_per_group=(("机关中层正职", 2), ("直属单位负责人", 3), ("机关其他人员", 3))), Code.CLOSING),
    (t.closing(voids="0" * 64), Code.CLOSING),
    (t.closing(groups=("机关其他人员",)), Code.CLOSING),
    (t.closing(opinions=(1, "0" * 64)), Code.CLOSING),
    (t.counts(printed=14), Code.CLOSING),
    (t.counts(voided=1), Code.CLOSING),
    (t.counts(returned=9), Code.CLOSING),
    (t.counts(handed_out=12), Code.CLOSING),
    (lambda: replace(sound_files(), voids=None), Code.VOIDS),
    (t.a_void_that_another_slip_proved, Code.VOIDS),
    (t.a_void_of_an_unknown_slip, Code.VOIDS),
    (t.a_void_with_another_reason, Code.VOIDS),
    (t.a_ballot_under_a_voided_slip, Code.VOIDED_BALLOT),
    (t.two_ballots_change_places, Code.BALLOT_ORDER),
]


@pytest.mark.parametrize(("tweak", "code"), AROUND)
def test_what_stands_around_the_archive_is_refused_by_name(tweak, code):
    # Without voids.json the closing statement's hash of it cannot hold either.
    assert failures(verify(tweak()))[0] == code


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
    assert any("not complete" in note for note in report.notes)


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
    assert any("nothing may be decrypted" in note for note in report.notes)


def test_a_rehearsal_and_plain_http_are_said():
    marked = Poll(edit_manifest=lambda sound: replace(sound, rehearsal=True, transport="http"))
    report = verify(Draft(poll=marked).files())
    assert report.ok
    assert any("演练" in note for note in report.notes)
    assert any("without TLS" in note for note in report.notes)


def test_more_ballots_than_slips_handed_out_is_said(sound_record):
    report = verify(t.counts(handed_out=7)())
    assert report.ok
    assert any("held again" in note for note in report.notes)
    assert not any("held again" in note for note in verify(sound_record).notes)


def test_our_own_polls_know_no_second_vote_even_if_asked_to_allow_it():
    assert Code.SECOND_VOTE in failures(verify(t.a_second_vote(), allow_revote=True))


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
