"""The calendar of English general practice: Easter, bank holidays as proclaimed, open days, months of a run."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.calendar import FIRST_MONTH, WARM_UP_MONTHS, Calendar, bank_holidays, easter_sunday, is_open

# gov.uk/bank-holidays, England and Wales: (month, day)
HOLIDAYS = {
    2013: [(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)],
    2014: [(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)],
    2015: [(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)],
    2016: [(1, 1), (3, 25), (3, 28), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)],
    2017: [(1, 2), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)],
    2018: [(1, 1), (3, 30), (4, 2), (5, 7), (5, 28), (8, 27), (12, 25), (12, 26)],
    2019: [(1, 1), (4, 19), (4, 22), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)],
    2020: [(1, 1), (4, 10), (4, 13), (5, 8), (5, 25), (8, 31), (12, 25), (12, 28)],
    2021: [(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)],
    2022: [(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27)],
    2023: [(1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)],
    2024: [(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)],
}
EASTER = [
    date(1990, 4, 15), date(2000, 4, 23), date(2008, 3, 23), date(2011, 4, 24), date(2014, 4, 20), date(2015, 4, 5),
    date(2016, 3, 27), date(2019, 4, 21), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25), date(2049, 4, 18),
]  # fmt: skip
YEAR = st.integers(1990, 2060)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_bank_holidays_as_proclaimed(year: int) -> None:
    assert bank_holidays(year) == {date(year, month, day) for month, day in HOLIDAYS[year]}


@pytest.mark.parametrize("moved", [date(1995, 5, 8), date(2002, 6, 4), date(2012, 6, 4)])
def test_holidays_that_were_moved(moved: date) -> None:
    usual = date(1995, 5, 1) if moved.year == 1995 else max(
        date(moved.year, 5, day) for day in range(25, 32) if date(moved.year, 5, day).weekday() == 0
    )  # fmt: skip
    assert not is_open(moved)
    assert is_open(usual)


@pytest.mark.parametrize("extra", [date(1999, 12, 31), date(2002, 6, 3), date(2011, 4, 29), date(2012, 6, 5)])
def test_holidays_granted_once(extra: date) -> None:
    assert not is_open(extra)
    assert len(bank_holidays(extra.year)) == 9


@pytest.mark.parametrize("sunday", EASTER)
def test_easter(sunday: date) -> None:
    assert easter_sunday(sunday.year) == sunday


@given(YEAR)
def test_easter_is_a_sunday_between_its_bounds(year: int) -> None:
    assert easter_sunday(year).weekday() == 6
    assert date(year, 3, 22) <= easter_sunday(year) <= date(year, 4, 25)


@given(YEAR)
def test_holidays_are_weekdays_and_at_least_eight(year: int) -> None:
    assert len(bank_holidays(year)) >= 8
    assert all(day.weekday() < 5 for day in bank_holidays(year))


def test_practices_open_on_253_days_of_2014_15() -> None:
    calendar = Calendar()
    assert sum(calendar.open_days(month) for month in range(1, 13)) == 253


def test_month_1_is_the_start_and_the_warm_up_is_the_year_before() -> None:
    calendar = Calendar(date(2014, 4, 1))
    assert calendar.first_day(1) == date(2014, 4, 1)
    assert calendar.first_day(FIRST_MONTH) == date(2013, 4, 1)
    assert calendar.last_day(0) == date(2014, 3, 31)
    assert calendar.last_day(60) == date(2019, 3, 31)
    assert 1 - FIRST_MONTH == WARM_UP_MONTHS
    assert calendar.label(23) == "February 2016"
    assert len(calendar.days(23)) == 29


@given(YEAR, st.integers(1, 12), st.integers(-11, 180))
def test_months_follow_one_another_without_gap(year: int, month: int, index: int) -> None:
    calendar = Calendar(date(year, month, 1))
    days = calendar.days(index)
    assert days[0] == calendar.first_day(index)
    assert days[-1] == calendar.last_day(index)
    assert calendar.first_day(index + 1) - calendar.last_day(index) == timedelta(1)
    assert all(later - earlier == timedelta(1) for earlier, later in pairwise(days))
    assert calendar.open_days(index) == sum(is_open(day) for day in days)
    assert 16 <= calendar.open_days(index) <= 23
