"""Partial decryption: what Belenios' proof does not say, and what the strong one does."""

from dataclasses import replace

import pytest

from keys import decryption
from keys.curve import ED25519, ORDER
from keys.decryption import Place
from keys.elgamal import encrypt
from keys.proofs import Proof
from tests.tally.builders import stream

SECRET = ED25519.random(stream("decryption"))
KEY = ED25519.base(SECRET)
PHI, SIGMA = "A" * 43, "0" * 64
PLACE = Place(PHI, SIGMA, 1, "total", 0, 0)
CT = encrypt(ED25519, KEY, 12, ED25519.random(stream("ct")))
OTHER = encrypt(ED25519, KEY, 3, ED25519.random(stream("other")))
FACTOR = decryption.factor(SECRET, CT)
WEAK = decryption.prove_weak(ED25519, SECRET, PHI, CT, stream("weak"))
STRONG = decryption.prove_strong(ED25519, SECRET, PLACE, CT, stream("strong"))


def weak(key=KEY, phi=PHI, ct=CT, factor=FACTOR, proof=WEAK):
    return decryption.verify_weak(ED25519, key, phi, ct, factor, proof)


def strong(key=KEY, place=PLACE, ct=CT, factor=FACTOR, proof=STRONG):
    return decryption.verify_strong(ED25519, key, place, ct, factor, proof)


def test_honest_proofs_hold_and_the_factor_opens_the_sum():
    assert weak()
    assert strong()
    assert decryption.open_sum(CT, [FACTOR]) == ED25519.base(12)


TWEAKS = [
    {"key": ED25519.base(5)},
    {"ct": OTHER},
    {"factor": decryption.factor(SECRET, OTHER)},
    {"factor": FACTOR + ED25519.base(1)},
    {"factor": ED25519.identity},
]


@pytest.mark.parametrize("tweak", TWEAKS)
def test_an_honest_proof_is_about_its_own_key_ciphertext_and_factor(tweak):
    assert not weak(**tweak)
    assert not strong(**tweak)


@pytest.mark.parametrize("part", ["challenge", "response"])
def test_a_tweaked_number_fails(part):
    assert not weak(proof=replace(WEAK, **{part: ED25519.scalar(getattr(WEAK, part) + 1)}))
    assert not strong(proof=replace(STRONG, **{part: ED25519.scalar(getattr(STRONG, part) + 1)}))


def test_the_weak_proof_is_bound_to_the_election():
    assert not weak(phi="B" * 43)


@pytest.mark.parametrize(
    "change",
    [{"phi": "B" * 43}, {"sigma": "1" * 64}, {"owner": 2}, {"label": "group:0"}, {"question": 1}, {"answer": 1}],
    ids=lambda change: next(iter(change)),
)
def test_the_strong_proof_is_bound_to_every_part_of_its_place(change):
    assert not strong(place=replace(PLACE, **change))


def test_one_kind_of_proof_is_none_of_the_other():
    assert not weak(proof=STRONG)
    assert not strong(proof=WEAK)


def test_beta_is_bound_too():
    """A factor depends on alpha only, so without this a proof could be shown for another sum of the same alpha."""
    assert weak(ct=replace(CT, beta=CT.beta + KEY))
    assert not strong(ct=replace(CT, beta=CT.beta + KEY))


@pytest.mark.parametrize("shift", [1, 5, -1])
def test_a_trustee_who_casts_the_last_ballot_shifts_a_count_under_the_weak_proof_but_not_under_the_strong(shift):
    others = encrypt(ED25519, KEY, 10, ED25519.random(stream("others")))
    w, b = ED25519.random(stream("w")), ED25519.random(stream("b"))
    c = ED25519.hash(f"decrypt|{PHI}|{KEY.text}|{ED25519.base(w).text},{(others.alpha * w + ED25519.base(b)).text}")
    mine = encrypt(ED25519, KEY, 1, ED25519.scalar((b - shift * c) * pow(w, -1, ORDER)))
    total = others + mine
    false = decryption.factor(SECRET, total) + ED25519.base(shift)
    proof = Proof(c, ED25519.scalar(w - SECRET * c))
    assert weak(ct=total, factor=false, proof=proof)
    assert decryption.open_sum(total, [false]) == ED25519.base(11 - shift)
    assert not strong(ct=total, factor=false, proof=proof)


def test_anybody_frames_a_trustee_with_a_published_weak_proof_but_not_with_a_strong_one():
    """The proof of an honest factor serves for another ciphertext and a factor that the trustee never made."""
    commitment = CT.alpha * WEAK.response + FACTOR * WEAK.challenge
    elsewhere = encrypt(ED25519, KEY, 2, ED25519.random(stream("elsewhere")))
    # Solve commitment = alpha'^response F'^challenge for F': it takes no secret.
    never_made = (commitment - elsewhere.alpha * WEAK.response) * pow(WEAK.challenge, -1, ORDER)
    assert never_made != decryption.factor(SECRET, elsewhere)
    assert weak(ct=elsewhere, factor=never_made)

    commitment = CT.alpha * STRONG.response + FACTOR * STRONG.challenge
    never_made = (commitment - elsewhere.alpha * STRONG.response) * pow(STRONG.challenge, -1, ORDER)
    assert not strong(ct=elsewhere, factor=never_made)


def test_logarithms_are_found_up_to_the_limit_and_no_further():
    for m in (0, 1, 50):
        assert decryption.logarithm(ED25519, ED25519.base(m), 50) == m
    assert decryption.logarithm(ED25519, ED25519.base(51), 50) is None
    assert decryption.logarithm(ED25519, ED25519.base(-1), 50) is None


def test_the_factor_of_an_empty_sum_is_the_identity():
    from keys.elgamal import neutral

    assert decryption.factor(SECRET, neutral(ED25519)).is_identity
