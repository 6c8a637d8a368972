"""Engagement, effort, trust among members (model section 6.10)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

SIZE = "larger organisations find it harder to engage members (Addicott and Ham 2014); tuned in a pilot"


class EngagementParameters(ParameterGroup):
    """Log-odds of engagement, effort and the growth of trust."""

    base: float = parameter(-1.1, "log-odds of engagement", low=-2.2, high=-0.55, grade="P", source=SIZE, symbol="e0")
    leadership: float = parameter(2.0, "effect of leadership", grade="P", source=SIZE, symbol="e_L")
    capability: float = parameter(1.5, "effect of the organisation's capability", grade="P", source=SIZE, symbol="e_B")
    trust: float = parameter(1.0, "effect of trust in fellow members", grade="P", source=SIZE, symbol="e_T")
    size: float = parameter(
        0.5, "loss with the log of population", low=0.0, high=1.0, grade="P", source=SIZE, symbol="e_N"
    )
    size_reference: float = parameter(50_000.0, "population at which size neither helps nor harms", unit="people")
    autonomy: float = parameter(1.5, "effect of autonomy lost", grade="P", source=SIZE, symbol="e_g")
    control: float = parameter(0.5, "effect of control without support", grade="P", source=SIZE, symbol="e_c")
    distributed: float = parameter(
        0.4, "effect of coordinated, distributed leadership", grade="P", source=SIZE, symbol="e_d"
    )
    commissioner: float = parameter(1.0, "effect of a supportive commissioner")
    money: float = parameter(0.2, "effect of money a head", unit="per £/head")
    community: float = parameter(0.3, "effect of an engaged community", grade="P", source=SIZE, symbol="e_pat")
    community_own: float = parameter(0.2, "engagement of the community that a community health organisation adds")
    neutral: float = parameter(0.5, "support and community engagement without effect", low=0.25, high=0.75)
    speed: float = parameter(0.12, "monthly adjustment of engagement", unit="per month")
    effort_base: float = parameter(0.4, "effort without engagement, control or incentive", low=0.2, high=0.6)
    effort_engagement: float = parameter(0.3, "effort from engagement")
    effort_control: float = parameter(0.2, "effort from control with support")
    effort_incentive: float = parameter(0.3, "effort from money that practices can earn")
    effort_incentive_scale: float = parameter(5_000.0, "incentive that moves effort most", unit="£/GP/year")
    trust_alone: float = parameter(0.5, "trust that stands for fellow members where there are none")
    trust_growth: float = parameter(0.01, "monthly growth of trust among engaged members", unit="per month")
    trust_reference: float = parameter(0.4, "engagement above which trust grows", low=0.2, high=0.6)
    hospital_relation_growth: float = parameter(
        0.02, "monthly growth of the relation to hospitals from joint posts", unit="per month"
    )
    commissioner_relation_speed: float = parameter(
        0.02, "monthly adjustment of the relation to the commissioner", unit="per month"
    )
    hospital_relation_start: float = parameter(0.4, "relation of a new organisation to hospitals", low=0.2, high=0.8)
    commissioner_relation_start: float = parameter(
        0.5, "relation of a new organisation to its commissioner", low=0.25, high=0.75
    )
