"""The closing statement (封箱), and the receipts: what the box's own key signs. Neither holds a time."""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from tally import canonical
from tally.errors import Code, Invalid

_HEX = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
NO_OPINIONS = sha256(b"[]").hexdigest()
_COUNTS = ("expected", "present", "printed", "voided", "handed_out", "returned")
_FIELDS = (
    "uuid", "phi", "manifest", "head", "ballots", "cast_per_group", "counts", "voids", "groups", "opinions",
    "signature",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """应到, 实到, 印制, 作废, 发出, 收回: people and slips."""

    expected: int
    present: int
    printed: int
    voided: int
    handed_out: int
    returned: int


@dataclass(frozen=True)
class Closing:
    """What is fixed when the box is sealed. Its hash σ is the 封箱印记; `signature` is empty until `signed`."""

    uuid: str
    phi: str
    manifest: str
    head: str
    ballots: int
    cast_per_group: tuple[tuple[str, int], ...]
    counts: Counts
    voids: str
    groups: tuple[str, ...] = ()
    opinions: tuple[int, str] = (0, NO_OPINIONS)
    signature: str = ""

    @cached_property
    def _statement(self) -> dict[str, Any]:
        return {
            "uuid": self.uuid,
            "phi": self.phi,
            "manifest": self.manifest,
            "head": self.head,
            "ballots": self.ballots,
            "cast_per_group": [{"label": label, "cast": cast} for label, cast in self.cast_per_group],
            "counts": {name: getattr(self.counts, name) for name in _COUNTS},
            "voids": self.voids,
            "groups": list(self.groups),
            "opinions": {"count": self.opinions[0], "hash": self.opinions[1]},
        }

    def _message(self, receipt_key: str) -> bytes:
        return f"mipiao-closing|{receipt_key}|".encode() + canonical.dump(self._statement)

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes of `closing.json`. Spec: CLOSE-1."""
        return canonical.dump({**self._statement, "signature": self.signature})

    @cached_property
    def sigma(self) -> str:
        """σ: hex SHA-256 of `closing.json`. Spec: CLOSE-2."""
        return canonical.hex_hash(self.raw)

    @property
    def seal(self) -> str:
        """The 封箱印记: two groups of four capitals. Spec: CLOSE-2."""
        return seal(self.sigma)

    def signed(self, key: SigningKey) -> "Closing":
        """Return the statement signed by the receipt key. Spec: CLOSE-1."""
        signature = canonical.b64(key.sign(self._message(key.verify_key.encode().hex())).signature)
        return Closing(**{**{name: getattr(self, name) for name in self.__dataclass_fields__}, "signature": signature})

    def verify(self, receipt_key: str) -> None:
        """Check the signature. Raises Invalid(CLOSING_SIGNATURE). Spec: CLOSE-1."""
        if not _verify(receipt_key, self._message(receipt_key), self.signature):
            raise Invalid(Code.CLOSING_SIGNATURE, "closing")

    @classmethod
    def parse(cls, raw: bytes) -> "Closing":
        """Read `closing.json`. Raises Invalid. Spec: CLOSE-1."""
        where = "closing"
        fields = canonical.record(canonical.load(raw, where), where, _FIELDS)
        counts = canonical.record(fields["counts"], where, _COUNTS)
        opinions = canonical.record(fields["opinions"], where, ("count", "hash"))
        texts = {name: canonical.text(fields[name], where) for name in ("uuid", "phi", "manifest")}
        closing = cls(
            **texts,
            head=canonical.hex_digest(fields["head"], where),
            voids=canonical.hex_digest(fields["voids"], where),
            ballots=canonical.whole(fields["ballots"], where),
            cast_per_group=tuple(_read_cast(one) for one in canonical.items(fields["cast_per_group"], where)),
            counts=Counts(**{name: canonical.whole(counts[name], where) for name in _COUNTS}),
            groups=tuple(canonical.text(one, where) for one in canonical.items(fields["groups"], where)),
            opinions=(canonical.whole(opinions["count"], where), canonical.hex_digest(opinions["hash"], where)),
            signature=canonical.text(fields["signature"], where),
        )
        canonical.same(raw, closing.raw, where)
        return closing


def is_signing_key(key: str) -> bool:
    """Whether this is an Ed25519 public key in hex, of prime order: only such a key signs for one holder alone."""
    return bool(_HEX.match(key)) and crypto_core_ed25519_is_valid_point(bytes.fromhex(key))


def seal(digest: str) -> str:
    """Return the first 8 hex digits of a hash as people compare them: two groups of four capitals. Spec: CLOSE-2."""
    return f"{digest[:4]} {digest[4:8]}".upper()


def sign_receipt(key: SigningKey, uuid: str, phi: str, tracker: str) -> str:
    """Sign that a ballot is in the box; b64. Spec: RECEIPT-1."""
    return canonical.b64(key.sign(_receipt(uuid, phi, tracker)).signature)


def verify_receipt(receipt_key: str, uuid: str, phi: str, tracker: str, receipt: str) -> None:
    """Check a receipt. Raises Invalid(RECEIPT). Spec: RECEIPT-1."""
    if not _verify(receipt_key, _receipt(uuid, phi, tracker), receipt):
        raise Invalid(Code.RECEIPT, tracker[:50])


def _receipt(uuid: str, phi: str, tracker: str) -> bytes:
    return f"mipiao-receipt|{uuid}|{phi}|{tracker}".encode()


def _verify(key: str, message: bytes, signature: str) -> bool:
    if not is_signing_key(key):
        return False
    try:
        VerifyKey(bytes.fromhex(key)).verify(message, canonical.unb64(signature, "signature", 64))
    except (BadSignatureError, ValueError, Invalid):
        return False
    return True


def _read_cast(value: Any) -> tuple[str, int]:
    fields = canonical.record(value, "closing", ("label", "cast"))
    return canonical.text(fields["label"], "closing"), canonical.whole(fields["cast"], "closing")
