"""Exploring: pressure, the treadmill, and the choice of a partner."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions import explore
from abm.decisions.hazards import logistic
from abm.scenario.parameters.exploration import ExplorationParameters

P = ExplorationParameters()
UNIT = st.floats(0, 1)
SIGNED = st.floats(-1, 1)


def of(*values: float) -> np.ndarray:
    return np.array(values, float)


def test_no_pressure_at_the_references() -> None:
    assert explore.pressure(P, of(0.97), of(0.4), of(100_000), 100_000.0) == pytest.approx([0.0])


def test_pressure_by_hand() -> None:
    pressed = explore.pressure(P, of(1.07, 2.0, 0.0), of(0.6, 0.4, 0.4), of(80_000, 100_000, 150_000), 100_000.0)
    assert pressed == pytest.approx([0.4 + 0.1 + 0.1, 1.5, -0.5])


@given(st.floats(0, 2), UNIT)
def test_headroom_factor_stays_between_the_floor_and_one(load: float, backfill: float) -> None:
    factor = float(explore.headroom_factor(P, of(load), backfill)[0])
    assert 0.4 <= factor < 1.0
    assert factor <= explore.headroom_factor(P, of(load), 1.0)[0]
    assert factor <= explore.headroom_factor(P, of(load - 0.1), backfill)[0]


def test_the_treadmill_by_hand() -> None:
    assert explore.headroom_factor(P, of(1.0, 0.95, 1.3), 0.0) == pytest.approx([0.4, 0.7, 0.4])
    assert explore.headroom_factor(P, of(1.0), 1.0) == pytest.approx([0.7])


@given(st.floats(-0.5, 3), SIGNED, UNIT, UNIT, st.floats(0, 6), st.sampled_from([0.0, 1.0]))
def test_terms_sum_to_the_log_odds(p: float, a: float, norm: float, support: float, money: float, call: float) -> None:
    terms = explore.explore_terms(P, of(p), of(a), of(norm), of(support), of(money), of(call))
    expected = -1.4 + 1.2 * p + 1.5 * a + 2.0 * norm + 1.0 * support + 0.35 * money + 0.5 * call
    assert sum(terms.values()) == pytest.approx([expected])
    chance = explore.explore_chance(P, terms, of(0.7))
    assert chance == pytest.approx(0.12 * 0.7 * logistic(expected))
    assert (chance < P.rate).all()


def test_without_a_rate_nobody_explores() -> None:
    p = ExplorationParameters(rate=0.0)
    terms = explore.explore_terms(p, of(1.5), of(1.0), of(1.0), of(1.0), of(6.0), of(1.0))
    assert explore.explore_chance(p, terms, of(1.0)) == pytest.approx([0.0])


def test_whose_example_counts() -> None:
    near, far, foreign, distrusted = 0.0, 5.0, 0.0, 0.0
    distance, trust = of(near, far, foreign, distrusted), of(0.0, 0.0, 0.0, -0.2)
    same = np.array([True, True, False, True])
    assert explore.norm_weight(P, distance, trust, same, False) == pytest.approx([1.0, np.exp(-1), 0.3, 0.0])
    assert explore.norm_weight(P, distance, trust, same, True) == pytest.approx([1.0, np.exp(-1), 1.0, 0.0])


def score(like_minded: bool = False, **changes: float) -> float:
    values = {
        "distance": 6.0, "trust": 0.4, "deprivation_gap": 0.2, "attitude_gap": 0.4, "list_gap": 1.0, "complement": 0.5,
    } | changes  # fmt: skip
    arrays = {name: of(value) for name, value in values.items() if name != "same_commissioner"}
    same = np.array([bool(changes.get("same_commissioner", True))])
    terms = explore.partner_terms(P, **arrays, same_commissioner=same, like_minded=like_minded)
    return float(sum(terms.values())[0])


def test_the_score_of_a_partner_by_hand() -> None:
    difference = 0.2 + 0.5 * 0.4 + 0.3 * 1.0
    assert score() == pytest.approx(-1.0 + 1.5 * 0.4 - difference + 0.5 + 0.3 * 0.5)
    assert score(like_minded=True) == pytest.approx(-0.2 + 1.5 * 0.4 - 3.0 * difference + 0.5 + 0.3 * 0.5)
    assert score() - score(same_commissioner=False) == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["distance", "deprivation_gap", "attitude_gap", "list_gap"])
def test_what_is_farther_or_more_different_is_less_sought(name: str) -> None:
    assert score(**{name: 9.0}) < score(**{name: 8.0})
