"""Made-up places (model section 5)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

LISTS = "lists of April 2015: 36% below 5,000, 1% above 20,000 (GPonline 2022)"
PRESETS = "of town-and-country, large-urban, inner-city, large-rural and england"

Counts = tuple[int, int, int, int, int]
Numbers = tuple[float, float, float, float, float]


class PlaceParameters(ParameterGroup):
    """Lists, towns and deprivation of a synthetic place; tuples hold one number for each preset."""

    practices: Counts = parameter(
        (41, 94, 36, 82, 7909),
        f"practices {PRESETS}",
        unit="practices",
        low=1,
        high=20_000,
        grade="S",
        source="four localities of the case studies; practices with 100 patients in England, 2014/15 (NHS payments)",
        kind="constant",
    )
    towns: Counts = parameter(
        (4, 1, 1, 10, 4),
        f"towns {PRESETS} (there in each commissioner's area)",
        unit="towns",
        low=1,
        high=40,
        kind="constant",
    )
    town_radius: Numbers = parameter(
        (2.2, 4.0, 1.5, 1.1, 2.2),
        f"spread of practices around the centre of a town {PRESETS}",
        unit="km",
        low=0.5,
        high=10.0,
    )
    side: Numbers = parameter(
        (30.0, 30.0, 12.0, 50.0, 30.0),
        f"side of the square {PRESETS} (there of each commissioner's area)",
        unit="km",
        low=5.0,
        high=100.0,
    )
    deprivation_level: Numbers = parameter((0.5, 0.6, 0.7, 0.4, 0.5), f"mean deprivation {PRESETS}", low=0.0, high=1.0)
    practices_per_commissioner: float = parameter(
        37.5,
        "practices of a commissioner in the preset england",
        unit="practices",
        low=5,
        high=125,
        grade="D",
        source="7,909 practices and 211 commissioners in 2014/15 (NHS payments to general practice)",
        kind="constant",
    )
    list_log_mean: float = parameter(8.73, "mean of the log of list size", low=8.3, high=9.1, grade="D", source=LISTS)
    list_log_spread: float = parameter(0.53, "spread of the log of list size", grade="D", source=LISTS)
    town_share: float = parameter(0.75, "share of practices in towns", low=0.0, high=1.0)
    deprivation_amplitude: float = parameter(0.25, "amplitude of the wave of deprivation across a place")
    deprivation_wave: float = parameter(5.0, "length of that wave, divided by 2 pi", unit="km")
    deprivation_spread: float = parameter(0.2, "spread of deprivation between neighbours")
