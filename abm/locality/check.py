"""What looks odd in a place: values that a person should look at, whether or not they are wrong.

The bounds leave out about one practice in a hundred on each side in England 2014/15 (own calculation from the published
payments and workforce of 7,909 practices). Nothing is changed by this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.locality.geography import distance, neighbours
from abm.locality.locality import Locality

LISTS = (1_000.0, 30_000.0)  # patients
GP_FTE = (0.1, 1.3)  # for 1,000 patients
NURSE_FTE, OTHER_FTE = 0.8, 1.1  # for 1,000 patients, at most
WEIGHTED = (0.75, 1.30)  # weighted patients for a registered one
AT_ONE_POINT = 4  # practices at the same place; two or three share a health centre in most towns
ALONE = 15.0  # km to the nearest other practice
FROM_THE_MIDDLE = (6.0, 10.0)  # times the median distance from the commissioner's middle, and km
GUESSED = 0.25  # share of practices


@dataclass(frozen=True)
class Oddity:
    """One thing that looks odd; `practice` is "" where it concerns the place as a whole."""

    practice: str
    what: str


def oddities(locality: Locality) -> list[Oddity]:
    """Everything odd in a place, practice by practice, what concerns the whole place last."""
    codes = locality.practices["code"]
    found = [*_numbers(locality), *_places(locality)]
    by_practice = sorted(found, key=lambda oddity: oddity.practice)
    counts = locality.provenance.get("guesses", {})
    wide = [
        Oddity("", f"guessed for {number:,} of {len(codes):,} practices: {name}")
        for name, number in counts.items()
        if number > GUESSED * len(codes)
    ]
    return [*by_practice, *wide]


def _numbers(locality: Locality) -> Iterator[Oddity]:
    """Lists, staff and weights out of bounds; unknown ones are not."""
    practices = locality.practices
    size = practices["list_by_age"].sum(axis=1)
    per_1000 = 1000.0 / size
    rules = (
        ("a list of {:,.0f} patients", size, *LISTS),
        ("{:.2f} GP FTE for 1,000 patients", practices["gp_fte"] * per_1000, *GP_FTE),
        ("{:.2f} nurse FTE for 1,000 patients", practices["nurse_fte"] * per_1000, 0.0, NURSE_FTE),
        ("{:.2f} FTE of other clinicians for 1,000 patients", practices["other_fte"] * per_1000, 0.0, OTHER_FTE),
        ("a weighted list of {:.2f} times its list", practices["weighted_list"] / size, *WEIGHTED),
    )
    for words, value, low, high in rules:
        for row in np.flatnonzero((value < low) | (value > high)):
            yield Oddity(str(practices["code"][row]), words.format(value[row]))


def _places(locality: Locality) -> Iterator[Oddity]:
    """Crowds at one point, and practices far from the others."""
    practices = locality.practices
    codes, x, y = practices["code"], practices["x"], practices["y"]
    _, point, crowd = np.unique(np.column_stack((x, y)), axis=0, return_inverse=True, return_counts=True)
    point = point.ravel()
    for number in np.flatnonzero(crowd >= AT_ONE_POINT):
        together = codes[point == number].tolist()
        yield Oddity(together[0], f"one of {crowd[number]} practices at one point, with {', '.join(together[1:])}")
    nearest = _nearest(x, y)
    for row in np.flatnonzero(np.isfinite(nearest) & (nearest > ALONE)):
        yield Oddity(str(codes[row]), f"{nearest[row]:.1f} km from the nearest other practice")
    for area in locality.commissioners.tolist():
        rows = np.flatnonzero(practices["commissioner"] == area)
        away = distance(x[rows], y[rows], np.median(x[rows]), np.median(y[rows]))
        bound = max(FROM_THE_MIDDLE[1], FROM_THE_MIDDLE[0] * float(np.median(away)))
        for row, apart in zip(rows[away > bound], away[away > bound], strict=True):
            yield Oddity(str(codes[row]), f"{apart:.1f} km from the middle of commissioner {area}")


def _nearest(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance to the nearest other practice in km; infinite where there is none."""
    first, second, apart = neighbours(x, y, 1, np.inf)
    nearest = np.full(len(x), np.inf)
    np.minimum.at(nearest, first, apart)
    np.minimum.at(nearest, second, apart)
    return nearest
