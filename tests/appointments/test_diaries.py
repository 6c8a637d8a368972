"""Sessions, leave, sickness and what patients keep when staff change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from abm.appointments.diary import slot_second, slots_from
from abm.appointments.interface import CLINICIANS
from abm.scenario.parameters.appointments import AppointmentParameters


def run_year(
    scenes: Any, parameters: AppointmentParameters | None = None, months: int = 24, n: int = 20, **place: Any
) -> Any:
    plans = scenes.month_plans(months, n, **place)
    layer = scenes.layer_for(plans, parameters)
    return [layer.run_month(plan) for plan in plans]


def test_slots_offered_are_sessions_times_slots_times_availability(scenes: Any) -> None:
    """44 weeks of 52, as the capacity of a month assumes; for every kind of clinician."""
    counts = run_year(scenes, requests=0.0, gps=(6.3, 4.25), registrar=1.48, nurse=1.85, other=1.1, cover=2.5)
    days = sum(month.open_days for month in counts)
    offered = sum(month.slots_offered.sum(axis=0) for month in counts)
    sessions = {"gp": 10.55, "cover": 2.5, "registrar": 1.48 * 6.25, "nurse": 1.85 * 8.8, "other": 1.1 * 8.8}
    slots = {"gp": 16, "cover": 16, "registrar": 7, "nurse": 15, "other": 15}
    outside = sum(month.outside_locum_sessions.sum() for month in counts) * 16
    for number, kind in enumerate(CLINICIANS):
        weeks = 104.3 if kind == "cover" else days / 5  # a locum moves to open half-days, others lose a bank holiday
        expected = 20 * sessions[kind] * slots[kind] * weeks * 0.871
        got = offered[number] - (outside if kind == "cover" else 0)
        assert got == pytest.approx(expected, rel=0.03), kind


@pytest.mark.parametrize("leave", [0, 3, 6, 12])
def test_leave_takes_its_weeks(scenes: Any, leave: int) -> None:
    counts = run_year(
        scenes, scenes.beyond_range(leave_weeks=leave, sick=0.0), n=40, requests=0.0, gps=(10.0,), nurse=0.0, other=0.0
    )
    worked = sum(month.clinician_days[:, 0].sum() for month in counts) / (40 * sum(month.open_days for month in counts))
    assert worked == pytest.approx(1 - leave / 52, abs=0.01)


def test_sickness_takes_its_share(scenes: Any) -> None:
    parameters = scenes.beyond_range(leave_weeks=0, sick=0.04)
    counts = run_year(scenes, parameters, n=40, requests=0.0, gps=(10.0,), nurse=0.0, other=0.0)
    days = 40 * sum(month.open_days for month in counts)
    sick = days - sum(month.clinician_days[:, 0].sum() for month in counts)
    assert sick == pytest.approx(0.04 * days, abs=4 * np.sqrt(days * 0.04 * 0.96))
    locums = sum(month.outside_locum_sessions.sum() for month in counts)
    assert locums == sick  # the only GP is missing, so an outside locum takes a session


def test_patients_of_a_gp_who_leaves_ring_again_and_nobody_is_lost(scenes: Any) -> None:
    plans = scenes.month_plans(3, 1, requests=50.0)
    layer = scenes.layer_for(plans, scenes.beyond_range(sick=0.0), records=True)
    layer.run_month(plans[0])
    layer.take_records()
    gone = int(plans[1].gp_key[0].astype(np.int64))
    left = replace(
        plans[1], gp_key=plans[1].gp_key[1:], gp_sessions=plans[1].gp_sessions[1:], gp_practice=plans[1].gp_practice[1:]
    )
    counts = layer.run_month(left)
    rows = layer.take_records()
    assert counts.withdrawn[0] > 30
    withdrawn = rows[rows[:, 2] == 10]
    assert set(withdrawn[:, 5]) == {gone} and len(set(withdrawn[:, 1])) == 1  # all on the first open day
    booked = rows[rows[:, 2] == 3]
    assert gone not in set(booked[:, 5])
    rebooked = {ticket & ((1 << 42) - 1) for ticket in booked[booked[:, 3] >> 45 & 1 == 1][:, 3].tolist()}
    assert len(rebooked & {ticket & ((1 << 42) - 1) for ticket in withdrawn[:, 3].tolist()}) > 0.7 * len(withdrawn)
    assert not scenes.balance(counts).any()


def test_fewer_sessions_withdraw_the_free_slots_first(scenes: Any) -> None:
    """Nearly empty diaries lose a session without anybody losing a slot on days that are still worked."""
    plans = scenes.month_plans(2, 10, requests=4.0, gps=(10.0,), nurse=0.0, other=0.0)
    layer = scenes.layer_for(plans, scenes.beyond_range(sick=0.0, leave_weeks=0))
    layer.run_month(plans[0])
    fewer = replace(plans[1], gp_sessions=np.full(10, 9.0))  # one half-day less, every day still worked
    counts = layer.run_month(fewer)
    assert counts.withdrawn.sum() == 0
    assert counts.slots_offered[:, 0].sum() < 10 * counts.open_days * 32


def test_more_sessions_are_free_at_once(scenes: Any) -> None:
    plans = scenes.month_plans(2, 5, requests=60.0, gps=(4.0,))
    same, more = (scenes.layer_for(plans, scenes.beyond_range(sick=0.0)) for _ in range(2))
    same.run_month(plans[0])
    more.run_month(plans[0])
    before = same.run_month(plans[1])
    after = more.run_month(replace(plans[1], gp_sessions=np.full(5, 8.0)))
    assert after.withdrawn.sum() == before.withdrawn.sum() == 0
    assert (after.slots_offered[:, 0] > 1.5 * before.slots_offered[:, 0]).all()
    assert (after.access() > before.access()).all()


def test_cover_works_where_gps_are_few(scenes: Any) -> None:
    """A locum's five sessions fill the half-days of a GP who works the other five."""
    parameters = scenes.beyond_range(sick=0.0, leave_weeks=0, carve_out_gp=0.0)
    plans = scenes.month_plans(2, 1, requests=300.0, gps=(5.0,), cover=5.0, nurse=0.0, other=0.0)
    layer = scenes.layer_for(plans, parameters, records=True)
    for plan in plans:
        counts = layer.run_month(plan)
    rows = layer.take_records()
    before_easter = (date(2013, 3, 25) - date(2000, 1, 1)).days  # in a short week the two must overlap
    seen = rows[((rows[:, 2] == 13) | (rows[:, 2] == 12)) & (rows[:, 1] < before_easter)]
    half_days = {
        kind: {(day, slot >= 32) for _, day, _, _, who, _, slot, _ in seen.tolist() if who == kind} for kind in (0, 1)
    }
    assert not half_days[0] & half_days[1]
    assert counts.outside_locum_sessions[0] == 0


def test_surgeries_run_late_when_consultations_are_long(scenes: Any) -> None:
    short, long = (
        run_year(scenes, scenes.beyond_range(length_gp=minutes, length_other=minutes), months=2, n=3, requests=80.0)
        for minutes in (4.6, 18.4)
    )
    assert sum(m.overrun_seconds.sum() for m in long) > 20 * sum(m.overrun_seconds.sum() for m in short)
    mean_wait = [
        sum(m.surgery_wait_seconds.sum() for m in some) / sum(m.attended.sum() for m in some) for some in (short, long)
    ]
    assert mean_wait[0] < 120 and mean_wait[1] > 1200


def test_the_slots_from_a_second_on_are_those_that_start_then_or_later() -> None:
    """Around every whole tick of a day: the shift that stands for a division is exact."""
    interpreted = [getattr(function, "py_func", function) for function in (slots_from, slot_second)]
    slots = [*range(31), *range(32, 63)]
    starts = [interpreted[1](slot) for slot in slots]
    for second in (tick + more for tick in range(600, 90_000, 600) for more in (-1, 0, 1, 299)):
        offered = int(interpreted[0](second))
        assert [slot for slot in slots if offered >> slot & 1] == [
            slot for slot, start in zip(slots, starts, strict=True) if start >= second
        ]
