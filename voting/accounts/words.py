"""How moments and actions read on pages: 2026-11-22 09:05, 登录."""

from datetime import UTC, datetime, timedelta, timezone

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


def moment(seconds: int) -> str:
    """Unix seconds as local date and time, to the minute."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def audit_action(action: str) -> str:
    """An action of the audit log in Chinese; one without words stands for itself."""
    return ACTIONS.get(action, action)


def register(actions: dict[str, str]) -> None:
    """Add a slice's actions and their words."""
    ACTIONS.update(actions)
