"""What is known of the world that a run can be held against, and how each figure is measured in a run.

The targets stand in `targets.csv`, one a line: the pattern of the model description (P1, P2 ...), the series, the rule
that makes one number of it, the policy it holds under (or `one - other`: the difference of two, paired by seed), the
range, the source, and what the range is made of. `needs` names a mechanism that the target cannot do without.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from abm.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

TARGETS = Path(__file__).with_name("targets.csv")
OLDEST_COUNTED = 50  # years; the published rate of leaving is that of GPs up to this age
LARGE_ORGANISATION = 100_000  # patients; what the published survey counts as large


@dataclass(frozen=True)
class Target:
    """One figure of the world.

    Attributes:
        pattern: the pattern it belongs to.
        description: what it is.
        metric: series of the table "model", or two as "numerator/denominator".
        rule: how the series becomes one number, see `RULES`.
        from_month: first month that the rule looks at; none for a single month.
        to_month: last, or only, month that the rule looks at.
        policies: the policy it holds under, or two whose difference it is.
        low: lower end of the range, minus infinity for none.
        high: upper end.
        unit: unit of both.
        needs: mechanism without which it cannot be met, or "".
        source: where the figure is published.
        range: what the range is made of.
    """

    pattern: str
    description: str
    metric: str
    rule: str
    from_month: int
    to_month: int
    policies: tuple[str, ...]
    low: float
    high: float
    unit: str
    needs: str
    source: str
    range: str

    def of(self, model: pd.DataFrame) -> float:
        """The figure in one run.

        Args:
            model: the run's series, indexed by month.

        Returns:
            The number; NaN where the run has not the series or ends too early.
        """
        names = self.metric.split("/")
        span = model.loc[self.from_month : self.to_month]
        whole = {self.from_month, self.to_month} <= set(span.index)
        if not whole or any(name not in span for name in names):
            return float("nan")
        return RULES[self.rule]([span[name].to_numpy(float) for name in names], (self.to_month - self.from_month) / 12)


RULES: dict[str, Callable[[list[Any], float], float]] = {
    "at": lambda series, years: float(series[0][-1]),
    "mean": lambda series, years: float(np.nanmean(series[0])) if np.isfinite(series[0]).any() else float("nan"),
    "change a year": lambda series, years: float(series[0][-1] - series[0][0]) / years,
    "relative change a year": lambda series, years: float(series[0][-1] / series[0][0]) ** (1 / years) - 1,
    "rate a year": lambda series, years: 12 * float(series[0].sum() / series[1].sum()),
}
"""Rules by name: functions of the monthly values of one or two series, and of the years from first to last month."""


def load_targets(path: Path = TARGETS) -> tuple[Target, ...]:
    """The targets of a file.

    Raises:
        InputError: a line names an unknown rule, or a bound or a month is no number.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_target(path, number, row) for number, row in enumerate(csv.DictReader(file), start=2))


def run_measured(scenario: Any, seed: int) -> SimpleNamespace:
    """Run the model and keep its monthly series with those that only its larger tables tell; importable by workers."""
    from abm import run

    return SimpleNamespace(model=measured(run(scenario, seed)))


def measured(result: Any) -> pd.DataFrame:
    """The monthly series of a run with `leavers_up_to_50`, `gps_up_to_50` and `organisations_over_100000_share`."""
    wide: pd.DataFrame = result.model
    for extra in (leavers(result.gps), large_organisations(result.organisations)):
        wide = wide.merge(extra, on="month", how="left")
    return wide


def leavers(gps: pd.DataFrame) -> pd.DataFrame:
    """How many GPs up to 50 there were at the end of the month before, and how many of them have left since.

    Args:
        gps: one row a GP and month, with columns month, gp, age.

    Returns:
        One row a month that has a month before it: month, gps_up_to_50, leavers_up_to_50.
    """
    present = gps.loc[:, ["month", "gp"]]
    young = present[gps["age"] < OLDEST_COUNTED + 1].assign(month=lambda rows: rows["month"] + 1)
    young = young[young["month"].isin(present["month"].unique())]
    found = young.merge(present, on=["month", "gp"], how="left", indicator="still")
    by_month = found.assign(left=found["still"] == "left_only").groupby("month")["left"]
    return by_month.agg(gps_up_to_50="size", leavers_up_to_50="sum").reset_index()


def large_organisations(organisations: pd.DataFrame) -> pd.DataFrame:
    """The share of organisations of over 100,000 patients, one row a month in which there are any."""
    large = organisations.assign(large=organisations["population"] > LARGE_ORGANISATION)
    return large.groupby("month")["large"].mean().rename("organisations_over_100000_share").reset_index()


def _target(path: Path, number: int, row: dict[str, str]) -> Target:
    where = f"{path}: line {number}"
    if row["rule"] not in RULES:
        nearest = did_you_mean(row["rule"], RULES)
        raise InputError(f'{where}: rule = "{row["rule"]}" is unknown; allowed are {", ".join(RULES)}{nearest}')
    to_month = _number(where, "to_month", row["to_month"], int)
    return Target(
        pattern=row["pattern"],
        description=row["description"],
        metric=row["metric"],
        rule=row["rule"],
        from_month=_number(where, "from_month", row["from_month"] or str(to_month), int),
        to_month=to_month,
        policies=tuple(row["policy"].split(" - ")),
        low=_number(where, "low", row["low"] or "-inf", float),
        high=_number(where, "high", row["high"] or "inf", float),
        unit=row["unit"],
        needs=row["needs"],
        source=row["source"],
        range=row["range"],
    )


def _number(where: str, key: str, text: str, kind: type[Any]) -> Any:
    try:
        return kind(text)
    except ValueError:
        words = "a whole number" if kind is int else "a number"
        raise InputError(f'{where}: {key} = "{text}" is not {words}') from None
