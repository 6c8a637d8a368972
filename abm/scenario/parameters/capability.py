"""What an organisation learns to do (model section 6.9)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class CapabilityParameters(ParameterGroup):
    """Growth, loss and anchoring of the six capabilities."""

    growth: float = parameter(
        0.076,
        "monthly growth of capability under full leadership",
        unit="per month",
        low=0.04,
        high=0.12,
        grade="D",
        source="capability .6 after the two years that planning takes (Scaling up general practice 2016)",
        symbol="lam_K",
    )
    decay: float = parameter(0.004, "monthly loss of capability", unit="per month", symbol="d_K")
    support_base: float = parameter(0.5, "growth without a supportive commissioner", low=0.25, high=1.0)
    focus_loss: float = parameter(0.05, "loss of focus for each goal beyond the manageable")
    personal_heroic: float = parameter(
        0.6, "share of what is learnt that rests with the leader, heroic", low=0.3, high=0.9, symbol="pers"
    )
    personal_distributed: float = parameter(
        0.2, "share of what is learnt that rests with leaders, distributed", low=0.0, high=0.4, symbol="pers"
    )
    anchoring: float = parameter(0.01, "personal capability that becomes institutional", unit="per month")
    anchoring_development: float = parameter(1.0, "relative gain of anchoring from organisation development")
    information_without_fund: float = parameter(
        0.5, "growth of real-time information where IT is not funded", low=0.25, high=1.0
    )
    founding_share: float = parameter(
        0.5, "share of the best founder's capability that a new organisation has", low=0, high=1
    )
    goals_least: int = parameter(3, "goals no organisation is without", unit="goals", low=1, high=6)
    goals_mean_extra: float = parameter(3.0, "mean number of further goals at founding", unit="goals")
    goals_months: float = parameter(6.0, "months to drop a goal, before clarity", unit="months")
    clarity_base: float = parameter(0.5, "clarity that an unclear commissioner leaves", low=0.25, high=1.0)
