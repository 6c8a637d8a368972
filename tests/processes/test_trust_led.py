"""NHS trusts take over practices: which are willing, when they may, what they bring, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Run, Scenario, run
from abm.columns import Form, Legal, Status
from abm.model import FederationModel
from abm.processes.conservation import assert_conservation, memberships
from abm.processes.finance import settle_month
from abm.processes.takeovers import Taker, offer_takeovers, take_over, takers, trusts, willingness
from abm.processes.withdrawal import withdraw_and_dissolve
from abm.world import World

NOBODY = {
    "founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0, "withdrawal.rate": 0.0,
}  # fmt: skip
WILLING, UNWILLING = {"takeovers.trust_willingness": [1.0, 0.0]}, {"takeovers.trust_willingness": [0.0, 0.0]}
ALONE = {"mpo_allowed": "none", "trust_fallback": "first"}
TRUST = Taker("C trust 1", Form.TRUST_LED, 0)


@pytest.fixture
def world(small_model: Callable[..., FederationModel]) -> World:
    """A small place at the end of month 1, without any organisation and without offers."""
    quiet = {"mpo_allowed": "none", "trust_fallback": "off"}
    return small_model(1, practices=12, parameters=NOBODY | WILLING, levers=quiet).world


def taken(result: Run) -> list[str]:
    return sorted(result.events.query("kind == 'taken over'")["about"].unique())


def distressed(world: World, practice: int, months: int) -> None:
    world.practices.short_months[:] = 0
    world.practices.short_months[practice] = months


def without_anybody(world: World, practice: int, months: int) -> None:
    for gp in world.ledger.holders("post", practice):
        world.ledger.close("post", int(gp), world.month, "the test says so")
    world.practices.status[practice] = Status.MANAGED
    world.practices.partnerless_months[practice] = months - 1


def test_a_willing_trust_arises_in_a_place_with_distress(small_scenario: Callable[..., Scenario]) -> None:
    scenario = small_scenario(30, 36, levers=ALONE, parameters=WILLING)
    result = run(scenario, 2)
    assert taken(result) and all(" trust " in name for name in taken(result))
    last = result.model.iloc[-1]
    assert result.model["trust_led_share"].max() > 0 == last["operator_share"]
    own = result.organisations.query("form == 'trust-led organisation'")
    assert set(own["legal"]) == {"trust"} and (own["leadership"] == np.float32(0.5)).all()
    practice = result.events.query("kind == 'taken over'")["who"].iloc[0]
    told = result.explain(practice)
    assert "Was taken over by the trust-led organisation" in told
    assert " trust " in result.explain(taken(result)[0]).splitlines()[0]


@pytest.mark.parametrize(
    ("levers", "parameters"),
    [(ALONE | {"trust_fallback": "off"}, WILLING), (ALONE, UNWILLING), (ALONE, WILLING | {"takeovers.trusts": 0})],
)
def test_no_trust_takes_anything_over(
    small_scenario: Callable[..., Scenario], levers: dict[str, str], parameters: dict[str, object]
) -> None:
    result = run(small_scenario(30, 36, levers=levers, parameters=parameters), 2)
    assert not taken(result) and result.model["trust_led_share"].max() == 0


def test_willingness_belongs_to_the_trust(small_model: Callable[..., FederationModel]) -> None:
    world = small_model(practices=400, levers=ALONE).world
    world.policy = world.scenario.policy_at(1)
    names = [f"T{i} trust 1" for i in range(500)]
    drawn = willingness(world, names)
    assert drawn.mean() == pytest.approx(0.5, abs=0.02) and drawn.std() == pytest.approx(0.1, abs=0.02)
    assert willingness(world, names[::-1])[::-1].tolist() == drawn.tolist()
    found = trusts(world)
    eager = willingness(world, [taker.name for taker in found])
    assert 0 < len(found) < 10 and (eager > 0.5).all() and (np.diff(eager) <= 0).all()
    world.month = 30
    assert trusts(world) == found, "it does not change its mind by the month"


def test_trusts_come_before_operators_or_after_them(world: World) -> None:
    world.policy = world.policy.with_levers(mpo_allowed="distressed", trust_fallback="first")
    assert [taker.form for taker in takers(world)] == [Form.TRUST_LED] * 2 + [Form.MULTI_PRACTICE_OPERATOR]
    assert {taker.waits for taker in takers(world)} == {0}
    world.policy = world.policy.with_levers(trust_fallback="second")
    assert [(taker.form, taker.waits) for taker in takers(world)] == [
        (Form.MULTI_PRACTICE_OPERATOR, 0), (Form.TRUST_LED, 6), (Form.TRUST_LED, 6),
    ]  # fmt: skip


def test_a_trust_that_comes_second_waits_until_nobody_else_took_the_practice(world: World) -> None:
    asked = 0
    for fallback, months, offers in (("first", 6, 2), ("second", 11, 0), ("second", 12, 2)):
        world.policy = world.policy.with_levers(trust_fallback=fallback)
        distressed(world, 4, months)
        world.month += 1
        offer_takeovers(world)
        motions = world.events.frame().query("kind in ('motion passed', 'motion failed')")
        new, asked = len(motions) - asked, len(motions)
        assert new <= offers and (new > 0) == (offers > 0), (fallback, months)
        if world.acquired()[4]:
            break
    without_anybody(world, 7, 6)
    world.policy = world.policy.with_levers(trust_fallback="second")
    distressed(world, 4, 0)
    world.practices.partnerless_months[7] = 4
    world.month += 1
    offer_takeovers(world)
    assert world.practices.status[7] == Status.MANAGED
    world.month += 1
    offer_takeovers(world)
    assert world.practices.status[7] == Status.ACQUIRED, "nobody took it over for six months"


def test_an_operator_of_the_area_leaves_nothing_to_a_trust_that_comes_second(
    small_scenario: Callable[..., Scenario],
) -> None:
    eager = {"voting.sharpness": 6.0, "voting.reluctance": 0.125, "voting.autonomy": 0.6} | WILLING
    levers = {"mpo_allowed": "distressed", "n_mpo": 4, "trust_fallback": "second"}
    with_trusts = run(small_scenario(12, 36, levers=levers, parameters=eager | {"takeovers.trust_months": 12}), 1)
    without = run(small_scenario(12, 36, levers=levers | {"trust_fallback": "off"}, parameters=eager), 1)
    assert taken(with_trusts) == taken(without)
    assert with_trusts.model["burnout"].tolist() == without.model["burnout"].tolist()


def test_what_a_trust_brings_and_keeps(world: World) -> None:
    row = take_over(world, 3, TRUST, "the test says so")
    organisations, practices = world.organisations, world.practices
    assert organisations.form[row] == Form.TRUST_LED and organisations.legal[row] == Legal.TRUST
    assert organisations.institutional[row].tolist() == [0.7] * 6 and organisations.relation_hospital[row] == 0.8
    assert practices.engagement[3] == 0.3 and practices.status[3] == Status.ACQUIRED
    assert organisations.leadership[row] == 0.5 and world.ledger.leaders(row).size == 0
    memberships(world)
    world.policy = world.policy.with_levers(managers=6.0)
    world.month += 1
    settle_month(world)
    profit = practices.income[3] - practices.expenses[3]
    assert practices.fee[3] == 0 and organisations.income[row] == pytest.approx(profit)
    assert organisations.overhead[row] == pytest.approx(2.0 * world.lists()[3] / 3 / 12), "£2 a head, whatever policy"
    assert practices.scale_saving[3] == pytest.approx(
        0.02 * practices.engagement[3] * 83 * 1.01**world.years * world.lists()[3] / 12
    )


def test_a_trust_needs_two_thirds_of_the_partners(small_scenario: Callable[..., Scenario]) -> None:
    result = run(small_scenario(30, 36, levers=ALONE, parameters=WILLING), 2)
    motions = result.events[result.events["detail"].str.startswith("to takeover")]
    assert len(motions) and motions["detail"].str.contains("67%").all()


def test_a_trust_in_debt_gives_its_practices_back(world: World) -> None:
    row = take_over(world, 3, TRUST, "the test says so")
    for lost, lives in ((4.9, True), (5.1, False)):  # £3 a head of the trust's own, then £2 of debt
        world.organisations.reserve[row] = -lost * world.lists()[3]
        world.organisations.spent[row] = lost * world.lists()[3]
        world.practices.engagement[3] = 0.01
        world.month += 1
        for _ in range(8):
            withdraw_and_dissolve(world)
        assert world.organisations.alive[row] == lives
    assert world.practices.status[3] == Status.MANAGED and world.practices.due[3] == 0.0
    world.month += 1
    settle_month(world)
    memberships(world)


def test_books_balance_with_trusts(small_model: Callable[..., FederationModel]) -> None:
    model = small_model(36, seed=2, practices=30, horizon=36, levers=ALONE, parameters=WILLING)
    assert (model.world.organisations.form == Form.TRUST_LED).any()
    assert_conservation(model.world)
