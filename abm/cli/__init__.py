"""The simulation's commands; each has a file of its own and imports what it needs when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from abm.cli import parameters, policies, schema
from abm.cli.errors import ClearErrors

app = typer.Typer(
    name="gpfed",
    help="A simulation laboratory for the future of English general practice.",
    cls=ClearErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _options(debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of bad input.")] = False) -> None:
    """A simulation laboratory for the future of English general practice."""


app.command("parameters")(parameters.list_parameters)
app.command("policies")(policies.list_policies)
app.command("schema")(schema.print_schema)
