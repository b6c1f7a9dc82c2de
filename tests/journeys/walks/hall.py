"""A service with what takes a bureau weeks: two counted polls of the sample, three open ones, a selection with its facts."""

import dataclasses
import datetime as dt
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import Config
from tests.journeys.people import PASSWORD
from tests.served import served
from tests.voting.ready_poll import ReadyPoll, coarse, decision, evaluation, ready_poll
from tests.voting.results import plain
from voting import demo, sample
from voting.accounts import passwords
from voting.accounts.models import User
from voting.app import create_app
from voting.board.models import State
from voting.rehearse.server import free_port
from voting.store.base import Database
from voting.web import log

ACTOR = "office"
ON_PAPER = 6
"""How many more people are in the room than slips were handed out: they fill in paper."""


@dataclasses.dataclass
class Hall:
    """Where it is served, and what is in it."""

    base: str
    selection: int
    post: int
    recommended: str
    evaluated: str
    polls: dict[str, ReadyPoll]
    """Open polls that only the box knows: recommendation, evaluation, decision; and one that waits: `waiting`."""


@contextmanager
def hall(folder: Path) -> Iterator[Hall]:
    """Seed and serve; rehearsals all, as long as the sample's keys are."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    config = Config.for_instance(folder, demo.environment(folder, base))
    database = Database(config.database_url)
    database.create()
    plain.SECRET = config.secret
    made = _seed(database, config, base)
    app = create_app(config, database=database)
    log.configure(io.StringIO())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        with served(app, port):
            yield made
    finally:
        database.close()


def _seed(database: Database, config: Config, base: str) -> Hall:
    now = dt.datetime.now(dt.UTC)
    with database.session() as db:
        for login, name, _ in demo.STAFF:
            hashed = passwords.hash_password(PASSWORD)
            db.add(User(name=name, login=login, role=login, password_hash=hashed, disabled=False))
        selection, post = sample.enter_selection(db, now)
        recommended = sample.draft(db, selection, post, "人事教育处处长会议推荐", now, ACTOR)
        meeting = sample.read()
        plain.tally(db, recommended, dataclasses.replace(meeting, present=meeting.present + ON_PAPER), now)
        evaluated = sample.draft_evaluation(db, selection, "人事教育处处长人选民主测评", now, ACTOR)
        plain.tally(db, evaluated, sample.read_evaluation(), now)
        asked, decided = evaluation(), decision()
        polls = {
            "recommendation": ready_poll(db, config, uuid="2recommended4x"),
            "evaluation": ready_poll(
                db, config, uuid="3evaLuated5xyz", questions=asked, kind="evaluation", by_group=coarse(asked), title="民主测评"
            ),
            "decision": ready_poll(
                db, config, uuid="4decidedByS7xy", questions=decided, kind="decision", by_group=range(len(decided)),
                title="党组会表决", slips=(9,), labels=("局党组成员",),
            ),
            "waiting": ready_poll(db, config, uuid="5notyetopen8xy", title="谈话调研推荐", state=State.ISSUED),
        }  # fmt: skip
        db.commit()
    return Hall(base, selection, post, recommended, evaluated, polls)
