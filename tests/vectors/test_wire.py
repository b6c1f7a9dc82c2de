"""Every structure of the wire has exact bytes, and every other way of writing it is refused by the code in `wire.json`."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from keys.curve import ED25519
from keys.errors import KeysError
from keys.keyfile import seal, unseal
from tally import canonical, count, result, voids
from tally.ballot import Ballot
from tally.closing import Closing
from tally.credentials import encode_credentials, read_credentials
from tally.errors import Invalid
from tally.manifest import Manifest
from tally.published import Published
from tally.questions import Election
from tally.receipt import Receipt
from tally.record import Log
from tally.shares import PartialDecryption, Share, StrongTally
from tally.trustees import Trustees
from tests.tally.builders import entries, tar
from tests.vectors.wire import BEL, END, quoted_bytes
from voting.errors import Refused
from voting.trustees import service

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIRE: dict[str, Any] = json.loads((HERE / "wire.json").read_text(encoding="utf-8"))
KEY_FILE = json.loads((HERE / "keyfile.json").read_text(encoding="utf-8"))


def raw(path: str) -> bytes:
    return (HERE / path).read_bytes()


@cache
def log() -> Log:
    return Log.parse(raw(BEL))


@cache
def election() -> Election:
    return Election.parse(log().election)


@cache
def manifest() -> Manifest:
    return Manifest.parse(raw("record/voided/manifest.json"))


# --- how each structure is read and written again


def within(old: bytes, new: bytes) -> bytes:
    """The archive with one file exchanged and every hash that follows from it made anew."""
    members, hashes = [], {}
    for name, content in entries(raw(BEL)):
        other = new if content == old else content
        for before, after in hashes.items():
            other = other.replace(before, after)
        digest, _, kind = name.partition(".")
        if kind and other != content:
            after = canonical.hex_hash(other)
            hashes[digest.encode()] = after.encode()
            members.append((f"{after}.{kind}", other))
        else:
            members.append((name, other))
    return tar(members)


def written_anew(archive: bytes) -> bytes:
    """The archive from its parts, event by event."""
    read = Log.parse(archive)
    made = Log(read.timestamp)
    made.setup(read.election, read.trustees, read.credentials, read.certificate)
    for one in read.ballots:
        made.ballot(one)
    made.end_ballots()
    made.add_encrypted_tally(read.encrypted_tally, read.num_tallied, read.total_weight)
    for partial in read.partials:
        made.add_partial_decryption(partial.owner, partial.raw)
    made.add_result(read.result)
    return made.encode()


def in_archive(name: str) -> Callable[[bytes], bytes]:
    def read(given: bytes) -> bytes:
        sound = quoted_bytes(WIRE[name]["bytes"], raw)
        made = written_anew(within(sound, given))
        assert made == raw(BEL)
        return next(content for _, content in entries(made) if content == given)

    return read


def header(given: bytes) -> bytes:
    return written_anew(given + raw(BEL)[512:])[:512]


def trustees(given: bytes) -> bytes:
    read = Trustees.parse(given, ED25519)
    read.check()
    return read.raw


def weighted(given: bytes) -> bytes:
    return canonical.dump([f"{key},{weight}" for key, weight in read_credentials(given, ED25519).items()])


def partitioned(given: bytes) -> bytes:
    read = Manifest.parse(given)
    read.check_partition(list(read_credentials(log().credentials, ED25519)))
    return read.raw


def closing(given: bytes) -> bytes:
    read = Closing.parse(given)
    read.verify(manifest().receipt_key)
    return read.raw


def void_list(given: bytes) -> bytes:
    return voids.encode(voids.parse(given, ED25519))


def receipt(given: bytes) -> bytes:
    read = Receipt.parse(given)
    read.verify(manifest().receipt_key, election().phi)
    return read.raw


def key_file(given: bytes) -> bytes:
    """Opened, and sealed again under the salt and nonce of the committed file."""
    opened = unseal(given, KEY_FILE["passphrase"], ED25519)
    sound = json.loads(KEY_FILE["file"])
    drawn = iter([canonical.unb64(sound["kdf"]["salt"], "salt", 16), canonical.unb64(sound["nonce"], "nonce", 24)])
    return seal(opened, KEY_FILE["passphrase"], lambda _: next(drawn))


def trustee_key(given: bytes) -> bytes:
    public, possession = service._read(given)
    return canonical.dump({"public_key": service._plain(public), "possession": canonical.plain(possession)})


READERS: dict[str, Callable[[bytes], bytes]] = {
    "archive_header": header,
    **{name: in_archive(name) for name in WIRE if name.startswith("event_") or name == "archive_first"},
    **{name: in_archive(name) for name in ("setup_data", "sized", "owned")},
    "election": lambda given: Election.parse(given).raw,
    "trustees": trustees,
    "threshold_trustees": trustees,
    "credentials": lambda given: encode_credentials(list(read_credentials(given, ED25519))),
    "weighted_credentials": weighted,
    "ballot": lambda given: Ballot.check(given, election()).raw,
    "encrypted_tally": lambda given: count.encode(count.parse(given, election())),
    "partial_decryption": lambda given: PartialDecryption.parse(given, ED25519).raw,
    "result": lambda given: result.encode(result.parse(given, election())),
    "manifest": partitioned,
    "closing": closing,
    "voids": void_list,
    "void_posted": void_list,
    "strong_tally": lambda given: StrongTally.parse(given, ED25519).raw,
    "share": lambda given: Share.parse(given, ED25519).raw,
    "published": lambda given: Published.parse(given).raw,
    "receipt": receipt,
    "key_file": key_file,
    "trustee_key": trustee_key,
    "key_opened": lambda given: canonical.dump(canonical.plain(service._read_opened(given))),
}


def encoding(name: str) -> str:
    """A header is bytes, shown as the characters of the same numbers; all else is text."""
    return "latin-1" if "first" in WIRE[name]["bytes"] else "utf-8"


@pytest.mark.parametrize("name", WIRE)
def test_a_structure_is_written_as_it_was_read(name):
    sound = quoted_bytes(WIRE[name]["bytes"], raw)
    assert READERS[name](sound) == sound


@pytest.mark.parametrize(
    ("name", "one"), [pytest.param(name, one, id=f"{name}: {one['why']}") for name in WIRE for one in WIRE[name]["altered"]]
)  # fmt: skip
def test_an_altered_structure_is_refused_by_its_code(name, one):
    sound = quoted_bytes(WIRE[name]["bytes"], raw).decode(encoding(name))
    assert one["find"] in sound
    changed = sound.replace(one["find"], one["put"], 1)
    assert changed != sound
    with pytest.raises((Invalid, KeysError, Refused)) as refused:
        READERS[name](changed.encode(encoding(name)))
    assert refused.value.code == one["code"]


# --- nobody forgets a structure


def documented() -> dict[str, str]:
    """Structure to spec id, from the table of docs/protocol.md."""
    text = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| ([A-Z]+-\d+) \| [^|]+ \|$", text, re.MULTILINE))


def test_the_structures_of_the_protocol_are_those_of_the_vectors():
    assert documented() == {name: one["spec"] for name, one in WIRE.items()}


def test_every_structure_names_the_languages_that_read_it_and_is_altered_in_many_ways():
    for name, one in WIRE.items():
        files = [reader.split(":")[0] for reader in one["readers"]]
        assert one["languages"] == [language for language, end in END.items() if any(it.endswith(end) for it in files)]
        whys = [altered["why"] for altered in one["altered"]]
        assert len(whys) > 8, name
        assert len(set(whys)) == len(whys), name


def functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield inside + node.name, node


def python_readers() -> set[str]:
    """Every function that takes canonical JSON apart."""
    found = set()
    for path in [*(ROOT / "keys").glob("*.py"), *(ROOT / "tally").glob("*.py"), *(ROOT / "voting").rglob("*.py")]:
        source = path.read_text(encoding="utf-8")
        for name, node in functions(ast.parse(source)):
            if re.search(r"\bcanonical\.load\(", ast.get_source_segment(source, node) or ""):
                found.add(f"{path.relative_to(ROOT)}:{name}")
    return found


def browser_readers() -> set[str]:
    """Every top-level function of the browser's that does."""
    found = set()
    base = ROOT / "voting" / "static" / "js"
    for path in base.rglob("*.js"):
        source = path.read_text(encoding="utf-8")
        if not re.search(r"import \{[^}]*\b(?:read|decode)\b[^}]*\} from \"[^\"]*json\.js\"", source):
            continue
        for part in re.split(r"^(?=(?:export )?(?:async )?(?:function|const) )", source, flags=re.MULTILINE):
            named = re.match(r"(?:export )?(?:async )?(?:function\*?|const) (\w+)", part)
            if named and re.search(r"(?<![\w.])(?:read|decode)\(", part):
                found.add(f"{path.relative_to(base)}:{named[1]}")
    return found


def test_whatever_reads_a_structure_is_named_by_its_vector():
    named = {reader for one in WIRE.values() for reader in one["readers"]}
    assert python_readers() - named == set()
    assert browser_readers() - named == set()
    assert len(python_readers()) > 15
    assert len(browser_readers()) > 12


def test_a_vector_names_only_functions_that_exist():
    for one in WIRE.values():
        for reader in [*one["readers"], *one.get("written_by", [])]:
            file, name = reader.split(":")
            path = ROOT / file if file.endswith(".py") else ROOT / "voting" / "static" / "js" / file
            short = name.rsplit(".", 1)[-1]
            assert re.search(rf"\b(?:def|function\*?|const) {short}\b", path.read_text(encoding="utf-8")), reader
