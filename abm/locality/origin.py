"""Where a built place comes from, as plain data without a path: title, sources, and the command that made it."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Any

from abm.calendar import FIRST_YEAR, LAST_YEAR
from abm.locality.guesses import PAYMENTS
from abm.locality.place_table import PlaceTable
from abm.locality.published.files import PublishedFiles, Sources
from abm.locality.published.years import Year
from abm.locality.selection import Selection


def title_of(table: PlaceTable, chosen: Selection) -> str:
    """Names of the commissioners where they are few, else what was asked for."""
    names = sorted({name for name in table.text["commissioner_name"].tolist() if name})
    if chosen.commissioners and names and len(names) <= 3:
        return " and ".join(names)
    return "England" if chosen.everything else chosen.words[0].upper() + chosen.words[1:]


def start_of(year: Year | None) -> str | None:
    """First day of a run of the place: April of the financial year of its payments; None where no year is stated."""
    return f"{year.first}-04-01" if year and FIRST_YEAR <= year.first <= LAST_YEAR else None


def sources_told(sources: Sources, read: PublishedFiles) -> list[dict[str, Any]]:
    """Each file with its kind, name, SHA-256, rows and year; no path."""
    payments = read.payments
    found: list[dict[str, Any]] = [
        _source(PAYMENTS, sources.payments, payments.file.sha256, len(payments.file),
                payments.year, payments.file.encoding)
    ]  # fmt: skip
    if sources.workforce and (workforce := read.workforce):
        found.append(
            _source("General Practice Workforce", sources.workforce, workforce.file.sha256, len(workforce.file),
                    workforce.year, workforce.file.encoding)
        )  # fmt: skip
    if sources.practices and (practices := read.practices):
        entries = len(practices.entries)
        found.append(
            _source("epraccur", sources.practices, practices.sha256, entries, practices.year,
                    practices.encoding)
        )  # fmt: skip
    if read.patients:
        for path, digest, rows in read.patients.sources:
            found.append(_source("Patients Registered at a GP Practice", path, digest, rows, read.patients.year, ""))
    if sources.coordinates and (coordinates := read.coordinates):
        found.append(_source("coordinates", sources.coordinates, coordinates.sha256, coordinates.rows, None, ""))
    return found


def _source(kind: str, path: Path, digest: str, rows: int, year: Year | None, encoding: str) -> dict[str, Any]:
    source: dict[str, Any] = {"kind": kind, "file": path.name, "sha256": digest, "rows": rows}
    if year:
        source["year"] = str(year)
    if encoding == "cp1252":
        source["encoding"] = "Windows-1252"
    return source


def command_of(
    sources: Sources, chosen: Selection, year: str | None, mixed_years: bool, from_patients: bool, title: str
) -> str:
    """The command that makes the place again, with names of files for paths."""
    words = [f"gpfed locality build --payments {quote(sources.payments.name)}"]
    for option, path in (
        ("coordinates", sources.coordinates), ("workforce", sources.workforce), ("practices", sources.practices),
    ):  # fmt: skip
        words += [f"--{option} {quote(path.name)}"] if path else []
    words += [f"--patients {quote(path.name)}" for path in sources.patients]
    words += ["--list-from patients"] if from_patients else []
    words.append(chosen.options)
    words += [f"--year {quote(year)}"] if year else []
    words += ["--mixed-years"] if mixed_years else []
    words += [f"--title {quote(title)}"] if title else []
    return " ".join([*words, "--out FOLDER"])
