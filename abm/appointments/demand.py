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
    GP_ONLY,
    KEY_0,
    KEY_1,
    PHARMACIST_FROM,
    PLANNED_FIRST,
    PLANNED_SPAN,
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
LAST_GENERATION = 15
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
    if operational_time < first_hour:
        return OPENING + np.int64(3600.0 * operational_time / first_hour)
    rest = 1.0 - (operational_time - first_hour) / (1.0 - first_hour)
    return FIRST_HOUR_ENDS + np.int64((CLOSING - FIRST_HOUR_ENDS) * (1.0 - np.sqrt(max(rest, 0.0))))


@njit(inline="always")
def kind_and_suitability(scalar, word, generation):  # type: ignore[no-untyped-def]
    """Kind and suitability of a request; those that follow a hub contact are routine and for a GP."""
    if generation > 0:
        return ROUTINE, FOR_GP
    draw = low(word)
    kind = URGENT if draw < scalar[URGENT_BELOW] else (ROUTINE if draw < scalar[ROUTINE_BELOW] else PLANNED)
    draw = high(word)
    if draw < scalar[GP_ONLY + kind]:
        return kind, FOR_GP
    return kind, (FOR_OTHER if draw < scalar[PHARMACIST_FROM + kind] else FOR_PHARMACIST)


@njit(inline="always")
def open_days_on(scalar, word, kind):  # type: ignore[no-untyped-def]
    """Open days from the request to the first day wanted."""
    if kind == URGENT:
        return np.int64(0)
    if kind == PLANNED:
        return scalar[PLANNED_FIRST] + ((high(word) * scalar[PLANNED_SPAN]) >> 16)
    draw = low(word)
    if draw < scalar[ROUTINE_DAY]:
        return np.int64(1)
    if draw < scalar[ROUTINE_DAY + 1]:
        return 2 + ((high(word) * 4) >> 16)
    if draw < scalar[ROUTINE_DAY + 2]:
        return 6 + ((high(word) * 5) >> 16)
    if draw < scalar[ROUTINE_DAY + 3]:
        return 11 + ((high(word) * 5) >> 16)
    return 16 + ((high(word) * 5) >> 16)


@njit(inline="always")
def draw_request(scalar, patience, site_key, day, index, generation):  # type: ignore[no-untyped-def]
    """Everything about a request that its first rings need.

    Returns:
        kind, suitability, day wanted (open days on), patience (open days), entry of the length table, word for the
        usual GP, prefers the usual GP, tolerated days, will cancel, 16-bit draw for when, for the no-show and for the
        redirect.
    """
    _, nature, wanted, tables = request_words(scalar, site_key, day, index, generation, 0)
    usual, preference, cancels, attendance = request_words(scalar, site_key, day, index, generation, 1)
    kind, suitability = kind_and_suitability(scalar, nature, generation)
    return (
        kind,
        suitability,
        open_days_on(scalar, wanted, kind),
        patience[np.int64(tables & U64(1023))],
        np.int64((tables >> U64(10)) & U64(1023)),
        np.int64(usual),
        low(preference) < scalar[PREFERS],
        scalar[TOLERATED + (high(preference) >> 14)],
        low(cancels) < scalar[CANCELS],
        high(cancels),
        low(attendance),
        high(attendance),
    )


@njit(inline="always")
def draw_sequel(scalar, site_key, day, index, generation):  # type: ignore[no-untyped-def]
    """16-bit draws for what may follow.

    Returns:
        call-back after the first attempt, after the second, come-back, hub return, call closes, age band.
    """
    backs, returns, rest, _ = request_words(scalar, site_key, day, index, generation, 2)
    return low(backs), high(backs), low(returns), high(returns), low(rest), high(rest)


# A ticket names a request and where it stands, in one 64-bit word: site (16 bits), day number (16), index (16),
# generation (4), attempt (2), came back as urgent (1), lost a slot (1), days from the named day to the request (8).


@njit(inline="always")
def make_ticket(site, day, index):  # type: ignore[no-untyped-def]
    """The ticket of a new request."""
    return U64(site) | (U64(day) << U64(16)) | (U64(index) << U64(32))


@njit(inline="always")
def ticket_site(ticket):  # type: ignore[no-untyped-def]
    """Row of the site from which the request comes."""
    return np.int64(ticket & U64(0xFFFF))


@njit(inline="always")
def ticket_day(ticket):  # type: ignore[no-untyped-def]
    """Day number that names the draws."""
    return np.int64((ticket >> U64(16)) & U64(0xFFFF))


@njit(inline="always")
def ticket_index(ticket):  # type: ignore[no-untyped-def]
    """Index that names the draws."""
    return np.int64((ticket >> U64(32)) & U64(0xFFFF))


@njit(inline="always")
def ticket_generation(ticket):  # type: ignore[no-untyped-def]
    """Hub contacts that led to this request."""
    return np.int64((ticket >> U64(48)) & U64(15))


@njit(inline="always")
def ticket_attempt(ticket):  # type: ignore[no-untyped-def]
    """Earlier attempts that were refused."""
    return np.int64((ticket >> U64(52)) & U64(3))


@njit(inline="always")
def ticket_urgent(ticket):  # type: ignore[no-untyped-def]
    """Whether a routine request has come back as urgent."""
    return (ticket >> U64(54)) & U64(1) != U64(0)


@njit(inline="always")
def ticket_rebooking(ticket):  # type: ignore[no-untyped-def]
    """Whether a slot of this request was withdrawn."""
    return (ticket >> U64(55)) & U64(1) != U64(0)


@njit(inline="always")
def ticket_made(ticket):  # type: ignore[no-untyped-def]
    """Day number on which the request was made."""
    return ticket_day(ticket) + np.int64(ticket >> U64(56))


@njit(inline="always")
def ticket_is_first_ring(ticket):  # type: ignore[no-untyped-def]
    """Whether the request has not rung before."""
    return (ticket >> U64(52)) & U64(15) == U64(0)


ONE_ATTEMPT = U64(1 << 52)
AS_URGENT = U64(1 << 54)
REBOOKING = U64(1 << 55)
ATTEMPT_BITS = U64(3 << 52)
IDENTITY_BITS = U64((1 << 48) - 1)
