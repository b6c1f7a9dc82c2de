"""回避: whoever stands on a selection's ballots reads and does nothing in it, in whatever role."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.accounts.models import User
from voting.decisions.concerned import selection_of
from voting.decisions.meetings import Plan, convene
from voting.decisions.models import Meeting
from voting.polls.models import Poll

ACTS = (
    "/office/polls/{uuid}/step", "/office/polls/{uuid}/void", "/office/polls/{uuid}/paper-ballots",
    "/office/selections/1/roster", "/office/selections/1/meetings/new", "/office/posts/1/candidates",
    "/office/posts/1/analyses/1", "/office/posts/1/proposal", "/office/meetings/1/conclude",
)  # fmt: skip


def named(db: Session, login: Callable[[str], FlaskClient], role: str, name: str) -> FlaskClient:
    """Somebody of that role who bears a name."""
    client = login(role)
    db.scalars(select(User).order_by(User.id.desc()).limit(1)).one().name = name
    db.commit()
    return client


def code(answer) -> str:
    found = re.search(r"提示码\s*(?:<[^>]*>\s*)*([a-z_]+)<", answer.text)
    return found[1] if found else ""


@pytest.fixture
def uuid(db: Session, office) -> str:
    office.appoint("季慕青")
    members = [(f"成员{n}", "") for n in "甲乙丙"]
    convene(db, 1, Plan(dt.date(2021, 7, 1), "范景和", "糜文珊", "", members), author="糜文珊")
    found: str = db.scalars(select(Poll.uuid).limit(1)).one()
    db.commit()
    return found


def test_a_candidate_with_an_account_of_the_office_only_reads(
    db: Session, uuid: str, log_in: Callable[[str], FlaskClient]
) -> None:
    concerned, other = named(db, log_in, "office", "季 慕青"), named(db, log_in, "office", "糜文珊")
    for act in ACTS:
        path = act.format(uuid=uuid)
        refused = concerned.post(path)
        assert (refused.status_code, code(refused)) == (403, "staff_is_candidate"), path
        assert code(other.post(path)) != "staff_is_candidate", path
    assert concerned.get("/office/posts/1/proposal").status_code == 200


def test_a_candidate_in_the_party_group_fixes_nobody(
    db: Session, uuid: str, log_in: Callable[[str], FlaskClient]
) -> None:
    refused = named(db, log_in, "review", "季慕青").post("/review/proposals/1/fix", data={"on": "2021-06-01"})
    assert (refused.status_code, code(refused)) == (403, "staff_is_candidate")


def test_every_address_of_a_selection_is_known_to_belong_to_it(app: Flask, db: Session, uuid: str) -> None:
    sound = {
        "uuid": uuid,
        "selection_id": 1,
        "post_id": 1,
        "proposal_id": 1,
        "meeting_id": db.scalars(select(Meeting.id)).first(),
    }
    for rule in app.url_map.iter_rules():
        if (
            "POST" in (rule.methods or ())
            and rule.rule.startswith(("/office", "/review"))
            and rule.arguments
            and not rule.rule.startswith("/office/users")
        ):
            here = {name: value for name, value in sound.items() if name in rule.arguments}
            assert selection_of(db, here) == 1, rule
