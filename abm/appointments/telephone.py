"""The telephone of a practice-day, compiled: each request is booked, called, redirected, or refused when it is made."""

from __future__ import annotations

import numpy as np

from abm.appointments.booking import (
    book_new,
    enter,
    find_ahead,
    find_today,
    needs_gp,
    on_time,
    refuse,
    take_first_today,
)
from abm.appointments.calls import (
    call_first,
)
from abm.appointments.columns import (
    ACCESS,
    AT,
    DOCTOR_FIRST,
    GPS,
    KEEP,
    REDIRECT,
    SERVES_AS_GP,
    SINGLE_ENTRY,
    SITE_KEY,
    SITES,
    STAFF,
    TICKET,
    TROUBLE,
)
from abm.appointments.demand import (
    ASKED,
    BATCH,
    FOR_PHARMACIST,
    KIND,
    LENGTH_ENTRY,
    MADE,
    NOT_URGENT,
    OPENING,
    PATIENCE,
    PLANNED,
    PREFERS_USUAL,
    REDIRECT_DRAW,
    ROUTINE,
    SECOND,
    SUITABILITY,
    TICKET_OF,
    UNTIL,
    URGENT,
    URGENT_ONES,
    USUAL,
    WANTED,
    arrivals,
    draw_named,
    draw_requests,
    name_request,
    usual_gps,
)
from abm.appointments.desk import words_for
from abm.appointments.diary import EVERY, NOTHING, NOTICE, slot_second, slots_from
from abm.appointments.events import (
    C_GP_BOUND,
    C_REDIRECTED,
    C_REQUESTS,
    C_SAME_DAY,
    C_USUAL,
    C_WITHIN_5,
    CALLED,
    NONE,
    REDIRECTED,
    REFUSED_TODAY,
    REQUESTED,
    RINGS_AGAIN,
    TOO_MANY_REQUESTS,
    append,
    note_event,
    release,
)
from abm.appointments.random_bits import U64
from abm.appointments.rules import RING
from abm.appointments.sites import begin_sites, next_of_sites
from abm.appointments.tickets import (
    MOST_REQUESTS,
    ONE_ATTEMPT,
    make_ticket,
    ticket_attempt,
    ticket_day,
    ticket_generation,
    ticket_index,
    ticket_is_first_ring,
    ticket_made,
    ticket_site,
    ticket_urgent,
)
from abm.compiled import inlined, part


@part
def answer_all(s, r, practice, today, day, unit, most, horizon):  # type: ignore[no-untyped-def]
    """Answer the telephone from 08:00: those who ring again, in turn, then the day's requests by (second, site, index).

    Args:
        s, r: the state's and the rules' tables.
        practice, today, day: the practice, the open day's index and its day number.
        unit: the day's length in operational time.
        most: more requests of a practice's only site than this are trouble.
        horizon: open days ahead for which one can book.
    """
    practices, lists, ledger, drawn, raw = s.practice, s.lists, s.ledger, s.drawn, s.raw
    usual_below = s.usual_below
    scalar, patience, arrival, minus_log = r.scalar, r.patience, r.arrival, r.minus_log
    first, gps, site_key = practices[practice, AT], practices[practice, GPS], practices[practice, SITE_KEY]
    calls = practices[practice, ACCESS] >= DOCTOR_FIRST
    waiting = lists.head[practice, today & 7]
    lists.head[practice, today & 7] = 0
    index, operational, more_to_come = np.int64(0), np.int64(0), unit > 0.0
    several_sites = practices[practice, SITES] > 1
    if several_sites:
        begin_sites(s, practice)
    while True:
        filled, in_turn = np.int64(0), calls
        while waiting != 0 and filled < BATCH:
            ticket = U64(lists.node[waiting, TICKET])
            waiting = release(lists, waiting)
            name_request(
                raw, practices[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day), ticket_index(ticket),
                ticket_generation(ticket), filled,
            )  # fmt: skip
            drawn[TICKET_OF, filled], drawn[SECOND, filled] = np.int64(ticket), OPENING
            filled += 1
        if filled > 0:
            draw_named(drawn, raw, scalar, patience, filled)
            usual_gps(drawn, usual_below, first, gps, filled)
            in_turn = True
        if filled == 0 and more_to_come and several_sites:
            filled = next_of_sites(s, r, practice, day)
            more_to_come = filled == BATCH
        elif filled == 0 and more_to_come:
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
        if in_turn:
            prepare(drawn, r.open_until, today, day, horizon, filled)
            answer_in_turn(s, r, practice, today, day, filled, calls)
        else:
            prepare_new(drawn, day, horizon)
            answer_new(s, r, practice, today, day, filled)


@inlined
def prepare(drawn, open_until, today, day, horizon, filled):  # type: ignore[no-untyped-def]
    """What the requests of a batch ask for: slots of today if urgent, else days ahead; fills in MADE to ASKED.

    One request after the other and without branches, so that a processor works on several at a time.
    """
    tickets, kinds, seconds, patience = drawn[TICKET_OF], drawn[KIND], drawn[SECOND], drawn[PATIENCE]
    wanted, made, until, asked = drawn[WANTED], drawn[MADE], drawn[UNTIL], drawn[ASKED]
    for i in range(filled):
        ticket = U64(tickets[i])
        made[i] = ticket_made(ticket, day)
        wanted[i] += open_until[U64(made[i])] - today
        until[i] = wanted[i] + patience[i]
        earliest, latest = max(wanted[i], 0), min(until[i], horizon)
        days = (EVERY << U64(earliest)) & (EVERY >> U64(63 - latest)) if earliest <= latest else NOTHING
        urgent = (kinds[i] == URGENT) | ticket_urgent(ticket)
        asked[i] = np.int64(slots_from(seconds[i] + NOTICE) if urgent else days)


@inlined
def prepare_new(drawn, day, horizon):  # type: ignore[no-untyped-def]
    """The same for a batch of new requests without a call, made today; those that are not urgent want a later day."""
    kinds, seconds, patience = drawn[KIND], drawn[SECOND], drawn[PATIENCE]
    wanted, made, asked = drawn[WANTED], drawn[MADE], drawn[ASKED]
    for i in range(BATCH):
        made[i] = day
        latest = min(wanted[i] + patience[i], horizon)
        days = (EVERY << U64(wanted[i] & 63)) & (EVERY >> U64((63 - latest) & 63))
        days = days if wanted[i] <= latest else NOTHING
        asked[i] = np.int64(slots_from(seconds[i] + NOTICE) if kinds[i] == URGENT else days)


@inlined
def answer_new(s, r, practice, today, day, filled):  # type: ignore[no-untyped-def]
    """Answer a batch of new requests that take no call: the urgent ones for today, then the others for later days."""
    practices, drawn, log, counts = s.practice, s.drawn, s.log, s.counts[practice]
    kinds, urgent_ones, not_urgent = drawn[KIND], drawn[URGENT_ONES], drawn[NOT_URGENT]
    redirect = practices[practice, REDIRECT]
    urgent, others, routine = np.int64(0), np.int64(0), np.int64(0)
    if (redirect > 0) | (log.ledger[KEEP] != 0):
        for column in range(filled):
            kind, suitability, ticket = kinds[column], drawn[SUITABILITY, column], U64(drawn[TICKET_OF, column])
            counts[U64(C_REQUESTS + kind)] += 1
            note_event(log, practice, day, REQUESTED, ticket, kind, suitability, drawn[SECOND, column], NONE)
            if suitability == FOR_PHARMACIST and drawn[REDIRECT_DRAW, column] < redirect:
                counts[C_REDIRECTED] += 1
                note_event(log, practice, day, REDIRECTED, ticket, NONE, NONE, NONE, NONE)
            elif kind == URGENT:
                urgent_ones[urgent] = column
                urgent += 1
            else:
                not_urgent[others] = column
                others += 1
    else:
        for column in range(filled):  # without branches: each column is put down in both lists and counted in one
            urgent_ones[U64(urgent)], not_urgent[U64(others)] = column, column
            urgent += np.int64(kinds[column] == URGENT)
            others += np.int64(kinds[column] != URGENT)
            routine += np.int64(kinds[column] == ROUTINE)
        counts[C_REQUESTS + URGENT] += urgent
        counts[C_REQUESTS + ROUTINE] += routine
        counts[C_REQUESTS + PLANNED] += others - routine
    gps, as_gp, staff = practices[practice, GPS], practices[practice, SERVES_AS_GP], practices[practice, STAFF]
    words = max(words_for(as_gp), words_for(staff - as_gp))
    cell = today % r.scalar[RING]
    book_new(s, r, practice, today, day, cell, urgent_ones, urgent, True, as_gp, gps, words)
    book_new(s, r, practice, today, day, cell, not_urgent, others, False, as_gp, gps, words)


@part
def answer_in_turn(s, r, practice, today, day, filled, calls):  # type: ignore[no-untyped-def]
    """Answer the requests of a batch one after the other, with a call first where the practice does so."""
    log, lists, practices, drawn, counts = s.log, s.lists, s.practice, s.drawn, s.counts[practice]
    desk, anybody = s.desk, s.desk.anybody
    cell = today % r.scalar[RING]
    access, redirect = practices[practice, ACCESS], practices[practice, REDIRECT]
    first, gps = practices[practice, AT], practices[practice, GPS]
    as_gp, staff = practices[practice, SERVES_AS_GP], practices[practice, STAFF]
    words = max(words_for(as_gp), words_for(staff - as_gp))
    for at in range(filled):
        column = U64(at)
        ticket = U64(drawn[TICKET_OF, column])
        kind, suitability = drawn[KIND, column], drawn[SUITABILITY, column]
        new = ticket_is_first_ring(ticket)
        if new:
            counts[U64(C_REQUESTS + kind)] += 1
            note_event(log, practice, day, REQUESTED, ticket, kind, suitability, drawn[SECOND, column], NONE)
            if suitability == FOR_PHARMACIST and drawn[REDIRECT_DRAW, column] < redirect:
                counts[C_REDIRECTED] += 1
                note_event(log, practice, day, REDIRECTED, ticket, NONE, NONE, NONE, NONE)
                continue
        urgent = kind == URGENT or ticket_urgent(ticket)
        asked, usual = U64(drawn[ASKED, column]), drawn[USUAL, column]
        for_gp = needs_gp(anybody, drawn, column, urgent)
        counts[C_GP_BOUND] += np.int64(for_gp & new)
        place, slot, ahead = np.int64(-1), np.int64(0), np.int64(0)
        if calls and for_gp and (
            (access == DOCTOR_FIRST and (urgent or kind == ROUTINE)) or (access == SINGLE_ENTRY and urgent)
        ):  # fmt: skip
            entry, wish = drawn[LENGTH_ENTRY, column], gps > 0 and drawn[PREFERS_USUAL, column] != 0
            outcome, place, slot = call_first(
                s, r, practice, day, ticket, entry, first, as_gp, usual, wish, drawn[SECOND, column] + NOTICE
            )
            if outcome == CALLED:
                counts[C_USUAL] += np.int64(place == usual and gps > 0)
                counts[C_SAME_DAY] += np.int64(kind == URGENT and new)
                counts[C_WITHIN_5] += np.int64(on_time(drawn, column, ticket, ahead))
                continue
            if outcome == REFUSED_TODAY:
                if not urgent and drawn[UNTIL, column] >= 1:
                    again = ticket if ticket_attempt(ticket) == 3 else ticket + ONE_ATTEMPT
                    append(lists, practice, (today + 1) & 7, again, NONE)
                    note_event(log, practice, day, RINGS_AGAIN, ticket, NONE, NONE, NONE, NONE)
                else:
                    refuse(s, practice, day, column, ticket)
                continue
            asked &= slots_from(slot_second(slot) + NOTICE) if urgent else EVERY << U64(1)
        if urgent:
            place, slot = find_today(desk, drawn, column, asked, for_gp, as_gp, gps, words)
        else:
            place, ahead = find_ahead(desk, r, drawn, column, asked, today, for_gp, as_gp, gps, words)
            if place >= 0 and ahead == 0:
                place, slot = take_first_today(desk, place, as_gp, words)
        if place < 0:
            refuse(s, practice, day, column, ticket)
        else:
            enter(s, r, practice, today, day, cell, column, ticket, place, ahead, slot, as_gp, gps, words)
            counts[C_SAME_DAY] += np.int64(kind == URGENT and new and ahead == 0)
            counts[C_WITHIN_5] += np.int64(on_time(drawn, column, ticket, ahead))
