"""An app on a port of this machine, for tests that need a browser or another process to reach it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

STOPPING = 0.02  # seconds between two looks at whether to stop; the library's half a second is waited for in every test


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """The address at which the app answers; port 0 takes a free one."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(STOPPING,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
