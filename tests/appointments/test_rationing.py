"""What load, reserve and access model do to patients, and degenerate diaries whose queue is known exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from abm.appointments.rules import open_calendar


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


def plain_queue(scenes: Any, **changes: Any) -> Any:
    """One GP with two slots a day, nobody prefers, cancels, falls ill or is away: a queue by open days."""
    return scenes.beyond_range(
        kind_share=(0.0, 1.0, 0.0), gp_only_share=(1.0, 1.0, 1.0), routine_day_share=(1.0, 0.0, 0.0, 0.0, 0.0),
        slots_gp=1,
        carve_out_gp=0.0, prefers_usual_gp=0.0, leave_weeks=0, sick=0.0, cancels=0.0, come_back=0.0,
        weekday=(1.0,) * 5, horizon=63, **changes,
    )  # fmt: skip


def test_without_patience_the_day_is_a_loss_system(scenes: Any) -> None:
    """Poisson requests for tomorrow's two slots: the share served is E[min(N, 2)] / E[N]."""
    parameters = plain_queue(scenes, patience_scale=1e-6)
    for mean in (1.0, 2.0, 4.0):
        run = totals(scenes, parameters, months=40, n=8, requests=mean, gps=(10.0,), nurse=0.0, other=0.0)
        counts = np.arange(60)
        served = (np.minimum(counts, 2) * stats.poisson.pmf(counts, mean)).sum() / mean
        total = run["requests"].sum()
        assert 1 - run["abandoned"] / total == pytest.approx(served, abs=4 * np.sqrt(served * (1 - served) / total))


@pytest.mark.parametrize("mean", [1.0, 1.5])
def test_with_endless_patience_the_diary_is_a_queue_with_two_servers(scenes: Any, mean: float) -> None:
    """The share served on the day wanted follows from the stationary law of X' = max(X + Poisson - 2, 0)."""
    parameters = plain_queue(scenes, patience_scale=1e6)
    size = 120
    arrivals = stats.poisson.pmf(np.arange(size), mean)
    backlog = np.eye(1, size)[0]
    for _ in range(4000):
        demand = np.convolve(backlog, arrivals)[: size + 2]
        backlog = np.concatenate([[demand[:3].sum()], demand[3 : size + 2]])
    prompt = (
        sum(backlog[x] * arrivals[n] * min(n, 2 - x) for x in range(2) for n in range(size)) / mean
    )  # of n requests behind a backlog of x, the first 2 - x are seen on the day they want

    plans = scenes.month_plans(60, 6, requests=mean, gps=(10.0,), nurse=0.0, other=0.0)
    layer = scenes.layer_for(plans, parameters, records=True)
    for month, plan in enumerate(plans):
        counts = layer.run_month(plan)
        assert counts.refused.sum() == 0
        if month == 5:
            layer.take_records()  # the queue has settled
    rows = layer.take_records()
    booked = rows[rows[:, 2] == 3]
    _, open_until = open_calendar()
    beyond = (booked[:, 6] >> 6) - open_until[booked[:, 1]] - 1  # open days beyond the day wanted
    assert (beyond >= 0).all() and len(booked) > 6000
    assert (beyond == 0).mean() == pytest.approx(prompt, abs=0.02)
