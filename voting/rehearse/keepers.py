"""Simulated trustees: each makes a key, and after the close checks the record and decrypts the sums."""

import http.client
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from keys.curve import ED25519
from keys.group import Scalar
from keys.trustee import Holder, PublicKey, generate, prove_possession
from tally import canonical, shares, voter_groups
from tally.ballot import Ballot
from tally.closing import Closing
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import Log
from voting.rehearse.browser import Stuck
from voting.verify.judging import check

TIMEOUT = 120  # seconds: the last share is combined and the record verified before the answer


@dataclass(frozen=True, slots=True)
class Key:
    """A trustee's key pair and who holds it; the private half is in memory only."""

    holder: Holder
    secret: Scalar
    public: PublicKey

    @classmethod
    def new(cls, holder: Holder) -> "Key":
        """Draw a key for a trustee."""
        secret, public = generate(ED25519, secrets.token_bytes, holder.name)
        return cls(holder, secret, public)

    @property
    def registration(self) -> bytes:
        """What is sent first: the public key with Belenios' proof and ours."""
        public = {
            "pok": canonical.plain(self.public.pok),
            "public_key": self.public.key.text,
            "name": self.public.name,
        }
        return canonical.dump({"public_key": public, "possession": self._possession(self.holder)})

    def opening(self, nonce: str) -> bytes:
        """What is sent second: the key, taken out of its file again, signs the server's nonce."""
        holder = Holder(self.holder.selection, self.holder.name, f"{self.holder.role}#{nonce}")
        return canonical.dump(self._possession(holder))

    def share(self, files: Mapping[str, bytes], uuid: str, n: int) -> bytes:
        """Verify the whole closed record, add up its ballots oneself, decrypt what may be. Raises Stuck if it is unsound."""
        report = check(files, os.cpu_count() or 1)
        if not report.ok:
            raise Stuck(f"trustee {n}: {[one.line for one in report.checks if not one.ok]}")
        return self.answer(files, uuid, n)

    def answer(self, files: Mapping[str, bytes], uuid: str, n: int) -> bytes:
        """The share of a record that was verified before, or was made in this very process. No trustee's tool offers this."""
        record = Log.parse(files[f"{uuid}.bel"])
        election = Election.parse(record.election)
        ballots = [Ballot.parse(raw, election) for raw in record.ballots]
        sums = voter_groups.add_up(election, Manifest.parse(files["manifest.json"]), ballots)
        sigma = Closing.parse(files["closing.json"]).sigma
        return shares.decrypt(election, sums.total, n, self.secret, sigma, secrets.token_bytes, sums.groups).raw

    def _possession(self, holder: Holder) -> dict[str, Any]:
        return dict(canonical.plain(prove_possession(ED25519, self.secret, holder, secrets.token_bytes)))


@dataclass(slots=True)
class Keeper:
    """One trustee who was sent a link."""

    link: str
    key: Key | None = None

    def make_key(self) -> None:
        """Make a key, register its public part, and prove that it opens. Raises Stuck."""
        me = json.loads(self._fetch("GET", "/state"))
        self.key = Key.new(Holder(me["selection"], me["name"], me["role"]))
        answer = json.loads(self._fetch("POST", "/key", self.key.registration))
        self._fetch("POST", "/opened", self.key.opening(answer["nonce"]))

    def decrypt(self) -> bool:
        """Fetch the record, decrypt, send the share; whether all are in and the result stands. Raises Stuck."""
        if self.key is None:
            raise Stuck("a trustee without a key")
        me = json.loads(self._fetch("GET", "/state"))
        files = {name: self._fetch("GET", f"/record/{name}") for name in me["files"]}
        answer = json.loads(self._fetch("POST", "/share", self.key.share(files, me["uuid"], me["n"])))
        return bool(answer["done"])

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
        if status not in {200, 201}:
            raise Stuck(f"{method} {where.path}{path}: {status} {content[:300].decode(errors='replace')}")
        return content
