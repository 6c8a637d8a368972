"""How one practice takes others in: what adds up, what is averaged, and who moves (model section 6.11).

The practices that become part of another keep their rows as sites, without patients, GPs, staff or money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from abm.columns import Role, Status
from abm.processes.workforce import leave_post, take_post
from abm.state import Table
from abm.world import World

Array = NDArray[np.float64]

ADDED = (
    "list_by_age", "partner_posts", "fte_target", "registrar_fte", "nurse_fte", "other_fte", "cover_sessions",
    "backfilled_sessions", "expected_slots", "attendances", "admissions", "target_money", "due", "distribution",
    "distributed", "talks_due",
)  # fmt: skip
RINGS = ("profit_ring", "partner_fte_ring", "lost_ring", "headcount_ring", "membership_ring", "duty_ring")
AVERAGED = (
    "deprivation", "list_start", "capability", "load", "workload", "access", "continuity", "quality",
    "long_term_conditions", "long_term_conditions_start", "vaccination", "vaccination_start", "pressure", "norm",
    "turnover", "partner_income", "history", "premises", "nurse_per_patient", "other_per_patient",
    "registrar_per_patient",
)  # fmt: skip
OF_PATIENTS = ("deprivation", "nurse_per_patient", "other_per_patient", "registrar_per_patient")
OF_MEMBERS = ("engagement", "effort", "integration")
BY_REQUESTS = ("need", "weighting")
NONE_LEFT = ("engagement", "effort", "integration", "load", "workload", "income", "expenses", "short_months")


def absorb(world: World, into: int, others: Sequence[int], why: str) -> None:
    """Others become part of a practice: its list, staff, GPs, money, acquaintances and sites take theirs in.

    Patients, GPs, staff, money and expected requests add up; what describes a practice becomes its list-weighted mean.
    Memberships of the others must have ended; their engagement counts where it is left.

    Args:
        world: the world.
        into: row of the practice that remains.
        others: rows of those that become part of it.
        why: for the ledger.
    """
    practices = world.practices
    sides = [into, *others]
    lists, requests = world.lists(), usual_requests(world)
    world.trust.unite(into, others, lists)
    take_over_sites(practices, into, others, practices.need * requests)
    average(practices, into, sides, requests, BY_REQUESTS)
    average(practices, into, sides, lists, AVERAGED)
    members = [side for side in sides if practices.engagement[side] > 0]
    if practices.organisation[into] >= 0 and members:
        average(practices, into, members, lists, OF_MEMBERS)
    practices.cooldown[into] = practices.cooldown[sides].max()
    for name in (*ADDED, *RINGS):
        add_up(getattr(practices, name), into, others)
    for other in others:
        for gp in world.ledger.holders("post", other):
            move(world, int(gp), into, why)
        world.gps.home[world.gps.home == other] = into
        end_practice(practices, other, Status.MERGED)
    fold_counts(world, into, others)


def usual_requests(world: World) -> Array:
    """Requests a year of each practice's patients by their ages, before their need."""
    return np.asarray(world.practices.list_by_age @ np.asarray(world.parameters.demand.requests_by_age))


def average(practices: Table, into: int, sides: Sequence[int], weights: Array, names: Sequence[str]) -> None:
    """Give a practice the weighted means of some columns over several rows; the plain means where no weight is left.

    Args:
        weights: one for each practice of the table.
    """
    weight = weights[list(sides)]
    weight = weight / weight.sum() if weight.sum() > 0 else np.full(len(sides), 1.0 / len(sides))
    for name in names:
        values = getattr(practices, name)
        values[into] = np.tensordot(weight, values[list(sides)], axes=1)


def add_up(values: NDArray[np.generic], into: int, others: Sequence[int]) -> None:
    """Add the others' rows to one and leave them empty; NaN is nothing on record."""
    rows = values[[into, *others]]
    if np.issubdtype(values.dtype, np.floating) and np.isnan(rows).any():
        values[into] = np.where(np.isnan(rows).all(axis=0), np.nan, np.nansum(rows, axis=0))
    else:
        values[into] = rows.sum(axis=0)
    values[list(others)] = 0


def take_over_sites(practices: Table, into: int, others: Sequence[int], requests: Array) -> None:
    """The practice serves the others' sites too; each site keeps its share of the requests that come now.

    Args:
        requests: expected of each practice.
    """
    sides = [into, *others]
    total = requests[sides].sum()
    for side in sides:
        own = practices.served_by == side
        practices.site_share[own] *= requests[side] / total if total > 0 else 1.0 / len(sides)
    practices.served_by[np.isin(practices.served_by, others)] = into


def move(world: World, gp: int, practice: int, why: str) -> None:
    """A GP works on in another practice, in the same role and as if in the same post."""
    role, joined = Role(int(world.gps.role[gp])), int(world.gps.joined[gp])
    leave_post(world, gp, why)
    take_post(world, gp, practice, role, why)
    world.gps.joined[gp] = joined


def end_practice(practices: Table, practice: int, status: Status) -> None:
    """A practice is no more; its row stays for its name, its site and its history."""
    practices.status[practice] = status
    practices.talks[practice] = -1
    for name in NONE_LEFT:
        getattr(practices, name)[practice] = 0


def fold_counts(world: World, into: int, others: Sequence[int]) -> None:
    """What was counted this month at the others counts for the practice that they are part of now."""
    counts = world.counts
    if counts is None:
        return
    for field in fields(counts):
        if field.init and isinstance(getattr(counts, field.name), np.ndarray):
            add_up(getattr(counts, field.name), into, others)
    counts.__post_init__()
