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
    exponential_gap,
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
from abm.compiled import inlined, part
from abm.philox import LOW32, philox_block

URGENT, ROUTINE, PLANNED = 0, 1, 2
FOR_GP, FOR_OTHER, FOR_PHARMACIST = 0, 1, 2
BLOCKS = 3
PLANNED_BAND, URGENT_BAND = 5, 6  # of the first days wanted, after the five of routine requests
BATCH = 32  # requests drawn and answered together
# What is drawn for a request: rows of a batch.
(GAP_WORD, KIND, SUITABILITY, WANTED, PATIENCE, LENGTH_ENTRY, USUAL_WORD, PREFERS_USUAL, TOLERATED_DAYS, WILL_CANCEL,
 CANCEL_DRAW, NO_SHOW_DRAW, REDIRECT_DRAW, USUAL, SECOND, TICKET_OF, MADE, UNTIL, ASKED,
 URGENT_ONES, NOT_URGENT) = range(21)  # fmt: skip
SITE_NAME, DAY_NAME, INDEX_NAME, BLOCK_NAME = range(8, 12)  # of a request, in the rows of `raw` after its words
ATTRIBUTES, WORDS = 21, 12  # rows of `drawn` and of `raw`
OPENING, FIRST_HOUR_ENDS, CLOSING = 28_800, 32_400, 66_600  # 08:00, 09:00 and 18:30 in seconds
SICKNESS, LEAVE_WEEK = 64, 66  # purposes of the clinicians' draws; one more for staff without agents


@inlined
def request_words(scalar, site_key, day, index, generation, block):  # type: ignore[no-untyped-def]
    """The four 32-bit words of one block of a request."""
    return philox_block(
        U64(site_key), U64(day), U64(index), U64(BLOCKS * generation + block), U64(scalar[KEY_0]), U64(scalar[KEY_1])
    )


@njit(forceinline=True)
def clinician_word(scalar, key_low, key_high, when, purpose):  # type: ignore[no-untyped-def]
    """A 32-bit word for a clinician's absence on a day or in a block of weeks."""
    word, _, _, _ = philox_block(
        U64(key_low), U64(key_high), U64(when), U64(purpose), U64(scalar[KEY_0]), U64(scalar[KEY_1])
    )
    return np.int64(word)


@njit(forceinline=True)
def request_second(operational_time, first_hour, early_rate, late_rate):  # type: ignore[no-untyped-def]
    """Second of the day at which a share `operational_time` of the day's demand has been made.

    A constant rate from 08:00 to 09:00, then one that falls linearly to nought at 18:30. `early_rate` is 3600 seconds
    over the share `first_hour`, `late_rate` one over the rest. Only + - * and the square root are used, which every
    machine rounds alike.
    """
    early = OPENING + np.int64(np.int32(operational_time * early_rate))
    rest = 1.0 - (operational_time - first_hour) * late_rate
    late = FIRST_HOUR_ENDS + np.int64(np.int32((CLOSING - FIRST_HOUR_ENDS) * (1.0 - np.sqrt(min(max(rest, 0.0), 1.0)))))
    return early if operational_time < first_hour else late


@inlined
def nature_thresholds(scalar):  # type: ignore[no-untyped-def]
    """What the 16-bit draws of kind and suitability are held against."""
    return (
        scalar[URGENT_BELOW], scalar[ROUTINE_BELOW], scalar[GP_ONLY], scalar[GP_ONLY + 1], scalar[GP_ONLY + 2],
        scalar[PHARMACIST_FROM], scalar[PHARMACIST_FROM + 1], scalar[PHARMACIST_FROM + 2],
    )  # fmt: skip


@inlined
def kind_and_suitability(thresholds, word, follows):  # type: ignore[no-untyped-def]
    """Kind and suitability of a request; those that follow a hub contact (`follows` is not 0) are routine and for a GP.

    Written without branches, which a processor could only guess.
    """
    urgent, routine, gp_urgent, gp_routine, gp_planned, ph_urgent, ph_routine, ph_planned = thresholds
    draw = low(word)
    kind = np.int64(draw >= urgent) + np.int64(draw >= routine)
    gp_only = gp_urgent if kind == URGENT else (gp_routine if kind == ROUTINE else gp_planned)
    pharmacist_from = ph_urgent if kind == URGENT else (ph_routine if kind == ROUTINE else ph_planned)
    draw = high(word)
    suitability = np.int64(draw >= gp_only) + np.int64(draw >= pharmacist_from)
    return (kind, suitability) if follows == 0 else (np.int64(ROUTINE), np.int64(FOR_GP))


@njit
def draw_requests(drawn, raw, scalar, patience, site_key, day, index, generation, column, count):  # type: ignore[no-untyped-def]
    """Everything about `count` requests from `index` on that their rings need.

    One attribute after the other and without branches, so that a processor works on several requests at a time.

    Args:
        drawn: (attributes, requests); GAP_WORD to REDIRECT_DRAW are filled in.
        raw: (WORDS, BATCH), room for the generator's words and counters.
        column: that of the first of them.
    """
    k0, k1 = U64(scalar[KEY_0]) & LOW32, U64(scalar[KEY_1]) & LOW32  # masked, the products are plain 32-bit ones
    key, date, first = U64(site_key) & LOW32, U64(day) & LOW32, U64(index)
    block = U64(BLOCKS * generation) & LOW32
    for i in range(count):
        words = philox_block(key, date, (first + U64(i)) & LOW32, block, k0, k1)
        raw[0, i], raw[1, i], raw[2, i], raw[3, i] = words
        raw[BLOCK_NAME, i] = block
    for i in range(count):
        words = philox_block(key, date, (first + U64(i)) & LOW32, (block + U64(1)) & LOW32, k0, k1)
        raw[4, i], raw[5, i], raw[6, i], raw[7, i] = words
    draw_nature(drawn, raw, scalar, column, count)
    draw_choices(drawn, raw, scalar, patience, column, count)


@inlined
def name_request(raw, site_key, day, index, generation, column):  # type: ignore[no-untyped-def]
    """Name the request in a column of a batch."""
    raw[SITE_NAME, column], raw[DAY_NAME, column] = U64(site_key) & LOW32, U64(day) & LOW32
    raw[INDEX_NAME, column], raw[BLOCK_NAME, column] = U64(index) & LOW32, U64(BLOCKS * generation) & LOW32


@part
def draw_named(drawn, raw, scalar, patience, count):  # type: ignore[no-untyped-def]
    """The same about the first `count` requests of a batch, each named by itself.

    Written apart, because what is the same for a whole batch costs nothing there, and most requests come in such.
    """
    k0, k1 = U64(scalar[KEY_0]) & LOW32, U64(scalar[KEY_1]) & LOW32
    keys, dates, indices, blocks = raw[SITE_NAME], raw[DAY_NAME], raw[INDEX_NAME], raw[BLOCK_NAME]
    for i in range(count):
        words = philox_block(keys[i] & LOW32, dates[i] & LOW32, indices[i] & LOW32, blocks[i] & LOW32, k0, k1)
        raw[0, i], raw[1, i], raw[2, i], raw[3, i] = words
    for i in range(count):
        second = (blocks[i] + U64(1)) & LOW32
        words = philox_block(keys[i] & LOW32, dates[i] & LOW32, indices[i] & LOW32, second, k0, k1)
        raw[4, i], raw[5, i], raw[6, i], raw[7, i] = words
    draw_nature(drawn, raw, scalar, 0, count)
    draw_choices(drawn, raw, scalar, patience, 0, count)


@inlined
def draw_nature(drawn, raw, scalar, column, count):  # type: ignore[no-untyped-def]
    """Kind, suitability and the open days from the request to the first day wanted."""
    thresholds = nature_thresholds(scalar)
    kinds, suitabilities, wanted = drawn[KIND, column:], drawn[SUITABILITY, column:], drawn[WANTED, column:]
    for i in range(count):
        kinds[i], suitabilities[i] = kind_and_suitability(thresholds, raw[1, i], raw[BLOCK_NAME, i])
    upper = scalar[ROUTINE_DAY], scalar[ROUTINE_DAY + 1], scalar[ROUTINE_DAY + 2], scalar[ROUTINE_DAY + 3]
    for i in range(count):
        draw, kind = low(raw[2, i]), kinds[i]
        band = np.int64(draw >= upper[0]) + np.int64(draw >= upper[1])
        band += np.int64(draw >= upper[2]) + np.int64(draw >= upper[3])
        of_kind = PLANNED_BAND if kind == PLANNED else URGENT_BAND
        of_band = DAY_BAND + 2 * (band if kind == ROUTINE else of_kind)
        wanted[i] = scalar[of_band] + np.int64(((raw[2, i] >> U64(16)) * U64(scalar[of_band + 1])) >> U64(16))


@inlined
def draw_choices(drawn, raw, scalar, patience, column, count):  # type: ignore[no-untyped-def]
    """Everything but a request's nature."""
    gaps, usual = drawn[GAP_WORD, column:], drawn[USUAL_WORD, column:]
    for i in range(count):
        gaps[i], usual[i] = np.int64(raw[0, i]), np.int64(raw[4, i])
    patient, lengths = drawn[PATIENCE, column:], drawn[LENGTH_ENTRY, column:]
    for i in range(count):
        patient[i] = patience[raw[3, i] & U64(1023)]
        lengths[i] = np.int64((raw[3, i] >> U64(10)) & U64(1023))
    prefers, tolerated = drawn[PREFERS_USUAL, column:], drawn[TOLERATED_DAYS, column:]
    below = scalar[PREFERS]
    days = scalar[TOLERATED], scalar[TOLERATED + 1], scalar[TOLERATED + 2], scalar[TOLERATED + 3]
    for i in range(count):
        choice = high(raw[5, i]) >> 14
        few, many = days[0] if choice == 0 else days[1], days[2] if choice == 2 else days[3]
        prefers[i], tolerated[i] = -np.int64(low(raw[5, i]) < below), few if choice < 2 else many  # all bits, or none
    cancels, when = drawn[WILL_CANCEL, column:], drawn[CANCEL_DRAW, column:]
    below = scalar[CANCELS]
    for i in range(count):
        cancels[i], when[i] = np.int64(low(raw[6, i]) < below), high(raw[6, i])
    misses, redirects = drawn[NO_SHOW_DRAW, column:], drawn[REDIRECT_DRAW, column:]
    for i in range(count):
        misses[i], redirects[i] = low(raw[7, i]), high(raw[7, i])


@inlined
def usual_gps(drawn, usual_below, first, gps, count):  # type: ignore[no-untyped-def]
    """Which of the partners and salaried GPs is each patient's usual one: fills in USUAL."""
    words, usual = drawn[USUAL_WORD], drawn[USUAL]
    usual[:] = 0
    for position in range(first, first + gps - 1):
        below = usual_below[position]
        for i in range(count):
            usual[i] += np.int64(words[i] >= below)


@part
def arrivals(drawn, usual_below, arrival, minus_log, first, gps, unit, operational):  # type: ignore[no-untyped-def]
    """When the requests of a batch are made and who their usual GPs are: fills in SECOND and USUAL.

    Args:
        drawn: the batch, as `draw_requests` left it; its GAP_WORD becomes the operational time.
        usual_below: thresholds of the usual GP; those of the practice begin at `first`.
        arrival: the rules' table.
        unit: the day's length in operational time.
        operational: operational time of the last request before.

    Returns:
        how many are made before the day ends, and the operational time reached.
    """
    times, seconds = drawn[GAP_WORD], drawn[SECOND]
    for i in range(BATCH):
        operational += exponential_gap(U64(times[i]), minus_log)
        times[i] = operational
    share_of_unit, first_hour, early_rate, late_rate = 1.0 / unit, arrival[5], arrival[6], arrival[7]
    arrived = 0
    for i in range(BATCH):
        time = np.float64(U64(times[i]))
        arrived += np.int64(time < unit)
        seconds[i] = request_second(min(time * share_of_unit, 1.0), first_hour, early_rate, late_rate)
    usual_gps(drawn, usual_below, first, gps, BATCH)
    return arrived, operational


@njit(forceinline=True)
def draw_sequel(scalar, site_key, day, index, generation):  # type: ignore[no-untyped-def]
    """16-bit draws for what may follow.

    Returns:
        call-back after the first attempt, after the second, come-back, hub return, call closes, age band.
    """
    backs, returns, rest, _ = request_words(scalar, site_key, day, index, generation, 2)
    return low(backs), high(backs), low(returns), high(returns), low(rest), high(rest)
