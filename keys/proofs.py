"""The zero-knowledge proofs of a ballot, in Schnorr form: response = w - secret * challenge (Belenios specification).

Every prover below knows the randomness r of its ciphertext, so the simulated branches are computed from r: all powers
have base g or the election key, for which fast code exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from keys.elgamal import Ciphertext
from keys.group import Group, Point, Rng, Scalar


@dataclass(frozen=True, slots=True)
class Proof:
    """One Schnorr pair: challenge and response, both exponents."""

    challenge: Scalar
    response: Scalar


Proofs = tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A ciphertext with what its maker knows about it."""

    ciphertext: Ciphertext
    message: int
    randomness: Scalar


Branch = tuple[Opened, int]
"""A ciphertext and the message that it is claimed to hold."""


def _prove_any(group: Group, key: Point, prefix: str, branches: Sequence[Branch], rng: Rng) -> Proofs:
    """Prove that one of the branches is true, hiding which (disjunctive Chaum-Pedersen). The caller has a true one."""
    true_index = next(i for i, (opened, message) in enumerate(branches) if opened.message == message)
    nonce = group.random(rng)
    proofs: dict[int, Proof] = {}
    texts: list[str] = []
    for index, (opened, message) in enumerate(branches):
        if index == true_index:
            texts.append(f"{group.base(nonce).text},{(key * nonce).text}")
            continue
        fake = proofs[index] = Proof(group.random(rng), group.random(rng))
        # g^response alpha^challenge = g^(response + r challenge); likewise for y, off by g^((m - message) challenge).
        exponent = fake.response + opened.randomness * fake.challenge
        b = key * exponent + group.base((opened.message - message) * fake.challenge)
        texts.append(f"{group.base(exponent).text},{b.text}")
    total = group.hash(prefix + ",".join(texts))
    challenge = group.scalar(total - sum(fake.challenge for fake in proofs.values()))
    randomness = branches[true_index][0].randomness
    proofs[true_index] = Proof(challenge, group.scalar(nonce - randomness * challenge))
    return tuple(proofs[index] for index in range(len(branches)))


def _verify_any(
    group: Group, key: Point, prefix: str, branches: Sequence[tuple[Ciphertext, int]], proofs: Proofs
) -> bool:
    """Recompute A = g^response alpha^challenge and B = y^response (beta / g^m)^challenge, and add the challenges up."""
    if len(proofs) != len(branches):
        return False
    texts = []
    for (ct, message), proof in zip(branches, proofs, strict=True):
        shifted = ct.beta - group.power(message) if message else ct.beta
        a = group.base(proof.response) + ct.alpha * proof.challenge
        b = key * proof.response + shifted * proof.challenge
        texts.append(f"{a.text},{b.text}")
    return group.scalar(sum(proof.challenge for proof in proofs)) == group.hash(prefix + ",".join(texts))


def prove_bit(group: Group, key: Point, context: str, opened: Opened, rng: Rng) -> Proofs:
    """Prove that one ciphertext holds 0 or 1, bound to `context` (S0). Spec: PROOF-1."""
    return prove_sum(group, key, context, opened, 0, 1, rng)


def verify_bit(group: Group, key: Point, context: str, ct: Ciphertext, proofs: Proofs) -> bool:
    """Check a proof of `prove_bit`. Spec: PROOF-1."""
    return verify_sum(group, key, context, ct, 0, 1, proofs)


def prove_sum(group: Group, key: Point, context: str, opened: Opened, low: int, high: int, rng: Rng) -> Proofs:
    """Prove that the product of a question's ciphertexts holds low..high, bound to `context` (S). Spec: PROOF-2."""
    branches = [(opened, message) for message in range(low, high + 1)]
    return _prove_any(group, key, f"prove|{context}|{opened.ciphertext.text}|", branches, rng)


def verify_sum(group: Group, key: Point, context: str, ct: Ciphertext, low: int, high: int, proofs: Proofs) -> bool:
    """Check a proof of `prove_sum`. Spec: PROOF-2."""
    branches = [(ct, message) for message in range(low, high + 1)]
    return _verify_any(group, key, f"prove|{context}|{ct.text}|", branches, proofs)


def prove_blank_or_empty(group: Group, key: Point, context: str, blank: Opened, rest: Opened, rng: Rng) -> Proofs:
    """Prove that the blank flag or the sum of the answers is 0. Spec: PROOF-3 (`bproof0`)."""
    return _prove_any(group, key, f"bproof0|{context}|", [(blank, 0), (rest, 0)], rng)


def verify_blank_or_empty(
    group: Group, key: Point, context: str, blank: Ciphertext, rest: Ciphertext, proofs: Proofs
) -> bool:
    """Check a proof of `prove_blank_or_empty`. Spec: PROOF-3."""
    return _verify_any(group, key, f"bproof0|{context}|", [(blank, 0), (rest, 0)], proofs)


def prove_blank_or_sum(
    group: Group, key: Point, context: str, blank: Opened, rest: Opened, low: int, high: int, rng: Rng
) -> Proofs:
    """Prove that the blank flag is 1 or the sum of the answers is in low..high. Spec: PROOF-4 (`bproof1`)."""
    branches = [(blank, 1), *((rest, m) for m in range(low, high + 1))]
    return _prove_any(group, key, f"bproof1|{context}|", branches, rng)


def verify_blank_or_sum(
    group: Group, key: Point, context: str, blank: Ciphertext, rest: Ciphertext, low: int, high: int, proofs: Proofs
) -> bool:
    """Check a proof of `prove_blank_or_sum`. Spec: PROOF-4."""
    branches = [(blank, 1), *((rest, m) for m in range(low, high + 1))]
    return _verify_any(group, key, f"bproof1|{context}|", branches, proofs)


def sign(group: Group, secret: Scalar, prefix: str, rng: Rng) -> Proof:
    """Prove knowledge of `secret`, bound to `prefix`: challenge = H(prefix|A). Spec: PROOF-5."""
    nonce = group.random(rng)
    challenge = group.hash(f"{prefix}|{group.base(nonce).text}")
    return Proof(challenge, group.scalar(nonce - secret * challenge))


def verify(group: Group, public: Point, prefix: str, proof: Proof) -> bool:
    """Check a proof of `sign` against the public key. Spec: PROOF-5."""
    commitment = group.base(proof.response) + public * proof.challenge
    return proof.challenge == group.hash(f"{prefix}|{commitment.text}")
