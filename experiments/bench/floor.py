"""The floor of the appointment engine: what a request costs if nothing is decided.

Every attribute of a request is drawn with the shipped generator, and one slot is taken from a bitmask. No engine that
draws as this one does and books one slot can be faster.
"""

from __future__ import annotations

import numpy as np

from abm.appointments.demand import ATTRIBUTES, BATCH, WANTED, WORDS, draw_requests
from abm.appointments.random_bits import MINUS_LOG, U64, trailing_zeros
from abm.appointments.rules import compile_rules
from abm.compiled import compiled
from abm.scenario.parameters.appointments import AppointmentParameters
from abm.streams import Streams

DAYS = 64  # words of the bitmask: the days of a diary


@compiled(_nrt=False, error_model="numpy")
def draw_and_book(drawn, raw, scalar, patience, days, number):  # type: ignore[no-untyped-def]
    """Draw all attributes of `number` requests, in batches, and take the lowest slot of the day wanted for each."""
    taken = 0
    for first in range(0, number, BATCH):
        draw_requests(drawn, raw, scalar, patience, 1, 1, first, 0, 0, BATCH)
        for column in range(BATCH):
            day = drawn[WANTED, column] & (DAYS - 1)
            word = days[day]
            taken += trailing_zeros(word)
            word &= word - U64(1)
            days[day] = word if word != U64(0) else ~U64(0)
    return taken


def floor(number: int) -> int:
    """Draw and book so many requests; returns how many."""
    rules = compile_rules(AppointmentParameters(), Streams(1).key("appointments"), MINUS_LOG)
    drawn, raw = np.zeros((ATTRIBUTES, BATCH), np.int64), np.zeros((WORDS, BATCH), np.uint64)
    days = np.full(DAYS, np.iinfo(np.uint64).max, np.uint64)
    draw_and_book(drawn, raw, rules["scalar"], rules["patience"], days, number)
    return number
