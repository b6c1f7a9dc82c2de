"""Simulated trustees: each makes a key file, and after the close checks the record and decrypts the sums."""

import http.client
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from keys.curve import ED25519
from keys.group import Scalar
from keys.proofs import Proof
from keys.trustee import Holder, generate, prove_possession
from tally import canonical, shares
from tally.ballot import Ballot
from tally.closing import Closing
from tally.count import accumulate
from tally.questions import Election
from tally.record import Log
from voting.rehearse.browser import Stuck
from voting.verify_command import check

TIMEOUT = 120  # seconds: the last share is combined and the record verified before the answer


@dataclass(slots=True)
class Keeper:
    """One trustee with a link and, once made, a private key (in memory only)."""

    link: str
    secret: Scalar | None = None

    def make_key(self) -> None:
        """Make a key, register its public part, and prove that it opens. Raises Stuck."""
        me = self._call("GET", "/state")
        self.secret, public = generate(ED25519, secrets.token_bytes, me["name"])
        holder = Holder(me["selection"], me["name"], me["role"])
        answer = self._call("POST", "/key", {
            "public_key": {"pok": canonical.plain(public.pok), "public_key": public.key.text, "name": public.name},
            "possession": canonical.plain(self._possession(holder)),
        })  # fmt: skip
        again = Holder(me["selection"], me["name"], f"{me['role']}#{answer['nonce']}")
        self._call("POST", "/opened", canonical.plain(self._possession(again)))

    def decrypt(self) -> bool:
        """Fetch and verify the whole record, compute the sum from its ballots, send the share; whether all are in."""
        me = self._call("GET", "/state")
        files = {name: self._fetch("GET", f"/record/{name}") for name in me["files"]}
        report = check(files, jobs=2)
        if not report.ok:
            raise Stuck(f"trustee {me['n']}: {[one.line for one in report.checks if not one.ok]}")
        record = Log.parse(files[f"{me['uuid']}.bel"])
        election = Election.parse(record.election)
        total = accumulate(election, [Ballot.parse(raw, election) for raw in record.ballots])
        sigma = Closing.parse(files["closing.json"]).sigma
        share = shares.decrypt(election, total, me["n"], self._opened(), sigma, secrets.token_bytes)
        return bool(json.loads(self._fetch("POST", "/share", share.raw))["done"])

    def _possession(self, holder: Holder) -> Proof:
        return prove_possession(ED25519, self._opened(), holder, secrets.token_bytes)

    def _opened(self) -> Scalar:
        if self.secret is None:
            raise Stuck("a trustee without a key")
        return self.secret

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._fetch(method, path, None if body is None else canonical.dump(body)))
        return answer

    def _fetch(self, method: str, path: str, body: bytes | None = None) -> bytes:
        where = urlsplit(self.link)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=TIMEOUT)
        headers = {"Authorization": f"Bearer {where.fragment}"} | ({"Content-Type": "application/json"} if body else {})
        try:
            connection.request(method, where.path + path, body, headers)
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Stuck(f"{method} {where.path}{path}: {error!r}") from None
        finally:
            connection.close()
        if status not in (200, 201):
            raise Stuck(f"{method} {where.path}{path}: {status} {content[:300].decode(errors='replace')}")
        return content
