"""Diaries as bit masks: sessions, absence, and what is free, kept and booked.

A word stands for the 63 slots of a clinician's day: bits 0 to 30 the session from 08:30, bits 32 to 62 that from 14:30.
A diary holds its open days in a ring. Days are counted as open days (days on which practices open), so weekends take no
room.
"""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import (
    ANONYMOUS,
    CARRIED,
    FREE,
    FREE_DAYS,
    KEPT,
    KEY_HIGH,
    KEY_LOW,
    KIND_OF,
    LAID_HALF_DAYS,
    LAID_WEEK,
    SESSIONS,
    TAKEN,
    WEEK,
)
from abm.appointments.demand import (
    LEAVE_WEEK,
    SICKNESS,
    clinician_word,
)
from abm.appointments.random_bits import (
    U64,
    leading_zeros,
    population,
)
from abm.appointments.rules import (
    BLOCK,
    LENGTH,
    SESSION_SLOTS,
    SESSION_UNIT,
    START,
)
from abm.compiled import inlined, part

NOTHING = U64(0)
EVERY = U64(0xFFFFFFFFFFFFFFFF)
MORNING_BITS = U64(0xFFFFFFFF)
AFTERNOON = np.int64(32)
MORNING_STARTS, AFTERNOON_STARTS = 30_600, 52_200  # 08:30 and 14:30
SLOT_SECONDS = 600
NOTICE = 900  # an urgent slot is at least this many seconds ahead
CLINICIAN_KINDS = 5
GP, COVER, REGISTRAR, NURSE, OTHER = np.arange(CLINICIAN_KINDS)
FIRST_MONDAY = 2  # day number of Monday 3 January 2000


@part
def sessions_of_week(diary, row, week):  # type: ignore[no-untyped-def]
    """Sessions of a clinician in a week: the whole part, and one more when the carried fraction reaches one."""
    before = diary[row, CARRIED] + diary[row, SESSIONS] * (week - diary[row, WEEK])
    return min((before + diary[row, SESSIONS]) // SESSION_UNIT - before // SESSION_UNIT, 10)


@part
def on_leave(scalar, leave, diary, row, week):  # type: ignore[no-untyped-def]
    """Whether a clinician is on leave in a week: one week, drawn by key, in each block of weeks."""
    if leave[week, LENGTH] == 0:
        return False
    keys = diary[row, KEY_LOW], diary[row, KEY_HIGH], diary[row, ANONYMOUS]
    word = clinician_word(scalar, keys[0], keys[1], leave[week, BLOCK], LEAVE_WEEK + keys[2])
    return leave[week, START] + ((word * leave[week, LENGTH]) >> 32) == week


@inlined
def is_sick(scalar, diary, row, day, threshold):  # type: ignore[no-untyped-def]
    """Whether a clinician is sick on a day."""
    purpose = SICKNESS + diary[row, ANONYMOUS]
    return clinician_word(scalar, diary[row, KEY_LOW], diary[row, KEY_HIGH], day, purpose) < threshold


@part
def template(diary, row, week):  # type: ignore[no-untyped-def]
    """Half-days 3(j + key) mod 10 of a clinician in a week, as ten bits; 0 is Monday morning."""
    offset = (diary[row, KEY_LOW] + (diary[row, KEY_HIGH] % 10) * 6) % 10  # 2**32 mod 10 = 6
    bits = 0
    for j in range(sessions_of_week(diary, row, week)):
        bits |= 1 << ((3 * (j + offset)) % 10)
    return bits


@part
def cover_half_days(scalar, leave, open_until, diary, diary_at, at_work, first, gps, row, week):  # type: ignore[no-untyped-def]
    """Half-days of a locum: the open ones with fewest partners and salaried GPs at work, the earlier first."""
    at_work[:] = 0
    for position in range(first, first + gps):
        if not on_leave(scalar, leave, diary, diary_at[position], week):
            half_days = template(diary, diary_at[position], week)
            for half in range(10):
                at_work[half] += (half_days >> half) & 1
    monday = FIRST_MONDAY + 7 * week
    for half in range(10):
        if open_until[monday + half // 2] == open_until[monday + half // 2 - 1]:
            at_work[half] = 1 << 30
    bits = 0
    for _ in range(sessions_of_week(diary, row, week)):
        fewest = np.argmin(at_work)
        if at_work[fewest] >= 1 << 30:
            break
        bits |= 1 << fewest
        at_work[fewest] = 1 << 30
    return bits


@part
def half_days_of(scalar, leave, open_until, diary, diary_at, at_work, first, gps, row, week):  # type: ignore[no-untyped-def]
    """Half-days that a clinician works in a week; those of the week last asked for are kept in the diary."""
    if diary[row, LAID_WEEK] != week:
        if diary[row, SESSIONS] == 0 or on_leave(scalar, leave, diary, row, week):
            half_days = 0
        elif diary[row, KIND_OF] == COVER:
            half_days = cover_half_days(scalar, leave, open_until, diary, diary_at, at_work, first, gps, row, week)
        else:
            half_days = template(diary, row, week)
        diary[row, LAID_WEEK], diary[row, LAID_HALF_DAYS] = week, half_days
    return diary[row, LAID_HALF_DAYS]


@inlined
def spread(session, half_days, weekday):  # type: ignore[no-untyped-def]
    """The bits of a session's pattern in the half-days worked on a weekday."""
    word = NOTHING
    if (half_days >> (2 * weekday)) & 1:
        word |= session
    if (half_days >> (2 * weekday + 1)) & 1:
        word |= session << U64(AFTERNOON)
    return word


@inlined
def slots_from(second):  # type: ignore[no-untyped-def]
    """Bits of the slots that start at this second or later."""
    # Both sessions start on a whole tick; the division by SLOT_SECONDS, rounded up, is exact below 125,000 seconds.
    tick = np.int64((U64(second + SLOT_SECONDS - 1) * U64(111_849)) >> U64(26))
    morning = min(max(tick - MORNING_STARTS // SLOT_SECONDS, 0), 31)
    afternoon = min(max(tick - AFTERNOON_STARTS // SLOT_SECONDS, 0), 31)
    return ((MORNING_BITS << U64(morning)) & MORNING_BITS) | (EVERY << U64(AFTERNOON + afternoon))


@inlined
def slot_second(slot):  # type: ignore[no-untyped-def]
    """Second of the day at which a slot starts."""
    if slot < AFTERNOON:
        return MORNING_STARTS + SLOT_SECONDS * slot
    return AFTERNOON_STARTS + SLOT_SECONDS * (slot - AFTERNOON)


@inlined
def slot_number(scalar, kind, slot):  # type: ignore[no-untyped-def]
    """Place of a slot in the day's list: the morning's, then the afternoon's."""
    return slot - (slot >> 5) * (AFTERNOON - scalar[U64(SESSION_SLOTS + kind)])  # bit 5: the afternoon


@inlined
def cell_at(cell, ahead, ring):  # type: ignore[no-untyped-def]
    """Place in the ring of the day `ahead` open days after the one at `cell`."""
    place = cell + ahead
    return place if place < ring else place - ring


@inlined
def note_free(diary, row, cell, free):  # type: ignore[no-untyped-def]
    """Keep in a diary's word of free days whether the day at `cell` has a free slot."""
    diary[row, FREE_DAYS] = (diary[row, FREE_DAYS] & ~np.int64(U64(1) << U64(cell))) | np.int64(
        U64(free != NOTHING) << U64(cell)
    )


@part
def lay_day(slots, diary, row, cell, desired, kept_session):  # type: ignore[no-untyped-def]
    """Set the free and kept slots of a day to those desired and say which booked ones must go.

    When slots are withdrawn the free go first, then the latest; so a patient keeps the slot as long as the day has as
    many slots as patients.

    Returns:
        bits of the booked slots to be withdrawn.
    """
    taken = slots[row, TAKEN, cell]
    room = population(desired) - population(taken)
    withdrawn = NOTHING
    while room < 0:
        last = U64(1) << U64(63 - leading_zeros(taken & ~withdrawn))
        withdrawn |= last
        room += 1
    if desired == NOTHING:
        withdrawn = taken
    fresh = desired & ~taken
    while population(fresh) > room:
        fresh &= ~(U64(1) << U64(63 - leading_zeros(fresh)))
    slots[row, KEPT, cell] = fresh & kept_session
    slots[row, FREE, cell] = fresh & ~kept_session
    note_free(diary, row, cell, fresh & ~kept_session)
    return withdrawn


@inlined
def session_bits(pattern, access, kind, which):  # type: ignore[no-untyped-def]
    """A session's pattern: FACE, KEPT_PATTERN or CALLS."""
    return pattern[access * CLINICIAN_KINDS + kind, which]
