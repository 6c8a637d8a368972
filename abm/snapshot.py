"""The whole state of a run as plain data, and back: a run in two parts equals the run whole.

"What if from here" is the same: load the state of one scenario into another that differs from that month on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from abm.decisions.seam import Seat
from abm.errors import InputError
from abm.locality.locality import Locality
from abm.model import FederationModel
from abm.record import checkpoint
from abm.scenario.levers import LEVERS
from abm.scenario.scenario import Scenario
from abm.world import References, Weather

TABLES = ("gps", "practices", "organisations", "commissioners", "mergers")


def state_of(model: FederationModel) -> dict[str, Any]:
    """Everything that lasts from one month to the next, as a tree of arrays and plain values."""
    world = model.world
    return {
        "scenario": world.scenario.resolved(),
        "seed": world.seed,
        "month": world.month,
        "tables": {name: getattr(world, name).save() for name in TABLES},
        "edges": world.trust.edges.save(),
        "ledger": world.ledger.save(),
        "events": world.events.save(),
        "decisions": world.seam.log.save(),
        "recorder": world.recorder.save(),
        "appointments": world.appointments.save(),
        "references": asdict(world.references),
        "weather": asdict(world.weather),
        "leavers": world.leavers,
        "seconds": dict(model.seconds),
    }


def save(model: FederationModel, path: str | Path) -> Path:
    """Write the state at the end of a month to one file."""
    return checkpoint.save(path, state_of(model))


def restore(
    state: dict[str, Any],
    scenario: Scenario | None = None,
    locality: Locality | None = None,
    seats: Mapping[str, Seat] | None = None,
) -> FederationModel:
    """The model at the month's end at which the state was saved.

    Args:
        state: what `state_of` gave.
        scenario: left out, the one of the state; another one must be of the same place.
        locality: the place, where the model had not loaded it itself.
        seats: persons or scripts who go on deciding for agents.

    Raises:
        InputError: the scenario or the locality is of another place, or the scenario has another past.
    """
    before = Scenario.from_resolved(state["scenario"])
    scenario = scenario or before
    for setting in ("place", "practices", "place_seed", "start", "engine"):
        old, new = getattr(before, setting), getattr(scenario, setting)
        if old != new:
            raise InputError(
                f"the checkpoint has {setting} = {old}, the scenario {new}; they must be of one place and time"
            )
    _same_past(before, scenario, state["month"])
    model = FederationModel(scenario, state["seed"], seats=seats, locality=locality)
    world = model.world
    if not np.array_equal(world.practices.name, state["tables"]["practices"]["name"]):
        raise InputError("the checkpoint is of other practices than the place; give the locality it was made with")
    for name in TABLES:
        getattr(world, name).restore(state["tables"][name])
    world.trust.edges.restore(state["edges"])
    world.trust.index()
    world.ledger.load(state["ledger"])
    world.events.load(state["events"])
    world.seam.log.load(state["decisions"])
    world.recorder.load(state["recorder"])
    world.appointments.load(state["appointments"])
    world.references = References(**state["references"])
    world.weather = Weather(**state["weather"])
    world.leavers = state["leavers"]
    world.month = world.seam.month = state["month"]
    world.policy = scenario.policy_at(world.month)
    world.open_days = world.calendar.open_days(world.month)
    model.seconds.update(state["seconds"])
    model.add_agents()
    return model


def _same_past(before: Scenario, after: Scenario, month: int) -> None:
    """Refuse a scenario whose levers or shocks differ in months that have been played already."""
    for past in range(1, month + 1):
        old, new = before.policy_at(past), after.policy_at(past)
        differing = [lever for lever in LEVERS if getattr(old, lever) != getattr(new, lever)]
        if differing:
            raise InputError(
                f"the scenario differs from the checkpoint in month {past} ({', '.join(differing)}); "
                f"allowed are changes from month {month + 1} on"
            )
    if [s for s in before.shocks if s.month <= month] != [s for s in after.shocks if s.month <= month]:
        raise InputError(
            f"the scenario has other shocks up to month {month} than the checkpoint; allowed are later ones"
        )


def load(
    path: str | Path,
    scenario: Scenario | None = None,
    locality: Locality | None = None,
    seats: Mapping[str, Seat] | None = None,
) -> FederationModel:
    """Read a state that `save` wrote; see `restore`."""
    return restore(checkpoint.load(path), scenario, locality, seats)
