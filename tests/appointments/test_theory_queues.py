"""Degenerate settings equal theory: diaries, surgeries, days and hubs whose long run is known exactly.

Erlang C (M/M/c, waiting in continuous time) is no limit of this layer, because slots are ten minutes and diaries deal
in whole days; the nearest exact statement is Crommelin's M/D/c with a service time of one open day, to which the law of
the backlog at the days' ends and the mean wait are equal.
"""

from __future__ import annotations

import laws
import numpy as np
import pytest
import theory
from scipy import stats

from abm.appointments.rules import length_table


@pytest.mark.parametrize("setting", theory.SETTINGS)
def test_setting_equals_its_law(setting: str) -> None:
    for figure in theory.SETTINGS[setting](setting):
        assert figure.holds, str(figure)


@pytest.mark.slow
@pytest.mark.parametrize("setting", theory.LONG_SETTINGS)
def test_setting_equals_its_law_in_the_long_run(setting: str) -> None:
    for figure in theory.LONG_SETTINGS[setting](setting):
        assert figure.holds, str(figure)


@pytest.mark.parametrize(("slots", "mean"), [(1, 0.5), (1, 0.95), (2, 1.9), (10, 12.0)])
def test_backlog_is_crommelin_s_chain_day_by_day(slots: int, mean: float) -> None:
    """Not in the long run but every day: Q' = max(Q - c, 0) + new requests, and min(Q, c) patients are seen."""
    plan, parameters = theory.queue_of(slots, mean, practices=20)
    layer = theory.layer_of(plan, parameters, seed=31)
    backlog = np.zeros(20, np.int64)
    for counts in theory.open_days(layer, plan, 100):
        assert not counts.refused.any()
        assert np.array_equal(counts.attended, np.minimum(backlog, slots))
        backlog = np.maximum(backlog - slots, 0) + counts.requests.sum(axis=1)
        assert np.array_equal(counts.closing_in_system, backlog)
    assert backlog.sum() > 0


@pytest.mark.parametrize("load", [0.3, 0.5, 0.8])
def test_law_of_one_slot_is_pollaczek_and_khinchine_s(load: float) -> None:
    law = laws.diary(load, 1, np.ones(80))
    assert law.mean_wait == pytest.approx(load / (2 * (1 - load)), rel=1e-6)
    assert law.mean_backlog == pytest.approx(load + load**2 / (2 * (1 - load)), rel=1e-6)
    assert law.backlog[0] == pytest.approx(1 - load, rel=1e-6)


@pytest.mark.parametrize(("slots", "mean"), [(2, 1.0), (2, 1.7), (5, 4.5)])
def test_law_of_several_slots_is_crommelin_s(slots: int, mean: float) -> None:
    law = laws.diary(mean, slots, np.ones(60))
    assert law.mean_wait == pytest.approx(laws.crommelin_mean_wait(mean, slots), rel=1e-6)
    assert law.mean_backlog == pytest.approx(mean * (1 + law.mean_wait), rel=1e-6)  # Little


def test_law_of_impatience_has_its_two_limits() -> None:
    """Nobody waits: each day's first c requests are booked. Hardly any demand: nobody needs to wait."""
    nobody = np.concatenate([[1.0], np.zeros(20)])
    for mean, slots in ((3.0, 2), (1.0, 1), (8.0, 10)):
        law = laws.diary(mean, slots, nobody)
        assert 1 - law.refused == pytest.approx(laws.taken(mean, slots) / mean, rel=1e-6)
        assert law.mean_wait == pytest.approx(0.0, abs=1e-9)
    assert laws.diary(0.01, 2, np.exp(-np.arange(20) / 2)).refused < 0.01**2


def test_without_patience_the_day_is_a_loss_system() -> None:
    """Every day min(N, 2) of the requests are booked for the next one, and the rest are refused."""
    plan, parameters = theory.queue_of(2, 3.0, practices=20, patience_scale=1e-6)
    layer = theory.layer_of(plan, parameters, seed=32)
    for counts in theory.open_days(layer, plan, 100):
        made = counts.requests.sum(axis=1)
        assert np.array_equal(counts.closing_in_system, np.minimum(made, 2))
        assert np.array_equal(counts.abandoned, np.maximum(made - 2, 0))


def test_afternoon_slots_for_the_early_are_a_loss_system() -> None:
    """All urgent requests are made before nine and the slots are in the afternoon: min(N, c) of them are seen."""
    mean, slots = 4.0, 3
    parameters = theory.plain(kind_share=(1.0, 0.0, 0.0), slots_gp=slots, first_hour=1.0 - 1e-9)
    plan = theory.place(20, mean, keys=theory.AFTERNOONS, sessions=1.0)
    layer = theory.layer_of(plan, parameters, seed=33)
    for counts in theory.open_days(layer, plan, 100):
        assert np.array_equal(counts.urgent_same_day, np.minimum(counts.urgent_requests, slots))
        assert np.array_equal(counts.unmet_urgent, counts.urgent_requests - counts.urgent_same_day)


def test_law_of_a_day_s_urgent_requests_has_its_limits() -> None:
    """Few find a slot unless the last is past; very many take every slot; and a reserve matters to nobody alone."""
    last_call = laws.AFTERNOON + 600 * 3 - 900 + 1
    in_time = float(laws.made_by(np.array(last_call), 0.35))
    assert laws.urgent_seen(1e-4, 0.35, 4, set()) / 1e-4 == pytest.approx(in_time, rel=1e-3)
    assert laws.urgent_seen(1e4, 0.35, 4, set()) == pytest.approx(8.0, rel=1e-6)
    assert laws.urgent_seen(6.0, 0.35, 4, set()) == pytest.approx(laws.urgent_seen(6.0, 0.35, 4, {0, 1, 2, 3}))
    assert laws.urgent_seen(6.0, 0.35, 4, {1, 3}) <= laws.urgent_seen(6.0, 0.35, 4, set())


@pytest.mark.parametrize(("minutes", "slots"), [(9.2, 16), (10.0, 16), (9.9, 20)])
def test_nobody_waits_in_a_surgery_of_short_and_even_lengths(minutes: float, slots: int) -> None:
    parameters = theory.plain(slots_gp=slots, length_gp=minutes, length_cv=0.0, patience_scale=1e-6)
    plan = theory.place(5, 90.0)
    counts = theory.run(theory.layer_of(plan, parameters, seed=34), plan, 56)
    assert not counts.surgery_wait_seconds.any() and not counts.overrun_seconds.any()
    assert np.array_equal(counts.work_seconds, round(60 * minutes) * counts.attended)


def test_each_patient_of_even_but_long_lengths_waits_for_all_before() -> None:
    """Twelve minutes in slots of ten: the i-th patient waits 2 (i - 1) minutes and a session overruns by 2 c."""
    slots, late = 16, 120
    parameters = theory.plain(slots_gp=slots, length_gp=12.0, length_cv=0.0, patience_scale=1e-6)
    plan = theory.place(5, 90.0)
    layer = theory.layer_of(plan, parameters, seed=35)
    theory.run(layer, plan, 7)
    counts = theory.run(layer, plan, 56)
    assert (counts.surgery_wait_seconds == counts.open_days * 2 * late * slots * (slots - 1) // 2).all()
    assert (counts.overrun_seconds == counts.open_days * 2 * late * slots).all()
    waits, overrun = laws.surgery(length_table(12.0, 0.0), slots)
    assert np.allclose(waits, late * np.tile(np.arange(slots), 2)) and overrun == pytest.approx(2 * late * slots)


def test_lindley_s_law_of_the_second_patient_is_the_mean_excess() -> None:
    lengths = length_table(9.2, 0.65)
    waits, _ = laws.surgery(lengths, 16)
    assert waits[0] == 0 and waits[1] == pytest.approx(np.maximum(lengths - 600, 0).mean())
    twice = np.maximum(np.maximum(lengths[:, None] - 600, 0) + lengths[None, :] - 600, 0).mean()
    assert waits[2] == pytest.approx(twice)


@pytest.mark.parametrize(("members", "evening"), [(1, 3), (3, 10), (3, 2)])
def test_hub_takes_as_many_as_it_has_places_the_urgent_first(members: int, evening: int) -> None:
    """Every evening, to the patient: min(refused, places) in all and min(urgent refused, places) of the urgent."""
    parameters = theory.plain(kind_share=(0.5, 0.5, 0.0), slots_gp=0, hub_day_share=(0.2, 0.0, 0.0))
    plan = theory.place(members, 3.0, keys=(), hub=np.zeros(members, np.int64), hub_slots=(5.0 * evening,))
    layer = theory.layer_of(plan, parameters, seed=36)
    full = 0
    for counts in theory.open_days(layer, plan, 150):
        refused, urgent = int(counts.requests.sum()), int(counts.urgent_requests.sum())
        assert counts.refused.sum() == refused
        assert counts.attended_hub.sum() == min(refused, evening)
        assert counts.urgent_same_day.sum() == min(urgent, evening)
        assert counts.unmet_urgent.sum() == urgent - counts.urgent_same_day.sum()
        full += refused > evening
    assert full > 10


def test_taken_is_the_mean_of_the_smaller() -> None:
    number = np.arange(80)
    for mean, places in ((1.0, 2), (12.0, 4), (3.0, 0)):
        assert laws.taken(mean, places) == pytest.approx(np.minimum(number, places) @ stats.poisson.pmf(number, mean))
