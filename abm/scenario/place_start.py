"""Where places are, and when a built one begins, as its folder says: all that a scenario reads of a place."""

from __future__ import annotations

import json
from pathlib import Path

PROVENANCE, PRACTICES = "provenance.json", "practices.csv"


def place_path(place: str, folder: Path | None) -> Path:
    """Where the files of a place are: a relative path starts from the folder of the scenario file."""
    return (folder or Path()) / Path(place).expanduser()


def places_beside(path: Path) -> list[str]:
    """Places and scenario files in the folder where a path points, written as the path is; for a slip of the pen."""
    try:
        found = sorted(path.parent.iterdir())
    except OSError:
        return []
    return [
        str(path.parent / item.name)
        for item in found
        if item.suffix.lower() in (".csv", ".toml") or (item / PROVENANCE).is_file() or (item / PRACTICES).is_file()
    ]


def start_of_place(place: Path) -> dict[str, str]:
    """First day of month 1 for a place, as the setting `start`; empty where the place does not say.

    A built place says in its record April of the financial year of its payments. A record that cannot be read is
    refused when the place itself is read.
    """
    try:
        record = json.loads((place / PROVENANCE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    start = record.get("start") if isinstance(record, dict) else None
    return {"start": start} if isinstance(start, str) else {}
