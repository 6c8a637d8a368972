"""Diaries as bit masks: sessions, absence, what is free, kept and booked, and the search for a slot.

A word stands for the 63 slots of a clinician's day: bits 0 to 30 the session from 08:30, bits 32 to 62 that from 14:30.
A diary holds its open days in a ring; the word `open_days` has a bit for every open day with a free slot that is not
kept for the day, so the first possible day is a rotation and a count of trailing zeros. Days are counted as open days
(days on which practices open), so weekends take no room.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from abm.appointments.columns import (
    ANONYMOUS,
    CARRIED,
    KEY_HIGH,
    KEY_LOW,
    KIND_OF,
    SESSIONS,
    WEEK,
)
from abm.appointments.demand import (
    LEAVE_WEEK,
    SICKNESS,
    clinician_word,
)
from abm.appointments.memory import FIRST, OFFSET, SECOND, WORDS
from abm.appointments.random_bits import (
    U64,
    leading_zeros,
    population,
    trailing_zeros,
)
from abm.appointments.rules import (
    BLOCK,
    LENGTH,
    SESSION_SLOTS,
    SESSION_UNIT,
    START,
)

NOTHING = U64(0)
EVERY = U64(0xFFFFFFFFFFFFFFFF)
MORNING_BITS = U64(0xFFFFFFFF)
AFTERNOON = 32
MORNING_STARTS, AFTERNOON_STARTS = 30_600, 52_200  # 08:30 and 14:30
SLOT_SECONDS = 600
NOTICE = 900  # an urgent slot is at least this many seconds ahead
CLINICIAN_KINDS = 5
GP, COVER, REGISTRAR, NURSE, OTHER = range(CLINICIAN_KINDS)
FIRST_MONDAY = 2  # day number of Monday 3 January 2000


class State(NamedTuple):
    """The sections of the state, opened; shapes in `layout.state_sections`."""

    free: Any
    kept: Any
    booked: Any
    open_days: Any
    call_free: Any
    call_seconds: Any
    ticket: Any
    diary: Any
    diary_at: Any
    usual_below: Any
    leaver: Any
    practice: Any
    head: Any
    tail: Any
    counts: Any
    rate: Any
    node_ticket: Any
    node_next: Any
    node_data: Any
    ledger: Any
    record: Any
    at_work: Any
    drawn: Any
    desk: Any
    raw: Any


class Rules(NamedTuple):
    """The sections of the rules, opened; see `rules.compile_rules`."""

    scalar: Any
    open_day: Any
    open_until: Any
    patience: Any
    length: Any
    no_show: Any
    pattern: Any
    minus_log: Any
    arrival: Any
    leave: Any


@njit(inline="always")
def words_of(words, table, section):  # type: ignore[no-untyped-def]
    """The words of a section."""
    return words[table[section, OFFSET] : table[section, OFFSET] + table[section, WORDS]]


@njit(inline="always")
def masks_of(words, table, section):  # type: ignore[no-untyped-def]
    """A section of unsigned words with two axes."""
    return words_of(words, table, section).reshape((table[section, FIRST], table[section, SECOND]))


@njit(inline="always")
def numbers_of(words, table, section):  # type: ignore[no-untyped-def]
    """A section of integers with two axes."""
    return words_of(words, table, section).view(np.int64).reshape((table[section, FIRST], table[section, SECOND]))


@njit(inline="always")
def list_of(words, table, section):  # type: ignore[no-untyped-def]
    """A section of integers with one axis."""
    return words_of(words, table, section).view(np.int64)


@njit(inline="always")
def open_state(words, table):  # type: ignore[no-untyped-def]
    """Open every section of the state."""
    slots = masks_of(words, table, 0)
    return State(
        slots[:, 0::4],
        slots[:, 1::4],
        slots[:, 2::4],
        words_of(words, table, 1),
        masks_of(words, table, 2),
        numbers_of(words, table, 3),
        masks_of(words, table, 4),
        numbers_of(words, table, 5),
        list_of(words, table, 6),
        list_of(words, table, 7),
        list_of(words, table, 8),
        numbers_of(words, table, 9),
        numbers_of(words, table, 10),
        numbers_of(words, table, 11),
        numbers_of(words, table, 12),
        words_of(words, table, 13).view(np.float64).reshape((table[13, FIRST], table[13, SECOND])),
        words_of(words, table, 14),
        list_of(words, table, 15),
        list_of(words, table, 16),
        list_of(words, table, 17),
        numbers_of(words, table, 18),
        list_of(words, table, 19),
        numbers_of(words, table, 20),
        masks_of(words, table, 21),
        masks_of(words, table, 22),
    )


@njit(inline="always")
def open_rules(words, table):  # type: ignore[no-untyped-def]
    """Open every section of the rules."""
    return Rules(
        list_of(words, table, 0),
        list_of(words, table, 1),
        list_of(words, table, 2),
        list_of(words, table, 3),
        numbers_of(words, table, 4),
        numbers_of(words, table, 5),
        masks_of(words, table, 6),
        list_of(words, table, 7),
        words_of(words, table, 8).view(np.float64),
        numbers_of(words, table, 9),
    )


@njit
def sessions_of_week(diary, row, week):  # type: ignore[no-untyped-def]
    """Sessions of a clinician in a week: the whole part, and one more when the carried fraction reaches one."""
    before = diary[row, CARRIED] + diary[row, SESSIONS] * (week - diary[row, WEEK])
    return min((before + diary[row, SESSIONS]) // SESSION_UNIT - before // SESSION_UNIT, 10)


@njit
def on_leave(scalar, leave, diary, row, week):  # type: ignore[no-untyped-def]
    """Whether a clinician is on leave in a week: one week, drawn by key, in each block of weeks."""
    if leave[week, LENGTH] == 0:
        return False
    keys = diary[row, KEY_LOW], diary[row, KEY_HIGH], diary[row, ANONYMOUS]
    word = clinician_word(scalar, keys[0], keys[1], leave[week, BLOCK], LEAVE_WEEK + keys[2])
    return leave[week, START] + ((word * leave[week, LENGTH]) >> 32) == week


@njit
def is_sick(scalar, diary, row, day, threshold):  # type: ignore[no-untyped-def]
    """Whether a clinician is sick on a day."""
    purpose = SICKNESS + diary[row, ANONYMOUS]
    return clinician_word(scalar, diary[row, KEY_LOW], diary[row, KEY_HIGH], day, purpose) < threshold


@njit
def template(diary, row, week):  # type: ignore[no-untyped-def]
    """Half-days 3(j + key) mod 10 of a clinician in a week, as ten bits; 0 is Monday morning."""
    offset = (diary[row, KEY_LOW] + (diary[row, KEY_HIGH] % 10) * 6) % 10  # 2**32 mod 10 = 6
    bits = 0
    for j in range(sessions_of_week(diary, row, week)):
        bits |= 1 << ((3 * (j + offset)) % 10)
    return bits


@njit
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


@njit
def half_days_of(scalar, leave, open_until, diary, diary_at, at_work, first, gps, row, week):  # type: ignore[no-untyped-def]
    """Half-days that a clinician works in a week."""
    if diary[row, SESSIONS] == 0 or on_leave(scalar, leave, diary, row, week):
        return 0
    if diary[row, KIND_OF] == COVER:
        return cover_half_days(scalar, leave, open_until, diary, diary_at, at_work, first, gps, row, week)
    return template(diary, row, week)


@njit(inline="always")
def spread(session, half_days, weekday):  # type: ignore[no-untyped-def]
    """The bits of a session's pattern in the half-days worked on a weekday."""
    word = NOTHING
    if (half_days >> (2 * weekday)) & 1:
        word |= session
    if (half_days >> (2 * weekday + 1)) & 1:
        word |= session << U64(AFTERNOON)
    return word


@njit(inline="always")
def slots_from(second):  # type: ignore[no-untyped-def]
    """Bits of the slots that start at this second or later."""
    morning = min(max((second - MORNING_STARTS + SLOT_SECONDS - 1) // SLOT_SECONDS, 0), 31)
    afternoon = min(max((second - AFTERNOON_STARTS + SLOT_SECONDS - 1) // SLOT_SECONDS, 0), 31)
    return ((MORNING_BITS << U64(morning)) & MORNING_BITS) | (EVERY << U64(AFTERNOON + afternoon))


@njit(inline="always")
def slot_second(slot):  # type: ignore[no-untyped-def]
    """Second of the day at which a slot starts."""
    if slot < AFTERNOON:
        return MORNING_STARTS + SLOT_SECONDS * slot
    return AFTERNOON_STARTS + SLOT_SECONDS * (slot - AFTERNOON)


@njit(inline="always")
def slot_number(scalar, kind, slot):  # type: ignore[no-untyped-def]
    """Place of a slot in the day's list: the morning's, then the afternoon's."""
    return slot if slot < AFTERNOON else slot - AFTERNOON + scalar[SESSION_SLOTS + kind]


@njit(inline="always")
def cell_at(cell, ahead, ring):  # type: ignore[no-untyped-def]
    """Place in the ring of the day `ahead` open days after the one at `cell`."""
    place = cell + ahead
    return place if place < ring else place - ring


@njit(inline="always")
def rotated(days, today):  # type: ignore[no-untyped-def]
    """A ring word turned so that bit k stands for k open days from today."""
    by = U64(today & 63)
    return (days >> by) | (days << (U64(64 - (today & 63)) & U64(63)))


@njit
def lay_day(state_free, state_kept, booked, open_days, pattern, row, cell, day, desired, kept_session):  # type: ignore[no-untyped-def]
    """Set the free and kept slots of a day to those desired and say which booked ones must go.

    When slots are withdrawn the free go first, then the latest; so a patient keeps the slot as long as the day has as
    many slots as patients.

    Returns:
        bits of the booked slots to be withdrawn.
    """
    taken = booked[row, cell]
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
    state_kept[row, cell] = fresh & kept_session
    state_free[row, cell] = fresh & ~kept_session
    bit = U64(1) << U64(day & 63)
    if state_free[row, cell] != NOTHING:
        open_days[row] |= bit
    else:
        open_days[row] &= ~bit
    return withdrawn


@njit(inline="always")
def in_turn(masks, begin, count, start, at):  # type: ignore[no-untyped-def]
    """The first place from `start` on, around the pool, whose mask has the bit at `at`; somebody's must."""
    if count > 64:
        place = begin + start
        while (masks[place] >> U64(at)) & U64(1) == NOTHING:
            place += 1
            if place == begin + count:
                place = begin
        return place
    who = NOTHING  # gathered without a branch, which a processor could only guess
    for other in range(count):
        who |= ((masks[begin + other] >> U64(at)) & U64(1)) << U64(other)
    later = who & (EVERY << U64(start))
    return begin + trailing_zeros(later if later != NOTHING else who)


@njit(inline="always")
def earliest_today(kept, free, begin, count, start, wish, coming):  # type: ignore[no-untyped-def]
    """The slot of an urgent request: kept before free; the usual GP's (at `start`) if wished, else the earliest.

    Returns:
        place (-1: none), slot, and 0 for a kept slot or 1 for a free one.
    """
    any_kept, any_free = NOTHING, NOTHING
    for other in range(begin, begin + count):
        any_kept |= kept[other]
        any_free |= free[other]
    any_kept &= coming
    pool = np.int64(any_kept == NOTHING)
    anybody = any_free & coming if pool else any_kept
    place, slot = np.int64(-1), np.int64(64)
    if anybody != NOTHING:
        masks = free if pool else kept
        own = masks[begin + start] & coming if wish else NOTHING
        slot = trailing_zeros(own if own != NOTHING else anybody)
        place = in_turn(masks, begin, count, start, slot)  # the usual GP comes first in turn
    return place, slot, pool


@njit(inline="always")
def first_day(days, begin, count, start, wished):  # type: ignore[no-untyped-def]
    """Who is free first among the days wished, in order from `start`, and how many days ahead; place -1 when nobody."""
    anybody = NOTHING
    for other in range(begin, begin + count):
        anybody |= days[other]
    ahead = trailing_zeros(anybody & wished)
    place = np.int64(-1)
    if ahead < 64:
        place = in_turn(days, begin, count, start, ahead)
    return place, ahead


# Patterns are looked up by access model and clinician.
@njit(inline="always")
def session_bits(pattern, access, kind, which):  # type: ignore[no-untyped-def]
    """A session's pattern: FACE, KEPT or CALLS."""
    return pattern[access * CLINICIAN_KINDS + kind, which]
