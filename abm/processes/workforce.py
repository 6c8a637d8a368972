"""Leaving, changing role, arriving: what careers do to practices (model section 6.5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.columns import Role, Status
from abm.decisions import career
from abm.decisions.hazards import monthly_chance
from abm.processes.newcomers import arrive, choose_practice
from abm.world import World

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def update_workforce(world: World) -> None:
    """One month of careers: everybody ages, then leaves, changes role, cuts sessions or arrives."""
    lost = np.zeros(len(world.practices))
    world.gps.age[world.gps.alive] += 1.0 / 12.0
    _leave(world, lost)
    _give_up_partnerships(world, lost)
    _give_up_posts(world, lost)
    _return_to_posts(world)
    _take_partnerships(world)
    _cut_sessions(world)
    arrive(world)
    _without_partners(world)
    _fill_board_seats(world)
    _note_turnover(world, lost)
    _note_vacancies(world)


def leave_post(world: World, gp: int, why: str) -> None:
    """Close a GP's post; the ledger makes the GP sessional."""
    world.gps.home[gp] = world.gps.practice[gp]
    world.ledger.close("post", gp, world.month, why)


def leave_practice(world: World, gp: int) -> None:
    """A GP leaves practice for good."""
    gps, practice = world.gps, int(world.gps.practice[gp])
    world.event(
        "left practice",
        gps.name[gp],
        world.practices.name[practice] if practice >= 0 else "",
        gps.age[gp],
        Role(int(gps.role[gp])).name.lower(),
    )
    if practice >= 0:
        leave_post(world, gp, "left practice")
    gps.alive[gp] = gps.board_seat[gp] = False
    world.leavers += 1


def take_post(world: World, gp: int, practice: int, role: Role, why: str) -> None:
    """Open a post for a GP who has none."""
    world.ledger.open("post", gp, practice, role.name.lower(), world.month, why)
    world.gps.home[gp] = practice
    world.gps.joined[gp] = world.month


def _chosen(
    world: World, kind: str, rows: Rows, options: tuple[str, str], terms: dict[str, Array], hazard: Array
) -> Rows:
    """Those of the rows who decide to act, in an order drawn by lot."""
    if not rows.size:
        return rows
    draw = world.uniform(kind, world.gps.key[rows])
    choice = world.seam.decide_each(kind, world.gps.name[rows], options, terms, monthly_chance(hazard), draw)
    acting = rows[choice == 1]
    return acting[np.argsort(world.uniform(f"order of {kind}", world.gps.key[acting]), kind="stable")]


def _leave(world: World, lost: Array) -> None:
    gps, p = world.gps, world.parameters.workforce
    rows = np.flatnonzero(gps.alive)
    wave = np.where(gps.age[rows] >= world.weather.exit_from_age, world.weather.exit_factor, 1.0)
    salaried = gps.role[rows] == Role.SALARIED
    hazard = wave * career.exit_hazard(p, gps.age[rows], gps.burnout[rows], salaried, world.policy.salaried_bonus)
    terms = {
        "age": gps.age[rows],
        "burnout": gps.burnout[rows],
        "hazard": hazard,
        "burnout_factor": career.burnout_multiplier(p, gps.burnout[rows]),
        "bonus_factor": career.bonus_multiplier(p, salaried, world.policy.salaried_bonus),
        "wave_factor": wave,
    }
    for gp in _chosen(world, "exit", rows, ("stay", "leave practice"), terms, hazard):
        if gps.practice[gp] >= 0:
            lost[gps.practice[gp]] += 1
        leave_practice(world, int(gp))


def _income_seen(world: World, rows: Rows) -> Array:
    practices = world.practices
    return career.relative_income(
        world.parameters.workforce,
        practices.partner_income[world.gps.practice[rows]],
        world.parameters.finance.salaried_pay,
    )


def _give_up_partnerships(world: World, lost: Array) -> None:
    gps, p = world.gps, world.parameters.workforce
    rows = np.flatnonzero(world.partners())
    income = _income_seen(world, rows)
    hazard = career.leave_partnership_hazard(p, gps.burnout[rows], income)
    terms = {
        "burnout": gps.burnout[rows],
        "income": income,
        "hazard": hazard,
        "burnout_factor": career.burnout_multiplier(p, gps.burnout[rows]),
        "income_factor": career.held_by_income(p, income),
    }
    for gp in _chosen(world, "leave_partnership", rows, ("stay partner", "give up the partnership"), terms, hazard):
        practice = int(gps.practice[gp])
        lost[practice] += 1
        leave_post(world, int(gp), "gave up the partnership")
        salaried = world.seam.decide(
            "next_role",
            str(gps.name[gp]),
            ("turn sessional", "stay as salaried GP"),
            {"share": p.partner_to_salaried},
            p.partner_to_salaried,
            world.one("role after partnership", gps.key[gp]),
            str(world.practices.name[practice]),
            keep_all=True,
        )
        if salaried:
            take_post(world, int(gp), practice, Role.SALARIED, "gave up the partnership")
        world.event(
            "gave up partnership",
            gps.name[gp],
            world.practices.name[practice],
            detail="salaried" if salaried else "sessional",
        )


def _give_up_posts(world: World, lost: Array) -> None:
    gps, p = world.gps, world.parameters.workforce
    rows = np.flatnonzero(gps.alive & (gps.role == Role.SALARIED))
    hazard = career.leave_salaried_hazard(p, gps.burnout[rows])
    factor = career.burnout_multiplier(p, gps.burnout[rows])
    terms = {"burnout": gps.burnout[rows], "hazard": hazard, "burnout_factor": factor}
    for gp in _chosen(world, "leave_salaried_post", rows, ("stay salaried", "turn sessional"), terms, hazard):
        practice = int(gps.practice[gp])
        lost[practice] += 1
        leave_post(world, int(gp), "turned sessional")
        world.event("turned sessional", gps.name[gp], world.practices.name[practice])


def _return_to_posts(world: World) -> None:
    gps, p = world.gps, world.parameters.workforce
    rows = np.flatnonzero(gps.alive & (gps.role == Role.SESSIONAL))
    vacancy = world.vacancy()
    open_here = np.bincount(world.practices.commissioner, vacancy > p.entry_vacancy, len(world.commissioners)) > 0
    rows = rows[open_here[gps.commissioner[rows]]]
    hazard = np.full(rows.size, p.sessional_to_salaried)
    terms = {"hazard": hazard}
    for gp in _chosen(world, "return_to_post", rows, ("stay sessional", "look for a salaried post"), terms, hazard):
        practice = choose_practice(world, int(gp), Role.SALARIED)
        if practice is not None:
            take_post(world, int(gp), practice, Role.SALARIED, "took a salaried post")
            world.event("took salaried post", gps.name[gp], world.practices.name[practice])


def _take_partnerships(world: World) -> None:
    gps, p = world.gps, world.parameters.workforce
    free = world.free_partner_posts()
    rows = np.flatnonzero(gps.alive & (gps.role == Role.SALARIED))
    rows = rows[free[gps.practice[rows]] >= 1]
    income = _income_seen(world, rows)
    hazard = career.take_partnership_hazard(p, gps.burnout[rows], income, gps.autonomy[rows])
    terms = {
        "burnout": gps.burnout[rows],
        "income": income,
        "autonomy": gps.autonomy[rows],
        "hazard": hazard,
        **career.partnership_multipliers(p, gps.burnout[rows], income, gps.autonomy[rows]),
    }
    for gp in _chosen(world, "take_partnership", rows, ("stay salaried", "become partner"), terms, hazard):
        practice = int(gps.practice[gp])
        if free[practice] >= 1:
            free[practice] -= 1
            make_partner(world, int(gp), "a partner's post was free")


def make_partner(world: World, gp: int, why: str) -> None:
    """A salaried GP becomes partner of the same practice."""
    practice = int(world.gps.practice[gp])
    leave_post(world, gp, "became partner")
    take_post(world, gp, practice, Role.PARTNER, why)
    world.event("became partner", world.gps.name[gp], world.practices.name[practice], detail=why)


def _cut_sessions(world: World) -> None:
    gps, p = world.gps, world.parameters.workforce
    rows = np.flatnonzero(gps.alive)
    hazard = career.cut_hazard(p, gps.burnout[rows], gps.sessions[rows])
    rows, hazard = rows[hazard > 0], hazard[hazard > 0]
    factor = career.burnout_multiplier(p, gps.burnout[rows])
    terms = {"burnout": gps.burnout[rows], "hazard": hazard, "burnout_factor": factor}
    cutting = _chosen(world, "cut_sessions", rows, ("keep sessions", "give up one session"), terms, hazard)
    gps.sessions[cutting] -= 1.0
    if cutting.size:
        world.event("gave up a session", gps.name[cutting], value=gps.sessions[cutting])


def _without_partners(world: World) -> None:
    """A practice without partners makes a salaried GP partner; failing that its commissioner manages it."""
    practices, gps = world.practices, world.gps
    partners = world.sum_by_practice(world.partners())
    own = world.is_open() & ~world.acquired()
    for practice in np.flatnonzero((partners == 0) & own):
        staff = world.ledger.holders("post", int(practice))
        if staff.size and world.seam.decide(
            "promote",
            str(practices.name[practice]),
            ("wait", "make a salaried GP partner"),
            {"salaried": staff.size},
            world.parameters.workforce.promotion,
            world.one("promote", practices.key[practice]),
        ):
            longest = staff[np.lexsort((gps.name[staff], gps.joined[staff]))[0]]
            make_partner(world, int(longest), "the practice had no partner")
            partners[practice] = 1
    managed = (partners == 0) & own
    was = practices.status == Status.MANAGED
    for rows, kind in ((managed & ~was, "managed by commissioner"), (was & ~managed, "run by partners again")):
        if rows.any():
            world.event(kind, practices.name[rows])
    practices.status[own] = np.where(managed, Status.MANAGED, Status.ACTIVE)[own]


def _fill_board_seats(world: World) -> None:
    """Seats on commissioners' boards that GPs left go to partners of the area, by lot."""
    gps, seats = world.gps, world.parameters.commissioning.board_gps
    taken = np.bincount(gps.commissioner[gps.board_seat], minlength=len(world.commissioners))
    for commissioner in np.flatnonzero(taken < seats):
        rows = np.flatnonzero(world.partners() & ~gps.board_seat & (gps.commissioner == commissioner))
        lot = world.uniform("board seat", gps.key[rows])
        body = str(world.commissioners.name[commissioner])
        for _ in range(min(rows.size, seats - int(taken[commissioner]))):
            chosen = world.seam.pick("seat", body, gps.name[rows].tolist(), {}, lot)
            gps.board_seat[rows[chosen]] = True
            world.event("took a board seat", gps.name[rows[chosen]], body)
            rows, lot = np.delete(rows, chosen), np.delete(lot, chosen)


def _note_turnover(world: World, lost: Array) -> None:
    practices = world.practices
    slot = world.month % practices.lost_ring.shape[1]
    practices.lost_ring[:, slot] = lost
    practices.headcount_ring[:, slot] = world.sum_by_practice(world.in_post())


def _note_vacancies(world: World) -> None:
    """Count the months that a practice is short in a row; long vacancy is distress."""
    practices, p = world.practices, world.parameters.workforce
    short = world.vacancy() > p.distress_vacancy * practices.fte_target
    practices.short_months[:] = np.where(short, practices.short_months + 1, 0)
    distressed = practices.short_months == p.distress_months
    if distressed.any():
        world.event("distressed", practices.name[distressed])
