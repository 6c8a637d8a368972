"""The compiled engine and the plain SimPy model are the same model: every event of every request is equal."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
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
    unrecorded = scenes.layer_for(plans, parameters, seed=seed)  # new requests take a shorter way without a record
    happened = dict.fromkeys(EVENTS, 0)
    for plan in plans:
        a, b, silent = compiled.run_month(plan), reference.run_month(plan), unrecorded.run_month(plan)
        events = []
        for layer in (compiled, reference):
            rows = layer.take_records()
            events.append(rows[np.lexsort(rows.T[::-1])])
        assert np.array_equal(*events), f"the engines differ in the month from {plan.first_day}"
        for name, _ in (*COUNTS, ("opening_in_system", 1), ("closing_booked", 1), ("closing_pending", 1)):
            assert np.array_equal(getattr(a, name), getattr(b, name)), f"{name} in the month from {plan.first_day}"
            assert np.array_equal(getattr(a, name), getattr(silent, name)), f"{name} depends on the record"
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


def test_engines_agree_when_staff_change_on_a_day_of_much_sickness(scenes: Any) -> None:
    """Those who lose a slot ring again in the order of the causes: the new sessions of all diaries, then sickness."""
    plans = scenes.changing_staff(scenes.month_plans(4, 2, requests=110.0, gps=(6.3,) * 5, nurse=1.85, access=2))
    happened = compare(scenes, plans, scenes.beyond_range(sick=0.3))
    assert happened["withdrawn"] > 100


MERGERS: dict[str, tuple[dict[str, Any], list[tuple[int, ...]]]] = {
    "a later practice joins": ({}, [(0, 1, 2), (0, 0, 2), (0, 0, 2)]),
    "an earlier practice joins": ({}, [(0, 1, 2), (2, 1, 2), (2, 1, 2)]),
    "doctor first": ({"access": 2}, [(0, 1, 2), (0, 0, 2), (0, 0, 2)]),
    "overload": ({"requests": 160.0}, [(0, 1, 2), (1, 1, 1), (1, 1, 1)]),
    "one after the other": ({}, [(0, 1, 2), (0, 0, 2), (2, 2, 2), (2, 2, 2)]),
    "apart again": ({}, [(0, 0, 0), (0, 1, 2), (2, 1, 2), (0, 0, 2)]),
    "the other way round": ({}, [(0, 1, 2), (0, 0, 2), (1, 1, 2), (0, 0, 0)]),
    "from the first day": ({}, [(1, 1, 1), (1, 1, 1)]),
    "nobody on the staff": ({"gps": (), "nurse": 0.0, "other": 0.0}, [(0, 1, 2), (0, 0, 2)]),
}


@pytest.mark.parametrize("name", MERGERS)
def test_engines_agree_when_practices_merge(scenes: Any, name: str) -> None:
    """With a hub of two of the three, and of all in the months that begin at a weekend."""
    place, served_by = MERGERS[name]
    plans = scenes.month_plans(
        len(served_by), 3, **{"requests": 70.0, "hub": 0, "hub_slots": (9.0,), "cover": 4.0, "registrar": 0.5, **place}
    )
    hubs = ([0, -1, 0], [0, 0, 0], [-1, 0, 0], [0, -1, 0])
    plans = [replace(plan, hub=np.array(hub)) for plan, hub in zip(plans, hubs, strict=False)]
    plans = [scenes.merged(plan, row) for plan, row in zip(plans, served_by, strict=True)]
    happened = compare(scenes, plans, AppointmentParameters())
    assert happened["withdrawn"] > 0 and happened["hub"] > 0


def test_engines_agree_when_a_practice_closes_and_its_list_is_dispersed(scenes: Any) -> None:
    """Its staff go, nobody rings for it any more, and the receiving practice keeps what is in its book."""
    plans = scenes.month_plans(3, 3, requests=70.0, hub=0, hub_slots=(9.0,))
    closed = [
        scenes.merged(
            replace(
                plan, gp_practice=plan.gp_practice[plan.gp_practice != 1], gp_key=plan.gp_key[plan.gp_practice != 1],
                gp_sessions=plan.gp_sessions[plan.gp_practice != 1],
            ),
            (0, 2, 2), (1.4, 0.0, 1.6),
        )
        for plan in plans[1:]
    ]  # fmt: skip
    happened = compare(scenes, [plans[0], *closed], AppointmentParameters())
    assert happened["withdrawn"] > 50


def test_engines_agree_when_a_merger_waits_for_an_open_day(scenes: Any) -> None:
    """Months in pieces: a weekend alone tells of the merger and of another hub, the Monday carries it out."""
    plan = scenes.small_plan(2, requests=110.0, hub=0, hub_slots=(14.0, 3.0))
    pieces = []
    for first, last, served_by, hub in (  # 1 March 2013 is a Friday
        (date(2013, 3, 1), date(2013, 3, 15), (0, 1), (0, 0)),
        (date(2013, 3, 16), date(2013, 3, 17), (1, 1), (0, 1)),
        (date(2013, 3, 18), date(2013, 3, 22), (1, 1), (0, 0)),
        (date(2013, 3, 23), date(2013, 3, 29), (0, 0), (0, 0)),
        (date(2013, 3, 30), date(2013, 4, 1), (0, 1), (1, 0)),
        (date(2013, 4, 2), date(2013, 4, 5), (1, 1), (0, 0)),
    ):
        piece = replace(plan, first_day=first, last_day=last, hub=np.array(hub))
        pieces.append(scenes.merged(piece, served_by))
    compare(scenes, pieces, AppointmentParameters())


def test_engines_agree_when_a_gp_works_in_both_practices_that_merge(scenes: Any) -> None:
    plans = scenes.month_plans(2, 2, requests=70.0)
    plans = [replace(plan, gp_key=plan.gp_key[[0, 1, 0, 3]]) for plan in plans]
    compare(scenes, [plans[0], scenes.merged(plans[1], (1, 1))], AppointmentParameters())


@st.composite
def drawn_servers(draw: Any, n: int) -> tuple[int, ...]:
    """Who serves each of n sites."""
    serving = draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=n, unique=True))
    return tuple(row if row in serving else draw(st.sampled_from(serving)) for row in range(n))


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


def compare_mergers(
    scenes: Any, parameters: AppointmentParameters, place: dict[str, Any], seed: int, data: Any
) -> None:
    """Three practices for four months, each month with any of them serving any of the others and any access models."""
    plans = []
    for plan in scenes.changing_staff(scenes.month_plans(4, 3, **place)):
        access = np.array(data.draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)), np.int8)
        rate = data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=3, max_size=3))
        plans.append(scenes.merged(replace(plan, access_model=access), data.draw(drawn_servers(3)), rate))
    compare(scenes, plans, parameters, seed)


@settings(max_examples=6, suppress_health_check=QUIET)
@given(parameters=drawn_parameters(), place=drawn_place(), seed=SEEDS, data=st.data())
def test_engines_agree_whoever_serves_whom(
    scenes: Any, parameters: AppointmentParameters, place: dict[str, Any], seed: int, data: Any
) -> None:
    compare_mergers(scenes, parameters, place, seed, data)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=QUIET)
@given(parameters=drawn_parameters(), place=drawn_place(), seed=SEEDS, data=st.data())
def test_engines_agree_whoever_serves_whom_in_more_places(
    scenes: Any, parameters: AppointmentParameters, place: dict[str, Any], seed: int, data: Any
) -> None:
    compare_mergers(scenes, parameters, place, seed, data)


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
