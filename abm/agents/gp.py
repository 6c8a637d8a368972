"""A general practitioner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from abm.agents.view import column
from abm.columns import Role

if TYPE_CHECKING:
    from abm.model import FederationModel


class GP(mesa.Agent):
    """A partner, salaried or sessional GP: a view of one row of the table of GPs."""

    kind = "gps"
    model: FederationModel
    name = column("name")
    age = column("age")
    sessions = column("sessions")
    burnout = column("burnout")
    attitude = column("attitude")
    autonomy = column("autonomy")
    skill = column("skill")

    def __init__(self, model: FederationModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def role(self) -> Role:
        """Contractual role."""
        return Role(int(self.model.world.gps.role[self.row]))

    @property
    def practice(self) -> int | None:
        """Row of the practice, None for sessional GPs."""
        row = int(self.model.world.gps.practice[self.row])
        return row if row >= 0 else None
