"""The rest of a practice-day, compiled: the surgeries, and what becomes of those who were refused."""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import (
    ACCESS,
    AT,
    DOCTOR_FIRST,
    FREE,
    KEPT,
    KIND_OF,
    REFUSED,
    SERVES_AS_GP,
    SITE_KEY,
    STAFF,
    TAKEN,
    TICKET,
)
from abm.appointments.demand import (
    ROUTINE,
    URGENT,
    draw_sequel,
    kind_and_suitability,
    nature_thresholds,
    request_words,
)
from abm.appointments.diary import (
    AFTERNOON,
    MORNING_STARTS,
    NOTHING,
    NURSE,
    SLOT_SECONDS,
    slot_number,
    slot_second,
)
from abm.appointments.events import (
    ABANDONED,
    ATTENDED,
    C_ABANDONED,
    C_CALL_BACKS,
    C_COME_BACKS,
    C_GP_CONTACTS,
    C_NO_SHOWS,
    C_OVERRUN,
    C_SINCE_BOOKED,
    C_SURGERY,
    C_SURGERY_WAIT,
    C_UNMET,
    C_USED,
    C_USUAL,
    C_WAIT,
    C_WORK,
    COMES_BACK,
    LAST_WAIT,
    NO_SHOW,
    NONE,
    RINGS_AGAIN,
    UNMET,
    append,
    key_of,
    note_event,
    release,
)
from abm.appointments.random_bits import (
    U64,
    population,
    trailing_zeros,
)
from abm.appointments.rules import (
    CALL_BACK,
    COME_BACK,
    COME_BACK_AFTER,
    RING,
    SESSION_SLOTS,
)
from abm.appointments.tickets import (
    AS_URGENT,
    ATTEMPT_BITS,
    NO_SHOW_BIT,
    ONE_ATTEMPT,
    USUAL_AT,
    note_length,
    ticket_attempt,
    ticket_day,
    ticket_generation,
    ticket_index,
    ticket_is_first_ring,
    ticket_made,
    ticket_site,
    ticket_urgent,
)
from abm.compiled import part


@part
def hold_surgeries(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """Patients are seen in slot order for as long as they take; waiting and overrun come out in seconds."""
    practices, diary_at, diaries, pages = s.practice, s.diary_at, s.diary, s.slots
    call_seconds, counts, tickets, booked_days, log = s.call_seconds, s.counts, s.ticket, s.booked_days, s.log
    scalar, lengths = r.scalar, r.length
    first = practices[practice, AT]
    cell = U64(today % scalar[RING])
    of_practice = counts[practice]
    seen, missed, with_usual, waited, worked = np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    calling = practices[practice, ACCESS] >= DOCTOR_FIRST
    for position in range(first, first + practices[practice, STAFF]):
        row = U64(diary_at[position])
        booked = pages[row, cell, TAKEN]
        kind = diaries[row, KIND_OF]
        of_kind, seen_before = lengths[0 if kind < NURSE else 1], seen
        calls = NOTHING
        if calling and position < first + practices[practice, SERVES_AS_GP]:
            for place in range(2 * scalar[SESSION_SLOTS + kind]):
                if call_seconds[row, place] > 0:
                    slots = scalar[SESSION_SLOTS + kind]
                    calls |= U64(1) << U64(place if place < slots else place - slots + AFTERNOON)
        counts[practice, C_USED + kind] += population(booked | calls)
        taken = booked | calls
        free_at = np.int64(0)
        morning_done = booked & U64(0xFFFFFFFF) == NOTHING and calls & U64(0xFFFFFFFF) == NOTHING
        morning_end = MORNING_STARTS + SLOT_SECONDS * scalar[SESSION_SLOTS + kind]
        while taken != NOTHING:
            slot = trailing_zeros(taken)
            one = U64(1) << U64(slot)
            taken &= taken - U64(1)
            if slot >= AFTERNOON and not morning_done:
                counts[practice, C_OVERRUN] += max(free_at - morning_end, 0)
                morning_done = True
            start = slot_second(slot)
            number = slot_number(scalar, kind, slot)
            if calls & one != NOTHING:
                free_at = max(start, free_at) + call_seconds[row, number]
                counts[practice, C_WORK] += call_seconds[row, number]
            if booked & one != NOTHING:
                ticket = tickets[row, cell, U64(number)]
                since = min(day - ticket_made(ticket, day), LAST_WAIT)
                of_practice[U64(C_WAIT + since)] += 1
                if not ticket_is_first_ring(ticket):
                    since = np.int64(booked_days[row, cell, U64(number)])
                of_practice[U64(C_SINCE_BOOKED + since)] += 1
                if ticket & NO_SHOW_BIT != NOTHING:
                    missed += 1
                    note_event(log, practice, day, NO_SHOW, ticket, kind, key_of(diaries, row), slot, NONE)
                else:
                    begins = max(start, free_at)
                    length = of_kind[U64(note_length(ticket))]
                    free_at = begins + length
                    seen += 1
                    waited += begins - start
                    worked += length
                    with_usual += np.int64(ticket >> USUAL_AT)
                    note_event(log, practice, day, ATTENDED, ticket, kind, key_of(diaries, row), slot, begins - start)
        of_practice[C_SURGERY + kind] += seen - seen_before
        of_practice[C_GP_CONTACTS] += seen - seen_before if kind < NURSE else 0
        if not morning_done:
            counts[practice, C_OVERRUN] += max(free_at - morning_end, 0)
        elif free_at > 0:
            afternoon_end = slot_second(AFTERNOON) + SLOT_SECONDS * scalar[SESSION_SLOTS + kind]
            counts[practice, C_OVERRUN] += max(free_at - afternoon_end, 0)
        pages[row, cell, TAKEN] = NOTHING
        pages[row, cell, FREE] = NOTHING
        pages[row, cell, KEPT] = NOTHING
    of_practice[C_NO_SHOWS] += missed
    of_practice[C_USUAL] += with_usual
    of_practice[C_SURGERY_WAIT] += waited
    of_practice[C_WORK] += worked


@part
def settle(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """What becomes of those refused: they ring again, come back later as urgent, give up or go elsewhere."""
    lists, practices, counts, log = s.lists, s.practice, s.counts, s.log
    scalar = r.scalar
    node = lists.head[practice, REFUSED]
    lists.head[practice, REFUSED] = 0
    while node != 0:
        ticket = U64(lists.node[node, TICKET])
        site_key = practices[ticket_site(ticket), SITE_KEY]
        named, index, generation = ticket_day(ticket, day), ticket_index(ticket), ticket_generation(ticket)
        _, nature, _, _ = request_words(scalar, site_key, named, index, generation, 0)
        kind, _ = kind_and_suitability(nature_thresholds(scalar), nature, generation)
        back_1, back_2, come, _, _, _ = draw_sequel(scalar, site_key, named, index, generation)
        attempt = ticket_attempt(ticket)
        node = release(lists, node)
        if kind == URGENT or ticket_urgent(ticket):
            if attempt < 2 and (back_1 if attempt == 0 else back_2) < scalar[CALL_BACK]:
                append(lists, practice, (today + 1) & 7, ticket + ONE_ATTEMPT, NONE)
                counts[practice, C_CALL_BACKS] += 1
                note_event(log, practice, day, RINGS_AGAIN, ticket, NONE, NONE, NONE, NONE)
            else:
                counts[practice, C_UNMET] += 1
                note_event(log, practice, day, UNMET, ticket, NONE, NONE, NONE, NONE)
        elif kind == ROUTINE and come < scalar[COME_BACK]:
            append(lists, practice, (today + scalar[COME_BACK_AFTER]) & 7, (ticket & ~ATTEMPT_BITS) | AS_URGENT, NONE)
            counts[practice, C_COME_BACKS] += 1
            note_event(log, practice, day, COMES_BACK, ticket, NONE, NONE, NONE, NONE)
        else:
            counts[practice, C_ABANDONED] += 1
            note_event(log, practice, day, ABANDONED, ticket, NONE, NONE, NONE, NONE)
