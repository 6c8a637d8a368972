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

from abm.appointments.random_bits import U64, high, low
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
BATCH = 32  # requests drawn together; one column more holds a patient who rings again
# Rows of a batch of requests.
(GAP_WORD, KIND, SUITABILITY, WANTED, PATIENCE, LENGTH_ENTRY, USUAL_WORD, PREFERS_USUAL, TOLERATED_DAYS, WILL_CANCEL,
 CANCEL_DRAW, NO_SHOW_DRAW, REDIRECT_DRAW) = range(13)  # fmt: skip
ONE_ATTEMPT, ATTEMPT_BITS, AS_URGENT, REBOOKING = U64(1 << 42), U64(3 << 42), U64(1 << 44), U64(1 << 45)
LENGTH_AT, NO_SHOW_BIT, USUAL_AT, USUAL_BIT, TICKET_BITS = (
    U64(52),
    U64(1 << 62),
    U64(63),
    U64(1 << 63),
    U64((1 << 52) - 1),
)
MOST_REQUESTS = (1 << 14) - 1  # of a site in a day
LAST_GENERATION, LONGEST_DELAY = 7, 63  # a chain of requests that follow hub contacts ends here
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
def request_second(operational_time, first_hour):  # type: ignore[no-untyped-def]
    """Second of the day at which a share `operational_time` of the day's demand has been made.

    A constant rate from 08:00 to 09:00, then one that falls linearly to nought at 18:30. Only + - * / and the square
    root are used, which every machine rounds alike.
    """
    early = OPENING + np.int64(3600.0 * operational_time / first_hour)
    rest = 1.0 - (operational_time - first_hour) / (1.0 - first_hour)
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
def draw_requests(drawn, scalar, patience, site_key, day, index, generation, column, count):  # type: ignore[no-untyped-def]
    """Everything about `count` requests from `index` on that their rings need.

    Nothing in one request waits for another, so that a processor works on several at a time.

    Args:
        drawn: (attributes, columns); the rows are numbered GAP_WORD to REDIRECT_DRAW.
        column: where the first of them goes.
    """
    k0, k1, key, date = U64(scalar[KEY_0]), U64(scalar[KEY_1]), U64(site_key), U64(day)
    first_block = U64(BLOCKS * generation)
    for i in range(count):
        gap, nature, wanted, tables = philox_block(key, date, U64(index) + U64(i), first_block, k0, k1)
        drawn[GAP_WORD, column + i] = np.int64(gap)
        drawn[KIND, column + i] = np.int64(nature)
        drawn[WANTED, column + i] = np.int64(wanted)
        drawn[PATIENCE, column + i] = np.int64(tables)
    for i in range(count):
        usual, preference, cancels, attendance = philox_block(
            key, date, U64(index) + U64(i), first_block + U64(1), k0, k1
        )
        drawn[USUAL_WORD, column + i] = np.int64(usual)
        drawn[PREFERS_USUAL, column + i] = np.int64(low(preference) < scalar[PREFERS])
        drawn[TOLERATED_DAYS, column + i] = scalar[TOLERATED + (high(preference) >> 14)]
        drawn[WILL_CANCEL, column + i] = np.int64(low(cancels) < scalar[CANCELS])
        drawn[CANCEL_DRAW, column + i] = high(cancels)
        drawn[NO_SHOW_DRAW, column + i] = low(attendance)
        drawn[REDIRECT_DRAW, column + i] = high(attendance)
    for i in range(column, column + count):
        kind, suitability = kind_and_suitability(scalar, U64(drawn[KIND, i]), generation)
        drawn[KIND, i], drawn[SUITABILITY, i] = kind, suitability
        drawn[WANTED, i] = open_days_on(scalar, U64(drawn[WANTED, i]), kind)
        tables_word = drawn[PATIENCE, i]
        drawn[PATIENCE, i], drawn[LENGTH_ENTRY, i] = patience[tables_word & 1023], (tables_word >> 10) & 1023


@njit(inline="always")
def draw_sequel(scalar, site_key, day, index, generation):  # type: ignore[no-untyped-def]
    """16-bit draws for what may follow.

    Returns:
        call-back after the first attempt, after the second, come-back, hub return, call closes, age band.
    """
    backs, returns, rest, _ = request_words(scalar, site_key, day, index, generation, 2)
    return low(backs), high(backs), low(returns), high(returns), low(rest), high(rest)


# A ticket names a request and where it stands, in one 64-bit word: site (16 bits), last nine bits of the day number
# that names it, index (14), generation (3), attempt (2), came back as urgent (1), lost a slot (1), days from the
# naming day to the request (6); in a diary also the note: entry of the length table (10), no-show (1), with the usual
# GP (1).


@njit(inline="always")
def make_ticket(site, day, index):  # type: ignore[no-untyped-def]
    """The ticket of a new request."""
    return U64(site) | ((U64(day) & U64(511)) << U64(16)) | (U64(index) << U64(25))


@njit(inline="always")
def ticket_site(ticket):  # type: ignore[no-untyped-def]
    """Row of the site from which the request comes."""
    return np.int64(ticket & U64(0xFFFF))


@njit(inline="always")
def ticket_day(ticket, today):  # type: ignore[no-untyped-def]
    """Day number that names the draws, less than 512 days before the day number `today`."""
    return today - ((today - np.int64((ticket >> U64(16)) & U64(511))) & 511)


@njit(inline="always")
def ticket_index(ticket):  # type: ignore[no-untyped-def]
    """Index that names the draws."""
    return np.int64((ticket >> U64(25)) & U64(0x3FFF))


@njit(inline="always")
def ticket_generation(ticket):  # type: ignore[no-untyped-def]
    """Hub contacts that led to this request."""
    return np.int64((ticket >> U64(39)) & U64(7))


@njit(inline="always")
def ticket_attempt(ticket):  # type: ignore[no-untyped-def]
    """Earlier attempts that were refused."""
    return np.int64((ticket >> U64(42)) & U64(3))


@njit(inline="always")
def ticket_urgent(ticket):  # type: ignore[no-untyped-def]
    """Whether a routine request has come back as urgent."""
    return ticket & AS_URGENT != U64(0)


@njit(inline="always")
def ticket_rebooking(ticket):  # type: ignore[no-untyped-def]
    """Whether a slot of this request was withdrawn."""
    return ticket & REBOOKING != U64(0)


@njit(inline="always")
def ticket_made(ticket, today):  # type: ignore[no-untyped-def]
    """Day number on which the request was made."""
    return ticket_day(ticket, today) + np.int64((ticket >> U64(46)) & U64(LONGEST_DELAY))


@njit(inline="always")
def ticket_is_first_ring(ticket):  # type: ignore[no-untyped-def]
    """Whether the request has not rung before."""
    return (ticket >> U64(42)) & U64(15) == U64(0)


@njit(inline="always")
def follow_ticket(ticket, delay):  # type: ignore[no-untyped-def]
    """The ticket of the request that follows a hub contact, `delay` days after the day that names it."""
    identity = ticket & U64((1 << 39) - 1)
    return identity | (U64(ticket_generation(ticket) + 1) << U64(39)) | (U64(delay) << U64(46))


@njit(inline="always")
def note_length(entry):  # type: ignore[no-untyped-def]
    """The table entry whose length a booked ticket carries."""
    return np.int64((entry >> U64(52)) & U64(1023))
