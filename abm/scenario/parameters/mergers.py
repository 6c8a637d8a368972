"""Mergers of practices, from the first thought to one practice (model section 6.11)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

PILOT = "tuned in a pilot to the fall in the number of practices (NHS Digital; BMJ Careers 2017)"


class MergerParameters(ParameterGroup):
    """Who thinks of merging, how long it takes, what makes it fail, and what it costs."""

    rate: float = parameter(
        0.02,
        "hazard that a merger is proposed in a federation of the usual size",
        unit="per month",
        low=0.0,
        high=0.05,
        likely=(0.01, 0.05),
        grade="P",
        source=PILOT,
    )
    usual_members: float = parameter(
        6.0, "members of a federation of the usual size; the hazard grows with them", unit="practices", low=3, high=12
    )
    triad_share: float = parameter(0.25, "share of proposals that are for three practices", low=0.0, high=0.5)
    distance_scale: float = parameter(3.0, "distance that outweighs one unit of trust", unit="km")
    survival_rate: float = parameter(
        0.003,
        "hazard that a small practice without pressure seeks a merger for its survival",
        unit="per month",
        low=0.0,
        high=0.006,
    )
    survival_pressure: float = parameter(1.5, "effect of pressure on the log of that hazard")
    survival_list: float = parameter(
        6_000.0, "list below which a practice may seek a merger for its survival", unit="patients"
    )
    diligence_months: float = parameter(9.0, "mean length of due diligence", unit="months", low=3.0, high=18.0)
    diligence_shape: float = parameter(3.0, "shape of its gamma distribution", low=1.5, high=6.0)
    faithful: float = parameter(
        0.9, "chance that a partner who agreed at first stands by it in the final vote", low=0.5, high=1.0
    )
    failure_rate: float = parameter(
        0.05,
        "hazard that due diligence ends the talks between strangers who are alike",
        unit="per month",
        low=0.0,
        high=0.1,
    )
    failure_trust: float = parameter(1.5, "fall of the log of that hazard for a unit of trust")
    failure_income: float = parameter(
        1.0, "its rise for a difference of partner incomes as large as the reference income"
    )
    failure_quality: float = parameter(0.5, "its rise for a unit of difference in quality")
    failure_premises: float = parameter(0.5, "its rise for a unit of difference in the cost of premises")
    premises_scale: float = parameter(
        12.0, "difference in the cost of premises that counts as one unit", unit="£/patient/year"
    )
    failure_cost: float = parameter(
        1.5, "what talks that failed have cost: a tenth of £15 a patient", unit="£/patient", low=0.75, high=3.0
    )
    failure_trust_loss: float = parameter(0.15, "trust lost between practices whose merger failed")
    failure_burnout: float = parameter(0.03, "burnout that a failed merger adds to the GPs of its practices")
    failure_cooldown: int = parameter(
        18, "months before a practice whose merger failed looks for partners again", unit="months", low=9, high=36
    )
    slots_lost: float = parameter(0.05, "share of GPs' time that joining up takes after a merger")
    joining_up_months: int = parameter(6, "months that joining up takes", unit="months", low=3, high=12)
    super_sites: int = parameter(
        3, "sites that make a merged practice a super-partnership", unit="sites", low=2, high=6
    )
    super_list: float = parameter(20_000.0, "patients that make a merged practice a super-partnership", unit="patients")
