"""Leadership: its limiting case is exact, supply limits it, and each way of leading has its arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions import leaders
from abm.scenario.parameters.capability import CapabilityParameters
from abm.scenario.parameters.leadership import LeadershipParameters

P = LeadershipParameters()
UNIT = st.floats(0, 1)
NEED = st.floats(0, 100)


@given(UNIT, UNIT, st.integers(1, 12), NEED)
def test_with_ample_time_and_equal_skill_the_formulas_are_exact(
    skill: float, phi: float, team: int, required: float
) -> None:
    assert leaders.heroic_leadership(skill, 1000.0, required) == skill
    distributed = leaders.distributed_leadership(P, [skill] * team, [1000.0] * team, phi, required)
    assert distributed == pytest.approx(phi * (1 - (1 - 0.65 * skill) ** team), rel=1e-12, abs=1e-15)


@given(UNIT, st.floats(0.1, 100))
def test_a_single_leader_is_limited_by_the_time_of_one(skill: float, required: float) -> None:
    assert leaders.heroic_leadership(skill, 4.0, required) == pytest.approx(skill * min(1.0, 4.0 / required))


@given(st.lists(UNIT, min_size=1, max_size=8), UNIT, NEED)
def test_a_team_never_achieves_more_than_its_coordination_and_grows_with_its_members(
    skills: list[float], phi: float, required: float
) -> None:
    achieved = leaders.distributed_leadership(P, skills, [1.5] * len(skills), phi, required)
    assert 0 <= achieved <= phi
    assert (
        leaders.distributed_leadership(P, [*skills, 0.0], [1.5] * (len(skills) + 1), phi, required) >= achieved - 1e-12
    )
    assert leaders.distributed_leadership(P, skills[::-1], [1.5] * len(skills), phi, required) == pytest.approx(
        achieved
    )


def test_who_has_no_time_gives_no_leadership() -> None:
    assert leaders.time_to_lead(np.array([4.0, 4.0, 1.5]), np.array([8.5, 3.0, 1.0]), np.array([1.0, 1.0, 1.0])) == (
        pytest.approx([4.0, 2.0, 0.0])
    )
    assert leaders.heroic_leadership(0.6, 2.0, 4.0) == pytest.approx(0.3)
    assert leaders.heroic_leadership(0.6, 0.0, 0.0) == leaders.heroic_leadership(0.6, 0.0, 4.0) == 0.0
    two = leaders.distributed_leadership(P, [0.6, 0.4], [1.5, 1.5], 0.8, 4.0)
    assert two == pytest.approx(0.8 * (1 - (1 - 0.65 * 0.6) * (1 - 0.65 * 0.4)) * 0.75)
    assert leaders.distributed_leadership(P, [0.6, 0.4, 0.9], [1.5, 1.5, 0.0], 0.8, 4.0) == pytest.approx(two)
    assert leaders.distributed_leadership(P, [0.6], [0.0], 0.8, 0.5) == 0.0


@pytest.mark.parametrize(("members", "team"), [(2, 2), (3, 2), (4, 2), (5, 3), (8, 4), (11, 6), (40, 6)])
def test_team_size(members: int, team: int) -> None:
    assert leaders.team_size(P, members) == team


def test_required_sessions_by_hand() -> None:
    assert leaders.required_sessions(P, 6, formal=False, mature=False, goals=6, running_cost=0.0) == pytest.approx(4.0)
    full = leaders.required_sessions(P, 6, formal=True, mature=True, goals=10, running_cost=0.0)
    assert full == pytest.approx(1 + 3 + 2 + 1)
    assert leaders.required_sessions(P, 6, True, True, 10, 1.0) == pytest.approx(7 * (1 - 0.4 / 3))
    assert leaders.required_sessions(P, 6, True, True, 10, 5.0) == pytest.approx(7 * 0.6)


def test_suitability_by_hand() -> None:
    fit = sum(leaders.suitability_terms(P, np.array([0.6]), np.array([0.4]), np.array([0.5])).values())
    assert fit == pytest.approx([0.6 - 0.2 + 0.1])


def test_capability_growth_by_hand() -> None:
    capability, rate = np.array([0.0, 0.5, 1.0]), np.array([1.0, 1.0, 0.5])
    gained = leaders.capability_growth(CapabilityParameters(), 0.5, 0.5, 2.0, 8.0, 6.0, capability, rate)
    assert gained == pytest.approx(0.076 * 0.5 * 1.0 * 2.0 * np.exp(-0.1) * np.array([1.0, 0.5, 0.0]))


def test_capability_reaches_sixty_per_cent_in_two_years_of_fair_leadership() -> None:
    """What the growth rate was derived from: capability .6 after 24 months with L = .5 from nothing."""
    p, capability = CapabilityParameters(), np.zeros(1)
    for _ in range(24):
        capability += leaders.capability_growth(p, 0.5, 0.5, 1.0, 6.0, 6.0, capability, np.ones(1))
        capability -= p.decay * capability
    assert capability == pytest.approx([0.6], abs=0.04)
