"""What form founders propose, whom members admit, when a convenor calls (model section 6.8)."""

from __future__ import annotations

from abm.scenario.parameters.founding import FoundingParameters


def federation_terms(p: FoundingParameters, head_money: float, open_call: float) -> dict[str, float]:
    """Log-odds, term by term, that founders propose a federation rather than an informal network."""
    return {
        "base": p.federation_base,
        "money": p.federation_money * head_money,
        "open_call": p.federation_open_call * open_call,
    }


def community_terms(p: FoundingParameters, deprivation: float, community: float, promoted: bool) -> dict[str, float]:
    """Log-odds, term by term, that founders choose a community health organisation rather than a federation.

    Args:
        deprivation: mean of the founders' areas, 0 to 1.
        community: engagement of patients and community, 0 to 1.
        promoted: whether the commissioner promotes the form.
    """
    return {
        "base": p.community_base,
        "deprivation": p.community_deprivation * (deprivation - p.community_deprivation_reference),
        "community": p.community_engagement * community,
        "promotion": p.community_promotion * promoted,
    }


def admission_terms(p: FoundingParameters, trust: float, engagement: float) -> dict[str, float]:
    """Log-odds, term by term, that members admit an applicant: size acts through engagement only."""
    return {
        "trust": p.admission_trust * (trust + p.admission_trust_base),
        "engagement": p.admission_engagement * (engagement - p.admission_engagement_reference),
    }


def call_hazard(p: FoundingParameters, support: float, open_call: bool) -> float:
    """Monthly hazard that a convenor calls the practices of a commissioner together."""
    return p.call_rate * support * (1.0 + p.call_incentive * open_call)
