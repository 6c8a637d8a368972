"""Requests: the published rate a head and year, the season, the trend, and what proactive care spares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.calendar import Calendar
from abm.model import FederationModel
from abm.processes.appointments import diaries_begin, requests_per_open_day, season
from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.demand import DemandParameters

P = DemandParameters()
LISTS = np.array([[1260.0, 2812.0, 1801.0, 669.0, 576.0], [100.0, 0.0, 0.0, 0.0, 50.0]])
NEED = np.array([1.0, 1.2])
NOTHING = np.zeros(2)


@given(st.floats(0, 0.15))
def test_the_season_has_mean_one_and_peaks_in_january(amplitude: float) -> None:
    factors = [season(amplitude, month) for month in range(1, 13)]
    assert np.mean(factors) == pytest.approx(1.0)
    assert max(factors) == factors[0] == pytest.approx(1 + amplitude)
    assert min(factors) == pytest.approx(factors[6]) == pytest.approx(1 - amplitude)


def test_an_average_year_brings_list_times_rate() -> None:
    daily = requests_per_open_day(P, LISTS, NEED, NOTHING, 0.0, 1.0)
    assert daily * 253 == pytest.approx(LISTS * np.array([3.2, 4.2, 5.7, 7.8, 11.5]) * NEED[:, None])


def test_an_average_patient_asks_5_3_times_a_year() -> None:
    mix = np.array([ModelParameters().population.age_shares])
    yearly = 253 * requests_per_open_day(P, mix, np.ones(1), np.zeros(1), 0.0, 1.0).sum()
    assert yearly == pytest.approx(5.3, abs=0.05)


def test_the_first_year_by_the_calendar_is_nearly_that() -> None:
    calendar, total = Calendar(date(2014, 4, 1)), 0.0
    for month in range(1, 13):
        factor = season(P.season_amplitude, calendar.first_day(month).month)
        total += calendar.open_days(month) * requests_per_open_day(P, LISTS, NEED, NOTHING, 0.0, factor).sum()
    expected = (LISTS * np.array([3.2, 4.2, 5.7, 7.8, 11.5]) * NEED[:, None]).sum()
    assert total == pytest.approx(expected, rel=0.005)


@given(st.floats(0, 15), st.floats(0, 10))
def test_requests_grow_by_a_constant_factor_a_year(years: float, more: float) -> None:
    before, after = (requests_per_open_day(P, LISTS, NEED, NOTHING, y, 1.0) for y in (years, years + more))
    assert after == pytest.approx(before * 1.01**more)


def test_proactive_care_spares_the_old_alone_and_at_most_three_per_cent() -> None:
    plain = requests_per_open_day(P, LISTS, NEED, NOTHING, 0.0, 1.0)
    half, full = (requests_per_open_day(P, LISTS, NEED, np.full(2, x), 0.0, 1.0) for x in (0.15, 0.9))
    assert np.array_equal(full[:, :3], plain[:, :3])
    assert half[:, 3:] == pytest.approx(plain[:, 3:] * 0.985)
    assert full[:, 3:] == pytest.approx(plain[:, 3:] * 0.97)


def test_the_weeks_alone_and_the_reference_of_deprivation_are_parameters(
    small_model: Callable[..., FederationModel],
) -> None:
    for weeks in (6, 12):
        model = small_model(practices=10, parameters={"demand.weeks_alone": weeks})
        begin = diaries_begin(model.world.parameters.demand, model.world.calendar)
        assert (model.world.calendar.first_day(-11) - begin).days == 7 * weeks
    usual, other = (
        small_model(practices=10, parameters={"population.deprivation_reference": level}).world.practices
        for level in (0.5, 0.7)
    )
    assert (other.fte_target / usual.fte_target) == pytest.approx(
        (1 - 0.1 * (usual.deprivation - 0.7)) / (1 - 0.1 * (usual.deprivation - 0.5))
    )
    assert (other.need / usual.need) == pytest.approx(
        (1 + 0.15 * (usual.deprivation - 0.7)) / (1 + 0.15 * (usual.deprivation - 0.5))
    )
