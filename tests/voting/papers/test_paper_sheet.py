"""What paper ballots can and cannot say: every figure at the edge and just past it."""

from dataclasses import replace

import pytest

from tally.questions import Question
from voting.errors import Code, Refused
from voting.papers.paper_sheet import Counted, PaperSheet, abstained, check, differences

TWO_OF_THREE = Question("推荐", ("甲", "乙", "丙"), 1, 2, blank=True)
GRADE = Question("甲：德", ("优秀", "称职", "基本称职", "不称职"), 0, 1)
ASKED = (TWO_OF_THREE, GRADE)
SOUND = PaperSheet(8, 7, 1, (Counted((5, 5, 0), 1), Counted((3, 2, 0, 0), 0)))


def judged(sheet: PaperSheet, *, minimum: int = 5, room_left: int = 8) -> None:
    check(sheet, ASKED, minimum=minimum, room_left=room_left)


def refusal(sheet: PaperSheet, **rule: int) -> tuple[Code, str]:
    with pytest.raises(Refused) as refused:
        judged(sheet, **rule)
    return refused.value.code, refused.value.detail


def first(*votes: int, abstain: int = 0) -> PaperSheet:
    return replace(SOUND, questions=(Counted(votes, abstain), SOUND.questions[1]))


def second(*votes: int, abstain: int = 0) -> PaperSheet:
    return replace(SOUND, questions=(SOUND.questions[0], Counted(votes, abstain)))


def test_what_adds_up_is_taken_and_kept_as_it_was() -> None:
    judged(SOUND)
    assert (SOUND.valid, SOUND.unreturned) == (6, 1)
    assert PaperSheet.decode(SOUND.encode()) == SOUND
    assert [abstained(q, c, SOUND.valid) for q, c in zip(ASKED, SOUND.questions, strict=True)] == [1, 1]


def test_five_valid_ballots_may_be_told_and_four_may_not() -> None:
    five = PaperSheet(5, 5, 0, (Counted((5, 0, 0), 0), Counted((0, 0, 0, 0), 0)))
    judged(five)
    assert refusal(replace(five, invalid=1))[0] is Code.PAPER_TOO_FEW
    assert refusal(SOUND, minimum=7)[0] is Code.PAPER_TOO_FEW


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        (replace(SOUND, returned=9), "收回 9 多于发出 8"),
        (replace(SOUND, invalid=8), "无效 8 多于收回 7"),
        (replace(SOUND, handed_out=9), "实到中没有领电子票的只有 8 人"),
        (replace(SOUND, handed_out=-1), "不小于 0"),
        (first(6, 0, 0, abstain=1), "有一项多于没有弃权的 5 张"),
        (first(5, 5, 1, abstain=1), "各项合计 11 多于 5 张 × 每张至多 2 项"),
        (first(2, 2, 0, abstain=1), "各项合计 4 少于 5 张 × 每张至少 1 项"),
        (first(0, 0, 0, abstain=7), "弃权 7 多于有效 6"),
        (first(5, 0, abstain=1), "选项数与选票不符"),
        (second(4, 3, 0, 0), "各项合计 7 多于 6 张 × 每张至多 1 项"),
        (second(3, 2, 0, 0, abstain=1), "弃权由有效减各项得出"),
        (replace(SOUND, questions=SOUND.questions[:1]), "题数与选票不符"),
    ],
)
def test_what_cannot_be_true_is_refused_with_the_reason(sheet: PaperSheet, told: str) -> None:
    code, detail = refusal(sheet)
    assert code is Code.PAPER_COUNTS
    assert told in detail


def test_everybody_may_abstain() -> None:
    judged(first(0, 0, 0, abstain=6))


def test_differences_name_the_place_and_tell_no_number() -> None:
    other = replace(SOUND, handed_out=7, questions=(Counted((4, 5, 0), 1), Counted((3, 1, 1, 0), 0)))
    assert differences(SOUND, other, ASKED) == ["发出", "推荐：甲", "甲：德：称职", "甲：德：基本称职"]
    assert differences(SOUND, SOUND, ASKED) == []
