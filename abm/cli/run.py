"""`gpfed run`: play one scenario, show what came out, keep it in a folder with a picture and a report."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abm.errors import InputError

if TYPE_CHECKING:
    from abm.record.results import Run
    from abm.record.series import Series
    from abm.scenario.scenario import Scenario

DEFAULT_FOLDER = Path("results")
PICTURE, REPORT = "picture.png", "report.html"


def run_place(
    place: Annotated[
        str, typer.Argument(help="A preset place, a scenario file (.toml), a CSV file or the folder of a place.")
    ],
    policy: Annotated[
        list[str] | None, typer.Option("--policy", "-p", help="A policy by name or file; several are combined.")
    ] = None,
    seed: Annotated[int, typer.Option(help="0 to 4294967295; draws the people and their luck.")] = 1,
    horizon: Annotated[int | None, typer.Option(help="Months reported; left out, as in the scenario.")] = None,
    out: Annotated[
        Path, typer.Option(help="Folder in which the run gets a folder, named after place, policy and seed.")
    ] = DEFAULT_FOLDER,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter, for example wellbeing.workload_effect=5; may be repeated."),
    ] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Print seconds phase by phase, and peak memory.")] = False,
    report: Annotated[bool, typer.Option(help="Whether to write the report, an HTML page.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the folder only.")] = False,
) -> None:
    """Run one place under one policy and write its tables, its origin, a picture and a report to a folder."""
    from abm.locality.guesses import guesses_sentence, year_apart
    from abm.record.results import check_target
    from abm.report.page import write_report
    from abm.report.picture import draw
    from abm.scenario.scenario import Scenario
    from abm.simulate import run

    scenario = Scenario.load(place)
    if policy:
        scenario = scenario.with_policy(*policy)
    if horizon is not None:
        scenario = scenario.with_horizon(horizon)
    if settings:
        scenario = scenario.with_parameters(dict(parse_setting(text) for text in settings))
    if not 0 <= seed < 2**32:
        raise InputError(f"--seed {seed} is out of range; allowed are 0 to {2**32 - 1}")
    folder = out / default_name(scenario, seed, changed=bool(settings) or horizon is not None)
    check_target(folder)
    _compile(quiet)
    begun = perf_counter()
    with _progress(scenario.name, quiet) as progress:
        result = run(scenario, seed, progress=progress)
    seconds = perf_counter() - begun
    result.save(folder)
    draw(result, folder / PICTURE)
    if report:
        write_report(result, folder / REPORT)
    if quiet:
        typer.echo(str(folder))
        return
    _print_summary(result)
    if profile:
        _print_profile(result)
    if guessed := guesses_sentence(result.manifest["place"]):
        typer.echo(guessed)
    if other_time := year_apart(result.manifest["place"], scenario.start):
        typer.echo(other_time)
    months = f"{scenario.horizon} month{'s' if scenario.horizon > 1 else ''}"
    typer.echo(f"{months} and 12 months' warm-up in {seconds:.1f} s.")
    typer.echo(f"Tables, manifest, {f'{PICTURE} and {REPORT}' if report else PICTURE} are in {folder}")


def parse_setting(text: str) -> tuple[str, Any]:
    """Name and value of `name=value`; the value as TOML writes it, a bare word as itself.

    Raises:
        InputError: there is no "=".
    """
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise InputError(f"--set {text} is no setting; allowed is parameter=value, for example voting.sharpness=2.5")
    try:
        return name.strip(), tomllib.loads(f"value = {value.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()


def default_name(scenario: Scenario, seed: int, *, changed: bool = False) -> str:
    """Name of a run's folder: its scenario, its policy and its seed; a digest where more was changed."""
    policy = "" if scenario.policy.name in ("", scenario.name) else f"-{scenario.policy.name}"
    digest = f"-{scenario.digest()[:8]}" if changed else ""
    text = f"{scenario.name}{policy}{digest}-seed-{seed}".lower()
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in text)


def _compile(quiet: bool) -> None:
    """Compile the appointment engine where that has not been done yet, and say why it takes so long."""
    from abm.compiled import is_kept
    from abm.simulate import warm

    if not is_kept():
        if not quiet:
            print("Compiling the appointment engine, once for this version: about a minute ...", file=sys.stderr)
        warm()


@contextmanager
def _progress(name: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar of months on standard error."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("months"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_summary(result: Run) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from abm.record.series import series

    summary = result.summary()
    title = f"{result.name}, {result.manifest['scenario']['policy']['name']}, seed {result.seed}"
    table = Table("month", *(str(month) for month in summary.columns), title=title, box=SIMPLE, padding=(0, 1, 0, 0))
    for column in table.columns[1:]:
        column.justify = "right"
    for name, values in summary.iterrows():
        item = series("model", str(name))
        table.add_row(_heading(item), *(_shown(value, item.unit) for value in values))
    Console().print(table)


def _heading(item: Series) -> str:
    """Label and unit of a row; the unit is left out where the label says it."""
    unit = {"share": "%", "ratio": "", "0 to 1": ""}.get(item.unit, item.unit)
    return item.label if unit in ("", item.label.lower()) else f"{item.label}, {unit}"


def _shown(value: float, unit: str) -> str:
    if value != value:  # noqa: PLR0124 - not a number: there is no organisation yet
        return "–"
    if unit == "share":
        return f"{100 * value:.0f}"
    return f"{value:.2f}" if unit in ("ratio", "0 to 1") else f"{value:,.0f}"


def _print_profile(result: Run) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    seconds = result.manifest["seconds"]
    total = sum(seconds.values())
    table = Table("phase", "seconds", "share", box=SIMPLE)
    for column in table.columns[1:]:
        column.justify = "right"
    for phase, time in sorted(seconds.items(), key=lambda item: -item[1]):
        table.add_row(phase, f"{time:.2f}", f"{time / total:.0%}" if total else "")
    table.add_row("all phases", f"{total:.2f}", "")
    Console().print(table)
    peak = peak_memory()
    if peak is not None:
        typer.echo(f"Peak memory {peak:,.0f} MB.")


def peak_memory() -> float | None:
    """Largest memory of this process so far in MB, None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
