"""Patients: age bands grow once a year (model section 5)."""

from __future__ import annotations

import numpy as np

from abm.world import World


def grow_lists(world: World) -> None:
    """Let every age band grow by its yearly rate."""
    growth = 1.0 + np.asarray(world.parameters.population.age_growth)
    world.practices.list_by_age[:] *= growth
    world.references.patients_by_age = (np.asarray(world.references.patients_by_age) * growth).tolist()
