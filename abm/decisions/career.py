"""Careers of GPs: hazards of leaving, changing role and cutting sessions (model section 6.5).

All hazards are a year's; arrays have one element for each GP.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.scenario.parameters.workforce import WorkforceParameters

Array = NDArray[np.float64]


def burnout_multiplier(p: WorkforceParameters, burnout: Array) -> Array:
    """m(B): how burnout multiplies the hazards; 1 at the reference."""
    return np.exp(np.log(p.burnout_hazard_ratio) * (burnout - p.burnout_reference) / p.burnout_span)


def exit_hazard(p: WorkforceParameters, age: Array, burnout: Array, salaried: NDArray[np.bool_], bonus: float) -> Array:
    """Hazard of leaving practice."""
    by_age = np.asarray(p.exit_by_age)[np.searchsorted(p.age_bounds, age, side="right")]
    return by_age * burnout_multiplier(p, burnout) * bonus_multiplier(p, salaried, bonus)


def bonus_multiplier(p: WorkforceParameters, salaried: NDArray[np.bool_], bonus: float) -> Array:
    """How a share in the rewards keeps salaried GPs; 1 for all others."""
    return np.where(salaried, 1.0 - p.salaried_bonus_effect * bonus, 1.0)


def relative_income(p: WorkforceParameters, partner_income: Array, salaried_pay: float) -> Array:
    """y: partner income in salaried incomes, within the range that people respond to."""
    return np.clip(partner_income / salaried_pay, *p.income_range)


def leave_partnership_hazard(p: WorkforceParameters, burnout: Array, income: Array) -> Array:
    """Hazard of giving up a partnership for another role; `income` is y."""
    return p.partner_leaves_role * burnout_multiplier(p, burnout) * held_by_income(p, income)


def held_by_income(p: WorkforceParameters, income: Array) -> Array:
    """How income y keeps partners in their partnerships; 1 at the reference."""
    return np.exp(-(income - p.income_reference))


def leave_salaried_hazard(p: WorkforceParameters, burnout: Array) -> Array:
    """Hazard of giving up a salaried post for sessional work."""
    return p.salaried_to_sessional * burnout_multiplier(p, burnout)


def take_partnership_hazard(p: WorkforceParameters, burnout: Array, income: Array, autonomy: Array) -> Array:
    """Hazard of becoming partner where a post is free."""
    pull = partnership_multipliers(p, burnout, income, autonomy)
    return p.salaried_to_partner * pull["burnout_factor"] * pull["income_factor"] * pull["autonomy_factor"]


def partnership_multipliers(p: WorkforceParameters, burnout: Array, income: Array, autonomy: Array) -> dict[str, Array]:
    """How energy, partner income and the need of autonomy multiply the hazard of becoming partner."""
    return {
        "burnout_factor": np.maximum(0.0, p.partner_burnout_reference - burnout),
        "income_factor": np.exp(p.partner_income_effect * (income - p.income_reference)),
        "autonomy_factor": np.maximum(0.0, p.partner_autonomy_base - p.partner_autonomy_effect * autonomy),
    }


def cut_hazard(p: WorkforceParameters, burnout: Array, sessions: Array) -> Array:
    """Hazard of giving up one weekly session; nobody goes below the least."""
    return np.where(sessions - 1.0 >= p.least_sessions, p.fewer_sessions * burnout_multiplier(p, burnout), 0.0)


def practice_score(
    p: WorkforceParameters, vacancy: Array, quality: Array, workload: Array, organisation: Array, deprivation: Array
) -> dict[str, Array]:
    """What draws newcomers to a practice, term by term; the score is the sum.

    Args:
        vacancy: FTE, one for each practice.
        organisation: 1 where the organisation runs a hub or develops leaders.
    """
    return {
        "vacancy": vacancy,
        "quality": p.entry_quality_weight * quality,
        "load": -p.entry_load_weight * workload,
        "organisation": p.entry_organisation_weight * organisation,
        "deprivation": -p.entry_deprivation_weight * deprivation,
    }
