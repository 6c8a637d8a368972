"""What happens to the place from outside: shocks, only where a scenario names them.

A shock strikes before the first phase of its month. Its strengths are parameters like any other, with unit, range and
grade.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from abm.scenario.parameters.registry import ParameterGroup, parameter
from abm.scenario.policy import LONGEST_HORIZON


def _month(default: Any = ...) -> Any:
    """The month in which a shock strikes."""
    return Field(
        default,
        ge=1,
        le=LONGEST_HORIZON,
        description="month of the shock; it strikes before the month's first phase",
        json_schema_extra={"unit": "(month of the run)", "low": 1, "high": LONGEST_HORIZON},
    )


class Shock(ParameterGroup):
    """Something that strikes in one month."""

    kind: str
    month: int = _month()


class Reorganisation(Shock):
    """Commissioners are reorganised: support, money, relations and attitudes suffer."""

    kind: Literal["reorganisation"] = "reorganisation"
    month: int = _month(30)
    support_factor: float = parameter(0.4, "what remains of the commissioner's supportiveness", low=0.2, high=0.8)
    funding_pause_months: int = parameter(
        6, "time for which the federation fund is suspended", unit="months", low=3, high=12
    )
    relation_factor: float = parameter(
        0.5, "what remains of organisations' relation to the commissioner", low=0.25, high=1.0
    )
    attitude_loss: float = parameter(
        0.05, "fall of every GP's attitude (-1 to 1) to collaboration", low=0.0, high=0.1, symbol="reform"
    )


class LeaderDeparture(Shock):
    """The largest organisation loses its leaders."""

    kind: Literal["leader_departure"] = "leader_departure"


class WinterSurge(Shock):
    """Patients ask for more appointments for some months."""

    kind: Literal["winter_surge"] = "winter_surge"
    demand_factor: float = parameter(1.15, "requests for appointments, times the usual", low=1.0, high=1.3)
    months: int = parameter(3, "length of the surge", unit="months", low=1, high=6)


class FundingCut(Shock):
    """Core income of practices falls and the federation fund ends."""

    kind: Literal["funding_cut"] = "funding_cut"
    core_cut: float = parameter(0.03, "share of core income that is lost", low=0.0, high=0.06)


class RetirementWave(Shock):
    """Older GPs leave sooner for some months."""

    kind: Literal["retirement_wave"] = "retirement_wave"
    exit_factor: float = parameter(1.5, "hazard of leaving, times the usual", low=1.0, high=3.0)
    from_age: int = parameter(55, "youngest age that is affected", unit="years", low=50, high=65)
    months: int = parameter(12, "length of the wave", unit="months", low=6, high=24)


AnyShock = Annotated[
    Reorganisation | LeaderDeparture | WinterSurge | FundingCut | RetirementWave, Field(discriminator="kind")
]
SHOCKS: dict[str, type[Shock]] = {
    "reorganisation": Reorganisation,
    "leader_departure": LeaderDeparture,
    "winter_surge": WinterSurge,
    "funding_cut": FundingCut,
    "retirement_wave": RetirementWave,
}
