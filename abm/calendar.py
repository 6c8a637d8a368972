"""The one calendar: real months, weekends and English bank holidays.

Month 1 begins on the scenario's start date (default 1 April 2014); months -11 to 0 are the warm-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

WARM_UP_MONTHS = 12
FIRST_YEAR, LAST_YEAR = 2002, 2048  # of a scenario, from its start to its horizon
FIRST_MONTH = 1 - WARM_UP_MONTHS

# Days on which the ordinary rules below do not hold, as proclaimed.
MOVED = {
    date(1995, 5, 1): date(1995, 5, 8),  # early May holiday moved to the 50th anniversary of VE Day
    date(2002, 5, 27): date(2002, 6, 4),  # spring holiday moved for the Golden Jubilee
    date(2012, 5, 28): date(2012, 6, 4),  # spring holiday moved for the Diamond Jubilee
    date(2020, 5, 4): date(2020, 5, 8),  # early May holiday moved to the 75th anniversary of VE Day
    date(2022, 5, 30): date(2022, 6, 2),  # spring holiday moved for the Platinum Jubilee
}
EXTRA = (
    date(1999, 12, 31),  # Millennium
    date(2002, 6, 3),  # Golden Jubilee
    date(2011, 4, 29),  # Royal Wedding
    date(2012, 6, 5),  # Diamond Jubilee
    date(2022, 6, 3),  # Platinum Jubilee
    date(2022, 9, 19),  # State Funeral
    date(2023, 5, 8),  # Coronation
)


def easter_sunday(year: int) -> date:
    """Western Easter, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays of England and Wales in a year, substitute days included."""

    def first_monday(month: int) -> date:
        first = date(year, month, 1)
        return first + timedelta((7 - first.weekday()) % 7)

    def last_monday(month: int) -> date:
        last = date(year, month, 31)
        return last - timedelta(last.weekday())

    easter = easter_sunday(year)
    new_year = date(year, 1, 1)
    new_year += timedelta({5: 2, 6: 1}.get(new_year.weekday(), 0))
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    match christmas.weekday():
        case 4:  # Friday: Boxing Day falls on Saturday
            boxing = date(year, 12, 28)
        case 5:
            christmas, boxing = date(year, 12, 27), date(year, 12, 28)
        case 6:
            christmas = date(year, 12, 27)
    days = {
        new_year,
        easter - timedelta(2),
        easter + timedelta(1),
        first_monday(5),
        last_monday(5),
        last_monday(8),
        christmas,
        boxing,
    }
    days = {MOVED.get(day, day) for day in days}
    return frozenset(days | {day for day in EXTRA if day.year == year})


def is_open(day: date) -> bool:
    """Whether practices open: Monday to Friday except bank holidays."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


@dataclass(frozen=True)
class Calendar:
    """Months counted from the start date; month 1 is the first one reported."""

    start: date = date(2014, 4, 1)

    def first_day(self, month: int) -> date:
        """The first day of a month of the run (month 1 = the start date's month)."""
        year, index = divmod(self.start.year * 12 + self.start.month - 1 + month - 1, 12)
        return date(year, index + 1, 1)

    def last_day(self, month: int) -> date:
        """The last day of a month of the run."""
        return self.first_day(month + 1) - timedelta(1)

    def days(self, month: int) -> list[date]:
        """Every day of a month of the run."""
        first = self.first_day(month)
        return [first + timedelta(i) for i in range((self.first_day(month + 1) - first).days)]

    def open_days(self, month: int) -> int:
        """Number of days in the month on which practices open."""
        return sum(is_open(day) for day in self.days(month))

    def label(self, month: int) -> str:
        """The month as people write it, for example 'April 2014'."""
        return f"{self.first_day(month):%B %Y}"
