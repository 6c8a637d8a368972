"""The appointment layer in degenerate settings, run at many independent practices and compared with their exact laws.

    PYTHONPATH=.:tests/appointments python -c "import theory; theory.show()"

Every practice (or hub) is a replication of its own, so the intervals are Student's, of ratios of sums over practices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import laws
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from abm.appointments import MonthCounts, MonthPlan, Sites
from abm.appointments.layer import AppointmentLayer
from abm.appointments.rules import length_table, open_calendar, patience_table
from abm.calendar import is_open
from abm.scenario.parameters.appointments import AppointmentParameters

START = date(2013, 6, 3)  # a Monday
BOOKED, ATTENDED = 3, 13  # events
LEVEL = 0.999
MORNINGS, AFTERNOONS = (0, 4, 8, 2, 6), (7, 1, 5, 9, 3)  # keys whose one session is on each weekday's half-day in turn
BOUNDLESS = 1e6


@dataclass(frozen=True)
class Comparison:
    """A figure by theory and as simulated, with the half-width of its interval."""

    setting: str
    quantity: str
    theory: float
    simulated: float
    half_width: float

    def __str__(self) -> str:
        numbers = f"{self.theory:12.5f}{self.simulated:12.5f} ± {self.half_width:.5f}"
        return f"{self.setting:48s}{self.quantity:40s}{numbers}{'' if self.holds else '  !'}"

    @property
    def holds(self) -> bool:
        """Whether theory lies in the interval."""
        return abs(self.theory - self.simulated) <= self.half_width + 1e-9


def compare(setting: str, quantity: str, theory: float, over: Any, under: Any) -> Comparison:
    """Compare with a ratio of sums over independent replications, shape (replications,) each."""
    over, under = np.asarray(over, float), np.broadcast_to(np.asarray(under, float), np.shape(over))
    ratio, n = over.sum() / under.sum(), len(over)
    spread = np.sqrt(n / (n - 1) * np.square(over - ratio * under).sum()) / under.sum()
    return Comparison(setting, quantity, theory, float(ratio), float(stats.t.ppf(0.5 + LEVEL / 2, n - 1) * spread))


def plain(**changes: Any) -> AppointmentParameters:
    """Nobody prefers, cancels, is ill or on leave, stays away or tries again; all need a GP and want the next day."""
    degenerate: dict[str, Any] = {
        "kind_share": (0.0, 1.0, 0.0), "gp_only_share": (1.0,) * 3, "routine_day_share": (1.0, 0.0, 0.0, 0.0, 0.0),
        "slots_gp": 1, "carve_out_gp": 0.0, "carve_out_other": 0.0, "prefers_usual_gp": 0.0, "leave_weeks": 0,
        "sick": 0.0, "cancels": 0.0, "come_back": 0.0, "call_back": 0.0, "no_show": (0.0,) * 6, "no_show_gp": 1.0,
        "no_show_other": 1.0, "weekday": (1.0,) * 5, "horizon": 63, "patience_scale": BOUNDLESS, "hub_return": 0.0,
        "hub_return_shared_record": 0.0,
    }  # fmt: skip
    return AppointmentParameters.model_construct(**{**AppointmentParameters().model_dump(), **degenerate, **changes})


def place(
    practices: int, requests: float, *, keys: tuple[int, ...] = (0,), sessions: float | tuple[float, ...] = 10.0,
    nurse: float = 0.0, hub: NDArray[np.int64] | None = None, hub_slots: tuple[float, ...] = (),
) -> MonthPlan:  # fmt: skip
    """A plan of like practices with a GP for each key; its days are set by those who run it."""
    gps, none = len(keys), np.zeros(practices)
    return MonthPlan(
        first_day=START, last_day=START,
        requests_per_open_day=np.full((practices, 5), requests / 5),
        gp_practice=np.repeat(np.arange(practices), gps), gp_key=np.tile(np.array(keys, np.uint64), practices),
        gp_sessions=np.tile(np.broadcast_to(np.array(sessions, float), gps), practices),
        cover_sessions=none, registrar_fte=none, nurse_fte=np.full(practices, nurse), other_fte=none,
        hub=np.full(practices, -1) if hub is None else hub, hub_slots_week=np.array(hub_slots, float),
        access_model=np.zeros(practices, np.int8), pharmacy_first=none, shared_record=np.zeros(practices, bool),
    )  # fmt: skip


def layer_of(plan: MonthPlan, parameters: AppointmentParameters, seed: int, records: bool = False) -> AppointmentLayer:
    """A layer about to run a plan from START on."""
    sites = Sites(np.arange(len(plan.hub), dtype=np.uint32) * np.uint32(7) + np.uint32(5))
    return AppointmentLayer(seed, sites, parameters, START, records=records)


def run(layer: AppointmentLayer, plan: MonthPlan, days: int) -> MonthCounts:
    """Go on with a plan for some days, weekends included."""
    first = date(2000, 1, 1) + timedelta(layer.next_day)
    return layer.run_month(MonthPlan(**{**vars(plan), "first_day": first, "last_day": first + timedelta(days - 1)}))


def open_days(layer: AppointmentLayer, plan: MonthPlan, count: int) -> Iterator[MonthCounts]:
    """Go on open day by open day, each with the closed days after it."""
    for _ in range(count):
        first = date(2000, 1, 1) + timedelta(layer.next_day)
        days = 1
        while not is_open(first + timedelta(days)):
            days += 1
        yield run(layer, plan, days)


# Diaries.

QUEUES = {
    1: {"slots_gp": 1, "keys": MORNINGS, "sessions": 1.0},
    2: {"slots_gp": 1},
    10: {"slots_gp": 5},
}  # by slots a day


def queue_of(slots: int, mean: float, practices: int, **changes: Any) -> tuple[MonthPlan, AppointmentParameters]:
    """A diary with so many slots each open day and nothing but routine requests for the next one."""
    shape = dict(QUEUES[slots])
    parameters = plain(slots_gp=shape.pop("slots_gp"), **changes)
    return place(practices, mean, **shape), parameters  # type: ignore[arg-type]


def diary_figures(
    setting: str, slots: int, mean: float, patience: tuple[float, float], *, states: int, seed: int,
    practices: int = 100, settle: int = 210, days: int = 728,
) -> list[Comparison]:  # fmt: skip
    """Backlog at the days' ends, waits and refusals in the long run; `patience` is scale and shape."""
    scale, shape = patience
    table = patience_table(scale, shape)
    law = laws.diary(mean, slots, np.array([(table >= wait).mean() for wait in range(states)]))
    plan, parameters = queue_of(slots, mean, practices, patience_scale=scale, patience_shape=shape)
    layer = layer_of(plan, parameters, seed, records=True)
    run(layer, plan, settle)
    rows = [layer.take_records()]
    first = open_calendar()[1][layer.next_day]
    counts = run(layer, plan, days)
    rows.append(layer.take_records())
    made, seen, who = booked_days(np.concatenate(rows))
    open_days = counts.open_days
    by_day = np.zeros((practices, open_days + 1), np.int64)
    np.add.at(by_day, (who, np.maximum(made - first, 0)), 1)
    np.add.at(by_day, (who, np.clip(seen - first, 0, open_days)), -1)
    at_day_s_end = by_day.cumsum(axis=1)[:, :-1]
    wait = (seen - made - 1)[made >= first]
    assert wait.min() >= 0
    who = who[made >= first]
    by_wait = np.array([np.bincount(who[wait == k], minlength=practices) for k in range(3)])
    booked, waits = (np.bincount(who, weights, practices) for weights in (None, wait))
    delayed = float(law.backlog[slots:].sum())
    found = [
        compare(setting, "mean booked at a day's end", law.mean_backlog, at_day_s_end.sum(axis=1), open_days),
        compare(setting, "all of the next day's slots taken", delayed, (at_day_s_end >= slots).sum(axis=1), open_days),
        compare(setting, "mean wait beyond the day wanted", law.mean_wait, waits, booked),
        *(compare(setting, f"wait of {k} days", float(law.wait[k]), by_wait[k], booked) for k in range(3)),
    ]
    if scale < BOUNDLESS:
        requests = counts.requests.sum(axis=1)
        return [*found, compare(setting, "refused", law.refused, counts.refused, requests)]
    assert not counts.refused.any()
    return found


def booked_days(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Of each booking in a record, the open day on which it was made, the one it is for, and the practice."""
    rows = rows[rows[:, 2] == BOOKED]
    return open_calendar()[1][rows[:, 1]], rows[:, 6] >> 6, rows[:, 0]


# Surgeries.


def surgery_figures(
    setting: str, minutes: float, variation: float, slots: int, *, nurses: bool = False, no_show: float = 0.0,
    seed: int = 1, practices: int = 80, days: int = 98,
) -> list[Comparison]:  # fmt: skip
    """Seconds waited and overrun when every slot is booked: a transient D/G/1 from an empty surgery."""
    attended = 1.0 - round(no_show * 65536) / 65536
    waits, overrun = laws.surgery(length_table(minutes, variation), slots, attended)
    who = {"slots_other": slots, "slots_gp": 0, "gp_only_share": (0.0,) * 3, "head_fte": 1.0, "sessions_other": 10.0}
    parameters = plain(
        **(who if nurses else {"slots_gp": slots}), length_gp=minutes, length_other=minutes, length_cv=variation,
        patience_scale=1e-6, no_show=(no_show,) * 6,
    )  # fmt: skip
    plan = place(practices, 90.0, keys=() if nurses else (0,), nurse=float(nurses))
    layer = layer_of(plan, parameters, seed, records=True)
    run(layer, plan, 7)
    layer.take_records()
    counts = run(layer, plan, days)
    assert (counts.slots_used.sum(axis=1) == 2 * slots * counts.open_days).all()  # not one slot is left over
    rows = layer.take_records()
    rows = rows[rows[:, 2] == ATTENDED]
    found = [
        compare(setting, "seconds waited a patient", waits.mean(), counts.surgery_wait_seconds, counts.attended),
        compare(setting, "seconds of overrun a day", overrun, counts.overrun_seconds, counts.open_days),
    ]
    for place_in_session in (1, slots // 2, slots - 1):
        mine = rows[rows[:, 6] == place_in_session]
        waited, came = (np.bincount(mine[:, 0], weights, practices) for weights in (mine[:, 7], None))
        expected = float(waits[place_in_session])
        found.append(compare(setting, f"the same, patient {place_in_session + 1}", expected, waited, came))
    return found


# Days.


def urgent_figures(
    setting: str, mean: float, slots: int, carve_out: float, *, gps: int = 1, seed: int = 1, practices: int = 100,
    days: int = 364,
) -> list[Comparison]:  # fmt: skip
    """Urgent requests that find a slot a quarter of an hour ahead, with the day's profile of requests."""
    kept = {i for i in range(slots) if int((i + 1) * carve_out) > int(i * carve_out)}
    parameters = plain(kind_share=(1.0, 0.0, 0.0), slots_gp=slots, carve_out_gp=carve_out)
    expected = laws.urgent_seen(mean, parameters.first_hour, slots, kept, gps)
    counts = run(layer_of(plan := place(practices, mean, keys=tuple(range(gps))), parameters, seed), plan, days)
    assert (counts.urgent_same_day + counts.unmet_urgent == counts.urgent_requests).all()
    return [
        compare(setting, "seen a day", expected, counts.urgent_same_day, counts.open_days),
        compare(setting, "unmet", 1.0 - expected / mean, counts.unmet_urgent, counts.urgent_requests),
    ]


def retrial_figures(
    setting: str, mean: float, slots: int, call_back: float, *, seed: int = 1, practices: int = 100, days: int = 728
) -> list[Comparison]:
    """Afternoon slots, all requests before nine, and the refused ringing again the next day: three attempts in all."""
    parameters = plain(kind_share=(1.0, 0.0, 0.0), slots_gp=slots, call_back=call_back, first_hour=1.0 - 1e-9)
    law = laws.retrials(mean, slots, round(call_back * 65536) / 65536)
    plan = place(practices, mean, keys=AFTERNOONS, sessions=1.0)
    layer = layer_of(plan, parameters, seed)
    run(layer, plan, 28)
    counts = run(layer, plan, days)
    requests = counts.urgent_requests
    return [
        compare(setting, "seen on the day of the request", law.at_once, counts.urgent_same_day, requests),
        compare(setting, "unmet", law.unmet, counts.unmet_urgent, requests),
        compare(setting, "attempts a request", law.attempts, requests + counts.call_backs, requests),
    ]


def hub_figures(
    setting: str, mean: float, evening: float, *, members: int = 3, seed: int = 1, hubs: int = 60, days: int = 364
) -> list[Comparison]:
    """Practices that refuse everybody and a hub with so many places each weekday evening, the urgent first."""
    parameters = plain(kind_share=(0.5, 0.5, 0.0), slots_gp=0, hub_day_share=(0.2, 0.0, 0.0))
    of_hub = np.arange(hubs * members) // members
    plan = place(hubs * members, mean, keys=(), hub=of_hub, hub_slots=(5.0 * evening,) * hubs)
    counts = run(layer_of(plan, parameters, seed), plan, days)
    total, urgent = (laws.taken(members * mean * share, int(min(evening, 500))) for share in (1.0, 0.5))
    of_kind = members * mean / 2
    seen = [np.bincount(of_hub, number) for number in (counts.urgent_same_day, counts.routine_within_5)]
    asked = [np.bincount(of_hub, number) for number in (counts.urgent_requests, counts.routine_requests)]
    return [
        compare(setting, "urgent seen at the hub", urgent / of_kind, seen[0], asked[0]),
        compare(setting, "routine seen at the hub", (total - urgent) / of_kind, seen[1], asked[1]),
    ]


GEOMETRIC = (2.0, 1.0)  # patience: scale in open days, shape
ENDLESS = (BOUNDLESS, 1.0)
SETTINGS: dict[str, Callable[[str], list[Comparison]]] = {
    "M/D/1, load .50": lambda name: diary_figures(name, 1, 0.5, ENDLESS, states=30, seed=1),
    "M/D/2, load .85": lambda name: diary_figures(name, 2, 1.7, ENDLESS, states=60, seed=3),
    "impatient, geometric, 2 slots, load .80": lambda name: diary_figures(name, 2, 1.6, GEOMETRIC, states=40, seed=5),
    "impatient, geometric, 2 slots, load 1.50": lambda name: diary_figures(name, 2, 3.0, GEOMETRIC, states=40, seed=6),
    "surgery, GP 9.2 min, CV .65, 16 slots": lambda name: surgery_figures(name, 9.2, 0.65, 16, seed=9),
    "surgery, GP 9.2 min, 10% stay away": lambda name: surgery_figures(name, 9.2, 0.65, 16, no_show=0.1, seed=10),
    "surgery, GP 11 min, CV .30, 12 slots": lambda name: surgery_figures(name, 11.0, 0.3, 12, seed=11),
    "surgery, nurse 14 min, CV .65, 15 slots": lambda name: surgery_figures(name, 14.0, 0.65, 15, nurses=True, seed=12),
    "urgent, 2 x 4 free slots, 6 a day": lambda name: urgent_figures(name, 6.0, 4, 0.0, seed=13),
    "urgent, 2 x 4 free slots, 12 a day": lambda name: urgent_figures(name, 12.0, 4, 0.0, seed=14),
    "urgent, 2 x 4 slots, half kept, 8 a day": lambda name: urgent_figures(name, 8.0, 4, 0.5, seed=15),
    "urgent, 2 GPs, 2 x 4 slots kept, 16 a day": lambda name: urgent_figures(name, 16.0, 4, 1.0, gps=2, seed=16),
    "call-backs .7, no slots": lambda name: retrial_figures(name, 3.0, 0, 0.7, seed=17),
    "call-backs .7, 3 slots, 2 a day": lambda name: retrial_figures(name, 2.0, 3, 0.7, seed=18),
    "call-backs .7, 3 slots, 4 a day": lambda name: retrial_figures(name, 4.0, 3, 0.7, seed=19),
    "hub, 10 places, 3 members, 9 a day": lambda name: hub_figures(name, 3.0, 10.0, seed=20),
    "hub, 4 places, 3 members, 12 a day": lambda name: hub_figures(name, 4.0, 4.0, seed=21),
    "hub without bounds": lambda name: hub_figures(name, 4.0, BOUNDLESS, seed=22),
}
LONG: dict[str, Any] = {"practices": 200, "settle": 700, "days": 1456}
LONG_SETTINGS: dict[str, Callable[[str], list[Comparison]]] = {
    "M/D/1, load .80": lambda name: diary_figures(name, 1, 0.8, ENDLESS, states=60, seed=2, **LONG),
    "M/D/10, load .95": lambda name: diary_figures(name, 10, 9.5, ENDLESS, states=36, seed=4, **LONG),
    "impatient, geometric, 10 slots, load 1.20": lambda name: diary_figures(
        name, 10, 12.0, GEOMETRIC, states=30, seed=7, **LONG
    ),
    "impatient, Weibull 1.3, 2 slots, load 1.50": lambda name: diary_figures(
        name, 2, 3.0, (4.0, 1.3), states=40, seed=8, **LONG
    ),
}


def figures() -> list[Comparison]:
    """Every setting's figures by theory and as simulated, with 99.9% intervals."""
    return [comparison for name, setting in (SETTINGS | LONG_SETTINGS).items() for comparison in setting(name)]


def show() -> None:
    """Print the table; a figure outside its interval is marked."""
    print(*figures(), sep="\n")
