"""Eras of a fit: a place, as its lists and staff were returned, and the months that it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.scenario.scenario import Scenario
from abm.standstill import StandingPlace
from experiments.waits.priors import overrides
from experiments.waits.published import PublishedAppointments

SEED = 1  # the patients of every evaluation are the same, so that a difference comes from the numbers alone


@dataclass(frozen=True)
class Era:
    """Months during which a place's lists and staff are taken to stand still.

    Attributes:
        place: preset, CSV file or folder of the place.
        first, last: first days of the first and the last month, both included.
    """

    place: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(f"an era ends in {self.last:%Y-%m}, before it begins in {self.first:%Y-%m}")

    @property
    def months(self) -> int:
        """Number of months."""
        return 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1


@dataclass(frozen=True)
class Modelled:
    """What the model delivers, in the terms of what is published; fields as in `PublishedAppointments`.

    Wait bands count from the booking.
    """

    total: NDArray[np.float64]
    share: NDArray[np.float64]
    no_show: NDArray[np.float64]
    gp_share: NDArray[np.float64]
    unmet: NDArray[np.float64]


def check_eras(eras: Sequence[Era], published: PublishedAppointments) -> None:
    """Refuse eras that overlap or hold months without published figures.

    Raises:
        InputError: naming the months.
    """
    known = published.months
    for era, following in zip(eras, [*eras[1:], None], strict=True):
        if len(published.span(era.first, era.last).months) != era.months:
            raise InputError(
                f"the era {era.first:%Y-%m} to {era.last:%Y-%m} has months that are not published; "
                f"published are {known[0]:%Y-%m} to {known[-1]:%Y-%m}"
            )
        if following is not None and following.first <= era.last:
            raise InputError(
                f"the eras overlap: one ends in {era.last:%Y-%m}, the next begins in {following.first:%Y-%m}"
            )


@lru_cache(maxsize=8)
def standing(place: str) -> StandingPlace:
    """The place of an era, drawn once in a process."""
    return StandingPlace(Scenario.load(place), SEED)


def play_era(era: Era, values: Mapping[str, float]) -> Modelled:
    """Play the appointments of an era.

    Args:
        era: what to play.
        values: of the free numbers, by name.
    """
    place = standing(era.place)
    parameters = place.scenario.with_parameters(overrides(values, place.scenario.parameters)).parameters
    rows = []
    played = place.play(era.first, era.months, parameters=parameters, staff=values["staff"])
    for counts, _ in played:
        bands, attended, missed = counts.booked_bands.sum(axis=0), counts.attended.sum(), counts.no_shows.sum()
        total = attended + missed
        gps = counts.gp_contacts.sum() / max(1, attended)
        rows.append((total, *(bands / max(1, bands.sum())), missed / max(1, total), gps, counts.unmet_urgent.sum()))
    table = np.array(rows, float)
    return Modelled(table[:, 0], table[:, 1:8], table[:, 8], table[:, 9], table[:, 10])
