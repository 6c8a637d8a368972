"""Ten places without newcomers lose GPs at the published hazards."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Scenario
from abm.model import FederationModel

YEARLY = ((50.0, 0.028), (55.0, 0.035), (60.0, 0.09), (np.inf, 0.22))
MONTHS = 60


@pytest.mark.slow
def test_the_stock_of_ten_seeds_decays_at_the_hazard(small_scenario: Callable[..., Scenario]) -> None:
    parameters = {"workforce.entry": 0.0, "workforce.burnout_hazard_ratio": 1.0}
    scenario = small_scenario(41, MONTHS, parameters=parameters, levers={"salaried_bonus": 0.0})
    left = expected = variance = 0.0
    each = []
    for seed in range(1, 11):
        model = FederationModel(scenario, seed)
        while model.world.month < 0:
            model.step()
        gps = model.world.gps
        age = gps.age[gps.alive] + np.arange(1, MONTHS + 1)[:, None] / 12
        hazard = np.select([age < bound for bound, _ in YEARLY], [rate for _, rate in YEARLY])
        chance = np.exp(-hazard.sum(axis=0) / 12)
        while not model.finished:
            model.step()
        stock, mean, spread = float(gps.alive.sum()), chance.sum(), (chance * (1 - chance)).sum()
        each.append((stock - mean) / np.sqrt(spread))
        left, expected, variance = left + stock, expected + mean, variance + spread
    assert abs(left - expected) < 3 * np.sqrt(variance)
    assert 0.3 < np.std(each, ddof=1) < 2.0, "seeds differ as binomial counts do"
