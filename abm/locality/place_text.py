"""A built place in words: the README of its folder."""

from __future__ import annotations

from datetime import date

import numpy as np

from abm.calendar import Calendar
from abm.locality import guesses
from abm.locality.place_table import PEOPLE, STAFF, BuiltPlace, PlaceTable

LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0: statistics and reference data "
    "of NHS England (NHS Digital). Coordinates from Code-Point Open contain OS data © Crown copyright and database "
    "right, and Royal Mail data © Royal Mail copyright and database right."
)


def readme(place: BuiltPlace, version: str) -> str:
    """The page, in Markdown.

    Args:
        place: the place.
        version: of gpfed.
    """
    table, told = place.table, place.provenance
    lines = [
        f"# {told['title']}",
        "",
        f"A place for gpfed: {told['selection']['words']}, built by gpfed {version} from the published files below.",
        "",
        "```",
        str(told["command"]),
        "gpfed run FOLDER",
        "```",
        "",
        *_numbers(table),
        "",
        f"Lists are those of {told['list']}. {_start(told['start'])}",
        "",
        "## Guessed",
        "",
        *_guessed(table),
        "",
        "Each guess is marked beside its number: in the column `guessed` of `practices.csv` and in `basis` of",
        "`people.csv`. A better number goes there with its own basis, in a few words.",
        "",
        "## Left out",
        "",
        *([f"- {code}: {reason}" for code, reason in told["dropped"].items()] or ["Nothing."]),
    ]
    if lost := told.get("left_out_without_coordinates"):
        lines += ["", f"Without coordinates: {lost} of the practices of the file; whether they are near is not known."]
    lines += ["", "## Sources", "", "| What | File | Year | Rows | SHA-256 |", "|---|---|---|---:|---|"]
    for source in told["sources"]:
        year = source.get("year", "not stated")
        lines.append(
            f"| {source['kind']} | {source['file']} | {year} | {source['rows']:,} | `{source['sha256'][:16]}...` |"
        )
    return "\n".join([*lines, "", LICENCE, ""])


def _start(start: str | None) -> str:
    if start is None:
        return "The payments state no year, so a run begins in April 2014 unless a scenario says otherwise."
    return f"A run begins in {Calendar(date.fromisoformat(start)).label(1)} unless a scenario says otherwise."


def _numbers(table: PlaceTable) -> list[str]:
    """Practices, patients and staff, in all and by commissioner where there are few."""
    areas = sorted(set(table.text["commissioner_code"].tolist()))
    rows = ["| | Practices | Patients | GP FTE for 1,000 | Deprivation |", "|---|---:|---:|---:|---:|"]
    names = dict(zip(table.text["commissioner_code"].tolist(), table.text["commissioner_name"].tolist(), strict=True))
    if 1 < len(areas) <= 12:
        for area in areas:
            label = f"{area} {names[area]}".strip()
            rows.append(_row(table.only(table.text["commissioner_code"] == area), label))
    label = f"{areas[0]} {names[areas[0]]}".strip() if len(areas) == 1 else f"{len(areas)} commissioners"
    rows.append(_row(table, label))
    return rows


def _row(table: PlaceTable, label: str) -> str:
    size = table.numbers["list_size"]
    gps = table.people[:, [PEOPLE.index(STAFF[0]), PEOPLE.index(STAFF[1])]].sum()
    level = float(np.average(table.numbers["deprivation"], weights=size))
    return f"| {label} | {len(table):,} | {size.sum():,.0f} | {1000 * gps / size.sum():.2f} | {level:.2f} |"


def _guessed(table: PlaceTable) -> list[str]:
    counts = table.guesses()
    if not counts:
        return ["Nothing: the files tell everything."]
    return [
        f"- {name}: {number:,} of {len(table):,} practices; {guesses.IN_WORDS[name]}" for name, number in counts.items()
    ]
