"""How a partner votes on working together (model section 6.8)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from abm.decisions.hazards import logistic
from abm.scenario.parameters.voting import VotingParameters

Array = NDArray[np.float64]


def vote_terms(
    p: VotingParameters,
    *,
    income: float,
    relief: float,
    pressure: float,
    trust: float,
    norm: float,
    leader: float,
    autonomy_loss: float,
    risk_exposure: float,
    history: float,
    attitude: Array,
    autonomy: Array,
    merger: bool = False,
) -> dict[str, Array]:
    """U: a partner's utility of saying yes, term by term.

    Args:
        income: expected relative change of income.
        relief: expected relief of work.
        pressure: P of the practice.
        trust: mean trust in the members of the other side.
        norm: weighted share of neighbours who collaborate.
        leader: skill of who would lead.
        autonomy_loss: g of the form, 0 to 1.
        risk_exposure: share of income at risk under a contract, 0 to 1.
        history: own good and bad experiences, faded.
        attitude, autonomy: of each partner.
        merger: the practices are to become one, which cannot be undone.
    """
    everyone = np.ones_like(attitude)
    terms = {
        "money": p.money * income * everyone,
        "relief": p.relief * relief * (p.relief_base + max(0.0, pressure)) * everyone,
        "attitude": p.attitude * attitude,
        "trust": p.trust * trust * everyone,
        "norm": p.norm * norm * everyone,
        "leader": p.leader * leader * everyone,
        "autonomy": -p.autonomy * autonomy * autonomy_loss,
        "risk": -p.risk * autonomy_loss * p.risk_base * (1.0 + p.risk_exposure * risk_exposure) * everyone,
        "reluctance": -p.reluctance * everyone,
        "history": p.history * history * everyone,
    }
    if merger:
        terms["merger"] = -p.merger_reluctance * everyone
    return terms


def yes_chance(p: VotingParameters, terms: dict[str, Array]) -> Array:
    """Chance that each partner votes yes."""
    return logistic(p.sharpness * sum(terms.values()))


def votes_needed(quorum: float, voters: int) -> int:
    """Yes votes that carry a motion: the quorum is an exact fraction, so 2 of 3 pass two thirds."""
    return ceil(Fraction(quorum).limit_denominator(100) * voters)
