"""The ballot box: pigeonholes, filled in place once, telling nothing about when or in which order.

One row per credential is written in key order before the box opens, padded to the poll's ballot size; a cast is one
compare-and-set UPDATE that keeps the row's size and place. So neither the file nor a copy of it at any later moment
shows more than who could vote and which holes are full.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from tally.ballot import Ballot, max_size
from tally.questions import Election
from voting.board.models import BoardCredential, BoardPoll, BoardVoid, Pigeonhole, State
from voting.errors import Code, Refused

TRACKER_BYTES = 32
ALPHA_BYTES = 8
CREDENTIAL_FIELD = re.compile(rb'"credential":"([0-9a-f]{64})"')
PREPARE_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Accepted:
    """A ballot that is in the box: its tracker (43 characters of Base64) and whether this very call put it there."""

    tracker: str
    first: bool


def key_bytes(public: str) -> bytes:
    """The 32 bytes of RFC 8032 behind the record's 64 big-endian hex digits; their order is the record's order."""
    return bytes.fromhex(public)[::-1]


def key_text(raw: bytes) -> str:
    """The record's form of a credential's 32 bytes."""
    return raw[::-1].hex()


@lru_cache(maxsize=16)
def parsed(election: bytes) -> Election:
    """The election behind its exact bytes, parsed once per process."""
    return Election.parse(election)


def prepare(db: Session, uuid: str) -> None:
    """Write the empty pigeonholes in key order and fix the ballot size. Once, before the box opens.

    Raises Refused: NO_SUCH_POLL; WRONG_STATE unless the poll is issued and has no box yet.
    """
    poll = db.get(BoardPoll, uuid)
    if poll is None:
        raise Refused(Code.NO_SUCH_POLL)
    if poll.state != State.ISSUED or not poll.election or _has_box(db, uuid):
        raise Refused(Code.WRONG_STATE)
    election = parsed(poll.election)
    poll.ballot_size = max_size(election)
    empty = {
        "poll": uuid,
        "filled": 0,
        "tracker": bytes(TRACKER_BYTES),
        "alphas": bytes(ALPHA_BYTES * sum(question.width for question in election.questions)),
        "body": bytes(poll.ballot_size),
    }
    keys = list(
        db.scalars(
            select(BoardCredential.credential).where(BoardCredential.poll == uuid).order_by(BoardCredential.credential)
        )
    )
    db.flush()
    for start in range(0, len(keys), PREPARE_CHUNK):  # in portions: a row is as large as a ballot
        db.execute(insert(Pigeonhole), [{**empty, "credential": key} for key in keys[start : start + PREPARE_CHUNK]])


def _has_box(db: Session, uuid: str) -> bool:
    return db.scalar(select(Pigeonhole.credential).where(Pigeonhole.poll == uuid).limit(1)) is not None


def repeated(db: Session, uuid: str, body: bytes) -> Accepted | None:
    """The earlier answer if these very bytes are in the box already, in whatever state the poll is."""
    field = CREDENTIAL_FIELD.search(body)
    if field is None:
        return None
    stored = stored_tracker(db, uuid, key_bytes(field[1].decode()))
    mine = hashlib.sha256(body).digest()
    return Accepted(_b64(mine), first=False) if stored == mine else None


def stored_tracker(db: Session, uuid: str, credential: bytes) -> bytes | None:
    """The 32 bytes of the tracker in a credential's pigeonhole; None if it is empty or there is no such hole."""
    return db.scalar(
        select(Pigeonhole.tracker).where(
            Pigeonhole.poll == uuid, Pigeonhole.credential == credential, Pigeonhole.filled == 1
        )
    )


def check_open(state: str) -> None:
    """Refuse a cast outside the open state: NOT_YET before, CLOSED after (a void poll included)."""
    if state in (State.DRAFT, State.KEYED, State.ISSUED):
        raise Refused(Code.NOT_YET)
    if state != State.OPEN:
        raise Refused(Code.CLOSED)


def check_slip(db: Session, uuid: str, ballot: Ballot) -> None:
    """Refuse a ballot whose slip cannot vote with it: UNKNOWN_CREDENTIAL, SLIP_VOIDED, CREDENTIAL_USED (by another)."""
    hole = db.execute(
        select(Pigeonhole.filled, Pigeonhole.tracker).where(
            Pigeonhole.poll == uuid, Pigeonhole.credential == key_bytes(ballot.credential.text)
        )
    ).one_or_none()
    if hole is None:
        raise Refused(Code.UNKNOWN_CREDENTIAL)
    if is_void(db, uuid, key_bytes(ballot.credential.text)):
        raise Refused(Code.SLIP_VOIDED)
    if hole.filled and hole.tracker != _raw(ballot.tracker):
        raise Refused(Code.CREDENTIAL_USED)


def is_void(db: Session, uuid: str, credential: bytes) -> bool:
    """Whether the slip of this public key (32 bytes) is void."""
    wanted = select(BoardVoid.reason).where(BoardVoid.poll == uuid, BoardVoid.credential == credential)
    return db.scalar(wanted) is not None


def cast(db: Session, uuid: str, ballot: Ballot) -> Accepted:
    """Put a ballot, checked against this poll's election, into its pigeonhole, once. Durable when the caller commits.

    The poll's row stays locked until then: closing waits for casts in flight, and two casts see each other's
    ciphertexts. Raises Refused: NO_SUCH_POLL, NOT_YET, CLOSED, UNKNOWN_CREDENTIAL, SLIP_VOIDED,
    CIPHERTEXT_REPEATED, CREDENTIAL_USED.
    """
    state = db.scalar(select(BoardPoll.state).where(BoardPoll.uuid == uuid).with_for_update())
    if state is None:
        raise Refused(Code.NO_SUCH_POLL)
    earlier = repeated(db, uuid, ballot.raw)
    if earlier is not None:
        return earlier
    check_open(state)
    return _put(db, uuid, ballot)


def insert_missing(db: Session, uuid: str, ballot: Ballot) -> Accepted:
    """Put in a ballot that the box has signed for and does not hold, while the trackers are being compared.

    The caller has checked ballot and receipt. Raises Refused: NO_SUCH_POLL, WRONG_STATE unless closing, ALREADY_IN_BOX,
    and as `cast`.
    """
    state = db.scalar(select(BoardPoll.state).where(BoardPoll.uuid == uuid).with_for_update())
    if state is None:
        raise Refused(Code.NO_SUCH_POLL)
    if state != State.CLOSING:
        raise Refused(Code.WRONG_STATE)
    if repeated(db, uuid, ballot.raw) is not None:
        raise Refused(Code.ALREADY_IN_BOX)
    return _put(db, uuid, ballot)


def _put(db: Session, uuid: str, ballot: Ballot) -> Accepted:
    check_slip(db, uuid, ballot)
    alphas = _alphas(ballot)
    _refuse_repeated_alphas(db, uuid, alphas)
    size = db.scalar(select(BoardPoll.ballot_size).where(BoardPoll.uuid == uuid)) or 0
    if len(ballot.raw) > size:
        raise Refused(Code.TOO_LARGE)
    put = db.execute(
        update(Pigeonhole)
        .where(
            Pigeonhole.poll == uuid,
            Pigeonhole.credential == key_bytes(ballot.credential.text),
            Pigeonhole.filled == 0,
        )
        .values(filled=1, tracker=_raw(ballot.tracker), alphas=b"".join(alphas), body=ballot.raw.ljust(size, b"\0"))
        .returning(Pigeonhole.filled)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if put is None:
        raise Refused(Code.CREDENTIAL_USED)
    return Accepted(ballot.tracker, first=True)


def _alphas(ballot: Ballot) -> list[bytes]:
    """Eight bytes of the hash of every alpha. A repeated alpha betrays a copied or re-used ciphertext."""
    return [hashlib.sha256(alpha.encode()).digest()[:ALPHA_BYTES] for alpha in ballot.alphas]


def _refuse_repeated_alphas(db: Session, uuid: str, alphas: list[bytes]) -> None:
    wanted = set(alphas)
    if len(wanted) != len(alphas):
        raise Refused(Code.CIPHERTEXT_REPEATED)
    rows = db.scalars(select(Pigeonhole.alphas).where(Pigeonhole.poll == uuid, Pigeonhole.filled == 1))
    for row in rows:
        if not wanted.isdisjoint(row[i : i + ALPHA_BYTES] for i in range(0, len(row), ALPHA_BYTES)):
            raise Refused(Code.CIPHERTEXT_REPEATED)


def count(db: Session, uuid: str) -> int:
    """Ballots in the box (收回)."""
    return db.scalar(select(func.count()).where(Pigeonhole.poll == uuid, Pigeonhole.filled == 1)) or 0


def ballots(db: Session, uuid: str) -> list[bytes]:
    """Every ballot exactly as it was cast, in the record's order: by its tracker's text."""
    rows = db.execute(
        select(Pigeonhole.tracker, Pigeonhole.body).where(Pigeonhole.poll == uuid, Pigeonhole.filled == 1)
    )
    return [body.rstrip(b"\0") for _, body in sorted((_b64(tracker), body) for tracker, body in rows)]


def trackers(db: Session, uuid: str) -> list[str]:
    """All trackers in the box (43 characters each), sorted by their bytes: an order that says nothing."""
    return [
        _b64(raw)
        for raw in sorted(db.scalars(select(Pigeonhole.tracker).where(Pigeonhole.poll == uuid, Pigeonhole.filled == 1)))
    ]


def cast_by_group(db: Session, uuid: str) -> dict[int, int]:
    """Ballots in the box per group index. Small groups must not be shown: see service.shown_by_group."""
    rows = db.scalars(
        select(BoardCredential.group_index)
        .join(
            Pigeonhole,
            (Pigeonhole.poll == BoardCredential.poll) & (Pigeonhole.credential == BoardCredential.credential),
        )
        .where(BoardCredential.poll == uuid, Pigeonhole.filled == 1)
    )
    return dict(Counter(rows))


def take_out(db: Session, uuid: str, credential: bytes) -> None:
    """Empty one pigeonhole in place: the row keeps its size and place, and nothing of the ballot is left in it."""
    hole = (Pigeonhole.poll == uuid) & (Pigeonhole.credential == credential)
    size = db.scalar(select(BoardPoll.ballot_size).where(BoardPoll.uuid == uuid)) or 0
    alphas = db.scalar(select(func.length(Pigeonhole.alphas)).where(hole)) or 0
    db.execute(
        update(Pigeonhole)
        .where(hole)
        .values(filled=0, tracker=bytes(TRACKER_BYTES), alphas=bytes(alphas), body=bytes(size))
        .execution_options(synchronize_session=False)
    )


def empty_for_ever(db: Session, uuid: str) -> None:
    """Delete the box of a void poll, ballots undecrypted."""
    db.execute(delete(BoardVoid).where(BoardVoid.poll == uuid).execution_options(synchronize_session=False))
    db.execute(delete(Pigeonhole).where(Pigeonhole.poll == uuid).execution_options(synchronize_session=False))
    rewrite_box(db)


def rewrite_box(db: Session) -> None:
    """Write box and voids anew in key order, so that PostgreSQL's files tell no order. SQLite needs nothing.

    CLUSTER would not do: it keeps each row's transaction number (xmin), and these count upwards as ballots come. So
    the rows go through a temporary table into a new file, all under the closing transaction's one number. Takes an
    exclusive lock until commit.
    """
    if db.get_bind().dialect.name != "postgresql":
        return
    db.flush()
    for table in ("board_box", "board_voids"):
        db.execute(text(f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT * FROM {table}"))  # noqa: S608 - the two names above
        db.execute(text(f"TRUNCATE {table}"))
        db.execute(text(f"INSERT INTO {table} SELECT * FROM copied ORDER BY poll, credential"))  # noqa: S608 - as above
        db.execute(text("DROP TABLE copied"))


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")


def _raw(tracker: str) -> bytes:
    return b64decode(tracker + "=")
