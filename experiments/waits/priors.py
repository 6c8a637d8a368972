"""What the fit may move, and how far before data: a prior for each number, in units that add up to a normal law.

The prior of a registry parameter has its default as mean and a quarter of its allowed range as standard deviation, so
that the ends of the range lie two standard deviations out. Three numbers are no registry parameters; each says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.registry import entries


@dataclass(frozen=True)
class Free:
    """A number that the fit moves.

    Attributes:
        name: path of the registry parameter, `path[element]` for one of several, or a name of its own.
        meaning: in words.
        mean, sd: of the normal prior.
        low, high: never left.
        of_era: whether every era has its own value.
    """

    name: str
    meaning: str
    mean: float
    sd: float
    low: float
    high: float
    of_era: bool = False


REGISTRY: tuple[tuple[str, bool], ...] = (
    ("demand.rate_scale", True),
    ("demand.season_amplitude", False),
    ("appointments.kind_share[0]", False),
    ("appointments.kind_share[2]", False),
    ("appointments.patience_scale", False),
    ("appointments.prefers_usual_gp", False),
    ("appointments.carve_out_gp", True),
    ("appointments.carve_out_other", True),
    ("appointments.cancels", False),
    ("appointments.call_back", False),
    ("appointments.come_back", False),
)
"""Registry parameters that are fitted, and whether each era has its own."""

OWN: tuple[Free, ...] = (
    Free("staff", "staff at work over staff returned (returns are incomplete; length of a slot)", 1.0, 0.1, 0.7, 1.5,
         of_era=True),
    Free("routine_tilt", "how much sooner routine requests are wanted: log weight for each later step of the day "
         "wanted", 0.0, 0.3, -1.2, 1.2),
    Free("no_show_scale", "factor on all no-show probabilities", 1.0, 0.1, 0.75, 1.45, of_era=True),
)  # fmt: skip


def free_numbers() -> tuple[Free, ...]:
    """Everything the fit moves."""
    known = {entry.path: entry for entry in entries(ModelParameters)}
    numbers = []
    for name, of_era in REGISTRY:
        path, _, element = name.partition("[")
        entry = known[path]
        k = int(element.rstrip("]") or 0)
        low, high, mean = (
            value[k] if isinstance(value, tuple) else value for value in (entry.low, entry.high, entry.default)
        )
        meaning = f"{entry.meaning} (element {k + 1})" if element else entry.meaning
        numbers.append(Free(name, meaning, float(mean), (high - low) / 4, float(low), float(high), of_era))
    return (*numbers, *OWN)


@dataclass(frozen=True)
class Coordinates:
    """Places of the free numbers in one vector, in standard deviations from the prior's mean.

    Attributes:
        numbers: what is free.
        eras: how many eras have values of their own.
    """

    numbers: tuple[Free, ...]
    eras: int

    @property
    def axes(self) -> tuple[tuple[Free, int | None], ...]:
        """Each axis of the vector: the number, and its era or None for all."""
        return tuple(
            (number, era) for number in self.numbers for era in (range(self.eras) if number.of_era else (None,))
        )

    def within(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The nearest place at which no number leaves its bounds."""
        return np.clip(z, *self._bounds)

    def at_bound(self, z: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which numbers are held by a bound."""
        low, high = self._bounds
        return np.asarray((z <= low) | (z >= high))

    @property
    def _bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        low = [(number.low - number.mean) / number.sd for number, _ in self.axes]
        high = [(number.high - number.mean) / number.sd for number, _ in self.axes]
        return np.array(low), np.array(high)

    def values(self, z: NDArray[np.float64], era: int) -> dict[str, float]:
        """The numbers that hold in an era, by name, kept within their bounds."""
        return {
            number.name: number.mean + number.sd * float(at)
            for (number, of), at in zip(self.axes, self.within(z), strict=True)
            if of in (None, era)
        }


def overrides(values: Mapping[str, float], parameters: ModelParameters) -> dict[str, Any]:
    """Values of free numbers as parameters that a scenario takes (`Scenario.with_parameters`).

    The three shares of kinds add up to 1: routine is what the other two leave, within its range, and they give way.
    """
    p = parameters.appointments
    chosen: dict[str, Any] = {name: value for name, value in values.items() if "." in name and "[" not in name}
    urgent, planned = values["appointments.kind_share[0]"], values["appointments.kind_share[2]"]
    least, most = _range_of("appointments.kind_share", 1)
    routine = min(max(1.0 - urgent - planned, least), most)
    others = (1.0 - routine) / (urgent + planned)
    chosen["appointments.kind_share"] = (urgent * others, routine, planned * others)
    tilted = [share * exp(values["routine_tilt"] * step) for step, share in enumerate(p.routine_day_share)]
    chosen["appointments.routine_day_share"] = tuple(weight / sum(tilted) for weight in tilted)
    chosen["appointments.no_show_gp"] = p.no_show_gp * values["no_show_scale"]
    chosen["appointments.no_show_other"] = p.no_show_other * values["no_show_scale"]
    return chosen


def _range_of(path: str, element: int) -> tuple[float, float]:
    """Allowed range of one element of a registry parameter."""
    (entry,) = (entry for entry in entries(ModelParameters) if entry.path == path)
    low, high = (value[element] if isinstance(value, tuple) else value for value in (entry.low, entry.high))
    return float(low), float(high)
