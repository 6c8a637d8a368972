"""Organisations begin, take in, lose members and end, all through the ledger."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Scenario, run
from abm.columns import Form
from abm.model import FederationModel
from abm.processes import endings, founding
from abm.processes.conservation import memberships
from abm.processes.engagement import update_membership_totals
from abm.processes.finance import settle_month
from abm.processes.leadership import lead, update_leadership
from abm.processes.outcomes import update_outcomes
from abm.world import World

NOBODY = {"founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0}


@pytest.fixture
def world(small_model: Callable[..., FederationModel]) -> World:
    """A small place at the end of month 1, without any organisation."""
    found = small_model(
        1, practices=10, parameters=NOBODY, levers={"mpo_allowed": "none", "trust_fallback": "off"}
    ).world
    assert not len(found.organisations)
    return found


def checked(world: World) -> None:
    memberships(world)
    world.ledger.check()


def test_founding_makes_members_of_all_founders_and_a_leader(world: World) -> None:
    row = founding.found(world, [3, 1, 5], Form.FEDERATION, "together")
    organisations, practices = world.organisations, world.practices
    assert organisations.name[row] == f"{practices.name[3]}@1"
    assert world.ledger.members(row).tolist() == [1, 3, 5]
    assert practices.organisation.tolist() == [row if i in (1, 3, 5) else -1 for i in range(10)]
    assert (practices.engagement[[1, 3, 5]] == 0.55).all()
    best = practices.capability[[1, 3, 5]].max(axis=0)
    assert organisations.institutional[row] == pytest.approx(0.5 * best)
    assert (organisations.personal[row] == 0).all()
    assert organisations.population[row] == pytest.approx(world.lists()[[1, 3, 5]].sum())
    assert organisations.goals[row] >= 3
    leaders = world.ledger.leaders(row)
    assert leaders.size == 1
    assert world.gps.practice[leaders[0]] in (1, 3, 5)
    assert world.gps.lead_sessions_agreed[leaders[0]] == 4.0
    checked(world)


def test_members_come_to_know_each_other(world: World) -> None:
    row = founding.found(world, [0, 9], Form.INFORMAL, "together")
    founding.join(world, 4, row, "joined")
    for one, other in ((0, 9), (9, 0), (4, 0), (0, 4), (9, 4), (4, 9)):
        assert other in world.trust.edges.target[world.trust.leaving(one)]
    assert world.practices.engagement[4] == 0.50
    checked(world)


def test_who_joins_a_federation_leaves_the_informal_network(world: World) -> None:
    network = founding.found(world, [0, 1, 2], Form.INFORMAL, "together")
    federation = founding.found(world, [3, 4], Form.FEDERATION, "together")
    trust = world.trust.towards(0, np.array([1, 2]))
    founding.join(world, 0, federation, "found and admitted")
    assert world.ledger.members(network).tolist() == [1, 2]
    assert world.ledger.members(federation).tolist() == [0, 3, 4]
    assert world.trust.towards(0, np.array([1, 2])) == pytest.approx(np.maximum(-1, trust - 0.10))
    assert world.organisations.alive[network]
    checked(world)


def test_an_organisation_of_one_ends_and_sets_its_member_free(world: World) -> None:
    row = founding.found(world, [6, 7], Form.FEDERATION, "together")
    endings.leave_together(world, [6], "tired of it")
    organisations, practices = world.organisations, world.practices
    assert not organisations.alive[row]
    assert organisations.ended[row] == 1
    assert (practices.organisation == -1).all()
    assert (practices.engagement[[6, 7]] == 0).all()
    assert (world.gps.leads == -1).all()
    assert (world.gps.lead_sessions_agreed == 0).all()
    assert organisations.population[row] == 0
    checked(world)
    history = world.ledger.frame()
    assert set(history.loc[history["relation"] == "member", "why_ended"]) == {"tired of it", "the organisation ended"}


def test_who_goes_together_does_not_lose_trust_in_each_other(world: World) -> None:
    network = founding.found(world, [0, 1, 2, 3], Form.INFORMAL, "together")
    pairs = [(0, np.array([1])), (2, np.array([3])), (0, np.array([2, 3])), (3, np.array([0, 1]))]
    before = [world.trust.towards(one, others) for one, others in pairs]
    founding.found(world, [0, 1], Form.FEDERATION, "called together")
    after = [world.trust.towards(one, others) for one, others in pairs]
    assert np.array_equal(after[0], before[0])
    assert np.array_equal(after[1], before[1])
    assert after[2] == pytest.approx(np.maximum(-1, before[2] - 0.10))
    assert after[3] == pytest.approx(np.maximum(-1, before[3] - 0.10))
    assert world.ledger.members(network).tolist() == [2, 3]
    checked(world)


def test_two_organisations_of_one_founder_in_one_month_are_told_apart(world: World) -> None:
    """By name, and so by their draws."""
    rows = [founding.found(world, [0, i], Form.INFORMAL, "together") for i in (1, 2, 3)]
    names, keys = world.organisations.name[rows], world.organisations.key[rows]
    assert len(set(names.tolist())) == len(set(keys.tolist())) == 3
    assert all(str(name).startswith(f"{world.practices.name[0]}@1") for name in names)
    checked(world)


def test_a_collapse_is_a_bad_experience_of_those_who_are_left(world: World) -> None:
    founding.found(world, [0, 1], Form.INFORMAL, "together")
    history = world.practices.history.copy()
    founding.found(world, [0, 5], Form.FEDERATION, "elsewhere")
    assert world.practices.history[1] == history[1] - 1
    assert world.practices.cooldown[1] == 6
    assert world.practices.history[[0, 5]].tolist() == history[[0, 5]].tolist()
    checked(world)


def test_capability_goes_with_the_leader_whose_practice_leaves(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    world.organisations.personal[row], world.organisations.institutional[row] = 0.3, 0.5
    leader = int(world.ledger.leaders(row)[0])
    endings.leave_together(world, [int(world.gps.practice[leader])], "with its leader")
    assert (world.organisations.personal[row] == 0).all()
    assert world.organisations.institutional[row] == pytest.approx(0.45)
    checked(world)


def test_dissolution_frees_all_members_and_leaders(world: World) -> None:
    row = founding.found(world, [0, 1, 2, 3], Form.FEDERATION, "together")
    endings.dissolve(world, row, "the test says so")
    update_membership_totals(world)
    assert (world.practices.organisation == -1).all()
    assert world.ledger.members(row, month=0).size == 0
    assert world.ledger.leaders(row).size == 0
    checked(world)


def test_the_leader_goes_with_the_practice(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    leader = int(world.ledger.leaders(row)[0])
    endings.leave_together(world, [int(world.gps.practice[leader])], "with its leader")
    assert world.gps.leads[leader] == -1
    assert world.ledger.leaders(row).size == 0
    checked(world)


def test_what_rests_with_leaders_goes_with_them(world: World) -> None:
    """All leaders gone: personal capability is lost, institutional falls by a tenth, engagement by a quarter."""
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    organisations, practices = world.organisations, world.practices
    organisations.personal[row], organisations.institutional[row] = 0.3, 0.5
    practices.engagement[[0, 1, 2]] = 0.6
    world.departing_leaders.extend(world.ledger.leaders(row).tolist())
    update_leadership(world)
    assert (organisations.personal[row] == 0).all()
    assert organisations.institutional[row] == pytest.approx(0.45)
    assert practices.engagement[[0, 1, 2]] == pytest.approx(0.45)
    assert organisations.leadership[row] == pytest.approx(0.1)
    assert world.departing_leaders == []


def test_a_leader_is_succeeded_after_six_months(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    world.departing_leaders.extend(world.ledger.leaders(row).tolist())
    waited = 0
    update_leadership(world)
    while not world.ledger.leaders(row).size:
        world.month += 1
        waited += 1
        update_leadership(world)
    assert waited == 6


@pytest.mark.parametrize(("mode", "expected"), [(0.0, 0.4), (1.0, 0.5 * (1 - (1 - 0.65 * 0.4) ** 3))])
def test_with_ample_time_and_equal_skill_leadership_is_exact(
    small_model: Callable[..., FederationModel], mode: float, expected: float
) -> None:
    ample = {"leadership.heroic_supply": 1000.0, "leadership.distributed_supply": 1000.0}
    world = small_model(1, practices=10, parameters=NOBODY | ample, levers={"leader_mode": mode}).world
    world.gps.skill[:] = 0.4
    row = founding.found(world, [0, 1, 2, 3, 4], Form.FEDERATION, "together")
    lead(world, row)
    assert world.ledger.leaders(row).size == (1 if mode == 0 else 3)
    assert world.organisations.leadership[row] == pytest.approx(expected, rel=1e-12)


def test_seed_collaborations_are_near_groups_of_three_to_six(small_model: Callable[..., FederationModel]) -> None:
    from abm.processes.founding import seed_collaborations

    world = small_model(0, practices=60).world
    world.month = 1
    seed_collaborations(world)
    sizes = world.organisations.members
    assert ((sizes >= 2) & (sizes <= 6)).all()
    member = world.practices.organisation >= 0
    assert 0.25 * 60 <= member.sum() < 0.25 * 60 + 6
    assert (world.organisations.form == Form.FEDERATION).sum() == -(-len(world.organisations) // 5)
    assert (world.organisations.founded == 1 - 12).all()
    assert (world.organisations.institutional == 0.2).all()
    for row in range(len(world.organisations)):
        members = world.ledger.members(row)
        founder = int(world.organisations.founder[row])
        others = world.trust.edges.target[world.trust.leaving(founder)]
        assert np.isin(members[members != founder], others).all()
    checked(world)


def test_community_health_organisations_come_where_they_are_promoted(small_scenario: Callable[..., Scenario]) -> None:
    levers = {"fund_per_head": 3.0, "community_engagement": 1.0}
    plain = run(small_scenario(30, 24, levers=levers | {"community_engagement": 0.0}), 1)
    promoted = run(small_scenario(30, 24, levers=levers | {"cho_promote": True}), 1)
    assert plain.model["community_health_share"].iloc[-1] < promoted.model["community_health_share"].iloc[-1]
    table = promoted.organisations.query("form == 'community health organisation'")
    assert set(table["legal"]) == {"community interest company"} and (table["lay_share"] == 0.5).all()
    proposals = promoted.decisions.query("kind == 'propose_form'")
    chosen = proposals[proposals["choice"] == "community health organisation"].iloc[0]
    told = promoted.explain(chosen["who"], chosen["month"])
    assert "referred a community health organisation with" in told and "the promotion of the form (+2.00)" in told
    one = promoted.events.query("kind == 'founded' and detail == 'community health organisation'").iloc[0]
    assert "community health organisation founded" in promoted.explain(one["who"])


def test_who_joins_later_shares_what_is_left_of_the_set_up(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    world.month += 4
    founding.join(world, 3, row, "the test says so")
    practices, lists = world.practices, world.lists()
    for month, work, cost in ((6, True, True), (8, False, True), (12, False, True), (14, False, False)):
        world.month = month
        world.counts.outside_locum_sessions[:] = 0
        update_outcomes(world)
        settle_month(world)
        members = practices.organisation == row
        assert members[:4].all()
        assert (practices.workload[:4] > practices.load[:4]).tolist() == [work] * 4, month
        expected = (1.0 + 0.6 * cost) * lists[:4] / 12
        assert practices.fee[:4] == pytest.approx(expected), month


def test_a_leader_whose_contract_leaves_little_time_achieves_little(world: World) -> None:
    row = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    (leader,) = world.ledger.leaders(row)
    organisations, gps = world.organisations, world.gps
    gps.sessions[leader] = 8.5
    lead(world, row)
    whole = organisations.leadership[row]
    assert organisations.lead_supply[row] == 4.0
    gps.sessions[leader], gps.board_seat[leader] = 2.0, True
    lead(world, row)
    assert organisations.lead_supply[row] == 1.0
    assert organisations.leadership[row] == pytest.approx(gps.skill[leader] / organisations.lead_required[row])
    assert organisations.leadership[row] < whole


def test_nobody_turns_to_a_practice_that_waits_after_failed_talks(world: World) -> None:
    practices = world.practices
    asked = world.practice_agents[0].search()
    assert asked is not None
    practices.cooldown[asked] = 3
    assert world.practice_agents[0].search() != asked
    practices.cooldown[1:] = 3
    assert world.practice_agents[0].search() is None
    founding.found(world, [4, 5], Form.INFORMAL, "together")
    practices.cooldown[[4, 5]] = 3
    assert world.practice_agents[0].search() in (4, 5), "an organisation may be asked"


def test_nobody_founds_and_joins_in_one_month(small_scenario: Callable[..., Scenario]) -> None:
    eager = {
        "exploration.rate": 0.25, "exploration.base": -0.7, "voting.sharpness": 6.0, "voting.reluctance": 0.125,
        "founding.call_rate": 0.06,
    }  # fmt: skip
    result = run(small_scenario(60, 12, parameters=eager, levers={"fund_per_head": 1.0}), 4)
    held = result.memberships.query("relation == 'member' and since >= 1")
    assert len(held) > 30
    own_will = held[held["why"].isin(("founded together", "found and admitted", "called together"))]
    again = own_will.duplicated(["who", "since"], keep=False)
    assert not again.any(), own_will[again]
