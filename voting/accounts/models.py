"""Staff, their log-ins and what they did. No table here knows a ballot, and no ballot knows a row here."""

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voting.store.base import Base
from voting.store.clock import Seconds

ROLES = {"office": "人教处经办", "review": "局党组审阅", "supervisor": "派驻纪检监察"}


class User(Base):
    """A member of staff. Without a password hash nobody can log in: the set-up link is still out."""

    __tablename__ = "accounts_users"
    __table_args__ = (CheckConstraint("role IN ('office', 'review', 'supervisor')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    login: Mapped[str] = mapped_column(String(60), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int] = mapped_column(Integer, default=0)
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)

    @property
    def role_label(self) -> str:
        """The role as the bureau calls it."""
        return ROLES[self.role]


class Login(Base):
    """One log-in. Only the hash of its token is kept, so the database's reader cannot take it over."""

    __tablename__ = "accounts_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_users.id", ondelete="CASCADE"), index=True)
    created: Mapped[int] = mapped_column(Seconds)
    seen: Mapped[int] = mapped_column(Seconds)
    expires: Mapped[int] = mapped_column(Seconds)
    user: Mapped[User] = relationship()


class Setup(Base):
    """A one-time link with which a person chooses a password. No user: the service's first administrator."""

    __tablename__ = "accounts_setup"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_users.id", ondelete="CASCADE"), index=True)
    expires: Mapped[int] = mapped_column(Seconds)
    used: Mapped[bool] = mapped_column(Boolean, default=False)
    user: Mapped[User | None] = relationship()


class Throttle(Base):
    """How often a log-in was tried in vain, per keyed hash of name and address; never the name or the address."""

    __tablename__ = "accounts_throttle"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Seconds)


class Audit(Base):
    """One line of the staff audit log. `previous` is unique: the chain cannot fork."""

    __tablename__ = "accounts_audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    time: Mapped[int] = mapped_column(Seconds)
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
