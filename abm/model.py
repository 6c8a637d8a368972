"""Wiring: the table of phases and the model that steps through it. No formula lives here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import mesa
import numpy as np

from abm.agents.commissioner import Commissioner
from abm.agents.gp import GP
from abm.agents.organisation import Organisation
from abm.agents.practice import Practice
from abm.agents.trust import TrustNetwork
from abm.appointments.interface import Sites
from abm.appointments.layer import AppointmentLayer
from abm.calendar import FIRST_MONTH, Calendar
from abm.columns import (
    COMMISSIONER_COLUMNS,
    EDGE_COLUMNS,
    GP_COLUMNS,
    MERGER_COLUMNS,
    ORGANISATION_COLUMNS,
    PRACTICE_COLUMNS,
    Role,
)
from abm.decisions.seam import Seam, Seat
from abm.locality.locality import Locality
from abm.locality.population import populate
from abm.processes.appointments import diaries_begin, play_appointments
from abm.processes.attitudes import update_attitudes
from abm.processes.capacity import set_capacity
from abm.processes.closures import close_abandoned
from abm.processes.collaboration import practice_decisions
from abm.processes.commissioning import update_support
from abm.processes.conservation import assert_conservation, sessions
from abm.processes.consolidation import consolidate
from abm.processes.demography import grow_lists
from abm.processes.engagement import update_organisations
from abm.processes.escalation import escalate
from abm.processes.finance import settle_month
from abm.processes.founding import seed_collaborations
from abm.processes.leadership import update_leadership
from abm.processes.mergers import talk_of_mergers
from abm.processes.outcomes import update_outcomes
from abm.processes.shocks import strike
from abm.processes.takeovers import offer_takeovers
from abm.processes.wellbeing import update_wellbeing
from abm.processes.withdrawal import withdraw_and_dissolve
from abm.processes.workforce import update_workforce
from abm.record.events import DecisionLog, EventLog
from abm.record.ledger import Ledger
from abm.record.recorder import Recorder
from abm.scenario.scenario import Scenario
from abm.state import Table
from abm.streams import Streams
from abm.world import World


@dataclass(frozen=True)
class Phase:
    """One phase of a month.

    Attributes:
        name: plain phrase.
        run: what it does to the world.
        section: of the model description.
        reads, writes: what it works on, for documentation.
        warm_up: whether it runs in the warm-up too.
        yearly: whether it runs in months 0, 12, 24 ... only.
    """

    name: str
    run: Callable[[World], None]
    section: str
    reads: str
    writes: str
    warm_up: bool = False
    yearly: bool = False

    def due(self, month: int) -> bool:
        """Whether the phase runs in a month."""
        return (month > 0 or self.warm_up) and not (self.yearly and month % 12)


def _record(world: World) -> None:
    world.recorder.collect(world)


PHASES: tuple[Phase, ...] = (
    Phase("shocks", strike, "6.17", "scenario", "weather, support, relations, attitudes, leaders who go"),
    Phase(
        "first collaborations",
        seed_collaborations,
        "5",
        "trust, places",
        "organisations, memberships, engagement, set-up, leaders, trust (month 1)",
    ),
    Phase(
        "capacity",
        set_capacity,
        "6.1",
        "staff, leaders, memberships, lists",
        "posts sought, staff, sessions, cover, hubs, expected slots",
        warm_up=True,
    ),
    Phase("sessions balance", sessions, "11", "sessions", "nothing; stops a run that errs", warm_up=True),
    Phase(
        "appointments", play_appointments, "6.2", "capacity, lists, need, integration", "counts, diaries", warm_up=True
    ),
    Phase(
        "outcomes",
        update_outcomes,
        "6.3",
        "counts, engagement, capability, turnover",
        "load, access, turnover, continuity, integration, quality, target money, hospital use",
        warm_up=True,
    ),
    Phase("wellbeing", update_wellbeing, "6.4", "load, leadership, engagement", "burnout, intentions", warm_up=True),
    Phase(
        "workforce",
        update_workforce,
        "6.5",
        "burnout, income, vacancies",
        "ages, posts, sessions, newcomers, board seats, status, turnover, vacancies",
        warm_up=True,
    ),
    Phase(
        "leadership",
        update_leadership,
        "6.9",
        "leaders, burnout, goals",
        "leaders, leadership, skill, coordination, capability, engagement",
    ),
    Phase(
        "organisations",
        update_organisations,
        "6.9, 6.10",
        "leadership, support, trust",
        "capability, goals, control, engagement, effort, trust, memberships, history",
    ),
    Phase("commissioners", update_support, "6.10, 6.17", "policy", "support, relations"),
    Phase("attitudes", update_attitudes, "6.6", "advice ties, engagement, money", "attitudes"),
    Phase(
        "practice decisions",
        practice_decisions,
        "6.7, 6.8",
        "pressure, attitudes, norms, trust",
        "motives, motions, organisations, memberships, set-up, engagement, effort, leaders, net benefit, reserves, "
        "trust, history, attitudes, cooldowns, status",
    ),
    Phase(
        "unions",
        consolidate,
        "6.11",
        "trust, places, engagement",
        "organisations, memberships, leaders, reserves, trust",
    ),
    Phase(
        "escalation",
        escalate,
        "6.11",
        "engagement, money, support",
        "motions, forms, set-up, organisations, memberships, engagement, effort, leaders, net benefit, reserves, "
        "trust, history, attitudes, cooldowns",
    ),
    Phase(
        "mergers",
        talk_of_mergers,
        "6.11",
        "trust, places, pressure, incomes",
        "talks, merged practices, posts, burnout, organisations, memberships, leaders, trust, attitudes",
    ),
    Phase(
        "withdrawal",
        withdraw_and_dissolve,
        "6.12",
        "engagement, net benefit, reserves",
        "organisations, memberships, engagement, effort, leaders, net benefit, reserves, trust, history, attitudes, "
        "cooldowns, status",
    ),
    Phase(
        "takeovers",
        offer_takeovers,
        "6.5, 6.11",
        "distress, incomes, practices without partners",
        "motions, months without partners, posts, board seats, turnover, incomes, organisations, memberships, set-up, "
        "engagement, effort, leaders, net benefit, reserves, trust, history, attitudes, cooldowns, status",
    ),
    Phase(
        "closures",
        close_abandoned,
        "6.5",
        "practices without partners, trust, places",
        "merged practices, posts, organisations, memberships, leaders, trust",
    ),
    Phase("ageing of lists", grow_lists, "5", "lists", "lists by age", warm_up=True, yearly=True),
    Phase(
        "finance",
        settle_month,
        "6.16",
        "lists, staff, memberships",
        "incomes, expenses, fees, payments, reserves, net benefit",
        warm_up=True,
    ),
    Phase("conservation", assert_conservation, "11", "everything", "nothing; stops a run that errs", warm_up=True),
    Phase("record", _record, "8", "everything", "tables of the run", warm_up=True),
)


class FederationModel(mesa.Model):
    """The model: one step is one month.

    Args:
        scenario: what is run.
        seed: of the people and their luck.
        seats: persons or scripts who decide for agents, by stable name.
        locality: the place, where it has been loaded already.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 1,
        *,
        seats: Mapping[str, Seat] | None = None,
        locality: Locality | None = None,
    ) -> None:
        super().__init__()
        place = locality or Locality.load(
            scenario.place, parameters=scenario.parameters, practices=scenario.practices, place_seed=scenario.place_seed
        )
        self.world = self._build(scenario, seed, place, seats)
        self.seconds: dict[str, float] = {phase.name: 0.0 for phase in PHASES}

    def _build(self, scenario: Scenario, seed: int, place: Locality, seats: Mapping[str, Seat] | None) -> World:
        parameters = scenario.parameters
        streams = Streams(seed)
        gps, practices = Table("GPs", GP_COLUMNS), Table("practices", PRACTICE_COLUMNS)
        organisations = Table("organisations", ORGANISATION_COLUMNS)
        commissioners, edges = Table("commissioners", COMMISSIONER_COLUMNS), Table("trust", EDGE_COLUMNS)
        people = populate(place, parameters, streams)
        mergers = Table("mergers", MERGER_COLUMNS)
        for table, rows in (
            (practices, people.practices),
            (commissioners, people.commissioners),
            (gps, people.gps),
            (edges, people.edges),
        ):
            table.add(len(next(iter(rows.values()))), **rows)
        practices.served_by[:] = np.arange(len(practices))
        log = DecisionLog()
        world = World(
            scenario=scenario,
            seed=seed,
            parameters=parameters,
            streams=streams,
            calendar=Calendar(scenario.start),
            locality=place,
            gps=gps,
            practices=practices,
            organisations=organisations,
            commissioners=commissioners,
            mergers=mergers,
            trust=TrustNetwork(edges, practices, parameters.population.trust_commissioner),
            ledger=Ledger(gps, practices, organisations),
            events=EventLog(),
            seam=Seam(log, seats, scenario.decisions),
            appointments=AppointmentLayer(
                seed,
                Sites(practices.site_key),
                parameters.appointments,
                diaries_begin(parameters.demand, Calendar(scenario.start)),
                scenario.engine,
            ),
            recorder=Recorder(),
            policy=scenario.policy_at(FIRST_MONTH),
            month=FIRST_MONTH - 1,
            add_agent=self._add_agent,
        )
        self.world = world
        world.references.patients_by_age = practices.list_by_age.sum(axis=0).tolist()
        weighted = practices.weighting * (practices.list_by_age @ np.asarray(parameters.demand.requests_by_age))
        world.references.weighted_share = float(weighted.sum() / max(1e-9, practices.list_by_age.sum()))
        practices.partner_income[:] = parameters.workforce.income_reference * parameters.finance.salaried_pay
        in_post = np.flatnonzero(gps.practice >= 0)
        homes = gps.practice[in_post].copy()
        for gp, practice in zip(in_post.tolist(), homes.tolist(), strict=True):
            role = Role(int(gps.role[gp])).name.lower()
            world.ledger.open("post", gp, practice, role, int(gps.joined[gp]), "at the start")
        commissioners.support[:] = parameters.commissioning.support_start
        self.add_agents()
        return world

    def add_agents(self) -> None:
        """Make the Mesa agents of all rows that have none yet."""
        world = self.world
        for kind, table, agents in (
            ("gps", world.gps, len(world.gp_agents)),
            ("practices", world.practices, len(world.practice_agents)),
            ("organisations", world.organisations, len(world.organisation_agents)),
            ("commissioners", world.commissioners, len(world.commissioner_agents)),
        ):
            for row in range(agents, len(table)):
                self._add_agent(kind, row)

    def _add_agent(self, kind: str, row: int) -> None:
        world = self.world
        agents: dict[str, tuple[type[mesa.Agent], list[Any]]] = {
            "gps": (GP, world.gp_agents),
            "practices": (Practice, world.practice_agents),
            "organisations": (Organisation, world.organisation_agents),
            "commissioners": (Commissioner, world.commissioner_agents),
        }
        agent, those = agents[kind]
        those.append(agent(self, row))

    def begin_month(self) -> None:
        """Turn to the next month, its policy and its open days."""
        world = self.world
        world.month += 1
        world.seam.month = world.month
        world.policy = world.scenario.policy_at(world.month)
        world.open_days = world.calendar.open_days(world.month)

    def step(self) -> None:
        """Run one month, phase by phase."""
        self.begin_month()
        world = self.world
        for phase in PHASES:
            if phase.due(world.month):
                start = perf_counter()
                phase.run(world)
                self.seconds[phase.name] += perf_counter() - start

    @property
    def finished(self) -> bool:
        """Whether the horizon has been reached."""
        return self.world.month >= self.world.scenario.horizon
