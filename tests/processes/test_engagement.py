"""Engagement, effort, incentives and attitude: rules by hand and the directions that the theory states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.model import FederationModel
from abm.processes.attitudes import advised_attitude, attitude_change
from abm.processes.engagement import effort_of, engagement_terms, incentive_of, member_trust
from abm.scenario.parameters.attitudes import AttitudeParameters
from abm.scenario.parameters.engagement import EngagementParameters

P = EngagementParameters()
CASE = {
    "leadership": 0.5, "capability": 0.4, "trust": 0.3, "population": 50_000.0, "autonomy_loss": 0.25, "autonomy": 0.6,
    "control": 0.3, "support": 0.5, "coordination": 0.0, "commissioner": 0.5, "head_money": 0.0,
}  # fmt: skip


def of(*values: float) -> np.ndarray:
    return np.array(values, float)


def log_odds(p: EngagementParameters = P, community: float = 0.5, **changes: float) -> float:
    terms = engagement_terms(p, **{name: of(v) for name, v in (CASE | changes).items()}, community=community)
    return float(sum(terms.values())[0])


def test_engagement_by_hand() -> None:
    assert log_odds() == pytest.approx(-1.1 + 2 * 0.5 + 1.5 * 0.4 + 0.3 - 1.5 * 0.25 * 0.6 - 0.5 * 0.3 * 0.5)
    more = log_odds(population=100_000.0, coordination=0.8, commissioner=0.7, head_money=1.5, community=0.7)
    assert more - log_odds() == pytest.approx(-0.5 * np.log(2) + 0.4 * 0.8 + 0.2 + 0.2 * 1.5 + 0.3 * 0.2)


@given(st.floats(1_000, 1e6), st.floats(1.01, 100))
def test_size_attenuates_unless_its_weight_is_zero(population: float, factor: float) -> None:
    assert log_odds(population=population * factor) < log_odds(population=population)
    p = EngagementParameters(size=0.0)
    assert log_odds(p, population=population * factor) == log_odds(p, population=population)


def test_control_hurts_only_without_support() -> None:
    assert log_odds(control=1.0, support=1.0) == pytest.approx(log_odds(control=0.0, support=1.0))
    assert log_odds(control=1.0, support=0.0) < log_odds(control=0.0, support=0.0)


def test_effort_by_hand_and_at_most_one() -> None:
    effort = effort_of(P, of(0.5, 1.0), of(0.3, 1.0), of(0.5, 1.0), of(5_000.0, 1e6))
    assert effort == pytest.approx([0.4 + 0.15 + 0.03 + 0.3 * np.tanh(1.0), 1.0])


@given(st.floats(0, 20_000), st.floats(0, 1), st.integers(1, 50), st.floats(0, 1), st.floats(0, 1))
def test_incentives_are_diluted_by_members_unless_paid_by_own_results(
    value: float, own: float, members: int, partners: float, bonus: float
) -> None:
    def incentive(own: float, members: int) -> float:
        return float(incentive_of(of(value), own, np.array([members]), of(partners), bonus)[0])

    assert incentive(own, members + 1) <= incentive(own, members) + 1e-9
    assert incentive(1.0, members) == pytest.approx(incentive(1.0, 1))
    assert incentive(0.0, members) == pytest.approx(incentive(1.0, 1) / members)


def test_salaried_gps_take_part_by_their_bonus() -> None:
    expected = 6_000 * (0.3 + 0.7 / 4) * (0.5 + 0.3 * 0.5)
    assert incentive_of(of(6_000.0), 0.3, np.array([4]), of(0.5), 0.3) == pytest.approx([expected])


def test_attitude_by_hand() -> None:
    change = attitude_change(
        AttitudeParameters(), of(0.0, 0.5), of(0.5, 0.5), of(0.65, 0.25), of(1.0, 0.0), of(0.1, -9.0), of(1.0, 0.0)
    )
    assert change == pytest.approx([0.02 * 0.5 + 0.03 * 0.2 + 0.2 * 0.1 + 0.01, -0.2 * 0.2])


def test_advice_is_weighted_by_strength_and_the_dead_are_silent() -> None:
    tie = np.array([[1, 2, -1], [0, 3, -1], [3, -1, -1], [-1, -1, -1]], np.int32)
    strength = np.array([[1.0, 0.5, 9.0], [0.4, 0.9, 0.0], [0.7, 0.0, 0.0], [0.0, 0.0, 0.0]])
    alive = np.array([True, True, True, False])
    advised = advised_attitude(tie, strength, alive, of(0.8, 0.2, -0.4, -1.0))
    assert advised == pytest.approx([(0.2 * 1.0 - 0.4 * 0.5) / 1.5, 0.8, -0.4, -1.0])


def test_trust_in_fellow_members_is_their_mean(small_model: Callable[..., FederationModel]) -> None:
    world = small_model(4, levers={"fund_per_head": 6.0}).world
    trust, checked = member_trust(world), 0
    for row in np.flatnonzero(world.practices.organisation >= 0).tolist():
        fellows = world.ledger.members(int(world.practices.organisation[row]))
        fellows = fellows[fellows != row]
        assert trust[row] == pytest.approx(world.trust.towards(row, fellows).mean())
        checked += 1
    assert checked > 2


def test_years_before_the_start_are_no_experience_of_the_run(small_model: Callable[..., FederationModel]) -> None:
    model = small_model(1, practices=30, parameters={"voting.history_good_year": 0.3})
    world = model.world
    seeded = np.flatnonzero((world.practices.organisation >= 0) & (world.practices.member_since == -11))
    assert seeded.size and (world.practices.history[seeded] == 0).all()
    while world.month < 13:
        model.step()
    good = world.events.frame().query("kind == 'good year'")
    assert len(good) and set(good["month"]) == {13}
    assert set(good["who"]) <= set(world.practices.name[seeded])
