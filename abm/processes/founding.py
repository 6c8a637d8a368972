"""How organisations begin, take in members and end, all through the ledger (model sections 5, 6.8, 6.9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from abm.columns import Form, Legal
from abm.processes.engagement import update_membership_totals
from abm.processes.leadership import HEROIC, TEAM, appoint, lead, retire_leader, vacate
from abm.streams import name_key
from abm.world import World

LEAST_MEMBERS = 2  # an organisation of one is none


def found(world: World, members: Sequence[int], form: Form, why: str, *, age: int = 0) -> int:
    """Found an organisation; the first member is the founder and gives it its name. Returns its row."""
    practices, organisations, p = world.practices, world.organisations, world.parameters
    founder = int(members[0])
    name = f"{practices.name[founder]}@{world.month}"
    while name in organisations.name:  # the founder leaves for a second organisation in one month
        name += "'"
    key = name_key(name)
    best = practices.capability[list(members)].max(axis=0)
    extra = int(
        world.streams.poisson(p.capability.goals_mean_extra, "goals", world.month, np.array([key], np.uint64))[0]
    )
    row = int(
        organisations.add(
            name=name,
            key=key,
            form=form,
            legal=_legal_form(world, form, key),
            founder=founder,
            commissioner=practices.commissioner[founder],
            founded=world.month - age,
            leader_mode=world.policy.leader_mode,
            coordination=p.leadership.coordination_start,
            control=world.policy.control,
            support=world.policy.support,
            goals=p.capability.goals_least + extra,
            relation_commissioner=p.engagement.commissioner_relation_start,
            relation_hospital=p.engagement.hospital_relation_start,
        )[0]
    )
    organisations.institutional[row] = p.capability.founding_share * best
    world.add_agent("organisations", row)
    leave_together(world, members, f"left for {name}")
    world.event("founded", name, practices.name[founder], len(members), form.name.lower())
    for member in members:
        _enter(
            world, int(member), row, "founder" if member == founder else "member", why, p.founding.engagement_founder
        )
        practices.member_since[member] = world.month - age
    update_membership_totals(world)
    for kind in (HEROIC, TEAM):
        appoint(world, row, kind)
    lead(world, row)
    return row


def _legal_form(world: World, form: Form, key: int) -> Legal:
    if form == Form.INFORMAL:
        return Legal.NONE
    shares = np.cumsum(world.parameters.founding.legal_shares)
    return Legal(1 + int(np.searchsorted(shares, world.one("legal form", key) * shares[-1], side="right")))


def join(world: World, practice: int, organisation: int, why: str) -> None:
    """A practice becomes member."""
    leave_together(world, [practice], f"left for {world.organisations.name[organisation]}")
    _enter(world, practice, organisation, "member", why, world.parameters.founding.engagement_joiner)
    update_membership_totals(world)


def _enter(world: World, practice: int, organisation: int, what: str, why: str, engagement: float) -> None:
    practices = world.practices
    world.trust.link(practice, world.ledger.members(organisation))
    world.ledger.open("member", practice, organisation, what, world.month, why)
    practices.member_since[practice] = world.month
    practices.engagement[practice] = engagement
    world.event("joined", practices.name[practice], world.organisations.name[organisation], detail=why)


def leave_together(world: World, leaving: Sequence[int], why: str) -> None:
    """Practices leave what they are members of, if anything.

    Those who are left behind trust them less, those who go together do not; an organisation of one ends.
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
            _exit(world, int(practice), why)
            world.trust.change(int(practice), staying.tolist(), -world.parameters.founding.defection_trust)
        if staying.size < LEAST_MEMBERS:
            dissolve(world, organisation, "fewer than two members were left")
    if left:
        update_membership_totals(world)


def _exit(world: World, practice: int, why: str) -> None:
    organisation = int(world.practices.organisation[practice])
    world.ledger.close("member", practice, world.month, why)
    world.practices.engagement[practice] = 0.0
    world.practices.effort[practice] = 0.0
    world.practices.membership_ring[practice] = np.nan
    world.event("left", world.practices.name[practice], world.organisations.name[organisation], detail=why)


def dissolve(world: World, organisation: int, why: str) -> None:
    """End an organisation; its last members are free again, with a bad experience, and wait before they explore."""
    for gp in world.ledger.leaders(organisation):
        retire_leader(world, int(gp), "the organisation ended")
    members = world.ledger.members(organisation)
    for practice in members:
        _exit(world, int(practice), "the organisation ended")
    world.practices.cooldown[members] = world.parameters.founding.dissolution_cooldown
    world.practices.history[members] -= 1.0
    world.organisations.alive[organisation] = False
    world.organisations.ended[organisation] = world.month
    world.organisations.hub_slots[organisation] = 0.0
    world.event("dissolved", world.organisations.name[organisation], detail=why)


def seed_collaborations(world: World) -> None:
    """The collaborations that existed before: groups of near, trusted neighbours, mostly informal (model section 5).

    The first group is a federation, and one more for every further local health economy of the usual size.
    """
    if world.month != 1:
        return
    if world.policy.geography == "like-minded":
        meet_the_like_minded(world)
    practices, p = world.practices, world.parameters.founding
    draw = world.uniform("seed order", practices.key)
    wanted = p.seed_share * len(practices)
    federations = max(1, round(len(practices) / p.seed_practices_per_federation))
    free = world.can_vote()
    placed = groups = 0
    for founder in np.argsort(draw, kind="stable"):
        if not free[founder]:
            continue
        low, high = p.seed_sizes
        size = low + int(world.one("seed size", practices.key[founder]) * (high - low + 1))
        if wanted - placed < size / 2.0:
            break
        edges = world.trust.leaving(int(founder))
        others = world.trust.edges.target[edges].astype(np.int64)
        distance = world.trust.edges.distance[edges] - p.seed_trust_weight * world.trust.edges.trust[edges]
        near = others[np.lexsort((practices.name[others], distance))]
        members = [int(founder), *near[free[near]][: size - 1].tolist()]
        if len(members) < LEAST_MEMBERS:
            continue
        form = Form.FEDERATION if groups < federations else Form.INFORMAL
        row = found(world, members, form, "collaborated before the start", age=p.seed_age)
        world.organisations.institutional[row] = p.seed_capability
        free[members] = False
        placed += len(members)
        groups += 1


def meet_the_like_minded(world: World) -> None:
    """Bring within each one's reach the practices most like it in deprivation, attitude and size, wherever they are."""
    from scipy.spatial import cKDTree

    practices, p = world.practices, world.parameters.exploration
    traits = np.column_stack(
        (
            practices.deprivation,
            p.difference_attitude * world.practice_attitude(),
            p.difference_list * np.log(np.maximum(world.lists(), 1.0)),
        )
    )
    order = np.argsort(practices.name, kind="stable")
    count = min(world.parameters.population.like_minded + 1, len(practices))
    _, nearest = cKDTree(traits[order]).query(traits, k=count, p=1)
    for practice, rows in enumerate(np.atleast_2d(nearest.reshape(len(practices), -1))):
        world.trust.link(practice, order[rows].tolist())
