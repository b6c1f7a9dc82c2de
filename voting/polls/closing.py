"""Sealing the box: ballots into the record, sorted by tracker; their sum, still encrypted; the closing statement."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from tally import count, voter_groups
from tally.ballot import Ballot, tracker
from tally.closing import Closing, Counts
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import Log
from voting.board import service as board
from voting.board.models import BoardPoll
from voting.polls.counting import RoomCounts


def seal_box(db: Session, on_board: BoardPoll, counts: RoomCounts, receipt_key: SigningKey) -> str:
    """Write the closed record to the board and return the 封箱印记. The caller holds the poll's lock.

    Ballots stand in the record by tracker: an order that tells nothing about when they came.
    """
    uuid = on_board.uuid
    election, manifest = board.parsed(on_board.election), Manifest.parse(on_board.manifest)
    log = Log.parse(on_board.log)
    ballots = sorted(board.ballots(db, uuid), key=tracker)  # by the text of the tracker, as the verifier reads it
    total = count.accumulate(election, _into_log(log, ballots, election))
    log.end_ballots()
    log.add_encrypted_tally(count.encode(total), num_tallied=len(ballots), total_weight=len(ballots))
    voided = board.voids_file(db, uuid)
    per_group = board.cast_by_group(db, uuid)
    cast = [per_group.get(index, 0) for index in range(len(manifest.groups))]
    statement = Closing(
        uuid=uuid,
        phi=election.phi,
        manifest=manifest.hash,
        head=log.head or "",
        ballots=len(ballots),
        cast_per_group=tuple((group.label, cast[index]) for index, group in enumerate(manifest.groups)),
        counts=_stated(counts, len(ballots)),
        voids=sha256(voided).hexdigest(),
        groups=voter_groups.shown_labels(manifest, cast, len(election.questions)),
    ).signed(receipt_key)
    on_board.log = log.encode()
    for name, body in {
        f"{uuid}.bel": on_board.log, "manifest.json": manifest.raw, "voids.json": voided, "closing.json": statement.raw,
    }.items():  # fmt: skip
        board.put_file(db, uuid, name, body)
    return statement.seal


def _into_log(log: Log, ballots: Iterable[bytes], election: Election) -> Iterator[Ballot]:
    """Each ballot into the record, then on to the sum. Proofs were judged at the cast; `verify` judges them again."""
    for raw in ballots:
        log.ballot(raw)
        yield Ballot.parse(raw, election)


def _stated(counts: RoomCounts, returned: int) -> Counts:
    return Counts(
        expected=counts.expected,
        present=counts.present,
        printed=counts.printed,
        voided=counts.voided,  # those proved void by their own keys; others left in hand only count as not handed out
        handed_out=counts.handed_out,
        returned=returned,
    )
