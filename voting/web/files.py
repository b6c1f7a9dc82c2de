"""The booth's files straight out of memory, before Flask: a phone asks for thirty of them, 200 phones within seconds.

Through the whole application each took over a millisecond of processor time, more in sum than the phone's ballot. What
is answered is the same, headers included (a test compares); whatever is not a plain request for a known text file is
left to the application.
"""

import gzip
import hashlib
import mimetypes
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from werkzeug.http import http_date, parse_accept_header, parse_etags

from voting.web import headers
from voting.web.compress import TEXT

PREFIX = "/static/"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class File:
    """One file as it stood on the disk at a moment."""

    stamp: tuple[int, int]
    plain: bytes
    packed: bytes
    fixed: tuple[tuple[str, str], ...]
    etag: str


class Files:
    """WSGI middleware over `folder`, whose files are served below /static/."""

    def __init__(self, app: Application, folder: Path, *, https: bool) -> None:
        self.app = app
        self.always = tuple(headers.fixed(https=https).items())
        self.paths = {
            PREFIX + file.relative_to(folder).as_posix(): file
            for file in folder.rglob("*")
            if file.is_file() and mimetypes.guess_type(file.name)[0] in TEXT
        }
        self.kept: dict[str, File] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from memory, or hand on."""
        file = self._file(environ)
        if file is None:
            return self.app(environ, start_response)
        packed = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        named = environ.get("QUERY_STRING", "").startswith("v=")
        told = [*file.fixed, *self.always, ("Cache-Control", headers.freshness(named=named))]
        told += [("ETag", f'W/"{file.etag}"' if packed else f'"{file.etag}"')]
        if _has(environ.get("HTTP_IF_NONE_MATCH", ""), file.etag):
            start_response("304 NOT MODIFIED", [(name, value) for name, value in told if name != "Content-Type"])
            return []
        body = file.packed if packed else file.plain
        told += [("Content-Length", str(len(body)))] + [("Content-Encoding", "gzip")] * packed
        start_response("200 OK", told)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _file(self, environ: dict[str, Any]) -> File | None:
        path = environ.get("PATH_INFO", "")
        on_disk = self.paths.get(path)
        plain = environ.get("REQUEST_METHOD") in {"GET", "HEAD"} and "HTTP_RANGE" not in environ
        if on_disk is None or not plain or not environ.get("QUERY_STRING", "").isascii():
            return None
        try:
            stat = on_disk.stat()
            known = self.kept.get(path)
            if known is None or known.stamp != (stat.st_mtime_ns, stat.st_size):
                known = self.kept[path] = _read(on_disk, stat)
        except OSError:
            return None
        return known


def _read(path: Path, stat: os.stat_result) -> File:
    body = path.read_bytes()
    kind = f"{mimetypes.guess_type(path.name)[0]}; charset=utf-8"
    fixed = (("Content-Type", kind), ("Last-Modified", http_date(stat.st_mtime)), ("Vary", "Accept-Encoding"))
    packed = gzip.compress(body, mtime=0)
    return File((stat.st_mtime_ns, stat.st_size), body, packed, fixed, hashlib.sha256(body).hexdigest()[:32])


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    return accepted[:200] == accepted and parse_accept_header(accepted)["gzip"] > 0


def _has(tags: str, etag: str) -> bool:
    return bool(tags) and parse_etags(tags).contains_weak(etag)
