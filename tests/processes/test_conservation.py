"""The checks of every month really raise when something is made or lost: the world is spoilt on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from abm import snapshot
from abm.columns import Role, Status
from abm.model import FederationModel
from abm.processes import conservation
from abm.processes.capacity import set_capacity
from abm.processes.conservation import ConservationError, assert_conservation
from abm.world import World

LEVERS = {
    "mpo_allowed": "any",
    "n_mpo": 1,
    "fund_per_head": 6.0,
    "target_money": 8.0,
    "backfill": 1.0,
    "leader_mode": 0.5,
    "od_invest": 1.0,
}


@pytest.fixture(scope="module")
def saved(small_model: Callable[..., FederationModel]) -> tuple[dict[str, Any], Any]:
    model = small_model(12, practices=24, levers=LEVERS)
    return snapshot.state_of(model), model.world.counts


@pytest.fixture
def world(saved: tuple[dict[str, Any], Any]) -> World:
    """A sound world at the end of month 12, with organisations, locums and money of every kind."""
    state, counts = saved
    world = snapshot.restore(state).world
    world.policy = world.scenario.policy_at(12)
    world.counts = type(counts)(**{name: _copied(getattr(counts, name)) for name in _given(counts)})
    assert_conservation(world)
    assert world.commissioners.paid_backfill.sum() > 0
    assert (world.organisations.hub_slots > 0).any()
    return world


def _given(counts: Any) -> list[str]:
    return [name for name, field in type(counts).__dataclass_fields__.items() if field.init]


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def some_partner(world: World) -> int:
    return int(np.flatnonzero(world.partners())[3])


def a_patient_is_made(world: World) -> None:
    world.practices.list_by_age[2, 1] += 1.0


def a_patient_is_lost(world: World) -> None:
    world.practices.list_by_age[4, 0] -= 1.0


def a_patient_changes_age_group_alone(world: World) -> None:
    world.practices.list_by_age[2, 3] -= 1.0
    world.practices.list_by_age[2, 4] += 1.0


def a_gp_vanishes(world: World) -> None:
    world.gps.alive[np.flatnonzero(world.gps.alive & (world.gps.role == Role.SESSIONAL))[0]] = False


def a_gp_returns_from_nowhere(world: World) -> None:
    world.gps.alive[np.flatnonzero(~world.gps.alive)[0]] = True


def a_gp_appears(world: World) -> None:
    world.gps.add(1, name="nobody", role=Role.SESSIONAL, entrant=True, commissioner=0)


def a_gp_leaves_and_stays(world: World) -> None:
    gp = some_partner(world)
    world.gps.alive[gp] = False
    world.leavers += 1


def a_partner_has_no_practice(world: World) -> None:
    world.gps.practice[some_partner(world)] = -1


def partners_beyond_the_posts(world: World) -> None:
    full = world.sum_by_practice(world.partners()) == world.practices.partner_posts
    world.practices.partner_posts[np.flatnonzero(full)[0]] -= 1


def a_contact_is_made(world: World) -> None:
    world.counts.attended_surgery[1, 0] += 1


def a_request_is_lost(world: World) -> None:
    world.counts.requests[0, 1] -= 1


def a_waiting_patient_is_forgotten(world: World) -> None:
    world.counts.closing_in_system[3] -= 1


def a_pound_of_core_money_is_lost(world: World) -> None:
    world.commissioners.paid_core[0] += 1.0


def a_pound_of_income_is_made(world: World) -> None:
    world.practices.income[1] += 1.0


def a_pound_a_head_is_lost(world: World) -> None:
    world.practices.head_money[np.flatnonzero(world.practices.head_money)[0]] -= 1.0
    world.practices.income[np.flatnonzero(world.practices.head_money)[0]] -= 1.0


def a_pound_of_profit_is_lost(world: World) -> None:
    world.gps.earned[some_partner(world)] -= 1.0


def a_locum_is_paid_too_much(world: World) -> None:
    world.gps.earned[np.flatnonzero(world.gps.sold_sessions)[0]] += 1.0


def backfill_is_paid_to_nobody(world: World) -> None:
    world.commissioners.paid_backfill[0] += 1.0


def money_for_targets_is_lost(world: World) -> None:
    world.commissioners.paid_targets[0] += 1.0


def a_locum_from_outside_is_not_paid(world: World) -> None:
    world.counts.outside_locum_sessions[0] += 1


def a_fee_is_lost(world: World) -> None:
    world.organisations.earned[world.living_organisations()[0]] -= 1.0


def a_reserve_is_made(world: World) -> None:
    world.organisations.reserve[world.living_organisations()[0]] += 1.0


def a_debt_vanishes(world: World) -> None:
    world.organisations.passed_on[world.living_organisations()[0]] -= 1.0
    world.organisations.reserve[world.living_organisations()[0]] += 1.0


def a_share_of_a_reserve_is_lost(world: World) -> None:
    world.practices.due[0] += 1.0


def a_profit_of_an_operator_is_lost(world: World) -> None:
    practice = np.flatnonzero(world.acquired())[0]
    world.practices.expenses[practice] += 1.0


def an_operator_lets_a_practice_go(world: World) -> None:
    world.practices.status[np.flatnonzero(world.acquired())[0]] = Status.MANAGED


def a_member_behind_the_ledgers_back(world: World) -> None:
    outsider = np.flatnonzero(world.practices.organisation < 0)
    row = outsider[0] if outsider.size else 0
    world.practices.organisation[row] = world.living_organisations()[-1] if outsider.size else -1


def an_organisation_dies_with_its_members(world: World) -> None:
    world.organisations.alive[world.living_organisations()[0]] = False


def an_organisation_without_members(world: World) -> None:
    world.organisations.add(1, name="ghost", key=1)


def a_leader_of_what_has_ended(world: World) -> None:
    dead = world.organisations.add(1, name="ghost", key=1, alive=False)
    world.gps.leads[some_partner(world)] = dead[0]


SPOILS = [
    a_patient_is_made, a_patient_is_lost, a_patient_changes_age_group_alone,
    a_gp_vanishes, a_gp_returns_from_nowhere, a_gp_appears, a_gp_leaves_and_stays, a_partner_has_no_practice,
    partners_beyond_the_posts,
    a_contact_is_made, a_request_is_lost, a_waiting_patient_is_forgotten,
    a_pound_of_core_money_is_lost, a_pound_of_income_is_made, a_pound_a_head_is_lost, a_pound_of_profit_is_lost,
    a_locum_is_paid_too_much, backfill_is_paid_to_nobody, money_for_targets_is_lost,
    a_locum_from_outside_is_not_paid, a_fee_is_lost, a_reserve_is_made, a_debt_vanishes, a_share_of_a_reserve_is_lost,
    a_profit_of_an_operator_is_lost, an_operator_lets_a_practice_go,
    a_member_behind_the_ledgers_back, an_organisation_dies_with_its_members, an_organisation_without_members,
    a_leader_of_what_has_ended,
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_the_month_stops_when(world: World, spoil: Callable[[World], None]) -> None:
    spoil(world)
    with pytest.raises(AssertionError):
        assert_conservation(world)


def test_the_error_says_what_and_when(world: World) -> None:
    a_patient_is_made(world)
    with pytest.raises(ConservationError, match=r"patients by age do not balance in month 12"):
        assert_conservation(world)


def in_surgery(world: World) -> int:
    return int(np.flatnonzero(world.in_post() & (world.gps.hub_sessions > 0))[0])


def a_clinical_session_is_made(world: World) -> None:
    world.gps.clinical_sessions[in_surgery(world)] += 1.0


def a_clinical_session_is_lost(world: World) -> None:
    world.gps.clinical_sessions[in_surgery(world)] -= 1.0


def a_hub_session_is_lost(world: World) -> None:
    gp = in_surgery(world)
    world.gps.clinical_sessions[gp] += world.gps.hub_sessions[gp]
    world.gps.hub_sessions[gp] = 0.0


def hub_slots_are_made(world: World) -> None:
    world.organisations.hub_slots[world.living_organisations()[0]] += 1.0


def cover_is_made(world: World) -> None:
    world.practices.cover_sessions[0] += 1.0


def a_meeting_is_double(world: World) -> None:
    world.gps.meeting_sessions[in_surgery(world)] += 0.15


@pytest.mark.parametrize(
    "spoil",
    [
        a_clinical_session_is_made, a_clinical_session_is_lost, a_hub_session_is_lost, hub_slots_are_made,
        cover_is_made, a_meeting_is_double,
    ],
    ids=lambda spoil: spoil.__name__,
)  # fmt: skip
def test_the_sessions_do_not_balance_when(world: World, spoil: Callable[[World], None]) -> None:
    set_capacity(world)
    conservation.sessions(world)
    spoil(world)
    with pytest.raises(ConservationError):
        conservation.sessions(world)
