"""`gpfed trace`: a few days at a practice's reception, request by request."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from abm.errors import InputError

MOST_DAYS = 60


def trace_practice(
    place: Annotated[str, typer.Argument(help="A preset place, a scenario file, a CSV file or the folder of a place.")],
    practice: Annotated[str, typer.Argument(help="The code of one of its practices; left out, the first one.")] = "",
    days: Annotated[int, typer.Option(help=f"Open days to tell of, 1 to {MOST_DAYS}.")] = 5,
    start: Annotated[
        str, typer.Option("--from", help="First day, as 2014-04-07; left out, the scenario's start.")
    ] = "",
    policy: Annotated[
        list[str] | None, typer.Option("--policy", "-p", help="A policy by name or file; several are combined.")
    ] = None,
    seed: Annotated[int, typer.Option(help="0 to 4294967295; draws the people and their requests.", min=0)] = 1,
) -> None:
    """Tell what happens to every request at one practice, by the engine that is written to be read.

    Staff and lists stand still, and nobody is a member of anything: this is the practice before the first month, under
    the levers of the first month.
    """
    from abm.scenario.scenario import Scenario
    from abm.standstill import StandingPlace
    from abm.trace import trace

    scenario = Scenario.load(place)
    if policy:
        scenario = scenario.with_policy(*policy)
    if not 1 <= days <= MOST_DAYS:
        raise InputError(f"--days {days} is out of range; allowed are 1 to {MOST_DAYS}")
    try:
        first = date.fromisoformat(start) if start else scenario.start
    except ValueError:
        raise InputError(f"--from '{start}' is no date; allowed is for example 2014-04-07") from None
    code = practice or StandingPlace(scenario, seed).names[0]
    for line in trace(scenario, code, first, days, seed):
        typer.echo(line)
