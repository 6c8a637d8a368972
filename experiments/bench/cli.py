"""`gpfed bench`: what the engines cost on this machine, as ratios within one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from abm.errors import InputError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
bench = typer.Typer(no_args_is_help=True, help="Measure what the engines cost on this machine.")
app.add_typer(bench, name="bench")


@app.callback()
def _group() -> None:
    """Keep the command's name although it is the only one."""


@bench.callback()
def _benches() -> None:
    """Measure what the engines cost on this machine."""


@bench.command("appointments")
def appointments(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file too.")] = None,
    practices: Annotated[
        list[int] | None, typer.Option(help="Numbers of practices, 1 to 7909; may be repeated.")
    ] = None,
    repeats: Annotated[int, typer.Option(help="The least of so many repeats is taken.", min=1)] = 3,
    place: Annotated[str, typer.Option(help="Play this place whole as well, for --years; staff stand still.")] = "",
    years: Annotated[int, typer.Option(help="Years of that.", min=1, max=15)] = 5,
) -> None:
    """Nanoseconds of processor time a request: compiled engine, kernel, reference engine, Ciw's M/M/c, and the floor.

    The floor draws every attribute of a request and takes one slot from a bitmask; nothing can be faster.
    """
    from abm.scenario.scenario import Scenario
    from experiments.bench.appointments import SIZES, bench_appointments, play_years

    sizes = tuple(practices or SIZES)
    if bad := [size for size in sizes if not 1 <= size <= max(SIZES)]:
        raise InputError(f"--practices {bad[0]} is out of range; allowed are 1 to {max(SIZES)}")
    whole = {"whole_place": play_years(Scenario.load(place), years)} if place else {}  # first: its memory is the peak
    figures: dict[str, Any] = bench_appointments(sizes, repeats) | whole
    _print(figures)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=1) + "\n")


def _print(figures: dict[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    floor = figures["floor_ns_per_request"]
    table = Table("what", "ns a request", "over the floor", box=SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    rows = [("floor: all draws and one bitmask booking", floor), ("kernel alone", figures["kernel_ns_per_request"])]
    rows += [
        (f"compiled engine, {n} practice{'s' * (n != '1')}", ns)
        for n, ns in figures["compiled_ns_by_practices"].items()
    ]
    rows += [("Ciw, M/M/5", figures["ciw_ns_per_customer"]), ("reference engine", figures["reference_ns_per_request"])]
    for what, ns in rows:
        table.add_row(what, *(("not installed", "") if ns is None else (f"{ns:,.0f}", f"{ns / floor:,.1f}")))
    Console().print(table)
    typer.echo(
        f"The compiled engine is {figures['reference_over_compiled']:,.0f} times as fast as the reference engine."
    )
    if whole := figures.get("whole_place"):
        typer.echo(
            f"{whole['practices']:,} practices, {whole['patients']:,.0f} patients, {whole['years']} years: "
            f"{whole['requests']:,} requests in {whole['processor_seconds']:.0f} s ({whole['ns_per_request']:.0f} ns "
            f"each), {whole['peak_megabytes'] or float('nan'):,.0f} MB at most; books "
            f"{'balance' if whole['balanced'] else 'DO NOT balance'}."
        )
