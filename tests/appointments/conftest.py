"""Small places for the appointment layer's tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abm.appointments import MonthCounts, MonthPlan, Sites
from abm.appointments.interface import STAFF_AMOUNTS
from abm.appointments.layer import AppointmentLayer
from abm.calendar import Calendar
from abm.scenario.parameters.appointments import AppointmentParameters

sys.path.insert(0, str(Path(__file__).parent))  # the exact laws and degenerate settings are modules of their own

START = date(2013, 3, 1)
AGES = np.array([0.107, 0.325, 0.269, 0.132, 0.167])  # of requests


def small_plan(
    n: int = 1,
    first: date = START,
    last: date = date(2013, 3, 31),
    *,
    requests: float = 60.0,
    gps: tuple[float, ...] = (6.3, 5.0),
    access: int = 0,
    hub: int = -1,
    hub_slots: tuple[float, ...] = (),
    pharmacy_first: float = 0.0,
    cover: float = 0.0,
    registrar: float = 0.0,
    nurse: float = 0.7,
    other: float = 0.5,
) -> MonthPlan:
    """One month of n like practices, `requests` a mean open day each."""
    return MonthPlan(
        first_day=first,
        last_day=last,
        requests_per_open_day=np.outer(np.full(n, requests), AGES),
        gp_practice=np.repeat(np.arange(n), len(gps)),
        gp_key=(np.arange(n * len(gps), dtype=np.uint64) + np.uint64(11)) * np.uint64(0x9E3779B97F4A7C15),
        gp_sessions=np.tile(np.array(gps, float), n),
        cover_sessions=np.full(n, cover),
        registrar_fte=np.full(n, registrar),
        nurse_fte=np.full(n, nurse),
        other_fte=np.full(n, other),
        hub=np.full(n, hub),
        hub_slots_week=np.array(hub_slots, float),
        access_model=np.full(n, access, np.int8),
        pharmacy_first=np.full(n, pharmacy_first),
        shared_record=np.zeros(n, bool),
    )


def month_plans(count: int, n: int = 1, **named: Any) -> list[MonthPlan]:
    """Plans of successive months that are all alike."""
    calendar = Calendar(START)
    return [small_plan(n, calendar.first_day(m), calendar.last_day(m), **named) for m in range(1, count + 1)]


def changing_staff(plans: list[MonthPlan]) -> list[MonthPlan]:
    """The same months with GPs who change their sessions, leave and come back, and with cover and registrars coming."""
    changed = []
    for i, plan in enumerate(plans):
        sessions = plan.gp_sessions.copy()
        sessions[::2] = np.maximum(sessions[::2] - 1.3 * (i % 3), 0.0)
        stays = np.ones(len(sessions), bool)
        if i >= 2 and len(sessions):
            stays[i % len(sessions)] = False
        changed.append(
            replace(
                plan, gp_sessions=sessions[stays], gp_key=plan.gp_key[stays], gp_practice=plan.gp_practice[stays],
                cover_sessions=plan.cover_sessions + 3.5 * i, registrar_fte=plan.registrar_fte + 0.4 * i,
            )
        )  # fmt: skip
    return changed


def merged(plan: MonthPlan, served_by: Sequence[int], rate: Sequence[float] | None = None) -> MonthPlan:
    """The same month with some sites served by other practices, who have all their staff.

    Args:
        plan: in which every practice serves itself.
        served_by: for each site the row that serves it.
        rate: factors on the requests of the sites.
    """
    server = np.array(served_by)
    gp_practice = server[plan.gp_practice]
    order = np.argsort(gp_practice, kind="stable")
    _, first = np.unique(np.stack([gp_practice, plan.gp_key.astype(np.int64)]), axis=1, return_index=True)
    order = order[np.isin(order, first)]  # who worked in both works in one, as long as in the first
    staff = {name: np.bincount(server, getattr(plan, name), len(server)) for name in STAFF_AMOUNTS}
    return replace(
        plan, served_by=server, gp_practice=gp_practice[order], gp_key=plan.gp_key[order],
        gp_sessions=plan.gp_sessions[order],
        requests_per_open_day=plan.requests_per_open_day * np.array(1.0 if rate is None else rate).reshape(-1, 1),
        **staff,
    )  # fmt: skip


def beyond_range(**named: Any) -> AppointmentParameters:
    """Parameters outside their allowed ranges, for degenerate cases with a known answer."""
    return AppointmentParameters.model_construct(**{**AppointmentParameters().model_dump(), **named})


def layer_for(
    plans: list[MonthPlan], parameters: AppointmentParameters | None = None, *, seed: int = 1, engine: str = "compiled",
    records: bool = False, keys: list[int] | None = None,
) -> AppointmentLayer:  # fmt: skip
    """A layer that is about to run these plans."""
    n = len(plans[0].hub)
    sites = Sites(np.array(keys if keys is not None else np.arange(n) * 7 + 5, np.uint32))
    return AppointmentLayer(
        seed,
        sites,
        parameters or AppointmentParameters(),
        plans[0].first_day,
        engine=engine,
        records=records,  # type: ignore[arg-type]
    )


def balance(counts: MonthCounts) -> np.ndarray[Any, Any]:
    """What came in less what went out and what is left, practice by practice; nought when nobody is lost."""
    came = counts.requests.sum(axis=1) + counts.opening_in_system
    went = counts.attended + counts.no_shows + counts.cancelled + counts.redirected + counts.abandoned
    return np.asarray(came - went - counts.unmet_urgent - counts.closing_in_system)


class Scenes:
    """The functions above, for tests in this folder."""

    small_plan = staticmethod(small_plan)
    month_plans = staticmethod(month_plans)
    changing_staff = staticmethod(changing_staff)
    merged = staticmethod(merged)
    beyond_range = staticmethod(beyond_range)
    layer_for = staticmethod(layer_for)
    balance: Callable[[MonthCounts], Any] = staticmethod(balance)


@pytest.fixture(scope="session")
def scenes() -> type[Scenes]:
    """Small places and plans."""
    return Scenes
