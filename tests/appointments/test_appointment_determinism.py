"""The same seed gives the same bits: in two parts, among others or alone, compiled or not; people are the same."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from abm.appointments import MonthCounts
from abm.appointments.interface import COUNTS

PLACE = {"requests": 70.0, "hub": 0, "hub_slots": (15.0,)}


def fingerprint(counts: list[MonthCounts], practice: int | None = None) -> str:
    digest = hashlib.sha256()
    for month in counts:
        for name, _ in (*COUNTS, ("closing_booked", 1), ("closing_pending", 1)):
            values = getattr(month, name)
            digest.update(np.ascontiguousarray(values if practice is None else values[practice]).tobytes())
    return digest.hexdigest()


def test_in_two_parts_equals_whole(scenes: Any) -> None:
    plans = scenes.changing_staff(scenes.month_plans(6, 3, **PLACE))
    layer = scenes.layer_for(plans)
    whole = [layer.run_month(plan) for plan in plans]
    for cut in (1, 3, 5):
        first = scenes.layer_for(plans)
        parts = [first.run_month(plan) for plan in plans[:cut]]
        saved = first.save()
        [first.run_month(plan) for plan in plans[cut:]]  # what runs on must not touch what was saved
        second = scenes.layer_for(plans)
        second.load(saved)
        parts += [second.run_month(plan) for plan in plans[cut:]]
        assert fingerprint(parts) == fingerprint(whole)


def test_a_practice_alone_equals_itself_among_others(scenes: Any) -> None:
    plans = scenes.changing_staff(scenes.month_plans(4, 5, requests=70.0))
    among = scenes.layer_for(plans, keys=[11, 12, 13, 14, 15])
    together = [among.run_month(plan) for plan in plans]
    row = 3
    alone = []
    layer = scenes.layer_for(scenes.month_plans(1, 1), keys=[14])
    for plan in plans:
        own = plan.gp_practice == row
        single = {
            name: getattr(plan, name)[row : row + 1]
            for name in ("requests_per_open_day", "cover_sessions", "registrar_fte", "nurse_fte", "other_fte", "hub",
                         "access_model", "pharmacy_first", "shared_record")
        }  # fmt: skip
        alone.append(
            layer.run_month(
                type(plan)(
                    plan.first_day, plan.last_day, gp_practice=np.zeros(own.sum(), np.int64), gp_key=plan.gp_key[own],
                    gp_sessions=plan.gp_sessions[own], hub_slots_week=plan.hub_slots_week, **single,
                )
            )
        )  # fmt: skip
    assert fingerprint(alone) == fingerprint(together, row)


def test_seeds_and_sites_differ(scenes: Any) -> None:
    plans = scenes.month_plans(1, 2, requests=70.0)
    one = scenes.layer_for(plans, seed=1).run_month(plans[0])
    two = scenes.layer_for(plans, seed=2).run_month(plans[0])
    assert not np.array_equal(one.wait_days, two.wait_days)
    assert not np.array_equal(one.wait_days[0], one.wait_days[1])


def test_policies_meet_the_same_patients(scenes: Any) -> None:
    """Who rings, when and with what does not depend on access model, staff, hub or parameters of the diaries."""
    requests = []
    for place, changes in (
        ({}, {}), ({"access": 2}, {}), ({"gps": (2.0,), "nurse": 0.0}, {}),
        (PLACE, {"carve_out_gp": 0.0, "horizon": 14}),
    ):  # fmt: skip
        plans = scenes.month_plans(2, 1, **{"requests": 70.0, **place})
        layer = scenes.layer_for(plans, scenes.beyond_range(**changes), records=True)
        for plan in plans:
            layer.run_month(plan)
        rows = layer.take_records()
        own = (rows[:, 2] == 0) & ((rows[:, 3] >> 39) & 7 == 0)  # requests that follow no hub contact
        requests.append(rows[own][:, 1:7])
    assert all(np.array_equal(requests[0], other) for other in requests[1:])


def test_more_demand_keeps_the_first_patients(scenes: Any) -> None:
    rows = []
    for requests in (60.0, 66.0):
        plans = scenes.month_plans(1, 1, requests=requests)
        layer = scenes.layer_for(plans, records=True)
        layer.run_month(plans[0])
        events = layer.take_records()
        rows.append({row[3]: (row[4], row[5]) for row in events[events[:, 2] == 0].tolist()})
    shared = rows[0].keys() & rows[1].keys()
    assert len(shared) > 0.98 * len(rows[0])
    assert all(rows[0][ticket] == rows[1][ticket] for ticket in shared)


SMALL_RUN = """
import sys, hashlib
sys.path.insert(0, sys.argv[1])
from conftest import changing_staff, layer_for, month_plans
plans = changing_staff(month_plans(2, 2, requests=12.0, gps=(3.0,), hub=0, hub_slots=(6.0,), access=2))
layer = layer_for(plans, records=True)
digest = hashlib.sha256()
for plan in plans:
    counts = layer.run_month(plan)
    digest.update(counts.wait_days.tobytes() + counts.booked_days.tobytes())
    digest.update(layer.take_records().tobytes())
print(digest.hexdigest())
"""


def test_without_compilation_the_bits_are_the_same() -> None:
    here = str(Path(__file__).parent)
    repository = str(Path(__file__).resolve().parents[2])
    results = []
    for disabled in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": repository}
        done = subprocess.run(
            [sys.executable, "-c", SMALL_RUN, here], env=environment, capture_output=True, text=True, check=True
        )
        results.append(done.stdout)
    assert results[0] == results[1]
