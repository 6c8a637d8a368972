"""Limits of collaboration: without exploring, calls and a seed nobody joins; a huge love of autonomy prevents it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from abm import Scenario, run
from abm.columns import Form
from abm.model import FederationModel

Make = Callable[..., Scenario]
ALONE = {
    "exploration.rate": 0.0, "founding.seed_share": 0.0, "founding.call_rate": 0.0,
    "mergers.rate": 0.0, "mergers.survival_rate": 0.0,
}  # fmt: skip
ALONE_TOO: dict[str, Any] = {"mpo_allowed": "none", "trust_fallback": "off"}
TEMPTING = ALONE_TOO | {"fund_per_head": 6.0, "supportiveness": 1.0}


@pytest.mark.parametrize("levers", [ALONE_TOO, TEMPTING], ids=["no policy", "money"])
def test_without_exploring_calls_or_a_seed_no_organisation_ever_forms(small_scenario: Make, levers: dict) -> None:
    result = run(small_scenario(20, 60, levers=levers, parameters=ALONE), 1)
    assert len(result.organisations) == 0
    assert (result.model["collaborating_share"] == 0).all()
    assert not (result.memberships["relation"] == "member").any()


def test_without_exploring_or_a_seed_only_called_federations_form(small_scenario: Make) -> None:
    parameters = {name: value for name, value in ALONE.items() if name != "founding.call_rate"}
    called = 0
    for seed in (1, 2, 3):
        result = run(small_scenario(20, 60, levers=TEMPTING, parameters=parameters), seed)
        assert set(result.organisations["form"]) <= {"federation", "super-partnership"}
        joined = result.memberships[result.memberships["relation"] == "member"]
        assert set(joined["why"]) <= {"called together", "merged into one large practice"}
        called += len(joined)
    assert called > 0, "money brings calls"


def test_a_huge_love_of_autonomy_prevents_federations(small_scenario: Make) -> None:
    parameters = {"voting.autonomy": 100.0, "founding.seed_share": 0.0}
    for seed in (1, 2):
        result = run(small_scenario(20, 48, levers=TEMPTING, parameters=parameters), seed)
        assert (result.events["kind"] == "talks").any(), "practices do look for partners"
        assert (result.model["federation_share"] == 0).all()


def test_no_organisation_outgrows_the_limit_of_population(small_scenario: Make) -> None:
    """Nobody is admitted above the largest population that a policy allows; lists grow by less than 2% a year."""
    levers = TEMPTING | {"pop_max": 40_000.0}
    model = FederationModel(small_scenario(30, 36, levers=levers, parameters={"founding.seed_share": 0.0}), 1)
    before: dict[str, float] = {}
    while not model.finished:
        model.step()
        organisations = model.world.organisations
        for row in model.world.living_organisations():
            name, population = str(organisations.name[row]), float(organisations.population[row])
            assert population <= max(40_000.0, before.get(name, 0.0)) * 1.02
            before[name] = population
    assert max(before.values()) > 20_000


def test_a_deadline_places_everybody(small_scenario: Make) -> None:
    """When a universal offer has met its deadline, all are in a federation but those who voted it down twice."""
    levers = ALONE_TOO | {"rollout": "deadline", "fund_per_head": 1.5}
    model = FederationModel(small_scenario(30, 7, levers=levers), 1)
    while not model.finished:
        model.step()
    world = model.world
    assert world.in_form(Form.FEDERATION).any(), "somebody founded a federation before the deadline"
    assert (world.formal_members() | (world.practices.noes >= 2)).all()


def test_under_enthusiasts_first_a_quarter_may_explore(small_scenario: Make) -> None:
    scenario = small_scenario(20, 12, levers={"rollout": "enthusiasts"}, parameters={"founding.seed_share": 0.0})
    decisions = run(scenario, 1).decisions
    asked = decisions[decisions["kind"] == "explore"].groupby("month").size()
    assert asked.max() <= np.ceil(0.25 * 20)
