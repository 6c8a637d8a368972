"""Multi-practice operators and the practices that they take over (model sections 5, 6.5 and 6.11)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class TakeoverParameters(ParameterGroup):
    """What an operator brings, what it offers, and what becomes of partners."""

    practices_per_operator: float = parameter(
        80.0, "practices for which the policy's number of operators is meant", unit="practices"
    )
    capability_contract: float = parameter(0.8, "an operator's capability in contracts", low=0.4, high=1.0)
    capability_other: float = parameter(0.6, "an operator's other capabilities", low=0.3, high=1.0)
    leadership: float = parameter(0.5, "leadership of an operator's central team", low=0.25, high=1.0)
    relief: float = parameter(0.8, "relief that partners expect of being taken over", low=0.4, high=1.6)
    income_share: float = parameter(
        0.85, "income that partners expect afterwards, as a share of the reference", low=0.5, high=1.0
    )
    engagement: float = parameter(0.35, "engagement of a practice that is taken over", low=0.2, high=0.7)
    partners_leave: float = parameter(0.2, "chance that a partner leaves practice at a takeover", low=0.0, high=0.4)
    partnerless_months: int = parameter(
        3, "months without partners after which salaried GPs no longer hold up a takeover", unit="months", low=1, high=6
    )
