"""What load, reserve and access model do to patients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def totals(scenes: Any, parameters: Any = None, months: int = 10, n: int = 4, **place: Any) -> dict[str, Any]:
    plans = scenes.month_plans(months, n, **place)
    layer = scenes.layer_for(plans, parameters)
    sums: dict[str, Any] = {}
    for i, plan in enumerate(plans):
        counts = layer.run_month(plan)
        if i >= 3:
            for name, value in vars(counts).items():
                if isinstance(value, np.ndarray):
                    sums[name] = sums.get(name, 0) + value.sum(axis=0)
    sums["access"] = 0.5 * sums["urgent_same_day"] / max(1, sums["urgent_requests"]) + 0.5 * sums[
        "routine_within_5"
    ] / max(1, sums["routine_requests"])
    return sums


def test_access_falls_smoothly_with_load(scenes: Any) -> None:
    place = {"gps": (6.3,) * 5, "nurse": 1.85, "other": 1.1}
    runs = [totals(scenes, requests=rate * 7118 / 253, **place) for rate in (4.6, 5.0, 5.5, 6.3)]
    access = [float(run["access"]) for run in runs]
    assert access == sorted(access, reverse=True)
    assert access[0] > 0.9 and 0.55 < access[-1] < 0.8  # no cliff: rationed, not collapsed
    unmet = [run["unmet_urgent"] / run["urgent_requests"] for run in runs]
    assert unmet == sorted(unmet)


def test_a_reserve_for_the_day_trades_routine_for_urgent(scenes: Any) -> None:
    runs = [totals(scenes, scenes.beyond_range(carve_out_gp=share), requests=75.0) for share in (0.0, 0.5, 1.0)]
    urgent = [run["urgent_same_day"] / run["urgent_requests"] for run in runs]
    routine = [run["routine_within_5"] / run["routine_requests"] for run in runs]
    assert urgent == sorted(urgent) and routine == sorted(routine, reverse=True)


def test_pharmacies_take_the_share_they_are_sent(scenes: Any) -> None:
    half = totals(scenes, requests=75.0, pharmacy_first=0.5)
    expected = 0.5 * 0.12 * (0.44 * 0.4 + 0.41 * 0.4 + 0.15 * 0.9)
    assert half["redirected"] / half["requests"].sum() == pytest.approx(expected, rel=0.1)
    assert half["access"] > totals(scenes, requests=75.0)["access"]


def test_calls_close_half_and_the_rest_come(scenes: Any) -> None:
    run = totals(scenes, requests=40.0, access=2)
    assert run["attended_call"].sum() / run["calls"] == pytest.approx(0.5, abs=0.02)


def test_no_shows_rise_with_the_wait(scenes: Any) -> None:
    plans = scenes.month_plans(14, 6, requests=75.0)
    layer = scenes.layer_for(plans, records=True)
    for plan in plans:
        layer.run_month(plan)
    rows = layer.take_records()
    ends = rows[(rows[:, 2] == 12) | (rows[:, 2] == 13)]
    made = ends[:, 1] - (ends[:, 1] - (ends[:, 3] >> 16 & 511) & 511) + (ends[:, 3] >> 46 & 63)
    wait, missed, gp = ends[:, 1] - made, ends[:, 2] == 12, ends[:, 4] < 3
    for among, factor in ((gp, 0.6), (~gp, 1.35)):
        for low, high, rate in ((0, 0, 0.019), (2, 7, 0.066), (15, 28, 0.088)):
            of = among & (wait >= low) & (wait <= high)
            expected = rate * factor
            assert missed[of].mean() == pytest.approx(expected, abs=4 * np.sqrt(expected / of.sum())), (low, factor)
