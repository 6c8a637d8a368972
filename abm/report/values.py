"""The numbers of the report: series of one run from month 0, their spread, and their range over other runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.record.series import BAND
from abm.report.charts import CHARTS, MEMBERS, ORGANISATIONS, Chart, Line

if TYPE_CHECKING:
    import pandas as pd

    from abm.record.results import Run

Array = NDArray[np.float64]

PERCENTILES = (0.1, 0.9)
YEAR = 12
COUNTED = "every entry of the ledger counts, also of a practice that moves twice in a month; charts compare months"
SEEDED = "collaborated before the start"  # why of the memberships that are placed at the start of month 1


@dataclass(frozen=True)
class Mark:
    """Something that changes the conditions in a month: a dated change of policy, or a shock.

    Attributes:
        letter: by which charts and text name it.
        month: before whose first phase it acts.
        text: what it is, in words.
    """

    letter: str
    month: int
    text: str

    @property
    def short(self) -> str:
        """The text without what stands in brackets."""
        return self.text.partition(" (")[0]


class Values:
    """What the charts and tables of one report show.

    Args:
        run: the run that is reported.
        beside: runs of the same scenario with other seeds.

    Attributes:
        models: model tables by month with the population size bands, that of the run first.

    Raises:
        InputError: a run beside is of another scenario, or of a seed that is there already.
    """

    def __init__(self, run: Run, beside: Sequence[Run] = ()) -> None:
        _check_beside(run, beside)
        self.run = run
        self.beside = tuple(beside)
        self.last = run.last_month
        self.models = [_with_size_bands(one) for one in (run, *beside)]
        self._spreads: dict[str, pd.DataFrame] = {}

    @property
    def count(self) -> int:
        """Number of runs."""
        return len(self.models)

    @cached_property
    def model(self) -> pd.DataFrame:
        """The model table from month 0, indexed by month, with the population size bands."""
        return self.models[0].loc[0:]

    def at(self, month: int) -> dict[str, float]:
        """The row of the model table of one month."""
        row = self.model.loc[month]
        return {str(name): float(value) for name, value in row.items() if isinstance(value, (int, float, np.number))}

    @cached_property
    def months(self) -> NDArray[np.int64]:
        """Months 0 to the last."""
        return np.arange(self.last + 1)

    @cached_property
    def seeded(self) -> int:
        """Practices placed in groups at the start of month 1, because they collaborated before."""
        memberships = self.run.memberships
        return int(((memberships["relation"] == "member") & (memberships["why"] == SEEDED)).sum())

    def line(self, chart: Chart, line: Line, which: int = 0) -> Array:
        """Values of a line from month 0 to the last; `which` is 0 for the run itself, then the runs beside it."""
        model = self.models[which]
        total = np.asarray(model[list(line.columns)].sum(axis=1, skipna=False), float)
        if chart.yearly:
            total = np.asarray(model[list(line.columns)].sum(axis=1).rolling(YEAR).sum(), float)
        if chart.over:
            total = total / model[chart.over].to_numpy(float)
        return chart.scale * total[model.index >= 0]

    def range(self, chart: Chart, line: Line) -> tuple[Array, Array] | None:
        """Least and most over all runs, month by month; None for a single run."""
        if self.count == 1:
            return None
        every = np.array([self.line(chart, line, which) for which in range(self.count)])
        known = ~np.isnan(every)
        least = np.where(known, every, np.inf).min(axis=0)
        most = np.where(known, every, -np.inf).max(axis=0)
        none = ~known.any(axis=0)
        return np.where(none, np.nan, least), np.where(none, np.nan, most)

    def spread(self, chart: Chart) -> tuple[Array, Array] | None:
        """10th and 90th percentile around the first line, month by month; None where there is none."""
        spread = chart.spread
        if spread is None:
            return None
        if not spread.column:
            low, high = (self.model[name].to_numpy(float) for name in (spread.low, spread.high))
        else:
            low, high = (self._percentiles(spread.among)[spread.column, p].to_numpy(float) for p in PERCENTILES)
        return chart.scale * low, chart.scale * high

    def _percentiles(self, among: str) -> pd.DataFrame:
        """Percentiles of all columns that charts ask for, one row a month."""
        import pandas as pd

        if among not in self._spreads:
            rows = self.run.organisations if among == ORGANISATIONS else self.run.practices
            if among == MEMBERS:
                rows = rows[rows["organisation"] != ""]
            asked = [chart.spread for chart in CHARTS.values() if chart.spread and chart.spread.among == among]
            columns = sorted({spread.column for spread in asked if spread.column})
            found: Any = rows.groupby("month")[columns].quantile(np.array(PERCENTILES)).unstack()
            every = pd.MultiIndex.from_product((columns, PERCENTILES))  # also where there is nothing to measure yet
            self._spreads[among] = pd.DataFrame(found).reindex(index=self.months, columns=every)
        return self._spreads[among]

    def kind(self, chart: Chart) -> str:
        """What there is to show: "drawn", "zero" where nothing ever is, "undefined" where no value is defined."""
        every = np.array([self.line(chart, line, which) for line in chart.lines for which in range(self.count)])
        if np.isnan(every).all():
            return "undefined"
        return "zero" if np.nanmax(np.abs(every)) == 0 and chart.level is None else "drawn"


def moves(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Entries of the ledger in which practices joined organisations from month 1, and those in which they left."""
    held = run.memberships
    held = held[held["relation"] == "member"]
    held = held[~held["why_ended"].str.startswith("merged into ") | (held["until"] > run.last_month)]
    return held[held["since"].between(1, run.last_month)], held[held["until"].between(1, run.last_month)]


def _check_beside(run: Run, beside: Sequence[Run]) -> None:
    seeds = {run.seed}
    for other in beside:
        if other.manifest["scenario_sha256"] != run.manifest["scenario_sha256"]:
            raise InputError(
                f"the run '{other.name}' with seed {other.seed} is of another scenario than '{run.name}' with seed "
                f"{run.seed}; allowed beside a run are runs of the same scenario with other seeds "
                "(policies are compared by gpfed experiment)"
            )
        if other.seed in seeds:
            raise InputError(
                f"two runs of '{run.name}' have the seed {other.seed}; allowed beside a run are runs of the same "
                "scenario with other seeds"
            )
        seeds.add(other.seed)


def _with_size_bands(run: Run) -> pd.DataFrame:
    """The model table by month, with shares of patients by the population of their organisation."""
    model = run.model.set_index("month")
    organisations, patients = run.organisations, model["patients"]
    low, high = BAND

    def share(rows: pd.DataFrame) -> pd.Series[float]:
        return rows.groupby("month")["population"].sum().reindex(model.index, fill_value=0.0) / patients

    model["patients_under_25000"] = share(organisations[organisations["population"] < low])
    model["patients_over_100000"] = share(organisations[organisations["population"] > high])
    model["patients_in_none"] = 1.0 - model["patients_in_organisations_share"]
    return model
