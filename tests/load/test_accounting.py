"""The account of a run notices every way in which a ballot can go wrong."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tally.ballot import tracker
from tests.load.accounting import End, Outcome, account


def ballot(slip: int, note: str = "") -> bytes:
    """Bytes that look like a ballot as far as the account looks."""
    return f'{{"election_uuid":"x","credential":"{slip:064x}","note":"{note}"}}'.encode()


def told(slip: int, end: End = End.DONE, note: str = "") -> Outcome:
    raw = ballot(slip, note)
    return Outcome(tracker(raw), f"{slip:064x}", end, answers=(tracker(raw),) if end is End.DONE else ())


def faults(outcomes: Sequence[Outcome], record: Sequence[bytes], shown: Sequence[str] | None = None) -> list[str]:
    return account(outcomes, record, [tracker(raw) for raw in record] if shown is None else shown).faults


def test_a_sound_run_has_no_fault() -> None:
    vanished = replace(told(3, End.GAVE_UP), may_vanish=True)
    unseen = replace(told(4, End.GAVE_UP), may_vanish=True)
    outcomes = [told(1), told(2), vanished, unseen, told(5, End.CLOSED)]
    found = account(outcomes, record := [ballot(2), ballot(1), ballot(3)], [tracker(raw) for raw in record])
    assert found.faults == []
    assert (found.acknowledged, found.recorded, found.closed, found.unanswered_in_record) == (2, 3, 1, 1)


@pytest.mark.parametrize(
    ("outcomes", "record", "fault"),
    [
        ([told(1), told(2)], [ballot(1)], "acknowledged and lost"),
        ([told(1)], [ballot(1), ballot(1)], "twice in the record"),
        ([told(1), told(1, End.GAVE_UP, "other")], [ballot(1), ballot(1, "other")], "a slip used twice"),
        ([told(1)], [ballot(1), ballot(2)], "sent by nobody"),
        ([told(1, End.CLOSED)], [ballot(1)], "told that the box is closed, yet in the record"),
        ([told(1, End.GAVE_UP)], [ballot(1)], "never answered"),
        ([told(1, End.USED)], [ballot(1)], "used"),
        ([told(1, End.REFUSED)], [], "refused"),
        ([told(1, End.BAD_RECEIPT)], [ballot(1)], "bad receipt"),
        ([replace(told(1), answers=())], [ballot(1)], "done without a receipt"),
        ([replace(told(1), answers=("another",))], [ballot(1)], "a receipt for another ballot"),
        ([replace(told(1, End.CLOSED), answers=(told(1).tracker,))], [], "acknowledged and lost"),
    ],
)
def test_each_fault_is_found(outcomes: list[Outcome], record: list[bytes], fault: str) -> None:
    assert any(fault in one for one in faults(outcomes, record)), faults(outcomes, record)


def test_a_list_that_leaves_a_tracker_out_is_found() -> None:
    assert faults([told(1)], [ballot(1)], shown=[]) == ["the list shown to the room is not the record's"]
