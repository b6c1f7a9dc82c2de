"""The pre-flight's test phone, simulated: it makes a real ballot of the sample and answers with the receipt it got."""

import datetime as dt
import json
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from tally.ballot import make
from tally.questions import Election, Question
from voting.board import checks
from voting.booth import check
from voting.polls import preflight
from voting.rehearse.browser import TIMEOUT, Stuck


def sample_ballot(paper: dict[str, Any]) -> bytes:
    """The first answer of every question, encrypted with a code of the phone's own."""
    election = Election.parse(paper["election"].encode())
    code = credential.new(secrets.token_bytes)
    secret = credential.secret(ED25519, election.uuid, code)
    return make(election, secret, [_first(one) for one in election.questions], secrets.token_bytes).raw


def report_of(reply: dict[str, str], now: float) -> bytes:
    """What the phone says at the end; canonical JSON."""
    said = {"clock": int(now * 1000), "took": 800, "tracker": reply["tracker"], "receipt": reply["receipt"]}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class TestPhone:
    """A phone that has scanned the sample: three calls over HTTP."""

    base: str
    uuid: str
    token: str

    def run(self) -> None:
        """Fetch the sample, send a ballot, report. Raises Stuck."""
        ballot = sample_ballot(self._ask("paper.json"))
        self._ask("report", report_of(self._ask("ballots", ballot), time.time()))

    def _ask(self, name: str, body: bytes | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base}/v/check/{self.uuid}/{name}", body, headers)  # noqa: S310 - our own server
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            raise Stuck(f"{name}: {error.read().decode(errors='replace')[:200]}") from error
        return found


def check_all(db: Session, uuid: str, secret: bytes, folder: Path, now: dt.datetime, actor: str) -> None:
    """Every measured line, done for real through the services: for the demo, for samples and for tests."""
    token, at = checks.sample_code(secret, uuid), now.timestamp()
    ballot = sample_ballot(check.paper(db, secret, uuid, token, at))
    tracker, receipt = check.judge(db, secret, uuid, token, ballot, at)
    check.report(db, secret, uuid, token, report_of({"tracker": tracker, "receipt": receipt}, at), at)
    preflight.probe(db, uuid, folder, now=now, actor=actor)


def _first(question: Question) -> list[int]:
    place = 1 if question.blank else 0
    return [int(i == place) for i in range(question.width)]
