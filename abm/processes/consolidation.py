"""Organisations of one form unite with one they trust nearby (model section 6.11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.columns import Form
from abm.decisions import consolidate as rules
from abm.decisions.hazards import chance, logistic
from abm.processes.endings import end
from abm.processes.engagement import update_membership_totals
from abm.processes.leadership import HEROIC, TEAM, appoint, lead, posts_of
from abm.world import World

Rows = NDArray[np.int64]
UNITING = (Form.INFORMAL, Form.FEDERATION)


def consolidate(world: World) -> None:
    """Networks and federations seek unions, one after another in keyed order; both boards must agree."""
    organisations = world.organisations
    living = world.living_organisations()
    rows = living[np.isin(organisations.form[living], UNITING)]
    if not rows.size:
        return
    seeks = world.seam.decide_each(
        "seek_union",
        organisations.name[rows],
        ("stay as it is", "seek a union"),
        {"hazard": np.full(rows.size, 12.0 * world.parameters.consolidation.rate)},
        np.full(rows.size, float(chance(world.parameters.consolidation.rate))),
        world.uniform("seek union", organisations.key[rows]),
    )
    seeking = rows[seeks == 1]
    order = np.argsort(world.uniform("order of unions", organisations.key[seeking]), kind="stable")
    for row in seeking[order]:
        if organisations.alive[row]:
            _seek(world, int(row))


def _seek(world: World, row: int) -> None:
    """One organisation turns to the one it trusts most nearby."""
    other = best_other(world, row)
    if other is None:
        return
    names = world.organisations.name
    population = world.lists()[np.concatenate((world.ledger.members(row), world.ledger.members(other)))].sum()
    limit = world.policy.pop_max
    if limit is not None and population > limit:
        world.event("no union", names[row], names[other], detail="the limit of population leaves no room")
        return
    if all(_board_agrees(world, one, about) for one, about in ((row, other), (other, row))):
        unite(world, row, other)
    else:
        world.event("no union", names[row], names[other], detail="a board said no")


def best_other(world: World, row: int) -> int | None:
    """The organisation of the same form with the best score among those with a member within reach, if good enough."""
    practices, organisations, p = world.practices, world.organisations, world.parameters.consolidation
    members = world.ledger.members(row)
    reached = np.concatenate([world.trust.edges.target[world.trust.leaving(int(member))] for member in members])
    others = np.unique(practices.organisation[reached])
    others = others[(others >= 0) & (others != row)]
    others = others[organisations.form[others] == organisations.form[row]]
    others = others[np.argsort(organisations.name[others], kind="stable")]
    trust, apart = np.empty(others.size), np.empty(others.size)
    for i, other in enumerate(others):
        theirs = world.ledger.members(int(other))
        trust[i] = np.mean([world.trust.towards(int(member), theirs).mean() for member in members])
        apart[i] = np.hypot(
            practices.x[members][:, None] - practices.x[theirs], practices.y[members][:, None] - practices.y[theirs]
        ).mean()
    terms = rules.union_terms(p, trust, apart)
    good = terms["trust"] + terms["distance"] > p.least_score
    if not good.any():
        return None
    names = organisations.name[others[good]].tolist()
    known = {name: values[good] for name, values in terms.items()}
    return int(others[good][world.seam.pick("choose_union", str(organisations.name[row]), names, known)])


def _board_agrees(world: World, row: int, other: int) -> bool:
    organisations = world.organisations
    terms = rules.board_terms(world.parameters.consolidation, float(organisations.engagement[row]))
    choice = world.seam.decide(
        "unite",
        str(organisations.name[row]),
        ("refuse", "agree"),
        terms,
        float(logistic(sum(terms.values()))),
        world.one("unite", organisations.key[row], organisations.key[other]),
        str(organisations.name[other]),
        keep_all=True,
    )
    return choice == 1


def unite(world: World, one: int, other: int) -> int:
    """The smaller becomes part of the larger, with members, leaders, capability, reserve and managers. Returns it."""
    organisations, ledger, lists = world.organisations, world.ledger, world.lists()
    size = {row: float(lists[ledger.members(row)].sum()) for row in (one, other)}
    ordered = sorted(size, key=lambda row: (-size[row], str(organisations.name[row])))
    into, absorbed = ordered
    weight = size[absorbed] / max(1e-9, sum(size.values()))
    for column in ("personal", "institutional", "coordination", "goals", "relation_commissioner", "relation_hospital"):
        values = getattr(organisations, column)
        values[into] = (1.0 - weight) * values[into] + weight * values[absorbed]
    organisations.passed_on[[absorbed, into]] += np.array([1.0, -1.0]) * organisations.reserve[absorbed]
    organisations.reserve[into] += organisations.reserve[absorbed]
    organisations.reserve[absorbed] = 0.0
    organisations.staffed_for[into] += organisations.staffed_for[absorbed]
    organisations.low_months[into] = 0
    why, names = f"united with {organisations.name[into]}", organisations.name
    _move_leaders(world, absorbed, into, why)
    members = ledger.members(absorbed)
    for member in members:
        world.trust.link(int(member), ledger.members(into))
        ledger.close("member", int(member), world.month, why)
        ledger.open("member", int(member), into, "member", world.month, f"came with {names[absorbed]}")
    end(world, absorbed)
    world.event("united", names[absorbed], names[into], members.size)
    world.event("joined", world.practices.name[members], names[into], detail=f"came with {names[absorbed]}")
    update_membership_totals(world)
    for kind, vacancy in ((HEROIC, organisations.vacancy_heroic), (TEAM, organisations.vacancy_distributed)):
        if posts_of(world, into)[kind].size:
            vacancy[into] = 0.0
        if vacancy[into] == 0:
            appoint(world, into, kind)
    lead(world, into)
    return into


def _move_leaders(world: World, absorbed: int, into: int, why: str) -> None:
    """Leaders lead on in the united organisation, which gives up posts too many."""
    for kind, leaders in posts_of(world, absorbed).items():
        for gp in leaders:
            world.ledger.close("leader", int(gp), world.month, why)
            came = f"came with {world.organisations.name[absorbed]}"
            world.ledger.open("leader", int(gp), into, kind, world.month, came)
