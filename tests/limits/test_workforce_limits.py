"""Limits of the workforce: without newcomers it decays at the published hazards; burnout can be decoupled from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from abm import Scenario, run
from abm.model import FederationModel

Make = Callable[..., Scenario]
HAZARD = {50.0: 0.028, 55.0: 0.035, 60.0: 0.09, np.inf: 0.22}
NEUTRAL = {"workforce.burnout_hazard_ratio": 1.0}


def survival(ages: np.ndarray, months: int) -> np.ndarray:
    """Chance of each GP to be there after some months, from the yearly hazards by age alone."""
    alive = np.ones(len(ages))
    for month in range(1, months + 1):
        age = ages + month / 12
        hazard = np.select([age < bound for bound in HAZARD], list(HAZARD.values()))
        alive *= np.exp(-hazard / 12)
    return alive


# A takeover makes partners leave beside the hazard
ALONE = {"salaried_bonus": 0.0, "mpo_allowed": "none", "trust_fallback": "off"}


def decay(make: Make, seed: int, months: int = 48) -> tuple[int, float, float]:
    """GPs of month 0 who are left in the last month, with mean and variance of their expected number."""
    scenario = make(20, months, parameters=NEUTRAL | {"workforce.entry": 0.0}, levers=ALONE)
    model = FederationModel(scenario, seed)
    while model.world.month < 0:
        model.step()
    world = model.world
    there = world.gps.alive.copy()
    chance = survival(world.gps.age[there].copy(), months)
    while not model.finished:
        model.step()
    assert len(world.gps) == len(there), "nobody arrives"
    return int(world.gps.alive.sum()), float(chance.sum()), float((chance * (1 - chance)).sum())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_newcomers_the_stock_decays_at_the_hazard(small_scenario: Make, seed: int) -> None:
    left, expected, variance = decay(small_scenario, seed)
    assert abs(left - expected) < 3.5 * np.sqrt(variance)


def test_practices_do_not_make_gps_when_nobody_comes(small_scenario: Make) -> None:
    scenario = small_scenario(12, 120, parameters={"workforce.entry": 0.0})
    gps = run(scenario, 1).model.set_index("month")["gps"]
    assert (gps.diff().dropna() <= 0).all()
    assert gps.loc[120] < 0.7 * gps.loc[0]


def leavers(scenario: Scenario, seed: int = 2) -> pd.DataFrame:
    events = run(scenario, seed).events
    return events.loc[events["kind"] == "left practice", ["month", "who"]].reset_index(drop=True)


def test_a_hazard_ratio_of_one_decouples_burnout_from_leaving(small_scenario: Make) -> None:
    heavy, light = {"wellbeing.workload_effect": 9.0, "wellbeing.base": 0.0}, {"wellbeing.base": -0.7}

    def scenario(wellbeing: dict[str, float], ratio: float) -> Scenario:
        parameters = wellbeing | {"workforce.burnout_hazard_ratio": ratio}
        return small_scenario(20, 48, parameters=parameters, levers=ALONE)

    assert len(leavers(scenario(heavy, 1.0))) > 20
    assert leavers(scenario(heavy, 1.0)).equals(leavers(scenario(light, 1.0)))
    assert len(leavers(scenario(heavy, 3.1))) > len(leavers(scenario(light, 3.1)))


def test_more_newcomers_only_add(small_scenario: Make) -> None:
    """The list of newcomers is exogenous: a higher rate brings those of a lower rate and more, month by month."""
    arrived = []
    for entry in (0.04, 0.08):
        events = run(small_scenario(20, 36, parameters={"workforce.entry": entry}), 1).events
        arrived.append(events[events["kind"] == "arrived"].groupby("month").size())
    fewer, more = (counts.reindex(range(-11, 37), fill_value=0) for counts in arrived)
    assert (more >= fewer).all()
    assert more.sum() > fewer.sum()


def test_a_practice_that_loses_all_its_partners_keeps_its_patients(small_scenario: Make) -> None:
    """Where nobody can take over, the commissioner runs it: no votes, no partner income, every patient still there."""
    model = FederationModel(small_scenario(10, 12), 1)
    while model.world.month < 2:
        model.step()
    world = model.world
    before = world.lists()
    for gp in world.ledger.holders("post", 0).tolist():
        world.ledger.close("post", gp, 2, "left practice")
        world.gps.alive[gp] = False
        world.leavers += 1
    model.step()
    assert not world.can_vote()[0]
    events = world.events.frame()
    assert str(world.practices.name[0]) in set(events.loc[events["kind"] == "managed by commissioner", "who"])
    while world.month < 11:
        model.step()
    assert np.array_equal(world.lists(), before)
    assert world.counts.requests[0].sum() > 0, "its patients still ask"
    model.step()


def test_boards_are_full_while_there_are_partners(small_scenario: Make) -> None:
    model = FederationModel(small_scenario(40, 60), 1)
    while not model.finished:
        model.step()
    gps = model.world.gps
    assert (gps.alive[gps.board_seat]).all()
    seats = np.bincount(gps.commissioner[gps.board_seat], minlength=len(model.world.commissioners))
    partners = np.bincount(gps.commissioner[model.world.partners()], minlength=len(seats))
    assert (seats >= np.minimum(6, partners)).all() and (seats <= 6).all()
    came = model.world.events.frame().query("kind == 'took a board seat'")
    assert len(came) > 0
