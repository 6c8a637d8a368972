"""Nobody works, or ten times as many ask: every month balances, and the model goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from abm import Scenario
from abm.appointments.interface import MonthCounts
from abm.errors import InputError
from abm.locality.locality import Locality
from abm.model import FederationModel

Make = Callable[..., Scenario]
WORKING_TIME = ("partner_fte", "salaried_fte", "gp_fte", "nurse_fte", "other_fte", "registrar_fte")


def changed(place: Locality, **factors: float) -> Locality:
    """The place with some of its columns multiplied; those unknown become nought where the factor is nought."""
    columns = {name: values.copy() for name, values in place.practices.items()}
    for name, factor in factors.items():
        columns[name] = np.zeros_like(columns[name]) if factor == 0 else columns[name] * factor
    return replace(place, practices=columns)


def played(scenario: Scenario, place: Locality) -> list[MonthCounts]:
    """The counts of every month, which the model itself holds to balance."""
    model, months = FederationModel(scenario, 1, locality=place), []
    while not model.finished:
        model.step()
        months.append(model.world.counts)
    return months


@pytest.fixture(scope="module")
def scenario(small_scenario: Make) -> Scenario:
    return small_scenario(10, 6)


@pytest.fixture(scope="module")
def place(scenario: Scenario) -> Locality:
    return FederationModel(scenario).world.locality


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_where_nobody_works_locums_see_a_few(scenario: Scenario, place: Locality) -> None:
    months = played(scenario, changed(place, **dict.fromkeys(WORKING_TIME, 0.0)))
    first = months[0]
    assert (first.outside_locum_sessions > 0).all()  # on days without a locum of the pool
    assert first.attended_surgery[:, 2:].sum() == 0 < first.attended_surgery[:, 1].sum()
    for counts in months:
        seen = counts.attended_surgery.sum(axis=1)  # whom a hub sees takes none of the practice's slots
        assert (seen <= counts.slots_offered.sum(axis=1)).all()
        assert counts.unmet_urgent.sum() > 0.2 * counts.requests.sum()


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_ten_times_the_demand_fills_every_slot_and_no_more(scenario: Scenario, place: Locality) -> None:
    usual, ten = played(scenario, place), played(scenario, changed(place, need=10.0))
    for counts, same_month in zip(ten, usual, strict=True):
        assert counts.requests.sum() == pytest.approx(10 * same_month.requests.sum(), rel=0.02)
        used, offered = counts.slots_used.sum(), counts.slots_offered.sum()
        assert 0.97 * offered < used <= offered
    assert ten[-1].access().mean() < 0.05


def test_a_place_with_a_practice_without_patients_is_refused(scenario: Scenario, place: Locality) -> None:
    lists = place.practices["list_by_age"].copy()
    lists[3] = 0.0
    empty = replace(place, practices={**place.practices, "list_by_age": lists})
    with pytest.raises(InputError, match=f"practice '{place.practices['code'][3]}' of england has no patients"):
        FederationModel(scenario, 1, locality=empty)
