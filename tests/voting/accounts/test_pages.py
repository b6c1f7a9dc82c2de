"""Set-up, log-in, users, one's own account and the audit log, as a person meets them."""

import re

import pyotp
import pytest

from voting.accounts import service
from voting.accounts.models import Login, Setup, User
from voting.store import clock

PASSWORD = "清晨的江面有薄雾和船灯一二"


@pytest.fixture
def first_token(database):
    with database.begin() as db:
        return service.first_link(db, "http://localhost", now=clock.now()).split("#")[1]


@pytest.fixture
def sun(database):
    with database.begin() as db:
        user = service.create_user(db, "test", name="孙立言", login="sun", role="office", now=clock.now())
        return service.complete_setup(
            db, service.setup_link(db, "test", user, now=clock.now()), PASSWORD, now=clock.now()
        )


def log_in(client, login="sun", password=PASSWORD, **more):
    return client.post("/login", data={"login": login, "password": password, **more})


class TestSetup:
    def test_looking_at_the_page_uses_nothing_up(self, client, first_token, database):
        for _preview in range(3):
            assert client.get("/setup").status_code == 200
        with database.begin() as db:
            assert db.query(Setup).one().used is False

    def test_the_token_is_asked_for_first_and_the_password_then(self, client, first_token, database):
        second = client.post("/setup", data={"setup_token": first_token})
        assert second.status_code == 200
        assert "设置第一个管理员" in second.text
        assert first_token in second.text
        data = {"setup_token": first_token, "name": "孙立言", "login": "sun", "password": PASSWORD, "again": PASSWORD}
        assert client.post("/setup", data=data).headers["Location"] == "/login"
        assert log_in(client).status_code == 302

    @pytest.mark.parametrize(
        ("tweak", "status", "words"),
        [
            ({"again": PASSWORD + "x"}, 422, "两次输入的密码不一致"),
            ({"name": ""}, 422, "请填写"),
            ({"password": "short", "again": "short"}, 422, "password_weak"),
            ({"login": "名字"}, 400, "登录名应为"),
            ({"setup_token": "wrong"}, 410, "setup_link"),
        ],
    )
    def test_what_is_wrong_is_said_and_the_link_stays_good(self, client, first_token, database, tweak, status, words):
        data = {"setup_token": first_token, "name": "孙立言", "login": "sun", "password": PASSWORD, "again": PASSWORD}
        answer = client.post("/setup", data=data | tweak)
        assert answer.status_code == status
        assert words in answer.text
        with database.begin() as db:
            assert db.query(User).count() == 0
        assert client.post("/setup", data=data).status_code == 302

    def test_no_page_shows_a_password_again(self, client, first_token):
        data = {"setup_token": first_token, "name": "", "login": "sun", "password": PASSWORD, "again": PASSWORD}
        assert PASSWORD not in client.post("/setup", data=data).text


class TestLogin:
    def test_a_log_in_leads_to_the_pages_of_the_role(self, client, sun):
        assert log_in(client).headers["Location"].startswith("/office")

    def test_a_log_in_leads_back_to_where_one_came_from(self, client, sun):
        page = client.get("/office/users?x=1", headers={"Accept": "text/html"}, follow_redirects=True)
        target = re.search(r'name="next" type="hidden" value="([^"]*)"', page.text)[1]
        assert log_in(client, next=target).headers["Location"] == "/office/users?x=1"

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/office",
            "//evil.example/office",
            "/\\evil.example",
            "javascript:alert(1)",
            "/v/x",
            "/logout",
            "http://[x",
            "/office\r\nX: y",
            "/officer",
        ],
    )
    def test_a_log_in_leads_nowhere_else(self, client, sun, target):
        location = log_in(client, next=target).headers["Location"]
        assert location.startswith("/office")

    def test_a_wrong_password_is_refused_with_the_code(self, client, sun):
        answer = log_in(client, password="wrong")
        assert answer.status_code == 401
        assert "login_failed" in answer.text
        assert "wrong" not in answer.text.replace("password_weak", "")

    def test_many_tries_are_slowed_down(self, client, sun):
        statuses = [log_in(client, password="wrong").status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]

    @pytest.mark.parametrize("data", [{}, {"login": "sun"}, {"password": "x"}, {"login": "x" * 1000, "password": "x"}])
    def test_an_incomplete_form_is_refused(self, client, data):
        assert client.post("/login", data=data).status_code == 422

    @pytest.mark.parametrize("value", ["\x00", "👨‍👩‍👧" * 10, "'; DROP TABLE accounts_users; --"])
    def test_odd_characters_are_no_error_of_the_server(self, client, sun, value):
        assert log_in(client, login=value, password=value).status_code in {400, 401, 422}

    @pytest.mark.parametrize(
        "body", [b"login=%80&password=%ff%00", b"login=%00&password=x", b"\xff\xfe", b"login[]=x&password=%ED%A0%80"]
    )
    def test_bytes_that_are_no_text_are_no_error_of_the_server(self, client, sun, body):
        answer = client.post("/login", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {400, 401, 422}

    def test_the_token_is_new_with_every_log_in(self, client, sun, database):
        log_in(client)
        log_in(client)
        with database.begin() as db:
            assert db.query(Login).count() == 2

    def test_after_logging_out_the_old_cookie_is_worth_nothing(self, app, client, sun):
        log_in(client)
        name = app.config["SESSION_COOKIE_NAME"]
        stolen = client.get_cookie(name).value
        assert client.post("/logout").headers["Location"] == "/login"
        thief = app.test_client()
        thief.set_cookie(name, stolen)
        assert thief.get("/office/users", headers={"Accept": "application/json"}).status_code == 401

    def test_who_is_logged_in_is_led_on(self, client, sun):
        log_in(client)
        assert client.get("/login").status_code == 302


class TestUsers:
    def test_a_new_person_gets_a_link_that_is_shown_once(self, office_client, client):
        answer = office_client.post("/office/users", data={"name": "陈明", "login": "chen", "role": "supervisor"})
        assert answer.status_code == 201
        token = re.search(r">http://localhost/setup#([^<]+)<", answer.text)[1]
        assert token not in office_client.get("/office/users").text
        data = {"setup_token": token, "password": PASSWORD, "again": PASSWORD}
        assert "陈明，请设置密码" in client.post("/setup", data={"setup_token": token}).text
        assert client.post("/setup", data=data).status_code == 302
        assert log_in(client, "chen").headers["Location"].startswith("/review")

    @pytest.mark.parametrize(
        ("tweak", "status"),
        [
            ({"role": "root"}, 422),
            ({"role": ""}, 422),
            ({"name": ""}, 422),
            ({"login": "a b"}, 400),
            ({"name": "名\x07字"}, 400),
        ],
    )
    def test_an_impossible_person_is_refused(self, office_client, database, tweak, status):
        data = {"name": "陈明", "login": "chen", "role": "review"} | tweak
        assert office_client.post("/office/users", data=data).status_code == status
        with database.begin() as db:
            assert db.query(User).filter(User.name.contains("明")).count() == 0

    def test_a_login_name_is_given_once(self, office_client):
        data = {"name": "陈明", "login": "chen", "role": "review"}
        assert office_client.post("/office/users", data=data).status_code == 201
        answer = office_client.post("/office/users", data=data)
        assert answer.status_code == 409
        assert "login_taken" in answer.text

    def test_a_reset_locks_at_once_and_gives_a_new_link(self, office_client, client, sun):
        log_in(client)
        answer = office_client.post(f"/office/users/{sun.id}/reset")
        assert "/setup#" in answer.text
        assert client.get("/account", headers={"Accept": "application/json"}).status_code == 401
        assert log_in(client).status_code == 401

    def test_a_person_is_disabled_and_enabled_again(self, office_client, client, sun):
        office_client.post(f"/office/users/{sun.id}/disable")
        assert log_in(client).status_code == 401
        office_client.post(f"/office/users/{sun.id}/enable")
        assert log_in(client).status_code == 302

    @pytest.mark.parametrize(
        "path",
        [
            "/office/users/999/reset",
            "/office/users/999/disable",
            "/office/users/1/delete",
            "/office/users/x/reset",
            "/office/users/99999999999999999999/reset",
        ],
    )
    def test_an_unknown_person_or_act_is_not_found(self, office_client, path):
        assert office_client.post(path).status_code == 404

    def test_names_are_written_as_text(self, office_client):
        office_client.post("/office/users", data={"name": "<b>甲</b>", "login": "jia", "role": "review"})
        assert "<b>甲</b>" not in office_client.get("/office/users").text


class TestAccount:
    def test_a_second_factor_is_put_in_force_and_asked_for(self, client, sun):
        log_in(client)
        page = client.post("/account/totp").text
        secret = re.search(r'<p class="code[^>]*>([A-Z2-7 ]+)</p>', page)[1].replace(" ", "")
        assert "<svg" in page
        assert client.post("/account/totp", data={"code": "12345"}).status_code == 422
        assert client.post("/account/totp", data={"code": pyotp.TOTP(secret).now()}).status_code == 302
        assert log_in(client).status_code == 401
        assert log_in(client, code=pyotp.TOTP(secret).at(clock.now() + 30)).status_code == 302

    def test_a_second_factor_in_force_is_not_replaced_without_the_password(self, client, sun, database):
        log_in(client)
        client.post("/account/totp")
        with database.begin() as db:
            db.get(User, sun.id).totp_secret = "JBSWY3DPEHPK3PXP"
        for data in ({}, {"code": "123456"}):
            assert client.post("/account/totp", data=data).status_code == 403
        with database.begin() as db:
            assert db.get(User, sun.id).totp_secret == "JBSWY3DPEHPK3PXP"

    def test_the_second_factor_is_given_up_with_the_password(self, client, sun, database):
        with database.begin() as db:
            db.get(User, sun.id).totp_secret = "JBSWY3DPEHPK3PXP"
            token = service.begin_login(db, db.get(User, sun.id), now=clock.now(), hours=12)
        with client.session_transaction("/office") as cookie:
            cookie["token"] = token
        assert client.post("/account/totp/off", data={"password": "wrong"}).status_code == 401
        assert client.post("/account/totp/off", data={"password": PASSWORD}).status_code == 302

    def test_ones_own_password_is_changed(self, client, sun):
        log_in(client)
        new = "另一句足够长又不单调的话语"
        assert client.post("/account/password", data={"old": "wrong", "password": new, "again": new}).status_code == 401
        assert (
            client.post("/account/password", data={"old": PASSWORD, "password": new, "again": "x"}).status_code == 422
        )
        assert (
            client.post("/account/password", data={"old": PASSWORD, "password": "x", "again": "x"}).status_code == 422
        )
        assert (
            client.post("/account/password", data={"old": PASSWORD, "password": new, "again": new}).status_code == 302
        )
        assert client.get("/account").status_code == 200
        assert log_in(client).status_code == 401
        assert log_in(client, password=new).status_code == 302

    def test_other_log_ins_are_ended_and_this_one_stays(self, app, client, sun):
        other = app.test_client()
        log_in(other)
        log_in(client)
        assert client.post("/account/logins").status_code == 302
        assert client.get("/account").status_code == 200
        assert other.get("/account", headers={"Accept": "application/json"}).status_code == 401


class TestAuditLog:
    def test_the_supervisor_reads_what_the_office_did(self, office_client, supervisor_client):
        office_client.post("/office/users", data={"name": "陈明", "login": "chen", "role": "review"})
        page = supervisor_client.get("/review/audit").text
        assert "添加人员" in page
        assert "没有改动" in page
        assert "陈明　局党组审阅" in page

    def test_a_tweaked_log_is_shown_as_such(self, office_client, supervisor_client, database):
        office_client.post("/office/users", data={"name": "陈明", "login": "chen", "role": "review"})
        with database.begin() as db:
            db.query(service.audit.Audit).filter_by(id=1).update({"actor": "x"})
        assert "第 1 条与前后不相连" in supervisor_client.get("/review/audit").text

    @pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x"])
    def test_an_odd_page_number_is_no_error(self, supervisor_client, number):
        assert supervisor_client.get(f"/review/audit?page={number}").status_code == 200
