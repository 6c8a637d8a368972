"""Burnout of GPs (model section 6.4)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

PILOT = "tuned in a pilot to 43-46% high exhaustion (Orton; Pulse 2013)"


class WellbeingParameters(ParameterGroup):
    """Log-odds of burnout and how fast it moves."""

    base: float = parameter(
        -0.35, "log-odds of burnout at the reference workload", low=-0.7, high=0.0, grade="P", source=PILOT, symbol="q0"
    )
    workload_effect: float = parameter(6.0, "effect of workload", low=3, high=9, grade="P", source=PILOT, symbol="b_w")
    workload_reference: float = parameter(0.97, "workload that is neither pressing nor easy", low=0.9, high=1.05)
    overload_effect: float = parameter(
        0.5, "effect on leaders of leadership work beyond their sessions", low=0, high=1.5, symbol="b_l"
    )
    heroic_effect: float = parameter(0.25, "effect on a leader of leading alone", low=0, high=1.5, symbol="b_h")
    support_effect: float = parameter(
        0.5, "relief from an engaged, capable organisation", low=0, high=1.5, symbol="b_s"
    )
    flexibility_effect: float = parameter(
        0.2, "relief of salaried GPs whose organisation runs a hub", low=0, high=1.5, symbol="b_f"
    )
    speed: float = parameter(
        0.10, "monthly adjustment of burnout", unit="per month", grade="P", source=PILOT, symbol="eta_B"
    )
    strain_spread: float = parameter(
        0.9, "spread of lasting strain between GPs", grade="P", source=PILOT, symbol="sd_B"
    )
    high_burnout: float = parameter(0.5, "burnout counted as high", low=0.4, high=0.6)
    intention_base: float = parameter(-0.6, "log-odds of the intention to leave within five years", low=-1.2, high=-0.3)
    intention_burnout: float = parameter(2.5, "effect of burnout on the intention to leave")
    intention_age: float = parameter(0.09, "effect of age on the intention to leave", unit="per year")
    burnout_reference: float = parameter(0.45, "burnout of the average GP", low=0.3, high=0.6)
    intention_age_reference: float = parameter(48.0, "age of the average GP", unit="years", low=40, high=55)
