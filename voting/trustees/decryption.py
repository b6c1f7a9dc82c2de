"""After the close: take each trustee's share; when the last is in, finish the record and verify it before it counts.

The shares are public once the record is. What is refused here would be refused by every verifier too; refusing early
names the culprit while people are still in the room.
"""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from keys.curve import ED25519
from tally import canonical, count, result, voter_groups
from tally.ballot import Ballot
from tally.closing import Closing
from tally.count import EncryptedTally
from tally.errors import Code as TallyCode
from tally.errors import Invalid
from tally.manifest import Manifest
from tally.published import Published, combine_groups
from tally.questions import Election
from tally.record import Log
from tally.shares import Share, StrongTally
from tally.trustees import Trustees
from tally.verify import Files, verify
from tally.voter_groups import GroupSums
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.store.base import release
from voting.trustees.models import Trustee

_REFUSALS = {
    TallyCode.DECRYPTION_PROOF: Code.SHARE_PROOF,
    TallyCode.WEAK_DECRYPTION_PROOF: Code.SHARE_STRONG_PROOF,
    TallyCode.DECRYPTION_OWNER: Code.SHARE_OWNER,
    TallyCode.GROUP_DECRYPTION: Code.SHARE_STRONG_PROOF,
    TallyCode.GROUP_WITHHELD: Code.SHARE_GROUPS,
    TallyCode.GROUP_MISSING: Code.SHARE_GROUPS,
}
_CELL_BYTES = 700
"""A factor and two proofs, with names and commas, need less than this per ciphertext."""
_GROUP_CELL_BYTES = 350
"""A factor and one proof of a group's sum."""

_SUMS: dict[str, tuple[GroupSums, ...]] = {}
"""The groups' sums of the poll whose shares come in, by its closing statement, which fixes the ballots: adding up 120
evaluations of 8 takes seconds, and every trustee in the room would wait for them again."""


@dataclass(frozen=True)
class Closed:
    """A closed poll's record, parsed: what shares are judged by."""

    log: Log
    closing: Closing
    manifest: Manifest

    @cached_property
    def election(self) -> Election:
        """The election."""
        return Election.parse(self.log.election)

    @cached_property
    def trustees(self) -> Trustees:
        """Whose shares are needed."""
        return Trustees.parse(self.log.trustees, self.election.group)

    @cached_property
    def encrypted(self) -> EncryptedTally:
        """The sums to be decrypted."""
        return count.parse(self.log.encrypted_tally, self.election)

    @cached_property
    def groups(self) -> tuple[GroupSums, ...]:
        """The sums of the groups that may be shown, added up from the ballots: they stand nowhere in the record."""
        if not self.closing.groups:
            return ()
        known = _SUMS.get(self.closing.sigma)
        if known is None:
            ballots = (Ballot.parse(raw, self.election) for raw in self.log.ballots)
            known = voter_groups.add_up(self.election, self.manifest, ballots).groups
            _SUMS.clear()
            _SUMS[self.closing.sigma] = known
        return known


def step(db: Session, me: Trustee) -> str:
    """What the trustee has to do next: key, open, wait, decrypt, shared, done; or void."""
    state = board.get(db, me.poll).state
    if state == State.DRAFT:
        if me.key is None:
            return "key"
        return "wait" if me.opened else "open"
    if state == State.CLOSED:
        return "shared" if me.share else "decrypt"
    return {State.TALLIED: "done", State.VOID: "void"}.get(State(state), "wait")


def record(db: Session, uuid: str) -> dict[str, bytes]:
    """The record's files as a trustee's tool needs them. Raises Refused(WRONG_STATE) before the close."""
    if board.get(db, uuid).state not in (State.CLOSED, State.TALLIED):
        raise Refused(Code.WRONG_STATE)
    return board.files(db, uuid)


def max_share(db: Session, uuid: str) -> int:
    """How long a share of this election can be, in bytes. Raises Refused(WRONG_STATE) before there is an election."""
    poll = board.get(db, uuid)
    if not poll.election:
        raise Refused(Code.WRONG_STATE)
    groups = Manifest.parse(poll.manifest).groups
    cells = sum(question.width for question in board.parsed(poll.election).questions)
    labels = sum(len(canonical.dump(group.label)) for group in groups)
    return 4096 + labels + (_CELL_BYTES + _GROUP_CELL_BYTES * len(groups)) * cells


def submit_share(db: Session, uuid: str, n: int, raw: bytes) -> bool:
    """Verify and keep a share. True once the result is in the record. Sent again ⇒ the same answer.

    Commits as it goes, so that proofs are checked and results computed while nobody waits for the database.
    Raises Refused: WRONG_STATE, BELOW_MINIMUM, SHARE_MALFORMED, SHARE_OTHER_POLL, SHARE_OWNER, SHARE_SEAL, SECOND_HEAD,
    SHARE_PROOF, SHARE_STRONG_PROOF, SHARE_GROUPS (naming who and where), RECORD_UNSOUND.
    """
    poll = board.get(db, uuid)
    if poll.state not in (State.CLOSED, State.TALLIED):
        raise Refused(Code.WRONG_STATE)
    closed = _closed(db, poll)
    if closed.closing.ballots < closed.manifest.minimum:
        raise Refused(Code.BELOW_MINIMUM)
    kept = db.scalar(select(Trustee.share).where(Trustee.poll == uuid, Trustee.n == n))
    share = _read(raw, uuid, n, closed.closing.sigma, kept)
    release(db)
    _verify(share, closed)
    db.execute(
        update(Trustee)
        .where(Trustee.poll == uuid, Trustee.n == n, Trustee.share.is_(None))
        .values(share=raw.decode())
        .execution_options(synchronize_session=False)
    )
    release(db)
    return poll.state == State.TALLIED or complete(db, uuid)


def complete(db: Session, uuid: str) -> bool:
    """Combine the shares if all are in: result and proofs into the record, verified, then *tallied*; else False.

    Raises Refused(RECORD_UNSOUND) and changes nothing when our own copy does not pass `verify`.
    """
    poll = board.get(db, uuid)
    rows = db.scalars(select(Trustee.share).where(Trustee.poll == uuid).order_by(Trustee.n)).all()
    shares = [Share.parse(raw.encode(), ED25519) for raw in rows if raw is not None]
    closed = _closed(db, poll)
    files = board.files(db, uuid)
    release(db)
    if len(shares) < len(closed.trustees.owners):
        return False
    try:
        files |= _finish(closed, shares)
    except Invalid as error:
        raise Refused(Code.RECORD_UNSOUND, str(error)) from error
    _must_verify(files, uuid)
    return _publish(db, uuid, files)


def _finish(closed: Closed, shares: list[Share]) -> dict[str, bytes]:
    """The files that the decryption adds or replaces. Raises Invalid."""
    election, log, uuid = closed.election, closed.log, closed.election.uuid
    for share in shares:
        _verify(share, closed)
    partials = {share.owner: share.partial for share in shares}
    counts = result.combine(election, closed.trustees, closed.encrypted, partials, log.total_weight)
    opened = {share.owner: share.groups for share in shares}
    groups = combine_groups(election, closed.trustees, closed.groups, opened, log.total_weight)
    cast = [number for _, number in closed.closing.cast_per_group]
    for share in shares:
        log.add_partial_decryption(share.owner, share.partial.raw)
    log.add_result(result.encode(counts))
    strong = StrongTally.of(election, closed.trustees.owners, closed.closing.sigma, shares)
    return {
        f"{uuid}.bel": log.encode(),
        "tally.json": strong.raw,
        "result.json": Published.of(election, closed.manifest, cast, counts, groups).raw,
    }


def _must_verify(files: dict[str, bytes], uuid: str) -> None:
    sidecars = {name: files.get(f"{name}.json") for name in ("manifest", "closing", "voids", "tally", "result")}
    report = verify(Files(bel=files[f"{uuid}.bel"], **sidecars))
    if not report.ok or report.stage != "tallied":
        failed = next((check.line for check in report.checks if not check.ok), report.stage)
        raise Refused(Code.RECORD_UNSOUND, failed)


def _publish(db: Session, uuid: str, files: dict[str, bytes]) -> bool:
    """One transaction: the finished files, the log and the state. Who comes second finds it done."""
    state = db.scalar(select(BoardPoll.state).where(BoardPoll.uuid == uuid).with_for_update())
    if state == State.TALLIED:
        return True
    board.advance(db, uuid, State.CLOSED, State.TALLIED)
    db.execute(
        update(BoardPoll)
        .where(BoardPoll.uuid == uuid)
        .values(log=files[f"{uuid}.bel"])
        .execution_options(synchronize_session=False)
    )
    for name in (f"{uuid}.bel", "tally.json", "result.json"):
        board.put_file(db, uuid, name, files[name])
    return True


def _closed(db: Session, poll: BoardPoll) -> Closed:
    """The closed record; after the tally its log carries more events, which shares are not judged by."""
    try:
        statement = Closing.parse(board.get_file(db, poll.uuid, "closing.json") or b"")
        return Closed(Log.parse(poll.log), statement, Manifest.parse(poll.manifest))
    except Invalid as error:
        raise Refused(Code.RECORD_UNSOUND, str(error)) from error


def _read(raw: bytes, uuid: str, n: int, sigma: str, kept: str | None) -> Share:
    try:
        share = Share.parse(raw, ED25519)
    except Invalid as error:
        raise Refused(Code.SHARE_MALFORMED, error.where) from error
    if share.uuid != uuid:
        raise Refused(Code.SHARE_OTHER_POLL)
    if share.owner != n:
        raise Refused(Code.SHARE_OWNER)
    heads = {sigma, share.sigma, *([] if kept is None else [Share.parse(kept.encode(), ED25519).sigma])}
    if len(heads) > 1:
        raise Refused(Code.SHARE_SEAL if kept is None else Code.SECOND_HEAD)
    return share


def _verify(share: Share, closed: Closed) -> None:
    owners = closed.trustees.owners
    if share.owner > len(owners):
        raise Refused(Code.SHARE_OWNER)
    try:
        share.verify(closed.election, closed.encrypted, owners[share.owner - 1], closed.closing.sigma, closed.groups)
    except Invalid as error:
        detail = "，".join(part for part in (error.where, error.who) if part)
        raise Refused(_REFUSALS.get(error.code, Code.SHARE_MALFORMED), detail) from error
