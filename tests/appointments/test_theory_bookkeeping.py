"""Little's law by integer bookkeeping: the nights that patients spend in the system, counted in two ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

REQUESTED, REDIRECTED, CALLED, HUB, ABANDONED, UNMET, CANCELLED, NO_SHOW, ATTENDED = 0, 1, 2, 5, 8, 9, 11, 12, 13
BOOKED, WITHDRAWN = 3, 10
PERSON = (1 << 42) - 1  # the bits of a ticket that name the request
DAYS = 150
REGIMES: dict[str, dict[str, Any]] = {
    "ample": {"requests": 40.0},
    "scarce": {"requests": 110.0},
    "no reserve": {"requests": 75.0, "carve_out_gp": 0.0, "carve_out_other": 0.0},
    "all kept for the day": {"requests": 75.0, "carve_out_gp": 1.0, "carve_out_other": 1.0},
    "a short horizon": {"requests": 75.0, "horizon": 7},
    "half the reserve": {"requests": 75.0, "access": 1},
    "total triage": {"requests": 75.0, "access": 2},
    "total triage, scarce": {"requests": 140.0, "access": 2},
    "single entry": {"requests": 75.0, "access": 3},
    "a hub": {"requests": 100.0, "hub": 0, "hub_slots": (40.0,)},
    "a hub without bounds": {"requests": 100.0, "hub": 0, "hub_slots": (1e6,), "hub_return": 0.4},
    "pharmacies": {"requests": 75.0, "pharmacy_first": 1.0},
    "staff come and go": {"requests": 75.0, "staff": True},
    "staff come and go, with a hub and calls": {
        "requests": 90.0, "staff": True, "access": 2, "hub": 0, "hub_slots": (30.0,), "cancels": 0.3,
    },
}  # fmt: skip


def nights(entry: np.ndarray[Any, Any], leave: np.ndarray[Any, Any], last: int) -> int:
    """Nights up to that after the last day, between entering and leaving; who has not left stays on."""
    assert (leave >= entry).all()
    return int((np.minimum(leave, last + 1) - entry).sum())


@pytest.mark.parametrize("regime", REGIMES)
def test_days_in_the_system_are_the_numbers_in_the_system(scenes: Any, regime: str) -> None:
    """Sum over requests of days in the system = sum over days of the number in the system, for every practice."""
    wanted = dict(REGIMES[regime])
    named = ("carve_out_gp", "carve_out_other", "horizon", "hub_return", "cancels")
    parameters = scenes.beyond_range(**{name: wanted.pop(name) for name in named if name in wanted})
    changing = wanted.pop("staff", False)
    months = scenes.month_plans(6, 2, **wanted)
    months = scenes.changing_staff(months) if changing else months
    layer = scenes.layer_for(months, parameters, records=True)
    in_system, booked = np.zeros((2, 2), np.int64)
    days = [months[0].first_day + timedelta(i) for i in range(DAYS)]
    for day in days:
        plan = next(month for month in months if month.first_day <= day <= month.last_day)
        counts = layer.run_month(replace(plan, first_day=day, last_day=day))
        in_system += counts.closing_in_system
        booked += counts.closing_booked
    last = (days[-1] - date(2000, 1, 1)).days
    rows = layer.take_records()
    for practice in range(2):
        mine = rows[rows[:, 0] == practice]
        person, day, event = mine[:, 3] & PERSON, mine[:, 1], mine[:, 2]
        leaves = np.isin(event, (REDIRECTED, HUB, ABANDONED, UNMET, CANCELLED, NO_SHOW, ATTENDED))
        leaves |= (event == CALLED) & (mine[:, 7] % 2 == 1)
        who, came = person[event == REQUESTED], day[event == REQUESTED]
        assert len(np.unique(who)) == len(who) and len(np.unique(person[leaves])) == leaves.sum()
        assert np.isin(person[leaves], who).all()
        when = dict(zip(person[leaves].tolist(), day[leaves].tolist(), strict=True))
        left = np.array([when.get(one, last + 1) for one in who.tolist()])
        assert nights(came, left, last) == in_system[practice]
        assert in_system[practice] > 0 and len(who) > 1000

        # The same for diaries alone: each booking lasts until the slot is used, missed, cancelled or withdrawn.
        ends = np.isin(event, (WITHDRAWN, CANCELLED, NO_SHOW, ATTENDED))
        start: dict[int, int] = {}
        total = 0
        for one, on, booking in zip(
            *(values[(event == BOOKED) | ends].tolist() for values in (person, day, event == BOOKED)), strict=True
        ):
            if booking:
                assert one not in start
                start[one] = on
            else:
                total += on - start.pop(one)
        assert total + sum(last + 1 - on for on in start.values()) == booked[practice]
