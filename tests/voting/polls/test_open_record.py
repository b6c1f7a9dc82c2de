"""The record before there is a result: what a supervisor can check while the box stands open."""

import pytest
from sqlalchemy.orm import Session

from tests.voting.polls.meeting import Meeting
from voting.errors import Code, Refused
from voting.polls import results
from voting.verify.judging import check


def test_the_record_of_an_open_poll_holds_as_far_as_it_goes(db: Session) -> None:
    meeting = Meeting(db).opened()
    files = results.record(db, meeting.uuid)
    report = check(files, 1)
    assert report.ok
    assert (report.stage, set(files)) == ("open", {f"{meeting.uuid}.bel", "manifest.json"})
    assert [poll.uuid for poll in results.recorded(db)] == [meeting.uuid]


def test_before_the_opening_there_is_no_record(db: Session) -> None:
    meeting = Meeting(db).plan().create()
    with pytest.raises(Refused) as refused:
        results.record(db, meeting.uuid)
    assert refused.value.code is Code.NOT_OPENED
    assert results.recorded(db) == []
