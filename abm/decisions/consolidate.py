"""When organisations unite, and when a network becomes a federation (model section 6.11)."""

from __future__ import annotations

from fractions import Fraction
from math import log

import numpy as np
from numpy.typing import NDArray

from abm.decisions.hazards import logistic
from abm.scenario.parameters.consolidation import ConsolidationParameters

Array = NDArray[np.float64]


def union_terms(p: ConsolidationParameters, trust: Array, distance: Array) -> dict[str, Array]:
    """How far each union recommends itself, term by term: mean trust of the members, less their mean distance (km)."""
    return {"trust": trust, "distance": -p.distance_weight * distance / p.distance_scale}


def board_terms(p: ConsolidationParameters, engagement: float) -> dict[str, float]:
    """Log-odds, term by term, that a board agrees to a union."""
    return {
        "base": p.board_base,
        "engagement": p.board_engagement * (engagement - p.board_engagement_reference),
    }


def escalation_terms(
    p: ConsolidationParameters,
    engagement: float,
    head_money: float,
    support: float,
    population: float,
    open_call: float,
) -> dict[str, float]:
    """Log-odds, term by term, in the hazard of putting becoming a federation to the vote.

    Args:
        engagement: mean engagement of the members.
        head_money: £ a head and year on offer.
        support: S of the commissioner.
        population: patients of the network.
        open_call: 0 or 1.
    """
    return {
        "engagement": p.escalation_engagement * (engagement - p.escalation_engagement_reference),
        "money": p.escalation_money * head_money,
        "support": p.escalation_support * (support - p.escalation_support_reference),
        "size": log(max(population, 1.0) / p.escalation_size_reference),
        "open_call": p.escalation_open_call * open_call,
    }


def escalation_hazard(p: ConsolidationParameters, terms: dict[str, float]) -> float:
    """Monthly hazard of that vote."""
    return p.escalation_rate * float(logistic(sum(terms.values())))


def carries(p: ConsolidationParameters, agreed: int, voted: int) -> bool:
    """Whether more than the quorum of the members that voted agreed; exact, so 3 of 5 do not pass 60%."""
    return voted > 0 and Fraction(agreed, voted) > Fraction(p.escalation_quorum).limit_denominator(100)
