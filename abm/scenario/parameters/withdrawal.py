"""How members withdraw and how organisations end (model section 6.12)."""

from abm.scenario.parameters.registry import FORMS, ParameterGroup, parameter

PILOT = "tuned in a pilot together with joining"


class WithdrawalParameters(ParameterGroup):
    """The hazard of withdrawing, and what ends an organisation."""

    rate: float = parameter(
        0.010,
        "hazard that a member withdraws, at the reference engagement and without net benefit",
        unit="per month",
        low=0.0,
        high=0.02,
        likely=(0.003, 0.02),
        grade="P",
        source=PILOT,
        symbol="h_w",
    )
    engagement_effect: float = parameter(4.0, "fall of the log hazard for a unit of engagement")
    engagement_reference: float = parameter(0.45, "engagement at which the hazard is as given", low=0.3, high=0.6)
    benefit_effect: float = parameter(2.0, "fall of the log hazard for a net benefit of one partner income")
    exit_cost: tuple[float, float, float, float, float, float] = parameter(
        (0.0, 0.3, 0.3, 0.9, 0.9, 0.85),
        f"share of withdrawals that the cost of leaving prevents: {FORMS}",
        low=0,
        high=1,
    )
    low_engagement: float = parameter(
        0.25, "mean engagement below which an organisation is failing", low=0.0, high=0.4, likely=(0.125, 0.4)
    )
    low_engagement_months: int = parameter(
        6, "months of such engagement after which it is dissolved", unit="months", low=3, high=12
    )
    debt: float = parameter(2.0, "debt beyond which an organisation is dissolved", unit="£/head")
    cooldown: int = parameter(
        6, "months before practices explore again after their organisation ended", unit="months", low=3, high=12
    )
