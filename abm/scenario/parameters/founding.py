"""Founding, joining, being called together (model section 6.8)."""

from abm.scenario.parameters.registry import FORMS, ParameterGroup, parameter


class FoundingParameters(ParameterGroup):
    """Which form is proposed, who is admitted, how often a convenor calls."""

    federation_base: float = parameter(-1.1, "log-odds that founders propose a federation", low=-2.2, high=-0.55)
    federation_money: float = parameter(0.6, "effect of money a head", unit="per £/head")
    federation_open_call: float = parameter(0.5, "effect of an open call")
    community_base: float = parameter(
        -3.0,
        "log-odds that founders of a formal organisation choose a community health organisation",
        low=-6.0,
        high=-1.5,
    )
    community_deprivation: float = parameter(3.0, "effect of deprivation on that choice")
    community_deprivation_reference: float = parameter(0.5, "deprivation without effect", low=0.25, high=0.75)
    community_engagement: float = parameter(2.0, "effect of an engaged community")
    community_promotion: float = parameter(2.0, "effect of promoting the form")
    lay_share: tuple[float, float, float, float, float, float] = parameter(
        (0.2, 0.2, 0.5, 0.2, 0.2, 0.2), f"share of lay members of the board: {FORMS}", low=0.0, high=1.0
    )
    failed_talks_trust: float = parameter(0.03, "trust lost when talks fail")
    failed_talks_months: int = parameter(6, "months before a practice explores again", unit="months", low=3, high=12)
    admission_trust: float = parameter(3.0, "weight of trust in admitting a practice")
    admission_trust_base: float = parameter(0.2, "trust credited to any applicant")
    admission_engagement: float = parameter(4.0, "weight of members' engagement in admitting")
    admission_engagement_reference: float = parameter(
        0.45, "engagement that neither opens nor closes", low=0.3, high=0.6
    )
    legal_shares: tuple[float, float, float] = parameter(
        (0.5, 0.3, 0.2),
        "legal forms of federations: company, community interest company, limited liability partnership",
        low=0.0,
        high=1.0,
    )
    defection_trust: float = parameter(0.10, "trust lost by leaving a group")
    call_rate: float = parameter(
        0.02,
        "monthly hazard that a convenor calls the practices of a commissioner",
        unit="per month",
        low=0,
        high=0.06,
        symbol="call_rate",
    )
    call_incentive: float = parameter(2.0, "relative gain of that hazard under an open call")
    call_coverage: float = parameter(
        0.5, "share of patients in one formal organisation above which nobody calls", low=0.25, high=1.0
    )
    call_least_members: int = parameter(3, "practices that must agree to a call", unit="practices", low=2, high=6)
    seed_share: float = parameter(
        0.25,
        "share of practices that collaborate at the start",
        low=0.0,
        high=0.5,
        grade="S",
        source="collaboration before 2014 as the founding documents describe it",
        symbol="seed_collab",
    )
    seed_sizes: tuple[int, int] = parameter(
        (3, 6), "sizes of the groups at the start", unit="practices", low=2, high=10
    )
    seed_practices_per_federation: float = parameter(
        80.0, "practices for which one of the groups at the start is a federation", unit="practices"
    )
    seed_age: int = parameter(12, "age of the groups at the start", unit="months", low=0, high=36)
    seed_capability: float = parameter(0.2, "capability of the groups at the start", low=0.0, high=0.5)
    seed_trust_weight: float = parameter(
        4.0, "trust, in km, in choosing neighbours for a group at the start", unit="km"
    )
    deadline_noes: int = parameter(
        2,
        "motions voted down during a universal offer that spare a practice from being placed",
        unit="motions",
        low=1,
        high=4,
    )
    engagement_founder: float = parameter(0.55, "engagement of founders", low=0.3, high=0.8)
    engagement_joiner: float = parameter(0.50, "engagement of those who join later", low=0.3, high=0.8)
