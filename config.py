"""The service's settings, frozen at start: the only reader of the environment.

A weak or missing value stops the start with a sentence that says what to set; nothing falls back to something unsafe.
"""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

AUDIENCES = ("anyone", "voter", "office", "trustee", "review")
MINIMUM_SECRET = 32
_EXAMPLES = ("changeme", "change-me", "secret", "password", "example", "mipiao")


class ConfigError(Exception):
    """A setting that the service refuses to start with. The message is for the person who operates it."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"{name}：{zh}（{en}）")
        self.name = name


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the service is told from outside.

    Attributes:
        database_url: SQLAlchemy address, `sqlite:///…` or `postgresql+psycopg://…`.
        secret: at least 32 bytes; signs cookies and receipts. Losing it invalidates receipts, leaking it forges them.
        base_url: the address printed on the slips, without a trailing slash.
        audiences: which audiences this process serves, a subset of AUDIENCES.
        bureau: the bureau's name on pages and papers.
        trust_proxy: how many reverse proxies stand in front and set X-Forwarded-*; 0 ignores these headers.
        instance: folder for the embedded database and the generated secret.
        papers: folder of the office's own Word templates; by default `papers` in the instance folder.
        idle_minutes, session_hours: when a staff log-in ends by itself.
    """

    database_url: str
    secret: bytes
    base_url: str
    audiences: frozenset[str] = frozenset(AUDIENCES)
    bureau: str = "本局"
    trust_proxy: int = 0
    instance: Path = Path("instance")
    idle_minutes: int = 60
    session_hours: int = 12
    rehearsal_closing_seconds: int = 120
    papers: Path | None = None

    def __repr__(self) -> str:
        """Without the secret and without the database's password, so that neither reaches a log."""
        return f"Config(base_url={self.base_url!r}, audiences={sorted(self.audiences)!r}, bureau={self.bureau!r})"

    @property
    def https(self) -> bool:
        """Whether people reach the service over TLS."""
        return self.base_url.startswith("https://")

    @property
    def paper_templates(self) -> Path:
        """Where the office's own templates of papers lie; need not exist."""
        return self.papers or self.instance / "papers"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read MIPIAO_* variables.

        Raises:
            ConfigError: a value is missing, weak or malformed.
        """
        env = os.environ if environ is None else environ
        instance = Path(env.get("MIPIAO_INSTANCE", "instance"))
        return cls(
            database_url=_database_url(
                env.get("MIPIAO_DATABASE_URL") or f"sqlite:///{instance.absolute()}/mipiao.sqlite3"
            ),
            secret=_secret(env.get("MIPIAO_SECRET", "")),
            base_url=_base_url(env.get("MIPIAO_BASE_URL", "http://127.0.0.1:8000")),
            audiences=_audiences(env.get("MIPIAO_AUDIENCES", ",".join(AUDIENCES))),
            bureau=_bureau(env.get("MIPIAO_BUREAU", "本局")),
            trust_proxy=_number("MIPIAO_TRUST_PROXY", env.get("MIPIAO_TRUST_PROXY", "0"), 0, 5),
            instance=instance,
            papers=Path(env["MIPIAO_PAPERS"]) if env.get("MIPIAO_PAPERS") else None,
            idle_minutes=_number("MIPIAO_IDLE_MINUTES", env.get("MIPIAO_IDLE_MINUTES", "60"), 5, 720),
            session_hours=_number("MIPIAO_SESSION_HOURS", env.get("MIPIAO_SESSION_HOURS", "12"), 1, 24),
            rehearsal_closing_seconds=_number(
                "MIPIAO_REHEARSAL_CLOSING_SECONDS", env.get("MIPIAO_REHEARSAL_CLOSING_SECONDS", "120"), 0, 600
            ),
        )

    @classmethod
    def for_instance(cls, folder: Path | None = None, environ: Mapping[str, str] | None = None) -> "Config":
        """Like from_env, for a service that keeps its own folder: makes the folder and `secret` in it at first start.

        Without `folder` it is MIPIAO_INSTANCE, by default `instance` in the working directory.

        Raises:
            ConfigError: a value is weak or malformed, or the secret's file can be read by others.
        """
        env = dict(os.environ if environ is None else environ)
        folder = folder or Path(env.get("MIPIAO_INSTANCE") or "instance")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        env["MIPIAO_INSTANCE"] = str(folder)
        if not env.get("MIPIAO_SECRET"):
            env["MIPIAO_SECRET"] = _kept_secret(folder / "secret")
        return cls.from_env(env)


def has_desktop() -> bool:
    """Whether this desk can show a browser window."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def child_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment for a service that this process starts: ours, without our own MIPIAO_* settings, and `settings`."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MIPIAO_")} | dict(settings)


def _kept_secret(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise ConfigError(
                "instance/secret",
                f"文件 {path} 可被他人读取，请改为 0600 权限",
                "the file must not be readable by others: chmod 600",
            ) from None
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return path.read_text(encoding="ascii").strip()


def _secret(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")  # os.environ holds other bytes that way
    name, hint = "MIPIAO_SECRET", "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not raw:
        raise ConfigError(name, f"没有设置。可用 {hint} 生成", f"is not set; make one with {hint}")
    if len(raw) < MINIMUM_SECRET:
        raise ConfigError(name, f"太短，至少 {MINIMUM_SECRET} 个字节", f"is too short, at least {MINIMUM_SECRET} bytes")
    if len(set(raw)) < 12 or text.lower().startswith(_EXAMPLES):
        raise ConfigError(name, f"过于简单。可用 {hint} 生成", f"is too easy to guess; make one with {hint}")
    return raw


def _database_url(text: str) -> str:
    # A plain postgresql:// would choose a driver that is not installed.
    for plain in ("postgresql://", "postgres://"):
        if text.startswith(plain):
            text = "postgresql+psycopg://" + text.removeprefix(plain)
    try:
        sound = text.isprintable() and urlsplit(text).port != 0  # the port is read only here: text raises
    except ValueError:
        sound = False
    known = text.startswith(("sqlite:///", "postgresql+psycopg://"))
    if sound and known and ":memory:" not in text and text != "sqlite:///":
        return text
    raise ConfigError(
        "MIPIAO_DATABASE_URL",
        "只支持 sqlite:///文件 或 postgresql://…",
        "must be sqlite:///FILE or postgresql://…; nothing in memory",
    )


def _base_url(text: str) -> str:
    name = "MIPIAO_BASE_URL"
    try:
        parts = urlsplit(text.strip())
        host, _port = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise ConfigError(name, "应为 http:// 或 https:// 开头的访问地址", "must be an http:// or https:// address")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ConfigError(name, "只写到主机和端口，不带路径", "ends after host and port: no path, query or fragment")
    return f"{parts.scheme}://{parts.netloc}"


def _audiences(text: str) -> frozenset[str]:
    chosen = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not chosen or not chosen <= frozenset(AUDIENCES):
        known = ", ".join(AUDIENCES)
        raise ConfigError("MIPIAO_AUDIENCES", f"只能从 {known} 中选择", f"choose from {known}")
    return chosen


def _bureau(text: str) -> str:
    name = text.strip()
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise ConfigError("MIPIAO_BUREAU", "单位名称应为 1 至 60 个字", "the bureau's name has 1 to 60 characters")
    return name


def _number(name: str, text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and low <= int(text) <= high):
        raise ConfigError(name, f"应为 {low} 至 {high} 的整数", f"must be a whole number from {low} to {high}")
    return int(text)
