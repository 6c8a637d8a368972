"""Attitudes to working together (model section 6.6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.scenario.parameters.attitudes import AttitudeParameters
from abm.world import World

Array = NDArray[np.float64]


def attitude_change(
    p: AttitudeParameters,
    attitude: Array,
    advised: Array,
    engagement: Array,
    member: Array,
    money: Array,
    development: Array,
) -> Array:
    """Monthly change of attitude; arrays with one element for each GP.

    Args:
        advised: mean attitude of the colleagues whose advice is taken.
        engagement: E of the practice.
        member: 1 in an organisation.
        money: net money of membership over partner income.
        development: OD, 0 to 1.
    """
    return (
        p.social * (advised - attitude)
        + p.experience * (engagement - p.experience_reference) * member
        + p.money * np.clip(money, -p.money_range, p.money_range)
        + p.development * development * (1.0 - attitude)
    )


def advised_attitude(tie: NDArray[np.int32], strength: Array, alive: NDArray[np.bool_], attitude: Array) -> Array:
    """Mean attitude of each GP's advisers, weighted by strength; their own where no adviser is left."""
    weight = np.where((tie >= 0) & alive[tie], strength, 0.0)
    total = weight.sum(axis=1)
    heard = (weight * attitude[tie]).sum(axis=1) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, heard, attitude)


def update_attitudes(world: World) -> None:
    """Colleagues, experience, money and development move attitudes."""
    gps, practices = world.gps, world.practices
    in_post = world.in_post()
    place = gps.practice
    member = in_post & (practices.organisation[place] >= 0)
    change = attitude_change(
        world.parameters.attitudes,
        gps.attitude,
        advised_attitude(gps.tie, gps.tie_strength, gps.alive, gps.attitude),
        practices.engagement[place],
        member.astype(float),
        np.where(in_post, practices.relative_money[place], 0.0),
        world.development()[gps.commissioner],
    )
    gps.attitude[:] = np.where(gps.alive, np.clip(gps.attitude + change, -1.0, 1.0), gps.attitude)
