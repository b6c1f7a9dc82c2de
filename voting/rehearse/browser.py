"""A staff member's browser, reduced to what a rehearsal needs: cookies, pages, and forms filled in as they stand.

Standard library only. It sees what a person sees - a form is found by its button or fields, hidden fields come from the
page - so a rehearsal fails where a person would be stuck.
"""

import http.client
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

TIMEOUT = 120  # seconds; issuing some hundred slips or verifying a record takes a while
Upload = tuple[str, bytes]
Fields = Mapping[str, str | list[str] | Upload]


class Stuck(Exception):
    """The rehearsal cannot go on: what was tried, and what the service answered."""


@dataclass(slots=True)
class Form:
    """One form of a page with its fields as they stand."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: where it came from, its status and its text."""

    url: str
    status: int
    text: str

    def form(self, *, action: str = "", has: str = "") -> Form:
        """The first form whose action contains `action` and that has a field named `has`. Raises Stuck."""
        for form in self.forms:
            if action in form.action and (not has or has in form.names):
                return form
        raise Stuck(f"{self.url}: no form with action {action!r} and field {has!r}: {visible(self.text)[:400]}")

    @property
    def forms(self) -> list[Form]:
        """All forms in the order of the page."""
        parser = _Parser(self.url)
        parser.feed(self.text)
        return parser.forms

    @property
    def links(self) -> list[str]:
        """Absolute addresses of all links."""
        parser = _Parser(self.url)
        parser.feed(self.text)
        return parser.links


class Browser:
    """Cookies and the page in front of one member of staff."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def get(self, path: str) -> Page:
        """Open an address or path. Raises Stuck on an error status."""
        return self._send(urllib.request.Request(urllib.parse.urljoin(self.base, path)))  # noqa: S310 - our own server

    def download(self, path: str) -> bytes:
        """The bytes behind an address or path. Raises Stuck on an error status."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))[2]  # noqa: S310 - our own server

    def submit(self, form: Form, fields: Fields | None = None) -> Page:
        """Send a form: its own fields, the given ones replacing them. Files make it multipart. Raises Stuck."""
        given = dict(fields or {})
        pairs: list[tuple[str, str | Upload]] = [(n, v) for n, v in form.fields if n not in given]
        for name, value in given.items():
            pairs += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
        body, content_type = _encode(pairs)
        request = urllib.request.Request(  # noqa: S310 - our own server
            form.action, data=body, method="POST", headers={"Content-Type": content_type, "Referer": self.base + "/"}
        )
        return self._send(request)

    def _send(self, request: urllib.request.Request) -> Page:
        url, status, body = self._open(request)
        return Page(url, status, body.decode("utf-8", "replace"))

    def _open(self, request: urllib.request.Request) -> tuple[str, int, bytes]:
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return answer.url, answer.status, answer.read()
        except urllib.error.HTTPError as error:
            said = visible(error.read().decode("utf-8", "replace"))
            raise Stuck(f"{request.get_method()} {request.full_url}: {error.code} {said[:600]}") from None
        except (OSError, http.client.HTTPException) as error:
            raise Stuck(f"{request.get_method()} {request.full_url}: {error!r}") from None


def _encode(pairs: list[tuple[str, str | Upload]]) -> tuple[bytes, str]:
    texts = [(name, value) for name, value in pairs if isinstance(value, str)]
    if len(texts) == len(pairs):
        return urllib.parse.urlencode(texts).encode(), "application/x-www-form-urlencoded"
    mark = secrets.token_hex(16)
    parts = []
    for name, value in pairs:
        if isinstance(value, str):
            head, raw = f'form-data; name="{name}"', value.encode()
        else:
            head, raw = f'form-data; name="{name}"; filename="{value[0]}"', value[1]
        parts.append(f"--{mark}\r\nContent-Disposition: {head}\r\n\r\n".encode() + raw + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


class _Parser(HTMLParser):
    """Collects forms and links."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        a = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in a:
            self.links.append(urllib.parse.urljoin(self.url, a["href"]))
        elif tag == "form":
            action = urllib.parse.urljoin(self.url, a.get("action", "") or self.url)
            self._form = Form(action, a.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and a.get("name"):
            self._field(self._form, tag, a)
        elif self._form is not None and tag == "option" and self._select and "selected" in a:
            self._form.fields.append((self._select, a.get("value", "")))

    def _field(self, form: Form, tag: str, a: dict[str, str]) -> None:
        kind = a.get("type", "text").lower()
        if tag == "button" or kind in ("submit", "image", "button", "reset"):
            form.buttons.append((a["name"], a.get("value", "")))
            return
        form.names.add(a["name"])
        if tag == "select":
            self._select = a["name"]
        elif tag == "textarea":
            self._area = (a["name"], [])
        elif tag == "input" and kind != "file" and (kind not in ("checkbox", "radio") or "checked" in a):
            form.fields.append((a["name"], a.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        """Note what closes."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            self._form.fields.append((self._area[0], "".join(self._area[1])))
            self._area = None

    def handle_data(self, data: str) -> None:
        """Keep a text area's text and the words of a form."""
        if self._area is not None:
            self._area[1].append(data)
        elif self._form is not None:
            self._form.words += data


def visible(page: str) -> str:
    """What a person would read on a page, white space folded."""
    parser = _Reader()
    parser.feed(page)
    return " ".join("".join(parser.text).split())


class _Reader(HTMLParser):
    """Collects text."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.text.append(data)
