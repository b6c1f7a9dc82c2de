"""A selection (选拔任用工作), its posts, and who stands for each post in the order of HR's file."""

import datetime as dt

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voting.store.base import Base


def answer_line(name: str, department: str, duty: str) -> str:
    """How a person stands on a ballot: 姓名（处室　职务）; what is empty is left out."""
    detail = "　".join(part for part in (department, duty) if part)
    return f"{name}（{detail}）" if detail else name


class Selection(Base):
    """One exercise for one or several posts. `plan_date` is the date of the bureau's plan (方案).

    `rehearsal` is set when it is entered and never changes: a rehearsal holds rehearsal polls only and uses them; one
    that counts reads no rehearsal's result (docs/adr/0011).
    """

    __tablename__ = "selections"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    bureau: Mapped[str] = mapped_column(Text)
    plan_date: Mapped[dt.date] = mapped_column(Date)
    rehearsal: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    created: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    posts: Mapped[list["Post"]] = relationship(order_by="Post.id")


class Post(Base):
    """A post to be filled (推荐职务) and its number of places (名额)."""

    __tablename__ = "selections_posts"
    __table_args__ = (
        UniqueConstraint("selection_id", "title", name="selections_posts_title"),
        CheckConstraint("places >= 1", name="places"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey(Selection.id), index=True)
    title: Mapped[str] = mapped_column(Text)
    places: Mapped[int] = mapped_column(Integer)
    candidates: Mapped[list["Candidate"]] = relationship(order_by="Candidate.position")


class Candidate(Base):
    """Somebody on the ballot of a post. `position` counts from 0 in the order of the import file."""

    __tablename__ = "selections_candidates"
    __table_args__ = (UniqueConstraint("post_id", "position", name="selections_candidates_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    duty: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text)

    @property
    def answer(self) -> str:
        """The line on the ballot: 姓名（处室　职务）; what is empty is left out."""
        return answer_line(self.name, self.department, self.duty)


class RosterFacts(Base):
    """What HR's roster says of somebody on a ballot of this selection; of nobody else anything is kept.

    Kept apart from the candidates, whose list may be imported anew. `assessments` is JSON, `[[2018, "称职"], …]`. `hinted`:
    the roster's remark tells of earlier service. `earlier_*`: such a spell once somebody entered it with its basis.
    """

    __tablename__ = "selections_facts"
    __table_args__ = (UniqueConstraint("selection_id", "name", "department", name="selections_facts_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey(Selection.id), index=True)
    name: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text)
    birth: Mapped[str] = mapped_column(Text)
    degree: Mapped[str] = mapped_column(Text)
    post: Mapped[str] = mapped_column(Text)
    post_since: Mapped[dt.date | None] = mapped_column(Date)
    rank: Mapped[str] = mapped_column(Text)
    rank_since: Mapped[dt.date | None] = mapped_column(Date)
    assessments: Mapped[str] = mapped_column(Text)
    hinted: Mapped[bool] = mapped_column(Boolean)
    earlier_what: Mapped[str] = mapped_column(Text, default="")
    earlier_since: Mapped[dt.date | None] = mapped_column(Date)
    earlier_basis: Mapped[str] = mapped_column(Text, default="")


class PostLock(Base):
    """A poll that has printed slips for this post: as long as one stands, the candidates stay as they are."""

    __tablename__ = "selections_locks"

    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32), primary_key=True)
