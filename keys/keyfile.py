"""The trustee's key file: the private key and its journal, sealed under a passphrase.

Argon2id (RFC 9106) makes a key of the passphrase; XChaCha20-Poly1305 seals the contents, bound to the poll and the
public key that stand outside. The journal lists what the key has decrypted, so that it never answers twice for a poll.
"""

import json
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn, TypeVar

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from keys.errors import Code, KeysError, Malformed
from keys.group import Group, Point, Rng, Scalar

_T = TypeVar("_T")
OPS, MEM_KIB = 3, 65_536
MIN_PASSPHRASE = 12
MAX_BYTES = 1 << 16
_MAX_OPS, _MAX_MEM_KIB = 16, 1 << 20
_TAG = 16
_FIELDS = ("mipiao-key", "uuid", "name", "role", "public_key", "kdf", "nonce", "sealed")


class SecondHead(KeysError):
    """The key has already answered for this poll under another closing statement."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One decryption that the key took part in: which poll, election (phi) and closing statement (sigma)."""

    uuid: str
    phi: str
    sigma: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """An opened key file. `public_key` always belongs to `secret`."""

    uuid: str
    name: str
    role: str
    public_key: Point
    secret: Scalar
    journal: tuple[Entry, ...] = ()

    def answering(self, entry: Entry) -> "KeyFile":
        """Return the file with this decryption in its journal.

        Raises SecondHead when the poll was decrypted before under another election or closing statement, and
        Malformed(KEY_FILE) when the key was made for another poll. Spec: KEYFILE-3.
        """
        if entry.uuid != self.uuid:
            raise Malformed(Code.KEY_FILE, "uuid")
        if any(old.uuid == entry.uuid and old != entry for old in self.journal):
            raise SecondHead(Code.SECOND_HEAD, entry.uuid)
        return self if entry in self.journal else replace(self, journal=(*self.journal, entry))


def seal(opened: KeyFile, passphrase: str, rng: Rng) -> bytes:
    """Return the file's bytes: one line of JSON (Spec: KEYFILE-1).

    Raises KeysError(PASSPHRASE) when the passphrase has fewer than 12 characters.
    """
    if len(unicodedata.normalize("NFC", passphrase)) < MIN_PASSPHRASE:
        raise KeysError(Code.PASSPHRASE, "short")
    salt, nonce = rng(argon2id.SALTBYTES), rng(24)
    contents = {
        "x": str(opened.secret),
        "journal": [{"uuid": e.uuid, "phi": e.phi, "sigma": e.sigma} for e in opened.journal],
    }
    key = _derive(passphrase, salt, OPS, MEM_KIB)
    aad = _bound(opened.uuid, opened.public_key.text)
    header = {
        "mipiao-key": 1,
        "uuid": opened.uuid,
        "name": opened.name,
        "role": opened.role,
        "public_key": opened.public_key.text,
        "kdf": {"name": "argon2id", "ops": OPS, "mem_kib": MEM_KIB, "salt": _b64(salt)},
        "nonce": _b64(nonce),
        "sealed": _b64(crypto_aead_xchacha20poly1305_ietf_encrypt(_compact(contents), aad, nonce, key)),
    }
    return _compact(header) + b"\n"


def unseal(raw: bytes, passphrase: str, group: Group) -> KeyFile:
    """Open a key file and check that its private key belongs to its public key (Spec: KEYFILE-2).

    Raises Malformed(KEY_FILE) for anything that is not such a file, KeysError(PASSPHRASE) when the passphrase, or a
    single byte of the file, is wrong.
    """
    header = _object(raw, _FIELDS)
    if header["mipiao-key"] != 1 or header["mipiao-key"] is True:
        raise Malformed(Code.KEY_FILE, "mipiao-key")
    uuid, name, role, public = (_text(header, field) for field in ("uuid", "name", "role", "public_key"))
    point = _in_file(lambda: group.parse(public), "public_key")
    ops, mem_kib, salt = _kdf(header["kdf"])
    nonce = _bytes(_text(header, "nonce"), "nonce", 24)
    sealed = _bytes(_text(header, "sealed"), "sealed")
    if len(sealed) < _TAG:
        raise Malformed(Code.KEY_FILE, "sealed")
    key = _derive(passphrase, salt, ops, mem_kib)
    try:
        plain = crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, _bound(uuid, public), nonce, key)
    except CryptoError as error:
        raise KeysError(Code.PASSPHRASE) from error
    contents = _object(plain, ("x", "journal"))
    secret = _in_file(lambda: group.parse_scalar(_text(contents, "x")), "x")
    if group.base(secret) != point:
        raise Malformed(Code.KEY_FILE, "public_key")
    return KeyFile(uuid, name, role, point, secret, _journal(contents["journal"]))


def _journal(found: Any) -> tuple[Entry, ...]:
    if not isinstance(found, list):
        raise Malformed(Code.KEY_FILE, "journal")
    entries = []
    for item in found:
        if not isinstance(item, dict) or set(item) != {"uuid", "phi", "sigma"}:
            raise Malformed(Code.KEY_FILE, "journal")
        entries.append(Entry(_text(item, "uuid"), _text(item, "phi"), _text(item, "sigma")))
    return tuple(entries)


def _kdf(found: Any) -> tuple[int, int, bytes]:
    if not isinstance(found, dict) or set(found) != {"name", "ops", "mem_kib", "salt"} or found["name"] != "argon2id":
        raise Malformed(Code.KEY_FILE, "kdf")
    ops, mem_kib = found["ops"], found["mem_kib"]
    # A stranger's file must not make this machine work for hours or fill its memory.
    if type(ops) is not int or type(mem_kib) is not int or not (1 <= ops <= _MAX_OPS and 8 <= mem_kib <= _MAX_MEM_KIB):
        raise Malformed(Code.KEY_FILE, "kdf")
    return ops, mem_kib, _bytes(_text(found, "salt"), "salt", argon2id.SALTBYTES)


def _derive(passphrase: str, salt: bytes, ops: int, mem_kib: int) -> bytes:
    try:
        secret = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError as error:
        raise KeysError(Code.PASSPHRASE) from error
    return argon2id.kdf(32, secret, salt, opslimit=ops, memlimit=mem_kib * 1024)


def _bound(uuid: str, public_key: str) -> bytes:
    return f"mipiao-key|1|{uuid}|{public_key}".encode()


def _compact(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f").encode()


def _object(raw: bytes, fields: tuple[str, ...]) -> dict[str, Any]:
    if len(raw) > MAX_BYTES:
        raise Malformed(Code.KEY_FILE, "size")

    def refuse(_: str) -> NoReturn:
        raise Malformed(Code.KEY_FILE, "json")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        return found if len(found) == len(pairs) else refuse("")

    try:
        found = json.loads(raw.decode(), parse_float=refuse, parse_constant=refuse, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise Malformed(Code.KEY_FILE, "json") from error
    if not isinstance(found, dict) or set(found) != set(fields):
        raise Malformed(Code.KEY_FILE, "fields")
    return found


def _text(found: Mapping[str, Any], field: str) -> str:
    value = found[field]
    if not isinstance(value, str) or len(value) > MAX_BYTES or any("\ud800" <= c <= "\udfff" for c in value):
        raise Malformed(Code.KEY_FILE, field)
    return value


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")


def _bytes(text: str, field: str, length: int | None = None) -> bytes:
    try:
        raw = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise Malformed(Code.KEY_FILE, field) from error
    if (length is not None and len(raw) != length) or _b64(raw) != text:
        raise Malformed(Code.KEY_FILE, field)
    return raw


def _in_file(read: Callable[[], _T], field: str) -> _T:
    """Whatever is malformed inside the file is a malformed key file."""
    try:
        return read()
    except Malformed as error:
        raise Malformed(Code.KEY_FILE, field) from error
