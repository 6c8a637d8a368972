"""Collects the declared series month by month into columns; tables are made of them when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.calendar import FIRST_MONTH, Calendar
from abm.record.month import Month
from abm.record.series import TABLES, WORDS, Series

if TYPE_CHECKING:
    import pandas as pd

    from abm.world import World

KINDS = ("practices", "organisations", "gps", "commissioners")
FROM_MONTH = {"model": FIRST_MONTH}  # the model table keeps the warm-up; the others begin with month 0
SAME_TRUST = 1e-6  # smaller changes of trust are not recorded


class Recorder:
    """Copies of the series of a run; holds no reference to the world.

    Each month is one batch: the columns of a table are lists of arrays with one array for each month. Trust is kept as
    its changes: all edges at first, then those that differ from what was recorded last.
    """

    def __init__(self) -> None:
        self._months: dict[str, list[int]] = {table: [] for table in TABLES}
        self._sizes: dict[str, list[int]] = {table: [] for table in TABLES}
        self._columns: dict[str, dict[str, list[NDArray[Any]]]] = {
            table: {item.name: [] for item in series} for table, series in TABLES.items()
        }
        self._names: dict[str, NDArray[np.str_]] = {kind: np.empty(0, "U1") for kind in KINDS}
        self._titles: NDArray[np.str_] = np.empty(0, "U1")
        self._before: dict[str, NDArray[Any]] = {}
        self._start = Calendar().start
        self._trust: dict[str, list[NDArray[Any]]] = {"month": [], "edge": [], "trust": []}
        self._trust_now = np.empty(0, np.float32)
        self._ends = np.empty((0, 2), np.int32)

    def collect(self, world: World) -> None:
        """Record the month that ends; the last phase of every month."""
        self._start = world.calendar.start
        for kind in KINDS:
            if len(self._names[kind]) != len(getattr(world, kind)):
                self._names[kind] = getattr(world, kind).name.copy()
        if len(self._titles) != len(world.practices):
            self._titles = world.practices.title.copy()
        now = _standing(world)
        month = Month(world, self._before or now)
        for table, series in TABLES.items():
            every = world.scenario.gps_every if table == "gps" else 1
            if world.month >= FROM_MONTH.get(table, 0) and (world.month % every == 0 or table != "gps"):
                self._append(table, series, month)
        if world.month >= 0:
            self._collect_trust(world)
        self._before = now

    def _append(self, table: str, series: tuple[Series, ...], month: Month) -> None:
        columns = self._columns[table]
        for item in series:
            columns[item.name].append(np.array(item.read(month), item.kept, ndmin=1))
        self._months[table].append(month.world.month)
        self._sizes[table].append(len(columns[series[0].name][-1]))

    def _collect_trust(self, world: World) -> None:
        edges = world.trust.edges
        known = len(self._trust_now)
        trust = edges.trust.astype(np.float32)
        changed = np.ones(len(trust), bool)
        changed[:known] = np.abs(trust[:known] - self._trust_now) > SAME_TRUST
        rows = np.flatnonzero(changed).astype(np.int32)
        self._trust["month"].append(np.full(len(rows), world.month, np.int16))
        self._trust["edge"].append(rows)
        self._trust["trust"].append(trust[rows])
        kept = trust.copy()
        kept[:known][~changed[:known]] = self._trust_now[~changed[:known]]
        self._trust_now = kept
        if len(self._ends) != len(edges):
            self._ends = np.stack([edges.source, edges.target], axis=1)

    @property
    def months(self) -> list[int]:
        """The months collected so far."""
        return list(self._months["model"])

    def names(self, kind: str) -> list[str]:
        """Stable names by row."""
        return [str(name) for name in self._names[kind].tolist()]

    def latest(self) -> dict[str, Any]:
        """The model series of the latest month, as plain numbers."""
        return {name: batches[-1][0].item() for name, batches in self._columns["model"].items() if batches}

    def frame(self, table: str) -> pd.DataFrame:
        """The table so far: `month`, then its series in the order of declaration."""
        import pandas as pd

        months = np.repeat(np.array(self._months[table], np.int32), self._sizes[table])
        columns: dict[str, Any] = {"month": months}
        if table == "model":
            calendar = Calendar(self._start)
            columns["date"] = np.array([calendar.first_day(month) for month in months.tolist()], "datetime64[ms]")
            columns["warm_up"] = months <= 0
        for item in TABLES[table]:
            batches = self._columns[table][item.name]
            values = np.concatenate(batches) if batches else np.empty(0, item.kept)
            columns[item.name] = self._spell(item.dtype, values)
            if item.dtype == "names:practices" and item.name == "practice" and table == "practices":
                columns["title"] = self._of_rows(self._titles, values)
        return pd.DataFrame(columns)

    def trust_frame(self) -> pd.DataFrame:
        """Trust as changes: month, source, target, trust; an edge keeps its value until its next row."""
        import pandas as pd

        edge = np.concatenate(self._trust["edge"]) if self._trust["edge"] else np.empty(0, np.int32)
        columns = {
            "month": np.concatenate(self._trust["month"]).astype(np.int32) if len(edge) else np.empty(0, np.int32),
            "source": self._of_rows(self._names["practices"], self._ends[edge, 0]),
            "target": self._of_rows(self._names["practices"], self._ends[edge, 1]),
            "trust": np.concatenate(self._trust["trust"]) if len(edge) else np.empty(0, np.float32),
        }
        return pd.DataFrame(columns)

    def _spell(self, dtype: str, values: NDArray[Any]) -> Any:
        if dtype.startswith("names:"):
            return self._of_rows(self._names[dtype.removeprefix("names:")], values)
        if dtype.startswith("words:"):
            words = WORDS[dtype.removeprefix("words:")]
            return self._of_rows(np.array([words[code] for code in range(max(words) + 1)]), values)
        return values

    @staticmethod
    def _of_rows(names: NDArray[np.str_], rows: NDArray[Any]) -> Any:
        """Names of rows as a string column; -1 is the empty name."""
        import pandas as pd

        return pd.Series(np.array([*names.tolist(), ""], object)[rows], dtype="str")

    def save(self) -> dict[str, Any]:
        """Everything collected, as plain data for a checkpoint."""
        return {
            "months": {table: list(months) for table, months in self._months.items()},
            "sizes": {table: list(sizes) for table, sizes in self._sizes.items()},
            "columns": {
                table: {name: np.concatenate(batches) for name, batches in columns.items() if batches}
                for table, columns in self._columns.items()
            },
            "names": {kind: names.copy() for kind, names in self._names.items()},
            "titles": self._titles.copy(),
            "before": {name: values.copy() for name, values in self._before.items()},
            "start": self._start.isoformat(),
            "trust": {name: np.concatenate(batches) for name, batches in self._trust.items() if batches},
            "trust_now": self._trust_now.copy(),
            "ends": self._ends.copy(),
        }

    def load(self, saved: Mapping[str, Any]) -> None:
        """Replace the content by what `save` gave."""
        from datetime import date

        self._months = {table: list(months) for table, months in saved["months"].items()}
        self._sizes = {table: list(sizes) for table, sizes in saved["sizes"].items()}
        self._columns = {
            table: {item.name: _batch(saved["columns"][table].get(item.name)) for item in series}
            for table, series in TABLES.items()
        }
        self._names = {kind: np.array(names) for kind, names in saved["names"].items()}
        self._titles = np.array(saved["titles"])
        self._before = {name: np.array(values) for name, values in saved["before"].items()}
        self._start = date.fromisoformat(saved["start"])
        self._trust = {name: _batch(saved["trust"].get(name)) for name in self._trust}
        self._trust_now = np.array(saved["trust_now"], np.float32)
        self._ends = np.array(saved["ends"], np.int32)


def _batch(values: NDArray[Any] | None) -> list[NDArray[Any]]:
    return [] if values is None else [np.array(values)]


def _standing(world: World) -> dict[str, NDArray[Any]]:
    """What next month's counts of changes are measured against."""
    return {
        "alive": world.gps.alive.copy(),
        "role": world.gps.role.copy(),
        "organisation": world.practices.organisation.copy(),
        "organisation_alive": world.organisations.alive.copy(),
    }
