"""Attitude of GPs to working together (model section 6.6)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class AttitudeParameters(ParameterGroup):
    """Monthly changes of attitude."""

    social: float = parameter(0.02, "pull of colleagues' attitudes", unit="per month", low=0, high=0.04, symbol="soc")
    experience: float = parameter(
        0.03, "own experience of engagement", unit="per month", low=0, high=0.06, symbol="exp"
    )
    experience_reference: float = parameter(0.45, "engagement that neither pleases nor disappoints", low=0.3, high=0.6)
    money: float = parameter(
        0.2, "effect of relative money gained or lost", unit="per month", low=0, high=0.4, symbol="inc_l"
    )
    money_range: float = parameter(0.2, "relative money beyond which nobody responds more")
    development: float = parameter(
        0.01, "effect of organisation development", unit="per month", low=0, high=0.02, symbol="od_l"
    )
    witness_failure: float = parameter(0.05, "loss from seeing the collapse of an organisation next door")
    witness_distance: float = parameter(5.0, "distance over which what is seen of others fades by e", unit="km")
    advice_ties: int = parameter(
        4, "colleagues outside the practice whose advice a GP takes", unit="GPs", low=2, high=8
    )
    advice_distance: float = parameter(5.0, "distance over which advice ties fall by e", unit="km")
    advice_strength: tuple[float, float] = parameter(
        (0.3, 1.0), "range of the strength of an advice tie", low=0, high=1
    )
