"""Everything a month may read or write, in one plain object.

Phases are functions of the world; agents are views of its rows. Nothing else is remembered between months, so saving
the world is saving the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.agents.trust import TrustNetwork
from abm.calendar import Calendar
from abm.columns import OWNED, Form, Role, Status
from abm.decisions.seam import Seam
from abm.errors import InputError, did_you_mean
from abm.record.events import EventLog
from abm.record.ledger import Ledger
from abm.scenario.parameters import ModelParameters
from abm.scenario.policy import Policy
from abm.scenario.scenario import Scenario
from abm.state import Table
from abm.streams import Streams

if TYPE_CHECKING:
    from abm.agents.commissioner import Commissioner
    from abm.agents.gp import GP
    from abm.agents.organisation import Organisation
    from abm.agents.practice import Practice
    from abm.appointments.interface import MonthCounts
    from abm.appointments.layer import AppointmentLayer
    from abm.locality.locality import Locality
    from abm.record.recorder import Recorder

Array = NDArray[np.float64]
OWN_PRICE = (Form.INFORMAL, *OWNED)  # whose running cost no policy sets
Rows = NDArray[np.int64]


@dataclass
class References:
    """List-weighted means of the warm-up, against which later outcomes are judged."""

    months: int = 0
    access: float = 0.0
    continuity: float = 0.0
    partner_income: float = 0.0
    weighted_share: float = 1.0
    """Weighted over registered patients of the whole place, at the start."""
    patients_by_age: list[float] = field(default_factory=list)
    """Patients there should be, by age band: the start and the growth since."""

    def mix(self, name: str, value: float) -> None:
        """Take this month's value into a running mean over the warm-up."""
        setattr(self, name, getattr(self, name) + (value - getattr(self, name)) / self.months)


@dataclass
class Weather:
    """What shocks do to this month; as it is without any."""

    demand: float = 1.0
    exit_factor: float = 1.0
    exit_from_age: float = 55.0
    core_income: float = 1.0
    head_money: float = 1.0


@dataclass
class World:
    """State and surroundings of one run.

    Attributes:
        month: -11 to 0 warm-up, 1 to horizon reported.
        policy: levers in force this month; in the warm-up none act.
        open_days: days of the month on which practices open.
        counts: what the appointment layer counted this month.
    """

    scenario: Scenario
    seed: int
    parameters: ModelParameters
    streams: Streams
    calendar: Calendar
    locality: Locality
    gps: Table
    practices: Table
    organisations: Table
    commissioners: Table
    mergers: Table
    trust: TrustNetwork
    ledger: Ledger
    events: EventLog
    seam: Seam
    appointments: AppointmentLayer
    recorder: Recorder
    policy: Policy
    month: int
    open_days: int = 0
    weather: Weather = field(default_factory=Weather)
    references: References = field(default_factory=References)
    leavers: int = 0
    """GPs who have left practice since the start."""
    departing_leaders: list[int] = field(default_factory=list)
    counts: MonthCounts | None = None
    gp_agents: list[GP] = field(default_factory=list)
    practice_agents: list[Practice] = field(default_factory=list)
    organisation_agents: list[Organisation] = field(default_factory=list)
    commissioner_agents: list[Commissioner] = field(default_factory=list)
    add_agent: Any = None
    """Callback of the model that makes the Mesa agent of a new row: (kind, row)."""

    @property
    def years(self) -> float:
        """Years since the end of the warm-up, for trends; negative before."""
        return self.month / 12.0

    # Shapes of the present that many phases need

    def lists(self) -> Array:
        """Registered patients of each practice."""
        return np.asarray(self.practices.list_by_age.sum(axis=1))

    def weighted_lists(self) -> Array:
        """Needs-weighted patients of each practice; in sum the same multiple of the lists as at the start."""
        rates = np.asarray(self.parameters.demand.requests_by_age)
        raw = np.asarray(self.practices.weighting * (self.practices.list_by_age @ rates))
        return raw * (self.references.weighted_share * self.lists().sum() / max(1e-9, raw.sum()))

    def in_post(self) -> NDArray[np.bool_]:
        """GPs who work and have a practice."""
        return np.asarray(self.gps.alive & (self.gps.practice >= 0))

    def partners(self) -> NDArray[np.bool_]:
        """GPs who are partners."""
        return np.asarray(self.gps.alive & (self.gps.role == Role.PARTNER))

    def sum_by_practice(self, gps: NDArray[np.bool_], values: Array | None = None) -> Array:
        """Number of the marked GPs, or the sum of their values, for each practice."""
        weights = None if values is None else values[gps]
        return np.asarray(np.bincount(self.gps.practice[gps], weights, len(self.practices)), float)

    def fte(self) -> Array:
        """Contracted FTE of partners and salaried GPs for each practice."""
        return self.sum_by_practice(self.in_post(), self.gps.sessions) / self.parameters.capacity.sessions_per_fte

    def vacancy(self) -> Array:
        """FTE that each practice lacks, negative where it has more than it seeks."""
        return np.asarray(self.practices.fte_target - self.fte())

    def free_partner_posts(self) -> Array:
        """Partners' posts that each practice could fill; practices that are owned have none."""
        free = self.practices.partner_posts - self.sum_by_practice(self.partners())
        return np.where(self.practices.status == Status.ACQUIRED, 0, free)

    def practice_attitude(self) -> Array:
        """Mean attitude of each practice's partners (weight 1) and salaried GPs (a lesser weight), 0 without GPs."""
        weight = np.where(self.gps.role == Role.PARTNER, 1.0, self.parameters.voting.salaried_weight)
        return self._mean_by_practice(self.in_post(), self.gps.attitude, weight)

    def _mean_by_practice(self, gps: NDArray[np.bool_], values: Array, weight: Array | None = None) -> Array:
        weight = np.ones(len(self.gps)) if weight is None else weight
        total = self.sum_by_practice(gps, weight)
        return self.sum_by_practice(gps, weight * values) / np.where(total > 0, total, 1.0)

    def mean_by_practice(self, gps: NDArray[np.bool_], values: Array) -> Array:
        """Mean of the marked GPs' values for each practice, 0 without any."""
        return self._mean_by_practice(gps, values)

    def of_organisation(self, column: str, outside: float = 0.0) -> Array:
        """A column of each practice's organisation, `outside` for practices without one."""
        organisation = self.practices.organisation
        if not len(self.organisations):
            return np.full(len(self.practices), outside)
        values = getattr(self.organisations, column)
        return np.where(organisation >= 0, values[organisation], outside)

    def in_form(self, form: Form) -> NDArray[np.bool_]:
        """Practices that are members of an organisation of a form."""
        return np.asarray((self.practices.organisation >= 0) & (self.of_organisation("form", -1) == form))

    def acquired(self) -> NDArray[np.bool_]:
        """Practices that an operator or a trust runs."""
        return np.asarray(self.practices.status == Status.ACQUIRED)

    def closed_to_members(self) -> NDArray[np.bool_]:
        """Practices of operators and super-partnerships, which nobody joins but by takeover or merger."""
        return self.acquired() | self.in_form(Form.SUPER_PARTNERSHIP)

    def formal_members(self) -> NDArray[np.bool_]:
        """Practices in a formal organisation."""
        return np.asarray((self.practices.organisation >= 0) & (self.of_organisation("form", -1) > Form.INFORMAL))

    def capability(self) -> Array:
        """Mean capability of each practice's organisation, 0 without one."""
        if not len(self.organisations):
            return np.zeros(len(self.practices))
        mean = (self.organisations.personal + self.organisations.institutional).mean(axis=1)
        return np.where(self.practices.organisation >= 0, mean[self.practices.organisation], 0.0)

    def living_organisations(self) -> Rows:
        """Rows of the organisations that exist."""
        return np.flatnonzero(self.organisations.alive)

    def is_open(self) -> NDArray[np.bool_]:
        """Practices that exist: neither part of another one nor closed."""
        return np.asarray((self.practices.status != Status.MERGED) & (self.practices.status != Status.CLOSED))

    def open_practices(self) -> Rows:
        """Rows of the practices that exist."""
        return np.flatnonzero(self.is_open())

    def sites(self) -> Rows:
        """Sites from which requests come to each practice: its own and those of practices it has merged with."""
        return (
            np.bincount(self.practices.served_by[self.practices.site_share > 0], minlength=len(self.practices))
            * self.is_open()
        )

    def sites_of(self, organisation: int) -> int:
        """Members of an organisation, counted by site."""
        return int(self.sites()[self.ledger.members(organisation)].sum())

    def can_vote(self) -> NDArray[np.bool_]:
        """Practices that have partners to vote."""
        return np.asarray(self.practices.status == Status.ACTIVE)

    # Money on offer and asked for

    def running_cost(self, form: Form) -> float:
        """£ a head and year that an organisation of a form costs to run."""
        managers = self.policy.managers
        return self.parameters.finance.running_cost[form] if managers is None or form in OWN_PRICE else managers

    def pass_through(self) -> Array:
        """Share of money on offer that each commissioner passes on."""
        if self.policy.pass_through == "full":
            return np.ones(len(self.commissioners))
        return np.asarray(self.commissioners.pass_through)

    def head_money(self) -> Array:
        """£ a head and year that each commissioner has on offer to members of formal organisations."""
        return self.policy.fund_per_head * self.weather.head_money * self.pass_through()

    def development(self) -> Array:
        """OD of each commissioner's organisations: 0 without organisation development, 1 at its full effect."""
        spent = self.policy.od_invest * self.pass_through()
        return np.minimum(1.0, spent / self.parameters.leadership.development_reference)

    def open_call(self) -> NDArray[np.bool_]:
        """Commissioners with money a head on offer."""
        return self.head_money() > 0

    def check_seats(self) -> None:
        """Refuse seats of nobody; newcomers and organisations may have come during the run.

        Raises:
            InputError: a seat's name belongs to no GP, practice, organisation or commissioner.
        """
        tables = (self.gps, self.practices, self.organisations, self.commissioners)
        known = {name for table in tables for name in table.name.tolist()}
        for name in self.seam.seats:
            if name not in known:
                raise InputError(f"the seat of '{name}' is nobody's{did_you_mean(name, known)}")

    # Draws

    def uniform(self, process: str, key_a: Any, key_b: Any = 0) -> Array:
        """This month's keyed uniforms of a process."""
        return self.streams.uniform(process, self.month, key_a, key_b)

    def one(self, process: str, key_a: int, key_b: int = 0) -> float:
        """A single keyed uniform of this month."""
        return self.streams.one(process, self.month, int(key_a), int(key_b))

    def event(self, kind: str, who: Any, about: Any = "", value: Any = float("nan"), detail: Any = "") -> None:
        """Log what happened this month."""
        self.events.add(self.month, kind, who, about, value, detail)
