"""Today at a practice's desk: who has which slot and which day free, turned so that a search is a count of zeros.

Diaries say for each clinician which slots are free. The desk asks the other way round: who has this slot, who has a
free slot on this day? So it is laid out anew every morning, for each of the two pools (those who serve as GPs, and the
others) with three questions: today's slots FREE, today's slots KEPT, and the DAYS ahead with a free slot. `who` has a
word of clinicians for each slot or day (several words where a pool has more than 64); `anybody` has a bit for each slot
or day that somebody has; `own` has the same bits clinician by clinician. Words are found by unsigned numbers, which
spares compiled code the question whether an index counts from the end.
"""

from __future__ import annotations

from abm.appointments.columns import FREE, FREE_DAYS, KEPT, KIND_OF
from abm.appointments.diary import EVERY, NOTHING
from abm.appointments.random_bits import U64, trailing_zeros
from abm.compiled import inlined, part

OTHERS, GPS_POOL = 0, 1
DAYS, OF_DIARY = 2, 3  # the third question, besides FREE and KEPT; in `own` also the diary: row and kind of clinician
QUESTIONS = 3
PLACES = 64  # slots or days of a question
KIND_BITS = U64(3)  # of OF_DIARY


@inlined
def words_for(count):  # type: ignore[no-untyped-def]
    """Words that a pool of clinicians takes."""
    return (count + 63) >> 6


@part
def lay_desk(desk, slots, diary, diary_at, first, as_gp, staff, cell, ring):  # type: ignore[no-untyped-def]
    """Lay out the desk of a practice whose `staff` diaries begin at `first`; the first `as_gp` serve as GPs."""
    who, anybody, own = desk.who, desk.anybody, desk.own
    words = max(words_for(as_gp), words_for(staff - as_gp))
    who[: 2 * QUESTIONS * PLACES * words] = NOTHING
    anybody[:] = NOTHING
    in_ring = EVERY >> U64(64 - ring)
    for place in range(staff):
        pool = GPS_POOL if place < as_gp else OTHERS
        member = place if pool == GPS_POOL else place - as_gp
        row = U64(diary_at[U64(first + place)])
        by_cell = U64(diary[row, FREE_DAYS])
        days = ((by_cell >> U64(cell)) | (by_cell << U64(ring - cell))) & in_ring
        mine = own[U64(place)]
        mine[FREE], mine[KEPT], mine[DAYS] = slots[row, FREE, U64(cell)], slots[row, KEPT, U64(cell)], days
        mine[OF_DIARY] = (row << KIND_BITS) | U64(diary[row, KIND_OF])
        for question in range(QUESTIONS):
            has = mine[question]
            anybody[U64(QUESTIONS * pool + question)] |= has
            if has != NOTHING:
                begin = ((QUESTIONS * pool + question) * words + (member >> 6)) * PLACES
                column, bit = who[begin : begin + PLACES], U64(member & 63)
                for at in range(PLACES):  # without branches: several slots at a time
                    column[at] |= ((has >> U64(at)) & U64(1)) << bit


@inlined
def in_turn(who, ask, at, words, start):  # type: ignore[no-untyped-def]
    """The first clinician from `start` on, around the pool, who has the slot or day `at`; somebody must."""
    begin = ask * words * PLACES + at
    if words == 1:
        word = who[U64(begin)]
        later = word & (EVERY << U64(start))
        return trailing_zeros(later if later != NOTHING else word)
    step = start >> 6
    word = who[U64(begin + PLACES * step)] & (EVERY << U64(start & 63))
    while word == NOTHING:
        step = step + 1 if step + 1 < words else 0
        word = who[U64(begin + PLACES * step)]
    return 64 * step + trailing_zeros(word)


@inlined
def strike(who, anybody, ask, at, words, member):  # type: ignore[no-untyped-def]
    """A member of the pool has the slot or day `at` no more."""
    begin = ask * words * PLACES + at
    if words == 1:
        left = who[U64(begin)] & ~(U64(1) << U64(member))
        who[U64(begin)] = left
    else:
        who[U64(begin + PLACES * (member >> 6))] &= ~(U64(1) << U64(member & 63))
        left = NOTHING
        for word in range(words):
            left |= who[U64(begin + PLACES * word)]
    anybody[U64(ask)] &= ~(U64(left == NOTHING) << U64(at))
