"""One open day of one practice, compiled: what happens to each request in turn.

The order of a day, which is also the tie-break: 07:00 the day opens (staff and sessions of a new month, new days at the
horizon, sickness and the patients it displaces); 07:30 cancellations; 08:00:00 those who ring again, in the order in
which they were put down for today; then new requests by (second, index); then the surgeries; then, without a hub, what
becomes of those refused.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from abm.appointments.columns import (
    ACCESS,
    AT,
    CANCELLATIONS,
    CHANGED,
    FREE_NODE,
    FREE_NODES,
    GPS,
    HUB,
    KEEP,
    KEY_HIGH,
    KEY_LOW,
    KIND_OF,
    LEAVERS,
    LEAVERS_AT,
    OPENED,
    RECORDS,
    REDIRECT,
    REFUSED,
    RELAY,
    SERVES_AS_GP,
    SITE_KEY,
    STAFF,
    TROUBLE,
)
from abm.appointments.demand import (
    AS_URGENT,
    ATTEMPT_BITS,
    BATCH,
    CANCEL_DRAW,
    FOR_GP,
    FOR_PHARMACIST,
    GAP_WORD,
    KIND,
    LENGTH_AT,
    LENGTH_ENTRY,
    MOST_REQUESTS,
    NO_SHOW_BIT,
    NO_SHOW_DRAW,
    ONE_ATTEMPT,
    OPENING,
    PATIENCE,
    PREFERS_USUAL,
    REBOOKING,
    REDIRECT_DRAW,
    ROUTINE,
    SUITABILITY,
    TICKET_BITS,
    TOLERATED_DAYS,
    URGENT,
    USUAL_AT,
    USUAL_BIT,
    USUAL_WORD,
    WANTED,
    WILL_CANCEL,
    draw_requests,
    draw_sequel,
    kind_and_suitability,
    make_ticket,
    note_length,
    request_second,
    request_words,
    ticket_attempt,
    ticket_day,
    ticket_generation,
    ticket_index,
    ticket_is_first_ring,
    ticket_made,
    ticket_rebooking,
    ticket_site,
    ticket_urgent,
)
from abm.appointments.diary import (
    AFTERNOON,
    COVER,
    EVERY,
    FIRST_MONDAY,
    MORNING_BITS,
    NOTHING,
    NOTICE,
    NURSE,
    SLOT_SECONDS,
    cell_at,
    earliest_today,
    first_day,
    half_days_of,
    is_sick,
    lay_day,
    open_rules,
    open_state,
    rotated,
    session_bits,
    slot_number,
    slot_second,
    slots_from,
    spread,
)
from abm.appointments.interface import COLUMN
from abm.appointments.random_bits import GAP_UNIT, U64, exponential_gap, population, trailing_zeros
from abm.appointments.rules import (
    CALL_BACK,
    CALL_CLOSES,
    CALLS,
    COME_BACK,
    COME_BACK_AFTER,
    FACE,
    HORIZON,
    KEPT,
    RING,
    SESSION_SLOTS,
    SICK,
    STRIDE,
    WAITS,
)
from abm.compiled import compiled

DONE, NODES_WANTED, RECORDS_WANTED, TROUBLE_FROM = 0, 1, 2, 10  # what a practice-day returns
NO_TROUBLE, NO_NODE, TOO_MANY_REQUESTS, NO_RECORD = range(4)  # the TROUBLE cell of the ledger
DOCTOR_FIRST, SINGLE_ENTRY = 2, 3
LAST_WAIT = 29

EVENTS = ("request", "redirected", "call", "booked", "refused", "hub", "rings again", "comes back", "abandoned",
          "unmet", "withdrawn", "cancelled", "no-show", "attended", "follows hub")  # fmt: skip
(REQUESTED, REDIRECTED, CALLED, BOOKED, REFUSED_TODAY, AT_HUB, RINGS_AGAIN, COMES_BACK, ABANDONED, UNMET, WITHDRAWN,
 CANCELLED, NO_SHOW, ATTENDED, FOLLOWS_HUB) = range(15)  # fmt: skip
RECORD_COLUMNS = ("practice", "day", "event", "ticket", "clinician", "key", "slot", "value")

C_REQUESTS, C_GP_BOUND, C_SURGERY, C_CALL = (
    COLUMN["requests"], COLUMN["gp_bound"], COLUMN["attended_surgery"], COLUMN["attended_call"],
)  # fmt: skip
C_WAIT, C_URGENT, C_SAME_DAY, C_ROUTINE, C_WITHIN_5 = (
    COLUMN["wait_days"], COLUMN["urgent_requests"], COLUMN["urgent_same_day"], COLUMN["routine_requests"],
    COLUMN["routine_within_5"],
)  # fmt: skip
C_GP_CONTACTS, C_USUAL, C_NO_SHOWS, C_CANCELLED, C_REDIRECTED = (
    COLUMN["gp_contacts"], COLUMN["usual_gp_contacts"], COLUMN["no_shows"], COLUMN["cancelled"], COLUMN["redirected"],
)  # fmt: skip
C_ABANDONED, C_UNMET, C_CALL_BACKS, C_COME_BACKS = (
    COLUMN["abandoned"], COLUMN["unmet_urgent"], COLUMN["call_backs"], COLUMN["come_backs"],
)  # fmt: skip
C_WITHDRAWN, C_REFUSED, C_CALLS, C_OFFERED, C_USED, C_DAYS = (
    COLUMN["withdrawn"], COLUMN["refused"], COLUMN["calls"], COLUMN["slots_offered"], COLUMN["slots_used"],
    COLUMN["clinician_days"],
)  # fmt: skip
C_SURGERY_WAIT, C_OVERRUN, C_WORK, C_OUTSIDE = (
    COLUMN["surgery_wait_seconds"], COLUMN["overrun_seconds"], COLUMN["work_seconds"], COLUMN["outside_locum_sessions"],
)  # fmt: skip


@njit
def put_down(record, ledger, practice, day, event, ticket, kind, key, slot, value):  # type: ignore[no-untyped-def]
    """Put down an event."""
    row = ledger[RECORDS]
    if row >= record.shape[0]:
        ledger[TROUBLE] = NO_RECORD
    else:
        ledger[RECORDS] = row + 1
        record[row, 0], record[row, 1], record[row, 2] = practice, day, event
        record[row, 3], record[row, 4], record[row, 5] = np.int64(ticket & TICKET_BITS), kind, key
        record[row, 6], record[row, 7] = slot, value


@njit(inline="always")
def note_event(s, practice, day, event, ticket, kind, key, slot, value):  # type: ignore[no-untyped-def]
    """Put down an event when records are kept."""
    if s.ledger[KEEP] != 0:
        put_down(s.record, s.ledger, practice, day, event, ticket, kind, key, slot, value)


@njit
def link(head, tail, node_ticket, node_next, node_data, ledger, practice, which, ticket, data):  # type: ignore[no-untyped-def]
    """Put a ticket at the end of one of a practice's lists."""
    node = ledger[FREE_NODE]
    if node == 0:
        ledger[TROUBLE] = NO_NODE
    else:
        ledger[FREE_NODE] = node_next[node]
        ledger[FREE_NODES] -= 1
        node_ticket[node], node_data[node], node_next[node] = ticket, data, 0
        if head[practice, which] == 0:
            head[practice, which] = node
        else:
            node_next[tail[practice, which]] = node
        tail[practice, which] = node


@njit(inline="always")
def append(s, practice, which, ticket, data):  # type: ignore[no-untyped-def]
    """Put a ticket at the end of one of a practice's lists."""
    link(s.head, s.tail, s.node_ticket, s.node_next, s.node_data, s.ledger, practice, which, ticket, data)


@njit(inline="always")
def release(s, node):  # type: ignore[no-untyped-def]
    """Give a node back and return the next one of its list."""
    following = s.node_next[node]
    s.node_next[node] = s.ledger[FREE_NODE]
    s.ledger[FREE_NODE] = node
    s.ledger[FREE_NODES] += 1
    return following


@njit(inline="always")
def key_of(s, row):  # type: ignore[no-untyped-def]
    """The 64-bit key of a diary, as a signed integer."""
    return s.diary[row, KEY_LOW] | (s.diary[row, KEY_HIGH] << 32)


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
                half_days = half_days_of(scalar, r.open_until, s.diary, s.diary_at, s.at_work, first, gps, row, week)
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


@compiled(nogil=True, _nrt=False)
def practice_day(words, table, rule_words, rule_table, practice, today):  # type: ignore[no-untyped-def]
    """Run one open day of one practice.

    Args:
        words, table: the state's block.
        rule_words, rule_table: the rules' block.
        practice: its row.
        today: index of the open day.

    Returns:
        DONE; NODES_WANTED or RECORDS_WANTED when that store must grow first and nothing has happened yet; TROUBLE_FROM
        plus the kind of trouble when a store is full nonetheless.
    """
    s = open_state(words, table)
    r = open_rules(rule_words, rule_table)
    scalar = r.scalar
    ring, stride = scalar[RING], scalar[STRIDE]
    day = r.open_day[today]
    cell = today % ring
    weekday = (day - FIRST_MONDAY) % 7
    mean = s.rate[practice, 5] * r.arrival[weekday]
    most = np.int64(mean + 12.0 * np.sqrt(mean) + 40.0)
    needed = nodes_needed(s, practice, today, ring, most)
    if s.ledger[FREE_NODES] < needed:
        return NODES_WANTED
    if s.ledger[KEEP] != 0 and s.record.shape[0] - s.ledger[RECORDS] < 8 * needed:
        return RECORDS_WANTED

    if s.head[practice, REFUSED] != 0:  # they waited for a hub that the practice has left since
        settle(s, r, practice, today - 1, day)
    open_the_day(s, r, practice, today, day)

    # 07:30: cancelled slots are free again.
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

    # 08:00 those who ring again, then the day's requests.
    first, gps = s.practice[practice, AT], s.practice[practice, GPS]
    as_gp, staff = s.practice[practice, SERVES_AS_GP], s.practice[practice, STAFF]
    access = s.practice[practice, ACCESS]
    site_key = s.practice[practice, SITE_KEY]
    horizon = r.open_until[day + scalar[HORIZON]] - today
    waiting = s.head[practice, today & 7]
    s.head[practice, today & 7] = 0
    index, operational = np.int64(-1), np.int64(0)
    unit = mean * GAP_UNIT
    while True:
        if waiting != 0:
            ticket = s.node_ticket[waiting]
            waiting = release(s, waiting)
            second = np.int64(OPENING)
            column = np.int64(BATCH)
            draw_requests(
                s.drawn, scalar, r.patience, s.practice[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day),
                ticket_index(ticket), ticket_generation(ticket), BATCH, 1,
            )  # fmt: skip
        else:
            index += 1
            column = index % BATCH
            if column == 0:
                if mean <= 0.0:
                    break
                draw_requests(s.drawn, scalar, r.patience, site_key, day, index, 0, 0, BATCH)
            operational += exponential_gap(U64(s.drawn[GAP_WORD, column]), r.minus_log)
            if np.float64(operational) >= unit:
                break
            if index >= most or index > MOST_REQUESTS:
                s.ledger[TROUBLE] = TOO_MANY_REQUESTS
                break
            ticket = make_ticket(practice, day, index)
            second = request_second(np.float64(operational) / unit, r.arrival[5])
        kind, suitability = s.drawn[KIND, column], s.drawn[SUITABILITY, column]
        prefers = s.drawn[PREFERS_USUAL, column] != 0
        new = ticket_is_first_ring(ticket)
        made = ticket_made(ticket, day)
        if new:
            s.counts[practice, C_REQUESTS + kind] += 1
            if kind == URGENT:
                s.counts[practice, C_URGENT] += 1
            elif kind == ROUTINE:
                s.counts[practice, C_ROUTINE] += 1
            note_event(s, practice, day, REQUESTED, ticket, kind, suitability, second, 0)
            if suitability == FOR_PHARMACIST and s.drawn[REDIRECT_DRAW, column] < s.practice[practice, REDIRECT]:
                s.counts[practice, C_REDIRECTED] += 1
                note_event(s, practice, day, REDIRECTED, ticket, 0, 0, 0, 0)
                continue
        urgent = kind == URGENT or ticket_urgent(ticket)
        # The days on which the patient would come, as bits from today on.
        wanted_day = r.open_until[made] + s.drawn[WANTED, column]
        patience = s.drawn[PATIENCE, column]
        length_entry = s.drawn[LENGTH_ENTRY, column]
        earliest = max(wanted_day - today, 0)
        latest = min(wanted_day + patience - today, horizon)
        usual = -1
        if gps > 0:
            usual = first
            for gp in range(first, first + gps - 1):
                usual += np.int64(s.drawn[USUAL_WORD, column] >= s.usual_below[gp])
        outcome = REFUSED_TODAY
        row, slot, ahead = np.int64(-1), np.int64(0), np.int64(0)
        for serves_as_gp in range(0 if suitability != FOR_GP else 1, 2):
            begin, count = (first, as_gp) if serves_as_gp else (first + as_gp, staff - as_gp)
            start = usual - first if serves_as_gp and usual >= 0 else 0
            wish = prefers and serves_as_gp == 1 and usual >= 0
            from_second = second + NOTICE
            if serves_as_gp:
                if new:
                    s.counts[practice, C_GP_BOUND] += 1
                if (access == DOCTOR_FIRST and (urgent or kind == ROUTINE)) or (access == SINGLE_ENTRY and urgent):
                    # A call first: the usual GP's if preferred, else the earliest.
                    calls = slots_from(from_second)
                    position = -1
                    half = 0
                    if wish:
                        either = (s.call_free[s.diary_at[usual], 0] | s.call_free[s.diary_at[usual], 1]) & calls
                        if either != NOTHING:
                            position, slot = usual, trailing_zeros(either)
                    if position < 0:
                        slot = np.int64(64)
                        for step in range(count):
                            turn = start + step
                            candidate = begin + (turn if turn < count else turn - count)
                            row = s.diary_at[candidate]
                            either = (s.call_free[row, 0] | s.call_free[row, 1]) & calls
                            if either != NOTHING and trailing_zeros(either) < slot:
                                slot, position = trailing_zeros(either), candidate
                    if position < 0:
                        if not urgent and today + 1 <= wanted_day + patience:
                            outcome = RINGS_AGAIN
                        break
                    row = s.diary_at[position]
                    one = U64(1) << U64(slot)
                    half = 0 if s.call_free[row, 0] & one != NOTHING else 1
                    s.call_free[row, half] &= ~one
                    seconds = r.length[0, length_entry] // 2
                    s.call_seconds[row, slot_number(scalar, s.diary[row, KIND_OF], slot)] += seconds
                    s.counts[practice, C_CALLS] += 1
                    _, _, _, _, closes, _ = draw_sequel(
                        scalar, s.practice[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day),
                        ticket_index(ticket), ticket_generation(ticket),
                    )  # fmt: skip
                    closed = closes < scalar[CALL_CLOSES]
                    note_event(s, practice, day, CALLED, ticket, s.diary[row, KIND_OF], key_of(s, row), slot,
                           np.int64(closed) + 2 * half)  # fmt: skip
                    if closed:
                        outcome = CALLED
                        if s.diary[row, KIND_OF] < NURSE:
                            s.counts[practice, C_CALL + s.diary[row, KIND_OF]] += 1
                        s.counts[practice, C_GP_CONTACTS] += 1
                        if position == usual:
                            s.counts[practice, C_USUAL] += 1
                        s.counts[practice, C_WAIT + min(day - made, LAST_WAIT)] += 1
                        break
                    from_second = slot_second(slot) + NOTICE
                    earliest = max(earliest, 1)
            if urgent:
                slots = slots_from(from_second)
                for kept_first in range(2):
                    masks = s.kept if kept_first == 0 else s.free
                    position = -1
                    if wish:
                        own = masks[s.diary_at[usual], cell] & slots
                        if own != NOTHING:
                            position, slot = usual, trailing_zeros(own)
                    if position < 0:
                        position, slot = earliest_today(masks, cell, s.diary_at, begin, count, start, slots)
                    if position >= 0:
                        row = s.diary_at[position]
                        masks[row, cell] &= ~(U64(1) << U64(slot))
                        ahead = 0
                        outcome = BOOKED
                        break
            elif earliest <= latest:
                wished = (EVERY << U64(earliest)) & (EVERY >> U64(63 - latest))
                ahead, position = first_day(s.open_days, s.diary_at, begin, count, start, today, wished)
                if ahead < 64:
                    if wish:
                        own_ahead = trailing_zeros(rotated(s.open_days[s.diary_at[usual]], today) & wished)
                        if own_ahead < 64 and r.open_day[today + own_ahead] <= (
                            r.open_day[today + ahead] + s.drawn[TOLERATED_DAYS, column]
                        ):
                            ahead, position = own_ahead, usual
                    row = s.diary_at[position]
                    on_day = cell_at(cell, ahead, ring)
                    slot = trailing_zeros(s.free[row, on_day])
                    s.free[row, on_day] &= ~(U64(1) << U64(slot))
                    outcome = BOOKED
            if outcome == BOOKED:
                break
        if outcome == BOOKED:
            on_day = cell_at(cell, ahead, ring)
            if s.free[row, on_day] == NOTHING:
                s.open_days[row] &= ~(U64(1) << U64((today + ahead) & 63))
            s.booked[row, on_day] |= U64(1) << U64(slot)
            who = s.diary[row, KIND_OF]
            place = on_day * stride + slot_number(scalar, who, slot)
            wait = r.open_day[today + ahead] - made
            with_gp = who < NURSE
            missed = s.drawn[NO_SHOW_DRAW, column] < r.no_show[0 if with_gp else 1, min(wait, WAITS - 1)]
            is_usual = with_gp and usual >= 0 and row == s.diary_at[usual]
            entry = ticket | (U64(length_entry) << LENGTH_AT)
            if missed:
                entry |= NO_SHOW_BIT
            if is_usual:
                entry |= USUAL_BIT
            s.ticket[row, place] = entry
            note_event(s, practice, day, BOOKED, ticket, who, key_of(s, row), (today + ahead) * 64 + slot,
                   np.int64(missed) + 2 * np.int64(is_usual))  # fmt: skip
            if ahead >= 2 and s.drawn[WILL_CANCEL, column] != 0:
                when = today + 1 + ((s.drawn[CANCEL_DRAW, column] * (ahead - 1)) >> 16)
                append(
                    s, practice, CANCELLATIONS + cell_at(cell, when - today, ring), ticket, row * ring * stride + place
                )
        if outcome in (BOOKED, CALLED):
            if kind == URGENT:
                if new and ahead == 0:
                    s.counts[practice, C_SAME_DAY] += 1
            elif kind == ROUTINE and not ticket_urgent(ticket) and not ticket_rebooking(ticket):
                if today + (ahead if outcome == BOOKED else 0) <= wanted_day + 5:
                    s.counts[practice, C_WITHIN_5] += 1
        elif outcome == RINGS_AGAIN:
            append(s, practice, (today + 1) & 7, ticket if ticket_attempt(ticket) == 3 else ticket + ONE_ATTEMPT, 0)
            note_event(s, practice, day, RINGS_AGAIN, ticket, 0, 0, 0, 0)
        else:
            append(s, practice, REFUSED, ticket, second)
            s.counts[practice, C_REFUSED] += 1
            note_event(s, practice, day, REFUSED_TODAY, ticket, 0, 0, second, 0)

    hold_surgeries(s, r, practice, today, day)
    if s.practice[practice, HUB] < 0:
        settle(s, r, practice, today, day)
    return DONE if s.ledger[TROUBLE] == NO_TROUBLE else TROUBLE_FROM + s.ledger[TROUBLE]


@compiled()
def census(words, table, rule_words, rule_table, booked, pending):  # type: ignore[no-untyped-def]
    """Count who is in the system, by practice: slots booked, and patients who are to ring again or wait for a hub.

    A request that is yet to follow a hub contact has not been made and is not counted.
    """
    s = open_state(words, table)
    r = open_rules(rule_words, rule_table)
    for practice in range(s.practice.shape[0]):
        total = 0
        for position in range(s.practice[practice, AT], s.practice[practice, AT] + s.practice[practice, STAFF]):
            for cell in range(r.scalar[RING]):
                total += population(s.booked[s.diary_at[position], cell])
        for position in range(s.practice[practice, LEAVERS]):
            for cell in range(r.scalar[RING]):
                total += population(s.booked[s.leaver[s.practice[practice, LEAVERS_AT] + position], cell])
        booked[practice] = total
        total = 0
        for which in range(REFUSED + 1):
            node = s.head[practice, which]
            while node != 0:
                ticket = s.node_ticket[node]
                if which == REFUSED or not (ticket_generation(ticket) > 0 and ticket_is_first_ring(ticket)):
                    total += 1
                node = s.node_next[node]
        pending[practice] = total
