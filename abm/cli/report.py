"""`gpfed report`: one HTML page on a run that was kept, for readers who have never seen the model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

REPORT = "report.html"


def report_run(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    out: Annotated[Path | None, typer.Option(help=f"The file; left out, {REPORT} in the folder of the run.")] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(help="The folder of a run of the same scenario with another seed; may be repeated."),
    ] = None,
    more: Annotated[
        list[Path] | None, typer.Argument(help="More runs, after --beside RUN.", metavar="[RUN]...")
    ] = None,
    pictures: Annotated[Path | None, typer.Option(help="A folder in which every chart is kept as SVG and PNG.")] = None,
) -> None:
    """Write the report of a run: one page that needs no network, with charts, maps, story, limits and origin."""
    from abm.errors import InputError
    from abm.record.results import Run
    from abm.report.page import write_report
    from abm.report.picture import draw_all
    from abm.report.values import Values

    if more and not beside:
        raise InputError(f"'{more[0]}' is one run too many; allowed are further runs after --beside")
    others = [Run.load(folder) for folder in (*(beside or ()), *(more or ()))]
    result = Run.load(run)
    path = write_report(result, out or run / REPORT, others)
    typer.echo(f"The report is {path}")
    if pictures is not None:
        files = draw_all(Values(result, others), pictures)
        typer.echo(f"{len(files)} pictures are in {pictures}")
