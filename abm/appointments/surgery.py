"""The rest of a practice-day, compiled: the surgeries, and what becomes of those who were refused."""

from __future__ import annotations

import numpy as np
from numba import njit

from abm.appointments.columns import (
    ACCESS,
    AT,
    DOCTOR_FIRST,
    KIND_OF,
    REFUSED,
    SERVES_AS_GP,
    SITE_KEY,
    STAFF,
)
from abm.appointments.demand import (
    ROUTINE,
    URGENT,
    draw_sequel,
    kind_and_suitability,
    request_words,
)
from abm.appointments.diary import (
    AFTERNOON,
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
    STRIDE,
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
    ticket_made,
    ticket_site,
    ticket_urgent,
)


@njit
def hold_surgeries(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """Patients are seen in slot order for as long as they take; waiting and overrun come out in seconds."""
    scalar = r.scalar
    first = s.practice[practice, AT]
    cell = today % scalar[RING]
    bit = U64(1) << U64(today & 63)
    calling = s.practice[practice, ACCESS] >= DOCTOR_FIRST
    for position in range(first, first + s.practice[practice, STAFF]):
        row = s.diary_at[position]
        s.open_days[row] &= ~bit
        booked = s.booked[row, cell]
        kind = s.diary[row, KIND_OF]
        calls = NOTHING
        if calling and position < first + s.practice[practice, SERVES_AS_GP]:
            for place in range(2 * scalar[SESSION_SLOTS + kind]):
                if s.call_seconds[row, place] > 0:
                    slots = scalar[SESSION_SLOTS + kind]
                    calls |= U64(1) << U64(place if place < slots else place - slots + AFTERNOON)
        s.counts[practice, C_USED + kind] += population(booked | calls)
        taken = booked | calls
        free_at = np.int64(0)
        morning_done = booked & U64(0xFFFFFFFF) == NOTHING and calls & U64(0xFFFFFFFF) == NOTHING
        morning_end = slot_second(0) + SLOT_SECONDS * scalar[SESSION_SLOTS + kind]
        while taken != NOTHING:
            slot = trailing_zeros(taken)
            one = U64(1) << U64(slot)
            taken &= taken - U64(1)
            if slot >= AFTERNOON and not morning_done:
                s.counts[practice, C_OVERRUN] += max(free_at - morning_end, 0)
                morning_done = True
            start = slot_second(slot)
            number = slot_number(scalar, kind, slot)
            if calls & one != NOTHING:
                free_at = max(start, free_at) + s.call_seconds[row, number]
                s.counts[practice, C_WORK] += s.call_seconds[row, number]
            if booked & one != NOTHING:
                place = cell * scalar[STRIDE] + number
                ticket = s.ticket[row, place]
                s.counts[practice, C_WAIT + min(day - ticket_made(ticket, day), LAST_WAIT)] += 1
                if ticket & NO_SHOW_BIT != NOTHING:
                    s.counts[practice, C_NO_SHOWS] += 1
                    note_event(s, practice, day, NO_SHOW, ticket, kind, key_of(s, row), slot, 0)
                else:
                    begins = max(start, free_at)
                    length = r.length[0 if kind < NURSE else 1, note_length(ticket)]
                    free_at = begins + length
                    s.counts[practice, C_SURGERY + kind] += 1
                    s.counts[practice, C_SURGERY_WAIT] += begins - start
                    s.counts[practice, C_WORK] += length
                    s.counts[practice, C_GP_CONTACTS] += np.int64(kind < NURSE)
                    s.counts[practice, C_USUAL] += np.int64(ticket >> USUAL_AT)
                    note_event(s, practice, day, ATTENDED, ticket, kind, key_of(s, row), slot, begins - start)
        if not morning_done:
            s.counts[practice, C_OVERRUN] += max(free_at - morning_end, 0)
        elif free_at > 0:
            afternoon_end = slot_second(AFTERNOON) + SLOT_SECONDS * scalar[SESSION_SLOTS + kind]
            s.counts[practice, C_OVERRUN] += max(free_at - afternoon_end, 0)
        s.booked[row, cell] = NOTHING
        s.free[row, cell] = NOTHING
        s.kept[row, cell] = NOTHING


@njit
def settle(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """What becomes of those refused: they ring again, come back later as urgent, give up or go elsewhere."""
    scalar = r.scalar
    node = s.head[practice, REFUSED]
    s.head[practice, REFUSED] = 0
    while node != 0:
        ticket = s.node_ticket[node]
        site_key = s.practice[ticket_site(ticket), SITE_KEY]
        named, index, generation = ticket_day(ticket, day), ticket_index(ticket), ticket_generation(ticket)
        _, nature, _, _ = request_words(scalar, site_key, named, index, generation, 0)
        kind, _ = kind_and_suitability(scalar, nature, generation)
        back_1, back_2, come, _, _, _ = draw_sequel(scalar, site_key, named, index, generation)
        attempt = ticket_attempt(ticket)
        node = release(s, node)
        if kind == URGENT or ticket_urgent(ticket):
            if attempt < 2 and (back_1 if attempt == 0 else back_2) < scalar[CALL_BACK]:
                append(s, practice, (today + 1) & 7, ticket + ONE_ATTEMPT, 0)
                s.counts[practice, C_CALL_BACKS] += 1
                note_event(s, practice, day, RINGS_AGAIN, ticket, 0, 0, 0, 0)
            else:
                s.counts[practice, C_UNMET] += 1
                note_event(s, practice, day, UNMET, ticket, 0, 0, 0, 0)
        elif kind == ROUTINE and come < scalar[COME_BACK]:
            append(s, practice, (today + scalar[COME_BACK_AFTER]) & 7, (ticket & ~ATTEMPT_BITS) | AS_URGENT, 0)
            s.counts[practice, C_COME_BACKS] += 1
            note_event(s, practice, day, COMES_BACK, ticket, 0, 0, 0, 0)
        else:
            s.counts[practice, C_ABANDONED] += 1
            note_event(s, practice, day, ABANDONED, ticket, 0, 0, 0, 0)
