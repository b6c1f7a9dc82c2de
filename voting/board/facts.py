"""What the room sees of a poll, state by state: counts, seals, trackers. Never a result."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tally import closing
from tally.ballot import short
from tally.manifest import Manifest
from tally.questions import GROUPS
from tally.trustees import Pedersen, Trustees
from voting.board import service, steps
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused

LISTED = (State.CLOSING, State.CLOSED)
"""Casting has stopped, so that a list of trackers shows no order of arrival, and the meeting still lasts."""
CLOSING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Keys:
    """How many hold the key, and how many of them it takes to open."""

    trustees: int
    threshold: int


def visible(db: Session, uuid: str) -> BoardPoll:
    """A poll that the room may see. Raises Refused(NO_SUCH_POLL): a poll in preparation is nobody's business."""
    poll = service.get(db, uuid)
    if poll.state in {State.DRAFT, State.KEYED}:
        raise Refused(Code.NO_SUCH_POLL)
    return poll


def handed_out(db: Session, poll: BoardPoll) -> int | None:
    """发出: printed less what is left in hand or, once more are void, less those; None until both are entered."""
    if poll.printed is None or poll.left_in_hand is None:
        return None
    return poll.printed - max(poll.left_in_hand, service.voided(db, poll.uuid))


def opening_seal(poll: BoardPoll) -> str:
    """启用印记, e.g. "3F9A C07E"; empty before the set-up is frozen."""
    return seal(poll.setup_event)


def closing_hash(db: Session, uuid: str) -> str:
    """σ: hex SHA-256 of the closing statement; empty before there is one."""
    statement = service.get_file(db, uuid, "closing.json")
    return "" if statement is None else hashlib.sha256(statement).hexdigest()


def seal(digest: str) -> str:
    """The first eight digits of a hash in two groups of four capitals; empty for an empty hash."""
    return closing.seal(digest) if digest else ""


def keys(poll: BoardPoll) -> Keys | None:
    """Number of trustees and how many must come; None before the keys are fixed."""
    if not poll.trustees:
        return None
    trustees = Trustees.parse(poll.trustees, GROUPS["Ed25519"])
    needed = sum(item.threshold if isinstance(item, Pedersen) else 1 for item in trustees.items)
    return Keys(len(trustees.owners), needed)


def manifest(poll: BoardPoll) -> Manifest | None:
    """The frozen manifest; None before there is one."""
    return Manifest.parse(poll.manifest) if poll.manifest else None


def snapshot(db: Session, poll: BoardPoll, now: float, shown_for: int = CLOSING_SECONDS) -> dict[str, Any]:
    """What the projector and a phone may ask again and again: state, counts, seals.

    `now` in unix seconds; `shown_for`: for how many seconds the trackers stay on the screen at least. Counts per group
    appear only after casting has stopped, merged by the disclosure rule. Once tallied the meeting is over, and nothing
    but the state and the seals is told.
    """
    if poll.state == State.TALLIED:
        return {
            "state": State.TALLIED.value,
            "opening_seal": opening_seal(poll),
            "closing_seal": seal(closing_hash(db, poll.uuid)),
        }
    listed = poll.state in LISTED
    at = step(poll)
    groups = service.shown_by_group(db, poll.uuid) if listed and poll.manifest else None
    return {
        "state": str(poll.state),
        "returned": service.count(db, poll.uuid),
        "handed_out": handed_out(db, poll),
        "printed": poll.printed,
        "opening_seal": opening_seal(poll),
        "closing_seal": seal(closing_hash(db, poll.uuid)) if listed else "",
        "groups": [{"label": label, "returned": n} for label, n in groups.shown] if groups else [],
        "rest": groups.rest if groups else 0,
        "seconds_left": _seconds_left(poll, now, shown_for),
        "step": at,
        "call_left": steps.call_left(poll.last_call, now) if at is steps.Step.CALL else None,
    }


def step(poll: BoardPoll) -> steps.Step | None:
    """The meeting's step that the room is at; None for a void poll."""
    return steps.current(State(poll.state), poll.step, announced=poll.left_in_hand is not None)


def _seconds_left(poll: BoardPoll, now: float, shown_for: int) -> int | None:
    if poll.state != State.CLOSING or poll.closing_since is None:
        return None
    return max(0, poll.closing_since + shown_for - int(now))


def listed_trackers(db: Session, poll: BoardPoll) -> list[str]:
    """All trackers, sorted. Raises Refused: NOT_YET while ballots can still come, MEETING_OVER once it is over."""
    if poll.state not in LISTED:
        raise Refused(Code.MEETING_OVER if poll.state in {State.TALLIED, State.VOID} else Code.NOT_YET)
    return service.trackers(db, poll.uuid)


def codes(trackers: list[str]) -> list[str]:
    """The 查验码 of each tracker, in the same order."""
    return [short(one) for one in trackers]
