"""Terms that run by the calendar: the notice before an appointment, and the probation after it."""

from collections.abc import Collection

from tally.rules.days import Day, HasDay, after, last_of_year_from, working_day
from tally.rules.outcome import NOTICE, Judgement, Outcome

NOTICE_DAYS = 5


def notice_ends(published: HasDay, holidays: Collection[Day] = (), makeup: Collection[Day] = ()) -> Day:
    """The last of the 5 working days of a notice, counted from the day after publication (方案四(五))."""
    day, left = Day.of(published), NOTICE_DAYS
    while left:
        day = after(day)
        left -= working_day(day, holidays, makeup)
    return day


def noticed(
    published: HasDay, on: HasDay, holidays: Collection[Day] = (), makeup: Collection[Day] = ()
) -> Judgement:  # fmt: skip
    """Whether the notice is over on a day: from the day after its fifth working day."""
    first, last, day = Day.of(published), notice_ends(published, holidays, makeup), Day.of(on)
    over = day > last
    said = f"{first.iso} 发布，次日起 {NOTICE_DAYS} 个工作日至 {last.iso}；{day.iso} {'期满' if over else '未满'}"
    inputs = (("发布日期", first.iso), ("日期", day.iso))
    return Judgement(NOTICE, Outcome.MET if over else Outcome.OPEN, inputs, said)


def probation_ends(appointed: HasDay) -> Day:
    """The last day of the year of probation, which counts into the term (方案四(七)2)."""
    return last_of_year_from(Day.of(appointed))
