"""The appointment layer: SimPy keeps the clock, with a process for each practice and hub; the kernel does a day's work.

    layer = AppointmentLayer(seed, Sites(keys), AppointmentParameters(), start=date(2013, 1, 7))
    counts = layer.run_month(plan)

All that the processes know is in arrays, so a saved layer continues bit for bit; a load makes the processes anew.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import simpy
from numpy.typing import NDArray

from abm.appointments.clinic import (
    DONE,
    NODES_WANTED,
    RECORDS_WANTED,
    TROUBLE_FROM,
    census,
    practice_day,
)
from abm.appointments.columns import (
    FREE_NODE,
    FREE_NODES,
    HUB,
    HUB_RETURN,
    KEEP,
    OPENED,
    RECORDS,
    SITE_KEY,
)
from abm.appointments.hub import hub_evening
from abm.appointments.interface import (
    MonthCounts,
    MonthPlan,
    Sites,
)
from abm.appointments.layout import arrange, staff_of, state_sections
from abm.appointments.memory import Block
from abm.appointments.random_bits import (
    MINUS_LOG,
)
from abm.appointments.rules import (
    EPOCH,
    LAST_CALENDAR_YEAR,
    RING,
    STRIDE,
    compile_rules,
    day_number,
)
from abm.calendar import is_open
from abm.errors import InputError, did_you_mean
from abm.scenario.parameters.appointments import AppointmentParameters
from abm.streams import Streams

DAY_SECONDS = 86_400
DAY_OPENS, HUB_OPENS = 25_200, 66_600  # 07:00 and 18:30
ENGINES = ("compiled", "reference")
TROUBLES = {
    1: "the list of waiting patients is full",
    2: "a practice-day has more requests than its mean allows or than the 16,383 that can be told apart",
    3: "the record of events is full",
}


class AppointmentLayer:
    """All practices' appointments, day by day.

    Args:
        seed: the run's seed; draws are named by it and the process "appointments".
        sites: where requests come from, one site for each practice row.
        parameters: the layer's parameters.
        start: first day of the first plan.
        engine: "compiled", or "reference", which is one SimPy process for each patient and gives the same, slowly.
        records: keep a row for every event of every request, see `take_records`.

    Raises:
        InputError: for an unknown engine or a start outside the calendar.
    """

    def __new__(cls, *arguments: Any, **named: Any) -> AppointmentLayer:
        """The engine decides the class."""
        if (
            cls is AppointmentLayer
            and named.get("engine", arguments[4] if len(arguments) > 4 else "compiled") == "reference"
        ):
            from abm.appointments.reference import ReferenceLayer

            return super().__new__(ReferenceLayer)
        return super().__new__(cls)

    def __init__(
        self,
        seed: int,
        sites: Sites,
        parameters: AppointmentParameters,
        start: date,
        engine: Literal["compiled", "reference"] = "compiled",
        records: bool = False,
    ) -> None:
        if engine not in ENGINES:
            raise InputError(
                f"the appointment engine is '{engine}'; allowed are {', '.join(ENGINES)}{did_you_mean(engine, ENGINES)}"
            )
        if not EPOCH.year < start.year <= LAST_CALENDAR_YEAR - 1:
            raise InputError(
                f"appointments start on {start}; allowed are the years {EPOCH.year + 1} to {LAST_CALENDAR_YEAR - 1}"
            )
        self.sites, self.parameters, self.engine = sites, parameters, engine
        self.next_day = day_number(start)
        self._rules = compile_rules(parameters, Streams(seed).key("appointments"), MINUS_LOG)
        self._begin(records)

    # The compiled engine.

    def _begin(self, records: bool) -> None:
        scalar = self._rules["scalar"]
        self._state = Block(state_sections(len(self.sites), int(scalar[RING]), int(scalar[STRIDE])))
        self._state["practice"][:, SITE_KEY] = self.sites.key
        self._state["practice"][:, HUB] = -1
        self._state["practice"][:, OPENED] = -1
        self._state["ledger"][KEEP] = records
        self._more_nodes(4096 + 256 * len(self.sites))
        self._hub_carried = np.zeros(0)
        self._bind()
        self._make_processes()

    def _more_nodes(self, more: int) -> None:
        old = len(self._state["node_next"])
        self._state.lengthen(**dict.fromkeys(("node_ticket", "node_next", "node_data"), old + more))
        following, ledger = self._state["node_next"], self._state["ledger"]
        following[old:] = np.arange(old + 1, old + more + 1)
        following[-1] = ledger[FREE_NODE]
        ledger[FREE_NODE] = old
        ledger[FREE_NODES] += more

    def _make_processes(self) -> None:
        self._environment = simpy.Environment(initial_time=self.next_day * DAY_SECONDS)
        self._opens_at = (self._rules["open_day"] * DAY_SECONDS + DAY_OPENS).tolist()
        first = int(self._rules["open_until"][self.next_day - 1]) + 1
        for practice in range(len(self.sites)):
            self._environment.process(self._practice(practice, first))
        self._hubs = 0
        self._hub_members: list[NDArray[np.int64]] = []
        self._hub_slots: list[float] = []

    def _practice(self, practice: int, today: int) -> Generator[simpy.Event, Any, None]:
        """A practice: woken at 07:00 of every open day."""
        environment, opens_at = self._environment, self._opens_at
        while True:
            yield environment.timeout(opens_at[today] - environment.now)
            while (result := practice_day(*self._blocks, practice, today)) != DONE:
                self._make_room(result, f"practice {practice} on {EPOCH + timedelta(opens_at[today] // DAY_SECONDS)}")
            today += 1

    def _make_room(self, result: int, where: str) -> None:
        if result >= TROUBLE_FROM:
            raise RuntimeError(f"appointments of {where}: {TROUBLES[result - TROUBLE_FROM]}")
        if result == NODES_WANTED:
            self._more_nodes(len(self._state["node_next"]))
        elif result == RECORDS_WANTED:
            self._state.lengthen(record=2 * len(self._state["record"]) + 4096)
        self._bind()

    def _bind(self) -> None:
        """The kernels' first arguments; a store that grows is a new one."""
        self._blocks = self._state.words, self._state.table, self._rules.words, self._rules.table

    def _hub(self, hub: int, day: int) -> Generator[simpy.Event, Any, None]:
        """A hub: open at 18:30 every day, also at weekends and on bank holidays."""
        environment = self._environment
        while True:
            yield environment.timeout(day * DAY_SECONDS + HUB_OPENS - environment.now)
            if hub < len(self._hub_slots) and len(self._hub_members[hub]):
                self._run_hub_evening(hub, day)
            day += 1

    def _run_hub_evening(self, hub: int, day: int) -> None:
        slots, self._hub_carried[hub] = hub_slots(
            self.parameters.hub_day_share, self._hub_slots[hub], float(self._hub_carried[hub]), EPOCH + timedelta(day)
        )
        members = self._hub_members[hub]
        queue = np.zeros((2, len(members)), np.int64)
        while (result := hub_evening(*self._blocks, members, queue, day, slots)) != DONE:
            self._make_room(result, f"hub {hub} on {EPOCH + timedelta(day)}")

    def run_month(self, plan: MonthPlan) -> MonthCounts:
        """Run a plan's days, first to last, and count.

        Args:
            plan: begins on the day after the last plan's last day.

        Returns:
            the counts of these days, a row for each practice.

        Raises:
            InputError: when the plan does not fit the sites or the calendar.
            RuntimeError: when a store is full; nothing is ever dropped.
        """
        first, last = self._check(plan)
        opening = np.add(*self._census())
        self._take(plan, first, last)
        self._state["counts"][:] = 0
        self._environment.run(until=(last + 1) * DAY_SECONDS)
        self.next_day = last + 1
        return self._counted(plan, first, last, opening)

    def _counted(self, plan: MonthPlan, first: int, last: int, opening: NDArray[np.int64]) -> MonthCounts:
        booked, pending = self._census()
        open_until = self._rules["open_until"]
        return MonthCounts.of(
            self._state["counts"],
            first_day=plan.first_day,
            last_day=plan.last_day,
            open_days=int(open_until[last] - open_until[first - 1]),
            opening_in_system=opening,
            closing_booked=booked,
            closing_pending=pending,
        )

    def run_without_clock(self, plan: MonthPlan) -> MonthCounts:
        """Run a plan's days practice by practice, without SimPy and hubs; the layer is of no use afterwards.

        Without a hub a practice's days touch no other's, so the counts are those of `run_month`; the difference in time
        is what SimPy costs.
        """
        first, last = self._check(plan)
        opening = np.add(*self._census())
        self._take(plan, first, last)
        self._state["counts"][:] = 0
        open_until = self._rules["open_until"]
        days = range(int(open_until[first - 1]) + 1, int(open_until[last]) + 1)
        for practice in range(len(self.sites)):
            for today in days:
                while (result := practice_day(*self._blocks, practice, today)) != DONE:
                    self._make_room(result, f"practice {practice}")
        self.next_day = last + 1
        return self._counted(plan, first, last, opening)

    def _check(self, plan: MonthPlan) -> tuple[int, int]:
        plan.check(len(self.sites))
        first, last = day_number(plan.first_day), day_number(plan.last_day)
        if first != self.next_day:
            raise InputError(
                f"the plan begins on {plan.first_day}; the next day to run is {EPOCH + timedelta(self.next_day)}"
            )
        if plan.last_day.year >= LAST_CALENDAR_YEAR:
            raise InputError(f"the plan ends on {plan.last_day}; the calendar ends with {LAST_CALENDAR_YEAR - 1}")
        return first, last

    def _take(self, plan: MonthPlan, first: int, last: int) -> None:
        open_until = self._rules["open_until"]
        if open_until[last] > open_until[first - 1]:
            week = (int(self._rules["open_day"][open_until[first - 1] + 1]) - 2) // 7
            arrange(self._state, plan, staff_of(plan, self.sites.key, self.parameters), week)
            self._bind()
        returns = self.parameters.hub_return, self.parameters.hub_return_shared_record
        shared = np.asarray(plan.shared_record, bool)
        self._state["practice"][:, HUB_RETURN] = np.where(shared, *(round(share * 65536) for share in returns[::-1]))
        self._state["practice"][:, HUB] = plan.hub
        self._hub_slots = [float(slots) for slots in plan.hub_slots_week]
        self._hub_members = [np.flatnonzero(np.asarray(plan.hub) == hub) for hub in range(len(self._hub_slots))]
        self._hub_carried = np.resize(
            np.concatenate([self._hub_carried, np.zeros(len(self._hub_slots))]),
            max(len(self._hub_slots), len(self._hub_carried)),
        )
        while self._hubs < len(self._hub_slots):
            self._environment.process(self._hub(self._hubs, first))
            self._hubs += 1

    def _census(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        booked, pending = np.zeros((2, len(self.sites)), np.int64)
        census(*self._blocks, booked, pending)
        return booked, pending

    def take_records(self) -> NDArray[np.int64]:
        """The events put down since the last call, shape (events, 8); columns in `events.RECORD_COLUMNS`."""
        ledger = self._state["ledger"]
        taken = self._state["record"][: ledger[RECORDS]].copy()
        ledger[RECORDS] = 0
        return taken

    def save(self) -> dict[str, NDArray[Any]]:
        """The whole state as arrays."""
        return {
            **self._state.save(),
            "next_day": np.array([self.next_day]),
            "hub_carried": self._hub_carried.copy(),
        }

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Continue from a saved state of a layer with the same seed, sites and parameters."""
        self._state.load(saved)
        self.next_day = int(saved["next_day"][0])
        self._hub_carried = saved["hub_carried"].copy()
        self._bind()
        self._make_processes()


def hub_slots(day_share: tuple[float, float, float], slots_week: float, carried: float, day: date) -> tuple[int, float]:
    """A hub's whole slots of a day and the fraction carried on to the next."""
    weekday_evening, saturday, sunday = day_share
    share = weekday_evening if is_open(day) else (saturday if day.weekday() == 5 else sunday)
    total = carried + slots_week * share
    whole = int(total + 1e-9)
    return whole, total - whole


def warm() -> None:
    """Compile the kernels, or load them from the cache, by one day of one practice and its hub."""
    day = date(2013, 3, 1)
    layer = AppointmentLayer(0, Sites(np.ones(1, np.uint32)), AppointmentParameters(), start=day)
    none = np.zeros(1)
    layer.run_month(
        MonthPlan(
            first_day=day,
            last_day=day,
            requests_per_open_day=np.full((1, 5), 10.0),
            gp_practice=np.zeros(1, np.int64),
            gp_key=np.ones(1, np.uint64),
            gp_sessions=np.full(1, 8.0),
            cover_sessions=none,
            registrar_fte=none,
            nurse_fte=none,
            other_fte=none,
            hub=np.zeros(1, np.int64),
            hub_slots_week=np.full(1, 20.0),
            access_model=np.zeros(1, np.int8),
            pharmacy_first=none,
            shared_record=np.zeros(1, bool),
        )
    )
