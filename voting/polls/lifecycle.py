"""A poll's life in the office: each step one transaction, judged under a lock, moved by compare-and-set, audited.

`draft → keyed → issued → open → closing → closed`, or `void` from a state before closing. The state machine decides,
never the clock; the one use of time is the two minutes for which the trackers stand on the screen.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from voting.accounts import audit
from voting.board import service as board
from voting.board.models import BoardPoll, State
from voting.board.steps import Step
from voting.errors import Code, Refused
from voting.polls import closing, counting, drafts, officials, preflight
from voting.polls.building import Asset, build, sample_election
from voting.polls.models import Act, Poll
from voting.polls.officials import Official
from voting.selections import service as selections
from voting.slips import service as slips

SHOWN_FOR = dt.timedelta(minutes=2)
CHINA = dt.timezone(dt.timedelta(hours=8))
BEFORE_CLOSING = (State.DRAFT, State.KEYED, State.ISSUED, State.OPEN)


def keyed(db: Session, uuid: str, *, actor: str) -> None:
    """Draft → keyed: every trustee's key is proved, distinct and shown to open.

    Raises Refused: WRONG_STATE, REHEARSAL_KEYS_ONLY, TRUSTEE_IS_CANDIDATE, KEYS_INCOMPLETE and the trustees' other
    codes, NO_CANDIDATES, CHOICES_INVALID.
    """
    on_board, poll = drafts.at(db, uuid, State.DRAFT)
    check_key_kind(on_board)
    _check_choices(db, poll)
    rows = officials.ready_trustees(db, poll)
    board.advance(db, uuid, State.DRAFT, State.KEYED)
    audit.record(db, actor, "poll.keyed", uuid, f"{len(rows)} 位保管人")


def check_key_kind(on_board: BoardPoll) -> None:
    """Whole keys, all of which must come back, may serve rehearsals only: one lost file would lose a real result.

    Threshold keys enter here. Raises Refused(REHEARSAL_KEYS_ONLY).
    """
    if not on_board.rehearsal:
        raise Refused(Code.REHEARSAL_KEYS_ONLY)


def check_transport(on_board: BoardPoll, transport: str) -> None:
    """Over plain HTTP only rehearsals open. Raises Refused(INSECURE_TRANSPORT)."""
    if transport != "https" and not on_board.rehearsal:
        raise Refused(Code.INSECURE_TRANSPORT)


def china_today() -> dt.date:
    """The day that stands beside printed slips."""
    return dt.datetime.now(CHINA).date()


def slip_groups(db: Session, uuid: str) -> list[slips.Group]:
    """What is to be printed per voter group. Raises Refused(NO_SUCH_POLL)."""
    return [slips.Group(g.label, g.expected, g.spares) for g in drafts.get(db, uuid).groups]


def issue(db: Session, uuid: str, actor: str, *, base_url: str, today: dt.date | None = None) -> Iterator[slips.Slip]:
    """Keyed → issued: make the slips. The codes exist only in the iterator; commit before showing the first.

    From here the posts' candidates are locked. Raises Refused: WRONG_STATE and what slips.issue raises.
    """
    on_board, poll = drafts.at(db, uuid, State.KEYED)
    groups = slip_groups(db, uuid)
    made = slips.issue(db, uuid, groups, today or china_today(), base_url)
    _lock_posts(db, poll)
    board.set_counts(db, uuid, expected=sum(g.expected for g in groups))
    on_board.sample = sample_election(db, poll)
    board.advance(db, uuid, State.KEYED, State.ISSUED)
    audit.record(db, actor, "poll.issue", uuid, f"印制 {sum(g.printed for g in groups)} 张")
    return made


def open_box(
    db: Session, uuid: str, *, transport: str, assets: Sequence[Asset], receipt_key: SigningKey, now: dt.datetime,
    actor: str, base_url: str,
) -> None:  # fmt: skip
    """Issued → open: freeze election, trustees, credentials and manifest, write the Setup event, prepare the box.

    Everything is judged again, the trustees' possession included; the pre-flight must be green. `base_url` is the address
    at which phones find the service now. Raises Refused: WRONG_STATE, INSECURE_TRANSPORT, PREFLIGHT_MISSING, SLIPS_MISSING, TRUSTEE_IS_CANDIDATE, NO_CANDIDATES, CHOICES_INVALID and the trustees' codes.
    """
    on_board, poll = drafts.at(db, uuid, State.ISSUED)
    check_key_kind(on_board)
    check_transport(on_board, transport)
    preflight.demand(db, on_board, base_url=base_url, now=now)
    on_board.transport = transport
    _lock_posts(db, poll)  # before anything of a post is read: another poll's amendment may be under way
    _check_choices(db, poll)
    _check_slips(db, poll)
    trustees = officials.ready_trustees(db, poll)
    frozen = build(
        db, poll, on_board, trustees=trustees, assets=assets, receipt_key=receipt_key, timestamp=int(now.timestamp())
    )
    board.freeze(
        db, uuid, election=frozen.election, trustees=frozen.trustees, credentials=frozen.credentials,
        manifest=frozen.manifest, log=frozen.log, minimum=on_board.minimum,
    )  # fmt: skip
    board.put_file(db, uuid, f"{uuid}.bel", frozen.log)
    board.put_file(db, uuid, "manifest.json", frozen.manifest)
    board.prepare_box(db, uuid)
    board.advance(db, uuid, State.ISSUED, State.OPEN)
    audit.record(db, actor, "poll.open", uuid, f"启用印记 {frozen.seal}")


def set_counts(
    db: Session, uuid: str, *, expected: int, present: int, left_in_hand: int, actor: str
) -> counting.RoomCounts:
    """Enter what the teller counted (应到, 实到, 剩余). Raises Refused: WRONG_STATE, COUNTS_INVALID, MUST_BE_VOID."""
    on_board = drafts.locked(db, uuid)
    if on_board.state not in (State.OPEN, State.CLOSING):
        raise Refused(Code.WRONG_STATE)
    counts = counting.judge(
        expected=expected, present=present, printed=on_board.printed or 0, left_in_hand=left_in_hand,
        returned=board.count(db, uuid), voided=board.voided(db, uuid),
    )  # fmt: skip
    if on_board.state == State.CLOSING and counts.too_many:
        raise Refused(Code.MUST_BE_VOID)
    board.set_counts(db, uuid, expected=expected, present=present, left_in_hand=left_in_hand)
    if on_board.step in (Step.BOX, Step.HAND):
        on_board.step = Step.VOTE  # 发出 is announced
    audit.record(db, actor, "poll.counts", uuid, f"应到 {expected}，实到 {present}，剩余 {left_in_hand}")
    return counts


def start_closing(db: Session, uuid: str, *, now: dt.datetime, actor: str) -> None:
    """Open → closing: casting stops for ever, after the casts in flight.

    Raises Refused: WRONG_STATE, COUNTS_INVALID until the teller's counts are there, MUST_BE_VOID if more ballots came
    back than were handed out.
    """
    on_board, _ = drafts.at(db, uuid, State.OPEN)
    if counting.of_poll(on_board, board.count(db, uuid), board.voided(db, uuid)).too_many:
        raise Refused(Code.MUST_BE_VOID)
    board.advance(db, uuid, State.OPEN, State.CLOSING)
    drafts.locked(db, uuid).closing_since = int(now.timestamp())
    audit.record(db, actor, "poll.closing", uuid, f"收回 {board.count(db, uuid)} 张")


def seconds_left(on_board: BoardPoll, now: dt.datetime, rehearsal_wait: dt.timedelta = SHOWN_FOR) -> int:
    """For how long the trackers must still be shown. Only a rehearsal may shorten the two minutes."""
    wait = min(rehearsal_wait, SHOWN_FOR) if on_board.rehearsal else SHOWN_FOR
    return max(0, (on_board.closing_since or 0) + int(wait.total_seconds()) - int(now.timestamp()))


def finish_closing(
    db: Session, uuid: str, *, named: Sequence[Official], receipt_key: SigningKey, now: dt.datetime,
    actor: str, rehearsal_wait: dt.timedelta = SHOWN_FOR,
) -> None:  # fmt: skip
    """Closing → closed: ballots sorted by tracker, EndBallots, the encrypted tally, the closing statement signed.

    Raises Refused: WRONG_STATE, CLOSING_TOO_SOON, OFFICIALS_INVALID, MUST_BE_VOID.
    """
    on_board, poll = drafts.at(db, uuid, State.CLOSING)
    left = seconds_left(on_board, now, rehearsal_wait)
    if left:
        raise Refused(Code.CLOSING_TOO_SOON, f"还须 {left} 秒")
    pair = officials.check_pair(db, poll, named)
    counts = counting.of_poll(on_board, board.count(db, uuid), board.voided(db, uuid))
    if counts.too_many:
        raise Refused(Code.MUST_BE_VOID)
    sealed = closing.seal_box(db, on_board, counts, receipt_key)
    officials.write_down(db, uuid, Act.CLOSE, pair)
    board.advance(db, uuid, State.CLOSING, State.CLOSED)
    audit.record(db, actor, "poll.closed", uuid, f"封箱印记 {sealed}（{officials.names(pair)}）")


def void(db: Session, uuid: str, *, reason: str, named: Sequence[Official], actor: str) -> None:
    """Any state before closing → void: the ballots are deleted undecrypted.

    Raises Refused: WRONG_STATE, REASON_MISSING, OFFICIALS_INVALID.
    """
    on_board = drafts.locked(db, uuid)
    state = State(on_board.state)
    if state not in BEFORE_CLOSING:
        raise Refused(Code.WRONG_STATE)
    poll = drafts.get(db, uuid)
    poll.void_reason, pair = officials.stated_reason(reason), officials.check_pair(db, poll, named)
    officials.write_down(db, uuid, Act.VOID, pair)
    selections.release_posts(db, uuid)
    board.advance(db, uuid, state, State.VOID)
    audit.record(db, actor, "poll.void", uuid, f"{poll.void_reason}（{officials.names(pair)}）")


def _check_choices(db: Session, poll: Poll) -> None:
    for question in poll.questions:
        drafts.check_choices(
            len(selections.candidates(db, question.post_id)), question.max_choices, question.post.title
        )


def _check_slips(db: Session, poll: Poll) -> None:
    printed = {row.group_index: row.printed for row in slips.batches(db, poll.uuid)}
    in_record: dict[int, int] = {}
    for _, index in board.credentials(db, poll.uuid):
        in_record[index] = in_record.get(index, 0) + 1
    for group in poll.groups:
        have = printed.get(group.position, 0)
        if have < group.expected or in_record.get(group.position, 0) != have:
            raise Refused(Code.SLIPS_MISSING, group.label)


def _lock_posts(db: Session, poll: Poll) -> None:
    # In one order for all polls, so that two that share posts never wait for one another.
    for post_id in sorted(question.post_id for question in poll.questions):
        selections.lock_post(db, post_id, poll.uuid)
