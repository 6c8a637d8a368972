"""`gpfed phases`: what happens in a month, in order."""

from __future__ import annotations

import typer


def list_phases() -> None:
    """Print the phases of a month: section of the model description, when each runs, what it reads and writes."""
    from abm.model import PHASES

    for number, phase in enumerate(PHASES, 1):
        runs = ("every twelfth month" if phase.yearly else "every month") + ("" if phase.warm_up else " from month 1")
        typer.echo(f"{number:2}  {phase.name} (section {phase.section}; {runs})")
        typer.echo(f"      reads   {phase.reads}")
        typer.echo(f"      writes  {phase.writes}")
