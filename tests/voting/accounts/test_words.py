"""What was done stands in the log in Chinese."""

import re
from pathlib import Path

from voting.accounts import words

SOURCES = Path(__file__).resolve().parents[3] / "voting"
ACTION = re.compile(r'"((?:user|poll|post|selection|candidates|result|record)\.[a-z_]+)"')


def test_every_action_that_the_log_may_hold_has_chinese_words(app):
    found = {name for file in SOURCES.rglob("*.py") for name in ACTION.findall(file.read_text(encoding="utf-8"))}
    found -= {"result.json"}  # a file of the record
    assert {"poll.open", "result.read", "candidates.import"} <= found
    assert {action for action in found if words.audit_action(action) == action} == set()
