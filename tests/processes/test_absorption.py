"""A practice takes others in: what adds up adds up, what is averaged is a weighted mean, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.columns import PRACTICE_COLUMNS, Form, Role, Status
from abm.model import FederationModel
from abm.processes import founding
from abm.processes.absorption import add_up, average, take_over_sites
from abm.processes.appointments import plan_of
from abm.processes.capacity import set_capacity
from abm.processes.conservation import assert_conservation, sites
from abm.processes.finance import settle_month
from abm.processes.unification import merge
from abm.state import Table
from abm.world import World

STILL = {
    "founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0, "withdrawal.rate": 0.0,
    "mergers.rate": 0.0, "mergers.survival_rate": 0.0,
}  # fmt: skip


@pytest.fixture
def world(small_model: Callable[..., FederationModel]) -> World:
    """A small place at the end of month 1, without any organisation."""
    return small_model(1, practices=12, parameters=STILL, levers={"mpo_allowed": "none", "trust_fallback": "off"}).world


def table(n: int, **values: object) -> Table:
    practices = Table("practices", PRACTICE_COLUMNS)
    practices.add(n, served_by=np.arange(n), **values)
    return practices


amounts = st.lists(st.floats(1, 1e5), min_size=2, max_size=3)


@given(amounts, st.lists(st.floats(-1, 1e3), min_size=3, max_size=3))
def test_a_weighted_mean_lies_between_and_keeps_the_weighted_sum(weights: list[float], values: list[float]) -> None:
    n = len(weights)
    practices, weight = table(n, quality=values[:n]), np.array(weights)
    whole = float(weight @ np.array(values[:n]))
    average(practices, 0, range(n), weight, ["quality"])
    assert min(values[:n]) - 1e-9 <= practices.quality[0] <= max(values[:n]) + 1e-9
    assert practices.quality[0] * weight.sum() == pytest.approx(whole, rel=1e-9, abs=1e-6)


@given(amounts)
def test_sites_keep_their_share_of_the_requests(requests: list[float]) -> None:
    n = len(requests)
    practices, sent = table(n), np.array(requests)
    take_over_sites(practices, n - 1, range(n - 1), sent)
    assert (practices.served_by == n - 1).all()
    assert practices.site_share * sent.sum() == pytest.approx(sent)


def test_sites_of_sites_go_over_too() -> None:
    practices = table(4)
    take_over_sites(practices, 1, [0], np.array([10.0, 30.0, 20.0, 40.0]))
    take_over_sites(practices, 3, [1, 2], np.array([0.0, 40.0, 20.0, 40.0]))
    assert (practices.served_by == 3).all()
    assert practices.site_share == pytest.approx([0.1, 0.3, 0.2, 0.4])


def test_records_of_a_year_add_up_where_there_are_any() -> None:
    ring = np.array([[1.0, np.nan, np.nan], [2.0, 5.0, np.nan]])
    add_up(ring, 0, [1])
    assert ring[0, :2].tolist() == [3.0, 5.0] and np.isnan(ring[0, 2])


def test_patients_gps_staff_posts_and_money_go_over(world: World) -> None:
    practices, gps = world.practices, world.gps
    before = {name: getattr(practices, name).sum() for name in ("partner_posts", "nurse_fte", "other_fte")}
    patients, alive = practices.list_by_age.sum(axis=0), int(gps.alive.sum())
    roles, leaders = np.bincount(gps.role[gps.alive]), world.practice_agents[4].partners()
    seen = {name: (gps.role[gps.practice == 4], gps.joined[gps.practice == 4].copy()) for name in ("was",)}["was"]
    moved = np.flatnonzero(gps.practice == 4)
    merge(world, 3, [4])
    assert practices.list_by_age.sum(axis=0) == pytest.approx(patients)
    assert practices.list_by_age[4].sum() == 0 and practices.status[4] == Status.MERGED
    assert gps.alive.sum() == alive and np.bincount(gps.role[gps.alive]).tolist() == roles.tolist()
    assert (gps.practice[moved] == 3).all() and set(leaders) <= set(world.practice_agents[3].partners())
    assert gps.role[moved].tolist() == seen[0].tolist() and gps.joined[moved].tolist() == seen[1].tolist()
    assert all(getattr(practices, name).sum() == pytest.approx(total) for name, total in before.items())
    settle_month(world)
    assert_conservation(world)
    world.ledger.check()
    set_capacity(world)
    for name in ("nurse_fte", "other_fte"):
        assert getattr(practices, name).sum() == pytest.approx(before[name])


def test_expected_requests_and_weighted_lists_stay_what_they_were(world: World) -> None:
    day = world.calendar.first_day(2)

    def planned() -> np.ndarray:
        return np.asarray(plan_of(world, day, day, day.month).requests_per_open_day.sum(axis=1))

    before, weighted = planned(), world.weighted_lists()
    merge(world, 3, [4, 5])
    assert planned() == pytest.approx(before), "each site sends as many patients as before"
    assert world.weighted_lists()[3] == pytest.approx(weighted[[3, 4, 5]].sum())


def test_the_sites_requests_are_the_same_ones_after_a_merger(small_model: Callable[..., FederationModel]) -> None:
    models = [
        small_model(1, practices=12, parameters=STILL, levers={"mpo_allowed": "none", "trust_fallback": "off"})
        for _ in range(2)
    ]
    for model in models:  # patients of one kind, so that a merger mixes nothing
        practices = model.world.practices
        practices.list_by_age[[3, 4]] = practices.list_by_age[[3, 4]].mean(axis=0)
        practices.need[[3, 4]] = 1.0
        practices.list_by_age[4] *= 0.6
        model.world.references.patients_by_age = practices.list_by_age.sum(axis=0).tolist()
    merge(models[1].world, 3, [4])
    apart, together = (model.world for model in models)
    for model in models:
        model.step()
    assert apart.counts is not None and together.counts is not None
    asked = apart.counts.requests.sum(axis=1)
    assert together.counts.requests.sum(axis=1)[4] == 0
    assert together.counts.requests.sum(axis=1)[3] == asked[3] + asked[4]


def test_trust_is_a_mean_of_both_and_goes_on_both_ways(world: World) -> None:
    lists, trust = world.lists(), world.trust
    both = [np.array([3, 4]), np.array([7])]
    given = [trust.towards(side, both[1])[0] for side in (3, 4)]
    returned = trust.towards(7, both[0])
    expected = np.average(given, weights=lists[[3, 4]])
    back = np.average(returned, weights=lists[[3, 4]])
    merge(world, 3, [4])
    assert trust.towards(3, both[1])[0] == pytest.approx(expected)
    assert trust.towards(7, np.array([3]))[0] == pytest.approx(back)


def test_a_merged_practice_is_not_sought_counted_or_copied(world: World) -> None:
    merge(world, 3, [4])
    assert world.open_practices().tolist() == [row for row in range(12) if row != 4]
    assert world.sites()[[3, 4]].tolist() == [2, 0]
    assert not world.can_vote()[4] and 4 not in world.commissioner_agents[0].practices()
    for practice in range(12):
        if practice != 4:
            assert world.practice_agents[practice].search() != 4
    sites(world)


def test_time_and_work_of_joining_up_last_for_half_a_year(small_model: Callable[..., FederationModel]) -> None:
    model = small_model(1, practices=12, parameters=STILL, levers={"mpo_allowed": "none", "trust_fallback": "off"})
    world = model.world
    merge(world, 3, [4])
    for month in range(2, 10):
        model.step()
        own = world.gps.alive & (world.gps.practice == 3) & (world.gps.joined < 1)
        left = (world.gps.sessions - world.gps.board_sessions)[own]
        busy = month <= 7
        stays = np.isclose(world.gps.joining_up_sessions[own], 0.05 * left) | (left == 0)
        assert stays.mean() > 0.5 if busy else (world.gps.joining_up_sessions == 0).all()
        factor = world.practices.workload[3] / world.practices.load[3]
        assert factor == pytest.approx(1.1 if busy else 1.0)
        cost = world.practices.merger_costs[3]
        assert cost == pytest.approx(6.0 * world.lists()[3] / 12.0, rel=0.02)


def test_members_leave_and_leaders_lead_on(world: World) -> None:
    row = founding.found(world, [1, 2, 3, 4], Form.FEDERATION, "founded together")
    leaders = world.ledger.leaders(row)
    merge(world, 3, [4])
    assert world.ledger.members(row).tolist() == [1, 2, 3]
    assert world.organisations.members[row] == 4, "members are counted by site"
    assert world.ledger.leaders(row).tolist() == leaders.tolist()
    settle_month(world)
    assert_conservation(world)


def test_two_members_that_become_one_end_their_federation_in_peace(world: World) -> None:
    row = founding.found(world, [3, 4], Form.FEDERATION, "founded together")
    merge(world, 3, [4])
    assert not world.organisations.alive[row] and not world.organisations.collapsed[row]
    assert world.practices.history[3] == 0 and world.practices.cooldown[3] == 0


def test_a_large_merged_practice_is_a_super_partnership_of_its_own(world: World) -> None:
    row = founding.found(world, [1, 2, 3, 4, 5], Form.FEDERATION, "founded together")
    world.organisations.institutional[row] = 0.6
    lists = world.lists()
    share = lists[[3, 4, 5]].sum() / lists[[1, 2, 3, 4, 5]].sum()
    merge(world, 3, [4, 5])
    organisations, own = world.organisations, int(world.practices.organisation[3])
    assert own != row and organisations.form[own] == Form.SUPER_PARTNERSHIP
    assert world.ledger.members(own).tolist() == [3] and world.ledger.members(row).tolist() == [1, 2]
    assert organisations.institutional[row] == pytest.approx(0.6 * (1 - share))
    assert (organisations.institutional[own] >= 0.6 * share - 1e-12).all()
    assert organisations.members[own] == 3 and organisations.lay_share[own] == 0.2
    leaders = world.ledger.leaders(own)
    assert leaders.size and (world.gps.practice[leaders] == 3).all()
    assert (world.gps.role[leaders] == Role.PARTNER).any()
    settle_month(world)
    assert_conservation(world)
    setup = 6.0 * world.lists()[3] / 12.0 + 2.0 * world.lists()[3] / 12.0
    assert world.practices.fee[3] == pytest.approx(setup) and world.practices.merger_costs[3] == 0
