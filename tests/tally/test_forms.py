"""Every file of a record is read in its one form, and refused by the check that reads it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from keys.curve import ED25519
from tally import canonical
from tally.errors import Code
from tally.verify import Files, verify
from tests.tally import tweaks as t
from tests.tally.builders import Draft, grouped_files, pairs, poll, sound_files, steps


def altered(name: str) -> Callable[[Callable[[bytes], bytes]], Files]:
    """How to write a record, otherwise sound, in which one file's bytes are changed."""

    def sidecar(field: str) -> Callable[[Callable[[bytes], bytes]], Files]:
        whole = grouped_files()
        return lambda change: replace(whole, **{field: change(getattr(whole, field))})

    def under_the_events(change: Callable[[bytes], bytes]) -> Files:
        found = steps(sound_files().bel)
        kind = {"encrypted_tally": "EncryptedTally", "partial_decryption": "PartialDecryption", "result": "Result"}[
            name
        ]
        at = next(i for i, step in enumerate(found) if step.type == kind)
        first, *rest = found[at].data
        raw = change(first)
        rest = [one.replace(canonical.hex_hash(first).encode(), canonical.hex_hash(raw).encode()) for one in rest]
        return replace(sound_files(), bel=t.chain([*found[:at], found[at].but(data=(raw, *rest)), *found[at + 1 :]]))

    return {
        "election": lambda change: Draft(election=change(poll().election.raw)).files(),
        "trustees": lambda change: Draft(trustees=change(poll().trustees.raw)).files(),
        "credentials": lambda change: Draft(credentials=change(poll().credentials)).files(),
        "ballots": lambda change: t.raw_ballot(change)(),
        "manifest": sidecar("manifest"),
        "voids": sidecar("voids"),
        "closing": sidecar("closing"),
        "strong_decryptions": sidecar("tally"),
        "published_result": sidecar("result"),
    }.get(name, under_the_events)


FORMS = {
    Code.NOT_JSON: lambda raw: raw[:-1],
    Code.NOT_CANONICAL: lambda raw: raw + b"\n",
    Code.MALFORMED: lambda _: b'{"another":"file"}',
    Code.TOO_DEEP: lambda _: b"[" * 9 + b"]" * 9,
    Code.TOO_LARGE: lambda _: b" " * (canonical.MAX_BYTES + 1),
}
READ = (
    "election", "trustees", "credentials", "ballots", "encrypted_tally", "partial_decryption", "result", "manifest", "voids",
    "closing", "strong_decryptions", "published_result",
)  # fmt: skip


@pytest.mark.parametrize("code", FORMS, ids=str)
@pytest.mark.parametrize("check", READ)
def test_a_file_in_another_form_is_refused_by_the_check_that_reads_it(check, code):
    assert (refuser(check, code), code) in pairs(verify(altered(check)(FORMS[code])))


def refuser(check: str, code: Code) -> str:
    """Data of the archive that are too large are refused before they are read."""
    beside = {"manifest", "voids", "closing", "strong_decryptions", "published_result"}
    return "archive" if code is Code.TOO_LARGE and check not in beside else check


def within(path: tuple[str | int, ...], value: object) -> Callable[[bytes], bytes]:
    return lambda raw: t.put(raw, path, value)


NOT_THE_SUBGROUP = "f" * 64
VALUES = [
    ("trustees", within((0, 1, "public_key"), NOT_THE_SUBGROUP), Code.POINT),
    ("trustees", within((0, 1, "pok", "response"), "01"), Code.SCALAR),
    ("encrypted_tally", within((0, 0, "alpha"), NOT_THE_SUBGROUP), Code.POINT),
    ("partial_decryption", within(("decryption_factors", 0, 0), t.TORSION), Code.POINT),
    ("partial_decryption", within(("decryption_proofs", 0, 0, "challenge"), str(ED25519.order)), Code.SCALAR),
    ("voids", within((0, "credential"), t.TORSION), Code.POINT),
    ("voids", within((0, "credential"), t.IDENTITY), Code.IDENTITY),
    ("voids", within((0, "proof", "response"), "-1"), Code.SCALAR),
    ("strong_decryptions", within(("shares", 0, "total", 0, 0, "response"), "1" * 5000), Code.SCALAR),
    ("strong_decryptions", within(("shares", 0, "groups", 0, "factors", 0, 0), NOT_THE_SUBGROUP), Code.POINT),
]


@pytest.mark.parametrize(("check", "change", "code"), VALUES)
def test_a_value_outside_the_group_is_refused_by_the_check_that_reads_it(check, change, code):
    assert (check, code) in pairs(verify(altered(check)(change)))


PAIRS = [
    *((refuser(check, code), code) for check in READ for code in FORMS),
    *((check, code) for check, _, code in VALUES),
]
