"""Sentences that several papers share: which groups were merged and why, and what a sum may give away."""

from voting.polls.by_group import ByGroup

REST = "其余合计"
ON_PAPER = "纸质票"
PAPER_TABLE = "纸质选票（手机不便），单列，不与电子票相加"


def merging(groups: ByGroup) -> str:
    """Which groups stand in 其余合计, or why none is shown; empty where every group is shown alone."""
    if not groups.merged:
        return ""
    least = groups.minimum
    if not groups.lines:
        return f"各类别票数不足以单列（须各满 {least} 票，并且不能由总数倒推出更小的合计），只公布全体合计。"
    small = "、".join(f"{one.label}收回 {one.cast} 票" for one in groups.small)
    joined = "、".join(f"{one.label} {one.cast} 票" for one in groups.joined)
    few = "各少于" if len(groups.small) > 1 else "少于"
    why = f"{small}，{few} {least} 票，不单列；" if small else ""
    hidden = f"为防倒推，与票数最少的类别（{joined}）" if joined else ""
    return f"{why}{hidden}并入“{REST}”。"


def limits(*, by_group: bool) -> str:
    """What the encryption cannot hide."""
    who = "同类人员意见一致时" if by_group else "意见完全一致时"
    return f"没有任何一张票被单独打开，解密的只有合计数；{who}，从合计数仍可推知每个人的选择。"
