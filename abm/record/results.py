"""A run: immutable tables of what happened, with their origin; saved as Parquet and loaded equal."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from abm.calendar import Calendar
from abm.errors import InputError, did_you_mean
from abm.folders import put_in_place
from abm.record.manifest import manifest as make_manifest
from abm.record.tables import Kept, add_column, check_parquet, columns_of, damaged, private_copy

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from abm.scenario.scenario import Scenario
    from abm.world import World

RECORDED = ("model", "practices", "organisations", "commissioners", "gps")
TABLES = (*RECORDED, "events", "decisions", "memberships", "trust")
LATER = ("commissioners",)  # tables that runs kept by earlier versions lack
MANIFEST, SCENARIO = "manifest.json", "scenario.toml"
NEEDED = ("name", "scenario", "seed")  # of the manifest
REPORT_EVERY = 12
SUMMARY = (
    "collaborating_share", "federation_share", "organisations", "organisation_population_mean", "capability",
    "engagement", "fte", "partner_share", "vacancy_share", "high_burnout_share", "partner_income_p50", "load", "access",
    "continuity", "unmet_urgent", "admissions_per_1000",
)  # fmt: skip

Maker = Callable[[], "pd.DataFrame"]


class Run:
    """What one scenario gave with one seed.

    Tables are pandas DataFrames made, or read from disk, when first asked for; each call hands out a copy, so a run
    never changes. Labels and units of their columns are in `abm.record.series`.

    Args:
        tables: for each of `TABLES` a function that makes it.
        manifest: origin of the run, as `abm.record.manifest` makes it.
        scenario: what was run; left out, it is made from the manifest when asked for.
    """

    def __init__(
        self, tables: Mapping[str, Maker], manifest: Mapping[str, Any], scenario: Scenario | None = None
    ) -> None:
        self._makers = dict(tables)
        self._made: dict[str, pd.DataFrame] = {}
        self._manifest = json.dumps(manifest)
        self._scenario = scenario

    @classmethod
    def of(cls, world: World, seconds: Mapping[str, float] | None = None) -> Run:
        """The run that a world has gone through.

        Args:
            world: at the end of its last month; later months would not show in tables that are made by then.
            seconds: time spent, by phase.
        """
        recorder = world.recorder
        tables: dict[str, Maker] = {
            name: lambda name=name: recorder.frame(name)  # type: ignore[misc]
            for name in RECORDED
        }
        tables |= {
            "events": world.events.frame,
            "decisions": world.seam.log.frame,
            "memberships": world.ledger.frame,
            "trust": recorder.trust_frame,
        }
        place = world.locality.provenance
        return cls(tables, make_manifest(world.scenario, world.seed, place=place, seconds=seconds), world.scenario)

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables by its name.

        Raises:
            InputError: there is no such table, or the run was kept before there was one.
        """
        return private_copy(self._whole(name))

    def has(self, name: str) -> bool:
        """Whether the run has a table: runs kept by earlier versions lack those of `LATER`."""
        return name in self._makers

    def where(self, name: str, *either: Mapping[str, Collection[Any]]) -> pd.DataFrame:
        """The rows of a table that are wanted; of a saved run no others are held in memory.

        Args:
            name: of the table.
            either: a row is wanted by any of these that allows its value in every column that it names; none of them
                may allow nothing.
        """
        maker = self._makers.get(name)
        if name not in self._made and isinstance(maker, Kept):
            return maker.where(either)
        table = self._whole(name)
        wanted = np.zeros(len(table), bool)
        for allowed in either:
            wanted |= np.logical_and.reduce([table[column].isin(list(allowed[column])) for column in allowed])
        return table[wanted].reset_index(drop=True)

    def _whole(self, name: str) -> pd.DataFrame:
        if name not in self._makers:
            if name in LATER:
                raise InputError(
                    f"the run '{self.name}' was kept without its table of {name}; run its scenario again to have it"
                )
            known = ", ".join(TABLES)
            raise InputError(f"the table '{name}' is unknown; allowed are {known}{did_you_mean(name, TABLES)}")
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    @property
    def model(self) -> pd.DataFrame:
        """One row a month, from month -11; `warm_up` marks the months before month 1."""
        return self.table("model")

    @property
    def practices(self) -> pd.DataFrame:
        """One row a practice and month, from month 0."""
        return self.table("practices")

    @property
    def organisations(self) -> pd.DataFrame:
        """One row a living organisation and month, from month 0."""
        return self.table("organisations")

    @property
    def commissioners(self) -> pd.DataFrame:
        """One row a commissioner and month, from month 0: what it paid, and for whom."""
        return self.table("commissioners")

    @property
    def gps(self) -> pd.DataFrame:
        """One row a working GP and month, every `gps_every` months from month 0."""
        return self.table("gps")

    @property
    def events(self) -> pd.DataFrame:
        """What happened: month, kind, who, about, value, detail."""
        return self.table("events")

    @property
    def decisions(self) -> pd.DataFrame:
        """Who decided what, with probability, draw and terms."""
        return self.table("decisions")

    @property
    def memberships(self) -> pd.DataFrame:
        """The ledger: relation, who, where, what, since, until, why, why_ended."""
        return self.table("memberships")

    @property
    def trust(self) -> pd.DataFrame:
        """Trust between practices as changes: month, source, target, trust."""
        return self.table("trust")

    @property
    def manifest(self) -> dict[str, Any]:
        """Origin of the run: scenario, seed, SHA-256 of code and data, versions, seconds by phase."""
        return dict(json.loads(self._manifest))

    @property
    def seed(self) -> int:
        """The seed."""
        return int(self.manifest["seed"])

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["name"])

    @property
    def scenario(self) -> Scenario:
        """What was run.

        Raises:
            InputError: the files of its place have changed since.
        """
        if self._scenario is None:
            from abm.scenario.scenario import Scenario

            self._scenario = Scenario.from_resolved(self.manifest["scenario"])
        return self._scenario

    @property
    def calendar(self) -> Calendar:
        """The calendar of its months."""
        from datetime import date

        return Calendar(date.fromisoformat(self.manifest["scenario"]["start"]))

    def dated(self, month: int) -> str:
        """A month as people write it, for example 'June 2015'."""
        return self.calendar.label(month)

    @property
    def last_month(self) -> int:
        """The last month there is."""
        return int(self.table("model")["month"].max())

    def report_months(self) -> list[int]:
        """Month 0, every twelfth month, and the last."""
        return sorted({*range(0, self.last_month + 1, REPORT_EVERY), self.last_month})

    def at(self, table: str, month: int) -> pd.DataFrame:
        """The rows of one month of a table.

        Raises:
            InputError: the table has no such month.
        """
        frame = self.table(table)
        rows = frame[frame["month"] == month]
        if not len(rows) and month not in set(self.table("model")["month"]):
            raise InputError(f"the run '{self.name}' has no month {month}; allowed are 0 to {self.last_month}")
        return rows.reset_index(drop=True)

    def network(self, month: int) -> nx.Graph:
        """Practices in one organisation with each other, with trust; see `abm.record.networks.membership_graph`."""
        from abm.record.networks import membership_graph, trust_at

        return membership_graph(self._practices_at(month), trust_at(self.table("trust"), month))

    def network_measures(self, months: Iterable[int] | None = None) -> pd.DataFrame:
        """Shape of the trust network, one row a month; left out, months 0, 12, 24 and so on.

        See `abm.record.networks.measures` for the columns.
        """
        import pandas as pd

        from abm.record.networks import measures, trust_at

        trust = self.table("trust")
        rows = [
            {"month": month} | measures(self._practices_at(month), trust_at(trust, month))
            for month in (self.report_months() if months is None else months)
        ]
        return pd.DataFrame(rows)

    def _practices_at(self, month: int) -> pd.DataFrame:
        if not 0 <= month <= self.last_month:
            raise InputError(f"month {month} has no network; allowed are 0 to {self.last_month}")
        return self.at("practices", month)

    def explain(self, who: str, month: int | None = None) -> str:
        """Why somebody did what they did, in plain text.

        Args:
            who: name of a GP, a practice, an organisation or a commissioner; of a practice also its title.
            month: one month only.
        """
        from abm.record.explanations import explain

        return explain(self, who, month)

    def summary(self, months: Iterable[int] | None = None) -> pd.DataFrame:
        """The main series at months 0, 12, 24 and so on: one row a series, one column a month."""
        months = self.report_months() if months is None else list(months)
        model = self.table("model").set_index("month")
        return model.loc[list(months), list(SUMMARY)].T

    def content_hash(self) -> str:
        """SHA-256 of all tables: the same scenario, seed and code give the same."""
        total = sha256()
        for name in filter(self.has, TABLES):
            total.update(f"table {name}\n".encode())
            maker = self._makers[name]
            by_column = name not in self._made and isinstance(maker, Kept)
            rows, columns = maker.columns() if by_column else columns_of(self._whole(name))  # type: ignore[attr-defined]
            total.update(f"{rows}\n".encode())
            for label, column in columns:
                add_column(total, label, column)
        return total.hexdigest()

    def save(self, folder: str | Path) -> Path:
        """Write the run: a Parquet file for each table, `manifest.json` and `scenario.toml`.

        The folder appears at once or not at all; the folder of an earlier run is replaced.

        Raises:
            InputError: there is something else of that name.
        """
        folder = Path(folder)
        check_target(folder)
        partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            for name in filter(self.has, TABLES):
                self._whole(name).to_parquet(partial / f"{name}.parquet", index=False, compression="zstd")
            self.scenario.to_toml(partial / SCENARIO)
            (partial / MANIFEST).write_text(json.dumps(self.manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
            put_in_place(partial, folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> Run:
        """A run that was saved; tables are read when first asked for.

        Raises:
            InputError: there is no run in the folder, or a file of it is missing or damaged; a table that looks whole
                and is not is found out when it is first read.
        """
        folder = Path(folder).resolve()
        if not (folder / MANIFEST).is_file():
            raise InputError(f"the folder '{folder}' holds no run: it has no {MANIFEST}")
        kept = [Kept(folder / f"{name}.parquet") for name in TABLES]
        missing = [one.file.name for one in kept if not one.file.is_file()]
        if needed := [name for name in missing if name.removesuffix(".parquet") not in LATER]:
            raise InputError(f"the run in '{folder}' is incomplete: {', '.join(needed)} missing")
        tables: dict[str, Maker] = {one.file.stem: one for one in kept if one.file.name not in missing}
        for one in kept:
            if one.file.name not in missing:
                check_parquet(one.file)
        return cls(tables, _read_manifest(folder / MANIFEST))

    def __repr__(self) -> str:
        """Name, seed and months."""
        return f"Run('{self.name}', seed={self.seed}, months 0 to {self.last_month})"


def _read_manifest(file: Path) -> dict[str, Any]:
    """The manifest of a saved run, with all that a run needs of it."""
    try:
        manifest = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise damaged(file, f"it cannot be read as JSON ({problem})") from None
    missing = [key for key in NEEDED if not isinstance(manifest, dict) or key not in manifest]
    if missing:
        raise damaged(file, f"it has no {', '.join(missing)}")
    return dict(manifest)


def check_target(folder: Path) -> None:
    """Refuse a folder that holds something else than a run, before work is lost.

    Raises:
        InputError: the folder is a file, or holds other things.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MANIFEST).is_file())):
        raise InputError(f"the folder '{folder}' exists and holds no run; give another name")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"the folder '{folder.parent}' cannot be written: {problem.strerror}") from None
