"""The appointment layer: SimPy keeps the clock, with a process for each practice and hub; the kernels do a day's work.

    layer = AppointmentLayer(seed, Sites(keys), AppointmentParameters(), start=date(2013, 1, 7))
    counts = layer.run_month(plan)

All that the processes know is in arrays, so a saved layer continues bit for bit; a load makes the processes anew.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, timedelta
from functools import cache
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
    practices_day,
)
from abm.appointments.columns import (
    FREE_NODE,
    FREE_NODES,
    HUB,
    HUB_RETURN,
    KEEP,
    NEXT,
    OPENED,
    REACHED,
    RECORDS,
    SERVER,
    SITE_KEY,
    Rules,
    State,
    open_tables,
)
from abm.appointments.hub import hubs_evening
from abm.appointments.interface import (
    MonthCounts,
    MonthPlan,
    Sites,
)
from abm.appointments.layout import arrange, staff_of, state_sections
from abm.appointments.memory import Sections
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
from abm.appointments.takeover import counted_by_server, hub_of_rows
from abm.calendar import is_open
from abm.errors import InputError, did_you_mean
from abm.scenario.parameters.appointments import AppointmentParameters
from abm.streams import Streams

DAY_SECONDS = 86_400
DAY_OPENS, LINES_OPEN, HUB_OPENS = 25_200, 28_800, 66_600  # 07:00, 08:00 and 18:30
HUB_QUEUES = 60  # seconds from the opening of the hubs until their first patients are taken
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
        self._state = Sections(state_sections(len(self.sites), int(scalar[RING]), int(scalar[STRIDE])))
        self._state["practice"][:, SITE_KEY] = self.sites.key
        self._state["practice"][:, SERVER] = np.arange(len(self.sites))
        self._state["practice"][:, HUB] = -1
        self._state["practice"][:, OPENED] = -1
        self._state["ledger"][KEEP] = records
        self._more_nodes(4096 + 256 * len(self.sites))
        self._hub_carried: list[float] = []
        self._bind()
        self._make_processes()

    def _more_nodes(self, more: int) -> None:
        old = len(self._state["node"])
        self._state.lengthen(node=old + more)
        following, ledger = self._state["node"][:, NEXT], self._state["ledger"]
        following[old:] = np.arange(old + 1, old + more + 1)
        following[-1] = ledger[FREE_NODE]
        ledger[FREE_NODE] = old
        ledger[FREE_NODES] += more

    def _make_processes(self) -> None:
        self._environment = simpy.Environment(initial_time=self.next_day * DAY_SECONDS)
        self._opens_at = (self._rules["open_day"] * DAY_SECONDS + DAY_OPENS).tolist()
        self._opened: list[int] = []  # practices that have opened today
        self._hubs_open: list[tuple[int, int]] = []  # hubs that have opened today, and their slots
        self._hubs: set[int] = set()  # hubs with a process
        self._hub_members: list[NDArray[np.int64]] = []
        self._hub_slots: list[float] = []
        first = int(self._rules["open_until"][self.next_day - 1]) + 1
        for practice in range(len(self.sites)):
            self._environment.process(self._practice(practice, first))
        self._environment.process(self._lines(first))
        self._environment.process(self._evenings(self.next_day))

    def _practice(self, practice: int, today: int) -> Generator[simpy.Event, Any, None]:
        """A practice: opens at 07:00 of every open day."""
        environment, opens_at = self._environment, self._opens_at
        while True:
            yield environment.timeout(opens_at[today] - environment.now)
            self._opened.append(practice)
            today += 1

    def _lines(self, today: int) -> Generator[simpy.Event, Any, None]:
        """The telephone lines: from 08:00 patients ring at the practices that have opened, and the kernel answers.

        One call for all practices, because calling compiled code costs more than it spends on dozens of requests.
        """
        while True:
            yield self._environment.timeout(self._opens_at[today] + LINES_OPEN - DAY_OPENS - self._environment.now)
            practices = np.array(self._opened, np.int64)
            self._opened.clear()
            while (result := practices_day(*self._tables, practices, today)) != DONE:
                self._make_room(result, "practice", int(practices[self._state["ledger"][REACHED]]))
            today += 1

    def _make_room(self, result: int, what: str, which: int) -> None:
        if result >= TROUBLE_FROM:
            today = EPOCH + timedelta(int(self._environment.now) // DAY_SECONDS)
            raise RuntimeError(f"appointments of {what} {which} on {today}: {TROUBLES[result - TROUBLE_FROM]}")
        if result == NODES_WANTED:
            self._more_nodes(len(self._state["node"]))
        elif result == RECORDS_WANTED:
            self._state.lengthen(record=2 * len(self._state["record"]) + 4096)
        self._bind()

    def _bind(self) -> None:
        """The kernels' first arguments; a store that grows is a new one."""
        self._tables = open_tables(State, self._state), open_tables(Rules, self._rules)

    def _hub(self, hub: int, day: int) -> Generator[simpy.Event, Any, None]:
        """A hub: opens at 18:30 every day, also at weekends and on bank holidays, as long as it has members."""
        environment, share = self._environment, self.parameters.hub_day_share
        while True:
            yield environment.timeout(day * DAY_SECONDS + HUB_OPENS - environment.now)
            if hub >= len(self._hub_slots) or not len(self._hub_members[hub]):
                self._hubs.remove(hub)
                return
            slots, self._hub_carried[hub] = hub_slots(
                share, self._hub_slots[hub], self._hub_carried[hub], EPOCH + timedelta(day)
            )
            self._hubs_open.append((hub, slots))
            day += 1

    def _evenings(self, day: int) -> Generator[simpy.Event, Any, None]:
        """The hubs' evening: those that have opened take the day's refused patients, all in one call."""
        environment = self._environment
        while True:
            yield environment.timeout(day * DAY_SECONDS + HUB_OPENS + HUB_QUEUES - environment.now)
            if self._hubs_open:
                hubs, slots = zip(*sorted(self._hubs_open), strict=True)
                self._hubs_open.clear()
                members = [self._hub_members[hub] for hub in hubs]
                ends = np.cumsum([len(some) for some in members])
                queue = np.zeros((2, max(len(some) for some in members)), np.int64)
                evening = np.concatenate(members), ends, np.array(slots, np.int64), queue, day
                while (result := hubs_evening(*self._tables, *evening)) != DONE:
                    self._make_room(result, "hub", hubs[self._state["ledger"][REACHED]])
            day += 1

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
            opening_in_system=counted_by_server(opening, self._state["practice"][:, SERVER]),
            closing_booked=booked,
            closing_pending=pending,
        )

    def run_without_clock(self, plan: MonthPlan) -> MonthCounts:
        """Run a plan's days one after another, without SimPy and hubs; the layer is of no use afterwards.

        Without a hub a practice's days touch no other's, so the counts are those of `run_month`; the difference in time
        is what SimPy costs.
        """
        first, last = self._check(plan)
        opening = np.add(*self._census())
        self._take(plan, first, last)
        self._state["counts"][:] = 0
        open_until = self._rules["open_until"]
        days = range(int(open_until[first - 1]) + 1, int(open_until[last]) + 1)
        practices = np.arange(len(self.sites))
        for today in days:
            while (result := practices_day(*self._tables, practices, today)) != DONE:
                self._make_room(result, "practice", int(practices[self._state["ledger"][REACHED]]))
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
        practice, shared = self._state["practice"], np.asarray(plan.shared_record, bool)[plan.server]
        practice[:, HUB_RETURN] = np.where(shared, *(round(share * 65536) for share in returns[::-1]))
        practice[:, HUB] = hub_of_rows(plan, practice[:, SERVER])
        self._hub_slots = [float(slots) for slots in plan.hub_slots_week]
        self._hub_members = [np.flatnonzero(practice[:, HUB] == hub) for hub in range(len(self._hub_slots))]
        self._hub_carried += [0.0] * (len(self._hub_slots) - len(self._hub_carried))
        for hub in {int(hub) for hub in practice[:, HUB] if hub >= 0} - self._hubs:
            self._environment.process(self._hub(hub, first))
            self._hubs.add(hub)

    def _census(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        booked, pending = np.zeros((2, len(self.sites)), np.int64)
        tables = (self._state[name] for name in ("slots", "diary_at", "leaver", "practice", "head", "node"))
        census(*tables, booked, pending)
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
            "hub_carried": np.array(self._hub_carried, float),
        }

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Continue from a saved state of a layer with the same seed, sites and parameters."""
        self._state.load(saved)
        self.next_day = int(saved["next_day"][0])
        self._hub_carried = saved["hub_carried"].tolist()
        self._bind()
        self._make_processes()


def hub_slots(day_share: tuple[float, float, float], slots_week: float, carried: float, day: date) -> tuple[int, float]:
    """A hub's whole slots of a day and the fraction carried on to the next."""
    total = carried + slots_week * _share_of_week(day_share, day)
    whole = int(total + 1e-9)
    return whole, total - whole


@cache
def _share_of_week(day_share: tuple[float, float, float], day: date) -> float:
    weekday_evening, saturday, sunday = day_share
    return weekday_evening if is_open(day) else (saturday if day.weekday() == 5 else sunday)


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
