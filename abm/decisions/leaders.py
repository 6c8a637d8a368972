"""Who is made leader, how much leadership is needed, and what it achieves (model section 6.9)."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.scenario.parameters.capability import CapabilityParameters
from abm.scenario.parameters.leadership import LeadershipParameters

Array = NDArray[np.float64]


def suitability_terms(p: LeadershipParameters, skill: Array, burnout: Array, attitude: Array) -> dict[str, Array]:
    """How far each GP recommends themselves as leader, term by term."""
    return {"skill": skill, "burnout": -p.choice_burnout * burnout, "attitude": p.choice_attitude * attitude}


def team_size(p: LeadershipParameters, members: int) -> int:
    """n_L: leaders of a team, about one for two practices."""
    return int(np.clip(ceil(p.team_share * members), *p.team_range))


def required_sessions(
    p: LeadershipParameters, members: int, formal: bool, mature: bool, goals: float, running_cost: float
) -> float:
    """R: weekly sessions of leadership that an organisation needs; paid managers take over a part."""
    sessions = (
        p.required_base
        + p.required_per_member * members
        + p.required_formal * (int(formal) + int(mature))
        + p.required_per_goal * max(0.0, goals - p.manageable_goals)
    )
    return sessions * (1.0 - p.managers_relief * min(1.0, running_cost / p.managers_cost))


def time_to_lead(agreed: Array, sessions: Array, board: Array) -> Array:
    """Weekly sessions that leaders give: what was agreed, at most what their contract and a board seat leave."""
    return np.clip(np.minimum(agreed, sessions - board), 0.0, None)


def heroic_leadership(skill: float, time: float, required: float) -> float:
    """L of a single leader: skill, less where one person's time does not suffice; times in weekly sessions."""
    return skill * _time_suffices(time, required)


def distributed_leadership(
    p: LeadershipParameters, skills: ArrayLike, times: ArrayLike, coordination: float, required: float
) -> float:
    """L of a team: what somebody in it can do, times how well they work together, less where time does not suffice.

    Args:
        skills, times: of each leader, 0 to 1 and weekly sessions; who gives no time adds no skill.
        coordination: phi.
        required: R, weekly sessions.
    """
    skill, time = np.asarray(skills, float), np.asarray(times, float)
    somebody = 1.0 - float(np.prod(1.0 - p.distributed_skill * skill * (time > 0)))
    return coordination * somebody * _time_suffices(float(time.sum()), required)


def _time_suffices(time: float, required: float) -> float:
    """Share of the leadership needed that the time given covers, 0 without any time."""
    if time <= 0:
        return 0.0
    return min(1.0, time / required) if required > 0 else 1.0


def capability_growth(
    p: CapabilityParameters,
    leadership: float,
    support: float,
    gain: float,
    goals: float,
    manageable: float,
    capability: Array,
    rate: Array,
) -> Array:
    """What each of the six capabilities gains in a month, before decay.

    Args:
        leadership: L.
        support: S of the commissioner.
        gain: 1 + psi OD.
        goals, manageable: number of goals, and how many can be followed at once.
        capability: the six capabilities, 0 to 1.
        rate: relative speed of each.
    """
    focus = np.exp(-p.focus_loss * (goals - manageable))
    return p.growth * leadership * (p.support_base + support) * gain * focus * rate * (1.0 - capability)
