"""Newcomers: an exogenous list for each commissioner, the same under every policy (model section 6.5)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.columns import Role
from abm.decisions import career
from abm.decisions.hazards import softmax
from abm.locality.ties import advice_ties
from abm.streams import name_key
from abm.world import World

Array = NDArray[np.float64]
Keys = NDArray[np.uint64]


def choose_practice(world: World, gp: int, role: Role) -> int | None:
    """A GP picks one of the commissioner's practices with a post for the role; None where there is none."""
    practices, gps, p = world.practices, world.gps, world.parameters.workforce
    vacancy = world.vacancy()
    if role == Role.PARTNER:
        has_post = world.free_partner_posts() >= 1
    else:
        has_post = vacancy > p.entry_vacancy
    rows = np.flatnonzero(has_post & (practices.commissioner == gps.commissioner[gp]))
    if not rows.size:
        return None
    rows = rows[np.argsort(practices.name[rows], kind="stable")]
    hub = world.of_organisation("hub_slots") > 0
    developed = (practices.organisation >= 0) & (world.development()[practices.commissioner] > 0)
    terms = career.practice_score(
        p,
        vacancy[rows],
        practices.quality[rows],
        practices.workload[rows],
        (hub | developed)[rows].astype(float),
        practices.deprivation[rows],
    )
    choice = world.seam.decide(
        "choose_practice",
        str(gps.name[gp]),
        practices.name[rows].tolist(),
        terms,
        softmax(np.sum(list(terms.values()), axis=0)),
        world.one("choose practice", gps.key[gp]),
    )
    return int(rows[choice])


def entrant_traits(world: World, keys: Keys) -> dict[str, Any]:
    """What newcomers bring with them, drawn by name alone: the same people whenever and wherever they arrive."""
    people, streams = world.parameters.population, world.streams

    def normal(shape: tuple[float, float], trait: str, low: float, high: float) -> Array:
        return np.clip(shape[0] + shape[1] * streams.normal(f"{trait} of newcomers", 0, keys), low, high)

    return {
        "female": streams.uniform("sex", 0, keys) < people.female_others,
        "age": normal(people.entrant_age, "age", *people.age_range),
        "burnout": normal(people.entrant_burnout, "burnout", 0.0, 1.0),
        "strain": streams.normal("strain", 0, keys),
        "attitude": normal(people.entrant_attitude, "attitude", -1.0, 1.0),
        "skill": streams.beta(*people.skill, "skill of newcomers", 0, keys),
        "autonomy": streams.beta(*people.other_autonomy, "autonomy of newcomers", 0, keys),
    }


def arrive(world: World) -> None:
    """Let newcomers in: each seeks a role, takes the next one where there is no post, and picks a practice."""
    commissioners, gps, edges = world.commissioners, world.gps, world.trust.edges
    mean = world.parameters.workforce.entry * commissioners.gps_at_start / 12.0
    counts = world.streams.poisson(mean, "newcomers", world.month, commissioners.key)
    first = len(gps)
    for commissioner in np.flatnonzero(counts):
        for _ in range(counts[commissioner]):
            commissioners.newcomers[commissioner] += 1
            ordinal = int(commissioners.newcomers[commissioner])
            _arrive_one(world, int(commissioner), f"{commissioners.name[commissioner]}/E{ordinal:04d}")
    if len(gps) == first:
        return
    rows = np.arange(first, len(gps))
    network = {name: getattr(edges, name) for name in ("source", "target", "trust", "distance")}
    ties, strength = advice_ties(
        rows, gps.key, gps.home, network, world.parameters, world.streams, world.month, gps.alive
    )
    gps.tie[rows], gps.tie_strength[rows] = ties, strength


def _arrive_one(world: World, commissioner: int, name: str) -> None:
    gps, practices, p = world.gps, world.practices, world.parameters.workforce
    key = name_key(name)
    keys = np.array([key], np.uint64)
    sought = np.searchsorted(
        np.cumsum(p.entry_roles), world.streams.one("role sought", 0, key) * sum(p.entry_roles), "right"
    )
    role = Role(min(int(sought), Role.SESSIONAL))
    own = np.flatnonzero(world.is_open() & (practices.commissioner == commissioner))
    lot = -np.log(world.streams.uniform("home", 0, keys, practices.key[own]))
    home = own[np.argmin(lot / np.maximum(practices.list_start[own], 1.0))]  # in proportion to lists
    row = int(
        gps.add(
            name=name,
            key=key,
            role=Role.SESSIONAL,
            commissioner=commissioner,
            home=home,
            entrant=True,
            joined=world.month,
            **entrant_traits(world, keys),
        )[0]
    )
    world.add_agent("gps", row)
    practice = None
    while role != Role.SESSIONAL and (practice := choose_practice(world, row, role)) is None:
        role = Role(role + 1)
    gps.sessions[row] = world.parameters.population.entrant_fte[role] * world.parameters.capacity.sessions_per_fte
    if practice is not None:
        world.ledger.open("post", row, practice, role.name.lower(), world.month, "arrived")
        gps.home[row] = practice
    world.event("arrived", name, practices.name[practice] if practice is not None else "", detail=role.name.lower())
