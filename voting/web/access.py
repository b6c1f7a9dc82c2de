"""Who may call what: every route declares its audience, or the service refuses to start.

The decorator is also the frame of every view: it checks the audience, opens the database session, commits on success and
rolls back on error. Flask is told who is logged in by a function that the app hands in, so nothing here knows accounts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol

from flask import Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session

from voting.errors import Code, Refused
from voting.store.base import Database, release

View = Callable[..., ResponseReturnValue]
AnyView = Callable[..., Any]
EXTENSION = "mipiao"


class Audience(StrEnum):
    """Whom a route is for. The value is the name in the settings."""

    ANYONE = "anyone"
    VOTER = "voter"
    OFFICE = "office"
    TRUSTEE = "trustee"
    REVIEW = "review"


PREFIXES: dict[Audience, tuple[str, ...]] = {
    Audience.ANYONE: ("/login", "/logout", "/setup", "/board", "/static", "/bootstrap/static"),
    Audience.VOTER: ("/v",),
    Audience.OFFICE: ("/office", "/account"),
    Audience.REVIEW: ("/review", "/account"),
    Audience.TRUSTEE: ("/trustee",),
}
"""Each audience's part of the address space; `/` itself belongs to ANYONE."""

STAFF_PREFIXES = ("/office", "/review", "/account", "/login", "/logout", "/setup")
"""The only addresses where a cookie is read or written."""

FORM_TYPES = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
"""What the pages of staff send. Forms would be read from JSON too, of any type and depth."""

ROLES: dict[Audience, frozenset[str]] = {
    Audience.OFFICE: frozenset({"office"}),
    Audience.REVIEW: frozenset({"review", "supervisor"}),
}


class Staff(Protocol):
    """A person who is logged in, as far as the web tier cares."""

    @property
    def id(self) -> int:
        """The row's number."""

    @property
    def name(self) -> str:
        """As the bureau writes it."""

    @property
    def login(self) -> str:
        """As it stands in the audit log."""

    @property
    def role(self) -> str:
        """`office`, `review` or `supervisor`."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the views of one app share; `app.extensions["mipiao"]`."""

    config: Any
    database: Database
    audiences: frozenset[Audience]
    who_is_logged_in: Callable[[Session], Staff | None]
    csrf: CSRFProtect
    refuse_the_concerned: Callable[[Session, str, Mapping[str, Any]], None]


class UndeclaredRoute(RuntimeError):
    """A route without an audience, outside its audience's addresses, or with a method that is not used here."""


def service() -> Service:
    """The running app's service."""
    found: Service = current_app.extensions[EXTENSION]
    return found


def audience(*allowed: Audience) -> Callable[[AnyView], View]:
    """Declare whom a view is for; stands directly under the route.

    Inside the view `g.db` is the request's Session, `g.config` the settings, `g.user` the member of staff (OFFICE, REVIEW).
    """
    if not allowed:
        raise UndeclaredRoute("audience() needs at least one audience")

    def declare(view: AnyView) -> View:
        @wraps(view)
        def run(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            return _run(view, frozenset(allowed), args, kwargs)

        run.audiences = frozenset(allowed)  # type: ignore[attr-defined]  # read by check_routes
        return run

    return declare


def check_routes(app: Flask) -> None:
    """Raise UndeclaredRoute unless every route has an audience, lies in its part and uses GET or POST."""
    for rule in app.url_map.iter_rules():
        declared: frozenset[Audience] | None = getattr(app.view_functions[rule.endpoint], "audiences", None)
        if declared is None:
            raise UndeclaredRoute(f"{rule.rule} ({rule.endpoint}) declares no audience")
        # Two roles of staff may share one address; anybody else's routes lie in their own part.
        inside = any if declared <= ROLES.keys() else all
        if not inside(_lies_within(rule.rule, one) for one in declared):
            raise UndeclaredRoute(
                f"{rule.rule} ({rule.endpoint}) lies outside the addresses of {', '.join(sorted(declared))}"
            )
        unused = (rule.methods or set()) - {"GET", "HEAD", "POST"}
        if unused:
            raise UndeclaredRoute(f"{rule.rule} ({rule.endpoint}) accepts {', '.join(sorted(unused))}")


def is_staff_path(path: str) -> bool:
    """Whether the address belongs to the pages of staff, where the session cookie is used."""
    return any(_below(path, prefix) for prefix in STAFF_PREFIXES)


def close_session(_error: BaseException | None = None) -> None:
    """Give the request's Session back; whatever was not committed is rolled back."""
    db: Session | None = g.pop("db", None)
    if db is not None:
        db.close()


def _run(view: AnyView, allowed: frozenset[Audience], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Response:
    shared = service()
    if not allowed & shared.audiences or "\x00" in request.path:
        raise Refused(Code.NOT_FOUND)
    staff = is_staff_path(request.path)
    # Pages of staff may write while they are read (audit log, `seen`), so their transactions take the lock at once.
    g.db = shared.database.session(immediate=staff or request.method == "POST")
    g.config = shared.config
    g.user = shared.who_is_logged_in(g.db) if staff else None
    if request.method == "POST" and staff:
        release(g.db)  # a form that arrives slowly must not hold the database's lock meanwhile
        request.get_data(parse_form_data=True)
        if current_app.config["WTF_CSRF_ENABLED"]:
            shared.csrf.protect()
    _require_role(allowed, g.user)
    if request.method == "POST" and staff:
        _require_form()
        if g.user is not None:
            shared.refuse_the_concerned(g.db, g.user.name, kwargs)
            release(g.db)  # as above: the view takes the lock when it needs it
    try:
        response = make_response(view(*args, **kwargs))
        g.db.commit()
    except BaseException:
        g.db.rollback()
        raise
    return response


def _require_role(allowed: frozenset[Audience], user: Staff | None) -> None:
    if not allowed <= ROLES.keys():
        return
    if user is None:
        raise Refused(Code.LOGIN_REQUIRED)
    if not any(user.role in ROLES[one] for one in allowed & service().audiences):
        raise Refused(Code.FORBIDDEN)


def _require_form() -> None:
    if request.mimetype not in FORM_TYPES:
        raise Refused(Code.CONTENT_TYPE)
    if any(name is None for name in (*request.form, *request.files)):  # a part of a multipart body may lack its name
        raise Refused(Code.BAD_REQUEST)


def _lies_within(rule: str, one: Audience) -> bool:
    if rule == "/":
        return one is Audience.ANYONE
    return any(_below(rule, prefix) for prefix in PREFIXES[one])


def _below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")
