"""Requests for appointments (model section 6.1)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

AgeBands = tuple[float, float, float, float, float]
"""One number for each age band: 0-14, 15-44, 45-64, 65-74, 75 and over."""


class DemandParameters(ParameterGroup):
    """How often patients ask for an appointment."""

    requests_by_age: AgeBands = parameter(
        (3.2, 4.2, 5.7, 7.8, 11.5),
        "requests to all staff by age band (0-14, 15-44, 45-64, 65-74, 75+), lost ones included",
        unit="per person per year",
        low=(2.88, 3.78, 5.13, 7.02, 10.35),
        high=(3.52, 4.62, 6.27, 8.58, 12.65),
        grade="D",
        source="5.16 GP and nurse consultations seen in 2013/14 (Hobbs, Lancet 2016) and 3% lost",
        symbol="rate_b",
    )
    weeks_alone: int = parameter(
        12, "weeks before the first month in which the diaries fill, unreported", unit="weeks", low=4, high=26
    )
    rate_scale: float = parameter(
        1.0, "scale of all request rates, fitted for each real place", low=0.8, high=1.3, symbol="rate_scale"
    )
    trend: float = parameter(
        0.01,
        "growth of requests a head",
        unit="per year",
        low=0.0,
        high=0.025,
        grade="D",
        source="+10.5% in six years (Hobbs, Lancet 2016)",
        symbol="trend",
    )
    season_amplitude: float = parameter(
        0.08,
        "winter excess of requests, as amplitude of a yearly cosine that peaks in January",
        low=0.04,
        high=0.15,
        symbol="season_amp",
    )
    proactive_effect: float = parameter(
        0.03,
        "share of requests of people over 65 that full proactive care saves",
        low=0.0,
        high=0.1,
        symbol="proactive",
    )
    proactive_reference: float = parameter(0.3, "integration at which proactive care has its full effect")
    open_days_per_year: float = parameter(
        253.0,
        "days a year on which practices open",
        unit="days",
        low=250,
        high=255,
        grade="D",
        source="weekdays less English bank holidays",
    )
