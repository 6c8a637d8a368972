"""Patients Registered at a GP Practice (NHS England): lists, and patients by age, in any of the published layouts.

The totals (`gp-reg-pat-prac-all`), single years of age (one file for each sex) and five-year groups are long tables:
one row a practice, sex and age. Rows of other organisations than practices are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from abm.errors import InputError
from abm.locality.csv_files import Numbers, nearest_column, number, plain, read_text, rows_of, shown
from abm.locality.filling import LARGEST_LIST
from abm.locality.published.years import Year, year_in

CODE = ("CODE", "ORG_CODE", "PRACTICE_CODE", "PRAC_CODE")
KIND = ("TYPE", "ORG_TYPE")
SEX, NUMBER, DATE = ("SEX",), ("NUMBER_OF_PATIENTS", "PATIENTS"), ("EXTRACT_DATE", "DATE")
AGE = ("AGE_GROUP_5", "AGE")
UPPER = (14, 44, 64, 74)  # last year of age of each band but the highest
AGE_GROUP = re.compile(r"(\d{1,3})(?:\s*[-_]\s*(\d{1,3})|\+)?")


@dataclass
class Patients:
    """Patients of practices at one date.

    Attributes:
        year: of the date in the files.
        total: list by practice.
        by_age: patients by the model's five bands, shape (5,), by practice; empty where only totals are published.
        sources: path, SHA-256 and rows of each file.
    """

    year: Year | None = None
    total: dict[str, float] = field(default_factory=dict)
    by_age: dict[str, Numbers] = field(default_factory=dict)
    sources: list[tuple[Path, str, int]] = field(default_factory=list)


def read_patients(paths: Sequence[Path]) -> Patients:
    """Read one file, or several that complete each other (one for each sex, or totals and ages).

    Raises:
        InputError: a file cannot be used, tells a number twice, or is of another year than the others.
    """
    found = Patients()
    parts: dict[tuple[str, str], dict[str, float]] = {}
    for path in paths:
        year = _read(path, parts, found)
        if found.year and year and found.year != year:
            raise InputError(f"{path} is of {year}, the file before of {found.year}; allowed is one date")
        found.year = found.year or year
    by_code: dict[str, dict[str, dict[str, float]]] = {}
    for (code, sex), ages in parts.items():
        by_code.setdefault(code, {})[sex] = ages
    for code, sexes in sorted(by_code.items()):
        _add(code, sexes, found)
    return found


def _read(path: Path, parts: dict[tuple[str, str], dict[str, float]], found: Patients) -> Year | None:
    """Add a file's numbers, and tell its year."""
    text = read_text(path)
    rows = rows_of(path, text, contents="a header and rows of practices")
    _, header = next(rows)
    at = {plain(name): place for place, name in enumerate(header)}

    def column(names: tuple[str, ...], optional: bool = False) -> int:
        place = next((at[plain(name)] for name in names if plain(name) in at), -1)
        if place < 0 and not optional:
            wanted = " or ".join(f"'{name}'" for name in names)
            raise InputError(f"{path}: the column {wanted} is missing{nearest_column(names, header)}")
        return place

    code, patients, age = column(CODE), column(NUMBER), column(AGE)
    kind, sex, date = column(KIND, True), column(SEX, True), column(DATE, True)
    dates, read = set[str](), 0
    for line, row in rows:
        if kind >= 0 and not row[kind].strip().upper().startswith("GP"):
            continue
        read += 1
        if date >= 0:
            dates.add(row[date].strip())
            if len(dates) > 1:
                raise InputError(
                    f"{path}, line {line}, column '{header[date]}': '{shown(row[date])}' is another date than before; "
                    "allowed is one"
                )
        where = f"{path}, line {line}, column '{header[patients]}'"
        value = number(row[patients].strip(), 0.0, LARGEST_LIST, "patients", where)
        which = row[sex].strip().upper() if sex >= 0 else "ALL"
        group = row[age].strip().upper()
        ages = parts.setdefault((row[code].strip(), which), {})
        if group in ages:
            raise InputError(
                f"{path}, line {line}, column '{header[age]}': {shown(which.lower())} of age {shown(group.lower())} of "
                f"practice '{shown(row[code])}' are there twice"
            )
        band_of(group, f"{path}, line {line}, column '{header[age]}'")
        ages[group] = value
    if not read:
        raise InputError(f"{path}: no row is of a GP practice")
    found.sources.append((path, text.sha256, read))
    return year_in(min(dates, default="")) or year_in(path.name)


def band_of(group: str, where: str) -> int:
    """The model's age band of a published group ("0", "0_4", "10-14", "95+"); -1 for all ages.

    Raises:
        InputError: the group is no age, or reaches over two bands.
    """
    if group in ("ALL", "TOTAL"):
        return -1
    found = AGE_GROUP.fullmatch(group)
    low = int(found[1]) if found else -1
    high = int(found[2]) if found and found[2] else (low if group[-1:] != "+" else 200)
    band = int(np.searchsorted(UPPER, low))
    if not found or band != int(np.searchsorted(UPPER, high)):
        raise InputError(
            f"{where}: '{shown(group)}' is no age group that fits into 0-14, 15-44, 45-64, 65-74, 75+; allowed are "
            "single years, five-year groups and ALL"
        )
    return band


def _add(code: str, sexes: dict[str, dict[str, float]], found: Patients) -> None:
    """Total and ages of one practice: of both sexes together where published so, else of the two added up."""
    together = sexes.get("ALL", sexes.get("PERSONS"))
    by_sex = [ages for sex, ages in sexes.items() if ages is not together]
    for groups in ([together] if together else []), by_sex:
        bands, total, any_age = np.zeros(5), 0.0, False
        for ages in groups:
            known = {group: value for group, value in ages.items() if band_of(group, code) >= 0}
            for group, value in known.items():
                bands[band_of(group, code)] += value
            any_age |= bool(known)
            total += ages.get("ALL", ages.get("TOTAL", sum(known.values())))
        if groups:
            found.total.setdefault(code, total)
        if any_age:
            found.by_age.setdefault(code, bands)
