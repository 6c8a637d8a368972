"""What can be taken home from a run: its scenario, its tables, its report; made in memory."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abm.cli.run import default_name
from abm.errors import InputError
from abm.record.results import TABLES
from viz.settings import to_document

if TYPE_CHECKING:
    import pandas as pd

    from abm.record.results import Run


@dataclass(frozen=True)
class File:
    """A file on its way to a browser."""

    name: str
    kind: str
    content: bytes


def scenario_file(run: Run) -> File:
    """The scenario with all dated changes, to open here or with `gpfed run`."""
    return File(f"{_name(run)}.toml", "application/toml", to_document(run.scenario).encode())


def csv_tables(run: Run) -> File:
    """All tables as CSV with the manifest, in one zip."""
    return _zip(run, "csv", lambda table: table.to_csv(index=False).encode())


def parquet_tables(run: Run) -> File:
    """All tables as Parquet with the manifest, in one zip."""

    def parquet(table: pd.DataFrame) -> bytes:
        written = io.BytesIO()
        table.to_parquet(written, index=False, compression="zstd")
        return written.getvalue()

    return _zip(run, "parquet", parquet)


def report(run: Run) -> File:
    """The report as one HTML page that needs nothing else."""
    from abm.report.page import write_report

    with tempfile.TemporaryDirectory(prefix="gpfed-") as folder:
        content = write_report(run, Path(folder) / "report.html").read_bytes()
    return File(f"{_name(run)}.html", "text/html", content)


FILES: dict[str, Callable[[Any], File]] = {
    "scenario": scenario_file,
    "csv": csv_tables,
    "parquet": parquet_tables,
    "report": report,
}


def make(what: str, run: Run) -> File:
    """One of `FILES` by its name.

    Raises:
        InputError: there is no such file.
    """
    if what not in FILES:
        raise InputError(f"there is no file '{what}'; allowed are {', '.join(FILES)}")
    return FILES[what](run)


def _name(run: Run) -> str:
    return default_name(run.scenario, run.seed, changed=bool(run.scenario.changes))


def _zip(run: Run, ending: str, write: Callable[[Any], bytes]) -> File:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name in filter(run.has, TABLES):
            archive.writestr(f"{name}.{ending}", write(run.table(name)))
        archive.writestr("manifest.json", json.dumps(run.manifest, indent=1, ensure_ascii=False))
        archive.writestr("scenario.toml", to_document(run.scenario))
    return File(f"{_name(run)}-{ending}.zip", "application/zip", packed.getvalue())
