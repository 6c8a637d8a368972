"""`gpfed parameters`: every number of the model with unit, range, grade and source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def list_parameters(
    grade: Annotated[str, typer.Option(help="Only this evidence grade: E, D, S, P or A.")] = "",
    search: Annotated[str, typer.Option(help="Only parameters with this word in name, meaning or source.")] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/parameters.md.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    odd: Annotated[Path | None, typer.Option(help="Make the tables of this page anew: docs/ODD.md.")] = None,
) -> None:
    """List the parameters of the model and the levers of policies."""
    from abm.errors import InputError
    from abm.scenario.parameters.registry import GRADES
    from abm.scenario.registry_text import parameters_json, parameters_markdown, select

    if grade and grade.upper() not in GRADES:
        raise InputError(f"--grade = {grade} is unknown; allowed are {', '.join(GRADES)}")
    if markdown and as_json:
        raise InputError("--markdown and --json exclude each other; allowed is one of them")
    if odd is not None:
        if grade or search or markdown or as_json:
            raise InputError("--odd makes whole tables and goes with no other option")
        _fill(odd)
        return
    found = select(grade.upper(), search)
    if markdown:
        typer.echo(parameters_markdown(found), nl=False)
    elif as_json:
        typer.echo(parameters_json(found))
    elif not found:
        typer.echo("No parameter matches.")
    else:
        _print_table(found)


def _fill(path: Path) -> None:
    from abm.cli.odd import filled
    from abm.errors import InputError

    if not path.is_file():
        raise InputError(f"--odd {path} is no file; allowed is the page whose tables are made anew, docs/ODD.md")
    path.write_text(filled(path.read_text(encoding="utf-8"), str(path)), encoding="utf-8")


def _print_table(found: list[Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from abm.scenario.registry_text import default_text, range_text

    table = Table(caption=f"{len(found)} parameters")
    for heading in ("parameter", "value", "unit", "range", "grade", "source"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("unit", "grade"))
    for entry in found:
        cells = (entry.path, default_text(entry), entry.unit, range_text(entry), entry.grade, entry.source)
        table.add_row(*map(escape, cells))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)
