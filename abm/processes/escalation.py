"""Informal networks become federations by a vote of their members (model section 6.11)."""

from __future__ import annotations

import numpy as np

from abm.agents.practice import Motion
from abm.columns import Form
from abm.decisions import consolidate as rules
from abm.decisions.hazards import chance
from abm.processes.collaboration import expected_income
from abm.processes.endings import leave_together
from abm.processes.engagement import update_membership_totals
from abm.processes.founding import legal_form
from abm.processes.leadership import lead
from abm.world import World


def escalate(world: World) -> None:
    """Networks that are old enough put becoming a federation to the vote, in keyed order."""
    organisations, p = world.organisations, world.parameters.consolidation
    living = world.living_organisations()
    rows = living[organisations.form[living] == Form.INFORMAL]
    rows = rows[world.month - organisations.founded[rows] >= p.escalation_age]
    order = np.argsort(world.uniform("order of escalating", organisations.key[rows]), kind="stable")
    for row in rows[order]:
        commissioner = int(organisations.commissioner[row])
        terms = rules.escalation_terms(
            p,
            float(organisations.engagement[row]),
            float(world.head_money()[commissioner]),
            float(world.commissioners.support[commissioner]),
            float(organisations.population[row]),
            float(world.open_call()[commissioner]),
        )
        votes = world.seam.decide(
            "escalate",
            str(organisations.name[row]),
            ("stay a network", "put a federation to the vote"),
            terms,
            float(chance(rules.escalation_hazard(p, terms))),
            world.one("escalate", organisations.key[row]),
        )
        if votes:
            _vote(world, int(row))


def _vote(world: World, row: int) -> None:
    """Every member with partners votes; if enough agree the network is a federation and the dissenters leave."""
    organisations, voting = world.organisations, world.parameters.voting
    organisation = world.organisation_agents[row]
    members = organisation.members()
    voters = members[world.can_vote()[members]]
    dissent: list[int] = []
    for practice in voters:
        motion = Motion(
            about=str(organisations.name[row]),
            form=Form.FEDERATION,
            occasion="escalate",
            income=expected_income(world, int(practice), Form.FEDERATION),
            relief=voting.relief_joining + voting.relief_capability * organisation.capability(),
            trust=float(world.trust.towards(int(practice), members[members != practice]).mean()),
            leader=organisation.leader_skill(),
        )
        if not world.practice_agents[practice].vote(motion):
            dissent.append(int(practice))
    agreed = voters.size - len(dissent)
    name = organisations.name[row]
    if not rules.carries(world.parameters.consolidation, agreed, int(voters.size)):
        world.event("stayed a network", name, value=agreed, detail=f"of {voters.size} that voted")
        return
    become_federation(world, row)
    world.event("became federation", name, value=agreed, detail=f"of {voters.size} that voted")
    leave_together(world, dissent, "did not want a federation")


def become_federation(world: World, row: int) -> None:
    """A network takes a legal form; its members pay for the set-up and work on it."""
    organisations = world.organisations
    organisations.form[row] = Form.FEDERATION
    organisations.legal[row] = legal_form(world, Form.FEDERATION, int(organisations.key[row]))
    organisations.formal_since[row] = world.month
    world.practices.setup_since[world.ledger.members(row)] = world.month
    update_membership_totals(world)
    lead(world, row)
