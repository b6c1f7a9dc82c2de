"""Static text goes out gzipped: 120 phones on one access point load the booth at the same moment.

Only files are compressed, never pages: a compressed page's length could tell what is in it.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from voting.web.headers import STATIC_PATHS

TEXT = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


def install(app: Flask) -> None:
    """Compress what browsers may have compressed."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not request.path.startswith(STATIC_PATHS) or response.mimetype not in TEXT:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings["gzip"] > 0 and "Range" not in request.headers:
            response.direct_passthrough = False
            response.data = _packed(response.get_data())
            response.headers["Content-Encoding"] = "gzip"
            etag, _ = response.get_etag()
            if etag:
                response.set_etag(etag, weak=True)
        return response


@lru_cache(maxsize=256)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)
