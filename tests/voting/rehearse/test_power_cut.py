"""The service is killed in the middle of a burst of ballots: what was answered is in the box, once, and the file is whole."""

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from keys import credential
from keys.curve import ED25519
from tally.ballot import Ballot, make
from tally.questions import Election
from tests.voting.polls.meeting import Meeting
from voting.board import service as board
from voting.polls.drafts import GroupDraft
from voting.rehearse import phones
from voting.rehearse.browser import Stuck
from voting.rehearse.server import free_port
from voting.store.base import Database

SLIPS, THREADS = 24, 8
CHOICES = ((0, 1, 0, 0), (0, 1, 1))
ROOT = Path(__file__).parents[3]


class Service:
    """`mipiao serve` as a process group of its own, so that master and workers die together as in a power cut."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Service":
        env = {name: value for name, value in os.environ.items() if not name.startswith("MIPIAO_")}
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "voting.cli", "serve", "--port", str(self.port)],
                env=env | {"MIPIAO_INSTANCE": str(self.folder), "MIPIAO_BASE_URL": self.base},
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        for _ in range(300):
            try:
                phones._ask(self.base, "GET", "/")
            except Stuck:
                time.sleep(0.1)
            else:
                return self
        raise AssertionError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """As if the plug were pulled; harmless when it is dead already."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def make_ballots(folder: Path) -> tuple[str, list[Ballot]]:
    """An open poll in the service's own database, and a ballot for each of its first slips."""
    database = Database(f"sqlite:///{folder / 'mipiao.sqlite3'}")
    database.create()
    with database.session() as db:
        room = Meeting(db).plan().create(groups=[GroupDraft("机关其他人员", SLIPS)])
        room.invite().make_keys().keyed().issue().open()
        election = Election.parse(board.get(db, room.uuid).election)
        db.commit()
    database.close()
    keys = [credential.secret(ED25519, room.uuid, code) for code in room.codes[:SLIPS]]
    return room.uuid, [make(election, key, CHOICES, secrets.token_bytes) for key in keys]


def burst(service: Service, uuid: str, ballots: list[Ballot], enough: int) -> set[str]:
    """Cast from many phones at once; after `enough` answers the plug is pulled. Returns what was acknowledged."""
    box, lock, answered = phones.Ballotbox(service.base, uuid), threading.Lock(), set[str]()
    waiting, pull = list(ballots), threading.Event()

    def phone() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                ballot = waiting.pop()
            try:
                status, said = box.cast(ballot.raw)
            except (Stuck, ValueError):  # no answer, or half of one
                return
            if status == 201:
                with lock:
                    answered.add(str(said["tracker"]))
                    if len(answered) >= enough:
                        pull.set()

    crowd = [threading.Thread(target=phone) for _ in range(THREADS)]
    for one in crowd:
        one.start()
    assert pull.wait(60)
    service.kill()
    for one in crowd:
        one.join(90)
    return answered


def trackers_on_disk(path: Path) -> list[str]:
    """Read beside the service: the file must be whole, and each full pigeonhole must hold the ballot of its tracker."""
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = base.execute("SELECT tracker, body FROM board_box WHERE filled = 1").fetchall()
    for tracker, body in rows:
        assert sha256(body.rstrip(b"\0")).digest() == tracker
    return [b64encode(tracker).decode().rstrip("=") for tracker, _ in rows]


@pytest.mark.parametrize("enough", [1, 7])
def test_every_acknowledged_ballot_survives_a_kill_and_none_is_there_twice(tmp_path: Path, enough: int) -> None:
    uuid, ballots = make_ballots(tmp_path)
    service = Service(tmp_path).start()
    try:
        answered = burst(service, uuid, ballots, enough)
        assert enough <= len(answered) < SLIPS, "the plug was pulled in the middle"
        service.start()
        kept = trackers_on_disk(tmp_path / "mipiao.sqlite3")
        assert answered <= set(kept)
        assert len(kept) == len(set(kept)) <= len(answered) + THREADS
        box = phones.Ballotbox(service.base, uuid)
        for ballot in ballots:  # every phone sends the very same bytes again, as it does after a lost answer
            status, said = box.cast(ballot.raw)
            assert (status, said["tracker"]) == (200 if ballot.tracker in kept else 201, ballot.tracker)
    finally:
        service.kill()
    assert sorted(trackers_on_disk(tmp_path / "mipiao.sqlite3")) == sorted(ballot.tracker for ballot in ballots)
