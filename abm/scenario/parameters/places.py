"""Made-up places (model section 5)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

LISTS = "lists of April 2015: 36% below 5,000, 1% above 20,000 (GPonline 2022)"


class PlaceParameters(ParameterGroup):
    """Lists, towns and deprivation of a synthetic place."""

    list_log_mean: float = parameter(8.73, "mean of the log of list size", low=8.3, high=9.1, grade="D", source=LISTS)
    list_log_spread: float = parameter(0.53, "spread of the log of list size", grade="D", source=LISTS)
    town_share: float = parameter(0.75, "share of practices in towns", low=0.0, high=1.0)
    town_radius: float = parameter(2.2, "spread of practices around a town's centre", unit="km")
    side: float = parameter(30.0, "side of the square that holds a place", unit="km")
    deprivation_amplitude: float = parameter(0.25, "amplitude of the wave of deprivation across a place")
    deprivation_wave: float = parameter(5.0, "length of that wave, divided by 2 pi", unit="km")
    deprivation_spread: float = parameter(0.2, "spread of deprivation between neighbours")
