"""What the database keeps of an issue: how many slips per group, on which day, how often anew. Never a code."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.board.models import BoardPoll
from voting.store.base import Base


class Batch(Base):
    """The slips printed for one voter group of one poll; `printed` includes the spares. The day only, no time.

    `reissued` counts how often they were made void and printed anew; a form that saw another number is out of date.
    """

    __tablename__ = "slips_batches"
    __table_args__ = (
        UniqueConstraint("poll", "group_index", name="slips_batches_once"),
        CheckConstraint("printed >= spares AND spares >= 0", name="spares"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll: Mapped[str] = mapped_column(String(32), ForeignKey(BoardPoll.uuid))
    group_index: Mapped[int] = mapped_column(Integer)
    printed: Mapped[int] = mapped_column(Integer)
    spares: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[dt.date] = mapped_column(Date)
    reissued: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    # the address in these slips' codes, so that before the meeting it can be compared with the address of the day
    base_url: Mapped[str | None] = mapped_column(Text, default=None)
