"""The same model as one plain SimPy process for each patient: the text to read, and the oracle of the tests.

Nothing here is fast and nothing is clever: a diary is a dictionary of pages, a page holds sets of slots, patients are
generators that ring, wait and sit in the surgery, clinicians are resources, the hub is a process with a queue. Only
what patients are like is drawn by the compiled code, because both engines must meet the same patients; what happens to
them is written twice, and every event must agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any, NoReturn

import numpy as np
import simpy
from numpy.typing import NDArray

from abm.appointments import events as event
from abm.appointments.demand import (
    LEAVE_WEEK,
    SICKNESS,
    clinician_word,
    request_second,
)
from abm.appointments.diary import (
    NOTICE,
)
from abm.appointments.events import TOO_MANY_REQUESTS
from abm.appointments.interface import (
    COLUMN,
    N_COUNTS,
    MonthCounts,
    MonthPlan,
)
from abm.appointments.layer import DAY_OPENS, DAY_SECONDS, HUB_OPENS, TROUBLES, AppointmentLayer, hub_slots
from abm.appointments.layout import SCATTER, Staff, staff_of, usual_thresholds
from abm.appointments.random_bits import (
    GAP_UNIT,
)
from abm.appointments.reference_patient import Diary, Draws, Page, Patient, seconds_of_slot
from abm.appointments.rules import (
    EPOCH,
    LEAVE,
    SESSION_UNIT,
    SICK,
    session_slots,
)
from abm.appointments.tickets import MOST_REQUESTS
from abm.calendar import is_open
from abm.errors import InputError

LINES_OPEN, DAY_ENDS = 28_800, 86_399
Process = Generator[simpy.Event, Any, None]


class Practice:
    """A practice: its reception, diaries, and the patients who ring again or were refused."""

    def __init__(self, layer: ReferenceLayer, row: int) -> None:
        self.layer, self.row, self.env = layer, row, layer.env
        self.diaries: list[Diary] = []
        self.plan: MonthPlan | None = None
        self.opened = -1  # the last open day for which diaries are open
        self.rings: dict[int, list[Patient]] = defaultdict(list)  # by open day, in the order put down
        self.refused: list[Patient] = []
        self.usual_below: list[int] = []
        self.mean = 0.0
        self.access = 0

    def of_kind(self, *kinds: int) -> list[Diary]:
        """Diaries of some kinds of clinician, in order."""
        return [diary for diary in self.diaries if diary.kind in kinds]

    def count(self, name: str, offset: int = 0, by: int = 1) -> None:
        """Add to a count of the month."""
        self.layer.counts[self.row, COLUMN[name] + offset] += by

    # The day of the practice.

    def days(self, today: int) -> Process:
        """Open at 07:00 every open day."""
        calendar = self.layer.calendar
        while True:
            yield self.env.timeout(calendar.open_day[today] * DAY_SECONDS + DAY_OPENS - self.env.now)
            self.today, self.day = today, int(calendar.open_day[today])
            for patient in self.refused:  # they waited for a hub that the practice has left since
                patient.after_refusal(today - 1)
            self.refused = []
            self.open_the_day()
            yield self.env.timeout(LINES_OPEN - DAY_OPENS)
            for patient in self.rings.pop(today, []):
                patient.turn.succeed()
            yield self.env.timeout(0)
            self.env.process(self.arrivals(today))
            yield self.env.timeout(HUB_OPENS - LINES_OPEN)
            if self.layer.hub_of[self.row] < 0:
                refused, self.refused = self.refused, []
                for patient in refused:
                    patient.after_refusal(today)
            yield self.env.timeout(DAY_ENDS - HUB_OPENS)
            for diary in self.diaries:
                self.count("overrun_seconds", by=diary.pages[today].overrun(diary.slots) if today in diary.pages else 0)
                diary.pages.pop(today, None)
            today += 1

    def arrivals(self, today: int) -> Process:
        """New requests: a Poisson process in operational time, stretched over the day."""
        mean = self.mean * self.layer.parameters.weekday[(EPOCH + timedelta(self.day)).weekday()]
        total, index = 0, 0
        while mean > 0:
            draws = Draws.of(self.layer, self.row, self.day, index, 0)
            total += draws.gap
            if float(total) >= mean * GAP_UNIT:
                return
            second = self.layer.second_of(float(total) * (1.0 / (mean * GAP_UNIT)))
            yield self.env.timeout(self.day * DAY_SECONDS + second - self.env.now)
            if index > MOST_REQUESTS:
                day = EPOCH + timedelta(self.day)
                raise RuntimeError(f"appointments of practice {self.row} on {day}: {TROUBLES[TOO_MANY_REQUESTS]}")
            patient = Patient(self, self.row, self.day, index, 0, self.day, draws)
            self.env.process(patient.life())
            yield self.env.timeout(0)
            index += 1

    def second(self) -> int:
        """Second of the day."""
        return int(self.env.now) % DAY_SECONDS

    # Diaries: who works when.

    def open_the_day(self) -> None:
        """07:00: leavers go, changed diaries are laid anew, days at the horizon open, the sick are missing."""
        layer, today = self.layer, self.today
        if layer.plan is not self.plan and layer.plan is not None:
            self.take_plan(layer.plan)
        last = layer.open_until(self.day + layer.parameters.horizon)
        for diary in self.diaries:
            first = today if diary.changed else self.opened + 1
            diary.changed = False
            for ahead in range(max(first, today), last + 1):
                self.lay(diary, ahead, *self.desired(diary, ahead))
        self.opened = last
        at_work = 0
        for diary in self.diaries:
            page = diary.pages[today]
            if page.slots() and layer.word(diary, self.day, SICKNESS) < layer.rules["scalar"][SICK]:
                self.lay(diary, today, [], set())
            elif page.slots() and diary.kind <= 2:
                at_work += 1
        if not at_work:
            outside = self.of_kind(1)[0]
            face, kept, _ = layer.pattern(self.access, 1)
            self.lay(outside, today, face, set(kept))
            self.count("outside_locum_sessions")
        for diary in self.diaries:
            page = diary.pages[today]
            page.clinician, page.midnight = simpy.Resource(self.env, 1), self.day * DAY_SECONDS
            page.calls = {}
            if page.slots():
                if self.access >= 2 and diary.kind <= 2:
                    _, _, calls = layer.pattern(self.access, diary.kind)
                    starts = [0] * any(slot < 32 for slot in page.slots()) + [32] * any(
                        slot >= 32 for slot in page.slots()
                    )
                    page.calls = {
                        start + slot: 2 for start in starts for slot in calls if start + slot not in page.booked
                    }
                self.count("slots_offered", diary.kind, len(page.slots() | set(page.calls)))
                self.count("clinician_days", diary.kind)

    def take_plan(self, plan: MonthPlan) -> None:
        """A new month's staff, sessions and access model."""
        layer = self.layer
        week = (self.day - 2) // 7
        staff = layer.staff
        mine = [i for i in range(len(staff.kind)) if staff.practice[i] == self.row]
        asked = {(int(staff.kind[i]), int(staff.key[i])): int(staff.sessions[i]) for i in mine}
        known = {(diary.kind, diary.key): diary for diary in self.diaries}
        leavers = [diary for diary in self.diaries if (diary.kind, diary.key) not in asked]
        gps_changed = any(diary.kind == 0 for diary in leavers)
        self.diaries = []
        for (kind, key), sessions in asked.items():
            diary = known.get((kind, key))
            if diary is None:
                carried = (key * int(SCATTER) % 2**64) >> 54
                diary = Diary(kind, key, session_slots(layer.parameters)[kind], sessions, carried, week)
                gps_changed |= kind == 0
            elif diary.sessions != sessions:
                diary.carried = (diary.carried + diary.sessions * (week - diary.week)) % SESSION_UNIT
                diary.week, diary.sessions, diary.changed = week, sessions, True
                gps_changed |= kind == 0
            self.diaries.append(diary)
        for diary in self.diaries:
            other_cover = diary.kind == 1 and gps_changed
            diary.changed = diary.changed or other_cover or self.access != plan.access_model[self.row]
        for diary in leavers:
            for ahead in range(self.today, self.opened + 1):
                self.lay(diary, ahead, [], set())
        self.plan, self.access = plan, int(plan.access_model[self.row])
        self.usual_below = layer.thresholds[np.asarray(plan.gp_practice) == self.row].tolist()
        self.mean = 0.0
        for band in plan.requests_per_open_day[self.row]:
            self.mean += float(band)

    def half_days(self, diary: Diary, week: int) -> list[int]:
        """Half-days of a week that a clinician works, 0 being Monday morning."""
        layer = self.layer
        if layer.on_leave(diary, week):
            return []
        if diary.kind != 1:
            return diary.template(week)
        at_work = [0] * 10
        for gp in self.of_kind(0):
            for half in [] if layer.on_leave(gp, week) else gp.template(week):
                at_work[half] += 1
        monday = EPOCH + timedelta(2 + 7 * week)
        usable = [half for half in range(10) if is_open(monday + timedelta(half // 2))]
        return sorted(usable, key=lambda half: (at_work[half], half))[: diary.sessions_of_week(week)]

    def desired(self, diary: Diary, ahead: int) -> tuple[list[int], set[int]]:
        """Slots that a clinician offers on a day, and which of them are kept for that day."""
        week, weekday = divmod(int(self.layer.calendar.open_day[ahead]) - 2, 7)
        halves = self.half_days(diary, week)
        face, kept, _ = self.layer.pattern(self.access, diary.kind)
        starts = [0] * (2 * weekday in halves) + [32] * (2 * weekday + 1 in halves)
        return [start + slot for start in starts for slot in face], {start + slot for start in starts for slot in kept}

    def lay(self, diary: Diary, ahead: int, desired: list[int], kept: set[int]) -> None:
        """Set a page to the slots desired; of those withdrawn the free go first, then the latest."""
        page = diary.pages.setdefault(ahead, Page())
        excess = len(page.booked) - len(desired)
        withdrawn = sorted(page.booked)[len(page.booked) - excess :] if excess > 0 else []
        fresh = sorted(set(desired) - set(page.booked))[: max(-excess, 0)]
        page.free, page.kept = set(fresh) - kept, set(fresh) & kept
        for slot in withdrawn:
            page.booked.pop(slot).lose_slot(diary, slot)

    # Looking for a slot.

    def usual_gp(self, word: int) -> Diary | None:
        """The usual GP that a patient's draw points to."""
        gps = self.of_kind(0)
        return gps[sum(word >= below for below in self.usual_below[: len(gps) - 1])] if gps else None

    def slot_today(
        self, diaries: list[Diary], usual: Diary | None, wish: bool, second: int
    ) -> tuple[Diary, int] | None:
        """Today's slot for an urgent request: kept before free, the usual GP's if preferred, else the earliest."""
        for pool in ("kept", "free"):
            offers = []
            for diary in in_turn(diaries, usual):
                ahead = [
                    slot for slot in getattr(diary.pages[self.today], pool) if seconds_of_slot(slot) >= second + NOTICE
                ]
                if ahead and wish and diary is usual:
                    return diary, min(ahead)
                if ahead:
                    offers.append((min(ahead), diary))
            if offers:
                slot, diary = min(offers, key=lambda offer: offer[0])
                return diary, slot
        return None

    def slot_ahead(
        self, diaries: list[Diary], usual: Diary | None, wish: bool, tolerated: int, earliest: int, latest: int
    ) -> tuple[Diary, int, int] | None:
        """The first day with an uncarved slot, or the usual GP's first day if that is not too much later."""
        date_of = self.layer.calendar.open_day
        for day in range(earliest, latest + 1):
            free = [diary for diary in in_turn(diaries, usual) if diary.pages[day].free]
            if free:
                chosen, when = free[0], day
                if wish and usual is not None:
                    own = [d for d in range(day, latest + 1) if usual.pages[d].free]
                    if own and date_of[own[0]] <= date_of[day] + tolerated:
                        chosen, when = usual, own[0]
                return chosen, when, min(chosen.pages[when].free)
        return None

    def call_today(
        self, diaries: list[Diary], usual: Diary | None, wish: bool, second: int
    ) -> tuple[Diary, int] | None:
        """Today's call, chosen as an urgent slot."""
        offers = []
        for diary in in_turn(diaries, usual):
            calls = diary.pages[self.today].calls
            ahead = [slot for slot, left in calls.items() if left and seconds_of_slot(slot) >= second + NOTICE]
            if ahead and wish and diary is usual:
                return diary, min(ahead)
            if ahead:
                offers.append((min(ahead), diary))
        return min(offers, key=lambda offer: offer[0])[::-1] if offers else None


def in_turn(diaries: list[Diary], usual: Diary | None) -> list[Diary]:
    """Diaries in order from the usual GP's on."""
    start = next((i for i, diary in enumerate(diaries) if diary is usual), 0)
    return diaries[start:] + diaries[:start]


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
        opening = sum(self._census())
        self.counts[:] = 0
        if self.open_until(last) > self.open_until(first - 1):
            self.plan, self.staff = plan, staff_of(plan, self.sites.key, self.parameters)
            self.thresholds = usual_thresholds(plan, len(self.sites))
        self.hub_of = np.asarray(plan.hub)
        self.shared_record = np.asarray(plan.shared_record, bool)
        self._hub_slots = [float(slots) for slots in plan.hub_slots_week]
        for hub in range(len(self.hubs), len(self._hub_slots)):
            self.hubs.append(0.0)
            self.env.process(self._hub_days(hub, first))
        self.env.run(until=(last + 1) * DAY_SECONDS)
        self.next_day = last + 1
        booked, pending = self._census()
        return MonthCounts.of(
            self.counts, first_day=plan.first_day, last_day=plan.last_day,
            open_days=self.open_until(last) - self.open_until(first - 1), opening_in_system=opening,
            closing_booked=booked, closing_pending=pending,
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
