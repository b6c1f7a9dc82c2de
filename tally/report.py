"""What a verification says: the record's files, the named checks, and the facts that checks establish for later ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

from keys.errors import KeysError
from tally.closing import Closing, seal
from tally.count import EncryptedTally
from tally.errors import Code, Invalid
from tally.published import Published
from tally.questions import Election
from tally.record import Log, Source
from tally.shares import PartialDecryption
from tally.trustees import Owner, Trustees
from tally.voter_groups import Running

MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class Files:
    """The bytes of a record: the archive, and our sidecars where they are there."""

    bel: Source
    manifest: bytes | None = None
    closing: bytes | None = None
    voids: bytes | None = None
    tally: bytes | None = None
    result: bytes | None = None

    def beside(self) -> list[str]:
        """The sidecars that are there, by the names of their files."""
        named = {"manifest": self.manifest, "closing": self.closing, "voids": self.voids, "tally": self.tally}
        return [f"{name}.json" for name, raw in {**named, "result": self.result}.items() if raw is not None]


@dataclass(frozen=True, slots=True)
class Check:
    """One named check and how it came out; `detail` says what held, `code`, `where` and `who` what did not."""

    name: str
    ok: bool
    detail: str = ""
    code: Code | None = None
    where: str = ""
    who: str | None = None

    @property
    def line(self) -> str:
        """The line that a person reads; who prints it escapes controls, for names come from the record."""
        if self.ok:
            return f"ok   {self.name}" + (f": {self.detail}" if self.detail else "")
        about = ", ".join(part for part in (self.name, self.where, self.who) if part)
        return f"FAIL {self.code}: {about}"


@dataclass
class Report:
    """All checks of one record, and what they established for its readers.

    `stage` is how far the record has come, `slips` how many credentials it lists, `setup_event` the hash of its Setup
    event, `result` the counts if they are in it. `closing` and `published` are there only if their own check holds.
    """

    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stage: str = "empty"
    election: Election | None = None
    slips: int = 0
    ballots: int = 0
    setup_event: str = ""
    closing: Closing | None = None
    result: list[list[int]] | None = None
    published: Published | None = None
    _refused: Counter[str] = field(default_factory=Counter)

    @property
    def uuid(self) -> str:
        """The election's identifier, empty while unknown."""
        return self.election.uuid if self.election else ""

    @property
    def ours(self) -> bool:
        """Whether this is one of our own records: its election names a manifest."""
        return self.election is not None and self.election.manifest_hash is not None

    @property
    def opening_seal(self) -> str:
        """The 启用印记, empty while unknown. Spec: CLOSE-2."""
        return seal(self.setup_event) if self.setup_event else ""

    @property
    def closing_seal(self) -> str:
        """The 封箱印记, empty unless the closing statement holds. Spec: CLOSE-2."""
        return self.closing.seal if self.closing else ""

    @property
    def ok(self) -> bool:
        """Whether every check held."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    def refuse(self, name: str, error: Invalid, who: str | None = None) -> None:
        """Add a check that does not hold. Of one kind the first `MAX_LISTED` are listed. Spec: VER-5."""
        kind = name.split(maxsplit=1)[0]
        self._refused[kind] += 1
        if self._refused[kind] <= MAX_LISTED:
            self.checks.append(Check(name, ok=False, code=error.code, where=error.where, who=who))

    def unlisted(self) -> list[str]:
        """What to say of the refusals that are not listed."""
        return [f"{n - MAX_LISTED} more {kind} do not hold" for kind, n in self._refused.items() if n > MAX_LISTED]

    def check(self, name: str) -> "Guard":
        """Run one check in a `with` block: what it appends is the detail; an Invalid inside makes it a failure."""
        return Guard(self, name)


@dataclass
class Guard:
    """The `with` block of one check: nothing that the record makes go wrong leaves it."""

    report: Report
    name: str
    detail: list[str] = field(default_factory=list)

    def __enter__(self) -> list[str]:
        return self.detail

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> bool:
        if error is None:
            self.report.checks.append(Check(self.name, ok=True, detail=" ".join(self.detail)))
        elif isinstance(error, Invalid):
            self.report.refuse(self.name, error, error.who)
        elif isinstance(error, KeysError):
            self.report.refuse(self.name, Invalid(Code.MALFORMED, str(error)))
        else:
            return False
        return True


@dataclass
class Facts:
    """What the earlier checks established, for the later ones to build on."""

    log: Log
    election: Election
    trustees: Trustees
    weights: dict[str, int]
    running: Running
    owners: Sequence[Owner] = ()
    counted: dict[str, int] = field(default_factory=dict)
    """Credential to the place, in the log, of the ballot that counts for it. The ballots themselves are not kept."""
    encrypted: EncryptedTally = ()
    """The published sums; empty while they cannot be read."""
    partials: dict[int, PartialDecryption] = field(default_factory=dict)
    set_aside: set[int] = field(default_factory=set)
    """Members of threshold groups whose share does not hold, while enough others do."""
    sound: bool = True

    @property
    def total_weight(self) -> int:
        """The sum of the weights of the ballots that count."""
        return sum(self.weights[credential] for credential in self.counted)
