"""Real places from tidy CSV files, one row a practice.

What a file does not tell is filled in by a stated rule and counted among the guesses of the place's provenance; what
cannot be used is refused in one sentence that names file, line and column. Columns, the first name that a file has
counts:

    practice_code; list_size; ccg_code or commissioner_code; easting and northing (metres), or lat and lon (degrees)
    name, weighted_list, imd (practice score, IMD 2015), local_authority, age_0_14 ... age_75_plus (patients)
    gp_partners_fte and gp_salaried_fte, or gp_perm_qualified_fte or gp_fte_sep2015; nurses_fte and dpc_fte (or
    ..._sep2015); registrar_fte
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError, did_you_mean
from abm.locality.geography import plane
from abm.locality.presets import SMALLEST_LIST, age_mix
from abm.scenario.parameters import ModelParameters

Numbers = NDArray[np.float64]

PRACTICES_FILE = "practices.csv"
UNKNOWN = frozenset({"", "na", "n/a", "nan", "nd", "null", "none", "-", "*"})  # how published files write "not known"
LONGEST_CODE = 24  # characters: a GP's name adds an ordinal
LARGEST_LIST = 200_000.0
LATITUDES, LONGITUDES = (49.8, 55.9), (-6.5, 1.9)  # degrees, England with its islands
EASTINGS, NORTHINGS = (80_000.0, 660_000.0), (5_000.0, 660_000.0)  # metres, the same on the National Grid
LARGEST_FTE = 500.0
AGE_COLUMNS = ("age_0_14", "age_15_44", "age_45_64", "age_65_74", "age_75_plus")

# IMD 2015 scores of the registered lists of the 7,585 practices of England in 2014/15 that have one, at each twentieth
# (0%, 5% ... 100%); own calculation from the practice profiles of the Office for Health Improvement and Disparities.
IMD_TWENTIETHS = (
    3.21, 8.32, 9.94, 11.43, 12.81, 14.12, 15.53, 16.96, 18.63, 20.24, 21.94,
    23.65, 25.43, 27.48, 29.49, 31.56, 34.00, 36.63, 40.27, 46.29, 66.49,
)  # fmt: skip


@dataclass
class TidyFile:
    """The rows of one file that hold a practice, and what was filled in or left out."""

    path: Path
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    guesses: dict[str, int] = field(default_factory=dict)

    def column(self, *names: str) -> str | None:
        """The first of the names that the file has."""
        return next((name for name in names if name in self.header), None)

    def required(self, *names: str) -> str:
        """The same; without any of them the file cannot be used."""
        if (found := self.column(*names)) is None:
            wanted = " or ".join(f"'{name}'" for name in names)
            hint = next((clause for name in names if (clause := did_you_mean(name, self.header))), "")
            raise InputError(f"{self.path}: the column {wanted} is missing{hint}")
        return found

    def texts(self, name: str) -> list[str]:
        """A column as it stands, without blanks around."""
        at = self.header.index(name)
        return [row[at].strip() for row in self.rows]

    def numbers(self, name: str | None, low: float, high: float, unit: str) -> Numbers:
        """A column as numbers within a range; NaN where unknown, everywhere without the column."""
        values = np.full(len(self.rows), np.nan)
        if name is None:
            return values
        for i, text in enumerate(self.texts(name)):
            if text.lower() in UNKNOWN:
                continue
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not low <= value <= high:
                problem = "is not a number" if math.isnan(value) else "is out of range"
                allowed = f"allowed are {low:,.6g} to {high:,.6g} {unit}"
                raise InputError(f"{self.where(i, name)}: '{text}' {problem}; {allowed}")
            values[i] = value
        return values

    def where(self, row: int, column: str) -> str:
        """Place of a value for a message."""
        return f"{self.path}, line {self.lines[row]}, column '{column}'"

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Drop the other rows."""
        self.rows = [row for row, keep in zip(self.rows, kept, strict=True) if keep]
        self.lines = [line for line, keep in zip(self.lines, kept, strict=True) if keep]

    def guess(self, what: str, filled: NDArray[np.bool_]) -> None:
        """Count the practices for which something was filled in."""
        if number := int(filled.sum()):
            self.guesses[what] = number


def read_place(path: Path, parameters: ModelParameters) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The columns of a place and where they come from.

    Args:
        path: a CSV file, or a folder that holds a `practices.csv`.
        parameters: the groups `population` and `demand` are read.

    Returns:
        Columns as `Locality.practices` describes them, and the provenance.

    Raises:
        InputError: missing or empty file, other encoding than UTF-8, missing columns, values that are no numbers or out
            of range, a code that occurs twice, no practice with 100 patients.
    """
    path = path / PRACTICES_FILE if path.is_dir() else path
    file, digest = _open(path)
    codes = _codes(file)
    list_column = file.required("list_size")
    size = file.numbers(list_column, 0.0, LARGEST_LIST, "patients")
    with np.errstate(invalid="ignore"):
        kept = size >= SMALLEST_LIST
    dropped = {
        code: "no list" if np.isnan(number) else f"list of {number:,.0f} patients"
        for code, number, keep in zip(codes, size, kept, strict=True)
        if not keep
    }
    if not kept.any():
        raise InputError(f"{path}: no practice has {SMALLEST_LIST:.0f} patients or more in the column '{list_column}'")
    file.keep(kept)
    columns = _columns(file, parameters)
    provenance = {
        "kind": "files",
        "files": {path.name: digest},
        "guesses": file.guesses,
        "dropped": dict(sorted(dropped.items())),
    }
    return columns, provenance


def deprivation_percentile(score: Numbers) -> Numbers:
    """Where an IMD 2015 score stands among the practices of England: 0 least, 1 most deprived; NaN stays NaN."""
    return np.interp(score, IMD_TWENTIETHS, np.linspace(0.0, 1.0, len(IMD_TWENTIETHS)))


def _open(path: Path) -> tuple[TidyFile, str]:
    """Rows of a CSV file and the SHA-256 of its bytes."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} does not exist; a place is a CSV file or a folder with a {PRACTICES_FILE}") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: the file is not in UTF-8; save it as 'CSV UTF-8'") from None
    reader = csv.reader(text.splitlines(keepends=True), strict=False)
    rows, lines = [], []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as problem:
        raise InputError(f"{path}, line {reader.line_num}: this is no CSV file ({problem})") from None
    if len(rows) < 2:
        raise InputError(f"{path} is empty; allowed is a header and a row for each practice")
    header = [cell.strip() for cell in rows[0]]
    for row, line in zip(rows[1:], lines[1:], strict=True):
        if len(row) != len(header):
            raise InputError(f"{path}, line {line}: {len(row)} cells; allowed are {len(header)}, as in the header")
    return TidyFile(path, header, rows[1:], lines[1:]), sha256(content).hexdigest()


def _codes(file: TidyFile) -> list[str]:
    """Codes of the practices: there, short, without slash, each once."""
    name = file.required("practice_code")
    codes = _labels(file, name)
    seen: dict[str, int] = {}
    for row, code in enumerate(codes):
        if code in seen:
            raise InputError(
                f"{file.where(row, name)}: '{code}' stands on line {file.lines[seen[code]]} already; "
                "allowed is one row for each practice"
            )
        seen[code] = row
    return codes


def _labels(file: TidyFile, name: str) -> list[str]:
    """A column of codes, which name random draws: no blanks, no slashes, not too long."""
    labels = file.texts(name)
    for row, label in enumerate(labels):
        if not label or "/" in label or len(label) > LONGEST_CODE:
            raise InputError(
                f"{file.where(row, name)}: '{label}' is no code; "
                f"allowed are 1 to {LONGEST_CODE} characters without a slash"
            )
    return labels


def _columns(file: TidyFile, parameters: ModelParameters) -> dict[str, NDArray[Any]]:
    """Everything known about the practices, filled in where a rule is stated for it."""
    codes = np.array(_labels(file, file.required("practice_code")))
    size = file.numbers(file.required("list_size"), 0.0, LARGEST_LIST, "patients")
    commissioner = np.array(_labels(file, file.required("ccg_code", "commissioner_code")))
    title = file.column("name", "practice_name", "title")
    titles = file.texts(title) if title else codes
    authority = file.column("local_authority")
    list_by_age = _ages(file, size, parameters)
    weighted = file.numbers(file.column("weighted_list"), 0.0, 2 * LARGEST_LIST, "patients")
    weighted[weighted == 0.0] = np.nan
    file.guess("weighted list (drawn from need)", np.isnan(weighted))
    rates = np.array(parameters.demand.requests_by_age)
    by_age = list_by_age @ rates / size / (age_mix(parameters) @ rates)
    x, y, latitude, longitude = _coordinates(file, commissioner)
    return {
        "code": codes,
        "title": np.array([text or code for text, code in zip(titles, codes, strict=True)]),
        "commissioner": commissioner,
        "local_authority": np.array(_labels(file, authority)) if authority else commissioner,
        "x": x,
        "y": y,
        "latitude": latitude,
        "longitude": longitude,
        "list_by_age": list_by_age,
        "weighted_list": weighted,
        "need": weighted / size / by_age,
        "deprivation": _deprivation(file, commissioner),
        **_staff(file, size, commissioner),
    }


def _ages(file: TidyFile, size: Numbers, parameters: ModelParameters) -> Numbers:
    """Patients by age band that add up to the list; England's mix where the file does not tell."""
    bands = np.column_stack([file.numbers(file.column(name), 0.0, LARGEST_LIST, "patients") for name in AGE_COLUMNS])
    unknown = np.isnan(bands).any(axis=1) | (bands.sum(axis=1) == 0.0)
    file.guess("age mix (England's)", unknown)
    shares = np.where(unknown[:, None], age_mix(parameters), bands)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True) * size[:, None])


def _coordinates(file: TidyFile, commissioner: NDArray[np.str_]) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Place on a plane in km, and in degrees where known; the middle of the commissioner's area where unknown."""
    if not (file.column("lat", "latitude") and file.column("lon", "longitude")):
        if not (file.column("easting") or file.column("northing")):
            file.required("lat", "latitude")
            file.required("lon", "longitude")
        file.required("easting")
        file.required("northing")
    latitude = file.numbers(file.column("lat", "latitude"), *LATITUDES, "degrees, which is England")
    longitude = file.numbers(file.column("lon", "longitude"), *LONGITUDES, "degrees, which is England")
    east = file.numbers(file.column("easting"), *EASTINGS, "metres, which is England") / 1000
    north = file.numbers(file.column("northing"), *NORTHINGS, "metres, which is England") / 1000
    if np.isnan(east + north).sum() > np.isnan(latitude + longitude).sum():
        east, north = plane(latitude, longitude)
    unknown = np.isnan(east + north)
    if unknown.all():
        raise InputError(f"{file.path}: no practice has coordinates; allowed are lat and lon, or easting and northing")
    file.guess("coordinates (middle of the commissioner's area)", unknown)
    place = np.column_stack((east, north))
    place[unknown] = np.nan
    for row in np.flatnonzero(unknown):
        same = (commissioner == commissioner[row]) & ~unknown
        place[row] = place[same if same.any() else ~unknown].mean(axis=0)
    return place[:, 0].copy(), place[:, 1].copy(), latitude, longitude


def _deprivation(file: TidyFile, commissioner: NDArray[np.str_]) -> Numbers:
    """Percentile within England; the median of the commissioner, else of the place, where a score is unknown."""
    score = deprivation_percentile(file.numbers(file.column("imd"), 0.0, 100.0, "points of the IMD"))
    unknown = np.isnan(score)
    file.guess("deprivation (median of the commissioner's practices)", unknown)
    filled = score.copy()
    for row in np.flatnonzero(unknown):
        same = (commissioner == commissioner[row]) & ~unknown
        known = score[same if same.any() else ~unknown]
        filled[row] = np.median(known) if len(known) else 0.5
    return filled


def _staff(file: TidyFile, size: Numbers, commissioner: NDArray[np.str_]) -> dict[str, Numbers]:
    """Working time of GPs, nurses, other clinicians and registrars in FTE.

    A GP time of 0 is a return that was not made: it counts as unknown. What is unknown is filled with the
    commissioner's FTE a head, else left NaN, which `populate` replaces by England's.
    """

    def read(*names: str) -> Numbers:
        return file.numbers(file.column(*names), 0.0, LARGEST_FTE, "FTE")

    partners, salaried = read("gp_partners_fte"), read("gp_salaried_fte")
    total = read("gp_perm_qualified_fte", "gp_fte_sep2015", "gp_fte")
    total = np.where(np.isnan(partners + salaried), total, partners + salaried)
    total[total == 0.0] = np.nan
    split_unknown = np.isnan(partners + salaried) | np.isnan(total)
    partners, salaried = np.where(split_unknown, np.nan, partners), np.where(split_unknown, np.nan, salaried)
    file.guess("split of GP time into partners and salaried", split_unknown)
    file.guess("GP time (the commissioner's a head)", np.isnan(total))
    file.guess("a partner where none is recorded", partners == 0.0)
    nurses, others = read("nurses_fte", "nurses_fte_sep2015"), read("dpc_fte", "dpc_fte_sep2015")
    file.guess("nurses (the commissioner's a head)", np.isnan(nurses))
    file.guess("other clinicians (the commissioner's a head)", np.isnan(others))
    registrars = read("registrar_fte")
    file.guess("registrars (by list)", np.isnan(registrars))
    return {
        "partner_fte": partners,
        "salaried_fte": salaried,
        "gp_fte": _fill_per_head(total, size, commissioner),
        "nurse_fte": _fill_per_head(nurses, size, commissioner),
        "other_fte": _fill_per_head(others, size, commissioner),
        "registrar_fte": registrars,
    }


def _fill_per_head(fte: Numbers, size: Numbers, group: Sequence[str] | NDArray[np.str_]) -> Numbers:
    """Unknown working time as the list times the group's known time a head; NaN stays where a group has none."""
    _, at = np.unique(group, return_inverse=True)
    known = ~np.isnan(fte)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.bincount(at[known], fte[known], at.max() + 1) / np.bincount(at[known], size[known], at.max() + 1)
    return np.where(known, fte, rate[at] * size)
