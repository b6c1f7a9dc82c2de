"""The database as the ballot box needs it: durable, in no order, one writer at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from voting.accounts.models import Login, User
from voting.store.base import Database, release


def user(login="jia"):
    return User(name="甲", login=login, role="office", disabled=False)


def pragma(database, name):
    with database.session() as db:
        return db.execute(text(f"PRAGMA {name}")).scalar_one()


@pytest.fixture
def sqlite(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/deep/er/x.sqlite3")
    database.create()
    yield database
    database.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 20000),
    ],
)
def test_sqlite_keeps_no_log_of_the_order_and_is_durable(sqlite, name, value):
    assert pragma(sqlite, name) == value


def test_sqlite_leaves_no_wal_and_no_journal_behind(sqlite, tmp_path):
    with sqlite.begin() as db:
        db.add(user())
    assert [path.name for path in (tmp_path / "deep" / "er").iterdir()] == ["x.sqlite3"]


def test_only_its_owner_reads_the_file_even_in_a_folder_that_was_there(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/x.sqlite3")
    database.create()
    with database.begin() as db:
        db.add(user())
        db.flush()
        assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {
            "x.sqlite3": 0,
            "x.sqlite3-journal": 0,
        }
    database.close()


def test_deleted_text_is_gone_from_the_file(sqlite, tmp_path):
    with sqlite.begin() as db:
        db.add(User(name="甲", login="a-name-to-be-forgotten", role="office", disabled=False))
    path = tmp_path / "deep" / "er" / "x.sqlite3"
    assert b"a-name-to-be-forgotten" in path.read_bytes()
    with sqlite.begin() as db:
        db.delete(db.scalars(select(User)).one())
    assert b"a-name-to-be-forgotten" not in path.read_bytes()


def test_a_block_that_raises_has_written_nothing(database):
    with pytest.raises(ZeroDivisionError), database.begin() as db:  # noqa: PT012 - the block itself is what is tested
        db.add(user())
        db.flush()
        raise ZeroDivisionError
    with database.begin() as db:
        assert db.query(User).count() == 0


def test_foreign_keys_are_held(database):
    with pytest.raises(IntegrityError), database.begin() as db:
        db.add(Login(token_hash=b"x" * 32, user_id=99, created=0, seen=0, expires=0))


def test_checks_are_held(database):
    with pytest.raises(IntegrityError), database.begin() as db:
        db.add(User(name="甲", login="jia", role="root", disabled=False))


def test_writers_at_once_wait_for_each_other_and_none_is_lost(database):
    with database.begin() as db:
        db.add(user())

    def count(_n):
        with database.begin() as db:
            # Read, then write: a transaction that upgraded its lock late would fail here.
            one = db.scalars(select(User).with_for_update()).one()
            one.totp_last_step = (one.totp_last_step or 0) + 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))
    with database.begin() as db:
        assert db.scalars(select(User)).one().totp_last_step == 40


def test_a_compare_and_set_has_one_winner(database):
    with database.begin() as db:
        db.add(user())
    gate = threading.Barrier(6)

    def claim(_n):
        with database.session() as db:
            gate.wait()
            won = db.execute(update(User).where(User.disabled.is_(False)).values(disabled=True)).rowcount
            db.commit()
            return won

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(claim, range(6))) == 1


def test_release_lets_another_writer_in(database):
    with database.session() as one, database.session() as other:
        one.add(user())
        one.flush()
        release(one)
        other.add(user("yi"))
        other.commit()
        assert {person.login for person in one.scalars(select(User))} == {"jia", "yi"}


def test_a_reader_does_not_block_another_reader(database):
    with database.session(immediate=False) as one, database.session(immediate=False) as other:
        assert one.scalars(select(User)).all() == other.scalars(select(User)).all() == []


def test_an_error_message_quotes_no_values(database):
    with database.begin() as db:
        db.add(user("a-secret-login"))
    with pytest.raises(IntegrityError) as caught, database.begin() as db:
        db.add(User(name="一个名字", login="a-secret-login", role="office", disabled=False))
    assert "一个名字" not in str(caught.value)


def test_creating_twice_changes_nothing(database):
    with database.begin() as db:
        db.add(user())
    database.create()
    with database.begin() as db:
        assert db.query(User).count() == 1
