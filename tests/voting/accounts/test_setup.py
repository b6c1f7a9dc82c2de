"""The one-time links with which people choose their passwords."""

import pytest

from voting.accounts import service
from voting.accounts.models import User
from voting.errors import Code, Refused

PASSWORD = "清晨的江面有薄雾和船灯一二"
NOW = 1_800_000_000
DAY = 24 * 3600


def code_of(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def first(db, token, now=NOW, login="sun", password=PASSWORD):
    return service.complete_setup(db, token, password, now=now, name="孙立言", login=login)


def test_the_first_link_makes_the_first_administrator(db):
    token = service.setup_link(db, "console", None, now=NOW)
    user = first(db, token)
    assert (user.role, user.login) == ("office", "sun")
    assert service.has_administrator(db)


def test_a_link_works_once(db):
    token = service.setup_link(db, "console", None, now=NOW)
    first(db, token)
    assert code_of(lambda: first(db, token, login="other")) is Code.SETUP_LINK


def test_a_second_first_administrator_cannot_be_made(db):
    early = service.setup_link(db, "console", None, now=NOW)
    first(db, early)
    assert code_of(lambda: service.setup_link(db, "console", None, now=NOW)) is Code.FORBIDDEN
    assert service.first_link(db, "http://localhost", now=NOW) is None


def test_a_newer_link_replaces_the_older(db):
    older = service.setup_link(db, "console", None, now=NOW)
    newer = service.setup_link(db, "console", None, now=NOW)
    assert code_of(lambda: first(db, older)) is Code.SETUP_LINK
    assert first(db, newer)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "密", "\udc80"])
def test_an_unknown_link_is_refused(db, token):
    assert code_of(lambda: first(db, token)) is Code.SETUP_LINK


def test_a_link_ends_after_three_days(db):
    token = service.setup_link(db, "console", None, now=NOW)
    assert code_of(lambda: first(db, token, now=NOW + 3 * DAY + 1)) is Code.SETUP_LINK
    assert first(db, token, now=NOW + 3 * DAY)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "my name is SUN and so on", "密" * 300])
def test_a_weak_password_is_refused_and_the_link_stays_good(db, password):
    token = service.setup_link(db, "console", None, now=NOW)
    assert code_of(lambda: first(db, token, password=password)) is Code.PASSWORD_WEAK
    assert first(db, token)


@pytest.mark.parametrize("login", ["", "x", "has space", "../etc", "名字", "a" * 41])
def test_an_impossible_login_name_is_refused(db, login):
    token = service.setup_link(db, "console", None, now=NOW)
    assert code_of(lambda: first(db, token, login=login)) is Code.BAD_REQUEST


def test_an_unknown_role_is_refused(db):
    assert (
        code_of(lambda: service.create_user(db, "t", name="甲", login="jia", role="root", now=NOW)) is Code.BAD_REQUEST
    )


def test_a_login_name_belongs_to_one_person(db):
    service.create_user(db, "t", name="甲", login="jia", role="review", now=NOW)
    assert (
        code_of(lambda: service.create_user(db, "t", name="乙", login="JIA", role="office", now=NOW))
        is Code.LOGIN_TAKEN
    )
    assert db.query(User).count() == 1


def test_a_reset_takes_password_second_factor_and_log_ins_away_at_once(db):
    user = first(db, service.setup_link(db, "console", None, now=NOW))
    user.totp_secret = service.new_totp_secret()
    token = service.begin_login(db, user, now=NOW, hours=12)
    link = service.reset(db, "t", user, now=NOW)
    assert service.resume(db, token, now=NOW, idle_minutes=60) is None
    assert (user.password_hash, user.totp_secret) == (None, None)
    assert service.complete_setup(db, link, PASSWORD + "三", now=NOW) is user


def test_two_forms_sent_at_once_set_one_password(database):
    with database.begin() as db:
        token = service.setup_link(db, "console", None, now=NOW)
        user = first(db, token)
        link = service.setup_link(db, "t", user, now=NOW)
    with database.session(immediate=False) as one:
        service.find_setup(one, link, now=NOW)
        one.commit()
        with database.begin() as other:
            service.complete_setup(other, link, PASSWORD + "甲", now=NOW)
        assert code_of(lambda: service.complete_setup(one, link, PASSWORD + "乙", now=NOW)) is Code.SETUP_LINK
