"""Money: the identity that the practice costs were derived from, and who gets what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from abm.columns import Form, Role
from abm.model import FederationModel
from abm.processes.finance import settle_month, yearly_per_fte
from abm.scenario.scenario import Scenario


def test_the_average_practice_pays_its_partners_as_published(small_scenario: Callable[..., Scenario]) -> None:
    """7,118 patients: £1.00m - £.59m - salaried £.08m - locums £.02m over 3.2 partner FTE is about £97,000 each."""
    scenario = small_scenario(10)
    place = FederationModel(scenario).world.locality
    one = {name: values[:1].copy() for name, values in place.practices.items()}
    one["list_by_age"] *= 7_118 / one["list_by_age"].sum()
    one["weighted_list"][:] = 7_118
    model = FederationModel(scenario, locality=replace(place, practices=one))
    model.step()
    world = model.world
    world.month = 0
    world.counts.outside_locum_sessions[:] = 0
    world.practices.profit_ring[:] = world.practices.partner_fte_ring[:] = np.nan
    gps = world.gps
    for role, fte in ((Role.PARTNER, 3.2), (Role.SALARIED, 0.8)):
        here = gps.role == role
        gps.sessions[here] = 8.5 * fte / here.sum()
    world.practices.cover_sessions[:] = 20_000 / 380 / 44
    world.counts = SimpleNamespace(outside_locum_sessions=np.zeros(1, np.int64))  # type: ignore[assignment]
    settle_month(world)
    practices = world.practices
    assert 12 * practices.income[0] == pytest.approx(1.004e6, rel=0.001)
    income = 12 * (practices.income[0] - practices.expenses[0]) / 3.2
    assert income == pytest.approx(97_000, abs=1_500)
    assert practices.partner_income[0] == pytest.approx(income)
    partners = gps.role == Role.PARTNER
    assert gps.income[partners].sum() == pytest.approx(3.2 * income)
    assert gps.income[gps.role == Role.SALARIED].sum() == pytest.approx(0.8 * 82_000)


def test_partner_income_is_a_mean_over_the_months_with_partners() -> None:
    profit, fte = np.full((3, 12), np.nan), np.full((3, 12), np.nan)
    profit[0, :2], fte[0, :2] = [20_000, 30_000], [2.0, 3.0]
    profit[1, :2], fte[1, :2] = [0.0, 10_000], [0.0, 1.0]
    per_fte = yearly_per_fte(profit, fte)
    assert per_fte[:2] == pytest.approx([120_000, 120_000])
    assert np.isnan(per_fte[2])


def test_a_partners_income_is_that_of_twelve_months(small_model: Callable[..., FederationModel]) -> None:
    model = small_model(0, practices=10)
    world = model.world
    gps, practices = world.gps, world.practices
    partners = np.flatnonzero(world.partners())
    own, fte = gps.practice[partners], gps.sessions[partners] / 8.5
    mean = yearly_per_fte(practices.profit_ring, practices.partner_fte_ring)
    assert gps.income[partners] == pytest.approx(mean[own] * fte)
    month = 12 * (practices.income - practices.expenses) / np.maximum(practices.partner_fte_ring[:, 0], 1e-9)
    assert gps.earned[partners] == pytest.approx(month[own] * fte / 12), "the month's profit is shared out"
    assert np.abs(gps.income[partners] - month[own] * fte).max() > 1_000, "the month is not the year"


NOBODY_OWNED = {"mpo_allowed": "none", "trust_fallback": "off"}


@pytest.fixture(scope="module")
def funded(small_model: Callable[..., FederationModel]) -> FederationModel:
    return small_model(14, levers={"fund_per_head": 2.0, "backfill": 0.5, "od_invest": 1.0} | NOBODY_OWNED)


def test_money_a_head_and_fees_by_hand(funded: FederationModel) -> None:
    world = funded.world
    practices, lists = world.practices, world.lists()
    formal, informal = world.in_form(Form.FEDERATION), world.in_form(Form.INFORMAL)
    assert formal.any()
    assert practices.head_money == pytest.approx(np.where(formal, 2.0 * lists / 12, 0.0))
    young = world.month - world.of_organisation("formal_since", -99) < 12
    fee = np.where(formal, 1.0 + 0.6 * young, np.where(informal, 0.1 + 0.1 * young, 0.0)) * lists / 12
    assert practices.fee == pytest.approx(fee)


def test_members_save_on_other_costs_as_far_as_they_are_engaged(funded: FederationModel) -> None:
    world = funded.world
    costs = 83.0 * 1.01**world.years * world.lists() / 12
    expected = np.where(world.in_form(Form.FEDERATION), 0.01 * costs * world.practices.engagement, 0.0)
    assert world.practices.scale_saving == pytest.approx(expected)


def test_commissioners_pay_core_money_by_need(funded: FederationModel) -> None:
    world = funded.world
    core = 141.0 * 1.003**world.years * world.weighted_lists().sum() / 12
    assert world.commissioners.paid_core.sum() == pytest.approx(core)
    assert world.commissioners.paid_development.sum() == pytest.approx(1.0 * world.lists().sum() / 12)


def test_only_the_observed_share_of_money_arrives(small_model: Callable[..., FederationModel]) -> None:
    world = small_model(3, levers={"fund_per_head": 2.0, "pass_through": "observed"}).world
    share = world.commissioners.pass_through
    assert ((share > 0) & (share <= 1)).all()
    paid = np.where(world.formal_members(), 2.0 * share[world.practices.commissioner] * world.lists() / 12, 0.0)
    assert world.practices.head_money == pytest.approx(paid)


def test_money_for_targets_is_earned_by_results_and_by_members_alone(
    small_model: Callable[..., FederationModel],
) -> None:
    stay = {"withdrawal.rate": 0.0}  # who withdraws keeps what was earned in the month
    world = small_model(24, levers={"target_money": 8.0, "fund_per_head": 2.0}, parameters=stay).world
    practices, member = world.practices, world.practices.organisation >= 0
    assert (practices.target_money[~member] == 0).all()
    assert practices.target_money[member].max() > 0
    assert (practices.target_money <= 8.0 * world.lists() / 12 + 1e-9).all()
    assert world.commissioners.paid_targets.sum() == pytest.approx(practices.target_money.sum())
