"""The same small elections made twice on BELENIOS-2048: by our code, and by belenios-tool."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keys import credential, decryption
from keys.group import Scalar
from keys.trustee import generate
from tally import ballot, canonical, count, result
from tally.ballot import Ballot
from tally.questions import Election, Question
from tally.record import Log
from tally.shares import PartialDecryption
from tally.trustees import Single, Trustees
from tests.interop.dealer import deal
from tests.interop.finite_field import BELENIOS_2048
from tests.interop.tool import Tool
from tests.tally.builders import stream

TIMESTAMP = 1_795_332_189
Vote = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Plan:
    """What is asked, who votes how with what weight, who decrypts, and what must come out."""

    name: str
    questions: tuple[Question, ...]
    votes: tuple[Vote, ...]
    result: list[list[int]]
    weights: tuple[int, ...] = ()
    threshold: bool = False

    @property
    def uuid(self) -> str:
        return f"MiPiaoRoom{self.name}".replace("l", "L").ljust(14, "1")

    @property
    def decrypting(self) -> tuple[int, ...]:
        """Owners that take part: all whole keys, and members 1 and 3 of a 2-of-3 group."""
        return (1, 2, 4) if self.threshold else (1, 2)

    @property
    def total(self) -> int:
        return sum(self.weights) if self.weights else len(self.votes)


CHOICE = Question("推荐人选（可选 1 人）", ("安怀远", "卞若川"), 0, 1)
BLANK = Question("推荐人选（选 1 至 2 人，可弃权）", ("安怀远", "卞若川"), 1, 2, blank=True)
SMALL = Question("同意使用（可弃权）", ("同意",), 1, 1, blank=True)
PLANS = {
    plan.name: plan
    for plan in (
        Plan("single", (CHOICE,), (((1, 0),), ((1, 0),), ((0, 0),)), [[2, 0]]),
        Plan("blank", (BLANK,), (((1, 0, 0),), ((0, 1, 1),)), [[1, 1, 1]]),
        Plan("weighted", (CHOICE,), (((1, 0),), ((0, 1),), ((1, 0),)), [[5, 1]], weights=(2, 1, 3)),
        Plan("small", (SMALL,), (((0, 1),), ((1, 0),)), [[1, 1]]),
        # Counts above 2^30 - 1 are strings in the record. The last voter may vote, and counts for nothing.
        Plan("heavy", (CHOICE,), (((1, 0),), ((0, 1),), ((0, 1),)), [[3 * 10**9, 7]], weights=(3 * 10**9, 7, 0)),
        Plan("threshold", (CHOICE, BLANK), (((1, 0), (0, 1, 0)), ((0, 1), (1, 0, 0))), [[1, 1], [1, 1, 0]],
             threshold=True),
    )
}  # fmt: skip


def key_holders(plan: Plan) -> tuple[Trustees, dict[int, Scalar]]:
    """The trustees of a plan, ours: two whole keys, or one and a 2-of-3 group; and each owner's secret."""
    made = [generate(BELENIOS_2048, stream(f"{plan.name} {name}"), name) for name in ("钱守正", "孙立言")]
    if not plan.threshold:
        return Trustees.of(BELENIOS_2048, [public for _, public in made]), {1: made[0][0], 2: made[1][0]}
    dealt = deal(BELENIOS_2048, 2, 3, stream(plan.name))
    secret, public = made[0]
    secrets = dict(enumerate((secret, *dealt.shares), 1))
    return Trustees(BELENIOS_2048, (Single(public), dealt.item)), secrets


def partial(election: Election, sums: count.EncryptedTally, secret: Scalar, seed: str) -> PartialDecryption:
    """One owner's factors with Belenios' proofs."""
    rng = stream(seed)
    return PartialDecryption(
        tuple(tuple(decryption.factor(secret, ct) for ct in row) for row in sums),
        tuple(
            tuple(decryption.prove_weak(election.group, secret, election.phi, ct, rng) for ct in row) for row in sums
        ),
    )


@dataclass
class Room:
    """An election of ours with all its secrets. `secrets` are the voters', in the order of the votes."""

    plan: Plan
    election: Election
    trustees: Trustees
    owners: Mapping[int, Scalar]
    secrets: list[Scalar]

    @classmethod
    def of(cls, plan: Plan, secrets: list[Scalar] | None = None) -> "Room":
        trustees, owners = key_holders(plan)
        election = Election(
            BELENIOS_2048, "互通测试 / interoperability", "民主推荐", trustees.election_key, plan.questions, plan.uuid,
            "局人教处", "机关党委",
        )  # fmt: skip
        slips = (credential.new(stream(f"{plan.name} slip {n}")) for n in range(len(plan.votes)))
        mine = [credential.secret(BELENIOS_2048, plan.uuid, code) for code in slips]
        return cls(plan, election, trustees, owners, secrets or mine)

    @property
    def weights(self) -> dict[str, int]:
        """Public key to weight, in the record's order."""
        weights = self.plan.weights or (1,) * len(self.secrets)
        pairs = ((BELENIOS_2048.base(one).text, weight) for one, weight in zip(self.secrets, weights, strict=True))
        return dict(sorted(pairs, key=lambda pair: BELENIOS_2048.rank(pair[0])))

    @property
    def credentials(self) -> bytes:
        """The record's credential list."""
        listed = self.weights.items()
        return canonical.dump([f"{key},{weight}" if self.plan.weights else key for key, weight in listed])

    def vote(self, voter: int, vote: Vote | None = None, seed: str = "") -> Ballot:
        """A voter's ballot, as planned or another."""
        rng = stream(f"{self.plan.name} ballot {voter} {seed}")
        return ballot.make(self.election, self.secrets[voter], vote or self.plan.votes[voter], rng)

    def ballots(self) -> list[Ballot]:
        return [self.vote(voter) for voter in range(len(self.plan.votes))]

    def open(self) -> Log:
        """The record before anyone votes."""
        log = Log(TIMESTAMP)
        log.setup(self.election.raw, self.trustees.raw, self.credentials)
        return log

    def bel(self, ballots: list[Ballot] | None = None, counted: list[Ballot] | None = None) -> bytes:
        """The whole record, of the planned ballots or of others, of which `counted` count."""
        log = self.open()
        ballots = ballots or self.ballots()
        for one in ballots:
            log.ballot(one.raw)
        log.end_ballots()
        counted = counted or ballots
        running = count.empty(self.election)
        for one in counted:
            count.add(running, one, self.weights[one.credential.text])
        sums = tuple(map(tuple, running))
        total = sum(self.weights[one.credential.text] for one in counted)
        log.add_encrypted_tally(count.encode(sums), len(counted), total)
        partials = {
            owner: partial(self.election, sums, self.owners[owner], f"{self.plan.name} share {owner}")
            for owner in self.plan.decrypting
        }
        for owner, one in partials.items():
            log.add_partial_decryption(owner, one.raw)
        if total < 2**20:  # beyond that our search for the count would take hours
            found = result.combine(self.election, self.trustees, sums, partials, total)
            assert counted is not ballots or found == self.plan.result
        else:
            found = self.plan.result
        log.add_result(result.encode(found))
        return log.encode()


@dataclass
class Foreign:
    """An election of belenios-tool's in a folder, with the voters' credentials in the order of the votes."""

    plan: Plan
    tool: Tool
    codes: list[str]

    @classmethod
    def of(cls, plan: Plan, folder: Path) -> "Foreign":
        """Set an election up. The keys of a threshold group are ours: 2.0 makes them in an older form."""
        tool = Tool(folder)
        options = (f"--uuid={plan.uuid}", f"--group={BELENIOS_2048.name}")
        voters = [f"{n}@mipiao.invalid,voter{n}" for n in range(len(plan.votes))]
        if plan.weights:
            voters = [f"{voter},{weight}" for voter, weight in zip(voters, plan.weights, strict=True)]
        tool.run("setup", "generate-credentials", *options, f"--file={tool.write('voters', chr(10).join(voters))}")
        (public,), (private,) = folder.glob("*.pubcreds"), folder.glob("*.privcreds")
        public.rename(folder / "public_creds.json")
        codes = dict(line.rsplit(" ", 1) for line in private.read_text().splitlines())
        if plan.threshold:
            trustees, secrets = key_holders(plan)
            tool.write("trustees.json", trustees.raw)
            for owner, secret in secrets.items():
                tool.write(f"{owner}.privkey", json.dumps(str(secret)))
        else:
            _whole_keys(tool)
        questions = [question.plain() for question in plan.questions]
        template = {"description": "互通测试", "name": "民主推荐", "questions": questions,
                    "administrator": "局人教处", "credential_authority": "机关党委"}  # fmt: skip
        tool.write("template", json.dumps(template))
        tool.run("setup", "make-election", *options, "--template=template")
        tool.run("archive", "init")
        return cls(plan, tool, [codes[voter] for voter in voters])

    def vote(self) -> None:
        """Let everybody vote as planned."""
        for code, vote in zip(self.codes, self.plan.votes, strict=True):
            self.tool.add("Ballot", self.tool.ballot(code, vote))

    def finish(self) -> bytes:
        """End the vote, add up, decrypt, publish; the archive."""
        tool = self.tool
        tool.add("EndBallots")
        tool.add("EncryptedTally", tool.run("election", "compute-encrypted-tally"))
        for owner in self.plan.decrypting:
            share = tool.run("election", "decrypt", f"--privkey={owner}.privkey", f"--trustee-id={owner}")
            tool.add("PartialDecryption", share)
        tool.add("Result", tool.run("election", "compute-result"))
        return tool.bel


def _whole_keys(tool: Tool) -> None:
    """Two whole keys of the tool's own, named by their number."""
    for owner in (1, 2):
        tool.run("setup", "generate-trustee-key", f"--group={BELENIOS_2048.name}")
        (path,) = (one for one in tool.folder.glob("*.privkey") if len(one.stem) == 8)
        path.rename(tool.folder / f"{owner}.privkey")
        path.with_suffix(".pubkey").rename(tool.folder / f"{owner}.public")
    tool.write("public_keys.jsons", b"".join((tool.folder / f"{owner}.public").read_bytes() for owner in (1, 2)))
    tool.run("setup", "make-trustees")


def revoted(room: Room) -> bytes:
    """The record in which the first voter votes a second time, and the second vote counts."""
    first, *rest = room.ballots()
    second = room.vote(0, room.plan.votes[-1], "second")
    return room.bel([first, *rest, second], [second, *rest])


def of_one_stream(room: Room) -> bytes:
    """The record in which two voters' phones drew the same randomness."""
    twins = [ballot.make(room.election, room.secrets[voter], vote, stream("one"))
             for voter, vote in enumerate(room.plan.votes)]  # fmt: skip
    return room.bel(twins)
