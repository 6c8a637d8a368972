"""Working time of staff in the practices of a place: published where it is, else a head of the list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.locality import guesses
from abm.locality.csv_files import Numbers
from abm.locality.filling import fill_per_head
from abm.locality.place_table import AGES, PEOPLE, STAFF, PlaceTable
from abm.locality.population import posts_sought
from abm.locality.published.workforce import Workforce
from abm.scenario.parameters import ModelParameters

PATIENTS_A_GP = 100.0  # fewer patients for one FTE of GPs is no practice but a slip (England 2014/15: 206 at least)


def staffed(
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


def check_staff(table: PlaceTable, wanted: NDArray[np.bool_], workforce: Workforce | None) -> None:
    """Refuse more GPs than any practice of that size has.

    Raises:
        InputError: a practice that is wanted has fewer than `PATIENTS_A_GP` patients for one FTE.
    """
    gps = table.people[:, len(AGES)] + table.people[:, len(AGES) + 1]
    for row in np.flatnonzero(wanted & (gps > table.numbers["list_size"] / PATIENTS_A_GP)):
        code = str(table.text["practice_code"][row])
        if workforce and code in workforce.rows:
            line = workforce.file.lines[workforce.rows[code]]
            raise InputError(
                f"{workforce.file.path}, line {line}: practice '{code}' has {gps[row]:g} FTE of GPs for "
                f"{table.numbers['list_size'][row]:,.0f} patients; allowed is 1 for {PATIENTS_A_GP:g} patients at most"
            )
