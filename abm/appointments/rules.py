"""Parameters as the integers that the engines compare with: thresholds, tables of whole days and seconds, patterns.

The two tables that depend on free parameters (patience in whole days, length in whole seconds) are computed once in
Python and rounded to integers; their arguments lie nowhere near a rounding boundary by as little as the last bits in
which two C libraries may differ, so the integers are the same everywhere.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from abm.appointments.interface import ACCESS_MODELS, CLINICIANS
from abm.appointments.memory import Sections
from abm.calendar import is_open
from abm.scenario.parameters.appointments import AppointmentParameters

EPOCH = date(2000, 1, 1)  # day number 0, a Saturday
TABLE = 1024  # entries of a quantile table, entry j standing for the quantile (j + 1/2) / 1024
LONGEST_PATIENCE = 127  # open days; no diary is open for longer
MOST_SLOTS = 31  # of a session; two sessions fill at most 63 bits of a word
SESSION_UNIT = 1024  # sessions a week are counted in this fraction
WAITS = 64  # entries of the no-show table; longer waits take the last

# Numbers of the `scalar` section.
(
    KEY_0, KEY_1, HORIZON, RING, STRIDE, LEAVE, SICK, URGENT_BELOW, ROUTINE_BELOW, PREFERS, CALL_BACK, COME_BACK,
    COME_BACK_AFTER, CALL_CLOSES, HUB_RETURN_AFTER, CANCELS,
) = range(16)  # fmt: skip
GP_ONLY = 20  # and two more, by kind
PHARMACIST_FROM = 23  # and two more, by kind
ROUTINE_DAY = 26  # and four more: cumulative
TOLERATED = 31  # and three more
SESSION_SLOTS = 35  # and four more, by clinician
DAY_BAND = 40  # first day and number of days: five bands of routine requests, planned, urgent
N_SCALARS = 54
ROUTINE_BANDS = ((1, 1), (2, 4), (6, 5), (11, 5), (16, 5))  # first open day, number of days
BLOCK, START, LENGTH = 0, 1, 2  # columns of the leave table
FACE, KEPT_PATTERN, CALLS = np.arange(3)  # the three patterns of a session

FIRST_CALENDAR_YEAR, LAST_CALENDAR_YEAR = 2000, 2049


def day_number(day: date) -> int:
    """Days since 1 January 2000."""
    return (day - EPOCH).days


def share16(probability: float) -> int:
    """A 16-bit word lies below this with the given probability."""
    return round(probability * 65536)


def patience_table(scale: float, shape: float) -> NDArray[np.int64]:
    """Quantiles of floor(Weibull), in open days: scale * (-ln(1 - u)) ** (1 / shape)."""
    quantiles = [(j + 0.5) / TABLE for j in range(TABLE)]
    days = [math.floor(scale * (-math.log1p(-u)) ** (1 / shape) + 1e-9) for u in quantiles]
    return np.minimum(np.array(days, np.int64), LONGEST_PATIENCE)


def length_table(minutes: float, variation: float) -> NDArray[np.int64]:
    """Quantiles of the lognormal length in whole seconds, scaled so that the table's own mean is the one asked for."""
    sigma = math.sqrt(math.log1p(variation**2))
    normal = NormalDist()
    shape = [math.exp(sigma * normal.inv_cdf((j + 0.5) / TABLE)) for j in range(TABLE)]
    whole = math.fsum(shape)
    return np.array([round(60 * minutes * value * TABLE / whole) for value in shape], np.int64)


def session_pattern(slots: int, kept_share: float, with_calls: bool) -> tuple[int, int, int]:
    """Bits of a session's slots: to be seen in, of these kept for the day, and taken by two calls each.

    Of k slots the i-th (from 1) is kept when the whole part of i * share exceeds that of (i - 1) * share, which spaces
    them evenly. With calls, every second slot holds two calls and the sharing applies to the others.
    """
    face = [slot for slot in range(slots) if not (with_calls and slot % 2)]
    share = round(kept_share * 10_000)
    kept = [slot for i, slot in enumerate(face, 1) if i * share // 10_000 > (i - 1) * share // 10_000]
    bits = [sum(1 << slot for slot in some) for some in (face, kept)]
    return bits[0], bits[1], ((1 << slots) - 1) & ~bits[0]


def patterns(parameters: AppointmentParameters) -> NDArray[np.uint64]:
    """Session patterns, shape (access model, clinician, FACE/KEPT_PATTERN/CALLS)."""
    table = np.zeros((len(ACCESS_MODELS), len(CLINICIANS), 3), np.uint64)
    for model, access in enumerate(ACCESS_MODELS):
        for clinician, slots in enumerate(session_slots(parameters)):
            gp = clinician < 3
            share = parameters.carve_out_gp if gp else parameters.carve_out_other
            calls = gp and access in ("doctor_first", "single_entry")
            table[model, clinician] = session_pattern(slots, share / 2 if access == "prebook" else share, calls)
    return table


def session_slots(parameters: AppointmentParameters) -> tuple[int, ...]:
    """Slots of a session by clinician."""
    gp, registrar, other = parameters.slots_gp, parameters.slots_registrar, parameters.slots_other
    return (gp, gp, registrar, other, other)


def no_show_table(parameters: AppointmentParameters) -> NDArray[np.int64]:
    """16-bit thresholds by (GP, other) and wait in days."""
    band = np.searchsorted([1, 2, 8, 15, 29], np.arange(WAITS), side="right")
    rate = np.array(parameters.no_show)[band]
    factors = (parameters.no_show_gp, parameters.no_show_other)
    return np.array([[share16(min(1.0, float(r) * factor)) for r in rate] for factor in factors], np.int64)


def leave_table(leave_weeks: int, weeks: int) -> NDArray[np.int64]:
    """For each week its block of weeks, that block's start and length; 52 weeks have a block for each week of leave."""
    table = np.zeros((weeks, 3), np.int64)
    if leave_weeks:
        block = (leave_weeks * (np.arange(weeks) + 1) - 1) // 52
        start = 52 * block // leave_weeks
        table[:] = np.column_stack([block, start, 52 * (block + 1) // leave_weeks - start])
    return table


@cache
def open_calendar() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Day numbers of the open days, and for each day number the index of the last open day up to it (-1: none)."""
    span = (date(LAST_CALENDAR_YEAR + 1, 1, 1) - EPOCH).days
    opens = np.array([is_open(EPOCH + timedelta(i)) for i in range(span)])
    return np.flatnonzero(opens).astype(np.int64), np.cumsum(opens).astype(np.int64) - 1


def compile_rules(parameters: AppointmentParameters, key: tuple[int, int], minus_log: NDArray[np.int64]) -> Sections:
    """All parameters as tables of integers for the engines."""
    open_day, open_until = open_calendar()
    ahead = open_until[np.minimum(open_day + parameters.horizon, len(open_until) - 1)] - np.arange(len(open_day))
    stride = 2 * max(session_slots(parameters))
    rules = Sections(
        [
            ("scalar", "i8", (N_SCALARS,)),
            ("open_day", "i8", (len(open_day),)),
            ("open_until", "i8", (len(open_until),)),
            ("patience", "i8", (TABLE,)),
            ("length", "i8", (2, TABLE)),
            ("no_show", "i8", (2, WAITS)),
            ("pattern", "u8", (len(ACCESS_MODELS) * len(CLINICIANS), 3)),
            ("minus_log", "i8", (len(minus_log),)),
            ("arrival", "f8", (8,)),
            ("leave", "i8", (len(open_until) // 7, 3)),
        ]
    )
    rules["open_day"][:], rules["open_until"][:], rules["minus_log"][:] = open_day, open_until, minus_log
    rules["patience"][:] = patience_table(parameters.patience_scale, parameters.patience_shape)
    rules["length"][0] = length_table(parameters.length_gp, parameters.length_cv)
    rules["length"][1] = length_table(parameters.length_other, parameters.length_cv)
    rules["no_show"][:] = no_show_table(parameters)
    rules["leave"][:] = leave_table(parameters.leave_weeks, len(open_until) // 7)
    rules["pattern"][:] = patterns(parameters).reshape(-1, 3)
    rules["arrival"][:5], rules["arrival"][5] = parameters.weekday, parameters.first_hour
    rules["arrival"][6:] = 3600.0 / parameters.first_hour, 1.0 / (1.0 - parameters.first_hour)
    scalar = rules["scalar"]
    urgent, routine, _ = parameters.kind_share
    single = {
        KEY_0: key[0], KEY_1: key[1], HORIZON: parameters.horizon, RING: int(ahead.max()) + 1, STRIDE: stride,
        LEAVE: parameters.leave_weeks, SICK: round(parameters.sick * 2**32), URGENT_BELOW: share16(urgent),
        ROUTINE_BELOW: share16(urgent + routine), PREFERS: share16(parameters.prefers_usual_gp),
        CALL_BACK: share16(parameters.call_back),
        COME_BACK: share16(parameters.come_back), COME_BACK_AFTER: parameters.come_back_after,
        CALL_CLOSES: share16(parameters.call_closes), HUB_RETURN_AFTER: parameters.hub_return_after,
        CANCELS: share16(parameters.cancels),
    }  # fmt: skip
    for column, value in single.items():
        scalar[column] = value
    planned = parameters.planned_day_first, parameters.planned_day_last - parameters.planned_day_first + 1
    scalar[DAY_BAND:N_SCALARS] = np.array([*ROUTINE_BANDS, planned, (0, 0)]).ravel()
    for kind, only in enumerate(parameters.gp_only_share):
        scalar[GP_ONLY + kind] = share16(only)
        scalar[PHARMACIST_FROM + kind] = share16(1 - (1 - only) * parameters.pharmacist_share)
    scalar[ROUTINE_DAY : ROUTINE_DAY + 5] = [share16(float(s)) for s in np.cumsum(parameters.routine_day_share)]
    scalar[TOLERATED : TOLERATED + 4] = parameters.tolerated_days
    scalar[SESSION_SLOTS : SESSION_SLOTS + 5] = session_slots(parameters)
    return rules
