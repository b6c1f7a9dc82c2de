"""主持词: what the host reads aloud at each step, by kind of poll, with the meeting's own numbers and names. Pure."""

from dataclasses import dataclass

from voting.board.steps import Step

NOUNS = {"recommendation": "推荐", "evaluation": "测评", "decision": "表决"}
WHOM = {
    "recommendation": "您推荐了谁",
    "evaluation": "您给谁打了什么等次",
    "decision": "您投的是同意、不同意还是缓议",
}
WEIGHT = {
    "recommendation": "推荐结果是重要参考，不简单以票取人。",
    "evaluation": "测评结果是考察的重要参考，不简单以票取人。",
    "decision": "每位同志分别表决，赞成超过应到会成员半数的为通过。",
}
FILL = {
    "recommendation": "请大家独立填写。每个职位在名额以内推荐，也可以弃权。",
    "evaluation": "请大家独立填写。逐人逐项评价；没有填的项目按弃权计。",
    "decision": "请大家独立填写。逐人选择同意、不同意或缓议；没有选的按弃权计。",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words are filled with. None or empty = not known yet, read as a gap that nobody overlooks."""

    kind: str
    interview: bool = False
    expected: int | None = None
    present: int | None = None
    printed: int | None = None
    left_in_hand: int | None = None
    handed_out: int | None = None
    returned: int = 0
    unreturned: int | None = None
    opened: bool = False
    opening_seal: str = ""
    closing_seal: str = ""
    scrutineer: str = ""
    teller: str = ""
    trustees: int = 0
    threshold: int = 0
    quorate: bool | None = None


def words(step: Step, facts: Facts) -> tuple[str, ...]:
    """The paragraphs of one step; none where nothing is said."""
    said = _BY_STEP.get(step)
    return tuple(line for line in said(facts) if line) if said else ()


def noun(kind: str) -> str:
    """推荐, 测评 or 表决."""
    return NOUNS.get(kind, "投票")


def _count(f: Facts) -> tuple[str, ...]:
    if f.expected is None or f.present is None:
        return ("现在清点人数，请各位在座位上坐好。",)
    valid = "达到三分之二，会议有效。" if f.quorate else "不足三分之二，请主持人决定是否改期。"
    return (f"今天应到 {f.expected} 人，实到 {f.present} 人，{valid}",)


def _rules(f: Facts) -> tuple[str, ...]:
    count = "" if f.expected is None or f.present is None else _count(f)[0]
    held = f"全部 {f.trustees} 位" if f.threshold == f.trustees else f"{f.threshold} 位以上"
    return (
        count,
        f"这次{noun(f.kind)}用自己的手机投票，不记名。每人领一张选票，只能投一次，提交后不能更改。",
        f"票在您的手机上加密。人教处、管系统的人、任何一位密钥保管人都看不到{WHOM.get(f.kind, '您怎样投票')}，只能得出合计数。",
        f"有几种情况做不到保密：大家意见完全一致；{held}保管人串通；手机被人动过；旁人看见您的屏幕。请各自遮好屏幕，不要拍照。",
        WEIGHT.get(f.kind, ""),
    )


def _officials(f: Facts) -> tuple[str, ...]:
    stand_aside = {"evaluation": "被测评的同志", "decision": "被表决的同志"}.get(f.kind, "推荐人选")
    if f.scrutineer and f.teller:
        return (f"提议{f.scrutineer}同志为监票人，{f.teller}同志为计票人，{stand_aside}不担任。有没有不同意见？",)
    return (f"下面推选监票人、计票人各一名，{stand_aside}不担任。",)


def _box(f: Facts) -> tuple[str, ...]:
    if not f.opened:
        return ("现在启用票箱，请看大屏幕。",)
    return (
        f"票箱已经启用，请看大屏幕：箱内选票 0 张。启用印记是 {f.opening_seal}，请监票人{f.scrutineer}抄下。",
        "从现在起，题目、类别和选票名单都不能再改。",
    )


def _hand(f: Facts) -> tuple[str, ...]:
    return (
        "请工作人员按类别发放选票，每人抽取一张，拿到后不要调换，也不要记录。领到选票的同志请先不要打开。",
        "请计票人清点手中剩余的选票。" if f.left_in_hand is None else "",
    )


def _vote(f: Facts) -> tuple[str, ...]:
    handed = (
        ""
        if f.handed_out is None
        else f"印制 {f.printed} 张，手中剩余 {f.left_in_hand} 张，发出 {f.handed_out} 张。现在开始投票：用手机相机或浏览器扫选票上的码。"
    )
    return (
        handed,
        f"{FILL.get(f.kind, '请大家独立填写。')}填好后点“提交选票”，看到“已投票”即可。手机不便的同志请举手，到签到台用平板填写。",
    )


def _call(f: Facts) -> tuple[str, ...]:
    still = "" if f.unreturned is None else f"还有 {f.unreturned} 张没有交。"
    return (f"{still}请还没有提交的同志现在提交，有困难请举手。一分钟以后停止投票，停止后不能恢复。",)


def _voids(f: Facts) -> tuple[str, ...]:
    left = (
        ""
        if f.left_in_hand is None
        else f"手中剩余 {f.left_in_hand} 张，当众作废。印制 {f.printed} 张，发出 {f.handed_out} 张。"
    )
    return (
        "投票已经停止。大屏幕上是箱内全部票的查验码，没有先后，也看不出是谁的。愿意的同志可以对一下自己手机上的八位查验码，不在其中的请马上举手。",
        left,
    )


def _seal(f: Facts) -> tuple[str, ...]:
    if f.handed_out is None:
        return (f"收回 {f.returned} 张。现在封箱。",)
    if f.returned > f.handed_out:
        return (f"发出 {f.handed_out} 张，收回 {f.returned} 张。收回多于发出，按规定这次投票作废，重新组织。",)
    return (f"发出 {f.handed_out} 张，收回 {f.returned} 张，收回不超过发出，投票有效。现在封箱。",)


def _tally(f: Facts) -> tuple[str, ...]:
    signs = (
        f"请监票人{f.scrutineer}、计票人{f.teller}抄下并签字。"
        if f.scrutineer and f.teller
        else "请监票人、计票人抄下并签字。"
    )
    return (
        f"收回 {f.returned} 张，票箱已封，封箱印记是 {f.closing_seal}，{signs}",
        "请各位保管人看纸上的印记计票，不要看屏幕。对不上就停下来。",
    )


def _papers(f: Facts) -> tuple[str, ...]:
    where = "结果按规定报局党组，不在本会公布。" if f.kind != "decision" else "结果由主持人宣布。"
    return (f"计票完成，{where}请监票人、计票人在计票报告单上签字。谢谢大家。",)


_BY_STEP = {
    Step.COUNT: _count, Step.RULES: _rules, Step.OFFICIALS: _officials, Step.BOX: _box, Step.HAND: _hand,
    Step.VOTE: _vote, Step.CALL: _call, Step.VOIDS: _voids, Step.SEAL: _seal, Step.TALLY: _tally, Step.PAPERS: _papers,
}  # fmt: skip
