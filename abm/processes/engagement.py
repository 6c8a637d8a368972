"""Capability, goals, engagement, effort and trust inside organisations (model sections 6.9 and 6.10)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.columns import CAPABILITIES, REALTIME_INFO, Form
from abm.decisions.hazards import logistic
from abm.decisions.leaders import capability_growth
from abm.scenario.parameters.engagement import EngagementParameters
from abm.world import World

Array = NDArray[np.float64]
YEAR = 12


def engagement_terms(
    p: EngagementParameters,
    *,
    leadership: Array,
    capability: Array,
    trust: Array,
    population: Array,
    autonomy_loss: Array,
    autonomy: Array,
    control: Array,
    support: Array,
    coordination: Array,
    commissioner: Array,
    head_money: Array,
    community: Array,
) -> dict[str, Array]:
    """E*: log-odds of each member practice's engagement, term by term.

    Args:
        leadership, capability: L and K of the organisation.
        trust: mean trust in fellow members.
        population: patients of the organisation; size attenuates ownership.
        autonomy_loss: g of the form; `autonomy` the partners' mean need of it.
        control, support: of the organisation over its members.
        coordination: phi under distributed leadership, else 0.
        commissioner: S.
        head_money: £ a head and year.
        community: engagement of patients, 0 to 1.
    """
    return {
        "base": np.full_like(leadership, p.base),
        "leadership": p.leadership * leadership,
        "capability": p.capability * capability,
        "trust": p.trust * trust,
        "size": -p.size * np.log(np.maximum(population, 1.0) / p.size_reference),
        "autonomy": -p.autonomy * autonomy_loss * autonomy,
        "control": -p.control * control * (1.0 - support),
        "coordination": p.distributed * coordination,
        "commissioner": p.commissioner * (commissioner - p.neutral),
        "money": p.money * head_money,
        "community": p.community * (community - p.neutral),
    }


def effort_of(p: EngagementParameters, engagement: Array, control: Array, support: Array, incentive: Array) -> Array:
    """What members do for common aims; control with support helps delivery. `incentive` in £ a GP and year."""
    return np.minimum(
        1.0,
        p.effort_base
        + p.effort_engagement * engagement
        + p.effort_control * control * support
        + p.effort_incentive * np.tanh(incentive / p.effort_incentive_scale),
    )


def incentive_of(value: Array, own_share: float, members: Array, partner_share: Array, salaried_bonus: float) -> Array:
    """inc_p: what a GP can expect of what the practice's own patients earn; what is pooled is diluted 1/n.

    Args:
        value: £ a GP and year that the practice's own patients can earn.
        own_share: share paid by the practice's own results.
        members: practices in the organisation.
        partner_share: partners' share of the practice's GPs.
        salaried_bonus: share that salaried GPs take part in.
    """
    kept = own_share + (1.0 - own_share) / np.maximum(members, 1)
    return value * kept * (partner_share + salaried_bonus * (1.0 - partner_share))


def update_organisations(world: World) -> None:
    """Organisations learn and focus; their members' engagement, effort and trust follow."""
    world.practices.history[:] *= np.exp(-1.0 / world.parameters.voting.history_decay)
    update_membership_totals(world)
    if not world.living_organisations().size:
        return
    world.organisations.control[:] = world.policy.control
    world.organisations.support[:] = world.policy.support
    _learn(world)
    _engage(world)
    update_membership_totals(world)


def update_membership_totals(world: World) -> None:
    """Population, number of members (by site) and mean engagement of every organisation."""
    practices, organisations = world.practices, world.organisations
    member = practices.organisation >= 0
    of, lists = practices.organisation[member], world.lists()[member]
    organisations.population[:] = np.bincount(of, lists, len(organisations))
    organisations.members[:] = np.bincount(of, world.sites()[member], len(organisations))
    weighted = np.bincount(of, lists * practices.engagement[member], len(organisations))
    organisations.engagement[:] = weighted / np.where(organisations.population > 0, organisations.population, 1.0)


def _learn(world: World) -> None:
    organisations, p, lead = world.organisations, world.parameters.capability, world.parameters.leadership
    rate = np.ones(len(CAPABILITIES))
    if not world.policy.it_fund:
        rate[REALTIME_INFO] = p.information_without_fund
    development = world.development()
    for row in world.living_organisations():
        commissioner = organisations.commissioner[row]
        personal, institutional = organisations.personal[row].copy(), organisations.institutional[row].copy()
        od = float(development[commissioner])
        gained = capability_growth(
            p,
            float(organisations.leadership[row]),
            float(world.commissioners.support[commissioner]),
            1.0 + lead.development_effect * od,
            float(organisations.goals[row]),
            lead.manageable_goals,
            personal + institutional,
            rate,
        )
        mode = float(organisations.leader_mode[row])
        with_leaders = (1.0 - mode) * p.personal_heroic + mode * p.personal_distributed
        personal += with_leaders * gained - p.decay * personal
        institutional += (1.0 - with_leaders) * gained - p.decay * institutional
        anchored = p.anchoring * (1.0 + p.anchoring_development * od) * personal
        personal, institutional = personal - anchored, institutional + anchored
        over = np.maximum(1.0, personal + institutional)
        organisations.personal[row], organisations.institutional[row] = personal / over, institutional / over
        clarity = p.clarity_base + world.policy.clarity
        organisations.goals[row] = max(p.goals_least, organisations.goals[row] - clarity / p.goals_months)


def member_trust(world: World) -> Array:
    """Mean trust of each practice in its fellow members; .5 in an organisation with one member."""
    edges, among = world.trust.edges, world.trust.among_members()
    n = len(world.practices)
    known = np.bincount(edges.source[among], minlength=n)
    total = np.bincount(edges.source[among], edges.trust[among], n)
    return np.where(known > 0, total / np.maximum(known, 1), world.parameters.engagement.trust_alone)


def _engage(world: World) -> None:
    practices, organisations, gps, p = world.practices, world.organisations, world.gps, world.parameters.engagement
    rows = np.flatnonzero(practices.organisation >= 0)
    of = practices.organisation[rows]
    partners = world.partners()
    form = organisations.form[of]
    terms = engagement_terms(
        p,
        leadership=organisations.leadership[of],
        capability=(organisations.personal + organisations.institutional).mean(axis=1)[of],
        trust=member_trust(world)[rows],
        population=organisations.population[of],
        autonomy_loss=np.asarray(world.parameters.finance.autonomy_loss)[form],
        autonomy=world.mean_by_practice(partners, gps.autonomy)[rows],
        control=organisations.control[of],
        support=organisations.support[of],
        coordination=organisations.coordination[of] * organisations.leader_mode[of],
        commissioner=world.commissioners.support[practices.commissioner[rows]],
        head_money=np.where(form > 0, world.head_money()[practices.commissioner[rows]], 0.0),
        community=world.policy.community_engagement + p.community_own * (form == Form.COMMUNITY_HEALTH_ORGANISATION),
    )
    target = logistic(np.sum(list(terms.values()), axis=0))
    practices.engagement[rows] += p.speed * (target - practices.engagement[rows])
    heads = world.sum_by_practice(world.in_post())[rows]
    value = world.policy.target_money * world.lists()[rows] / np.maximum(heads, 1)
    share = world.sum_by_practice(partners)[rows] / np.maximum(heads, 1)
    incentive = incentive_of(
        value, world.policy.perf_share, organisations.members[of], share, world.policy.salaried_bonus
    )
    practices.effort[rows] = effort_of(
        p,
        practices.engagement[rows],
        organisations.control[of],
        organisations.support[of],
        incentive,
    )
    edges, among = world.trust.edges, world.trust.among_members()
    growth = p.trust_growth * (practices.engagement[edges.source[among]] - p.trust_reference)
    edges.trust[among] = np.clip(edges.trust[among] + growth, -1.0, 1.0)
    _remember(world, rows)


def _remember(world: World, members: NDArray[np.int64]) -> None:
    """A year as member of an organisation that one is engaged in is a good experience."""
    practices, p = world.practices, world.parameters.voting
    months = world.month - practices.member_since[members]
    seen = world.month - np.maximum(practices.member_since[members], 0)  # a year before the start is none of the run's
    anniversary = (seen >= YEAR) & (months % YEAR == 0)
    good = anniversary & (practices.engagement[members] >= p.history_good_year)
    practices.history[members[good]] += 1.0
    if good.any():
        happy = members[good]
        joint = world.organisations.name[practices.organisation[happy]]
        world.event("good year", practices.name[happy], joint, practices.engagement[happy])
