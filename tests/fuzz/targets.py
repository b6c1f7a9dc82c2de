"""What no input may do: raise anything but our own errors, be accepted without being the one canonical form, or take long.

Each target takes raw bytes. Hypothesis drives them in the ordinary tests, atheris for as long as one likes (`make fuzz`).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from keys import credential, keyfile
from keys.curve import ED25519
from keys.errors import KeysError
from tally import canonical, count, result, voids
from tally.ballot import Ballot
from tally.closing import Closing
from tally.credentials import read_credentials
from tally.errors import Invalid
from tally.manifest import Manifest
from tally.published import Published
from tally.questions import Election
from tally.record import Log
from tally.shares import PartialDecryption, Share, StrongTally
from tally.trustees import Trustees
from tally.verify import Files, verify
from tests.tally.builders import grouped_files

Target = Callable[[bytes], None]


@cache
def sound() -> Files:
    """A whole record of ours that verifies."""
    return grouped_files()


@cache
def log() -> Log:
    """Its archive, read."""
    return Log.parse(sound().bel)


@cache
def election() -> Election:
    """Its election."""
    return Election.parse(log().election)


def refuses_or_reads_canonically(read: Callable[[bytes], bytes]) -> Target:
    """A reader gives back the very bytes it was given, or one of our errors."""

    def target(raw: bytes) -> None:
        try:
            again = read(raw)
        except (Invalid, KeysError):
            return
        assert again == raw, "two encodings of one thing were accepted"

    return target


def any_json(raw: bytes) -> None:
    """Strict reading of JSON whose form nobody knows yet."""
    try:
        canonical.load(raw, "fuzz", 2**20)
    except Invalid:
        return


def typed_code(raw: bytes) -> None:
    """What somebody types as a credential: read twice, it is the same."""
    try:
        code = credential.normalise(raw.decode(errors="replace"))
    except KeysError:
        return
    assert credential.normalise(code) == code


def key_file(raw: bytes) -> None:
    """A key file that was tampered with never costs more than its stated work, and never opens."""
    try:
        keyfile.unseal(raw, "wrong passphrase of a stranger", ED25519)
    except KeysError:
        return
    raise AssertionError("a key file opened with a stranger's passphrase")


def _credentials(raw: bytes) -> bytes:
    read_credentials(raw, ED25519)
    return raw


READERS: dict[str, Target] = {
    "archive": refuses_or_reads_canonically(lambda raw: Log.parse(raw).encode()),
    "election": refuses_or_reads_canonically(lambda raw: Election.parse(raw).raw),
    "trustees": refuses_or_reads_canonically(lambda raw: Trustees.parse(raw, ED25519).raw),
    "credentials": refuses_or_reads_canonically(_credentials),
    "ballot": refuses_or_reads_canonically(lambda raw: Ballot.parse(raw, election()).raw),
    "manifest": refuses_or_reads_canonically(lambda raw: Manifest.parse(raw).raw),
    "closing": refuses_or_reads_canonically(lambda raw: Closing.parse(raw).raw),
    "voids": refuses_or_reads_canonically(lambda raw: voids.encode(voids.parse(raw, ED25519))),
    "encrypted_tally": refuses_or_reads_canonically(lambda raw: count.encode(count.parse(raw, election()))),
    "partial_decryption": refuses_or_reads_canonically(lambda raw: PartialDecryption.parse(raw, ED25519).raw),
    "strong_tally": refuses_or_reads_canonically(lambda raw: StrongTally.parse(raw, ED25519).raw),
    "share": refuses_or_reads_canonically(lambda raw: Share.parse(raw, ED25519).raw),
    "published": refuses_or_reads_canonically(lambda raw: Published.parse(raw).raw),
    "result": refuses_or_reads_canonically(lambda raw: result.encode(result.parse(raw, election()))),
    "json": any_json,
    "typed_code": typed_code,
}


def seeds() -> dict[str, bytes]:
    """A sound input for each reader, to begin mutating from."""
    record, files = log(), sound()
    return {
        "archive": files.bel,
        "election": record.election,
        "trustees": record.trustees,
        "credentials": record.credentials,
        "ballot": record.ballots[0],
        "manifest": files.manifest or b"",
        "closing": files.closing or b"",
        "voids": files.voids or b"",
        "encrypted_tally": record.encrypted_tally,
        "partial_decryption": record.partials[0].raw,
        "strong_tally": files.tally or b"",
        "published": files.result or b"",
        "result": record.result,
        "share": b'{"uuid":"MiPiaoTestPo11","owner":1,"sigma":"","partial_decryption":{},"strong":[],"groups":[]}',
        "json": record.election,
        "typed_code": b"4WYW-YPGG-EPGQ-2V4A-ZEWJ",
    }


def altered_record(raw: bytes) -> None:
    """The first byte picks a file of the record, the rest takes its place: nothing but the sound one may verify."""
    names = ("bel", "manifest", "closing", "voids", "tally", "result")
    name, body = names[raw[0] % len(names) if raw else 0], raw[1:]
    if body == getattr(sound(), name):
        return
    report = verify(replace(sound(), **{name: body}))
    assert not report.ok, f"an altered {name} was accepted"
