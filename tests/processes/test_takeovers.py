"""Operators take over practices: who is asked, what becomes of partners and money, and what ends it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Run, Scenario, run
from abm.columns import Form, Legal, Role, Status
from abm.model import FederationModel
from abm.processes import founding
from abm.processes.conservation import assert_conservation, memberships
from abm.processes.finance import settle_month
from abm.processes.takeovers import Taker, offer_takeovers, operators, organisation_of, take_over
from abm.processes.withdrawal import withdraw_and_dissolve
from abm.world import World

NOBODY = {
    "founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0, "withdrawal.rate": 0.0,
}  # fmt: skip

OPERATOR = Taker("C operator 1", Form.MULTI_PRACTICE_OPERATOR, 0)


@pytest.fixture
def world(small_model: Callable[..., FederationModel]) -> World:
    """A small place at the end of month 1, without any organisation and without offers."""
    quiet = {"mpo_allowed": "none", "trust_fallback": "off"}
    return small_model(1, practices=12, parameters=NOBODY, levers=quiet).world


@pytest.fixture(scope="module")
def chain(small_scenario: Callable[..., Scenario]) -> Run:
    """Three years of operators who may make offers to everybody."""
    return run(small_scenario(30, 36, levers={"mpo_allowed": "any", "n_mpo": 4, "trust_fallback": "off"}), 1)


def test_operators_are_as_many_as_the_policy_says_for_every_80_practices(
    small_model: Callable[..., FederationModel],
) -> None:
    for practices, n, count in ((12, 1, 1), (12, 0, 0), (160, 2, 4)):
        world = small_model(practices=practices, levers={"n_mpo": n}).world
        world.policy = world.scenario.policy_at(1)
        found = operators(world)
        assert len(found) == len({taker.name for taker in found}) == count
        assert all(taker.name.startswith(str(world.commissioners.name[taker.commissioner])) for taker in found)


def test_partners_become_employees_or_leave(world: World) -> None:
    partners = world.practice_agents[3].partners()
    before = world.gps.alive.sum()
    row = take_over(world, 3, OPERATOR, "the test says so")
    gps = world.gps
    left = partners[~gps.alive[partners]]
    assert before - gps.alive.sum() == left.size
    stayed = partners[gps.alive[partners]]
    assert (gps.role[stayed] == Role.SALARIED).all() and (gps.practice[stayed] == 3).all()
    assert world.practices.status[3] == Status.ACQUIRED
    assert world.practices.organisation[3] == row and world.practices.engagement[3] == 0.35
    organisations = world.organisations
    assert organisations.form[row] == Form.MULTI_PRACTICE_OPERATOR and organisations.legal[row] == Legal.COMPANY
    assert organisations.institutional[row].tolist() == [0.8, 0.6, 0.6, 0.6, 0.6, 0.6]
    assert organisations.leadership[row] == 0.5 and world.ledger.leaders(row).size == 0
    memberships(world)
    world.ledger.check()
    assert take_over(world, 4, OPERATOR, "the test says so") == row, "one organisation for each operator"


def test_a_fifth_of_partners_leave(chain: Run) -> None:
    became = chain.events.query("kind == 'became employee'")
    taken = chain.events.query("kind == 'taken over'")
    ended = chain.memberships.query("relation == 'post' and what == 'partner' and until < 9999")
    of_taken = ended.merge(taken[["month", "who"]], left_on=["until", "where"], right_on=["month", "who"])
    gone = of_taken["why_ended"].eq("left practice").sum()
    assert len(became) == of_taken["why_ended"].eq("the practice was taken over").sum() > 10
    assert 0.05 < gone / (gone + len(became)) < 0.4


def test_an_acquired_practice_never_votes_explores_or_makes_partners_again(chain: Run) -> None:
    taken = chain.events.query("kind == 'taken over'").set_index("who")["month"]
    assert len(taken) == chain.model["takeovers"].sum() > 5
    table = chain.practices
    for practice, month in taken.items():
        ended = chain.events.query("kind == 'left' and who == @practice and month > @month")["month"]
        until = ended.min() if len(ended) else 99
        after = table[(table["practice"] == practice) & (table["month"] > month) & (table["month"] < until)]
        assert (after["partners"] == 0).all() and (after["status"] == "acquired").all()
        asked = chain.decisions.query("who == @practice and month > @month and month < @until")
        assert not len(asked)
    told = chain.explain(str(taken.index[0]))
    assert "Was taken over by the multi-practice operator" in told and "an operator runs it" in told


def test_the_operator_keeps_what_its_practices_earn(world: World) -> None:
    row = take_over(world, 3, OPERATOR, "the test says so")
    world.month += 1
    settle_month(world)
    practices, organisations = world.practices, world.organisations
    assert practices.fee[3] == 0
    profit = practices.income[3] - practices.expenses[3]
    assert organisations.income[row] == pytest.approx(profit)
    population = world.lists()[3]
    assert organisations.overhead[row] == pytest.approx(3.0 * population / 3 / 12)
    assert organisations.reserve[row] == pytest.approx(profit - organisations.overhead[row])
    assert practices.partner_income[3] == pytest.approx(0.85 * world.references.partner_income)


def test_only_practices_in_distress_are_asked_unless_any_may_be(small_scenario: Callable[..., Scenario]) -> None:
    result = run(small_scenario(30, 36), 2)
    asked = result.events[result.events["detail"].str.startswith("to takeover")]
    distressed = result.events.query("kind == 'distressed'")
    for event in asked.itertuples():
        before = distressed[(distressed["who"] == event.who) & (distressed["month"] <= event.month)]
        assert len(before), "it had been in distress"
    none = run(small_scenario(30, 36, levers={"mpo_allowed": "none", "trust_fallback": "off"}), 2)
    assert not none.events["kind"].eq("taken over").any()


def test_a_practice_that_nobody_can_be_partner_of_is_handed_over(world: World) -> None:
    for gp in world.ledger.holders("post", 5):
        world.ledger.close("post", int(gp), 1, "the test says so")
    world.practices.status[5] = Status.MANAGED
    world.policy = world.policy.with_levers(mpo_allowed="distressed")
    world.month += 1
    offer_takeovers(world)
    assert world.practices.status[5] == Status.ACQUIRED
    handed = world.seam.log.frame().query("kind == 'hand_over'")
    assert handed["about"].tolist() == [world.practices.name[5]]
    assert handed["who"].tolist() == [world.commissioners.name[0]]


def test_a_practice_leaves_its_federation_when_it_is_taken_over(world: World) -> None:
    federation = founding.found(world, [0, 1, 2], Form.FEDERATION, "together")
    take_over(world, 1, OPERATOR, "the test says so")
    assert world.ledger.members(federation).tolist() == [0, 2]
    memberships(world)


def test_a_bankrupt_operator_leaves_its_practices_to_the_commissioner_and_its_debt_to_creditors(world: World) -> None:
    row = take_over(world, 3, OPERATOR, "the test says so")
    for lost, lives in ((5.9, True), (6.1, False)):  # owners' £4 a head, then £2 of debt
        world.organisations.reserve[row] = -lost * world.lists()[3]
        world.organisations.spent[row] = lost * world.lists()[3]
        world.month += 1
        withdraw_and_dissolve(world)
        assert world.organisations.alive[row] == lives, "its owners lose their capital first"
    assert not world.organisations.alive[row]
    assert world.practices.status[3] == Status.MANAGED and world.practices.due[3] == 0.0
    assert organisation_of(world, "C operator 1") is None
    world.month += 1
    settle_month(world)
    assert np.isclose(world.organisations.reserve[row], 0.0)
    memberships(world)


def test_low_engagement_does_not_end_an_operator(world: World) -> None:
    row = take_over(world, 3, OPERATOR, "the test says so")
    world.practices.engagement[3] = world.organisations.engagement[row] = 0.1
    for _ in range(8):
        withdraw_and_dissolve(world)
    assert world.organisations.alive[row]


def test_operators_do_not_outgrow_the_limit_of_population(small_scenario: Callable[..., Scenario]) -> None:
    model = FederationModel(small_scenario(30, 36, levers={"mpo_allowed": "any", "n_mpo": 4, "pop_max": 20_000.0}), 1)
    while not model.finished:
        model.step()
    assert_conservation(model.world)
    own = np.flatnonzero(model.world.organisations.form == Form.MULTI_PRACTICE_OPERATOR)
    assert own.size and (model.world.organisations.population[own] <= 20_000 * 1.05).all()


def test_whom_an_operator_asks_and_what_partners_do_are_decisions_in_words(chain: Run) -> None:
    decisions = chain.decisions
    asked = decisions.query("kind == 'approach'")
    assert asked["who"].str.contains("operator").all() and asked["term_distress"].ge(0).all()
    motions = chain.events[chain.events["detail"].str.startswith("to takeover")]
    assert set(zip(motions["month"], motions["who"], motions["about"], strict=True)) == set(
        zip(asked["month"], asked["about"], asked["who"], strict=True)
    )
    left = decisions.query("kind == 'leave_at_takeover'")
    assert len(left) == len(chain.events.query("kind == 'became employee'")) + left["choice"].eq("leave practice").sum()
    practice = asked["about"].iloc[0]
    assert "made" not in (told := chain.explain(practice)).splitlines()[0]
    assert " an offer: short of GPs for " in told or " an offer: by lot among " in told
