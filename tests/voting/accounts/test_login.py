"""Logging in, and what ends a log-in."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from voting.accounts import audit, service, throttle
from voting.accounts.models import Login, Setup, Throttle, User
from voting.errors import Code, Refused

SECRET = b"only for these tests, 32 bytes or more"
PASSWORD = "清晨的江面有薄雾和船灯一二"
NOW = 1_800_000_000


def attempt(db, login="chen", password=PASSWORD, code="", address="10.0.0.7", now=NOW):
    return service.log_in(db, SECRET, login, password, code, address, now=now, hours=12)


def code_of(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


@pytest.fixture
def chen(db):
    user = service.create_user(db, "test", name="陈明", login="chen", role="office", now=NOW)
    service.complete_setup(db, service.setup_link(db, "test", user, now=NOW), PASSWORD, now=NOW)
    db.commit()
    return user


def test_the_right_password_opens_a_log_in_that_lasts(db, chen):
    token = attempt(db)
    assert service.resume(db, token, now=NOW + 60, idle_minutes=60).user.login == "chen"


def test_a_full_width_spelling_of_the_login_name_and_capitals_do_not_matter(db, chen):
    assert attempt(db, login="  CHEN ")


@pytest.mark.parametrize(("login", "password"), [("chen", PASSWORD + "x"), ("nobody", PASSWORD), ("chen", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(db, chen, login, password):
    assert code_of(lambda: attempt(db, login=login, password=password)) is Code.LOGIN_FAILED
    assert db.query(Login).count() == 0


def test_a_person_who_has_not_used_the_link_cannot_log_in(db):
    service.create_user(db, "test", name="陈明", login="chen", role="review", now=NOW)
    assert code_of(lambda: attempt(db, password="")) is Code.LOGIN_FAILED


def test_unknown_names_cost_as_much_as_wrong_passwords(real_cost, db, chen, monkeypatch):
    stretched = []
    original = service.passwords.pwhash.verify
    monkeypatch.setattr(
        service.passwords.pwhash, "verify", lambda stored, typed: stretched.append(stored) or original(stored, typed)
    )
    for login in ("chen", "nobody"):
        assert code_of(lambda login=login: attempt(db, login=login, password="wrong")) is Code.LOGIN_FAILED
    assert len(stretched) == 2
    assert all(b"m=65536,t=3" in stored for stored in stretched)


def test_a_disabled_person_is_logged_out_and_stays_out(db, chen):
    second = service.create_user(db, "test", name="孙立言", login="sun", role="office", now=NOW)
    service.complete_setup(db, service.setup_link(db, "test", second, now=NOW), PASSWORD, now=NOW)
    token = attempt(db)
    service.set_disabled(db, "sun", chen, True, now=NOW)
    assert service.resume(db, token, now=NOW, idle_minutes=60) is None
    assert code_of(lambda: attempt(db)) is Code.LOGIN_FAILED


def test_the_last_administrator_cannot_be_disabled(db, chen):
    assert code_of(lambda: service.set_disabled(db, "chen", chen, True, now=NOW)) is Code.LAST_ADMINISTRATOR
    db.commit()
    db.expire_all()
    assert db.get(User, chen.id).disabled is False


@pytest.mark.parametrize(("later", "alive"), [(59 * 60, True), (61 * 60, False)])
def test_a_log_in_ends_when_it_is_idle(db, chen, later, alive):
    token = attempt(db)
    assert (service.resume(db, token, now=NOW + later, idle_minutes=60) is not None) is alive


def test_a_log_in_that_is_used_ends_after_twelve_hours_all_the_same(db, chen):
    token = attempt(db)
    for minute in range(0, 12 * 60, 30):
        assert service.resume(db, token, now=NOW + minute * 60, idle_minutes=60)
    assert service.resume(db, token, now=NOW + 12 * 3600 + 1, idle_minutes=60) is None


def test_logging_out_ends_the_log_in_on_the_server(db, chen):
    token = attempt(db)
    service.log_out(db, token)
    assert service.resume(db, token, now=NOW, idle_minutes=60) is None


def test_changing_the_password_ends_every_other_log_in(db, chen):
    elsewhere, here = attempt(db), attempt(db)
    service.change_password(db, chen, PASSWORD, "另一句足够长又不单调的话", token=here, now=NOW)
    assert service.resume(db, elsewhere, now=NOW, idle_minutes=60) is None
    assert service.resume(db, here, now=NOW, idle_minutes=60) is not None
    assert attempt(db, password="另一句足够长又不单调的话")


def test_a_password_changes_only_with_the_old_one(db, chen):
    call = lambda: service.change_password(db, chen, "wrong", "另一句足够长又不单调的话", token="", now=NOW)  # noqa: E731 - one line reads best
    assert code_of(call) is Code.LOGIN_FAILED


def test_the_database_holds_no_token_and_no_password(db, chen):
    token = attempt(db)
    db.commit()
    stored = [
        *db.query(Login.token_hash),
        *db.query(Setup.token_hash),
        *db.query(User.password_hash),
        *db.query(Throttle.key),
    ]
    held = b"".join(bytes(value) for (value,) in stored)
    assert token.encode() not in held
    assert PASSWORD.encode() not in held


class TestSecondFactor:
    @pytest.fixture
    def totp(self, db, chen):
        secret = service.new_totp_secret()
        service.enable_totp(db, chen, secret, pyotp.TOTP(secret).at(NOW), now=NOW)
        return pyotp.TOTP(secret)

    def test_the_code_is_asked_for_once_it_is_in_force(self, db, totp):
        assert code_of(lambda: attempt(db, now=NOW + 60)) is Code.LOGIN_FAILED
        assert attempt(db, code=totp.at(NOW + 60), now=NOW + 60)

    def test_a_code_opens_one_log_in_only(self, db, totp):
        assert attempt(db, code=totp.at(NOW + 60), now=NOW + 60)
        assert code_of(lambda: attempt(db, code=totp.at(NOW + 60), now=NOW + 61)) is Code.LOGIN_FAILED

    def test_the_code_that_put_it_in_force_does_not_log_in(self, db, totp):
        assert code_of(lambda: attempt(db, code=totp.at(NOW), now=NOW)) is Code.LOGIN_FAILED

    @pytest.mark.parametrize(("drift", "accepted"), [(-30, True), (30, True), (-90, False), (90, False)])
    def test_a_clock_may_be_half_a_minute_off(self, db, totp, drift, accepted):
        now = NOW + 600
        call = lambda: attempt(db, code=totp.at(now + drift), now=now)  # noqa: E731 - one line reads best
        if accepted:
            assert call()
        else:
            assert code_of(call) is Code.LOGIN_FAILED

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
    def test_what_is_not_six_digits_is_refused(self, db, totp, typed):
        assert code_of(lambda: attempt(db, code=typed, now=NOW + 60)) is Code.LOGIN_FAILED

    def test_it_comes_into_force_only_with_a_right_first_code(self, db, chen):
        assert (
            code_of(lambda: service.enable_totp(db, chen, service.new_totp_secret(), "000000x", now=NOW))
            is Code.TOTP_WRONG
        )
        assert chen.totp_secret is None

    def test_it_is_given_up_only_with_the_password(self, db, chen, totp):
        assert code_of(lambda: service.disable_totp(db, chen, "wrong", now=NOW)) is Code.LOGIN_FAILED
        service.disable_totp(db, chen, PASSWORD, now=NOW)
        assert attempt(db, now=NOW + 60)


class TestThrottle:
    def test_after_five_wrong_tries_even_the_right_password_waits(self, db, chen):
        for _ in range(5):
            assert code_of(lambda: attempt(db, password="wrong")) is Code.LOGIN_FAILED
        assert code_of(lambda: attempt(db)) is Code.THROTTLED
        assert attempt(db, now=NOW + 31)

    def test_the_pause_doubles(self, db, chen):
        for _ in range(5):
            code_of(lambda: attempt(db, password="wrong"))
        code_of(lambda: attempt(db, password="wrong", now=NOW + 31))
        assert code_of(lambda: attempt(db, now=NOW + 31 + 45)) is Code.THROTTLED
        assert attempt(db, now=NOW + 31 + 61)

    def test_somebody_elses_wrong_tries_do_not_lock_the_office_out(self, db, chen):
        for _ in range(12):
            with pytest.raises(Refused):
                attempt(db, password="wrong", address="203.0.113.9")
        assert attempt(db, address="10.0.0.7")
        for n in range(12):
            with pytest.raises(Refused):
                attempt(db, login=f"guess{n}", password="wrong", address="10.0.0.7")
        assert attempt(db, address="10.0.0.7")

    def test_a_try_is_counted_although_the_request_is_rolled_back(self, db, chen):
        code_of(lambda: attempt(db, password="wrong"))
        db.rollback()
        assert {row.tries for row in db.query(Throttle)} == {1}

    def test_old_tries_are_forgotten(self, db, chen):
        for _ in range(5):
            code_of(lambda: attempt(db, password="wrong"))
        assert attempt(db, now=NOW + 31 * 60)

    def test_the_table_names_nobody_and_no_address(self, db, chen):
        code_of(lambda: attempt(db, password="wrong"))
        held = b"".join(row.key for row in db.query(Throttle))
        assert b"chen" not in held
        assert b"10.0.0.7" not in held


def test_taking_a_password_and_second_factor_away_stands_in_the_audit_log(db, chen):
    service.reset(db, "sun", chen, now=NOW)
    told = [(line.actor, line.action, line.subject) for line in audit.lines(db)[0]]
    assert told[:2] == [("sun", "user.link", "chen"), ("sun", "user.reset", "chen")]


def test_a_log_in_stands_in_the_audit_log(db, chen):
    attempt(db)
    assert audit.lines(db)[0][0].action == "login"


def test_first_tries_that_come_at_the_same_moment_are_all_counted(database):
    together = threading.Barrier(4)

    def one_try() -> None:
        with database.session() as db:
            together.wait()
            throttle.attempt(db, SECRET, "chen", "10.0.0.7", now=NOW)
            db.commit()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(one_try) for _ in range(4)]:
            done.result()
    with database.session() as db:
        assert sorted(row.tries for row in db.query(Throttle)) == [4, 4, 4]
