"""A place as it is kept in a folder: one row a practice, its people group by group, and what of it was guessed.

The same table is what `gpfed locality build` makes and what `gpfed run FOLDER` reads, so that a place is the same
before it is written and after it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.locality import guesses
from abm.locality.csv_files import Numbers
from abm.locality.tidy_files import need_beyond_age
from abm.scenario.parameters import ModelParameters

AGES = ("patients aged 0-14", "patients aged 15-44", "patients aged 45-64", "patients aged 65-74", "patients aged 75+")
STAFF = ("partners", "salaried GPs", "nurses", "other clinicians", "registrars")
PEOPLE = (*AGES, *STAFF)
"""The groups of people, in the order of the columns of `PlaceTable.people`."""

UNITS = ("patients",) * len(AGES) + ("FTE",) * len(STAFF)

OF_PRACTICE = (guesses.COORDINATES, guesses.DEPRIVATION, guesses.WEIGHTED)
"""Guesses about the practice itself; the others are about a group of its people."""


@dataclass(frozen=True)
class PlaceTable:
    """The practices of a place, sorted by code.

    Attributes:
        text: `practice_code`, `name`, `commissioner_code`, `commissioner_name`, `local_authority`, `postcode`;
            shape (n,).
        numbers: `easting`, `northing` in metres, `lat`, `lon` in degrees (NaN where the place is a guess), `list_size`
            and `weighted_list` in patients, `imd` (NaN where unknown) and `deprivation`, its percentile; shape (n,).
        people: patients and FTE in the order of `PEOPLE`, shape (n, 10).
        guessed: names of `abm.locality.guesses`, with the practices, shape (n,), or cells, shape (n, 10), that
            they hold for.
        basis: where a number of people comes from if it is neither published nor a guess, {(row, group): words}.
    """

    text: Mapping[str, NDArray[np.str_]]
    numbers: Mapping[str, Numbers]
    people: Numbers
    guessed: Mapping[str, NDArray[np.bool_]]
    basis: Mapping[tuple[int, int], str]

    def __len__(self) -> int:
        """Number of practices."""
        return len(self.text["practice_code"])

    def guesses(self) -> dict[str, int]:
        """Number of practices for which each guess was made."""
        counts = {name: int(cells.reshape(len(self), -1).any(axis=1).sum()) for name, cells in self.guessed.items()}
        return guesses.in_order(counts)

    def only(self, kept: NDArray[np.bool_]) -> PlaceTable:
        """Some of the practices; shape of `kept` (n,)."""
        place = np.cumsum(kept) - 1
        return PlaceTable(
            {name: column[kept] for name, column in self.text.items()},
            {name: column[kept] for name, column in self.numbers.items()},
            self.people[kept],
            {name: cells[kept] for name, cells in self.guessed.items()},
            {(int(place[row]), group): words for (row, group), words in self.basis.items() if kept[row]},
        )

    def columns(self, parameters: ModelParameters) -> dict[str, NDArray[Any]]:
        """The practices as `Locality.practices` has them."""
        list_by_age, staff = self.people[:, : len(AGES)], dict(zip(STAFF, self.people[:, len(AGES) :].T, strict=True))
        weighted = self.numbers["weighted_list"]
        return {
            "code": self.text["practice_code"],
            "title": self.text["name"],
            "commissioner": self.text["commissioner_code"],
            "local_authority": self.text["local_authority"],
            "x": self.numbers["easting"] / 1000.0,
            "y": self.numbers["northing"] / 1000.0,
            "latitude": self.numbers["lat"],
            "longitude": self.numbers["lon"],
            "list_by_age": list_by_age,
            "weighted_list": weighted,
            "need": need_beyond_age(weighted, list_by_age, parameters),
            "deprivation": self.numbers["deprivation"],
            "partner_fte": staff["partners"],
            "salaried_fte": staff["salaried GPs"],
            "gp_fte": staff["partners"] + staff["salaried GPs"],
            "nurse_fte": staff["nurses"],
            "other_fte": staff["other clinicians"],
            "registrar_fte": staff["registrars"],
        }


@dataclass(frozen=True)
class BuiltPlace:
    """A place that can be written to a folder.

    Attributes:
        table: its practices.
        provenance: plain data: title, selection, command, sources, guesses, dropped.
    """

    table: PlaceTable
    provenance: Mapping[str, Any]
