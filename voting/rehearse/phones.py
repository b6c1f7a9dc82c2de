"""Simulated phones: each knows its slip's address and what its voter wants, and speaks plain HTTP to the booth.

A ballot is made here by `tally`, as a browser would make it: the server sees ciphertexts only. Some phones lose the answer
and send the same ballot again; some try a second, different ballot.
"""

import http.client
import json
import random
import re
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from keys import credential
from keys.curve import ED25519
from tally.ballot import Ballot, make
from tally.questions import Election
from voting.rehearse.browser import Stuck
from voting.rehearse.plan import Choices

THREADS = 8
TIMEOUT = 60  # seconds
RETRY_IN, SECOND_VOTE_IN = 8, 8
SLIP = re.compile(
    r'<section class="slip">.*?<header>.*?<span[^>]*>(?P<group>.*?)</span>.*?<p class="typed">(?P<code>.*?)</p>',
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Handed:
    """A slip in a voter's hand: the printed code and the group that the paper names."""

    code: str
    group: str


def read_slips(page: str) -> list[Handed]:
    """Read the printed page as eyes would: the code's five groups and the label on each slip."""
    slips = [
        Handed("-".join(TAG.sub(" ", found["code"]).split()), unescape(TAG.sub("", found["group"])).strip())
        for found in SLIP.finditer(page)
    ]
    return [Handed(credential.normalise(slip.code), slip.group) for slip in slips]


def deal(slips: Sequence[Handed], groups: Sequence[tuple[str, int]], chance: random.Random) -> list[list[Handed]]:
    """Draw blind from each group's pile, one slip a voter; the rest stay in hand. Raises Stuck if a pile is too small."""
    dealt = []
    for label, size in groups:
        pile = [slip for slip in slips if slip.group == label]
        if len(pile) < size:
            raise Stuck(f"{label}: {len(pile)} slips for {size} voters")
        dealt.append(chance.sample(pile, size))
    return dealt


@dataclass(frozen=True, slots=True)
class Ballotbox:
    """Where the phones vote."""

    base: str
    uuid: str

    def fetch(self, path: str) -> bytes:
        """GET an address of the booth."""
        return _ask(self.base, "GET", f"/v/{self.uuid}{path}")[1]

    def cast(self, raw: bytes) -> tuple[int, dict[str, Any]]:
        """POST a ballot; the status and what the box said."""
        status, body = _ask(self.base, "POST", f"/v/{self.uuid}/ballots", raw)
        said: dict[str, Any] = json.loads(body)
        return status, said


def vote_all(
    box: Ballotbox, slips: Sequence[Handed], ballots: Sequence[Choices], chance: random.Random, step: Callable[[], None]
) -> int:
    """Let every slip vote once; returns how many phones were answered 201. Raises Stuck at the first wrong answer."""
    work = [
        (slip, choices, chance.randrange(RETRY_IN) == 0, chance.randrange(SECOND_VOTE_IN) == 0)
        for slip, choices in zip(slips, ballots, strict=True)
    ]
    chance.shuffle(work)

    def one(item: tuple[Handed, Choices, bool, bool]) -> int:
        accepted = vote(box, *item)
        step()
        return accepted

    with ThreadPoolExecutor(THREADS) as executor:
        return sum(executor.map(one, work))


def vote(box: Ballotbox, slip: Handed, choices: Choices, retries: bool, tries_twice: bool) -> int:  # noqa: FBT001 - what this phone does
    """One phone: open the page, fetch the ballot paper, encrypt, send, and misbehave if asked to."""
    box.fetch("")
    election = Election.parse(json.loads(box.fetch("/election.json"))["election"].encode())
    secret = credential.secret(ED25519, box.uuid, slip.code)
    ballot = make(election, secret, choices, secrets.token_bytes)
    status, said = box.cast(ballot.raw)
    _expect(status == 201 and said["tracker"] == ballot.tracker, "cast", status, said)
    if retries:
        status, again = box.cast(ballot.raw)
        _expect(status == 200 and again == said, "the same ballot again", status, again)
    if tries_twice:
        other: Ballot = make(election, secret, choices, secrets.token_bytes)
        status, refusal = box.cast(other.raw)
        named = refusal.get("error") == "credential_used" and refusal.get("tracker") == ballot.tracker
        _expect(status == 409 and named, "a second ballot", status, refusal)
    return 1


def _expect(holds: bool, what: str, status: int, said: dict[str, Any]) -> None:  # noqa: FBT001 - the condition
    if not holds:
        raise Stuck(f"{what}: {status} {said}")


def connect(base: str) -> http.client.HTTPConnection:
    """A phone's connection, for one request."""
    where = urlsplit(base)
    return http.client.HTTPConnection(where.hostname or "", where.port, timeout=TIMEOUT)


def _ask(base: str, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = connect(base)
    try:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        status, content = answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Stuck(f"{method} {path}: {error!r}") from None
    finally:
        connection.close()
    if method == "GET" and status != 200:
        raise Stuck(f"GET {path}: {status} {content[:300]!r}")
    return status, content
