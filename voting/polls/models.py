"""What the office plans of a poll. Its state and everything a phone sees live on the board, under the same uuid."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voting.board.models import BoardPoll
from voting.selections.models import Post, Selection
from voting.store.base import Base


class Kind(StrEnum):
    """What a poll asks. Evaluations and decisions by slips come as further kinds."""

    RECOMMENDATION = "recommendation"


class Form(StrEnum):
    """The two counts of a recommendation, which are never added silently (民主推荐)."""

    MEETING = "meeting"
    INTERVIEW = "interview"


FORMS: dict[Form, str] = {Form.MEETING: "会议推荐", Form.INTERVIEW: "谈话调研推荐"}


class Act(StrEnum):
    """What two officials put their names to."""

    CLOSE = "close"
    VOID = "void"
    AMEND = "amend"
    REISSUE = "reissue"


class Poll(Base):
    """A poll (投票) of a selection, as the office plans it."""

    __tablename__ = "polls"
    __table_args__ = (
        CheckConstraint("kind IN ('recommendation')", name="kind"),
        CheckConstraint("form IN ('meeting', 'interview')", name="form"),
    )

    uuid: Mapped[str] = mapped_column(ForeignKey(BoardPoll.uuid), primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey(Selection.id), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    form: Mapped[str] = mapped_column(String(16))
    created: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    administrator: Mapped[str] = mapped_column(Text)
    credential_authority: Mapped[str] = mapped_column(Text)
    replaces: Mapped[str] = mapped_column(String(32), default="")
    void_reason: Mapped[str] = mapped_column(Text, default="")
    selection: Mapped[Selection] = relationship()
    questions: Mapped[list["PollQuestion"]] = relationship(
        order_by="PollQuestion.position", cascade="all, delete-orphan"
    )
    groups: Mapped[list["PollGroup"]] = relationship(order_by="PollGroup.position", cascade="all, delete-orphan")


class PollQuestion(Base):
    """One post on the ballot: choose up to `max_choices`, or abstain."""

    __tablename__ = "polls_questions"
    __table_args__ = (
        UniqueConstraint("poll", "post_id", name="polls_questions_post"),
        CheckConstraint("max_choices >= 1", name="max_choices"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll: Mapped[str] = mapped_column(ForeignKey(Poll.uuid), index=True)
    position: Mapped[int] = mapped_column(Integer)
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id))
    max_choices: Mapped[int] = mapped_column(Integer)
    places: Mapped[int] = mapped_column(Integer)
    post: Mapped[Post] = relationship()


class PollGroup(Base):
    """A voter group (票种): disjoint by label, with its number expected (应到) and its spare slips."""

    __tablename__ = "polls_groups"
    __table_args__ = (
        UniqueConstraint("poll", "label", name="polls_groups_label"),
        CheckConstraint("expected >= 1 AND spares >= 0", name="numbers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll: Mapped[str] = mapped_column(ForeignKey(Poll.uuid), index=True)
    position: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(Text)
    expected: Mapped[int] = mapped_column(Integer)
    spares: Mapped[int] = mapped_column(Integer)

    @property
    def printed(self) -> int:
        """Slips of this group (印制)."""
        return self.expected + self.spares


class PollOfficial(Base):
    """Who put a name to closing, voiding or amending a poll or to printing slips anew: two for each."""

    __tablename__ = "polls_officials"

    poll: Mapped[str] = mapped_column(ForeignKey(Poll.uuid), primary_key=True)
    act: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    role: Mapped[str] = mapped_column(Text, default="")
