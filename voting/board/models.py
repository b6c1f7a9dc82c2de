"""The board's tables: public facts of a poll, and nothing about a person.

No column holds an address or an order of casting, and no time is a ballot's: `closing_since`, `last_call` and the moments
of the pre-flight are about the poll.
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from voting.store.base import Base


class State(StrEnum):
    """A poll's life. One way; see FLOW in service.py."""

    DRAFT = "draft"
    KEYED = "keyed"
    ISSUED = "issued"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    TALLIED = "tallied"
    VOID = "void"


class BoardPoll(Base):
    """One opening of one sealed box. Bytes are exactly those of the record; empty until known."""

    __tablename__ = "board_polls"
    __table_args__ = (
        CheckConstraint("state IN (" + ", ".join(f"'{state}'" for state in State) + ")", name="state"),
        CheckConstraint("transport IN ('https', 'http')", name="transport"),
    )

    uuid: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default=State.DRAFT)
    title: Mapped[str] = mapped_column(Text)
    rehearsal: Mapped[bool] = mapped_column(Boolean)
    transport: Mapped[str] = mapped_column(String(8))
    election: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    trustees: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    credentials: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    manifest: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    # the whole .bel so far, ballots included after the close: loaded only when asked for
    log: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    # hash of the Setup event: its first eight digits are the 启用印记
    setup_event: Mapped[str] = mapped_column(String(64), default="")
    ballot_size: Mapped[int] = mapped_column(Integer, default=0)
    minimum: Mapped[int] = mapped_column(Integer, default=5)
    expected: Mapped[int | None] = mapped_column(Integer, default=None)
    present: Mapped[int | None] = mapped_column(Integer, default=None)
    printed: Mapped[int | None] = mapped_column(Integer, default=None)
    left_in_hand: Mapped[int | None] = mapped_column(Integer, default=None)
    closing_since: Mapped[int | None] = mapped_column(Integer, default=None)
    # where the meeting stands, and when its last call began: what the room's screen must know
    step: Mapped[str | None] = mapped_column(String(10), default=None)
    last_call: Mapped[int | None] = mapped_column(Integer, default=None)
    # an election of the poll's shape under another name and a key that nobody holds: what the test phone encrypts for
    sample: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, deferred=True)


class BoardCredential(Base):
    """A slip's public key (32 bytes, RFC 8032 order) and the index of its voter group."""

    __tablename__ = "board_credentials"

    poll: Mapped[str] = mapped_column(ForeignKey(BoardPoll.uuid), primary_key=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    group_index: Mapped[int] = mapped_column(Integer)


class Pigeonhole(Base):
    """The place of one credential's ballot: there before the box opens, filled in place once, never moved.

    The small columns stand before the body, so that reading them walks no overflow page.
    """

    __tablename__ = "board_box"
    __table_args__ = (CheckConstraint("filled IN (0, 1)", name="filled"),)

    poll: Mapped[str] = mapped_column(ForeignKey(BoardPoll.uuid), primary_key=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    filled: Mapped[int] = mapped_column(Integer)
    tracker: Mapped[bytes] = mapped_column(LargeBinary(32))
    alphas: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class BoardVoid(Base):
    """A slip that is void: who voided it held it (proof, JSON), two officials stood by. Kept in key order, no moment.

    The tracker names the ballot that was taken out of its pigeonhole; null if none was cast.
    """

    __tablename__ = "board_voids"
    __table_args__ = (
        CheckConstraint("reason IN ('leftover', 'damaged', 'contested', 'challenged')", name="reason"),
        # SQLite keeps such a table by its key; PostgreSQL's is written anew when the box is sealed
        {"sqlite_with_rowid": False},
    )

    poll: Mapped[str] = mapped_column(ForeignKey(BoardPoll.uuid), primary_key=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(10))
    tracker: Mapped[str | None] = mapped_column(String(43), default=None)
    official_1: Mapped[str] = mapped_column(Text)
    official_2: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text)


class BoardFile(Base):
    """One file of the record folder, byte for byte."""

    __tablename__ = "board_files"

    poll: Mapped[str] = mapped_column(ForeignKey(BoardPoll.uuid), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class BoardCheck(Base):
    """The last result of one line of the pre-flight (会前检查). It names no device and nobody."""

    __tablename__ = "board_checks"

    poll: Mapped[str] = mapped_column(ForeignKey(BoardPoll.uuid), primary_key=True)
    line: Mapped[str] = mapped_column(String(8), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    passed: Mapped[bool] = mapped_column(Boolean)
    # what was measured, in the line's own unit: milliseconds, seconds, megabytes, tablets
    measured: Mapped[int] = mapped_column(BigInteger, default=0)
