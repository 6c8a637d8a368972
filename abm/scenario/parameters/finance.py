"""Money of practices and organisations (model sections 2 and 6.16); prices of 2014/15."""

from abm.scenario.parameters.registry import FORMS, ParameterGroup, parameter

GRANTS = "grants of commissioners, 60p a head; £15m over 92 commissioners (Pulse, GPonline)"


class FinanceParameters(ParameterGroup):
    """Income, costs and the price of organisations."""

    income_per_patient: float = parameter(
        141.0,
        "NHS payments for a weighted patient",
        unit="£/year",
        low=120,
        high=165,
        grade="E",
        source="£141.09 in 2014/15, 7,959 practices (HSCIC payments, via Pulse)",
    )
    non_gp_cost: float = parameter(
        83.0,
        "cost of a practice for a patient without GPs",
        unit="£/year",
        low=75,
        high=92,
        grade="D",
        source="what leaves partners their published income (NHS Digital earnings 2014/15)",
    )
    salaried_pay: float = parameter(
        82_000.0,
        "pay of a full-time salaried GP",
        unit="£/year",
        low=75_000,
        high=95_000,
        grade="D",
        source="£53,600 at .65 FTE (NHS Digital earnings 2014/15)",
    )
    salaried_on_costs: float = parameter(0.22, "employer's costs on top of salaried pay", low=0.15, high=0.30)
    locum_session: float = parameter(380.0, "price of a locum session", unit="£", low=300, high=450, symbol="c_locum")
    weeks_worked: float = parameter(44.0, "weeks a year that GPs work", unit="weeks", low=42, high=47)
    income_trend: float = parameter(
        0.003, "real growth of income a patient", unit="per year", low=-0.01, high=0.01, symbol="inc_trend"
    )
    cost_trend: float = parameter(
        0.01, "real growth of non-GP cost", unit="per year", low=0.0, high=0.02, symbol="cost_trend"
    )
    least_income: float = parameter(
        0.2, "floor of the partner income that decisions respond to, as a share of the reference", low=0.1, high=0.4
    )
    autonomy_loss: tuple[float, float, float, float, float, float] = parameter(
        (0.05, 0.25, 0.35, 0.9, 0.8, 0.7), f"autonomy given up: {FORMS}", low=0.0, high=1.0, symbol="g"
    )
    setup_cost: tuple[float, float, float, float, float, float] = parameter(
        (0.1, 0.6, 1.5, 4.0, 3.0, 6.0),
        f"set-up cost, paid over twelve months: {FORMS}",
        unit="£/head",
        low=(0.05, 0.3, 0.75, 2.0, 1.5, 3.0),
        high=(0.2, 1.2, 3.0, 8.0, 6.0, 12.0),
        grade="D",
        source=GRANTS,
    )
    running_cost: tuple[float, float, float, float, float, float] = parameter(
        (0.1, 1.0, 1.5, 3.0, 2.0, 2.0),
        f"running cost: {FORMS}",
        unit="£/head/year",
        low=(0.05, 0.5, 0.75, 1.5, 1.0, 1.0),
        high=(0.2, 3.0, 3.0, 6.0, 4.0, 4.0),
        grade="D",
        source=GRANTS,
    )
    setup_months: int = parameter(12, "months over which set-up costs are paid", unit="months", low=6, high=24)
    staffing_months: float = parameter(
        3.0,
        "months in which managers' posts follow the population of an organisation",
        unit="months",
        low=1.0,
        high=12.0,
    )
    community_distribution: float = parameter(
        0.35, "largest share of a surplus that a community interest company distributes", low=0.0, high=1.0
    )
    scale_saving: tuple[float, float, float, float, float, float] = parameter(
        (0.0, 0.01, 0.01, 0.04, 0.02, 0.03), f"saving on non-GP cost: {FORMS}", low=0.0, high=0.05
    )
    meeting_sessions: tuple[float, float, float, float, float, float] = parameter(
        (0.05, 0.15, 0.15, 0.25, 0.25, 0.25),
        f"weekly sessions a partner spends in meetings: {FORMS}",
        unit="sessions/week",
        low=(0.025, 0.075, 0.075, 0.125, 0.125, 0.125),
        high=(0.15, 0.45, 0.45, 0.75, 0.75, 0.75),
        symbol="meet",
    )
