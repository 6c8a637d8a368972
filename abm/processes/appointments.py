"""From the month's capacity and demand to every single appointment (model sections 6.1 and 6.2)."""

from __future__ import annotations

from datetime import date, timedelta
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from abm.appointments.interface import ACCESS_MODELS, MonthPlan
from abm.calendar import FIRST_MONTH, Calendar
from abm.scenario.parameters.demand import DemandParameters
from abm.world import World

Array = NDArray[np.float64]


def season(amplitude: float, calendar_month: int) -> float:
    """Factor on requests: highest in January, lowest in July, mean 1 over the year."""
    return 1.0 + amplitude * cos(2.0 * pi * (calendar_month - 1) / 12.0)


def requests_per_open_day(
    p: DemandParameters, list_by_age: Array, need: Array, integration: Array, years: float, season: float
) -> Array:
    """Mean requests of an average open day, by practice and age band.

    Args:
        list_by_age: patients, shape (practices, 5).
        need: multiplier for each practice.
        integration: X of each practice; proactive care spares people over 65 some requests.
        years: since the end of the warm-up.
        season: factor of the calendar month.
    """
    per_day = np.asarray(p.requests_by_age) * p.rate_scale * (1.0 + p.trend) ** years * season / p.open_days_per_year
    requests = list_by_age * need[:, None] * per_day
    spared = p.proactive_effect * np.minimum(1.0, integration / p.proactive_reference)
    requests[:, 3:] *= (1.0 - spared)[:, None]
    return np.asarray(requests)


def plan_of(world: World, first_day: date, last_day: date, calendar_month: int) -> MonthPlan:
    """What the appointment layer is told before a month's first day; `calendar_month` sets the season."""
    gps, practices, organisations, policy = world.gps, world.practices, world.organisations, world.policy
    demand = world.parameters.demand
    in_post = np.flatnonzero(world.in_post())
    in_post = in_post[np.lexsort((gps.key[in_post], gps.practice[in_post]))]
    hubs = np.where(organisations.alive, organisations.hub_slots, 0.0)  # a hub's number is its organisation's row
    member = practices.organisation >= 0
    of_hub = np.where(member, practices.organisation, -1).astype(np.int64)
    of_hub[member] = np.where(hubs[of_hub[member]] > 0, of_hub[member], -1)
    served_by = practices.served_by.astype(np.int64)
    requests = requests_per_open_day(
        demand,
        practices.list_by_age,
        practices.need,
        practices.integration,
        world.years,
        season(demand.season_amplitude, calendar_month) * world.weather.demand,
    )
    n = len(practices)
    return MonthPlan(
        first_day=first_day,
        last_day=last_day,
        requests_per_open_day=requests[served_by] * practices.site_share[:, None],
        gp_practice=gps.practice[in_post].astype(np.int64),
        gp_key=gps.key[in_post],
        gp_sessions=gps.clinical_sessions[in_post].copy(),
        usual_gp_weight=gps.sessions[in_post].copy(),
        cover_sessions=practices.cover_sessions.copy(),
        registrar_fte=practices.registrar_fte.copy(),
        nurse_fte=practices.nurse_fte.copy(),
        other_fte=practices.other_fte.copy(),
        hub=of_hub,
        hub_slots_week=hubs,
        access_model=np.full(n, ACCESS_MODELS.index(policy.access_model), np.int8),
        pharmacy_first=np.full(n, policy.pharmacy_first),
        shared_record=np.full(n, policy.shared_record),
        served_by=served_by,
    )


def play_appointments(world: World) -> None:
    """Let every request of the month meet the diaries, to the month's last day."""
    calendar, month = world.calendar, world.month
    if month == FIRST_MONTH:
        fill_diaries(world)
    first, last = calendar.first_day(month), calendar.last_day(month)
    world.counts = world.appointments.run_month(plan_of(world, first, last, first.month))


def diaries_begin(p: DemandParameters, calendar: Calendar) -> date:
    """The first day of the appointment layer, some weeks before the warm-up."""
    return calendar.first_day(FIRST_MONTH) - timedelta(weeks=p.weeks_alone)


def fill_diaries(world: World) -> None:
    """Run the layer alone until it is settled, staff and rates frozen at their start."""
    first = world.calendar.first_day(world.month)
    begin = diaries_begin(world.parameters.demand, world.calendar)
    world.appointments.run_month(plan_of(world, begin, first - timedelta(1), first.month))
