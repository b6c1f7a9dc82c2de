"""Tables of bad input: what a careless, broken or hostile caller may put into addresses, bodies, fields and headers."""

from dataclasses import dataclass, field
from urllib.parse import quote, quote_from_bytes

DEEP, LONG = 10_000, 3_000

PATHS: dict[str, str] = {
    "nul": "%00",
    "a nul inside": "a%00b",
    "very long": "a" * LONG,
    "characters of four bytes": quote("票𬱖" * 20),
    "no utf-8": "%ff%fe%80",
    "a lone surrogate": "%ED%A0%80",
    "negative": "-1",
    "zero": "0",
    "beyond any row": str(2**31),
    "beyond 64 bits": str(2**70),
    "more digits than int takes": "9" * 5_000,
    "other digits": quote("²٣"),
    "the folder above": "..",
    "the folder above, escaped": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "a quote": quote("' OR 1=1 --", safe=""),
    "a control character": "%0d%0aSet-Cookie:x",
    "a float": "1e9",
}
"""In place of one argument of an address, percent-encoded."""

_POINT = b"01" * 32

BODIES: dict[str, bytes] = {
    "empty": b"",
    "truncated json": b'{"credential":"' + _POINT[:20],
    "deep json": b"[" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "nan": b"NaN",
    "nan inside": b'{"owner":NaN,"uuid":Infinity}',
    "null": b"null",
    "a number": b"7",
    "a huge number": b'{"owner":' + b"9" * 5_000 + b"}",
    "a huge exponent": b'{"owner":1e999999}',
    "a list": b"[]",
    "wrong types": b'{"public_key":1,"possession":[],"uuid":{},"owner":"x","credential":7,"answers":null,"signature":false}',
    "duplicate keys": b'{"uuid":"a","uuid":"b","credential":"' + _POINT + b'","credential":"' + _POINT + b'"}',
    "a lone surrogate": b'{"uuid":"\\ud800","credential":"\\udfff"}',
    "a raw surrogate": b'{"uuid":"\xed\xa0\x80"}',
    "no utf-8": b'{"uuid":"\xff\xfe"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "utf-16": '{"uuid":"票"}'.encode("utf-16"),
    "nul bytes": bytes(100),
    "a gzip stream": b"\x1f\x8b\x08\x00" + bytes(60),
    "a zip": b"PK\x03\x04" + bytes(60),
    "an unended part": b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nabc',
    "a part without a name": b"--B\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--B--\r\n",
    "a part of a strange encoding": b'--B\r\nContent-Disposition: form-data; name="title"\r\n'
    b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe\r\n--B--\r\n",
    "a form": b"login=%ff&login=%00&title=%ED%A0%80&places=%C2%B2&setup_token=%00&preview=..&=&&%&a=1;b",
    "very many fields": b"&".join(b"f%d=" % n for n in range(1_500)),
    "very many groups": b"&".join(b"groups-%d-label=x" % n for n in range(1_000)),
    "indices that are no numbers": quote("questions-²-post_id").encode() + b"=1&groups-" + b"9" * 5_000 + b"-label=x",
}

KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=B",
    "multipart/form-data",
    "multipart/form-data; boundary=\u00ff",
    "text/plain; charset=no-such",
    "",
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One odd way of asking: headers, or entries of the WSGI environment that no test client would let through."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    environ: dict[str, object] = field(default_factory=dict)


ASKS: tuple[Ask, ...] = (
    Ask("a bearer without a token", {"Authorization": "Bearer"}),
    Ask("a bearer of junk", {"Authorization": "Bearer " + "\u00ff" * 40}),
    Ask("a huge bearer", {"Authorization": "Bearer " + "a" * 8_000}),
    Ask("basic", {"Authorization": "Basic %%%"}),
    Ask("a huge cookie", {"Cookie": "mipiao_staff=" + "a" * 8_000}),
    Ask("cookies of junk", environ={"HTTP_COOKIE": "mipiao_staff=\xff\xfe\x80; =; ;;mipiao_staff; a=\xe2\x98"}),
    Ask("a cookie of another's making", {"Cookie": "mipiao_staff=eyJ0b2tlbiI6WzFdfQ.aaaaaa.bbbbbbbbbbbbbbbbbbb"}),
    Ask("a gzip claim", {"Content-Encoding": "gzip", "Accept-Encoding": "gzip;q=x, ,;"}),
    Ask("accepts nothing known", {"Accept": "image/\xff;q=zz, ;;;,text"}),
    Ask("accepts json", {"Accept": "application/json"}),
    Ask("a language of junk", {"Accept-Language": "\xff" * 200 + ";q=-1,zh-" + "a" * 500}),
    Ask("conditions of junk", {"If-None-Match": 'W/"', "If-Modified-Since": "yesterday", "If-Range": "\xff"}),
    Ask("ranges of junk", {"Range": "bytes=999999999999999999999-1,-,x"}),
    Ask("a range beyond", {"Range": "bytes=99999999-"}),
    Ask("a length that is no number", environ={"CONTENT_LENGTH": "abc"}),
    Ask("a negative length", environ={"CONTENT_LENGTH": "-5"}),
    Ask("another host", environ={"HTTP_HOST": "evil.example:99999999"}),
    Ask("no host at all", environ={"HTTP_HOST": ""}),
    Ask("a host of junk", environ={"HTTP_HOST": "a b\xff/<script>"}),
    Ask("a query of junk", environ={"QUERY_STRING": "page=9999999999999999999999&page=%00&next=%ff&replaces=%00&\xff"}),
    Ask("a forwarded address of junk", {"X-Forwarded-For": "\xff" * 300, "X-Forwarded-Proto": "gopher"}),
    Ask("a method to override", {"X-HTTP-Method-Override": "DELETE"}),
)

TEXTS: dict[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "spaces": "\u3000 \t".encode(),
    "too long": ("长" * 10_000).encode(),
    "nul": b"a\x00b",
    "a control character": b"a\x1b[2Jb",
    "a direction mark": "会议\u202e推荐".encode(),
    "what a wrong encoding leaves": "季\ufffd\ufffd".encode(),
}
"""In place of one field that wants words."""

NUMBERS: dict[str, bytes | None] = {
    **TEXTS,
    "negative": b"-1",
    "beyond 64 bits": str(2**70).encode(),
    "more digits than int takes": b"9" * 5_000,
    "a float": b"1e3",
    "nan": b"NaN",
    "other digits": "²".encode(),
    "a formula": b"=1+1",
}
"""In place of one field that wants a number or a date."""


def form(fields: dict[str, bytes]) -> bytes:
    """A urlencoded body, byte for byte."""
    return "&".join(f"{quote(name)}={quote_from_bytes(value)}" for name, value in fields.items()).encode()
