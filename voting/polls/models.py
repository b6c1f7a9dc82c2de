"""What the office plans of a poll. Its state and everything a phone sees live on the board, under the same uuid."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tally.rules.grading import Base as RateBase
from voting.board.models import BoardPoll
from voting.selections.models import Post, Selection, answer_line
from voting.store.base import Base


class Kind(StrEnum):
    """What a poll asks: 民主推荐, 民主测评, or the Party group's decision by slips (党组会表决)."""

    RECOMMENDATION = "recommendation"
    EVALUATION = "evaluation"
    DECISION = "decision"


KINDS: dict[Kind, str] = {
    Kind.RECOMMENDATION: "民主推荐",
    Kind.EVALUATION: "民主测评",
    Kind.DECISION: "党组会表决",
}


class Form(StrEnum):
    """The two counts of a recommendation, which are never added silently (民主推荐)."""

    MEETING = "meeting"
    INTERVIEW = "interview"


FORMS: dict[Form, str] = {Form.MEETING: "会议推荐", Form.INTERVIEW: "谈话调研推荐"}


class Item(StrEnum):
    """What an evaluation asks of each person, in the order in which it is asked."""

    VIRTUE = "德"
    ABILITY = "能"
    DILIGENCE = "勤"
    ACHIEVEMENT = "绩"
    INTEGRITY = "廉"
    OVERALL = "总体评价"
    USE = "使用意见"


FINE = (Item.VIRTUE, Item.ABILITY, Item.DILIGENCE, Item.ACHIEVEMENT, Item.INTEGRITY)
"""The items of which a group needs 20 ballots to be shown alone."""
GRADES = ("优秀", "称职", "基本称职", "不称职")
USE_OPINION = ("同意", "不同意")
DECIDED = ("同意", "不同意", "缓议")


def answers_of(item: Item) -> tuple[str, ...]:
    """What may be marked for an item."""
    return USE_OPINION if item is Item.USE else GRADES


# What the rate 优秀称职率 is divided by (‡, a setting): all valid ballots, or those that marked a grade.
BASES: dict[RateBase, str] = {RateBase.VALID: "有效票（弃权计入）", RateBase.MARKED: "已填票（弃权不计）"}


class Act(StrEnum):
    """What two officials put their names to."""

    CLOSE = "close"
    VOID = "void"
    AMEND = "amend"
    REISSUE = "reissue"
    ROOM = "room"


class Poll(Base):
    """A poll (投票) of a selection, as the office plans it."""

    __tablename__ = "polls"
    __table_args__ = (
        CheckConstraint("kind IN ('recommendation', 'evaluation', 'decision')", name="kind"),
        CheckConstraint("form IN ('meeting', 'interview')", name="form"),
        CheckConstraint("rate_base IN ('valid', 'marked')", name="rate_base"),
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
    items: Mapped[str] = mapped_column(String(40), default="")
    rate_base: Mapped[str] = mapped_column(String(8), default=RateBase.VALID, server_default=RateBase.VALID)
    selection: Mapped[Selection] = relationship()
    questions: Mapped[list["PollQuestion"]] = relationship(
        order_by="PollQuestion.position", cascade="all, delete-orphan"
    )
    groups: Mapped[list["PollGroup"]] = relationship(order_by="PollGroup.position", cascade="all, delete-orphan")
    persons: Mapped[list["PollPerson"]] = relationship(order_by="PollPerson.position", cascade="all, delete-orphan")

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items of an evaluation, in their order; none for the other kinds."""
        return tuple(Item(one) for one in self.items.split(",") if one)

    @property
    def label(self) -> str:
        """What the poll is called on its papers: 会议推荐, 谈话调研推荐, 民主测评 or 党组会表决."""
        return FORMS[Form(self.form)] if self.kind == Kind.RECOMMENDATION else KINDS[Kind(self.kind)]


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


class PollPerson(Base):
    """Somebody to be evaluated or decided on, as the ballot has it; `position` counts from 0 in ballot order."""

    __tablename__ = "polls_persons"
    __table_args__ = (UniqueConstraint("poll", "position", name="polls_persons_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll: Mapped[str] = mapped_column(ForeignKey(Poll.uuid), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    duty: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text)

    @property
    def answer(self) -> str:
        """The line on the ballot: 姓名（处室　职务）."""
        return answer_line(self.name, self.department, self.duty)


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


class PollWaiver(Base):
    """A line of the pre-flight that could not be done, and who answers for opening the box without it."""

    __tablename__ = "polls_waivers"

    poll: Mapped[str] = mapped_column(ForeignKey(Poll.uuid), primary_key=True)
    line: Mapped[str] = mapped_column(String(8), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    official_1: Mapped[str] = mapped_column(Text)
    official_2: Mapped[str] = mapped_column(Text)
