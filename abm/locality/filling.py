"""Rules that fill in what a file does not tell, for tidy files and for published ones alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.locality.csv_files import plain
from abm.locality.presets import age_mix
from abm.scenario.parameters import ModelParameters

Numbers = NDArray[np.float64]
Groups = Sequence[str] | NDArray[np.str_]

LARGEST_LIST = 200_000.0  # patients
LARGEST_FTE = 200.0  # of one kind of staff in one practice
LARGEST_SCORE = 100.0  # of the IMD

SCORES = ("imd", "IMD Score", "imd2015", "IMD Score 2015")
SCORES_DATED = re.compile(r"imd(?:score)?(20\d\d)(?:score)?")

# IMD 2015 scores of the registered lists of the 7,585 practices of England in 2014/15 that have one, at each twentieth
# (0%, 5% ... 100%); own calculation from the practice profiles of the Office for Health Improvement and Disparities.
IMD_TWENTIETHS = (
    3.21, 8.32, 9.94, 11.43, 12.81, 14.12, 15.53, 16.96, 18.63, 20.24, 21.94,
    23.65, 25.43, 27.48, 29.49, 31.56, 34.00, 36.63, 40.27, 46.29, 66.49,
)  # fmt: skip


def check_scores(path: Path, header: Sequence[str]) -> None:
    """Refuse a file whose deprivation scores are of another year than those that practices are placed among.

    Raises:
        InputError: there is such a column and none of `SCORES`.
    """
    names = {plain(name): name for name in header}
    if any(plain(name) in names for name in SCORES):
        return
    for short, name in names.items():
        if dated := SCORES_DATED.fullmatch(short):
            raise InputError(
                f"{path}: the column '{name}' holds scores of the IMD {dated[1]}; allowed are those of 2015, as 'imd': "
                "give them, or leave the column out"
            )


def deprivation_percentile(score: Numbers) -> Numbers:
    """Where an IMD 2015 score stands among the practices of England: 0 least, 1 most deprived; NaN stays NaN."""
    return np.interp(score, IMD_TWENTIETHS, np.linspace(0.0, 1.0, len(IMD_TWENTIETHS)))


def fill_ages(bands: Numbers, size: Numbers, parameters: ModelParameters) -> tuple[Numbers, NDArray[np.bool_]]:
    """Patients by age band that add up to the list, and where the ages are unknown: there England's mix.

    Args:
        bands: patients or shares by band, NaN where unknown, shape (n, 5).
        size: registered patients, shape (n,).
    """
    unknown = np.isnan(bands).any(axis=1) | (bands.sum(axis=1) == 0.0)
    shares = np.where(unknown[:, None], age_mix(parameters), bands)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True) * size[:, None]), unknown


def fill_place(places: Numbers, group: Groups) -> tuple[Numbers, NDArray[np.bool_]]:
    """Places with unknown ones in the middle of their group's, and which are unknown; NaN stays in a group without any.

    Args:
        places: on a plane, NaN where unknown, shape (n, 2).
        group: of each place, shape (n,).
    """
    filled, groups, unknown = places.copy(), np.asarray(group), np.asarray(np.isnan(places).any(axis=1))
    filled[unknown] = np.nan
    for one in np.unique(groups[unknown]):
        known = (groups == one) & ~unknown
        if known.any():
            filled[(groups == one) & unknown] = places[known].mean(axis=0)
    return filled, unknown


def fill_deprivation(percentile: Numbers, group: Groups) -> tuple[Numbers, NDArray[np.bool_]]:
    """Percentiles with unknown ones as the median of their group (else of all, else .5), and which are unknown."""
    unknown, filled, groups = np.isnan(percentile), percentile.copy(), np.asarray(group)
    for row in np.flatnonzero(unknown):
        same = (groups == groups[row]) & ~unknown
        known = percentile[same if same.any() else ~unknown]
        filled[row] = np.median(known) if len(known) else 0.5
    return filled, unknown


def fill_per_head(fte: Numbers, size: Numbers, group: Groups) -> Numbers:
    """Unknown working time as the list times the group's known time a head; NaN stays where a group has none."""
    _, at = np.unique(np.asarray(group), return_inverse=True)
    known = ~np.isnan(fte)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.bincount(at[known], fte[known], at.max() + 1) / np.bincount(at[known], size[known], at.max() + 1)
    return np.where(known, fte, rate[at] * size)


def gp_time(partners: Numbers, salaried: Numbers, total: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Working time of partners, of salaried GPs and of both, made to agree; NaN where unknown.

    A total of 0 is a return that was not made: it counts as unknown. Where only one part is known the other is what
    is left of the total, and none where the part is the larger (published figures are rounded).
    """
    salaried = np.where(np.isnan(salaried), np.maximum(total - partners, 0.0), salaried)
    partners = np.where(np.isnan(partners), np.maximum(total - salaried, 0.0), partners)
    both = partners + salaried
    total = np.where(np.isnan(both), total, both)
    total = np.where(total == 0.0, np.nan, total)
    unknown = np.isnan(both) | np.isnan(total)
    return np.where(unknown, np.nan, partners), np.where(unknown, np.nan, salaried), total
