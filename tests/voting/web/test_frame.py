"""Headers, cookies, limits and errors: the frame around every answer."""

import io
import json

import pytest
from flask import Response, flash, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from voting.errors import TABLE, Code, Refused
from voting.web import log
from voting.web.access import Audience, audience
from voting.web.limits import DEFAULT_BODY, UPLOAD_BODY, body_limit, read_body

PAGES = ["/", "/login", "/setup", "/v/none/such", "/board/none", "/trustee/none/1", "/office/none", "/static/none.css"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_inline_and_foreign_content(client, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_hsts_is_sent_over_tls_only(client, config, database):
    from dataclasses import replace

    from voting.app import create_app

    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = create_app(replace(config, base_url="https://tp.example"), database=database)
    assert "max-age=31536000" in secure.test_client().get("/").headers["Strict-Transport-Security"]
    cookie = secure.test_client().get("/login", base_url="https://tp.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-mipiao_staff=")
    assert "Secure" in cookie


def test_static_files_are_asked_for_with_their_etag_or_kept_by_their_hash(client):
    plain = client.get("/static/css/tokens.css")
    assert plain.headers["Cache-Control"] == "public, no-cache"
    assert client.get("/static/css/tokens.css", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    assert "immutable" in client.get("/static/css/tokens.css?v=1").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/%2e%2e/app.py", "/static//etc/passwd"])
def test_static_files_come_from_their_folder_only(client, path):
    assert client.get(path).status_code in {404, 308}


def test_no_page_holds_inline_script_or_style(client, log_in):
    pages = [client.get(path).text for path in ("/", "/login", "/setup", "/nothing")]
    pages += [log_in("office").get(path).text for path in ("/office/users", "/account")]
    for page in pages:
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert "://" not in page.replace("http://www.w3.org", "")


class TestCookies:
    @pytest.fixture
    def routes(self, app):
        def touch(how):
            match how:
                case "get":
                    session.get("x")
                case "in":
                    "x" in session  # noqa: B015 - the look itself is what must fail
                case "set":
                    session["x"] = 1
                case "flash":
                    flash("x")
                case "csrf":
                    generate_csrf()
            return "touched"

        for prefix, who in (
            ("/v", Audience.VOTER),
            ("/board", Audience.ANYONE),
            ("/trustee", Audience.TRUSTEE),
            ("/office", Audience.OFFICE),
        ):
            app.add_url_rule(f"{prefix}/touch/<how>", f"touch{prefix}", audience(who)(touch))
        return app

    @pytest.mark.parametrize("prefix", ["/v", "/board", "/trustee"])
    @pytest.mark.parametrize("how", ["get", "in", "set", "flash", "csrf"])
    def test_touching_the_session_of_a_phone_fails(self, routes, client, prefix, how):
        answer = client.get(f"{prefix}/touch/{how}")
        assert answer.status_code == 500
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize("path", ["/", "/v", "/v/x", "/board/x", "/trustee/x/1", "/static/css/tokens.css"])
    def test_phones_trustees_and_the_room_get_no_cookie_and_their_own_changes_nothing(self, log_in, path):
        client = log_in("office")
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")

    def test_the_cookie_of_staff_is_out_of_reach_for_scripts_and_other_sites(self, client):
        cookie = client.get("/login").headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie


class TestForms:
    @pytest.mark.parametrize(
        "path", ["/login", "/logout", "/setup", "/office/users", "/account/password", "/account/logins"]
    )
    def test_a_form_of_staff_without_its_token_is_refused(self, app, log_in, path):
        client = log_in("office")
        app.config["WTF_CSRF_ENABLED"] = True
        answer = client.post(path, data={"login": "x"}, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json["error"]) == (400, "form_expired")

    def test_a_form_with_its_token_is_taken(self, app, log_in):
        client = log_in("office")
        app.config["WTF_CSRF_ENABLED"] = True
        token = client.get("/account").text.split('name="csrf-token" content="')[1].split('"')[0]
        assert client.post("/account/logins", data={"csrf_token": token}).status_code == 302
        assert client.post("/account/logins", headers={"X-CSRFToken": token}).status_code == 302

    def test_the_token_of_another_session_is_refused(self, app, log_in):
        one, other = log_in("office"), log_in("office")
        app.config["WTF_CSRF_ENABLED"] = True
        token = one.get("/account").text.split('name="csrf-token" content="')[1].split('"')[0]
        other.get("/account")
        assert other.post("/account/logins", data={"csrf_token": token}).status_code == 400


class TestLimits:
    @pytest.fixture
    def routes(self, app):
        def plain():
            return str(len(request.get_data()))

        @body_limit(UPLOAD_BODY)
        def upload():
            return str(len(request.get_data()))

        def computed():
            return str(len(read_body(100_000)))

        for view in (plain, upload, computed):
            app.add_url_rule(
                f"/board/{view.__name__}", view.__name__, audience(Audience.ANYONE)(view), methods=["POST"]
            )
        return app

    @pytest.mark.parametrize(
        ("path", "limit"), [("plain", DEFAULT_BODY), ("upload", UPLOAD_BODY), ("computed", 100_000)]
    )
    def test_a_body_up_to_the_limit_is_taken_and_one_byte_more_is_not(self, routes, client, path, limit):
        assert client.post(f"/board/{path}", data=b"x" * limit).text == str(limit)
        answer = client.post(f"/board/{path}", data=b"x" * (limit + 1))
        assert (answer.status_code, answer.json["error"]) == (413, "too_large")

    def test_a_body_of_unknown_length_is_cut_off_too(self, routes, client):
        answer = client.post(
            "/board/computed",
            input_stream=io.BytesIO(b"x" * 200_000),
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert (answer.status_code, answer.json["error"]) == (413, "too_large")


class TestErrors:
    @pytest.fixture
    def routes(self, app):
        def refuse(code):
            raise Refused(Code(code), "第 3 行")

        def crash():
            raise ValueError("the ballot of 陈明")

        app.add_url_rule("/board/refuse/<code>", "refuse", audience(Audience.ANYONE)(refuse))
        app.add_url_rule("/board/crash", "crash", audience(Audience.ANYONE)(crash))
        return app

    def test_every_code_has_its_sentence_status_and_page(self, routes, client):
        for code, sentence in TABLE.items():
            if code is Code.LOGIN_REQUIRED:
                continue  # leads a person to the log-in: see test_access
            answer = client.get(f"/board/refuse/{code}")
            assert answer.json == {"error": code.value, "zh": sentence.zh, "en": sentence.en, "detail": "第 3 行"}
            page = client.get(f"/board/refuse/{code}", headers={"Accept": "text/html"})
            assert answer.status_code == page.status_code == sentence.status
            assert escape(sentence.zh) in page.text
            assert "提示码" in page.text
            assert code.value in page.text

    def test_no_code_lacks_its_sentence(self):
        assert set(TABLE) == set(Code)
        assert all(400 <= sentence.status < 600 and sentence.zh.endswith(("。", "！")) for sentence in TABLE.values())

    def test_a_failure_says_nothing_of_what_failed(self, routes, client, capsys):
        stream = io.StringIO()
        log.configure(stream)
        answer = client.get("/board/crash")
        assert (answer.status_code, answer.json["error"]) == (500, "internal")
        assert "陈明" not in answer.text
        line = json.loads(stream.getvalue())
        assert line["kind"] == "ValueError"
        assert "陈明" not in stream.getvalue()

    @pytest.mark.parametrize(
        ("path", "accept", "kind"),
        [
            ("/v/x/y/z", "*/*", "application/json"),
            ("/v/x/y/z", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
            ("/nothing", "*/*", "text/html"),
            ("/nothing", "application/json", "application/json"),
            ("/office/nothing", "text/html;q=0.5,application/json", "application/json"),
        ],
    )
    def test_a_refusal_comes_as_the_caller_reads_it(self, client, path, accept, kind):
        answer = client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (404, kind)

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
    def test_other_methods_are_refused(self, client, method):
        answer = client.open("/login", method=method, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json["error"]) == (405, "method_not_allowed")
        assert "GET" in answer.headers["Allow"]


class TestLog:
    def test_staff_leave_a_line_and_phones_none(self, app, log_in):
        client = log_in("office")
        stream = io.StringIO()
        log.configure(stream)
        for path in ("/v", "/v/x?code=AAAA", "/board/x", "/trustee/x/1", "/", "/static/css/tokens.css"):
            client.get(path)
        assert stream.getvalue() == ""
        client.get("/office/users?name=陈明")
        line = json.loads(stream.getvalue())
        assert (line["route"], line["status"]) == ("/office/users", 200)
        assert "陈明" not in stream.getvalue()

    def test_a_field_that_is_not_allowed_is_dropped(self):
        import structlog

        stream = io.StringIO()
        log.configure(stream)
        structlog.get_logger().info("x", credential="AAAA", status=200)
        assert json.loads(stream.getvalue()).keys() == {"event", "level", "timestamp", "status"}


def test_a_busy_database_asks_for_patience(app, client, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def locked():
        raise OperationalError("x", {}, Exception("database is locked"))

    app.add_url_rule("/board/locked", "locked", audience(Audience.ANYONE)(locked))
    answer = client.get("/board/locked")
    assert isinstance(answer, Response)
    assert (answer.status_code, answer.json["error"], answer.headers["Retry-After"]) == (503, "busy", "2")
