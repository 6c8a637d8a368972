"""Practices talk about merging: votes, due diligence, final votes (model section 6.11).

A merger is thought of inside a federation, or by a small practice for its survival. Its stages are rows of the table
of mergers. Only practices of one commissioner merge.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import ceil

import numpy as np
from numpy.typing import NDArray

from abm.agents.practice import Motion
from abm.columns import SIDES, Form, Talks
from abm.decisions import merge as rules
from abm.decisions.hazards import chance, softmax
from abm.processes.endings import witness
from abm.processes.unification import fits, joined, merge, together
from abm.streams import name_key
from abm.world import World

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def talk_of_mergers(world: World) -> None:
    """Talks go on, fail or come to their final votes; then new ones begin."""
    mergers = world.mergers
    for row in np.flatnonzero(mergers.stage == Talks.DUE_DILIGENCE):
        _go_on(world, int(row))
    _inside_federations(world)
    _for_survival(world)


def sides_of(world: World, row: int) -> list[int]:
    """Practices that talk about a merger, the largest first when it began."""
    return [int(side) for side in world.mergers.side[row] if side >= 0]


# Who thinks of it


def _inside_federations(world: World) -> None:
    """Somebody in a federation proposes a merger of two or three of its members."""
    organisations, p = world.organisations, world.parameters.mergers
    living = world.living_organisations()
    rows = living[organisations.form[living] == Form.FEDERATION]
    if not rows.size:
        return
    members = organisations.members[rows].astype(float)
    hazard = np.array([rules.proposal_hazard(p, count) for count in members])
    proposes = world.seam.decide_each(
        "propose_merger",
        organisations.name[rows],
        ("leave practices as they are", "propose a merger"),
        {"members": members, "hazard": 12.0 * hazard},
        chance(hazard),
        world.uniform("propose merger", organisations.key[rows]),
    )
    proposing = rows[proposes == 1]
    for row in proposing[np.argsort(world.uniform("order of mergers", organisations.key[proposing]), kind="stable")]:
        sides = _matched(world, int(row))
        if sides:
            _begin(world, sides, survival=False)


def _free(world: World) -> NDArray[np.bool_]:
    """Practices that may begin to talk about a merger."""
    practices = world.practices
    return np.asarray(world.can_vote() & (practices.talks < 0) & (practices.cooldown == 0))


def _matched(world: World, organisation: int) -> list[int]:
    """Two members, or three, that go together best: by trust and nearness, with what the model does not see."""
    members = world.ledger.members(organisation)
    members = members[_free(world)[members]]
    members = members[np.argsort(world.practices.name[members], kind="stable")]
    commissioner = world.practices.commissioner
    pairs = [pair for pair in combinations(members.tolist(), 2) if commissioner[pair[0]] == commissioner[pair[1]]]
    if not pairs:
        return []
    who, key = str(world.organisations.name[organisation]), int(world.organisations.key[organisation])
    sides = list(_choose(world, who, key, pairs))
    wider = [(*sides, other) for other in members.tolist() if other not in sides]
    wider = [group for group in wider if commissioner[group[2]] == commissioner[group[0]]]
    if wider and _widens(world, who, key):
        sides = list(_choose(world, who, key, wider))
    return sides


def _widens(world: World, who: str, key: int) -> bool:
    """Whether a third practice is asked."""
    choice = world.seam.decide(
        "widen_merger",
        who,
        ("keep to two", "ask a third"),
        {},
        world.parameters.mergers.triad_share,
        world.one("widen merger", key),
    )
    return choice == 1


def _choose(world: World, who: str, key: int, groups: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """One of several groups of practices, the more trust and the less distance between them the likelier."""
    practices = world.practices
    names = [joined(practices.name[list(group)].tolist()) for group in groups]
    trust, distance = np.array([closeness(world, group) for group in groups]).T
    terms = rules.match_terms(world.parameters.mergers, trust, distance)
    choice = world.seam.decide(
        "match",
        who,
        names,
        terms,
        softmax(np.sum(list(terms.values()), axis=0), world.parameters.exploration.choice_noise),
        world.one(f"match of {len(groups[0])}", key),
    )
    return groups[choice]


def closeness(world: World, sides: Sequence[int]) -> tuple[float, float]:
    """Mean trust of practices in each other, and their mean distance (km)."""
    practices = world.practices
    pairs = list(combinations(sides, 2))
    trust = [world.trust.towards(one, np.array([other]))[0] for pair in pairs for one, other in (pair, pair[::-1])]
    x, y = practices.x, practices.y
    return float(np.mean(trust)), float(np.mean([np.hypot(x[a] - x[b], y[a] - y[b]) for a, b in pairs]))


def _for_survival(world: World) -> None:
    """Small practices outside formal organisations seek a practice to merge with, the more the harder pressed."""
    practices, p = world.practices, world.parameters.mergers
    small = (world.lists() < p.survival_list) & ~world.formal_members()
    rows = np.flatnonzero(_free(world) & small)
    factor = rules.survival_factor(p, practices.pressure[rows])
    hazard = p.survival_rate * factor
    seeks = world.seam.decide_each(
        "seek_merger",
        practices.name[rows],
        ("stay alone", "seek a merger"),
        {"pressure": practices.pressure[rows], "pressure_factor": factor, "hazard": 12.0 * hazard},
        chance(hazard),
        world.uniform("seek merger", practices.key[rows]),
    )
    seeking = rows[seeks == 1]
    for row in seeking[np.argsort(world.uniform("order of survival", practices.key[seeking]), kind="stable")]:
        practice = int(row)
        free = _free(world)
        near = world.trust.edges.target[world.trust.leaving(practice)].astype(np.int64)
        near = near[free[near] & (practices.commissioner[near] == practices.commissioner[practice])]
        near = near[[fits(world, *_by_size(world, [practice, int(other)])) for other in near]] if near.size else near
        if free[practice] and near.size:
            near = near[np.argsort(practices.name[near], kind="stable")]
            pairs = [(practice, int(other)) for other in near]
            name, key = str(practices.name[practice]), int(practices.key[practice])
            _begin(world, list(_choose(world, name, key, pairs)), survival=True)


# Votes


def _begin(world: World, sides: list[int], *, survival: bool) -> None:
    """All sides vote; those that agree, if two are left, begin due diligence."""
    practices, mergers, p = world.practices, world.mergers, world.parameters.mergers
    sides = _by_size(world, sides)
    about = together(world, sides)
    row = len(mergers)
    willing = []
    for side in sides:
        agent = world.practice_agents[side]
        partners, motion = agent.partners(), motion_of(world, side, sides, "merge", survival=survival)
        votes = agent.votes(motion, partners)
        world.gps.against_merger[partners[votes == 0]] = row
        if agent.passes(motion, votes):
            willing.append(side)
    key = name_key(f"{about}@{world.month}")
    merger = {"key": key, "survival": survival, "began": world.month}
    if len(willing) < 2:
        mergers.add(side=_padded(sides), stage=Talks.FAILED, due=world.month, ended=world.month, **merger)
        _part(world, sides, about)
        return
    months = world.streams.gamma(
        p.diligence_shape, p.diligence_months, "due diligence", world.month, np.array([key], np.uint64)
    )
    due = world.month + max(1, ceil(float(months[0])))
    mergers.add(side=_padded(willing), stage=Talks.DUE_DILIGENCE, due=due, **merger)
    practices.talks[willing] = row
    for side in willing:
        world.trust.link(side, [other for other in willing if other != side])
    world.event("began to merge", practices.name[willing], together(world, willing), due - world.month)


def _by_size(world: World, sides: Sequence[int]) -> list[int]:
    """The practices, the largest first."""
    lists = world.lists()
    return sorted(sides, key=lambda side: (-lists[side], str(world.practices.name[side])))


def _padded(sides: Sequence[int]) -> NDArray[np.int32]:
    return np.array([[*sides, *[-1] * (SIDES - len(sides))]], np.int32)


def motion_of(world: World, side: int, sides: Sequence[int], occasion: str, *, survival: bool) -> Motion:
    """What one side votes on; members of federations have the money a head already."""
    p = world.parameters.voting
    others = np.array([other for other in sides if other != side])
    return Motion(
        about=together(world, sides),
        form=Form.SUPER_PARTNERSHIP,
        occasion=occasion,
        income=p.income_by_form[Form.SUPER_PARTNERSHIP],
        relief=p.relief_survival if survival else p.relief_merger,
        trust=float(world.trust.towards(side, others).mean()),
        leader=max(world.practice_agents[each].best_leader() for each in sides),
    )


def _part(world: World, sides: list[int], about: str) -> None:
    """Talks that ended before due diligence, as any talks that fail."""
    practices, p = world.practices, world.parameters.founding
    for i, side in enumerate(sides):
        world.trust.change(side, sides[i + 1 :], -p.failed_talks_trust)
    practices.cooldown[sides] = p.failed_talks_months
    world.event("no merger", practices.name[sides], about, detail="not enough practices agreed")


# Due diligence, final votes


def _go_on(world: World, row: int) -> None:
    """One month of talks that have begun: sides without partners drop out, due diligence may fail, votes fall due."""
    practices, mergers = world.practices, world.mergers
    sides = sides_of(world, row)
    left = [side for side in sides if world.can_vote()[side]]
    if len(left) < len(sides):
        practices.talks[[side for side in sides if side not in left]] = -1
        mergers.side[row] = _padded(left)[0]
    if len(left) < 2:
        _close(world, row, left, Talks.LAPSED)
        names = practices.name[sides]
        world.event("merger lapsed", names, together(world, sides), detail="a practice was no longer run by partners")
        return
    if _fails(world, row, left):
        return
    if world.month >= mergers.due[row]:
        _final_vote(world, row, left)


def _fails(world: World, row: int, sides: list[int]) -> bool:
    """Whether due diligence ends the talks this month."""
    practices, p = world.practices, world.parameters.mergers
    reference = max(1.0, world.references.partner_income)

    def gap(values: Array) -> float:
        return float(np.ptp(values[sides]))

    trust, _ = closeness(world, sides)
    factors = rules.failure_factors(
        p, trust, gap(practices.partner_income) / reference, gap(practices.quality), gap(practices.premises)
    )
    hazard = rules.failure_hazard(p, factors)
    about = together(world, sides)
    fails = world.seam.decide(
        "break_off",
        str(practices.name[sides[0]]),
        ("go on", "break off"),
        {"trust": trust, **factors, "hazard": 12.0 * hazard},
        float(chance(hazard)),
        world.one("break off", world.mergers.key[row]),
        about,
    )
    if fails:
        _close(world, row, sides, Talks.FAILED)
        for i, side in enumerate(sides):
            _scar(world, side, sides[i + 1 :])
        witness(world, np.array(sides), -world.parameters.attitudes.witness_failure)
        world.event("merger failed", practices.name[sides], about, detail=rules.why_it_failed(factors))
    return bool(fails)


def _final_vote(world: World, row: int, sides: list[int]) -> None:
    """Partners who agreed at first stand by it or not; if two sides are left they merge."""
    practices = world.practices
    about = together(world, sides)
    faithful = [side for side in sides if _stands_by_it(world, row, side, sides)]
    backed_out = [side for side in sides if side not in faithful]
    merges = len(faithful) > 1
    _close(world, row, sides, Talks.MERGED if merges else Talks.FAILED)
    suffer = backed_out if merges else sides
    for i, side in enumerate(suffer):
        _scar(world, side, [*suffer[i + 1 :], *[other for other in sides if other not in suffer]])
    if suffer:
        witness(world, np.array(suffer), -world.parameters.attitudes.witness_failure)
        who = joined(practices.name[backed_out].tolist())
        world.event("merger failed", practices.name[suffer], about, detail=f"the final vote failed at {who}")
    if merges:
        merge(world, faithful[0], faithful[1:])


def _stands_by_it(world: World, row: int, side: int, sides: Sequence[int]) -> bool:
    """The final vote of one side; who came since the first knew of the merger, who was against it still is."""
    gps, p = world.gps, world.parameters.mergers
    agent = world.practice_agents[side]
    partners = agent.partners()
    for_it = gps.against_merger[partners] != row
    votes = np.zeros(partners.size, np.int64)
    votes[for_it] = world.seam.decide_each(
        "confirm",
        gps.name[partners[for_it]],
        ("go back on it", "stand by it"),
        {},
        np.full(for_it.sum(), p.faithful),
        world.uniform("confirm merger", gps.key[partners[for_it]], world.mergers.key[row]),
        together(world, sides),
    )
    motion = motion_of(world, side, sides, "confirm", survival=bool(world.mergers.survival[row]))
    return agent.passes(motion, votes)


def _close(world: World, row: int, sides: Sequence[int], stage: Talks) -> None:
    """The talks are over."""
    mergers = world.mergers
    mergers.stage[row], mergers.ended[row] = stage, world.month
    world.practices.talks[list(sides)] = -1


def _scar(world: World, side: int, others: Sequence[int]) -> None:
    """A failed merger costs a practice money, strength and trust; it waits before it looks for partners again."""
    practices, gps, p = world.practices, world.gps, world.parameters.mergers
    world.trust.change(side, others, -p.failure_trust_loss)
    practices.talks_due[side] += p.failure_cost * world.lists()[side]
    practices.cooldown[side] = p.failure_cooldown
    practices.history[side] -= 1.0
    staff = world.ledger.holders("post", side)
    gps.burnout[staff] = np.minimum(1.0, gps.burnout[staff] + p.failure_burnout)
