"""A few days at a practice's reception in words, told by the reference engine as they happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from abm.appointments import events as event
from abm.appointments.demand import FOR_GP, URGENT
from abm.appointments.interface import ACCESS_MODELS, KINDS
from abm.appointments.reference import ReferenceLayer
from abm.appointments.reference_diary import Diary, seconds_of_slot
from abm.appointments.reference_patient import DAY_SECONDS, Patient
from abm.appointments.rules import EPOCH
from abm.calendar import is_open
from abm.scenario.scenario import Scenario
from abm.standstill import StandingPlace

STAFF = ("GP", "locum", "registrar", "nurse", "other clinician")
NEEDS = ("needs a GP", "a nurse or other clinician will do", "a pharmacist would do")
ACCESS = dict(
    zip(
        ACCESS_MODELS,
        (
            "part of every session is kept for the day",
            "half the usual part of every session is kept for the day",
            "every request for a GP takes a call first",
            "urgent requests for a GP take a call first",
        ),
        strict=True,
    )
)

COUNTED: dict[Any, str] = {
    event.REQUESTED: "new requests", event.REDIRECTED: "sent to a pharmacy", event.CALLED: "called",
    event.BOOKED: "booked", event.REFUSED_TODAY: "refused", event.UNMET: "gone elsewhere", event.ABANDONED: "given up",
    event.CANCELLED: "cancelled", event.NO_SHOW: "did not come", event.ATTENDED: "seen",
}  # fmt: skip


@dataclass
class Reception:
    """Hears every event of one practice and puts it into words.

    Attributes:
        first: first day to tell of; what happens before is not told.
        names: names of the GPs by the key of their diary.
        lines: what has been told.
        tally: how often what happened, of the day that is being told.
    """

    first: date
    names: dict[int, str]
    lines: list[str] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    _day: int = -1
    _opening: str = ""

    def hear(self, patient: Patient, what: int, detail: tuple[int, ...]) -> None:
        """Tell of one event."""
        now = int(patient.env.now)
        day = now // DAY_SECONDS
        if EPOCH + timedelta(day) < self.first:
            return
        if day != self._day:
            self.close()
            self._day = day
            self._open(patient)
        said = self._said(patient, what, detail)
        if what == event.REQUESTED:
            self._opening = said
        else:
            whole = f"{self._opening}: {said}" if self._opening else f"{self._request(patient)} {said}"
            self.lines.append(f"  {_clock(now)}  {whole}.")
            self._opening = ""

    def close(self) -> None:
        """End the day that is being told."""
        if self.tally:
            told = ", ".join(f"{self.tally[word]} {word}" for word in COUNTED.values() if self.tally[word])
            self.lines.append(f"  The day: {told}.")
            self.tally.clear()

    def _open(self, patient: Patient) -> None:
        practice, day = patient.practice, EPOCH + timedelta(self._day)
        self.lines += ["", f"{day:%A} {day.day} {day:%B %Y}"]
        if not is_open(day):
            return
        at_work = [diary for diary in practice.diaries if diary.pages[practice.today].slots() or
                   diary.pages[practice.today].calls]  # fmt: skip
        told = [f"{self._clinician(d)} ({_halves(d, practice.today)})" for d in at_work]
        free = sum(len(d.pages[practice.today].free) for d in at_work)
        kept = sum(len(d.pages[practice.today].kept) for d in at_work)
        calls = sum(sum(d.pages[practice.today].calls.values()) for d in at_work)
        booked = sum(len(d.pages[practice.today].booked) for d in at_work)
        self.lines.append(f"  At work: {', '.join(told)}.")
        self.lines.append(
            f"  Today's slots: {booked} booked already, {kept} kept for the day, {free} free"
            + (f"; {calls} calls" if calls else "")
            + "."
        )

    def _said(self, patient: Patient, what: int, detail: tuple[int, ...]) -> str:
        """One event as the end of a sentence."""
        draws, practice = patient.draws, patient.practice
        if what in COUNTED:
            self.tally[COUNTED[what]] += 1
        if what == event.REQUESTED:
            usual = practice.usual_gp(draws.usual)
            asks = draws.prefers and usual is not None and draws.suitability == FOR_GP
            wish = f", prefers {self._clinician(usual)}" if asks else ""
            when = "" if draws.kind == URGENT else f", for {_days(draws.wanted)} ahead"
            return f"{self._request(patient)}, {KINDS[draws.kind]}{when}, {NEEDS[draws.suitability]}{wish}"
        if what == event.BOOKED:
            diary, (day, number) = self._diary(patient, detail), divmod(detail[2], 64)
            usual = practice.usual_gp(draws.usual)
            own = ", the usual GP" if diary is usual else ""
            again = (
                "" if patient.new else ("rings again for the slot it lost, " if patient.rebooking else "rings again, ")
            )
            return f"{again}booked {self._when(patient, day, number)} with {self._clinician(diary)}{own}"
        if what == event.CALLED:
            diary = self._diary(patient, detail)
            outcome = "which settles it" if detail[3] & 1 else "and needs to be seen"
            return f"called by {self._clinician(diary)} at {_clock(seconds_of_slot(detail[2]))}, {outcome}"
        if what == event.REFUSED_TODAY:
            return "nothing left today" if patient.urgent else "no slot while patience lasts"
        if what in (event.CANCELLED, event.WITHDRAWN, event.NO_SHOW, event.ATTENDED):
            who = self._clinician(self._diary(patient, detail))
            slot = _clock(seconds_of_slot(detail[2] % 64))
            waited = f"{detail[3] // 60} min after its time" if len(detail) > 3 and detail[3] >= 60 else "on time"
            endings: dict[Any, str] = {
                event.CANCELLED: f"cancels the slot at {slot} with {who}",
                event.WITHDRAWN: f"loses the slot at {slot}: {who} is away",
                event.NO_SHOW: f"does not come to {who}",
                event.ATTENDED: f"is seen by {who}, {waited}",
            }
            return endings[what]
        others: dict[Any, str] = {
            event.REDIRECTED: "sent to a pharmacy",
            event.AT_HUB: "is seen at the hub",
            event.RINGS_AGAIN: "will ring again on the next open day",
            event.COMES_BACK: "will come back as urgent",
            event.ABANDONED: "gives up",
            event.UNMET: "goes elsewhere: A&E or 111",
            event.FOLLOWS_HUB: "will follow the visit to the hub with a request",
        }
        return others[what]

    def _request(self, patient: Patient) -> str:
        made = EPOCH + timedelta(patient.named)
        of = "" if patient.named == self._day else f" of {made.day} {made:%B}"
        after = " (after the hub)" if patient.generation else ""
        return f"Request {patient.index + 1}{of}{after}"

    def _when(self, patient: Patient, open_day: int, slot: int) -> str:
        at = _clock(seconds_of_slot(slot))
        if open_day == patient.practice.today:
            return f"today at {at}"
        day = EPOCH + timedelta(int(patient.layer.calendar.open_day[open_day]))
        return f"{day:%A} {day.day} {day:%B} at {at}"

    def _diary(self, patient: Patient, detail: tuple[int, ...]) -> Diary | None:
        kind, key = detail[0], detail[1]
        return next((d for d in patient.practice.diaries if (d.kind, d.signed_key) == (kind, key)), None)

    def _clinician(self, diary: Diary | None) -> str:
        if diary is None:
            return "somebody who has left"
        if diary.kind == 0:
            return self.names[diary.key]
        return STAFF[diary.kind] if diary.kind == 1 else f"{STAFF[diary.kind]} {diary.key % 2**16 + 1}"


def _halves(diary: Diary, today: int) -> str:
    page = diary.pages[today]
    slots = page.slots() | set(page.calls)
    morning, afternoon = any(slot < 32 for slot in slots), any(slot >= 32 for slot in slots)
    return "all day" if morning and afternoon else "morning" if morning else "afternoon"


def _clock(second: int) -> str:
    minutes = second % DAY_SECONDS // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _days(number: int) -> str:
    return f"{number} open day{'s' if number != 1 else ''}"


def trace(scenario: Scenario, practice: str, first: date, days: int, seed: int = 1) -> Iterator[str]:
    """Days at a practice's reception, line by line.

    Args:
        scenario: place and policy; staff and lists stand still.
        practice: its code.
        first: first day to tell of.
        days: open days to tell of.
        seed: of the people and their requests.

    Raises:
        InputError: the place has no such practice.
    """
    place = StandingPlace(scenario, seed, [practice])
    world = place.world
    row = int(place.rows[0])
    names = {int(key): str(name) for key, name in zip(world.gps.key, world.gps.name, strict=True)}
    access = ACCESS[world.policy.access_model]
    yield f"{practice} ({world.practices.title[row]}): {world.lists()[row]:,.0f} patients; {access}."
    reception = Reception(first, names)
    told = 0
    for _, layer in place.days(first, engine="reference"):
        assert isinstance(layer, ReferenceLayer)
        layer.listener = reception.hear
        yield from reception.lines
        reception.lines.clear()
        day = EPOCH + timedelta(layer.next_day - 1)
        told += day >= first and is_open(day)
        if told == days:
            break
    reception.close()
    yield from reception.lines
