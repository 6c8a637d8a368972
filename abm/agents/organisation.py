"""An organisation of practices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from abm.agents.view import column
from abm.columns import Form
from abm.decisions.hazards import logistic
from abm.decisions.join import admission_terms

if TYPE_CHECKING:
    from abm.model import FederationModel


class Organisation(mesa.Agent):
    """An organisation of any form: a view of one row of the table of organisations."""

    kind = "organisations"
    model: FederationModel
    name = column("name")
    engagement = column("engagement")
    leadership = column("leadership")
    population = column("population")

    def __init__(self, model: FederationModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def form(self) -> Form:
        """Form of the organisation."""
        return Form(int(self.model.world.organisations.form[self.row]))

    def members(self) -> NDArray[np.int64]:
        """Rows of the member practices."""
        return self.model.world.ledger.members(self.row)

    def leaders(self) -> NDArray[np.int64]:
        """Rows of the GPs who lead it."""
        return self.model.world.ledger.leaders(self.row)

    def capability(self) -> float:
        """K, mean of the six capabilities."""
        organisations = self.model.world.organisations
        return float((organisations.personal[self.row] + organisations.institutional[self.row]).mean())

    def leader_skill(self) -> float:
        """Mean skill of the leaders, 0 while there are none."""
        leaders = self.leaders()
        return float(self.model.world.gps.skill[leaders].mean()) if leaders.size else 0.0

    def room_for(self, patients: float) -> bool:
        """Whether the policy's limit of population leaves room."""
        limit = self.model.world.policy.pop_max
        lists = self.model.world.lists()
        return limit is None or float(lists[self.members()].sum()) + patients <= limit

    def admits(self, practice: int) -> bool:
        """The members decide on an applicant; nobody is admitted above the limit of population."""
        world = self.model.world
        if not self.room_for(float(world.lists()[practice])):
            world.event(
                "turned away", world.practices.name[practice], self.name, detail="the limit of population is reached"
            )
            return False
        members = self.members()
        trust = float(np.mean([world.trust.towards(int(m), np.array([practice]))[0] for m in members]))
        engagement = float(np.average(world.practices.engagement[members], weights=world.lists()[members]))
        terms = admission_terms(world.parameters.founding, trust, engagement)
        choice = world.seam.decide(
            "admit",
            str(self.name),
            ("refuse", "admit"),
            terms,
            logistic(sum(terms.values())),
            world.one("admit", world.organisations.key[self.row], world.practices.key[practice]),
            str(world.practices.name[practice]),
            keep_all=True,
        )
        return choice == 1
