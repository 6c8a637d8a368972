"""A place from files as they are published: read, choose, fill in, count what was filled in.

What is filled in for a practice rests on all practices of its commissioner in the published file, chosen or not, so
that a practice is the same in every place that it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.locality import guesses
from abm.locality.csv_files import LONGEST_CODE, Numbers
from abm.locality.filling import deprivation_percentile, fill_ages, fill_deprivation, fill_per_head
from abm.locality.place_table import AGES, PEOPLE, STAFF, BuiltPlace, PlaceTable
from abm.locality.population import posts_sought
from abm.locality.presets import SMALLEST_LIST
from abm.locality.published.coordinates import Coordinates, read_coordinates
from abm.locality.published.epraccur import Practices, read_epraccur
from abm.locality.published.patients import Patients, read_patients
from abm.locality.published.payments import Payments, read_payments
from abm.locality.published.workforce import Workforce, read_workforce
from abm.locality.published.years import FURTHEST_APART, Year, year_in
from abm.locality.selection import Selection
from abm.scenario.parameters import ModelParameters

PATIENTS_A_GP = 100.0  # fewer patients for one FTE of GPs is no practice but a slip (England 2014/15: 206 at least)


@dataclass(frozen=True)
class Sources:
    """Paths of the published files; only the payments must be there."""

    payments: Path
    coordinates: Path | None = None
    workforce: Path | None = None
    practices: Path | None = None
    patients: tuple[Path, ...] = ()


@dataclass(frozen=True)
class _Read:
    """What the files hold."""

    payments: Payments
    workforce: Workforce | None
    practices: Practices | None
    patients: Patients | None
    coordinates: Coordinates | None


def build_place(
    sources: Sources,
    chosen: Selection,
    parameters: ModelParameters,
    *,
    year: str | None = None,
    mixed_years: bool = False,
    list_from_patients: bool = False,
    title: str = "",
) -> BuiltPlace:
    """Build a place.

    Args:
        sources: the files.
        chosen: which practices.
        parameters: for what is filled in.
        year: which rows of files that hold several years.
        mixed_years: whether the files may be of years more than two apart.
        list_from_patients: whether lists are those of the registered patients and not those of the payments.
        title: of the place; left out, the names of its commissioners.

    Raises:
        InputError: a file cannot be used, or nothing is left.
    """
    read = _read(sources, year)
    if not mixed_years:
        _check_years(sources, read)
    payments = read.payments
    count = len(payments.codes)
    names, postcodes, commissioners, reasons = _described(read)
    size, conserved = _lists(read, sources, list_from_patients)
    if list_from_patients:
        small = [f"list of {n:.0f} patients" if n >= 0 else "no list" for n in size.tolist()]
        reasons = [
            why if why and not _about_list(why) else "" if n >= SMALLEST_LIST else less
            for why, n, less in zip(reasons, size.tolist(), small, strict=True)
        ]
    places: Numbers = np.full((count, 4), np.nan)
    if read.coordinates:
        for row, (code, postcode) in enumerate(zip(payments.codes, postcodes, strict=True)):
            if point := read.coordinates.of(code, postcode):
                places[row] = (point.easting, point.northing, point.latitude, point.longitude)
    area_names = dict(zip(commissioners, payments.commissioner_names, strict=True))
    wanted = chosen.chosen(payments.file.path, payments.codes, commissioners, area_names, places[:, :2])

    kept = np.array([not why for why in reasons])
    if not (kept & wanted).any():
        raise InputError(f"{payments.file.path}: none of the {wanted.sum()} practices chosen has "
                         f"{SMALLEST_LIST:.0f} patients or more")  # fmt: skip
    order = np.array(sorted(np.flatnonzero(kept).tolist(), key=lambda row: payments.codes[row]))
    codes = np.array(payments.codes)[order]
    areas = np.array(commissioners)[order]
    _check_commissioners(sources, codes, areas, wanted[order])
    text = {
        "practice_code": codes,
        "name": np.array([names[row] or payments.codes[row] for row in order]),
        "commissioner_code": areas,
        "commissioner_name": np.array([area_names.get(area, "") for area in areas.tolist()]),
        "local_authority": areas,
        "postcode": np.array([_spaced(postcodes[row]) for row in order]),
    }
    table = _filled(text, size[order], places[order], order, read, sources, wanted[order], parameters)
    _check_staff(table, wanted[order], read.workforce)
    table = table.only(wanted[order])
    dropped = {payments.codes[row]: reasons[row] for row in np.flatnonzero(wanted & ~kept)}
    provenance: dict[str, Any] = {
        "title": title or _title(table, chosen),
        "selection": {**chosen.told(), "words": chosen.words},
        "command": _command(sources, chosen, year, mixed_years, list_from_patients, title),
        "sources": _sources(sources, read),
        "list": conserved,
        "guesses": table.guesses(),
        "dropped": dict(sorted(dropped.items())),
    }
    if chosen.point is not None and (lost := int((kept & np.isnan(places[:, 0])).sum())):
        provenance["left_out_without_coordinates"] = lost
    return BuiltPlace(table, provenance)


def _read(sources: Sources, year: str | None) -> _Read:
    """Read all files."""
    stated = None
    if year is not None and (stated := year_in(year)) is None:
        raise InputError(f"--year {year} is no year; allowed are, for example, 2015 or 2014/15")
    payments = read_payments(sources.payments, stated)
    practices = read_epraccur(sources.practices) if sources.practices else None
    coordinates = None
    if sources.coordinates:
        postcodes = set(payments.postcodes)
        if practices:
            postcodes |= {practices.entries[code].postcode for code in payments.codes if code in practices.entries}
        coordinates = read_coordinates(sources.coordinates, payments.codes, postcodes)
    return _Read(
        payments,
        read_workforce(sources.workforce, stated) if sources.workforce else None,
        practices,
        read_patients(sources.patients) if sources.patients else None,
        coordinates,
    )


def _check_years(sources: Sources, read: _Read) -> None:
    """Refuse files that speak of different times."""
    pairs: list[tuple[Path | None, Year | None]] = [
        (sources.workforce, read.workforce.year if read.workforce else None),
        (sources.patients[0] if sources.patients else None, read.patients.year if read.patients else None),
    ]
    for path, other in pairs:
        own = read.payments.year
        if own and other and own.apart(other) > FURTHEST_APART:
            raise InputError(
                f"{path} is of {other}, {sources.payments} of {own}: more than {FURTHEST_APART} years apart; give "
                "files of one time, or --mixed-years to use them all the same"
            )


def _described(read: _Read) -> tuple[list[str], list[str], list[str], list[str]]:
    """Name, postcode and commissioner of each practice of the payments, and why it is left out."""
    payments = read.payments
    names, postcodes = list(payments.names), list(payments.postcodes)
    commissioners, reasons = list(payments.commissioners), list(payments.reasons)
    for row, code in enumerate(payments.codes):
        entry = read.practices.entries.get(code) if read.practices else None
        if entry:
            names[row] = names[row] or entry.name
            postcodes[row] = postcodes[row] or entry.postcode
            commissioners[row] = commissioners[row] or entry.commissioner
            reasons[row] = reasons[row] or entry.reason_to_drop(payments.year)
    return names, postcodes, commissioners, reasons


def _lists(read: _Read, sources: Sources, from_patients: bool) -> tuple[Numbers, str]:
    """Registered patients of each practice, and in words where they come from."""
    if not from_patients:
        return read.payments.size, "the payments"
    if read.patients is None:
        raise InputError("--list-from patients needs --patients FILE")
    return np.array([read.patients.total.get(code, np.nan) for code in read.payments.codes]), "the registered patients"


def _about_list(reason: str) -> bool:
    return reason.startswith(("list of", "no list"))


def _check_commissioners(
    sources: Sources, codes: NDArray[np.str_], areas: NDArray[np.str_], wanted: NDArray[np.bool_]
) -> None:
    """Every practice of the place needs a commissioner, as a code that can name draws."""
    for code, area in zip(codes[wanted].tolist(), areas[wanted].tolist(), strict=True):
        if not area or "/" in area or len(area) > LONGEST_CODE:
            raise InputError(
                f"{sources.payments}: practice '{code}' has no commissioner ('{area}'); give --practices epraccur.csv, "
                "or a column 'CCG Code' or 'Sub ICB Code'"
            )


def _spaced(postcode: str) -> str:
    """A postcode in capitals with one blank before its last three characters."""
    joined = "".join(postcode.split()).upper()
    return f"{joined[:-3]} {joined[-3:]}" if len(joined) > 4 else joined


def _filled(
    text: dict[str, NDArray[np.str_]],
    size: Numbers,
    places: Numbers,
    rows: NDArray[np.int64],
    read: _Read,
    sources: Sources,
    wanted: NDArray[np.bool_],
    parameters: ModelParameters,
) -> PlaceTable:
    """The table of all practices of the file that are practices, with the gaps filled and marked."""
    areas, codes = text["commissioner_code"], text["practice_code"].tolist()
    places, no_place = _placed(places, areas, wanted, sources)
    score = _scores(codes, rows, read)
    deprivation, no_score = fill_deprivation(deprivation_percentile(score), areas)
    weighted = read.payments.weighted[rows]
    bands = np.full((len(codes), len(AGES)), np.nan)
    if read.patients:
        bands = np.array([read.patients.by_age.get(code, bands[0] * np.nan) for code in codes])
    list_by_age, no_ages = fill_ages(bands, size, parameters)
    list_by_age = _tidied(list_by_age, size)
    staff, staff_guesses = _staffed(codes, size, areas, deprivation, read.workforce, parameters)
    by_age = np.zeros((len(codes), len(PEOPLE)), bool)
    by_age[:, : len(AGES)] = no_ages[:, None]
    return PlaceTable(
        text,
        {
            "easting": places[:, 0], "northing": places[:, 1], "lat": places[:, 2], "lon": places[:, 3],
            "list_size": size, "weighted_list": weighted, "imd": score, "deprivation": np.round(deprivation, 6),
        },
        np.column_stack((list_by_age, staff)),
        {
            guesses.COORDINATES: no_place, guesses.DEPRIVATION: no_score, guesses.WEIGHTED: np.isnan(weighted),
            guesses.AGES: by_age, **staff_guesses,
        },
        {},
    )  # fmt: skip


def _placed(
    places: Numbers, areas: NDArray[np.str_], wanted: NDArray[np.bool_], sources: Sources
) -> tuple[Numbers, NDArray[np.bool_]]:
    """Places with unknown ones in the middle of the commissioner's, which must have at least one."""
    unknown = np.isnan(places[:, 0])
    filled = places.copy()
    for area in sorted(set(areas[wanted & unknown].tolist())):
        known = (areas == area) & ~unknown
        if not known.any():
            name = f"{sources.coordinates} places" if sources.coordinates else "without --coordinates FILE there is"
            raise InputError(
                f"{name} no practice of commissioner '{area}'; allowed is a CSV with practice_code or postcode and "
                "easting and northing, or lat and lon"
            )
        filled[(areas == area) & unknown, :2] = np.round(places[known, :2].mean(axis=0), 1)
    return filled, unknown


def _scores(codes: Sequence[str], rows: NDArray[np.int64], read: _Read) -> Numbers:
    """IMD score of each practice from the first file that has one."""
    score = read.payments.score[rows]
    for row, code in enumerate(codes):
        if np.isnan(score[row]) and read.workforce and code in read.workforce.rows:
            score[row] = read.workforce.score[read.workforce.rows[code]]
        if np.isnan(score[row]) and read.coordinates:
            score[row] = read.coordinates.scores.get(code, np.nan)
    return score


def _tidied(list_by_age: Numbers, size: Numbers) -> Numbers:
    """Patients by age to a millionth, so that they can be written shortly, with the same sum as before."""
    rounded = np.round(list_by_age, 6)
    rounded[:, 1] = np.round(rounded[:, 1] + (size - rounded.sum(axis=1)), 6)
    return rounded


def _staffed(
    codes: Sequence[str],
    size: Numbers,
    areas: NDArray[np.str_],
    deprivation: Numbers,
    workforce: Workforce | None,
    parameters: ModelParameters,
) -> tuple[Numbers, dict[str, NDArray[np.bool_]]]:
    """Working time in the order of `STAFF`, shape (n, 5), and which cells are guesses."""
    people, count = parameters.population, len(codes)
    at = np.array([workforce.rows.get(code, -1) if workforce else -1 for code in codes])

    def published(name: str) -> Numbers:
        return np.where(at >= 0, getattr(workforce, name)[at], np.nan) if workforce else np.full(count, np.nan)

    marks: dict[str, NDArray[np.bool_]] = {}

    def mark(name: str, where: NDArray[np.bool_], *groups: str) -> None:
        cells = marks.setdefault(name, np.zeros((count, len(PEOPLE)), bool))
        for group in groups:
            cells[:, PEOPLE.index(group)] |= where

    def filled(known: Numbers, england: Numbers, names: tuple[str, str], *groups: str) -> Numbers:
        near = fill_per_head(known, size, areas)
        mark(names[0], np.isnan(known) & ~np.isnan(near), *groups)
        mark(names[1], np.isnan(near), *groups)
        return np.where(np.isnan(near), england, near)

    sought = posts_sought(size, deprivation, parameters)
    total = filled(published("total"), sought, (guesses.GP_TIME, guesses.GP_TIME_ENGLAND), *STAFF[:2])
    partners, salaried = published("partners"), published("salaried")
    no_split = np.isnan(partners)
    mark(guesses.SPLIT, no_split, *STAFF[:2])
    total = _to_4(total)
    partners = _to_4(np.where(no_split, people.partner_fte_share * total, partners))
    salaried = _to_4(np.where(no_split, total - partners, salaried))
    mark(guesses.PARTNER, partners == 0.0, "partners")
    nurse_names, other_names = (guesses.NURSES, guesses.NURSES_ENGLAND), (guesses.OTHERS, guesses.OTHERS_ENGLAND)
    nurses = filled(published("nurses"), people.nurses_per_1000 / 1000 * size, nurse_names, "nurses")
    others = filled(published("others"), people.others_per_1000 / 1000 * size, other_names, "other clinicians")
    registrars = published("registrars")
    mark(guesses.REGISTRARS, np.isnan(registrars), "registrars")
    by_list = np.where(size >= people.training_list, people.registrars_per_1000 / 1000 * size, 0.0)
    registrars = np.where(np.isnan(registrars), by_list, registrars)
    return _to_4(np.column_stack((partners, salaried, nurses, others, registrars))), marks


def _to_4(fte: Numbers) -> Numbers:
    """Working time to a ten-thousandth, so that it can be written shortly."""
    return np.asarray(np.round(fte, 4), np.float64)


def _check_staff(table: PlaceTable, wanted: NDArray[np.bool_], workforce: Workforce | None) -> None:
    """Refuse more GPs than any practice of that size has."""
    gps = table.people[:, len(AGES)] + table.people[:, len(AGES) + 1]
    for row in np.flatnonzero(wanted & (gps > table.numbers["list_size"] / PATIENTS_A_GP)):
        code = str(table.text["practice_code"][row])
        if workforce and code in workforce.rows:
            line = workforce.file.lines[workforce.rows[code]]
            raise InputError(
                f"{workforce.file.path}, line {line}: practice '{code}' has {gps[row]:g} FTE of GPs for "
                f"{table.numbers['list_size'][row]:,.0f} patients; allowed is 1 for {PATIENTS_A_GP:g} patients at most"
            )


def _title(table: PlaceTable, chosen: Selection) -> str:
    """Names of the commissioners where they are few, else what was asked for."""
    names = sorted({name for name in table.text["commissioner_name"].tolist() if name})
    if chosen.commissioners and names and len(names) <= 3:
        return " and ".join(names)
    return "England" if chosen.everything else chosen.words[0].upper() + chosen.words[1:]


def _sources(sources: Sources, read: _Read) -> list[dict[str, Any]]:
    """Each file with its kind, name, SHA-256, rows and year; no path."""
    payments = read.payments
    found: list[dict[str, Any]] = [
        _source("NHS Payments to General Practice", sources.payments, payments.file.sha256, len(payments.file),
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
            _source("epraccur", sources.practices, practices.sha256, entries, year_in(sources.practices.name),
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


def _command(
    sources: Sources, chosen: Selection, year: str | None, mixed_years: bool, from_patients: bool, title: str
) -> str:
    """The command that makes the place again, with names of files for paths."""
    words = [f"gpfed locality build --payments {sources.payments.name}"]
    for option, path in (
        ("coordinates", sources.coordinates), ("workforce", sources.workforce), ("practices", sources.practices),
    ):  # fmt: skip
        words += [f"--{option} {path.name}"] if path else []
    words += [f"--patients {path.name}" for path in sources.patients]
    words += ["--list-from patients"] if from_patients else []
    words.append(chosen.options)
    words += [f"--year {year}"] if year else []
    words += ["--mixed-years"] if mixed_years else []
    words += [f'--title "{title}"'] if title else []
    return " ".join([*words, "--out FOLDER"])
