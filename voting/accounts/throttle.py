"""Slows guessing down without locking an office out.

Name and address together are slowed hard; the name alone and the address alone (a whole bureau may share one) only softly.
Tries are counted before the password is looked at, so that parallel guesses count too.
"""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.accounts.models import Throttle
from voting.errors import Code, Refused

FORGET = 30 * 60


@dataclass(frozen=True, slots=True)
class Rule:
    """After `free` tries each further one waits `first` seconds, doubling up to `most`."""

    free: int
    first: int
    most: int


PAIR, NAME, ADDRESS = Rule(5, 30, 15 * 60), Rule(20, 5, 60), Rule(60, 1, 20)


def attempt(db: Session, secret: bytes, login: str, address: str, *, now: int) -> None:
    """Count one try.

    Raises:
        Refused: THROTTLED, with the seconds to wait as detail; the try is then not counted.
    """
    rows = [(_row(db, key), rule) for key, rule in _keys(secret, login, address)]
    wait = max(_wait(row, rule, now) for row, rule in rows)
    if wait > 0:
        raise Refused(Code.THROTTLED, f"{wait} 秒")
    for row, _rule in rows:
        row.tries = 1 if now - row.last > FORGET else row.tries + 1
        row.last = now
    db.execute(delete(Throttle).where(Throttle.last < now - FORGET))
    db.flush()


def succeeded(db: Session, secret: bytes, login: str, address: str) -> None:
    """Forget the tries of this person from this place. The soft counters stay: they are about everybody else."""
    (pair, _rule), *_rest = _keys(secret, login, address)
    db.execute(delete(Throttle).where(Throttle.key == pair))


def _keys(secret: bytes, login: str, address: str) -> list[tuple[bytes, Rule]]:
    def key(*parts: str) -> bytes:
        return hmac.digest(secret, "\x00".join(("mipiao-throttle", *parts)).encode("utf-8", "replace"), hashlib.sha256)

    return [(key("pair", login, address), PAIR), (key("name", login), NAME), (key("address", address), ADDRESS)]


def _row(db: Session, key: bytes) -> Throttle:
    row = db.get(Throttle, key, with_for_update=True)
    if row is None:
        try:
            with db.begin_nested():
                db.add(Throttle(key=key, tries=0, last=0))
        except IntegrityError:
            pass  # somebody's first try came at the same moment; PostgreSQL made us wait for it
        row = db.get_one(Throttle, key, with_for_update=True, populate_existing=True)
    return row


def _wait(row: Throttle, rule: Rule, now: int) -> int:
    over = row.tries - rule.free
    if over < 0 or now - row.last > FORGET:
        return 0
    pause = min(rule.most, rule.first << min(over, 10))
    return int(row.last + pause - now)
