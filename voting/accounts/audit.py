"""The staff audit log: who did what to a poll, who read a result. Hash-chained, shown to the supervisor.

It says nothing about ballots beyond totals. Cutting off its end cannot be seen from the log alone: the supervisor notes
the last line's fingerprint, which the page shows.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from voting.accounts.models import Audit
from voting.store.clock import now as wall_clock

START = "0" * 64
_LOCK = 0x4D69_7069_616F  # any number, known only to this log


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found: the number of lines, the last line's hash, the first bad line or None."""

    lines: int
    head: str
    broken_at: int | None

    @property
    def ok(self) -> bool:
        """Whether every line stands as it was written."""
        return self.broken_at is None


def record(  # the order in which one says it: who, what, to what
    db: Session,
    actor: str,
    action: str,
    subject: str,
    detail: str | Mapping[str, object] = "",
    *,
    now: int | None = None,
) -> Audit:
    """Append one line, in the caller's transaction: what is undone leaves no line, what is done has one.

    Args:
        db: a session that writes.
        actor: login name of the member of staff, or a role such as `trustee:2` or `console`.
        action: a verb of the code, e.g. `poll.open`.
        subject: what it was done to, e.g. a poll's uuid.
        detail: a sentence, or values that become compact JSON.
        now: Unix seconds; the wall clock by default.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = db.scalars(select(Audit).order_by(Audit.id.desc()).limit(1)).first()
    words = (
        detail
        if isinstance(detail, str)
        else json.dumps(detail, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    )
    line = Audit(
        id=last.id + 1 if last else 1,
        time=wall_clock() if now is None else now,
        actor=actor,
        action=action,
        subject=subject,
        detail=words,
        previous=last.hash if last else START,
    )
    line.hash = _hash(line)
    db.add(line)
    db.flush()
    return line


def verify(db: Session) -> Verdict:
    """Recompute the whole chain."""
    previous, count = START, 0
    for line in db.scalars(select(Audit).order_by(Audit.id)):
        count += 1
        if line.id != count or line.previous != previous or line.hash != _hash(line):
            return Verdict(count, previous, line.id)
        previous = line.hash
    return Verdict(count, previous, None)


def lines(db: Session, page: int = 1, per_page: int = 50) -> tuple[list[Audit], int]:
    """One page of the log, newest first, and the number of pages."""
    total = db.scalar(select(func.count()).select_from(Audit)) or 0
    pages = max(1, -(-total // per_page))
    at = min(max(page, 1), pages)
    rows = db.scalars(select(Audit).order_by(Audit.id.desc()).offset((at - 1) * per_page).limit(per_page))
    return list(rows), pages


def _hash(line: Audit) -> str:
    fields = [line.previous, line.id, line.time, line.actor, line.action, line.subject, line.detail]
    return hashlib.sha256(
        b"mipiao-audit|" + json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
