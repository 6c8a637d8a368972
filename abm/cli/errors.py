"""Bad input on the command line: one sentence and exit code 2; the traceback only with --debug."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from abm.errors import InputError

BAD_INPUT = 2


class ClearErrors(TyperGroup):
    """A group of commands that prints an `InputError` as its sentence."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an `InputError` ends the program with exit code 2."""
        try:
            return super().invoke(ctx)
        except InputError as problem:
            if ctx.find_root().params.get("debug"):
                raise
            typer.echo(f"gpfed: {problem}", err=True)
            raise typer.Exit(BAD_INPUT) from None
