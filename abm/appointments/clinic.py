"""One open day of one practice, compiled: what happens to each request in turn.

The order of a day, which is also the tie-break: 07:00 the day opens (staff and sessions of a new month, new days at the
horizon, sickness and the patients it displaces); 07:30 cancellations; 08:00:00 those who ring again, in the order in
which they were put down for today; then new requests by (second, index); then the surgeries; then, without a hub, what
becomes of those refused.

A request books at the moment it is made. With a call first, the call is taken at once too, and what it does not close
is booked at once, for today from a quarter of an hour after the call's slot, otherwise from the next open day.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from abm.appointments.columns import (
    ACCESS,
    AT,
    CANCELLATIONS,
    DOCTOR_FIRST,
    FREE_NODES,
    GPS,
    HUB,
    KEEP,
    KIND_OF,
    LEAVERS,
    LEAVERS_AT,
    RECORDS,
    REDIRECT,
    REFUSED,
    SERVES_AS_GP,
    SINGLE_ENTRY,
    SITE_KEY,
    STAFF,
    TROUBLE,
)
from abm.appointments.demand import (
    BATCH,
    CANCEL_DRAW,
    FOR_GP,
    FOR_PHARMACIST,
    GAP_WORD,
    KIND,
    LENGTH_ENTRY,
    NO_SHOW_DRAW,
    OPENING,
    PATIENCE,
    PREFERS_USUAL,
    REDIRECT_DRAW,
    ROUTINE,
    SUITABILITY,
    TOLERATED_DAYS,
    URGENT,
    USUAL_WORD,
    WANTED,
    WILL_CANCEL,
    draw_requests,
    draw_sequel,
    request_second,
)
from abm.appointments.diary import (
    EVERY,
    FIRST_MONDAY,
    NOTHING,
    NOTICE,
    NURSE,
    cell_at,
    earliest_today,
    first_day,
    open_rules,
    open_state,
    rotated,
    slot_number,
    slot_second,
    slots_from,
)
from abm.appointments.events import (
    BOOKED,
    C_CALL,
    C_CALLS,
    C_GP_BOUND,
    C_GP_CONTACTS,
    C_REDIRECTED,
    C_REFUSED,
    C_REQUESTS,
    C_SAME_DAY,
    C_USUAL,
    C_WAIT,
    C_WITHIN_5,
    CALLED,
    LAST_WAIT,
    NO_TROUBLE,
    REDIRECTED,
    REFUSED_TODAY,
    REQUESTED,
    RINGS_AGAIN,
    TOO_MANY_REQUESTS,
    append,
    key_of,
    note_event,
    release,
)
from abm.appointments.morning import (
    free_cancelled,
    nodes_needed,
    open_the_day,
)
from abm.appointments.random_bits import (
    GAP_UNIT,
    U64,
    exponential_gap,
    population,
    trailing_zeros,
)
from abm.appointments.rules import (
    CALL_CLOSES,
    HORIZON,
    RING,
    STRIDE,
    WAITS,
)
from abm.appointments.surgery import (
    hold_surgeries,
    settle,
)
from abm.appointments.tickets import (
    LENGTH_AT,
    MOST_REQUESTS,
    NO_SHOW_AT,
    ONE_ATTEMPT,
    USUAL_AT,
    make_ticket,
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
from abm.compiled import compiled

DONE, NODES_WANTED, RECORDS_WANTED, TROUBLE_FROM = 0, 1, 2, 10  # what a practice-day returns


@njit(inline="always")
def choose_call(s, first, count, start, wish, calls):  # type: ignore[no-untyped-def]
    """Place at the desk and slot of a call: that of the usual GP, who stands at `start`, if wished, else the earliest.

    Returns:
        place (-1: none) and slot.
    """
    best, chosen = np.int64(64), np.int64(-1)
    for step in range(count):
        place = start + step
        place = place if place < count else place - count
        row = s.diary_at[first + place]
        left = (s.call_free[row, 0] | s.call_free[row, 1]) & calls
        if left != NOTHING and trailing_zeros(left) < best:
            best, chosen = trailing_zeros(left), place
        if wish and step == 0 and chosen >= 0:
            break
    return chosen, best


@njit(inline="always")
def take_call(s, r, practice, row, slot, length_entry):  # type: ignore[no-untyped-def]
    """Put a call into a slot; 0 when it is the slot's first, 1 when its second."""
    one = U64(1) << U64(slot)
    half = 0 if s.call_free[row, 0] & one != NOTHING else 1
    s.call_free[row, half] &= ~one
    s.call_seconds[row, slot_number(r.scalar, s.diary[row, KIND_OF], slot)] += r.length[0, length_entry] // 2
    s.counts[practice, C_CALLS] += 1
    return half


@compiled(nogil=True, _nrt=False, error_model="numpy")
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
    mean = s.rate[practice, 5] * r.arrival[(day - FIRST_MONDAY) % 7]
    most = np.int64(mean + 12.0 * np.sqrt(mean) + 40.0)
    needed = nodes_needed(s, practice, today, ring, most)
    if s.ledger[FREE_NODES] < needed:
        return NODES_WANTED
    if s.ledger[KEEP] != 0 and s.record.shape[0] - s.ledger[RECORDS] < 8 * needed:
        return RECORDS_WANTED

    if s.head[practice, REFUSED] != 0:  # they waited for a hub that the practice has left since
        settle(s, r, practice, today - 1, day)
    open_the_day(s, r, practice, today, day)
    free_cancelled(s, r, practice, today, day)

    # The desk: today's slots kept and free, and the days with free slots (bit k: k open days on), side by side.
    first, gps = s.practice[practice, AT], s.practice[practice, GPS]
    as_gp, staff = s.practice[practice, SERVES_AS_GP], s.practice[practice, STAFF]
    diary_at = s.diary_at[first : first + staff]
    usual_below = s.usual_below[first : first + staff]
    kept, free, days = s.desk[0], s.desk[1], s.desk[2]
    for place in range(staff):
        row = diary_at[place]
        kept[place], free[place] = s.kept[row, cell], s.free[row, cell]
        days[place] = rotated(s.open_days[row], today)

    # 08:00 those who ring again, then the day's requests.
    counts = s.counts[practice]
    access, redirect = s.practice[practice, ACCESS], s.practice[practice, REDIRECT]
    site_key = s.practice[practice, SITE_KEY]
    horizon = r.open_until[day + scalar[HORIZON]] - today
    waiting = s.head[practice, today & 7]
    s.head[practice, today & 7] = 0
    index, operational = np.int64(-1), np.int64(0)
    unit = mean * GAP_UNIT
    share_of_unit = 1.0 / unit if unit > 0.0 else 0.0
    while True:
        if waiting != 0:
            ticket = s.node_ticket[waiting]
            waiting = release(s, waiting)
            second = np.int64(OPENING)
            column = np.int64(BATCH)
            draw_requests(
                s.drawn, s.raw, scalar, r.patience, s.practice[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day),
                ticket_index(ticket), ticket_generation(ticket), BATCH, 1,
            )  # fmt: skip
        else:
            index += 1
            column = index & (BATCH - 1)
            if column == 0:
                if mean <= 0.0:
                    break
                draw_requests(s.drawn, s.raw, scalar, r.patience, site_key, day, index, 0, 0, BATCH)
            operational += exponential_gap(U64(s.drawn[column, GAP_WORD]), r.minus_log)
            if np.float64(operational) >= unit:
                break
            if index >= most or index > MOST_REQUESTS:
                s.ledger[TROUBLE] = TOO_MANY_REQUESTS
                break
            ticket = make_ticket(practice, day, index)
            second = request_second(np.float64(operational) * share_of_unit, r.arrival[5], r.arrival[6], r.arrival[7])
        drawn = s.drawn[column]
        kind, suitability = drawn[KIND], drawn[SUITABILITY]
        new = ticket_is_first_ring(ticket)
        made = ticket_made(ticket, day)
        if new:
            counts[C_REQUESTS + kind] += 1
            note_event(s, practice, day, REQUESTED, ticket, kind, suitability, second, 0)
            if suitability == FOR_PHARMACIST and drawn[REDIRECT_DRAW] < redirect:
                counts[C_REDIRECTED] += 1
                note_event(s, practice, day, REDIRECTED, ticket, 0, 0, 0, 0)
                continue
        urgent = kind == URGENT or ticket_urgent(ticket)
        wanted_day = r.open_until[made] + drawn[WANTED]
        patient_until = wanted_day + drawn[PATIENCE]
        earliest, latest = max(wanted_day - today, 0), min(patient_until - today, horizon)
        length_entry = drawn[LENGTH_ENTRY]
        usual = np.int64(0)
        for gp in range(gps - 1):
            usual += np.int64(drawn[USUAL_WORD] >= usual_below[gp])
        outcome = REFUSED_TODAY
        place, slot, ahead = np.int64(-1), np.int64(0), np.int64(0)
        for serves_as_gp in range(0 if suitability != FOR_GP else 1, 2):
            begin, count = (0, as_gp) if serves_as_gp else (as_gp, staff - as_gp)
            start = usual if serves_as_gp else 0
            wish = serves_as_gp == 1 and gps > 0 and drawn[PREFERS_USUAL] != 0
            from_second = second + NOTICE
            if serves_as_gp:
                counts[C_GP_BOUND] += np.int64(new)
                if (access == DOCTOR_FIRST and (urgent or kind == ROUTINE)) or (access == SINGLE_ENTRY and urgent):
                    place, slot = choose_call(s, first, count, start, wish, slots_from(from_second))
                    if place < 0:
                        if not urgent and today + 1 <= patient_until:
                            outcome = RINGS_AGAIN
                        break
                    row = diary_at[place]
                    half = take_call(s, r, practice, row, slot, length_entry)
                    _, _, _, _, closes, _ = draw_sequel(
                        scalar, s.practice[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day),
                        ticket_index(ticket), ticket_generation(ticket),
                    )  # fmt: skip
                    closed = closes < scalar[CALL_CLOSES]
                    note_event(s, practice, day, CALLED, ticket, s.diary[row, KIND_OF], key_of(s, row), slot,
                               np.int64(closed) + 2 * half)  # fmt: skip
                    if closed:
                        outcome, ahead = CALLED, np.int64(0)
                        counts[C_CALL + s.diary[row, KIND_OF]] += 1
                        counts[C_GP_CONTACTS] += 1
                        counts[C_USUAL] += np.int64(place == usual and gps > 0)
                        counts[C_WAIT + min(day - made, LAST_WAIT)] += 1
                        break
                    from_second = slot_second(slot) + NOTICE
                    earliest = max(earliest, 1)
            if urgent:
                place, slot, pool = earliest_today(kept, free, begin, count, start, wish, slots_from(from_second))
                if place >= 0:
                    s.desk[pool, place] &= ~(U64(1) << U64(slot))
                    outcome, ahead = BOOKED, np.int64(0)
            elif earliest <= latest:
                wished = (EVERY << U64(earliest)) & (EVERY >> U64(63 - latest))
                place, ahead = first_day(days, begin, count, start, wished)
                if place >= 0:
                    own = trailing_zeros(days[usual] & wished) if wish else np.int64(64)
                    tolerated = r.open_until[r.open_day[today + ahead] + drawn[TOLERATED_DAYS]] - today
                    place = usual if own <= min(tolerated, 63) else place
                    ahead = own if own <= min(tolerated, 63) else ahead
                    outcome = BOOKED
                    if ahead == 0:
                        slot = trailing_zeros(free[place])
                        free[place] &= free[place] - U64(1)
                    else:
                        row, on_day = diary_at[place], cell_at(cell, ahead, ring)
                        slots = s.free[row, on_day]
                        slot = trailing_zeros(slots)
                        s.free[row, on_day] = slots & (slots - U64(1))
                        if slots & (slots - U64(1)) == NOTHING:
                            days[place] &= ~(U64(1) << U64(ahead))
            if outcome == BOOKED:
                break
        if outcome == BOOKED:
            if ahead == 0 and free[place] == NOTHING:
                days[place] &= ~U64(1)
            row, on_day = diary_at[place], cell_at(cell, ahead, ring)
            s.booked[row, on_day] |= U64(1) << U64(slot)
            who = s.diary[row, KIND_OF]
            where = on_day * stride + slot_number(scalar, who, slot)
            wait = r.open_day[today + ahead] - made
            other = np.int64(who >= NURSE)
            missed = np.int64(drawn[NO_SHOW_DRAW] < r.no_show[other, min(wait, WAITS - 1)])
            is_usual = np.int64(place == usual and gps > 0)
            s.ticket[row, where] = (
                ticket | (U64(length_entry) << LENGTH_AT) | (U64(missed) << NO_SHOW_AT) | (U64(is_usual) << USUAL_AT)
            )
            note_event(s, practice, day, BOOKED, ticket, who, key_of(s, row), (today + ahead) * 64 + slot,
                       missed + 2 * is_usual)  # fmt: skip
            if ahead >= 2 and drawn[WILL_CANCEL] != 0:
                later = 1 + ((drawn[CANCEL_DRAW] * (ahead - 1)) >> 16)
                append(s, practice, CANCELLATIONS + cell_at(cell, later, ring), ticket, row * ring * stride + where)
        if outcome in (BOOKED, CALLED):
            if kind == URGENT:
                counts[C_SAME_DAY] += np.int64(new and ahead == 0)
            elif kind == ROUTINE and not ticket_urgent(ticket) and not ticket_rebooking(ticket):
                counts[C_WITHIN_5] += np.int64(today + ahead <= wanted_day + 5)
        elif outcome == RINGS_AGAIN:
            append(s, practice, (today + 1) & 7, ticket if ticket_attempt(ticket) == 3 else ticket + ONE_ATTEMPT, 0)
            note_event(s, practice, day, RINGS_AGAIN, ticket, 0, 0, 0, 0)
        else:
            append(s, practice, REFUSED, ticket, second)
            counts[C_REFUSED] += 1
            note_event(s, practice, day, REFUSED_TODAY, ticket, 0, 0, second, 0)

    for place in range(staff):
        s.open_days[diary_at[place]] = rotated(days[place], -today)
    hold_surgeries(s, r, practice, today, day)
    if s.practice[practice, HUB] < 0:
        settle(s, r, practice, today, day)
    return DONE if s.ledger[TROUBLE] == NO_TROUBLE else TROUBLE_FROM + s.ledger[TROUBLE]


@compiled(_nrt=False, error_model="numpy")
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
