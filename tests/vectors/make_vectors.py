"""Writes the vectors that Python and JavaScript both answer to. See README.md in this folder.

Usage: python tests/vectors/make_vectors.py [NAME …]

Writes the files that are not there yet. One that is there stays as it is unless its name is given: other bytes under an old
name break whoever kept a record, so nobody gets them by accident.
"""

import json
import sys
from dataclasses import replace
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

from nacl.bindings import crypto_core_ed25519_add
from nacl.signing import SigningKey

from keys import credential, proofs, trustee
from keys.curve import ED25519, ORDER
from keys.group import Rng
from keys.keyfile import Entry, KeyFile, seal
from tally import ballot, canonical, count, published, result, shares, voids, voter_groups
from tally.ballot import Ballot
from tally.closing import Closing, Counts, sign_receipt
from tally.credentials import encode_credentials, sort_key
from tally.manifest import Asset, Manifest, NamedTrustee, VoterGroup
from tally.published import Published
from tally.questions import Election, Question
from tally.receipt import Receipt
from tally.record import Log
from tally.shares import StrongTally
from tally.trustees import Trustees
from tests.vectors.wire import wire_vectors

HERE = Path(__file__).parent
UUID = "Vectors1Mipiao"
# The generator of the 8-torsion, RFC 8032 byte order: public knowledge about the curve.
TORSION_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"


def stream(seed: str) -> Rng:
    """Return the documented random stream of a seed."""
    buffer = bytearray()
    blocks = 0

    def rng(n: int) -> bytes:
        nonlocal blocks
        while len(buffer) < n:
            buffer.extend(sha256(f"mipiao-vectors|{seed}|{blocks}".encode()).digest())
            blocks += 1
        taken = bytes(buffer[:n])
        del buffer[:n]
        return taken

    return rng


def group_vectors() -> dict[str, Any]:
    torsion = bytes.fromhex(TORSION_8)
    mixed = crypto_core_ed25519_add(ED25519.base(5).raw, torsion)
    big = lambda number: f"{number:064x}"  # noqa: E731 - a name for a format
    prime = 2**255 - 19
    good = ED25519.base(7).text
    invalid = {
        "torsion of order 8": torsion[::-1].hex(),
        "torsion of order 2": big(prime - 1),
        "torsion of order 4": big(0),
        "member plus torsion": mixed[::-1].hex(),
        "identity written with its sign bit": big(1 + 2**255),
        "y = p": big(prime),
        "y = p + 1, the identity not reduced": big(prime + 1),
        "largest": "f" * 64,
        "not on the curve": big(2),
        "upper case": good.upper(),
        "one digit short": good[:-1],
        "one digit more": good + "0",
        "trailing newline": good + "\n",
        "0x": "0x" + good[2:],
        "empty": "",
    }
    scalars = [0, 1, 2, 63, 64, 2**30 - 1, 2**30, 2**64, 2**252, ORDER - 1]
    scalars += [ED25519.random(stream(f"scalar {i}")) for i in range(6)]
    texts = ["", "a", "prove|", "投票|密票"]
    return {
        "order": str(ORDER),
        "powers": [{"scalar": str(x), "text": ED25519.base(x).text} for x in scalars],
        "variable": [
            {"base": ED25519.base(b).text, "scalar": str(x), "text": (ED25519.base(b) * x).text}
            for b, x in zip(scalars[5:], reversed(scalars), strict=False)
        ],
        "identity": ED25519.identity.text,
        "invalid": [{"why": why, "text": text} for why, text in invalid.items()],
        "invalid_scalars": [str(ORDER), "01", "-1", "", "0x1", " 1", "1 ", "1\n", "1.0", "9" * 77, "+1", "１"],
        "hashes": [{"text": text, "scalar": str(ED25519.hash(text))} for text in texts],
        "random": [{"seed": f"scalar {i}", "scalar": str(ED25519.random(stream(f"scalar {i}")))} for i in range(3)],
    }


def credential_vectors() -> dict[str, Any]:
    fresh = [credential.new(stream(f"credential {i}")) for i in range(8)]
    one = fresh[0]
    swapped = one[1] + one[0] + one[2:] if one[0] != one[1] else one[:2] + one[3] + one[2] + one[4:]
    wrong = ("1" if one[0] == "0" else "0") + one[1:]
    foreign = "vb1ds-9KoiE3-t5r1G-HnQjb3"
    keys = []
    for code in [*fresh[:3], foreign]:
        secret = credential.secret(ED25519, UUID, code)
        keys.append({"credential": code, "secret": str(secret), "public": ED25519.base(secret).text})
    typed = [one, one.lower(), one.replace("-", ""), one.replace("-", " "), f"  {one} ", one.replace("-", "－"),
             one.replace("0", "O").replace("1", "I"), one.replace("0", "o").replace("1", "l")]  # fmt: skip
    return {
        "uuid": UUID,
        "fresh": [{"seed": f"credential {i}", "credential": code} for i, code in enumerate(fresh)],
        "typed": [{"typed": text, "credential": one} for text in typed] + [{"typed": foreign, "credential": foreign}],
        "refused": [
            "",
            one[:-1],
            one + "0",
            swapped,
            wrong,
            one.replace(one[2], "U", 1),
            "é" * 20,
            "０" * 20,
            "0" * 300,
        ],
        "keys": keys,
    }


def proof_vectors() -> dict[str, Any]:
    holder = trustee.Holder("处长选拔 2019", "郑为民", "机关纪委")
    secret, public = trustee.generate(ED25519, stream("trustee"), "郑为民")
    possession = trustee.prove_possession(ED25519, secret, holder, stream("possession"))
    signed = proofs.sign(ED25519, secret, "sig|some hash", stream("signature"))
    return {
        "trustee": {
            "seed": "trustee",
            "secret": str(secret),
            "public_key": {"pok": canonical.plain(public.pok), "public_key": public.key.text, "name": public.name},
        },
        "possession": {
            "seed": "possession",
            "holder": {"selection": holder.selection, "name": holder.name, "role": holder.role},
            "proof": canonical.plain(possession),
        },
        "signature": {"seed": "signature", "prefix": "sig|some hash", "proof": canonical.plain(signed)},
    }


QUESTIONS = (
    Question("推荐 人事教育处处长（不超过 2 人）", ("甲（一处　三级主任科员）", "乙", "丙"), 1, 2, blank=True),
    Question('总体评价："甲" / Jia\u007f', ("优秀", "称职", "基本称职", "不称职"), 0, 1),
    Question("exactly one", ("a", "b"), 1, 1),
)  # fmt: skip
CHOICES = [
    [[0, 1, 0, 1], [1, 0, 0, 0], [0, 1]],
    [[1, 0, 0, 0], [0, 0, 0, 0], [1, 0]],
    [[0, 1, 0, 0], [0, 0, 0, 1], [1, 0]],
    [[0, 0, 1, 1], [0, 1, 0, 0], [1, 0]],
    [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1]],
    [[1, 0, 0, 0], [1, 0, 0, 0], [1, 0]],
    [[0, 1, 0, 0], [0, 0, 1, 0], [1, 0]],
    [[0, 0, 1, 1], [0, 1, 0, 0], [0, 1]],
    [[0, 1, 1, 0], [0, 0, 0, 0], [0, 1]],
    [[1, 0, 0, 0], [0, 1, 0, 0], [1, 0]],
    [[0, 0, 0, 1], [0, 0, 0, 1], [0, 1]],
]
# Six, two and three ballots cast: with the minimum 5 the first group is shown, the others are 其余合计.
GROUPS = (("机关中层正职", 0, 6), ("局领导班子", 6, 9), ("机关其他人员", 9, 14))
CAST = (6, 2, 3)
VOTERS = (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11)


class Poll:
    """One poll of ours with all its secrets: what a room would have produced."""

    def __init__(self) -> None:
        self.receipt_key = SigningKey(stream("receipt key")(32))
        self.trustees = [
            trustee.generate(ED25519, stream(f"poll trustee {i}"), name) for i, name in enumerate("郑钱孙")
        ]
        self.codes = [credential.new(stream(f"slip {i}")) for i in range(14)]
        self.secrets = [credential.secret(ED25519, UUID, code) for code in self.codes]
        publics = [ED25519.base(secret).text for secret in self.secrets]
        self.trustee_list = Trustees.of(ED25519, [public for _, public in self.trustees])
        self.manifest = Manifest(
            uuid=UUID,
            selection="sample",
            kind="recommendation",
            rehearsal=True,
            transport="http",
            groups=tuple(
                VoterGroup(label, tuple(sorted(publics[first:end], key=sort_key))) for label, first, end in GROUPS
            ),
            by_group=(0,),
            minimum=5,
            receipt_key=self.receipt_key.verify_key.encode().hex(),
            assets=(Asset("js/booth/main.js", sha256(b"").hexdigest()),),
            trustees=tuple(
                NamedTrustee(public.name or "", role, public.key.text)
                for (_, public), role in zip(self.trustees, ("机关纪委", "工会", "机关党委"), strict=True)
            ),
        )
        self.election = Election(
            ED25519, "说明\n" + self.manifest.description_line, "民主推荐", self.trustee_list.election_key,
            QUESTIONS, UUID, "局人教处", "机关党委",
        )  # fmt: skip
        self.credentials = encode_credentials(publics)
        self.ballots = [
            ballot.make(self.election, self.secrets[voter], choice, stream(f"ballot {voter}"))
            for voter, choice in zip(VOTERS, CHOICES, strict=True)
        ]

    def open_log(self) -> Log:
        log = Log(1_795_332_189)
        log.setup(self.election.raw, self.trustee_list.raw, self.credentials)
        return log

    def closed_log(self, ballots: list[Ballot] | None = None) -> Log:
        box = self.ballots if ballots is None else ballots
        log = self.open_log()
        for one in sorted(box, key=lambda made: made.tracker):
            log.ballot(one.raw)
        log.end_ballots()
        sums = count.accumulate(self.election, box)
        log.add_encrypted_tally(count.encode(sums), len(box), len(box))
        return log


def record_vectors(poll: Poll) -> dict[str, bytes]:
    """The record at its three stages, and what the trustees know."""
    closed = poll.closed_log()
    voided = voids.encode([])
    both = voter_groups.add_up(poll.election, poll.manifest, poll.ballots)
    closing = Closing(
        uuid=UUID,
        phi=poll.election.phi,
        manifest=poll.manifest.hash,
        head=closed.head or "",
        ballots=len(poll.ballots),
        cast_per_group=tuple(zip((label for label, _, _ in GROUPS), CAST, strict=True)),
        groups=tuple(group.label for group in both.groups),
        counts=Counts(expected=13, present=12, printed=14, voided=0, handed_out=12, returned=11),
        voids=sha256(voided).hexdigest(),
    ).signed(poll.receipt_key)
    sums = both.total
    made = [
        shares.decrypt(poll.election, sums, owner, secret, closing.sigma, stream(f"share {owner}"), both.groups)
        for owner, (secret, _) in enumerate(poll.trustees, 1)
    ]
    tallied = poll.closed_log()
    for share in made:
        tallied.add_partial_decryption(share.owner, share.partial.raw)
    counts = result.combine(
        poll.election, poll.trustee_list, sums, {share.owner: share.partial for share in made}, len(poll.ballots)
    )
    tallied.add_result(result.encode(counts))
    strong = StrongTally.of(poll.election, poll.trustee_list.owners, closing.sigma, made)
    files: dict[str, bytes] = {}
    for stage, log in (("open", poll.open_log()), ("closed", closed), ("tallied", tallied)):
        files[f"record/{stage}/{UUID}.bel"] = log.encode()
        files[f"record/{stage}/manifest.json"] = poll.manifest.raw
        if stage != "open":
            files[f"record/{stage}/closing.json"] = closing.raw
            files[f"record/{stage}/voids.json"] = voided
    files["record/tallied/tally.json"] = strong.raw
    groups = published.combine_groups(
        poll.election, poll.trustee_list, both.groups, {share.owner: share.groups for share in made}, len(poll.ballots)
    )
    shown = Published.of(poll.election, poll.manifest, CAST, counts, groups)
    files["record/tallied/result.json"] = shown.raw
    secrets = {
        "closing_without_groups": replace(closing, groups=()).signed(poll.receipt_key).raw.decode(),
        "sigma": closing.sigma,
        "seal": closing.seal,
        "result": counts,
        "trustees": [
            {"owner": share.owner, "secret": str(secret), "seed": f"share {share.owner}", "share": share.raw.decode()}
            for share, (secret, _) in zip(made, poll.trustees, strict=True)
        ],
    }
    files["record/secrets.json"] = pretty(secrets)
    return files


# One void slip for each reason: which slip, why, and whose ballot it names. Slip 5's ballot was taken out of the box again,
# the one made with slip 13 never came into it.
VOIDED = ((8, "leftover", False), (12, "damaged", False), (5, "contested", True), (13, "challenged", True))
OFFICIALS = ("监票人甲", "计票人乙")


def void_vectors(poll: Poll) -> list[dict[str, Any]]:
    """What each void is made of."""
    tried = ballot.make(poll.election, poll.secrets[13], CHOICES[0], stream("ballot 13"))
    trackers = {5: poll.ballots[VOTERS.index(5)].tracker, 13: tried.tracker}
    return [
        {
            "credential": poll.codes[slip], "reason": reason, "tracker": trackers[slip] if named else None,
            "officials": OFFICIALS, "seed": f"void {slip}",
        }
        for slip, reason, named in VOIDED
    ]  # fmt: skip


def made_void(poll: Poll, one: dict[str, Any]) -> voids.Void:
    secret = credential.secret(ED25519, UUID, one["credential"])
    return voids.make(
        ED25519, poll.election.phi, secret, one["reason"], one["tracker"], one["officials"], stream(one["seed"])
    )


def voided_vectors(poll: Poll) -> dict[str, bytes]:
    """The same poll closed with void slips: one of the first group's six ballots is not in the box."""
    box = [one for voter, one in zip(VOTERS, poll.ballots, strict=True) if voter != 5]
    log = poll.closed_log(box)
    listed = voids.encode([made_void(poll, one) for one in void_vectors(poll)])
    cast = (CAST[0] - 1, *CAST[1:])
    closing = Closing(
        uuid=UUID,
        phi=poll.election.phi,
        manifest=poll.manifest.hash,
        head=log.head or "",
        ballots=len(box),
        cast_per_group=tuple(zip((label for label, _, _ in GROUPS), cast, strict=True)),
        groups=voter_groups.shown_labels(poll.manifest, cast, len(QUESTIONS)),
        counts=Counts(expected=13, present=12, printed=14, voided=len(VOIDED), handed_out=10, returned=len(box)),
        voids=sha256(listed).hexdigest(),
    ).signed(poll.receipt_key)
    files = {
        f"{UUID}.bel": log.encode(),
        "manifest.json": poll.manifest.raw,
        "closing.json": closing.raw,
        "voids.json": listed,
    }
    return {f"record/voided/{name}": content for name, content in files.items()}


def sent_vectors(poll: Poll) -> dict[str, Any]:
    """What stands in no file of the record: a void and a trustee's key as they are sent, a receipt as it is kept."""
    one = poll.ballots[0]
    signed = sign_receipt(poll.receipt_key, UUID, poll.election.phi, one.tracker)
    holder, proved = proof_vectors()["trustee"], proof_vectors()["possession"]
    first = void_vectors(poll)[0]
    return {
        "voids": void_vectors(poll),
        "void_posted": voids.encode([made_void(poll, first)]).decode(),
        "receipt": Receipt(UUID, one.raw, one.tracker, signed).raw.decode(),
        "trustee_key": canonical.dump({"public_key": holder["public_key"], "possession": proved["proof"]}).decode(),
        "key_opened": canonical.dump(proved["proof"]).decode(),
    }


def ballot_vectors(poll: Poll) -> dict[str, Any]:
    return {
        "election": poll.election.raw.decode(),
        "phi": poll.election.phi,
        "max_size": ballot.max_size(poll.election),
        "ballots": [
            {
                "credential": code,
                "choices": choice,
                "seed": f"ballot {i}",
                "raw": made.raw.decode(),
                "tracker": made.tracker,
                "short": ballot.short(made.tracker),
            }
            for i, (code, choice, made) in enumerate(zip(poll.codes[:6], CHOICES, poll.ballots, strict=False))
        ],
    }


def keyfile_vectors() -> dict[str, Any]:
    secret = ED25519.random(stream("key file secret"))
    journal = (Entry("AnotherPoll111", "phi", "sigma"),)
    opened = KeyFile(UUID, "郑为民", "机关纪委", ED25519.base(secret), secret, journal)
    passphrase = "雨后 的\u00e9山路 2019-04"  # composed; typed decomposed it must open too
    return {
        "passphrase": passphrase,
        "decomposed": passphrase.replace("\u00e9", "e\u0301"),
        "seed": "key file",
        "secret": str(secret),
        "uuid": UUID,
        "name": opened.name,
        "role": opened.role,
        "journal": [{"uuid": one.uuid, "phi": one.phi, "sigma": one.sigma} for one in journal],
        "file": seal(opened, passphrase, stream("key file")).decode(),
    }


def receipt_vectors(poll: Poll) -> dict[str, Any]:
    key = poll.receipt_key.verify_key.encode().hex()
    return {
        "receipt_key": key,
        "uuid": UUID,
        "phi": poll.election.phi,
        "receipts": [
            {"tracker": one.tracker, "receipt": sign_receipt(poll.receipt_key, UUID, poll.election.phi, one.tracker)}
            for one in poll.ballots[:3]
        ],
        "twisted": twisted_receipts(poll, poll.ballots[0].tracker),
    }


def twisted_receipts(poll: Poll, tracker: str) -> dict[str, str]:
    """Signatures that hold only in the equation times eight: a small point added to the commitment, or to the key."""
    wide = sha512(bytes(poll.receipt_key)).digest()[:32]
    secret = int.from_bytes(bytes([wide[0] & 248]) + wide[1:31] + bytes([wide[31] & 63 | 64]), "little")
    key = poll.receipt_key.verify_key.encode()
    message = f"mipiao-receipt|{UUID}|{poll.election.phi}|{tracker}".encode()

    def signed(under: bytes, nonce: int, *, twist: bool) -> tuple[str, int]:
        commitment = ED25519.base(nonce).raw
        if twist:
            commitment = crypto_core_ed25519_add(commitment, bytes.fromhex(TORSION_8))
        challenge = int.from_bytes(sha512(commitment + under + message).digest(), "little") % ED25519.order
        response = (nonce + challenge * secret) % ED25519.order
        return canonical.b64(commitment + response.to_bytes(32, "little")), challenge

    other = crypto_core_ed25519_add(key, bytes.fromhex(TORSION_8))
    # Where eight divides the challenge the twisted key's equation holds exactly: only the key itself gives it away.
    under_key = next(text for nonce in range(1, 200) for text, c in [signed(other, nonce, twist=False)] if c % 8 == 0)
    return {
        "tracker": tracker,
        "receipt": signed(key, 7, twist=True)[0],
        "key": other.hex(),
        "under_key": under_key,
    }


def group_rule_vectors() -> list[dict[str, Any]]:
    """What is shown per question: question 0 is by group, question 1 is not."""
    casts = [
        (5, 20, 30),
        (4, 14, 8, 21, 66),
        (6, 13, 9, 20, 63),
        (3, 3, 9),
        (1, 5, 6, 20),
        (2, 6, 6),
        (0, 5, 0),
        (4,),
        (2, 2),
    ]
    found = []
    for cast in casts:
        for minimum in (5, 7, 25):
            groups = tuple(VoterGroup(f"类别{k}", ()) for k in range(len(cast)))
            key = SigningKey(b"k" * 32).verify_key.encode().hex()
            manifest = Manifest("u", "s", "k", True, "http", groups, minimum, key, (), by_group=(0,))
            told = [{"shown": one.shown, "rest": one.rest} for one in voter_groups.disclosures(manifest, cast, 2)]
            found.append({"cast": cast, "minimum": minimum, "questions": told})
    return found


def pretty(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def listed(vectors: dict[str, Any]) -> bytes:
    """`wire.json`: as above, but each alteration on one line, so that a person can read and a diff can show it."""

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    blocks = []
    for name, vector in vectors.items():
        facts = [f"  {line(key)}: {line(value)}" for key, value in vector.items() if key != "altered"]
        altered = ",\n".join(f"   {line(one)}" for one in vector["altered"])
        blocks.append(f" {line(name)}: {{\n" + ",\n".join([*facts, f'  "altered": [\n{altered}\n  ]']) + "\n }")
    return ("{\n" + ",\n".join(blocks) + "\n}\n").encode()


def make() -> dict[str, bytes]:
    """Return every vector file: name to bytes."""
    poll = Poll()
    files = {
        "group.json": pretty(group_vectors()),
        "credentials.json": pretty(credential_vectors()),
        "proofs.json": pretty(proof_vectors()),
        "ballots.json": pretty(ballot_vectors(poll)),
        "keyfile.json": pretty(keyfile_vectors()),
        "receipts.json": pretty(receipt_vectors(poll)),
        "groups.json": pretty(group_rule_vectors()),
        **record_vectors(poll),
        **voided_vectors(poll),
    }
    return {**files, "wire.json": listed(wire_vectors(files, sent_vectors(poll)))}


def write(replaced: list[str]) -> int:
    """Write what is missing or named; tell what else would be other bytes. Returns how many files those are."""
    kept = 0
    for name, content in make().items():
        target = HERE / name
        if target.exists() and target.read_bytes() != content and name not in replaced:
            print(f"{name}: kept, although other bytes would be written today")
            kept += 1
        elif not target.exists() or name in replaced:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            print(name, len(content))
    return kept


if __name__ == "__main__":
    sys.exit(1 if write(sys.argv[1:]) else 0)
