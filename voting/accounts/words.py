"""How moments, actions and what they were done to read on pages: 2026-11-22 09:05, 登录."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy.orm import Session

from voting.accounts.models import ROLES

CHINA = timezone(timedelta(hours=8))

ACTIONS = {
    "login": "登录",
    "user.create": "添加人员",
    "user.link": "发设置链接",
    "user.reset": "收回密码和动态口令",
    "user.setup": "设置密码",
    "user.password": "更改密码",
    "user.disable": "停用账户",
    "user.enable": "启用账户",
    "user.totp_on": "启用动态口令",
    "user.totp_off": "停用动态口令",
}
"""Actions of accounts; other slices add theirs with `register`."""

Titles = Callable[[Session, Collection[str]], Mapping[str, str]]
TITLES: list[Titles] = []
"""What other slices know: the titles of the subjects that are theirs."""


def moment(seconds: int) -> str:
    """Unix seconds as local date and time, to the minute."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def audit_action(action: str) -> str:
    """An action of the audit log in Chinese; one without words stands for itself."""
    return ACTIONS.get(action, action)


def audit_detail(detail: str) -> str:
    """What a line says beside its action; values kept as JSON are read out, roles in Chinese."""
    if not detail.startswith("{"):
        return detail
    try:
        values = json.loads(detail)
    except ValueError:
        return detail
    return "　".join(ROLES.get(str(value), str(value)) for value in values.values())


def register(actions: dict[str, str], titles: Titles | None = None) -> None:
    """Add a slice's actions and their words, and what finds the titles of the things that they were done to."""
    ACTIONS.update(actions)
    if titles is not None:
        TITLES.append(titles)


def subjects(db: Session, named: Collection[str]) -> dict[str, str]:
    """The titles of those subjects of the log that have one."""
    return {subject: title for titles in TITLES for subject, title in titles(db, named).items()}
