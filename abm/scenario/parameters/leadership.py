"""Who leads, with how much time, and what happens when leaders go (model section 6.9)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class LeadershipParameters(ParameterGroup):
    """Requirement, supply, skill and departure of leaders."""

    required_base: float = parameter(1.0, "leadership every organisation needs", unit="sessions/week", symbol="r0")
    required_per_member: float = parameter(
        0.5,
        "leadership each member adds",
        unit="sessions/week",
        low=0.0,
        high=0.8,
        likely=(0.2, 0.8),
        symbol="r1",
    )
    required_formal: float = parameter(
        1.0, "leadership a formal organisation adds, and once more when mature", unit="sessions/week", symbol="r2"
    )
    mature_months: int = parameter(18, "age at which an organisation is mature", unit="months", low=9, high=36)
    required_per_goal: float = parameter(
        0.25, "leadership each goal beyond the manageable adds", unit="sessions/week", symbol="r3"
    )
    manageable_goals: float = parameter(6.0, "goals an organisation can follow at once", unit="goals")
    managers_relief: float = parameter(
        0.4, "share of leadership that paid managers take over", low=0, high=0.6, symbol="mgr"
    )
    managers_cost: float = parameter(3.0, "running cost at which managers take over that share", unit="£/head/year")
    heroic_supply: float = parameter(
        4.0, "time of a single leader", unit="sessions/week", low=2.0, high=1000.0, likely=(2.0, 8.0), symbol="s_H"
    )
    distributed_supply: float = parameter(
        1.5,
        "time of each of several leaders",
        unit="sessions/week",
        low=0.75,
        high=1000.0,
        likely=(0.75, 3.0),
        symbol="s_D",
    )
    team_share: float = parameter(0.5, "leaders of a team for each member practice", low=0.25, high=1.0)
    team_range: tuple[int, int] = parameter((2, 6), "smallest and largest team of leaders", unit="GPs", low=1, high=12)
    distributed_skill: float = parameter(
        0.65, "weight of one skill in a team", low=0.4, high=1.0, likely=(0.4, 0.8), symbol="chi"
    )
    coordination_start: float = parameter(0.5, "coordination of a new team", low=0.25, high=1.0, symbol="phi0")
    coordination_ceiling: float = parameter(0.95, "coordination of a practised team", low=0.5, high=1.0)
    coordination_speed: float = parameter(
        0.08, "monthly growth of coordination", unit="per month", low=0.03, high=0.15, symbol="e_phi"
    )
    development_effect: float = parameter(1.0, "gain from organisation development", low=0, high=2, symbol="psi")
    development_reference: float = parameter(
        2.0, "spending on organisation development that has its full effect", unit="£/head/year"
    )
    skill_growth: float = parameter(
        0.006,
        "monthly growth of a leader's skill",
        unit="per month",
        low=0.0,
        high=0.012,
        likely=(0.003, 0.012),
        symbol="l_g",
    )
    skill_development: float = parameter(2.0, "gain of that growth from organisation development")
    pipeline_leaders: int = parameter(
        2, "others who learn to lead where development is paid for", unit="GPs", low=0, high=4
    )
    pipeline_speed: float = parameter(0.5, "their growth as a share of a leader's", low=0, high=1)
    choice_burnout: float = parameter(0.5, "weight against burnout in the choice of leaders")
    choice_attitude: float = parameter(0.2, "weight of attitude in the choice of leaders")
    least_fte: float = parameter(0.8, "working time a single leader should have", unit="FTE", low=0.4, high=1.0)
    departure: float = parameter(
        0.008,
        "monthly hazard that a leader steps down",
        unit="per month",
        low=0.0,
        high=0.02,
        likely=(0.004, 0.02),
        grade="D",
        source="about 19% a year in all in a pilot; hospital chief executives 14-18% (Khaliq; ACHE)",
        symbol="h_dep",
    )
    departure_burnout: float = parameter(3.0, "effect of a leader's burnout on stepping down")
    departure_burnout_reference: float = parameter(0.5, "burnout at which that hazard is as given", low=0.3, high=0.7)
    departure_institutional_loss: float = parameter(0.1, "institutional capability lost when all leaders go")
    departure_engagement_loss: float = parameter(0.25, "engagement lost when all leaders go")
    vacancy_heroic: float = parameter(6.0, "months until a single leader is replaced", unit="months")
    vacancy_distributed: float = parameter(2.0, "months until one of a team is replaced", unit="months")
    vacant_leadership: float = parameter(0.1, "leadership while nobody leads", low=0.0, high=0.3)
