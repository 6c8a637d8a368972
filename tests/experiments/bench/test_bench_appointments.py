"""The bench measures what it says: the same requests with and without the clock, and figures that hang together."""

import json
from dataclasses import fields
from datetime import date, timedelta

import numpy as np
import pytest

import gpfed
from abm.appointments.interface import Sites
from abm.appointments.layer import AppointmentLayer
from abm.scenario.scenario import Scenario
from abm.standstill import StandingPlace
from experiments.bench.appointments import bench_appointments, play_years
from experiments.bench.floor import floor
from experiments.bench.measure import least

FIRST = date(2014, 4, 1)


def test_without_the_clock_the_days_are_the_same():
    place = StandingPlace(Scenario.load("england").with_settings(practices=10))
    plan = place.plan(FIRST, FIRST + timedelta(41), parameters=place.scenario.parameters)
    counts = []
    for run in ("run_month", "run_without_clock"):
        layer = AppointmentLayer(
            1, Sites(place.world.practices.site_key), place.scenario.parameters.appointments, FIRST
        )
        counts.append(getattr(layer, run)(plan))
    for field in fields(counts[0]):
        assert np.array_equal(getattr(counts[0], field.name), getattr(counts[1], field.name)), field.name
    assert counts[0].requests.sum() > 10_000


def test_the_floor_books_one_slot_a_request():
    assert floor(320) == 320


def test_time_is_taken_a_unit_and_the_least_counts():
    work = iter([200_000, 2_000_000])

    def spend() -> int:
        number = next(work)
        sum(range(number))
        return number

    assert 0 < least(spend, 2) < 1e6


def test_figures_of_one_run_hang_together(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("experiments.bench.appointments.DAYS", {1: 14, 10: 7})
    monkeypatch.setattr("experiments.bench.appointments.FLOOR_REQUESTS", 100_000)
    monkeypatch.setattr("experiments.bench.appointments.QUEUE_CUSTOMERS", 500)
    monkeypatch.setattr("experiments.bench.appointments.REFERENCE_DAYS", 2)
    path = tmp_path / "bench.json"
    words = ["bench", "appointments", "--practices", "1", "--practices", "10", "--repeats", "1", "--json", str(path)]
    assert gpfed.main(words) == 0
    figures = json.loads(path.read_text())
    for name in ("compiled", "kernel", "reference", "floor"):
        assert figures[f"{name}_ns_per_request"] > 0
    assert figures["reference_over_compiled"] == pytest.approx(
        figures["reference_ns_per_request"] / figures["compiled_ns_per_request"]
    )
    assert set(figures["compiled_ns_by_practices"]) == {"1", "10"} and figures["practices"] == 10
    assert "floor" in capsys.readouterr().out


def test_a_whole_place_balances_and_tells_what_it_took():
    figures = play_years(Scenario.load("england").with_settings(practices=10), 1)
    assert figures["balanced"] and figures["practices"] == 10 and figures["years"] == 1
    assert figures["ns_per_request"] == pytest.approx(1e9 * figures["processor_seconds"] / figures["requests"])
    assert 4 < figures["requests"] / figures["patients"] < 7  # requests a patient a year


def test_impossible_sizes_are_refused(capsys):
    assert gpfed.main(["bench", "appointments", "--practices", "0"]) == 2
    assert "--practices 0 is out of range; allowed are 1 to 7909" in capsys.readouterr().err
    with pytest.raises(ValueError):
        bench_appointments((), 1)
