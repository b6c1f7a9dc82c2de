"""What must hold between phones and record after every run. Pure: lists of faults, empty when all is well."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tally.ballot import tracker as tracker_of
from voting.board.box import CREDENTIAL_FIELD


class End(StrEnum):
    """How a phone's vote ended, as its owner saw it."""

    DONE = "done"  # acknowledged, the receipt holds
    CLOSED = "closed"
    USED = "used"
    REFUSED = "refused"
    BAD_RECEIPT = "bad receipt"
    GAVE_UP = "gave up"  # a phone that vanished, or ran out of its run's time


@dataclass(frozen=True, slots=True)
class Outcome:
    """One phone's story: what it sent and what it was told."""

    tracker: str
    credential: str
    end: End
    may_vanish: bool = False
    said: str = ""
    answers: tuple[str, ...] = ()  # every tracker that a receipt named, over all copies that were sent


@dataclass(slots=True)
class Account:
    """The faults found, each a sentence, and the figures."""

    acknowledged: int = 0
    recorded: int = 0
    closed: int = 0
    gave_up: int = 0
    unanswered_in_record: int = 0
    faults: list[str] = field(default_factory=list)


def credential_of(raw: bytes) -> str:
    """The slip's public key as it stands in a ballot's bytes."""
    found = CREDENTIAL_FIELD.search(raw)
    return found[1].decode() if found else ""


def account(outcomes: Sequence[Outcome], record: Iterable[bytes], trackers_shown: Sequence[str]) -> Account:
    """Compare what phones were told with what is in the record and with the list that was shown to the room."""
    kept = [(tracker_of(raw), credential_of(raw)) for raw in record]
    in_record = {tracker for tracker, _ in kept}
    sent = {one.tracker: one.credential for one in outcomes}
    found = Account(recorded=len(kept))
    found.faults += [f"twice in the record: {one}" for one in _repeated(tracker for tracker, _ in kept)]
    found.faults += [f"a slip used twice: {one}" for one in _repeated(slip for _, slip in kept)]
    found.faults += _strangers(kept, sent)
    if sorted(trackers_shown) != sorted(in_record):
        found.faults.append("the list shown to the room is not the record's")
    for one in outcomes:
        found.acknowledged += one.end is End.DONE
        found.closed += one.end is End.CLOSED
        found.gave_up += one.end is End.GAVE_UP
        found.unanswered_in_record += one.end is End.GAVE_UP and one.tracker in in_record
        found.faults += _of_phone(one, in_record)
    return found


def _of_phone(one: Outcome, in_record: set[str]) -> list[str]:
    faults = []
    here = one.tracker in in_record
    if any(answer != one.tracker for answer in one.answers):
        faults.append(f"a receipt for another ballot: {one.tracker}")
    if one.answers and not here:
        faults.append(f"acknowledged and lost: {one.tracker}")
    if one.end is End.DONE and not one.answers:
        faults.append(f"done without a receipt: {one.tracker}")
    if one.end is End.CLOSED and here:
        faults.append(f"told that the box is closed, yet in the record: {one.tracker}")
    if one.end is End.GAVE_UP and not one.may_vanish:
        faults.append(f"never answered: {one.tracker}")
    if one.end in (End.REFUSED, End.BAD_RECEIPT, End.USED):
        faults.append(f"{one.end}: {one.tracker} {one.said}")
    return faults


def _strangers(kept: Iterable[tuple[str, str]], sent: Mapping[str, str]) -> list[str]:
    return [f"in the record, but sent by nobody: {tracker}" for tracker, slip in kept if sent.get(tracker) != slip]


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, n in Counter(values).items() if n > 1]
