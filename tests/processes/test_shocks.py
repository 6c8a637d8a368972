"""Shocks: each acts in its months, with its strength, and they add up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm.model import FederationModel
from abm.processes.shocks import strike, weather_of
from abm.scenario.scenario import Scenario
from abm.scenario.shocks import FundingCut, Reorganisation, RetirementWave, WinterSurge
from abm.world import Weather


def test_fair_weather_without_shocks() -> None:
    assert weather_of((), 5) == Weather() == weather_of((WinterSurge(month=6),), 5)


@pytest.mark.parametrize(("month", "demand"), [(8, 1.0), (9, 1.15), (11, 1.15), (12, 1.0)])
def test_a_winter_surge_lasts_three_months(month: int, demand: float) -> None:
    assert weather_of((WinterSurge(month=9),), month).demand == pytest.approx(demand)


def test_surges_multiply() -> None:
    assert weather_of((WinterSurge(month=9), WinterSurge(month=11)), 11).demand == pytest.approx(1.15**2)


@pytest.mark.parametrize("month", [24, 60])
def test_a_funding_cut_stays(month: int) -> None:
    weather = weather_of((FundingCut(month=24),), month)
    assert (weather.core_income, weather.head_money) == (pytest.approx(0.97), 0.0)


def test_a_reorganisation_pauses_money_for_six_months() -> None:
    money = [weather_of((Reorganisation(month=30),), month).head_money for month in range(29, 38)]
    assert money == [1.0] + [0.0] * 6 + [1.0] * 2


def test_a_retirement_wave_takes_older_gps_for_a_year() -> None:
    during, after = (weather_of((RetirementWave(month=3),), month) for month in (14, 15))
    assert (during.exit_factor, during.exit_from_age) == (1.5, 55.0)
    assert after == Weather()


def test_what_a_reorganisation_does_at_once(
    small_scenario: Callable[..., Scenario], small_model: Callable[..., FederationModel]
) -> None:
    world = small_model(4).world
    shocked = FederationModel(small_scenario().with_shock("reorganisation", month=5), 1).world
    world.scenario = shocked.scenario
    support, attitude = world.commissioners.support.copy(), world.gps.attitude.copy()
    relation = world.organisations.relation_commissioner.copy()
    world.month = 5
    strike(world)
    assert world.commissioners.support == pytest.approx(0.4 * support)
    assert world.organisations.relation_commissioner == pytest.approx(0.5 * relation)
    assert world.gps.attitude == pytest.approx(np.maximum(-1.0, attitude - 0.05))


def test_the_largest_organisation_loses_all_its_leaders(small_scenario: Callable[..., Scenario]) -> None:
    scenario = small_scenario(20, levers={"leader_mode": 1.0}).with_shock("leader_departure", month=6)
    model = FederationModel(scenario, 1)
    while model.world.month < 5:
        model.step()
    world = model.world
    alive = world.living_organisations()
    largest = int(alive[np.argmax(world.organisations.population[alive])])
    leaders = world.ledger.leaders(largest)
    assert leaders.size >= 2
    model.step()
    assert (world.gps.leads[leaders] == -1).all()
    events = world.events.frame()
    gone = events[(events["month"] == 6) & (events["detail"] == "shock")]
    assert sorted(gone["who"]) == sorted(world.gps.name[leaders])
    assert set(gone["about"]) == {str(world.organisations.name[largest])}
