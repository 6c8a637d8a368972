"""Leaders come, learn and go (model section 6.9)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from abm.columns import OWNED, Form, Role
from abm.decisions import leaders as rules
from abm.decisions.hazards import chance
from abm.world import World

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
HEROIC, TEAM = "leader", "one of the leaders"
TINY = 1e-9


def update_leadership(world: World) -> None:
    """Departures, succession, requirement and effect of leadership, and what leaders learn."""
    for organisation in world.living_organisations():
        row = int(organisation)
        world.organisations.leader_mode[row] = world.policy.leader_mode
        if world.organisations.form[row] in OWNED:
            lead(world, row)
            continue
        _depart(world, row)
        _succeed(world, row)
        lead(world, row)
        _learn(world, row)
    world.departing_leaders.clear()


def posts_of(world: World, organisation: int) -> dict[str, Rows]:
    """The leaders by kind of post: the single leader, and those of the team."""
    leaders = world.ledger.leaders(organisation)
    alone = world.gps.leads_alone[leaders]
    return {HEROIC: leaders[alone], TEAM: leaders[~alone]}


def _wanted(world: World, organisation: int) -> dict[str, int]:
    """How many leaders of each kind the policy's mode asks for."""
    mode = float(world.organisations.leader_mode[organisation])
    members = world.sites_of(organisation)
    team = rules.team_size(world.parameters.leadership, members)
    return {HEROIC: int(mode < 1.0), TEAM: team if mode > 0.0 else 0}


def _depart(world: World, organisation: int) -> None:
    """Leaders who left, changed role or step down take what rests with them; then the post stands empty for a while."""
    gps, organisations, p = world.gps, world.organisations, world.parameters.leadership
    leaders = world.ledger.leaders(organisation)
    if not leaders.size:
        return
    member = np.zeros(len(world.practices) + 1, bool)
    member[world.ledger.members(organisation)] = True
    gone = (
        ~gps.alive[leaders] | ~member[gps.practice[leaders]] | (gps.role[leaders] != gps.role_on_appointment[leaders])
    )
    gone |= np.isin(leaders, world.departing_leaders)
    staying = leaders[~gone]
    factor = np.exp(p.departure_burnout * (gps.burnout[staying] - p.departure_burnout_reference))
    probability = chance(p.departure * factor)
    steps_down = world.seam.decide_each(
        "step_down",
        gps.name[staying],
        ("go on leading", "step down"),
        {"burnout": gps.burnout[staying], "burnout_factor": factor},
        probability,
        world.uniform("step down", gps.key[staying], organisations.key[organisation]),
        str(organisations.name[organisation]),
    )
    departing = np.concatenate((leaders[gone], staying[steps_down == 1]))
    if not departing.size:
        return
    vacate(world, organisation, departing, "left the lead")


def vacate(world: World, organisation: int, departing: Rows, why: str) -> None:
    """Leaders go and take what rests with them: capability, engagement, and time until they are replaced."""
    gps, organisations, p = world.gps, world.organisations, world.parameters.leadership
    mode = float(organisations.leader_mode[organisation])
    wanted = _wanted(world, organisation)
    fraction = 0.0
    for kind, rows in posts_of(world, organisation).items():
        lost = np.isin(rows, departing).sum()
        if lost:
            fraction += (mode if kind == TEAM else 1.0 - mode) * lost / rows.size
            months = (1.0 - mode) * p.vacancy_heroic + mode * p.vacancy_distributed
            column = organisations.vacancy_heroic if kind == HEROIC else organisations.vacancy_distributed
            column[organisation] = months if wanted[kind] else 0.0
    for gp in departing:
        retire_leader(world, int(gp), why)
        world.event("leader departed", gps.name[gp], organisations.name[organisation], fraction)
    organisations.personal[organisation] *= 1.0 - fraction
    organisations.institutional[organisation] *= 1.0 - p.departure_institutional_loss * fraction
    members = world.ledger.members(organisation)
    world.practices.engagement[members] *= 1.0 - p.departure_engagement_loss * fraction


def retire_leader(world: World, gp: int, why: str) -> None:
    """Take a GP out of the lead."""
    world.ledger.close("leader", gp, world.month, why)
    world.gps.lead_sessions_agreed[gp] = 0.0


def _succeed(world: World, organisation: int) -> None:
    """Fill empty posts once their vacancy is over."""
    organisations = world.organisations
    for kind, column in ((HEROIC, organisations.vacancy_heroic), (TEAM, organisations.vacancy_distributed)):
        if column[organisation] > 0:
            column[organisation] = max(0.0, column[organisation] - 1.0)
            continue
        appoint(world, organisation, kind)


def appoint(world: World, organisation: int, kind: str) -> None:
    """Fill the posts of one kind with the most suitable members' GPs; a post too many is given up."""
    gps, p = world.gps, world.parameters.leadership
    mode = float(world.organisations.leader_mode[organisation])
    now = posts_of(world, organisation)[kind]
    wanted = _wanted(world, organisation)[kind]
    if wanted == 0:
        for gp in now:
            retire_leader(world, int(gp), "this way of leading ended")
        return
    sessions = (1.0 - mode) * p.heroic_supply if kind == HEROIC else mode * p.distributed_supply
    gps.lead_sessions_agreed[now] = sessions
    missing = wanted - now.size
    for gp in by_suitability(world, now)[wanted:]:
        retire_leader(world, int(gp), "fewer leaders are needed")
    if missing <= 0:
        return
    for gp in _chosen(world, organisation, candidates(world, organisation, alone=kind == HEROIC), missing):
        world.ledger.open("leader", int(gp), organisation, kind, world.month, "most suitable")
        gps.leads_alone[gp] = kind == HEROIC
        gps.role_on_appointment[gp] = gps.role[gp]
        gps.lead_sessions_agreed[gp] = sessions
        world.event("leader appointed", gps.name[gp], world.organisations.name[organisation], gps.skill[gp], kind)


def _chosen(world: World, organisation: int, rows: Rows, posts: int) -> Iterator[int]:
    """Those of the candidates whom the organisation appoints, one after another."""
    while posts > 0 and rows.size:
        names = world.gps.name[rows].tolist()
        chosen = world.seam.pick("appoint", str(world.organisations.name[organisation]), names, _suits(world, rows))
        yield int(rows[chosen])
        rows, posts = np.delete(rows, chosen), posts - 1


def candidates(world: World, organisation: int, *, alone: bool) -> Rows:
    """Members' GPs who could lead, most suitable first.

    A single leader is a partner with enough time and a good attitude, or any partner where there is none such; teams
    take salaried GPs too. Nobody leads two organisations.
    """
    gps, p = world.gps, world.parameters.leadership
    member = np.zeros(len(world.practices) + 1, bool)
    member[world.ledger.members(organisation)] = True
    free = world.in_post() & member[gps.practice] & (gps.leads < 0)
    rows = np.flatnonzero(free & (gps.role == Role.PARTNER)) if alone else np.flatnonzero(free)
    if alone:
        enough = gps.sessions[rows] >= p.least_fte * world.parameters.capacity.sessions_per_fte
        ready = rows[enough & (gps.attitude[rows] >= 0)]
        rows = ready if ready.size else rows
    return by_suitability(world, rows)


def by_suitability(world: World, rows: Rows) -> Rows:
    """GPs in the order in which they recommend themselves as leaders."""
    score = np.sum(list(_suits(world, rows).values()), axis=0)
    return rows[np.lexsort((world.gps.name[rows], -score))]


def _suits(world: World, rows: Rows) -> dict[str, Array]:
    """What recommends each GP as leader."""
    gps = world.gps
    return rules.suitability_terms(world.parameters.leadership, gps.skill[rows], gps.burnout[rows], gps.attitude[rows])


def lead(world: World, organisation: int) -> None:
    """Requirement, supply and effect of leadership this month."""
    gps, organisations, p = world.gps, world.organisations, world.parameters.leadership
    form, mode = int(organisations.form[organisation]), float(organisations.leader_mode[organisation])
    if form in OWNED:  # a central team leads
        organisations.leadership[organisation] = world.parameters.takeovers.leadership
        return
    posts = posts_of(world, organisation)
    required = rules.required_sessions(
        p,
        world.sites_of(organisation),
        form > Form.INFORMAL,
        world.month - organisations.founded[organisation] > p.mature_months,
        float(organisations.goals[organisation]),
        world.running_cost(Form(form)),
    )
    given = {kind: _time_given(world, rows) for kind, rows in posts.items()}
    alone = team = p.vacant_leadership
    if posts[HEROIC].size:
        best = int(np.argmax(gps.skill[posts[HEROIC]]))
        time = float(given[HEROIC][best]) / max(1.0 - mode, TINY)  # a mixed mode takes a part
        alone = rules.heroic_leadership(float(gps.skill[posts[HEROIC][best]]), time, required)
    if posts[TEAM].size:
        phi = float(organisations.coordination[organisation])
        team = rules.distributed_leadership(p, gps.skill[posts[TEAM]], given[TEAM] / max(mode, TINY), phi, required)
    organisations.leadership[organisation] = (1.0 - mode) * alone + mode * team
    organisations.lead_required[organisation] = required
    organisations.lead_supply[organisation] = sum(float(time.sum()) for time in given.values())


def _time_given(world: World, leaders: Rows) -> Array:
    """Weekly sessions that leaders have for their organisation."""
    gps = world.gps
    seat = world.parameters.commissioning.board_sessions * gps.board_seat[leaders]
    return rules.time_to_lead(gps.lead_sessions_agreed[leaders], gps.sessions[leaders], seat)


def _learn(world: World, organisation: int) -> None:
    """Leaders grow in skill, teams in coordination, and where development is paid for others learn to lead."""
    gps, organisations, p = world.gps, world.organisations, world.parameters.leadership
    development = float(world.development()[organisations.commissioner[organisation]])
    leaders = world.ledger.leaders(organisation)
    growth = p.skill_growth * (1.0 + p.skill_development * development)
    gps.skill[leaders] += growth * (1.0 - gps.skill[leaders])
    if posts_of(world, organisation)[TEAM].size:
        speed = p.coordination_speed * (1.0 + p.development_effect * development)
        phi = organisations.coordination[organisation]
        organisations.coordination[organisation] = phi + speed * (p.coordination_ceiling - phi)
    if development > 0:
        pipeline = candidates(world, organisation, alone=False)[: p.pipeline_leaders]
        gps.skill[pipeline] += p.pipeline_speed * growth * (1.0 - gps.skill[pipeline])
