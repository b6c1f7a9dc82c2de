"""Ed25519's prime-order subgroup through PyNaCl (libsodium). Source: RFC 8032 and the archives of Belenios 3.3.0."""

import re
from dataclasses import dataclass
from functools import cached_property

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_is_valid_point,
    crypto_core_ed25519_sub,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_scalarmult_ed25519_noclamp,
)

from keys.errors import Code, Malformed
from keys.group import Group, Point

ORDER = 2**252 + 27742317777372353535851937790883648493
_IDENTITY = (1).to_bytes(32, "little")
_HEX = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class EdwardsPoint(Point):
    """A member of the subgroup; 32 bytes, little-endian (RFC 8032)."""

    raw: bytes

    @property
    def text(self) -> str:
        """64 lowercase hex digits, big-endian. Spec: GROUP-2."""
        return self.raw[::-1].hex()

    @property
    def is_identity(self) -> bool:
        """Whether this is the neutral element."""
        return self.raw == _IDENTITY

    def __add__(self, other: Point) -> "EdwardsPoint":
        return EdwardsPoint(crypto_core_ed25519_add(self.raw, _raw(other)))

    def __sub__(self, other: Point) -> "EdwardsPoint":
        return EdwardsPoint(crypto_core_ed25519_sub(self.raw, _raw(other)))

    def __mul__(self, scalar: int) -> "EdwardsPoint":
        exponent = scalar % ORDER
        # libsodium refuses zero exponents and identities; both have the same plain answer.
        if exponent == 0 or self.raw == _IDENTITY:
            return IDENTITY
        return EdwardsPoint(crypto_scalarmult_ed25519_noclamp(exponent.to_bytes(32, "little"), self.raw))


def _raw(point: Point) -> bytes:
    assert isinstance(point, EdwardsPoint), "points of two groups"  # noqa: S101 - a programming error, never input
    return point.raw


IDENTITY = EdwardsPoint(_IDENTITY)


class Ed25519(Group):
    """The group named `Ed25519` in the record. Spec: GROUP-1."""

    name = "Ed25519"
    order = ORDER

    @cached_property
    def identity(self) -> EdwardsPoint:
        """The neutral element."""
        return IDENTITY

    def base(self, scalar: int) -> EdwardsPoint:
        """Return g times any integer; 0 gives the identity."""
        exponent = scalar % ORDER
        if exponent == 0:
            return IDENTITY
        return EdwardsPoint(crypto_scalarmult_ed25519_base_noclamp(exponent.to_bytes(32, "little")))

    def parse_or_identity(self, text: str) -> EdwardsPoint:
        """Read 64 lowercase hex digits: canonical, on the curve, in the subgroup. Spec: GROUP-2."""
        if not _HEX.match(text):
            raise Malformed(Code.POINT, text[:100])
        raw = bytes.fromhex(text)[::-1]
        if raw != _IDENTITY and not crypto_core_ed25519_is_valid_point(raw):
            raise Malformed(Code.POINT, text)
        return EdwardsPoint(raw)

    def rank(self, text: str) -> bytes:
        """Return the little-endian bytes of RFC 8032. Spec: CRED-4."""
        return bytes.fromhex(text)[::-1]


ED25519 = Ed25519()
