"""Debian's belenios-tool and our code judge one another's archives on BELENIOS-2048: what one makes, both pass.

The tool is Belenios 2.0: it knows only finite-field groups, its credentials have an older form, and of threshold keys
of today's form it checks less than we do. Everything else of the record is the same, byte for byte.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keys.errors import Malformed
from tally import canonical, credentials, voids
from tally.ballot import Ballot
from tally.errors import Code
from tally.questions import GROUPS
from tally.record import Log
from tally.verify import Files, Report, verify
from tests.interop.finite_field import BELENIOS_2048, G, P, Q
from tests.interop.rooms import PLANS, Foreign, Plan, Room, of_one_stream, revoted
from tests.interop.tool import PROGRAM, Tool, credential, secret
from tests.interop.twisted import Sound, Tweak, at, move, order, raw, resigned, twice, without
from tests.tally import builders
from tests.tally.builders import LEFT_OVER, UUID, VOTERS, Draft, Poll, chain, entries, failures, steps, stream
from tests.tally.tweaks import plus_one

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(PROGRAM is None, reason="skipped: no belenios-tool"),
]


@pytest.fixture(autouse=True, scope="module")
def belenios_2048() -> Iterator[None]:
    """Plug the group in, for these tests only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(GROUPS, BELENIOS_2048.name, BELENIOS_2048)
        yield


@pytest.fixture(scope="module")
def sound(belenios_2048, tmp_path_factory) -> Callable[[str, str], Sound]:
    """A plan's archive by one of the two makers, made once."""
    made: dict[tuple[str, str], Sound] = {}

    def get(maker: str, name: str) -> Sound:
        if (maker, name) not in made:
            made[maker, name] = make(maker, PLANS[name], tmp_path_factory.mktemp(name))
        return made[maker, name]

    return get


def make(maker: str, plan: Plan, folder: Path) -> Sound:
    if maker == "ours":
        room = Room.of(plan)
        return Sound(room.bel(), room.secrets[0])
    foreign = Foreign.of(plan, folder)
    foreign.vote()
    return Sound(foreign.finish(), secret(BELENIOS_2048, plan.uuid, foreign.codes[0]))


def ours(bel: bytes, *, allow_revote: bool = False) -> Report:
    return verify(Files(bel), allow_revote=allow_revote)


@pytest.mark.parametrize("maker", ["ours", "theirs"])
@pytest.mark.parametrize("name", PLANS)
def test_an_archive_that_either_makes_passes_both(sound, tmp_path, maker, name):
    plan, bel = PLANS[name], sound(maker, name).bel
    assert Tool(tmp_path).refusal(bel, plan.uuid) is None
    report = ours(bel)
    assert failures(report) == []
    assert (report.stage, report.ballots, report.result) == ("tallied", len(plan.votes), plan.result)


@pytest.mark.parametrize("name", PLANS)
def test_the_tool_writes_our_archive_with_the_same_bytes(sound, tmp_path, name):
    bel = sound("ours", name).bel
    tool = Tool(tmp_path)
    for file, content in entries(bel):
        tool.write(file, content)
    assert tool.run("archive", "make") == bel


@pytest.mark.parametrize("name", PLANS)
def test_the_tool_computes_our_sums_and_our_result(sound, tmp_path, name):
    plan, bel = PLANS[name], sound("ours", name).bel
    tool, log, events = Tool(tmp_path), Log.parse(bel), steps(bel)
    tool.write(f"{plan.uuid}.bel", chain(events[: len(plan.votes) + 2]))
    sums, sized = tool.run("election", "compute-encrypted-tally").splitlines()
    assert sums == log.encrypted_tally
    assert sized == events[len(plan.votes) + 2].data[1]
    tool.write(f"{plan.uuid}.bel", chain(events[:-1]))
    assert tool.run("election", "compute-result").strip() == log.result


def test_a_credential_of_the_tools_form_gives_the_tools_public_key(tmp_path):
    uuid, code = PLANS["single"].uuid, credential(stream("code"))
    arguments = (f"--uuid={uuid}", f"--group={BELENIOS_2048.name}", f"--derive={code}")
    derived = Tool(tmp_path).run("setup", "generate-credentials", *arguments)
    assert derived.decode().strip() == BELENIOS_2048.base(secret(BELENIOS_2048, uuid, code)).text


def test_a_ballot_of_the_tools_counts_in_our_box(tmp_path):
    plan = PLANS["blank"]
    codes = [credential(stream(f"code {n}")) for n in range(len(plan.votes))]
    room = Room.of(plan, [secret(BELENIOS_2048, plan.uuid, code) for code in codes])
    tool = Tool(tmp_path)
    tool.write(f"{plan.uuid}.bel", room.open().encode())
    theirs = [tool.ballot(code, vote) for code, vote in zip(codes, plan.votes, strict=True)]
    read = [Ballot.check(one, room.election) for one in theirs]
    assert [one.raw for one in read] == theirs
    bel = room.bel([read[0], room.vote(1)])
    assert tool.refusal(bel, plan.uuid) is None
    assert ours(bel).ok
    assert ours(bel).result == plan.result


def test_a_ballot_of_ours_counts_in_the_tools_box(tmp_path):
    plan = PLANS["blank"]
    foreign = Foreign.of(plan, tmp_path)
    election, key = Sound(foreign.tool.bel, BELENIOS_2048.scalar(0)).election, BELENIOS_2048
    room = Room.of(plan, [secret(key, plan.uuid, code) for code in foreign.codes])
    room.election = election
    foreign.tool.add("Ballot", room.vote(0).raw)
    foreign.tool.add("Ballot", foreign.tool.ballot(foreign.codes[1], plan.votes[1]))
    bel = foreign.finish()
    assert foreign.tool.refusal(bel, plan.uuid) is None
    assert ours(bel).ok
    assert ours(bel).result == plan.result


@pytest.fixture
def our_poll(monkeypatch) -> Poll:
    """A poll of ours with manifest, voids, closing statement and strong proofs, on the tool's group."""
    monkeypatch.setattr(builders, "ED25519", BELENIOS_2048)
    for module in (builders, credentials, voids):  # what is our own is sorted as Ed25519's keys are
        monkeypatch.setattr(module, "sort_key", BELENIOS_2048.rank)
    votes = (((0, 1),), ((0, 1),), ((1, 0),), ((0, 1),), ((0, 1),))
    return Poll(questions=(PLANS["small"].questions[0],), choices=votes, voters=VOTERS[:5])


def test_a_record_of_ours_passes_the_tool_with_all_that_stands_around_it(our_poll, tmp_path):
    files = Draft(poll=our_poll).files()
    report = verify(files)
    assert failures(report) == []
    assert (report.ours, report.ballots, report.result) == (True, 5, [[1, 4]])
    assert Tool(tmp_path).refusal(files.bel, UUID) is None


def test_the_tool_counts_a_ballot_under_a_voided_slip_and_we_do_not(our_poll, tmp_path):
    voided = [our_poll.void(one) for one in (*LEFT_OVER, our_poll.voters[0])]
    files = Draft(poll=our_poll, voids=voids.encode(voided)).files()
    assert Code.VOIDED_BALLOT in failures(verify(files))
    assert Tool(tmp_path).refusal(files.bel, UUID) is None


def one_more(value: int) -> int:
    return value + 1


def reversed_list(raw_list: bytes) -> bytes:
    return canonical.dump(canonical.load(raw_list, "list")[::-1])


def first_twice(raw_list: bytes) -> bytes:
    found = canonical.load(raw_list, "list")
    return canonical.dump([found[0], *found])


ANSWER = ("answers", 0)
OTHER = str(pow(G, 5, P))
BOTH_REFUSE: dict[str, tuple[Tweak, Code]] = {
    "a ciphertext is exchanged": (at("Ballot", *ANSWER, "choices", 0, "alpha", value=OTHER), Code.SIGNATURE),
    "a signature is altered": (at("Ballot", "signature", "proof", "response", value=plus_one), Code.SIGNATURE),
    "an individual proof is false":
        (resigned(*ANSWER, "individual_proofs", 0, 0, "response", value=plus_one), Code.INDIVIDUAL_PROOF),
    "an overall proof is false": (resigned(*ANSWER, "overall_proof", 0, "response", value=plus_one), Code.OVERALL_PROOF),
    "a blank proof is false": (resigned(*ANSWER, "blank_proof", 0, "response", value=plus_one), Code.BLANK_PROOF),
    "an alpha is outside the subgroup": (resigned(*ANSWER, "choices", 0, "alpha", value="2"), Code.POINT),
    "an alpha is the identity": (resigned(*ANSWER, "choices", 0, "alpha", value="1"), Code.IDENTITY),
    "a response is not reduced":
        (resigned(*ANSWER, "overall_proof", 0, "response", value=lambda text: str(int(text) + Q)), Code.SCALAR),
    "a ballot is of another election": (resigned("election_hash", value="A" * 43), Code.OTHER_ELECTION),
    "a ballot says more": (resigned("more", value=1), Code.MALFORMED),
    "a ballot has a space": (raw("Ballot", lambda one: one.replace(b'":', b'": ', 1)), Code.NOT_CANONICAL),
    "a ballot is taken out": (order(without("Ballot")), Code.TALLY_MISMATCH),
    "a ballot comes after the end": (order(move("Ballot", "EndBallots")), Code.EVENT_ORDER),
    "a voter is not on the list": (at("Setup", 0, value=OTHER, item=2), Code.UNKNOWN_CREDENTIAL),
    "a credential stands twice": (raw("Setup", first_twice, item=2), Code.CREDENTIAL_REPEATED),
    "a question is reworded": (at("Setup", "questions", 0, "question", value="另一题"), Code.OTHER_ELECTION),
    "the election key is another": (at("Setup", "public_key", value=OTHER), Code.ELECTION_KEY),
    "a trustee proves nothing": (at("Setup", 0, 1, "pok", "response", value=plus_one, item=1), Code.TRUSTEE_POK),
    "a decryption proof is false":
        (at("PartialDecryption", "decryption_proofs", 0, 0, "response", value=plus_one), Code.DECRYPTION_PROOF),
    "a factor is exchanged": (at("PartialDecryption", "decryption_factors", 0, 0, value=OTHER), Code.DECRYPTION_PROOF),
    "a share is under another's name": (at("PartialDecryption", "owner", value=2, item=1), Code.DECRYPTION_PROOF),
    "a share is missing": (order(without("PartialDecryption")), Code.SHARES_MISSING),
    "a count is one too high": (at("Result", "result", 0, 0, value=one_more), Code.RESULT),
}  # fmt: skip
ONLY_OURS: dict[str, tuple[Tweak, Code]] = {
    # The tool adds the ballots up itself and never compares with what was published.
    "the published sums are others": (at("EncryptedTally", 0, 0, "beta", value=OTHER), Code.TALLY_MISMATCH),
    "num_tallied is one too high": (at("EncryptedTally", "num_tallied", value=one_more, item=1), Code.TALLY_MISMATCH),
    "total_weight is one too high": (at("EncryptedTally", "total_weight", value=one_more, item=1), Code.TALLY_MISMATCH),
    "a count is a string": (at("Result", "result", 0, 0, value=str), Code.MALFORMED),
    "the list has another order": (raw("Setup", reversed_list, item=2), Code.CREDENTIAL_ORDER),
    "a ballot stands twice": (order(twice("Ballot")), Code.BALLOT_REPEATED),
    "nobody ended the vote": (order(without("EndBallots")), Code.EVENT_ORDER),
    "the vote was ended twice": (order(twice("EndBallots")), Code.EVENT_ORDER),
    "the sums come before the end": (order(move("EndBallots", "EncryptedTally")), Code.EVENT_ORDER),
    "a share stands twice": (order(twice("PartialDecryption")), Code.DECRYPTION_OWNER),
    "the result stands twice": (order(twice("Result")), Code.EVENT_ORDER),
}


@pytest.mark.parametrize("maker", ["ours", "theirs"])
@pytest.mark.parametrize("tweak", BOTH_REFUSE)
def test_both_refuse(sound, tmp_path, maker, tweak):
    twist, code = BOTH_REFUSE[tweak]
    bel = twist(sound(maker, "small"))
    assert code in failures(ours(bel))
    assert Tool(tmp_path).refusal(bel, PLANS["small"].uuid) is not None


@pytest.mark.parametrize("maker", ["ours", "theirs"])
@pytest.mark.parametrize("tweak", ONLY_OURS)
def test_we_refuse_what_the_tool_lets_pass(sound, tmp_path, maker, tweak):
    twist, code = ONLY_OURS[tweak]
    bel = twist(sound(maker, "small"))
    assert failures(ours(bel))[0] == code
    assert Tool(tmp_path).refusal(bel, PLANS["small"].uuid) is None


@pytest.mark.parametrize(
    ("twist", "code", "both"),
    [
        (at("Setup", 0, value=lambda text: text + "0", item=2), Code.TALLY_MISMATCH, True),
        (raw("Setup", lambda one: re.sub(rb',[0-9]+"', b'"', one), item=2), Code.TALLY_MISMATCH, True),
        (raw("Setup", lambda one: one.replace(b',1"', b'"'), item=2), Code.NOT_CANONICAL, False),
        (raw("Setup", lambda one: one.replace(b',1"', b',01"'), item=2), Code.NOT_CANONICAL, False),
    ],
    ids=["a weight is raised", "no weight is written", "a weight of one is left out", "a weight has a zero before it"],
)
@pytest.mark.parametrize("maker", ["ours", "theirs"])
def test_weights_are_refused_where_they_are_not_those_of_the_count(sound, tmp_path, maker, twist, code, both):
    bel = twist(sound(maker, "weighted"))
    assert code in failures(ours(bel))
    assert (Tool(tmp_path).refusal(bel, PLANS["weighted"].uuid) is not None) is both


KEYS = (1, 1)
"""The threshold item of the trustees."""


@pytest.mark.parametrize(
    ("path", "code", "both"),
    [
        (("certs", 0, "signature", "response"), Code.THRESHOLD_KEYS, True),
        (("coefexps", 0, "signature", "response"), Code.THRESHOLD_KEYS, True),
        (("verification_keys", 0, "pok", "response"), Code.TRUSTEE_POK, True),
        # 2.0 does not know these two signatures, and reads past them.
        (("signatures", 0, "response"), Code.THRESHOLD_KEYS, False),
        (("verification_keys", 0, "signature", "response"), Code.THRESHOLD_KEYS, False),
    ],
)
def test_threshold_keys_are_refused_where_a_signature_is_false(sound, tmp_path, path, code, both):
    bel = at("Setup", *KEYS, *path, value=plus_one, item=1)(sound("ours", "threshold"))
    assert code in failures(ours(bel))
    assert (Tool(tmp_path).refusal(bel, PLANS["threshold"].uuid) is not None) is both


def test_fewer_members_than_the_threshold_open_nothing(sound, tmp_path):
    bel = order(without("PartialDecryption"))(sound("ours", "threshold"))
    assert failures(ours(bel)) == [Code.SHARES_MISSING]
    assert Tool(tmp_path).refusal(bel, PLANS["threshold"].uuid) is not None


def test_threshold_keys_of_the_tools_own_older_form_are_refused_by_name(tmp_path):
    """2.0's certificates name neither group nor size nor threshold, and nobody signs what all others published."""
    plan, tool = PLANS["small"], Tool(tmp_path)

    def step(number: int, *arguments: str, given: bytes = b"") -> bytes:
        options = (f"--group={BELENIOS_2048.name}", f"--step={number}", *arguments)
        return tool.run("setup", "generate-trustee-key-threshold", *options, given=given)

    for _ in range(3):
        step(1)
    certs = "--certs=" + tool.write("certs", b"".join(one.read_bytes() for one in sorted(tmp_path.glob("*.cert"))))
    keys = [one.stem for one in sorted(tmp_path.glob("*.key"))]
    drawn = b"".join(step(3, certs, f"--key={key}.key", "--threshold=2") for key in keys)
    polynomials = "--polynomials=" + tool.write("polynomials", drawn)
    step(4, certs, polynomials)
    answers = b"".join(
        step(5, certs, f"--key={key}.key", given=(tmp_path / f"{key}.vinput").read_bytes()) for key in keys
    )
    tool.write("threshold.json", step(6, certs, polynomials, given=answers))
    tool.write("public_keys.jsons", b"")
    tool.run("setup", "make-trustees")
    log = Log(0)
    log.setup(Room.of(plan).election.raw, (tmp_path / "trustees.json").read_bytes().strip(), Room.of(plan).credentials)
    assert failures(ours(log.encode())) == [Code.MALFORMED]


def test_a_second_vote_passes_the_tool_and_is_named_by_us_unless_allowed(tmp_path):
    plan = PLANS["small"]
    bel = revoted(Room.of(plan))
    assert Tool(tmp_path).refusal(bel, plan.uuid) is None
    assert failures(ours(bel)) == [Code.SECOND_VOTE]
    assert ours(bel, allow_revote=True).ok


def test_two_ballots_of_the_same_randomness_pass_the_tool_and_not_us(tmp_path):
    plan = PLANS["small"]
    bel = of_one_stream(Room.of(plan))
    assert Tool(tmp_path).refusal(bel, plan.uuid) is None
    assert failures(ours(bel)) == [Code.CIPHERTEXT_REPEATED]


@pytest.mark.parametrize("exponent", [0, 1, 2, 255, 256, Q - 1, Q, Q + 5, -1, 3**200], ids=lambda n: f"{n:.0e}")
def test_the_groups_quick_powers_are_powers(exponent):
    assert int(BELENIOS_2048.base(exponent).text) == pow(G, exponent % Q, P)


@pytest.mark.parametrize(
    "text",
    ["0", "2", "", "-1", "+1", "01", str(P), str(P + 1), str(P - 1), "1" * 5000, "１"],
    ids=lambda text: text[-9:],
)
def test_what_is_no_member_of_the_group_is_refused(text):
    with pytest.raises(Malformed):
        BELENIOS_2048.parse_or_identity(text)
