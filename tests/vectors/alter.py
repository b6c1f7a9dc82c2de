"""Alterations of canonical JSON, each with the one thing in its name wrong, written down as find and put.

An alteration replaces the first place where `find` stands by `put`; both languages can replay that on text.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from keys.curve import ED25519, ORDER
from tally import canonical

Path = tuple[str | int, ...]
Alteration = dict[str, str]

RAW = "@@raw@@"
CONTEXT = 12
# g^5 and a point of order 8 together ("member plus torsion" in group.json): on the curve, but not in the group.
MIXED = "1b21ade0e965bdeb028213b49b34b822cd9c05715070dfe55d25601d704b42d0"


def altered(text: str, why: str, code: str, other: str) -> Alteration:
    """Write down how `other` differs from the text, with as much before it as makes the place the first of its kind."""
    assert other != text, why
    start = 0
    while start < min(len(text), len(other)) and text[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(text), len(other)) - start and text[-1 - end] == other[-1 - end]:
        end += 1
    stop, put_stop = len(text) - end, len(other) - end
    first = max(0, start - CONTEXT)
    # A few characters after it too, so that something is found even where nothing is taken away.
    after = min(end, 4)
    while text.find(text[first : stop + after]) != first:
        first -= 1
    find, put = text[first : stop + after], other[first : put_stop + after]
    assert text.replace(find, put, 1) == other, why
    return {"why": why, "find": find, "put": put, "code": code}


def at(whole: Any, path: Path) -> Any:
    """What stands at a place."""
    for step in path:
        whole = whole[step]
    return whole


def put(text: str, path: Path, change: Callable[[Any], Any]) -> str:
    """The text with one value exchanged."""
    if not path:
        return canonical.dump(change(json.loads(text))).decode()
    whole = json.loads(text)
    holder = at(whole, path[:-1])
    holder[path[-1]] = change(holder[path[-1]])
    return canonical.dump(whole).decode()


def token(text: str, path: Path, raw: str) -> str:
    """The text with characters in place of a value, whether they are JSON or not."""
    return put(text, path, lambda _: RAW).replace(f'"{RAW}"', raw)


def _name(path: Path) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    return ".".join(names)


def _in(path: Path) -> str:
    return f" in {_name(path)}" if _name(path) else ""


def spelling(text: str) -> Iterable[Alteration]:
    """Other ways of writing the same."""
    yield altered(text, "a space before", "not_canonical", " " + text)
    mark = re.search(r'":|",|\],|\},', text)
    assert mark is not None
    yield altered(text, "a space within", "not_canonical", text[: mark.end()] + " " + text[mark.end() :])
    yield altered(text, "cut short", "not_json", text[:-1])


def fields(text: str, path: Path = (), *, order: bool = True, less: str = "malformed") -> Iterable[Alteration]:
    """An object with a field more, a field less, a field twice and two fields in another order."""
    found = at(json.loads(text), path)
    first, *rest = found.items()
    where = _in(path)
    yield altered(text, f"a field more{where}", "malformed", put(text, path, lambda one: {**one, "more": 1}))
    yield altered(
        text, f"a field more before the others{where}", "malformed", put(text, path, lambda one: {"more": 1, **one})
    )
    yield altered(text, f"a field less{where}", less, put(text, path, lambda _: dict(rest)))
    member, inner = canonical.dump(dict([first]))[1:-1].decode(), canonical.dump(found).decode()
    twice = text.replace(inner, "{" + member + "," + inner[1:], 1)
    yield altered(text, f"a field twice{where}", "not_json", twice)
    if order:
        turned = dict([rest[0], first, *rest[1:]])
        yield altered(text, f"two fields in another order{where}", "not_canonical", put(text, path, lambda _: turned))


def points(text: str, *paths: Path, identity: str | None = "identity") -> Iterable[Alteration]:
    """Texts that are no points where a point belongs, and the identity where it may not stand."""
    for path in paths:
        where, found = _in(path), at(json.loads(text), path)
        others = {"an upper-case hex digit": capital(found), "one hex digit less": found[:-1]}
        others |= {"a point outside the subgroup": MIXED, "a point that is not on the curve": f"{2:064x}"}
        for why, other in others.items():
            yield altered(text, f"{why}{where}", "point", put(text, path, lambda _, other=other: other))
        yield altered(text, f"a number as a point{where}", "malformed", put(text, path, lambda _: 1))
        if identity is not None:
            given = put(text, path, lambda _: ED25519.identity.text)
            yield altered(text, f"the identity where it may not stand{where}", identity, given)


def scalars(text: str, *paths: Path) -> Iterable[Alteration]:
    """Texts that are no exponents where an exponent belongs."""
    for path in paths:
        where, found = _in(path), at(json.loads(text), path)
        others = {
            "a leading zero": "0" + found,
            "the group's order": str(ORDER),
            "hex": hex(int(found)),
            "a sign": "-1",
        }
        for why, other in others.items():
            yield altered(text, f"{why}{where}", "scalar", put(text, path, lambda _, other=other: other))
        yield altered(text, f"a number, not text{where}", "malformed", put(text, path, lambda _: 1))


def numbers(text: str, *paths: Path) -> Iterable[Alteration]:
    """Tokens that are no whole number in range where one belongs."""
    for path in paths:
        where, found = _in(path), at(json.loads(text), path)
        others = {
            "a number as text": (f'"{found}"', "malformed"), "true for a number": ("true", "malformed"),
            "2^30 as a number": (str(2**30), "malformed"), "a negative number": ("-1", "malformed"),
            "a leading zero": (f"0{found}", "not_json"), "a fraction": (f"{found}.0", "not_json"),
            "an exponent": (f"{found}e0", "not_json"), "a number of 21 digits": ("9" * 21, "not_json"),
        }  # fmt: skip
        for why, (raw, code) in others.items():
            yield altered(text, f"{why}{where}", code, token(text, path, raw))


def texts(text: str, *paths: Path) -> Iterable[Alteration]:
    """Other things than the one spelling of a text."""
    for path in paths:
        where, found = _in(path), at(json.loads(text), path)
        yield altered(text, f"a number for a text{where}", "malformed", put(text, path, lambda _: 7))
        yield altered(text, f"null for a text{where}", "malformed", put(text, path, lambda _: None))
        yield altered(text, f"half a surrogate pair{where}", "not_json", token(text, path, '"\\ud800"'))
        escaped = canonical.dump(found).decode()
        escaped = f'"\\u{ord(found[0]):04x}{escaped[2:]}'
        yield altered(text, f"an escape that is not needed{where}", "not_canonical", token(text, path, escaped))


def value(text: str, why: str, code: str, path: Path, change: Any) -> Alteration:
    """One other value; a callable changes what stands there."""
    return altered(text, why, code, put(text, path, change if callable(change) else lambda _: change))


def capital(digits: str) -> str:
    """The same hash with its first letter a capital."""
    return re.sub("[a-f]", lambda one: one[0].upper(), digits, count=1)
