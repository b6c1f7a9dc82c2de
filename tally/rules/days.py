"""Calendar days as numbers. The rules know no clock; any date with year, month and day comes in by `Day.of`."""

from collections.abc import Collection
from typing import NamedTuple, Protocol

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Sakamoto's table: the weekday from the day's parts.
SHIFTS = (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4)


class HasDay(Protocol):
    """A calendar date of any library."""

    @property
    def year(self) -> int:
        """Gregorian year."""

    @property
    def month(self) -> int:
        """1 to 12."""

    @property
    def day(self) -> int:
        """1 to 31."""


class Day(NamedTuple):
    """A Gregorian day; days compare as they follow one another."""

    year: int
    month: int
    day: int

    @staticmethod
    def of(date: HasDay) -> "Day":
        """The same day as a number triple."""
        return Day(date.year, date.month, date.day)

    @property
    def iso(self) -> str:
        """`2021-05-14`."""
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    @property
    def weekend(self) -> bool:
        """Saturday or Sunday."""
        year = self.year - (self.month < 3)
        return (year + year // 4 - year // 100 + year // 400 + SHIFTS[self.month - 1] + self.day) % 7 in {0, 6}


def length(year: int, month: int) -> int:
    """Days of a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else LENGTHS[month - 1]


def before(one: Day) -> Day:
    """The day before."""
    if one.day > 1:
        return Day(one.year, one.month, one.day - 1)
    year, month = (one.year, one.month - 1) if one.month > 1 else (one.year - 1, 12)
    return Day(year, month, length(year, month))


def after(one: Day) -> Day:
    """The day after."""
    if one.day < length(one.year, one.month):
        return Day(one.year, one.month, one.day + 1)
    return Day(one.year, one.month + 1, 1) if one.month < 12 else Day(one.year + 1, 1, 1)


def months_later(one: Day, months: int) -> Day:
    """The same day so many calendar months on, or the month's last day where it lacks that one."""
    year, month = divmod(12 * one.year + one.month - 1 + months, 12)
    return Day(year, month + 1, min(one.day, length(year, month + 1)))


def last_of_year_from(one: Day) -> Day:
    """The last day of the year that begins with `one`: the day before its anniversary. From 29 February: 28 February."""
    anniversary = months_later(one, 12)
    return before(anniversary) if anniversary.day == one.day else anniversary


def working_day(one: Day, holidays: Collection[Day] = (), makeup: Collection[Day] = ()) -> bool:
    """Whether offices work: neither weekend nor holiday, or a weekend worked for a holiday (调休)."""
    return one in makeup or not (one.weekend or one in holidays)
