"""Members withdraw, and organisations that fail are dissolved (model section 6.12)."""

from __future__ import annotations

import numpy as np

from abm.columns import OWNED, Form
from abm.decisions import withdraw as rules
from abm.decisions.hazards import chance
from abm.processes.endings import dissolve, leave_together
from abm.processes.engagement import update_membership_totals
from abm.world import World

WITHDREW = "by its own decision"


def withdraw_and_dissolve(world: World) -> None:
    """Members decide whether to stay; then organisations in debt or without engagement end."""
    if not world.living_organisations().size:
        return
    _withdraw(world)
    _dissolve_failing(world)
    update_membership_totals(world)


def _withdraw(world: World) -> None:
    """Each member with partners may withdraw; those who do go one after another, in an order drawn by lot."""
    practices, p = world.practices, world.parameters.withdrawal
    rows = np.flatnonzero((practices.organisation >= 0) & world.can_vote() & ~world.in_form(Form.SUPER_PARTNERSHIP))
    form = world.organisations.form[practices.organisation[rows]]
    reference = max(1.0, world.references.partner_income)
    engagement, benefit = practices.engagement[rows], practices.net_benefit[rows] / reference
    factors = rules.withdrawal_factors(p, engagement, benefit, np.asarray(p.exit_cost)[form])
    hazard = rules.withdrawal_hazard(p, factors)
    choice = world.seam.decide_each(
        "withdraw",
        practices.name[rows],
        ("stay a member", "withdraw"),
        {"engagement": engagement, "benefit": benefit, **factors, "hazard": 12.0 * hazard},
        chance(hazard),
        world.uniform("withdraw", practices.key[rows], world.organisations.key[practices.organisation[rows]]),
        world.organisations.name[practices.organisation[rows]],
    )
    going = rows[choice == 1]
    for practice in going[np.argsort(world.uniform("order of withdrawing", practices.key[going]), kind="stable")]:
        if practices.organisation[practice] < 0:
            continue  # the organisation ended with the withdrawal of another
        practices.history[practice] -= 1.0
        practices.withdrew[practice] = world.month
        leave_together(world, [int(practice)], WITHDREW, withdrawal=True)


def _dissolve_failing(world: World) -> None:
    organisations, p = world.organisations, world.parameters.withdrawal
    for organisation in world.living_organisations():
        row = int(organisation)
        owned = organisations.form[row] in OWNED
        capital = world.parameters.finance.setup_cost[organisations.form[row]] if owned else 0.0
        one = owned or organisations.form[row] == Form.SUPER_PARTNERSHIP  # nobody's interest holds it together
        failing = organisations.engagement[row] < p.low_engagement and not one
        organisations.low_months[row] = organisations.low_months[row] + 1 if failing else 0
        population = float(organisations.population[row])
        reserve, months = float(organisations.reserve[row]), int(organisations.low_months[row])
        why = rules.why_it_fails(p, months, reserve, population, capital)
        if why:
            dissolve(world, row, why)
