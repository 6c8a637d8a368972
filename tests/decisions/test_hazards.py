"""From hazards to chances: limits, and what happens when months are put together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions.hazards import chance, logistic, monthly_chance, softmax

HAZARD = st.floats(0, 20)


@given(HAZARD)
def test_twelve_months_of_survival_are_a_year_of_it(hazard: float) -> None:
    assert (1 - monthly_chance(hazard)) ** 12 == pytest.approx(math.exp(-hazard))
    assert float(monthly_chance(hazard)) == float(chance(hazard / 12))


def test_a_small_hazard_is_its_chance() -> None:
    assert chance(1e-12) == pytest.approx(1e-12, rel=1e-9)
    assert chance(0.0) == 0.0


@given(st.floats(-500, 500))
def test_logistic_is_symmetric_and_inverts_log_odds(x: float) -> None:
    assert logistic(x) + logistic(-x) == pytest.approx(1.0)
    if abs(x) < 30:
        p = float(logistic(x))
        assert math.log(p / (1 - p)) == pytest.approx(x, abs=1e-3)


def test_logistic_does_not_overflow() -> None:
    with np.errstate(all="raise"):
        assert logistic([-1e6, 0.0, 1e6]).tolist() == [0.0, 0.5, 1.0]


@given(st.lists(st.floats(-300, 300), min_size=1, max_size=12), st.floats(0.05, 5), st.floats(-100, 100))
def test_softmax_sums_to_one_and_knows_differences_alone(score: list[float], noise: float, shift: float) -> None:
    chances = softmax(score, noise)
    assert chances.sum() == pytest.approx(1.0)
    assert softmax(np.array(score) + shift, noise) == pytest.approx(chances, abs=1e-9)
    assert chances[int(np.argmax(score))] == chances.max()


def test_softmax_odds_are_the_difference_over_the_noise() -> None:
    first, second = softmax([1.5, 1.0], noise=0.5)
    assert first / second == pytest.approx(math.e)
