"""Money of practices, organisations and commissioners (model section 6.16); £ at 2014/15 prices, flows by the month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.columns import Form, Role
from abm.world import World

Array = NDArray[np.float64]


def yearly_per_fte(profit: Array, partner_fte: Array) -> Array:
    """Partner income for each FTE and year over the months on record, NaN without partners; rings (practices, 12)."""
    fte = np.nansum(partner_fte, axis=1)
    return np.where(fte > 0, 12.0 * np.nansum(profit, axis=1) / np.where(fte > 0, fte, 1.0), np.nan)


def settle_month(world: World) -> None:
    """Pay practices, let them pay their staff and fees, and book what commissioners paid."""
    practices, gps, p = world.practices, world.gps, world.parameters.finance
    assert world.counts is not None
    lists, formal = world.lists(), world.formal_members()
    growth, inflation = (1.0 + p.income_trend) ** world.years, (1.0 + p.cost_trend) ** world.years
    core = p.income_per_patient * growth * world.weather.core_income * world.weighted_lists() / 12.0
    practices.head_money[:] = np.where(formal, world.head_money()[practices.commissioner] * lists / 12.0, 0.0)

    saving, running, setup = np.zeros(len(practices)), np.zeros(len(practices)), np.zeros(len(practices))
    for form in Form:
        members = world.in_form(form)
        saving[members], running[members] = p.scale_saving[form], world.running_cost(form)
        setup[members] = p.setup_cost[form]
    first_year = (practices.organisation >= 0) & (world.month - practices.setup_since < p.setup_months)
    legal_work = setup * first_year * lists / p.setup_months
    practices.fee[:] = np.where(world.acquired(), 0.0, running * lists / 12.0 + legal_work)
    non_gp = p.non_gp_cost * inflation * lists / 12.0
    practices.scale_saving[:] = non_gp * saving * practices.engagement

    weeks = p.weeks_worked / 12.0
    per_fte = world.parameters.capacity.sessions_per_fte
    salaried = world.sum_by_practice(world.in_post() & (gps.role == Role.SALARIED), gps.sessions) / per_fte
    pay = p.salaried_pay * (1.0 + p.salaried_on_costs) * salaried / 12.0
    practices.locum_costs[:] = (practices.cover_sessions - practices.backfilled_sessions) * weeks * p.locum_session
    practices.locum_costs[:] += world.counts.outside_locum_sessions * p.locum_session
    practices.distribution[:] = practices.due
    practices.due[:] = 0.0
    practices.distributed[:] += practices.distribution
    received = practices.head_money + practices.target_money + practices.distribution
    practices.income[:] = core + received - practices.fee
    practices.merger_costs[:] = practices.talks_due + _cost_of_merging(world, lists)
    practices.talks_due[:] = 0.0
    practices.expenses[:] = non_gp - practices.scale_saving + pay + practices.locum_costs + practices.merger_costs

    _book_commissioners(world, core, lists, weeks)
    _book_organisations(world, legal_work)
    _update_incomes(world, per_fte)


def _cost_of_merging(world: World, lists: Array) -> Array:
    """Set-up of merged practices, £ a month; super-partnerships pay it as the fee of their organisation."""
    p = world.parameters.finance
    fresh = world.month - world.practices.merged_since < p.setup_months
    own = fresh & ~world.in_form(Form.SUPER_PARTNERSHIP)
    return np.where(own, p.setup_cost[Form.SUPER_PARTNERSHIP] * lists / p.setup_months, 0.0)


def _book_commissioners(world: World, core: Array, lists: Array, weeks: float) -> None:
    """What each commissioner paid this month, by kind."""
    practices, commissioners = world.practices, world.commissioners
    of, count = practices.commissioner, len(world.commissioners)
    backfill = practices.backfilled_sessions * weeks * world.parameters.finance.locum_session
    development = world.policy.od_invest * world.pass_through()[of] * lists / 12.0
    commissioners.paid_core[:] = np.bincount(of, core, count)
    commissioners.paid_head_money[:] = np.bincount(of, practices.head_money, count)
    commissioners.paid_targets[:] = np.bincount(of, practices.target_money, count)
    commissioners.paid_backfill[:] = np.bincount(of, backfill, count)
    commissioners.paid_development[:] = np.bincount(of, development, count)


def _book_organisations(world: World, setup: Array) -> None:
    """Fees pay managers, whose posts follow the population with a delay, and legal work; the balance is the reserve.

    An operator or trust takes no fees but all that its practices earn, and pays for the set-up from its own.
    """
    practices, organisations, p = world.practices, world.organisations, world.parameters.finance
    if not len(organisations):
        return
    member = practices.organisation >= 0
    of, lists, count = practices.organisation[member], world.lists()[member], len(organisations)
    profit = np.where(world.acquired(), practices.income - practices.expenses, practices.fee)
    organisations.income[:] = np.bincount(of, profit[member], count)
    legal_work = np.bincount(of, np.where(world.acquired(), 0.0, setup)[member], count)
    population = np.bincount(of, lists, count)
    organisations.staffed_for[:] += (population - organisations.staffed_for) / p.staffing_months
    managers = (
        np.array([world.running_cost(form) for form in Form])[organisations.form] * organisations.staffed_for / 12.0
    )
    organisations.overhead[:] = np.where(organisations.alive, legal_work + managers, 0.0)
    organisations.earned[:] += organisations.income
    organisations.spent[:] += organisations.overhead
    organisations.reserve[:] = organisations.earned - organisations.spent - organisations.passed_on


def _update_incomes(world: World, per_fte: float) -> None:
    """Twelve-month partner income with the floor that decisions respond to, and every GP's income."""
    practices, gps, p = world.practices, world.gps, world.parameters.finance
    slot = world.month % practices.profit_ring.shape[1]
    partners = world.partners()
    partner_fte = world.sum_by_practice(partners, gps.sessions) / per_fte
    profit = practices.income - practices.expenses
    practices.profit_ring[:, slot] = np.where(partner_fte > 0, profit, 0.0)
    practices.partner_fte_ring[:, slot] = partner_fte
    raw = yearly_per_fte(practices.profit_ring, practices.partner_fte_ring)
    weights = world.lists() * ~np.isnan(raw)
    references = world.references
    if world.month <= 0 and weights.sum() > 0:
        references.partner_income = float(np.average(np.nan_to_num(raw), weights=weights))
    floor = p.least_income * references.partner_income
    practices.partner_income[:] = np.where(np.isnan(raw), references.partner_income, np.maximum(raw, floor))
    practices.partner_income[world.acquired()] = world.parameters.takeovers.income_share * references.partner_income

    share = np.where(partner_fte > 0, profit / np.where(partner_fte > 0, partner_fte, 1.0), 0.0)
    others = gps.sold_sessions * p.weeks_worked * p.locum_session
    employed = gps.alive & (gps.role == Role.SALARIED)
    others[employed] += p.salaried_pay * gps.sessions[employed] / per_fte
    own, fte = gps.practice[partners], gps.sessions[partners] / per_fte
    gps.earned[:] = others / 12.0
    gps.earned[partners] += share[own] * fte
    gps.income[:] = others
    gps.income[partners] += np.nan_to_num(raw)[own] * fte

    money = practices.head_money + practices.target_money + practices.scale_saving - practices.fee
    practices.membership_ring[:, slot] = np.where(practices.organisation >= 0, money, np.nan)
    duties = world.sum_by_practice(world.in_post(), gps.lead_sessions + gps.meeting_sessions)
    worth = p.locum_session * p.weeks_worked / 12.0 * (1.0 - world.policy.backfill) * duties
    practices.duty_ring[:, slot] = np.where(practices.organisation >= 0, worth, np.nan)
    money_each = _yearly_mean(practices.membership_ring) / np.where(partner_fte > 0, partner_fte, 1.0)
    duty_each = _yearly_mean(practices.duty_ring) / np.where(partner_fte > 0, partner_fte, 1.0)
    relative = money_each / np.maximum(practices.partner_income, 1.0)
    practices.relative_money[:] = np.where(partner_fte > 0, relative, 0.0)
    practices.net_benefit[:] = np.where(partner_fte > 0, money_each - duty_each, 0.0)


def _yearly_mean(ring: Array) -> Array:
    """What the months on record come to in a year, 0 without any; ring of shape (practices, 12)."""
    months = np.sum(~np.isnan(ring), axis=1)
    return np.asarray(12.0 * np.nansum(ring, axis=1) / np.maximum(months, 1))
