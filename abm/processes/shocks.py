"""What strikes from outside (model section 6.17); shocks act only where a scenario names them."""

from __future__ import annotations

import numpy as np

from abm.scenario.shocks import FundingCut, LeaderDeparture, Reorganisation, RetirementWave, WinterSurge
from abm.world import Weather, World


def weather_of(shocks: tuple[object, ...], month: int) -> Weather:
    """The lasting effects that all shocks together have in a month."""
    weather = Weather()
    for shock in shocks:
        age = month - shock.month  # type: ignore[attr-defined]
        if age < 0:
            continue
        match shock:
            case WinterSurge() if age < shock.months:
                weather.demand *= shock.demand_factor
            case FundingCut():
                weather.core_income *= 1.0 - shock.core_cut
                weather.head_money = 0.0
            case RetirementWave() if age < shock.months:
                weather.exit_factor *= shock.exit_factor
                weather.exit_from_age = min(weather.exit_from_age, float(shock.from_age))
            case Reorganisation() if age < shock.funding_pause_months:
                weather.head_money = 0.0
            case _:
                pass
    return weather


def strike(world: World) -> None:
    """Set the month's weather and apply what happens at once: lost support, broken relations, leaders who go."""
    world.weather = weather_of(world.scenario.shocks, world.month)
    for shock in world.scenario.shocks:
        if shock.month != world.month:
            continue
        world.event(f"shock: {shock.kind.replace('_', ' ')}", world.locality.name)
        if isinstance(shock, Reorganisation):
            world.commissioners.support[:] *= shock.support_factor
            world.organisations.relation_commissioner[:] *= shock.relation_factor
            world.gps.attitude[:] = np.clip(world.gps.attitude - shock.attitude_loss, -1.0, 1.0)
        elif isinstance(shock, LeaderDeparture):
            living = world.living_organisations()
            if living.size:
                largest = living[np.argmax(world.organisations.population[living])]
                for leader in world.ledger.leaders(int(largest)):
                    world.event("steps down", world.gps.name[leader], world.organisations.name[largest], detail="shock")
                    world.departing_leaders.append(int(leader))
