"""`gpfed waits`: fit the appointments of a real place to its published ones, and predict the last year."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abm.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from experiments.waits.eras import Era

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """Keep the command's name although it is the only one."""


@app.command("waits")
def fit_waits(
    published: Annotated[Path, typer.Option(help="Published appointments: a CSV by month, status, time from booking.")],
    era: Annotated[
        list[str], typer.Option(help="PLACE:FIRST:LAST, for example wakefield/:2017-11:2020-02; once for each era.")
    ],
    predict: Annotated[int, typer.Option(help="The last months, held out of the fit.", min=0)] = 12,
    workers: Annotated[int, typer.Option(help="Processes that play side by side.", min=1)] = 2,
    out: Annotated[Path, typer.Option(help="Folder for tables and the figure.")] = Path("results/waits"),
) -> None:
    """Fit demand and booking to published appointments; months outside the eras are left out.

    Writes numbers.csv (priors and fitted values), months.csv, bands.csv, figure.svg, figure.png and, for further runs,
    parameters.toml.
    """
    from experiments.waits.eras import check_eras
    from experiments.waits.figure import draw_fit
    from experiments.waits.fit import fit
    from experiments.waits.published import read_published
    from experiments.waits.tables import bands_table, hold_out, months_table, numbers_table

    figures = read_published(published)
    eras = [_era(text) for text in era]
    check_eras(eras, figures)
    kept = hold_out(eras, predict)
    if not kept:
        raise InputError(
            f"--predict {predict} leaves nothing to fit; the eras have {sum(e.months for e in eras)} months"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"--out {out} cannot be made: {problem.strerror}") from None
    result = fit(kept, figures, workers=workers, report=_told)
    numbers, months = numbers_table(result), months_table(result, eras, figures, predict)
    bands = bands_table(months)
    for name, table in (("numbers", numbers), ("months", months), ("bands", bands)):
        table.to_csv(out / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    (out / "parameters.toml").write_text(_parameters(result.coordinates.values(result.z, len(kept) - 1)), "utf-8")
    names = ", then ".join(f"{Path(e.place).stem} from {e.first:%B %Y}" for e in eras)
    draw_fit(months, [out / "figure.svg", out / "figure.png"], f"Published and modelled appointments: {names}")
    _print(numbers, bands, result.misfit, result.evaluations)
    typer.echo(f"Written to {out}: numbers.csv, months.csv, bands.csv, parameters.toml, figure.svg, figure.png")


def _era(text: str) -> Era:
    from experiments.waits.eras import Era
    from experiments.waits.published import month_of

    place, *months = text.rsplit(":", 2)
    dates = [month_of(month) for month in months]
    if len(dates) != 2 or None in dates:
        raise InputError(f"--era '{text}' is no era; allowed is PLACE:FIRST:LAST, for example 03R.csv:2017-11:2020-02")
    first, last = dates
    assert first and last
    return Era(place, first, last)


def _told(step: int, misfit: float) -> None:
    print(f"step {step}: misfit {misfit:.1f}", file=sys.stderr, flush=True)


def _parameters(values: dict[str, float]) -> str:
    """The registry's parameters among the fitted values of the last era, as a table of a scenario file."""
    from abm.scenario.parameters import ModelParameters
    from experiments.waits.priors import overrides

    groups: dict[str, list[str]] = {}
    for path, value in sorted(overrides(values, ModelParameters()).items()):
        group, name = path.split(".")
        shown = [round(v, 4) for v in value] if isinstance(value, tuple) else round(value, 4)
        if isinstance(shown, list):
            shown[-1] = round(1.0 - sum(shown[:-1]), 4)
        groups.setdefault(group, []).append(f"{name} = {shown}")
    head = (
        f"# Fitted; the factor on staff ({values['staff']:.3f}) is no parameter and has to be put into the place.\n\n"
    )
    return head + "\n".join("\n".join([f"[parameters.{group}]", *lines, ""]) for group, lines in groups.items())


def _print(numbers: pd.DataFrame, bands: pd.DataFrame, misfit: tuple[float, ...], evaluations: int) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    table = Table("number", "era", "prior", "fitted", box=SIMPLE_HEAD, title="Numbers, mean ± standard deviation")
    for row in numbers.to_dict("records"):
        fitted = f"{row['fitted']:.3f}" + (" at its bound" if row["at_bound"] else f" ± {row['fitted_sd']:.3f}")
        prior = f"{row['prior_mean']:.3f} ± {row['prior_sd']:.3f}"
        table.add_row(row["number"].replace("[", "\\["), str(row["era"] or "all"), prior, fitted)
    console.print(table)
    table = Table("era", "part", "quantity", "months", "published", "model", "typical error", "error of last year's",
                  box=SIMPLE_HEAD, title="Shares in %, total in appointments a month")  # fmt: skip
    for row in bands.to_dict("records"):
        scale, digits = (1.0, 0) if row["quantity"] == "total" else (100.0, 1)
        figures = (row[name] for name in ("published", "modelled", "typical_error", "error_of_last_year"))
        shown = [f"{scale * value:,.{digits}f}" if value == value else "–" for value in figures]  # noqa: PLR0124
        table.add_row(str(row["era"]), row["part"], row["quantity"], str(row["months"]), *shown)
    console.print(table)
    console.print(f"Misfit {misfit[0]:.0f} at the priors' means, {misfit[-1]:.0f} after; {evaluations} evaluations.")
