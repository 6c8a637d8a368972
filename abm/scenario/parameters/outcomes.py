"""What care achieves (model section 6.3)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

TOWER_HAMLETS = "gains of the managed networks of Tower Hamlets: blood pressure control +6 points, MMR 80 to 94%"


class OutcomeParameters(ParameterGroup):
    """Access, continuity, quality, A&E attendances and admissions."""

    urgent_weight: float = parameter(0.5, "weight of urgent requests in access; the rest is routine", low=0.0, high=1.0)
    setup_workload: float = parameter(
        0.10, "extra workload of partners in the first months of a formal organisation", symbol="setup"
    )
    setup_months: int = parameter(6, "months of extra workload after founding", unit="months", low=3, high=12)
    sessional_workload: float = parameter(0.95, "workload of sessional GPs, as a load", low=0.7, high=1.1)
    attendance_rate: float = parameter(
        0.40, "A&E attendances", unit="per person per year", low=0.36, high=0.44, symbol="ae0"
    )
    attendance_access_effect: float = parameter(
        0.5,
        "fall of log A&E attendance for a unit of access",
        low=0.3,
        high=0.8,
        grade="D",
        source="top quintile of access RR .898 (Cowling, PLoS ONE 2013) over an assumed span of .2",
        symbol="th_ae",
    )
    admission_rate: float = parameter(
        0.098,
        "emergency admissions",
        unit="per person per year",
        low=0.0882,
        high=0.1078,
        grade="D",
        source="5.3 million in a population of 54 million (NAO HC 739, 2013)",
        symbol="ea0",
    )
    admission_continuity_effect: float = parameter(
        0.4, "fall of log admissions for a unit of continuity", low=0.0, high=0.8, symbol="th_c"
    )
    admission_integration_effect: float = parameter(
        0.25,
        "fall of log admissions for a unit of integrated care",
        low=0.0,
        high=0.5,
        grade="D",
        source="integrated areas 3 to 8 points in five years (BMC HSR 2021, PMC8274044)",
        symbol="th_x",
    )
    integration_without_contract: float = parameter(
        0.3, "share of integrated care that an organisation achieves without a contract for it", low=0.0, high=1.0
    )
    integration_without_hospital: float = parameter(
        0.5, "integrated care without any relation to the hospital", low=0.0, high=1.0
    )
    continuity_speed: float = parameter(0.1, "monthly adjustment of continuity", unit="per month")
    continuity_size_loss: float = parameter(
        0.045,
        "continuity lost when a list doubles",
        low=0.02,
        high=0.08,
        grade="D",
        source="-6.6 points for practices that grew (BJGP 2020, PMC7643819)",
        symbol="c_size",
    )
    continuity_turnover_loss: float = parameter(0.5, "continuity lost for a unit of annual turnover of GPs")
    clinical_speed: float = parameter(
        0.06, "monthly adjustment of long-term-condition control and of vaccination", unit="per month"
    )
    clinical_ceiling: float = parameter(0.98, "highest share of eligible patients reached", low=0.9, high=1.0)
    long_term_condition_gain: float = parameter(
        0.7,
        "long-term-condition control won by a funded, managed network",
        low=0.49,
        high=0.91,
        grade="D",
        source=TOWER_HAMLETS,
        symbol="g_x",
    )
    vaccination_gain: float = parameter(
        2.5,
        "vaccination won by a funded, managed network",
        low=1.75,
        high=3.25,
        grade="D",
        source=TOWER_HAMLETS,
        symbol="g_x",
    )
    target_money_reference: float = parameter(
        8.0, "money tied to clinical targets at which it has its full effect", unit="£/head/year"
    )
    quality_speed: float = parameter(0.05, "monthly adjustment of quality", unit="per month")
    quality_base: float = parameter(0.5, "quality at average clinical results", low=0.4, high=0.6)
    quality_clinical_effect: float = parameter(1.25, "quality for a unit of clinical results")
    quality_clinical_reference: float = parameter(0.80, "average clinical result", low=0.7, high=0.9)
    quality_organisation_effect: float = parameter(0.25, "quality from engagement, capability and effort")
    quality_burnout_effect: float = parameter(0.2, "quality lost for a unit of burnout above the reference")
    quality_burnout_reference: float = parameter(0.4, "burnout at which quality is not affected", low=0.2, high=0.6)
    quality_turnover_effect: float = parameter(0.1, "quality lost for a unit of annual turnover")
