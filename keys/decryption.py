"""Partial decryption: one trustee's factor F = alpha^x for a ciphertext, with two proofs of it.

Belenios' proof hashes neither alpha nor F into its challenge, so it is made for compatibility and never believed alone;
the strong proof hashes the whole statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from keys.elgamal import Ciphertext
from keys.group import Group, Point, Rng, Scalar
from keys.proofs import Proof


@dataclass(frozen=True, slots=True)
class Place:
    """Which ciphertext of which closed record a strong proof is about. Spec: DEC-3."""

    phi: str
    sigma: str
    owner: int
    label: str
    question: int
    answer: int

    def prefix(self, key: Point, ct: Ciphertext, factor: Point) -> str:
        """Return the text hashed before the commitments."""
        where = f"{self.phi}|{self.sigma}|{self.owner}|{key.text}|{self.label}|{self.question},{self.answer}"
        return f"mipiao-decrypt|{where}|{ct.text},{factor.text}|"


def factor(secret: Scalar, ct: Ciphertext) -> Point:
    """Return alpha^x. Spec: DEC-1."""
    return ct.alpha * secret


def prove_weak(group: Group, secret: Scalar, phi: str, ct: Ciphertext, rng: Rng) -> Proof:
    """Make Belenios' proof that log_g X = log_alpha F. Spec: DEC-2."""
    return _prove(group, secret, ct, _weak_prefix(phi, group.base(secret)), rng)


def verify_weak(group: Group, key: Point, phi: str, ct: Ciphertext, factor: Point, proof: Proof) -> bool:
    """Check Belenios' proof. True proves nothing about F to us. Spec: DEC-2."""
    return _verify(group, key, ct, factor, _weak_prefix(phi, key), proof)


def prove_strong(group: Group, secret: Scalar, place: Place, ct: Ciphertext, rng: Rng) -> Proof:
    """Prove log_g X = log_alpha F with the whole statement in the challenge. Spec: DEC-3."""
    key = group.base(secret)
    return _prove(group, secret, ct, place.prefix(key, ct, factor(secret, ct)), rng)


def verify_strong(group: Group, key: Point, place: Place, ct: Ciphertext, factor: Point, proof: Proof) -> bool:
    """Check a proof of `prove_strong`. Spec: DEC-3."""
    return _verify(group, key, ct, factor, place.prefix(key, ct, factor), proof)


def open_sum(ct: Ciphertext, factors: Sequence[Point]) -> Point:
    """Take all factors off a ciphertext: what remains is g^m. Spec: DEC-4."""
    remaining = ct.beta
    for one in factors:
        remaining = remaining - one
    return remaining


def logarithm(group: Group, point: Point, limit: int) -> int | None:
    """Find m in 0..limit with g^m = point by counting up, or None. Spec: DEC-4."""
    step, at = group.base(1), group.identity
    for m in range(limit + 1):
        if at == point:
            return m
        at = at + step
    return None


def _weak_prefix(phi: str, key: Point) -> str:
    return f"decrypt|{phi}|{key.text}|"


def _prove(group: Group, secret: Scalar, ct: Ciphertext, prefix: str, rng: Rng) -> Proof:
    nonce = group.random(rng)
    challenge = group.hash(f"{prefix}{group.base(nonce).text},{(ct.alpha * nonce).text}")
    return Proof(challenge, group.scalar(nonce - secret * challenge))


def _verify(group: Group, key: Point, ct: Ciphertext, factor: Point, prefix: str, proof: Proof) -> bool:
    a = group.base(proof.response) + key * proof.challenge
    b = ct.alpha * proof.response + factor * proof.challenge
    return proof.challenge == group.hash(f"{prefix}{a.text},{b.text}")
