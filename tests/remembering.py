"""A plugin for `make mutation`: what libsodium has computed once is remembered, so that a mutant is judged in seconds.

Every mutant runs in a fork of a process that has run all tests; the powers of sound polls stand in its memory. The
functions are pure, so only a mutant that asks for other numbers waits for them.
"""

from functools import cache

from keys import curve

REMEMBERED = [name for name in vars(curve) if name.startswith("crypto_")]


def pytest_configure() -> None:
    for name in REMEMBERED:
        setattr(curve, name, cache(getattr(curve, name)))
