"""What is logged, and nothing else: an allow-list of fields. Requests of phones, trustees and the room leave no line."""

import sys
import traceback
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request

from voting.web.access import is_staff_path

ALLOWED = frozenset({"event", "level", "timestamp", "method", "route", "status", "actor", "kind", "frames"})


def configure(stream: TextIO | None = None) -> None:
    """One JSON line per event on stderr (or `stream`); fields that are not allowed are dropped."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_unlisted,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def install(app: Flask) -> None:
    """Log each request of staff: who, which route, with which outcome. The address itself may hold names, so it stays out."""

    @app.after_request
    def log_staff(response: Response) -> Response:
        if is_staff_path(request.path):
            user = g.get("user")
            structlog.get_logger().info(
                "request",
                method=request.method,
                route=str(request.url_rule or "unknown"),
                status=response.status_code,
                actor=user.login if user else "-",
            )
        return response


def log_failure(error: Exception) -> None:
    """Log where something failed. The exception's message is left out: it may quote a ballot, a name or a token."""
    frames = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    structlog.get_logger().error(
        "failure", kind=type(error).__name__, frames=frames[-12:], route=str(request.url_rule or "unknown")
    )


def _drop_unlisted(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {name: value for name, value in event.items() if name in ALLOWED}
