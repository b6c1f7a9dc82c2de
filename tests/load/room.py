"""An open rehearsal poll with the wanted paper, its office and its trustees: everything that phones need, and what comes after."""

import json
import random
import secrets
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from keys import credential
from keys.curve import ED25519
from tally.ballot import make
from tally.questions import Election
from tests.load.papers import PAPERS, Paper, marks
from tests.voting.polls.meeting import CLERK, SECRET, Meeting
from voting.accounts import service as accounts
from voting.board import service as board
from voting.polls.drafts import GroupDraft
from voting.rehearse.browser import Browser, Form, Page
from voting.store.base import Database
from voting.store.clock import now

LOGIN, PASSWORD = "load-clerk", secrets.token_urlsafe(18)
OFFICIALS = {"name_1": "演练监票人", "name_2": "演练计票人"}


@dataclass
class Room:
    """One poll whose box is open, and the people around it."""

    database: str
    paper: Paper
    voters: int
    uuid: str
    codes: list[str]
    election: bytes
    phi: str
    receipt_key: str
    trustees: list[int] = field(repr=False)

    def meeting(self, database: Database) -> Meeting:
        """The trustees' side, through the services."""
        return Meeting(database.session(), uuid=self.uuid, secrets=list(self.trustees))  # type: ignore[arg-type]  # scalars are integers

    @property
    def settings(self) -> dict[str, str]:
        """What the service must be told to be this poll's."""
        return {"MIPIAO_DATABASE_URL": self.database, "MIPIAO_SECRET": SECRET.decode()}

    def state(self) -> str:
        """Where the poll is, read beside the service."""
        database = Database(self.database)
        try:
            with database.session(immediate=False) as db:
                return board.get(db, self.uuid).state
        finally:
            database.close()


def prepare(url: str, paper: Paper, voters: int) -> Room:
    """Bring an empty database to an open box with one slip a voter and some to spare, counts typed in."""
    database = Database(url)
    database.create()
    with database.session() as db:
        clerk = accounts.create_user(db, CLERK, name="压力测试经办人", login=LOGIN, role="office", now=now())
        accounts.complete_setup(db, accounts.setup_link(db, CLERK, clerk, now=now()), PASSWORD, now=now())
        half = voters // 2
        meeting = Meeting(db).plan().create(
            groups=[GroupDraft("机关中层正职", half), GroupDraft("机关其他人员", voters - half)]
        )  # fmt: skip
        meeting.invite().make_keys().keyed().issue()
        # The paper alone is ours: everything around it is made as for any poll.
        with mock.patch("voting.polls.building.questions", return_value=paper.questions):
            meeting.open()
        printed = len(meeting.codes)
        meeting.counts(expected=printed, present=printed, left_in_hand=0)
        poll = board.get(db, meeting.uuid)
        election = Election.parse(poll.election)
        room = Room(
            url, paper, voters, meeting.uuid, meeting.codes[:voters], poll.election, election.phi,
            json.loads(poll.manifest)["receipt_key"], [int(one) for one in meeting.secrets],
        )  # fmt: skip
        db.commit()
    database.close()
    return room


def _ballots_of(job: tuple[str, bytes, Sequence[str], int]) -> list[bytes]:
    uuid, raw, codes, seed = job
    election, chance = Election.parse(raw), random.Random(seed)
    return [
        make(election, credential.secret(ED25519, uuid, code), marks(election, chance), secrets.token_bytes).raw
        for code in codes
    ]


def make_ballots(room: Room, pool: Executor, seed: int) -> list[bytes]:
    """One ballot a voter, as its phone would make it."""
    jobs = [(room.uuid, room.election, room.codes[at : at + 5], seed + at) for at in range(0, len(room.codes), 5)]
    return [raw for some in pool.map(_ballots_of, jobs) for raw in some]


class Clerk:
    """The office at one browser: presses what the console offers."""

    def __init__(self, base: str, room: Room) -> None:
        self.browser = Browser(base)
        self.uuid = room.uuid

    def log_in(self) -> "Clerk":
        form = self.browser.get("/login").form(action="/login", has="password")
        self.browser.submit(form, {"login": LOGIN, "password": PASSWORD})
        return self

    def press(self, step: str, **fields: str) -> Page:
        """Send what a button of the console sends: closing, close. Which button the meeting's step shows is not the matter here."""
        page = f"/office/polls/{self.uuid}"
        kept = [field for field in self.browser.get(page).form(has="csrf_token").fields if field[0] == "csrf_token"]
        return self.browser.submit(Form(f"{self.browser.base}{page}/{step}", "post", kept), fields)


def finish(room: Room, out: Path) -> dict[str, bytes]:
    """The trustees decrypt; the record's files, also written to `out` for `mipiao verify`."""
    database = Database(room.database)
    meeting = room.meeting(database)
    with meeting.db as db:
        meeting.tally()
        db.commit()
        files = board.files(db, room.uuid)
    database.close()
    out.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (out / name).write_bytes(body)
    return files


__all__ = ["OFFICIALS", "PAPERS", "Clerk", "Room", "finish", "make_ballots", "prepare"]
