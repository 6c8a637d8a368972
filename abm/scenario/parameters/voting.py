"""How partners vote (model section 6.8)."""

from abm.scenario.parameters.registry import FORMS, ParameterGroup, parameter

PILOT = "tuned in a pilot together with the hazard of exploring"


class VotingParameters(ParameterGroup):
    """Weights in a partner's utility of working together."""

    sharpness: float = parameter(3.0, "sharpness of the vote", low=1.5, high=6.0, symbol="kappa")
    money: float = parameter(3.0, "weight of relative income", grade="P", source=PILOT, symbol="w_Y")
    relief: float = parameter(0.6, "weight of relief under pressure", grade="P", source=PILOT, symbol="w_W")
    relief_base: float = parameter(0.5, "relief valued without any pressure")
    attitude: float = parameter(0.8, "weight of attitude", grade="P", source=PILOT, symbol="w_A")
    trust: float = parameter(0.7, "weight of trust", grade="P", source=PILOT, symbol="w_T")
    norm: float = parameter(0.6, "weight of neighbours' example", grade="P", source=PILOT, symbol="w_SN")
    leader: float = parameter(0.5, "weight of the leader's skill", grade="P", source=PILOT, symbol="w_L")
    autonomy: float = parameter(
        1.2, "weight of autonomy lost", low=0.6, high=100.0, likely=(0.6, 2.4), grade="P", source=PILOT, symbol="w_a"
    )
    risk: float = parameter(0.4, "weight of commitment and risk", grade="P", source=PILOT, symbol="w_R")
    risk_base: float = parameter(0.5, "risk of a commitment without any contract")
    risk_exposure: float = parameter(2.0, "further risk where all income is exposed under a contract")
    reluctance: float = parameter(0.25, "reluctance to change anything", grade="P", source=PILOT, symbol="c0")
    history: float = parameter(0.3, "weight of own experience of collaboration", grade="P", source=PILOT, symbol="w_h")
    history_decay: float = parameter(24.0, "months over which an experience fades by e", unit="months")
    history_good_year: float = parameter(0.45, "engagement that makes a year as member a good one", low=0.3, high=0.6)
    income_by_form: tuple[float, float, float, float, float, float] = parameter(
        (0.0, 0.03, 0.02, 0.0, 0.0, 0.07), f"relative income expected: {FORMS}", low=0.0, high=0.1
    )
    income_per_head_money: float = parameter(
        0.10,
        "relative income expected for £1 a head",
        unit="per £/head",
        low=0.02,
        high=0.15,
        grade="P",
        source=PILOT,
        symbol="y_head",
    )
    relief_founding: float = parameter(0.20, "relief expected of founding")
    relief_joining: float = parameter(0.15, "relief expected of joining an organisation without capability")
    relief_merger: float = parameter(0.40, "relief expected of a merger inside a federation")
    relief_survival: float = parameter(0.60, "relief expected of a merger sought for survival")
    merger_reluctance: float = parameter(0.20, "further reluctance to merge, which cannot be undone")
    relief_capability: float = parameter(0.3, "relief expected for a unit of its capability")
    quorum: tuple[float, float, float, float, float, float] = parameter(
        (0.5, 0.6666666666666666, 0.6666666666666666, 0.6, 0.6666666666666666, 0.75),
        f"share of partners who must agree: {FORMS}",
        low=0.5,
        high=1.0,
    )
    salaried_weight: float = parameter(
        0.2, "weight of salaried GPs in a practice's attitude", low=0, high=1, symbol="nu_sal"
    )
