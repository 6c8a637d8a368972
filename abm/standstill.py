"""A place whose staff and lists stand still, so that its appointments can be played alone.

The fit to published appointments, the trace of a practice's days and the benches of the appointment layer use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from abm.appointments.interface import MonthCounts, MonthPlan, Sites
from abm.appointments.layer import AppointmentLayer
from abm.calendar import FIRST_MONTH, Calendar
from abm.errors import InputError, did_you_mean
from abm.model import FederationModel
from abm.processes.appointments import plan_of, requests_per_open_day, season
from abm.processes.capacity import set_capacity
from abm.scenario.parameters import ModelParameters
from abm.scenario.scenario import Scenario


class StandingPlace:
    """Staff, lists and patients' needs of a place as they are before its first month.

    Args:
        scenario: names the place; the levers of its first month act (access model, pharmacies).
        seed: of the people who are drawn and of all requests.
        only: codes of the practices to play; left out, all. Each has the same days whether the others play or not.

    Raises:
        InputError: the place has no such practice.
    """

    def __init__(self, scenario: Scenario, seed: int = 1, only: Sequence[str] | None = None) -> None:
        self.scenario, self.seed = scenario, seed
        self.world = FederationModel(scenario, seed).world
        self.world.month = FIRST_MONTH
        self.world.policy = scenario.policy_at(1)
        self.world.open_days = self.world.calendar.open_days(FIRST_MONTH)
        set_capacity(self.world)
        everybody = self.world.practices.name.tolist()
        for name in only or ():
            if name not in everybody:
                raise InputError(
                    f"the place '{scenario.place}' has no practice '{name}'; it has {len(everybody)}, for example "
                    f"{everybody[0]}{did_you_mean(name, everybody)}"
                )
        self.rows = np.array(sorted(everybody.index(name) for name in only) if only else range(len(everybody)))

    @property
    def names(self) -> list[str]:
        """Codes of the practices that are played, in the order of the rows of every count."""
        return [str(name) for name in self.world.practices.name[self.rows]]

    def plan(
        self,
        first_day: date,
        last_day: date,
        *,
        parameters: ModelParameters,
        years: float = 0.0,
        staff: float = 1.0,
        rows: NDArray[np.int64] | None = None,
    ) -> MonthPlan:
        """What the appointment layer is told for some days.

        Args:
            first_day: gives the season, by its calendar month.
            last_day: included.
            parameters: those of demand are read.
            years: for which demand has grown by its trend.
            staff: factor on the time of all who work at practices.
            rows: ascending rows of the practices to plan for; left out, all that are played.
        """
        world, demand = self.world, parameters.demand
        plan = plan_of(world, first_day, last_day, first_day.month)
        of_season = season(demand.season_amplitude, first_day.month)
        lists, need, integration = world.practices.list_by_age, world.practices.need, np.zeros(len(world.practices))
        plan = replace(
            plan,
            requests_per_open_day=requests_per_open_day(demand, lists, need, integration, years, of_season),
            gp_sessions=plan.gp_sessions * staff,
            cover_sessions=plan.cover_sessions * staff,
            registrar_fte=plan.registrar_fte * staff,
            nurse_fte=plan.nurse_fte * staff,
            other_fte=plan.other_fte * staff,
            served_by=None,
        )
        chosen = self.rows if rows is None else rows
        return plan if len(chosen) == len(world.practices) else _of_rows(plan, chosen)

    def play(
        self,
        first_month: date,
        months: int,
        *,
        parameters: ModelParameters | None = None,
        staff: float = 1.0,
        engine: str = "compiled",
        records: bool = False,
    ) -> Iterator[tuple[MonthCounts, AppointmentLayer]]:
        """Play calendar months one after another, after the weeks in which the diaries fill.

        Args:
            first_month: first day of the first month that is reported.
            months: how many.
            parameters: in place of the scenario's.
            staff: factor on the time of all who work at practices, who else stay as they are.
            engine: "compiled" or "reference".
            records: keep every event of every request; read it with the layer's `take_records`.

        Yields:
            The counts of each month, and the layer as it stands at the month's end.
        """
        numbers = parameters or self.scenario.parameters
        begin = first_month - timedelta(weeks=numbers.demand.weeks_alone)
        layer = AppointmentLayer(self.seed, self._sites(), numbers.appointments, begin, engine, records)  # type: ignore[arg-type]
        layer.run_month(self.plan(begin, first_month - timedelta(1), parameters=numbers, staff=staff))
        layer.take_records()
        calendar = Calendar(first_month)
        for month in range(1, months + 1):
            first, last = calendar.first_day(month), calendar.last_day(month)
            plan = self.plan(first, last, parameters=numbers, years=(month - 1) / 12, staff=staff)
            yield layer.run_month(plan), layer

    def days(self, first_day: date, *, engine: str = "compiled") -> Iterator[tuple[MonthCounts, AppointmentLayer]]:
        """Play day by day, after the weeks in which the diaries fill.

        Yields:
            The counts and the layer: of the weeks up to the eve of the first day, then of each day, without end.
        """
        numbers = self.scenario.parameters
        begin, day = first_day - timedelta(weeks=numbers.demand.weeks_alone), first_day
        layer = AppointmentLayer(self.seed, self._sites(), numbers.appointments, begin, engine)  # type: ignore[arg-type]
        yield layer.run_month(self.plan(begin, first_day - timedelta(1), parameters=numbers)), layer
        while True:
            yield layer.run_month(self.plan(day, day, parameters=numbers)), layer
            day += timedelta(1)

    def _sites(self) -> Sites:
        return Sites(self.world.practices.site_key[self.rows])


OF_PRACTICES = (
    "requests_per_open_day", "cover_sessions", "registrar_fte", "nurse_fte", "other_fte", "hub", "access_model",
    "pharmacy_first", "shared_record",
)  # fmt: skip


def _of_rows(plan: MonthPlan, rows: NDArray[np.int64]) -> MonthPlan:
    """A plan for some of the practices, each with all the sites that it serves."""
    theirs = np.isin(plan.gp_practice, rows)
    weight = plan.usual_gp_weight
    return replace(
        plan,
        **{name: getattr(plan, name)[rows] for name in OF_PRACTICES},
        served_by=None if plan.served_by is None else np.searchsorted(rows, plan.served_by[rows]),
        gp_practice=np.searchsorted(rows, plan.gp_practice[theirs]),
        gp_key=plan.gp_key[theirs],
        gp_sessions=plan.gp_sessions[theirs],
        usual_gp_weight=None if weight is None else weight[theirs],
    )
