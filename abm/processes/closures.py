"""Practices that nobody runs are taken in by a neighbour or closed (model section 6.5).

Operators and trusts of the area go first (see takeovers). Then, once no salaried GP can be promoted or three months are
over, the commissioner asks a neighbour each month, the one that the practice trusted most first; if all say no it
closes the practice, whose patients go to the nearest practices with GPs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.agents.practice import Motion
from abm.columns import Form, Status
from abm.processes.absorption import (
    BY_REQUESTS,
    OF_PATIENTS,
    add_up,
    average,
    end_practice,
    fold_counts,
    usual_requests,
)
from abm.processes.endings import leave_together
from abm.processes.engagement import update_membership_totals
from abm.processes.takeovers import patience, takers
from abm.processes.unification import fits, joined, merge
from abm.processes.workforce import leave_post
from abm.world import World

Rows = NDArray[np.int64]


def close_abandoned(world: World) -> None:
    """Commissioners find somebody for the practices that nobody runs, or close them."""
    for practice in _abandoned(world):
        months = _months_asked(world, practice)
        asked = _asked(world, practice, months)
        if asked is not None and _takes_in(world, asked, practice):
            merge(world, asked, [practice])
            continue
        receivers = _receivers(world, practice)
        over = months >= world.parameters.closures.months_asked and not _awaited(world, practice)
        if over and receivers.size and _decides(world, practice):
            close(world, practice, receivers)


def _abandoned(world: World) -> list[int]:
    """Practices without partners that have waited long enough, by name."""
    practices = world.practices
    rows = np.flatnonzero(practices.status == Status.MANAGED)
    rows = rows[[_months_asked(world, int(row)) > 0 for row in rows]] if rows.size else rows
    return [int(row) for row in rows[np.argsort(practices.name[rows], kind="stable")]]


def _months_asked(world: World, practice: int) -> int:
    """Months, this one included, for which neighbours have been asked; salaried GPs may hold a practice for a while."""
    months = int(world.practices.partnerless_months[practice])
    if world.ledger.holders("post", practice).size:
        months -= world.parameters.takeovers.partnerless_months - 1
    return max(0, months)


def _asked(world: World, practice: int, month: int) -> int | None:
    """The neighbour that its commissioner asks in a month: the one it trusts most of those not asked before."""
    practices, trust = world.practices, world.trust
    edges = trust.leaving(practice)
    others = trust.edges.target[edges].astype(np.int64)
    free = world.can_vote() & (practices.talks < 0) & (practices.commissioner == practices.commissioner[practice])
    able = np.array([free[other] and fits(world, int(other), practice) for other in others], bool)
    edges, others = edges[able], others[able]
    order = np.lexsort((practices.name[others], -trust.edges.trust[edges]))[month - 1 :]
    if not order.size:
        return None
    choice = world.seam.pick(
        "ask_neighbour",
        str(world.commissioners.name[practices.commissioner[practice]]),
        practices.name[others[order]].tolist(),
        {"trust": trust.edges.trust[edges[order]]},
    )
    return int(others[order[choice]])


def _awaited(world: World, practice: int) -> bool:
    """Whether a trust of the area is still to decide on taking the practice over."""
    practices = world.practices
    months = int(practices.partnerless_months[practice])
    return any(
        taker.commissioner == practices.commissioner[practice] and months < patience(world, taker)[practice]
        for taker in takers(world)
    )


def _takes_in(world: World, neighbour: int, practice: int) -> bool:
    """The neighbour's partners vote on taking the practice in."""
    voting, agent = world.parameters.voting, world.practice_agents[neighbour]
    motion = Motion(
        about=str(world.practices.name[practice]),
        form=Form.SUPER_PARTNERSHIP,
        occasion="rescue",
        income=voting.income_by_form[Form.SUPER_PARTNERSHIP],
        relief=voting.relief_merger,
        trust=float(world.trust.towards(neighbour, np.array([practice]))[0]),
        leader=agent.best_leader(),
    )
    return agent.vote(motion)


def _decides(world: World, practice: int) -> bool:
    """Its commissioner closes a practice that nobody has taken."""
    practices = world.practices
    choice = world.seam.decide(
        "close",
        str(world.commissioners.name[practices.commissioner[practice]]),
        ("go on managing it", "close it"),
        {"partnerless": float(practices.partnerless_months[practice])},
        1.0,
        world.one("close", practices.key[practice]),
        str(practices.name[practice]),
        keep_all=True,
    )
    return choice == 1


def _receivers(world: World, practice: int) -> Rows:
    """The nearest practices of the same commissioner that have GPs."""
    practices = world.practices
    staffed = world.sum_by_practice(world.in_post()) > 0
    mine = world.is_open() & staffed & (practices.commissioner == practices.commissioner[practice])
    mine[practice] = False
    rows = np.flatnonzero(mine)
    distance = np.hypot(practices.x[rows] - practices.x[practice], practices.y[rows] - practices.y[practice])
    return rows[np.lexsort((practices.name[rows], distance))][: world.parameters.closures.receivers]


def close(world: World, practice: int, receivers: Rows) -> None:
    """A practice ends: its patients go to others in proportion to their slots, its GPs become sessional.

    Who receives most also sees those who had asked for an appointment or booked one.
    """
    practices = world.practices
    name = practices.name[practice]
    leave_together(world, [practice], "it was closed")
    for gp in world.ledger.holders("post", practice):
        leave_post(world, int(gp), "the practice was closed")
        world.event("lost the post", world.gps.name[gp], name)
    share = practices.expected_slots[receivers] / practices.expected_slots[receivers].sum()
    main = int(receivers[np.argmax(share)])
    patients = float(world.lists()[practice])
    disperse(world, practice, receivers, share)
    sites = practices.served_by == practice
    practices.site_share[sites], practices.served_by[sites] = 0.0, main
    world.gps.home[world.gps.home == practice] = main
    for column in (practices.attendances, practices.admissions):
        add_up(column, main, [practice])
    fold_counts(world, main, [practice])
    end_practice(practices, practice, Status.CLOSED)
    told = joined(practices.name[receivers].tolist())
    world.event("closed", name, world.commissioners.name[practices.commissioner[practice]], patients, told)
    world.event("took patients", practices.name[receivers], name, share * patients)
    update_membership_totals(world)


def disperse(world: World, practice: int, receivers: Rows, share: NDArray[np.float64]) -> None:
    """Move the patients with what they need: each receiver takes its share of every age."""
    practices = world.practices
    leaving, requests = world.lists()[practice], usual_requests(world)
    for receiver, part in zip(receivers.tolist(), share.tolist(), strict=True):
        arriving = part * practices.list_by_age[practice]
        sides = [receiver, practice]
        weight = requests.copy()
        weight[practice] *= part
        average(practices, receiver, sides, weight, BY_REQUESTS)
        weight = world.lists()
        weight[practice] = part * leaving
        average(practices, receiver, sides, weight, OF_PATIENTS)
        practices.partner_posts[receiver] += round(part * practices.partner_posts[practice])
        practices.list_by_age[receiver] += arriving
    practices.list_by_age[practice] = 0.0
    practices.partner_posts[practice] = 0
    practices.target_money[practice] = 0.0
