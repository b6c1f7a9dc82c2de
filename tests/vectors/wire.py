"""What `wire.json` says of every structure that goes over the wire or into the record: its bytes, and other ones refused.

`make_vectors.py` hands in the files it has made; the bytes are quoted where they stand, or written out. See README.md.
"""

import json
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path as File
from typing import Any

from keys.curve import ED25519
from tally import canonical
from tests.tally.builders import entries
from tests.vectors.alter import (
    Alteration,
    altered,
    at,
    capital,
    fields,
    numbers,
    points,
    put,
    scalars,
    spelling,
    texts,
    token,
    value,
)

BOTH = ["python", "javascript"]
BEL = "record/tallied/Vectors1Mipiao.bel"
FOREIGN = "../interop/data/threshold-ed25519/fnv5YcvMzA9JMu.bel"
Vector = dict[str, Any]


class Wire:
    """Gathers the vectors, finding the exact bytes of each structure among the files."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.found: dict[str, Vector] = {}

    def raw(self, path: str) -> bytes:
        """A file made just now, or one that stands beside the vectors for good."""
        return self.files[path] if path in self.files else (File(__file__).parent / path).read_bytes()

    def events(self, path: str, kind: str) -> tuple[list[tuple[str, bytes]], tuple[str, bytes]]:
        """The first event of a kind in an archive with its data before it: names and contents."""
        data: list[tuple[str, bytes]] = []
        for name, content in entries(self.raw(path)):
            if name.endswith("data.json"):
                data.append((name, content))
            elif name.endswith("event.json"):
                if json.loads(content)["type"] == kind:
                    return data, (name, content)
                data = []
        raise AssertionError(kind)

    def add(self, name: str, spec: str, quoted: Any, text: str, *rest: Any, readers: list[str], **more: Any) -> None:
        """Add one structure: where its bytes stand, the bytes, their alterations, and which functions read them."""
        languages = [one for one in BOTH if any(reader.endswith(END[one]) for reader in map(_file, readers))]
        self.found[name] = {
            "spec": spec, "languages": more.pop("languages", languages), "readers": readers, "bytes": quoted, **more,
            "altered": list(chain(*rest)),
        }  # fmt: skip
        assert quoted_bytes(quoted, self.raw) == text.encode("latin-1" if "first" in quoted else "utf-8")


def quoted_bytes(quoted: dict[str, Any], raw: Callable[[str], bytes]) -> bytes:
    """The bytes that a vector quotes: its text, a file, the first bytes of one, a member of an archive, a text in JSON."""
    if "text" in quoted:
        return str(quoted["text"]).encode()
    whole = raw(quoted["file"])
    if "first" in quoted:
        return whole[: quoted["first"]]
    if "member" in quoted:
        return dict(entries(whole))[quoted["member"]]
    if "field" in quoted:
        return str(at(json.loads(whole), tuple(quoted["field"]))).encode()
    return whole


END = {"python": ".py", "javascript": ".js"}


def _file(reader: str) -> str:
    return reader.split(":", maxsplit=1)[0]


def wire_vectors(files: dict[str, bytes], made: dict[str, Any]) -> dict[str, Vector]:
    """Return the vectors by name. `made` holds what no file has: the receipt file, a void and a key as they are sent."""
    wire = Wire(files)
    _archive(wire)
    _setup(wire)
    _ballot_and_sums(wire)
    _around(wire)
    _shares(wire)
    _handed_round(wire, made)
    return wire.found


# --- the archive


def _archive(wire: Wire) -> None:
    header = wire.raw(BEL)[:512].decode("latin-1")

    def byte(why: str, at: int, new: str) -> Alteration:
        return altered(header, why, "archive", header[:at] + new + header[at + len(new) :])

    wire.add(
        "archive_header", "REC-1", {"file": BEL, "first": 512}, header,
        [byte("another name", 7, "T"), byte("another mode", 105, "0"), byte("an owner", 113, "1"), byte("a group", 121, "1"),
         byte("another size", 134, "7"), byte("a size with a space for a zero", 124, " "), byte("a size that is not octal", 134, "9"),
         byte("another time", 146, "6"), byte("another checksum", 153, "7"), byte("a checksum that ends in two spaces", 154, " "),
         byte("another type", 156, "5"), byte("a name that is linked to", 157, "x"),
         byte("a byte after the fields", 511, "x")],
        readers=["tally/record.py:_members", "protocol/archive.js:readMembers"],
    )  # fmt: skip
    name, content = entries(wire.raw(BEL))[0]
    first = content.decode()
    wire.add(
        "archive_first", "REC-2", {"file": BEL, "member": name}, first, spelling(first), fields(first), numbers(first, ("version",)),
        texts(first, ("timestamp",)),
        [value(first, "another version", "unsupported_version", ("version",), 2),
         value(first, "a time with a leading zero", "archive", ("timestamp",), "01795332189"),
         value(first, "a time with a sign", "archive", ("timestamp",), "-1"),
         value(first, "no time", "archive", ("timestamp",), ""),
         value(first, "another time than the headers'", "archive", ("timestamp",), "1795332188")],
        readers=["tally/record.py:_fields", "protocol/archive.js:readTimestamp"],
    )  # fmt: skip
    for kind, named in (
        ("Setup", "setup"), ("Ballot", "ballot"), ("EndBallots", "end_ballots"), ("EncryptedTally", "encrypted_tally"),
        ("PartialDecryption", "partial_decryption"), ("Result", "result"),
    ):  # fmt: skip
        _, (name, content) = wire.events(BEL, kind)
        text = content.decode()
        wire.add(
            f"event_{named}", "REC-3", {"file": BEL, "member": name}, text, spelling(text), _event(text),
            readers=["tally/record.py:_read_event", "protocol/archive.js:replay"],
        )  # fmt: skip


def _event(text: str) -> Iterable[Alteration]:
    event = json.loads(text)
    yield from fields(text, less="event_chain" if "parent" in event else "malformed")
    yield from numbers(text, ("height",))
    yield from texts(text, ("type",))
    yield value(text, "another height", "event_chain", ("height",), event["height"] + 1)
    yield value(text, "a type that is none", "event_order", ("type",), "Reminder")
    if "parent" in event:
        yield from texts(text, ("parent",))
        yield value(text, "another parent", "event_chain", ("parent",), "0" * 64)
        yield value(text, "an upper-case hex digit in parent", "event_chain", ("parent",), capital)
    else:
        yield altered(
            text, "a parent of the first", "event_chain", put(text, (), lambda one: {"parent": "0" * 64, **one})
        )
    if "payload" in event:
        yield from texts(text, ("payload",))
        yield value(text, "another payload", "event_chain", ("payload",), "0" * 64)
        yield value(text, "an upper-case hex digit in payload", "event_chain", ("payload",), capital)
        yield altered(
            text, "no payload", "event_chain", put(text, (), lambda one: {k: one[k] for k in one if k != "payload"})
        )
    else:
        yield altered(
            text, "a payload without data", "event_chain", put(text, (), lambda one: {**one, "payload": "0" * 64})
        )


# --- set-up


def _setup(wire: Wire) -> None:
    data, _ = wire.events(BEL, "Setup")
    (name, election), (trustees_name, trustees), (listed_name, listed), (set_name, setup) = (
        (name, content.decode()) for name, content in data
    )
    question = ("questions", 0)
    wire.add(
        "election", "ELEC-1", {"file": BEL, "member": name}, election, spelling(election), fields(election),
        fields(election, question), points(election, ("public_key",)),
        numbers(election, ("version",), (*question, "min"), (*question, "max")),
        texts(election, ("name",), ("uuid",), ("administrator",), (*question, "question"), (*question, "answers", 0)),
        [value(election, "another version", "unsupported_version", ("version",), 2),
         value(election, "another group", "unsupported_group", ("group",), "BELENIOS-2048"),
         value(election, "the group in lower case", "unsupported_group", ("group",), "ed25519"),
         value(election, "another kind of question", "unsupported_question", question, {"type": "Lists", "value": {}}),
         value(election, "a short uuid", "malformed", ("uuid",), "Vectors"),
         value(election, "a uuid that is not base-58", "malformed", ("uuid",), "Vectors0Mipiao"),
         value(election, "no question", "malformed", ("questions",), []),
         value(election, "no answer", "malformed", (*question, "answers"), []),
         value(election, "max above the answers", "malformed", (*question, "max"), 4),
         value(election, "min above max", "malformed", (*question, "min"), 3),
         value(election, "blank as a number", "malformed", (*question, "blank"), 1),
         value(election, "blank written as false", "not_canonical", (*question, "blank"), False)],
        readers=["tally/questions.py:Election.parse", "protocol/election.js:parseElection"],
    )  # fmt: skip
    key = (0, 1)
    wire.add(
        "trustees", "TRUST-1", {"file": BEL, "member": trustees_name}, trustees, spelling(trustees), fields(trustees, key),
        fields(trustees, (*key, "pok")), points(trustees, (*key, "public_key")),
        scalars(trustees, (*key, "pok", "challenge"), (*key, "pok", "response")), texts(trustees, (*key, "name")),
        [value(trustees, "another kind of item", "malformed", (0, 0), "Shuffler"),
         value(trustees, "an item of three", "malformed", (0,), lambda item: [*item, 1]),
         value(trustees, "a trustee twice", "trustee_repeated", (), lambda found: [*found, found[0]]),
         value(trustees, "another's proof", "trustee_pok", (*key, "pok"), json.loads(trustees)[1][1]["pok"]),
         value(trustees, "nobody", "malformed", (), lambda _: [])],
        readers=["tally/trustees.py:Trustees.parse", "protocol/trustee.js:readTrustees"],
    )  # fmt: skip
    wire.add(
        "credentials", "CRED-4", {"file": BEL, "member": listed_name}, listed, spelling(listed), points(listed, (0,)),
        [value(listed, "two in another order", "credential_order", (), lambda found: [found[1], found[0], *found[2:]]),
         value(listed, "one twice", "credential_repeated", (), lambda found: [found[0], *found]),
         value(listed, "a weight for one of them", "not_canonical", (1,), lambda one: f"{one},1"),
         value(listed, "an object", "malformed", (), lambda found: {"keys": found[:1]})],
        readers=["tally/credentials.py:read_credentials", "protocol/manifest.js:readCredentials"],
    )  # fmt: skip
    hashes = ("election", "trustees", "credentials")
    wire.add(
        "setup_data", "REC-4", {"file": BEL, "member": set_name}, setup, spelling(setup), fields(setup),
        *([value(setup, f"another hash in {one}", "not_canonical", (one,), "0" * 64),
           value(setup, f"an upper-case hex digit in {one}", "not_canonical", (one,), capital),
           value(setup, f"a number for a hash in {one}", "malformed", (one,), 7)] for one in hashes),
        readers=["tally/record.py:_fields", "protocol/archive.js:named"],
    )  # fmt: skip
    _foreign(wire, listed)


def _foreign(wire: Wire, listed: str) -> None:
    """What only archives made by others hold: the browser refuses them by name."""
    weighted = canonical.dump(
        [f"{one},{weight}" for one, weight in zip(json.loads(listed)[:3], (1, 3, 0), strict=True)]
    )
    text = weighted.decode()
    wire.add(
        "weighted_credentials", "CRED-4", {"text": text}, text, spelling(text),
        [value(text, why, "not_canonical", (1,), lambda one, to=to: one[:64] + to) for why, to in (
            ("no weight", ""), ("an empty weight", ","), ("a leading zero in a weight", ",03"), ("a sign in a weight", ",-3"),
            ("a weight of 19 digits", "," + "9" * 19), ("a second comma", ",3,3"))],
        [value(text, "two in another order", "credential_order", (), lambda found: [found[1], found[0], found[2]]),
         value(text, "one twice with another weight", "credential_repeated", (1,), lambda _: json.loads(text)[0][:64] + ",2"),
         value(text, "an upper-case hex digit", "point", (0,), capital)],
        readers=["tally/credentials.py:read_credentials"],
    )  # fmt: skip
    data, _ = wire.events(FOREIGN, "Setup")
    name, text = data[1][0], data[1][1].decode()
    item = next(k for k, one in enumerate(json.loads(text)) if one[0] == "Pedersen")
    group, body = (item, 1), json.loads(text)[item][1]
    cert = (*group, "certs", 0)
    wire.add(
        "threshold_trustees", "TRUST-4", {"file": FOREIGN, "member": name}, text, spelling(text), fields(text, group),
        fields(text, cert, order=False), fields(text, (*group, "verification_keys", 0)), numbers(text, (*group, "threshold")),
        scalars(text, (*group, "signatures", 0, "challenge")), points(text, (*group, "verification_keys", 0, "public_key")),
        [value(text, "another threshold", "threshold_keys", (*group, "threshold"), 1),
         value(text, "as many needed as there are", "malformed", (*group, "threshold"), len(body["certs"])),
         value(text, "a space in a certificate", "not_canonical", (*cert, "message"), lambda one: one.replace(",", ", ", 1)),
         value(text, "a number as text in a certificate", "malformed", (*cert, "message"), lambda one: one.replace('"index":1', '"index":"1"')),
         value(text, "another index in a certificate", "threshold_keys", (*cert, "message"), lambda one: one.replace('"index":1', '"index":2')),
         value(text, "another group in a certificate", "unsupported_group", (*cert, "message"), lambda one: one.replace("Ed25519", "Ed448")),
         value(text, "a space in the coefficients", "not_canonical", (*group, "coefexps", 0, "message"), lambda one: one + " "),
         value(text, "a coefficient too few", "threshold_keys", (*group, "coefexps", 0, "message"), '{"coefexps":[]}'),
         value(text, "another's signature", "threshold_keys", (*group, "signatures", 0), body["signatures"][1])],
        readers=["tally/trustees.py:Trustees.parse", "tally/trustees.py:_read_certificate", "tally/trustees.py:_read_commitments"],
    )  # fmt: skip


# --- ballot, sums, partial decryption, result


def _ballot_and_sums(wire: Wire) -> None:
    data, _ = wire.events(BEL, "Ballot")
    name, text = data[0][0], data[0][1].decode()
    answer, ct, proof = ("answers", 0), ("answers", 0, "choices", 0), ("answers", 0, "individual_proofs", 0, 0)
    wire.add(
        "ballot", "BALLOT-1", {"file": BEL, "member": name}, text, spelling(text), fields(text), fields(text, answer, order=False),
        fields(text, ct), fields(text, proof), fields(text, ("signature", "proof")), points(text, ("credential",), (*ct, "alpha")),
        points(text, (*ct, "beta"), identity=None), scalars(text, (*proof, "challenge"), (*proof, "response")),
        scalars(text, (*answer, "overall_proof", 0, "challenge"), (*answer, "blank_proof", 0, "challenge")),
        scalars(text, ("signature", "proof", "response")), texts(text, ("signature", "hash")),
        [value(text, "another poll", "other_election", ("election_uuid",), "Vectors2Mipiao"),
         value(text, "another election", "other_election", ("election_hash",), "A" * 43),
         value(text, "an answer less", "malformed", ("answers",), lambda found: found[:-1]),
         value(text, "a ciphertext less", "malformed", (*answer, "choices"), lambda found: found[1:]),
         value(text, "a pair of proofs less", "malformed", (*answer, "individual_proofs"), lambda found: found[1:]),
         value(text, "a proof of blank where there is none", "malformed", ("answers", 1), lambda one: {**one, "blank_proof": []}),
         value(text, "another hash", "signature", ("signature", "hash"), "A" * 43),
         value(text, "another response", "signature", ("signature", "proof", "response"), "1")],
        readers=["tally/ballot.py:Ballot.parse", "protocol/ballot.js:parseBallot"],
    )  # fmt: skip
    data, _ = wire.events(BEL, "EncryptedTally")
    (name, sums), (sized_name, sized) = ((name, content.decode()) for name, content in data)
    wire.add(
        "encrypted_tally", "TALLY-2", {"file": BEL, "member": name}, sums, spelling(sums), fields(sums, (0, 0)),
        points(sums, (0, 0, "alpha"), (0, 0, "beta"), identity=None),
        [value(sums, "a ciphertext less", "malformed", (0,), lambda row: row[1:]),
         value(sums, "a question less", "malformed", (), lambda rows: rows[:-1])],
        readers=["tally/count.py:parse", "protocol/shares.js:parseTally"],
    )  # fmt: skip
    wire.add(
        "sized", "REC-4", {"file": BEL, "member": sized_name}, sized, spelling(sized), fields(sized),
        numbers(sized, ("num_tallied",), ("total_weight",)),
        [value(sized, "another hash", "not_canonical", ("encrypted_tally",), "0" * 64),
         value(sized, "an upper-case hex digit", "not_canonical", ("encrypted_tally",), capital),
         value(sized, "a number for a hash", "malformed", ("encrypted_tally",), 7),
         value(sized, "a small weight as text", "malformed", ("total_weight",), "1073741823"),
         value(sized, "a large weight with a leading zero", "malformed", ("total_weight",), "01073741824")],
        readers=["tally/record.py:_fields", "protocol/archive.js:named"],
    )  # fmt: skip
    data, _ = wire.events(BEL, "PartialDecryption")
    (name, partial), (owned_name, owned) = ((name, content.decode()) for name, content in data)
    proof = ("decryption_proofs", 0, 0)
    wire.add(
        "partial_decryption", "DEC-2", {"file": BEL, "member": name}, partial, spelling(partial), fields(partial, order=False),
        fields(partial, proof), points(partial, ("decryption_factors", 0, 0), identity=None), scalars(partial, (*proof, "challenge")),
        [value(partial, "an object for a row", "malformed", ("decryption_factors", 2), {})],
        readers=["tally/shares.py:PartialDecryption.parse", "protocol/shares.js:parsePartial"],
    )  # fmt: skip
    wire.add(
        "owned", "REC-4", {"file": BEL, "member": owned_name}, owned, spelling(owned), fields(owned), numbers(owned, ("owner",)),
        [value(owned, "an owner 0", "malformed", ("owner",), 0),
         value(owned, "another hash", "not_canonical", ("payload",), "0" * 64),
         value(owned, "an upper-case hex digit", "not_canonical", ("payload",), capital),
         value(owned, "a number for a hash", "malformed", ("payload",), 7)],
        readers=["tally/record.py:_fields", "protocol/archive.js:named"],
    )  # fmt: skip
    data, _ = wire.events(BEL, "Result")
    name, text = data[0][0], data[0][1].decode()
    wire.add(
        "result", "RES-1", {"file": BEL, "member": name}, text, spelling(text), numbers(text, ("result", 0, 0)),
        [altered(text, "a field more", "malformed", put(text, (), lambda one: {**one, "more": 1})),
         value(text, "a count less", "malformed", ("result", 0), lambda row: row[1:]),
         value(text, "a question less", "malformed", ("result",), lambda rows: rows[1:]),
         value(text, "null for a row", "malformed", ("result", 0), None)],
        readers=["tally/result.py:parse", "protocol/verify.js:parseResult"],
    )  # fmt: skip


# --- manifest, closing statement, voids


def _around(wire: Wire) -> None:
    path = "record/voided/manifest.json"
    text = wire.raw(path).decode()
    group = ("groups", 0)
    wire.add(
        "manifest", "MAN-2", {"file": path}, text, spelling(text), fields(text), fields(text, group), fields(text, ("assets", 0)),
        fields(text, ("trustees", 0)), numbers(text, ("version",), ("minimum",), ("by_group", 0)),
        texts(text, ("uuid",), ("selection",), ("receipt_key",), (*group, "label"), ("languages", 0)),
        [value(text, "another version", "unsupported_version", ("version",), 2),
         value(text, "a minimum below five", "manifest", ("minimum",), 4),
         value(text, "another transport", "manifest", ("transport",), "ftp"),
         value(text, "another issuance", "manifest", ("issuance",), "post"),
         value(text, "rehearsal as a number", "malformed", ("rehearsal",), 1),
         value(text, "replaces as a number", "malformed", ("replaces",), 7),
         value(text, "an upper-case hex digit in receipt_key", "manifest", ("receipt_key",), capital),
         value(text, "a hex digit less in an asset", "manifest", ("assets", 0, "sha256"), lambda one: one[1:]),
         value(text, "a question twice", "manifest", ("by_group",), [0, 0]),
         value(text, "questions in another order", "manifest", ("by_group",), [1, 0]),
         value(text, "no groups", "manifest", ("groups",), []),
         value(text, "two groups of one label", "manifest", (*group, "label"), lambda _: json.loads(text)["groups"][1]["label"]),
         value(text, "a group's slips in another order", "manifest", (*group, "credentials"), lambda keys: [keys[1], keys[0], *keys[2:]]),
         value(text, "a slip twice", "manifest", (*group, "credentials"), lambda keys: [keys[0], *keys]),
         value(text, "a slip less", "manifest", (*group, "credentials"), lambda keys: keys[1:]),
         value(text, "an upper-case hex digit in a slip", "manifest", (*group, "credentials", 0), capital)],
        readers=["tally/manifest.py:Manifest.parse", "protocol/manifest.js:parseManifest"],
    )  # fmt: skip
    path = "record/voided/closing.json"
    text = wire.raw(path).decode()
    wire.add(
        "closing", "CLOSE-1", {"file": path}, text, spelling(text), fields(text), fields(text, ("counts",)),
        fields(text, ("opinions",)), fields(text, ("cast_per_group", 0)),
        numbers(text, ("ballots",), ("counts", "present"), ("cast_per_group", 0, "cast"), ("opinions", "count")),
        texts(text, ("uuid",), ("phi",), ("manifest",), ("signature",), ("groups", 0), ("cast_per_group", 0, "label")),
        *([value(text, f"an upper-case hex digit in {one[-1]}", "malformed", one, capital),
           value(text, f"a hex digit less in {one[-1]}", "malformed", one, lambda digits: digits[1:]),
           value(text, f"a number for a hash in {one[-1]}", "malformed", one, 7)] for one in (("head",), ("voids",), ("opinions", "hash"))),
        [value(text, "another number handed out", "closing_signature", ("counts", "handed_out"), 9),
         value(text, "another head", "closing_signature", ("head",), "0" * 64),
         value(text, "a group more", "closing_signature", ("groups",), lambda found: [*found, "局领导班子"]),
         value(text, "a signature with padding", "closing_signature", ("signature",), lambda one: one + "=="),
         value(text, "no signature", "closing_signature", ("signature",), "")],
        readers=["tally/closing.py:Closing.parse", "protocol/closing.js:parseClosing"],
    )  # fmt: skip
    path = "record/voided/voids.json"
    text = wire.raw(path).decode()
    wire.add(
        "voids", "VOID-1", {"file": path}, text, _voids(text),
        [value(text, "two in another order", "not_canonical", (), lambda found: [found[1], found[0], *found[2:]]),
         value(text, "one twice", "voids", (), lambda found: [found[0], *found]),
         value(text, "one twice, not side by side", "voids", (), lambda found: [*found, found[0]]),
         value(text, "an object", "malformed", (), lambda found: {"voids": found[:1]})],
        readers=["tally/voids.py:parse", "protocol/voids.js:parseVoids"],
    )  # fmt: skip


def _voids(text: str) -> Iterable[Alteration]:
    one = (0,)
    yield from spelling(text)
    yield from fields(text, one)
    yield from fields(text, (*one, "proof"))
    yield from points(text, (*one, "credential"))
    yield from scalars(text, (*one, "proof", "challenge"), (*one, "proof", "response"))
    yield from texts(text, (*one, "reason"), (*one, "officials", 0))
    yield value(text, "a reason that is none", "voids", (*one, "reason"), "tired")
    yield value(text, "a tracker that is a number", "malformed", (*one, "tracker"), 7)
    yield value(text, "one official", "voids", (*one, "officials"), lambda pair: pair[:1])
    yield value(text, "three officials", "voids", (*one, "officials"), lambda pair: [*pair, "监票人丙"])
    yield value(text, "one official twice", "voids", (*one, "officials"), lambda pair: [pair[0], pair[0]])
    yield value(text, "officials that are no list", "malformed", (*one, "officials"), "监票人甲")


# --- shares and what is published of them


def _shares(wire: Wire) -> None:
    path = "record/tallied/tally.json"
    text = wire.raw(path).decode()
    line, group = ("shares", 0), ("shares", 0, "groups", 0)
    wire.add(
        "strong_tally", "DEC-7", {"file": path}, text, spelling(text), fields(text), fields(text, line), fields(text, group, order=False),
        fields(text, (*line, "total", 0, 0)), points(text, (*group, "factors", 0, 0), identity=None), numbers(text, (*line, "owner")),
        scalars(text, (*line, "total", 0, 0, "challenge"), (*group, "proofs", 0, 0, "response")),
        texts(text, ("uuid",), ("phi",), ("sigma",), (*line, "key"), (*group, "label")),
        [value(text, "an owner 0", "malformed", (*line, "owner"), 0),
         value(text, "an object for a row", "malformed", (*group, "factors", 1), {})],
        readers=["tally/shares.py:StrongTally.parse", "protocol/shares.js:parseStrongTally"],
    )  # fmt: skip
    path = "record/secrets.json"
    text = json.loads(wire.raw(path))["trustees"][0]["share"]
    group = ("groups", 0)
    partial = ("partial_decryption",)
    wire.add(
        "share", "DEC-6", {"file": path, "field": ["trustees", 0, "share"]}, text, spelling(text), fields(text),
        fields(text, (*partial, "decryption_proofs", 0, 0)), fields(text, ("strong", 0, 0)), numbers(text, ("owner",)),
        points(text, (*partial, "decryption_factors", 0, 0), (*group, "factors", 0, 0), identity=None),
        scalars(text, (*partial, "decryption_proofs", 0, 0, "challenge"), ("strong", 0, 0, "challenge"), (*group, "proofs", 0, 0, "challenge")),
        texts(text, ("uuid",), ("sigma",), (*group, "label")),
        [value(text, "an owner 0", "malformed", ("owner",), 0),
         value(text, "a field more in groups", "malformed", group, lambda one: {**one, "more": 1}),
         value(text, "groups that are no list", "malformed", ("groups",), {})],
        readers=["tally/shares.py:Share.parse", "protocol/shares.js:parseShare"],
    )  # fmt: skip
    path = "record/tallied/result.json"
    text = wire.raw(path).decode()
    wire.add(
        "published", "RES-3", {"file": path}, text, spelling(text), fields(text), fields(text, ("rest",)), texts(text, ("uuid",)),
        numbers(text, ("result", 0, 0), ("groups", "机关中层正职", 0, 0)),
        [value(text, "groups as a list", "malformed", ("groups",), []),
         value(text, "a label that is a number", "malformed", ("rest", "labels", 0), [7]),
         value(text, "labels that are no list", "malformed", ("rest", "labels", 0), "局领导班子"),
         altered(text, "a group twice", "not_json", _twice(text)),
         value(text, "null for a row of the total", "not_canonical", ("result", 0), None)],
        readers=["tally/published.py:Published.parse"],
    )  # fmt: skip


def _twice(text: str) -> str:
    """`result.json` with its first group a second time."""
    groups = canonical.dump(json.loads(text)["groups"]).decode()
    return text.replace(groups, groups[:-1] + "," + groups[1:], 1)


# --- what people keep or send


def _handed_round(wire: Wire, made: dict[str, Any]) -> None:
    text = made["void_posted"]
    wire.add(
        "void_posted", "VOID-2", {"text": text}, text, _voids(text), made_of=made["voids"],
        readers=["tally/voids.py:parse", "protocol/voids.js:parseVoids"],
    )  # fmt: skip
    text = made["receipt"]
    wire.add(
        "receipt", "RECEIPT-2", {"text": text}, text, spelling(text), fields(text, order=False), texts(text, ("uuid",), ("tracker",), ("receipt",)),
        [altered(text, "two fields in another order", "not_canonical", put(text, (), lambda one: {
            "uuid": one["uuid"], "ballot": one["ballot"], "receipt": one["receipt"], "tracker": one["tracker"]})),
         value(text, "a space in the ballot", "receipt", ("ballot",), lambda one: one + " "),
         value(text, "another tracker", "receipt", ("tracker",), "A" * 43),
         value(text, "another poll", "receipt", ("uuid",), "Vectors2Mipiao"),
         value(text, "a receipt with padding", "receipt", ("receipt",), lambda one: one + "=="),
         value(text, "no receipt", "receipt", ("receipt",), "")],
        readers=["tally/receipt.py:Receipt.parse", "protocol/receipt.js:parseReceipt"],
    )  # fmt: skip
    text = json.loads(wire.raw("keyfile.json"))["file"]
    wire.add(
        "key_file", "KEYFILE-1", {"file": "keyfile.json", "field": ["file"]}, text, _key_file(text),
        readers=["keys/keyfile.py:_object", "protocol/keyfile.js:object"],
    )  # fmt: skip
    # The server writes these anew before it keeps them, so their spelling is free; all else is one code of the service.
    for name, text, objects in (
        ("trustee_key", made["trustee_key"], [(), ("public_key",), ("public_key", "pok"), ("possession",)]),
        ("key_opened", made["key_opened"], [()]),
    ):
        proofs = [path for path in objects if "challenge" in at(json.loads(text), path)]
        pairs = [(*path, field) for path in proofs for field in ("challenge", "response")]
        refused = chain(*(fields(text, path, order=False) for path in objects), scalars(text, *pairs))
        if name == "trustee_key":
            key = ("public_key", "public_key")
            refused = chain(refused, points(text, key), texts(text, ("public_key", "name")))
        wire.add(
            name, "TRUST-3", {"text": text}, text,
            ({**one, "code": "key_malformed"} for one in refused if one["code"] != "not_canonical"),
            readers=[f"voting/trustees/service.py:{'_read' if name == 'trustee_key' else '_read_opened'}"],
            written_by=["protocol/trustee.js:provePossession"],
        )  # fmt: skip


def _key_file(text: str) -> Iterable[Alteration]:
    line = text.rstrip("\n")

    def one(why: str, other: str, code: str = "key_file") -> Alteration:
        return altered(text, why, code, other + "\n")

    for found in fields(line, order=False):
        yield {**found, "code": "key_file"}
    salt = json.loads(line)["kdf"]["salt"]
    yield one("cut short", line[:-30])
    yield one("another version", put(line, ("mipiao-key",), lambda _: 2))
    yield one("the version as text", put(line, ("mipiao-key",), lambda _: "1"))
    yield one("the version as true", put(line, ("mipiao-key",), lambda _: True))
    yield one("the version as a fraction", token(line, ("mipiao-key",), "1.0"))
    yield one("a number for a name", put(line, ("name",), lambda _: 7))
    yield one("half a surrogate pair in a name", token(line, ("name",), '"\\ud800"'))
    yield one("rounds as text", put(line, ("kdf", "ops"), str))
    yield one("rounds as a fraction", token(line, ("kdf", "ops"), "3.0"))
    yield one("a leading zero in the rounds", token(line, ("kdf", "ops"), "03"))
    yield one("too many rounds", put(line, ("kdf", "ops"), lambda _: 17))
    yield one("too much memory", put(line, ("kdf", "mem_kib"), lambda _: 2**20 + 1))
    yield one("another derivation", put(line, ("kdf", "name"), lambda _: "scrypt"))
    yield one("a salt with padding", put(line, ("kdf", "salt"), lambda found: found + "=="))
    yield one("a salt whose unused bits are set", put(line, ("kdf", "salt"), lambda _: _next(salt)))
    yield one("a salt too short", put(line, ("kdf", "salt"), lambda _: "AAAA"))
    yield one("a nonce too long", put(line, ("nonce",), lambda found: found + "AAAA"))
    yield one("a sealed part shorter than its seal", put(line, ("sealed",), lambda _: "AAAA"))
    yield one("a sealed part that is not Base64", put(line, ("sealed",), lambda found: "_" + found[1:]))
    for found in points(line, ("public_key",)):
        yield {**found, "code": "key_file"}
    yield one("another poll", put(line, ("uuid",), lambda _: "Vectors2Mipiao"), "passphrase")
    other = ED25519.base(2).text
    yield one("another's public key", put(line, ("public_key",), lambda _: other), "passphrase")


def _next(encoded: str) -> str:
    """The same bytes in another spelling of Base64: 16 bytes leave four bits over."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return encoded[:-1] + alphabet[alphabet.index(encoded[-1]) + 1]
