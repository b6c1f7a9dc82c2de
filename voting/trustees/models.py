"""Who holds a share of a poll's tally key, and what they have sent. Only public material: no key file comes here."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.board.models import BoardPoll
from voting.store.base import Base


class Trustee(Base):
    """The n-th trustee of a poll. JSON columns hold exactly the text that was verified."""

    __tablename__ = "trustees"
    __table_args__ = (
        UniqueConstraint("poll", "name", "role", name="trustees_person"),
        # One key, one trustee: a copied key is refused by the database itself.
        UniqueConstraint("poll", "key", name="trustees_key"),
        CheckConstraint("n >= 1", name="n"),
    )

    poll: Mapped[str] = mapped_column(String(32), ForeignKey(BoardPoll.uuid), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    selection: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(64), default=None)
    public_key: Mapped[str | None] = mapped_column(Text, default=None)
    possession: Mapped[str | None] = mapped_column(Text, default=None)
    nonce: Mapped[str | None] = mapped_column(String(32), default=None)
    opened: Mapped[bool] = mapped_column(Boolean, default=False)
    # when it was last shown that the key opens, in seconds since 1970
    opened_at: Mapped[int | None] = mapped_column(BigInteger, default=None)
    share: Mapped[str | None] = mapped_column(Text, default=None)
