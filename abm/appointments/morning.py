"""The morning of a practice-day, compiled: who works, which slots there are, whose slot is gone or free again."""

from __future__ import annotations

from numba import njit

from abm.appointments.columns import (
    ACCESS,
    AT,
    CANCELLATIONS,
    CHANGED,
    DOCTOR_FIRST,
    GPS,
    KIND_OF,
    LEAVERS,
    LEAVERS_AT,
    OPENED,
    RELAY,
    SERVES_AS_GP,
    STAFF,
)
from abm.appointments.diary import (
    AFTERNOON,
    COVER,
    FIRST_MONDAY,
    MORNING_BITS,
    NOTHING,
    half_days_of,
    is_sick,
    lay_day,
    session_bits,
    slot_number,
    spread,
)
from abm.appointments.events import (
    C_CANCELLED,
    C_DAYS,
    C_OFFERED,
    C_OUTSIDE,
    C_WITHDRAWN,
    CANCELLED,
    WITHDRAWN,
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
    CALLS,
    FACE,
    HORIZON,
    KEPT,
    RING,
    SESSION_SLOTS,
    SICK,
    STRIDE,
)
from abm.appointments.tickets import (
    REBOOKING,
    TICKET_BITS,
)


@njit
def withdraw(s, r, practice, row, cell, slots, today, day):  # type: ignore[no-untyped-def]
    """Take booked slots away: their patients ring again today at 08:00, and their cancellations are void."""
    scalar = r.scalar
    while slots != NOTHING:
        slot = trailing_zeros(slots)
        slots &= slots - U64(1)
        s.booked[row, cell] &= ~(U64(1) << U64(slot))
        place = cell * scalar[STRIDE] + slot_number(scalar, s.diary[row, KIND_OF], slot)
        ticket = s.ticket[row, place]
        address = row * scalar[RING] * scalar[STRIDE] + place
        for which in range(CANCELLATIONS, CANCELLATIONS + scalar[RING]):
            node = s.head[practice, which]
            while node != 0:
                if s.node_data[node] == address:
                    s.node_data[node] = -1
                node = s.node_next[node]
        append(s, practice, today & 7, (ticket & TICKET_BITS) | REBOOKING, 0)
        s.counts[practice, C_WITHDRAWN] += 1
        note_event(s, practice, day, WITHDRAWN, ticket, s.diary[row, KIND_OF], key_of(s, row), slot, 0)


@njit
def open_the_day(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """07:00: leavers go, changed diaries are laid anew, days at the horizon open, the sick are missing."""
    scalar = r.scalar
    first, staff, gps = s.practice[practice, AT], s.practice[practice, STAFF], s.practice[practice, GPS]
    access = s.practice[practice, ACCESS]
    ring = scalar[RING]
    opened = s.practice[practice, OPENED]
    last = r.open_until[day + scalar[HORIZON]]
    for position in range(
        s.practice[practice, LEAVERS_AT], s.practice[practice, LEAVERS_AT] + s.practice[practice, LEAVERS]
    ):
        row = s.leaver[position]
        for ahead in range(today, opened + 1):
            cell = ahead % ring
            s.free[row, cell] = NOTHING
            s.kept[row, cell] = NOTHING
            withdraw(s, r, practice, row, cell, s.booked[row, cell], today, day)
        s.open_days[row] = NOTHING
    s.practice[practice, LEAVERS] = 0
    s.practice[practice, RELAY] = 0
    for position in range(first, first + staff):
        row = s.diary_at[position]
        kind = s.diary[row, KIND_OF]
        begin = today if s.diary[row, CHANGED] != 0 else max(opened + 1, today)
        s.diary[row, CHANGED] = 0
        week = -1
        half_days = 0
        for ahead in range(begin, last + 1):
            date = r.open_day[ahead]
            if (date - FIRST_MONDAY) // 7 != week:
                week = (date - FIRST_MONDAY) // 7
                half_days = half_days_of(
                    scalar, r.leave, r.open_until, s.diary, s.diary_at, s.at_work, first, gps, row, week
                )
            weekday = date - FIRST_MONDAY - 7 * week
            face = spread(session_bits(r.pattern, access, kind, FACE), half_days, weekday)
            keep = spread(session_bits(r.pattern, access, kind, KEPT), half_days, weekday)
            cell = ahead % ring
            if ahead > opened:
                s.booked[row, cell] = NOTHING
            gone = lay_day(s.free, s.kept, s.booked, s.open_days, r.pattern, row, cell, ahead, face, keep)
            if gone != NOTHING:
                withdraw(s, r, practice, row, cell, gone, today, day)
    s.practice[practice, OPENED] = last
    cell = today % ring
    gps_at_work = 0
    for position in range(first, first + staff):
        row = s.diary_at[position]
        if (s.free[row, cell] | s.kept[row, cell] | s.booked[row, cell]) == NOTHING:
            continue
        if scalar[SICK] > 0 and is_sick(scalar, s.diary, row, day, scalar[SICK]):
            s.free[row, cell] = NOTHING
            s.kept[row, cell] = NOTHING
            s.open_days[row] &= ~(U64(1) << U64(today & 63))
            withdraw(s, r, practice, row, cell, s.booked[row, cell], today, day)
        elif position < first + s.practice[practice, SERVES_AS_GP]:
            gps_at_work += 1
    if gps_at_work == 0:
        row = s.diary_at[first + gps]
        face, keep = session_bits(r.pattern, access, COVER, FACE), session_bits(r.pattern, access, COVER, KEPT)
        lay_day(s.free, s.kept, s.booked, s.open_days, r.pattern, row, cell, today, face, keep)
        s.counts[practice, C_OUTSIDE] += 1
    for position in range(first, first + staff):
        row = s.diary_at[position]
        kind = s.diary[row, KIND_OF]
        slots = s.free[row, cell] | s.kept[row, cell] | s.booked[row, cell]
        s.call_free[row, 0] = NOTHING
        s.call_free[row, 1] = NOTHING
        if access >= DOCTOR_FIRST:
            s.call_seconds[row, :] = 0
        if slots != NOTHING:
            offered = population(slots)
            if access >= DOCTOR_FIRST and position < first + s.practice[practice, SERVES_AS_GP]:
                session = session_bits(r.pattern, access, kind, CALLS)
                calls = NOTHING
                if slots & MORNING_BITS != NOTHING:
                    calls |= session
                if slots & ~MORNING_BITS != NOTHING:
                    calls |= session << U64(AFTERNOON)
                calls &= ~s.booked[row, cell]
                s.call_free[row, 0] = calls
                s.call_free[row, 1] = calls
                offered = population(slots | calls)
            s.counts[practice, C_OFFERED + kind] += offered
            s.counts[practice, C_DAYS + kind] += 1


@njit
def free_cancelled(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """07:30: cancelled slots are free again."""
    scalar = r.scalar
    ring, stride = scalar[RING], scalar[STRIDE]
    cell = today % ring
    node = s.head[practice, CANCELLATIONS + cell]
    s.head[practice, CANCELLATIONS + cell] = 0
    while node != 0:
        address = s.node_data[node]
        if address >= 0:
            row = address // (ring * stride)
            place = address - row * ring * stride
            of_cell = place // stride
            number = place - of_cell * stride
            slots = scalar[SESSION_SLOTS + s.diary[row, KIND_OF]]
            slot = number if number < slots else number - slots + AFTERNOON
            s.booked[row, of_cell] &= ~(U64(1) << U64(slot))
            s.free[row, of_cell] |= U64(1) << U64(slot)
            s.open_days[row] |= U64(1) << U64((today + (of_cell - cell) % ring) & 63)
            s.counts[practice, C_CANCELLED] += 1
            note_event(s, practice, day, CANCELLED, s.node_ticket[node], s.diary[row, KIND_OF], key_of(s, row), slot, 0)
        node = release(s, node)


@njit
def nodes_needed(s, practice, today, ring, most):  # type: ignore[no-untyped-def]
    """An upper bound of the list nodes that a practice-day can take."""
    first, staff = s.practice[practice, AT], s.practice[practice, STAFF]
    needed = 2 * most + 64 * staff
    if s.practice[practice, RELAY] != 0:
        for position in range(first, first + staff):
            for cell in range(ring):
                needed += population(s.booked[s.diary_at[position], cell])
        for position in range(s.practice[practice, LEAVERS]):
            for cell in range(ring):
                needed += population(s.booked[s.leaver[s.practice[practice, LEAVERS_AT] + position], cell])
    node = s.head[practice, today & 7]
    while node != 0:
        needed += 1
        node = s.node_next[node]
    return needed
