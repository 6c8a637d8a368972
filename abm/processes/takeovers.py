"""Operators of many practices take over practices in distress (model sections 6.5 and 6.11).

An operator is one organisation with one name in its commissioner's area. It begins with its first practice, employs all
its GPs, keeps what its practices earn and pays its managers; its owners pay for the set-up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.agents.practice import Motion
from abm.columns import CONTRACT, Form, Role, Status
from abm.processes.endings import leave_together
from abm.processes.engagement import update_membership_totals
from abm.processes.founding import create, enter
from abm.processes.leadership import lead
from abm.processes.workforce import leave_post, leave_practice, take_post
from abm.world import World

Rows = NDArray[np.int64]


def operators(world: World) -> list[tuple[str, int]]:
    """Name and commissioner of each operator: the policy's number for a local health economy of the usual size."""
    commissioners, p = world.commissioners, world.parameters.takeovers
    economies = max(1, round(len(world.practices) / p.practices_per_operator))
    homes = np.lexsort((commissioners.name, world.streams.uniform("operators", 0, commissioners.key)))
    chosen = [int(homes[i % homes.size]) for i in range(world.policy.n_mpo * economies)]
    ordinal: dict[int, int] = {}
    found = []
    for home in chosen:
        ordinal[home] = ordinal.get(home, 0) + 1
        found.append((f"{commissioners.name[home]} operator {ordinal[home]}", home))
    return found


def offer_takeovers(world: World) -> None:
    """Each operator takes over what its commissioner cannot hand to partners, then makes one offer a month."""
    practices = world.practices
    partnerless = practices.status == Status.MANAGED
    practices.partnerless_months[:] = np.where(partnerless, practices.partnerless_months + 1, 0)
    if world.policy.mpo_allowed == "none":
        return
    for name, commissioner in operators(world):
        for practice in _abandoned(world, commissioner):
            if _has_room(world, name, practice) and _handed_over(world, commissioner, practice, name):
                take_over(world, practice, name, commissioner, "it had no partners")
        sought = _sought(world, name, commissioner)
        if sought is not None and _partners_agree(world, sought, name):
            take_over(world, sought, name, commissioner, "its partners agreed")


def _abandoned(world: World, commissioner: int) -> list[int]:
    """Practices without partners that have no salaried GP to promote, or have waited long enough."""
    practices = world.practices
    staff = world.sum_by_practice(world.in_post())
    waited = practices.partnerless_months >= world.parameters.takeovers.partnerless_months
    wanting = (practices.status == Status.MANAGED) & (waited | (staff == 0))
    rows = np.flatnonzero(wanting & (practices.commissioner == commissioner))
    return [int(row) for row in rows[np.argsort(practices.name[rows], kind="stable")]]


def _handed_over(world: World, commissioner: int, practice: int, operator: str) -> bool:
    choice = world.seam.decide(
        "hand_over",
        str(world.commissioners.name[commissioner]),
        ("go on managing it", "hand it over"),
        {"partnerless": float(world.practices.partnerless_months[practice])},
        1.0,
        world.one("hand over", world.practices.key[practice]),
        str(world.practices.name[practice]),
        keep_all=True,
    )
    return choice == 1


def _sought(world: World, operator: str, commissioner: int) -> int | None:
    """The practice that is made an offer: the one in distress for longest; where any may be sought, else one by lot."""
    practices = world.practices
    rows = np.flatnonzero(world.can_vote() & (practices.commissioner == commissioner))
    months = practices.short_months[rows]
    distressed = months >= world.parameters.workforce.distress_months
    if world.policy.mpo_allowed == "distressed":
        rows, months, distressed = rows[distressed], months[distressed], distressed[distressed]
    lot = world.uniform(f"offer of {operator}", practices.key[rows])
    for practice in rows[np.lexsort((lot, -np.where(distressed, months, 0)))]:
        if _has_room(world, operator, int(practice)):
            return int(practice)
    return None


def _has_room(world: World, operator: str, practice: int) -> bool:
    row = organisation_of(world, operator)
    patients = float(world.lists()[practice])
    if row is None:
        return world.policy.pop_max is None or patients <= world.policy.pop_max
    return world.organisation_agents[row].room_for(patients)


def organisation_of(world: World, operator: str) -> int | None:
    """The living organisation of an operator; None before its first practice."""
    living = world.living_organisations()
    own = living[world.organisations.operator[living] == operator]
    return int(own[0]) if own.size else None


def _partners_agree(world: World, practice: int, operator: str) -> bool:
    """Partners expect relief and the income of an employee; they know nobody at the operator."""
    p, reference = world.parameters.takeovers, max(1.0, world.references.partner_income)
    income = float(world.practices.partner_income[practice])
    motion = Motion(
        about=operator,
        form=Form.MULTI_PRACTICE_OPERATOR,
        occasion="takeover",
        income=(p.income_share * reference - income) / income,
        relief=p.relief,
        trust=0.0,
        leader=p.leadership,
    )
    return world.practice_agents[practice].vote(motion)


def take_over(world: World, practice: int, operator: str, commissioner: int, why: str) -> int:
    """A practice becomes the operator's: it leaves its organisation and its partners become employees or leave."""
    practices, p = world.practices, world.parameters.takeovers
    leave_together(world, [practice], f"left for {operator}")
    row = organisation_of(world, operator)
    if row is None:
        row = _begin(world, practice, operator, commissioner)
    enter(world, practice, row, "taken over", why, p.engagement, "taken over")
    practices.status[practice] = Status.ACQUIRED
    for ring in (practices.profit_ring, practices.partner_fte_ring):
        ring[practice] = np.nan
    partners = world.practice_agents[practice].partners()
    for gp in partners:
        if world.one("leaves at takeover", world.gps.key[gp]) < p.partners_leave:
            leave_practice(world, int(gp))
        else:
            leave_post(world, int(gp), "the practice was taken over")
            take_post(world, int(gp), practice, Role.SALARIED, "the practice was taken over")
            world.event("became employee", world.gps.name[gp], practices.name[practice])
    practices.lost_ring[practice, world.month % practices.lost_ring.shape[1]] += partners.size
    update_membership_totals(world)
    lead(world, row)
    return row


def _begin(world: World, practice: int, operator: str, commissioner: int) -> int:
    """The operator's organisation begins with its first practice."""
    organisations, p = world.organisations, world.parameters.takeovers
    row = create(world, operator, practice, Form.MULTI_PRACTICE_OPERATOR)
    organisations.operator[row] = operator
    organisations.commissioner[row] = commissioner
    organisations.institutional[row] = p.capability_other
    organisations.institutional[row, CONTRACT] = p.capability_contract
    world.event(
        "founded", organisations.name[row], world.practices.name[practice], 1, Form.MULTI_PRACTICE_OPERATOR.words
    )
    return row
