"""Practices become one, and a large one becomes a super-partnership (model section 6.11)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from abm.columns import Form
from abm.decisions.merge import becomes_super_partnership
from abm.processes.absorption import absorb
from abm.processes.endings import LEAST_MEMBERS, TOO_FEW, dissolve, leave_together
from abm.processes.engagement import update_membership_totals
from abm.processes.founding import create, enter
from abm.processes.leadership import HEROIC, TEAM, appoint, lead
from abm.world import World


def joined(names: Sequence[str]) -> str:
    """Names as a list with 'and'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def together(world: World, sides: Sequence[int]) -> str:
    """What a merger of practices is called in the logs."""
    return f"merger of {joined(world.practices.name[list(sides)].tolist())}"


def fits(world: World, into: int, other: int) -> bool:
    """Whether the policy's limit of population lets a practice bring another's patients into its organisation."""
    own = int(world.practices.organisation[into])
    if own < 0 or world.practices.organisation[other] == own:
        return True
    return world.organisation_agents[own].room_for(float(world.lists()[other]))


def merge(world: World, into: int, others: Sequence[int]) -> None:
    """Practices become one under the first one's name; if large enough it leaves its organisation for its own.

    Args:
        world: the world.
        into: row of the practice that remains.
        others: rows of those that become part of it.
    """
    practices = world.practices
    sides, name = [into, *others], str(practices.name[into])
    patients, sites = float(world.lists()[sides].sum()), int(world.sites()[sides].sum())
    grows = becomes_super_partnership(world.parameters.mergers, sites, patients)
    already = bool(world.in_form(Form.SUPER_PARTNERSHIP)[into])
    inherited = _list_share_of_capability(world, into, sides) if grows and not already else None
    _leave_organisations(world, into, others, alone=grows and not already)
    absorb(world, into, others, f"merged into {name}")
    practices.merged_since[into] = world.month
    if already:
        practices.setup_since[into] = world.month
    world.event("merged", practices.name[list(others)], name, sites)
    if inherited is not None:
        _become_super_partnership(world, into, inherited, sites)
    update_membership_totals(world)


def _leave_organisations(world: World, into: int, others: Sequence[int], *, alone: bool) -> None:
    """Those that become part of another practice are no longer members; who goes alone leaves with them.

    An organisation that is left with one member ends.
    """
    practices, name = world.practices, world.practices.name[into]
    stays = int(practices.organisation[into])
    elsewhere = [other for other in others if practices.organisation[other] != stays]
    if alone:
        leave_together(world, [into, *others], f"became part of the super-partnership {name}")
        return
    leave_together(world, elsewhere, f"merged into {name}")
    inside = [other for other in others if stays >= 0 and other not in elsewhere]
    if inside and world.ledger.members(stays).size - len(inside) < LEAST_MEMBERS and _needs_members(world, stays):
        dissolve(world, stays, TOO_FEW, collapse=False, bitter=False)
        return
    for other in inside:
        world.ledger.close("member", other, world.month, f"merged into {name}")


def _needs_members(world: World, organisation: int) -> bool:
    return bool(world.organisations.form[organisation] != Form.SUPER_PARTNERSHIP)


def _list_share_of_capability(world: World, into: int, sides: Sequence[int]) -> np.ndarray:
    """Institutional capability that goes with the patients of those that leave the organisation, which loses it."""
    organisations, lists = world.organisations, world.lists()
    row = int(world.practices.organisation[into])
    if row < 0:
        return np.zeros(organisations.institutional.shape[1])
    leaving = [side for side in sides if world.practices.organisation[side] == row]
    share = lists[leaving].sum() / max(1e-9, lists[world.ledger.members(row)].sum())
    taken = share * organisations.institutional[row]
    organisations.institutional[row] -= taken
    return np.asarray(taken)


def _become_super_partnership(world: World, practice: int, inherited: np.ndarray, sites: int) -> None:
    """A large merged practice is an organisation with one member, which has its own capability or what it brings."""
    practices, organisations, p = world.practices, world.organisations, world.parameters
    row = create(world, f"{practices.name[practice]}@{world.month}", practice, Form.SUPER_PARTNERSHIP)
    own = p.capability.founding_share * practices.capability[practice]
    organisations.institutional[row] = np.maximum(own, inherited)
    name = organisations.name[row]
    world.event("founded", name, practices.name[practice], sites, Form.SUPER_PARTNERSHIP.words)
    why = "merged into one large practice"
    enter(world, practice, row, "founder", why, p.founding.engagement_founder, "became super-partnership")
    update_membership_totals(world)
    for kind in (HEROIC, TEAM):
        appoint(world, row, kind)
    lead(world, row)
