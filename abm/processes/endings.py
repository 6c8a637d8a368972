"""How members leave and organisations end, all through the ledger (model sections 6.6, 6.8 and 6.12)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abm.columns import OWNED, Legal, Status
from abm.processes.engagement import update_membership_totals
from abm.processes.leadership import retire_leader, vacate
from abm.world import World

LEAST_MEMBERS = 2  # an organisation of one is none
TOO_FEW = "fewer than two members were left"


def leave_together(world: World, leaving: Sequence[int], why: str, *, withdrawal: bool = False) -> None:
    """Practices leave what they are members of, if anything.

    Those who are left behind trust them less, those who go together do not; an organisation of one ends.

    Args:
        leaving: rows of the practices.
        why: for the ledger.
        withdrawal: they go for nothing better: an end that follows is a collapse.
    """
    left = sorted({int(world.practices.organisation[practice]) for practice in leaving} - {-1})
    for organisation in left:
        members = world.ledger.members(organisation)
        going = members[np.isin(members, leaving)]
        staying = members[~np.isin(members, leaving)]
        if staying.size >= LEAST_MEMBERS:
            leaders = world.ledger.leaders(organisation)
            departing = leaders[np.isin(world.gps.practice[leaders], going)]
            if departing.size:
                vacate(world, organisation, departing, "the practice left")
        for practice in going:
            close_membership(world, int(practice), why)
            world.trust.change(int(practice), staying.tolist(), -world.parameters.founding.defection_trust)
        if staying.size < LEAST_MEMBERS:
            dissolve(world, organisation, TOO_FEW, collapse=withdrawal, heirs=staying if staying.size else going)
    if left:
        update_membership_totals(world)


def close_membership(world: World, practice: int, why: str) -> None:
    """End one membership and what goes with it."""
    practices = world.practices
    organisation = int(practices.organisation[practice])
    world.ledger.close("member", practice, world.month, why)
    practices.engagement[practice] = 0.0
    practices.effort[practice] = 0.0
    for ring in (practices.membership_ring, practices.duty_ring):
        ring[practice] = np.nan
    practices.net_benefit[practice] = 0.0
    world.event("left", practices.name[practice], world.organisations.name[organisation], detail=why)


def dissolve(
    world: World,
    organisation: int,
    why: str,
    *,
    collapse: bool = True,
    bitter: bool = True,
    heirs: NDArray[np.int64] | None = None,
) -> None:
    """End an organisation: its last members share its reserve or debt, are free, and wait before they explore again.

    Args:
        organisation: its row.
        why: for the log.
        collapse: the organisation failed, which neighbours notice; not where its members went on to another.
        bitter: its members remember the end as a bad experience and wait; not where they became one practice.
        heirs: who shares its reserve or debt; left out, its last members.
    """
    organisations, practices, p = world.organisations, world.practices, world.parameters.withdrawal
    for gp in world.ledger.leaders(organisation):
        retire_leader(world, int(gp), "the organisation ended")
    members = world.ledger.members(organisation)
    share_reserve(world, organisation, members if heirs is None else heirs)
    for practice in members:
        close_membership(world, int(practice), "the organisation ended")
    practices.status[members[world.acquired()[members]]] = Status.MANAGED
    if bitter:
        practices.cooldown[members] = p.cooldown
        practices.history[members] -= 1.0
    if collapse:
        witness(world, members, -world.parameters.attitudes.witness_failure)
        organisations.collapsed[organisation] = True
    end(world, organisation)
    world.event("dissolved", organisations.name[organisation], detail=why)


def end(world: World, organisation: int) -> None:
    """An organisation without members is no more."""
    organisations = world.organisations
    organisations.alive[organisation] = False
    organisations.ended[organisation] = world.month
    organisations.hub_slots[organisation] = 0.0
    organisations.staffed_for[organisation] = 0.0


def share_reserve(world: World, organisation: int, members: NDArray[np.int64]) -> None:
    """Reserve or debt go to the members by list; practices book them with the month's finance.

    A community interest company distributes a part of a surplus only; the rest is spent on the community. What an
    operator or trust has or owes is its owners' and creditors'.
    """
    organisations, lists = world.organisations, world.lists()[members]
    amount = float(organisations.reserve[organisation])
    if organisations.form[organisation] in OWNED or not lists.sum():
        organisations.spent[organisation] += amount
        organisations.reserve[organisation] = 0.0
        return
    if organisations.legal[organisation] == Legal.COMMUNITY_INTEREST_COMPANY and amount > 0:
        organisations.spent[organisation] += (1.0 - world.parameters.finance.community_distribution) * amount
        amount *= world.parameters.finance.community_distribution
    world.practices.due[members] += amount * lists / lists.sum()
    organisations.passed_on[organisation] += amount
    organisations.reserve[organisation] = 0.0


def witness(world: World, members: NDArray[np.int64], change: float) -> None:
    """GPs of practices that know one of the members change their attitude, the less the farther they are."""
    trust, p = world.trust, world.parameters.attitudes
    nearest = np.full(len(world.practices), np.inf)
    for member in members:
        edges = trust.leaving(int(member))
        np.minimum.at(nearest, trust.edges.target[edges], trust.edges.distance[edges])
    nearest[members] = np.inf
    gps = world.in_post()
    felt = change * np.exp(-nearest[world.gps.practice[gps]] / p.witness_distance)
    world.gps.attitude[gps] = np.clip(world.gps.attitude[gps] + felt, -1.0, 1.0)
