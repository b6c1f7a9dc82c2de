"""The menu at the top of the office's pages, by role; only what this process serves and what exists."""

from dataclasses import dataclass

from flask import current_app, g, request, url_for


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    label: str
    url: str
    here: bool


ENTRIES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("选拔任用", "selections.index", frozenset({"office"})),
    ("投票", "polls.index", frozenset({"office"})),
    ("结果", "results.index", frozenset({"office", "review", "supervisor"})),
    ("党组研究", "decisions.index", frozenset({"office", "review", "supervisor"})),
    ("操作记录", "accounts.audit_log", frozenset({"supervisor"})),
    ("人员", "accounts.users", frozenset({"office"})),
    ("我的账户", "accounts.account", frozenset({"office", "review", "supervisor"})),
)

BELONGS = {"decisions": "decisions.index", "deciding": "decisions.index"}
"""Blueprints whose addresses do not lie below their entry's."""


def staff_menu() -> list[Item]:
    """What the member of staff who is logged in may open."""
    known = [
        (label, url_for(endpoint))
        for label, endpoint, roles in ENTRIES
        if g.user.role in roles and endpoint in current_app.view_functions
    ]
    # /review/audit lies below /review too: only the closest entry is "here".
    around = [url for _label, url in known if request.path == url or request.path.startswith(url + "/")]
    entry = BELONGS.get(request.blueprint or "")
    here = url_for(entry) if entry else max(around, key=len, default=None)
    return [Item(label, url, url == here) for label, url in known]


def home() -> str:
    """Where a member of staff lands after the log-in: the first entry."""
    return staff_menu()[0].url
