"""Analyses, proposals and meetings. Nothing is overwritten: a change is a new version, a correction a new meeting."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voting.selections.models import Post, Selection
from voting.store.base import Base
from voting.store.clock import Seconds


class Stage(StrEnum):
    """What a proposal proposes: whom to vet, or whom to appoint."""

    VETTING = "vetting"
    APPOINTMENT = "appointment"


STAGES: dict[Stage, str] = {Stage.VETTING: "建议考察对象", Stage.APPOINTMENT: "拟任人选"}


class Way(StrEnum):
    """How the Party group votes: each member by name (the default), or by the slips of a decision poll."""

    NAMED = "named"
    SLIPS = "slips"


class Said(StrEnum):
    """What a member present stated on one person. Who is absent states nothing and has no row."""

    AGREE = "agree"
    OPPOSE = "oppose"
    POSTPONE = "postpone"
    SILENT = "silent"
    RECUSED = "recused"


SAID: dict[Said, str] = {
    Said.AGREE: "同意", Said.OPPOSE: "不同意", Said.POSTPONE: "缓议", Said.SILENT: "未表态", Said.RECUSED: "回避",
}  # fmt: skip


class Analysis(Base):
    """HR's comprehensive analysis (综合分析) of one person for one post. The latest version counts; all are kept."""

    __tablename__ = "decisions_analyses"
    __table_args__ = (UniqueConstraint("post_id", "person", "version", name="decisions_analyses_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id), index=True)
    person: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    votes: Mapped[str] = mapped_column(Text)
    assessments: Mapped[str] = mapped_column(Text)
    performance: Mapped[str] = mapped_column(Text)
    fit: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    written: Mapped[int] = mapped_column(Seconds)


class Proposal(Base):
    """HR's proposal for a post. `persons` is JSON, lines of the ballot in its order. `fixed_*`: the Party group's act."""

    __tablename__ = "decisions_proposals"
    __table_args__ = (
        UniqueConstraint("post_id", "stage", "version", name="decisions_proposals_version"),
        CheckConstraint("stage IN ('vetting', 'appointment')", name="stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id), index=True)
    stage: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    persons: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    written: Mapped[int] = mapped_column(Seconds)
    fixed_on: Mapped[dt.date | None] = mapped_column(Date)
    fixed_by: Mapped[str] = mapped_column(Text, default="")


class Meeting(Base):
    """A meeting of the Party group that decides on people (讨论决定). Once concluded nothing of it changes.

    `corrects` is the concluded meeting whose entry this one corrects, `correction` why. `withdrawn` is why an entry that
    was not concluded never will be; it stays to be read.
    """

    __tablename__ = "decisions_meetings"
    __table_args__ = (CheckConstraint("way IN ('named', 'slips')", name="way"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey(Selection.id), index=True)
    held_on: Mapped[dt.date] = mapped_column(Date)
    host: Mapped[str] = mapped_column(Text)
    recorder: Mapped[str] = mapped_column(Text)
    observers: Mapped[str] = mapped_column(Text)
    way: Mapped[str] = mapped_column(String(8))
    poll: Mapped[str] = mapped_column(String(32), default="")
    author: Mapped[str] = mapped_column(Text)
    concluded: Mapped[int | None] = mapped_column(Seconds)
    corrects: Mapped[int | None] = mapped_column(ForeignKey("decisions_meetings.id"))
    correction: Mapped[str] = mapped_column(Text, default="")
    withdrawn: Mapped[str | None] = mapped_column(Text)
    members: Mapped[list["Member"]] = relationship(order_by="Member.position", cascade="all, delete-orphan")
    items: Mapped[list["Item"]] = relationship(order_by="Item.position", cascade="all, delete-orphan")


class Member(Base):
    """A member who should attend (应到会), in the order in which they state their view, the head last."""

    __tablename__ = "decisions_members"
    __table_args__ = (UniqueConstraint("meeting_id", "position", name="decisions_members_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    present: Mapped[bool] = mapped_column(Boolean, default=True)


class Item(Base):
    """One person to be decided on. `reconsider`: how many agreed to vote again on what had been decided, where it had."""

    __tablename__ = "decisions_items"
    __table_args__ = (UniqueConstraint("meeting_id", "position", name="decisions_items_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id), index=True)
    position: Mapped[int] = mapped_column(Integer)
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id))
    person: Mapped[str] = mapped_column(Text)
    reconsider: Mapped[int | None] = mapped_column(Integer)
    post: Mapped[Post] = relationship()
    votes: Mapped[list["MemberVote"]] = relationship(cascade="all, delete-orphan")


class MemberVote(Base):
    """What one member stated on one person, by name: the Party group's record asks for it."""

    __tablename__ = "decisions_votes"
    __table_args__ = (
        CheckConstraint("said IN ('agree', 'oppose', 'postpone', 'silent', 'recused')", name="said"),
    )  # fmt: skip

    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    said: Mapped[str] = mapped_column(String(8))
