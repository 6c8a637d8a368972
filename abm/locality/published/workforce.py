"""General Practice Workforce, practice level (NHS England), or a tidy file with the same: working time of staff.

Permanent GPs are all GPs but those in training and locums. Partners are senior partners and partners/providers;
salaried GPs are those employed by the practice or by others, and retainers. Where the salaried are not published they
are the permanent GPs without the partners. A file whose columns name their month (`gp_fte_sep2015`) states its year so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abm.errors import InputError
from abm.locality.csv_files import CsvFile, Numbers, plain
from abm.locality.filling import LARGEST_FTE, LARGEST_SCORE, SCORES, check_scores, gp_time
from abm.locality.published.payments import CODE
from abm.locality.published.years import Year, keep_year

YEAR = ("Year", "EXTRACT_DATE", "Date", "Period", "fin_year")
TOTAL = ("TOTAL_GP_EXTGL_FTE", "TOTAL_GP_EXRL_FTE", "gp_perm_qualified_fte", "gp_fte")
PARTNERS = ("gp_partners_fte",)
PARTNERS_PARTS = ("TOTAL_GP_SEN_PTNR_FTE", "TOTAL_GP_PTNR_PROV_FTE")
SALARIED = ("gp_salaried_fte",)
SALARIED_PARTS = ("TOTAL_GP_SAL_BY_PRAC_FTE", "TOTAL_GP_SAL_BY_OTH_FTE")
RETAINERS = ("TOTAL_GP_RET_FTE",)
NURSES = ("TOTAL_NURSES_FTE", "nurses_fte")
OTHERS = ("TOTAL_DPC_FTE", "dpc_fte")
REGISTRARS = ("TOTAL_GP_TRN_GR_FTE", "registrar_fte")
REGISTRARS_PARTS = (
    "TOTAL_GP_TRN_GR_ST1_FTE", "TOTAL_GP_TRN_GR_ST2_FTE", "TOTAL_GP_TRN_GR_ST3_FTE", "TOTAL_GP_TRN_GR_ST4_FTE",
    "TOTAL_GP_TRN_GR_OTH_FTE", "TOTAL_GP_TRN_GR_F1_2_FTE", "TOTAL_GP_REG_ST1_4_FTE", "TOTAL_GP_REG_F1_2_FTE",
)  # fmt: skip
DATED = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(20\d\d)$")


@dataclass(frozen=True)
class Workforce:
    """Working time in FTE by practice, NaN where unknown.

    Attributes:
        file: the rows, for messages.
        year: stated by a column, by the names of columns or by the file's name.
        rows: row of each practice by its code.
        partners, salaried, total, nurses, others, registrars: FTE, one value a row.
        score: IMD, NaN where the file has none.
    """

    file: CsvFile
    year: Year | None
    rows: dict[str, int]
    partners: Numbers
    salaried: Numbers
    total: Numbers
    nurses: Numbers
    others: Numbers
    registrars: Numbers
    score: Numbers


def read_workforce(path: Path, year: Year | None = None) -> Workforce:
    """Read the workforce of one year or month.

    Args:
        path: the file as published, or a tidy file.
        year: which rows, where the file holds several years.

    Raises:
        InputError: the file cannot be used, or holds several years and none is named.
    """
    file = CsvFile.open(path)
    code = file.required(*CODE)
    reader = _Reader(file)
    check_scores(path, file.header)
    stated = keep_year(file, YEAR, year)
    partners, salaried = reader.sum_of(PARTNERS, PARTNERS_PARTS), reader.sum_of(SALARIED, SALARIED_PARTS)
    retainers = reader.read(*RETAINERS)
    salaried = salaried + np.nan_to_num(retainers)
    total = reader.read(*TOTAL)
    if not reader.found:
        file.required(*TOTAL[:1], *PARTNERS_PARTS[1:], *TOTAL[-1:])
    time = gp_time(partners, salaried, total)
    reported = ~np.isnan(time[2])  # a practice that returned no GPs returned nothing: its other zeros are no news

    def other_staff(names: tuple[str, ...], parts: tuple[str, ...] = ()) -> Numbers:
        fte = reader.sum_of(names, parts)
        return np.where(reported | (fte > 0.0), fte, np.nan)

    nurses, others = other_staff(NURSES), other_staff(OTHERS)
    registrars = other_staff(REGISTRARS, REGISTRARS_PARTS)
    score = file.numbers(file.column(*SCORES), 0.0, LARGEST_SCORE, "points of the IMD")
    return Workforce(
        file=file,
        year=reader.year or stated,
        rows={name: row for row, name in enumerate(file.codes(code))},
        partners=time[0],
        salaried=time[1],
        total=time[2],
        nurses=nurses,
        others=others,
        registrars=registrars,
        score=score,
    )


class _Reader:
    """Finds columns of working time, by name or by name and month, and remembers the year that they state."""

    def __init__(self, file: CsvFile) -> None:
        self.file = file
        self.year: Year | None = None
        self.found = False
        self.dated: dict[str, list[str]] = {}
        for header in file.header:
            if (name := DATED.sub("", plain(header))) != plain(header):
                self.dated.setdefault(name, []).append(header)

    def read(self, *names: str) -> Numbers:
        """The first column found, in FTE; NaN where there is none."""
        column = self.file.column(*names) or self._dated(*names)
        self.found |= column is not None
        return self.file.numbers(column, 0.0, LARGEST_FTE, "FTE")

    def sum_of(self, names: tuple[str, ...], parts: tuple[str, ...]) -> Numbers:
        """One column, or the sum of the parts that are known; NaN where none is."""
        whole = self.read(*names)
        if not parts or self.file.column(*names):
            return whole
        values = np.column_stack([self.read(part) for part in parts])
        return np.where(np.isnan(values).all(axis=1), np.nan, np.nansum(values, axis=1))

    def _dated(self, *names: str) -> str | None:
        for name in names:
            headers = self.dated.get(plain(name), [])
            if len(headers) > 1:
                raise InputError(
                    f"{self.file.path}: {' and '.join(repr(header) for header in headers)} are of several dates; "
                    "leave one of them in the file"
                )
            if headers:
                dated = DATED.search(plain(headers[0]))
                self.year = Year(int(dated[2]), int(dated[2])) if dated else None
                return headers[0]
        return None
