"""Who merges with whom, how long the talks last, and what ends them (model section 6.11)."""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from abm.scenario.parameters.mergers import MergerParameters

Array = NDArray[np.float64]

DIFFERENCES = {
    "trust_factor": "the practices did not trust each other enough",
    "income_factor": "their partners' incomes were too far apart",
    "quality_factor": "their quality was too far apart",
    "premises_factor": "the costs of their premises were too far apart",
}
WITHOUT_CAUSE = "due diligence found an obstacle"


def proposal_hazard(p: MergerParameters, members: float) -> float:
    """Monthly hazard that a merger is proposed in a federation, which grows with its members."""
    return p.rate * members / p.usual_members


def survival_factor(p: MergerParameters, pressure: Array) -> Array:
    """How pressure multiplies the hazard that a small practice seeks a merger for its survival."""
    return np.exp(p.survival_pressure * pressure)


def match_terms(p: MergerParameters, trust: Array, distance: Array) -> dict[str, Array]:
    """What recommends each partner or group for a merger, term by term: trust, and nearness (km)."""
    return {"trust": trust, "distance": -distance / p.distance_scale}


def failure_factors(
    p: MergerParameters, trust: float, income: float, quality: float, premises: float
) -> dict[str, float]:
    """What multiplies the monthly hazard that due diligence ends the talks.

    Args:
        trust: mean trust between the practices.
        income: largest difference of partner incomes, in reference partner incomes.
        quality: largest difference of quality.
        premises: largest difference of the cost of premises, £ a patient and year.
    """
    return {
        "trust_factor": exp(-p.failure_trust * trust),
        "income_factor": exp(p.failure_income * income),
        "quality_factor": exp(p.failure_quality * quality),
        "premises_factor": exp(p.failure_premises * premises / p.premises_scale),
    }


def failure_hazard(p: MergerParameters, factors: dict[str, float]) -> float:
    """Monthly hazard that due diligence ends the talks."""
    return p.failure_rate * float(np.prod(list(factors.values())))


def why_it_failed(factors: dict[str, float]) -> str:
    """What spoke against the merger most, in words."""
    worst = max(factors, key=lambda name: factors[name])
    return DIFFERENCES[worst] if factors[worst] > 1.0 else WITHOUT_CAUSE


def becomes_super_partnership(p: MergerParameters, sites: int, patients: float) -> bool:
    """Whether a merged practice is large enough to be an organisation of its own."""
    return sites >= p.super_sites or patients >= p.super_list
