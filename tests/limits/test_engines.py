"""The reference engine, one process for each patient, and the compiled one give the same run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from abm import Scenario
from abm.model import FederationModel
from abm.record.results import TABLES
from abm.simulate import finish

LEVERS = {"fund_per_head": 6.0, "supportiveness": 1.0, "mdt_fte_per_10k": 2.0, "pharmacy_first": 0.3}


@pytest.mark.slow
@pytest.mark.parametrize("access_model", ["carve_out", "doctor_first"])
def test_both_engines_give_the_same_run(small_scenario: Callable[..., Scenario], access_model: str) -> None:
    scenario = small_scenario(10, 3, levers=LEVERS | {"access_model": access_model})
    place = FederationModel(scenario).world.locality
    small = {name: values[:5].copy() for name, values in place.practices.items()}
    for name in ("list_by_age", "weighted_list"):
        small[name] *= 0.15
    runs = [
        finish(FederationModel(scenario.with_settings(engine=engine), 1, locality=replace(place, practices=small)))
        for engine in ("compiled", "reference")
    ]
    assert (runs[0].model["collaborating_share"] > 0).any()
    assert np.isfinite(runs[0].model["access"]).all()
    assert [name for name in TABLES if not getattr(runs[0], name).equals(getattr(runs[1], name))] == []
    assert runs[0].content_hash() == runs[1].content_hash()
