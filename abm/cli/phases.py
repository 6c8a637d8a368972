"""`gpfed phases`: what happens in a month, in order."""

from __future__ import annotations


def list_phases() -> None:
    """Print the phases of a month: section of the model description, what each reads and writes, when it runs."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from abm.model import PHASES

    table = Table("", "phase", "section", "reads", "writes", "runs")
    for number, phase in enumerate(PHASES, 1):
        runs = ("every twelfth month" if phase.yearly else "every month") + ("" if phase.warm_up else " from month 1")
        table.add_row(
            str(number), escape(phase.name), phase.section, escape(phase.reads), escape(phase.writes), runs
        )
    Console().print(table)
