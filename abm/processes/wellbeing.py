"""Burnout of GPs (model section 6.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.columns import Role
from abm.decisions.hazards import logistic
from abm.processes.outcomes import workload_of_gps
from abm.scenario.parameters.wellbeing import WellbeingParameters
from abm.world import World

Array = NDArray[np.float64]


def burnout_target(
    p: WellbeingParameters,
    workload: Array,
    overload: Array,
    heroic: Array,
    support: Array,
    flexible: Array,
    strain: Array,
) -> Array:
    """B*: where burnout tends to; arrays with one element for each GP.

    Args:
        workload: omega.
        overload: leadership required beyond the leaders' time, as a share, 0 for those who do not lead.
        heroic: 1 - d for leaders, 0 for others.
        support: engagement times capability of the organisation.
        flexible: 1 for salaried GPs whose organisation runs a hub.
        strain: lasting, standard normal.
    """
    return logistic(
        p.base
        + p.workload_effect * (workload - p.workload_reference)
        + p.overload_effect * overload
        + p.heroic_effect * heroic
        - p.support_effect * support
        - p.flexibility_effect * flexible
        + p.strain_spread * strain
    )


def intention(p: WellbeingParameters, burnout: Array, age: Array) -> Array:
    """Q: chance of wanting to leave within five years; an output, it drives nothing."""
    return logistic(
        p.intention_base
        + p.intention_burnout * (burnout - p.burnout_reference)
        + p.intention_age * (age - p.intention_age_reference)
    )


def update_wellbeing(world: World) -> None:
    """Move every GP's burnout towards where work, leadership and support pull it."""
    gps, practices, organisations, p = world.gps, world.practices, world.organisations, world.parameters.wellbeing
    overload, heroic = np.zeros(len(gps)), np.zeros(len(gps))
    leads = gps.alive & (gps.leads >= 0)
    if leads.any():
        led = gps.leads[leads]
        supply = np.maximum(organisations.lead_supply[led], 1e-9)
        overload[leads] = np.maximum(0.0, organisations.lead_required[led] / supply - 1.0)
        heroic[leads] = 1.0 - organisations.leader_mode[led]
    in_post = world.in_post()
    support = np.where(in_post, (practices.engagement * world.capability())[gps.practice], 0.0)
    hub = (world.of_organisation("hub_slots") > 0)[gps.practice]
    flexible = in_post & (gps.role == Role.SALARIED) & hub
    target = burnout_target(p, workload_of_gps(world), overload, heroic, support, flexible.astype(float), gps.strain)
    gps.burnout[:] = np.where(gps.alive, np.clip(gps.burnout + p.speed * (target - gps.burnout), 0.0, 1.0), gps.burnout)
    gps.intention[:] = intention(p, gps.burnout, gps.age)
