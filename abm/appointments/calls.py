"""Total triage: a request first takes a call of today, which closes some matters."""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import KIND_OF, SITE_KEY
from abm.appointments.demand import draw_sequel
from abm.appointments.diary import NOTHING, slot_number, slots_from
from abm.appointments.events import (
    C_CALL,
    C_CALLS,
    C_GP_CONTACTS,
    C_SINCE_BOOKED,
    C_WAIT,
    CALLED,
    LAST_WAIT,
    REFUSED_TODAY,
    REQUESTED,
    key_of,
    note_event,
)
from abm.appointments.random_bits import U64, trailing_zeros
from abm.appointments.rules import CALL_CLOSES
from abm.appointments.tickets import ticket_day, ticket_generation, ticket_index, ticket_made, ticket_site
from abm.compiled import part


@part
def choose_call(call_free, diary_at, first, count, start, wish, calls):  # type: ignore[no-untyped-def]
    """Place at the desk and slot of a call: that of the usual GP, who stands at `start`, if wished, else the earliest.

    Returns:
        place (-1: none) and slot.
    """
    best, chosen = np.int64(64), np.int64(-1)
    for step in range(count):
        place = start + step
        place = place if place < count else place - count
        row = diary_at[first + place]
        left = (call_free[row, 0] | call_free[row, 1]) & calls
        if left != NOTHING and trailing_zeros(left) < best:
            best, chosen = trailing_zeros(left), place
        if wish and step == 0 and chosen >= 0:
            break
    return chosen, best


@part
def call_first(s, r, practice, day, ticket, length_entry, first, count, start, wish, from_second):  # type: ignore[no-untyped-def]
    """Take a call of today.

    Returns:
        CALLED when that closes the matter, REFUSED_TODAY when there is no call left, else REQUESTED; place and slot.
    """
    call_free, diary_at, diaries, call_seconds = s.call_free, s.diary_at, s.diary, s.call_seconds
    counts, practices, log = s.counts, s.practice, s.log
    scalar, length = r.scalar, r.length
    place, slot = choose_call(call_free, diary_at, first, count, start, wish, slots_from(from_second))
    if place < 0:
        return REFUSED_TODAY, place, slot
    row = diary_at[first + place]
    one = U64(1) << U64(slot)
    half = 0 if call_free[row, 0] & one != NOTHING else 1
    call_free[row, half] &= ~one
    number = slot_number(scalar, diaries[row, KIND_OF], slot)
    call_seconds[row, number] += length[0, length_entry] // 2
    counts[practice, C_CALLS] += 1
    _, _, _, _, closes, _ = draw_sequel(
        scalar, practices[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day), ticket_index(ticket),
        ticket_generation(ticket),
    )  # fmt: skip
    closed = closes < scalar[CALL_CLOSES]
    note_event(log, practice, day, CALLED, ticket, diaries[row, KIND_OF], key_of(diaries, row), slot,
               np.int64(closed) + 2 * half)  # fmt: skip
    if not closed:
        return REQUESTED, place, slot
    counts[practice, C_CALL + diaries[row, KIND_OF]] += 1
    counts[practice, C_GP_CONTACTS] += 1
    counts[practice, C_WAIT + min(day - ticket_made(ticket, day), LAST_WAIT)] += 1
    counts[practice, C_SINCE_BOOKED] += 1
    return CALLED, place, slot
