"""Paper ballots as two people counted them, each for themselves: kept apart from the box, joined with nothing."""

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from voting.polls.models import Poll
from voting.store import clock
from voting.store.base import Base


class PaperCount(Base):
    """One person's count of a poll's paper ballots, as JSON; the second stands only if it equals the first."""

    __tablename__ = "papers_counts"
    __table_args__ = (CheckConstraint("entry IN (1, 2)", name="entry"),)

    poll: Mapped[str] = mapped_column(ForeignKey(Poll.uuid), primary_key=True)
    entry: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    entered: Mapped[int] = mapped_column(clock.Seconds)
    figures: Mapped[str] = mapped_column(Text)
