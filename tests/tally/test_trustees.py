"""Trustees as the record holds them: whole keys, threshold groups, and each signature of a ceremony."""

import json
from pathlib import Path

import pytest

from keys import proofs
from keys.curve import ED25519
from keys.group import Scalar
from tally import canonical
from tally.errors import Code, Invalid
from tally.result import missing
from tally.trustees import Trustees
from tests.tally.builders import poll, stream
from tests.tally.conftest import INTEROP
from tests.tally.tweaks import IDENTITY, plus_one, put

PEDERSEN = (INTEROP / "threshold-ed25519" / "trustees.json").read_bytes().strip()
ITEM = next(i for i, item in enumerate(json.loads(PEDERSEN)) if item[0] == "Pedersen")
BODY = (ITEM, 1)


def refused(raw: bytes) -> Code:
    with pytest.raises(Invalid) as error:
        Trustees.parse(raw, ED25519).check()
    return error.value.code


def test_foreign_trustees_are_read_checked_and_written_again(foreign: Path):
    raw = (foreign / "trustees.json").read_bytes().strip()
    trustees = Trustees.parse(raw, ED25519)
    trustees.check()
    assert trustees.raw == raw
    election = json.loads((foreign / "election.json").read_bytes())
    assert trustees.election_key.text == election["public_key"]


def test_owners_count_from_one_through_threshold_groups():
    owners = Trustees.parse(PEDERSEN, ED25519).owners
    assert [owner.number for owner in owners] == [1, 2, 3, 4]
    assert sorted(owner.member for owner in owners) == [0, 1, 2, 3]


WHOLE = poll().trustees.raw
TWEAKS = [
    (WHOLE, (0, 1, "pok", "challenge"), plus_one, Code.TRUSTEE_POK),
    (WHOLE, (1, 1, "public_key"), ED25519.base(5).text, Code.TRUSTEE_POK),
    (WHOLE, (0, 1, "public_key"), IDENTITY, Code.IDENTITY),
    (WHOLE, (0, 1, "public_key"), "f" * 64, Code.POINT),
    (WHOLE, (0, 1, "pok", "response"), "01", Code.SCALAR),
    (WHOLE, (0, 1, "extra"), 1, Code.MALFORMED),
    (WHOLE, (0, 1, "name"), None, Code.MALFORMED),
    (WHOLE, (0, 0), "Shuffler", Code.MALFORMED),
    (WHOLE, (0,), [], Code.MALFORMED),
    (WHOLE, (0,), lambda item: [*item, 1], Code.MALFORMED),
    (PEDERSEN, (*BODY, "threshold"), 1, Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "threshold"), 3, Code.MALFORMED),
    (PEDERSEN, (*BODY, "threshold"), 0, Code.MALFORMED),
    (PEDERSEN, (*BODY, "threshold"), "2", Code.MALFORMED),
    (PEDERSEN, (*BODY, "certs"), lambda found: found[1:], Code.MALFORMED),
    (PEDERSEN, (*BODY, "certs"), lambda found: [found[1], found[0], *found[2:]], Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "certs", 0, "signature", "response"), plus_one, Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "certs", 0, "message"), lambda text: text + " ", Code.NOT_CANONICAL),
    (PEDERSEN, (*BODY, "certs", 0, "message"), "{", Code.NOT_JSON),
    (PEDERSEN, (*BODY, "certs", 0, "message"), lambda text: text.replace("Ed25519", "Ed448"), Code.UNSUPPORTED_GROUP),
    (
        PEDERSEN,
        (*BODY, "certs", 0, "message"),
        lambda text: text.replace('"index":1', '"index":2'),
        Code.THRESHOLD_KEYS,
    ),
    (PEDERSEN, (*BODY, "certs", 0, "message"), lambda text: text.replace('"size":3', '"size":4'), Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "coefexps"), lambda found: [found[1], found[0], *found[2:]], Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "coefexps", 1, "signature", "response"), plus_one, Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "coefexps", 1, "message"), lambda text: text.replace("]", ',"' + "0" * 64 + '"]'), Code.POINT),
    (PEDERSEN, (*BODY, "coefexps", 1, "message"), '{"coefexps":[]}', Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "signatures", 2, "challenge"), plus_one, Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "signatures"), lambda found: found[1:], Code.MALFORMED),
    (PEDERSEN, (*BODY, "verification_keys", 0, "signature", "response"), plus_one, Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "verification_keys", 0, "pok", "response"), plus_one, Code.TRUSTEE_POK),
    (PEDERSEN, (*BODY, "verification_keys", 0, "public_key"), IDENTITY, Code.IDENTITY),
    (PEDERSEN, (*BODY, "verification_keys"), lambda found: [found[1], found[0], *found[2:]], Code.THRESHOLD_KEYS),
    (PEDERSEN, (*BODY, "verification_keys"), lambda found: [found[0], found[0], *found[2:]], Code.TRUSTEE_REPEATED),
]


@pytest.mark.parametrize(("raw", "path", "value", "code"), TWEAKS)
def test_one_tweak_of_the_trustees_is_refused_by_name(raw, path, value, code):
    changed = put(raw, path, value)
    assert changed != raw
    assert refused(changed) is code


def test_two_members_with_one_certificate_key_are_one():
    def same_keys(certs):
        first, second, *others = certs
        message = second["message"].replace(
            json.loads(second["message"])["encryption"], json.loads(first["message"])["encryption"]
        )
        return [first, {**second, "message": message}, *others]

    assert refused(put(PEDERSEN, (*BODY, "certs"), same_keys)) is Code.TRUSTEE_REPEATED


def test_a_trustees_name_is_short_enough_to_stand_in_every_line_about_its_owner():
    assert refused(put(WHOLE, (0, 1, "name"), "长" * 201)) is Code.TOO_LARGE
    Trustees.parse(put(WHOLE, (0, 1, "name"), "长" * 200), ED25519)


def test_no_more_than_a_hundred_hold_keys_whatever_groups_they_form():
    item = json.loads(PEDERSEN)[ITEM]
    assert refused(canonical.dump([item] * 34)) is Code.MALFORMED


@pytest.mark.parametrize("raw", [b"[]", b"{}", b"null", canonical.dump(json.loads(WHOLE) * 34)])
def test_no_trustee_or_too_many_are_refused(raw):
    assert refused(raw) is Code.MALFORMED


def test_the_culprit_of_a_ceremony_is_named():
    with pytest.raises(Invalid) as error:
        Trustees.parse(put(PEDERSEN, (*BODY, "signatures", 2, "challenge"), plus_one), ED25519).check()
    assert error.value.who == "member 3"
    with pytest.raises(Invalid) as error:
        Trustees.parse(put(WHOLE, (1, 1, "pok", "challenge"), plus_one), ED25519).check()
    assert error.value.who == "trustee 2 (钱守正)"


def test_a_group_whose_keys_cancel_out_is_refused():
    """Whoever commits last can choose the constant term that makes the joint key nothing at all."""
    verification = [Scalar(101 + k) for k in range(3)]
    # Constant terms 5, 7 and -12; one coefficient more each, for two of three.
    polynomials = [[5, 1], [7, 2], [-12, 3]]

    def signed(key: Scalar, message: str) -> dict[str, object]:
        return {"message": message, "signature": signature(key, message)}

    def signature(key: Scalar, message: str) -> object:
        return canonical.plain(proofs.sign(ED25519, key, f"sigmsg|{message}", stream(message)))

    certs = [
        signed(
            key,
            canonical.dump({
                "context": {"group": "Ed25519", "size": 3, "threshold": 2, "index": index},
                "verification": ED25519.base(key).text, "encryption": ED25519.base(900 + index).text,
            }).decode(),
        )
        for index, key in enumerate(verification, 1)
    ]  # fmt: skip
    own = [[ED25519.base(coefficient).text for coefficient in one] for one in polynomials]
    keys = []
    for member, key in enumerate(verification, 1):
        share = ED25519.scalar(sum(one[0] + one[1] * member for one in polynomials))
        public = ED25519.base(share)
        pok = proofs.sign(ED25519, share, f"pok|Ed25519|{public.text}", stream(f"pok {member}"))
        keys.append({"pok": canonical.plain(pok), "public_key": public.text, "signature": signature(key, public.text)})
    body = {
        "threshold": 2,
        "certs": certs,
        "coefexps": [
            signed(key, canonical.dump({"coefexps": one}).decode()) for key, one in zip(verification, own, strict=True)
        ],
        "signatures": [
            signature(key, "certs_sig|" + canonical.dump({"certs": certs, "coefexps": one}).decode())
            for key, one in zip(verification, own, strict=True)
        ],
        "verification_keys": keys,
    }
    assert refused(canonical.dump([["Pedersen", body]])) is Code.IDENTITY


@pytest.mark.parametrize(
    ("present", "absent"),
    [
        ({1, 2, 3, 4}, 0),
        ({1, 2, 3}, 0),
        ({1, 3, 4}, 0),
        ({1, 2, 4}, 0),
        ({2, 3, 4}, 1),
        ({1, 2}, 2),
        ({1}, 3),
        (set(), 4),
    ],
)
def test_the_trustees_without_whom_nothing_opens_are_named(present, absent):
    trustees = Trustees.parse(PEDERSEN, ED25519)
    single = next(owner.number for owner in trustees.owners if owner.member == 0)
    assert single == 1
    assert len(missing(trustees, present)) == absent
