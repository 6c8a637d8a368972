"""Organisations unite and networks become federations: what passes on, who stays out, and what is asked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Scenario, run
from abm.columns import Form, Legal
from abm.model import FederationModel
from abm.processes import founding
from abm.processes.conservation import memberships, reserves
from abm.processes.consolidation import best_other, consolidate, unite
from abm.processes.escalation import escalate
from abm.world import World

NOBODY = {
    "founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0, "withdrawal.rate": 0.0,
}  # fmt: skip
ALWAYS = {"consolidation.rate": 0.12, "consolidation.board_base": 0.8, "consolidation.least_score": -0.3}


@pytest.fixture
def world(small_model: Callable[..., FederationModel]) -> World:
    """A small place at the end of month 1, without any organisation."""
    return small_model(
        1, practices=12, parameters=NOBODY, levers={"mpo_allowed": "none", "trust_fallback": "off"}
    ).world


def checked(world: World) -> None:
    memberships(world)
    world.ledger.check()
    none = np.zeros(len(world.organisations))
    world.practices.fee[:] = 0.0
    reserves(world, none)


def near(world: World, practice: int, count: int, free: list[int]) -> list[int]:
    x, y = world.practices.x, world.practices.y
    order = np.argsort(np.hypot(x - x[practice], y - y[practice]), kind="stable")
    return [int(row) for row in order if row in free][:count]


def test_the_smaller_becomes_part_of_the_larger(world: World) -> None:
    large = founding.found(world, [0, 1, 2, 3], Form.FEDERATION, "together")
    small = founding.found(world, [4, 5], Form.FEDERATION, "together")
    organisations, lists = world.organisations, world.lists()
    population = organisations.population[[large, small]].copy()
    organisations.institutional[large], organisations.institutional[small] = 0.2, 0.5
    organisations.personal[large], organisations.personal[small] = 0.3, 0.1
    organisations.coordination[[large, small]] = [0.9, 0.6]
    for row, amount in ((large, 1_000.0), (small, -300.0)):
        organisations.earned[row] = max(amount, 0.0)
        organisations.spent[row] = max(-amount, 0.0)
        organisations.reserve[row] = amount
    engagement = world.practices.engagement[:6].copy()
    expected_larger = large if population[0] >= population[1] else small
    into = unite(world, small, large)
    assert into == expected_larger
    absorbed = small if into == large else large
    share = population / population.sum()
    assert organisations.institutional[into] == pytest.approx(share @ [0.2, 0.5])
    assert organisations.personal[into] == pytest.approx(share @ [0.3, 0.1])
    assert organisations.coordination[into] == pytest.approx(share @ [0.9, 0.6])
    assert organisations.reserve[into] == pytest.approx(700.0) and organisations.reserve[absorbed] == 0.0
    assert organisations.population[into] == pytest.approx(lists[:6].sum())
    assert world.ledger.members(into).tolist() == [0, 1, 2, 3, 4, 5]
    assert world.practices.engagement[:6].tolist() == engagement.tolist()
    assert not organisations.alive[absorbed] and not organisations.collapsed[absorbed]
    assert world.ledger.leaders(absorbed).size == 0
    checked(world)


def test_the_more_suitable_of_two_leaders_leads_on(world: World) -> None:
    one = founding.found(world, [0, 1, 2, 3], Form.FEDERATION, "together")
    other = founding.found(world, [4, 5], Form.FEDERATION, "together")
    leaders = np.concatenate((world.ledger.leaders(one), world.ledger.leaders(other)))
    score = world.gps.skill[leaders] - 0.5 * world.gps.burnout[leaders] + 0.2 * world.gps.attitude[leaders]
    into = unite(world, one, other)
    assert world.ledger.leaders(into).tolist() == [leaders[np.argmax(score)]]
    checked(world)


def test_a_union_fills_the_post_of_a_leader_who_is_missing(world: World) -> None:
    one = founding.found(world, [0, 1, 2, 3], Form.FEDERATION, "together")
    other = founding.found(world, [4, 5], Form.FEDERATION, "together")
    from abm.processes.leadership import vacate

    vacate(world, one, world.ledger.leaders(one), "the test says so")
    assert world.organisations.vacancy_heroic[one] > 0
    (leader,) = world.ledger.leaders(other)
    into = unite(world, one, other)
    assert world.ledger.leaders(into).tolist() == [leader]
    assert world.organisations.vacancy_heroic[into] == 0
    checked(world)


def test_teams_grow_with_the_union(small_model: Callable[..., FederationModel]) -> None:
    world = small_model(1, practices=12, parameters=NOBODY, levers={"leader_mode": 1.0}).world
    one = founding.found(world, [0, 1, 2, 3], Form.FEDERATION, "together")
    other = founding.found(world, [4, 5, 6, 7], Form.FEDERATION, "together")
    before = {*world.ledger.leaders(one).tolist(), *world.ledger.leaders(other).tolist()}
    into = unite(world, one, other)
    assert set(world.ledger.leaders(into).tolist()) == before and len(before) == 4
    checked(world)


def test_history_says_where_the_members_came_from(world: World) -> None:
    one = founding.found(world, [0, 1, 2, 3], Form.FEDERATION, "together")
    other = founding.found(world, [4, 5], Form.FEDERATION, "together")
    into = unite(world, one, other)
    absorbed = other if into == one else one
    names = world.organisations.name
    frame = world.ledger.frame().query("relation == 'member'")
    moved = frame[frame["where"] == names[absorbed]]
    assert set(moved["why_ended"]) == {f"united with {names[into]}"}
    came = frame[(frame["where"] == names[into]) & frame["who"].isin(moved["who"])]
    assert len(came) == len(moved) and set(came["why"]) == {f"came with {names[absorbed]}"}


def test_only_organisations_of_one_form_that_know_each_other_unite(world: World) -> None:
    federation = founding.found(world, [0, 1], Form.FEDERATION, "together")
    network = founding.found(world, [2, 3], Form.INFORMAL, "together")
    world.trust.edges.trust[:] = 1.0
    world.practices.x[:] = world.practices.y[:] = 0.0
    assert best_other(world, federation) is None and best_other(world, network) is None
    second = founding.found(world, [4, 5], Form.FEDERATION, "together")
    assert best_other(world, federation) == second
    world.trust.edges.trust[:] = -0.2
    assert best_other(world, federation) is None, "nobody unites with whom it distrusts"


def test_nothing_is_united_above_the_limit_of_population(small_scenario: Callable[..., Scenario]) -> None:
    levers = {"fund_per_head": 3.0, "pop_max": 40_000.0}
    parameters = {"founding.seed_share": 0.0, **ALWAYS}
    result = run(small_scenario(30, 36, levers=levers, parameters=parameters), 1)
    assert (result.events["kind"] == "united").any()
    unions = result.events.query("kind == 'united'")
    sizes = result.organisations.set_index(["organisation", "month"])["population"]
    for event in unions.itertuples():
        assert sizes.get((event.about, event.month), 0.0) <= 40_000 * 1.02


def test_unions_make_fewer_and_larger_organisations(small_scenario: Callable[..., Scenario]) -> None:
    scenario = small_scenario(40, 36, levers={"fund_per_head": 2.0})
    few = run(scenario.with_parameters(ALWAYS), 1)
    none = run(scenario.with_parameters({"consolidation.rate": 0.0}), 1)
    assert few.model["unions"].sum() > 0 and none.model["unions"].sum() == 0
    mean = "organisation_population_mean"
    assert few.model[mean].iloc[-1] > none.model[mean].iloc[-1]
    absorbed = few.events.query("kind == 'united'").iloc[0]
    assert "Became part of the " in few.explain(absorbed["who"])
    assert "agreed to a union with" in few.explain(absorbed["who"])


def test_a_federation_is_voted_for_and_dissenters_leave(small_scenario: Callable[..., Scenario]) -> None:
    parameters = {"consolidation.escalation_rate": 0.12, "founding.call_rate": 0.0, "founding.seed_share": 0.5}
    result = run(small_scenario(40, 24, levers={"fund_per_head": 2.0}, parameters=parameters), 1)
    became = result.events.query("kind == 'became federation'")
    assert len(became) == result.model["escalations"].sum() > 0
    for event in became.itertuples():
        ballots = result.events[
            result.events["kind"].isin(["motion passed", "motion failed"])
            & (result.events["about"] == event.who) & (result.events["month"] == event.month)
            & result.events["detail"].str.startswith("to escalate")
        ]  # fmt: skip
        agreed = ballots[ballots["kind"] == "motion passed"]
        assert len(agreed) == event.value > 0.6 * len(ballots)
        dissent = set(ballots["who"]) - set(agreed["who"])
        left = result.events.query("kind == 'left' and about == @event.who and month == @event.month")
        assert dissent <= set(left["who"])
        forms = result.organisations.query("organisation == @event.who").set_index("month")["form"]
        assert forms.get(event.month, "federation") == "federation"
        assert set(forms[forms.index < event.month]) <= {"informal"}
        assert "Became a federation" in result.explain(event.who)


def test_young_networks_stay_networks(world: World) -> None:
    founding.found(world, [0, 1, 2], Form.INFORMAL, "together")
    world.month += 5
    before = len(world.seam.log)
    escalate(world)
    assert len(world.seam.log) == before
    world.month += 1
    escalate(world)
    assert len(world.seam.log) == before + 1


def test_a_network_that_becomes_a_federation_is_set_up_anew(world: World) -> None:
    from abm.processes.escalation import become_federation

    row = founding.found(world, [0, 1, 2], Form.INFORMAL, "together")
    required = world.organisations.lead_required[row]
    world.month += 10
    become_federation(world, row)
    organisations = world.organisations
    assert organisations.form[row] == Form.FEDERATION and organisations.legal[row] != Legal.NONE
    assert organisations.founded[row] == 1 and organisations.formal_since[row] == 11
    assert (world.practices.setup_since[[0, 1, 2]] == 11).all()
    assert organisations.lead_required[row] > required
    checked(world)


def test_without_organisations_nothing_is_sought(world: World) -> None:
    before = len(world.seam.log)
    consolidate(world)
    escalate(world)
    assert len(world.seam.log) == before
