"""Outcomes and wellbeing: each rule by hand, in its bounds and in the right direction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.processes import outcomes
from abm.processes.wellbeing import burnout_target, intention
from abm.scenario.parameters.outcomes import OutcomeParameters
from abm.scenario.parameters.wellbeing import WellbeingParameters

P = OutcomeParameters()
W = WellbeingParameters()
UNIT = st.floats(0, 1)


def of(*values: float) -> np.ndarray:
    return np.array(values, float)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_load_is_what_needs_a_gp_over_expected_slots() -> None:
    loads = outcomes.load(ints(970, 5000, 10), ints(0, 0, 30), of(1000, 1000, 1000), 2.0)
    assert loads == pytest.approx([0.97, 2.0, 0.0])


def test_access_by_hand_and_unchanged_in_a_month_without_requests() -> None:
    access = outcomes.access_of(ints(100, 0), ints(80, 0), ints(50, 5), ints(30, 5), 0.5, of(0.1, 0.7))
    assert access == pytest.approx([0.5 * 0.8 + 0.5 * 0.6, 0.7])


def test_integration_by_hand() -> None:
    x = outcomes.integration(P, of(0.6), of(0.5), of(0.32), of(0.7), of(0.4))
    assert x == pytest.approx([0.6 * 0.4 * 0.7 * (0.5 + 0.5 * 0.4) * 0.3])


@given(UNIT, UNIT, UNIT, UNIT, UNIT)
def test_integration_is_a_share_and_nothing_without_engagement(
    e: float, u: float, i: float, f: float, h: float
) -> None:
    assert 0 <= outcomes.integration(P, of(e), of(u), of(i), of(f), of(h))[0] <= 0.3
    assert outcomes.integration(P, of(0.0), of(u), of(i), of(f), of(h))[0] == 0


def test_a_funded_managed_network_gains_what_tower_hamlets_did() -> None:
    """Effort times capability .4 and £8 a head: +6 points of control and MMR from 80 to about 94% in the end."""
    control = outcomes.clinical_target(P, of(0.75), P.long_term_condition_gain, of(1.0), of(0.4), 8.0)
    vaccination = outcomes.clinical_target(P, of(0.80), P.vaccination_gain, of(1.0), of(0.4), 8.0)
    months = 1 - (1 - P.clinical_speed) ** 36
    assert 0.75 + months * (control[0] - 0.75) == pytest.approx(0.81, abs=0.01)
    assert 0.80 + (1 - (1 - P.clinical_speed) ** 18) * (vaccination[0] - 0.80) == pytest.approx(0.94, abs=0.03)


def test_a_pound_or_three_a_head_does_next_to_nothing() -> None:
    gained = outcomes.clinical_target(P, of(0.75, 0.75), 0.7, of(1.0, 1.0), of(0.4, 0.4), 1.0) - 0.75
    assert (gained < 0.002).all()
    assert outcomes.clinical_target(P, of(0.75), 0.7, of(1.0), of(1.0), 0.0) == pytest.approx([0.75])


@given(UNIT, UNIT, UNIT, st.floats(0, 10))
def test_clinical_results_never_fall_below_the_start_nor_pass_the_ceiling(
    start: float, effort: float, capability: float, money: float
) -> None:
    start = min(start, P.clinical_ceiling)
    target = outcomes.clinical_target(P, of(start), P.vaccination_gain, of(effort), of(capability), money)
    assert start - 1e-12 <= target[0] <= P.clinical_ceiling


def test_quality_by_hand() -> None:
    quality = outcomes.quality_target(P, of(0.8, 0.9), of(0.0, 0.2), of(0.4, 0.6), of(0.0, 0.1))
    assert quality == pytest.approx([0.5, 0.5 + 0.125 + 0.05 - 0.04 - 0.01])


def test_turnover_is_losses_over_mean_headcount_as_a_yearly_rate() -> None:
    lost, heads = np.full((3, 12), np.nan), np.full((3, 12), np.nan)
    lost[0], heads[0] = 0.0, 5.0
    lost[0, 3] = 1.0
    lost[1, :3], heads[1, :3] = [1.0, 0.0, 0.0], [4.0, 3.0, 5.0]
    assert outcomes.yearly_turnover(lost, heads) == pytest.approx([0.2, 1.0, 0.0])


def target(**changes: float) -> float:
    values = {
        "workload": 0.97,
        "overload": 0.0,
        "heroic": 0.0,
        "support": 0.0,
        "flexible": 0.0,
        "strain": 0.0,
    } | changes
    return float(burnout_target(W, **{name: of(value) for name, value in values.items()})[0])


def test_burnout_at_the_reference_and_by_hand() -> None:
    assert target() == pytest.approx(1 / (1 + np.exp(0.35)))
    x = -0.35 + 6 * 0.1 + 0.5 * 0.4 + 0.25 * 0.5 - 0.5 * 0.3 - 0.2 + 0.9
    assert target(workload=1.07, overload=0.4, heroic=0.5, support=0.3, flexible=1.0, strain=1.0) == pytest.approx(
        1 / (1 + np.exp(-x))
    )


@given(st.sampled_from(["workload", "overload", "heroic", "strain"]), st.floats(0, 2), st.floats(0.01, 1))
def test_what_burns_out(name: str, value: float, more: float) -> None:
    assert target(**{name: value + more}) > target(**{name: value})


@given(st.sampled_from(["support", "flexible"]), st.floats(0, 1), st.floats(0.01, 1))
def test_what_protects(name: str, value: float, more: float) -> None:
    assert target(**{name: value + more}) < target(**{name: value})


def test_the_wish_to_leave_rises_with_burnout_and_age() -> None:
    wish = intention(W, of(0.45, 0.65, 0.45), of(48, 48, 58))
    assert wish[0] == pytest.approx(1 / (1 + np.exp(0.6)))
    assert wish[1] == pytest.approx(1 / (1 + np.exp(0.1)))
    assert wish[2] == pytest.approx(1 / (1 + np.exp(-0.3)))
