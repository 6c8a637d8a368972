"""Votes: utilities by hand, and quorums as exact fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions.hazards import logistic
from abm.decisions.vote import vote_terms, votes_needed, yes_chance
from abm.scenario.parameters.voting import VotingParameters

P = VotingParameters()
TWO_THIRDS = P.quorum[1]
CASE: dict[str, Any] = {
    "income": 0.03, "relief": 0.2, "pressure": 0.5, "trust": 0.4, "norm": 0.25, "leader": 0.6, "autonomy_loss": 0.25,
    "risk_exposure": 0.0, "history": 1.0, "attitude": np.array([0.5, -0.5]), "autonomy": np.array([0.4, 0.8]),
}  # fmt: skip


def utility(**changes: Any) -> np.ndarray:
    return np.asarray(sum(vote_terms(P, **(CASE | changes)).values()))


def test_the_utility_of_two_partners_by_hand() -> None:
    common = 3 * 0.03 + 0.6 * 0.2 * 1.0 + 0.7 * 0.4 + 0.6 * 0.25 + 0.5 * 0.6 - 0.4 * 0.25 * 0.5 - 0.25 + 0.3
    own = [0.8 * 0.5 - 1.2 * 0.4 * 0.25, -0.8 * 0.5 - 1.2 * 0.8 * 0.25]
    assert utility() == pytest.approx([common + own[0], common + own[1]])


@given(
    st.fixed_dictionaries(
        {name: st.floats(-1, 1) for name in ("income", "relief", "pressure", "trust", "history")}
        | {name: st.floats(0, 1) for name in ("norm", "leader", "autonomy_loss", "risk_exposure")}
    ),
    st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), min_size=1, max_size=8),
)
def test_terms_sum_to_the_log_odds(motion: dict[str, float], partners: list[tuple[float, float]]) -> None:
    attitude, autonomy = np.array(partners).T
    terms = vote_terms(P, **motion, attitude=attitude, autonomy=autonomy)
    assert all(term.shape == attitude.shape for term in terms.values())
    assert yes_chance(P, terms) == pytest.approx(logistic(P.sharpness * sum(terms.values())))


@pytest.mark.parametrize("name", ["income", "trust", "norm", "leader", "history", "relief", "pressure"])
def test_what_speaks_for_it(name: str) -> None:
    assert (utility(**{name: CASE[name] + 0.1}) > utility()).all()


@pytest.mark.parametrize("name", ["autonomy_loss", "risk_exposure"])
def test_what_speaks_against_it(name: str) -> None:
    assert (utility(**{name: CASE[name] + 0.1}) < utility()).all()


def test_relief_is_not_valued_less_without_pressure_than_at_rest() -> None:
    assert utility(pressure=-0.5) == pytest.approx(utility(pressure=0.0))


def test_a_huge_weight_of_autonomy_is_a_no() -> None:
    p = VotingParameters(autonomy=100.0)
    assert (yes_chance(p, vote_terms(p, **CASE)) < 1e-6).all()


@pytest.mark.parametrize(
    ("quorum", "voters", "needed"),
    [
        (TWO_THIRDS, 1, 1), (TWO_THIRDS, 2, 2), (TWO_THIRDS, 3, 2), (TWO_THIRDS, 4, 3), (TWO_THIRDS, 5, 4),
        (TWO_THIRDS, 6, 4), (TWO_THIRDS, 9, 6), (0.5, 1, 1), (0.5, 2, 1), (0.5, 3, 2), (0.5, 4, 2), (0.75, 4, 3),
        (0.75, 5, 4), (0.6, 5, 3), (0.6, 10, 6), (0.7, 10, 7), (1.0, 7, 7),
    ],
)  # fmt: skip
def test_votes_that_carry_a_motion(quorum: float, voters: int, needed: int) -> None:
    assert votes_needed(quorum, voters) == needed


@given(st.integers(1, 100), st.integers(1, 60), st.data())
def test_a_quorum_is_an_exact_fraction(denominator: int, voters: int, data: st.DataObject) -> None:
    fraction = Fraction(data.draw(st.integers(1, denominator)), denominator)
    needed = votes_needed(float(fraction), voters)
    assert Fraction(needed, voters) >= fraction
    assert Fraction(needed - 1, voters) < fraction
