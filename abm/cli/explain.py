"""`gpfed explain`: why somebody did what they did in a run that was kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def explain_run(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    who: Annotated[
        str | None,
        typer.Argument(
            help="A practice (name or title), an organisation (or its letter on the maps), a GP, a commissioner."
        ),
    ] = None,
    month: Annotated[int | None, typer.Option(help="One month, every decision; left out, the history.")] = None,
) -> None:
    """Explain the decisions of a practice, an organisation, a GP or a commissioner, with the reasons that weighed."""
    from abm.record.explanations import whom
    from abm.record.results import Run
    from abm.report.maps import looks

    kept = Run.load(run)
    if who is not None:
        who = {look.letter: name for name, look in looks(kept).items() if look.letter}.get(who, who)
    typer.echo(whom(kept, str(run)) if who is None else kept.explain(who, month), nl=False)
