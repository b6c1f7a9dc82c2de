"""How much a request may carry. 64 KB unless a route asks for more; what is larger is refused before it is read."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request

from voting.errors import Code, Refused

DEFAULT_BODY = 64 * 1024
UPLOAD_BODY = 8 * 1024 * 1024
"""For spreadsheets of the office."""

View = TypeVar("View", bound=Callable[..., Any])


def body_limit(limit: int) -> Callable[[View], View]:
    """Let a view take bodies of up to `limit` bytes: `@body_limit(UPLOAD_BODY)`, directly above the function."""

    def declare(view: View) -> View:
        view.body_limit = limit  # type: ignore[attr-defined]  # read by `widen`
        return view

    return declare


def install(app: Flask) -> None:
    """Set the default limit and widen it for the views that declared another, before any form is parsed."""
    app.config["MAX_CONTENT_LENGTH"] = DEFAULT_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = DEFAULT_BODY
    app.config["MAX_FORM_PARTS"] = 500

    @app.before_request
    def refuse_other_encodings() -> None:
        # Werkzeug decodes the rest of an address leniently, the query strictly: what raises there would be a 500.
        try:
            request.query_string.decode()
        except UnicodeDecodeError:
            raise Refused(Code.BAD_REQUEST) from None

    @app.before_request
    def widen() -> None:
        view = app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "body_limit", DEFAULT_BODY)


def read_body(limit: int) -> bytes:
    """The request's raw body of at most `limit` bytes; for limits that are computed from the election.

    Raises:
        werkzeug.exceptions.RequestEntityTooLarge: becomes 413 `too_large`; a body of unknown length is cut off there too.
    """
    request.max_content_length = limit
    return request.get_data(cache=False)
