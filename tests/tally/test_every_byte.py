"""Nothing of a record can be altered unnoticed: every byte of its headers and events, its data, every field beside it.

The record is a small one of ours that passes; each alteration must fail a named check, never for the reason that the
verifier itself gave up.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Any

import pytest

from tally import canonical
from tally.errors import Code, Invalid
from tally.record import Log
from tally.verify import Judged, Report, verify
from tests.tally.builders import CHOICES, GROUPED, QUESTIONS, VOTERS, Draft, Poll, entries, pairs, poll

FILES = Draft(Poll(questions=QUESTIONS[1:], choices=[choice[1:] for choice in CHOICES], voters=VOTERS[:5])).files()
BEL = FILES.bel
SIDECARS = ("manifest", "closing", "voids", "tally", "result")


@lru_cache(maxsize=1)
def sound():
    """A record with every sidecar, groups shown and slips voided."""
    return Draft(Poll(**GROUPED)).files()


judged: dict[bytes, Judged] = {}


def once(judge: Callable[[bytes], Judged], raws: Iterable[bytes]) -> Iterator[Judged]:
    """The ballots stay as they are through a sweep of the sidecars, so each is judged once."""
    for raw in raws:
        if raw not in judged:
            judged[raw] = judge(raw)
        yield judged[raw]


def by_name(report: Report) -> list[tuple[str, Code]]:
    found = pairs(report)
    assert found, "an altered record passed"
    assert not report.ok
    assert all(code in Code for _, code in found)
    return found


def data_places() -> list[range]:
    """Where the archive's data lie; everything else is headers, events and padding."""
    places, at = [], 0
    for name, content in entries(BEL):
        if name.endswith(".data.json"):
            places.append(range(at + 512, at + 512 + len(content)))
        at += 512 + len(content) + -len(content) % 512
    assert at == len(BEL)
    return places


def refused_at(at: int, flip: int) -> Code:
    altered = bytearray(BEL)
    altered[at] ^= flip
    with pytest.raises(Invalid) as error:
        Log.parse(bytes(altered))
    return error.value.code


def test_every_byte_of_headers_events_and_padding_counts():
    inside = {at for place in data_places() for at in place}
    outside = [at for at in range(len(BEL)) if at not in inside]
    random = Random("headers and events")
    assert len(outside) > 15_000
    codes = {refused_at(at, random.randint(1, 255)) for at in outside}
    assert codes <= {
        Code.ARCHIVE, Code.DATA_HASH, Code.EVENT_CHAIN, Code.EVENT_ORDER, Code.NOT_JSON, Code.NOT_CANONICAL, Code.TOO_DEEP,
        Code.MALFORMED, Code.MISSING_DATA, Code.EXTRA_DATA, Code.UNSUPPORTED_VERSION,
    }  # fmt: skip
    # The whole verifier says the same as its reader, and reads no further.
    for at in random.sample(outside, 20):
        altered = bytearray(BEL)
        altered[at] ^= 1
        assert by_name(verify(replace(FILES, bel=bytes(altered)))) == [("archive", refused_at(at, 1))]


def test_two_hundred_random_bytes_of_the_data_count():
    random = Random("data")
    places = [at for place in data_places() for at in place]
    for at in random.sample(places, 200):
        assert refused_at(at, random.randint(1, 255)) is Code.DATA_HASH


def test_two_hundred_random_bytes_of_the_data_count_even_under_fitting_hashes():
    """Whoever writes the record can hash it anew; then the bytes themselves must be refused by the check that reads them."""
    random = Random("data under fitting hashes")
    draft = Draft(until="closed")
    files = {"election": poll().election.raw, "trustees": poll().trustees.raw, "credentials": poll().credentials}
    sizes = {**{name: len(raw) for name, raw in files.items()}, "ballot": sum(map(len, draft.ballots or []))}
    for _ in range(200):
        name = random.choices(list(sizes), weights=list(sizes.values()))[0]
        if name == "ballot":
            which = random.randrange(len(draft.ballots or []))
            ballots = [*(draft.ballots or [])]
            ballots[which] = flipped(ballots[which], random)
            changed = replace(draft, ballots=ballots)
        else:
            changed = replace(draft, **{name: flipped(files[name], random)})
        by_name(verify(changed.files(), mapper=once if name == "ballot" else map))


def flipped(raw: bytes, random: Random) -> bytes:
    altered = bytearray(raw)
    altered[random.randrange(len(raw))] ^= random.randint(1, 255)
    return bytes(altered)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """All places of a JSON value that hold no further value, and every list and object as a whole."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, step))


def other(value: Any) -> Any:
    """Another value of the same kind, so that the form alone does not give it away."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str() if value.isascii() and value.isdigit():
            return str(int(value) ^ 1)
        case str() if value:
            return value[:-1] + ("1" if value[-1] != "1" else "0")
        case str() | None:
            return "x"
        case list():
            return value[:-1] if value else ["x"]
        case _:
            return {**value, "more": 1}


def at_place(whole: Any, path: tuple[str | int, ...], change: Callable[[Any], Any]) -> bytes:
    whole = json.loads(json.dumps(whole))
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = change(inner[path[-1]])
    return canonical.dump(whole)


@pytest.mark.parametrize("name", SIDECARS)
def test_every_field_of_a_sidecar_counts(name):
    raw = getattr(sound(), name)
    whole = json.loads(raw)
    assert verify(sound(), mapper=once).ok
    places = list(leaves(whole))
    assert len(places) >= 15
    for path in places:
        altered = at_place(whole, path, other)
        assert altered != raw
        found = by_name(verify(replace(sound(), **{name: altered}), mapper=once))
        assert all(check != "archive" for check, _ in found), path


@pytest.mark.parametrize("name", SIDECARS)
def test_a_sidecar_that_is_left_out_is_missed(name):
    """All but result.json, which only hands the figures round."""
    report = verify(replace(sound(), **{name: None}), mapper=once)
    assert report.ok == (name == "result")
