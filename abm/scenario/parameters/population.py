"""GPs and practices at the start (model section 5)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter

Pair = tuple[float, float]


class PopulationParameters(ParameterGroup):
    """Traits that are drawn for each GP and practice."""

    partners_per_1000: float = parameter(
        0.455,
        "partner posts for 1,000 patients",
        unit="per 1,000",
        low=0.35,
        high=0.55,
        grade="D",
        source="24,491 partners in 2015 (Nuffield Trust 2025) for 54 million registered patients",
    )
    partner_fte: Pair = parameter((0.9, 0.12), "mean and spread of partners' working time", unit="FTE")
    partner_fte_range: Pair = parameter((0.4, 1.1), "range of partners' working time", unit="FTE", low=0.2, high=1.3)
    salaried_fte: Pair = parameter((0.65, 0.15), "mean and spread of salaried GPs' working time", unit="FTE")
    salaried_fte_range: Pair = parameter(
        (0.3, 1.0), "range of salaried GPs' working time", unit="FTE", low=0.2, high=1.3
    )
    salaried_gap: float = parameter(0.3, "gap of posts below which no further salaried GP is taken on", unit="FTE")
    partner_fte_share: float = parameter(
        0.79,
        "partners' share of GP working time where a place does not say",
        low=0.6,
        high=0.95,
        grade="E",
        source="partners 74% of FTE in 2015 (GPonline 2022), of permanent GPs .79",
    )
    sessional_share: float = parameter(0.06, "sessional GPs as a share of headcount", low=0.02, high=0.12)
    sessional_fte: float = parameter(0.5, "working time of a sessional GP", unit="FTE", low=0.3, high=0.8)
    entrant_fte: tuple[float, float, float] = parameter(
        (0.9, 0.65, 0.5), "working time of newcomers: partner, salaried, sessional", unit="FTE", low=0.2, high=1.1
    )
    nurses_per_1000: float = parameter(
        0.26,
        "nurse FTE for 1,000 patients",
        unit="FTE per 1,000",
        low=0.21,
        high=0.31,
        grade="E",
        source="workforce by practice, 2015 (NHS Digital; GPonline 2022)",
    )
    others_per_1000: float = parameter(
        0.155,
        "other clinical FTE for 1,000 patients",
        unit="FTE per 1,000",
        low=0.105,
        high=0.205,
        grade="E",
        source="workforce by practice, 2015 (NHS Digital; GPonline 2022)",
    )
    registrars_per_1000: float = parameter(
        0.14, "registrar FTE for 1,000 patients in training practices", unit="FTE per 1,000", low=0.05, high=0.2
    )
    training_list: float = parameter(7_000.0, "list from which a practice trains registrars", unit="patients")
    female_partners: float = parameter(0.40, "share of women among partners", low=0.2, high=0.6)
    female_others: float = parameter(0.65, "share of women among salaried and sessional GPs", low=0.4, high=0.8)
    partner_age: Pair = parameter((49.0, 8.5), "mean and spread of partners' age", unit="years")
    salaried_age: Pair = parameter((41.0, 8.0), "mean and spread of salaried GPs' age", unit="years")
    sessional_age: Pair = parameter((42.0, 11.0), "mean and spread of sessional GPs' age", unit="years")
    entrant_age: Pair = parameter((34.0, 4.0), "mean and spread of newcomers' age", unit="years")
    age_range: Pair = parameter((27.0, 70.0), "range of ages at the start", unit="years", low=25, high=75)
    partner_autonomy: Pair = parameter((4.0, 3.0), "Beta shape of partners' need of autonomy")
    other_autonomy: Pair = parameter((3.0, 4.0), "Beta shape of other GPs' need of autonomy")
    attitude: Pair = parameter((0.05, 0.35), "mean and spread of attitude to working together")
    entrant_attitude: Pair = parameter((0.15, 0.3), "mean and spread of newcomers' attitude")
    skill: Pair = parameter((2.0, 5.0), "Beta shape of leadership skill")
    burnout: Pair = parameter((0.45, 0.18), "mean and spread of burnout")
    entrant_burnout: Pair = parameter((0.35, 0.10), "mean and spread of newcomers' burnout")
    tenure: Pair = parameter((0.0, 120.0), "range of tenure at the start", unit="months", low=0.0, high=240.0)
    capability: Pair = parameter((2.0, 8.0), "Beta shape of a practice's own capabilities")
    long_term_conditions: Pair = parameter((0.75, 0.05), "mean and spread of long-term-condition control")
    vaccination: Pair = parameter((0.85, 0.05), "mean and spread of vaccination")
    premises: tuple[float, float] = parameter(
        (11.0, 3.0),
        "cost of premises: mean and spread",
        unit="£/patient/year",
        low=(5.5, 1.5),
        high=(22.0, 6.0),
    )
    premises_least: float = parameter(4.0, "least cost of premises", unit="£/patient/year")
    quality: float = parameter(0.5, "quality at the start", low=0.3, high=0.7)
    continuity: float = parameter(0.55, "continuity at the start", low=0.3, high=0.8)
    need_spread: float = parameter(0.08, "spread of the log of need")
    need_deprivation: float = parameter(0.15, "need for a unit of deprivation")
    deprivation_reference: float = parameter(
        0.5, "deprivation at which need and posts are those of the list alone", low=0.25, high=0.75
    )
    age_shares: tuple[float, float, float, float, float] = parameter(
        (0.177, 0.395, 0.253, 0.094, 0.081),
        "shares of age bands where a place does not say",
        low=0.0,
        high=1.0,
    )
    age_growth: tuple[float, float, float, float, float] = parameter(
        (0.008, 0.002, 0.007, 0.020, 0.018),
        "growth of age bands",
        unit="per year",
        low=-0.01,
        high=0.05,
    )
    trust_near: float = parameter(0.5, "trust between neighbours at no distance", low=0.25, high=1.0)
    trust_distance: float = parameter(8.0, "distance over which trust falls by e", unit="km")
    trust_commissioner: float = parameter(0.1, "trust from a common commissioner")
    trust_spread: float = parameter(0.15, "spread of trust between pairs")
    bad_history: float = parameter(0.06, "share of pairs with a bad history", low=0.0, high=0.2, symbol="p_badhist")
    bad_history_trust: float = parameter(0.6, "trust that a bad history takes")
    neighbours: int = parameter(40, "nearest practices within reach", unit="practices", low=20, high=80, symbol="n_nb")
    reach: float = parameter(25.0, "distance within which practices know each other", unit="km")
    like_minded: int = parameter(
        20, "like-minded practices within reach where geography is like-minded", unit="practices"
    )
