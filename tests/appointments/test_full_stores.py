"""A store that fills up grows or ends the run with a clear sentence; nobody is ever dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from abm.appointments.columns import FREE_NODE, FREE_NODES, RECORDS, TROUBLE
from abm.appointments.events import NO_RECORD, NO_TROUBLE, REQUESTED, put_down
from abm.appointments.interface import COUNTS
from abm.appointments.layer import TROUBLES, AppointmentLayer
from abm.appointments.layout import MOST_STAFF
from abm.appointments.tickets import MOST_REQUESTS
from abm.errors import InputError

MONDAY = date(2013, 3, 4)


def all_of(layer: AppointmentLayer, plans: list[Any]) -> list[np.ndarray[Any, Any]]:
    """Every count of every month, then every event."""
    months = [layer.run_month(plan) for plan in plans]
    return [np.column_stack([getattr(counts, name) for name, _ in COUNTS]) for counts in months] + [
        layer.take_records()
    ]


def busy(scenes: Any, **named: Any) -> list[Any]:
    return scenes.changing_staff(scenes.month_plans(3, 3, requests=110.0, hub=0, hub_slots=(25.0,), **named))


def test_room_for_waiting_patients_that_grows_again_and_again_changes_nothing(
    scenes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = busy(scenes)
    roomy = all_of(scenes.layer_for(plans, records=True), plans)
    make_room, grown = AppointmentLayer._more_nodes, []

    def little(layer: AppointmentLayer, more: int) -> None:
        """Four places at first, and a little more each time."""
        grown.append(more)
        make_room(layer, 4 if len(grown) == 1 else 100)

    monkeypatch.setattr(AppointmentLayer, "_more_nodes", little)
    narrow = all_of(scenes.layer_for(plans, records=True), plans)
    assert len(grown) > 5
    assert all(np.array_equal(a, b) for a, b in zip(roomy, narrow, strict=True))


def test_the_record_grows_at_practices_and_at_hubs_and_loses_nothing(scenes: Any) -> None:
    """The record is made as short as what it holds before each day; a Saturday's grows at the hub alone."""
    plans = [
        replace(plan, first_day=date(2013, 3, day), last_day=date(2013, 3, day))
        for plan in busy(scenes)[:1]
        for day in range(1, 12)
    ]
    usual, short = (scenes.layer_for(plans, records=True) for _ in range(2))
    at_hubs = 0
    for plan in plans:
        length = int(short._state["ledger"][RECORDS])
        short._state._arrays["record"] = short._state["record"][:length].copy()
        short._bind()
        usual.run_month(plan)
        contacts = short.run_month(plan).hub_contacts.sum()
        at_hubs += plan.first_day.weekday() == 5 and contacts > 0 and len(short._state["record"]) > length
    assert at_hubs > 0
    assert np.array_equal(usual.take_records(), short.take_records())


def test_a_full_list_of_waiting_patients_ends_the_run(scenes: Any) -> None:
    """The places are counted before each day; should the count ever be wrong, the run says so."""
    plans = scenes.month_plans(1, 1, requests=120.0)
    layer = scenes.layer_for(plans)
    layer._state["ledger"][FREE_NODE], layer._state["ledger"][FREE_NODES] = 0, 10**6
    with pytest.raises(RuntimeError, match=r"practice 0 on 2013-03-01: the list of waiting patients is full"):
        layer.run_month(plans[0])


def test_a_full_record_is_trouble_and_is_not_overwritten() -> None:
    ledger, record = np.zeros(6, np.int64), np.zeros((1, 8), np.int64)
    note = getattr(put_down, "py_func", put_down)
    for ticket in (5, 6):
        assert ledger[TROUBLE] == NO_TROUBLE
        note(record, ledger, 0, 1, REQUESTED, np.uint64(ticket), 0, 0, 0, 0)
    assert ledger[TROUBLE] == NO_RECORD and ledger[RECORDS] == 1 and record[0, 3] == 5


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_of_any_kind_ends_the_run_at_practices_and_hubs(scenes: Any, trouble: int) -> None:
    plan = scenes.small_plan(2, MONDAY, MONDAY, hub=0, hub_slots=(9.0,))
    layer = scenes.layer_for([plan])
    layer._state["ledger"][TROUBLE] = trouble
    with pytest.raises(RuntimeError, match=f"practice 0 on 2013-03-04: {TROUBLES[trouble]}"):
        layer.run_month(plan)
    saturday = replace(plan, first_day=date(2013, 3, 9), last_day=date(2013, 3, 9))
    layer = scenes.layer_for([saturday])
    layer._state["ledger"][TROUBLE] = trouble
    with pytest.raises(RuntimeError, match=f"hub 0 on 2013-03-09: {TROUBLES[trouble]}"):
        layer.run_month(saturday)


def test_nearly_as_many_requests_as_can_be_told_apart_are_all_told_apart(scenes: Any) -> None:
    plan = scenes.small_plan(1, MONDAY, MONDAY, requests=13_200.0)  # a Monday has 1.22 times the mean
    layer = scenes.layer_for([plan], records=True)
    counts = layer.run_month(plan)
    events = layer.take_records()
    tickets = events[events[:, 2] == REQUESTED, 3]
    assert 0.95 * MOST_REQUESTS < counts.requests.sum() == len(np.unique(tickets)) < MOST_REQUESTS
    assert not scenes.balance(counts).any()


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_more_requests_than_can_be_told_apart_end_the_run(scenes: Any, engine: str) -> None:
    plan = scenes.small_plan(1, MONDAY, MONDAY, requests=20_000.0, gps=(1.0,))
    with pytest.raises(RuntimeError, match=r"practice 0 on 2013-03-04: .*more requests"):
        scenes.layer_for([plan], engine=engine).run_month(plan)


def test_as_many_diaries_as_a_practice_may_have_and_one_more(scenes: Any) -> None:
    """Every practice has a locum's diary besides those asked for."""
    few = {"nurse": 0.0, "other": 0.0, "requests": 3000.0}
    plan = scenes.small_plan(1, MONDAY, MONDAY, gps=(10.0,) * (MOST_STAFF - 1), **few)
    counts = scenes.layer_for([plan]).run_month(plan)
    assert counts.clinician_days[0, 0] > 0.7 * MOST_STAFF and counts.urgent_same_day[0] > 0.9 * counts.requests[0, 0]
    assert not scenes.balance(counts).any()
    plan = scenes.small_plan(1, MONDAY, MONDAY, gps=(10.0,) * MOST_STAFF, **few)
    with pytest.raises(InputError, match=f"a practice has {MOST_STAFF + 1} diaries; the most allowed is {MOST_STAFF}"):
        scenes.layer_for([plan]).run_month(plan)


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_place_without_practices_has_nothing_to_count(scenes: Any, engine: str) -> None:
    plan = scenes.small_plan(0)
    assert scenes.layer_for([plan], engine=engine).run_month(plan).requests.shape == (0, 3)
