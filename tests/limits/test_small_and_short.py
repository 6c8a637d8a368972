"""The smallest places and the shortest runs, each way of leading, and either engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from abm import Scenario, run
from abm.model import FederationModel
from abm.simulate import finish

Make = Callable[..., Scenario]


def test_one_practice_alone_lives_for_five_years(small_scenario: Make) -> None:
    scenario = small_scenario(10, 60, levers={"fund_per_head": 6.0})
    place = FederationModel(scenario).world.locality
    one = replace(place, practices={name: values[:1] for name, values in place.practices.items()})
    result = finish(FederationModel(scenario, 1, locality=one))
    assert result.last_month == 60
    assert (result.model["practices"] == 1).all()
    assert (result.model["collaborating_share"] == 0).all()
    assert not result.events["kind"].isin(["talks", "founded", "called together"]).any()
    growth = result.model["patients"].iloc[-1] / result.model["patients"].iloc[0]
    assert growth == pytest.approx(1.007**6, rel=0.01), "lists grow at months 0, 12, ... 60"


def test_two_strangers_far_apart_never_meet(small_scenario: Make) -> None:
    scenario = small_scenario(10, 36, parameters={"founding.call_rate": 0.0}, levers={"fund_per_head": 6.0})
    place = FederationModel(scenario).world.locality
    columns = {name: values[:2].copy() for name, values in place.practices.items()}
    columns["x"][:], columns["y"][:] = [0.0, 100.0], 0.0
    result = finish(FederationModel(scenario, 1, locality=replace(place, practices=columns)))
    assert len(result.trust) == 0
    assert not result.events["kind"].isin(["talks", "founded"]).any()


def test_a_horizon_of_one_month_works(small_scenario: Make, tmp_path: Path) -> None:
    result = run(small_scenario(10, 1), 1)
    assert result.model["month"].tolist() == list(range(-11, 2))
    assert result.practices["month"].unique().tolist() == [0, 1]
    saved = result.save(tmp_path / "run")
    assert type(result).load(saved).content_hash() == result.content_hash()


@pytest.mark.parametrize("mode", [0.0, 0.5, 1.0])
def test_every_way_of_leading_runs_and_appoints_as_it_says(small_scenario: Make, mode: float) -> None:
    model = FederationModel(small_scenario(20, 24, levers={"leader_mode": mode, "fund_per_head": 3.0}), 1)
    while not model.finished:
        model.step()
    gps = model.world.gps
    leads = gps.alive & (gps.leads >= 0)
    assert leads.any()
    assert gps.leads_alone[leads].any() == (mode < 1)
    assert (~gps.leads_alone[leads]).any() == (mode > 0)
    for kind, share in ((True, 4.0 * (1 - mode)), (False, 1.5 * mode)):
        agreed = gps.lead_sessions_agreed[leads & (gps.leads_alone == kind)]
        assert agreed == pytest.approx(np.full(agreed.size, share))


def test_a_policy_that_changes_the_way_of_leading_changes_the_posts(small_scenario: Make) -> None:
    scenario = small_scenario(20, 24, levers={"fund_per_head": 3.0}).with_change(12, leader_mode=1.0)
    model = FederationModel(scenario, 1)
    while not model.finished:
        model.step()
    gps = model.world.gps
    leads = gps.alive & (gps.leads >= 0)
    assert leads.any()
    assert not gps.leads_alone[leads].any()
