"""The verifier: everything that can be checked about a record, each check by name.

A record is checked as far as it goes. Foreign archives (made by Belenios) are held to Belenios' checks in our strict
reading; our own, known by the manifest's line in the election's description, also to ours.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Protocol

from keys.group import Point
from tally import count, result
from tally.ballot import Ballot, short
from tally.credentials import read_credentials
from tally.errors import Code, Invalid
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import Log, Partial
from tally.report import Check, Facts, Files, Report
from tally.shares import PartialDecryption
from tally.trustees import Owner, Pedersen, Trustees
from tally.verify_around import verify_around
from tally.voter_groups import Running

__all__ = ["Check", "Files", "Judged", "Report", "verify"]


class Mapper(Protocol):
    """`map`, or an executor's: ballots are independent of one another."""

    def __call__(self, function: Callable[[bytes], "Judged"], raws: Iterable[bytes], /) -> Iterable["Judged"]:
        """Apply the function to each, results in order."""


Judged = Ballot | Invalid


def verify(files: Files, *, allow_revote: bool = False, mapper: Mapper = map) -> Report:
    """Check a record. Never raises on bad input: every failure is a check of the report. Spec: VER-1."""
    report = Report()
    facts = _setup(report, files)
    if facts is None:
        return report
    # Our own polls know no second vote, whatever the reader of foreign archives asked for.
    _ballots(report, facts, allow_revote=allow_revote and not report.ours, mapper=mapper)
    # Asked of the events, not of the data: an empty file under an event is still a file to be refused.
    if facts.log.closed_event is not None:
        _encrypted_tally(report, facts)
    if facts.encrypted:
        _decryptions(report, facts)
    elif facts.log.partials:
        report.notes.append("the sums cannot be read: no decryption was compared with them")
    if facts.log.stage == "tallied":
        _result(report, facts)
    if report.ours:
        verify_around(report, facts, files)
    else:
        _foreign(report, files)
    report.notes += report.unlisted()
    if report.stage != "tallied":
        report.notes.append(f"the record is not complete ({report.stage}): it was checked as far as it goes")
    return report


def _foreign(report: Report, files: Files) -> None:
    """An election that names no manifest is judged by Belenios' rules alone, so nothing of ours may stand beside it."""
    report.notes.append(
        "foreign archive, by Belenios' rules alone: its decryption proofs bind neither ciphertext nor factor"
    )
    if files.beside():
        report.refuse("files", Invalid(Code.EXTRA_DATA, f"{', '.join(files.beside())} beside a foreign archive"))


def _setup(report: Report, files: Files) -> Facts | None:
    """Archive, election, trustees, credentials. Without these nothing else can be checked."""
    log = election = trustees = weights = None
    with report.check("archive") as detail:
        log = Log.parse(files.bel)
        report.stage = log.stage
        if log.setup_event is None:
            raise Invalid(Code.MISSING_DATA, "Setup")
        report.setup_event = log.setup_event
        detail.append(f"{log.events} events, chain unbroken, every byte canonical")
    if log is None or log.setup_event is None:
        return None
    with report.check("election") as detail:
        report.election = election = Election.parse(log.election)
        detail.append(f"{election.uuid}, {len(election.questions)} questions")
    if election is None:
        return None
    with report.check("trustees") as detail:
        trustees = Trustees.parse(log.trustees, election.group)
        trustees.check()
        detail.append(f"{len(trustees.owners)} keys, possession proved")
    with report.check("credentials") as detail:
        weights = read_credentials(log.credentials, election.group)
        report.slips = len(weights)
        detail.append(f"{len(weights)}, distinct, sorted")
    if trustees is None or weights is None:
        return None
    with report.check("election_key"):
        if trustees.election_key != election.public_key:
            raise Invalid(Code.ELECTION_KEY, "election, public_key")
    return Facts(log, election, trustees, weights, Running(election, _group_of(files)), trustees.owners)


def _group_of(files: Files) -> Mapping[str, int]:
    """Which group's sum a ballot goes to; nothing of it is believed before the manifest has been checked."""
    try:
        return Manifest.parse(files.manifest or b"").group_of
    except Invalid:
        return {}


def _ballots(report: Report, facts: Facts, *, allow_revote: bool, mapper: Mapper) -> None:
    election = facts.election

    def judge(raw: bytes) -> Judged:
        try:
            return Ballot.check(raw, election)
        except Invalid as error:
            return error

    alphas: set[bytes] = set()
    trackers: set[str] = set()
    for number, judged in enumerate(_each(mapper(judge, facts.log.ballots)), 1):
        try:
            _admit(facts, judged, number - 1, (alphas, trackers), allow_revote=allow_revote)
        except Invalid as error:
            facts.sound = False
            who = None if isinstance(judged, Invalid) else f"tracker {short(judged.tracker)}"
            where = f"ballot {number}" + (f", {error.where}" if error.where else "")
            report.refuse("ballots", Invalid(error.code, where), who)
    report.ballots = len(facts.counted)
    if facts.sound:
        report.checks.append(Check("ballots", ok=True, detail=f"{len(facts.log.ballots)}, every proof and signature"))
    else:
        report.notes.append("some ballots do not hold: the sums were not compared")


def _each(judged: Iterable[Judged]) -> Iterator[Judged]:
    """Pass verdicts on; an archive that changes under our eyes is the last of them."""
    try:
        yield from judged
    except Invalid as changed:
        yield changed


def _admit(facts: Facts, judged: Judged, place: int, seen: tuple[set[bytes], set[str]], *, allow_revote: bool) -> None:
    """Let a ballot into the count, or say why not. Spec: VER-2."""
    alphas, trackers = seen
    if isinstance(judged, Invalid):
        raise judged
    credential = judged.credential.text
    if credential not in facts.weights:
        raise Invalid(Code.UNKNOWN_CREDENTIAL)
    if judged.tracker in trackers:
        raise Invalid(Code.BALLOT_REPEATED)
    if credential in facts.counted and not allow_revote:
        raise Invalid(Code.SECOND_VOTE)
    mine = [sha256(alpha.encode()).digest()[:16] for alpha in judged.alphas]  # half the memory of the texts
    if not alphas.isdisjoint(mine):
        raise Invalid(Code.CIPHERTEXT_REPEATED)
    trackers.add(judged.tracker)
    alphas.update(mine)
    weight = facts.weights[credential]
    if credential in facts.counted:  # a later ballot takes an earlier one's place
        facts.running.take_back(Ballot.parse(facts.log.ballots[facts.counted[credential]], facts.election), weight)
    facts.running.add(judged, weight)
    facts.counted[credential] = place


def _encrypted_tally(report: Report, facts: Facts) -> None:
    log, election = facts.log, facts.election
    if not facts.sound:
        with suppress(Invalid):
            facts.encrypted = count.parse(log.encrypted_tally, election)
        return
    with report.check("encrypted_tally") as detail:
        facts.encrypted = count.parse(log.encrypted_tally, election)
        if log.num_tallied != len(facts.counted):
            raise Invalid(Code.TALLY_MISMATCH, "num_tallied")
        if log.total_weight != facts.total_weight:
            raise Invalid(Code.TALLY_MISMATCH, "total_weight")
        if count.encode(facts.running.total()) != log.encrypted_tally:
            raise Invalid(Code.TALLY_MISMATCH, "sums")
        detail.append(f"the sum of {log.num_tallied} ballots")


def _decryptions(report: Report, facts: Facts) -> None:
    """Check Belenios' proofs of every share; what fails is judged when all that hold are known."""
    failed: list[tuple[Partial, Invalid]] = []
    seen: set[int] = set()
    for partial in facts.log.partials:
        try:
            if partial.owner > len(facts.owners) or partial.owner in seen:
                raise Invalid(Code.DECRYPTION_OWNER, "owner")
            seen.add(partial.owner)
            owner = facts.owners[partial.owner - 1]
            parsed = PartialDecryption.parse(partial.raw, facts.election.group)
            parsed.verify(facts.election, facts.encrypted, owner)
        except Invalid as error:
            failed.append((partial, error))
            continue
        facts.partials[partial.owner] = parsed
        report.checks.append(Check(_place(partial), ok=True, detail=f"{owner.who}, Belenios' proofs"))
    for partial, reason in failed:
        _set_aside(report, facts, partial, reason)


def _place(partial: Partial) -> str:
    return f"partial_decryption {partial.owner}"


def _set_aside(report: Report, facts: Facts, partial: Partial, error: Invalid) -> None:
    """Name the owner of a bad partial decryption; a threshold group may do without it. Spec: VER-3."""
    owner = facts.owners[partial.owner - 1] if partial.owner <= len(facts.owners) else None
    who = error.who or (owner.who if owner else None)
    if error.code is Code.DECRYPTION_OWNER:
        who = None  # whoever entered it: the named trustee's own share is another one
    if owner and error.code is not Code.DECRYPTION_OWNER and _enough_without(facts, owner):
        facts.set_aside.add(owner.number)
        report.notes.append(
            f"{_place(partial)} set aside ({error.code}: {error.where}, {who}); enough others are valid"
        )
        return
    report.refuse(_place(partial), error, who)


def _enough_without(facts: Facts, owner: Owner) -> bool:
    """Whether the owner's threshold group has enough members whose shares hold."""
    item = facts.trustees.items[owner.item]
    valid = [other for other in facts.owners if other.item == owner.item and other.number in facts.partials]
    return isinstance(item, Pedersen) and len(valid) >= item.threshold


def _result(report: Report, facts: Facts) -> None:
    """Check g^count for every count; no logarithm is computed. Spec: RES-2."""
    election = facts.election
    with report.check("result") as detail:
        claimed = result.parse(facts.log.result, election)
        report.result = claimed
        if not facts.encrypted:
            raise Invalid(Code.RESULT, "without readable sums")
        points: list[list[Point]] = result.opened(facts.trustees, facts.encrypted, facts.partials)
        for q, (counts, row) in enumerate(zip(claimed, points, strict=True), 1):
            for i, (one, point) in enumerate(zip(counts, row, strict=True), 1):
                if one > facts.log.total_weight or election.group.base(one) != point:
                    raise Invalid(Code.RESULT, f"question {q}, answer {i}")
        detail.append("follows from the decryption factors")
