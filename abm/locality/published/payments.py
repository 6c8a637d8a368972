"""NHS Payments to General Practice (NHS England), any year from 2014/15: who the practices are, and their lists.

The columns move and change their names from year to year; they are found by the names below. In 2022/23 the columns
`Code` and `CCG NAME` hold the primary care network, `CCG Code` and `Sub ICB NAME` the commissioner.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abm.locality.csv_files import CsvFile, Numbers, is_unknown, plain
from abm.locality.filling import LARGEST_LIST, LARGEST_SCORE, SCORES, check_scores
from abm.locality.presets import SMALLEST_LIST
from abm.locality.published.years import Year, check_stated, keep_year

CODE = ("Practice Code", "PRAC_CODE", "GP Practice Code", "ODS Code")
NAME = ("Practice Name", "PRAC_NAME", "GP Practice Name", "name")
POSTCODE = ("Practice Postcode", "PRAC_POSTCODE", "Postcode", "Post Code")
COMMISSIONER = (
    "CCG Code", "Sub ICB Location Code", "Sub ICB Code", "SICBL Code", "Sub ICB Location ODS Code", "commissioner_code",
)  # fmt: skip
COMMISSIONER_NAME = ("Sub ICB Location Name", "Sub ICB Name", "SICBL Name")
AMBIGUOUS_NAME = "CCG Name"  # of the commissioner only where it stands beside the commissioner's code
LIST = (
    "Number of Registered Patients (Last Known Figure)", "Average Number of Registered Patients",
    "Number of Registered Patients", "Registered Patients", "list_size",
)  # fmt: skip
WEIGHTED = (
    "Number of Weighted Patients (Last Known Figure)", "Average Number of Weighted Patients",
    "Number of Weighted Patients", "Weighted Patients", "weighted_list",
)  # fmt: skip
CLOSED = ("Practice Close Date", "Close Date")
KIND = ("Practice Type",)
YEAR = ("Financial Year", "fin_year", "Year")
A_PRACTICE = "gppractice"


@dataclass(frozen=True)
class Payments:
    """The practices of one year, as published and in the order of the file.

    Attributes:
        file: the rows, for messages.
        year: stated by a column or by the file's name.
        codes, names, postcodes, commissioners, commissioner_names: one text a practice, "" where unknown.
        size, weighted: patients, NaN where unknown.
        score: IMD, NaN where unknown (the published files have none; a tidy one may).
        reasons: why a row is no practice of the place, "" where it is one.
    """

    file: CsvFile
    year: Year | None
    codes: list[str]
    names: list[str]
    postcodes: list[str]
    commissioners: list[str]
    commissioner_names: list[str]
    size: Numbers
    weighted: Numbers
    score: Numbers
    reasons: list[str]


def read_payments(path: Path, year: Year | None = None) -> Payments:
    """Read one year's payments.

    Args:
        path: the file as published, or a tidy file with the same contents.
        year: which rows, where the file holds several years.

    Raises:
        InputError: the file cannot be used, holds several years and none is named, or is of another year.
    """
    file = CsvFile.open(path)
    code, size_column = file.required(*CODE), file.required(*LIST)
    check_scores(path, file.header)
    stated = keep_year(file, YEAR, year)
    check_stated(file, stated, year)
    codes = file.codes(code)
    size = file.numbers(size_column, 0.0, LARGEST_LIST, "patients")
    weighted = file.numbers(file.column(*WEIGHTED), 0.0, 2 * LARGEST_LIST, "patients")
    commissioner = file.column(*COMMISSIONER)
    return Payments(
        file=file,
        year=stated,
        codes=codes,
        names=_known(file, file.column(*NAME)),
        postcodes=_known(file, file.column(*POSTCODE)),
        commissioners=_known(file, commissioner),
        commissioner_names=_known(file, _commissioner_name(file, commissioner)),
        size=size,
        weighted=np.where(weighted > 0.0, weighted, np.nan),
        score=file.numbers(file.column(*SCORES), 0.0, LARGEST_SCORE, "points of the IMD"),
        reasons=_reasons(file, size),
    )


def _known(file: CsvFile, name: str | None) -> list[str]:
    return ["" if is_unknown(text) else text for text in file.texts(name)]


def _commissioner_name(file: CsvFile, code: str | None) -> str | None:
    """The column with the commissioner's name."""
    named = file.column(*COMMISSIONER_NAME)
    if named is not None or code is None:
        return named
    beside = file.header.index(code) + 1
    return file.header[beside] if file.header[beside : beside + 1] and _is_name(file.header[beside]) else None


def _is_name(header: str) -> bool:
    return plain(header) == plain(AMBIGUOUS_NAME)


def _reasons(file: CsvFile, size: Numbers) -> list[str]:
    """Why rows are left out: no surgery, closed in the year without patients, or hardly any patients."""
    closed, kinds = file.texts(file.column(*CLOSED)), file.texts(file.column(*KIND))
    reasons = []
    for when, kind, patients in zip(closed, kinds, size.tolist(), strict=True):
        if not is_unknown(kind) and plain(kind) != A_PRACTICE:
            reasons.append(f"no GP practice ({kind.lower()})")
        elif patients >= SMALLEST_LIST:
            reasons.append("")
        elif not patients > 0.0 and not is_unknown(when):
            reasons.append(f"closed on {when}, no patients")
        else:
            reasons.append(f"list of {patients:.0f} patients" if patients >= 0.0 else "no list")
    return reasons
