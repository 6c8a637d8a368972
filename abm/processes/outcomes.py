"""Load, access, continuity, hospital use and quality (model section 6.3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.calendar import WARM_UP_MONTHS
from abm.columns import QUALITY, REALTIME_INFO, RING, UTILISATION, Role
from abm.scenario.parameters.outcomes import OutcomeParameters
from abm.world import World

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


def load(gp_bound: Counts, hub_contacts: Counts, expected_slots: Array, highest: float) -> Array:
    """rho: requests that need a GP over the slots that GPs are expected to offer; rationing does not hide pressure."""
    return np.clip((gp_bound - hub_contacts) / expected_slots, 0.0, highest)


def access_of(
    urgent: Counts, same_day: Counts, routine: Counts, in_five_days: Counts, weight: float, before: Array
) -> Array:
    """Share of urgent requests met the same day and of routine ones in five open days, weighted; `before` if none."""
    asked = (urgent > 0) & (routine > 0)
    met = weight * same_day / np.maximum(urgent, 1) + (1.0 - weight) * in_five_days / np.maximum(routine, 1)
    return np.where(asked, met, before)


def integration(
    p: OutcomeParameters, engagement: Array, use: Array, information: Array, effort: Array, hospital: Array
) -> Array:
    """X: integrated care, from engagement, skill in utilisation and information, effort and good relations."""
    relation = p.integration_without_hospital + (1.0 - p.integration_without_hospital) * hospital
    return engagement * np.sqrt(use * information) * effort * relation * p.integration_without_contract


def clinical_target(
    p: OutcomeParameters, start: Array, gain: float, effort: Array, capability: Array, money: float
) -> Array:
    """Long-term-condition control or vaccination that effort, capability and money tied to targets lead to."""
    funded = min(1.0, (money / p.target_money_reference) ** 2)
    return np.minimum(p.clinical_ceiling, start + (1.0 - start) * gain * effort * capability * funded)


def earned_share(
    p: OutcomeParameters, now: Array, start: Array, gain: float, effort: Array, capability: Array
) -> Array:
    """Share of money tied to a clinical target that is earned: the way made towards what full funding can do."""
    full = clinical_target(p, start, gain, effort, capability, p.target_money_reference) - start
    return np.where(full > 0, np.clip((now - start) / np.where(full > 0, full, 1.0), 0.0, 1.0), 0.0)


def quality_target(
    p: OutcomeParameters, clinical: Array, organisation: Array, burnout: Array, turnover: Array
) -> Array:
    """Quality that clinical results, the organisation, burnout and turnover lead to."""
    return (
        p.quality_base
        + p.quality_clinical_effect * (clinical - p.quality_clinical_reference)
        + p.quality_organisation_effect * organisation
        - p.quality_burnout_effect * (burnout - p.quality_burnout_reference)
        - p.quality_turnover_effect * turnover
    )


def yearly_turnover(lost: Array, headcount: Array) -> Array:
    """GPs lost in the months on record over mean headcount, as a yearly rate; rings of shape (practices, 12)."""
    months = np.sum(~np.isnan(lost), axis=1)
    mean = np.nansum(headcount, axis=1) / np.maximum(months, 1)
    total = np.nansum(lost, axis=1)
    return np.where((months > 0) & (mean > 0), total / np.maximum(mean, 1e-9) * RING / np.maximum(months, 1), 0.0)


def update_outcomes(world: World) -> None:
    """Turn the month's appointments into load, access, continuity, hospital use and quality."""
    counts, practices, p = world.counts, world.practices, world.parameters.outcomes
    assert counts is not None
    lists = world.lists()
    practices.load[:] = load(
        counts.gp_bound, counts.hub_contacts, practices.expected_slots, world.parameters.capacity.highest_load
    )
    setup = world.formal_members() & (world.month - practices.setup_since <= p.setup_months)
    setup |= world.month - practices.merged_since <= p.setup_months
    practices.workload[:] = practices.load * (1.0 + p.setup_workload * setup)
    practices.access[:] = access_of(
        counts.urgent_requests,
        counts.urgent_same_day,
        counts.routine_requests,
        counts.routine_within_5,
        p.urgent_weight,
        practices.access,
    )
    practices.turnover[:] = yearly_turnover(practices.lost_ring, practices.headcount_ring)
    contacts = counts.gp_contacts + counts.hub_contacts
    usual = np.where(contacts > 0, counts.usual_gp_contacts / np.maximum(contacts, 1), practices.continuity)
    target = (
        usual
        - p.continuity_size_loss * np.log2(np.maximum(lists, 1.0) / np.maximum(practices.list_start, 1.0))
        - p.continuity_turnover_loss * practices.turnover
    )
    practices.continuity[:] = np.clip(practices.continuity + p.continuity_speed * (target - practices.continuity), 0, 1)
    _update_references(world, lists)
    _update_clinical(world)
    reference = world.references
    practices.attendances[:] = (
        lists
        * p.attendance_rate
        / 12.0
        * practices.need
        * np.exp(-p.attendance_access_effect * (practices.access - reference.access))
    )
    practices.admissions[:] = (
        lists
        * p.admission_rate
        / 12.0
        * practices.need
        * np.exp(
            -p.admission_continuity_effect * (practices.continuity - reference.continuity)
            - p.admission_integration_effect * practices.integration
        )
    )


def _update_references(world: World, lists: Array) -> None:
    """The warm-up's list-weighted means are what later months are compared with."""
    references, practices = world.references, world.practices
    if world.month > 0 or lists.sum() == 0:
        return
    references.months = world.month + WARM_UP_MONTHS
    references.mix("access", float(np.average(practices.access, weights=lists)))
    references.mix("continuity", float(np.average(practices.continuity, weights=lists)))


def _update_clinical(world: World) -> None:
    """Clinical results, integration and quality follow what the organisation can do."""
    practices, organisations, p = world.practices, world.organisations, world.parameters.outcomes
    member = practices.organisation >= 0
    capability, mean = np.zeros_like(practices.capability), world.capability()
    if len(organisations):
        each = organisations.personal + organisations.institutional
        capability[member] = each[practices.organisation[member]]
    practices.integration[:] = integration(
        p,
        practices.engagement,
        capability[:, UTILISATION],
        capability[:, REALTIME_INFO],
        practices.effort,
        world.of_organisation("relation_hospital"),
    )
    money = world.policy.target_money
    earned = np.zeros(len(practices))
    for share, start, gain in (
        (practices.long_term_conditions, practices.long_term_conditions_start, p.long_term_condition_gain),
        (practices.vaccination, practices.vaccination_start, p.vaccination_gain),
    ):
        share[:] += p.clinical_speed * (clinical_target(p, start, gain, practices.effort, mean, money) - share)
        earned += earned_share(p, share, start, gain, practices.effort, mean) / 2.0
    practices.target_money[:] = money * earned * member * world.lists() / 12.0
    gps, in_post = world.gps, world.in_post()
    headcount = world.sum_by_practice(in_post)
    burnout = np.where(headcount > 0, world.mean_by_practice(in_post, gps.burnout), p.quality_burnout_reference)
    target = quality_target(
        p,
        (practices.long_term_conditions + practices.vaccination) / 2.0,
        practices.engagement * capability[:, QUALITY] * practices.effort,
        burnout,
        practices.turnover,
    )
    practices.quality[:] = np.clip(practices.quality + p.quality_speed * (target - practices.quality), 0.0, 1.0)


def workload_of_gps(world: World) -> Array:
    """Omega of each GP: partners carry the set-up of organisations, sessional GPs choose their work."""
    gps, practices = world.gps, world.practices
    work = np.where(gps.role == Role.PARTNER, practices.workload[gps.practice], practices.load[gps.practice])
    return np.where(gps.role == Role.SESSIONAL, world.parameters.outcomes.sessional_workload, work)
