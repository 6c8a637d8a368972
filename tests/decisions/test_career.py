"""Careers: the published hazards at their reference, and how burnout, money and autonomy bend them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions import career
from abm.scenario.parameters.workforce import WorkforceParameters

P = WorkforceParameters()
REFERENCE = P.burnout_reference
UNIT = st.floats(0, 1)


def of(*values: float) -> np.ndarray:
    return np.array(values, float)


def exit_at(age: float, burnout: float = REFERENCE, salaried: bool = False, bonus: float = 0.0) -> float:
    return float(career.exit_hazard(P, of(age), of(burnout), np.array([salaried]), bonus)[0])


@pytest.mark.parametrize(
    ("age", "hazard"),
    [(27, 0.028), (49.99, 0.028), (50, 0.035), (54.99, 0.035), (55, 0.09), (59.99, 0.09), (60, 0.22), (75, 0.22)],
)
def test_exit_by_age_at_average_burnout(age: float, hazard: float) -> None:
    assert exit_at(age) == pytest.approx(hazard)


def test_the_hazard_ratio_is_met_one_span_above_the_reference() -> None:
    assert exit_at(40, REFERENCE + 0.35) == pytest.approx(0.028 * 1.8)
    assert exit_at(40, REFERENCE - 0.35) == pytest.approx(0.028 / 1.8)


@given(UNIT, UNIT)
def test_a_hazard_ratio_of_one_decouples_burnout(one: float, other: float) -> None:
    p = WorkforceParameters(burnout_hazard_ratio=1.0)
    assert (career.burnout_multiplier(p, of(one, other)) == 1.0).all()


def test_a_bonus_holds_salaried_gps_only() -> None:
    assert exit_at(40, salaried=True, bonus=1.0) == pytest.approx(0.028 * 0.9)
    assert exit_at(40, salaried=False, bonus=1.0) == pytest.approx(0.028)


def test_relative_income_is_bounded() -> None:
    income = career.relative_income(P, of(0, 41_000, 82_000, 110_700, 1e6), 82_000.0)
    assert income == pytest.approx([0.5, 0.5, 1.0, 1.35, 2.5])


def test_giving_up_a_partnership_at_the_reference_and_at_half_the_income() -> None:
    hazard = career.leave_partnership_hazard(P, of(REFERENCE, REFERENCE), of(1.35, 0.5))
    assert hazard == pytest.approx([0.033, 0.033 * np.exp(0.85)])


def test_giving_up_a_salaried_post_follows_burnout() -> None:
    assert career.leave_salaried_hazard(P, of(REFERENCE, REFERENCE + 0.35)) == pytest.approx([0.036, 0.036 * 1.8])


def test_taking_a_partnership_by_hand() -> None:
    hazard = career.take_partnership_hazard(P, of(0.5, 1.0, 0.5), of(1.35, 1.35, 1.85), of(0.5, 0.5, 0.0))
    assert hazard == pytest.approx([0.14 * 1.0 * 0.96, 0.14 * 0.5 * 0.96, 0.14 * np.exp(0.75) * 1.26])


@given(UNIT, st.floats(0.5, 2.5), UNIT, st.floats(0, 0.5))
def test_what_makes_partnership_less_attractive(burnout: float, income: float, autonomy: float, more: float) -> None:
    def hazard(burnout: float, income: float, autonomy: float) -> float:
        return float(career.take_partnership_hazard(P, of(burnout), of(income), of(autonomy))[0])

    now = hazard(burnout, income, autonomy)
    assert now >= 0
    assert hazard(burnout + more, income, autonomy) <= now
    assert hazard(burnout, income - more, autonomy) <= now
    assert hazard(burnout, income, autonomy + more) <= now


def test_nobody_cuts_below_the_least_sessions() -> None:
    hazard = career.cut_hazard(P, of(*[REFERENCE] * 4), of(3.0, 3.99, 4.0, 8.5))
    assert hazard == pytest.approx([0.0, 0.0, 0.03, 0.03])


def test_newcomers_prefer_vacancy_quality_light_work_and_organisations() -> None:
    terms = career.practice_score(P, of(1.0), of(0.6), of(1.1), of(1.0), of(0.5))
    assert sum(terms.values()) == pytest.approx([1.0 + 0.5 * 0.6 - 1.0 * 1.1 + 0.4 - 0.3 * 0.5])
