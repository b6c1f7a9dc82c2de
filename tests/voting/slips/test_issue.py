"""Slips are issued once: public keys to the board, codes to paper and nowhere else."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from voting.board import service as board
from voting.errors import Code, Refused
from voting.slips import service
from voting.slips.service import Group, Reprint
from voting.store.base import Database

UUID = "4rRvc7HTY5uUqY"
BASE = "http://localhost"
DAY = dt.date(2026, 11, 22)
LATER = dt.date(2026, 11, 23)
GROUPS = [Group("机关中层正职", 20, 3), Group("直属(下属)单位负责人", 9, 3)]


@pytest.fixture
def keyed(db: Session) -> Session:
    board.create(db, UUID, "会议推荐", rehearsal=True, transport="http")
    board.advance(db, UUID, board.State.DRAFT, board.State.KEYED)
    return db


@pytest.fixture
def issued(keyed: Session) -> Session:
    service.issue(keyed, UUID, GROUPS, DAY, BASE)
    board.advance(keyed, UUID, board.State.KEYED, board.State.ISSUED)
    return keyed


def refused(*arguments) -> Code:
    with pytest.raises(Refused) as caught:
        service.issue(*arguments)
    return caught.value.code


def test_every_group_gets_its_slips_and_spares(keyed):
    slips = list(service.issue(keyed, UUID, GROUPS, DAY, BASE))
    assert [slip.group_label for slip in slips] == ["机关中层正职"] * 23 + ["直属(下属)单位负责人"] * 12
    assert len({slip.code for slip in slips}) == 35
    assert all(credential.normalise(slip.code) == slip.code for slip in slips)
    assert [(row.group_index, row.printed, row.spares, row.issued_on) for row in service.batches(keyed, UUID)] == [
        (0, 23, 3, DAY),
        (1, 12, 3, DAY),
    ]
    assert board.get(keyed, UUID).printed == 35


def test_the_board_has_the_public_key_of_every_code_before_the_first_is_shown(keyed):
    slips = service.issue(keyed, UUID, GROUPS, DAY, BASE)
    listed = board.credentials(keyed, UUID)
    expected = set()
    for slip in slips:
        public = ED25519.base(credential.secret(ED25519, UUID, slip.code)).text
        expected.add((board.key_bytes(public), [group.label for group in GROUPS].index(slip.group_label)))
    assert set(listed) == expected


def everything(db: Session, database: Database, folder: Path) -> bytes:
    """All that the database holds: on SQLite the bytes of its files, on PostgreSQL every row of every table."""
    if database.sqlite:
        return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    rows = [row for table in inspect(db.connection()).get_table_names()
            for row in db.execute(text(f"SELECT t::text FROM {table} t")).scalars()]  # fmt: skip
    return "\n".join(rows).encode()


def test_no_code_is_in_the_database_nor_in_its_journal(keyed, database: Database, tmp_path: Path):
    codes = [slip.code for slip in service.issue(keyed, UUID, GROUPS, DAY, BASE)]
    held = everything(keyed, database, tmp_path)
    keyed.commit()
    held += everything(keyed, database, tmp_path)
    assert UUID.encode() in held
    for code in codes:
        assert [form for form in (code, code.replace("-", ""), code.lower()) if form.encode() in held] == []


def test_the_rows_order_says_nothing_about_the_order_on_paper(keyed):
    slips = list(service.issue(keyed, UUID, GROUPS, DAY, BASE))
    keyed.flush()
    rows = keyed.connection().exec_driver_sql("SELECT credential, group_index FROM board_credentials").all()
    for index, group in enumerate(GROUPS):
        stored = [bytes(raw) for raw, of in rows if of == index]
        printed = [
            board.key_bytes(ED25519.base(credential.secret(ED25519, UUID, slip.code)).text)
            for slip in slips
            if slip.group_label == group.label
        ]
        assert stored == sorted(printed) != printed


def test_a_second_issue_is_refused(keyed):
    service.issue(keyed, UUID, GROUPS, DAY, BASE)
    before = board.credentials(keyed, UUID)
    assert refused(keyed, UUID, GROUPS, DAY, BASE) is Code.ALREADY_ISSUED
    assert board.credentials(keyed, UUID) == before


def test_two_clerks_at_once_are_told_apart_by_the_database(keyed, monkeypatch):
    service.issue(keyed, UUID, GROUPS, DAY, BASE)
    keyed.commit()
    monkeypatch.setattr(service, "batches", lambda *_: [])  # the second clerk looked before the first had pressed
    assert refused(keyed, UUID, GROUPS, DAY, BASE) is Code.ALREADY_ISSUED
    assert len(board.credentials(keyed, UUID)) == 35


@pytest.mark.parametrize("state", ["draft", "issued"])
def test_slips_are_issued_only_when_all_keys_are_ready(db, state):
    board.create(db, UUID, "会议推荐", rehearsal=True, transport="http")
    if state == "issued":
        board.advance(db, UUID, board.State.DRAFT, board.State.KEYED)
        board.advance(db, UUID, board.State.KEYED, board.State.ISSUED)
    assert refused(db, UUID, GROUPS, DAY, BASE) is Code.WRONG_STATE


def test_slips_of_an_unknown_poll_are_refused(db):
    assert refused(db, UUID, GROUPS, DAY, BASE) is Code.NO_SUCH_POLL


@pytest.mark.parametrize(
    "groups", [[], [Group("甲", 0, 0)], [Group("甲", -1, 3)], [Group("甲", 3, -1)], [Group("甲", 20_001, 0)]]
)
def test_absurd_numbers_are_refused(keyed, groups):
    assert refused(keyed, UUID, groups, DAY, BASE) is Code.BAD_REQUEST
    assert service.batches(keyed, UUID) == []


def test_a_reissued_batch_remembers_its_day_and_how_often_and_nothing_else(issued):
    slips = list(service.reissue(issued, UUID, [Reprint(1, GROUPS[1].label, 0)], LATER, BASE))
    assert [slip.group_label for slip in slips] == [GROUPS[1].label] * 12
    assert [(row.printed, row.spares, row.issued_on, row.reissued) for row in service.batches(issued, UUID)] == [
        (23, 3, DAY, 0),
        (12, 3, LATER, 1),
    ]


def test_no_code_of_a_reissue_is_in_the_database_nor_in_its_journal(issued, database: Database, tmp_path: Path):
    codes = [slip.code for slip in service.reissue(issued, UUID, [Reprint(0, GROUPS[0].label, 0)], LATER, BASE)]
    held = everything(issued, database, tmp_path)
    issued.commit()
    held += everything(issued, database, tmp_path)
    for code in codes:
        assert [form for form in (code, code.replace("-", ""), code.lower()) if form.encode() in held] == []


def test_the_rows_order_says_nothing_about_a_reissues_order_on_paper(issued):
    slips = list(service.reissue(issued, UUID, [Reprint(0, GROUPS[0].label, 0)], LATER, BASE))
    rows = issued.connection().exec_driver_sql("SELECT credential, group_index FROM board_credentials").all()
    stored = [bytes(raw) for raw, of in rows if of == 0]
    printed = [board.key_bytes(ED25519.base(credential.secret(ED25519, UUID, slip.code)).text) for slip in slips]
    assert stored == sorted(printed) != printed


@pytest.mark.parametrize("state", ["draft", "keyed", "open", "closing", "closed", "tallied", "void"])
def test_slips_are_printed_anew_only_between_print_and_opening(issued, state):
    board.get(issued, UUID).state = state
    before = board.credentials(issued, UUID)
    with pytest.raises(Refused) as caught:
        service.reissue(issued, UUID, [Reprint(0, GROUPS[0].label, 0)], LATER, BASE)
    assert caught.value.code is Code.WRONG_STATE
    assert board.credentials(issued, UUID) == before


@pytest.mark.parametrize("state", ["open", "closing", "closed", "tallied", "void"])
def test_the_board_drops_no_slip_once_the_box_was_opened(issued, state):
    board.get(issued, UUID).state = state
    with pytest.raises(Refused) as caught:
        board.drop_credentials(issued, UUID, 0)
    assert caught.value.code is Code.WRONG_STATE
    assert len(board.credentials(issued, UUID)) == 35


def test_another_polls_slips_are_not_dropped(issued):
    other = "9tRvc7HTY5uUqY"
    board.create(issued, other, "谈话", rehearsal=True, transport="http")
    board.add_credentials(issued, other, 0, [bytes(32)])
    board.drop_credentials(issued, UUID, 0)
    assert board.credentials(issued, other) == [(bytes(32), 0)]
    assert {group for _, group in board.credentials(issued, UUID)} == {1}


def test_slips_of_an_unknown_poll_are_not_printed_anew(db):
    with pytest.raises(Refused) as caught:
        service.reissue(db, UUID, [Reprint(0, "甲", 0)], LATER, BASE)
    assert caught.value.code is Code.NO_SUCH_POLL


def test_a_slip_in_a_log_line_shows_no_code(keyed):
    slip = next(service.issue(keyed, UUID, GROUPS, DAY, BASE))
    assert slip.code not in f"{slip} {slip!r}"
