"""The whole state of a run as plain data, and back: a run in two parts equals the run whole.

"What if from here" is the same: load the state of one scenario into another that differs from that month on.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from abm.errors import InputError
from abm.locality.locality import Locality
from abm.model import FederationModel
from abm.record import checkpoint
from abm.scenario.scenario import Scenario
from abm.world import References, Weather

TABLES = ("gps", "practices", "organisations", "commissioners")


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
    state: dict[str, Any], scenario: Scenario | None = None, locality: Locality | None = None
) -> FederationModel:
    """The model at the month's end at which the state was saved.

    Args:
        state: what `state_of` gave.
        scenario: left out, the one of the state; another one must be of the same place.
        locality: the place, where the model had not loaded it itself.

    Raises:
        InputError: the scenario or the locality is of another place.
    """
    before = Scenario.from_resolved(state["scenario"])
    scenario = scenario or before
    for setting in ("place", "practices", "place_seed", "start"):
        old, new = getattr(before, setting), getattr(scenario, setting)
        if old != new:
            raise InputError(
                f"the checkpoint has {setting} = {old}, the scenario {new}; they must be of one place and time"
            )
    model = FederationModel(scenario, state["seed"], locality=locality)
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
    model.seconds.update(state["seconds"])
    model.add_agents()
    return model


def load(path: str | Path, scenario: Scenario | None = None) -> FederationModel:
    """Read a state that `save` wrote; see `restore`."""
    return restore(checkpoint.load(path), scenario)
