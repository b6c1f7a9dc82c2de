"""The sample meeting of `sample/` put through the services: for the demo, and for tests to count against known figures."""

import csv
import datetime as dt
import json
import os
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from keys.trustee import Holder
from tally import voids
from tally.ballot import make
from voting.board import service as board
from voting.polls import building, drafts, lifecycle, officials, voiding
from voting.polls.drafts import Draft, GroupDraft, QuestionDraft
from voting.polls.models import Form, Item, Kind, answers_of
from voting.polls.officials import Official
from voting.polls.persons import PersonDraft
from voting.rehearse.checking import check_all
from voting.rehearse.keepers import Key
from voting.selections import facts, importing
from voting.selections import service as selections
from voting.slips.service import Slip
from voting.trustees import decryption
from voting.trustees import service as trustees

FOLDER = Path(__file__).resolve().parent.parent / "sample"
STATIC = Path(__file__).resolve().parent / "static"
BUREAU = "市商务局（示例）"
BASE_URL = "http://127.0.0.1"
"""Where the sample's meeting is held: here, nowhere else."""
TITLE = "人事教育处处长选拔任用工作（示例）"
TRUSTEES = (("范景和", "局党组成员"), ("承志远", "机关党委"), ("庞修远", "机关纪委"))
OFFICIALS = (Official("糜文珊", "监票人"), Official("荣佳怡", "计票人"))


@dataclass(frozen=True, slots=True)
class Sample:
    """One meeting of the sample: its voter groups, the counts, and who voted how.

    A ballot is its group and a row of 0/1 for each question, in the order of the ciphertexts.
    """

    groups: tuple[GroupDraft, ...]
    expected: int
    present: int
    left_in_hand: int
    ballots: tuple[tuple[str, tuple[tuple[int, ...], ...]], ...]
    post: str = ""
    max_choices: int = 0
    items: tuple[Item, ...] = ()


def read() -> Sample:
    """The recommendation meeting of the sample."""
    raw = json.loads((FOLDER / "votes-recommendation.json").read_text(encoding="utf-8"))
    question = raw["question"]

    def rows(ballot: dict[str, Any]) -> tuple[tuple[int, ...], ...]:
        chosen = ballot["choices"]
        return ((int(not chosen), *(int(name in chosen) for name in question["answers"])),)

    return _meeting(raw, rows, post=question["post"], max_choices=question["max"])


def read_evaluation(name: str = "votes-evaluation.json") -> Sample:
    """The evaluation meeting of the sample: 3 persons, every item; `null` is no mark."""
    raw = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    items = (*(Item(one) for one in raw["items"]), Item.USE)

    def rows(ballot: dict[str, Any]) -> tuple[tuple[int, ...], ...]:
        marks = [(item, ballot["persons"][person][item]) for person in raw["persons"] for item in items]
        return tuple(tuple(int(answer == mark) for answer in answers_of(item)) for item, mark in marks)

    return _meeting(raw, rows, items=items)


def _meeting(
    raw: dict[str, Any], rows: Callable[[dict[str, Any]], tuple[tuple[int, ...], ...]], **asked: Any
) -> Sample:
    counts = raw["counts"]
    return Sample(
        groups=tuple(GroupDraft(g["label"], g["expected"], g["printed"] - g["expected"]) for g in raw["groups"]),
        expected=counts["expected"],
        present=counts["present"],
        left_in_hand=counts["voided"],
        ballots=tuple((ballot["group"], rows(ballot)) for ballot in raw["ballots"]),
        **asked,
    )


def read_persons(name: str = "测评对象.csv") -> list[PersonDraft]:
    """The persons of the evaluation, in the file's order: 测评对象.csv (3) or 测评对象-8人.csv."""
    found = importing.preview(importing.read_table(name, (FOLDER / name).read_bytes())).rows
    return [PersonDraft(row.name, row.duty, row.department) for row in found]


def enter_selection(db: Session, now: dt.datetime, title: str = TITLE) -> tuple[int, int]:
    """The selection, a rehearsal, with its post, its candidates from 推荐人选.csv and their facts. Returns both numbers."""
    selection = selections.create_selection(db, title, BUREAU, dt.date(2021, 5, 8), now, rehearsal=True)
    post = selections.add_post(db, selection.id, read().post, 1)
    table = importing.read_table("推荐人选.csv", (FOLDER / "推荐人选.csv").read_bytes())
    selections.import_candidates(db, post.id, importing.preview(table).rows)
    roster = (FOLDER / "人员名册.xlsx").read_bytes()
    facts.attach(db, selection.id, facts.read(db, selection.id, "人员名册.xlsx", roster))
    _enter_earlier_service(db, selection.id)
    return selection.id, post.id


def _enter_earlier_service(db: Session, selection_id: int) -> None:
    """The one earlier spell that 人工判断.csv confirms, with its basis."""
    known = facts.of_selection(db, selection_id)
    with (FOLDER / "人工判断.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found = [one for one in known.values() if one.name == row["姓名"] and row["补充起始日期"]]
            for one in found:
                since = dt.date.fromisoformat(row["补充起始日期"])
                facts.enter_earlier(db, selection_id, one.id, row["补充职务职级"], since, row["依据"])


def draft(db: Session, selection_id: int, post_id: int, title: str, now: dt.datetime, actor: str) -> str:
    """A rehearsal of the recommendation meeting, with the sample's groups. Returns its uuid."""
    sample = read()
    wanted = Draft(
        title=title, form=Form.MEETING, rehearsal=True, questions=[QuestionDraft(post_id, sample.max_choices)],
        groups=sample.groups,
    )  # fmt: skip
    return drafts.create(db, selection_id, wanted, transport="http", now=now, actor=actor, rng=secrets.token_bytes)


def draft_evaluation(db: Session, selection_id: int, title: str, now: dt.datetime, actor: str) -> str:
    """A rehearsal of the evaluation meeting. Returns its uuid."""
    meeting = read_evaluation()
    wanted = Draft(
        title=title, form=Form.MEETING, rehearsal=True, questions=(), groups=meeting.groups, kind=Kind.EVALUATION,
        persons=read_persons(), items=meeting.items,
    )  # fmt: skip
    return drafts.create(db, selection_id, wanted, transport="http", now=now, actor=actor, rng=secrets.token_bytes)


def make_keys(db: Session, uuid: str, actor: str) -> list[tuple[trustees.Invitation, Key]]:
    """Invite the sample's trustees, make their keys, and move the poll to *keyed*."""
    made = []
    for name, role in TRUSTEES:
        invitation = officials.name_trustee(db, uuid, name, role, actor=actor)
        row = trustees.public_trustees(db, uuid)[invitation.n - 1]
        key = Key.new(Holder(row.selection, row.name, row.role))
        nonce = trustees.submit_key(db, uuid, invitation.n, key.registration)
        trustees.confirm_opened(db, uuid, invitation.n, key.opening(nonce))
        made.append((invitation, key))
    lifecycle.keyed(db, uuid, actor=actor)
    return made


def hold_meeting(  # the whole meeting is one story
    db: Session, uuid: str, keys: Iterable[Key], secret: bytes, now: dt.datetime, actor: str,
    step: Callable[[], None] = lambda: None, meeting: Sample | None = None,
) -> None:  # fmt: skip
    """Issue, open, cast the sample's ballots, count the room, close in two steps, decrypt: the poll is then *tallied*.

    `meeting` is the recommendation unless another is given.
    """
    sample, receipt_key = meeting or read(), board.receipt_key(secret, uuid)
    slips = list(lifecycle.issue(db, uuid, actor, base_url=BASE_URL, today=now.date()))
    check_all(db, uuid, secret, Path(gettempdir()), now, actor)
    lifecycle.open_box(
        db,
        uuid,
        transport="http",
        assets=building.booth_assets(STATIC),
        receipt_key=receipt_key,
        now=now,
        actor=actor,
        base_url=BASE_URL,
    )
    left = _cast_all(db, uuid, sample, slips, step)
    lifecycle.set_counts(
        db, uuid, expected=sample.expected, present=sample.present, left_in_hand=sample.left_in_hand, actor=actor
    )
    _void(db, uuid, left[: sample.left_in_hand], actor)
    lifecycle.start_closing(db, uuid, now=now, actor=actor)
    lifecycle.finish_closing(
        db, uuid, named=OFFICIALS, receipt_key=receipt_key, now=now, actor=actor, rehearsal_wait=dt.timedelta(0)
    )
    for n, key in enumerate(keys, 1):
        decryption.submit_share(
            db, uuid, n, key.answer(board.files(db, uuid), uuid, n)
        )  # the server verifies all of it
        step()


def _cast_all(db: Session, uuid: str, sample: Sample, slips: list[Slip], step: Callable[[], None]) -> list[Slip]:
    """Cast every ballot of the sample; returns the slips that did not vote: left in hand, or handed out and kept."""
    election = board.parsed(board.get(db, uuid).election)
    piles = {group.label: [slip for slip in slips if slip.group_label == group.label] for group in sample.groups}
    work = [(credential.secret(ED25519, uuid, piles[group].pop().code), rows) for group, rows in sample.ballots]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # PyNaCl lets go of the interpreter while it multiplies
        for ballot in pool.map(lambda one: make(election, one[0], one[1], secrets.token_bytes), work):
            board.cast(db, uuid, ballot)
            step()
    return [slip for pile in piles.values() for slip in pile]


def _void(db: Session, uuid: str, slips: list[Slip], actor: str) -> None:
    """Last call: the leftovers are voided by their own keys."""
    phi = board.parsed(board.get(db, uuid).election).phi
    pair = (OFFICIALS[0].name, OFFICIALS[1].name)
    made = [
        voids.make(
            ED25519, phi, credential.secret(ED25519, uuid, slip.code), "leftover", None, pair, secrets.token_bytes
        )
        for slip in slips
    ]
    for start in range(0, len(made), voiding.AT_ONCE):
        voiding.void_slips(db, uuid, voids.encode(made[start : start + voiding.AT_ONCE]), actor=actor)
