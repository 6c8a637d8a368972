"""Clinical time of GPs and of other staff (model section 6.1)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class CapacityParameters(ParameterGroup):
    """Sessions, locum cover, posts and hub time."""

    sessions_per_fte: float = parameter(
        8.5,
        "weekly sessions of a full-time GP",
        unit="sessions",
        low=8,
        high=9,
        grade="D",
        source="contacts per FTE and Wakefield 2018/19",
    )
    gps_per_1000: float = parameter(
        0.52,
        "GP FTE that a practice seeks for 1,000 patients",
        unit="FTE per 1,000",
        low=0.45,
        high=0.58,
        grade="E",
        source="GP FTE per 1,000 patients, 2015 (GPonline 2022)",
    )
    inverse_care: float = parameter(
        0.10,
        "relative lack of posts between the least and the most deprived place",
        low=0.0,
        high=0.25,
        symbol="inv_care",
    )
    backfill_with_federation: float = parameter(
        0.1, "staff sharing: relative gain in locum cover of an engaged member of a federation"
    )
    hub_share: float = parameter(
        0.05,
        "share of members' weekly GP slots that a mature organisation lends to its hub",
        low=0.0,
        high=0.1,
        grade="D",
        source="30 minutes for 1,000 patients a week",
        symbol="hub_frac",
    )
    hub_maturity: float = parameter(0.25, "engagement times capability at which the hub has its full size")
    availability: float = parameter(
        0.87,
        "share of open days that clinicians work (44 weeks a year), in the expected capacity",
        low=0.83,
        high=0.91,
        symbol="avail",
    )
    least_slots_fte: float = parameter(0.2, "floor of expected GP capacity in the load of a practice", unit="FTE")
    highest_load: float = parameter(2.0, "ceiling of the load of a practice", low=1.5, high=4.0)
