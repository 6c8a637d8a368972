"""The same model as one plain SimPy process for each patient: the text to read, and the oracle of the tests.

Nothing here is fast and nothing is clever: a diary is a dictionary of pages, a page holds sets of slots, patients are
generators that ring, wait and sit in the surgery, clinicians are resources, the hub is a process with a queue. Only
what patients are like is drawn by the compiled code, because both engines must meet the same patients; what happens to
them is written twice, and every event must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any, NoReturn

import numpy as np
import simpy
from numpy.typing import NDArray

from abm.appointments import events as event
from abm.appointments.demand import (
    LEAVE_WEEK,
    clinician_word,
    request_second,
)
from abm.appointments.interface import (
    N_COUNTS,
    MonthCounts,
    MonthPlan,
)
from abm.appointments.layer import DAY_SECONDS, HUB_OPENS, AppointmentLayer, hub_slots
from abm.appointments.layout import Staff, staff_of, usual_thresholds
from abm.appointments.reference_diary import Diary
from abm.appointments.reference_patient import Patient
from abm.appointments.reference_practice import Practice
from abm.appointments.rules import (
    EPOCH,
    LEAVE,
)
from abm.appointments.takeover import counted_by_server, hub_of_rows
from abm.calendar import is_open
from abm.errors import InputError

Process = Generator[simpy.Event, Any, None]


class ReferenceLayer(AppointmentLayer):
    """The layer with the reference engine. It runs and counts like the compiled one; it cannot be saved.

    Attributes:
        listener: called with the patient, the event and its detail whenever something happens to a request.
    """

    listener: Callable[[Patient, int, tuple[int, ...]], None] | None = None

    def _begin(self, records: bool) -> None:
        self.rules = self._rules
        self.calendar = _Calendar(self._rules["open_day"], self._rules["open_until"])
        self.env = simpy.Environment(initial_time=self.next_day * DAY_SECONDS)
        self.keep, self.rows = records, list[tuple[int, ...]]()
        self.counts = np.zeros((len(self.sites), N_COUNTS), np.int64)
        self.hub_of = np.full(len(self.sites), -1)
        self.server = np.arange(len(self.sites))  # the practice row that serves each site
        self.plan: MonthPlan | None = None
        self.staff: Staff
        self.thresholds: NDArray[np.int64]
        self.practices = [Practice(self, row) for row in range(len(self.sites))]
        first = self.open_until(self.next_day - 1) + 1
        for practice in self.practices:
            self.env.process(practice.days(first))
        self.hubs: list[float] = []
        self._hub_members, self._hub_slots = [], []

    def open_until(self, day: int) -> int:
        """Index of the last open day up to a day."""
        return int(self.calendar.open_until[day])

    def pattern(self, access: int, kind: int) -> tuple[list[int], list[int], list[int]]:
        """Slots of a session: to be seen in, of these kept for the day, and taken by calls."""
        masks = [int(mask) for mask in self.rules["pattern"][access * 5 + kind]]
        face, kept, calls = ([slot for slot in range(31) if mask >> slot & 1] for mask in masks)
        return face, kept, calls

    def word(self, diary: Diary, when: int, purpose: int) -> int:
        """A clinician's draw for a day or a block of weeks."""
        scalar = self.rules["scalar"]
        return int(clinician_word(scalar, diary.key & 0xFFFFFFFF, diary.key >> 32, when, purpose + (diary.kind > 0)))

    def on_leave(self, diary: Diary, week: int) -> bool:
        """Whether a clinician's week of leave in the current block of weeks is this one."""
        leave = int(self.rules["scalar"][LEAVE])
        if not leave:
            return False
        block = (leave * (week + 1) - 1) // 52
        start, end = 52 * block // leave, 52 * (block + 1) // leave
        return start + (self.word(diary, block, LEAVE_WEEK) * (end - start) >> 32) == week

    def second_of(self, operational_time: float) -> int:
        """Second of the day by which this share of the day's requests has been made."""
        return int(request_second(operational_time, *self.rules["arrival"][5:].tolist()))

    def put_down(self, practice: int, what: int, ticket: int, *detail: int) -> None:
        """Keep an event."""
        if self.keep:
            day = int(self.env.now) // DAY_SECONDS
            self.rows.append((practice, day, what, ticket, *detail, *([0] * (4 - len(detail)))))

    def _hub_days(self, hub: int, day: int) -> Process:
        """A hub: at 18:30 it takes the day's refused, urgent first, then by second and practice."""
        carried = 0.0
        while True:
            yield self.env.timeout(day * DAY_SECONDS + HUB_OPENS - self.env.now)
            members = [practice for practice in self.practices if self.hub_of[practice.row] == hub]
            if hub < len(self._hub_slots) and members:
                slots, carried = hub_slots(
                    self.parameters.hub_day_share, self._hub_slots[hub], carried, EPOCH + timedelta(day)
                )
                queue = [patient for practice in members for patient in practice.refused]
                queue.sort(key=lambda patient: (not patient.urgent, patient.refused_at, patient.practice.row))
                for patient in queue[:slots]:
                    patient.practice.refused.remove(patient)
                    patient.at_hub(self.open_until(day), day)
                if is_open(EPOCH + timedelta(day + 1)):
                    for practice in members:
                        refused, practice.refused = practice.refused, []
                        for patient in refused:
                            patient.after_refusal(self.open_until(day))
            day += 1

    def run_month(self, plan: MonthPlan) -> MonthCounts:
        """Run a plan's days and count, as the compiled engine does."""
        first, last = self._check(plan)
        opening = np.add(*self._census())
        self.counts[:] = 0
        if self.open_until(last) > self.open_until(first - 1):
            self.plan, self.staff = plan, staff_of(plan, self.sites.key, self.parameters)
            self.thresholds = usual_thresholds(plan, len(self.sites))
            self.server = plan.server
            for practice in self.practices:
                if self.server[practice.row] != practice.row:
                    self.practices[self.server[practice.row]].take_over(practice)
        self.hub_of = hub_of_rows(plan, self.server)
        self.shared_record = np.asarray(plan.shared_record, bool)[plan.server]
        self._hub_slots = [float(slots) for slots in plan.hub_slots_week]
        for hub in range(len(self.hubs), len(self._hub_slots)):
            self.hubs.append(0.0)
            self.env.process(self._hub_days(hub, first))
        self.env.run(until=(last + 1) * DAY_SECONDS)
        self.next_day = last + 1
        booked, pending = self._census()
        return MonthCounts.of(
            self.counts, first_day=plan.first_day, last_day=plan.last_day,
            open_days=self.open_until(last) - self.open_until(first - 1),
            opening_in_system=counted_by_server(opening, self.server), closing_booked=booked, closing_pending=pending,
        )  # fmt: skip

    def _census(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        booked = [sum(len(page.booked) for diary in p.diaries for page in diary.pages.values()) for p in self.practices]
        ringing = [sum(patient.made_already for some in p.rings.values() for patient in some) for p in self.practices]
        refused = [len(practice.refused) for practice in self.practices]
        return np.array(booked, np.int64), np.array(ringing, np.int64) + np.array(refused, np.int64)

    def take_records(self) -> NDArray[np.int64]:
        """The events put down since the last call; see the compiled engine."""
        rows, self.rows = self.rows, []
        return np.array(rows, np.int64).reshape(-1, len(event.RECORD_COLUMNS))

    def save(self) -> NoReturn:
        """Refuse: patients are generators, which cannot be written down."""
        raise InputError("the reference engine cannot be saved; use engine 'compiled'")

    def load(self, saved: dict[str, NDArray[Any]]) -> NoReturn:
        """Refuse, as `save`."""
        self.save()


class _Calendar:
    """Open days as day numbers, and back."""

    def __init__(self, open_day: NDArray[np.int64], open_until: NDArray[np.int64]) -> None:
        self.open_day, self.open_until = open_day, open_until
