"""A recommendation: how long it may be used, and for whom it must be weighed in writing before anybody is proposed."""

from collections.abc import Callable, Collection, Mapping, Sequence

from tally.rules.days import Day, HasDay, last_of_year_from
from tally.rules.outcome import ANALYSIS, LIFE, Judgement, Outcome


def last_day(held: HasDay) -> Day:
    """The last day on which a recommendation of `held` may be used."""
    return last_of_year_from(Day.of(held))


def usable(held: HasDay, on: HasDay) -> Judgement:
    """A recommendation lives one year from the meeting (方案四(二)); its last day is still in. Before it: cannot be judged yet."""
    first, last, day = Day.of(held), last_day(held), Day.of(on)
    inputs = (("推荐日期", first.iso), ("使用日期", day.iso))
    if day < first:
        return Judgement(LIFE, Outcome.OPEN, inputs, f"{day.iso} 早于推荐日期 {first.iso}")
    alive = day <= last
    said = f"推荐日期 {first.iso}，一年至 {last.iso}；{day.iso} {'在期内' if alive else '已过期'}"
    return Judgement(LIFE, Outcome.MET if alive else Outcome.NOT_MET, inputs, said)


def at_least_as_many(votes: Mapping[str, int], proposed: Collection[str]) -> tuple[str, ...]:
    """In one count: the proposed, and everybody with at least as many votes as one of them, in the count's order."""
    least = min((votes[name] for name in proposed if name in votes), default=None)
    return tuple(name for name, got in votes.items() if name in proposed or (least is not None and got >= least))


def with_more(votes: Mapping[str, int], one: str) -> tuple[str, ...]:
    """In one count: everybody with more votes than `one`, in the count's order. These make the reasons necessary."""
    return tuple(name for name, got in votes.items() if one in votes and got > votes[one])


def to_analyse(counts: Sequence[Mapping[str, int]], proposed: Collection[str]) -> tuple[str, ...]:
    """Who must be weighed in writing (综合分析), over the counts of meeting and interview, which are never added.

    Every proposed person, and whoever has at least as many votes as a proposed one in any of the counts.
    """
    found = {name for votes in counts for name in at_least_as_many(votes, proposed)} | set(proposed)
    order = dict.fromkeys([*(name for votes in counts for name in votes), *proposed])
    return tuple(name for name in order if name in found)


def analysed(
    counts: Sequence[Mapping[str, int]],
    proposed: Collection[str],
    written: Collection[str],
    said: Callable[[str], str] = str,
) -> Judgement:
    """Whether every analysis that must exist does (方案四(二)、四(三)); the line names who is missing. Nobody proposed: open.

    `said` is how a person is named in the line, where the keys of the counts say more.
    """
    wanted = to_analyse(counts, proposed)
    inputs = (("建议", "、".join(map(said, proposed))), ("须分析", "、".join(map(said, wanted))))
    if not proposed:
        return Judgement(ANALYSIS, Outcome.OPEN, inputs, "还没有建议人选")
    missing = [said(name) for name in wanted if name not in written]
    if missing:
        return Judgement(ANALYSIS, Outcome.NOT_MET, inputs, f"缺少综合分析：{'、'.join(missing)}")
    return Judgement(
        ANALYSIS, Outcome.MET, inputs, f"须分析 {len(wanted)} 人，均已提交：{'、'.join(map(said, wanted))}"
    )
