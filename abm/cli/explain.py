"""`gpfed explain`: why somebody did what they did in a run that was kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def explain_run(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    who: Annotated[str, typer.Argument(help="A practice (name or title), an organisation or a GP.")],
    month: Annotated[int | None, typer.Option(help="One month, every decision; left out, the history.")] = None,
) -> None:
    """Explain the decisions of a practice, an organisation or a GP, with the terms that weighed."""
    from abm.record.results import Run

    typer.echo(Run.load(run).explain(who, month), nl=False)
