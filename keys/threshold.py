"""Threshold keys (Pedersen, t of n): what can be checked about them from their public parameters.

The making of such keys comes with a later release; archives that carry them are verified in full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from keys import proofs
from keys.group import Group, Point
from keys.proofs import Proof


@dataclass(frozen=True, slots=True)
class Certificate:
    """A member's certificate: its verification and encryption keys, self-signed. Spec: TRUST-4."""

    message: str
    threshold: int
    size: int
    index: int
    verification: Point
    encryption: Point
    signature: Proof


@dataclass(frozen=True, slots=True)
class Commitments:
    """A member's committed polynomial: g to each coefficient, constant first, signed. Spec: TRUST-5."""

    message: str
    points: tuple[Point, ...]
    signature: Proof


def verify_message(group: Group, key: Point, message: str, signature: Proof) -> bool:
    """Check a trustee's signature over a message. Spec: TRUST-4."""
    return proofs.verify(group, key, f"sigmsg|{message}", signature)


def sub_key(commitments: Sequence[Commitments], identity: Point) -> Point:
    """Return the members' joint public key: the sum of the constant terms. Spec: TRUST-6."""
    total = identity
    for one in commitments:
        total = total + one.points[0]
    return total


def joint(commitments: Sequence[Commitments], identity: Point) -> tuple[Point, ...]:
    """Return the commitments to the sum of all members' polynomials, constant first. Spec: TRUST-6."""
    columns = zip(*(one.points for one in commitments), strict=True)
    return tuple(sum(column, identity) for column in columns)


def verification_key(polynomial: Sequence[Point], member: int, identity: Point) -> Point:
    """Return the public key of one member's share: `joint` evaluated in the exponent at `member` (from 1). Spec: TRUST-6."""
    at_member = identity
    for point in reversed(polynomial):
        at_member = at_member * member + point
    return at_member


def interpolate(group: Group, factors: Mapping[int, Point]) -> Point:
    """Combine members' factors (by member, from 1) into the joint factor by Lagrange at 0. Spec: DEC-5."""
    weights = _weights(group.order, tuple(factors))
    return sum((factors[member] * weight for member, weight in weights.items()), group.identity)


@lru_cache(maxsize=64)
def _weights(order: int, members: tuple[int, ...]) -> Mapping[int, int]:
    """Lagrange's weights at 0 of the members present: the same for every ciphertext."""
    weights = dict.fromkeys(members, 1)
    for member in members:
        for other in members:
            if other != member:
                weights[member] = weights[member] * other * pow(other - member, -1, order) % order
    return weights
