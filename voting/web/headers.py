"""Headers of every answer: nothing from elsewhere, nothing inline, nothing kept, no trace in the Referer."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # WebViews older than frame-ancestors
}

STATIC_PATHS = ("/static/", "/bootstrap/static/")
ONE_YEAR = 365 * 24 * 3600


def fixed(*, https: bool) -> dict[str, str]:
    """What every answer carries."""
    return ALWAYS | ({"Strict-Transport-Security": f"max-age={ONE_YEAR}"} if https else {})


def freshness(*, named: bool) -> str:
    """How long a static file may be kept: with ?v=… the address names the content; else the browser asks with the ETag."""
    return f"public, max-age={ONE_YEAR}, immutable" if named else "public, no-cache"


def install(app: Flask, *, https: bool) -> None:
    """Set the headers on every answer, errors included."""
    always = fixed(https=https)

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in always.items():
            response.headers[name] = value
        if request.path.startswith(STATIC_PATHS) and response.status_code in {200, 304}:
            response.headers["Cache-Control"] = freshness(named=request.query_string.startswith(b"v="))
        else:
            response.headers["Cache-Control"] = "no-store"
        return response
