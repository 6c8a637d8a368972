"""The registry as text: the page docs/parameters.md and JSON, for people and programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby

from abm.scenario.levers import Levers
from abm.scenario.messages import shown
from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.registry import GRADES, Entry, entries
from abm.scenario.shocks import SHOCKS


def all_entries() -> list[Entry]:
    """Every parameter of the model, then the strengths of shocks, then the levers of policies."""
    found = list(entries(ModelParameters))
    for kind, shock in SHOCKS.items():
        found += entries(shock, f"shock.{kind}.")
    return found + list(entries(Levers, "policy."))


def select(grade: str = "", search: str = "") -> list[Entry]:
    """The entries of one grade, or with a word in path, meaning, symbol or source; left out, all."""
    word = search.casefold()
    return [
        entry
        for entry in all_entries()
        if grade in ("", entry.grade)
        and word in f"{entry.path} {entry.meaning} {entry.symbol} {entry.source}".casefold()
    ]


def default_text(entry: Entry) -> str:
    """The default as written in a file."""
    return shown(entry.default).strip('"')


def range_text(entry: Entry) -> str:
    """What the value may be, without the unit, which has its own column."""
    unit = "" if entry.unit == "1" else entry.unit
    text = ", ".join(entry.choices) or entry.allowed.removeprefix("the ranges ").removesuffix(unit).strip()
    if tuple(entry.likely) != (entry.low, entry.high):
        text += f" (likely {shown(entry.likely[0])} to {shown(entry.likely[1])})"
    return text


def parameters_json(found: Iterable[Entry]) -> str:
    """The entries as a JSON array of objects."""
    return json.dumps([asdict(entry) for entry in found], indent=2, ensure_ascii=False)


def parameters_markdown(found: Iterable[Entry]) -> str:
    """The page docs/parameters.md: one table for each mechanism."""
    grades = "; ".join(f"**{grade}** {meaning}" for grade, meaning in GRADES.items())
    lines = [
        "# Parameters",
        "",
        "Every number of the model, made from the registry by `gpfed parameters --markdown`; do not edit by hand.",
        "",
        f"Evidence grades: {grades}.",
        "",
        "Constants are not varied; uncertainties are varied in sensitivity analysis; levers are set by policies.",
    ]
    for section, group in groupby(found, key=lambda entry: entry.path.rsplit(".", 1)[0]):
        lines += [
            "",
            f"## {section}",
            "",
            "| Name | Meaning | Value | Unit | Range | Kind | Grade | Source |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [_row(entry) for entry in group]
    return "\n".join(lines) + "\n"


def group_tables() -> dict[str, str]:
    """A short table of each group of parameters, by the group's name, for the description of the model."""
    heading = markdown_row(("Name", "Value", "Unit", "Range", "Grade")) + "\n|---|---|---|---|---|"
    return {
        section: "\n".join([heading, *(_short_row(entry) for entry in group)])
        for section, group in groupby(all_entries(), key=lambda entry: entry.path.rsplit(".", 1)[0])
    }


def markdown_row(cells: Iterable[str]) -> str:
    """One row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _name(entry: Entry) -> str:
    return f"`{entry.path.rsplit('.', 1)[1]}`" + (f" ({entry.symbol})" if entry.symbol else "")


def _short_row(entry: Entry) -> str:
    return markdown_row((_name(entry), default_text(entry), entry.unit, range_text(entry), entry.grade))


def _row(entry: Entry) -> str:
    kind = f"{entry.kind}, {entry.changes}" if entry.kind == "lever" else entry.kind
    start = (_name(entry), entry.meaning, default_text(entry), entry.unit, range_text(entry))
    return markdown_row((*start, kind, entry.grade, entry.source))
