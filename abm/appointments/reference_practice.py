"""A practice of the reference engine: its day, who works when, and where a slot is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from abm.appointments.demand import SICKNESS
from abm.appointments.diary import NOTICE
from abm.appointments.events import TOO_MANY_REQUESTS
from abm.appointments.interface import COLUMN, MonthPlan
from abm.appointments.layer import DAY_OPENS, DAY_SECONDS, HUB_OPENS, LINES_OPEN, TROUBLES
from abm.appointments.layout import SCATTER
from abm.appointments.random_bits import GAP_UNIT
from abm.appointments.reference_diary import Diary, Page, in_turn, seconds_of_slot
from abm.appointments.reference_patient import Draws, Patient
from abm.appointments.rules import EPOCH, SESSION_UNIT, SICK, session_slots
from abm.appointments.tickets import MOST_REQUESTS
from abm.calendar import is_open

if TYPE_CHECKING:
    from abm.appointments.reference import ReferenceLayer

DAY_ENDS = 86_399
Process = Generator[simpy.Event, Any, None]


class Practice:
    """A practice: its reception, diaries, and the patients who ring again or were refused.

    Patients come from the practice's own site, and from those of other rows that it serves instead of them.
    """

    def __init__(self, layer: ReferenceLayer, row: int) -> None:
        self.layer, self.row, self.env = layer, row, layer.env
        self.diaries: list[Diary] = []
        self.plan: MonthPlan | None = None
        self.opened = -1  # the last open day for which diaries are open
        self.rings: dict[int, list[Patient]] = defaultdict(list)  # by open day, in the order put down
        self.refused: list[Patient] = []
        self.usual_below: list[int] = []
        self.means: dict[int, float] = {}  # requests of an average open day by site served, ascending
        self.access = 0
        self.gps_joined = False  # since the last plan was taken, with a site taken over

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
            if self.layer.server[self.row] != self.row:
                today += 1
                continue
            self.today, self.day = today, int(calendar.open_day[today])
            for patient in self.refused:  # they waited for a hub that the practice has left since
                patient.after_refusal(today - 1)
            self.refused = []
            self.open_the_day()
            yield self.env.timeout(LINES_OPEN - DAY_OPENS)
            for patient in self.rings.pop(today, []):
                patient.turn.succeed()
            yield self.env.timeout(0)
            self.env.process(self.arrivals())
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

    def arrivals(self) -> Process:
        """New requests of all sites, one after the other: by second, then site."""
        requests = [request for site in self.means for request in self.requests_of(site)]
        for second, site, index, draws in sorted(requests, key=lambda request: request[:3]):
            yield self.env.timeout(self.day * DAY_SECONDS + second - self.env.now)
            patient = Patient(self, site, self.day, index, 0, self.day, draws)
            self.env.process(patient.life())
            yield self.env.timeout(0)

    def requests_of(self, site: int) -> Iterator[tuple[int, int, int, Draws]]:
        """A site's requests of the day: a Poisson process in operational time, stretched over the day.

        Yields:
            second, site, index of the request, and what is drawn for it.
        """
        mean = self.means[site] * self.layer.parameters.weekday[(EPOCH + timedelta(self.day)).weekday()]
        total, index = 0, 0
        while mean > 0:
            draws = Draws.of(self.layer, site, self.day, index, 0)
            total += draws.gap
            if float(total) >= mean * GAP_UNIT:
                return
            if index > MOST_REQUESTS:
                day = EPOCH + timedelta(self.day)
                raise RuntimeError(f"appointments of practice {self.row} on {day}: {TROUBLES[TOO_MANY_REQUESTS]}")
            yield self.layer.second_of(float(total) * (1.0 / (mean * GAP_UNIT))), site, index, draws
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
                        start + slot: 2 for start in starts for slot in calls if start + slot not in page.slots()
                    }
                self.count("slots_offered", diary.kind, len(page.slots() | set(page.calls)))
                self.count("clinician_days", diary.kind)

    def take_over(self, other: Practice) -> None:
        """Serve the site of another practice from now on: its patients and diaries come here, behind one's own."""
        pages = [page for diary in other.diaries for page in diary.pages.values()]
        for patients in (*(page.booked.values() for page in pages), *other.rings.values(), other.refused):
            for patient in patients:
                patient.practice = self
        for day, some in other.rings.items():
            self.rings[day] += some
        self.refused = sorted(self.refused + other.refused, key=lambda patient: patient.refused_at)
        self.diaries += other.diaries
        self.gps_joined |= bool(other.of_kind(0))
        self.opened = max(self.opened, other.opened)
        other.rings.clear()
        other.refused, other.diaries = [], []

    def take_plan(self, plan: MonthPlan) -> None:
        """A new month's staff, sessions and access model."""
        layer = self.layer
        week = (self.day - 2) // 7
        staff = layer.staff
        mine = [i for i in range(len(staff.kind)) if staff.practice[i] == self.row]
        asked = {(int(staff.kind[i]), int(staff.key[i])): int(staff.sessions[i]) for i in mine}
        known: dict[tuple[int, int], Diary] = {}
        for own in self.diaries:
            known.setdefault((own.kind, own.key), own)  # a GP who was in both practices keeps the diary here
        before, access = self.diaries, int(plan.access_model[self.row])
        gps_changed, self.gps_joined = self.gps_joined, False
        self.diaries = []
        for (kind, key), sessions in asked.items():
            diary = known.get((kind, key))
            if diary is None:
                carried = (key * int(SCATTER) % 2**64) >> 54
                diary = Diary(kind, key, session_slots(layer.parameters)[kind], sessions, carried, week, access)
                gps_changed |= kind == 0
            elif diary.sessions != sessions:
                diary.carried = (diary.carried + diary.sessions * (week - diary.week)) % SESSION_UNIT
                diary.week, diary.sessions, diary.changed = week, sessions, True
                gps_changed |= kind == 0
            self.diaries.append(diary)
        leavers = [diary for diary in before if not any(diary is kept for kept in self.diaries)]
        gps_changed |= any(diary.kind == 0 for diary in leavers)
        for diary in self.diaries:
            other_cover = diary.kind == 1 and gps_changed
            diary.changed, diary.access = diary.changed or other_cover or diary.access != access, access
        for diary in leavers:
            for ahead in range(self.today, self.opened + 1):
                self.lay(diary, ahead, [], set())
        self.plan, self.access = plan, access
        self.usual_below = layer.thresholds[np.asarray(plan.gp_practice) == self.row].tolist()
        self.means = dict.fromkeys(np.flatnonzero(plan.server == self.row).tolist(), 0.0)
        for site in self.means:
            for band in plan.requests_per_open_day[site]:
                self.means[site] += float(band)

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
