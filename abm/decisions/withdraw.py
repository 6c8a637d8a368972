"""When a member withdraws from its organisation, and when an organisation fails (model section 6.12)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.scenario.parameters.withdrawal import WithdrawalParameters

Array = NDArray[np.float64]


def withdrawal_factors(
    p: WithdrawalParameters, engagement: Array, benefit: Array, exit_cost: Array
) -> dict[str, Array]:
    """What multiplies the hazard of withdrawing; arrays with one element for each member.

    Args:
        engagement: E.
        benefit: net benefit of membership a partner and year, in reference partner incomes.
        exit_cost: share of withdrawals that the form prevents.
    """
    return {
        "engagement_factor": np.exp(-p.engagement_effect * (engagement - p.engagement_reference)),
        "benefit_factor": np.exp(-p.benefit_effect * benefit),
        "exit_cost_factor": 1.0 - exit_cost,
    }


def withdrawal_hazard(p: WithdrawalParameters, factors: dict[str, Array]) -> Array:
    """Monthly hazard that each member withdraws."""
    return p.rate * factors["engagement_factor"] * factors["benefit_factor"] * factors["exit_cost_factor"]


def why_it_fails(
    p: WithdrawalParameters, low_months: int, reserve: float, population: float, capital: float = 0.0
) -> str:
    """Why an organisation cannot go on, in words; "" where it can.

    Args:
        low_months: months in a row of failing engagement, this one included.
        reserve: £, negative in debt.
        population: patients of its members.
        capital: £ a head that owners have put in; they lose it before anybody calls the debt too high.
    """
    if reserve < -(p.debt + capital) * population:
        return "its debt was too high"
    if low_months >= p.low_engagement_months:
        return "its members had lost interest"
    return ""
