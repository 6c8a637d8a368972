"""A patient of the reference engine, from the first ring to the end."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from abm.appointments import events as event
from abm.appointments.demand import (
    ATTRIBUTES,
    FOR_GP,
    FOR_PHARMACIST,
    ROUTINE,
    URGENT,
    WORDS,
    draw_requests,
    draw_sequel,
)
from abm.appointments.events import (
    LAST_WAIT,
)
from abm.appointments.random_bits import (
    U64,
    exponential_gap,
)
from abm.appointments.reference_diary import Diary, Page, seconds_of_slot
from abm.appointments.rules import (
    CALL_BACK,
    CALL_CLOSES,
    COME_BACK,
    COME_BACK_AFTER,
    HUB_RETURN_AFTER,
    share16,
)
from abm.appointments.tickets import (
    LAST_GENERATION,
    LONGEST_DELAY,
)

if TYPE_CHECKING:
    from abm.appointments.reference import ReferenceLayer
    from abm.appointments.reference_practice import Practice

DAY_SECONDS, CANCELLATIONS_AT, LAST_NO_SHOW_WAIT = 86_400, 27_000, 63
Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Draws:
    """What is drawn for a request when it is made."""

    gap: int
    kind: int
    suitability: int
    wanted: int
    patience: int
    length_entry: int
    usual: int
    prefers: bool
    tolerated: int
    cancels: bool
    cancel_when: int
    no_show: int
    redirect: int

    @classmethod
    def of(cls, layer: ReferenceLayer, site: int, day: int, index: int, generation: int) -> Draws:
        """Draw by name."""
        drawn, raw = np.zeros((ATTRIBUTES, 1), np.int64), np.zeros((WORDS, 1), np.uint64)
        scalar, patience = layer.rules["scalar"], layer.rules["patience"]
        key = int(layer.sites.key[site])
        draw_requests(drawn, raw, scalar, patience, key, day, index, generation, 0, 1)
        gap, *rest = (int(value) for value in drawn[:13, 0])
        return cls(int(exponential_gap(U64(gap), layer.rules["minus_log"])), *rest)  # type: ignore[arg-type]


class Patient:
    """A request and the person who makes it: rings, is booked or refused, rings again, attends."""

    def __init__(
        self, practice: Practice, site: int, day: int, index: int, generation: int, made: int, draws: Draws
    ) -> None:
        self.practice, self.layer, self.env = practice, practice.layer, practice.env
        self.site, self.named, self.index, self.generation, self.made = site, day, index, generation, made
        self.draws = draws
        self.attempt, self.as_urgent, self.rebooking = 0, False, False
        self.refused_at, self.booked_on = 0, made
        self.turn, self.withdrawn, self.verdict = self.env.event(), self.env.event(), self.env.event()
        scalar = self.layer.rules["scalar"]
        key = int(self.layer.sites.key[site])
        self.sequel = [int(value) for value in draw_sequel(scalar, key, day, index, generation)]

    @property
    def urgent(self) -> bool:
        """Needs today."""
        return self.draws.kind == URGENT or self.as_urgent

    @property
    def new(self) -> bool:
        """Has not rung before."""
        return self.attempt == 0 and not self.as_urgent and not self.rebooking

    @property
    def made_already(self) -> bool:
        """False for one who is yet to follow a hub contact with a request."""
        return not (self.new and self.generation > 0)

    @property
    def ticket(self) -> int:
        """The word by which records know the request."""
        parts = ((self.site, 0), (self.named & 511, 16), (self.index, 25), (self.generation, 39), (self.attempt, 42),
                 (self.as_urgent, 44), (self.rebooking, 45), (self.made - self.named, 46))  # fmt: skip
        return sum(int(value) << at for value, at in parts)

    def note(self, what: int | np.integer[Any], *detail: int) -> None:
        """Put down an event."""
        self.layer.put_down(self.practice.row, int(what), self.ticket, *detail)
        if self.layer.listener is not None:
            self.layer.listener(self, int(what), detail)

    def ring_on(self, open_day: int) -> None:
        """Be put down to ring at 08:00 on an open day."""
        self.turn = self.env.event()
        self.practice.rings[open_day].append(self)

    # Life.

    def follow_hub(self) -> Process:
        """The life of a request that follows a hub contact: it rings when its day comes."""
        yield self.turn
        yield from self.life()

    def life(self) -> Process:
        """Ring until there is an end."""
        env = self.env
        if self.new:
            self.introduce()
            if self.draws.suitability == FOR_PHARMACIST and self.draws.redirect < share16(
                float(self.practice.plan.pharmacy_first[self.practice.row])  # type: ignore[union-attr]
            ):
                self.practice.count("redirected")
                self.note(event.REDIRECTED)
                return
        while True:
            booking = self.ring()
            if booking == "closed":
                return
            if booking == "rings again":
                self.note(event.RINGS_AGAIN)
                self.attempt = min(self.attempt + 1, 3)
                self.ring_on(self.practice.today + 1)
                yield self.turn
                continue
            if booking == "refused":
                self.refused_at = self.practice.second()
                self.practice.count("refused")
                self.note(event.REFUSED_TODAY, 0, 0, self.refused_at)
                self.verdict = env.event()
                self.practice.refused.append(self)
                if not (yield self.verdict):
                    return
                yield self.turn
                continue
            diary, day, slot, missed, with_usual, cancel_day = booking
            date = int(self.layer.calendar.open_day[day])
            self.withdrawn = env.event()
            if cancel_day is not None:
                morning = int(self.layer.calendar.open_day[cancel_day]) * DAY_SECONDS + CANCELLATIONS_AT
                yield env.timeout(morning - env.now) | self.withdrawn
                if not self.withdrawn.triggered:
                    page = diary.pages[day]
                    del page.booked[slot]
                    page.free.add(slot)
                    self.practice.count("cancelled")
                    self.note(event.CANCELLED, diary.kind, diary.signed_key, slot)
                    return
            else:
                yield env.timeout(date * DAY_SECONDS + seconds_of_slot(slot) - env.now) | self.withdrawn
            if self.withdrawn.triggered:
                yield self.turn
                continue
            yield from self.attend(diary, day, slot, missed, with_usual)
            return

    def introduce(self) -> None:
        """Count a new request."""
        practice, kind = self.practice, self.draws.kind
        practice.count("requests", kind)
        self.note(event.REQUESTED, kind, self.draws.suitability, practice.second())

    def ring(self) -> Any:
        """Try the other clinicians if they will do, then the GPs.

        Returns:
            "refused", "closed" by a call, "rings again", or the booking: diary, day, slot, no-show, usual GP, day of a
            cancellation.
        """
        practice, layer, draws = self.practice, self.layer, self.draws
        today = practice.today
        second = practice.second()
        wanted = layer.open_until(self.made) + draws.wanted
        earliest = max(wanted, today)
        latest = min(wanted + draws.patience, layer.open_until(practice.day + layer.parameters.horizon))
        usual = practice.usual_gp(draws.usual)
        for pool in ("others", "gps") if draws.suitability != FOR_GP else ("gps",):
            gps = pool == "gps"
            diaries = practice.of_kind(0, 1, 2) if gps else practice.of_kind(3, 4)
            wish = gps and draws.prefers and usual is not None
            first_choice = usual if gps else None
            if gps and self.new:
                practice.count("gp_bound")
            total_triage, one_entry = practice.access == 2, practice.access == 3
            if gps and ((total_triage and (self.urgent or draws.kind == ROUTINE)) or (one_entry and self.urgent)):
                call = practice.call_today(diaries, usual, wish, second)
                if call is None:
                    may_wait = not self.urgent and today + 1 <= wanted + draws.patience
                    return "rings again" if may_wait else "refused"
                if self.take_call(*call, usual):
                    self.count_offer(today, wanted)
                    return "closed"
                second = seconds_of_slot(call[1])
                earliest = max(earliest, today + 1)
            if self.urgent:
                found = practice.slot_today(diaries, first_choice, wish, second)
                offer = (found[0], today, found[1]) if found else None
            else:
                offer = practice.slot_ahead(diaries, first_choice, wish, draws.tolerated, earliest, latest)
            if offer:
                return self.book(*offer, usual, wanted)
        return "refused"

    def take_call(self, diary: Diary, slot: int, usual: Diary | None) -> bool:
        """Be called today; True when that settles the matter."""
        practice = self.practice
        page = diary.pages[practice.today]
        first = page.calls[slot] == 2
        page.calls[slot] -= 1
        closes = self.sequel[4] < self.layer.rules["scalar"][CALL_CLOSES]
        self.env.process(self.telephone(diary, slot, first))
        practice.count("calls")
        self.note(event.CALLED, diary.kind, diary.signed_key, slot, closes + 2 * (not first))
        if closes:
            practice.count("attended_call", diary.kind)
            practice.count("gp_contacts")
            practice.count("usual_gp_contacts", by=diary is usual)
            practice.count("wait_days", min(practice.day - self.made, LAST_WAIT))
            practice.count("booked_days", 0)
        return bool(closes)

    def telephone(self, diary: Diary, slot: int, first: bool) -> Process:
        """The clinician's side of a call: half a length at the slot's time."""
        practice = self.practice
        page = diary.pages[practice.today]
        yield self.env.timeout(practice.day * DAY_SECONDS + seconds_of_slot(slot) - self.env.now)
        practice.count("slots_used", diary.kind, by=first)
        page.halves.add(slot >= 32)
        length = int(self.layer.rules["length"][0, self.draws.length_entry]) // 2
        with page.clinician.request() as free:
            yield free
            yield self.occupy(page, slot, length)

    def occupy(self, page: Page, slot: int, length: int) -> simpy.Timeout:
        """Take up some of a clinician's time."""
        page.finished = int(self.env.now) - page.midnight + length
        if slot < 32:
            page.finished_morning = page.finished
        self.practice.count("work_seconds", by=length)
        return self.env.timeout(length)

    def book(self, diary: Diary, day: int, slot: int, usual: Diary | None, wanted: int) -> tuple[Any, ...]:
        """Take a slot, and know already whether it will be kept."""
        practice, layer, draws = self.practice, self.layer, self.draws
        page = diary.pages[day]
        page.free.discard(slot)
        page.kept.discard(slot)
        page.booked[slot] = self
        self.booked_on = practice.day
        other = int(diary.kind >= 3)
        wait = int(layer.calendar.open_day[day]) - self.made
        missed = draws.no_show < layer.rules["no_show"][other, min(wait, LAST_NO_SHOW_WAIT)]
        with_usual = diary is usual
        ahead = day - practice.today
        cancel_day = None
        if draws.cancels and ahead >= 2:
            cancel_day = practice.today + 1 + (draws.cancel_when * (ahead - 1) >> 16)
        self.note(event.BOOKED, diary.kind, diary.signed_key, day * 64 + slot, int(missed) + 2 * int(with_usual))
        self.count_offer(day, wanted)
        return diary, day, slot, bool(missed), with_usual, cancel_day

    def count_offer(self, day: int, wanted: int) -> None:
        """Count an offer by its promptness."""
        practice, kind = self.practice, self.draws.kind
        if kind == URGENT and self.new and day == practice.today:
            practice.count("urgent_same_day")
        if kind == ROUTINE and not self.as_urgent and not self.rebooking and day <= wanted + 5:
            practice.count("routine_within_5")

    def attend(self, diary: Diary, day: int, slot: int, missed: bool, with_usual: bool) -> Process:
        """Come to the surgery at the slot's time, or not."""
        practice = self.practice
        page = diary.pages[day]
        page.halves.add(slot >= 32)
        del page.booked[slot]
        practice.count("slots_used", diary.kind)
        practice.count("wait_days", min(practice.day - self.made, LAST_WAIT))
        practice.count("booked_days", min(practice.day - self.booked_on, LAST_WAIT))
        if missed:
            practice.count("no_shows")
            self.note(event.NO_SHOW, diary.kind, diary.signed_key, slot)
            return
        practice.count("attended_surgery", diary.kind)
        practice.count("gp_contacts", by=diary.kind < 3)
        practice.count("usual_gp_contacts", by=with_usual)
        came = int(self.env.now)
        length = int(self.layer.rules["length"][int(diary.kind >= 3), self.draws.length_entry])
        with page.clinician.request() as free:
            yield free
            waited = int(self.env.now) - came
            practice.count("surgery_wait_seconds", by=waited)
            self.note(event.ATTENDED, diary.kind, diary.signed_key, slot, waited)
            yield self.occupy(page, slot, length)

    # What others do to the patient.

    def lose_slot(self, diary: Diary, slot: int) -> None:
        """The slot is withdrawn: ring again today."""
        self.practice.count("withdrawn")
        self.note(event.WITHDRAWN, diary.kind, diary.signed_key, slot)
        self.rebooking = True
        self.ring_on(self.practice.today)
        self.withdrawn.succeed()

    def after_refusal(self, today: int) -> None:
        """No place anywhere: ring again, come back as urgent, give up or go elsewhere."""
        practice, scalar = self.practice, self.layer.rules["scalar"]
        goes_on = True
        if self.urgent:
            if self.attempt < 2 and self.sequel[self.attempt] < scalar[CALL_BACK]:
                practice.count("call_backs")
                self.note(event.RINGS_AGAIN)
                self.attempt += 1
                self.ring_on(today + 1)
            else:
                practice.count("unmet_urgent")
                self.note(event.UNMET)
                goes_on = False
        elif self.draws.kind == ROUTINE and self.sequel[2] < scalar[COME_BACK]:
            practice.count("come_backs")
            self.note(event.COMES_BACK)
            self.attempt, self.as_urgent = 0, True
            self.ring_on(today + int(scalar[COME_BACK_AFTER]))
        else:
            practice.count("abandoned")
            self.note(event.ABANDONED)
            goes_on = False
        self.verdict.succeed(goes_on)

    def at_hub(self, last_open: int, day: int) -> None:
        """Be seen at the hub; perhaps a new request follows at the practice."""
        practice, layer = self.practice, self.layer
        practice.count("attended_hub")
        practice.count("hub_contacts")
        practice.count("wait_days", min(day - self.made, LAST_WAIT))
        practice.count("booked_days", 0)
        if self.draws.kind == URGENT and self.new and self.made == day:
            practice.count("urgent_same_day")
        if self.draws.kind == ROUTINE and not self.as_urgent and not self.rebooking:
            practice.count("routine_within_5")
        self.note(event.AT_HUB)
        parameters = layer.parameters
        shared = layer.shared_record[practice.row]
        share = share16(parameters.hub_return_shared_record if shared else parameters.hub_return)
        due = last_open + int(layer.rules["scalar"][HUB_RETURN_AFTER])
        made = int(layer.calendar.open_day[due])
        if self.sequel[3] < share and self.generation < LAST_GENERATION and made - self.named <= LONGEST_DELAY:
            practice.count("hub_returns")
            self.note(event.FOLLOWS_HUB)
            draws = Draws.of(layer, self.site, self.named, self.index, self.generation + 1)
            follower = Patient(practice, self.site, self.named, self.index, self.generation + 1, made, draws)
            follower.ring_on(due)
            self.env.process(follower.follow_hub())
        self.verdict.succeed(False)
