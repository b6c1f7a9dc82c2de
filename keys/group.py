"""What the protocol asks of a prime-order group; `curve` is its implementation for Ed25519."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import NewType

from keys.errors import Code, Malformed

Rng = Callable[[int], bytes]
"""n -> n random bytes. Callers pass `secrets.token_bytes`; tests pass a stream of a seed."""

Scalar = NewType("Scalar", int)
"""An exponent, 0 <= s < the group's order."""

_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)\Z", re.ASCII)


class Point(ABC):
    """A group element that has passed the membership check. Written additively."""

    __slots__ = ()

    @property
    @abstractmethod
    def text(self) -> str:
        """The record's form."""

    @property
    @abstractmethod
    def is_identity(self) -> bool:
        """Whether this is the neutral element."""

    @abstractmethod
    def __add__(self, other: "Point") -> "Point": ...

    @abstractmethod
    def __sub__(self, other: "Point") -> "Point": ...

    @abstractmethod
    def __mul__(self, scalar: int) -> "Point": ...


class Group(ABC):
    """A group of prime order with a base point g, its encodings, and its hash to scalars."""

    name: str
    order: int

    @property
    @abstractmethod
    def identity(self) -> Point:
        """The neutral element."""

    @abstractmethod
    def base(self, scalar: int) -> Point:
        """Return g times any integer; 0 gives the identity."""

    @abstractmethod
    def parse_or_identity(self, text: str) -> Point:
        """Read the record's form of a member, the identity included. Raises Malformed(POINT). Spec: GROUP-2."""

    @abstractmethod
    def rank(self, text: str) -> bytes:
        """Return what the record orders public keys by; the text is a member's. Spec: CRED-4."""

    @lru_cache(maxsize=4096)  # noqa: B019 - groups are module-level constants that live for ever
    def power(self, message: int) -> Point:
        """Return g times a small integer, remembered."""
        return self.base(message)

    def parse(self, text: str) -> Point:
        """Read the record's form of a member other than the identity. Raises Malformed. Spec: GROUP-2, GROUP-3."""
        point = self.parse_or_identity(text)
        if point.is_identity:
            raise Malformed(Code.IDENTITY, text)
        return point

    def scalar(self, value: int) -> Scalar:
        """Reduce any integer into the group's exponents."""
        return Scalar(value % self.order)

    def parse_scalar(self, text: str) -> Scalar:
        """Read a canonical decimal below the order. Raises Malformed(SCALAR). Spec: GROUP-4."""
        # Digits are counted before int(): Python refuses long decimals with another exception.
        if len(text) > len(str(self.order)) or not _DECIMAL.match(text) or int(text) >= self.order:
            raise Malformed(Code.SCALAR, text[:100])
        return Scalar(int(text))

    def random(self, rng: Rng) -> Scalar:
        """Draw a uniform exponent: 64 more bits than needed, big-endian, reduced. Spec: GROUP-6."""
        return self.scalar(int.from_bytes(rng((self.order.bit_length() + 7) // 8 + 32)))

    def hash(self, text: str) -> Scalar:
        """Return SHA-256 of the text as a big-endian integer mod the order. Spec: GROUP-5."""
        return self.scalar(int.from_bytes(sha256(text.encode()).digest()))
