"""Bad input at every address: for each route, method and caller a table of junk, and always a sentence with its code.

Nothing ends in a 5xx, nothing is half-written: after all of it the database holds what it held before. A route that
these tests do not know how to call fails them.
"""

import datetime as dt
import hashlib
import io
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from nacl import pwhash
from sqlalchemy import Table, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from keys import credential
from keys.curve import ED25519
from tally.ballot import make, max_size
from tally.questions import Election
from tests.voting import rows
from tests.voting.polls.meeting import Meeting
from tests.voting.web import junk
from voting import models
from voting.accounts import passwords
from voting.accounts import service as accounts
from voting.board import service as board
from voting.booth.check import MAX_REPORT
from voting.booth.check_views import LARGEST
from voting.decisions.models import Meeting as PartyMeeting
from voting.decisions.models import Member
from voting.errors import TABLE, Code
from voting.polls.drafts import QuestionDraft
from voting.selections import previewed
from voting.store import clock
from voting.store.base import Database
from voting.trustees import decryption
from voting.trustees import service as trustees
from voting.web import log
from voting.web.access import Audience
from voting.web.limits import DEFAULT_BODY, UPLOAD_BODY

SHOWN = re.compile(r"提示码\s*(?:<[^>]*>\s*)*([a-z_]+)<")
MAY_CHANGE = {"accounts_audit", "accounts_throttle"}
ROLES = ("nobody", "office", "review", "supervisor", "trustee")
CHOICES = ((0, 1, 0, 0), (0, 1, 1))

PRESSED = {
    "accounts.log_out", "accounts.reset_user", "accounts.switch_user", "accounts.end_other_logins", "polls.renew",
    "polls.withdraw", "polls.keyed", "polls.open_box", "polls.start_closing", "slips.issue", "preflight.probe",
}  # fmt: skip
"""Buttons: their body is not looked at, so what it holds is never an error."""

BODY_OF = {
    "booth.cast": "application/json",
    "check.ballots": "application/json",
    "check.report": "",
    "trustees.key": "",
    "trustees.opened": "",
    "trustees.share": "",
}
"""Calls of machines: one raw body."""

NOTHING_REQUIRED = {"accounts.start_totp", "cards.adapted"}
"""Forms that a body without any of their fields asks for; they store nothing."""

N, TEXT = junk.NUMBERS, junk.TEXTS
Fields = dict[str, tuple[bytes, dict[str, bytes | None]]]


@dataclass(frozen=True)
class World:
    """Four polls on their way and everything that an address or a form may name."""

    draft: str
    issued: str
    opened: str
    closed: str
    selection: int
    post: int
    printed_post: int
    meeting: int
    user: int
    token: str
    setup: str
    rows: rows.Rows

    def arguments(self, endpoint: str) -> dict[str, object]:
        """Sound arguments, such that the call gets as far as it can without doing anything."""
        group = endpoint.partition(".")[0]
        early = {"polls.edit", "polls.update", "polls.name_trustee", "polls.preview", "trustees.key", "trustees.opened"}
        late = {"polls.sealed", "polls.renew", "polls.withdraw", "trustees.share", "trustees.record_file",
                "paper_ballots.show", "paper_ballots.enter", "paper_ballots.discard"}  # fmt: skip
        printed = {"amending.show", "amending.amend", "slips.before_reissue", "slips.reissue"}
        uuid = self.draft if endpoint in early else self.closed if endpoint in late else self.opened
        uuid = self.issued if endpoint in printed else uuid
        return {
            "uuid": self.closed if group == "results" else uuid,
            "n": 77 if endpoint in {"polls.renew", "polls.withdraw"} else 1,  # nobody's, so that nothing is renewed
            "user_id": 9_999,
            "facts_id": 9_999,
            "position": 1,
            "proposal_id": 9_999,
            "meeting_id": 9_999
            if endpoint in {"deciding.note", "deciding.conclude", "deciding.correct", "deciding.withdraw"}
            else self.meeting,
            "title": "计票报告单",
            "what": "disable",
            "selection_id": self.selection,
            "post_id": self.post,
            "name": "manifest.json",
            "form": "json",
            "filename": "css/tokens.css" if endpoint == "static" else "css/bootstrap.min.css",
        }

    def fields(self, endpoint: str) -> Fields:
        """A form as it would be taken, and for each field the junk that must not be. Raises KeyError if unknown."""
        two: Fields = {"name_1": (b"\xe7\x94\xb2\xe4\xb8\x80", TEXT), "name_2": (b"\xe4\xb9\x99\xe4\xba\x8c", TEXT)}
        why: Fields = {"reason": ("人选有误".encode(), TEXT), **two}
        whole = b"correct horse battery"
        typed = {k: v for k, v in TEXT.items() if k != "missing"}  # without a password the page asks for one
        optional = {k: v for k, v in N.items() if k not in {"missing", "empty", "spaces"}}
        words = {k: v for k, v in TEXT.items() if k not in {"missing", "empty", "spaces"}}
        draft: Fields = {
            "title": ("会议推荐".encode(), TEXT), "form": (b"meeting", TEXT), "replaces": (b"", words),
            "administrator": ("局人教处".encode(), TEXT), "credential_authority": ("局人教处".encode(), TEXT),
            "questions-0-post_id": (str(self.post).encode(), N), "questions-0-max_choices": (b"1", N),
            "groups-0-label": ("机关中层正职".encode(), TEXT), "groups-0-expected": (b"7", N),
            "groups-0-spares": (b"3", optional),
        }  # fmt: skip
        known: dict[str, Fields] = {
            "accounts.log_in": {"login": (b"nobody", TEXT), "password": (b"wrong", TEXT), "code": (b"", words),
                                "next": (b"/office", TEXT)},
            "accounts.use_setup": {"setup_token": (self.setup.encode(), TEXT), "password": (whole, typed),
                                   "again": (whole, TEXT)},
            "accounts.create_user": {"name": ("糜文珊".encode(), TEXT), "login": (b"mi.wenshan", TEXT),
                                     "role": (b"office", TEXT)},
            "accounts.change_password": {"old": (b"wrong", TEXT), "password": (whole, TEXT), "again": (whole, TEXT)},
            "accounts.start_totp": {"code": (b"000000", {k: v for k, v in N.items() if k != "missing"})},
            "accounts.stop_totp": {"password": (b"wrong", TEXT)},
            "selections.create": {"title": ("选拔".encode(), TEXT), "bureau": ("某局".encode(), TEXT),
                                  "plan_date": (b"2026-05-08", N)},
            "selections.add_post": {"title": ("办公室主任".encode(), TEXT), "places": (b"1", N)},
            "selections.preview": {"file": (b"", {"text": b"a", "missing": None})},
            "roster.read": {"file": (b"", {"text": b"a", "missing": None})},
            "roster.earlier": {"what": ("四级主任科员".encode(), TEXT), "since": (b"2017-12-15", N),
                               "basis": ("任职文件".encode(), TEXT)},
            "deciding.write": {field: ("居前".encode(), words if field == "reason" else TEXT)
                               for field in ("votes", "assessments", "performance", "fit", "reason")},
            "deciding.propose": {"stage": (b"vetting", TEXT), "person": (b"1", N), "reason": (b"", words)},
            "deciding.convene": {
                "held_on": (b"2026-05-08", N), "host": ("范景和".encode(), TEXT), "recorder": ("糜文珊".encode(), TEXT),
                "observers": (b"", words), "members": ("甲\n乙\n丙".encode(), TEXT), "way": (b"named", TEXT), "poll": (b"", words),
            },
            "deciding.note": (stated := {"vote-1-1": (b"agree", TEXT), "reconsider-1": (b"", optional)}),
            "deciding.conclude": stated,
            "deciding.withdraw": {"reason": ("误建".encode(), TEXT)},
            "deciding.correct": {"reason": ("笔误".encode(), TEXT)},
            "decisions.fix": {"on": (b"2026-05-08", N)},
            "selections.confirm": {"preview": (self.preview(), TEXT)},
            "polls.create": draft,
            "polls.update": {k: v for k, v in draft.items() if k != "replaces"},  # that is fixed at first
            "polls.name_trustee": {"name": ("郭一鸣".encode(), TEXT), "role": ("财务处".encode(), TEXT)},
            "cards.adapted": {"wifi": ("一楼".encode(), {"beyond": b"w" * 33, "a line": b"a\nb"}),
                              "password": (b"at least 8", {"short": b"1234567", "beyond": b"p" * 64, "nul": b"12345678\x00"}),
                              "place": (b"", {"long": b"p" * 21, "nul": b"a\x00"})},
            "meeting.go": {"from": (b"check", TEXT), "to": (b"count", TEXT)},
            "meeting.people": {"expected": (b"7", N), "present": (b"7", N)},
            "meeting.officials": two,
            "preflight.waive": {"line": (b"phone", TEXT), **why},
            "polls.counts": {"expected": (b"7", N), "present": (b"7", N), "left_in_hand": (b"8", N)},
            "polls.finish_closing": two,
            "polls.insert": {"receipt": (b"", {"text": b"a", "missing": None}), **two},
            "voids.void": {"voids": (b"[]", TEXT)},
            "polls.void": why,
            "paper_ballots.enter": {"handed_out": (b"6", N), "returned": (b"6", N), "invalid": (b"0", N),
                                    "q0-0": (b"6", N), "q0-abstain": (b"0", N), "name": ("甲一".encode(), TEXT)},
            "paper_ballots.discard": {"reason": ("点错".encode(), TEXT)},
            "slips.reissue": {"group": (b"0.0", N), **why},
            "amending.amend": {
                "questions-0-post_id": (str(self.printed_post).encode(), N), "questions-0-title": ("综合处处长".encode(), TEXT),
                "questions-0-max_choices": (b"1", N), "administrator": ("局机关党委".encode(), TEXT),
                "credential_authority": ("局人教处".encode(), TEXT), **why,
            },
        }  # fmt: skip
        return known[endpoint]

    def preview(self) -> bytes:
        """A confirmation that is signed with a key that is not the server's."""
        return previewed.pack(b"not the server's", self.post, "0" * 64, []).encode()


def build(database: Database, secret: bytes) -> World:
    """Play meetings through the services: one in draft with two trustees, one printed, one open with a ballot, one closed."""
    with database.session() as db:
        room = Meeting(db).plan().create().invite()
        draft = room.uuid
        opened = Meeting(db, posts=room.posts, selection=room.selection).create().invite().make_keys().keyed().issue()
        opened.open().vote([CHOICES])
        printed = Meeting(db).plan()
        printed.create(questions=[QuestionDraft(printed.posts[0], 1)]).invite().make_keys().keyed().issue()
        closed = Meeting(db).plan().create().invite().make_keys().keyed().issue().open().vote([CHOICES] * 6)
        closed.counts(left_in_hand=len(closed.codes) - 6).start_closing().finish_closing()
        token = trustees.renew(db, closed.uuid, 1).token
        db.execute(  # one trustee holds the same link for the draft and the closed poll
            models.metadata().tables["trustees"].update()
            .where(models.metadata().tables["trustees"].c.n == 1)
            .values(token_hash=hashlib.sha256(token.encode()).hexdigest())
        )  # fmt: skip
        day = dt.date(2026, 5, 8)
        meeting = PartyMeeting(
            selection_id=room.selection, held_on=day, host="甲", recorder="乙", observers="", way="named", author="x"
        )
        meeting.members = [Member(position=k, name=name, title="", present=True) for k, name in enumerate("甲乙丙")]
        db.add(meeting)
        now = clock.now()
        user = accounts.create_user(db, "x", name="范景和", login="fan", role="review", now=now)
        setup = accounts.setup_link(db, "x", user, now=now)
        db.commit()
        everything = rows.taken(db)
    return World(
        draft,
        printed.uuid,
        opened.uuid,
        closed.uuid,
        room.selection,
        room.posts[0],
        printed.posts[0],
        meeting.id,
        user.id,
        token,
        setup,
        everything,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> World:
    path = tmp_path_factory.mktemp("world") / "world.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    world = build(database, b"")
    database.close()
    return world


@pytest.fixture
def world(database: Database, played: World) -> World:
    with database.begin() as db:
        rows.put(db, played.rows)
    return played


@pytest.fixture
def callers(
    app: Flask, world: World, log_in: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> dict[str, FlaskClient]:
    """A client per role. Stretching a password takes 150 ms, a hundred times over: here it takes none."""
    cheap = pwhash.argon2id.str(b"nobody", opslimit=pwhash.argon2id.OPSLIMIT_MIN, memlimit=pwhash.argon2id.MEMLIMIT_MIN)
    monkeypatch.setattr(passwords, "NOBODY", cheap)
    log.configure(io.StringIO())  # a line per request of staff would bury a failure's own words
    trustee = app.test_client()
    trustee.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.token}"
    return {role: log_in(role) for role in ROLES[1:4]} | {"nobody": app.test_client(), "trustee": trustee}


def digest(database: Database) -> dict[str, str]:
    """What each table holds, in one hash; `seen` moves with every log-in that is used."""

    def rows(table: Table) -> list[str]:
        found = db.execute(select(*(column for column in table.columns if column.name != "seen")))
        return sorted(repr([hash(v) if isinstance(v, bytes) else v for v in row]) for row in found)

    with database.session(immediate=False) as db:
        tables = [table for table in models.metadata().sorted_tables if table.name not in MAY_CHANGE]
        return {table.name: hashlib.sha256(repr(rows(table)).encode()).hexdigest() for table in tables}


def told(answer: TestResponse, what: object) -> Code | None:
    """The code of a refusal, after checking its form, sentence and status; None for what is no refusal."""
    status = answer.status_code
    assert status < 500, what
    if status < 400:
        return None
    if answer.request.method == "HEAD":
        assert answer.data == b"", what
        return None
    if answer.mimetype == "application/json":
        said = answer.json
        code = Code(said["error"])
        assert said["zh"] == TABLE[code].zh, what
    else:
        page = answer.get_data(as_text=True)
        named = SHOWN.search(page)
        assert named, (what, status, page)
        code = Code(named[1])
        assert TABLE[code].zh in page, what
    assert status == TABLE[code].status, (what, code)
    return code


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            yield rule, method


def who(app: Flask, rule: Rule) -> str:
    """A role that may enter."""
    allowed = app.view_functions[rule.endpoint].audiences  # type: ignore[attr-defined]  # set by `audience`
    known = {Audience.OFFICE: "office", Audience.REVIEW: "review", Audience.TRUSTEE: "trustee"}
    return next((role for one, role in known.items() if one in allowed), "nobody")


def address(app: Flask, world: World, rule: Rule) -> str:
    known = world.arguments(rule.endpoint)
    return app.url_map.bind("localhost").build(rule.endpoint, {name: known[name] for name in rule.arguments})


def send(client: FlaskClient, method: str, path: str, body: bytes = b"", kind: str = "", **more: Any) -> TestResponse:
    # As a whole environment: the test client must neither quote the address nor repair headers.
    headers = {"Content-Type": kind} if kind else {}
    return client.open(path, method=method, data=body, headers={**headers, **more.pop("headers", {})}, **more)


def test_every_route_can_be_called_with_sound_and_with_bad_input(app: Flask, world: World) -> None:
    for rule, method in rules(app):
        assert address(app, world, rule).startswith("/")
        if method == "POST":
            assert rule.endpoint in PRESSED or rule.endpoint in BODY_OF or world.fields(rule.endpoint), rule


def test_sound_addresses_get_as_far_as_a_page_or_a_refusal_of_the_step(
    app: Flask, world: World, callers: dict[str, FlaskClient]
) -> None:
    best: dict[str, int] = {}
    for rule, method in rules(app):
        if method == "GET":
            path = address(app, world, rule)
            best[path] = min(send(callers[role], method, path).status_code for role in ROLES)
    sample = f"/v/check/{world.opened}/paper.json"  # asks for the token that a test phone reads off the console
    assert {path: status for path, status in best.items() if status >= 400 and status != 409} == {sample: 401}


def test_junk_in_an_address_is_no_such_page(
    app: Flask, database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    before = digest(database)
    for rule, method in rules(app):
        if method == "HEAD" and not database.sqlite:
            continue
        for name in rule.arguments:
            marked = app.url_map.bind("localhost").build(
                rule.endpoint, {**{k: world.arguments(rule.endpoint)[k] for k in rule.arguments}, name: MARKS.get(name, "MARK")}
            )  # fmt: skip
            for label, value in junk.PATHS.items():
                path = marked.replace(str(MARKS.get(name, "MARK")), value)
                everybody = database.sqlite and method != "HEAD" and label in {"nul", "beyond 64 bits"}
                for role in ROLES if everybody else (who(app, rule),):
                    answer = send(callers[role], method, path)
                    told(answer, (role, method, path[:200], label))
                    assert answer.status_code != 200 or method in {"GET", "HEAD"}, (role, method, path[:200], label)
        assert digest(database) == before, (method, rule.rule)


NUMBERS = ("n", "user_id", "selection_id", "post_id", "facts_id", "position", "proposal_id", "meeting_id")
MARKS: dict[str, int | str] = {**dict.fromkeys(NUMBERS, 987654321), "what": "enable"}


def bodies(role: str, *, whole: bool) -> Iterator[tuple[str, str, str]]:
    """Caller, body and content type: everything for who may enter, some for the others."""
    for label in junk.BODIES:
        yield from ((role, label, kind) for kind in junk.KINDS[: 3 if whole else 1])
    for kind in junk.KINDS[3:]:
        yield from ((role, label, kind) for label in ("an unended part", "a form", "deep json"))
    for other in ROLES:
        yield from ((other, label, kind) for label in ("wrong types", "a form") for kind in junk.KINDS[:2])


# Werkzeug leaves the file of an upload that breaks off to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_junk_in_a_body_is_refused_by_code(
    app: Flask, database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    before = digest(database)
    for rule, method in rules(app):
        if method != "POST" or rule.endpoint in PRESSED:
            continue
        path = address(app, world, rule)
        for role, label, kind in bodies(who(app, rule), whole=database.sqlite):
            what = (role, path, label, kind)
            answer = send(callers[role], method, path, junk.BODIES[label], kind)
            if rule.endpoint in NOTHING_REQUIRED and answer.status_code == 200:
                continue
            assert told(answer, what) or to_log_in(answer), what
        assert digest(database) == before, path


def test_junk_in_one_field_of_an_otherwise_sound_form_is_refused_by_code(
    app: Flask, database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    before = digest(database)
    role = {"accounts.log_in": "nobody", "accounts.use_setup": "nobody"}
    for rule, method in rules(app):
        if method != "POST" or rule.endpoint in PRESSED or rule.endpoint in BODY_OF:
            continue
        path, fields = address(app, world, rule), world.fields(rule.endpoint)
        for name, (_, bad) in fields.items():
            for label, value in bad.items():
                sent = {k: v for k, (v, _) in fields.items()} | {name: value}
                body = junk.form({k: v for k, v in sent.items() if v is not None})
                client = callers[role.get(rule.endpoint, "office")]
                answer = send(client, method, path, body, "application/x-www-form-urlencoded")
                assert told(answer, (path, name, label)), (path, name, label, answer.status_code)
            assert digest(database) == before, (path, name)


def to_log_in(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.location.startswith("/login")


def test_odd_headers_cookies_and_lengths_are_answered_in_order(
    app: Flask, database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    before = digest(database)
    for rule, method in rules(app):
        path = address(app, world, rule)
        if method == "HEAD" or rule.endpoint in PRESSED:
            continue
        for ask in junk.ASKS if database.sqlite else junk.ASKS[::7]:
            for role in {"nobody", who(app, rule)}:
                answer = send(callers[role], method, path, headers=ask.headers, environ_overrides=ask.environ)
                told(answer, (role, method, path, ask.name))
        assert digest(database) == before, path


def limits(world: World, database: Database) -> dict[str, int]:
    with database.session(immediate=False) as db:
        size = max_size(Election.parse(board.get(db, world.opened).election))
        share = decryption.max_share(db, world.closed)
    return {"booth.cast": size, "check.ballots": LARGEST, "check.report": MAX_REPORT, "trustees.key": trustees.MAX_MESSAGE, "trustees.opened": trustees.MAX_MESSAGE,
            "trustees.share": share, "selections.preview": UPLOAD_BODY, "selections.confirm": UPLOAD_BODY,
            "roster.read": UPLOAD_BODY, "polls.create": UPLOAD_BODY, "polls.update": UPLOAD_BODY, "polls.insert": UPLOAD_BODY}  # fmt: skip


def test_one_byte_too_many_is_too_large(
    app: Flask, database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    known, before = limits(world, database), digest(database)
    roles = {"booth": "nobody", "check": "nobody", "trustees": "trustee"}
    for rule, method in rules(app):
        if method != "POST" or rule.endpoint in PRESSED:
            continue
        path, limit = address(app, world, rule), known.get(rule.endpoint, DEFAULT_BODY)
        role = "nobody" if path in {"/login", "/setup"} else roles.get(rule.endpoint.partition(".")[0], "office")
        kind = "application/json" if rule.endpoint in BODY_OF else "application/x-www-form-urlencoded"
        for size, large in ((limit, False), (limit + 1, True)):
            code = told(send(callers[role], method, path, b" " * size, kind), (path, size))
            assert (code is Code.TOO_LARGE) == large, (path, size, code)
    assert digest(database) == before


def test_a_request_that_breaks_off_is_refused_and_changes_nothing(
    app: Flask, database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    before = digest(database)
    for rule, method in rules(app):
        if method == "POST" and rule.endpoint not in PRESSED:
            for role in ROLES:
                for kind in junk.KINDS[:3]:
                    answer = send(callers[role], method, address(app, world, rule), b'{"a":', kind, environ_overrides={"CONTENT_LENGTH": "400"})  # fmt: skip
                    what = (role, rule.rule, kind)
                    assert told(answer, what) or to_log_in(answer) or rule.endpoint in NOTHING_REQUIRED, what
    assert digest(database) == before


def test_a_form_with_a_false_token_presses_no_button(
    app: Flask, database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    before = digest(database)
    for rule, method in rules(app):
        path = address(app, world, rule)
        if method != "POST" or rule.endpoint in BODY_OF:
            continue
        for token in (None, b"", b"\x00", b"\xff\xfe", b"a.b.c", b"9" * 5_000):
            body = b"" if token is None else junk.form({"csrf_token": token})
            answer = send(callers["office"], method, path, body, "application/x-www-form-urlencoded")
            assert told(answer, (path, token)) is Code.FORM_EXPIRED, (path, token)
    assert digest(database) == before


def test_the_polls_of_these_tests_take_what_is_sound(
    database: Database, world: World, callers: dict[str, FlaskClient]
) -> None:
    """Otherwise every refusal above could be for another reason."""
    with database.session(immediate=False) as db:
        keys = [raw for raw, _ in board.credentials(db, world.opened)]
        election = Election.parse(board.get(db, world.opened).election)
    code = credential.new(secrets.token_bytes)
    stranger = make(election, credential.secret(ED25519, world.opened, code), CHOICES, secrets.token_bytes)
    assert board.key_bytes(stranger.credential.text) not in keys
    cast = send(callers["nobody"], "POST", f"/v/{world.opened}/ballots", stranger.raw, "application/json")
    assert told(cast, "stranger") is Code.UNKNOWN_CREDENTIAL
    for endpoint, path in (
        ("accounts.create_user", "/office/users"),
        ("selections.create", "/office/selections/new"),
        ("selections.add_post", f"/office/selections/{world.selection}/posts"),
        ("polls.create", f"/office/selections/{world.selection}/polls/new"),
        ("polls.update", f"/office/polls/{world.draft}/edit"),
        ("polls.name_trustee", f"/office/polls/{world.draft}/trustees"),
        ("polls.void", f"/office/polls/{world.opened}/void"),
        ("slips.reissue", f"/office/polls/{world.issued}/reissue"),
        ("amending.amend", f"/office/polls/{world.issued}/amend"),
        ("accounts.use_setup", "/setup"),
    ):
        body = junk.form({name: value for name, (value, _) in world.fields(endpoint).items()})
        answer = send(callers["office"], "POST", path, body, "application/x-www-form-urlencoded")
        assert answer.status_code < 400, (endpoint, answer.text)


def test_a_second_factor_that_was_never_shown_cannot_be_confirmed(office_client: FlaskClient) -> None:
    answer = office_client.post("/account/totp", data={"code": "123456"})
    assert told(answer, "no secret in the session") is Code.TOTP_WRONG
