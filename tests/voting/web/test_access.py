"""Every route declares its audience, or the service does not start; every request is held to it."""

import pytest
from flask import Flask, g
from werkzeug.routing import IntegerConverter

from voting.accounts.models import User
from voting.app import create_app
from voting.errors import Code, Refused
from voting.web.access import Audience, UndeclaredRoute, audience, check_routes


def bare(rule, view, **options):
    app = Flask("bare", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.add_url_rule(rule, "view", view, **options)
    return app


def test_a_route_without_an_audience_stops_the_start():
    with pytest.raises(UndeclaredRoute, match="declares no audience"):
        check_routes(bare("/office/x", lambda: ""))


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ("/office/x", Audience.VOTER),
        ("/v/x", Audience.OFFICE),
        ("/votes", Audience.VOTER),
        ("/board/x", Audience.TRUSTEE),
        ("/trustee/x", Audience.ANYONE),
        ("/", Audience.VOTER),
        ("/review", Audience.OFFICE),
        ("/reviewer", Audience.REVIEW),
    ],
)
def test_a_route_outside_its_audiences_addresses_stops_the_start(rule, who):
    with pytest.raises(UndeclaredRoute, match="lies outside"):
        check_routes(bare(rule, audience(who)(lambda: "")))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_route_with_an_unused_method_stops_the_start(method):
    with pytest.raises(UndeclaredRoute, match=f"accepts {method}"):
        check_routes(bare("/v/x", audience(Audience.VOTER)(lambda: ""), methods=["GET", method]))


def test_an_audience_must_be_named():
    with pytest.raises(UndeclaredRoute):
        audience()


@pytest.mark.parametrize(
    ("rule", "who"), [("/v", Audience.VOTER), ("/v/<uuid>", Audience.VOTER), ("/", Audience.ANYONE)]
)
def test_a_declared_route_in_its_place_is_accepted(rule, who):
    check_routes(bare(rule, audience(who)(lambda **_: "")))


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("office", "/office/users", 200),
        ("review", "/office/users", 403),
        ("supervisor", "/office/users", 403),
        ("office", "/review/audit", 403),
        ("review", "/review/audit", 403),
        ("supervisor", "/review/audit", 200),
        ("office", "/account", 200),
        ("review", "/account", 200),
        ("supervisor", "/account", 200),
    ],
)
def test_each_role_sees_its_own_pages_only(log_in, role, path, status):
    assert log_in(role).get(path).status_code == status


@pytest.mark.parametrize("path", ["/office/users", "/review/audit", "/account"])
def test_who_is_not_logged_in_is_led_to_the_log_in_and_back(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_a_program_that_is_not_logged_in_gets_the_code(client):
    answer = client.get("/office/users", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (401, "login_required")


def test_a_role_is_asked_for_on_every_office_and_review_address(app, client):
    for rule in app.url_map.iter_rules():
        declared = app.view_functions[rule.endpoint].audiences
        if declared <= {Audience.OFFICE, Audience.REVIEW}:
            path = app.url_map.bind("localhost").build(
                rule.endpoint, {name: _example(rule, name) for name in rule.arguments}
            )
            for method in rule.methods - {"HEAD"}:
                status = client.open(path, method=method, headers={"Accept": "application/json"}).status_code
                assert status == 401, (method, path)


def _example(rule, name):
    converter = rule._converters[name]
    if isinstance(converter, IntegerConverter):
        return 1
    return min(getattr(converter, "items", None) or ["x"])


def test_an_app_serves_only_the_audiences_it_was_given(config, database):
    app = create_app(config, audiences=[Audience.VOTER, Audience.ANYONE], database=database)
    client = app.test_client()
    assert client.get("/").status_code == 200
    for path in ("/office/users", "/review/audit", "/account"):
        assert client.get(path).status_code == 404


class TestTransactions:
    @pytest.fixture
    def routes(self, app):
        def write(fail):
            g.db.add(User(name="甲", login="jia", role="review", disabled=False))
            g.db.flush()
            if fail == "refuse":
                raise Refused(Code.WRONG_STATE)
            if fail == "crash":
                raise ZeroDivisionError
            return "done"

        app.add_url_rule("/board/write/<fail>", "write", audience(Audience.ANYONE)(write), methods=["POST"])
        return app

    def users(self, database):
        with database.begin() as db:
            return db.query(User).count()

    def test_a_view_that_returns_has_written(self, routes, client, database):
        assert client.post("/board/write/no").status_code == 200
        assert self.users(database) == 1

    @pytest.mark.parametrize(("fail", "status"), [("refuse", 409), ("crash", 500)])
    def test_a_view_that_raises_has_written_nothing(self, routes, client, database, fail, status):
        assert client.post(f"/board/write/{fail}").status_code == status
        assert self.users(database) == 0
