"""Texts in the place of a group element, none of which may be taken. Record form: 64 big-endian hex digits."""

from nacl import bindings

from keys.curve import ED25519

_PRIME = 2**255 - 19
_ORDER_EIGHT = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")


def _text(raw: bytes) -> str:
    return raw[::-1].hex()


def _mixed() -> str:
    """A member plus a point of order eight: on the curve, of no small order, and yet no member."""
    member = bytes.fromhex(ED25519.base(5).text)[::-1]
    return _text(bindings.crypto_core_ed25519_add(member, _ORDER_EIGHT))


BAD_POINTS: dict[str, object] = {
    "the identity": ED25519.identity.text,
    "order two": _text((_PRIME - 1).to_bytes(32, "little")),
    "order four": "00" * 32,
    "order eight": _text(_ORDER_EIGHT),
    "torsion mixed in": _mixed(),
    "not canonical: y = 1 + p": _text((_PRIME + 1).to_bytes(32, "little")),
    "not canonical: y = p": _text(_PRIME.to_bytes(32, "little")),
    "not on the curve": "00" * 31 + "02",
    "above the field": "ff" * 32,
    "capital digits": ED25519.base(3).text.upper(),
    "a space": ED25519.base(3).text[:-1] + " ",
    "one digit short": ED25519.base(3).text[1:],
    "one digit more": "0" + ED25519.base(3).text,
    "other digits": "６" * 64,
    "empty": "",
    "a number": 7,
    "null": None,
    "a list": ["00"],
}
