"""Staff: who exists, who is logged in, who may set a password. Knows no Flask.

Every function takes the request's Session; moments are Unix seconds. All raise Refused.
"""

import hashlib
import re
import secrets

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.accounts import audit, passwords, throttle
from voting.accounts.models import ROLES, Login, Setup, User
from voting.errors import Code, Refused
from voting.store.base import release

LINK_SECONDS = 3 * 24 * 3600
SEEN_EVERY = 60
FIRST = "首个管理员"
_LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def create_user(db: Session, actor: str, *, name: str, login: str, role: str, now: int) -> User:
    """Add a member of staff, who cannot log in before the set-up link (`setup_link`) was used.

    Raises:
        Refused: BAD_REQUEST for an impossible name, login name or role; LOGIN_TAKEN.
    """
    user = User(name=_name(name), login=_login_name(login), role=role, totp_last_step=0, disabled=False)
    if role not in ROLES:
        raise Refused(Code.BAD_REQUEST, "角色")
    try:
        with db.begin_nested():
            db.add(user)
    except IntegrityError:
        raise Refused(Code.LOGIN_TAKEN, user.login) from None
    audit.record(db, actor, "user.create", user.login, {"name": user.name, "role": role}, now=now)
    return user


def setup_link(db: Session, actor: str, user: User | None, *, now: int) -> str:
    """A new one-time token for `/setup#…`; older links of the same person stop working.

    `user` None stands for the first administrator and is refused (FORBIDDEN) once somebody in the office can log in.
    """
    if user is None and has_administrator(db):
        raise Refused(Code.FORBIDDEN)
    token = secrets.token_urlsafe(32)
    db.execute(delete(Setup).where(Setup.user_id.is_(None) if user is None else Setup.user_id == user.id))
    db.add(Setup(token_hash=_hash(token), user_id=user.id if user else None, expires=now + LINK_SECONDS, used=False))
    audit.record(db, actor, "user.link", user.login if user else FIRST, now=now)
    return token


def first_link(db: Session, base_url: str, *, now: int) -> str | None:
    """The address where the first administrator sets the service up; None once somebody of the office can log in."""
    if has_administrator(db):
        return None
    return f"{base_url}/setup#{setup_link(db, '服务器', None, now=now)}"


def reset(db: Session, actor: str, user: User, *, now: int) -> str:
    """Take password, second factor and log-ins away at once and return a new set-up token."""
    user.password_hash, user.totp_secret = None, None
    revoke_all(db, user)
    audit.record(db, actor, "user.reset", user.login, now=now)
    return setup_link(db, actor, user, now=now)


def has_administrator(db: Session) -> bool:
    """Whether anybody of the office can log in."""
    return _administrators(db) > 0


def find_setup(db: Session, token: str, *, now: int) -> Setup:
    """The set-up that a token opens. Raises Refused(SETUP_LINK) if unknown, used or too old."""
    found = db.get(Setup, _hash(token))
    if found is None or found.used or found.expires < now or (found.user_id is None and has_administrator(db)):
        raise Refused(Code.SETUP_LINK)
    return found


def complete_setup(db: Session, token: str, password: str, *, now: int, name: str = "", login: str = "") -> User:
    """Use a link: set the password, and for the first administrator the name and login name too.

    Raises:
        Refused: SETUP_LINK, PASSWORD_WEAK, BAD_REQUEST, LOGIN_TAKEN; the link stays good except for the first.
    """
    found = find_setup(db, token, now=now)
    passwords.check_strength(password, login=found.user.login if found.user else login)
    user = found.user or create_user(db, FIRST, name=name, login=login, role="office", now=now)
    # The database decides who used the link: two forms sent at once must not both succeed.
    claim = update(Setup).where(Setup.token_hash == found.token_hash, Setup.used.is_(False)).values(used=True)
    if db.execute(claim).rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has a row count
        raise Refused(Code.SETUP_LINK)
    set_password(db, user, password)
    revoke_all(db, user)
    audit.record(db, user.login, "user.setup", user.login, now=now)
    return user


def set_password(db: Session, user: User, password: str) -> None:
    """Store a new password. Raises Refused(PASSWORD_WEAK)."""
    passwords.check_strength(password, login=user.login)
    user.password_hash = passwords.hash_password(password)
    db.flush()


def log_in(
    db: Session, secret: bytes, login: str, password: str, code: str, address: str, *, now: int, hours: int
) -> str:
    """Check name, password and second factor; return the token of a new log-in.

    Raises:
        Refused: THROTTLED, or LOGIN_FAILED whatever was wrong. Unknown names take as long as wrong passwords.
    """
    login = login.strip().lower()[:60]
    throttle.attempt(db, secret, login, address, now=now)
    user = db.scalar(select(User).where(User.login == login))
    release(db)  # the try is counted; stretching the password must not hold the lock
    right = passwords.matches(user.password_hash if user else None, password)
    if user is None or not right or not _second_factor(db, user, code, now=now):
        raise Refused(Code.LOGIN_FAILED)
    fresh = db.scalar(
        select(User).where(User.id == user.id, User.disabled.is_(False)).execution_options(populate_existing=True)
    )
    if fresh is None or fresh.password_hash is None:
        raise Refused(Code.LOGIN_FAILED)
    throttle.succeeded(db, secret, login, address)
    audit.record(db, fresh.login, "login", fresh.login, now=now)
    return begin_login(db, fresh, now=now, hours=hours)


def begin_login(db: Session, user: User, *, now: int, hours: int) -> str:
    """Write down a new log-in and return its token. The caller has checked who it is."""
    db.execute(delete(Login).where(Login.expires < now))
    token = secrets.token_urlsafe(32)
    db.add(Login(token_hash=_hash(token), user_id=user.id, created=now, seen=now, expires=now + hours * 3600))
    db.flush()
    return token


def resume(db: Session, token: str, *, now: int, idle_minutes: int) -> Login | None:
    """The log-in that a token belongs to, or None when it ended: revoked, idle too long, too old, or the person disabled."""
    found = db.get(Login, _hash(token))
    if found is None or found.user.disabled or found.expires < now or found.seen + idle_minutes * 60 < now:
        return None
    if now - found.seen >= SEEN_EVERY:
        found.seen = now
    return found


def log_out(db: Session, token: str) -> None:
    """End one log-in."""
    db.execute(delete(Login).where(Login.token_hash == _hash(token)))


def logins(db: Session, user: User, *, now: int) -> list[Login]:
    """The log-ins of a person that have not expired, newest first."""
    return list(
        db.scalars(select(Login).where(Login.user_id == user.id, Login.expires >= now).order_by(Login.created.desc()))
    )


def revoke_all(db: Session, user: User, *, but: str | None = None) -> None:
    """End every log-in of a person, but for the one with token `but`."""
    gone = delete(Login).where(Login.user_id == user.id)
    db.execute(gone.where(Login.token_hash != _hash(but)) if but else gone)


def users(db: Session) -> list[User]:
    """Everybody, in order of entry."""
    return list(db.scalars(select(User).order_by(User.id)))


def get_user(db: Session, user_id: int) -> User:
    """One member of staff. Raises Refused(NOT_FOUND)."""
    user = db.get(User, user_id)
    if user is None:
        raise Refused(Code.NOT_FOUND)
    return user


def set_disabled(db: Session, actor: str, user: User, disabled: bool, *, now: int) -> None:  # noqa: FBT001 - the value of a column, not a switch
    """Close or reopen an account. Raises Refused(LAST_ADMINISTRATOR) if nobody of the office could log in any more."""
    with db.begin_nested():
        user.disabled = disabled
        db.flush()
        if disabled and user.role == "office" and not has_administrator(db):
            raise Refused(Code.LAST_ADMINISTRATOR)
    if disabled:
        revoke_all(db, user)
    audit.record(db, actor, "user.disable" if disabled else "user.enable", user.login, now=now)


def change_password(db: Session, user: User, old: str, new: str, *, token: str, now: int) -> None:
    """Change one's own password; every other log-in ends. Raises Refused(LOGIN_FAILED or PASSWORD_WEAK)."""
    release(db)  # stretching the password must not hold the lock
    if not passwords.matches(user.password_hash, old):
        raise Refused(Code.LOGIN_FAILED)
    set_password(db, user, new)
    revoke_all(db, user, but=token)
    audit.record(db, user.login, "user.password", user.login, now=now)


def new_totp_secret() -> str:
    """A secret for a second factor, not yet in force: see enable_totp."""
    return pyotp.random_base32()


def enable_totp(db: Session, user: User, secret: str, code: str, *, now: int) -> None:
    """Put a second factor in force once its first code was typed. Raises Refused(TOTP_WRONG)."""
    # Without a secret (none was shown in this log-in) there is nothing to compare with.
    step = passwords.totp_step(secret, code, now=now, last_step=0) if secret else None
    if step is None:
        raise Refused(Code.TOTP_WRONG)
    user.totp_secret, user.totp_last_step = secret, step
    audit.record(db, user.login, "user.totp_on", user.login, now=now)


def disable_totp(db: Session, user: User, password: str, *, now: int) -> None:
    """Give the second factor up. Raises Refused(LOGIN_FAILED) without the password."""
    release(db)
    if not passwords.matches(user.password_hash, password):
        raise Refused(Code.LOGIN_FAILED)
    user.totp_secret = None
    audit.record(db, user.login, "user.totp_off", user.login, now=now)


def _second_factor(db: Session, user: User, code: str, *, now: int) -> bool:
    if user.totp_secret is None:
        return True
    step = passwords.totp_step(user.totp_secret, code, now=now, last_step=user.totp_last_step)
    if step is None:
        return False
    # Compare-and-set: one code opens one log-in, even when it is sent twice at once.
    used = update(User).where(User.id == user.id, User.totp_last_step < step).values(totp_last_step=step)
    return bool(db.execute(used).rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE's result has a row count


def _administrators(db: Session) -> int:
    able = select(func.count()).select_from(User)
    return db.scalar(able.where(User.role == "office", User.disabled.is_(False), User.password_hash.is_not(None))) or 0


def _hash(token: str) -> bytes:
    return hashlib.sha256(b"mipiao-token|" + token.encode("utf-8", "replace")).digest()


def _name(text: str) -> str:
    name = text.strip()
    if not 1 <= len(name) <= 40 or not name.isprintable() or "\ufffd" in name:
        raise Refused(Code.BAD_REQUEST, "姓名应为 1 至 40 个字")
    return name


def _login_name(text: str) -> str:
    login = text.strip().lower()
    if not _LOGIN_NAME.fullmatch(login):
        raise Refused(Code.BAD_REQUEST, "登录名应为 2 至 40 个小写字母、数字或 . _ -")
    return login
