"""How organisations grow together and become formal (model section 6.11)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

PILOT = "tuned in a pilot to the share of practices in organisations of over 30,000 (BJGP 2019)"


class ConsolidationParameters(ParameterGroup):
    """Unions of organisations, and the step from an informal network to a federation."""

    rate: float = parameter(
        0.04,
        "hazard that an organisation seeks a union with another",
        unit="per month",
        low=0.0,
        high=0.12,
        likely=(0.02, 0.12),
        grade="P",
        source=PILOT,
        symbol="con_rate",
    )
    distance_weight: float = parameter(0.33, "trust that one unit of mean distance to the other side outweighs")
    distance_scale: float = parameter(6.0, "distance that counts as one unit", unit="km")
    least_score: float = parameter(
        -0.05, "mean trust less distance above which a union is thought of", low=-0.3, high=0.2
    )
    board_base: float = parameter(0.4, "log-odds that a board agrees to a union", low=-0.8, high=0.8)
    board_engagement: float = parameter(2.0, "effect of the members' engagement on its board")
    board_engagement_reference: float = parameter(0.45, "engagement without effect on a board", low=0.3, high=0.6)
    escalation_rate: float = parameter(
        0.06,
        "highest monthly hazard that a network puts becoming a federation to the vote",
        unit="per month",
        low=0.0,
        high=0.12,
    )
    escalation_age: int = parameter(6, "age before which no network does so", unit="months", low=3, high=12)
    escalation_engagement: float = parameter(4.0, "effect of engagement on that hazard")
    escalation_engagement_reference: float = parameter(0.45, "engagement without effect on it", low=0.3, high=0.6)
    escalation_money: float = parameter(0.8, "effect of money a head", unit="per £/head")
    escalation_support: float = parameter(1.0, "effect of a supportive commissioner")
    escalation_support_reference: float = parameter(0.5, "support without effect", low=0.25, high=0.75)
    escalation_size_reference: float = parameter(30_000.0, "population without effect", unit="patients")
    escalation_open_call: float = parameter(1.0, "effect of an open call")
    escalation_quorum: float = parameter(0.6, "share of members of which more must agree", low=0.5, high=0.9)
