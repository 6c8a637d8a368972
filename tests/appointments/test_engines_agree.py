"""The compiled engine and the plain SimPy model are the same model: every event of every request is equal."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abm.appointments import MonthPlan
from abm.appointments.events import EVENTS
from abm.appointments.interface import ACCESS_MODELS, COUNTS
from abm.scenario.parameters.appointments import AppointmentParameters


def compare(scenes: Any, plans: list[MonthPlan], parameters: AppointmentParameters, seed: int = 1) -> dict[str, int]:
    """Run both engines and hold their events and counts against each other; how often each event happened."""
    compiled = scenes.layer_for(plans, parameters, seed=seed, records=True)
    reference = scenes.layer_for(plans, parameters, seed=seed, records=True, engine="reference")
    happened = dict.fromkeys(EVENTS, 0)
    for plan in plans:
        a, b = compiled.run_month(plan), reference.run_month(plan)
        events = []
        for layer in (compiled, reference):
            rows = layer.take_records()
            events.append(rows[np.lexsort(rows.T[::-1])])
        assert np.array_equal(*events), f"the engines differ in the month from {plan.first_day}"
        for name, _ in (*COUNTS, ("opening_in_system", 1), ("closing_booked", 1), ("closing_pending", 1)):
            assert np.array_equal(getattr(a, name), getattr(b, name)), f"{name} in the month from {plan.first_day}"
        assert not scenes.balance(a).any()
        for number, name in enumerate(EVENTS):
            happened[name] += int((events[0][:, 2] == number).sum())
    return happened


REGIMES: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "underload": ({"requests": 25.0}, {}, ("attended", "cancelled", "no-show")),
    "overload": ({"requests": 140.0}, {}, ("rings again", "comes back", "abandoned", "unmet")),
    "short horizon": ({}, {"horizon": 7}, ("abandoned",)),
    "nothing kept": ({}, {"carve_out_gp": 0.0, "carve_out_other": 0.0}, ("booked",)),
    "all kept": ({}, {"carve_out_gp": 1.0, "carve_out_other": 1.0}, ("abandoned",)),
    "small hub": (
        {"requests": 80.0, "hub": 0, "hub_slots": (9.5,)},
        {"hub_return": 0.4},
        ("hub", "follows hub", "unmet"),
    ),
    "boundless hub": ({"requests": 80.0, "hub": 0, "hub_slots": (1e6,)}, {}, ("hub", "follows hub")),
    "pre-booking": ({"access": 1}, {}, ("booked",)),
    "doctor first": ({"access": 2, "requests": 80.0}, {}, ("call", "rings again", "refused")),
    "single entry": ({"access": 3, "pharmacy_first": 0.5}, {}, ("call", "redirected")),
    "horizon of a day": ({}, {"horizon": 1}, ("abandoned",)),
    "ten times capacity": ({"requests": 600.0, "hub": 0, "hub_slots": (40.0,)}, {}, ("unmet", "hub", "abandoned")),
    "no clinicians": ({"gps": (), "nurse": 0.0, "other": 0.0}, {}, ("booked", "unmet")),
    "no clinicians, a call first": ({"gps": (), "nurse": 0.0, "other": 0.0, "access": 2}, {}, ("call", "unmet")),
    "more GPs than a word has bits": (
        {"requests": 90.0, "gps": (0.6,) * 70, "nurse": 50.0},
        {},
        ("booked", "attended", "withdrawn"),
    ),
    "no patients": ({"requests": 0.0}, {}, ()),
    "much sickness": ({"registrar": 1.0, "cover": 12.0}, {"sick": 0.04}, ("withdrawn",)),
}


@pytest.mark.parametrize("name", REGIMES)
def test_engines_agree(scenes: Any, name: str) -> None:
    plan, changes, expected = REGIMES[name]
    plans = scenes.changing_staff(scenes.month_plans(2, 2, **plan))
    happened = compare(scenes, plans, scenes.beyond_range(**changes))
    for event in expected:
        assert happened[event] > 0, f"the regime '{name}' was to show the event '{event}'"


def test_engines_agree_when_staff_hubs_and_policies_change(scenes: Any) -> None:
    plans = scenes.changing_staff(scenes.month_plans(5, 2, requests=70.0, hub_slots=(12.0, 5.0), hub=0))
    hubs = ([0, 0], [0, -1], [1, 0], [-1, -1], [1, 1])
    plans = [
        replace(plan, hub=np.array(hub), access_model=np.array([i % 4, (3 * i + 1) % 4], np.int8))
        for i, (plan, hub) in enumerate(zip(plans, hubs, strict=True))
    ]
    happened = compare(scenes, plans, AppointmentParameters())
    assert min(happened[event] for event in ("withdrawn", "hub", "call", "cancelled", "comes back")) > 0


@st.composite
def drawn_parameters(draw: Any) -> AppointmentParameters:
    """Parameters anywhere in their ranges."""
    urgent, routine = draw(st.floats(0.39, 0.49)), draw(st.floats(0.36, 0.42))
    gp_slots, other_slots = draw(st.integers(14, 20)), draw(st.integers(10, 18))
    return AppointmentParameters.model_construct(
        **{
            **AppointmentParameters().model_dump(),
            "kind_share": (urgent, routine, 1 - urgent - routine),
            "gp_only_share": (draw(st.floats(0.5, 0.7)), draw(st.floats(0.5, 0.7)), draw(st.floats(0, 0.2))),
            "pharmacist_share": draw(st.floats(0.05, 0.25)),
            "patience_scale": draw(st.floats(7, 18)),
            "patience_shape": draw(st.floats(0.65, 2.6)),
            "prefers_usual_gp": draw(st.floats(0, 1)),
            "tolerated_days": tuple(draw(st.lists(st.integers(0, 28), min_size=4, max_size=4))),
            "slots_gp": gp_slots,
            "slots_other": other_slots,
            "slots_registrar": draw(st.integers(5, 9)),
            "carve_out_gp": draw(st.floats(0, 1)),
            "carve_out_other": draw(st.floats(0, 1)),
            "horizon": draw(st.integers(7, 63)),
            "leave_weeks": draw(st.integers(0, 12)),
            "sick": draw(st.floats(0, 0.04)),
            "call_back": draw(st.floats(0, 1)),
            "come_back": draw(st.floats(0, 1)),
            "come_back_after": draw(st.integers(1, 7)),
            "call_closes": draw(st.floats(0, 1)),
            "hub_return": draw(st.floats(0, 0.6)),
            "hub_return_after": draw(st.integers(1, 7)),
            "cancels": draw(st.floats(0, 0.5)),
            "length_cv": draw(st.floats(0.33, 1.3)),
            "first_hour": draw(st.floats(0.175, 0.7)),
        }
    )


@st.composite
def drawn_place(draw: Any) -> dict[str, Any]:
    """Staff, demand and policy of a small place."""
    return {
        "requests": draw(st.sampled_from([0.0, 3.0, 30.0, 60.0, 90.0])),
        "gps": tuple(draw(st.lists(st.floats(0, 10), max_size=4))),
        "access": draw(st.integers(0, 3)),
        "hub": draw(st.integers(-1, 0)),
        "hub_slots": (draw(st.floats(0, 60)),),
        "pharmacy_first": draw(st.floats(0, 1)),
        "cover": draw(st.floats(0, 25)),
        "registrar": draw(st.floats(0, 2)),
        "nurse": draw(st.floats(0, 2)),
        "other": draw(st.floats(0, 2)),
    }


SEEDS = st.integers(0, 2**32 - 1)
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@settings(max_examples=6, suppress_health_check=QUIET)
@given(parameters=drawn_parameters(), place=drawn_place(), seed=SEEDS)
def test_engines_agree_anywhere(
    scenes: Any, parameters: AppointmentParameters, place: dict[str, Any], seed: int
) -> None:
    compare(scenes, scenes.changing_staff(scenes.month_plans(2, 2, **place)), parameters, seed)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=QUIET)
@given(parameters=drawn_parameters(), place=drawn_place(), seed=SEEDS)
def test_engines_agree_anywhere_for_longer(
    scenes: Any, parameters: AppointmentParameters, place: dict[str, Any], seed: int
) -> None:
    compare(scenes, scenes.changing_staff(scenes.month_plans(5, 2, **place)), parameters, seed)


REQUESTS = int(os.environ.get("GPFED_COMPARED_REQUESTS", "30000"))


@pytest.mark.slow
@pytest.mark.parametrize("access", range(len(ACCESS_MODELS)), ids=ACCESS_MODELS)
def test_engines_agree_over_many_requests(scenes: Any, access: int) -> None:
    """As many as GPFED_COMPARED_REQUESTS says for each access model, with hub, changing staff and call-backs."""
    months, requests = 12, 150.0
    practices = max(2, round(REQUESTS / (requests * 253)) + 1)
    plans = scenes.changing_staff(
        scenes.month_plans(
            months, practices, requests=requests, gps=(6.3,) * 5, nurse=1.85, other=1.1, hub=0,
            hub_slots=(20.0 * practices,), access=access, pharmacy_first=0.2,
        )
    )  # fmt: skip
    happened = compare(scenes, plans, AppointmentParameters())
    assert happened["request"] >= REQUESTS
    print(
        f"{ACCESS_MODELS[access]}: {happened['request']:,} requests, {sum(happened.values()):,} events, no difference"
    )
