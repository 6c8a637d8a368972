"""The telephone of a practice-day, compiled: each request is booked, called, redirected, or refused when it is made."""

from __future__ import annotations

import numpy as np

from abm.appointments.calls import (
    call_first,
)
from abm.appointments.columns import (
    ACCESS,
    AT,
    CANCELLATIONS,
    DOCTOR_FIRST,
    FREE,
    GPS,
    KEPT,
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
    TICKET_OF,
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
    QUESTIONS,
    in_turn,
    strike,
    words_for,
)
from abm.appointments.diary import (
    EVERY,
    NOTHING,
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
    LAST_WAIT,
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
from abm.appointments.random_bits import (
    U64,
    trailing_zeros,
)
from abm.appointments.rules import (
    RING,
    STRIDE,
    WAITS,
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
from abm.compiled import inlined


@inlined
def answer_all(s, r, practice, today, day, unit, most, horizon, calls):  # type: ignore[no-untyped-def]
    """Answer the telephone from 08:00: those who ring again, in turn, then the day's requests by (second, index).

    Args:
        s, r: the state's and the rules' tables.
        practice, today, day: the practice, the open day's index and its day number.
        unit: the day's length in operational time.
        most: more requests than this are trouble.
        horizon: open days ahead for which one can book.
        calls: whether requests may take a call first; a constant, for which the code is compiled twice.
    """
    practices, lists, ledger, drawn, raw = s.practice, s.lists, s.ledger, s.drawn, s.raw
    usual_below = s.usual_below
    scalar, patience, arrival, minus_log = r.scalar, r.patience, r.arrival, r.minus_log
    first, gps, site_key = practices[practice, AT], practices[practice, GPS], practices[practice, SITE_KEY]
    waiting = lists.head[practice, today & 7]
    lists.head[practice, today & 7] = 0
    index, operational, more_to_come = np.int64(0), np.int64(0), unit > 0.0
    while True:
        filled = np.int64(0)
        while waiting != 0 and filled < BATCH:
            ticket = U64(lists.node[waiting, TICKET])
            waiting = release(lists, waiting)
            draw_requests(
                drawn, raw, scalar, patience, practices[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day),
                ticket_index(ticket), ticket_generation(ticket), filled, 1,
            )  # fmt: skip
            drawn[TICKET_OF, filled], drawn[SECOND, filled] = np.int64(ticket), OPENING
            drawn[USUAL, filled] = usual_gp(drawn[USUAL_WORD, filled], usual_below, first, gps)
            filled += 1
        if filled == 0 and more_to_come:
            draw_requests(drawn, raw, scalar, patience, site_key, day, index, 0, 0, BATCH)
            filled, operational = arrivals(drawn, usual_below, arrival, minus_log, first, gps, unit, operational)
            for column in range(BATCH):
                drawn[TICKET_OF, column] = np.int64(make_ticket(practice, day, index + column))
            more_to_come = filled == BATCH
            index += filled
            if index > min(most, MOST_REQUESTS + 1):
                ledger[TROUBLE] = TOO_MANY_REQUESTS
                break
        if filled == 0:
            break
        answer(s, r, practice, today, day, horizon, filled, calls)


@inlined
def answer(s, r, practice, today, day, horizon, filled, calls):  # type: ignore[no-untyped-def]
    """Answer the `filled` requests of a batch, one after the other."""
    log, lists, practices, pages, diaries = s.log, s.lists, s.practice, s.slots, s.diary
    counts, drawn, tickets, booked_days = s.counts[practice], s.drawn, s.ticket, s.booked_days
    who, anybody, own = s.desk.who, s.desk.anybody, s.desk.own
    scalar, open_day, open_until, no_show = r.scalar, r.open_day, r.open_until, r.no_show
    ring, stride = scalar[RING], scalar[STRIDE]
    cell = today % ring
    access, redirect = practices[practice, ACCESS], practices[practice, REDIRECT]
    first, gps = practices[practice, AT], practices[practice, GPS]
    as_gp, staff = practices[practice, SERVES_AS_GP], practices[practice, STAFF]
    words = max(words_for(as_gp), words_for(staff - as_gp))
    for at in range(filled):
        column = U64(at)
        ticket = U64(drawn[TICKET_OF, column])
        second, kind, suitability = drawn[SECOND, column], drawn[KIND, column], drawn[SUITABILITY, column]
        new = ticket_is_first_ring(ticket)
        made = ticket_made(ticket, day)
        counts[U64(C_REQUESTS + kind)] += np.int64(new)
        if new:
            note_event(log, practice, day, REQUESTED, ticket, kind, suitability, second, NONE)
        if new and suitability == FOR_PHARMACIST and drawn[REDIRECT_DRAW, column] < redirect:
            counts[C_REDIRECTED] += 1
            note_event(log, practice, day, REDIRECTED, ticket, NONE, NONE, NONE, NONE)
            continue
        urgent = kind == URGENT or ticket_urgent(ticket)
        wanted_day = open_until[U64(made)] + drawn[WANTED, column]
        patient_until = wanted_day + drawn[PATIENCE, column]
        earliest, latest = max(wanted_day - today, 0), min(patient_until - today, horizon)
        usual = drawn[USUAL, column]
        from_second = second + NOTICE
        outcome, place, slot, ahead = REFUSED_TODAY, np.int64(-1), np.int64(0), np.int64(0)
        pool = np.int64(GPS_POOL if suitability == FOR_GP else OTHERS)
        while True:
            for_gp = pool == GPS_POOL
            begin, start = np.int64(0) if for_gp else as_gp, usual if for_gp else np.int64(0)
            wish = for_gp and gps > 0 and drawn[PREFERS_USUAL, column] != 0
            counts[C_GP_BOUND] += np.int64(for_gp and new)
            if calls and for_gp:
                if (access == DOCTOR_FIRST and (urgent or kind == ROUTINE)) or (access == SINGLE_ENTRY and urgent):
                    entry = drawn[LENGTH_ENTRY, column]
                    outcome, place, slot = call_first(
                        s, r, practice, day, ticket, entry, first, as_gp, start, wish, from_second
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

            # Urgent: a slot of today, kept before free; others: the first day wished with a free slot.
            ask = QUESTIONS * pool
            wished = (EVERY << U64(earliest)) & (EVERY >> U64(63 - latest)) if earliest <= latest else NOTHING
            asked = slots_from(from_second) if urgent else wished
            kept = anybody[U64(ask + KEPT)] & asked != NOTHING
            which = (KEPT if kept else FREE) if urgent else DAYS
            theirs = anybody[U64(ask + which)] & asked
            if theirs == NOTHING:
                if for_gp:
                    break
                pool = np.int64(GPS_POOL)
                continue

            # The usual GP's instead, if wished and not much later; in turn the usual GP comes first.
            chosen = np.int64(trailing_zeros(theirs))
            mine = np.int64(trailing_zeros(own[U64(begin + start), U64(which)] & asked & (EVERY if wish else NOTHING)))
            date_tolerated = open_day[U64(today + (0 if urgent else chosen))] + drawn[TOLERATED_DAYS, column]
            tolerated = 63 if urgent else min(open_until[U64(date_tolerated)] - today, 63)
            chosen = mine if mine <= tolerated else chosen
            member = in_turn(who, ask + which, chosen, words, start)
            place = begin + member
            ahead = np.int64(0) if urgent else chosen
            outcome = BOOKED
            break

        if outcome == BOOKED:
            of_diary, on_day = own[U64(place), OF_DIARY], cell_at(cell, ahead, ring)
            row, clinician = np.int64(of_diary >> KIND_BITS), np.int64(of_diary & U64(7))
            kept_or_free = which if urgent else FREE
            page = pages[U64(row), U64(on_day)]
            slot = chosen if urgent else np.int64(trailing_zeros(page[FREE]))
            left = page[U64(kept_or_free)] & ~(U64(1) << U64(slot))
            page[U64(kept_or_free)] = left
            page[TAKEN] |= U64(1) << U64(slot)
            of_today = np.int64(ahead == 0)
            own[U64(place), U64(kept_or_free)] &= ~(U64(of_today) << U64(slot))
            strike(who, anybody, ask + kept_or_free, slot, words, member, of_today)
            if left == NOTHING and kept_or_free == FREE:
                own[U64(place), DAYS] &= ~(U64(1) << U64(ahead))
                strike(who, anybody, ask + DAYS, ahead, words, member, 1)
            number = slot_number(scalar, clinician, slot)
            date = open_day[U64(today + ahead)]
            wait = date - made
            other = np.int64(clinician >= NURSE)
            missed = np.int64(drawn[NO_SHOW_DRAW, column] < no_show[U64(other), U64(min(wait, WAITS - 1))])
            is_usual = np.int64(place == usual and gps > 0)
            note = (U64(drawn[LENGTH_ENTRY, column]) << LENGTH_AT) | (U64(missed) << NO_SHOW_AT)
            tickets[U64(row), U64(on_day), U64(number)] = ticket | note | (U64(is_usual) << USUAL_AT)
            if not new:
                booked_days[U64(row), U64(on_day), U64(number)] = min(date - day, LAST_WAIT)
            note_event(log, practice, day, BOOKED, ticket, clinician, key_of(diaries, row), (today + ahead) * 64 + slot,
                       missed + 2 * is_usual)  # fmt: skip
            if ahead >= 2 and drawn[WILL_CANCEL, column] != 0:
                later = 1 + ((drawn[CANCEL_DRAW, column] * (ahead - 1)) >> 16)
                address = (row * ring + on_day) * stride + number
                append(lists, practice, CANCELLATIONS + cell_at(cell, later, ring), ticket, address)
        if outcome == BOOKED or (calls and outcome == CALLED):
            on_time = today + ahead <= wanted_day + 5 and not ticket_urgent(ticket) and not ticket_rebooking(ticket)
            counts[C_SAME_DAY] += np.int64(kind == URGENT and new and ahead == 0)
            counts[C_WITHIN_5] += np.int64(kind == ROUTINE and on_time)
        elif calls and outcome == RINGS_AGAIN:
            again = ticket if ticket_attempt(ticket) == 3 else ticket + ONE_ATTEMPT
            append(lists, practice, (today + 1) & 7, again, NONE)
            note_event(log, practice, day, RINGS_AGAIN, ticket, NONE, NONE, NONE, NONE)
        else:
            append(lists, practice, REFUSED, ticket, second)
            counts[C_REFUSED] += 1
            note_event(log, practice, day, REFUSED_TODAY, ticket, NONE, NONE, second, NONE)
