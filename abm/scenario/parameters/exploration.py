"""When practices look for partners and whom they pick (model section 6.7)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

PILOT = "tuned in a pilot to uptake: about 60% after 12 months (GPonline 2015), 73% in 2015-16"


class ExplorationParameters(ParameterGroup):
    """The hazard of exploring and the score of a possible partner."""

    rate: float = parameter(
        0.12,
        "highest monthly chance to explore",
        unit="per month",
        low=0.0,
        high=0.25,
        likely=(0.05, 0.25),
        grade="P",
        source=PILOT,
        symbol="h_exp",
    )
    base: float = parameter(-1.4, "log-odds of exploring", low=-2.8, high=-0.7, grade="P", source=PILOT, symbol="b0")
    pressure: float = parameter(1.2, "effect of pressure", low=0, high=2.4, grade="P", source=PILOT, symbol="bP")
    attitude: float = parameter(1.5, "effect of attitude", low=0, high=3.0, grade="P", source=PILOT, symbol="bA")
    norm: float = parameter(
        2.0, "effect of neighbours who collaborate", low=0, high=4.0, grade="P", source=PILOT, symbol="bSN"
    )
    support: float = parameter(
        1.0, "effect of a supportive commissioner", low=0, high=2.0, grade="P", source=PILOT, symbol="bC"
    )
    money: float = parameter(
        0.35,
        "effect of money a head on offer",
        unit="per £/head",
        low=0,
        high=0.7,
        grade="P",
        source=PILOT,
        symbol="bF",
    )
    open_call: float = parameter(0.5, "effect of an open call", low=0, high=1.0, grade="P", source=PILOT, symbol="bO")
    headroom_floor: float = parameter(0.4, "exploring without any headroom, as a share of full headroom", low=0, high=1)
    headroom_half: float = parameter(0.05, "headroom at which half of its effect is reached")
    backfill_headroom: float = parameter(0.05, "headroom that full backfill gives")
    pressure_load: float = parameter(4.0, "pressure for a unit of workload above the reference")
    pressure_load_reference: float = parameter(0.97, "workload without pressure", low=0.9, high=1.05)
    pressure_load_range: tuple[float, float] = parameter(
        (-0.5, 1.5), "range of pressure from workload", low=(-1.0, 0.75), high=(-0.25, 3.0)
    )
    pressure_burnout: float = parameter(0.5, "pressure for a unit of burnout above the reference")
    pressure_burnout_reference: float = parameter(0.4, "burnout without pressure", low=0.2, high=0.6)
    pressure_income: float = parameter(0.5, "pressure from a relative fall of income")
    norm_distance: float = parameter(5.0, "distance over which a neighbour's example fades by e", unit="km")
    norm_least_trust: float = parameter(-0.2, "trust below which a neighbour is no example", low=-0.5, high=0.0)
    norm_across_commissioners: float = parameter(0.3, "weight of an example under another commissioner", low=0, high=1)
    distance_weight: float = parameter(1.0, "weight of distance in the choice of a partner", grade="A", symbol="g_d")
    distance_scale: float = parameter(6.0, "distance that counts as one unit", unit="km")
    trust_weight: float = parameter(1.5, "weight of trust", symbol="g_T")
    difference_weight: float = parameter(1.0, "weight of difference", symbol="g_h")
    difference_attitude: float = parameter(0.5, "share of attitude in difference")
    difference_list: float = parameter(0.3, "share of list size in difference")
    commissioner_weight: float = parameter(0.5, "weight of a common commissioner", symbol="g_c")
    complement_weight: float = parameter(
        0.3, "weight of capabilities that the partner has and oneself lacks", symbol="g_k"
    )
    choice_noise: float = parameter(0.5, "noise in the choice", symbol="tau")
    like_minded_distance_weight: float = parameter(0.2, "weight of distance where like-minded practices join")
    like_minded_difference_weight: float = parameter(3.0, "weight of difference where like-minded practices join")
    observation_noise: float = parameter(
        0.1, "spread of the error with which others' attitude and engagement are seen", low=0, high=0.3, symbol="obs_sd"
    )
    enthusiast_share: float = parameter(
        0.25, "share of practices counted as enthusiasts", low=0.1, high=0.5, symbol="enth_frac"
    )
    enthusiast_months: int = parameter(
        24, "months for which only enthusiasts may explore", unit="months", low=12, high=36, symbol="enth_until"
    )
    deadline_months: int = parameter(
        6, "months until the deadline of a universal offer", unit="months", low=3, high=12, symbol="deadline"
    )
