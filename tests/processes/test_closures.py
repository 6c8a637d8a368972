"""Practices that nobody runs: who is asked, who receives their patients, and that nobody is lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm.appointments.interface import MonthCounts
from abm.columns import Form, Status
from abm.model import FederationModel
from abm.processes import founding
from abm.processes.appointments import plan_of
from abm.processes.closures import close, close_abandoned
from abm.processes.conservation import assert_conservation
from abm.processes.finance import settle_month
from abm.processes.workforce import leave_practice
from abm.world import World

STILL = {
    "founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0, "withdrawal.rate": 0.0,
    "mergers.rate": 0.0, "mergers.survival_rate": 0.0,
}  # fmt: skip
UNWILLING = {"voting.autonomy": 100.0}


def place(small_model: Callable[..., FederationModel], **parameters: float) -> FederationModel:
    return small_model(
        1, practices=12, parameters=STILL | parameters, levers={"mpo_allowed": "none", "trust_fallback": "off"}
    )


def abandon(world: World, practice: int) -> None:
    """All its GPs leave practice."""
    for gp in world.ledger.holders("post", practice):
        leave_practice(world, int(gp))
    world.practices.status[practice] = Status.MANAGED


def test_the_nearest_three_receive_the_patients_by_their_slots(small_model: Callable[..., FederationModel]) -> None:
    world = place(small_model).world
    practices = world.practices
    abandon(world, 3)
    before, slots = practices.list_by_age.copy(), practices.expected_slots.copy()
    same = np.flatnonzero((practices.commissioner == practices.commissioner[3]) & (np.arange(12) != 3))
    apart = np.hypot(practices.x[same] - practices.x[3], practices.y[same] - practices.y[3])
    nearest = same[np.argsort(apart, kind="stable")][:3]
    day = world.calendar.first_day(2)
    requests = plan_of(world, day, day, day.month).requests_per_open_day.sum()
    world.practices.partnerless_months[3] = 3
    close(world, 3, nearest)
    gained = practices.list_by_age - before
    share = slots[nearest] / slots[nearest].sum()
    assert gained[nearest] == pytest.approx(share[:, None] * before[3])
    assert practices.list_by_age.sum(axis=0) == pytest.approx(before.sum(axis=0))
    assert plan_of(world, day, day, day.month).requests_per_open_day.sum() == pytest.approx(requests)
    main = nearest[np.argmax(share)]
    assert practices.status[3] == Status.CLOSED and practices.served_by[3] == main and practices.site_share[3] == 0
    settle_month(world)
    assert_conservation(world)


def test_nobody_closes_a_practice_with_partners(small_model: Callable[..., FederationModel]) -> None:
    world = place(small_model).world
    for _ in range(6):
        close_abandoned(world)
    assert world.is_open().all()


def test_unwilling_neighbours_are_asked_for_three_months_then_it_is_closed(
    small_model: Callable[..., FederationModel],
) -> None:
    model = place(small_model, **UNWILLING)
    world = model.world
    abandon(world, 3)
    for month in range(3):
        assert world.practices.status[3] == Status.MANAGED
        model.step()
        asked = world.events.count(world.month, "motion failed")
        assert asked >= 1, month
    assert world.practices.status[3] == Status.CLOSED
    assert world.events.count(world.month, "closed") == 1
    assert isinstance(world.counts, MonthCounts)
    model.step()
    assert world.counts.requests[3].sum() == 0 and world.counts.closing_in_system[3] == 0


def test_a_willing_neighbour_takes_the_practice_in(small_model: Callable[..., FederationModel]) -> None:
    model = place(small_model, **{"voting.money": 6.0, "voting.autonomy": 0.6, "voting.sharpness": 6.0})
    world = model.world
    world.gps.attitude[:] = 1.0
    abandon(world, 3)
    model.step()
    assert world.practices.status[3] == Status.MERGED
    assert world.practices.served_by[3] != 3 and world.trust.towards(3, world.practices.served_by[[3]])[0] <= 1


def test_a_commissioner_may_keep_it_open(small_scenario: Callable[..., object]) -> None:
    scenario = small_scenario(
        12, 60, parameters=STILL | UNWILLING, levers={"mpo_allowed": "none", "trust_fallback": "off"}
    )
    first = FederationModel(scenario, 1)  # type: ignore[arg-type]
    name = str(first.world.commissioners.name[first.world.practices.commissioner[3]])
    model = FederationModel(
        scenario, 1,  # type: ignore[arg-type]
        seats={name: lambda question: "go on managing it" if question.kind == "close" else None},
    )  # fmt: skip
    while model.world.month < 1:
        model.step()
    abandon(model.world, 3)
    for _ in range(6):
        model.step()
    assert model.world.practices.status[3] == Status.MANAGED


def test_a_closed_practice_leaves_its_organisation(small_model: Callable[..., FederationModel]) -> None:
    world = place(small_model).world
    row = founding.found(world, [3, 4], Form.FEDERATION, "founded together")
    abandon(world, 3)
    close(world, 3, np.array([4, 5]))
    assert world.practices.organisation[3] == -1 and not world.organisations.alive[row]
    settle_month(world)
    assert_conservation(world)
