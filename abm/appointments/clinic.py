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

from abm.appointments.calls import call_first
from abm.appointments.columns import (
    ACCESS,
    AT,
    CANCELLATIONS,
    DOCTOR_FIRST,
    FREE,
    FREE_NODES,
    GPS,
    HUB,
    KEEP,
    LEAVERS,
    LEAVERS_AT,
    NEXT,
    REACHED,
    RECORDS,
    REDIRECT,
    REFUSED,
    SERVES_AS_GP,
    SINGLE_ENTRY,
    SITE_KEY,
    STAFF,
    TAKEN,
    TICKET,
    TROUBLE,
)
from abm.appointments.demand import (
    BATCH,
    CANCEL_DRAW,
    FOR_GP,
    FOR_PHARMACIST,
    KIND,
    LENGTH_ENTRY,
    NO_SHOW_DRAW,
    OPENING,
    PATIENCE,
    PREFERS_USUAL,
    REDIRECT_DRAW,
    ROUTINE,
    SECOND,
    SUITABILITY,
    TOLERATED_DAYS,
    URGENT,
    USUAL,
    USUAL_WORD,
    WANTED,
    WILL_CANCEL,
    arrivals,
    draw_requests,
    usual_gp,
)
from abm.appointments.desk import (
    DAYS,
    GPS_POOL,
    KIND_BITS,
    OF_DIARY,
    OTHERS,
    earliest_today,
    first_day,
    lay_desk,
    take_ahead,
    take_today,
    words_for,
)
from abm.appointments.diary import (
    EVERY,
    FIRST_MONDAY,
    NOTICE,
    NURSE,
    cell_at,
    slot_number,
    slot_second,
    slots_from,
)
from abm.appointments.events import (
    BOOKED,
    C_GP_BOUND,
    C_REDIRECTED,
    C_REFUSED,
    C_REQUESTS,
    C_SAME_DAY,
    C_USUAL,
    C_WITHIN_5,
    CALLED,
    NO_TROUBLE,
    NONE,
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
from abm.appointments.morning import free_cancelled, nodes_needed, open_the_day
from abm.appointments.random_bits import GAP_UNIT, U64, population, trailing_zeros
from abm.appointments.rules import HORIZON, RING, STRIDE, WAITS
from abm.appointments.surgery import hold_surgeries, settle
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
from abm.compiled import compiled, part

DONE, NODES_WANTED, RECORDS_WANTED, TROUBLE_FROM = 0, 1, 2, 10  # what a practice-day returns


@part
def practice_day(s, r, practice, today):  # type: ignore[no-untyped-def]
    """Run one open day of one practice; DONE, or why not."""
    rate, ledger, log, lists = s.rate, s.ledger, s.log, s.lists
    practices, pages, diaries, diary_at = s.practice, s.slots, s.diary, s.diary_at
    desk, counts, drawn, raw = s.desk, s.counts[practice], s.drawn, s.raw
    usual_below, tickets = s.usual_below, s.ticket
    scalar, open_day, arrival, open_until = r.scalar, r.open_day, r.arrival, r.open_until
    patience, minus_log, no_show = r.patience, r.minus_log, r.no_show
    ring, stride = scalar[RING], scalar[STRIDE]
    day = open_day[today]
    cell = today % ring
    mean = rate[practice, 5] * arrival[(day - FIRST_MONDAY) % 7]
    most = np.int64(mean + 12.0 * np.sqrt(mean) + 40.0)
    needed = nodes_needed(s, practice, today, ring, most)
    if ledger[FREE_NODES] < needed:
        return NODES_WANTED
    if ledger[KEEP] != 0 and log.record.shape[0] - ledger[RECORDS] < 8 * needed:
        return RECORDS_WANTED

    if lists.head[practice, REFUSED] != 0:  # they waited for a hub that the practice has left since
        settle(s, r, practice, today - 1, day)
    open_the_day(s, r, practice, today, day)
    free_cancelled(s, r, practice, today, day)
    first, gps = practices[practice, AT], practices[practice, GPS]
    as_gp, staff = practices[practice, SERVES_AS_GP], practices[practice, STAFF]
    lay_desk(desk, pages, diaries, diary_at, first, as_gp, staff, cell, ring)

    # 08:00 those who ring again, then the day's requests.
    access, redirect = practices[practice, ACCESS], practices[practice, REDIRECT]
    site_key = practices[practice, SITE_KEY]
    horizon = open_until[day + scalar[HORIZON]] - today
    waiting = lists.head[practice, today & 7]
    lists.head[practice, today & 7] = 0
    index, operational, arrived = np.int64(-1), np.int64(0), np.int64(BATCH if mean > 0.0 else 0)
    unit = mean * GAP_UNIT
    while True:
        if waiting != 0:
            ticket = U64(lists.node[waiting, TICKET])
            waiting = release(lists, waiting)
            column = U64(BATCH)
            draw_requests(
                drawn, raw, scalar, patience, practices[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day),
                ticket_index(ticket), ticket_generation(ticket), BATCH, 1,
            )  # fmt: skip
            drawn[SECOND, BATCH] = OPENING
            drawn[USUAL, BATCH] = usual_gp(drawn[USUAL_WORD, BATCH], usual_below, first, gps)
        else:
            index += 1
            column = U64(index & (BATCH - 1))
            if index & (BATCH - 1) == 0 and arrived == BATCH:
                draw_requests(drawn, raw, scalar, patience, site_key, day, index, 0, 0, BATCH)
                arrived, operational = arrivals(drawn, usual_below, arrival, minus_log, first, gps, unit, operational)
                if index + arrived > min(most, MOST_REQUESTS + 1):
                    ledger[TROUBLE] = TOO_MANY_REQUESTS
                    break
            if index & (BATCH - 1) >= arrived:
                break
            ticket = make_ticket(practice, day, index)
        second = drawn[SECOND, column]
        kind, suitability = drawn[KIND, column], drawn[SUITABILITY, column]
        new = ticket_is_first_ring(ticket)
        made = ticket_made(ticket, day)
        if new:
            counts[C_REQUESTS + kind] += 1
            note_event(log, practice, day, REQUESTED, ticket, kind, suitability, second, NONE)
            if suitability == FOR_PHARMACIST and drawn[REDIRECT_DRAW, column] < redirect:
                counts[C_REDIRECTED] += 1
                note_event(log, practice, day, REDIRECTED, ticket, NONE, NONE, NONE, NONE)
                continue
        urgent = kind == URGENT or ticket_urgent(ticket)
        wanted_day = open_until[U64(made)] + drawn[WANTED, column]
        patient_until = wanted_day + drawn[PATIENCE, column]
        earliest, latest = max(wanted_day - today, 0), min(patient_until - today, horizon)
        usual = drawn[USUAL, column]
        outcome = REFUSED_TODAY
        place, slot, ahead = np.int64(-1), np.int64(0), np.int64(0)
        for pool in range(GPS_POOL if suitability == FOR_GP else OTHERS, 2):
            begin, count = (0, as_gp) if pool == GPS_POOL else (as_gp, staff - as_gp)
            words = words_for(count)
            start = usual if pool == GPS_POOL else 0
            wish = pool == GPS_POOL and gps > 0 and drawn[PREFERS_USUAL, column] != 0
            from_second = second + NOTICE
            if pool == GPS_POOL:
                counts[C_GP_BOUND] += np.int64(new)
                if (access == DOCTOR_FIRST and (urgent or kind == ROUTINE)) or (access == SINGLE_ENTRY and urgent):
                    entry = drawn[LENGTH_ENTRY, column]
                    outcome, place, slot = call_first(
                        s, r, practice, day, ticket, entry, first, count, start, wish, from_second
                    )
                    if outcome == CALLED:
                        counts[C_USUAL] += np.int64(place == usual and gps > 0)
                        break
                    if outcome == REFUSED_TODAY:
                        if not urgent and today + 1 <= patient_until:
                            outcome = RINGS_AGAIN
                        break
                    from_second = slot_second(slot) + NOTICE
                    earliest = max(earliest, 1)
            outcome = REFUSED_TODAY
            if urgent:
                place, slot, which = earliest_today(desk, pool, words, begin, start, wish, slots_from(from_second))
                if place >= 0:
                    take_today(desk, pool, words, begin, place, slot, which)
                    outcome, ahead = BOOKED, np.int64(0)
            elif earliest <= latest:
                wished = (EVERY << U64(earliest)) & (EVERY >> U64(63 - latest))
                place, ahead = first_day(desk, pool, words, begin, start, wished)
                if place >= 0:
                    own = trailing_zeros(desk.own[U64(usual), DAYS] & wished) if wish else np.int64(64)
                    date_tolerated = open_day[U64(today + ahead)] + drawn[TOLERATED_DAYS, column]
                    tolerated = open_until[U64(date_tolerated)] - today
                    place = usual if own <= min(tolerated, 63) else place
                    ahead = own if own <= min(tolerated, 63) else ahead
                    outcome = BOOKED
                    if ahead == 0:
                        slot = trailing_zeros(desk.own[U64(place), FREE])
                        take_today(desk, pool, words, begin, place, slot, FREE)
                    else:
                        slot = take_ahead(desk, pages, pool, words, begin, place, cell_at(cell, ahead, ring), ahead)
            if outcome == BOOKED:
                break
        if outcome == BOOKED:
            of_diary, on_day = desk.own[U64(place), OF_DIARY], cell_at(cell, ahead, ring)
            row, who = np.int64(of_diary >> KIND_BITS), np.int64(of_diary & U64(7))
            pages[U64(row), U64(on_day), TAKEN] |= U64(1) << U64(slot)
            number = slot_number(scalar, who, slot)
            wait = open_day[U64(today + ahead)] - made
            other = np.int64(who >= NURSE)
            missed = np.int64(drawn[NO_SHOW_DRAW, column] < no_show[U64(other), U64(min(wait, WAITS - 1))])
            is_usual = np.int64(place == usual and gps > 0)
            note = (U64(drawn[LENGTH_ENTRY, column]) << LENGTH_AT) | (U64(missed) << NO_SHOW_AT)
            tickets[U64(row), U64(on_day), U64(number)] = ticket | note | (U64(is_usual) << USUAL_AT)
            note_event(log, practice, day, BOOKED, ticket, who, key_of(diaries, row), (today + ahead) * 64 + slot,
                       missed + 2 * is_usual)  # fmt: skip
            if ahead >= 2 and drawn[WILL_CANCEL, column] != 0:
                later = 1 + ((drawn[CANCEL_DRAW, column] * (ahead - 1)) >> 16)
                address = (row * ring + on_day) * stride + number
                append(lists, practice, CANCELLATIONS + cell_at(cell, later, ring), ticket, address)
        if outcome in (BOOKED, CALLED):
            if kind == URGENT:
                counts[C_SAME_DAY] += np.int64(new and ahead == 0)
            elif kind == ROUTINE and not ticket_urgent(ticket) and not ticket_rebooking(ticket):
                counts[C_WITHIN_5] += np.int64(today + ahead <= wanted_day + 5)
        elif outcome == RINGS_AGAIN:
            again = ticket if ticket_attempt(ticket) == 3 else ticket + ONE_ATTEMPT
            append(lists, practice, (today + 1) & 7, again, NONE)
            note_event(log, practice, day, RINGS_AGAIN, ticket, NONE, NONE, NONE, NONE)
        else:
            append(lists, practice, REFUSED, ticket, second)
            counts[C_REFUSED] += 1
            note_event(log, practice, day, REFUSED_TODAY, ticket, NONE, NONE, second, NONE)

    hold_surgeries(s, r, practice, today, day)
    if practices[practice, HUB] < 0:
        settle(s, r, practice, today, day)
    return DONE if ledger[TROUBLE] == NO_TROUBLE else TROUBLE_FROM + ledger[TROUBLE]


@compiled(nogil=True, _nrt=False, error_model="numpy")
def practices_day(s, r, practices, today):  # type: ignore[no-untyped-def]
    """Run one open day of some practices, one after the other.

    Args:
        s, r: the state's and the rules' tables.
        practices: their rows.
        today: index of the open day.

    Returns:
        DONE; NODES_WANTED or RECORDS_WANTED when that store must grow before the next practice's day, from which
        another call then goes on; TROUBLE_FROM plus the kind of trouble when a store is full nonetheless.
    """
    ledger = s.ledger
    result = DONE
    for at in range(ledger[REACHED], len(practices)):
        ledger[REACHED] = at
        result = practice_day(s, r, practices[at], today)
        if result != DONE:
            return result
    ledger[REACHED] = 0
    return result


@compiled(_nrt=False, error_model="numpy")
def census(slots, diary_at, leaver, practice, head, node, booked, pending):  # type: ignore[no-untyped-def]
    """Count who is in the system, by practice: slots booked, and patients who are to ring again or wait for a hub.

    A request that is yet to follow a hub contact has not been made and is not counted.
    """
    for row in range(practice.shape[0]):
        total = 0
        for position in range(practice[row, AT], practice[row, AT] + practice[row, STAFF]):
            for cell in range(slots.shape[1]):
                total += population(slots[diary_at[position], cell, TAKEN])
        for position in range(practice[row, LEAVERS_AT], practice[row, LEAVERS_AT] + practice[row, LEAVERS]):
            for cell in range(slots.shape[1]):
                total += population(slots[leaver[position], cell, TAKEN])
        booked[row] = total
        total = 0
        for which in range(REFUSED + 1):
            at = head[row, which]
            while at != 0:
                ticket = U64(node[at, TICKET])
                if which == REFUSED or not (ticket_generation(ticket) > 0 and ticket_is_first_ring(ticket)):
                    total += 1
                at = node[at, NEXT]
        pending[row] = total
