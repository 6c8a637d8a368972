"""Appointments of some practices of a made-up place, as digests; run as a script, of the one named."""

import hashlib
import sys
from collections.abc import Sequence
from datetime import date

import numpy as np

from abm.appointments.interface import COUNTS
from abm.scenario.scenario import Scenario
from abm.standstill import StandingPlace

PRACTICES, MONTHS = 12, 3


def play(names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of every count of each practice; no names stand for all practices."""
    place = StandingPlace(Scenario.load("england").with_settings(practices=PRACTICES), 1, names)
    digests = {name: hashlib.sha256() for name in place.names}
    for counts, _ in place.play(date(2014, 4, 1), MONTHS):
        for row, name in enumerate(place.names):
            for field, _ in COUNTS:
                digests[name].update(np.ascontiguousarray(getattr(counts, field)[row]).tobytes())
    return {name: digest.hexdigest() for name, digest in digests.items()}


if __name__ == "__main__":
    print(play(sys.argv[1:])[sys.argv[1]])
