"""Canonical JSON: written in one way only, read strictly. Everything of the record passes through here.

Parsing is strict about types and limits. That nothing but the canonical form is accepted follows from one rule: what
was parsed is encoded again and must give the same bytes (`same`). Spec: JSON-1, JSON-2.
"""

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NoReturn

from keys.errors import Code as KeysCode
from keys.errors import Malformed
from keys.group import Group, Point
from keys.proofs import Proof
from tally.errors import Code, Invalid

MAX_DEPTH = 8
MAX_BYTES = 16 * 2**20
_MAX_VALUES = 2**20
_MAX_DIGITS = 20
_MAX_COUNT = 2**30 - 1
# Possessive, the closing quote optional: a string that never ends costs one pass, not one from each quote inside it.
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[{\]}]")
_MAY_BE_SURROGATE = re.compile(rb"\\u[dD]")
_HEX = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_POINT_CODES = {KeysCode.POINT: Code.POINT, KeysCode.IDENTITY: Code.IDENTITY, KeysCode.SCALAR: Code.SCALAR}


def dump(value: object) -> bytes:
    """Encode compactly, fields in the order given, UTF-8 raw, controls and 0x7f escaped. Spec: JSON-1."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.replace("\x7f", "\\u007f").encode()
    except UnicodeEncodeError as error:  # a lone surrogate
        raise Invalid(Code.NOT_JSON, "text") from error


def load(raw: bytes, where: str, max_bytes: int = MAX_BYTES) -> Any:
    """Decode with limits on size, depth and digits, refusing duplicate keys, floats and lone surrogates. Spec: JSON-2.

    Raises Invalid(TOO_LARGE, TOO_DEEP, NOT_JSON).
    """
    if len(raw) > min(max_bytes, MAX_BYTES):
        raise Invalid(Code.TOO_LARGE, where)
    bare = _STRINGS.sub(b"", raw)
    # A few bytes each in a file, values are some hundred bytes each in memory.
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > _MAX_VALUES:
        raise Invalid(Code.TOO_LARGE, where)
    depth = 0
    for bracket in _BRACKETS.findall(bare):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise Invalid(Code.TOO_DEEP, where)

    def refuse(_: str) -> NoReturn:
        raise Invalid(Code.NOT_JSON, where)

    def whole_number(digits: str) -> int:
        return int(digits) if len(digits.removeprefix("-")) <= _MAX_DIGITS else refuse(digits)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        return result if len(result) == len(pairs) else refuse("")

    try:
        value = json.loads(
            raw.decode(), parse_int=whole_number, parse_float=refuse, parse_constant=refuse, object_pairs_hook=unique
        )
    except (ValueError, RecursionError) as error:
        raise Invalid(Code.NOT_JSON, where) from error
    # A lone surrogate has no UTF-8 form; only an escape can hold one, so others need not be looked for.
    if _MAY_BE_SURROGATE.search(raw):
        dump(value)
    return value


def same(raw: bytes, encoded: bytes, where: str) -> None:
    """Refuse bytes that are not the one canonical encoding of what they say. Spec: JSON-2."""
    if raw != encoded:
        raise Invalid(Code.NOT_CANONICAL, where)


def record(value: Any, where: str, fields: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Take an object with just these fields."""
    if not isinstance(value, dict) or not set(fields) <= value.keys() <= {*fields, *optional}:
        raise Invalid(Code.MALFORMED, where)
    return value


def items(value: Any, where: str) -> list[Any]:
    """Take an array."""
    if not isinstance(value, list):
        raise Invalid(Code.MALFORMED, where)
    return value


def text(value: Any, where: str) -> str:
    """Take a string."""
    if not isinstance(value, str):
        raise Invalid(Code.MALFORMED, where)
    return value


def hex_digest(value: Any, where: str) -> str:
    """Take a SHA-256 in lowercase hex."""
    if not _HEX.match(text(value, where)):
        raise Invalid(Code.MALFORMED, where)
    return str(value)


def whole(value: Any, where: str, low: int = 0, high: int = _MAX_COUNT) -> int:
    """Take a JSON integer in a range (true and false are none). Spec: JSON-3."""
    if type(value) is not int or not low <= value <= high:
        raise Invalid(Code.MALFORMED, where)
    return value


def truth(value: Any, where: str) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise Invalid(Code.MALFORMED, where)
    return value


def point(group: Group, value: Any, where: str, *, identity: bool = False) -> Point:
    """Take a group element; the identity only where the field may hold it."""
    try:
        return (group.parse_or_identity if identity else group.parse)(text(value, where))
    except Malformed as error:
        raise Invalid(_POINT_CODES.get(error.code, Code.MALFORMED), where) from error


def proof(group: Group, value: Any, where: str) -> Proof:
    """Take one challenge and response."""
    fields = record(value, where, ("challenge", "response"))
    try:
        return Proof(
            group.parse_scalar(text(fields["challenge"], where)), group.parse_scalar(text(fields["response"], where))
        )
    except Malformed as error:
        raise Invalid(Code.SCALAR, where) from error


def proofs(group: Group, value: Any, where: str) -> tuple[Proof, ...]:
    """Take an array of challenges and responses."""
    return tuple(proof(group, one, where) for one in items(value, where))


def plain(value: Proof) -> Mapping[str, str]:
    """Return a proof as JSON has it."""
    return {"challenge": str(value.challenge), "response": str(value.response)}


def b64(raw: bytes) -> str:
    """Return standard Base64 without padding."""
    return b64encode(raw).rstrip(b"=").decode()


def unb64(value: Any, where: str, length: int) -> bytes:
    """Read standard Base64 without padding that holds `length` bytes, in its one canonical form."""
    encoded = text(value, where)
    try:
        raw = b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (Base64Error, ValueError) as error:
        raise Invalid(Code.MALFORMED, where) from error
    if len(raw) != length or b64(raw) != encoded:
        raise Invalid(Code.MALFORMED, where)
    return raw


def b64_hash(raw: bytes) -> str:
    """Return b64 SHA-256: election hashes, trackers, signature hashes."""
    return b64(sha256(raw).digest())


def hex_hash(raw: bytes | memoryview) -> str:
    """Return lowercase hex SHA-256: names of data and events."""
    return sha256(raw).hexdigest()
