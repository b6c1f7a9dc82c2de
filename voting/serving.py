"""Running the service: gunicorn on Linux, Werkzeug's threaded server elsewhere. No access log: nobody records a voter."""

import sys
from pathlib import Path
from typing import Any

from flask import Flask

from config import Config
from voting.accounts import service as accounts
from voting.app import create_app
from voting.store.base import Database
from voting.store.clock import now

WORKERS, THREADS = 2, 4


def prepare(config: Config) -> str | None:
    """Bring the schema up to date; the first administrator's one-time link if nobody can log in yet."""
    database = Database(config.database_url)
    try:
        database.create()
        with database.begin() as db:
            if accounts.has_administrator(db):
                return None
            return f"{config.base_url}/setup#{accounts.setup_link(db, 'console', None, now=now())}"
    finally:
        database.close()


def run(config: Config, host: str, port: int) -> None:
    """Serve until the process is told to stop."""
    if sys.platform.startswith("linux"):
        _gunicorn(config, host, port)
    else:
        _werkzeug(config, host, port)


def _gunicorn(config: Config, host: str, port: int) -> None:
    from gunicorn.app.base import BaseApplication

    from voting.worker import Worker

    class Service(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": [f"{host}:{port}"],
                "workers": WORKERS,
                "threads": THREADS,
                "worker_class": Worker,
                "keepalive": 5,
                "forwarder_headers": "",  # a proxy that lets SCRIPT_NAME through would let its path rules be walked around
                "accesslog": None,
                "errorlog": "-",
                "loglevel": "error",  # its warnings name the address that sent a malformed request
                "control_socket_disable": True,
                "preload_app": False,
                "timeout": 120,
                "graceful_timeout": 20,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return create_app(config)

    Service().run()


def _werkzeug(config: Config, host: str, port: int) -> None:
    import logging

    from werkzeug.serving import run_simple

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # its other lines hold addresses
    run_simple(host, port, create_app(config), threaded=True)


def default_instance() -> Path:
    """The folder of the embedded database when nothing else is said."""
    return Path("instance")
