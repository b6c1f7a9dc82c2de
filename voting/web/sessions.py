"""The one cookie: signed, for staff only. It carries the log-in token, the form token and notices of one page.

The log-in itself lives in the database and can be revoked there. Phones, trustees and the room have no cookie:
on their addresses every use of the session raises, so that a careless template cannot bring one back.
"""

from typing import Any, NoReturn

from flask import Flask, Request
from flask.sessions import NullSession, SecureCookieSessionInterface, SessionMixin

from voting.web.access import is_staff_path

COOKIE = "mipiao_staff"
TOKEN = "token"
"""The session's key for the log-in token."""


class NoSession(NullSession):
    """Stands where no session may be used."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RuntimeError("phones, trustees and the room have no session: do not touch it on their pages")

    __getitem__ = __setitem__ = __delitem__ = __contains__ = __iter__ = _refuse
    get = pop = setdefault = update = clear = popitem = keys = items = values = _refuse


class StaffSessionInterface(SecureCookieSessionInterface):
    """Flask's signed cookie on the pages of staff, NoSession everywhere else."""

    session_class = SecureCookieSessionInterface.session_class

    def open_session(self, app: Flask, request: Request) -> Any:
        """Read the cookie where one belongs."""
        if not is_staff_path(request.path):
            return NoSession()
        return super().open_session(app, request)

    def is_null_session(self, obj: object) -> bool:
        """Whether nothing is to be saved."""
        return isinstance(obj, NullSession)


def install(app: Flask, *, https: bool) -> None:
    """Set up the cookie: this site only, out of reach for scripts, over TLS only where there is TLS."""
    app.session_interface = StaffSessionInterface()
    app.config.update(
        SESSION_COOKIE_NAME=f"__Host-{COOKIE}" if https else COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
    )


__all__ = ["COOKIE", "TOKEN", "NoSession", "SessionMixin", "StaffSessionInterface", "install"]
