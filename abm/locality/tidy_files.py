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

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.locality import guesses
from abm.locality.csv_files import CsvFile, Numbers
from abm.locality.filling import (
    LARGEST_FTE,
    LARGEST_LIST,
    LARGEST_SCORE,
    SCORES,
    check_scores,
    deprivation_percentile,
    fill_ages,
    fill_deprivation,
    fill_per_head,
    fill_place,
    gp_time,
)
from abm.locality.geography import plane
from abm.locality.national_grid import EASTINGS, LATITUDES, LONGITUDES, NORTHINGS, swapped
from abm.locality.presets import SMALLEST_LIST, age_mix
from abm.locality.published.payments import CODE, LIST
from abm.scenario.parameters import ModelParameters

PRACTICES_FILE = "practices.csv"
AGE_COLUMNS = ("age_0_14", "age_15_44", "age_45_64", "age_65_74", "age_75_plus")


def read_tidy_file(path: Path, parameters: ModelParameters) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The columns of a place, as `Locality.practices` has them, and where they come from.

    Raises:
        InputError: the file cannot be used.
    """
    file = CsvFile.open(path)
    if file.column("list_size") is None and file.column(*CODE) not in (None, "practice_code"):
        what = "payments" if file.column(*LIST) else "workforce"
        raise InputError(
            f"{path} is a published file, not a place; make a place of it with gpfed locality build --{what} {path}"
        )
    codes = file.codes(file.required("practice_code"))
    list_column = file.required("list_size")
    size = file.numbers(list_column, 0.0, LARGEST_LIST, "patients")
    kept = size >= SMALLEST_LIST
    dropped = {
        code: f"list of {number:.0f} patients" if number == number else "no list"  # noqa: PLR0124 - not a number
        for code, number, keep in zip(codes, size, kept, strict=True)
        if not keep
    }
    if not kept.any():
        raise InputError(f"{path}: no practice has {SMALLEST_LIST:.0f} patients or more in the column '{list_column}'")
    file.keep(kept)
    counts: dict[str, int] = {}
    columns = _columns(file, parameters, counts)
    provenance = {
        "kind": "files",
        "files": {path.name: file.sha256},
        "guesses": guesses.in_order(counts),
        "dropped": dict(sorted(dropped.items())),
    }
    return columns, provenance


def _columns(file: CsvFile, parameters: ModelParameters, counts: dict[str, int]) -> dict[str, NDArray[Any]]:
    """Everything known about the practices, filled in where a rule is stated for it."""
    codes = np.array(file.labels(file.required("practice_code")))
    size = file.numbers(file.required("list_size"), 0.0, LARGEST_LIST, "patients")
    commissioner = np.array(file.labels(file.required("ccg_code", "commissioner_code")))
    title = file.column("name", "practice_name", "title")
    titles = file.texts(title) if title else codes
    authority = file.column("local_authority")
    bands = np.column_stack([file.numbers(file.column(name), 0.0, LARGEST_LIST, "patients") for name in AGE_COLUMNS])
    list_by_age, no_ages = fill_ages(bands, size, parameters)
    counts[guesses.AGES] = no_ages.sum()
    weighted = file.numbers(file.column("weighted_list"), 0.0, 2 * LARGEST_LIST, "patients")
    weighted[weighted == 0.0] = np.nan
    counts[guesses.WEIGHTED] = np.isnan(weighted).sum()
    x, y, latitude, longitude = _coordinates(file, commissioner, counts)
    check_scores(file.path, file.header)
    score = file.numbers(file.column(*SCORES), 0.0, LARGEST_SCORE, "points of the IMD")
    deprivation, no_score = fill_deprivation(deprivation_percentile(score), commissioner)
    counts[guesses.DEPRIVATION] = no_score.sum()
    return {
        "code": codes,
        "title": np.array([text or code for text, code in zip(titles, codes, strict=True)]),
        "commissioner": commissioner,
        "local_authority": np.array(file.labels(authority)) if authority else commissioner,
        "x": x,
        "y": y,
        "latitude": latitude,
        "longitude": longitude,
        "list_by_age": list_by_age,
        "weighted_list": weighted,
        "need": need_beyond_age(weighted, list_by_age, parameters),
        "deprivation": deprivation,
        **_staff(file, size, commissioner, counts),
    }


def need_beyond_age(weighted: Numbers, list_by_age: Numbers, parameters: ModelParameters) -> Numbers:
    """Need as the weighted list over the list, without what the ages alone would ask for; NaN where unknown."""
    rates, size = np.array(parameters.demand.requests_by_age), list_by_age.sum(axis=1)
    return np.asarray(weighted / size / (list_by_age @ rates / size / (age_mix(parameters) @ rates)))


def _coordinates(
    file: CsvFile, commissioner: NDArray[np.str_], counts: dict[str, int]
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Place on a plane in km, and in degrees where known; the middle of the commissioner's area where unknown."""
    names = {
        "lat": ("lat", "latitude"),
        "lon": ("lon", "longitude"),
        "easting": ("easting",),
        "northing": ("northing",),
    }
    found = {name: file.column(*accepted) for name, accepted in names.items()}
    if not (found["lat"] and found["lon"]) and not (found["easting"] and found["northing"]):
        missing = next((b for a, b in (("easting", "northing"), ("northing", "easting")) if found[a]), None)
        if missing or found["lat"] or found["lon"]:
            missing = missing or ("lon" if found["lat"] else "lat")
            file.required(*names[missing])
        raise InputError(f"{file.path}: the columns 'easting' and 'northing', or 'lat' and 'lon', are missing")
    latitude, longitude = _degrees(file, found["lat"], found["lon"])
    east = file.numbers(found["easting"], *EASTINGS, "metres, which is England") / 1000
    north = file.numbers(found["northing"], *NORTHINGS, "metres, which is England") / 1000
    if np.isnan(east + north).sum() > np.isnan(latitude + longitude).sum():
        east, north = plane(latitude, longitude)
    if np.isnan(east + north).all():
        raise InputError(f"{file.path}: no practice has coordinates; allowed are lat and lon, or easting and northing")
    places, unknown = fill_place(np.column_stack((east, north)), commissioner)
    if (lost := np.isnan(places[:, 0])).any():
        area = commissioner[int(lost.argmax())]
        raise InputError(f"{file.path}: no practice of commissioner '{area}' has coordinates; allowed is one at least")
    counts[guesses.COORDINATES] = unknown.sum()
    return places[:, 0].copy(), places[:, 1].copy(), latitude, longitude


def _degrees(file: CsvFile, lat: str | None, lon: str | None) -> tuple[Numbers, Numbers]:
    """Latitude and longitude; where they are the wrong way round, the message says so."""
    if lat and lon:
        anything = (-180.0, 180.0, "degrees")
        pairs = zip(file.numbers(lat, *anything), file.numbers(lon, *anything), strict=True)
        for row, (one, other) in enumerate(pairs):
            if swapped(one, other):
                raise InputError(f"{file.where(row, lat)}: '{one:g}' and '{other:g}' are swapped with '{lon}'")
    latitude = file.numbers(lat, *LATITUDES, "degrees, which is England")
    return latitude, file.numbers(lon, *LONGITUDES, "degrees, which is England")


def _staff(
    file: CsvFile, size: Numbers, commissioner: NDArray[np.str_], counts: dict[str, int]
) -> dict[str, NDArray[Any]]:
    """Working time of GPs, nurses, other clinicians and registrars in FTE.

    What is unknown is filled with the commissioner's FTE a head, else left NaN, which `populate` replaces by England's.
    """

    def read(*names: str) -> Numbers:
        return file.numbers(file.column(*names), 0.0, LARGEST_FTE, "FTE")

    partners, salaried, total = gp_time(
        read("gp_partners_fte"), read("gp_salaried_fte"), read("gp_perm_qualified_fte", "gp_fte_sep2015", "gp_fte")
    )
    nurses, others = read("nurses_fte", "nurses_fte_sep2015"), read("dpc_fte", "dpc_fte_sep2015")
    registrars = read("registrar_fte")
    counts[guesses.SPLIT] = np.isnan(partners).sum()
    counts[guesses.PARTNER] = (partners == 0.0).sum()
    counts[guesses.REGISTRARS] = np.isnan(registrars).sum()

    def filled(fte: Numbers, near: str, england: str) -> Numbers:
        found = fill_per_head(fte, size, commissioner)
        counts[near], counts[england] = (np.isnan(fte) & ~np.isnan(found)).sum(), np.isnan(found).sum()
        return found

    return {
        "partner_fte": partners,
        "salaried_fte": salaried,
        "gp_fte": filled(total, guesses.GP_TIME, guesses.GP_TIME_ENGLAND),
        "nurse_fte": filled(nurses, guesses.NURSES, guesses.NURSES_ENGLAND),
        "other_fte": filled(others, guesses.OTHERS, guesses.OTHERS_ENGLAND),
        "registrar_fte": registrars,
    }
