"""The fit: free numbers that bring the model's appointments near the published ones, and how well they are known.

Misfit is a sum of squares. Each published figure of a month counts by its distance from the model's in units of a
stated tolerance, which stands for what the model leaves out, not for chance: the sampling error of a place's month is
far smaller. Neighbouring months err alike, so twelve of them count as one observation. To this come the squared
distances of the free numbers from their priors' means. Every evaluation meets the same patients, so differences between
evaluations are due to the numbers; the minimum is found by Gauss and Newton's steps with derivatives by differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from experiments.waits.eras import Era, Modelled, play_era
from experiments.waits.priors import Coordinates, free_numbers
from experiments.waits.published import PublishedAppointments

Array = NDArray[np.float64]

BAND_TOLERANCE = 0.01  # of a wait band's share
TOTAL_TOLERANCE = 0.04  # of the logarithm of a month's appointments
NO_SHOW_TOLERANCE = 0.003  # of the share not attended
ALIKE = 12  # months that count as one observation
STEP = 0.25  # of a prior's standard deviation, for derivatives by differences
MOST_STEPS, ENOUGH = 8, 0.01  # steps of the search; relative gain below which it ends
LONGEST_MOVE = 1.5  # standard deviations that one step may move a number

Play = Callable[[Era, dict[str, float]], Modelled]


@dataclass(frozen=True)
class Fit:
    """The free numbers after the fit.

    Attributes:
        coordinates: what is free.
        z: their values in prior standard deviations from the prior's mean, shape (axes,).
        covariance: of `z` after the fit, by linearising at the minimum, shape (axes, axes); 0 for a number that its
            bound holds, whose uncertainty this does not tell.
        misfit: sum of squares at each step of the search, the prior's part included.
        evaluations: how often the eras were played.
    """

    coordinates: Coordinates
    z: Array
    covariance: Array
    misfit: tuple[float, ...]
    evaluations: int


def residuals(modelled: Modelled, published: PublishedAppointments) -> Array:
    """Distances of the published figures of an era from the model's, in tolerances; unknown figures give 0."""
    n = len(published.months)
    share = (modelled.share[:n] - published.share) / BAND_TOLERANCE
    total = np.log(np.maximum(modelled.total[:n], 1.0) / published.total) / TOTAL_TOLERANCE
    no_show = (modelled.no_show[:n] - published.no_show) / NO_SHOW_TOLERANCE
    apart = np.concatenate((share.ravel(), total, np.where(np.isnan(no_show), 0.0, no_show)))
    return np.asarray(apart / np.sqrt(ALIKE))


def fit(
    eras: Sequence[Era],
    published: PublishedAppointments,
    *,
    workers: int = 1,
    play: Play = play_era,
    report: Callable[[int, float], None] | None = None,
) -> Fit:
    """Fit all eras at once.

    Args:
        eras: what is fitted, held-out months left out.
        published: the figures; those within the eras are used.
        workers: processes that play evaluations side by side; 1 for this one alone.
        play: plays an era with given values.
        report: called after each step with its number and the misfit.
    """
    coordinates = Coordinates(free_numbers(), len(eras))
    observed = [published.span(era.first, era.last) for era in eras]
    size = len(coordinates.axes)
    evaluations = 0

    with _several(workers) as every:

        def distances(points: Sequence[Array]) -> list[Array]:
            """Residuals at several points, each followed by the prior's."""
            nonlocal evaluations
            evaluations += len(points)
            tasks = [(play, era, coordinates.values(z, at)) for z in points for at, era in enumerate(eras)]
            played = iter(list(every(tasks)))
            return [np.concatenate([*(residuals(next(played), seen) for seen in observed), z]) for z in points]

        def slopes(z: Array, here: Array) -> Array:
            """Derivatives of the residuals, a column for each axis, by steps that stay within the bounds."""
            inwards = np.where(coordinates.within(z + STEP) == z + STEP, STEP, -STEP)
            aside = distances([*(z + np.diag(inwards))])
            return np.column_stack([(r - here) / by for r, by in zip(aside, inwards, strict=True)])

        z = np.zeros(size)
        (here,) = distances([z])
        misfit = [float(here @ here)]
        for step in range(MOST_STEPS):
            slope = slopes(z, here)
            move = -np.linalg.solve(slope.T @ slope, slope.T @ here)
            move *= min(1.0, LONGEST_MOVE / float(np.abs(move).max(initial=1e-12)))
            tries = [coordinates.within(z + part * move) for part in (1.0, 0.5, 0.25)]
            tried = distances(tries)
            best = int(np.argmin([r @ r for r in tried]))
            if tried[best] @ tried[best] < here @ here:
                z, here = tries[best], tried[best]
            misfit.append(float(here @ here))
            if report:
                report(step + 1, misfit[-1])
            if misfit[-2] - misfit[-1] < ENOUGH * misfit[-2]:
                break
        slope = slopes(z, here)
    return Fit(coordinates, z, _covariance(slope, coordinates.at_bound(z)), tuple(misfit), evaluations)


def _covariance(slope: Array, held: NDArray[np.bool_]) -> Array:
    """Inverse of the curvature among the numbers that are free to move; 0 for those that a bound holds."""
    covariance = np.zeros((len(held), len(held)))
    free = np.flatnonzero(~held)
    covariance[np.ix_(free, free)] = np.linalg.inv(slope[:, free].T @ slope[:, free])
    return covariance


Task = tuple[Play, Era, dict[str, float]]


@contextmanager
def _several(workers: int) -> Iterator[Callable[[Iterable[Task]], Iterable[Modelled]]]:
    """A function that plays tasks in their order, in this process or in several."""
    if workers <= 1:
        yield lambda tasks: map(_play, tasks)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield lambda tasks: pool.map(_play, tasks)


def _play(task: Task) -> Modelled:
    play, era, values = task
    return play(era, values)
