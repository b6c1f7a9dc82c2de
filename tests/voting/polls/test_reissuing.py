"""A lost batch is printed anew: the old slips are void, the new ones and everybody else's vote, the record verifies."""

import secrets
import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from tally.ballot import make
from tally.manifest import Manifest
from tally.questions import Election
from tally.verify import Files, verify
from tests.voting.polls.meeting import BASE, CLERK, PAIR, Meeting
from voting.accounts import audit
from voting.accounts.models import Audit
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import officials, reissuing
from voting.polls.models import Act
from voting.polls.officials import Official
from voting.polls.reissuing import Choice
from voting.slips import service as slips
from voting.store.base import Database

FIRST, SECOND = 6, 7  # slips of the two groups, spares included
CHOICE = [[0, 1, 0, 0], [0, 1, 1]]


@pytest.fixture
def meeting(db: Session) -> Meeting:
    """Slips are printed: `codes` holds those of both groups, the first group's before the second's."""
    return Meeting(db).plan().create().invite().make_keys().keyed().issue()


def anew(
    meeting: Meeting, *chosen: tuple[int, int], reason: str = "打印机卡纸", named: Sequence[Official] = PAIR
) -> list[str]:
    """The codes of the new slips, as they lie on the sheets."""
    made = reissuing.reissue(
        meeting.db,
        meeting.uuid,
        [Choice(*one) for one in chosen],
        reason=reason,
        named=named,
        actor=CLERK,
        base_url=meeting.base_url,
    )
    return [slip.code for slip in made.slips]


def refused(act: Callable[[], object]) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def public(meeting: Meeting, code: str) -> bytes:
    return board.key_bytes(ED25519.base(credential.secret(ED25519, meeting.uuid, code)).text)


def listed(meeting: Meeting) -> dict[bytes, int]:
    return dict(board.credentials(meeting.db, meeting.uuid))


def vote(meeting: Meeting, codes: Sequence[str]) -> None:
    election = Election.parse(board.get(meeting.db, meeting.uuid).election)
    for code in codes:
        board.cast(
            meeting.db,
            meeting.uuid,
            make(election, credential.secret(ED25519, meeting.uuid, code), CHOICE, secrets.token_bytes),
        )


def test_the_chosen_groups_get_as_many_new_slips_and_the_others_keep_theirs(db, meeting):
    old = meeting.codes
    new = anew(meeting, (0, 0))
    assert len(new) == len(set(new) - set(old)) == FIRST
    assert listed(meeting) == {public(meeting, code): 0 for code in new} | {
        public(meeting, code): 1 for code in old[FIRST:]
    }
    assert board.get(db, meeting.uuid).printed == FIRST + SECOND
    assert [(row.printed, row.reissued) for row in slips.batches(db, meeting.uuid)] == [(FIRST, 1), (SECOND, 0)]


def test_when_the_very_print_failed_all_groups_are_printed_anew(db, meeting):
    made = reissuing.reissue(
        db, meeting.uuid, [Choice(1, 0), Choice(0, 0)], reason="没有印出", named=PAIR, actor=CLERK, base_url=BASE
    )
    assert (made.labels, made.printed) == (("机关中层正职", "机关其他人员"), FIRST + SECOND)
    new = [(slip.group_label, slip.code) for slip in made.slips]
    assert [label for label, _ in new] == ["机关中层正职"] * FIRST + ["机关其他人员"] * SECOND
    assert listed(meeting).keys() == {public(meeting, code) for _, code in new}


def test_after_opening_new_and_untouched_slips_vote_old_ones_do_not_and_the_record_verifies(db, meeting):
    old, kept = meeting.codes[:FIRST], meeting.codes[FIRST:]
    new = anew(meeting, (0, 0))
    meeting.open()
    manifest = Manifest.parse(board.get(db, meeting.uuid).manifest)
    assert [set(group.credentials) for group in manifest.groups] == [
        {board.key_text(public(meeting, code)) for code in codes} for codes in (new, kept)
    ]
    for code in old:
        assert refused(lambda code=code: vote(meeting, [code])) == Code.UNKNOWN_CREDENTIAL
    vote(meeting, [*new[:4], *kept[:3]])
    meeting.counts(left_in_hand=FIRST + SECOND - 7).start_closing().finish_closing().tally()
    found = board.files(db, meeting.uuid)
    report = verify(Files(bel=found[f"{meeting.uuid}.bel"], manifest=found["manifest.json"], closing=found["closing.json"],
                          voids=found["voids.json"], tally=found["tally.json"]))  # fmt: skip
    assert [check.line for check in report.checks if not check.ok] == []
    assert report.result == [[0, 7, 0, 0], [0, 7, 7]]


def test_a_reissued_batch_can_be_lost_again(db, meeting):
    once = anew(meeting, (1, 0))
    twice = anew(meeting, (1, 1))
    assert not set(once) & set(twice)
    assert [key for key, group in listed(meeting).items() if group == 1] == sorted(public(meeting, c) for c in twice)
    assert [row.reissued for row in slips.batches(db, meeting.uuid)] == [0, 2]


@pytest.mark.parametrize("seen", [0, 2, -1])
def test_a_form_that_saw_another_number_makes_nothing_void(db, meeting, seen):
    anew(meeting, (0, 0))
    db.commit()
    before = listed(meeting)
    assert refused(lambda: anew(meeting, (0, seen), (1, 0))) == Code.REISSUE_STALE
    db.rollback()
    assert listed(meeting) == before
    assert [row.reissued for row in slips.batches(db, meeting.uuid)] == [1, 0]


def test_another_groups_reissue_does_not_make_a_form_stale(meeting):
    anew(meeting, (0, 0))
    assert len(anew(meeting, (1, 0))) == SECOND


def test_of_two_clerks_who_press_at_once_only_the_firsts_slips_exist(database: Database):
    with database.session() as db:
        meeting = Meeting(db).plan().create().invite().make_keys().keyed().issue()
        db.commit()
    together, outcomes = threading.Barrier(2), []

    def press() -> None:
        with database.session() as mine:
            together.wait()
            try:
                codes = anew(Meeting(mine, uuid=meeting.uuid), (0, 0))
                mine.commit()
                outcomes.append(codes)
            except Refused as error:
                mine.rollback()
                outcomes.append(error.code)

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert outcomes.count(Code.REISSUE_STALE) == 1
    printed = next(one for one in outcomes if one != Code.REISSUE_STALE)
    with database.session() as db:
        first = [key for key, group in board.credentials(db, meeting.uuid) if group == 0]
    assert first == sorted(public(meeting, code) for code in printed)


@pytest.mark.parametrize(("chosen", "code"), [
    ([], Code.REISSUE_NO_GROUP),
    ([(2, 0)], Code.BAD_REQUEST),
    ([(-1, 0)], Code.BAD_REQUEST),
    ([(0, 0), (0, 0)], Code.BAD_REQUEST),
    ([(0, 0), (0, 1)], Code.BAD_REQUEST),
])  # fmt: skip
def test_groups_must_be_chosen_and_be_the_polls_own(meeting, chosen, code):
    before = listed(meeting)
    assert refused(lambda: anew(meeting, *chosen)) == code
    assert listed(meeting) == before


@pytest.mark.parametrize(("reason", "named", "code"), [
    ("", PAIR, Code.REASON_MISSING), (" \u3000", PAIR, Code.REASON_MISSING), ("长" * 201, PAIR, Code.INVALID_VALUE),
    ("卡\x00纸", PAIR, Code.INVALID_VALUE),
    ("卡纸", PAIR[:1], Code.OFFICIALS_INVALID), ("卡纸", [PAIR[0], PAIR[0]], Code.OFFICIALS_INVALID),
    ("卡纸", [Official("甲"), Official("季 慕青")], Code.OFFICIALS_INVALID),
])  # fmt: skip
def test_a_reason_and_two_officials_who_are_no_candidates_are_needed(meeting, reason, named, code):
    before = listed(meeting)
    assert refused(lambda: anew(meeting, (0, 0), reason=reason, named=named)) == code
    assert listed(meeting) == before


def test_the_log_names_groups_numbers_reason_and_officials_but_no_slip(db, meeting):
    new = anew(meeting, (1, 0), reason="被人看过")
    line = db.scalars(select(Audit).where(Audit.action == "poll.reissue")).one()
    assert line.detail == "旧票作废，重印 7 张：机关其他人员 7 张（第 1 次）；被人看过（监票人甲、计票人乙）"
    said = " ".join(db.scalars(select(Audit.detail)))
    assert not any(code in said for code in [*meeting.codes, *new])
    assert audit.verify(db).ok
    assert {one.name for one in officials.signed_by(db, meeting.uuid, Act.REISSUE)} == {"监票人甲", "计票人乙"}


def test_the_names_of_a_second_reissue_replace_the_firsts_and_leave_the_amendments(db, meeting):
    anew(meeting, (0, 0))
    anew(meeting, (0, 1), named=[Official("丙"), Official("丁")])
    assert [one.name for one in officials.signed_by(db, meeting.uuid, Act.REISSUE)] == ["丁", "丙"]
    assert officials.signed_by(db, meeting.uuid, Act.AMEND) == []
