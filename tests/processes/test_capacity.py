"""GP time: the locum pool, the hub, and the sessions of everybody."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.columns import Role
from abm.model import FederationModel
from abm.processes.capacity import hub_slots, set_capacity, share_pool

CLAIM = st.tuples(st.floats(0, 50), st.floats(1, 1.1))
CLAIMS = st.lists(CLAIM, min_size=1, max_size=20)
POOL = st.floats(0, 400)


def shared(claims: list[tuple[float, float]], pool: float) -> tuple[np.ndarray, np.ndarray]:
    demand, weight = np.array(claims).T
    return demand, share_pool(demand, weight, pool)


@given(CLAIMS, POOL)
def test_the_pool_gives_no_more_than_there_is_or_is_wanted_and_stops_at_neither(
    claims: list[tuple[float, float]], pool: float
) -> None:
    demand, given_out = shared(claims, pool)
    assert (given_out >= 0).all()
    assert (given_out <= demand + 1e-9).all()
    assert given_out.sum() == pytest.approx(min(pool, demand.sum()), abs=1e-6)


@given(CLAIMS, POOL, st.floats(0, 100))
def test_a_larger_pool_takes_from_nobody(claims: list[tuple[float, float]], pool: float, more: float) -> None:
    assert (shared(claims, pool + more)[1] >= shared(claims, pool)[1] - 1e-6).all()


@given(CLAIMS, POOL, st.data())
def test_who_asks_for_more_never_gets_less(claims: list[tuple[float, float]], pool: float, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(claims) - 1))
    greedy = [*claims[:i], (claims[i][0] + 5.0, claims[i][1]), *claims[i + 1 :]]
    assert shared(greedy, pool)[1][i] >= shared(claims, pool)[1][i] - 1e-6


def test_the_pool_is_shared_pro_rata_by_hand() -> None:
    assert share_pool(np.array([2.0, 4.0, 0.0]), np.ones(3), 3.0) == pytest.approx([1.0, 2.0, 0.0])
    assert share_pool(np.array([4.0, 4.0]), np.array([1.1, 1.0]), 4.2) == pytest.approx([2.2, 2.0])


def test_what_one_does_not_need_goes_to_the_others() -> None:
    assert share_pool(np.array([1.0, 10.0]), np.array([100.0, 1.0]), 6.0) == pytest.approx([1.0, 5.0])


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1000))
def test_a_hub_lends_at_most_its_share(engagement: float, capability: float, weekly: float) -> None:
    slots = hub_slots(0.05, 0.25, np.array([engagement]), np.array([capability]), np.array([weekly]))
    assert 0 <= slots[0] <= 0.05 * weekly + 1e-9
    if engagement * capability >= 0.25:
        assert slots[0] == pytest.approx(0.05 * weekly)


@pytest.fixture(scope="module")
def model(small_model: Callable[..., FederationModel]) -> FederationModel:
    return small_model(12, levers={"fund_per_head": 6.0, "backfill": 1.0, "leader_mode": 0.5})


def test_every_session_of_a_gp_in_post_is_worked_somewhere(model: FederationModel) -> None:
    world = model.world
    set_capacity(world)
    gps, working = world.gps, world.in_post()
    duties = gps.lead_sessions + gps.meeting_sessions + gps.board_sessions + gps.hub_sessions
    assert (duties[working] > 0).any()
    assert gps.clinical_sessions[working] + duties[working] == pytest.approx(gps.sessions[working])
    assert (gps.clinical_sessions[~working] == 0).all()


def test_locums_sell_what_practices_buy(model: FederationModel) -> None:
    world = model.world
    set_capacity(world)
    gps, practices = world.gps, world.practices
    sold = gps.sold_sessions
    assert (sold[gps.role != Role.SESSIONAL] == 0).all()
    assert sold.sum() == pytest.approx(practices.cover_sessions.sum())
    assert (practices.backfilled_sessions <= practices.cover_sessions + 1e-9).all()


def test_expected_slots_by_hand(model: FederationModel) -> None:
    """One practice: sessions of its GPs and cover, 16 slots each, registrars 6.25 x 7, on 87% of the open days."""
    world = model.world
    set_capacity(world)
    row = 0
    here = world.gps.alive & (world.gps.practice == row)
    sessions = world.gps.clinical_sessions[here].sum() + world.practices.cover_sessions[row]
    weekly = sessions * 16 + world.practices.registrar_fte[row] * 6.25 * 7
    assert world.practices.expected_slots[row] == pytest.approx(weekly * world.open_days / 5 * 0.87)
