"""Booking, compiled: a slot of today for those who need one, else the first day that suits, with whom they prefer."""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import (
    CANCELLATIONS,
    FREE,
    FREE_DAYS,
    KEPT,
    REFUSED,
    TAKEN,
)
from abm.appointments.demand import (
    ASKED,
    CANCEL_DRAW,
    FOR_GP,
    KIND,
    LENGTH_ENTRY,
    MADE,
    NO_SHOW_DRAW,
    PREFERS_USUAL,
    ROUTINE,
    SECOND,
    SUITABILITY,
    TICKET_OF,
    TOLERATED_DAYS,
    USUAL,
    WANTED,
    WILL_CANCEL,
)
from abm.appointments.desk import DAYS, KIND_BITS, OF_DIARY, QUESTIONS, in_turn, strike
from abm.appointments.diary import NOTHING, NURSE, cell_at, slot_number
from abm.appointments.events import (
    BOOKED,
    C_GP_BOUND,
    C_REFUSED,
    C_SAME_DAY,
    C_WITHIN_5,
    KIND_AT,
    LAST_WAIT,
    NONE,
    REFUSED_TODAY,
    append,
    key_of,
    note_event,
)
from abm.appointments.random_bits import U64, trailing_zeros
from abm.appointments.rules import WAITS
from abm.appointments.tickets import (
    LENGTH_AT,
    NO_SHOW_AT,
    USUAL_AT,
    ticket_is_first_ring,
    ticket_rebooking,
    ticket_urgent,
)
from abm.compiled import inlined


@inlined
def needs_gp(anybody, drawn, column, urgent):  # type: ignore[no-untyped-def]
    """Whether a request is for a GP's diary: by its nature, or because nobody else has a slot that suits."""
    theirs = anybody[U64(KEPT)] | anybody[U64(FREE)] if urgent else anybody[U64(DAYS)]
    return (drawn[SUITABILITY, column] == FOR_GP) | (theirs & U64(drawn[ASKED, column]) == NOTHING)


@inlined
def who_is_asked(drawn, column, for_gp, as_gp, gps):  # type: ignore[no-untyped-def]
    """Where a pool's questions and its members begin, who in it is asked first, and all bits if that one is wished.

    Everything is read before it is chosen from: what is read under a condition becomes a branch, and half of these
    would be guessed wrong.
    """
    usual, prefers = drawn[USUAL, column], U64(drawn[PREFERS_USUAL, column])
    begin, start = np.int64(0) if for_gp else as_gp, usual if for_gp else np.int64(0)
    wish = prefers if for_gp & (gps > 0) else NOTHING
    return QUESTIONS * np.int64(for_gp), begin, start, wish


@inlined
def find_today(desk, drawn, column, asked, for_gp, as_gp, gps, words):  # type: ignore[no-untyped-def]
    """A slot of today, kept before free: the usual GP's if wished, else the earliest, in turn from the usual GP on.

    Returns:
        place at the desk (-1: there is none) and slot, struck off the desk.
    """
    who, anybody, own = desk.who, desk.anybody, desk.own
    ask, begin, start, wish = who_is_asked(drawn, column, for_gp, as_gp, gps)
    kept, free = anybody[U64(ask + KEPT)] & asked, anybody[U64(ask + FREE)] & asked
    which, theirs = KEPT if kept != NOTHING else FREE, kept if kept != NOTHING else free
    if theirs == NOTHING:
        return np.int64(-1), np.int64(0)
    mine = own[U64(begin + start), U64(which)] & asked & wish
    slot = np.int64(trailing_zeros(theirs if mine == NOTHING else mine))
    member = in_turn(who, ask + which, slot, words, start)
    take_today(who, anybody, own, ask, which, slot, words, member, begin + member)
    return begin + member, slot


@inlined
def take_today(who, anybody, own, ask, which, slot, words, member, place):  # type: ignore[no-untyped-def]
    """Strike a slot of today off the desk; today's page keeps only who has booked."""
    left = own[U64(place), U64(which)] & ~(U64(1) << U64(slot))
    own[U64(place), U64(which)] = left
    strike(who, anybody, ask + which, slot, words, member)
    if (which == FREE) & (left == NOTHING):
        own[U64(place), DAYS] &= ~U64(1)
        strike(who, anybody, ask + DAYS, np.int64(0), words, member)


@inlined
def take_first_today(desk, place, as_gp, words):  # type: ignore[no-untyped-def]
    """Take the first free slot that somebody has today; place and slot."""
    for_gp = place < as_gp
    slot = np.int64(trailing_zeros(desk.own[U64(place), U64(FREE)]))
    member = place if for_gp else place - as_gp
    take_today(desk.who, desk.anybody, desk.own, QUESTIONS * np.int64(for_gp), FREE, slot, words, member, place)
    return place, slot


@inlined
def find_ahead(desk, r, drawn, column, asked, today, for_gp, as_gp, gps, words):  # type: ignore[no-untyped-def]
    """The first day wished with a free slot, the usual GP's instead if wished and not much later.

    Returns:
        place at the desk (-1: there is none) and days ahead.
    """
    anybody, own, open_day, open_until = desk.anybody, desk.own, r.open_day, r.open_until
    ask, begin, start, wish = who_is_asked(drawn, column, for_gp, as_gp, gps)
    theirs = anybody[U64(ask + DAYS)] & asked
    if theirs == NOTHING:
        return np.int64(-1), np.int64(0)
    ahead = np.int64(trailing_zeros(theirs))
    mine = np.int64(trailing_zeros(own[U64(begin + start), U64(DAYS)] & asked & wish))
    tolerated = open_until[U64(open_day[U64(today + ahead)] + drawn[TOLERATED_DAYS, column])] - today
    ahead = mine if mine <= min(tolerated, 63) else ahead
    return begin + in_turn(desk.who, ask + DAYS, ahead, words, start), ahead


@inlined
def take_ahead(desk, pages, diaries, row, on_day, place, ahead, as_gp, words):  # type: ignore[no-untyped-def]
    """Take the first free slot of a coming day; the last one strikes the day off the desk."""
    free = pages[U64(row), FREE, U64(on_day)]
    slot, left = np.int64(trailing_zeros(free)), free & (free - U64(1))
    pages[U64(row), FREE, U64(on_day)] = left
    if left == NOTHING:
        diaries[U64(row), FREE_DAYS] &= ~np.int64(U64(1) << U64(on_day))
        desk.own[U64(place), DAYS] &= ~(U64(1) << U64(ahead))
        for_gp = place < as_gp
        member = place if for_gp else place - as_gp
        strike(desk.who, desk.anybody, QUESTIONS * np.int64(for_gp) + DAYS, ahead, words, member)
    return slot


@inlined
def enter(s, r, practice, today, day, cell, column, ticket, place, ahead, slot, as_gp, gps, words):  # type: ignore[no-untyped-def]
    """Write a booking down: whether it will be kept, and the morning of its cancellation, are known already."""
    pages, diaries, tickets, drawn, lists, log = s.slots, s.diary, s.ticket, s.drawn, s.lists, s.log
    open_day, no_show, scalar = r.open_day, r.no_show, r.scalar
    ring, stride = np.int64(pages.shape[2]), np.int64(tickets.shape[2])
    of_diary, on_day = s.desk.own[U64(place), OF_DIARY], cell_at(cell, ahead, ring)
    row, clinician = np.int64(of_diary >> KIND_BITS), np.int64(of_diary & U64(7))
    if ahead > 0:
        slot = take_ahead(s.desk, pages, diaries, row, on_day, place, ahead, as_gp, words)
    pages[U64(row), TAKEN, U64(on_day)] |= U64(1) << U64(slot)
    number = slot_number(scalar, clinician, slot)
    date = open_day[U64(today + ahead)]
    wait = date - drawn[MADE, column]
    other = np.int64(clinician >= NURSE)
    missed = np.int64(drawn[NO_SHOW_DRAW, column] < no_show[U64(other), U64(min(wait, WAITS - 1))])
    is_usual = np.int64((place == drawn[USUAL, column]) & (gps > 0))
    note = (U64(drawn[LENGTH_ENTRY, column]) << LENGTH_AT) | (U64(missed) << NO_SHOW_AT)
    tickets[U64(row), U64(on_day), U64(number)] = ticket | note | (U64(is_usual) << USUAL_AT)
    if not ticket_is_first_ring(ticket):
        s.booked_days[U64(row), U64(on_day), U64(number)] = min(date - day, LAST_WAIT)
    note_event(log, practice, day, BOOKED, ticket, clinician, key_of(diaries, row), (today + ahead) * 64 + slot,
               missed + 2 * is_usual)  # fmt: skip
    if (ahead >= 2) & (drawn[WILL_CANCEL, column] != 0):
        later = 1 + ((drawn[CANCEL_DRAW, column] * (ahead - 1)) >> 16)
        address = (row * ring + on_day) * stride + number
        append(lists, practice, CANCELLATIONS + cell_at(cell, later, ring), ticket, address)


@inlined
def refuse(s, practice, day, column, ticket):  # type: ignore[no-untyped-def]
    """Put a request down as refused today; what becomes of it is decided in the evening."""
    second = s.drawn[SECOND, column]
    append(s.lists, practice, REFUSED, ticket, second | (s.drawn[KIND, column] << KIND_AT))
    s.counts[practice, C_REFUSED] += 1
    note_event(s.log, practice, day, REFUSED_TODAY, ticket, NONE, NONE, second, NONE)


@inlined
def on_time(drawn, column, ticket, ahead):  # type: ignore[no-untyped-def]
    """Whether a routine request has its offer within five open days of the day wanted, at its first attempt."""
    again = ticket_urgent(ticket) | ticket_rebooking(ticket)
    return (drawn[KIND, column] == ROUTINE) & (ahead <= drawn[WANTED, column] + 5) & (not again)


@inlined
def book_new(s, r, practice, today, day, cell, chosen, filled, urgent, as_gp, gps, words):  # type: ignore[no-untyped-def]
    """Book new requests that ring for the first time: the urgent ones of a batch, or the others, in order.

    The two compete for nothing: new requests that are not urgent want a later day. Taken apart, a processor need not
    guess which comes next.

    Args:
        chosen: columns of the batch.
        filled: how many.
        urgent: whether they are the urgent ones; a constant, for which the code is compiled twice.
    """
    drawn, counts, anybody = s.drawn, s.counts[practice], s.desk.anybody
    bound, in_time = np.int64(0), np.int64(0)
    for at in range(filled):
        column = U64(chosen[U64(at)])
        ticket, asked = U64(drawn[TICKET_OF, column]), U64(drawn[ASKED, column])
        for_gp = needs_gp(anybody, drawn, column, urgent)
        bound += np.int64(for_gp)
        slot, ahead = np.int64(0), np.int64(0)
        if urgent:
            place, slot = find_today(s.desk, drawn, column, asked, for_gp, as_gp, gps, words)
        else:
            place, ahead = find_ahead(s.desk, r, drawn, column, asked, today, for_gp, as_gp, gps, words)
        if place < 0:
            refuse(s, practice, day, column, ticket)
        else:
            enter(s, r, practice, today, day, cell, column, ticket, place, ahead, slot, as_gp, gps, words)
            in_time += np.int64(True if urgent else on_time(drawn, column, ticket, ahead))
    counts[C_GP_BOUND] += bound
    counts[C_SAME_DAY if urgent else C_WITHIN_5] += in_time
