"""Withdrawing by hand: engagement and benefit hold members, and so does the cost of leaving."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions.withdraw import why_it_fails, withdrawal_factors, withdrawal_hazard
from abm.scenario.parameters.withdrawal import WithdrawalParameters

P = WithdrawalParameters()


def hazard(engagement: float, benefit: float = 0.0, exit_cost: float = 0.0) -> float:
    values = (np.array([value]) for value in (engagement, benefit, exit_cost))
    return float(withdrawal_hazard(P, withdrawal_factors(P, *values))[0])


def test_the_hazard_by_hand() -> None:
    assert hazard(0.45) == pytest.approx(0.010)
    assert hazard(0.20) == pytest.approx(0.010 * np.exp(1.0))
    assert hazard(0.45, benefit=-0.1) == pytest.approx(0.010 * np.exp(0.2))
    assert hazard(0.45, exit_cost=0.3) == pytest.approx(0.007)


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_more_of_anything_good_holds_members(engagement: float, benefit: float, cost: float, more: float) -> None:
    now = hazard(engagement, benefit, cost)
    assert hazard(engagement + more, benefit, cost) <= now
    assert hazard(engagement, benefit + more, cost) <= now
    assert hazard(engagement, benefit, min(1.0, cost + more)) <= now
    assert hazard(engagement, benefit, 1.0) == 0.0


def test_organisations_fail_in_debt_or_after_six_months_without_engagement() -> None:
    assert why_it_fails(P, 5, -19_999.0, 10_000.0) == ""
    assert "interest" in why_it_fails(P, 6, 0.0, 10_000.0)
    assert "debt" in why_it_fails(P, 0, -20_001.0, 10_000.0)
