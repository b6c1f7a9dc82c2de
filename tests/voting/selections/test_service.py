"""Selections, posts and candidates in the database: replaced whole or not at all, fixed once slips are printed."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from voting.errors import Code, Refused
from voting.selections import service
from voting.selections.importing import MAX_CANDIDATES, CandidateRow, key_of
from voting.selections.models import Candidate, Selection

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
PEOPLE = [CandidateRow(2, "季慕青", "副处长", "投资促进处"), CandidateRow(3, "过静宜", "副主任", "办公室")]


@pytest.fixture
def selection(db: Session) -> Selection:
    return service.create_selection(db, "科级干部\u3000选拔任用", "云州市商务局", dt.date(2026, 5, 8), NOW)


def refused(act) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_selection_keeps_its_title_with_plain_spaces(db, selection):
    assert service.get_selection(db, selection.id).title == "科级干部 选拔任用"
    assert [s.id for s in service.selections(db)] == [selection.id]


@pytest.mark.parametrize("title", ["", "  ", "长" * 81, "科级\u0000干部", "科级|干部", "科级\u202e干部"])
def test_a_title_that_no_paper_can_show_is_refused(db, title):
    assert refused(lambda: service.create_selection(db, title, "局", dt.date(2026, 5, 8), NOW)) == Code.INVALID_VALUE


def test_what_does_not_exist_is_refused(db):
    assert refused(lambda: service.get_selection(db, 9)) == Code.NO_SUCH_SELECTION
    assert refused(lambda: service.add_post(db, 9, "处长", 1)) == Code.NO_SUCH_SELECTION
    assert refused(lambda: service.get_post(db, 9)) == Code.NO_SUCH_POST
    assert refused(lambda: service.import_candidates(db, 9, PEOPLE)) == Code.NO_SUCH_POST


@pytest.mark.parametrize(("title", "places"), [("", 1), ("处长", 0), ("处长", -1), ("处长", 51)])
def test_a_post_without_title_or_places_is_refused(db, selection, title, places):
    assert refused(lambda: service.add_post(db, selection.id, title, places)) == Code.INVALID_VALUE


def test_the_same_post_twice_is_refused_and_the_first_stays(db, selection):
    service.add_post(db, selection.id, "处长", 1)
    assert refused(lambda: service.add_post(db, selection.id, " 处长 ", 2)) == Code.INVALID_VALUE
    assert [(p.title, p.places) for p in service.get_selection(db, selection.id).posts] == [("处长", 1)]


def test_candidates_stand_in_the_order_of_the_import(db, selection):
    post = service.add_post(db, selection.id, "处长", 1)
    assert service.import_candidates(db, post.id, list(reversed(PEOPLE))) == 2
    assert [c.name for c in service.candidates(db, post.id)] == ["过静宜", "季慕青"]
    assert [c.name for c in post.candidates] == ["过静宜", "季慕青"]


def test_a_second_import_replaces_the_first_whole(db, selection):
    post = service.add_post(db, selection.id, "处长", 1)
    service.import_candidates(db, post.id, PEOPLE)
    service.import_candidates(db, post.id, PEOPLE[:1])
    assert [c.name for c in service.candidates(db, post.id)] == ["季慕青"]


@pytest.mark.parametrize(("rows", "code"), [
    ([], Code.IMPORT_EMPTY),
    ([CandidateRow(i, f"人{i}", "", "") for i in range(MAX_CANDIDATES + 1)], Code.IMPORT_TOO_MANY),
    ([PEOPLE[0], PEOPLE[0]], Code.IMPORT_ROWS),
    ([CandidateRow(2, "", "", "")], Code.IMPORT_ROWS),
])  # fmt: skip
def test_a_bad_import_leaves_the_old_list_as_it_was(db, selection, rows, code):
    post = service.add_post(db, selection.id, "处长", 1)
    service.import_candidates(db, post.id, PEOPLE)
    assert refused(lambda: service.import_candidates(db, post.id, rows)) == code
    assert [c.name for c in service.candidates(db, post.id)] == ["季慕青", "过静宜"]


def test_an_import_is_refused_when_the_list_has_changed_since_the_preview(db, selection):
    post = service.add_post(db, selection.id, "处长", 1)
    before = service.fingerprint(db, post.id)
    service.import_candidates(db, post.id, PEOPLE, expected=before)
    assert refused(lambda: service.import_candidates(db, post.id, PEOPLE[:1], expected=before)) == Code.IMPORT_STALE
    assert len(service.candidates(db, post.id)) == 2


def test_candidates_are_fixed_while_a_poll_holds_them(db, selection):
    post = service.add_post(db, selection.id, "处长", 1)
    service.lock_post(db, post.id, "poll1")
    service.lock_post(db, post.id, "poll1")
    service.lock_post(db, post.id, "poll2")
    service.release_posts(db, "poll1")
    assert refused(lambda: service.import_candidates(db, post.id, PEOPLE)) == Code.POST_LOCKED
    service.release_posts(db, "poll2")
    assert service.import_candidates(db, post.id, PEOPLE) == 2


def test_names_of_candidates_are_known_in_every_spelling(db, selection):
    post = service.add_post(db, selection.id, "处长", 1)
    service.import_candidates(db, post.id, [CandidateRow(2, "古丽·艾山", "", "")])
    assert key_of("古丽•艾 山") in service.candidate_keys(db, selection.id)
    assert service.candidate_keys(db, selection.id + 1) == set()


@pytest.mark.parametrize(("duty", "department", "answer"), [
    ("副处长", "办公室", "张三（办公室　副处长）"), ("副处长", "", "张三（副处长）"), ("", "办公室", "张三（办公室）"), ("", "", "张三"),
])  # fmt: skip
def test_an_answer_leaves_out_what_is_empty(duty, department, answer):
    assert Candidate(name="张三", duty=duty, department=department).answer == answer
