"""Nobody is lost, nobody is invented, nothing overflows silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abm.appointments import Sites
from abm.appointments.layer import AppointmentLayer
from abm.errors import InputError
from abm.scenario.parameters.appointments import AppointmentParameters


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    requests=st.floats(0, 600), gps=st.lists(st.floats(0, 10), max_size=8), access=st.integers(0, 3),
    hub_slots=st.floats(0, 300), seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_every_request_is_accounted_for_every_month(
    scenes: Any, requests: float, gps: list[float], access: int, hub_slots: float, seed: int
) -> None:
    plans = scenes.changing_staff(
        scenes.month_plans(6, 3, requests=requests, gps=tuple(gps), access=access, hub=0, hub_slots=(hub_slots,))
    )
    layer = scenes.layer_for(plans, seed=seed)
    closing = np.zeros(3, np.int64)
    for plan in plans:
        counts = layer.run_month(plan)
        assert not scenes.balance(counts).any()
        assert np.array_equal(counts.opening_in_system, closing)
        closing = counts.closing_in_system
        assert np.array_equal(counts.wait_days.sum(axis=1), counts.attended + counts.no_shows)
        assert np.array_equal(counts.wait_bands.sum(axis=1), counts.wait_days.sum(axis=1))
        assert np.array_equal(counts.booked_days.sum(axis=1), counts.wait_days.sum(axis=1))
        assert np.array_equal(counts.booked_bands.sum(axis=1), counts.booked_days.sum(axis=1))
        assert (counts.booked_days.cumsum(axis=1) >= counts.wait_days.cumsum(axis=1)).all()  # the booking comes later
        assert (counts.slots_used <= counts.slots_offered).all()
        assert (counts.usual_gp_contacts <= counts.gp_contacts).all()
        assert (counts.gp_bound <= counts.requests.sum(axis=1)).all()
        assert np.array_equal(
            counts.gp_contacts, counts.attended_surgery[:, :3].sum(axis=1) + counts.attended_call.sum(axis=1)
        )


def test_who_is_booked_by_the_first_ring_waits_from_the_booking(scenes: Any) -> None:
    """Nobody rings a second time, no slot is withdrawn, no hub: both counts are one."""
    plans = scenes.month_plans(4, 2, requests=15.0)
    layer = scenes.layer_for(plans, scenes.beyond_range(kind_share=(0.0, 0.7, 0.3), come_back=0.0, sick=0.0))
    for plan in plans:
        counts = layer.run_month(plan)
        assert counts.come_backs.sum() == counts.withdrawn.sum() == 0 < counts.wait_days[:, 1:].sum()
        assert np.array_equal(counts.booked_days, counts.wait_days)


@pytest.mark.parametrize("access", [0, 2])
def test_who_rings_again_is_booked_for_the_same_day(scenes: Any, access: int) -> None:
    """Urgent requests are booked for today or not at all, however often they rang; so are calls and hub contacts."""
    plans = scenes.month_plans(3, 2, requests=120.0, access=access, hub=0, hub_slots=(10.0,))
    layer = scenes.layer_for(plans, scenes.beyond_range(kind_share=(1.0, 0.0, 0.0), hub_return=0.0))
    for plan in plans:
        counts = layer.run_month(plan)
        seen = counts.attended + counts.no_shows
        assert counts.hub_contacts.sum() > 0 < counts.wait_days[:, 1:].sum()
        assert np.array_equal(counts.booked_days[:, 0], seen)


def test_demand_far_above_capacity_is_defined(scenes: Any) -> None:
    plans = scenes.month_plans(4, 1, requests=3000.0)
    layer = scenes.layer_for(plans)
    for plan in plans:
        counts = layer.run_month(plan)
        assert not scenes.balance(counts).any()
    assert counts.unmet_urgent[0] + counts.abandoned[0] > 0.8 * counts.requests.sum()
    assert counts.access()[0] < 0.1


def test_a_place_without_patients_or_clinicians_is_quiet(scenes: Any) -> None:
    plans = scenes.month_plans(2, 2, requests=0.0, gps=(), nurse=0.0, other=0.0)
    layer = scenes.layer_for(plans)
    for plan in plans:
        counts = layer.run_month(plan)
        assert counts.requests.sum() == counts.attended.sum() == counts.closing_in_system.sum() == 0
        assert (counts.outside_locum_sessions == counts.open_days).all()  # nobody is there, so a locum comes every day


def test_any_range_of_days_can_be_run(scenes: Any) -> None:
    """Days one by one are the month; a weekend alone has no requests but may be run."""
    whole = scenes.month_plans(1, 2, requests=60.0, hub=0, hub_slots=(20.0,))
    layer = scenes.layer_for(whole)
    month = layer.run_month(whole[0])
    layer = scenes.layer_for(whole)
    days = [whole[0].first_day + timedelta(i) for i in range(31)]
    by_day = [layer.run_month(replace(whole[0], first_day=day, last_day=day)) for day in days]
    for name in ("requests", "attended", "hub_contacts", "unmet_urgent", "wait_days", "surgery_wait_seconds"):
        assert np.array_equal(sum(getattr(counts, name) for counts in by_day), getattr(month, name))
    assert by_day[1].open_days == 0 and by_day[1].requests.sum() == 0  # 2 March 2013, a Saturday


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hub": np.array([3])}, "hub numbers must lie"),
        ({"access_model": np.array([9], np.int8)}, "access_model must lie"),
        ({"pharmacy_first": np.array([1.5])}, "pharmacy_first"),
        ({"gp_sessions": np.array([np.nan, 1.0])}, "gp_sessions"),
        ({"nurse_fte": np.array([1.0, 2.0])}, "nurse_fte has shape"),
        ({"first_day": date(2013, 3, 5)}, "the next day to run is 2013-03-01"),
    ],
)
def test_bad_plans_are_refused_in_one_sentence(scenes: Any, change: dict[str, Any], message: str) -> None:
    plan = replace(scenes.small_plan(), **change)
    with pytest.raises(InputError, match=message):
        scenes.layer_for([scenes.small_plan()]).run_month(plan)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"served_by": np.array([0, 2])}, "served_by must lie from 0 to 1"),
        ({"served_by": np.array([0])}, "served_by has shape"),
        ({"served_by": np.array([1, 0])}, "sends site 0 to practice 1, which is itself served by 0"),
        ({"served_by": np.array([0, 0])}, "gives practice 1 2 GPs, but its site is served by practice 0"),
        (
            {
                "served_by": np.array([1, 1]),
                "gp_practice": np.ones(4, int),
                "nurse_fte": np.array([0.2, 0]),
                "other_fte": np.zeros(2),
            },
            "gives practice 0 0.2 nurse_fte",
        ),
    ],
)
def test_sites_that_nobody_can_serve_are_refused(scenes: Any, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(scenes.small_plan(2), **change).check(2)


def test_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'compiled'"):
        AppointmentLayer(
            1, Sites(np.array([1], np.uint32)), AppointmentParameters(), date(2013, 1, 1), engine="compild"
        )  # type: ignore[arg-type]
