"""The wall clock, in one place. Services take `now`, so that tests can choose it."""

import time

from sqlalchemy import BigInteger

Seconds = BigInteger
"""Column type of a moment: whole seconds since 1970, UTC."""


def now() -> int:
    """Seconds since 1970, UTC."""
    return int(time.time())
