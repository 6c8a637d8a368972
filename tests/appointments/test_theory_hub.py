"""A hub at its limits: without places it is no hub, without bounds nobody is refused in the end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from abm.appointments.interface import COUNTS

FIRST = date(2013, 6, 3)  # a Monday; eleven weeks without a bank holiday follow


@pytest.mark.parametrize("access", [0, 2, 3])
def test_hub_without_places_is_no_hub(scenes: Any, access: int) -> None:
    """Every count is equal; the ranges end before open days, because a hub's refused are settled on their eve."""
    plans = []
    for hub, slots in ((0, (0.0,)), (-1, ())):
        weeks = [
            scenes.small_plan(
                3, FIRST + timedelta(7 * w), FIRST + timedelta(7 * w + 6), requests=100.0, access=access, hub=hub,
                hub_slots=slots,
            )
            for w in range(11)
        ]  # fmt: skip
        plans.append(weeks)
    with_hub, without = (scenes.layer_for(weeks) for weeks in plans)
    refused = 0
    for one, other in zip(*plans, strict=True):
        counts, alone = with_hub.run_month(one), without.run_month(other)
        for name, _ in COUNTS:
            assert np.array_equal(getattr(counts, name), getattr(alone, name)), name
        assert np.array_equal(counts.closing_in_system, alone.closing_in_system)
        refused += int(counts.refused.sum())
    assert refused > 1000
