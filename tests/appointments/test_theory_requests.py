"""Requests follow the laws that the parameters state, as seen from outside the layer."""

from __future__ import annotations

import math
from typing import Any

import laws
import numpy as np
import pytest
import theory
from scipy import stats

from abm.appointments.rules import length_table, open_calendar, patience_table
from abm.scenario.parameters.appointments import AppointmentParameters

SURE = float(stats.norm.ppf(0.9995))  # two-sided 99.9%
REQUESTED, BOOKED = 0, 3
SHARES = AppointmentParameters().routine_day_share


def fits(observed: Any, expected: Any) -> bool:
    """A chi-square test at 0.1% over cells that hold enough."""
    observed, expected = np.asarray(observed, float), np.asarray(expected, float)
    assert expected.min() > 10 and observed.sum() == pytest.approx(expected.sum(), rel=0.05)
    return bool(stats.chi2.sf(((observed - expected) ** 2 / expected).sum(), len(expected) - 1) > 1 - theory.LEVEL)


def test_numbers_of_requests_are_poisson_on_every_weekday() -> None:
    """Mean, variance and law of a day's number, by weekday, and no memory from one day to the next."""
    practices, weeks, mean = 100, 40, 23.0
    parameters = AppointmentParameters()
    plan = theory.place(practices, mean)
    layer = theory.layer_of(plan, parameters, seed=41)
    made = {weekday: [] for weekday in range(5)}  # type: ignore[var-annotated]
    residual = []
    for counts in theory.open_days(layer, plan, 5 * weeks):
        number = counts.requests.sum(axis=1)
        weekday = counts.first_day.weekday()
        made[weekday].append(number)
        expected = mean * parameters.weekday[weekday]
        residual.append((number - expected) / math.sqrt(expected))
    for weekday, days in made.items():
        numbers, expected = np.concatenate(days), mean * parameters.weekday[weekday]
        n = len(numbers)
        assert numbers.mean() == pytest.approx(expected, abs=SURE * math.sqrt(expected / n))
        dispersion = np.square(numbers - expected).sum() / expected
        assert dispersion == pytest.approx(n, abs=SURE * math.sqrt(n * (2 + 1 / expected)))
        low, high = (int(stats.poisson.ppf(tail, expected)) for tail in (0.01, 0.99))
        law = np.diff([0.0, *stats.poisson.cdf(np.arange(low, high), expected), 1.0])
        assert fits(np.bincount(np.clip(numbers, low, high) - low, minlength=len(law)), n * law)
    paced = np.array(residual)
    link = (paced[1:] * paced[:-1]).mean()
    assert link == pytest.approx(0.0, abs=SURE / math.sqrt(paced[1:].size))


def test_requests_of_a_day_follow_its_profile_and_parts_of_it_know_nothing_of_each_other() -> None:
    practices, mean = 60, 30.0
    parameters = AppointmentParameters()
    plan = theory.place(practices, mean)
    layer = theory.layer_of(plan, parameters, seed=42, records=True)
    counts = theory.run(layer, plan, 182)
    rows = layer.take_records()
    rows = rows[rows[:, 2] == REQUESTED]
    edges = np.arange(laws.OPENING, laws.CLOSING + 1, 1800)
    share = np.diff(laws.made_by(edges, parameters.first_hour))
    observed, _ = np.histogram(rows[:, 6], edges)
    assert observed.sum() == len(rows) == counts.requests.sum()
    assert fits(observed, len(rows) * share)
    quarters = np.histogram(rows[rows[:, 6] < laws.FIRST_HOUR_ENDS, 6], np.arange(28_800, 32_401, 300))[0]
    assert fits(quarters, np.full(12, quarters.sum() / 12))  # even within the first hour

    numbers = np.zeros((2, practices, rows[:, 1].max() + 1))
    np.add.at(numbers, ((rows[:, 6] >= laws.FIRST_HOUR_ENDS).astype(int), rows[:, 0], rows[:, 1]), 1)
    open_day = np.unique(rows[:, 1])
    weekday = (open_day - 2) % 7
    expected = mean * np.array(parameters.weekday)[weekday]
    first_hour, rest = numbers[0][:, open_day], numbers[1][:, open_day]
    both = (first_hour - 0.35 * expected) * (rest - 0.65 * expected)
    spread = np.sqrt(0.35 * 0.65) * expected
    assert (both / spread).mean() == pytest.approx(0.0, abs=SURE / math.sqrt(both.size))


@pytest.mark.parametrize("weighted", [False, True])
def test_usual_gps_are_drawn_in_proportion_to_sessions(weighted: bool) -> None:
    """With room for everybody and endless tolerance, all who prefer their usual GP are booked with that GP."""
    sessions, weight = (2.0, 5.0, 8.0, 10.0), (1.0, 1.0, 3.0, 0.5)
    parameters = theory.plain(prefers_usual_gp=1.0, tolerated_days=(60,) * 4, slots_gp=20)
    plan = theory.place(40, 20.0, keys=(0, 1, 2, 3), sessions=sessions)
    if weighted:
        plan = type(plan)(**{**vars(plan), "usual_gp_weight": np.tile(weight, 40)})
    layer = theory.layer_of(plan, parameters, seed=43, records=True)
    theory.run(layer, plan, 182)
    rows = layer.take_records()
    booked = rows[rows[:, 2] == BOOKED]
    assert (booked[:, 7] & 2 == 2).all()
    share = np.array(weight if weighted else sessions)
    assert fits(np.bincount(booked[:, 5], minlength=4), len(booked) * share / share.sum())


def test_where_all_gps_have_room_on_the_day_even_the_indifferent_see_their_usual_one() -> None:
    plan = theory.place(20, 4.0, keys=(0, 10))
    counts = theory.run(theory.layer_of(plan, theory.plain(slots_gp=20), seed=44), plan, 182)
    assert counts.gp_contacts.all() and np.array_equal(counts.usual_gp_contacts, counts.gp_contacts)


def test_days_wanted_are_the_days_booked_where_there_is_room() -> None:
    parameters = theory.plain(kind_share=(0.0, 0.5, 0.5), slots_gp=20, routine_day_share=SHARES)
    plan = theory.place(40, 12.0)
    layer = theory.layer_of(plan, parameters, seed=45, records=True)
    counts = theory.run(layer, plan, 364)
    assert not counts.refused.any()
    rows = layer.take_records()
    kind = {(practice, ticket): what for practice, ticket, what in rows[rows[:, 2] == REQUESTED][:, [0, 3, 4]].tolist()}
    booked = rows[rows[:, 2] == BOOKED]
    ahead = (booked[:, 6] >> 6) - open_calendar()[1][booked[:, 1]]
    planned = np.array([kind[practice, ticket] == 2 for practice, ticket in booked[:, [0, 3]].tolist()])
    routine = np.bincount(ahead[~planned], minlength=21)
    law = np.repeat(np.array(parameters.routine_day_share) / (1, 4, 5, 5, 5), (1, 4, 5, 5, 5))
    assert routine[0] == 0 and fits(routine[1:], (~planned).sum() * law)
    of_planned = np.bincount(ahead[planned], minlength=31)
    assert of_planned[:5].sum() == 0 and fits(of_planned[5:], np.full(26, planned.sum() / 26))


@pytest.mark.parametrize(("scale", "shape"), [(2.0, 1.0), (4.0, 1.3), (11.0, 1.3)])
def test_patience_table_is_its_law_to_the_table_s_resolution(scale: float, shape: float) -> None:
    """The shares that wait k days, and so the mean, differ from the Weibull law by less than an entry in 1024."""
    table = patience_table(scale, shape)
    days = np.arange(1, 128)
    error = (table[:, None] >= days).mean(axis=0) - stats.weibull_min.sf(days, shape, scale=scale)
    assert np.abs(error).max() <= 0.5 / 1024 + 1e-12
    assert table.mean() == pytest.approx(stats.weibull_min.sf(days, shape, scale=scale).sum(), rel=2e-3)


@pytest.mark.parametrize(("minutes", "variation"), [(9.2, 0.65), (14.0, 0.65), (11.0, 0.3)])
def test_length_table_is_its_law_to_the_table_s_resolution(minutes: float, variation: float) -> None:
    """Entry j is the lognormal quantile (j + 1/2) / 1024, but for a factor near one that keeps the mean, in seconds."""
    table = length_table(minutes, variation)
    sigma = math.sqrt(math.log1p(variation**2))
    law = stats.lognorm(sigma, scale=60 * minutes / math.sqrt(1 + variation**2))
    quantiles = law.ppf((np.arange(1024) + 0.5) / 1024)
    factor = 60 * minutes / quantiles.mean()
    assert 1 <= factor < 1.005
    assert np.abs(table - factor * quantiles).max() <= 0.5 + 1e-6
    assert table.mean() == pytest.approx(60 * minutes, abs=0.5)
