"""Today at a practice's desk: who has which slot and which day free, turned so that a search is a count of zeros.

Diaries say for each clinician which slots are free. The desk asks the other way round: who has this slot, who has a
free slot on this day? So it is laid out anew every morning, for each of the two pools (those who serve as GPs, and the
others) with three questions: today's slots FREE, today's slots KEPT, and the DAYS ahead with a free slot. `who` has a
word of clinicians for each slot or day (several words where a pool has more than 64); `anybody` has a bit for each slot
or day that somebody has; `own` has the same bits clinician by clinician. Words are found by unsigned numbers, which
spares compiled code the question whether an index counts from the end.
"""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import FREE, KEPT, KIND_OF
from abm.appointments.diary import EVERY, NOTHING
from abm.appointments.random_bits import U64, trailing_zeros
from abm.compiled import inlined, part

OTHERS, GPS_POOL = 0, 1
DAYS, OF_DIARY = 2, 3  # the third question, besides FREE and KEPT; in `own` also the diary: row and kind of clinician
QUESTIONS = 3
KIND_BITS = U64(3)  # of OF_DIARY


@inlined
def words_for(count):  # type: ignore[no-untyped-def]
    """Words that a pool of clinicians takes."""
    return (count + 63) >> 6


@part
def lay_desk(desk, slots, diary, diary_at, first, as_gp, staff, cell, ring):  # type: ignore[no-untyped-def]
    """Lay out the desk of a practice whose `staff` diaries begin at `first`; the first `as_gp` serve as GPs."""
    who, anybody, own = desk.who, desk.anybody, desk.own
    most_words = max(words_for(as_gp), words_for(staff - as_gp))
    for at in range(64 * most_words):
        for question in range(2 * QUESTIONS):
            who[U64(at), U64(question)] = NOTHING
    for pool in range(2):
        begin, end = (0, as_gp) if pool == GPS_POOL else (as_gp, staff)
        words, ask = words_for(end - begin), QUESTIONS * pool
        for question in range(ask, ask + QUESTIONS):
            anybody[U64(question)] = NOTHING
        for place in range(begin, end):
            row = U64(diary_at[U64(first + place)])
            word, one = (place - begin) >> 6, U64(1) << (U64(place - begin) & U64(63))
            for which in (FREE, KEPT):
                left = slots[row, U64(cell), which]
                own[U64(place), which] = left
                anybody[U64(ask + which)] |= left
                while left != NOTHING:
                    who[U64(trailing_zeros(left) * words + word), U64(ask + which)] |= one
                    left &= left - U64(1)
            days, on_day = NOTHING, cell
            for ahead in range(ring):
                free = slots[row, U64(on_day), FREE] != NOTHING
                days |= U64(free) << U64(ahead)
                who[U64(ahead * words + word), U64(ask + DAYS)] |= one if free else NOTHING
                on_day = on_day + 1 if on_day + 1 < ring else 0
            own[U64(place), DAYS] = days
            own[U64(place), OF_DIARY] = (row << KIND_BITS) | U64(diary[row, KIND_OF])
            anybody[U64(ask + DAYS)] |= days


@inlined
def in_turn(who, ask, at, words, start):  # type: ignore[no-untyped-def]
    """The first clinician from `start` on, around the pool, who has the slot or day `at`; somebody must."""
    if words == 1:
        word = who[U64(at), U64(ask)]
        later = word & (EVERY << U64(start))
        return trailing_zeros(later if later != NOTHING else word)
    step = start >> 6
    word = who[U64(at * words + step), U64(ask)] & (EVERY << U64(start & 63))
    while word == NOTHING:
        step = step + 1 if step + 1 < words else 0
        word = who[U64(at * words + step), U64(ask)]
    return 64 * step + trailing_zeros(word)


@inlined
def strike(who, anybody, ask, at, words, member):  # type: ignore[no-untyped-def]
    """A member of the pool has the slot or day `at` no more."""
    if words == 1:
        left = who[U64(at), U64(ask)] & ~(U64(1) << U64(member))
        who[U64(at), U64(ask)] = left
    else:
        who[U64(at * words + (member >> 6)), U64(ask)] &= ~(U64(1) << U64(member & 63))
        left = NOTHING
        for word in range(words):
            left |= who[U64(at * words + word), U64(ask)]
    anybody[U64(ask)] &= ~(U64(left == NOTHING) << U64(at))


@inlined
def earliest_today(desk, pool, words, begin, start, wish, coming):  # type: ignore[no-untyped-def]
    """The slot of an urgent request: kept before free; the usual GP's (at `start`) if wished, else the earliest.

    Returns:
        place (-1: none), slot, and KEPT or FREE.
    """
    ask = QUESTIONS * pool
    which = KEPT if desk.anybody[U64(ask + KEPT)] & coming != NOTHING else FREE
    anybody = desk.anybody[U64(ask + which)] & coming
    place, slot = np.int64(-1), np.int64(0)
    if anybody != NOTHING:
        own = desk.own[U64(begin + start), U64(which)] & coming & (EVERY if wish else NOTHING)
        slot = trailing_zeros(own if own != NOTHING else anybody)
        place = begin + in_turn(desk.who, ask + which, slot, words, start)  # the usual GP comes first in turn
    return place, slot, which


@inlined
def take_today(desk, pool, words, begin, place, slot, which):  # type: ignore[no-untyped-def]
    """Somebody's slot of today is taken."""
    ask = QUESTIONS * pool
    left = desk.own[U64(place), U64(which)] & ~(U64(1) << U64(slot))
    desk.own[U64(place), U64(which)] = left
    strike(desk.who, desk.anybody, ask + which, slot, words, place - begin)
    if which == FREE and left == NOTHING:
        desk.own[U64(place), DAYS] &= ~U64(1)
        strike(desk.who, desk.anybody, ask + DAYS, np.int64(0), words, place - begin)


@inlined
def first_day(desk, pool, words, begin, start, wished):  # type: ignore[no-untyped-def]
    """Who is free first among the days wished, in order from `start`, and how many open days ahead; place -1: none."""
    anybody = desk.anybody[U64(QUESTIONS * pool + DAYS)] & wished
    place, ahead = np.int64(-1), np.int64(0)
    if anybody != NOTHING:
        ahead = trailing_zeros(anybody)
        place = begin + in_turn(desk.who, QUESTIONS * pool + DAYS, ahead, words, start)
    return place, ahead


@inlined
def take_ahead(desk, slots, pool, words, begin, place, on_day, ahead):  # type: ignore[no-untyped-def]
    """The first free slot of somebody's coming day, at `on_day` in the ring, is taken.

    Returns:
        the slot.
    """
    row = desk.own[U64(place), OF_DIARY] >> KIND_BITS
    free = slots[row, U64(on_day), FREE]
    left = free & (free - U64(1))
    slots[row, U64(on_day), FREE] = left
    if left == NOTHING:
        desk.own[U64(place), DAYS] &= ~(U64(1) << U64(ahead))
        strike(desk.who, desk.anybody, QUESTIONS * pool + DAYS, ahead, words, place - begin)
    return trailing_zeros(free)
