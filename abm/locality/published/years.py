"""Years that published files state: in a column, in the name of a column, or in the name of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from abm.errors import InputError
from abm.locality.csv_files import CsvFile, is_unknown

FURTHEST_APART = 2  # years between two files that may be used together

# Two numbers that are a part of a date, as in 2014-12-13 or 01/02/2019, are no financial year.
FINANCIAL = re.compile(r"(?<!\d)(?<!\d[-/])(?:20)?(\d\d) ?[-_/–] ?(?:20)?(\d\d)(?![-/]?\d)")
MONTH = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?:\d\d)?(?!\d)")
CALENDAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True)
class Year:
    """A calendar year, or a financial year that touches two."""

    first: int
    last: int

    def __str__(self) -> str:
        """As people write it."""
        return str(self.first) if self.first == self.last else f"{self.first}/{self.last % 100:02d}"

    def apart(self, other: Year) -> int:
        """Whole years between them; 0 where they touch."""
        return max(0, self.first - other.last, other.first - self.last)


def year_in(text: str) -> Year | None:
    """The first year that a text names: "2014/15", "14-15", "fy2023", "202512", "2015-11-27"."""
    for found in FINANCIAL.finditer(text):
        first, last = int(found[1]), int(found[2])
        if last == first + 1:
            return Year(2000 + first, 2000 + last)
    for pattern in (MONTH, CALENDAR):
        if named := pattern.search(text):
            return Year(int(named[1]), int(named[1]))
    return None


def year_named(text: str | None) -> Year | None:
    """The year that the user names with --year; None where none is named.

    Raises:
        InputError: it is no year.
    """
    if text is not None and (named := year_in(text)) is not None:
        return named
    if text is not None:
        raise InputError(f"--year {text} is no year; allowed are, for example, 2015 or 2014/15")
    return None


def check_stated(file: CsvFile, stated: Year | None, wanted: Year | None) -> None:
    """Refuse a file that states one year where the user named another.

    Raises:
        InputError: the two do not touch.
    """
    if stated and wanted and stated.apart(wanted):
        raise InputError(
            f"{file.path} is of {stated}, not of --year {wanted}; give that year's file, or leave --year out"
        )


def keep_year(file: CsvFile, names: Sequence[str], wanted: Year | None) -> Year | None:
    """Keep the rows of one year of a file that may state a year in each row.

    Args:
        file: from which other years' rows are dropped.
        names: columns that may hold the year.
        wanted: the year that the user named.

    Returns:
        The year of the rows kept: of the column, else of the file's name; None where neither states one. Where the
        file states one year it is that one, whichever was named: see `check_stated`.

    Raises:
        InputError: there are several years and none is named, or the one named is not there.
    """
    column = file.column(*names)
    if column is None:
        return year_in(file.path.name)
    years = [None if is_unknown(text) else year_in(text) for text in file.texts(column)]
    stated = sorted({year for year in years if year}, key=lambda year: (year.first, year.last))
    if not stated:
        return year_in(file.path.name)
    shown = ", ".join(str(year) for year in stated)
    if wanted is not None:
        chosen = next((year for year in stated if wanted in (year, Year(year.first, year.first))), None)
        if chosen is None and len(stated) > 1:
            raise InputError(f"{file.path}: --year {wanted} is not in the column '{column}'; allowed are {shown}")
        if chosen is not None:
            file.keep([year == chosen for year in years])
            return chosen
    if len(stated) > 1:
        raise InputError(
            f"{file.path}: the column '{column}' holds {len(stated)} years ({shown}); choose one with --year"
        )
    return stated[0]
