"""Members who withdraw, organisations that fail, and the money and memory they leave behind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Scenario, run
from abm.columns import Form, Legal
from abm.model import FederationModel
from abm.processes import founding
from abm.processes.conservation import assert_conservation, memberships
from abm.processes.endings import dissolve, leave_together
from abm.processes.finance import settle_month
from abm.processes.withdrawal import WITHDREW, withdraw_and_dissolve
from abm.world import World

NOBODY = {"founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0}


@pytest.fixture
def world(small_model: Callable[..., FederationModel]) -> World:
    """A small place at the end of month 1, without any organisation; nobody withdraws by chance."""
    return small_model(
        1,
        practices=12,
        parameters=NOBODY | {"withdrawal.rate": 0.0},
        levers={"mpo_allowed": "none", "trust_fallback": "off"},
    ).world


def months(world: World, count: int) -> None:
    for _ in range(count):
        world.month += 1
        withdraw_and_dissolve(world)
        settle_month(world)


def test_without_a_hazard_nobody_ever_withdraws(small_scenario: Callable[..., Scenario]) -> None:
    result = run(small_scenario(20, 36, parameters={"withdrawal.rate": 0.0}), 1)
    assert (result.model["withdrawals"] == 0).all()
    assert not (result.events["detail"] == WITHDREW).any()


def test_withdrawals_are_told_counted_and_remembered(small_scenario: Callable[..., Scenario]) -> None:
    result = run(small_scenario(30, 36, parameters={"withdrawal.rate": 0.02}), 1)
    left = result.events.query("kind == 'left' and detail == @WITHDREW")
    assert len(left) == result.model["withdrawals"].sum() > 5
    decided = result.decisions.query("kind == 'withdraw' and choice == 'withdraw'")
    assert sorted(zip(decided["month"], decided["who"], decided["about"], strict=True)) == sorted(
        zip(left["month"], left["who"], left["about"], strict=True)
    )
    first = decided.iloc[0]
    told = result.explain(first["who"], first["month"])
    assert "by its own decision; " in told and "times as likely" in told
    hazards = (
        12 * 0.02 * decided[[f"term_{name}_factor" for name in ("engagement", "benefit", "exit_cost")]].prod(axis=1)
    )
    assert np.allclose(hazards, decided["term_hazard"], rtol=1e-4)
    assert np.allclose(-np.expm1(-decided["term_hazard"] / 12), decided["probability"], rtol=1e-4)


def test_a_federation_is_harder_to_leave_than_a_network(small_scenario: Callable[..., Scenario]) -> None:
    decided = run(small_scenario(20, 12), 1).decisions.query("kind == 'withdraw'")
    assert set(np.round(decided["term_exit_cost_factor"].astype(float), 6)) <= {1.0, 0.7}


def test_withdrawing_costs_trust_and_good_memories_and_sets_free_at_once(world: World) -> None:
    row = founding.found(world, [0, 1, 2, 3], Form.FEDERATION, "together")
    before = world.trust.towards(1, np.array([0, 2]))
    leave_together(world, [0], WITHDREW, withdrawal=True)
    assert world.trust.towards(1, np.array([0, 2])) - before == pytest.approx([-0.10, 0.0])
    assert world.ledger.members(row).tolist() == [1, 2, 3]
    assert world.practices.cooldown[0] == 0
    memberships(world)


def test_six_months_without_engagement_end_an_organisation(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    world.practices.engagement[[0, 1, 2]] = 0.2
    world.organisations.engagement[row] = 0.2
    months(world, 5)
    assert world.organisations.alive[row]
    months(world, 1)
    assert not world.organisations.alive[row] and world.organisations.collapsed[row]
    assert (world.practices.cooldown[[0, 1, 2]] == 6).all()
    assert (world.practices.history[[0, 1, 2]] == -1).all()
    assert world.events.frame().query("kind == 'dissolved'")["detail"].tolist() == ["its members had lost interest"]


def test_a_good_month_in_between_starts_the_count_anew(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    for engagement in (0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.2):
        world.practices.engagement[[0, 1, 2]] = world.organisations.engagement[row] = engagement
        months(world, 1)
    assert world.organisations.alive[row] and world.organisations.low_months[row] == 1


def test_reserve_and_debt_are_shared_by_list(world: World) -> None:
    for amount in (1_000.0, -400.0):
        row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
        world.organisations.legal[row] = Legal.COMPANY
        world.organisations.earned[row] = world.organisations.reserve[row] = amount
        lists = world.lists()[[0, 1, 2]]
        dissolve(world, row, "the test says so")
        assert world.practices.due[[0, 1, 2]] == pytest.approx(amount * lists / lists.sum())
        assert world.organisations.reserve[row] == 0.0
        world.month += 1
        settle_month(world)
        assert world.practices.distribution[[0, 1, 2]] == pytest.approx(amount * lists / lists.sum())
        assert (world.practices.due == 0).all()
        world.practices.cooldown[:] = 0
    settle_month(world)
    assert (world.practices.distribution == 0).all()


def test_those_who_leave_an_organisation_empty_take_its_reserve_along(world: World) -> None:
    row = founding.found(world, [0, 1], Form.INFORMAL, "together")
    world.organisations.earned[row] = world.organisations.reserve[row] = 300.0
    founding.found(world, [0, 1, 2], Form.FEDERATION, "called together")
    assert not world.organisations.alive[row] and world.organisations.reserve[row] == 0.0
    lists = world.lists()[[0, 1]]
    assert world.practices.due[:3] == pytest.approx([*(300.0 * lists / lists.sum()), 0.0])


def test_a_community_interest_company_keeps_most_of_a_surplus_from_its_members(world: World) -> None:
    for amount, shared in ((1_000.0, 350.0), (-400.0, -400.0)):
        row = founding.found(world, [0, 1, 2], Form.COMMUNITY_HEALTH_ORGANISATION, "together")
        assert world.organisations.legal[row] == Legal.COMMUNITY_INTEREST_COMPANY
        world.organisations.earned[row] = world.organisations.reserve[row] = amount
        dissolve(world, row, "the test says so")
        assert world.practices.due.sum() == pytest.approx(shared)
        assert world.organisations.reserve[row] == 0.0
        kept = world.organisations.earned[row] - world.organisations.spent[row] - world.organisations.passed_on[row]
        assert kept == pytest.approx(0.0)
        world.practices.due[:] = 0.0


def test_too_much_debt_ends_an_organisation(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    world.organisations.spent[row] = 2.1 * world.organisations.population[row]
    world.organisations.reserve[row] = -world.organisations.spent[row]
    debt = world.organisations.spent[row]
    world.practices.engagement[[0, 1, 2]] = 0.8
    months(world, 1)
    assert not world.organisations.alive[row]
    assert world.practices.distribution[[0, 1, 2]].sum() == pytest.approx(-debt)


def test_managers_are_engaged_and_dismissed_with_a_delay(world: World) -> None:
    """Growing organisations build a reserve of three months' pay, shrinking ones spend it."""
    row = founding.found(world, [0, 1, 2, 3, 4, 5], Form.INFORMAL, "together")
    world.practices.engagement[:6] = 0.8
    population = float(world.lists()[:6].sum())
    months(world, 60)
    assert world.organisations.staffed_for[row] == pytest.approx(population)
    assert world.organisations.reserve[row] == pytest.approx(0.1 / 12 * 2 * population, rel=1e-6)
    leave_together(world, [3, 4, 5], WITHDREW, withdrawal=True)
    left = float(world.lists()[:3].sum())
    months(world, 60)
    assert world.organisations.reserve[row] == pytest.approx(0.1 / 12 * 2 * left, rel=1e-6)


def test_a_collapse_is_felt_nearby_and_less_the_farther_away(world: World) -> None:
    row = founding.found(world, [0, 1], Form.FEDERATION, "together")
    world.gps.attitude[:] = 0.0
    dissolve(world, row, "the test says so")
    practices, place = world.practices, world.gps.practice
    for practice in range(2, 12):
        near = min(
            np.hypot(practices.x[practice] - practices.x[m], practices.y[practice] - practices.y[m]) for m in (0, 1)
        )
        expected = -0.05 * np.exp(-near / 5.0) if near <= 25 else 0.0
        assert world.gps.attitude[place == practice] == pytest.approx(expected)
    assert (world.gps.attitude[(place == 0) | (place == 1)] == 0).all()


def test_who_goes_on_to_a_federation_leaves_no_collapse_behind(world: World) -> None:
    row = founding.found(world, [0, 1], Form.INFORMAL, "together")
    attitude = world.gps.attitude.copy()
    founding.found(world, [0, 5], Form.FEDERATION, "elsewhere")
    assert not world.organisations.alive[row] and not world.organisations.collapsed[row]
    assert np.array_equal(world.gps.attitude, attitude)


def test_meetings_and_leadership_cost_what_locums_would(small_model: Callable[..., FederationModel]) -> None:
    world = small_model(14, practices=20, levers={"fund_per_head": 2.0}).world
    practices, gps = world.practices, world.gps
    partners = world.sum_by_practice(world.partners())
    settled = (practices.organisation >= 0) & (partners > 0) & (world.month - practices.member_since > 12)
    plain = settled & world.formal_members() & (world.sum_by_practice(gps.lead_sessions > 0) == 0)
    assert_conservation(world)
    cost = (practices.relative_money * practices.partner_income - practices.net_benefit)[plain]
    of_full_time = 0.15 * 44 * 380  # a partner's, who may work less than full time
    assert plain.any() and ((cost > 0.7 * of_full_time) & (cost < 1.6 * of_full_time)).all()
