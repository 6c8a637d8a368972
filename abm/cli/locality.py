"""`gpfed locality`: bring a real place, look at it, check it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abm.errors import InputError

if TYPE_CHECKING:
    from abm.locality import Locality
    from abm.locality.check import Oddity

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Bring a real place, look at it, check it.")

SHOWN = 8  # practices left out that are named on the screen


@app.command("build")
def build(
    payments: Annotated[Path, typer.Option(help="NHS Payments to General Practice, one year, as published.")],
    out: Annotated[Path, typer.Option(help="The folder that is made.")],
    coordinates: Annotated[
        Path | None, typer.Option(help="Places of postcodes or practices: Code-Point Open, or a CSV with a header.")
    ] = None,
    workforce: Annotated[
        Path | None, typer.Option(help="General Practice Workforce, practice level, or a tidy file.")
    ] = None,
    practices: Annotated[Path | None, typer.Option(help="epraccur.csv, as published.")] = None,
    patients: Annotated[
        list[Path] | None, typer.Option(help="Patients Registered at a GP Practice; one file or several.")
    ] = None,
    list_from: Annotated[str, typer.Option(help="Whose lists count: payments or patients.")] = "payments",
    commissioner: Annotated[
        list[str] | None, typer.Option(help="All practices of a commissioner; may be repeated.")
    ] = None,
    codes: Annotated[str | None, typer.Option(help="Practice codes separated by commas, or a file of them.")] = None,
    near: Annotated[str | None, typer.Option(help="A point, LAT,LON or EASTING,NORTHING; with --within.")] = None,
    within: Annotated[float | None, typer.Option(help="Distance from the point in km.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All practices of the file.")] = False,
    year: Annotated[str | None, typer.Option(help="Rows of this year, where a file holds several.")] = None,
    mixed_years: Annotated[
        bool, typer.Option("--mixed-years", help="Use files whose years are more than two apart.")
    ] = False,
    title: Annotated[str, typer.Option(help="Title of the place; left out, the commissioner's name.")] = "",
) -> None:
    """Make a place from published files: a folder that `gpfed run` reads."""
    from abm import __version__
    from abm.locality import guesses
    from abm.locality.build import build_place
    from abm.locality.place_folder import check_folder, write_place
    from abm.locality.published.files import Sources
    from abm.locality.selection import selection
    from abm.scenario.parameters import ModelParameters

    if list_from not in ("payments", "patients"):
        raise InputError(f"--list-from {list_from} is unknown; allowed are payments, patients")
    chosen = selection(commissioner, codes, near, within, everything)
    check_folder(out)
    place = build_place(
        Sources(payments, coordinates, workforce, practices, tuple(patients or ())),
        chosen,
        ModelParameters(),
        year=year,
        mixed_years=mixed_years,
        list_from_patients=list_from == "patients",
        title=title,
    )
    write_place(place, out, __version__)
    told, table = place.provenance, place.table
    areas = len(set(table.text["commissioner_code"].tolist()))
    typer.echo(
        f"{told['title']}: {len(table):,} practices, {table.numbers['list_size'].sum():,.0f} patients, "
        f"{areas} commissioner{'s' if areas > 1 else ''}"
    )
    _print_dropped(told["dropped"])
    if lost := told.get("left_out_without_coordinates"):
        typer.echo(f"Without coordinates: {lost} of the practices of the file; whether they are near is not known.")
    for source in told["sources"]:
        if "year" not in source and source["kind"] != "coordinates":
            typer.echo(f"{source['file']} does not state its year.")
    if year and not any("year" in source for source in told["sources"]):
        typer.echo(f"--year {year} chose nothing: no file states a year.")
    if patients and told["guesses"].get(guesses.AGES) == len(table):
        use = "only its lists are used" if list_from == "patients" else "nothing of it is used"
        typer.echo(f"{' and '.join(path.name for path in patients)}: no ages of these practices; {use}.")
    if told["guesses"]:
        typer.echo("Guessed, for so many practices:")
        for name, number in told["guesses"].items():
            typer.echo(f"  {number:>6,}  {name}: {guesses.IN_WORDS[name]}")
    typer.echo(f"Written to {out}; run it with: gpfed run {out}")


def _print_dropped(dropped: dict[str, str]) -> None:
    if dropped:
        named = [f"{code} ({reason})" for code, reason in list(dropped.items())[:SHOWN]]
        more = f" and {len(dropped) - SHOWN} more" if len(dropped) > SHOWN else ""
        typer.echo(f"Left out: {len(dropped)}: {', '.join(named)}{more}")


@app.command("show")
def show(
    place: Annotated[str, typer.Argument(help="A preset, the folder of a place or a tidy CSV file.")],
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Draw the practices to a file, .svg, .png or .pdf.")
    ] = None,
    boundaries: Annotated[
        Path | None, typer.Option(help="GeoJSON of boundaries in degrees, drawn under the practices.")
    ] = None,
) -> None:
    """Show a place: practices, lists, deprivation, staff, and what was guessed; with --map, draw it."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from abm.locality import guesses
    from abm.locality.map import check_map, draw_map
    from abm.locality.overview import summary

    if boundaries is not None and map_file is None:
        raise InputError("--boundaries needs --map FILE")
    if map_file is not None:
        check_map(map_file)
    locality = _load(place)
    if map_file is not None:
        draw_map(locality, map_file, boundaries)
    table = Table(title=escape(f"{locality.title} ({len(locality):,} practices)"), box=SIMPLE, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in summary(locality):
        table.add_row(escape(name), escape(value))
    Console().print(table)
    _print_dropped(dict(locality.provenance.get("dropped", {})))
    if told := guesses.guesses_sentence(locality.provenance):
        typer.echo(told)
    if map_file is not None:
        typer.echo(f"Map written to {map_file}")


@app.command("list")
def list_places(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders to look in; left out, this folder.")] = None,
    payments: Annotated[Path | None, typer.Option(help="List the commissioners of a published file instead.")] = None,
    year: Annotated[str | None, typer.Option(help="Rows of this year, where that file holds several.")] = None,
) -> None:
    """List the places there are: presets, places in folders; or the commissioners in a file of payments."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from abm.locality.overview import commissioners_of, places_in, presets

    if year is not None and payments is None:
        raise InputError("--year needs --payments FILE")
    if payments is not None:
        if folders:
            raise InputError("--payments and folders exclude each other; allowed is one of them")
        headings, rows = ("commissioner", "name", "practices", "patients"), commissioners_of(payments, year)
    else:
        headings, rows = ("place", "title", "practices", "patients"), [*presets(), *places_in(folders or [Path()])]
    table = Table()
    for heading in headings:
        table.add_column(heading, justify="right" if heading in ("practices", "patients") else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    console.print(table)


@app.command("check")
def check(
    place: Annotated[str, typer.Argument(help="A preset, the folder of a place or a tidy CSV file.")],
) -> None:
    """Name what looks odd in a place, one line each; nothing is changed.

    Odd are: a list below 1,000 or above 30,000; fewer than 0.1 or more than 1.3 GP FTE for 1,000 patients; more than
    0.8 nurse FTE or 1.1 FTE of other clinicians for 1,000; a weighted list below 0.75 or above 1.3 times the list;
    4 or more practices at one point; a practice more than 15 km from every other, or more than 6 times as far from the
    middle of its commissioner's practices as half of them are (and more than 10 km); a guess made for more than 25% of
    the practices. Beyond each bound for a single practice lie at most 2 in 100 practices of England.
    """
    from abm.locality.check import oddities

    locality = _load(place)
    found = oddities(locality)
    for oddity in found:
        typer.echo(_line(oddity))
    many = f"{len(found)} oddit{'y' if len(found) == 1 else 'ies'}" if found else "Nothing odd"
    typer.echo(f"{many} in {locality.title}, {len(locality):,} practices.")


def _line(oddity: Oddity) -> str:
    return f"{oddity.practice or 'the place'}: {oddity.what}"


def _load(place: str, **settings: Any) -> Locality:
    from abm.locality import Locality
    from abm.scenario.parameters import ModelParameters

    return Locality.load(place, parameters=ModelParameters(), **settings)
