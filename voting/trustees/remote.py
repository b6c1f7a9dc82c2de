"""A trustee's calls to the service from the command line: the page's interface, through the standard library."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

SECONDS = 120
MAX_ANSWER = 4 << 30


class RemoteRefusal(Exception):
    """The server said no, or could not be reached: its code and sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


@dataclass(frozen=True, slots=True)
class Remote:
    """The service behind one invitation link."""

    root: str
    token: str

    @classmethod
    def of(cls, link: str) -> "Remote":
        """Read `https://HOST/trustee/<uuid>/<n>#<token>`. Raises ValueError for anything else."""
        parts = urlsplit(link.strip())
        steps = parts.path.split("/")
        if parts.scheme not in ("http", "https") or not parts.netloc or not parts.fragment:
            raise ValueError(link)
        if len(steps) != 4 or steps[:2] != ["", "trustee"] or parts.query:
            raise ValueError(link)
        return cls(f"{parts.scheme}://{parts.netloc}{parts.path}", parts.fragment)

    def state(self) -> dict[str, Any]:
        """Who this trustee is and what comes next."""
        return self._json("/state")

    def post(self, path: str, body: bytes) -> dict[str, Any]:
        """Send to `/key`, `/opened` or `/share`."""
        return self._json(path, body)

    def record(self, names: list[str]) -> Mapping[str, bytes]:
        """The closed record's files."""
        return {name: self._call(f"/record/{quote(name, safe='')}") for name in names}

    def _json(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        try:
            found = json.loads(self._call(path, body))
        except (ValueError, RecursionError) as error:
            raise RemoteRefusal("no_json", "服务器的回答不是预期的格式。") from error
        if not isinstance(found, dict):
            raise RemoteRefusal("no_json", "服务器的回答不是预期的格式。")
        return found

    def _call(self, path: str, body: bytes | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        request = Request(self.root + path, body, headers)  # noqa: S310 - `of` admits http and https only
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
                found: bytes = answer.read(MAX_ANSWER)
                return found
        except HTTPError as error:
            raise _told(error) from error
        except (URLError, OSError) as error:
            raise RemoteRefusal("no_connection", "连不上服务器，没有送达。") from error


def _told(error: HTTPError) -> RemoteRefusal:
    try:
        found = json.loads(error.read(65536))
        detail = f"（{found['detail']}）" if found["detail"] else ""
        return RemoteRefusal(str(found["error"]), f"{found['zh']}{detail}")
    except (ValueError, KeyError, TypeError):
        return RemoteRefusal(f"http_{error.code}", "服务器拒绝了请求。")
