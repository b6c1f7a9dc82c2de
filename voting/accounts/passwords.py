"""Passwords and one-time codes."""

import hmac
import unicodedata

from nacl import exceptions, pwhash
from pyotp.totp import TOTP

from voting.errors import Code, Refused

MINIMUM, MAXIMUM = 12, 200
OPERATIONS, MEMORY = 3, 64 * 1024 * 1024
TOTP_SECONDS = 30


def check_strength(password: str, *, login: str) -> None:
    """Raise Refused(PASSWORD_WEAK) for a password that is short, monotonous or the login name."""
    plain = _normal(password)
    monotonous = len(set(plain)) < 6
    if not MINIMUM <= len(plain) <= MAXIMUM or monotonous or (login and login.casefold() in plain.casefold()):
        raise Refused(Code.PASSWORD_WEAK)


def hash_password(password: str) -> bytes:
    """Argon2id, 3 passes over 64 MiB; about 150 ms."""
    return pwhash.argon2id.str(_normal(password).encode(), opslimit=OPERATIONS, memlimit=MEMORY)


NOBODY = b"$argon2id$v=19$m=65536,t=3,p=1$FUQd3j+YZViYel4Nhe2rwQ$6SetrW8atWeSTEjBe4B5vajUDKYhDxWA4+romfcKStA"
"""The hash of random bytes that nobody kept: what is checked for names that nobody has."""


def matches(stored: bytes | None, password: str) -> bool:
    """Whether the password is the stored one. Takes as long when nothing is stored."""
    try:
        right = pwhash.verify(stored or NOBODY, _normal(password)[: MAXIMUM + 1].encode())
    except (exceptions.InvalidkeyError, exceptions.CryptoError):
        right = False
    return right and stored is not None


def totp_step(secret: str, code: str, *, now: int, last_step: int) -> int | None:
    """The time step whose code this is, one step early or late allowed; None if wrong or used before."""
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    totp = TOTP(secret, interval=TOTP_SECONDS)
    current = now // TOTP_SECONDS
    for step in (current - 1, current, current + 1):
        if step > last_step and hmac.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def _normal(password: str) -> str:
    # The same password typed on another keyboard (full-width, composed) stays the same password.
    return unicodedata.normalize("NFKC", password)
