"""A commissioner: the body that pays the practices of an area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from abm.agents.view import column
from abm.columns import Form

if TYPE_CHECKING:
    from abm.model import FederationModel


class Commissioner(mesa.Agent):
    """A clinical commissioning group: a view of one row of the table of commissioners."""

    kind = "commissioners"
    model: FederationModel
    name = column("name")
    support = column("support")

    def __init__(self, model: FederationModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    def practices(self) -> NDArray[np.int64]:
        """Rows of the practices it pays, which exist."""
        world = self.model.world
        return np.flatnonzero(world.is_open() & (world.practices.commissioner == self.row))

    def covered_by_one(self) -> float:
        """Share of its patients in the formal organisation that has most of them."""
        world = self.model.world
        own = self.practices()
        lists = world.lists()[own]
        organisation = world.practices.organisation[own]
        formal = organisation >= 0
        formal[formal] = world.organisations.form[organisation[formal]] > Form.INFORMAL
        if not formal.any():
            return 0.0
        return float(np.bincount(organisation[formal], lists[formal]).max() / lists.sum())
