"""The morning of a practice-day, compiled: who works, which slots there are, whose slot is gone or free again."""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import (
    ACCESS,
    AT,
    CANCELLATIONS,
    CHANGED,
    DATA,
    DOCTOR_FIRST,
    FREE,
    GPS,
    KEEP,
    KEPT,
    KIND_OF,
    LAID_WEEK,
    LEAVERS,
    LEAVERS_AT,
    NEXT,
    OPENED,
    RELAY,
    SERVES_AS_GP,
    STAFF,
    TAKEN,
    TICKET,
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
    note_free,
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
    NONE,
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
    KEPT_PATTERN,
    RING,
    SESSION_SLOTS,
    SICK,
    STRIDE,
)
from abm.appointments.tickets import (
    REBOOKING,
    TICKET_BITS,
)
from abm.compiled import inlined, part


@part
def withdraw(s, r, practice, row, cell, slots, today, day):  # type: ignore[no-untyped-def]
    """Take booked slots away: their patients ring again today at 08:00, and their cancellations are void."""
    pages, diaries, tickets, lists = s.slots, s.diary, s.ticket, s.lists
    counts, log = s.counts, s.log
    scalar = r.scalar
    while slots != NOTHING:
        slot = trailing_zeros(slots)
        slots &= slots - U64(1)
        pages[row, TAKEN, cell] &= ~(U64(1) << U64(slot))
        number = slot_number(scalar, diaries[row, KIND_OF], slot)
        ticket = tickets[row, cell, number]
        address = (row * scalar[RING] + cell) * scalar[STRIDE] + number
        for which in range(CANCELLATIONS, CANCELLATIONS + scalar[RING]):
            node = lists.head[practice, which]
            while node != 0:
                if lists.node[node, DATA] == address:
                    lists.node[node, DATA] = -1
                node = lists.node[node, NEXT]
        append(lists, practice, today & 7, (ticket & TICKET_BITS) | REBOOKING, NONE)
        counts[practice, C_WITHDRAWN] += 1
        note_event(log, practice, day, WITHDRAWN, ticket, diaries[row, KIND_OF], key_of(diaries, row), slot, NONE)


@part
def open_the_day(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """07:00: leavers go, changed diaries are laid anew, days at the horizon open, the sick are missing."""
    practices, leavers, pages, diary_at = s.practice, s.leaver, s.slots, s.diary_at
    diaries, at_work, counts = s.diary, s.at_work, s.counts
    scalar, open_until, open_day, leave = r.scalar, r.open_until, r.open_day, r.leave
    pattern = r.pattern
    first, staff, gps = practices[practice, AT], practices[practice, STAFF], practices[practice, GPS]
    access, as_gp = practices[practice, ACCESS], practices[practice, SERVES_AS_GP]
    ring, sick = scalar[RING], scalar[SICK]
    opened = practices[practice, OPENED]
    last = open_until[day + scalar[HORIZON]]
    begin = practices[practice, LEAVERS_AT]
    for position in range(begin, begin + practices[practice, LEAVERS]):
        row = leavers[position]
        for ahead in range(today, opened + 1):
            cell = ahead % ring
            pages[row, FREE, cell] = NOTHING
            pages[row, KEPT, cell] = NOTHING
            withdraw(s, r, practice, row, cell, pages[row, TAKEN, cell], today, day)
    practices[practice, LEAVERS] = 0
    practices[practice, RELAY] = 0
    practices[practice, OPENED] = last
    for position in range(first, first + staff):
        row = U64(diary_at[U64(position)])
        begin = max(opened + 1, today)
        if diaries[row, CHANGED] != 0:
            diaries[row, CHANGED], diaries[row, LAID_WEEK] = 0, -1
            begin = today
        for ahead in range(begin, last + 1):
            since = open_day[U64(ahead)] - FIRST_MONDAY
            week = np.int64(U64(since) // U64(7))
            half_days = half_days_of(scalar, leave, open_until, diaries, diary_at, at_work, first, gps, row, week)
            kind, cell = diaries[row, KIND_OF], U64(ahead % ring)
            if ahead > opened:
                pages[row, TAKEN, cell] = NOTHING
            face = spread(session_bits(pattern, access, kind, FACE), half_days, since - 7 * week)
            keep = spread(session_bits(pattern, access, kind, KEPT_PATTERN), half_days, since - 7 * week)
            gone = lay_day(pages, diaries, row, cell, face, keep)
            if gone != NOTHING:
                withdraw(s, r, practice, np.int64(row), np.int64(cell), gone, today, day)
    this_cell, gps_at_work, ill = today % ring, 0, s.desk.own
    cell = U64(this_cell)
    if sick > 0:
        for place in range(staff):  # all draws first: none waits for another
            ill[U64(place), 0] = U64(is_sick(scalar, diaries, U64(diary_at[U64(first + place)]), day, sick))
    for place in range(staff):
        row = U64(diary_at[U64(first + place)])
        if pages[row, FREE, cell] | pages[row, KEPT, cell] | pages[row, TAKEN, cell] != NOTHING:
            if sick > 0 and ill[U64(place), 0] != NOTHING:
                pages[row, FREE, cell] = NOTHING
                pages[row, KEPT, cell] = NOTHING
                note_free(diaries, row, cell, NOTHING)
                withdraw(s, r, practice, np.int64(row), this_cell, pages[row, TAKEN, cell], today, day)
            else:
                gps_at_work += np.int64(place < as_gp)
    if gps_at_work == 0:
        face, keep = session_bits(pattern, access, COVER, FACE), session_bits(pattern, access, COVER, KEPT_PATTERN)
        lay_day(pages, diaries, diary_at[first + gps], this_cell, face, keep)
        counts[practice, C_OUTSIDE] += 1


@part
def count_offers(s, r, practice, today):  # type: ignore[no-untyped-def]
    """Count what the day offers, and lay out the calls where they come first."""
    practices, pages, diary_at, diaries = s.practice, s.slots, s.diary_at, s.diary
    counts, call_free, call_seconds = s.counts[practice], s.call_free, s.call_seconds
    first, as_gp, access = practices[practice, AT], practices[practice, SERVES_AS_GP], practices[practice, ACCESS]
    cell = U64(today % r.scalar[RING])
    for position in range(first, first + practices[practice, STAFF]):
        row = U64(diary_at[U64(position)])
        kind = diaries[row, KIND_OF]
        slots = pages[row, FREE, cell] | pages[row, KEPT, cell] | pages[row, TAKEN, cell]
        calls = NOTHING
        if access >= DOCTOR_FIRST:
            call_seconds[row, :] = 0
            if position < first + as_gp:
                calls = calls_offered(session_bits(r.pattern, access, kind, CALLS), slots) & ~slots
            call_free[row, 0] = calls
            call_free[row, 1] = calls
        if slots != NOTHING:
            counts[U64(C_OFFERED + kind)] += population(slots | calls)
            counts[U64(C_DAYS + kind)] += 1


@inlined
def calls_offered(session, slots):  # type: ignore[no-untyped-def]
    """The slots of calls, in the sessions in which there are any slots."""
    calls = NOTHING
    if slots & MORNING_BITS != NOTHING:
        calls |= session
    if slots & ~MORNING_BITS != NOTHING:
        calls |= session << U64(AFTERNOON)
    return calls


@part
def free_cancelled(s, r, practice, today, day):  # type: ignore[no-untyped-def]
    """07:30: cancelled slots are free again."""
    lists, diaries, pages, counts = s.lists, s.diary, s.slots, s.counts
    log = s.log
    scalar = r.scalar
    ring, stride = scalar[RING], scalar[STRIDE]
    which = CANCELLATIONS + today % ring
    node = lists.head[practice, which]
    lists.head[practice, which] = 0
    while node != 0:
        address = lists.node[node, DATA]
        if address >= 0:
            row = address // (ring * stride)
            number = address % stride
            cell = address // stride - row * ring
            slots = scalar[SESSION_SLOTS + diaries[row, KIND_OF]]
            slot = number if number < slots else number - slots + AFTERNOON
            pages[row, TAKEN, cell] &= ~(U64(1) << U64(slot))
            pages[row, FREE, cell] |= U64(1) << U64(slot)
            note_free(diaries, row, cell, pages[row, FREE, cell])
            counts[practice, C_CANCELLED] += 1
            ticket = U64(lists.node[node, TICKET])
            note_event(log, practice, day, CANCELLED, ticket, diaries[row, KIND_OF], key_of(diaries, row), slot, NONE)
        node = release(lists, node)


@part
def nodes_needed(s, practice, today, ring, most):  # type: ignore[no-untyped-def]
    """An upper bound of the list nodes that a practice-day can take.

    Whoever rings again gives a node back first; only where events are recorded do they count.
    """
    practices, pages, diary_at, leavers = s.practice, s.slots, s.diary_at, s.leaver
    lists = s.lists
    first, staff = practices[practice, AT], practices[practice, STAFF]
    needed = 2 * most + 64 * staff
    if practices[practice, RELAY] != 0:
        for position in range(first, first + staff):
            for cell in range(ring):
                needed += population(pages[diary_at[position], TAKEN, cell])
        for position in range(practices[practice, LEAVERS]):
            for cell in range(ring):
                needed += population(pages[leavers[practices[practice, LEAVERS_AT] + position], TAKEN, cell])
    if s.ledger[KEEP] != 0:
        node = lists.head[practice, today & 7]
        while node != 0:
            needed += 1
            node = lists.node[node, NEXT]
    return needed
