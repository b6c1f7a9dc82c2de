"""Ballots: golden bytes, their size bound, and one named tweak each that must be refused by its code."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys import proofs
from keys.curve import ED25519, ORDER
from keys.group import Scalar
from tally import canonical
from tally.ballot import Ballot, make, max_size, short, tracker
from tally.errors import Code, Invalid
from tally.questions import Election, Question
from tests.tally.builders import poll, stream
from tests.tally.tweaks import IDENTITY, TORSION, drop, put

ELECTION = poll().election
BALLOT = poll().ballots[0]
RAW = BALLOT.raw


def refused(raw: bytes) -> Code:
    with pytest.raises(Invalid) as error:
        Ballot.check(raw, ELECTION)
    return error.value.code


def test_a_ballot_is_read_back_as_written_and_holds():
    assert Ballot.check(RAW, ELECTION) == BALLOT
    assert Ballot.parse(RAW, ELECTION).raw == RAW


def test_fields_stand_in_belenios_order():
    number = r'"[0-9]+"'
    proof = rf'\{{"challenge":{number},"response":{number}\}}'
    point = '"[0-9a-f]{64}"'
    choice = rf'\{{"alpha":{point},"beta":{point}\}}'
    answer = (
        rf'\{{"choices":\[{choice}(?:,{choice})*\],"individual_proofs":\[\[{proof},{proof}\](?:,\[{proof},{proof}\])*\],'
        rf'"overall_proof":\[{proof}(?:,{proof})*\](?:,"blank_proof":\[{proof},{proof}\])?\}}'
    )
    whole = (
        rf'\{{"election_uuid":"{ELECTION.uuid}","election_hash":"{re.escape(ELECTION.phi)}","credential":{point},'
        rf'"answers":\[{answer},{answer}\],"signature":\{{"hash":"[A-Za-z0-9+/]{{43}}","proof":{proof}\}}\}}'
    )
    assert re.fullmatch(whole, RAW.decode())


def test_the_golden_tracker_of_the_first_ballot_made_from_its_seed():
    """Pinned: a change of one byte of any ballot's making shows here."""
    assert tracker(RAW) == canonical.b64_hash(RAW) == BALLOT.tracker
    assert BALLOT.tracker == GOLDEN


GOLDEN = "WMGfyAP9RVR/SQym4klfgVDti3UYiXhvtkmwNqalLsE"


def test_the_short_form_is_the_first_40_bits_in_crockfords_alphabet():
    assert short("A" * 43) == "0000 0000"
    assert short(canonical.b64(bytes.fromhex("ffffffffff") + bytes(27))) == "ZZZZ ZZZZ"
    # 00001 00010 00011 … : one step of the alphabet per character
    assert (
        short(canonical.b64((0b00001_00010_00011_00100_00101_00110_00111_01000).to_bytes(5) + bytes(27))) == "1234 5678"
    )


def test_the_same_seed_gives_the_same_ballot_and_another_seed_another():
    again = poll().vote(0, ((0, 1, 0, 0), (1, 0, 0, 0)), "ballot 0")
    assert again.raw == RAW
    assert poll().vote(0, ((0, 1, 0, 0), (1, 0, 0, 0)), "other").raw != RAW


@pytest.mark.parametrize(
    "choices",
    [(), ((0, 1, 0, 0),), ((0, 0, 0, 0), (1, 0, 0, 0)), ((0, 1, 1, 1), (1, 0, 0, 0)), ((1, 1, 0, 0), (1, 0, 0, 0)), ((0, 1, 0), (1, 0, 0, 0)),
     ((0, 2, 0, 0), (1, 0, 0, 0)), ((0, 1, 0, 0), (1, 1, 0, 0))],
)  # fmt: skip
def test_choices_that_the_questions_do_not_allow_cannot_be_made(choices):
    with pytest.raises(Invalid) as error:
        make(ELECTION, Scalar(5), choices, stream("bad choices"))
    assert error.value.code is Code.MALFORMED


def test_progress_is_told_question_by_question():
    told: list[int] = []
    make(ELECTION, Scalar(5), ((0, 1, 0, 0), (0, 0, 0, 0)), stream("progress"), told.append)
    assert told == [1, 2]


A0, A1 = ("answers", 0), ("answers", 1)
FORM = [
    (("election_uuid",), "Another1Poll11", Code.OTHER_ELECTION),
    (("election_hash",), "A" * 43, Code.OTHER_ELECTION),
    (("election_hash",), None, Code.OTHER_ELECTION),
    (("credential",), IDENTITY, Code.IDENTITY),
    (("credential",), TORSION, Code.POINT),
    (("credential",), 5, Code.MALFORMED),
    (("credential",), lambda text: text.upper(), Code.POINT),
    (("answers",), {}, Code.MALFORMED),
    (("answers",), [], Code.MALFORMED),
    ((*A0, "choices"), lambda found: found[1:], Code.MALFORMED),
    ((*A0, "choices"), lambda found: [*found, found[0]], Code.MALFORMED),
    ((*A0, "choices", 0, "alpha"), IDENTITY, Code.IDENTITY),
    ((*A0, "choices", 0, "alpha"), TORSION, Code.POINT),
    ((*A0, "choices", 0, "beta"), TORSION, Code.POINT),
    ((*A0, "choices", 0, "alpha"), lambda text: text.upper(), Code.POINT),
    ((*A0, "choices", 0, "gamma"), IDENTITY, Code.MALFORMED),
    ((*A0, "individual_proofs"), lambda found: found[1:], Code.MALFORMED),
    ((*A0, "individual_proofs", 0), None, Code.MALFORMED),
    ((*A0, "individual_proofs", 0, 0, "challenge"), lambda text: "0" + text, Code.SCALAR),
    ((*A0, "individual_proofs", 0, 0, "challenge"), lambda text: hex(int(text)), Code.SCALAR),
    ((*A0, "individual_proofs", 0, 0, "challenge"), lambda text: str(int(text) + ORDER), Code.SCALAR),
    ((*A0, "individual_proofs", 0, 0, "challenge"), lambda text: " " + text, Code.SCALAR),
    ((*A0, "individual_proofs", 0, 0, "challenge"), lambda text: "-" + text, Code.SCALAR),
    ((*A0, "individual_proofs", 0, 0, "challenge"), 5, Code.MALFORMED),
    ((*A0, "individual_proofs", 0, 0, "extra"), "1", Code.MALFORMED),
    ((*A1, "blank_proof"), [], Code.MALFORMED),
    ((*A1, "extra"), [], Code.MALFORMED),
    (("extra",), 1, Code.MALFORMED),
    (("signature",), None, Code.MALFORMED),
    (("signature", "extra"), 1, Code.MALFORMED),
    (("signature", "hash"), 5, Code.MALFORMED),
    (("signature", "hash"), "é", Code.SIGNATURE),
]


@pytest.mark.parametrize(("path", "value", "code"), FORM)
def test_a_ballot_of_another_form_is_refused_by_name(path, value, code):
    assert refused(put(RAW, path, value)) is code


PLACES = [(), A0, (*A0, "choices", 0), (*A0, "individual_proofs", 0, 0), ("signature",), ("signature", "proof")]


@pytest.mark.parametrize("place", PLACES)
def test_a_missing_field_at_any_depth_is_refused(place):
    at = json.loads(RAW)
    for step in place:
        at = at[step]
    for name in at:
        assert refused(drop(RAW, (*place, name))) is Code.MALFORMED


@pytest.mark.parametrize("place", PLACES)
def test_reordered_fields_at_any_depth_are_refused(place):
    def turned(found):
        return dict(reversed(list(found.items())))

    raw = canonical.dump(turned(json.loads(RAW))) if not place else put(RAW, place, turned)
    assert refused(raw) is Code.NOT_CANONICAL


@pytest.mark.parametrize("place", PLACES)
def test_a_repeated_field_at_any_depth_is_refused(place):
    """The same name twice, whichever value comes last."""
    at = json.loads(RAW)
    for step in place:
        at = at[step]
    name = next(iter(at))
    member = canonical.dump({name: at[name]})[1:-1]
    inner = canonical.dump(at)
    assert RAW.count(inner) == 1
    assert refused(RAW.replace(inner, b"{" + member + b"," + inner[1:])) is Code.NOT_JSON


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw + b"\n",
        lambda raw: b" " + raw,
        lambda raw: raw.replace(b",", b", ", 1),
        lambda raw: raw.replace(b":", b" :", 1),
    ],
)
def test_white_space_anywhere_is_refused(change):
    assert refused(change(RAW)) is Code.NOT_CANONICAL


def test_an_escaped_character_is_refused():
    assert refused(RAW.replace(b"MiPiao", b"\\u004diPiao", 1)) is Code.NOT_CANONICAL


def test_the_body_limit_comes_first():
    with pytest.raises(Invalid) as error:
        Ballot.parse(RAW + b" " * max_size(ELECTION), ELECTION)
    assert error.value.code is Code.TOO_LARGE


def test_beta_alone_may_be_the_identity_for_it_says_nothing():
    """A ciphertext whose beta happens to be the identity is read; that its proof fails is another matter."""
    read = Ballot.parse(put(RAW, (*A0, "choices", 0, "beta"), IDENTITY), ELECTION)
    assert read.answers[0].choices[0].beta.is_identity


def test_one_alpha_twice_within_a_ballot_is_refused():
    fields = json.loads(RAW)
    raw = put(RAW, (*A0, "choices", 1), fields["answers"][0]["choices"][0])
    parsed = Ballot.parse(raw, ELECTION)
    with pytest.raises(Invalid) as error:
        parsed.verify_proofs(ELECTION)
    assert error.value.code is Code.CIPHERTEXT_REPEATED


def test_another_voters_answers_under_ones_own_signature_are_refused():
    """Copying a ballot: the proofs are bound to the credential."""
    other = poll().secrets[3]
    copied = replace(BALLOT, credential=ED25519.base(other))
    digest = canonical.b64_hash(canonical.dump({k: v for k, v in json.loads(copied.raw).items() if k != "signature"}))
    signed = replace(
        copied, signature_hash=digest, signature=proofs.sign(ED25519, other, f"sig|{digest}", stream("copy"))
    )
    signed.verify_signature(ELECTION)
    with pytest.raises(Invalid) as error:
        signed.verify_proofs(ELECTION)
    assert error.value.code is Code.INDIVIDUAL_PROOF


def test_a_signature_of_other_answers_is_refused():
    """A sound signature by the right slip, over the hash of something else."""
    other = canonical.b64_hash(b"other answers")
    proof = proofs.sign(ED25519, poll().secrets[0], f"sig|{other}", stream("other answers"))
    assert proofs.verify(ED25519, BALLOT.credential, f"sig|{other}", proof)
    assert refused(replace(BALLOT, signature_hash=other, signature=proof).raw) is Code.SIGNATURE


def questions() -> st.SearchStrategy[Question]:
    def one(drawn: tuple[int, int, int, bool]) -> Question:
        answers, a, b, blank = drawn
        low, high = sorted((a % (answers + 1), b % (answers + 1)))
        return Question("问", ("答",) * answers, low, high, blank=blank)

    return st.tuples(st.integers(1, 5), st.integers(0, 5), st.integers(0, 5), st.booleans()).map(one)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=st.lists(questions(), min_size=1, max_size=3), data=st.data())
def test_no_ballot_is_larger_than_the_bound_and_every_allowed_one_holds(asked, data):
    uuid = data.draw(st.sampled_from(["1" * 14, "z" * 64]))
    election = Election(ED25519, "", "", ED25519.base(4), tuple(asked), uuid)
    choices = []
    for question in asked:
        number = data.draw(st.integers(question.min, question.max))
        plain = [1] * number + [0] * (len(question.answers) - number)
        choices.append(([0] if question.blank else []) + plain)
    made = make(election, Scalar(9), choices, stream("sizes"))
    assert len(made.raw) <= max_size(election)
    assert Ballot.check(made.raw, election) == made


@settings(max_examples=100)
@given(asked=st.lists(questions(), min_size=1, max_size=4), uuid=st.sampled_from(["1" * 14, "z" * 64]))
def test_the_bound_holds_even_if_every_number_has_all_its_digits(asked, uuid):
    election = Election(ED25519, "", "", ED25519.base(4), tuple(asked), uuid)
    number, point = str(ORDER - 1), "f" * 64
    proof = {"challenge": number, "response": number}
    answers = []
    for question in asked:
        branches = question.max - question.min + 1
        blank = {"blank_proof": [proof, proof]} if question.blank else {}
        answers.append({
            "choices": [{"alpha": point, "beta": point}] * question.width,
            "individual_proofs": [[proof, proof]] * question.width,
            "overall_proof": [proof] * (branches + question.blank), **blank,
        })  # fmt: skip
    largest = {
        "election_uuid": uuid, "election_hash": "A" * 43, "credential": point, "answers": answers,
        "signature": {"hash": "A" * 43, "proof": proof},
    }  # fmt: skip
    size = len(canonical.dump(largest))
    assert size <= max_size(election) < 2 * size


def test_a_number_with_more_digits_than_any_scalar_is_refused():
    assert refused(put(RAW, (*A0, "individual_proofs", 0, 0, "challenge"), "9" * 78)) is Code.SCALAR
