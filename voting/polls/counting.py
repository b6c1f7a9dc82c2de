"""The room's counts: what the teller types and what follows from it. Rules as in DOMAIN, judged on integers."""

from dataclasses import dataclass

from tally.rules import meeting
from voting.board.models import BoardPoll
from voting.errors import Code, Refused

MAX_COUNT = 100_000


@dataclass(frozen=True, slots=True)
class RoomCounts:
    """应到, 实到, 印制, 剩余, 收回 - and 发出 and 未交 that follow. All whole numbers of persons or slips."""

    expected: int
    present: int
    printed: int
    left_in_hand: int
    returned: int
    voided: int = 0

    @property
    def handed_out(self) -> int:
        """发出 = 印制 − 剩余 as typed (暂计) until so many slips are void, then 印制 − 作废."""
        return self.printed - max(self.left_in_hand, self.voided)

    @property
    def agree(self) -> bool:
        """Whether what the teller counted and what was voided by key are the same number: 发出 is then final."""
        return self.voided == self.left_in_hand

    @property
    def unreturned(self) -> int:
        """未交 = 发出 − 收回."""
        return self.handed_out - self.returned

    @property
    def too_many(self) -> bool:
        """收回 > 发出: the poll is void and held again († by analogy)."""
        return not meeting.returned(self.returned, self.handed_out).met

    @property
    def without_slip(self) -> int:
        """Persons present who took no slip."""
        return self.present - self.handed_out

    @property
    def quorate(self) -> bool:
        """实到 ≥ 2/3 of 应到 (‡ for a recommendation)."""
        return meeting.quorate(self.present, self.expected).met


def quorate(expected: int | None, present: int | None) -> bool | None:
    """实到 ≥ 2/3 of 应到; None before both are counted."""
    return meeting.quorate(present, expected).met if expected and present else None


def judge_people(expected: int, present: int) -> None:
    """应到 and 实到 that can be true of one room. Raises Refused(COUNTS_INVALID)."""
    if not (1 <= expected <= MAX_COUNT and 1 <= present <= MAX_COUNT):
        raise Refused(Code.COUNTS_INVALID, "应到、实到都应为 1 以上的整数")
    if present > expected:
        raise Refused(Code.COUNTS_INVALID, "实到多于应到，请先更正应到")


def judge(
    *, expected: int, present: int, printed: int, left_in_hand: int, returned: int, voided: int = 0
) -> RoomCounts:
    """Counts that can be true of one room. Raises Refused(COUNTS_INVALID): present ≥ handed out, left ≤ printed."""
    counts = RoomCounts(expected, present, printed, left_in_hand, returned, voided)
    judge_people(expected, present)
    if not 0 <= left_in_hand <= printed:
        raise Refused(Code.COUNTS_INVALID, f"手中剩余应在 0 与印制 {printed} 张之间")
    if present < counts.handed_out:
        raise Refused(Code.COUNTS_INVALID, f"发出 {counts.handed_out} 张，实到只有 {present} 人")
    return counts


def of_poll(on_board: BoardPoll, returned: int, voided: int) -> RoomCounts:
    """The counts as entered so far. Raises Refused(COUNTS_INVALID) while one is missing or they contradict."""
    if on_board.expected is None or on_board.present is None or on_board.left_in_hand is None:
        raise Refused(Code.COUNTS_INVALID, "请先填写应到、实到、手中剩余")
    return judge(
        expected=on_board.expected, present=on_board.present, printed=on_board.printed or 0,
        left_in_hand=on_board.left_in_hand, returned=returned, voided=voided,
    )  # fmt: skip
