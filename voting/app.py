"""Puts the service together: `create_app(config)`."""

import hashlib
import importlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from config import Config
from voting import models
from voting.accounts.current import who_is_logged_in
from voting.decisions.concerned import refuse_the_concerned
from voting.store.base import Database
from voting.web import access, compress, errors, files, headers, limits, log, sessions
from voting.web.access import Audience, audience

ROOT = Path(__file__).resolve().parent.parent
SLICES = ("accounts", "selections", "polls", "slips", "booth", "board", "trustees", "cards", "decisions")

start = Blueprint("start", __name__)


class RowNumber(IntegerConverter):
    """A number in an address that a row can have: a larger one is no such page, not an error of the database."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=0, max=2**31 - 1)


def create_app(config: Config, audiences: Iterable[Audience] | None = None, database: Database | None = None) -> Flask:
    """Build the WSGI application.

    Args:
        config: the settings.
        audiences: whom this process serves; by default those named in the settings.
        database: a database whose schema is up to date; by default the one named in the settings, upgraded here.

    Raises:
        UndeclaredRoute: a route declares no audience, or lies outside its audience's addresses.
    """
    app = Flask("voting", root_path=str(ROOT / "voting"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = hashlib.sha256(b"mipiao-cookie|" + config.secret).digest()
    app.config.update(
        PROVIDE_AUTOMATIC_OPTIONS=False,
        WTF_CSRF_ENABLED=True,
        WTF_CSRF_CHECK_DEFAULT=False,  # access.py checks staff's forms; phones and trustees have no cookie to abuse
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own policy forbids browsers to send
        WTF_CSRF_TIME_LIMIT=None,  # as long as the log-in: a console stays open for a whole meeting
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    models.metadata()
    if database is None:
        database = Database(config.database_url)
        database.create()
    app.static_folder = "static"  # not in the constructor, which would add the route before the settings above hold
    csrf = CSRFProtect()
    csrf.init_app(app)
    Babel(app)
    Bootstrap5(app)
    app.extensions[access.EXTENSION] = access.Service(
        config=config,
        database=database,
        audiences=frozenset(map(Audience, config.audiences if audiences is None else audiences)),
        who_is_logged_in=who_is_logged_in,
        csrf=csrf,
        refuse_the_concerned=refuse_the_concerned,
    )
    log.configure()
    for part in (limits, errors, log, compress):
        part.install(app)
    headers.install(app, https=config.https)
    sessions.install(app, https=config.https)
    app.teardown_appcontext(access.close_session)
    _serve_files(app)
    app.register_blueprint(start)
    for module in (
        *(f"{name}.views" for name in SLICES),
        "selections.roster_views",
        "polls.meeting_views",
        "decisions.office_views",
        "polls.preflight_views",
        "booth.check_views",
        "polls.voids_views",
        "polls.amend_views",
        "polls.results_views",
        "papers.views",
        "papers.ballots_views",
    ):
        app.register_blueprint(importlib.import_module(f"voting.{module}").blueprint)
    access.check_routes(app)
    if Audience.ANYONE in app.extensions[access.EXTENSION].audiences:
        app.wsgi_app = files.Files(app.wsgi_app, ROOT / "voting" / "static", https=config.https)  # type: ignore[method-assign]  # Flask's own recipe
    if config.trust_proxy:
        hops = config.trust_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own recipe
    return app


@start.get("/")
@audience(Audience.ANYONE)
def index() -> ResponseReturnValue:
    """The start page: what this is, where to go, and what must never be put in."""
    return render_template("start.html")


def _serve_files(app: Flask) -> None:
    """Static files are for anyone; `asset()` names one with the hash of its content, so that browsers may keep it."""
    app.add_url_rule("/static/<path:filename>", "static", app.send_static_file)
    for endpoint in ("static", "bootstrap.static"):
        app.view_functions[endpoint] = audience(Audience.ANYONE)(app.view_functions[endpoint])

    @app.template_global()
    def asset(path: str) -> str:
        return url_for("static", filename=path, v=_digest(ROOT / "voting" / "static" / path))

    @app.context_processor
    def settings() -> dict[str, object]:
        shared = access.service()
        return {"bureau": shared.config.bureau, "serves": lambda name: Audience(name) in shared.audiences}


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
