"""With the secrets that lie beside Belenios 3.3.0's archives everything that is closed in them opens, to what was voted."""

import json
import subprocess
from itertools import combinations
from pathlib import Path

import pytest

from keys.curve import ED25519
from keys.elgamal import Ciphertext
from keys.group import Scalar
from keys.threshold import interpolate, verify_message
from tally import canonical, count, result
from tally.ballot import Ballot
from tally.questions import Election
from tally.record import Log
from tally.shares import PartialDecryption
from tally.trustees import Pedersen, Trustees, read_public_key
from tests.interop.channel import Member
from tests.interop.dealer import evaluate
from tests.interop.rooms import partial

DATA = Path(__file__).parent / "data"
SINGLE, THRESHOLD = DATA / "single-ed25519", DATA / "threshold-ed25519"
LOGS = {folder: Log.parse(next(folder.glob("*.bel")).read_bytes()) for folder in (SINGLE, THRESHOLD)}
IDS = [(THRESHOLD / f"{n}.trustee").read_text().strip() for n in (1, 2, 3)]
MEMBERS = [Member(ED25519, (THRESHOLD / f"{one}.key").read_text().strip()) for one in IDS]
VERIFICATION = [ED25519.base(member.signing) for member in MEMBERS]


def loaded(name: str):
    return json.loads((THRESHOLD / name).read_bytes())


def trustees(folder: Path) -> Trustees:
    return Trustees.parse(LOGS[folder].trustees, ED25519)


def election(folder: Path) -> Election:
    return Election.parse(LOGS[folder].election)


@pytest.fixture(scope="module")
def shares() -> list[Scalar]:
    """The members' private shares, as each of them stored it for itself."""
    sent = (
        member.receive((THRESHOLD / f"{one}.dkey").read_text(), key)
        for one, member, key in zip(IDS, MEMBERS, VERIFICATION, strict=True)
    )
    return [ED25519.parse_scalar(one["decryption_key"]) for one in sent]


@pytest.fixture(scope="module")
def polynomials() -> list[list[Scalar]]:
    """The members' polynomials, which each of them sent to itself."""
    sent = (
        member.receive(loaded(f"{one}.vinput")["polynomial"], key)
        for one, member, key in zip(IDS, MEMBERS, VERIFICATION, strict=True)
    )
    return [[ED25519.parse_scalar(one) for one in each["polynomial"]] for each in sent]


@pytest.fixture
def owners(shares) -> dict[Path, dict[int, Scalar]]:
    """Every owner's secret in both elections."""
    found: dict[Path, dict[int, Scalar]] = {}
    for folder in (SINGLE, THRESHOLD):
        whole = [ED25519.parse_scalar(json.loads(path.read_bytes())) for path in folder.glob("*.privkey")]
        known = {ED25519.base(one).text: one for one in (*whole, *shares)}
        found[folder] = {one.number: known[one.public.key.text] for one in trustees(folder).owners}
    return found


@pytest.fixture
def opening(owners, polynomials) -> dict[Path, Scalar]:
    """The secret of each election's key, which nobody in the room ever held."""
    mandatory = next(one.number for one in trustees(THRESHOLD).owners if not one.member)
    joint = sum(one[0] for one in polynomials) + owners[THRESHOLD][mandatory]
    return {SINGLE: ED25519.scalar(sum(owners[SINGLE].values())), THRESHOLD: ED25519.scalar(joint)}


def test_a_members_seed_gives_the_keys_that_its_certificate_names():
    for one, member, key in zip(IDS, MEMBERS, VERIFICATION, strict=True):
        certificate = loaded(f"{one}.cert")
        assert canonical.hex_hash(certificate["message"].encode()) == one
        named = json.loads(certificate["message"])
        assert named["verification"] == key.text
        assert named["encryption"] == ED25519.base(member.opening).text
        proof = canonical.proof(ED25519, certificate["signature"], "certificate")
        assert verify_message(ED25519, key, certificate["message"], proof)


def test_a_members_polynomial_is_the_one_that_it_committed_to(polynomials):
    (item,) = (one for one in trustees(THRESHOLD).items if isinstance(one, Pedersen))
    for polynomial, commitments in zip(polynomials, item.commitments, strict=True):
        assert tuple(ED25519.base(one) for one in polynomial) == commitments.points


def test_what_each_member_got_from_each_is_the_value_of_its_polynomial(polynomials):
    for index, (one, member) in enumerate(zip(IDS, MEMBERS, strict=True), 1):
        sealed = loaded(f"{one}.vinput")["secrets"]
        got = [member.receive(text, sender)["secret"] for text, sender in zip(sealed, VERIFICATION, strict=True)]
        assert got == [str(evaluate(ED25519, polynomial, index)) for polynomial in polynomials]


def test_a_members_share_is_the_sum_of_what_it_got_and_has_the_public_half_of_the_record(polynomials, shares):
    members = [one for one in trustees(THRESHOLD).owners if one.member]
    for index, (one, share, owner) in enumerate(zip(IDS, shares, members, strict=True), 1):
        assert share == ED25519.scalar(sum(evaluate(ED25519, polynomial, index) for polynomial in polynomials))
        output = loaded(f"{one}.voutput")
        assert output["private_key"] == (THRESHOLD / f"{one}.dkey").read_text().strip()
        public = read_public_key(ED25519, output["public_key"], "voutput", ("signature",))
        assert (public.key, public.pok) == (owner.public.key, owner.public.pok)
        assert ED25519.base(share) == public.key


def test_a_letter_of_the_channel_opens_for_its_reader_only_and_not_once_altered():
    letter = loaded(f"{IDS[0]}.vinput")["secrets"][1]
    assert MEMBERS[0].receive(letter, VERIFICATION[1])["secret"].isdigit()
    with pytest.raises(AssertionError):
        MEMBERS[0].receive(letter, VERIFICATION[2])
    with pytest.raises(subprocess.CalledProcessError):
        MEMBERS[1].unseal(letter)
    fields = json.loads(letter)
    last = "0" if fields["data"][-1] != "0" else "1"
    with pytest.raises(subprocess.CalledProcessError):
        MEMBERS[0].unseal(json.dumps({**fields, "data": fields["data"][:-1] + last}))


def test_the_secrets_together_open_the_election_key(opening):
    for folder, secret in opening.items():
        assert ED25519.base(secret) == election(folder).public_key


@pytest.mark.parametrize("folder", [SINGLE, THRESHOLD], ids=lambda folder: folder.name)
def test_every_factor_of_the_record_is_remade_from_its_owners_secret(folder, owners):
    found, log = election(folder), LOGS[folder]
    sums = count.parse(log.encrypted_tally, found)
    for one in log.partials:
        mine = partial(found, sums, owners[folder][one.owner], f"share {one.owner}")
        assert mine.factors == PartialDecryption.parse(one.raw, ED25519).factors
        mine.verify(found, sums, trustees(folder).owners[one.owner - 1])


def test_any_two_members_with_the_mandatory_key_open_the_same_result(owners):
    found, log, keys = election(THRESHOLD), LOGS[THRESHOLD], trustees(THRESHOLD)
    sums = count.parse(log.encrypted_tally, found)
    made = {owner: partial(found, sums, secret, f"{owner}") for owner, secret in owners[THRESHOLD].items()}
    mandatory = [one.number for one in keys.owners if not one.member]
    members = [one.number for one in keys.owners if one.member]
    for pair in combinations(members, 2):
        present = {owner: made[owner] for owner in (*mandatory, *pair)}
        assert result.encode(result.combine(found, keys, sums, present, log.total_weight)) == log.result


def test_shares_interpolate_to_the_joint_secret(polynomials, shares):
    joint = ED25519.base(sum(one[0] for one in polynomials))
    for pair in combinations(range(3), 2):
        assert interpolate(ED25519, {index + 1: ED25519.base(shares[index]) for index in pair}) == joint


def opened(ct: Ciphertext, secret: Scalar) -> int:
    """The 0 or 1 that a ciphertext holds."""
    plain = ct.beta - ct.alpha * secret
    return [ED25519.identity, ED25519.base(1)].index(plain)


@pytest.mark.parametrize("folder", [SINGLE, THRESHOLD], ids=lambda folder: folder.name)
def test_every_ballot_opens_to_what_its_voter_chose_and_the_last_ones_add_up_to_the_result(folder, opening):
    found = election(folder)
    plain: dict[str, list[list[list[int]]]] = {}
    for raw in LOGS[folder].ballots:
        ballot = Ballot.check(raw, found)
        choices = [[opened(ct, opening[folder]) for ct in answer.choices] for answer in ballot.answers]
        plain.setdefault(ballot.credential.text, []).append(choices)
    by_voter = list(plain.values())
    votes = [json.loads(line) for line in (folder / "votes.txt").read_text().splitlines()]
    assert [each[0] for each in by_voter] == votes
    assert by_voter[0][1] == [[0, 1], [0, 0, 1]]
    assert [len(each) for each in by_voter] == [2, 1, 1, 1, 1]
    sums = [[sum(column) for column in zip(*rows, strict=True)]
            for rows in zip(*(each[-1] for each in by_voter), strict=True)]  # fmt: skip
    assert result.encode(sums) == LOGS[folder].result
