"""Practices look for partners, found, join, and are called together (model sections 6.7 and 6.8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.agents.practice import Motion
from abm.columns import Form
from abm.decisions import explore as rules
from abm.decisions.hazards import chance, logistic
from abm.decisions.join import call_hazard, community_terms, federation_terms
from abm.processes.founding import found, join
from abm.world import World

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def practice_decisions(world: World) -> None:
    """Cooldowns run out; practices explore one after another in keyed order; convenors call; a deadline falls due."""
    practices = world.practices
    practices.cooldown[:] = np.maximum(0, practices.cooldown - 1)
    update_motives(world)
    if _months_to_deadline(world) == world.parameters.exploration.deadline_months:
        practices.noes[:] = 0  # only what is voted down during the offer counts
    explorers = _explorers(world)
    order = np.argsort(world.uniform("order of exploring", practices.key[explorers]), kind="stable")
    for practice in explorers[order]:
        explore(world, int(practice))
    for commissioner in range(len(world.commissioners)):
        _maybe_call(world, commissioner)
    _place_the_undecided(world)


def update_motives(world: World) -> None:
    """Pressure and the example of neighbours, for exploring and for votes."""
    practices, gps, p = world.practices, world.gps, world.parameters.exploration
    in_post = world.in_post()
    staffed = world.sum_by_practice(in_post) > 0
    burnout = np.where(staffed, world.mean_by_practice(in_post, gps.burnout), p.pressure_burnout_reference)
    practices.pressure[:] = rules.pressure(
        p, practices.workload, burnout, practices.partner_income, max(1.0, world.references.partner_income)
    )
    edges = world.trust.edges
    same = practices.commissioner[edges.source] == practices.commissioner[edges.target]
    weight = rules.norm_weight(p, edges.distance, edges.trust, same, world.policy.cross_ccg)
    weight = weight * world.is_open()[edges.target]
    collaborates = practices.organisation[edges.target] >= 0
    total = np.bincount(edges.source, weight, len(practices))
    seen = np.bincount(edges.source, weight * collaborates, len(practices))
    practices.norm[:] = seen / np.where(total > 0, total, 1.0)


def _explorers(world: World) -> Rows:
    """Practices that decide to look for partners this month."""
    practices, p, of = world.practices, world.parameters.exploration, world.practices.commissioner
    terms = rules.explore_terms(
        p,
        practices.pressure,
        world.practice_attitude(),
        practices.norm,
        world.commissioners.support[of],
        world.head_money()[of],
        world.open_call()[of].astype(float),
    )
    headroom = rules.headroom_factor(p, practices.load, world.policy.backfill)
    probability = rules.explore_chance(p, terms, headroom)
    weighed = terms | {"headroom": headroom}
    left = _months_to_deadline(world)
    if left is not None and left > 0:
        probability = np.full(len(practices), 1.0 / left)
        weighed = {"months_left": np.full(len(practices), float(left))}
    may = world.can_vote() & (practices.cooldown == 0) & ~world.formal_members() & _invited(world)
    rows = np.flatnonzero(may)
    choice = world.seam.decide_each(
        "explore",
        practices.name[rows],
        ("wait", "explore"),
        {name: values[rows] for name, values in weighed.items()},
        probability[rows],
        world.uniform("explore", practices.key[rows]),
    )
    return rows[choice == 1]


def _invited(world: World) -> NDArray[np.bool_]:
    """Under enthusiasts first, only the practices with the best attitude may explore for a time."""
    practices, p = world.practices, world.parameters.exploration
    invited = np.ones(len(practices), bool)
    if world.policy.rollout != "enthusiasts" or world.month > p.enthusiast_months:
        return invited
    attitude = world.practice_attitude()
    for commissioner in range(len(world.commissioners)):
        own = np.flatnonzero(practices.commissioner == commissioner)
        if own.size:
            invited[own] = attitude[own] >= np.quantile(attitude[own], 1.0 - p.enthusiast_share)
    return invited


def explore(world: World, practice: int) -> None:
    """One practice talks to one other: it asks to join the other's organisation or proposes to found one."""
    practices = world.practices
    if world.formal_members()[practice] or practices.cooldown[practice] > 0 or _joined_this_month(world)[practice]:
        return  # taken in, or turned down, by somebody who explored before in this month
    other = world.practice_agents[practice].search()
    if other is None:
        return
    world.trust.link(practice, [other])
    world.event("talks", practices.name[practice], practices.name[other])
    if practices.organisation[other] >= 0:
        _ask_to_join(world, practice, int(practices.organisation[other]))
    else:
        _propose(world, practice, other)


def _joined_this_month(world: World) -> NDArray[np.bool_]:
    """Practices that founded or joined this month what they are in; they go nowhere else in the same month."""
    practices = world.practices
    return np.asarray((practices.organisation >= 0) & (practices.member_since == world.month))


def _ask_to_join(world: World, practice: int, row: int) -> None:
    organisation, p = world.organisation_agents[row], world.parameters.voting
    informal_member = world.practices.organisation[practice] >= 0
    if informal_member and organisation.form == Form.INFORMAL:
        _no_agreement(world, practice, row, "who is in an informal network leaves it for a federation only", ask=True)
        return
    members = organisation.members()
    motion = Motion(
        about=str(organisation.name),
        form=organisation.form,
        occasion="join",
        income=expected_income(world, practice, organisation.form),
        relief=p.relief_joining + p.relief_capability * organisation.capability(),
        trust=float(world.trust.towards(practice, members).mean()),
        leader=organisation.leader_skill(),
    )
    if world.practice_agents[practice].vote(motion) and organisation.admits(practice):
        join(world, practice, row, "found and admitted")
    else:
        _no_agreement(world, practice, row, "it was not taken in", ask=True)


def _no_agreement(world: World, practice: int, other: int, why: str, *, ask: bool = False) -> None:
    """Note talks that came to nothing, with a practice or, where one `ask`ed to join, with an organisation."""
    names = world.organisations.name if ask else world.practices.name
    world.event("no agreement", world.practices.name[practice], names[other], detail=why)


def _propose(world: World, practice: int, other: int) -> None:
    practices, p = world.practices, world.parameters.founding
    commissioner = practices.commissioner[practice]
    terms = federation_terms(p, float(world.head_money()[commissioner]), float(world.open_call()[commissioner]))
    federation = world.seam.decide(
        "propose",
        str(practices.name[practice]),
        ("informal network", "federation"),
        terms,
        logistic(sum(terms.values())),
        world.one("propose", practices.key[practice], practices.key[other]),
        str(practices.name[other]),
        keep_all=True,
    )
    form = _formal_form(world, practice, other) if federation else Form.INFORMAL
    if practices.organisation[practice] >= 0 and form == Form.INFORMAL:
        _no_agreement(world, practice, other, "who is in an informal network leaves it for a federation only")
        return
    if not _room(world, [practice, other]):
        _no_agreement(world, practice, other, "the limit of population leaves no room")
        return
    sides = world.practice_agents[practice], world.practice_agents[other]
    leader = max(side.best_leader() for side in sides)
    votes = [
        side.vote(
            Motion(
                about=str(partner.name),
                form=form,
                occasion="found",
                income=expected_income(world, side.row, form),
                relief=world.parameters.voting.relief_founding,
                trust=float(world.trust.towards(side.row, np.array([partner.row]))[0]),
                leader=leader,
            )
        )
        for side, partner in (sides, sides[::-1])
    ]
    if all(votes):
        found(world, [practice, other], form, "founded together")
    else:
        world.trust.change(practice, [other], -p.failed_talks_trust)
        practices.cooldown[[practice, other]] = p.failed_talks_months
        world.event("talks failed", practices.name[practice], practices.name[other], detail=form.words)


def _formal_form(world: World, practice: int, other: int) -> Form:
    """Founders of a formal organisation choose between a federation and a community health organisation."""
    practices, policy = world.practices, world.policy
    terms = community_terms(
        world.parameters.founding,
        float(practices.deprivation[[practice, other]].mean()),
        policy.community_engagement,
        policy.cho_promote,
    )
    community = world.seam.decide(
        "propose_form",
        str(practices.name[practice]),
        ("federation", "community health organisation"),
        terms,
        logistic(sum(terms.values())),
        world.one("propose form", practices.key[practice], practices.key[other]),
        str(practices.name[other]),
        keep_all=True,
    )
    return Form.COMMUNITY_HEALTH_ORGANISATION if community else Form.FEDERATION


def expected_income(world: World, practice: int, form: Form) -> float:
    """Relative income that partners expect of a form; money a head is paid to formal organisations only."""
    p = world.parameters.voting
    money = float(world.head_money()[world.practices.commissioner[practice]]) if form > Form.INFORMAL else 0.0
    return p.income_by_form[form] + p.income_per_head_money * money


def _room(world: World, members: list[int]) -> bool:
    limit = world.policy.pop_max
    return limit is None or float(world.lists()[members].sum()) <= limit


def _maybe_call(world: World, row: int) -> None:
    """While no formal organisation covers most patients of a commissioner, a convenor may call practices together."""
    commissioner, p = world.commissioner_agents[row], world.parameters.founding
    if commissioner.covered_by_one() > p.call_coverage:
        return
    gps, practices = world.gps, world.practices
    own = commissioner.practices()
    member = np.zeros(len(practices) + 1, bool)
    member[own] = True
    partners = np.flatnonzero(world.partners() & member[gps.practice])
    called = own[(world.can_vote() & ~world.formal_members() & ~_joined_this_month(world))[own]]
    if not partners.size or called.size < p.call_least_members:
        return
    zeal = gps.skill[partners] * (1.0 + gps.attitude[partners]) / 2.0
    convenor = int(partners[np.lexsort((gps.name[partners], -zeal))[0]])
    hazard = call_hazard(p, float(commissioner.support), bool(world.open_call()[row]))
    calls = world.seam.decide(
        "call",
        str(gps.name[convenor]),
        ("wait", "call the practices together"),
        {
            "support": float(commissioner.support),
            "call_factor": 1.0 + p.call_incentive * float(world.open_call()[row]),
            "zeal": float(zeal.max()),
        },
        chance(hazard),
        world.one("call", world.commissioners.key[row]),
        str(commissioner.name),
    )
    if calls:
        _called(world, called, convenor, str(commissioner.name))


def _called(world: World, called: Rows, convenor: int, commissioner: str) -> None:
    """All called vote as for founding a federation; those who agree become its first members if they are enough."""
    practices, p = world.practices, world.parameters.founding
    world.event("called together", world.gps.name[convenor], commissioner, called.size)
    willing: list[int] = []
    for practice in called[np.argsort(practices.name[called], kind="stable")]:
        others = called[called != practice]
        motion = Motion(
            about=f"call of {world.gps.name[convenor]}",
            form=Form.FEDERATION,
            occasion="call",
            income=expected_income(world, int(practice), Form.FEDERATION),
            relief=world.parameters.voting.relief_founding,
            trust=float(world.trust.towards(int(practice), others).mean()),
            leader=float(world.gps.skill[convenor]),
        )
        if world.practice_agents[practice].vote(motion) and _room(world, [*willing, int(practice)]):
            willing.append(int(practice))
    if len(willing) < p.call_least_members:
        world.event("call failed", world.gps.name[convenor], commissioner, len(willing))
        return
    home = int(world.gps.practice[convenor])
    first = [home] if home in willing else []
    found(
        world, first + [practice for practice in willing if practice not in first], Form.FEDERATION, "called together"
    )


def _months_to_deadline(world: World) -> int | None:
    """Months left of a universal offer with a deadline, this one included; None without such an offer."""
    if world.policy.rollout != "deadline":
        return None
    since = world.month
    while since > 1 and world.scenario.policy_at(since - 1).rollout == "deadline":
        since -= 1
    return since + world.parameters.exploration.deadline_months - world.month


def _place_the_undecided(world: World) -> None:
    """At the deadline the commissioner places whoever has not voted no twice in the nearest formal organisation."""
    if _months_to_deadline(world) != 1:
        return
    practices = world.practices
    candidates = np.flatnonzero(
        world.is_open() & ~world.formal_members() & (practices.noes < world.parameters.founding.deadline_noes)
    )
    for practice in candidates[np.argsort(practices.name[candidates], kind="stable")]:
        formal = (
            world.formal_members()
            & ~world.closed_to_members()
            & (practices.commissioner == practices.commissioner[practice])
        )
        rows = np.flatnonzero(formal)
        distance = np.hypot(practices.x[rows] - practices.x[practice], practices.y[rows] - practices.y[practice])
        nearest: dict[int, float] = {}
        for member in np.argsort(distance, kind="stable"):
            nearest.setdefault(int(practices.organisation[rows[member]]), float(distance[member]))
        size = float(world.lists()[practice])
        open_to = [row for row in nearest if world.organisation_agents[row].room_for(size)]
        if not open_to:
            continue
        chosen = world.seam.pick(
            "place",
            str(world.commissioners.name[practices.commissioner[practice]]),
            world.organisations.name[open_to].tolist(),
            {"distance": np.array([-nearest[row] for row in open_to])},
            about=str(practices.name[practice]),
        )
        join(world, int(practice), open_to[chosen], "placed by the commissioner at the deadline")
