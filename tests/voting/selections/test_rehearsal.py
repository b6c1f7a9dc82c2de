"""A rehearsal selection holds rehearsal polls only, says so everywhere, and stays one."""

import datetime as dt

import pytest

from tests.voting.polls.meeting import Meeting
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import drafts
from voting.selections import service


def test_a_rehearsal_selection_takes_no_poll_that_counts(db):
    meeting = Meeting(db).plan()
    service.get_selection(db, meeting.selection).rehearsal = True
    with pytest.raises(Refused) as refused:
        meeting.create(rehearsal=False)
    assert refused.value.code is Code.REHEARSAL_SELECTION
    meeting.create(rehearsal=True)
    assert board.get(db, meeting.uuid).rehearsal


def test_a_draft_of_a_rehearsal_selection_cannot_be_turned_into_one_that_counts(db):
    meeting = Meeting(db).plan()
    meeting.create(rehearsal=True)
    service.get_selection(db, meeting.selection).rehearsal = True
    with pytest.raises(Refused) as refused:
        drafts.update(db, meeting.uuid, meeting.draft(rehearsal=False), actor="office")
    assert refused.value.code is Code.REHEARSAL_SELECTION


def test_a_selection_counts_unless_it_was_entered_as_a_rehearsal(db):
    now = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    assert not service.create_selection(db, "正式", "局", now.date(), now).rehearsal
    assert service.create_selection(db, "演练", "局", now.date(), now, rehearsal=True).rehearsal


def test_the_form_suggests_a_rehearsal_and_the_pages_say_it(office_client):
    page = office_client.get("/office/selections/new").text
    box = page[page.index('id="rehearsal"') - 100 : page.index('id="rehearsal"') + 100]
    assert "checked" in box
    form = {"title": "演练一次", "bureau": "局", "plan_date": "2026-05-08", "rehearsal": "y"}
    made = office_client.post("/office/selections/new", data=form)
    assert "不计入任何结果" in office_client.get(made.location).text
    assert "演练</span>" in office_client.get("/office/selections").text
    del form["rehearsal"]
    counting = office_client.post("/office/selections/new", data=form | {"title": "正式一次"})
    assert "不计入任何结果" not in office_client.get(counting.location).text
