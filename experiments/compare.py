"""Scenarios against each other: means, and differences paired by seed, each with a 95% t interval.

An interval says how well the mean over seeds is known and narrows with more seeds. The standard deviation (`sd`) says
how far single runs lie apart and does not; it is spread, not confidence, and stands in a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.errors import InputError, did_you_mean
from experiments.experiment import Experiment

if TYPE_CHECKING:
    import pandas as pd

REPORT_MONTHS = (12, 24, 36, 60)
LEVEL = 0.95
KEYS = ("scenario", "seed", "month")


class Interval(NamedTuple):
    """A mean over independent values.

    Attributes:
        n: number of values.
        mean: their mean; NaN without values.
        low: lower end of the t interval of the mean; NaN with fewer than two values.
        high: its upper end.
        sd: standard deviation of the values (divisor n - 1), the spread of single values.
    """

    n: int
    mean: float
    low: float
    high: float
    sd: float


def t_interval(values: ArrayLike, level: float = LEVEL) -> Interval:
    """Mean of independent values with its two-sided Student t interval; values that are not finite are left out."""
    given = np.asarray(values, float)
    kept: NDArray[np.float64] = given[np.isfinite(given)]
    n, nan = kept.size, float("nan")
    if n == 0:
        return Interval(0, nan, nan, nan, nan)
    mean = float(kept.mean())
    if n == 1:
        return Interval(1, mean, nan, nan, nan)
    from scipy.stats import t

    sd = float(kept.std(ddof=1))
    half = float(t.ppf(0.5 + level / 2, n - 1)) * sd / n**0.5
    return Interval(n, mean, mean - half, mean + half, sd)


def means(experiment: Experiment, metrics: Sequence[str], months: Iterable[int] | None = None) -> pd.DataFrame:
    """The mean of every series over seeds.

    Args:
        experiment: runs with the table "model".
        metrics: names of series.
        months: months to look at; left out, months 12, 24, 36 and 60 as far as the runs go.

    Returns:
        One row a metric, month and scenario: runs (with a value), mean, interval_low, interval_high (95% t interval of
        the mean), sd (spread of single runs).

    Raises:
        InputError: a metric or a month is not in the runs.
    """
    import pandas as pd

    rows = []
    for metric in _metrics(experiment, metrics):
        for month in _months(experiment, months):
            values = _by_seed(experiment, metric, month)
            for scenario in experiment.scenarios:
                n, mean, low, high, sd = t_interval(values[scenario])
                rows.append((metric, month, scenario, n, mean, low, high, sd))
    columns = ["metric", "month", "scenario", "runs", "mean", "interval_low", "interval_high", "sd"]
    return pd.DataFrame(rows, columns=columns)


def paired_differences(
    experiment: Experiment, baseline: str, metrics: Sequence[str], months: Iterable[int] | None = None
) -> pd.DataFrame:
    """Every scenario minus the baseline on the same seed.

    Only seeds count that have a value under both. Because both meet the same people and luck, the differences vary less
    than those of unrelated runs would; `variance_saved` says by what share, `variance_ratio` by what factor.

    Args:
        experiment: runs with the table "model".
        baseline: name of the scenario that is subtracted.
        metrics: names of series.
        months: months to look at; left out, months 12, 24, 36 and 60 as far as the runs go.

    Returns:
        One row a metric, month and scenario: baseline, pairs, mean_difference, interval_low, interval_high (95% t
        interval of the mean difference), sd (spread of single differences), correlation (of the pairs), variance_saved
        = 1 - var(a - b) / (var(a) + var(b)), variance_ratio = (var(a) + var(b)) / var(a - b). What cannot be computed
        is NaN.

    Raises:
        InputError: the baseline, a metric or a month is not in the runs.
    """
    import pandas as pd

    if baseline not in experiment.scenarios:
        known = ", ".join(experiment.scenarios)
        raise InputError(
            f'baseline = "{baseline}" is no scenario of this experiment; allowed are {known}'
            f"{did_you_mean(baseline, experiment.scenarios)}"
        )
    rows = []
    for metric in _metrics(experiment, metrics):
        for month in _months(experiment, months):
            values = _by_seed(experiment, metric, month)
            for scenario in experiment.scenarios:
                if scenario != baseline:
                    rows.append((metric, month, scenario, baseline, *_paired(values[scenario], values[baseline])))
    columns = [
        "metric",
        "month",
        "scenario",
        "baseline",
        "pairs",
        "mean_difference",
        "interval_low",
        "interval_high",
        "sd",
        "correlation",
        "variance_saved",
        "variance_ratio",
    ]
    return pd.DataFrame(rows, columns=columns)


def _paired(one: pd.Series, other: pd.Series) -> tuple[float, ...]:
    """The statistics of two series on one index of seeds."""
    both = np.isfinite(one.to_numpy(float)) & np.isfinite(other.to_numpy(float))
    a, b = one.to_numpy(float)[both], other.to_numpy(float)[both]
    found = t_interval(a - b)
    correlation = saved = ratio = float("nan")
    if found.n > 1:
        unpaired, paired = float(a.var(ddof=1) + b.var(ddof=1)), found.sd**2
        if a.std() > 0 and b.std() > 0:
            correlation = float(np.corrcoef(a, b)[0, 1])
        if unpaired > 0:
            saved = 1 - paired / unpaired
            ratio = unpaired / paired if paired > 0 else float("inf")
    return (*found, correlation, saved, ratio)


def _by_seed(experiment: Experiment, metric: str, month: int) -> pd.DataFrame:
    """One row a seed, one column a scenario; NaN where a run has no value."""
    model = experiment.model
    rows = model.loc[model["month"] == month, ["seed", "scenario", metric]]
    return rows.pivot(index="seed", columns="scenario", values=metric).reindex(columns=list(experiment.scenarios))


def _metrics(experiment: Experiment, metrics: Sequence[str]) -> tuple[str, ...]:
    model = experiment.model
    known = [name for name in model.columns if name not in KEYS and model[name].dtype.kind in "iuf"]
    for metric in metrics:
        if metric not in known:
            listed = ", ".join(known) if known else "none, as no run is done"
            raise InputError(f'metric "{metric}" is unknown; allowed are {listed}{did_you_mean(metric, known)}')
    return tuple(metrics)


def _months(experiment: Experiment, months: Iterable[int] | None) -> tuple[int, ...]:
    known = sorted({int(month) for month in experiment.model["month"]})
    if months is None:
        return tuple(month for month in REPORT_MONTHS if month in known) or tuple(known[-1:])
    chosen = tuple(months)
    for month in chosen:
        if month not in known:
            raise InputError(
                f"month {month} is not in these runs; allowed are {known[0]} to {known[-1]}"
                if known
                else f"month {month} is not in these runs; no run is done"
            )
    return chosen
