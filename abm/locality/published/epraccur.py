"""`epraccur`, the NHS list of prescribing cost centres: names, postcodes, commissioners, and who is a GP practice.

The file has no header. Of its 27 columns (NHS Digital, Organisation Data Service) these are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from abm.errors import InputError
from abm.locality.csv_files import read_text, rows_of, shown
from abm.locality.published.years import Year, year_in

COLUMNS = 27
CODE, NAME, POSTCODE, CLOSE_DATE, STATUS, COMMISSIONER, SETTING = 0, 1, 9, 11, 12, 14, 25
GP_PRACTICE, CLOSED = "4", "C"


@dataclass(frozen=True)
class Entry:
    """One cost centre."""

    name: str
    postcode: str
    commissioner: str
    setting: str
    status: str
    closed: str  # yyyymmdd, "" where it is open

    def reason_to_drop(self, year: Year | None) -> str:
        """Why it is no practice in that year; "" where it is one.

        Who closed later than the 1st of April with which the year begins was there for a part of it.
        """
        if self.setting and self.setting != GP_PRACTICE:
            return f"no GP practice (prescribing setting {self.setting})"
        if self.status == CLOSED and (year is None or not self.closed or self.closed < f"{year.first}0401"):
            return f"closed on {self.closed}" if self.closed else "closed"
        return ""


@dataclass(frozen=True)
class Practices:
    """The cost centres by code, with what the provenance tells of the file; the year is that of its name, if any."""

    entries: dict[str, Entry]
    sha256: str
    encoding: str
    year: Year | None


def read_epraccur(path: Path) -> Practices:
    """Read the list.

    Raises:
        InputError: the file has a header, other columns than these, or a code twice.
    """
    text = read_text(path)
    entries: dict[str, Entry] = {}
    for line, row in rows_of(path, text, contents="a row for each practice", header=False):
        if len(row) != COLUMNS:
            raise InputError(
                f"{path}, line {line}: {len(row)} cells; allowed are the {COLUMNS} of epraccur.csv, which has no header"
            )
        cells = [cell.strip() for cell in row]
        if cells[CODE] in entries:
            raise InputError(f"{path}, line {line}, column 1: '{shown(cells[CODE])}' is there twice")
        if cells[STATUS] not in ("A", "C", "D", "P", ""):
            raise InputError(
                f"{path}, line {line}, column {STATUS + 1}: '{shown(cells[STATUS])}' is no status; "
                "allowed are A, C, D, P, as in epraccur.csv"
            )
        entries[cells[CODE]] = Entry(
            cells[NAME], cells[POSTCODE], cells[COMMISSIONER], cells[SETTING], cells[STATUS], cells[CLOSE_DATE]
        )
    return Practices(entries, text.sha256, text.encoding, year_in(path.name))
