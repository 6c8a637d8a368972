"""Where a run comes from: everything that is needed to make it again, and what it took."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm.scenario.scenario import Scenario

FORMAT = 1
PACKAGE = Path(__file__).parent.parent
LIBRARIES = ("mesa", "simpy", "numpy", "numba", "pandas", "pydantic", "scipy", "networkx", "pyarrow")


@cache
def code_sha256() -> str:
    """SHA-256 over names and contents of the model's sources and its documents (*.py, *.toml), in order of name."""
    total = sha256()
    files = (file for file in PACKAGE.rglob("*") if file.suffix in {".py", ".toml"} and file.is_file())
    for file in sorted(files, key=lambda file: file.relative_to(PACKAGE).as_posix()):
        total.update(f"{file.relative_to(PACKAGE).as_posix()}\n{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def library_versions() -> dict[str, str]:
    """Versions of the libraries that a result may depend on; "" where one is not installed."""
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def manifest(
    scenario: Scenario,
    seed: int,
    *,
    place: Mapping[str, Any] | None = None,
    seconds: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """The manifest of a run, plain data for JSON.

    Args:
        scenario: what was run.
        seed: with which luck.
        place: provenance of the locality: its sources with their SHA-256.
        seconds: time spent, by phase.
    """
    return {
        "format": FORMAT,
        "name": scenario.name,
        "scenario": scenario.resolved(),
        "scenario_sha256": scenario.digest(),
        "seed": seed,
        "code_sha256": code_sha256(),
        "version": _version("gpfed"),
        "place": _plain(place or {}),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "libraries": library_versions(),
        "seconds": {phase: round(float(time), 6) for phase, time in (seconds or {}).items()},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _plain(value: Any) -> Any:
    """Mappings, tuples and NumPy scalars as JSON knows them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value
