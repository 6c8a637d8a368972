"""Places in a few numbers: one place, the places there are, the commissioners of a published file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from abm.errors import InputError
from abm.locality.guesses import guesses_sentence
from abm.locality.locality import Locality
from abm.locality.place_folder import PRACTICES, is_place_folder
from abm.locality.presets import PRESETS
from abm.locality.published.payments import read_payments
from abm.locality.published.years import year_named
from abm.scenario.parameters import ModelParameters

__all__ = ["commissioners_of", "guesses_sentence", "places_in", "presets", "summary"]


def summary(locality: Locality) -> list[tuple[str, str]]:
    """What a reader wants to know first: names and values, ready to print."""
    practices = locality.practices
    size = practices["list_by_age"].sum(axis=1)
    quarter, median, three_quarters = np.quantile(size, (0.25, 0.5, 0.75))
    rows = [
        ("practices", f"{len(locality):,}"),
        ("commissioners", f"{len(locality.commissioners):,}{_named(locality.commissioners.tolist())}"),
        ("patients", f"{locality.patients:,.0f}"),
        ("list: smallest, largest", f"{size.min():,.0f}, {size.max():,.0f}"),
        ("list: median, middle half", f"{median:,.0f}, {quarter:,.0f} to {three_quarters:,.0f}"),
        ("patients aged 75 and over", f"{100 * practices['list_by_age'][:, 4].sum() / size.sum():.1f}%"),
        ("weighted patients for a registered one", _ratio(practices["weighted_list"], size, 1.0)),
        ("deprivation, 0 least to 1 most", f"{np.average(practices['deprivation'], weights=size):.2f}"),
        (
            "patients of practices in England's most deprived fifth",
            f"{100 * size[practices['deprivation'] > 0.8].sum() / size.sum():.0f}%",
        ),
    ]
    for label, column in (
        ("GPs", "gp_fte"), ("partners", "partner_fte"), ("nurses", "nurse_fte"), ("other clinicians", "other_fte"),
        ("registrars", "registrar_fte"),
    ):  # fmt: skip
        rows.append((f"{label}, FTE for 1,000 patients", _ratio(practices[column], size, 1000.0)))
    width, height = np.ptp(practices["x"]), np.ptp(practices["y"])
    return [*rows, ("from west to east, south to north", f"{width:.0f} km, {height:.0f} km")]


def _named(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if len(names) <= 5 else ""


def _ratio(value: np.ndarray, size: np.ndarray, times: float) -> str:
    """A sum over the patients of those whose value is known."""
    known = ~np.isnan(value)
    if not known.any():
        return "drawn by each run"
    part = "" if known.all() else f" (known for {known.sum():,})"
    return f"{times * value[known].sum() / size[known].sum():.2f}{part}"


def presets() -> list[tuple[str, str, str, str]]:
    """Name, title, practices and patients of the made-up places."""
    parameters = ModelParameters()
    found = []
    for name, title in PRESETS.items():
        locality = Locality.load(name, parameters=parameters)
        found.append((name, f"{title} (made up)", f"{len(locality):,}", f"{locality.patients:,.0f}"))
    return found


def places_in(folders: Sequence[Path]) -> list[tuple[str, str, str, str]]:
    """Path, title, practices and patients of the places in folders, which may be places themselves.

    Raises:
        InputError: there is no such folder, or it cannot be read.
    """
    parameters, found = ModelParameters(), []
    for folder in folders:
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder; allowed are folders that hold places")
        try:
            inside = sorted(path for path in folder.iterdir() if path.is_dir())
        except OSError as problem:
            raise InputError(f"the folder '{folder}' cannot be read: {problem.strerror}") from None
        for path in filter(_holds_place, [folder, *inside]):
            try:
                locality = Locality.load(path, parameters=parameters)
            except InputError as problem:
                found.append((str(path), f"cannot be read: {problem}", "", ""))
                continue
            found.append((str(path), locality.title, f"{len(locality):,}", f"{locality.patients:,.0f}"))
    return found


def _holds_place(folder: Path) -> bool:
    try:
        return is_place_folder(folder) or (folder / PRACTICES).is_file()
    except OSError:
        return False  # a folder that may not be looked into


def commissioners_of(payments: Path, year: str | None = None) -> list[tuple[str, str, str, str]]:
    """Code, name, practices of 100 patients or more and their patients, for each commissioner of a published file.

    Args:
        payments: the file.
        year: which rows, where it holds several years.

    Raises:
        InputError: the file cannot be used, or names no commissioner.
    """
    read = read_payments(payments, year_named(year))
    names = dict(zip(read.commissioners, read.commissioner_names, strict=True))
    codes = sorted(set(names) - {""})
    if not codes:
        raise InputError(f"{payments}: the column 'CCG Code' or 'Sub ICB Code' is missing")
    area, kept = np.array(read.commissioners), np.array([not reason for reason in read.reasons])
    return [
        (code, names[code], f"{(mine := (area == code) & kept).sum():,}", f"{read.size[mine].sum():,.0f}")
        for code in codes
    ]
