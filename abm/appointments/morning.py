"""The morning of a practice-day, compiled: who works, which slots there are, whose slot is gone or free again."""

from __future__ import annotations

from abm.appointments.columns import (
    ACCESS,
    AT,
    CANCELLATIONS,
    CHANGED,
    DATA,
    DOCTOR_FIRST,
    FREE,
    GPS,
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
        pages[row, cell, TAKEN] &= ~(U64(1) << U64(slot))
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
    diaries, at_work, counts, call_seconds = s.diary, s.at_work, s.counts, s.call_seconds
    call_free = s.call_free
    scalar, open_until, open_day, leave = r.scalar, r.open_until, r.open_day, r.leave
    pattern = r.pattern
    first, staff, gps = practices[practice, AT], practices[practice, STAFF], practices[practice, GPS]
    access, as_gp = practices[practice, ACCESS], practices[practice, SERVES_AS_GP]
    ring = scalar[RING]
    opened = practices[practice, OPENED]
    last = open_until[day + scalar[HORIZON]]
    begin = practices[practice, LEAVERS_AT]
    for position in range(begin, begin + practices[practice, LEAVERS]):
        row = leavers[position]
        for ahead in range(today, opened + 1):
            cell = ahead % ring
            pages[row, cell, FREE] = NOTHING
            pages[row, cell, KEPT] = NOTHING
            withdraw(s, r, practice, row, cell, pages[row, cell, TAKEN], today, day)
    practices[practice, LEAVERS] = 0
    practices[practice, RELAY] = 0
    for position in range(first, first + staff):
        row = diary_at[position]
        kind = diaries[row, KIND_OF]
        begin = max(opened + 1, today)
        if diaries[row, CHANGED] != 0:
            diaries[row, CHANGED], diaries[row, LAID_WEEK] = 0, -1
            begin = today
        for ahead in range(begin, last + 1):
            week = (open_day[ahead] - FIRST_MONDAY) // 7
            weekday = open_day[ahead] - FIRST_MONDAY - 7 * week
            half_days = half_days_of(scalar, leave, open_until, diaries, diary_at, at_work, first, gps, row, week)
            cell = ahead % ring
            if ahead > opened:
                pages[row, cell, TAKEN] = NOTHING
            face = spread(session_bits(pattern, access, kind, FACE), half_days, weekday)
            keep = spread(session_bits(pattern, access, kind, KEPT_PATTERN), half_days, weekday)
            gone = lay_day(pages, row, cell, face, keep)
            if gone != NOTHING:
                withdraw(s, r, practice, row, cell, gone, today, day)
    practices[practice, OPENED] = last
    cell = today % ring
    gps_at_work = 0
    for position in range(first, first + staff):
        row = diary_at[position]
        slots = pages[row, cell]
        if (slots[FREE] | slots[KEPT] | slots[TAKEN]) == NOTHING:
            continue
        if scalar[SICK] > 0 and is_sick(scalar, diaries, row, day, scalar[SICK]):
            slots[FREE] = NOTHING
            slots[KEPT] = NOTHING
            withdraw(s, r, practice, row, cell, slots[TAKEN], today, day)
        elif position < first + as_gp:
            gps_at_work += 1
    if gps_at_work == 0:
        face, keep = session_bits(pattern, access, COVER, FACE), session_bits(pattern, access, COVER, KEPT_PATTERN)
        lay_day(pages, diary_at[first + gps], cell, face, keep)
        counts[practice, C_OUTSIDE] += 1
    for position in range(first, first + staff):
        row = diary_at[position]
        kind = diaries[row, KIND_OF]
        slots = pages[row, cell, FREE] | pages[row, cell, KEPT] | pages[row, cell, TAKEN]
        calls = NOTHING
        if access >= DOCTOR_FIRST:
            call_seconds[row, :] = 0
            if position < first + as_gp:
                calls = calls_offered(session_bits(pattern, access, kind, CALLS), slots) & ~slots
        call_free[row, 0] = calls
        call_free[row, 1] = calls
        if slots != NOTHING:
            counts[practice, C_OFFERED + kind] += population(slots | calls)
            counts[practice, C_DAYS + kind] += 1


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
            pages[row, cell, TAKEN] &= ~(U64(1) << U64(slot))
            pages[row, cell, FREE] |= U64(1) << U64(slot)
            counts[practice, C_CANCELLED] += 1
            ticket = U64(lists.node[node, TICKET])
            note_event(log, practice, day, CANCELLED, ticket, diaries[row, KIND_OF], key_of(diaries, row), slot, NONE)
        node = release(lists, node)


@part
def nodes_needed(s, practice, today, ring, most):  # type: ignore[no-untyped-def]
    """An upper bound of the list nodes that a practice-day can take."""
    practices, pages, diary_at, leavers = s.practice, s.slots, s.diary_at, s.leaver
    lists = s.lists
    first, staff = practices[practice, AT], practices[practice, STAFF]
    needed = 2 * most + 64 * staff
    if practices[practice, RELAY] != 0:
        for position in range(first, first + staff):
            for cell in range(ring):
                needed += population(pages[diary_at[position], cell, TAKEN])
        for position in range(practices[practice, LEAVERS]):
            for cell in range(ring):
                needed += population(pages[leavers[practices[practice, LEAVERS_AT] + position], cell, TAKEN])
    node = lists.head[practice, today & 7]
    while node != 0:
        needed += 1
        node = lists.node[node, NEXT]
    return needed
