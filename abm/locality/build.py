"""A place from files as they are published: read, choose, fill in, count what was filled in.

What is filled in for a practice rests on all practices of its commissioner in the published file, chosen or not, so
that a practice is the same in every place that it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.locality import guesses
from abm.locality.csv_files import LONGEST_CODE, Numbers, shown
from abm.locality.filling import deprivation_percentile, fill_ages, fill_deprivation, fill_place
from abm.locality.origin import command_of, sources_told, start_of, title_of
from abm.locality.place_table import AGES, PEOPLE, BuiltPlace, PlaceTable
from abm.locality.presets import SMALLEST_LIST
from abm.locality.published.files import PublishedFiles, Sources, check_years, read_files
from abm.locality.selection import Selection
from abm.locality.working_time import check_staff, staffed
from abm.scenario.parameters import ModelParameters


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
    read = read_files(sources, year)
    if not mixed_years:
        check_years(sources, read)
    payments = read.payments
    count = len(payments.codes)
    names, postcodes, commissioners, reasons = _described(read)
    size, whose = _lists(read, sources, list_from_patients)
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
    area_names = {area: name for area, name in zip(commissioners, payments.commissioner_names, strict=True) if name}
    wanted = chosen.chosen(payments.file.path, payments.codes, commissioners, area_names, places[:, :2])

    kept = np.array([not why for why in reasons])
    if not (kept & wanted).any():
        raise InputError(
            f"{payments.file.path}: none of the practices chosen ({wanted.sum()}) has "
            f"{SMALLEST_LIST:.0f} patients or more"
        )
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
    check_staff(table, wanted[order], read.workforce)
    table = table.only(wanted[order])
    dropped = {payments.codes[row]: reasons[row] for row in np.flatnonzero(wanted & ~kept)}
    provenance: dict[str, Any] = {
        "title": title or title_of(table, chosen),
        "start": start_of(payments.year),
        "selection": {**chosen.told(), "words": chosen.words},
        "command": command_of(sources, chosen, year, mixed_years, list_from_patients, title),
        "sources": sources_told(sources, read),
        "list": whose,
        "guesses": table.guesses(),
        "dropped": dict(sorted(dropped.items())),
    }
    if chosen.point is not None and (lost := int((kept & np.isnan(places[:, 0])).sum())):
        provenance["left_out_without_coordinates"] = lost
    return BuiltPlace(table, provenance)


def _described(read: PublishedFiles) -> tuple[list[str], list[str], list[str], list[str]]:
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


def _lists(read: PublishedFiles, sources: Sources, from_patients: bool) -> tuple[Numbers, str]:
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
                f"{sources.payments}: practice '{code}' has no commissioner ('{shown(area)}'); give "
                "--practices epraccur.csv, or a column 'CCG Code' or 'Sub ICB Code'"
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
    read: PublishedFiles,
    sources: Sources,
    wanted: NDArray[np.bool_],
    parameters: ModelParameters,
) -> PlaceTable:
    """The table of all practices of the file that are practices, with the gaps filled and marked."""
    areas, codes = text["commissioner_code"], text["practice_code"].tolist()
    places, no_place = _placed(places, areas, wanted, sources)
    score = _scores(codes, rows, read)
    deprivation, no_score = fill_deprivation(deprivation_percentile(score), areas)
    weighted = _rescaled(read.payments.weighted[rows], read.payments.size[rows], size)
    bands = np.full((len(codes), len(AGES)), np.nan)
    if read.patients:
        bands = np.array([read.patients.by_age.get(code, bands[0] * np.nan) for code in codes])
    list_by_age, no_ages = fill_ages(bands, size, parameters)
    list_by_age = _tidied(list_by_age, size)
    staff, staff_guesses = staffed(codes, size, areas, deprivation, read.workforce, parameters)
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
    found, unknown = fill_place(places[:, :2], areas)
    if (lost := np.isnan(found[:, 0]) & wanted).any():
        area = min(areas[lost].tolist())
        columns = "a CSV with practice_code or postcode, and easting and northing or lat and lon"
        if sources.coordinates:
            raise InputError(f"{sources.coordinates} places no practice of commissioner '{area}'; allowed is {columns}")
        raise InputError(f"practices of commissioner '{area}' have no coordinates; give --coordinates FILE, {columns}")
    filled = places.copy()
    filled[unknown, :2] = np.round(found[unknown], 1)
    return filled, unknown


def _scores(codes: Sequence[str], rows: NDArray[np.int64], read: PublishedFiles) -> Numbers:
    """IMD score of each practice from the first file that has one."""
    score = read.payments.score[rows]
    for row, code in enumerate(codes):
        if np.isnan(score[row]) and read.workforce and code in read.workforce.rows:
            score[row] = read.workforce.score[read.workforce.rows[code]]
        if np.isnan(score[row]) and read.coordinates:
            score[row] = read.coordinates.scores.get(code, np.nan)
    return score


def _rescaled(weighted: Numbers, of: Numbers, size: Numbers) -> Numbers:
    """Weighted patients of lists as they are in this place: what a registered one weighs stays as published.

    Args:
        weighted: as published, NaN where unknown, shape (n,).
        of: registered patients that they were published with, shape (n,); hardly any tell nothing.
        size: registered patients of the place, from the same file or from another count, shape (n,).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.round(weighted * np.where(of >= SMALLEST_LIST, size / of, np.nan), 6))


def _tidied(list_by_age: Numbers, size: Numbers) -> Numbers:
    """Patients by age to a millionth, so that they can be written shortly, with the same sum as before."""
    rounded = np.round(list_by_age, 6)
    largest = np.arange(len(size)), rounded.argmax(axis=1)  # the rest goes where it cannot leave less than nobody
    rounded[largest] = np.round(rounded[largest] + (size - rounded.sum(axis=1)), 6)
    return rounded
