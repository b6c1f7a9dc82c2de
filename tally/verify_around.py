"""The checks of what stands around Belenios' archive in our own records. Spec: VER-4."""

from collections.abc import Sequence
from hashlib import sha256

from tally import canonical, result, voids, voter_groups
from tally.ballot import short, tracker
from tally.closing import NO_OPINIONS, Closing
from tally.errors import Code, Invalid
from tally.manifest import Manifest
from tally.names import distinct
from tally.published import Published, opens_to
from tally.report import Facts, Files, Report
from tally.result import Factors
from tally.shares import StrongTally, verify_groups, verify_strong
from tally.voids import Void
from tally.voter_groups import GroupSums

_CLOSED = frozenset({"closed", "decrypting", "tallied"})
BELONGS = {
    "manifest.json": _CLOSED | {"open", "ended"}, "closing.json": _CLOSED, "voids.json": _CLOSED,
    "tally.json": _CLOSED - {"closed"}, "result.json": frozenset({"tallied"}),
}  # fmt: skip
"""From which stage of the record on a file may stand beside it. Spec: VER-4."""


def verify_around(report: Report, facts: Facts, files: Files) -> None:
    """Check manifest, voids, order, closing statement and strong proofs, as far as the record goes."""
    _files(report, facts, files)
    manifest = _manifest(report, facts, files)
    if manifest is None:
        return
    if manifest.rehearsal:
        report.notes.append("a rehearsal (演练): its result may not be used")
    if manifest.transport == "http":
        report.notes.append("phones were served without TLS")
    _order(report, facts)
    if facts.log.stage in {"open", "ended"}:
        return
    listed = _voids(report, facts, files)
    closing = _closing(report, facts, files, manifest, listed)
    _minimum(report, facts, manifest)
    if facts.log.partials and closing is None:
        report.notes.append("the closing statement does not hold: the strong proofs, bound to it, were not checked")
    tally = None
    if facts.log.partials and facts.encrypted and closing is not None:
        tally = _strong(report, facts, files, closing)
    if tally is None or not facts.sound:
        return  # with a bad ballot in the box the sums of groups are not compared, as the total's are not
    groups = facts.running.shown(manifest)
    if _groups(report, facts, tally, groups) and files.result is not None:
        _published(report, facts, files.result, manifest, tally, groups)


def _files(report: Report, facts: Facts, files: Files) -> None:
    """Nothing stands beside an archive before its stage: no closing of an open box, no figures of a sealed one."""
    with report.check("files") as detail:
        early = [name for name in files.beside() if facts.log.stage not in BELONGS[name]]
        if early:
            raise Invalid(Code.EXTRA_DATA, f"{', '.join(early)} beside an archive that is {facts.log.stage}")
        if facts.log.certificate is not None:
            raise Invalid(Code.EXTRA_DATA, "credentials_certificate")
        if facts.election.language is not None:
            raise Invalid(Code.EXTRA_DATA, "election, language")
        detail.append(f"{len(files.beside())} beside the archive, none before its time")


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
        if [(one.name, one.key) for one in read.trustees] != [
            (one.name if owner.public.name is None else owner.public.name, owner.public.key.text)
            for one, owner in zip(read.trustees, facts.owners, strict=False)
        ] or len(read.trustees) != len(facts.owners):
            raise Invalid(Code.MANIFEST, "trustees")
        if any(index >= len(election.questions) for index in read.by_group):
            raise Invalid(Code.MANIFEST, "by_group")
        if not all(distinct(question.answers) for question in election.questions):
            raise Invalid(Code.MANIFEST, "answers that read alike")
        detail.append(f"{len(read.groups)} voter groups share out the credentials")
        return read
    return None


def _voids(report: Report, facts: Facts, files: Files) -> tuple[Void, ...]:
    listed: tuple[Void, ...] = ()
    with report.check("voids") as detail:
        if files.voids is None:
            raise Invalid(Code.VOIDS, "voids.json is missing")
        listed = voids.parse(files.voids, facts.election.group)
        trackers = {tracker(raw) for raw in facts.log.ballots} if any(void.tracker for void in listed) else set()
        for void in listed:
            credential = void.credential.text
            if not distinct(void.officials):
                raise Invalid(Code.VOIDS, "officials")
            if credential not in facts.weights or not void.verify(facts.election.group, facts.election.phi):
                raise Invalid(Code.VOIDS, credential)
            if credential in facts.counted:
                raise Invalid(Code.VOIDED_BALLOT, credential)
            if void.tracker in trackers:
                raise Invalid(Code.VOIDED_BALLOT, f"tracker {short(void.tracker)}")
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
            "opinions": (read.opinions, (0, NO_OPINIONS)),
            "counts, printed": (read.counts.printed, len(facts.weights)),
            "counts, voided": (read.counts.voided, len(listed)),
            "counts, returned": (read.counts.returned, len(facts.log.ballots)),
        }
        if facts.sound:
            cast = _cast(facts, manifest)
            labels = [group.label for group in manifest.groups]
            claims["cast_per_group"] = (read.cast_per_group, tuple(zip(labels, cast, strict=True)))
            shown = voter_groups.shown_labels(manifest, cast, len(facts.election.questions))
            claims["groups"] = (read.groups, shown)
        for name, (said, found) in claims.items():
            if said != found:
                raise Invalid(Code.CLOSING, name)
        if read.counts.handed_out > read.counts.printed - read.counts.voided:
            raise Invalid(Code.CLOSING, "counts, handed_out")
        if not read.counts.handed_out <= read.counts.present <= read.counts.expected:
            raise Invalid(Code.CLOSING, "counts, present")
        if read.counts.returned > read.counts.handed_out:
            report.notes.append("more ballots returned than slips handed out: by the rules the poll is held again")
        report.closing = read
        detail.append(f"封箱印记 {read.seal}")
        return read
    return None


def _cast(facts: Facts, manifest: Manifest) -> list[int]:
    """Ballots per group, in manifest order."""
    cast = [0] * len(manifest.groups)
    for credential in facts.counted:
        cast[manifest.group_of[credential]] += 1
    return cast


def _minimum(report: Report, facts: Facts, manifest: Manifest) -> None:
    """Too few ballots are never decrypted. Spec: GROUPS-2."""
    with report.check("minimum") as detail:
        enough = len(facts.counted) >= manifest.minimum
        if not enough and (facts.log.partials or facts.log.result):
            raise Invalid(Code.BELOW_MINIMUM, f"{len(facts.counted)} ballots, minimum {manifest.minimum}")
        detail.append(f"{len(facts.counted)} ballots, minimum {manifest.minimum}")
        if not enough:
            report.notes.append("fewer ballots than the minimum: nothing may be decrypted")


def _strong(report: Report, facts: Facts, files: Files, closing: Closing) -> StrongTally | None:
    """Every share in the record has its strong proofs. Spec: DEC-3, DEC-7."""
    with report.check("strong_decryptions") as detail:
        if files.tally is None:
            raise Invalid(Code.WEAK_DECRYPTION_PROOF, "tally.json is missing")
        tally = StrongTally.parse(files.tally, facts.election.group)
        if (tally.uuid, tally.phi, tally.sigma) != (facts.election.uuid, facts.election.phi, closing.sigma):
            raise Invalid(Code.WEAK_DECRYPTION_PROOF, "tally.json is about another closing")
        owners = [line.owner for line in tally.shares]
        aside = [facts.owners[number - 1].who for number in owners if number in facts.set_aside]
        if aside:  # not combined, so nothing may be opened with it either
            raise Invalid(Code.WEAK_DECRYPTION_PROOF, "a share that was set aside", aside[0])
        if owners != sorted(one.owner for one in facts.log.partials if one.owner not in facts.set_aside):
            raise Invalid(Code.WEAK_DECRYPTION_PROOF, "tally.json, owners")
        for line in tally.shares:
            owner = facts.owners[line.owner - 1]
            if line.owner not in facts.partials:
                continue  # refused by name already
            if line.key != owner.public.key.text:
                raise Invalid(Code.WEAK_DECRYPTION_PROOF, "key", owner.who)
            partial = facts.partials[line.owner]
            verify_strong(facts.election, facts.encrypted, owner, closing.sigma, partial, line.total)
        detail.append(f"{len(owners)} trustees, bound to ciphertext, factor and seal")
        return tally
    return None


def _groups(report: Report, facts: Facts, tally: StrongTally, groups: Sequence[GroupSums]) -> bool:
    """Just the group sums that the disclosure rule allows are opened, by every trustee. Spec: DEC-8, GROUPS-4."""
    with report.check("group_decryptions") as detail:
        for line in tally.shares:
            if line.owner in facts.partials:
                verify_groups(facts.election, groups, facts.owners[line.owner - 1], tally.sigma, line.groups)
        detail.append("、".join(group.label for group in groups) or "no group may be shown")
        return True
    return False


def _published(
    report: Report, facts: Facts, raw: bytes, manifest: Manifest, tally: StrongTally, groups: Sequence[GroupSums]
) -> None:
    """The figures handed round beside the record are the record's. Spec: RES-3."""
    with report.check("published_result") as detail:
        read = Published.parse(raw)
        if read.uuid != facts.election.uuid or [list(row) for row in read.total] != report.result:
            raise Invalid(Code.RESULT, "result.json")
        named = [label for label, _ in read.groups]
        _same_groups(named, [group.label for group in groups])
        for place, (group, (label, rows)) in enumerate(zip(groups, read.groups, strict=True)):
            factors: dict[int, Factors] = {
                line.owner: line.groups[place] for line in tally.shares if line.owner in facts.partials
            }
            wrong = opens_to(facts.election, result.opened(facts.trustees, group.sums, factors), group.sums, rows)
            if wrong:
                raise Invalid(Code.GROUP_RESULT, f"result.json, {label}, {wrong}")
        if read != Published.of(facts.election, manifest, _cast(facts, manifest), report.result, dict(read.groups)):
            raise Invalid(Code.GROUP_RESULT, "result.json, rest")
        report.published = read
        detail.append(f"{len(named)} groups shown, the others together")


def _same_groups(named: Sequence[str], allowed: Sequence[str]) -> None:
    """Check that `result.json` names the groups that are opened, in manifest order. Raises Invalid with their labels."""
    extra = [label for label in named if label not in allowed]
    missing = [label for label in allowed if label not in named]
    if extra or missing:
        code = Code.GROUP_WITHHELD if extra else Code.GROUP_MISSING
        raise Invalid(code, f"result.json, {'、'.join(extra or missing)}")
    if named != allowed:
        raise Invalid(Code.MALFORMED, "result.json, groups")
