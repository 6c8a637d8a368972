"""Leaving, changing role, arriving (model section 6.5)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

PARTNER_SHARE = "tuned in a pilot to the fall of the partner share, 2 points a year (GPonline 2022)"


class WorkforceParameters(ParameterGroup):
    """Yearly hazards of careers; each acts monthly as 1 - exp(-h/12)."""

    exit_by_age: tuple[float, float, float, float] = parameter(
        (0.028, 0.035, 0.09, 0.22),
        "hazard of leaving practice at <50, 50-54, 55-59, 60+",
        unit="per year",
        low=(0.0, 0.0, 0.0, 0.0),
        high=(0.0504, 0.063, 0.162, 0.396),
        likely=((0.0196, 0.0245, 0.063, 0.154), (0.0504, 0.063, 0.162, 0.396)),
        grade="D",
        source="16.5% of GPs up to 50 left in five years (Hann 2011); intentions (GP Worklife Survey 8)",
        symbol="exit",
    )
    age_bounds: tuple[float, float, float] = parameter(
        (50.0, 55.0, 60.0),
        "ages at which the hazard of leaving changes",
        unit="years",
        low=45,
        high=65,
        grade="D",
        source="age groups of the surveys behind the hazards",
    )
    burnout_hazard_ratio: float = parameter(
        1.8,
        "hazard ratio of leaving for burnout one .35 above the reference",
        low=1.0,
        high=3.1,
        grade="D",
        source="turnover intention OR 3.10 (Hodkinson, BMJ 2022), attenuated as intention only partly predicts leaving",
        symbol="HR_burn",
    )
    burnout_span: float = parameter(0.35, "span of burnout to which the hazard ratio refers", low=0.2, high=0.5)
    burnout_reference: float = parameter(0.45, "burnout at which hazards are as given", low=0.3, high=0.6)
    salaried_bonus_effect: float = parameter(0.1, "relative fall of leaving of salaried GPs under a full bonus")
    partner_leaves_role: float = parameter(
        0.033,
        "hazard from partner to salaried or sessional",
        unit="per year",
        grade="P",
        source=PARTNER_SHARE,
        symbol="sp",
    )
    partner_to_salaried: float = parameter(0.5, "share of former partners who become salaried", low=0, high=1)
    salaried_to_sessional: float = parameter(
        0.036, "hazard from salaried to sessional", unit="per year", grade="P", source=PARTNER_SHARE, symbol="s→l"
    )
    sessional_to_salaried: float = parameter(
        0.14,
        "hazard from sessional to salaried where there is a vacancy",
        unit="per year",
        grade="P",
        source=PARTNER_SHARE,
        symbol="l→s",
    )
    salaried_to_partner: float = parameter(
        0.14,
        "hazard from salaried to partner where a post is free",
        unit="per year",
        grade="P",
        source=PARTNER_SHARE,
        symbol="s→p",
    )
    partner_income_effect: float = parameter(1.5, "pull of relative partner income on taking a partnership")
    partner_burnout_reference: float = parameter(1.5, "burnout at which nobody takes a partnership", low=1.0, high=2.0)
    partner_autonomy_base: float = parameter(1.26, "pull of partnership on a GP without need of autonomy")
    partner_autonomy_effect: float = parameter(
        0.6, "fall of that pull for a unit of the autonomy trait", low=0.0, high=1.2
    )
    income_reference: float = parameter(
        1.35, "partner income, in salaried incomes, at which role changes are as given", low=1.0, high=1.7
    )
    income_range: tuple[float, float] = parameter(
        (0.5, 2.5), "range of that ratio that people respond to", low=(0.2, 2.0), high=(1.0, 4.0)
    )
    fewer_sessions: float = parameter(
        0.03,
        "hazard of giving up one weekly session",
        unit="per year",
        low=0,
        high=0.15,
        grade="D",
        source="7.3 sessions in 2010, 6.2 in 2021 (GP Worklife Survey)",
        symbol="cut",
    )
    least_sessions: float = parameter(3.0, "weekly sessions below which nobody cuts", unit="sessions", low=1, high=5)
    entry: float = parameter(
        0.062,
        "newcomers for each GP at the start",
        unit="per year",
        low=0.0,
        high=0.08,
        likely=(0.04, 0.08),
        grade="D",
        source="replacement and the sessions given up (qualification cohorts, BMA/MDDUS 2012)",
        symbol="entry",
    )
    entry_roles: tuple[float, float, float] = parameter(
        (0.12, 0.55, 0.33),
        "roles that newcomers seek: partner, salaried, sessional",
        low=0.0,
        high=1.0,
        grade="D",
        source="10% partner, 34% salaried, 22% locum at qualification; 23/42/25 at five years (BMA; Pulse First5)",
    )
    entry_vacancy: float = parameter(0.3, "vacancy a practice must have to take on a salaried GP", unit="FTE")
    entry_quality_weight: float = parameter(0.5, "pull of a practice's quality on newcomers")
    entry_load_weight: float = parameter(1.0, "push of a practice's workload on newcomers")
    entry_organisation_weight: float = parameter(0.4, "pull of an organisation that runs a hub or develops leaders")
    entry_deprivation_weight: float = parameter(0.3, "push of deprivation on newcomers")
    promotion: float = parameter(
        0.5,
        "monthly chance that a practice without partners makes a salaried GP partner",
        unit="per month",
        low=0,
        high=1,
    )
    distress_vacancy: float = parameter(0.3, "vacancy, as a share of posts, that distresses a practice")
    distress_months: int = parameter(
        6, "months of vacancy after which a practice is distressed", unit="months", low=3, high=12
    )
