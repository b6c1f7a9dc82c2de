"""The checks of what stands around Belenios' archive in our own records. Spec: VER-4."""

from hashlib import sha256

from tally import canonical, voids
from tally.ballot import tracker
from tally.closing import NO_OPINIONS, Closing, seal
from tally.errors import Code, Invalid
from tally.manifest import Manifest
from tally.report import Facts, Files, Report
from tally.shares import StrongTally, verify_strong
from tally.voids import Void


def verify_around(report: Report, facts: Facts, files: Files) -> None:
    """Check manifest, voids, order, closing statement and strong proofs, as far as the record goes."""
    manifest = _manifest(report, facts, files)
    report.opening_seal = seal(report.opening_seal)
    if manifest is None:
        return
    if manifest.rehearsal:
        report.notes.append("a rehearsal (演练): its result may not be used")
    if manifest.transport == "http":
        report.notes.append("phones were served without TLS")
    if facts.log.stage in {"open", "ended"}:
        return
    listed = _voids(report, facts, files)
    _order(report, facts)
    closing = _closing(report, facts, files, manifest, listed)
    _minimum(report, facts, manifest)
    if facts.log.partials and closing is not None:
        _strong(report, facts, files, closing)


def _manifest(report: Report, facts: Facts, files: Files) -> Manifest | None:
    election = facts.election
    with report.check("manifest") as detail:
        if files.manifest is None:
            raise Invalid(Code.MANIFEST_MISSING, "manifest.json")
        read = Manifest.parse(files.manifest)
        if read.hash != election.manifest_hash:
            raise Invalid(Code.MANIFEST_HASH, "manifest.json")
        if read.uuid != election.uuid:
            raise Invalid(Code.MANIFEST, "uuid")
        if facts.log.credentials != canonical.dump(list(facts.weights)):
            raise Invalid(Code.MANIFEST, "weights")
        read.check_partition(list(facts.weights))
        if [one.key for one in read.trustees] != [owner.public.key.text for owner in facts.owners]:
            raise Invalid(Code.MANIFEST, "trustees")
        if any(index >= len(election.questions) for index in read.by_group):
            raise Invalid(Code.MANIFEST, "by_group")
        detail.append(f"{len(read.groups)} voter groups share out the credentials")
        return read
    return None


def _voids(report: Report, facts: Facts, files: Files) -> tuple[Void, ...]:
    listed: tuple[Void, ...] = ()
    with report.check("voids") as detail:
        if files.voids is None:
            raise Invalid(Code.VOIDS, "voids.json is missing")
        listed = voids.parse(files.voids, facts.election.group)
        for void in listed:
            credential = void.credential.text
            if credential not in facts.weights or not void.verify(facts.election.group, facts.election.phi):
                raise Invalid(Code.VOIDS, credential)
            if credential in facts.counted:
                raise Invalid(Code.VOIDED_BALLOT, credential)
        detail.append(f"{len(listed)} slips voided, none of them in the box")
    return listed


def _order(report: Report, facts: Facts) -> None:
    """Ballots stand sorted by tracker, so that the record says nothing about who came first. Spec: REC-5."""
    with report.check("ballot_order") as detail:
        trackers = [tracker(raw) for raw in facts.log.ballots]
        if trackers != sorted(trackers):
            raise Invalid(Code.BALLOT_ORDER, "ballots")
        detail.append("sorted by tracker")


def _closing(
    report: Report, facts: Facts, files: Files, manifest: Manifest, listed: tuple[Void, ...]
) -> Closing | None:
    with report.check("closing") as detail:
        if files.closing is None:
            raise Invalid(Code.CLOSING_MISSING, "closing.json")
        read = Closing.parse(files.closing)
        read.verify(manifest.receipt_key)
        claims: dict[str, tuple[object, object]] = {
            "uuid": (read.uuid, facts.election.uuid),
            "phi": (read.phi, facts.election.phi),
            "manifest": (read.manifest, manifest.hash),
            "head": (read.head, facts.log.closed_event),
            "ballots": (read.ballots, len(facts.log.ballots)),
            "voids": (read.voids, sha256(files.voids or b"").hexdigest()),
            "groups": (read.groups, ()),
            "opinions": (read.opinions, (0, NO_OPINIONS)),
            "counts, printed": (read.counts.printed, len(facts.weights)),
            "counts, voided": (read.counts.voided, len(listed)),
            "counts, returned": (read.counts.returned, len(facts.log.ballots)),
        }
        if facts.sound:
            claims["cast_per_group"] = (read.cast_per_group, _cast_per_group(facts, manifest))
        for name, (said, found) in claims.items():
            if said != found:
                raise Invalid(Code.CLOSING, name)
        if read.counts.handed_out > read.counts.printed - read.counts.voided:
            raise Invalid(Code.CLOSING, "counts, handed_out")
        if read.counts.returned > read.counts.handed_out:
            report.notes.append("more ballots returned than slips handed out: by the rules the poll is held again")
        report.closing_seal = read.seal
        detail.append(f"封箱印记 {read.seal}")
        return read
    return None


def _cast_per_group(facts: Facts, manifest: Manifest) -> tuple[tuple[str, int], ...]:
    cast = [0] * len(manifest.groups)
    for credential in facts.counted:
        index = manifest.group_of.get(credential)
        if index is not None:
            cast[index] += 1
    return tuple((group.label, number) for group, number in zip(manifest.groups, cast, strict=True))


def _minimum(report: Report, facts: Facts, manifest: Manifest) -> None:
    """Too few ballots are never decrypted. Spec: GROUPS-2."""
    with report.check("minimum") as detail:
        enough = len(facts.counted) >= manifest.minimum
        if not enough and (facts.log.partials or facts.log.result):
            raise Invalid(Code.BELOW_MINIMUM, f"{len(facts.counted)} ballots, minimum {manifest.minimum}")
        detail.append(f"{len(facts.counted)} ballots, minimum {manifest.minimum}")
        if not enough:
            report.notes.append("fewer ballots than the minimum: nothing may be decrypted")


def _strong(report: Report, facts: Facts, files: Files, closing: Closing) -> None:
    """Every share in the record has its strong proofs. Spec: DEC-3, DEC-7."""
    with report.check("strong_decryptions") as detail:
        if files.tally is None:
            raise Invalid(Code.WEAK_DECRYPTION_PROOF, "tally.json is missing")
        tally = StrongTally.parse(files.tally, facts.election.group)
        if (tally.uuid, tally.phi, tally.sigma) != (facts.election.uuid, facts.election.phi, closing.sigma):
            raise Invalid(Code.WEAK_DECRYPTION_PROOF, "tally.json is about another closing")
        owners = [line.owner for line in tally.shares]
        if owners != sorted(partial.owner for partial in facts.log.partials):
            raise Invalid(Code.WEAK_DECRYPTION_PROOF, "tally.json, owners")
        for line in tally.shares:
            if line.owner not in facts.partials:
                continue  # refused by name already, and not combined
            owner = facts.owners[line.owner - 1]
            if line.key != owner.public.key.text:
                raise Invalid(Code.WEAK_DECRYPTION_PROOF, "key", owner.who)
            partial = facts.partials[line.owner]
            verify_strong(facts.election, facts.encrypted, owner, closing.sigma, partial, line.total)
        detail.append(f"{len(owners)} trustees, bound to ciphertext, factor and seal")
