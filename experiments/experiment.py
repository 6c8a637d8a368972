"""What an experiment found: tidy tables of all runs, the runs themselves, and those that failed."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abm.errors import InputError
from abm.record.manifest import code_sha256, library_versions
from experiments.design import Design

if TYPE_CHECKING:
    import pandas as pd

    from experiments.engines import Outcome

FORMAT = 1  # of the folder; raised when its layout changes
MANIFEST = "manifest.json"
RUN_COLUMNS = ("id", "scenario", "seed", "seconds", "status")
FAILURE_COLUMNS = ("id", "scenario", "seed", "error", "traceback")


@dataclass(frozen=True)
class Experiment:
    """Many runs side by side.

    Attributes:
        tables: by name, the rows of all runs that are done, in the order of the design, with columns `scenario` and
            `seed` first.
        runs: one row a run of the design: id, scenario, seed, seconds, status ("done", "failed" or "not run").
        failures: one row a failed run: id, scenario, seed, error (one line), traceback (text).
        manifest: scenarios (resolved, with digest), seeds, code, versions and circumstances, as plain data.
    """

    tables: Mapping[str, pd.DataFrame]
    runs: pd.DataFrame
    failures: pd.DataFrame
    manifest: Mapping[str, Any]

    @classmethod
    def collect(
        cls,
        design: Design,
        outcomes: Iterable[Outcome],
        tables: tuple[str, ...],
        *,
        seconds: float,
        workers: int,
        interrupted: bool,
    ) -> Experiment:
        """Put outcomes together; the order in which they came leaves no trace."""
        import pandas as pd

        by_run = {(outcome.planned.scenario, outcome.planned.seed): outcome for outcome in outcomes}
        runs, failures = [], []
        pieces: dict[str, list[pd.DataFrame]] = {table: [] for table in tables}
        for planned in design.runs:
            outcome = by_run.get((planned.scenario, planned.seed))
            status = "not run" if outcome is None else "failed" if outcome.failed else "done"
            taken = float("nan") if outcome is None else outcome.seconds
            runs.append((planned.id, planned.scenario, planned.seed, taken, status))
            if outcome is not None and outcome.failed:
                failures.append((planned.id, planned.scenario, planned.seed, outcome.error, outcome.traceback))
        for name in design.scenarios:
            for seed in design.seeds:
                outcome = by_run.get((name, seed))
                for table, frame in (outcome.tables if outcome else {}).items():
                    piece = frame.drop(columns=["scenario", "seed"], errors="ignore").reset_index(drop=True)
                    piece.insert(0, "scenario", name)
                    piece.insert(1, "seed", seed)
                    pieces[table].append(piece)
        empty = pd.DataFrame(columns=["scenario", "seed", "month"])
        return cls(
            {table: pd.concat(found, ignore_index=True) if found else empty for table, found in pieces.items()},
            pd.DataFrame(runs, columns=list(RUN_COLUMNS)),
            pd.DataFrame(failures, columns=list(FAILURE_COLUMNS)),
            _manifest(design, tables, seconds=seconds, workers=workers, interrupted=interrupted),
        )

    @property
    def model(self) -> pd.DataFrame:
        """One row a scenario, seed and month, with every series of the model."""
        return self.tables["model"]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names of the scenarios, in the order of the design."""
        return tuple(self.manifest["scenarios"])

    @property
    def interrupted(self) -> bool:
        """Whether the experiment was stopped before all runs were finished."""
        return bool(self.manifest["interrupted"])

    def save(self, folder: str | Path) -> Path:
        """Write the tables as Parquet, then the manifest as JSON; files of an earlier save are replaced."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in {**self.tables, "runs": self.runs, "failures": self.failures}.items():
            _replace(folder / f"{name}.parquet", partial(frame.to_parquet, index=False))
        text = json.dumps(self.manifest, indent=2, ensure_ascii=False) + "\n"
        _replace(folder / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> Experiment:
        """Read what `save` has written.

        Raises:
            InputError: the folder is no saved experiment, or is of another format.
        """
        import pandas as pd

        folder = Path(folder)
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError):
            raise InputError(f"{folder}: not a saved experiment; it has no readable {MANIFEST}") from None
        if manifest.get("format") != FORMAT:
            raise InputError(f"{folder / MANIFEST}: format = {manifest.get('format')} is unknown; allowed is {FORMAT}")
        names = [*manifest["tables"], "runs", "failures"]
        try:
            frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
        except FileNotFoundError as problem:
            missing = Path(problem.filename).name
            raise InputError(f"{folder}: the experiment is not complete; {missing} is missing") from None
        runs, failures = frames.pop("runs"), frames.pop("failures")
        return cls(frames, runs, failures, manifest)


def _manifest(
    design: Design, tables: tuple[str, ...], *, seconds: float, workers: int, interrupted: bool
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "tables": list(tables),
        "scenarios": {
            name: {"digest": scenario.digest(), "resolved": scenario.resolved()}
            for name, scenario in design.scenarios.items()
        },
        "seeds": list(design.seeds),
        "code_sha256": code_sha256(),
        "interrupted": interrupted,
        "workers": workers,
        "seconds": round(seconds, 3),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "libraries": library_versions(),
        "platform": platform.platform(),
    }


def _replace(path: Path, write: Callable[[Path], Any]) -> None:
    """Write beside the file, then put it in its place: a reader sees the old file or the new one, never half."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    write(unfinished)
    os.replace(unfinished, path)
