"""The slip's credential: a string that a person can type, and the key pair derived from it.

Ours: 19 random Crockford base-32 characters (95 bits) and one check character.
Belenios' 22 base-58 characters are read too.
"""

import re
from hashlib import sha256

from keys.errors import Code, Malformed
from keys.group import Group, Rng, Scalar

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans("OIL", "011")
_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_FOREIGN = re.compile(rf"{_BASE58}{{5}}-{_BASE58}{{6}}-{_BASE58}{{5}}-{_BASE58}{{6}}\Z")
_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212\uff0d]+")
_RANDOM, _LENGTH = 19, 20


def _fold(values: list[int]) -> int:
    """Evaluate the polynomial of the values at x in GF(32) = GF(2)[x]/(x^5 + x^2 + 1); 0 for a valid credential.

    x has order 31 > 20, so every wrong character and every swap of two characters is noticed.
    """
    total = 0
    for value in values:
        total = _double(total) ^ value
    return total


def _double(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _grouped(characters: str) -> str:
    return "-".join(characters[i : i + 4] for i in range(0, _LENGTH, 4))


def new(rng: Rng) -> str:
    """Draw a credential, shown as five groups of four capitals. Spec: CRED-1."""
    bits = int.from_bytes(rng(12)) >> 1  # 95 bits
    values = [(bits >> (5 * i)) & 31 for i in range(_RANDOM)]
    return _grouped("".join(ALPHABET[v] for v in [*values, _double(_fold(values))]))


def normalise(typed: str) -> str:
    """Return the credential that somebody typed or scanned, forgiving case, spaces, O/0 and I/L/1. Spec: CRED-2.

    Raises Malformed(CREDENTIAL) when a character is wrong, missing or swapped.
    """
    if len(typed) > 200:
        raise Malformed(Code.CREDENTIAL)
    if _FOREIGN.match(typed.strip()):
        return typed.strip()
    bare = _GAPS.sub("", typed).upper().translate(_FORGIVEN)
    values = [ALPHABET.find(character) for character in bare]
    if len(values) != _LENGTH or -1 in values or _fold(values) != 0:
        raise Malformed(Code.CREDENTIAL)
    return _grouped(bare)


def secret(group: Group, uuid: str, credential: str) -> Scalar:
    """Derive the private key of a credential in one poll; the public key is `group.base(secret)`. Spec: CRED-3."""
    halves = (sha256(f"derive_credential|{uuid}|{half}|{credential}".encode()).digest() for half in (0, 1))
    return group.scalar(int.from_bytes(b"".join(halves)))
