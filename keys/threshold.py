"""Threshold keys (Pedersen, t of n): what can be checked about them from their public parameters.

The making of such keys comes with a later release; archives that carry them are verified in full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


def verification_key(commitments: Sequence[Commitments], member: int, identity: Point) -> Point:
    """Return the public key of one member's share, evaluated in the exponent at `member` (from 1). Spec: TRUST-6."""
    total = identity
    for one in commitments:
        at_member = identity
        for point in reversed(one.points):
            at_member = at_member * member + point
        total = total + at_member
    return total


def interpolate(group: Group, factors: Mapping[int, Point]) -> Point:
    """Combine members' factors (by member, from 1) into the joint factor by Lagrange at 0. Spec: DEC-5."""
    total = group.identity
    for member, point in factors.items():
        weight = 1
        for other in factors:
            if other != member:
                weight = weight * other * pow(other - member, -1, group.order) % group.order
        total = total + point * weight
    return total
