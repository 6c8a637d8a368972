"""When a practice looks for partners, and whom it picks (model section 6.7).

Arrays have one element for each practice, in the score one for each candidate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.decisions.hazards import logistic
from abm.scenario.parameters.exploration import ExplorationParameters

Array = NDArray[np.float64]


def pressure(
    p: ExplorationParameters, workload: Array, burnout: Array, income: Array, reference_income: float
) -> Array:
    """P: how hard work, exhaustion and falling income press a practice to change."""
    work = np.clip(p.pressure_load * (workload - p.pressure_load_reference), *p.pressure_load_range)
    tired = p.pressure_burnout * (burnout - p.pressure_burnout_reference)
    poor = p.pressure_income * np.maximum(0.0, 1.0 - income / reference_income)
    return work + tired + poor


def headroom_factor(p: ExplorationParameters, load: Array, backfill: float) -> Array:
    """f(H): without slack there is no time to plan, however hard the pressure (the treadmill)."""
    headroom = np.maximum(0.0, 1.0 - load) + p.backfill_headroom * backfill
    return p.headroom_floor + (1.0 - p.headroom_floor) * headroom / (headroom + p.headroom_half)


def explore_terms(
    p: ExplorationParameters,
    pressure: Array,
    attitude: Array,
    norm: Array,
    support: Array,
    head_money: Array,
    open_call: Array,
) -> dict[str, Array]:
    """The terms in the log-odds of exploring; `head_money` in £ a head and year, `open_call` 0 or 1."""
    return {
        "base": np.full_like(pressure, p.base),
        "pressure": p.pressure * pressure,
        "attitude": p.attitude * attitude,
        "norm": p.norm * norm,
        "support": p.support * support,
        "money": p.money * head_money,
        "open_call": p.open_call * open_call,
    }


def explore_chance(p: ExplorationParameters, terms: dict[str, Array], headroom: Array) -> Array:
    """h: monthly chance to explore."""
    return p.rate * headroom * logistic(sum(terms.values()))


def norm_weight(
    p: ExplorationParameters, distance: Array, trust: Array, same_commissioner: NDArray[np.bool_], across: bool
) -> Array:
    """Weight of a neighbour's example, before the weights of one practice are scaled to sum to 1."""
    near = np.exp(-distance / p.norm_distance) * (trust > p.norm_least_trust)
    return near if across else near * np.where(same_commissioner, 1.0, p.norm_across_commissioners)


def partner_terms(
    p: ExplorationParameters,
    *,
    distance: Array,
    trust: Array,
    deprivation_gap: Array,
    attitude_gap: Array,
    list_gap: Array,
    same_commissioner: ArrayLike,
    complement: Array,
    like_minded: bool,
) -> dict[str, Array]:
    """V: the score of each candidate, term by term.

    Args:
        distance: km.
        attitude_gap: absolute difference of attitude, as seen with error.
        list_gap: absolute difference of the log of list size.
        complement: sum of the capabilities in which the candidate is stronger.
        like_minded: practices join the like-minded rather than the near.
    """
    near = p.like_minded_distance_weight if like_minded else p.distance_weight
    alike = p.like_minded_difference_weight if like_minded else p.difference_weight
    difference = deprivation_gap + p.difference_attitude * attitude_gap + p.difference_list * list_gap
    return {
        "distance": -near * distance / p.distance_scale,
        "trust": p.trust_weight * trust,
        "difference": -alike * difference,
        "commissioner": p.commissioner_weight * np.asarray(same_commissioner, float),
        "complement": p.complement_weight * complement,
    }
