"""The tables of docs/ODD.md that the code itself gives: phases, state variables, parameters.

On the page each stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from abm import columns
from abm.errors import InputError, did_you_mean
from abm.model import PHASES
from abm.scenario.registry_text import group_tables, markdown_row
from abm.state import Column

MARKED = re.compile(r"(<!-- generated: (?P<name>.*?) -->\n).*?(<!-- end -->)", re.DOTALL)
STATE = {
    "GPs": columns.GP_COLUMNS,
    "practices": columns.PRACTICE_COLUMNS,
    "organisations": columns.ORGANISATION_COLUMNS,
    "commissioners": columns.COMMISSIONER_COLUMNS,
    "trust": columns.EDGE_COLUMNS,
}


def tables() -> dict[str, str]:
    """Every generated table, by the name that marks its place on the page."""
    found = {"phases": _phases()}
    found |= {f"state of {kind}": _folded(f"State of {kind}", _state(table)) for kind, table in STATE.items()}
    return found | {
        f"parameters {group}": _folded(f"Parameters: {group}", text) for group, text in group_tables().items()
    }


def filled(page: str, where: str) -> str:
    """The page with its tables made anew.

    Args:
        page: text of the page.
        where: the page's name, for the message.

    Raises:
        InputError: the page marks a place for a table that does not exist.
    """
    made = tables()

    def fill(mark: re.Match[str]) -> str:
        name = mark["name"]
        if name not in made:
            raise InputError(f"{where}: there is no generated table '{name}'{did_you_mean(name, made)}")
        return f"{mark[1]}{made[name]}\n{mark[3]}"

    return MARKED.sub(fill, page)


def _folded(title: str, table: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{table}\n\n</details>"


def _phases() -> str:
    rows = [("", "Phase", "Section", "When", "Code", "Reads", "Writes"), ("---",) * 7]
    for number, phase in enumerate(PHASES, 1):
        when = ("every twelfth month" if phase.yearly else "every month") + ("" if phase.warm_up else " from 1")
        code = phase.run.__module__.removeprefix("abm.").replace(".", "/") + ".py"
        rows.append((str(number), phase.name, phase.section, when, f"`{code}`", phase.reads, phase.writes))
    return "\n".join(markdown_row(row) for row in rows)


def _state(table: Mapping[str, Column]) -> str:
    rows = [("Name", "Unit", "Meaning"), ("---",) * 3]
    for name, column in table.items():
        many = f" [{column.width}]" if column.width else ""
        rows.append((f"`{name}`{many}", column.unit, column.meaning))
    return "\n".join(markdown_row(row) for row in rows)
