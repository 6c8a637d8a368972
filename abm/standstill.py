"""A place whose staff and lists stand still, so that its appointments can be played alone.

The fit to published appointments, the trace of a practice's days and the benches of the appointment layer use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from abm.appointments.interface import MonthCounts, MonthPlan, Sites
from abm.appointments.layer import AppointmentLayer
from abm.calendar import FIRST_MONTH, Calendar
from abm.model import FederationModel
from abm.processes.appointments import WEEKS_ALONE, plan_of, requests_per_open_day, season
from abm.processes.capacity import set_capacity
from abm.scenario.parameters import ModelParameters
from abm.scenario.scenario import Scenario


class StandingPlace:
    """Staff, lists and patients' needs of a place as they are before its first month.

    Args:
        scenario: names the place; its levers of month -11 act (access model, pharmacies).
        seed: of the people who are drawn and of all requests.
    """

    def __init__(self, scenario: Scenario, seed: int = 1) -> None:
        self.scenario, self.seed = scenario, seed
        self.world = FederationModel(scenario, seed).world
        self.world.month = FIRST_MONTH
        self.world.open_days = self.world.calendar.open_days(FIRST_MONTH)
        set_capacity(self.world)

    @property
    def names(self) -> list[str]:
        """Codes of the practices, in the order of the rows of every count."""
        return [str(name) for name in self.world.practices.name]

    def plan(
        self, first_day: date, last_day: date, *, parameters: ModelParameters, years: float = 0.0, staff: float = 1.0
    ) -> MonthPlan:
        """What the appointment layer is told for some days.

        Args:
            first_day: gives the season, by its calendar month.
            last_day: included.
            parameters: those of demand are read.
            years: for which demand has grown by its trend.
            staff: factor on the time of all who work at practices.
        """
        world, demand = self.world, parameters.demand
        plan = plan_of(world, first_day, last_day, first_day.month)
        of_season = season(demand.season_amplitude, first_day.month)
        lists, need, integration = world.practices.list_by_age, world.practices.need, np.zeros(len(world.practices))
        return replace(
            plan,
            requests_per_open_day=requests_per_open_day(demand, lists, need, integration, years, of_season),
            gp_sessions=plan.gp_sessions * staff,
            cover_sessions=plan.cover_sessions * staff,
            registrar_fte=plan.registrar_fte * staff,
            nurse_fte=plan.nurse_fte * staff,
            other_fte=plan.other_fte * staff,
        )

    def play(
        self,
        first_month: date,
        months: int,
        *,
        parameters: ModelParameters | None = None,
        staff: float = 1.0,
        engine: str = "compiled",
        record: bool = False,
    ) -> Iterator[tuple[MonthCounts, AppointmentLayer]]:
        """Play calendar months one after another, after the weeks in which the diaries fill.

        Args:
            first_month: first day of the first month that is reported.
            months: how many.
            parameters: in place of the scenario's.
            staff: factor on the time of all who work at practices, who else stay as they are.
            engine: "compiled" or "reference".
            record: keep every event of every request; read it with the layer's `take_records`.

        Yields:
            The counts of each month, and the layer as it stands at the month's end.
        """
        numbers = parameters or self.scenario.parameters
        sites = Sites(self.world.practices.site_key)
        begin = first_month - timedelta(weeks=WEEKS_ALONE)
        layer = AppointmentLayer(self.seed, sites, numbers.appointments, begin, engine, record)  # type: ignore[arg-type]
        layer.run_month(self.plan(begin, first_month - timedelta(1), parameters=numbers, staff=staff))
        layer.take_records()
        calendar = Calendar(first_month)
        for month in range(1, months + 1):
            first, last = calendar.first_day(month), calendar.last_day(month)
            plan = self.plan(first, last, parameters=numbers, years=(month - 1) / 12, staff=staff)
            yield layer.run_month(plan), layer
