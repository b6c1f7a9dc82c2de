"""Manifest, closing statement, voids, receipts and shares: golden bytes, and one tweak each."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from keys import decryption
from keys.curve import ED25519
from keys.elgamal import Ciphertext
from keys.group import Scalar
from keys.proofs import Proof
from tally import canonical, count, result, shares, voids
from tally.closing import NO_OPINIONS, Closing, Counts, seal, sign_receipt, verify_receipt
from tally.errors import Code, Invalid
from tally.manifest import Manifest, NamedTrustee, VoterGroup
from tally.shares import PartialDecryption, Share, StrongTally
from tests.tally.builders import LEFT_OVER, RESULT, VOTERS, poll, sound_files, stream
from tests.tally.tweaks import drop, put

KEY = SigningKey(b"k" * 32)
HEX_KEY = KEY.verify_key.encode().hex()
MANIFEST = Manifest(
    "u", "s", "k", False, "https", (VoterGroup("甲", ("aa",)),), 5, HEX_KEY, (NamedTrustee("n", "r", "x"),)
)
HEAD, VOIDS = "1" * 64, "2" * 64
CLOSING = Closing("u", "f", "m", HEAD, 3, (("甲", 3),), Counts(9, 8, 7, 1, 6, 3), VOIDS).signed(KEY)


def refused(action) -> Invalid:
    with pytest.raises(Invalid) as error:
        action()
    return error.value


def test_the_golden_bytes_of_a_manifest():
    assert MANIFEST.raw.decode() == (
        '{"version":1,"uuid":"u","selection":"s","kind":"k","rehearsal":false,"transport":"https","languages":["zh"],'
        '"groups":[{"label":"甲","credentials":["aa"]}],"by_group":[],"minimum":5,"receipt_key":"'
        + HEX_KEY
        + '","assets":[],'
        '"issuance":"server","trustees":[{"name":"n","role":"r","key":"x"}],"replaces":null}'
    )
    assert Manifest.parse(MANIFEST.raw) == MANIFEST
    assert MANIFEST.description_line == "mipiao-manifest:" + canonical.b64_hash(MANIFEST.raw)


def test_the_golden_bytes_of_a_closing_statement():
    statement = (
        '{"uuid":"u","phi":"f","manifest":"m","head":"'
        + HEAD
        + '","ballots":3,"cast_per_group":[{"label":"甲","cast":3}],'
        '"counts":{"expected":9,"present":8,"printed":7,"voided":1,"handed_out":6,"returned":3},"voids":"'
        + VOIDS
        + '","groups":[],'
        '"opinions":{"count":0,"hash":"' + sha256(b"[]").hexdigest() + '"}'
    )
    # What is signed, and where the signature then stands.
    signature = canonical.b64(KEY.sign(f"mipiao-closing|{HEX_KEY}|{statement}}}".encode()).signature)
    assert CLOSING.raw.decode() == statement + ',"signature":"' + signature + '"}'
    assert Closing.parse(CLOSING.raw) == CLOSING
    assert sha256(b"[]").hexdigest() == NO_OPINIONS


def test_the_closing_seal_is_what_sha256sum_of_the_file_begins_with():
    digest = sha256(CLOSING.raw).hexdigest()
    assert CLOSING.sigma == digest
    assert CLOSING.seal == f"{digest[:4]} {digest[4:8]}".upper()
    assert seal("81d42b6e" + "0" * 56) == "81D4 2B6E"


def test_a_statement_holds_under_its_own_key_only():
    CLOSING.verify(HEX_KEY)
    other = SigningKey(b"o" * 32).verify_key.encode().hex()
    assert refused(lambda: CLOSING.verify(other)).code is Code.CLOSING_SIGNATURE
    assert refused(lambda: replace(CLOSING, signature="").verify(HEX_KEY)).code is Code.CLOSING_SIGNATURE
    assert refused(lambda: replace(CLOSING, signature="é").verify(HEX_KEY)).code is Code.CLOSING_SIGNATURE
    assert refused(lambda: CLOSING.verify("0" * 64)).code is Code.CLOSING_SIGNATURE


CHANGES = [
    {"uuid": "x"}, {"phi": "x"}, {"manifest": "x"}, {"head": "x"}, {"ballots": 4}, {"cast_per_group": (("甲", 2),)},
    {"counts": Counts(9, 8, 7, 1, 6, 4)}, {"voids": "x"}, {"groups": ("甲",)}, {"opinions": (1, NO_OPINIONS)},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_every_field_of_the_statement_is_signed_and_sealed(change):
    changed = replace(CLOSING, **change)
    assert refused(lambda: changed.verify(HEX_KEY)).code is Code.CLOSING_SIGNATURE
    assert changed.sigma != CLOSING.sigma


@pytest.mark.parametrize(
    ("path", "value"),
    [(("ballots",), "3"), (("ballots",), True), (("ballots",), -1), (("counts", "present"), None), (("counts", "extra"), 1),
     (("cast_per_group",), {}), (("cast_per_group", 0, "cast"), 1.5), (("groups",), [1]), (("opinions",), []), (("signature",), None), (("head",), "h"), (("head",), "A" * 64), (("voids",), "2" * 63), (("opinions", "hash"), None),
     (("extra",), 1)],
)  # fmt: skip
def test_a_statement_of_another_form_is_refused(path, value):
    assert refused(lambda: Closing.parse(put(CLOSING.raw, path, value))).code in {Code.MALFORMED, Code.NOT_JSON}


@pytest.mark.parametrize("name", ["uuid", "counts", "signature", "opinions"])
def test_a_statement_without_a_field_is_refused(name):
    assert refused(lambda: Closing.parse(drop(CLOSING.raw, (name,)))).code is Code.MALFORMED


def test_a_receipt_is_bound_to_poll_election_and_tracker():
    receipt = sign_receipt(KEY, "u", "f", "t")
    assert receipt == canonical.b64(KEY.sign(b"mipiao-receipt|u|f|t").signature)
    verify_receipt(HEX_KEY, "u", "f", "t", receipt)
    for words in (("x", "f", "t"), ("u", "x", "t"), ("u", "f", "x")):
        assert refused(lambda words=words: verify_receipt(HEX_KEY, *words, receipt)).code is Code.RECEIPT
    other = SigningKey(b"o" * 32).verify_key.encode().hex()
    assert refused(lambda: verify_receipt(other, "u", "f", "t", receipt)).code is Code.RECEIPT
    for junk in ("", receipt[:-1], receipt + "=", "\ud800"):
        assert refused(lambda junk=junk: verify_receipt(HEX_KEY, "u", "f", "t", junk)).code is Code.RECEIPT


def test_a_signature_that_holds_only_times_eight_is_refused_as_the_browser_refuses_it():
    told = json.loads((Path(__file__).parents[1] / "vectors" / "receipts.json").read_bytes())
    twisted = told["twisted"]
    for key, receipt in ((told["receipt_key"], twisted["receipt"]), (twisted["key"], twisted["under_key"])):
        error = refused(
            lambda key=key, receipt=receipt: verify_receipt(key, told["uuid"], told["phi"], twisted["tracker"], receipt)
        )
        assert error.code is Code.RECEIPT


def test_voids_are_sorted_and_read_back():
    listed = [poll().void(voter) for voter in LEFT_OVER]
    assert voids.encode(listed) == voids.encode(listed[::-1])
    assert set(voids.parse(voids.encode(listed), ED25519)) == set(listed)
    assert voids.encode([]) == b"[]"


def test_the_input_of_a_voids_proof_ends_with_the_credential():
    void = poll().void(LEFT_OVER[0], "contested", "T" * 43)
    prefix = f"mipiao-void|{poll().election.phi}|contested|{'T' * 43}|{void.credential.text}"
    commitment = ED25519.base(void.proof.response) + void.credential * void.proof.challenge
    assert ED25519.hash(f"{prefix}|{commitment.text}") == void.proof.challenge
    assert void.verify(ED25519, poll().election.phi)


@pytest.mark.parametrize(
    "change", [{"reason": "damaged"}, {"tracker": "T"}, {"credential": ED25519.base(3)}], ids=lambda c: next(iter(c))
)
def test_a_void_is_bound_to_reason_tracker_and_slip(change):
    assert not replace(poll().void(LEFT_OVER[0]), **change).verify(ED25519, poll().election.phi)
    assert not poll().void(LEFT_OVER[0]).verify(ED25519, "B" * 43)


VOIDED = voids.encode([poll().void(voter) for voter in LEFT_OVER])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: put(raw, (0, "reason"), "tired"), Code.VOIDS),
        (lambda raw: put(raw, (0, "officials"), ["甲"]), Code.VOIDS),
        (lambda raw: put(raw, (0, "officials"), ["甲", "甲"]), Code.VOIDS),
        (lambda raw: put(raw, (0, "officials"), ["甲", "乙", "丙"]), Code.VOIDS),
        (lambda raw: put(raw, (0, "officials"), "甲乙"), Code.MALFORMED),
        (lambda raw: put(raw, (0, "credential"), ED25519.identity.text), Code.IDENTITY),
        (lambda raw: put(raw, (0, "proof"), None), Code.MALFORMED),
        (lambda raw: put(raw, (0, "tracker"), 1), Code.MALFORMED),
        (lambda raw: drop(raw, (0, "tracker")), Code.MALFORMED),
        (lambda raw: b"[" + raw[1:-1] + b"," + raw[1:-1] + b"]", Code.VOIDS),
        (lambda raw: raw + b" ", Code.NOT_CANONICAL),
        (lambda raw: canonical.dump(canonical.load(raw, "voids")[::-1]), Code.NOT_CANONICAL),
        (lambda _: b"{}", Code.MALFORMED),
    ],
)
def test_tweaked_voids_are_refused_by_name(change, code):
    assert refused(lambda: voids.parse(change(VOIDED), ED25519)).code is code


# --- shares

SUMS = count.accumulate(poll().election, poll().ballots)
OWNER = poll().trustees.owners[0]
SIGMA = "5" * 64
SHARE = shares.decrypt(poll().election, SUMS, 1, poll().trustee_secrets[0], SIGMA, stream("one share"))


def judged(share: Share, owner=OWNER, sigma=SIGMA) -> Invalid:
    return refused(lambda: share.verify(poll().election, SUMS, owner, sigma))


def test_a_share_is_read_back_and_holds():
    assert Share.parse(SHARE.raw, ED25519) == SHARE
    SHARE.verify(poll().election, SUMS, OWNER, SIGMA)
    assert SHARE.raw.startswith(b'{"uuid":"MiPiaoTestPo11","owner":1,"sigma":"555')


def test_a_share_is_for_one_poll_owner_and_closing():
    assert judged(replace(SHARE, uuid="Another1Poll11")).code is Code.DECRYPTION_OWNER
    assert judged(replace(SHARE, owner=2)).code is Code.DECRYPTION_OWNER
    assert judged(SHARE, owner=poll().trustees.owners[1]).code is Code.DECRYPTION_OWNER
    assert judged(SHARE, sigma="6" * 64).code is Code.DECRYPTION_OWNER
    # Nor does renaming it help: the strong proofs hash the closing statement.
    assert judged(replace(SHARE, sigma="6" * 64), sigma="6" * 64).code is Code.WEAK_DECRYPTION_PROOF
    assert judged(replace(SHARE, owner=2), owner=poll().trustees.owners[1]).code is Code.DECRYPTION_PROOF


def test_a_share_by_another_key_names_its_owner():
    forged = shares.decrypt(poll().election, SUMS, 1, Scalar(7), SIGMA, stream("forged"))
    error = judged(forged)
    assert error.code is Code.DECRYPTION_PROOF
    assert error.who == "trustee 1 (郑为民)"


def test_a_share_without_its_strong_proofs_is_refused():
    assert judged(replace(SHARE, strong=())).code is Code.MALFORMED
    assert judged(replace(SHARE, strong=SHARE.partial.proofs)).code is Code.WEAK_DECRYPTION_PROOF


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("owner",), 0, Code.MALFORMED),
        (("owner",), "1", Code.MALFORMED),
        (("strong", 0, 0, "response"), "01", Code.SCALAR),
        (("strong", 0), {}, Code.MALFORMED),
        (("partial_decryption", "decryption_factors", 0, 0), "f" * 64, Code.POINT),
        (("partial_decryption", "decryption_factors"), None, Code.MALFORMED),
        (("extra",), 1, Code.MALFORMED),
        (("sigma",), None, Code.MALFORMED),
    ],
)
def test_a_share_of_another_form_is_refused_by_name(path, value, code):
    assert refused(lambda: Share.parse(put(SHARE.raw, path, value), ED25519)).code is code


def test_a_factor_that_is_the_identity_is_refused():
    factors = ((ED25519.identity, *SHARE.partial.factors[0][1:]), *SHARE.partial.factors[1:])
    assert judged(replace(SHARE, partial=replace(SHARE.partial, factors=factors))).code is Code.DECRYPTION_PROOF


def test_a_factor_that_takes_nothing_off_is_refused_although_its_weak_proof_holds():
    """Who chooses alpha after the challenge can prove anything weakly, even that the factor is the identity."""
    x, phi = poll().trustee_secrets[0], poll().election.phi
    w, b = ED25519.random(stream("nothing, w")), ED25519.random(stream("nothing, b"))
    c = ED25519.hash(f"decrypt|{phi}|{ED25519.base(x).text}|{ED25519.base(w).text},{ED25519.base(b).text}")
    response = ED25519.scalar(w - x * c)
    ct = Ciphertext(ED25519.base(b * pow(response, -1, ED25519.order)), ED25519.base(3))
    proof = Proof(c, response)
    assert decryption.verify_weak(ED25519, OWNER.public.key, phi, ct, ED25519.identity, proof)
    partial = PartialDecryption(((ED25519.identity,),), ((proof,),))
    assert refused(lambda: partial.verify(poll().election, ((ct,),), OWNER)).code is Code.DECRYPTION_PROOF


def test_a_partial_decryption_has_one_form():
    raw = SHARE.partial.raw
    assert PartialDecryption.parse(raw, ED25519) == SHARE.partial
    assert refused(lambda: PartialDecryption.parse(raw + b" ", ED25519)).code is Code.NOT_CANONICAL


def test_the_strong_proofs_stand_in_owner_order_and_read_back():
    raw = sound_files().tally or b""
    tally = StrongTally.parse(raw, ED25519)
    assert tally.raw == raw
    assert [line.owner for line in tally.shares] == [1, 2, 3]
    assert refused(lambda: StrongTally.parse(put(raw, ("shares", 0, "groups"), [1]), ED25519)).code is Code.MALFORMED


# --- sums and counts


def test_the_factors_open_the_counts():
    made = [
        shares.decrypt(poll().election, SUMS, owner, secret, SIGMA, stream(f"s {owner}"))
        for owner, secret in enumerate(poll().trustee_secrets, 1)
    ]
    partials = {share.owner: share.partial for share in made}
    assert result.combine(poll().election, poll().trustees, SUMS, partials, len(VOTERS)) == RESULT
    del partials[2]
    error = refused(lambda: result.combine(poll().election, poll().trustees, SUMS, partials, len(VOTERS)))
    assert (error.code, error.who) == (Code.SHARES_MISSING, "trustee 2 (钱守正)")


def test_counts_beyond_the_number_of_ballots_are_no_result():
    made = [
        shares.decrypt(poll().election, SUMS, owner, secret, SIGMA, stream(f"s {owner}"))
        for owner, secret in enumerate(poll().trustee_secrets, 1)
    ]
    partials = {share.owner: share.partial for share in made}
    assert refused(lambda: result.combine(poll().election, poll().trustees, SUMS, partials, 3)).code is Code.RESULT


def test_the_sums_of_no_ballots_are_identities_and_read_back():
    empty = count.encode(count.empty(poll().election))
    assert empty.count(ED25519.identity.text.encode()) == 2 * (4 + 4)
    assert count.parse(empty, poll().election) == count.accumulate(poll().election, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: put(raw, (0, 0, "alpha"), "f" * 64), Code.POINT),
        (lambda raw: put(raw, (0, 0, "beta"), None), Code.MALFORMED),
        (lambda raw: drop(raw, (0, 0)), Code.MALFORMED),
        (lambda raw: drop(raw, (0,)), Code.MALFORMED),
        (lambda raw: raw + b"\n", Code.NOT_CANONICAL),
        (lambda _: b"", Code.NOT_JSON),
        (lambda _: b"[]", Code.MALFORMED),
    ],
)
def test_a_tweaked_encrypted_tally_is_refused_by_name(change, code):
    assert refused(lambda: count.parse(change(count.encode(SUMS)), poll().election)).code is code


def test_adding_is_weighted():
    sums = count.empty(poll().election)
    count.add(sums, poll().ballots[0], weight=3)
    thrice = count.accumulate(poll().election, [poll().ballots[0]] * 3)
    assert tuple(map(tuple, sums)) == thrice


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"result":[[2,4,2,2],[3,2,1]]}', Code.MALFORMED), (b'{"result":[[2,4,2,2]]}', Code.MALFORMED),
        (b'{"result":[[2,4,2,2],[3,2,1,"1"]]}', Code.MALFORMED), (b'{"result":[[2,4,2,2],[3,2,1,true]]}', Code.MALFORMED),
        (b'{"result":[[2,4,2,2],[3,2,1,1.0]]}', Code.NOT_JSON), (b'{"result":[[2,4,2,2],[3,2,1,01]]}', Code.NOT_JSON),
        (b'{"result":[[2,4,2,2],[3,2,1,1]],"more":1}', Code.MALFORMED), (b'{"result": [[2,4,2,2],[3,2,1,1]]}', Code.NOT_CANONICAL),
        (b'{"result":[[2,4,2,2],[3,2,1,-0]]}', Code.NOT_CANONICAL), (b"[]", Code.MALFORMED),
    ],
)  # fmt: skip
def test_a_result_of_another_form_is_refused_by_name(raw, code):
    assert refused(lambda: result.parse(raw, poll().election)).code is code


def test_a_result_is_read_back_as_written():
    raw = result.encode(RESULT)
    assert raw == b'{"result":[[2,4,2,2],[3,2,1,1]]}'
    assert result.parse(raw, poll().election) == RESULT
