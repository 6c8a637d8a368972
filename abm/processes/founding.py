"""How organisations begin and take in members, all through the ledger (model sections 5, 6.8, 6.9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from abm.columns import Form, Legal
from abm.processes.endings import LEAST_MEMBERS, leave_together
from abm.processes.engagement import update_membership_totals
from abm.processes.leadership import HEROIC, TEAM, appoint, lead
from abm.streams import name_key
from abm.world import World


def found(world: World, members: Sequence[int], form: Form, why: str, *, age: int = 0) -> int:
    """Found an organisation; the first member is the founder and gives it its name. Returns its row."""
    practices, organisations, p = world.practices, world.organisations, world.parameters
    founder = int(members[0])
    row = create(world, f"{practices.name[founder]}@{world.month}", founder, form, age=age)
    name = organisations.name[row]
    organisations.institutional[row] = p.capability.founding_share * practices.capability[list(members)].max(axis=0)
    leave_together(world, members, f"left for {name}")
    world.event("founded", name, practices.name[founder], len(members), form.words)
    for member in members:
        enter(world, int(member), row, "founder" if member == founder else "member", why, p.founding.engagement_founder)
        practices.member_since[member] = world.month - age
    update_membership_totals(world)
    for kind in (HEROIC, TEAM):
        appoint(world, row, kind)
    lead(world, row)
    return row


def create(world: World, name: str, founder: int, form: Form, *, age: int = 0) -> int:
    """Add an organisation without members, leaders or capability. Returns its row."""
    practices, organisations, p = world.practices, world.organisations, world.parameters
    while name in organisations.name:  # the founder leaves for a second organisation in one month
        name += "'"
    key = name_key(name)
    extra = int(
        world.streams.poisson(p.capability.goals_mean_extra, "goals", world.month, np.array([key], np.uint64))[0]
    )
    row = int(
        organisations.add(
            name=name,
            key=key,
            form=form,
            legal=legal_form(world, form, key),
            founder=founder,
            commissioner=practices.commissioner[founder],
            founded=world.month - age,
            formal_since=world.month - age,
            lay_share=p.founding.lay_share[form],
            leader_mode=world.policy.leader_mode,
            coordination=p.leadership.coordination_start,
            control=world.policy.control,
            support=world.policy.support,
            goals=p.capability.goals_least + extra,
            relation_commissioner=p.engagement.commissioner_relation_start,
            relation_hospital=p.engagement.hospital_relation_start,
        )[0]
    )
    world.add_agent("organisations", row)
    return row


def legal_form(world: World, form: Form, key: int) -> Legal:
    """What an organisation is in law, drawn by its key."""
    if form == Form.INFORMAL:
        return Legal.NONE
    if form == Form.COMMUNITY_HEALTH_ORGANISATION:
        return Legal.COMMUNITY_INTEREST_COMPANY
    if form == Form.MULTI_PRACTICE_OPERATOR:
        return Legal.COMPANY
    if form == Form.TRUST_LED:
        return Legal.TRUST
    if form == Form.SUPER_PARTNERSHIP:
        return Legal.PARTNERSHIP
    shares = np.cumsum(world.parameters.founding.legal_shares)
    return Legal(1 + int(np.searchsorted(shares, world.one("legal form", key) * shares[-1], side="right")))


def join(world: World, practice: int, organisation: int, why: str) -> None:
    """A practice becomes member."""
    leave_together(world, [practice], f"left for {world.organisations.name[organisation]}")
    enter(world, practice, organisation, "member", why, world.parameters.founding.engagement_joiner)
    update_membership_totals(world)


def enter(
    world: World, practice: int, organisation: int, what: str, why: str, engagement: float, event: str = "joined"
) -> None:
    """Open a membership with what goes with it."""
    practices = world.practices
    world.trust.link(practice, world.ledger.members(organisation))
    world.ledger.open("member", practice, organisation, what, world.month, why)
    practices.member_since[practice] = world.month
    practices.setup_since[practice] = world.organisations.formal_since[organisation]
    practices.engagement[practice] = engagement
    world.event(event, practices.name[practice], world.organisations.name[organisation], detail=why)


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
