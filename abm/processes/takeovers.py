"""Operators and NHS trusts take over practices in distress (model sections 2, 6.5 and 6.11).

An operator, and a trust that is willing to run practices, is one organisation with one name in its commissioner's area.
It begins with its first practice, employs all its GPs, keeps what its practices earn and pays its managers; its owners
pay for the set-up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.agents.practice import Motion
from abm.columns import CONTRACT, Form, Role, Status
from abm.processes.endings import leave_together
from abm.processes.engagement import update_membership_totals
from abm.processes.founding import create, enter
from abm.processes.leadership import lead
from abm.processes.workforce import leave_post, leave_practice, take_post
from abm.streams import name_key
from abm.world import World

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Taker:
    """Who takes practices over: an operator or an NHS trust.

    Attributes:
        name: stable name.
        form: of its organisation.
        commissioner: row of the commissioner in whose area it acts.
        waits: months in which nobody else must have taken a practice over before it acts.
        seeks_any: whether it may ask any practice, not only those in distress.
    """

    name: str
    form: Form
    commissioner: int
    waits: int = 0
    seeks_any: bool = False


def takers(world: World) -> list[Taker]:
    """Who may take practices over this month, in the order in which they act."""
    owners, fallback = operators(world), world.policy.trust_fallback
    if fallback == "off":
        return owners
    willing = trusts(world)
    return [*willing, *owners] if fallback == "first" else [*owners, *willing]


def operators(world: World) -> list[Taker]:
    """The operators there are: the policy's number for a local health economy of the usual size."""
    allowed = world.policy.mpo_allowed
    if allowed == "none":
        return []
    return [
        Taker(name, Form.MULTI_PRACTICE_OPERATOR, home, seeks_any=allowed == "any")
        for name, home in _at_home(world, "operator", world.policy.n_mpo)
    ]


def trusts(world: World) -> list[Taker]:
    """The trusts that are willing to run practices, the most willing first."""
    p = world.parameters.takeovers
    waits = p.trust_months if world.policy.trust_fallback == "second" else 0
    homes = _at_home(world, "trust", p.trusts)
    eager = willingness(world, [name for name, _ in homes])
    order = np.argsort(-eager, kind="stable")
    return [Taker(homes[i][0], Form.TRUST_LED, homes[i][1], waits) for i in order if eager[i] > p.least_willingness]


def willingness(world: World, names: list[str]) -> Array:
    """How willing each trust is to run practices, 0 to 1: a lasting trait, drawn by its name."""
    mean, spread = world.parameters.takeovers.trust_willingness
    keys = np.array([name_key(name) for name in names], np.uint64)
    return np.clip(mean + spread * world.streams.normal("willingness of trusts", 0, keys), 0.0, 1.0)


def _at_home(world: World, word: str, number: int) -> list[tuple[str, int]]:
    """Names and areas of so many for every local health economy of the usual size, spread over areas by lot."""
    commissioners, p = world.commissioners, world.parameters.takeovers
    economies = max(1, round(len(world.practices) / p.practices_per_economy))
    homes = np.lexsort((commissioners.name, world.streams.uniform(f"{word}s", 0, commissioners.key)))
    ordinal: dict[int, int] = {}
    found = []
    for i in range(number * economies):
        home = int(homes[i % homes.size])
        ordinal[home] = ordinal.get(home, 0) + 1
        found.append((f"{commissioners.name[home]} {word} {ordinal[home]}", home))
    return found


def offer_takeovers(world: World) -> None:
    """Each takes over what its commissioner cannot hand to partners, then makes one offer a month."""
    practices = world.practices
    partnerless = practices.status == Status.MANAGED
    practices.partnerless_months[:] = np.where(partnerless, practices.partnerless_months + 1, 0)
    for taker in takers(world):
        for practice in _abandoned(world, taker):
            if _has_room(world, taker, practice) and _handed_over(world, taker, practice):
                take_over(world, practice, taker, "it had no partners")
        sought = _sought(world, taker)
        if sought is not None and _partners_agree(world, sought, taker):
            take_over(world, sought, taker, "its partners agreed")


def _abandoned(world: World, taker: Taker) -> list[int]:
    """Practices without partners that have no salaried GP to promote, or have waited long enough."""
    practices = world.practices
    waited = practices.partnerless_months >= patience(world, taker)
    wanting = (practices.status == Status.MANAGED) & waited
    rows = np.flatnonzero(wanting & (practices.commissioner == taker.commissioner))
    return [int(row) for row in rows[np.argsort(practices.name[rows], kind="stable")]]


def patience(world: World, taker: Taker) -> NDArray[np.int64]:
    """Months without partners for which a practice must wait until somebody may take it over."""
    staff = world.sum_by_practice(world.in_post())
    return np.where(staff == 0, 0, world.parameters.takeovers.partnerless_months) + taker.waits


def _handed_over(world: World, taker: Taker, practice: int) -> bool:
    choice = world.seam.decide(
        "hand_over",
        str(world.commissioners.name[taker.commissioner]),
        ("go on managing it", "hand it over"),
        {"partnerless": float(world.practices.partnerless_months[practice])},
        1.0,
        world.one("hand over", world.practices.key[practice]),
        str(world.practices.name[practice]),
        keep_all=True,
    )
    return choice == 1


def _sought(world: World, taker: Taker) -> int | None:
    """The practice that is made an offer: the one in distress for longest; where any may be sought, else one by lot."""
    practices = world.practices
    rows = np.flatnonzero(world.can_vote() & (practices.commissioner == taker.commissioner))
    months = practices.short_months[rows]
    distressed = months >= world.parameters.workforce.distress_months + taker.waits
    if not taker.seeks_any:
        rows, months, distressed = rows[distressed], months[distressed], distressed[distressed]
    fits = np.array([_has_room(world, taker, int(practice)) for practice in rows], bool)
    rows, waited = rows[fits], np.where(distressed, months, 0)[fits]
    if not rows.size:
        return None
    lot = world.uniform("offer of a takeover", practices.key[rows], name_key(taker.name))
    names = practices.name[rows].tolist()
    return int(rows[world.seam.pick("approach", taker.name, names, {"distress": waited}, lot)])


def _has_room(world: World, taker: Taker, practice: int) -> bool:
    row = organisation_of(world, taker.name)
    patients = float(world.lists()[practice])
    if row is None:
        return world.policy.pop_max is None or patients <= world.policy.pop_max
    return world.organisation_agents[row].room_for(patients)


def organisation_of(world: World, owner: str) -> int | None:
    """The living organisation of an operator or trust; None before its first practice."""
    living = world.living_organisations()
    own = living[world.organisations.owner[living] == owner]
    return int(own[0]) if own.size else None


def _partners_agree(world: World, practice: int, taker: Taker) -> bool:
    """Partners expect relief and the income of an employee; they know nobody on the other side."""
    p, reference = world.parameters.takeovers, max(1.0, world.references.partner_income)
    income = float(world.practices.partner_income[practice])
    motion = Motion(
        about=taker.name,
        form=taker.form,
        occasion="takeover",
        income=(p.income_share * reference - income) / income,
        relief=p.relief,
        trust=0.0,
        leader=p.leadership,
    )
    return world.practice_agents[practice].vote(motion)


def take_over(world: World, practice: int, taker: Taker, why: str) -> int:
    """A practice becomes the taker's: it leaves its organisation and its partners become employees or leave."""
    practices, p = world.practices, world.parameters.takeovers
    leave_together(world, [practice], f"left for {taker.name}")
    row = organisation_of(world, taker.name)
    if row is None:
        row = _begin(world, practice, taker)
    engagement = p.trust_engagement if taker.form == Form.TRUST_LED else p.engagement
    enter(world, practice, row, "taken over", why, engagement, "taken over")
    practices.status[practice] = Status.ACQUIRED
    for ring in (practices.profit_ring, practices.partner_fte_ring):
        ring[practice] = np.nan
    partners = world.practice_agents[practice].partners()
    for gp in partners:
        leaves = world.seam.decide(
            "leave_at_takeover",
            str(world.gps.name[gp]),
            ("become an employee", "leave practice"),
            {"share": p.partners_leave},
            p.partners_leave,
            world.one("leaves at takeover", world.gps.key[gp]),
            taker.name,
            keep_all=True,
        )
        if leaves:
            leave_practice(world, int(gp))
        else:
            leave_post(world, int(gp), "the practice was taken over")
            take_post(world, int(gp), practice, Role.SALARIED, "the practice was taken over")
            world.event("became employee", world.gps.name[gp], practices.name[practice])
    practices.lost_ring[practice, world.month % practices.lost_ring.shape[1]] += partners.size
    update_membership_totals(world)
    lead(world, row)
    return row


def _begin(world: World, practice: int, taker: Taker) -> int:
    """The taker's organisation begins with its first practice."""
    organisations, p = world.organisations, world.parameters.takeovers
    row = create(world, taker.name, practice, taker.form)
    organisations.owner[row] = taker.name
    organisations.commissioner[row] = taker.commissioner
    if taker.form == Form.TRUST_LED:
        organisations.institutional[row] = p.trust_capability
        organisations.relation_hospital[row] = p.trust_hospital_relation
    else:
        organisations.institutional[row] = p.capability_other
        organisations.institutional[row, CONTRACT] = p.capability_contract
    world.event("founded", organisations.name[row], world.practices.name[practice], 1, taker.form.words)
    return row
