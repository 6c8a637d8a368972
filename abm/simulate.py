"""Run a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from abm import snapshot
from abm.calendar import WARM_UP_MONTHS
from abm.decisions.seam import Seat
from abm.model import FederationModel
from abm.record.results import Run
from abm.scenario.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called after every month with the months done and the months in all, warm-up included."""


def run(
    scenario: Scenario | str | Path,
    seed: int = 1,
    *,
    progress: Progress | None = None,
    seats: Mapping[str, Seat] | None = None,
    checkpoint: str | Path | None = None,
    checkpoint_month: int | None = None,
) -> Run:
    """Play a scenario from its warm-up to its horizon.

    Args:
        scenario: a scenario, or what `Scenario.load` takes.
        seed: 0 to 2**32 - 1; draws the people and their luck.
        progress: called after every month.
        seats: persons or scripts who decide for agents, by stable name.
        checkpoint: file to which the state is saved.
        checkpoint_month: at whose end; left out, the horizon.

    Returns:
        The tables, the network and the reasons of the run.
    """
    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    model = FederationModel(scenario, seed, seats=seats)
    return finish(model, progress=progress, checkpoint=checkpoint, checkpoint_month=checkpoint_month)


def resume(
    checkpoint: str | Path,
    scenario: Scenario | None = None,
    *,
    progress: Progress | None = None,
    seats: Mapping[str, Seat] | None = None,
) -> Run:
    """Go on from a checkpoint, under its own scenario or one that differs after the checkpoint's month."""
    return finish(snapshot.load(checkpoint, scenario, seats=seats), progress=progress)


def finish(
    model: FederationModel,
    *,
    progress: Progress | None = None,
    checkpoint: str | Path | None = None,
    checkpoint_month: int | None = None,
) -> Run:
    """Step a model to its horizon and hand over its results."""
    total = model.world.scenario.horizon + WARM_UP_MONTHS
    save_in = model.world.scenario.horizon if checkpoint_month is None else checkpoint_month
    while not model.finished:
        model.step()
        if checkpoint is not None and model.world.month == save_in:
            snapshot.save(model, checkpoint)
        if progress is not None:
            progress(model.world.month + WARM_UP_MONTHS, total)
    model.world.check_seats()
    return Run.of(model.world, model.seconds)


def warm() -> None:
    """Compile, or load from the cache, everything that is compiled, so that workers started later need not."""
    from abm.appointments.layer import warm as warm_appointments
    from abm.streams import Streams

    Streams(0).uniform("warm", 0, np.arange(2))
    warm_appointments()
