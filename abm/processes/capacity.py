"""GP time: sessions net of leadership, meetings and boards, locum cover, the hub (model section 6.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.columns import Form, Role
from abm.decisions.leaders import time_to_lead
from abm.locality.population import posts_sought
from abm.world import World

Array = NDArray[np.float64]


def share_pool(demand: Array, weight: Array, pool: float) -> Array:
    """Locum sessions for each practice: pro rata to weighted demand, at most the demand, at most the pool.

    Args:
        demand: sessions a week that each practice seeks.
        weight: 1, more where staff are shared.
        pool: sessions a week on offer.
    """
    if pool >= demand.sum():
        return demand.copy()
    given = np.zeros_like(demand)
    wanting = demand > 0
    left = pool
    while wanting.any() and left > 1e-12:  # those who reach their demand leave the rest to the others
        claim = np.where(wanting, demand * weight, 0.0)
        offer = np.minimum(claim * (left / claim.sum()), demand - given)
        given += offer
        left = pool - given.sum()
        full = wanting & (given >= demand - 1e-12)
        if not full.any():
            break
        wanting &= ~full
    return given


def hub_slots(hub_share: float, maturity: float, engagement: Array, capability: Array, weekly_slots: Array) -> Array:
    """Weekly hub slots of organisations: a share of members' GP slots that grows with engagement and capability."""
    return hub_share * np.minimum(1.0, engagement * capability / maturity) * weekly_slots


def set_posts(world: World) -> None:
    """Posts and staff follow the list; funded additional staff come on top."""
    practices = world.practices
    lists = world.lists()
    practices.fte_target[:] = posts_sought(lists, practices.deprivation, world.parameters)
    practices.nurse_fte[:] = practices.nurse_per_patient * lists
    practices.registrar_fte[:] = practices.registrar_per_patient * lists
    practices.other_fte[:] = practices.other_per_patient * lists + world.policy.mdt_fte_per_10k * lists / 10_000.0


def set_capacity(world: World) -> None:
    """Fix the month's clinical time before its first day."""
    set_posts(world)
    gps, practices, p = world.gps, world.practices, world.parameters.capacity
    in_post = world.in_post()
    _other_duties(world, in_post)
    elsewhere = gps.board_sessions + gps.lead_sessions + gps.meeting_sessions + gps.joining_up_sessions
    available = np.where(gps.alive, gps.sessions - elsewhere, 0.0)

    duties = world.sum_by_practice(in_post, gps.lead_sessions + gps.meeting_sessions)
    vacant = p.sessions_per_fte * np.maximum(0.0, world.vacancy())
    backfill = world.policy.backfill * duties
    demand = vacant + backfill
    weight = 1.0 + p.backfill_with_federation * practices.engagement * world.formal_members()
    sessional = gps.alive & (gps.role == Role.SESSIONAL)
    gps.clinical_sessions[:] = 0.0
    gps.sold_sessions[:] = 0.0
    practices.cover_sessions[:] = 0.0
    for commissioner in range(len(world.commissioners)):
        here = practices.commissioner == commissioner
        locums = sessional & (gps.commissioner == commissioner)
        pool = float(available[locums].sum())
        given = share_pool(demand[here], weight[here], pool)
        practices.cover_sessions[here] = given
        if pool > 0:
            gps.sold_sessions[locums] = available[locums] * (given.sum() / pool)
    practices.backfilled_sessions[:] = practices.cover_sessions * backfill / np.where(demand > 0, demand, 1.0)

    _lend_to_hubs(world, in_post, available)
    gps.clinical_sessions[in_post] = (available - gps.hub_sessions)[in_post]
    slots = world.parameters.appointments
    own = world.sum_by_practice(in_post, gps.clinical_sessions)
    weekly = (own + practices.cover_sessions) * slots.slots_gp + (
        practices.registrar_fte * slots.sessions_registrar * slots.slots_registrar
    )
    least = p.least_slots_fte * p.sessions_per_fte * slots.slots_gp
    practices.expected_slots[:] = np.maximum(weekly, least) * world.open_days / 5.0 * p.availability


def _other_duties(world: World, in_post: NDArray[np.bool_]) -> None:
    """Board, leadership and meetings take what is there, in that order; joining up takes a part of what is left."""
    gps, finance = world.gps, world.parameters.finance
    seat = world.parameters.commissioning.board_sessions
    gps.board_sessions[:] = np.where(gps.alive & gps.board_seat, np.minimum(seat, gps.sessions), 0.0)
    leads = gps.alive & (gps.leads >= 0)
    wanted = np.where(leads, gps.lead_sessions_agreed, 0.0)
    gps.lead_sessions[:] = time_to_lead(wanted, gps.sessions, gps.board_sessions)
    gps.meeting_sessions[:] = 0.0
    meeting = np.zeros(len(world.practices))
    for form in Form:
        meeting[world.in_form(form)] = finance.meeting_sessions[form]
    partners = in_post & (gps.role == Role.PARTNER)
    left = gps.sessions - gps.board_sessions - gps.lead_sessions
    gps.meeting_sessions[partners] = np.minimum(meeting[gps.practice[partners]], left[partners])
    p = world.parameters.mergers
    joining_up = world.month - world.practices.merged_since <= p.joining_up_months
    busy = in_post & joining_up[gps.practice]
    gps.joining_up_sessions[:] = np.where(busy, p.slots_lost * (left - gps.meeting_sessions), 0.0)


def _lend_to_hubs(world: World, in_post: NDArray[np.bool_], available: Array) -> None:
    """Members' GPs lend their organisation's hub sessions pro rata."""
    gps, organisations, p = world.gps, world.organisations, world.parameters.capacity
    gps.hub_sessions[:] = 0.0
    if not len(organisations):
        return
    organisation = np.where(in_post, world.practices.organisation[gps.practice], -1)
    lender = in_post & (organisation >= 0)
    sessions = np.bincount(organisation[lender], available[lender], len(organisations)).astype(float)
    weekly = sessions * world.parameters.appointments.slots_gp
    capability = (organisations.personal + organisations.institutional).mean(axis=1)
    open_hub = organisations.alive & (organisations.form > Form.INFORMAL)
    organisations.hub_slots[:] = np.where(
        open_hub, hub_slots(p.hub_share, p.hub_maturity, organisations.engagement, capability, weekly), 0.0
    )
    share = organisations.hub_slots / np.where(weekly > 0, weekly, 1.0)
    gps.hub_sessions[lender] = available[lender] * share[organisation[lender]]
