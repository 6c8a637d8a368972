"""Requests: when they are made and what they are like, each drawn by name.

The counter of a draw is (site key, day number, request index, 3 * generation + block). Generation 0 are the requests
that patients make of themselves; generation g + 1 is the request that follows a hub contact of generation g. Three
blocks of four words hold everything about a request, so what is drawn for it never depends on what happens to it, and
every policy meets the same patients. More demand shortens the gaps between them but leaves the i-th patient as is.

Block 0: gap; kind, suitability; day wanted (two halves); patience and length (ten bits each).
Block 1: usual GP; preference, tolerated days; cancels, when; no-show, redirect.
Block 2: call-back after the first and second attempt; come-back, hub return; call closes, age band.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from abm.appointments.random_bits import (
    U64,
    high,
    low,
)
from abm.appointments.rules import (
    CANCELS,
    DAY_BAND,
    GP_ONLY,
    KEY_0,
    KEY_1,
    PHARMACIST_FROM,
    PREFERS,
    ROUTINE_BELOW,
    ROUTINE_DAY,
    TOLERATED,
    URGENT_BELOW,
)
from abm.philox import philox_block

URGENT, ROUTINE, PLANNED = 0, 1, 2
FOR_GP, FOR_OTHER, FOR_PHARMACIST = 0, 1, 2
BLOCKS = 3
BATCH = 32  # requests drawn together; one row more holds a patient who rings again
# What is drawn for a request: columns of a batch.
(GAP_WORD, KIND, SUITABILITY, WANTED, PATIENCE, LENGTH_ENTRY, USUAL_WORD, PREFERS_USUAL, TOLERATED_DAYS, WILL_CANCEL,
 CANCEL_DRAW, NO_SHOW_DRAW, REDIRECT_DRAW) = range(13)  # fmt: skip
OPENING, FIRST_HOUR_ENDS, CLOSING = 28_800, 32_400, 66_600  # 08:00, 09:00 and 18:30 in seconds
SICKNESS, LEAVE_WEEK = 64, 66  # purposes of the clinicians' draws; one more for staff without agents


@njit(inline="always")
def request_words(scalar, site_key, day, index, generation, block):  # type: ignore[no-untyped-def]
    """The four 32-bit words of one block of a request."""
    return philox_block(
        U64(site_key), U64(day), U64(index), U64(BLOCKS * generation + block), U64(scalar[KEY_0]), U64(scalar[KEY_1])
    )


@njit(inline="always")
def clinician_word(scalar, key_low, key_high, when, purpose):  # type: ignore[no-untyped-def]
    """A 32-bit word for a clinician's absence on a day or in a block of weeks."""
    word, _, _, _ = philox_block(
        U64(key_low), U64(key_high), U64(when), U64(purpose), U64(scalar[KEY_0]), U64(scalar[KEY_1])
    )
    return np.int64(word)


@njit(inline="always")
def request_second(operational_time, first_hour, early_rate, late_rate):  # type: ignore[no-untyped-def]
    """Second of the day at which a share `operational_time` of the day's demand has been made.

    A constant rate from 08:00 to 09:00, then one that falls linearly to nought at 18:30. `early_rate` is 3600 seconds
    over the share `first_hour`, `late_rate` one over the rest. Only + - * and the square root are used, which every
    machine rounds alike.
    """
    early = OPENING + np.int64(operational_time * early_rate)
    rest = 1.0 - (operational_time - first_hour) * late_rate
    late = FIRST_HOUR_ENDS + np.int64((CLOSING - FIRST_HOUR_ENDS) * (1.0 - np.sqrt(min(max(rest, 0.0), 1.0))))
    return early if operational_time < first_hour else late


@njit(inline="always")
def kind_and_suitability(scalar, word, generation):  # type: ignore[no-untyped-def]
    """Kind and suitability of a request; those that follow a hub contact are routine and for a GP."""
    draw = low(word)
    kind = np.int64(draw >= scalar[URGENT_BELOW]) + np.int64(draw >= scalar[ROUTINE_BELOW])
    draw = high(word)
    suitability = np.int64(draw >= scalar[GP_ONLY + kind]) + np.int64(draw >= scalar[PHARMACIST_FROM + kind])
    own = np.int64(generation == 0)  # written without branches, which a processor could only guess
    return kind * own + ROUTINE * (1 - own), suitability * own + FOR_GP * (1 - own)


@njit(inline="always")
def open_days_on(scalar, word, kind):  # type: ignore[no-untyped-def]
    """Open days from the request to the first day wanted."""
    draw = low(word)
    band = np.int64(0)
    for upper in range(ROUTINE_DAY, ROUTINE_DAY + 4):
        band += np.int64(draw >= scalar[upper])
    of_band = DAY_BAND + 2 * (band if kind == ROUTINE else (5 if kind == PLANNED else 6))
    return scalar[of_band] + ((high(word) * scalar[of_band + 1]) >> 16)


@njit
def draw_requests(drawn, raw, scalar, patience, site_key, day, index, generation, column, count):  # type: ignore[no-untyped-def]
    """Everything about `count` requests from `index` on that their rings need.

    Nothing in one draw waits for another, so that a processor works on several at a time.

    Args:
        drawn: (requests, attributes), a row for each, with the attributes GAP_WORD to REDIRECT_DRAW.
        raw: (8, BATCH), room for the generator's words.
        column: row of the first of them.
    """
    k0, k1, key, date = U64(scalar[KEY_0]), U64(scalar[KEY_1]), U64(site_key), U64(day)
    first_block = U64(BLOCKS * generation)
    for i in range(count):
        gap, nature, wanted, tables = philox_block(key, date, U64(index) + U64(i), first_block, k0, k1)
        raw[0, i], raw[1, i], raw[2, i], raw[3, i] = gap, nature, wanted, tables
    for i in range(count):
        words = philox_block(key, date, U64(index) + U64(i), first_block + U64(1), k0, k1)
        raw[4, i], raw[5, i], raw[6, i], raw[7, i] = words
    for i in range(count):
        gap, nature, wanted, tables = raw[0, i], raw[1, i], raw[2, i], raw[3, i]
        usual, preference, cancels, attendance = raw[4, i], raw[5, i], raw[6, i], raw[7, i]
        kind, suitability = kind_and_suitability(scalar, nature, generation)
        request = drawn[column + i]
        request[GAP_WORD] = np.int64(gap)
        request[KIND], request[SUITABILITY] = kind, suitability
        request[WANTED] = open_days_on(scalar, wanted, kind)
        request[PATIENCE] = patience[np.int64(tables & U64(1023))]
        request[LENGTH_ENTRY] = np.int64((tables >> U64(10)) & U64(1023))
        request[USUAL_WORD] = np.int64(usual)
        request[PREFERS_USUAL] = np.int64(low(preference) < scalar[PREFERS])
        request[TOLERATED_DAYS] = scalar[TOLERATED + (high(preference) >> 14)]
        request[WILL_CANCEL] = np.int64(low(cancels) < scalar[CANCELS])
        request[CANCEL_DRAW], request[NO_SHOW_DRAW] = high(cancels), low(attendance)
        request[REDIRECT_DRAW] = high(attendance)


@njit(inline="always")
def draw_sequel(scalar, site_key, day, index, generation):  # type: ignore[no-untyped-def]
    """16-bit draws for what may follow.

    Returns:
        call-back after the first attempt, after the second, come-back, hub return, call closes, age band.
    """
    backs, returns, rest, _ = request_words(scalar, site_key, day, index, generation, 2)
    return low(backs), high(backs), low(returns), high(returns), low(rest), high(rest)
