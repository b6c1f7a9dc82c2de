"""Each proof: the honest one passes, and one named tweak anywhere makes it fail."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import pytest

from keys import proofs
from keys.curve import ED25519
from keys.elgamal import Ciphertext, encrypt
from keys.group import Point, Scalar
from keys.proofs import Opened, Proof, Proofs
from tests.tally.builders import stream

KEY = ED25519.base(ED25519.random(stream("proof key")))
OTHER = ED25519.base(11)


def opening(message: int, seed: str = "r") -> Opened:
    r = ED25519.random(stream(f"{seed} {message}"))
    return Opened(encrypt(ED25519, KEY, message, r), message, r)


@dataclass(frozen=True)
class Claim:
    """What a verifier is told: change one part and the answer must be no."""

    proofs: Proofs
    judge: Callable[[Point, str, tuple[Ciphertext, ...], Proofs], bool]
    ciphertexts: tuple[Ciphertext, ...]
    key: Point = KEY
    context: str = "S"

    def holds(self) -> bool:
        return self.judge(self.key, self.context, self.ciphertexts, self.proofs)


def bit(message: int = 1) -> Claim:
    one = opening(message)
    made = proofs.prove_bit(ED25519, KEY, "S", one, stream("bit"))
    return Claim(
        made, lambda key, context, cts, p: proofs.verify_bit(ED25519, key, context, cts[0], p), (one.ciphertext,)
    )


def whole_sum(message: int = 2, low: int = 1, high: int = 4) -> Claim:
    one = opening(message)
    made = proofs.prove_sum(ED25519, KEY, "S", one, low, high, stream("sum"))
    return Claim(
        made,
        lambda key, context, cts, p: proofs.verify_sum(ED25519, key, context, cts[0], low, high, p),
        (one.ciphertext,),
    )


def blank_or_empty(blank: int = 0, rest: int = 2) -> Claim:
    one, two = opening(blank, "blank"), opening(rest, "rest")
    made = proofs.prove_blank_or_empty(ED25519, KEY, "S", one, two, stream("bproof0"))

    def judge(key: Point, context: str, cts: tuple[Ciphertext, ...], p: Proofs) -> bool:
        return proofs.verify_blank_or_empty(ED25519, key, context, cts[0], cts[1], p)

    return Claim(made, judge, (one.ciphertext, two.ciphertext))


def blank_or_sum(blank: int = 0, rest: int = 2, low: int = 1, high: int = 2) -> Claim:
    one, two = opening(blank, "blank"), opening(rest, "rest")
    made = proofs.prove_blank_or_sum(ED25519, KEY, "S", one, two, low, high, stream("bproof1"))

    def judge(key: Point, context: str, cts: tuple[Ciphertext, ...], p: Proofs) -> bool:
        return proofs.verify_blank_or_sum(ED25519, key, context, cts[0], cts[1], low, high, p)

    return Claim(made, judge, (one.ciphertext, two.ciphertext))


def knowledge() -> Claim:
    secret = Scalar(77)
    made = (proofs.sign(ED25519, secret, "S", stream("sign")),)
    public = ED25519.base(secret)

    def judge(key: Point, context: str, cts: tuple[Ciphertext, ...], p: Proofs) -> bool:
        # No ciphertext is in this statement: its other half, the number of proofs, is judged here.
        return len(p) == 1 and len(cts) == 0 and proofs.verify(ED25519, key, context, p[0])

    return Claim(made, judge, (), key=public)


CLAIMS = [bit, whole_sum, blank_or_empty, blank_or_sum, knowledge]


def another_context(claim: Claim) -> Claim:
    return replace(claim, context="T")


def another_key(claim: Claim) -> Claim:
    return replace(claim, key=OTHER)


def another_challenge(claim: Claim) -> Claim:
    first, *rest = claim.proofs
    return replace(claim, proofs=(replace(first, challenge=ED25519.scalar(first.challenge + 1)), *rest))


def another_response(claim: Claim) -> Claim:
    *rest, last = claim.proofs
    return replace(claim, proofs=(*rest, replace(last, response=ED25519.scalar(last.response + 1))))


def zeros(claim: Claim) -> Claim:
    return replace(claim, proofs=tuple(Proof(Scalar(0), Scalar(0)) for _ in claim.proofs))


def one_missing(claim: Claim) -> Claim:
    return replace(claim, proofs=claim.proofs[1:])


def one_too_many(claim: Claim) -> Claim:
    return replace(claim, proofs=(*claim.proofs, Proof(Scalar(0), Scalar(0))))


@pytest.mark.parametrize("claim", CLAIMS)
def test_an_honest_proof_passes(claim):
    assert claim().holds()


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(
    "tweak", [another_context, another_key, another_challenge, another_response, zeros, one_missing, one_too_many]
)
def test_one_tweak_makes_any_proof_fail(claim, tweak):
    assert not tweak(claim()).holds()


def another_alpha(claim: Claim, at: int) -> Claim:
    cts = list(claim.ciphertexts)
    cts[at] = replace(cts[at], alpha=cts[at].alpha + ED25519.base(1))
    return replace(claim, ciphertexts=tuple(cts))


def another_beta(claim: Claim, at: int) -> Claim:
    """What flips a vote: the same randomness, one more inside."""
    cts = list(claim.ciphertexts)
    cts[at] = replace(cts[at], beta=cts[at].beta + ED25519.base(1))
    return replace(claim, ciphertexts=tuple(cts))


def doubled(claim: Claim, at: int) -> Claim:
    cts = list(claim.ciphertexts)
    cts[at] = cts[at] + cts[at]
    return replace(claim, ciphertexts=tuple(cts))


@pytest.mark.parametrize("claim", CLAIMS[:4])
@pytest.mark.parametrize("tweak", [another_alpha, another_beta, doubled])
def test_a_proof_is_about_its_own_ciphertexts_only(claim, tweak):
    sound = claim()
    for at in range(len(sound.ciphertexts)):
        assert not tweak(sound, at).holds()


@pytest.mark.parametrize("claim", CLAIMS[:4])
def test_the_branches_of_a_proof_cannot_be_swapped(claim):
    sound = claim()
    swapped = (sound.proofs[1], sound.proofs[0], *sound.proofs[2:])
    assert not replace(sound, proofs=swapped).holds()


@pytest.mark.parametrize("claim", [blank_or_empty, blank_or_sum])
def test_the_blank_flag_and_the_answers_cannot_change_places(claim):
    sound = claim()
    assert not replace(sound, ciphertexts=sound.ciphertexts[::-1]).holds()


@pytest.mark.parametrize("message", [0, 1])
def test_a_bit_may_be_either(message):
    assert bit(message).holds()


@pytest.mark.parametrize(
    ("message", "low", "high"),
    [(m, low, high) for low, high in product(range(3), range(4)) for m in range(low, high + 1)],
)
def test_every_number_of_choices_in_range_can_be_proved(message, low, high):
    assert whole_sum(message, low, high).holds()


@pytest.mark.parametrize(("message", "low", "high"), [(2, 0, 1), (0, 1, 3), (4, 1, 3), (-1, 0, 1)])
def test_a_number_out_of_range_cannot_be_proved(message, low, high):
    one = opening(message)
    with pytest.raises(StopIteration):
        proofs.prove_sum(ED25519, KEY, "S", one, low, high, stream("lie"))
    # Nor can a prover that lies to the machine about what is inside.
    lie = replace(one, message=low)
    forged = proofs.prove_sum(ED25519, KEY, "S", lie, low, high, stream("lie"))
    assert not proofs.verify_sum(ED25519, KEY, "S", one.ciphertext, low, high, forged)


@pytest.mark.parametrize(("blank", "rest"), list(product((0, 1), (0, 1, 2, 3))))
def test_blank_proofs_hold_for_just_the_answers_that_may_be_cast(blank, rest):
    """At least one of flag and answers is 0; and the flag is set or 1..2 answers are."""
    one, two = opening(blank, "blank"), opening(rest, "rest")
    may = (blank == 1 and rest == 0) or (blank == 0 and 1 <= rest <= 2)
    held = []
    for branch in ("true", "lie"):
        first, second = (one, two) if branch == "true" else (replace(one, message=0), replace(two, message=1))
        try:
            empty = proofs.prove_blank_or_empty(ED25519, KEY, "S", first, second, stream("blank"))
            either = proofs.prove_blank_or_sum(ED25519, KEY, "S", first, second, 1, 2, stream("blank"))
        except StopIteration:
            continue
        held.append(
            proofs.verify_blank_or_empty(ED25519, KEY, "S", one.ciphertext, two.ciphertext, empty)
            and proofs.verify_blank_or_sum(ED25519, KEY, "S", one.ciphertext, two.ciphertext, 1, 2, either)
        )
    assert any(held) == may


def test_a_proof_does_not_show_which_branch_was_true():
    """Both bits give as many scalars, none of them 0 or repeated."""
    for message in (0, 1):
        made = bit(message).proofs
        numbers = [number for proof in made for number in (proof.challenge, proof.response)]
        assert len(set(numbers)) == 4
        assert 0 not in numbers


def test_proofs_of_one_kind_are_none_of_another():
    """The prefixes part individual and overall proofs from blank proofs and from signatures."""
    one, two = opening(0, "blank"), opening(1, "rest")
    made = proofs.prove_blank_or_empty(ED25519, KEY, "S", one, two, stream("kinds"))
    assert not proofs.verify_blank_or_sum(ED25519, KEY, "S", one.ciphertext, two.ciphertext, 0, 0, made)
    assert not proofs.verify_bit(ED25519, KEY, "S", one.ciphertext, made)
