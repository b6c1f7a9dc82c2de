"""The audit log is a chain: what is altered, removed or added in between shows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, text, update

from voting.accounts import audit
from voting.accounts.models import Audit

NOW = 1_800_000_000


@pytest.fixture
def five(db):
    for n in range(5):
        audit.record(db, "sun", "poll.open", f"poll{n}", {"张数": n}, now=NOW + n)
    db.commit()


def test_a_sound_log_verifies(db, five):
    verdict = audit.verify(db)
    assert (verdict.ok, verdict.lines) == (True, 5)


def test_an_empty_log_verifies(db):
    assert audit.verify(db).ok


@pytest.mark.parametrize(
    ("tweak", "line"),
    [
        (update(Audit).where(Audit.id == 3).values(actor="chen"), 3),
        (update(Audit).where(Audit.id == 2).values(detail=""), 2),
        (update(Audit).where(Audit.id == 4).values(time=NOW), 4),
        (delete(Audit).where(Audit.id == 2), 3),
        (delete(Audit).where(Audit.id == 1), 2),
        (update(Audit).where(Audit.id == 5).values(hash="0" * 64), 5),
    ],
)
def test_a_tweaked_line_is_found(db, five, tweak, line):
    db.execute(tweak)
    assert audit.verify(db).broken_at == line


def test_cutting_the_end_off_changes_the_head_that_the_supervisor_noted(db, five):
    noted = audit.verify(db).head
    db.execute(delete(Audit).where(Audit.id == 5))
    after = audit.verify(db)
    assert after.ok
    assert after.head != noted


def test_what_is_undone_leaves_no_line(db, five):
    audit.record(db, "sun", "poll.void", "poll0")
    db.rollback()
    assert audit.verify(db).lines == 5


def test_lines_written_at_once_form_one_chain(database):
    def write(n):
        with database.begin() as db:
            audit.record(db, f"user{n}", "test", "x", now=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    with database.begin() as db:
        verdict = audit.verify(db)
        assert (verdict.ok, verdict.lines) == (True, 24)


def test_the_chain_cannot_fork_even_past_the_code(db, five):
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.execute(
            text(
                "INSERT INTO accounts_audit SELECT 99, time, actor, action, subject, detail, previous, hash FROM accounts_audit WHERE id = 2"
            )
        )


def test_pages_are_newest_first(db, five):
    lines, pages = audit.lines(db, page=2, per_page=2)
    assert ([line.id for line in lines], pages) == ([3, 2], 3)
    assert [line.id for line in audit.lines(db, page=99, per_page=2)[0]] == [1]
