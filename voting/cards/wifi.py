"""The meeting's Wi-Fi, as a phone's camera reads it from a picture."""

import re

MAX_NAME = 32
"""Bytes of a network's name (IEEE 802.11)."""

_SPECIAL = re.compile(r'([\\;,:"])')


def code(name: str, password: str) -> str:
    """What a QR code says so that a camera offers to join: `WIFI:T:WPA;S:…;P:…;;`, or without password `T:nopass`.

    Raises:
        ValueError: the name has no or more than 32 bytes, or the password not 8 to 63 ASCII characters (IEEE 802.11i).
    """
    if not 1 <= len(name.encode()) <= MAX_NAME or not name.isprintable():
        raise ValueError(name)
    if not password:
        return f"WIFI:T:nopass;S:{_escaped(name)};;"
    if not (password.isascii() and password.isprintable() and 8 <= len(password) <= 63):
        raise ValueError(password)
    return f"WIFI:T:WPA;S:{_escaped(name)};P:{_escaped(password)};;"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
