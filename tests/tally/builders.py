"""Whole polls of ours, made through keys and tally, for tests to tweak one thing of.

`poll()` plays a room: trustees, slips in three voter groups, eight ballots, two slips voided. `Draft` is the record of
that poll before it is written: change one field, and what honestly follows from it (hash chain, closing statement, σ,
shares, strong proofs, result) is made anew, so that only the tweak itself is wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from itertools import cycle
from typing import Any

from nacl.signing import SigningKey

from keys import credential, proofs, trustee
from keys.curve import ED25519
from keys.group import Rng, Scalar
from tally import ballot, canonical, count, published, result, shares, voids, voter_groups
from tally.ballot import Ballot
from tally.closing import Closing, Counts
from tally.count import EncryptedTally
from tally.credentials import encode_credentials, sort_key
from tally.errors import Code
from tally.manifest import Asset, Manifest, NamedTrustee, VoterGroup
from tally.published import Published
from tally.questions import Election, Question
from tally.record import Log
from tally.shares import Share, StrongTally
from tally.trustees import Trustees
from tally.verify import Files, Report
from tally.voids import Void
from tally.voter_groups import GroupSums

UUID = "MiPiaoTestPo11"
TIMESTAMP = 1_795_332_189
LABELS = ("机关中层正职", "直属单位负责人", "机关其他人员")
SLIPS = (4, 4, 5)
QUESTIONS = (
    Question("推荐人事教育处处长（不超过 2 人）", ("安怀远", "卞若川", "岑知微"), 1, 2, blank=True),
    Question("总体评价：安怀远", ("优秀", "称职", "基本称职", "不称职"), 0, 1),
)
CHOICES = (
    ((0, 1, 0, 0), (1, 0, 0, 0)),
    ((0, 1, 1, 0), (0, 1, 0, 0)),
    ((1, 0, 0, 0), (0, 0, 0, 0)),
    ((0, 0, 0, 1), (0, 0, 0, 1)),
    ((0, 1, 0, 1), (1, 0, 0, 0)),
    ((0, 1, 0, 0), (1, 0, 0, 0)),
    ((0, 0, 1, 0), (0, 0, 1, 0)),
    ((1, 0, 0, 0), (0, 1, 0, 0)),
)
RESULT = [[2, 4, 2, 2], [3, 2, 1, 1]]
VOTERS = (0, 1, 2, 4, 5, 8, 9, 10)
"""Which slips were used: three of the first group, two of the second, three of the third."""
LEFT_OVER = (11, 12)
GROUPED = {
    "labels": (*LABELS, "直属单位班子其他成员"),
    "slips": (7, 3, 6, 4),
    "voters": (0, 1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18),
    "choices": CHOICES * 2,
    "left_over": (15, 19),
}
"""A poll of four groups that cast 6, 2, 5 and 3: with the minimum 5 the first and the third may be shown."""
GROUPED_RESULT = {
    "机关中层正职": ((1, 4, 1, 2), None),
    "机关其他人员": ((1, 3, 1, 2), None),
}
GROUPED_REST = ((2, 1, 2, 0), None)


def stream(seed: str) -> Rng:
    """Random bytes that are the same every time: SHA-256 of the seed and a counter."""
    blocks = 0
    buffer = b""

    def rng(n: int) -> bytes:
        nonlocal blocks, buffer
        while len(buffer) < n:
            buffer += sha256(f"{seed}|{blocks}".encode()).digest()
            blocks += 1
        taken, buffer = buffer[:n], buffer[n:]
        return taken

    return rng


def whole_keys() -> tuple[list[Scalar], Trustees]:
    """Three trustees who are all needed."""
    made = [trustee.generate(ED25519, stream(f"trustee {name}"), name) for name in ("郑为民", "钱守正", "孙立言")]
    return [secret for secret, _ in made], Trustees.of(ED25519, [public for _, public in made])


def same_manifest(manifest: Manifest) -> Manifest:
    return manifest


@dataclass
class Poll:
    """One poll of ours with all its secrets."""

    questions: tuple[Question, ...] = QUESTIONS
    choices: Sequence[Sequence[Sequence[int]]] = CHOICES
    voters: Sequence[int] = VOTERS
    edit_manifest: Callable[[Manifest], Manifest] = same_manifest
    manifest_bytes: Callable[[bytes], bytes] = bytes
    edit_election: Callable[[Election], Election] = lambda election: election
    weights: str = ""
    labels: tuple[str, ...] = LABELS
    slips: tuple[int, ...] = SLIPS
    left_over: tuple[int, ...] = LEFT_OVER
    keys: Callable[[], tuple[list[Scalar], Trustees]] = whole_keys
    receipt_key: SigningKey = field(init=False)
    secrets: list[Scalar] = field(init=False)
    trustees: Trustees = field(init=False)
    trustee_secrets: list[Scalar] = field(init=False)
    sound_manifest: Manifest = field(init=False)
    manifest: bytes = field(init=False)
    manifest_hash: str = field(init=False)
    election: Election = field(init=False)
    credentials: bytes = field(init=False)
    ballots: list[Ballot] = field(init=False)

    def __post_init__(self) -> None:
        self.receipt_key = SigningKey(stream("receipt key")(32))
        self.secrets = [
            credential.secret(ED25519, UUID, credential.new(stream(f"slip {i}"))) for i in range(sum(self.slips))
        ]
        publics = [ED25519.base(secret).text for secret in self.secrets]
        self.trustee_secrets, self.trustees = self.keys()
        manifest = self.edit_manifest(self._manifest(publics))
        self.sound_manifest = manifest
        self.manifest = self.manifest_bytes(manifest.raw)
        self.manifest_hash = canonical.b64_hash(self.manifest)
        self.election = self.edit_election(
            Election(
                ED25519, f"测试\nmipiao-manifest:{self.manifest_hash}", "民主推荐", self.trustees.election_key,
                self.questions, UUID, "局人教处", "机关党委",
            )
        )  # fmt: skip
        listed = [f"{key}{self.weights}" for key in sorted(publics, key=sort_key)]
        self.credentials = canonical.dump(listed) if self.weights else encode_credentials(publics)
        self.ballots = [
            self.vote(voter, choice, f"ballot {voter}")
            for voter, choice in zip(self.voters, self.choices, strict=False)
        ]

    def _manifest(self, publics: list[str]) -> Manifest:
        groups, start = [], 0
        for label, size in zip(self.labels, self.slips, strict=True):
            groups.append(VoterGroup(label, tuple(sorted(publics[start : start + size], key=sort_key))))
            start += size
        return Manifest(
            uuid=UUID, selection="人事教育处处长选拔", kind="recommendation", rehearsal=False, transport="https",
            groups=tuple(groups), minimum=5, receipt_key=self.receipt_key.verify_key.encode().hex(), by_group=(0,),
            assets=(Asset("/static/js/booth/main.js", sha256(b"").hexdigest()),),
            trustees=tuple(
                NamedTrustee(owner.public.name or "", role, owner.public.key.text)
                for owner, role in zip(self.trustees.owners, cycle(("机关纪委", "机关党委", "工会")), strict=False)
            ),
        )  # fmt: skip

    def vote(self, voter: int, choice: Sequence[Sequence[int]], seed: str) -> Ballot:
        """A ballot cast with a slip of the poll."""
        return ballot.make(self.election, self.secrets[voter], choice, stream(seed))

    def void(self, voter: int, reason: str = "leftover", tracker: str | None = None) -> Void:
        """A void proved by the slip's key."""
        key = ED25519.base(self.secrets[voter])
        prefix = f"mipiao-void|{self.election.phi}|{reason}|{tracker or ''}|{key.text}"
        proof = proofs.sign(ED25519, self.secrets[voter], prefix, stream(f"void {voter}"))
        return Void(key, reason, tracker, ("监票人甲", "计票人乙"), proof)

    @property
    def grouped(self) -> bool:
        """Whether some group has ballots enough to be shown."""
        return self.slips != SLIPS

    @property
    def group_sums(self) -> tuple[GroupSums, ...]:
        """The sums of the groups that may be shown."""
        if not self.grouped:
            return ()
        return voter_groups.add_up(self.election, self.sound_manifest, self.ballots).groups

    @property
    def cast(self) -> list[int]:
        """Ballots per group."""
        bounds = [(sum(self.slips[:k]), sum(self.slips[: k + 1])) for k in range(len(self.slips))]
        return [sum(low <= voter < high for voter in self.voters) for low, high in bounds]


@lru_cache(maxsize=1)
def poll() -> Poll:
    """The sound poll. Shared: change a Draft, never this."""
    return Poll()


def slip(voter: int) -> str:
    """The public key of one slip of the sound poll, as the record has it."""
    return ED25519.base(poll().secrets[voter]).text


@lru_cache(maxsize=1)
def grouped() -> Poll:
    """A sound poll of which two groups may be shown. Shared: change a Draft, never this."""
    return Poll(**GROUPED)


def unchanged(value: Any) -> Any:
    return value


@dataclass
class Draft:
    """The record of a poll before it is written."""

    poll: Poll = field(default_factory=poll)
    election: bytes | None = None
    trustees: bytes | None = None
    credentials: bytes | None = None
    manifest: bytes | None = None
    ballots: list[bytes] | None = None
    sums: EncryptedTally | None = None
    encrypted_tally: bytes | None = None
    more_tallied: int = 0
    more_weight: int = 0
    voids: bytes | None = None
    counts: Counts | None = None
    edit_closing: Callable[[Closing], Closing] = unchanged
    closing_key: SigningKey | None = None
    owners: tuple[int, ...] = (1, 2, 3)
    edit_share: Callable[[Share], Share] = unchanged
    edit_partials: Callable[[list[tuple[int, bytes]]], list[tuple[int, bytes]]] = unchanged
    edit_groups: Callable[[tuple[GroupSums, ...]], tuple[GroupSums, ...]] = unchanged
    edit_tally: Callable[[StrongTally], StrongTally] = unchanged
    edit_published: Callable[[bytes], bytes] = unchanged
    result: bytes | None = None
    until: str = "tallied"

    def __post_init__(self) -> None:
        if self.ballots is None:
            made = sorted(self.poll.ballots, key=lambda one: one.tracker)
            self.ballots = [one.raw for one in made]
            self.sums = self.sums or count.accumulate(self.poll.election, made)
        if self.voids is None:
            self.voids = voids.encode([self.poll.void(one) for one in self.poll.left_over])

    def _log(self) -> Log:
        log = Log(TIMESTAMP)
        made = self.poll
        log.setup(
            made.election.raw if self.election is None else self.election,
            made.trustees.raw if self.trustees is None else self.trustees,
            made.credentials if self.credentials is None else self.credentials,
        )
        for raw in self.ballots or []:
            log.ballot(raw)
        return log

    def closing(self, log: Log) -> Closing:
        """The closing statement that fits the log."""
        number = len(log.ballots)
        listed = sum(self.poll.slips)
        voided = len(canonical.load(self.voids or b"[]", "voids"))
        statement = Closing(
            uuid=UUID, phi=self.poll.election.phi, manifest=self.poll.manifest_hash, head=log.closed_event or "",
            ballots=number, cast_per_group=tuple(zip(self.poll.labels, self.poll.cast, strict=True)),
            groups=tuple(one.label for one in self.poll.group_sums),
            counts=self.counts or Counts(listed, listed - voided, listed, voided, listed - voided, number),
            voids=sha256(self.voids or b"").hexdigest(),
        )  # fmt: skip
        return self.edit_closing(statement).signed(self.closing_key or self.poll.receipt_key)

    def files(self) -> Files:
        """Write everything down."""
        log, made = self._log(), self.poll
        manifest = made.manifest if self.manifest is None else self.manifest
        if self.until == "open":
            return Files(log.encode(), manifest)
        log.end_ballots()
        if self.until == "ended":
            return Files(log.encode(), manifest)
        sums = self.sums or ()
        tallied = len(log.ballots) + self.more_tallied, len(log.ballots) + self.more_weight
        log.add_encrypted_tally(count.encode(sums) if self.encrypted_tally is None else self.encrypted_tally, *tallied)
        closing = self.closing(log)
        if self.until == "closed":
            return Files(log.encode(), manifest, closing.raw, self.voids)
        groups = self.edit_groups(made.group_sums)
        made_shares = [
            self.edit_share(
                shares.decrypt(made.election, sums, owner, secret, closing.sigma, stream(f"share {owner}"), groups)
            )
            for owner, secret in enumerate(made.trustee_secrets, 1)
            if owner in self.owners
        ]
        for owner, raw in self.edit_partials([(share.owner, share.partial.raw) for share in made_shares]):
            log.add_partial_decryption(owner, raw)
        strong = self.edit_tally(StrongTally.of(made.election, made.trustees.owners, closing.sigma, made_shares))
        if self.until == "tallied":
            log.add_result(self._result(sums, made_shares) if self.result is None else self.result)
        shown = (
            self.edit_published(self._published(sums, made_shares)) if made.grouped and self.result is None else None
        )
        return Files(log.encode(), manifest, closing.raw, self.voids, strong.raw, shown)

    def _published(self, sums: EncryptedTally, made: list[Share]) -> bytes:
        poll, number = self.poll, len(self.ballots or [])
        total = result.combine(poll.election, poll.trustees, sums, {one.owner: one.partial for one in made}, number)
        # What honest trustees' shares open, whatever the draft changes of them.
        honest = {
            owner: shares.decrypt(poll.election, sums, owner, secret, "", stream("honest"), poll.group_sums).groups
            for owner, secret in enumerate(poll.trustee_secrets, 1)
        }
        groups = published.combine_groups(poll.election, poll.trustees, poll.group_sums, honest, number)
        return Published.of(poll.election, poll.sound_manifest, poll.cast, total, groups).raw

    def _result(self, sums: EncryptedTally, made: list[Share]) -> bytes:
        partials = {share.owner: share.partial for share in made}
        return result.encode(
            result.combine(self.poll.election, self.poll.trustees, sums, partials, len(self.ballots or []))
        )


@lru_cache(maxsize=1)
def sound_files() -> Files:
    """The sound record, written once."""
    return Draft().files()


@lru_cache(maxsize=1)
def grouped_files() -> Files:
    """The sound record of the poll of which two groups may be shown, with its result.json."""
    return Draft(grouped()).files()


def with_ballot(raw: bytes, at: int = 0) -> Draft:
    """A record in which one ballot's bytes are replaced; the published sums stay."""
    draft = Draft()
    assert draft.ballots is not None
    draft.ballots[at] = raw
    return draft


def pairs(report: Report) -> list[tuple[str, Code]]:
    """Check and code of everything that failed, in order; a check's number is left out."""
    return [(check.name.split()[0], check.code) for check in report.checks if check.code is not None]


def failures(report: Report) -> list[str]:
    """The codes of the checks that failed, in order."""
    return [str(check.code) for check in report.checks if not check.ok]


def refusals(report: Report) -> list[str]:
    """The lines of the checks that failed, in order: code, check, place, culprit."""
    return [check.line for check in report.checks if check.ok is False]


Entry = tuple[str, bytes]


def entries(bel: bytes) -> list[Entry]:
    """Take an archive apart: names and contents, without judging."""
    found, at = [], 0
    while at < len(bel):
        size = int(bel[at + 124 : at + 135], 8)
        found.append((bel[at : at + 100].rstrip(b"\0").decode(), bel[at + 512 : at + 512 + size]))
        at += 512 + size + -size % 512
    return found


def tar(members: Sequence[Entry], timestamp: int = TIMESTAMP) -> bytes:
    """Write an archive with sound headers, whatever the members are."""
    blocks = []
    for name, content in members:
        head = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
        head += f"{len(content):011o}\0{timestamp:011o}\0".encode()
        tail = b"0".ljust(512 - 8 - len(head), b"\0")
        checksum = sum(head) + sum(tail) + 8 * 32
        blocks.append(head + f"{checksum:06o}\0 ".encode() + tail + content + b"\0" * (-len(content) % 512))
    return b"".join(blocks)


@dataclass(frozen=True)
class Step:
    """One event with the data that stand before it; `claims` replaces fields of the event."""

    type: str
    data: tuple[bytes, ...] = ()
    claims: dict[str, Any] = field(default_factory=dict)

    def but(self, **changes: Any) -> "Step":
        return replace(self, **changes)


def steps(bel: bytes) -> list[Step]:
    """An archive as its events."""
    found: list[Step] = []
    pending: list[bytes] = []
    for name, content in entries(bel)[1:]:
        if name.endswith(".data.json"):
            pending.append(content)
            continue
        found.append(Step(canonical.load(content, "event")["type"], tuple(pending)))
        pending = []
    return found


def chain(events: Sequence[Step], timestamp: int = TIMESTAMP) -> bytes:
    """Write events as an archive whose hashes and heights fit, in whatever order they come."""
    members = [("BELENIOS", canonical.dump({"version": 1, "timestamp": str(timestamp)}))]
    parent = None
    for height, step in enumerate(events):
        members += [(f"{canonical.hex_hash(one)}.data.json", one) for one in step.data]
        event = {
            **({} if parent is None else {"parent": parent}),
            "height": height,
            "type": step.type,
            **({"payload": canonical.hex_hash(step.data[-1])} if step.data else {}),
            **step.claims,
        }
        raw = canonical.dump({name: value for name, value in event.items() if value is not None})
        parent = canonical.hex_hash(raw)
        members.append((f"{parent}.event.json", raw))
    return tar(members, timestamp)
