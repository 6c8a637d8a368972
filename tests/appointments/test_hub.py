"""The evening hub: its week, its order, and what follows a contact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from abm.appointments.layer import hub_slots
from abm.scenario.parameters.appointments import AppointmentParameters

EPOCH = date(2000, 1, 1)


@pytest.mark.parametrize("week", [10.0, 33.3, 100.0, 0.5])
def test_slots_of_a_week_add_up(week: float) -> None:
    carried, total = 0.0, 0
    for i in range(10 * 7):  # ten weeks without a bank holiday
        whole, carried = hub_slots(
            AppointmentParameters().hub_day_share, week, carried, date(2013, 9, 2) + timedelta(i)
        )
        total += whole
    assert total == pytest.approx(10 * week, abs=1)


def test_contacts_never_exceed_slots_and_urgent_come_first(scenes: Any) -> None:
    plans = scenes.month_plans(3, 3, requests=90.0, hub=0, hub_slots=(20.0,))
    layer = scenes.layer_for(plans, records=True)
    for plan in plans:
        layer.run_month(plan)
    rows = layer.take_records()
    kind = {(row[0], row[3]): row[4] for row in rows[rows[:, 2] == 0].tolist()}
    identity = (1 << 42) - 1
    carried = 0.0
    start = (plans[0].first_day - EPOCH).days
    queue: list[tuple[bool, int, int]] = []
    for day in range(start, (plans[-1].last_day - EPOCH).days + 1):
        whole, carried = hub_slots(AppointmentParameters().hub_day_share, 20.0, carried, EPOCH + timedelta(day))
        today = rows[rows[:, 1] == day]
        queue += [
            (not (kind[p, t & identity & ~0] == 0 or t >> 44 & 1), p, t)
            for p, _, _, t, *_ in today[today[:, 2] == 4].tolist()
            if (p, t & identity) in kind
        ]  # fmt: skip
        seen = [(p, t) for p, _, _, t, *_ in today[today[:, 2] == 5].tolist()]
        assert len(seen) <= whole
        urgent_waiting = [(p, t) for later, p, t in queue if not later]
        if len(urgent_waiting) >= whole:
            assert set(seen) <= set(urgent_waiting)
        queue = [] if (EPOCH + timedelta(day + 1)).weekday() < 5 else [x for x in queue if (x[1], x[2]) not in seen]
    assert (rows[:, 2] == 5).sum() > 100


def test_a_boundless_hub_leaves_nobody_unmet(scenes: Any) -> None:
    plans = scenes.month_plans(3, 2, requests=120.0, hub=0, hub_slots=(1e6,))
    layer = scenes.layer_for(plans)
    for plan in plans:
        counts = layer.run_month(plan)
        assert counts.unmet_urgent.sum() == counts.abandoned.sum() == counts.call_backs.sum() == 0
        assert (counts.hub_contacts == counts.refused).all()


def test_hub_contacts_bring_some_patients_back_and_a_shared_record_fewer(scenes: Any) -> None:
    shares = []
    for shared in (False, True):
        plans = scenes.month_plans(6, 4, requests=120.0, hub=0, hub_slots=(1e6,))
        layer = scenes.layer_for(plans)
        contacts = returns = 0
        for plan in plans:
            plan.shared_record[:] = shared
            counts = layer.run_month(plan)
            contacts += counts.hub_contacts.sum()
            returns += counts.hub_returns.sum()
        shares.append(returns / contacts)
    assert shares == pytest.approx([0.25, 0.10], abs=0.02)


def test_a_hub_helps_its_members_only(scenes: Any) -> None:
    plans = scenes.month_plans(4, 4, requests=75.0, hub=0, hub_slots=(60.0,))
    for plan in plans:
        plan.hub[2:] = -1
    layer, without = scenes.layer_for(plans), scenes.layer_for(plans)
    for plan in plans:
        counts = layer.run_month(plan)
        alone = without.run_month(type(plan)(**{**vars(plan), "hub": np.full(4, -1)}))
    assert (counts.hub_contacts[2:] == 0).all() and (counts.hub_contacts[:2] > 0).all()
    assert np.array_equal(counts.wait_days[2:], alone.wait_days[2:])
    assert (counts.access()[:2] > alone.access()[:2]).all()
