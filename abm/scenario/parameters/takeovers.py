"""Operators and NHS trusts, and the practices that they take over (model sections 2, 5, 6.5 and 6.11)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class TakeoverParameters(ParameterGroup):
    """What an operator or a trust brings, what it offers, and what becomes of partners."""

    practices_per_economy: float = parameter(
        80.0,
        "practices of a local health economy, for which numbers of operators and trusts are meant",
        unit="practices",
    )
    capability_contract: float = parameter(0.8, "an operator's capability in contracts", low=0.4, high=1.0)
    capability_other: float = parameter(0.6, "an operator's other capabilities", low=0.3, high=1.0)
    trusts: int = parameter(2, "NHS trusts for that many practices", unit="trusts", low=0, high=4)
    trust_willingness: tuple[float, float] = parameter(
        (0.5, 0.1), "mean and spread of trusts' willingness to run practices", low=0.0, high=1.0
    )
    least_willingness: float = parameter(
        0.5, "willingness above which a trust takes practices over", low=0.25, high=1.0
    )
    trust_months: int = parameter(
        6,
        "months in which nobody took a practice over before a trust may, where trusts come second",
        unit="months",
        low=3,
        high=12,
    )
    trust_capability: float = parameter(0.7, "a trust's capabilities", low=0.35, high=1.0)
    trust_engagement: float = parameter(0.3, "engagement of a practice that a trust takes over", low=0.15, high=0.6)
    trust_hospital_relation: float = parameter(
        0.8, "relation to hospitals of an organisation that a trust leads", low=0.4, high=1.0
    )
    leadership: float = parameter(0.5, "leadership of a central team that employs its GPs", low=0.25, high=1.0)
    relief: float = parameter(0.8, "relief that partners expect of being taken over", low=0.4, high=1.6)
    income_share: float = parameter(
        0.85, "income that partners expect afterwards, as a share of the reference", low=0.5, high=1.0
    )
    engagement: float = parameter(0.35, "engagement of a practice that an operator takes over", low=0.2, high=0.7)
    partners_leave: float = parameter(0.2, "chance that a partner leaves practice at a takeover", low=0.0, high=0.4)
    partnerless_months: int = parameter(
        3, "months without partners after which salaried GPs no longer hold up a takeover", unit="months", low=1, high=6
    )
