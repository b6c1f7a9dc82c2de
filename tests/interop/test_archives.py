"""Two archives that Belenios 3.3.0 made, with all their secrets: what we read, check and compute is what it wrote."""

import json
from pathlib import Path

import pytest

from keys import credential, decryption
from keys.curve import ED25519
from keys.trustee import publish
from tally import ballot, canonical, count, result
from tally.ballot import Ballot, tracker
from tally.credentials import encode_credentials, read_credentials
from tally.errors import Code, Invalid
from tally.questions import Election
from tally.record import Log
from tally.shares import PartialDecryption
from tally.trustees import Trustees
from tally.verify import Files, verify
from tests.tally.builders import chain, failures, refusals, steps, stream
from tests.tally.tweaks import plus_one, put

DATA = Path(__file__).parent / "data"
SINGLE, THRESHOLD = DATA / "single-ed25519", DATA / "threshold-ed25519"
pytestmark = pytest.mark.parametrize("folder", [SINGLE, THRESHOLD], ids=lambda folder: folder.name)


def bel(folder: Path) -> bytes:
    return next(folder.glob("*.bel")).read_bytes()


def read(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes().strip()


def election(folder: Path) -> Election:
    return Election.parse(read(folder, "election.json"))


def private(folder: Path) -> dict[str, str]:
    return json.loads(read(folder, "private_creds.json"))


def test_the_archive_verifies_when_second_votes_are_allowed(folder):
    report = verify(Files(bel(folder)), allow_revote=True)
    assert failures(report) == []
    assert (report.stage, report.ballots, report.ours) == ("tallied", 5, False)
    assert any("bind neither ciphertext nor factor" in note for note in report.notes)


def test_without_that_the_second_vote_is_named(folder):
    report = verify(Files(bel(folder)))
    assert failures(report) == [Code.SECOND_VOTE]
    assert next(check for check in report.checks if not check.ok).where == "ballot 6"


def test_its_result_is_the_sum_of_what_the_voters_chose(folder):
    votes = [json.loads(line) for line in read(folder, "votes.txt").decode().splitlines()]
    # Voter 1 thought again: the other answer, the other name.
    assert votes[0] == [[1, 0], [0, 1, 0]]
    votes[0] = [[0, 1], [0, 0, 1]]
    sums = [[sum(column) for column in zip(*rows, strict=True)] for rows in zip(*votes, strict=True)]
    assert verify(Files(bel(folder)), allow_revote=True).result == sums


def test_the_election_has_the_bytes_and_the_hash_of_the_archive(folder):
    found = election(folder)
    assert found.raw == read(folder, "election.json")
    assert found.uuid == read(folder, "uuid.txt").decode()
    assert canonical.hex_hash(found.raw) == json.loads(read(folder, "checksums.json"))["election"]


def test_credentials_derive_the_keys_of_the_record(folder):
    found = election(folder)
    derived = [ED25519.base(credential.secret(ED25519, found.uuid, code)).text for code in private(folder).values()]
    listed = Log.parse(bel(folder)).credentials
    assert encode_credentials(derived) == listed
    assert list(read_credentials(listed, ED25519).values()) == [1] * 5
    assert all(credential.normalise(code) == code for code in private(folder).values())


def test_every_ballot_holds_and_has_its_tracker(folder):
    paths = sorted(folder.glob("ballots/*.json"))
    assert len(paths) == 6
    for path in paths:
        raw = path.read_bytes().strip()
        assert Ballot.check(raw, election(folder)).raw == raw
        assert tracker(raw) == path.with_suffix(".tracker").read_text().strip()
        assert len(raw) <= ballot.max_size(election(folder))


def test_a_ballot_of_ours_for_this_election_has_the_shape_of_theirs(folder):
    found = election(folder)
    secret = credential.secret(ED25519, found.uuid, private(folder)["voter1"])
    mine = ballot.make(found, secret, ((1, 0), (0, 1, 0)), stream("interop"))
    theirs = json.loads(next(folder.glob("ballots/01-*.json")).read_bytes())
    assert shape(json.loads(mine.raw)) == shape(theirs)
    assert mine.credential.text == theirs["credential"]


def shape(value):
    """Field names in order and lengths of lists; texts alone are equal to any text."""
    if isinstance(value, dict):
        return [(name, shape(inner)) for name, inner in value.items()]
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)


def test_a_whole_keys_public_part_is_remade_from_its_private_key(folder):
    files = list(folder.glob("*.privkey"))
    assert files
    for path in files:
        secret = ED25519.parse_scalar(json.loads(path.read_bytes()))
        public = json.loads(path.with_suffix(".pubkey").read_bytes())
        assert publish(ED25519, secret, stream("pubkey")).key.text == public["public_key"]


def test_a_whole_keys_factors_are_remade_from_its_private_key(folder):
    log, found = Log.parse(bel(folder)), election(folder)
    sums = count.parse(log.encrypted_tally, found)
    owners = Trustees.parse(log.trustees, ED25519).owners
    secrets = [ED25519.parse_scalar(json.loads(path.read_bytes())) for path in folder.glob("*.privkey")]
    remade = 0
    for partial in log.partials:
        owner = owners[partial.owner - 1]
        mine = [secret for secret in secrets if ED25519.base(secret) == owner.public.key]
        factors = PartialDecryption.parse(partial.raw, ED25519).factors
        for secret in mine:
            assert factors == tuple(tuple(decryption.factor(secret, ct) for ct in row) for row in sums)
            remade += 1
    assert remade == len(secrets)


def test_the_counts_are_found_from_the_factors_alone(folder):
    log, found = Log.parse(bel(folder)), election(folder)
    sums, trustees = count.parse(log.encrypted_tally, found), Trustees.parse(log.trustees, ED25519)
    partials = {one.owner: PartialDecryption.parse(one.raw, ED25519) for one in log.partials}
    assert result.encode(result.combine(found, trustees, sums, partials, 5)) == log.result


def change(folder: Path, kind: str, which: int, path, value) -> Files:
    """The archive with one value of one event's first data changed under fitting hashes."""
    found = steps(bel(folder))
    at = [i for i, step in enumerate(found) if step.type == kind][which]
    first, *rest = found[at].data
    raw = put(first, path, value)
    if rest:
        rest = [rest[0].replace(canonical.hex_hash(first).encode(), canonical.hex_hash(raw).encode())]
    timestamp = Log.parse(bel(folder)).timestamp
    return Files(chain([*found[:at], found[at].but(data=(raw, *rest)), *found[at + 1 :]], timestamp))


@pytest.mark.parametrize(
    ("kind", "which", "path", "value", "code"),
    [
        ("Ballot", 1, ("answers", 0, "individual_proofs", 0, 0, "response"), plus_one, Code.SIGNATURE),
        ("Ballot", 1, ("answers", 0, "choices", 0, "alpha"), "F" * 64, Code.POINT),
        ("Ballot", 1, ("signature", "proof", "challenge"), plus_one, Code.SIGNATURE),
        ("Ballot", 1, ("signature",), None, Code.MALFORMED),
        ("EncryptedTally", 0, (0, 0, "beta"), ED25519.base(5).text, Code.TALLY_MISMATCH),
        ("PartialDecryption", 0, ("decryption_proofs", 0, 0, "response"), plus_one, Code.DECRYPTION_PROOF),
        ("PartialDecryption", 0, ("decryption_factors", 0, 0), ED25519.identity.text, Code.DECRYPTION_PROOF),
        ("Result", 0, ("result", 0, 0), lambda found: found + 1, Code.RESULT),
        ("Result", 0, ("result", 0, 0), "2", Code.MALFORMED),
    ],
)  # fmt: skip
def test_a_tweaked_foreign_archive_is_refused_by_name(folder, kind, which, path, value, code):
    report = verify(change(folder, kind, which, path, value), allow_revote=True)
    assert failures(report)[0] == code


def test_a_bad_share_of_a_threshold_member_is_set_aside_only_while_enough_others_are_valid(folder):
    """Member 2 did not take part; somebody now speaks for it with member 1's factors."""
    found = steps(bel(folder))
    members = {owner.number: owner.member for owner in Trustees.parse(read(folder, "trustees.json"), ED25519).owners}
    at = [i for i, step in enumerate(found) if step.type == "PartialDecryption"]
    first = found[at[0]]
    present = {json.loads(found[i].data[1])["owner"] for i in at}
    timestamp = Log.parse(bel(folder)).timestamp
    absent = next(iter(set(members) - present), None)
    # Where every key is needed and present, the extra share repeats an owner, and that is an error of its own.
    owner = absent or 1
    extra = first.but(data=(first.data[0], put(first.data[1], ("owner",), owner)))
    report = verify(Files(chain([*found[: at[-1] + 1], extra, *found[at[-1] + 1 :]], timestamp)), allow_revote=True)
    if absent is None:
        assert failures(report) == [Code.DECRYPTION_OWNER]
        return
    assert report.ok
    (who,) = [one.who for one in Trustees.parse(read(folder, "trustees.json"), ED25519).owners if one.number == absent]
    assert report.notes[0] == (
        f"partial_decryption {absent} set aside (decryption_proof: question 1, answer 1, {who}); enough others are valid"
    )
    # The same share with one of the two valid ones missing: nothing to fall back on.
    needed = next(i for i in at if members[json.loads(found[i].data[1])["owner"]] > 0)
    kept = [step for i, step in enumerate(found) if i != needed]
    end = next(i for i, step in enumerate(kept) if step.type == "Result")
    report = verify(Files(chain([*kept[:end], extra, *kept[end:]], timestamp)), allow_revote=True)
    assert failures(report) == [Code.DECRYPTION_PROOF, Code.SHARES_MISSING]


def test_a_share_that_stands_twice_is_refused_even_if_enough_members_of_its_group_have_valid_ones(folder):
    found = steps(bel(folder))
    timestamp = Log.parse(bel(folder)).timestamp
    at = [i for i, step in enumerate(found) if step.type == "PartialDecryption"]
    for which in at:
        twice = Files(chain([*found[: at[-1] + 1], found[which], *found[at[-1] + 1 :]], timestamp))
        number = json.loads(found[which].data[1])["owner"]
        assert refusals(verify(twice, allow_revote=True)) == [
            f"FAIL decryption_owner: partial_decryption {number}, owner"
        ]


def test_an_archive_of_another_group_is_refused_by_name(folder):
    raw = read(folder, "election.json").replace(b'"group":"Ed25519"', b'"group":"BELENIOS-2048"')
    with pytest.raises(Invalid) as error:
        Election.parse(raw)
    assert error.value.code is Code.UNSUPPORTED_GROUP
