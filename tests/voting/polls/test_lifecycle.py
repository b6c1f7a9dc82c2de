"""A poll's life: the whole way with a verified count, each refusal by its code, and who wins when two press at once."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tally.ballot import tracker
from tally.closing import Closing
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import Log
from tally.verify import Files, verify
from tests.voting.polls.meeting import CLERK, NOW, PAIR, SECOND, SECRET, Meeting
from voting.accounts import audit
from voting.accounts.models import Audit
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.errors import Code, Refused
from voting.polls import amending, drafts, lifecycle, officials, reissuing
from voting.polls.models import Act
from voting.polls.officials import Official
from voting.selections import service as selections
from voting.selections.importing import CandidateRow
from voting.store.base import Database
from voting.trustees import service as trustees
from voting.trustees.models import Trustee

CHOICES = [
    [[0, 1, 0, 0], [0, 1, 1]],
    [[0, 1, 0, 0], [1, 0, 0]],
    [[1, 0, 0, 0], [0, 0, 1]],
    [[0, 0, 0, 1], [0, 1, 0]],
    [[0, 0, 1, 0], [0, 1, 1]],
    [[0, 1, 0, 0], [0, 1, 0]],
]
SUMS = [[1, 3, 1, 1], [1, 4, 3]]


@pytest.fixture
def meeting(db: Session) -> Meeting:
    return Meeting(db)


def refused(act: Callable[[], object]) -> Code:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def files_of(db: Session, uuid: str) -> Files:
    found = board.files(db, uuid)
    return Files(
        bel=found[f"{uuid}.bel"], manifest=found.get("manifest.json"), closing=found.get("closing.json"),
        voids=found.get("voids.json"), tally=found.get("tally.json"),
    )  # fmt: skip


def test_a_poll_goes_from_draft_to_a_count_that_the_verifier_confirms(db, meeting):
    meeting.opened()
    assert meeting.state == State.OPEN
    meeting.vote(CHOICES).counts().start_closing()
    assert meeting.state == State.CLOSING
    meeting.finish_closing()
    assert meeting.state == State.CLOSED
    closed = verify(files_of(db, meeting.uuid))
    assert [c.line for c in closed.checks if not c.ok] == []
    assert closed.stage == "closed"
    meeting.tally()
    assert meeting.state == State.TALLIED
    report = verify(files_of(db, meeting.uuid))
    assert [c.line for c in report.checks if not c.ok] == []
    assert report.stage == "tallied"
    assert report.result == SUMS


def test_open_freezes_what_the_draft_said(db, meeting):
    meeting.opened()
    poll = board.get(db, meeting.uuid)
    election, manifest = Election.parse(poll.election), Manifest.parse(poll.manifest)
    assert election.name == "会议推荐"
    assert [(q.text, q.min, q.max, q.blank) for q in election.questions] == [
        ("人事教育处处长", 1, 1, True),
        ("机关中层副职", 1, 2, True),
    ]
    assert election.questions[0].answers == (
        "季慕青（投资促进处　副处长）",
        "过静宜（办公室　副主任）",
        "顾𬱖（三级主任科员）",
    )
    assert election.description.splitlines()[-1] == manifest.description_line
    assert (election.administrator, election.credential_authority) == (
        drafts.ADMINISTRATOR,
        drafts.CREDENTIAL_AUTHORITY,
    )
    assert manifest.rehearsal
    assert (manifest.transport, manifest.minimum, manifest.by_group) == ("http", 5, (0, 1))
    assert [(g.label, len(g.credentials)) for g in manifest.groups] == [("机关中层正职", 6), ("机关其他人员", 7)]
    assert [(t.name, t.role) for t in manifest.trustees] == [("郑为民", "机关纪委"), ("梁静姝", "工会")]
    assert manifest.receipt_key == board.receipt_key(SECRET, meeting.uuid).verify_key.encode().hex()
    assert Log.parse(poll.log).stage == "open"
    assert verify(Files(bel=poll.log, manifest=poll.manifest)).ok


def test_later_changes_of_the_office_leave_the_frozen_election_alone(db, meeting):
    meeting.opened()
    before = board.get(db, meeting.uuid).election
    drafts.get(db, meeting.uuid).selection.title = "另一个名称"
    db.flush()
    assert refused(lambda: selections.import_candidates(db, meeting.posts[0], SECOND)) == Code.POST_LOCKED
    assert board.get(db, meeting.uuid).election == before


def test_the_closing_statement_carries_the_rooms_counts(db, meeting):
    meeting.opened().vote(CHOICES).counts(expected=9, present=8, left_in_hand=6).start_closing().finish_closing()
    closing = Closing.parse(board.get_file(db, meeting.uuid, "closing.json") or b"")
    said = closing.counts
    assert (said.expected, said.present, said.printed, said.handed_out, said.returned) == (9, 8, 13, 7, 6)
    assert closing.ballots == 6
    assert closing.cast_per_group == (("机关中层正职", 6), ("机关其他人员", 0))
    assert board.get_file(db, meeting.uuid, "voids.json") == b"[]"


def test_an_empty_box_closes_too(db, meeting):
    meeting.opened().counts(left_in_hand=13).start_closing().finish_closing()
    assert verify(files_of(db, meeting.uuid)).ok


def test_every_step_is_in_the_audit_log_and_the_chain_holds(db, meeting):
    meeting.opened().vote(CHOICES).counts().start_closing().finish_closing()
    actions = list(db.scalars(select(Audit.action).where(Audit.subject == meeting.uuid).order_by(Audit.id)))
    assert actions == ["poll.create", "poll.trustee", "poll.trustee", "poll.keyed", "poll.issue", "poll.check",
                       "poll.open", "poll.counts", "poll.closing", "poll.closed"]  # fmt: skip
    assert audit.verify(db).ok
    said = " ".join(db.scalars(select(Audit.detail)))
    assert not any(code in said for code in meeting.codes)


# --- the state machine -------------------------------------------------------------------------------------------

STEPS: dict[str, Callable[[Meeting], object]] = {
    "keyed": Meeting.keyed,
    "issue": lambda m: list(lifecycle.issue(m.db, m.uuid, CLERK, base_url=m.base_url)),
    "amend": lambda m: amending.amend(m.db, m.uuid, reason="更正", named=PAIR, actor=CLERK),
    "reissue": lambda m: reissuing.reissue(
        m.db, m.uuid, [reissuing.Choice(0, 0)], reason="卡纸", named=PAIR, actor=CLERK, base_url=m.base_url
    ),
    "open": Meeting.open,
    "counts": Meeting.counts,
    "start_closing": Meeting.start_closing,
    "finish_closing": Meeting.finish_closing,
    "void": lambda m: lifecycle.void(m.db, m.uuid, reason="误建", named=PAIR, actor=CLERK),
    "update": lambda m: drafts.update(m.db, m.uuid, m.draft(), actor=CLERK),
    "name_trustee": lambda m: officials.name_trustee(m.db, m.uuid, "冯立群", "财务处", actor=CLERK),
    "withdraw_trustee": lambda m: officials.withdraw_trustee(m.db, m.uuid, 1, actor=CLERK),
}
ALLOWED = {
    "draft": {"keyed", "void", "update", "name_trustee", "withdraw_trustee"},
    "keyed": {"issue", "void"},
    "issued": {"open", "amend", "reissue", "void"},
    "open": {"counts", "start_closing", "void"},
    "closing": {"counts", "finish_closing"},
    "closed": set(),
    "tallied": set(),
    "void": set(),
}


def brought_to(meeting: Meeting, state: str) -> Meeting:
    """The poll in a state, by the proper steps; `tallied` and `void` by the state alone."""
    meeting.plan().create().invite().make_keys()
    walk: list[tuple[str, Callable[[], object]]] = [
        ("keyed", meeting.keyed), ("issued", meeting.issue), ("open", meeting.open),
        ("closing", lambda: meeting.counts().start_closing()), ("closed", meeting.finish_closing),
    ]  # fmt: skip
    if state in {"tallied", "void"}:
        meeting.db.execute(update(BoardPoll).where(BoardPoll.uuid == meeting.uuid).values(state=state))
        return meeting
    for name, step in walk:
        if meeting.state == state:
            break
        step()
        assert meeting.state == name
    return meeting


@pytest.mark.parametrize("state", ALLOWED)
def test_a_step_out_of_turn_is_refused_and_changes_nothing(db, meeting, state):
    brought_to(meeting, state)
    db.commit()
    for step in STEPS.keys() - ALLOWED[state]:
        assert refused(lambda step=step: STEPS[step](meeting)) == Code.WRONG_STATE, step
        db.rollback()
        assert meeting.state == state, step


@pytest.mark.parametrize(("state", "step", "after"), [
    ("draft", "keyed", "keyed"), ("keyed", "issue", "issued"), ("issued", "open", "open"),
    ("open", "counts", "open"), ("closing", "finish_closing", "closed"), ("issued", "amend", "issued"),
    ("issued", "reissue", "issued"),
    ("draft", "void", "void"), ("keyed", "void", "void"), ("issued", "void", "void"), ("open", "void", "void"),
])  # fmt: skip
def test_a_step_in_turn_is_taken(meeting, state, step, after):
    brought_to(meeting, state)
    STEPS[step](meeting)
    assert meeting.state == after


def test_a_step_on_a_poll_that_does_not_exist_is_refused(meeting):
    meeting.uuid = "1111111111111B"
    for name, step in STEPS.items():
        if name != "update":
            assert refused(lambda step=step: step(meeting)) == Code.NO_SUCH_POLL, name


def press_open(meeting: Meeting) -> None:
    """The button alone; the pre-flight was done before."""
    lifecycle.open_box(meeting.db, meeting.uuid, transport="http", assets=(), now=NOW, actor=CLERK, base_url=meeting.base_url,
                       receipt_key=board.receipt_key(SECRET, meeting.uuid))  # fmt: skip


@pytest.mark.parametrize(("state", "step"), [("keyed", "issue"), ("issued", "open"), ("open", "start_closing")])
def test_of_two_who_press_at_once_one_wins(database: Database, state, step):
    with database.session() as first:
        meeting = brought_to(Meeting(first), state)
        if state == "issued":
            meeting.check()
        if state == "open":
            meeting.counts()
        first.commit()
    together, outcomes = threading.Barrier(2), []

    def press() -> None:
        with database.session() as mine:
            clerk = Meeting(mine, uuid=meeting.uuid, posts=meeting.posts, selection=meeting.selection)
            together.wait()
            try:
                (press_open if step == "open" else STEPS[step])(clerk)
                mine.commit()
                outcomes.append("done")
            except Refused as error:
                mine.rollback()
                outcomes.append(error.code.value)

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert sorted(outcomes) == ["done", "wrong_state"]


# --- keys --------------------------------------------------------------------------------------------------------


def test_whole_keys_serve_rehearsals_only(meeting):
    meeting.rehearsal, meeting.transport = False, "https"
    meeting.plan().create().invite().make_keys()
    assert refused(meeting.keyed) == Code.REHEARSAL_KEYS_ONLY


@pytest.mark.parametrize("people", [[], [("郑为民", "机关纪委")]])
def test_fewer_than_two_trustees_are_refused(meeting, people):
    meeting.plan().create().invite(people).make_keys()
    assert refused(meeting.keyed) == Code.KEYS_INCOMPLETE


def test_a_trustee_without_an_opened_key_holds_the_poll_back(meeting):
    meeting.plan().create().invite().make_keys().invite([("冯立群", "财务处")])
    assert refused(meeting.keyed) == Code.KEYS_INCOMPLETE


@pytest.mark.parametrize("name", ["季慕青", "季 慕青", "季\u3000慕青", "俞景行"])
def test_a_candidate_of_the_selection_is_never_a_trustee(meeting, name):
    meeting.plan().create()
    assert refused(lambda: meeting.invite([(name, "工会")])) == Code.TRUSTEE_IS_CANDIDATE


def test_a_trustee_who_became_a_candidate_holds_the_poll_back(db, meeting):
    meeting.plan().create().invite().make_keys()
    selections.import_candidates(db, meeting.posts[0], [CandidateRow(2, "梁静姝", "", "工会")])
    assert refused(meeting.keyed) == Code.TRUSTEE_IS_CANDIDATE


@pytest.mark.parametrize(("name", "role", "code"), [
    ("郑为民", "工会", Code.TRUSTEE_REPEATED),
    ("郑 为民", "机关纪委", Code.TRUSTEE_REPEATED),
    ("", "工会", Code.INVALID_VALUE),
    ("梁|静姝", "工会", Code.INVALID_VALUE),
    ("梁静姝", "", Code.INVALID_VALUE),
    ("梁静姝", "工|会", Code.INVALID_VALUE),
    ("梁静姝", "工会#1", Code.INVALID_VALUE),
    ("梁\u0007静姝", "工会", Code.INVALID_VALUE),
    ("长" * 31, "工会", Code.INVALID_VALUE),
])  # fmt: skip
def test_a_trustee_badly_named_is_refused(meeting, name, role, code):
    meeting.plan().create().invite([("郑为民", "机关纪委")])
    assert refused(lambda: meeting.invite([(name, role)])) == code


def test_no_more_than_nine_trustees_are_named(meeting):
    meeting.plan().create().invite([(f"保管人{n}", "工会") for n in "一二三四五六七八九"])
    assert refused(lambda: meeting.invite([("第十人", "工会")])) == Code.INVALID_VALUE


def test_a_withdrawn_trustee_is_gone_and_a_new_link_replaces_the_old(db, meeting):
    meeting.plan().create().invite()
    officials.withdraw_trustee(db, meeting.uuid, 1, actor=CLERK)
    assert [t.name for t in trustees.public_trustees(db, meeting.uuid)] == ["梁静姝"]
    renewed = officials.renew_link(db, meeting.uuid, 1, actor=CLERK)
    assert trustees.authenticate(db, meeting.uuid, renewed.token).name == "梁静姝"


# --- opening -----------------------------------------------------------------------------------------------------


def test_possession_is_verified_again_before_open(db, meeting):
    meeting.plan().create().invite().make_keys().keyed().issue()
    db.execute(update(Trustee).where(Trustee.poll == meeting.uuid, Trustee.n == 1).values(name="冒名者"))
    db.expire_all()
    assert refused(meeting.open) == Code.KEY_POSSESSION


def test_over_plain_http_a_counting_poll_does_not_open(db, meeting):
    meeting.plan().create().invite().make_keys().keyed().issue()
    poll = board.get(db, meeting.uuid)
    poll.rehearsal = False
    db.flush()
    # Threshold keys are not there yet, so this refusal would come first; the transport's own is shown without it.
    assert refused(meeting.open) == Code.REHEARSAL_KEYS_ONLY
    assert refused(lambda: lifecycle.check_transport(poll, "http")) == Code.INSECURE_TRANSPORT
    lifecycle.check_transport(poll, "https")


def test_a_box_does_not_open_while_slips_are_missing(db, meeting):
    meeting.plan().create().invite().make_keys().keyed().issue()
    board.drop_credentials(db, meeting.uuid, 1)
    assert refused(meeting.open) == Code.SLIPS_MISSING


def test_open_refuses_fewer_candidates_than_choices(db, meeting):
    meeting.plan().create().invite().make_keys().keyed().issue()
    amending.amend(db, meeting.uuid, reason="重名", named=PAIR, actor=CLERK)
    selections.import_candidates(db, meeting.posts[1], SECOND[:1])
    assert refused(meeting.open) == Code.CHOICES_INVALID


def test_two_answers_that_read_the_same_are_refused(db, meeting):
    meeting.plan()
    twins = [CandidateRow(2, "张伟", "处长", "甲"), CandidateRow(3, "张伟", "甲　处长", "")]
    selections.import_candidates(db, meeting.posts[0], twins)
    meeting.create().invite().make_keys().keyed()
    assert refused(meeting.issue) == Code.CHOICES_INVALID


def test_an_amendment_lets_the_list_be_corrected_and_open_freezes_the_new_one(db, meeting):
    meeting.plan().create().invite().make_keys().keyed().issue()
    assert refused(lambda: selections.import_candidates(db, meeting.posts[0], SECOND)) == Code.POST_LOCKED
    amending.amend(db, meeting.uuid, reason="姓名有误", named=PAIR, actor=CLERK)
    selections.import_candidates(db, meeting.posts[0], SECOND)
    amending.amend(db, meeting.uuid, reason="再次更正", named=[Official("丙"), Official("丁")], actor=CLERK)
    assert [o.name for o in officials.signed_by(db, meeting.uuid, Act.AMEND)] == ["丁", "丙"]
    meeting.open()
    election = Election.parse(board.get(db, meeting.uuid).election)
    assert election.questions[0].answers[0] == "俞景行（对外贸易处　副处长）"
    assert selections.locked(db, meeting.posts[0])


# --- counts and closing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("expected", "present", "left"), [
    (0, 7, 6), (7, 0, 6), (7, 7, -1), (7, 7, 14), (7, 6, 6), (7, 7, 5), (6, 7, 6), (200_000, 7, 6), (-7, 7, 6),
])  # fmt: skip
def test_counts_that_contradict_each_other_are_refused(meeting, expected, present, left):
    meeting.opened()
    assert refused(lambda: meeting.counts(expected=expected, present=present, left_in_hand=left)) == Code.COUNTS_INVALID


def test_counts_say_what_follows_from_them(db, meeting):
    meeting.opened().vote(CHOICES)
    found = lifecycle.set_counts(db, meeting.uuid, expected=13, present=8, left_in_hand=6, actor=CLERK)
    assert (found.handed_out, found.returned, found.unreturned, found.without_slip) == (7, 6, 1, 1)
    assert not found.quorate
    assert not found.too_many


def test_casting_does_not_stop_before_the_room_is_counted(meeting):
    meeting.opened()
    assert refused(meeting.start_closing) == Code.COUNTS_INVALID


def test_more_ballots_than_slips_handed_out_make_the_poll_void(db, meeting):
    meeting.opened().vote(CHOICES).counts(left_in_hand=8)
    assert refused(meeting.start_closing) == Code.MUST_BE_VOID
    lifecycle.void(db, meeting.uuid, reason="收回多于发出", named=PAIR, actor=CLERK)
    assert meeting.state == State.VOID


def test_counts_may_be_corrected_while_closing_but_not_into_a_contradiction(meeting):
    meeting.opened().vote(CHOICES).counts().start_closing()
    meeting.counts(present=7, left_in_hand=7)
    assert refused(lambda: meeting.counts(left_in_hand=8)) == Code.MUST_BE_VOID


def test_after_start_closing_no_ballot_enters(db, meeting):
    meeting.opened().counts().start_closing()
    assert refused(lambda: meeting.vote(CHOICES[:1])) == Code.CLOSED
    assert board.count(db, meeting.uuid) == 0


@pytest.mark.parametrize("after", [0, 60, 119])
def test_the_trackers_stand_for_two_minutes(meeting, after):
    meeting.opened().counts().start_closing()
    assert refused(lambda: meeting.finish_closing(after=after)) == Code.CLOSING_TOO_SOON


def test_a_clock_set_back_does_not_shorten_the_two_minutes(meeting):
    meeting.opened().counts().start_closing()
    assert refused(lambda: meeting.finish_closing(after=-3600)) == Code.CLOSING_TOO_SOON


def test_only_a_rehearsal_may_show_the_trackers_for_a_shorter_time(db, meeting):
    meeting.opened().counts().start_closing()
    poll = board.get(db, meeting.uuid)
    short = dt.timedelta(seconds=5)
    assert lifecycle.seconds_left(poll, NOW, short) == 5
    poll.rehearsal = False
    assert lifecycle.seconds_left(poll, NOW, short) == 120
    poll.rehearsal = True
    assert lifecycle.seconds_left(poll, NOW, dt.timedelta(hours=1)) == 120
    meeting.finish_closing(after=5, wait=short)
    assert meeting.state == State.CLOSED


@pytest.mark.parametrize("named", [
    [], [Official("甲")], [Official("甲"), Official("甲")], [Official("张三"), Official("张\u3000三")],
    [Official("甲"), Official("")], [Official("甲"), Official("季慕青")], [Official("俞 景行"), Official("乙")],
    [Official("甲"), Official("乙"), Official("丙")], [Official("甲"), Official("长" * 31)],
])  # fmt: skip
def test_two_distinct_officials_who_are_no_candidates_end_the_vote(meeting, named):
    meeting.opened().counts().start_closing()
    assert refused(lambda: meeting.finish_closing(named=named)) == Code.OFFICIALS_INVALID


def test_the_officials_names_stay_with_the_poll(db, meeting):
    meeting.opened().counts().start_closing().finish_closing()
    signed = [(o.role, o.name) for o in officials.signed_by(db, meeting.uuid, Act.CLOSE)]
    assert sorted(signed) == [("监票人", "监票人甲"), ("计票人", "计票人乙")]


def test_ballots_stand_in_the_record_by_tracker_whatever_their_order_of_casting(db, meeting):
    meeting.opened().vote(CHOICES).counts().start_closing().finish_closing()
    trackers = [tracker(raw) for raw in Log.parse(board.get(db, meeting.uuid).log).ballots]
    assert len(trackers) == len(CHOICES)
    assert trackers == sorted(trackers)


# --- void --------------------------------------------------------------------------------------------------------


def test_a_void_polls_ballots_are_deleted_undecrypted(db, meeting):
    meeting.opened().vote(CHOICES)
    lifecycle.void(db, meeting.uuid, reason="会场断网", named=PAIR, actor=CLERK)
    assert meeting.state == State.VOID
    assert board.count(db, meeting.uuid) == 0
    assert board.ballots(db, meeting.uuid) == []
    assert drafts.get(db, meeting.uuid).void_reason == "会场断网"
    assert not selections.locked(db, meeting.posts[0])


@pytest.mark.parametrize(("reason", "named", "code"), [
    ("", PAIR, Code.REASON_MISSING), ("  ", PAIR, Code.REASON_MISSING), ("长" * 201, PAIR, Code.INVALID_VALUE),
    ("误建", PAIR[:1], Code.OFFICIALS_INVALID),
])  # fmt: skip
def test_voiding_needs_a_reason_and_two_officials(db, meeting, reason, named, code):
    meeting.opened()
    assert refused(lambda: lifecycle.void(db, meeting.uuid, reason=reason, named=named, actor=CLERK)) == code


def test_a_re_run_names_the_poll_that_it_replaces(db, meeting):
    meeting.opened()
    lifecycle.void(db, meeting.uuid, reason="误建", named=PAIR, actor=CLERK)
    old = meeting.uuid
    meeting.create(replaces=old).invite().make_keys().keyed().issue().open()
    assert Manifest.parse(board.get(db, meeting.uuid).manifest).replaces == old
