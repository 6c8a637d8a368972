"""The appointment engine measured: all-in, its kernel alone, the reference engine, a plain queue, and the floor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter, process_time
from typing import Any

import numpy as np

from abm.appointments.interface import MonthPlan, Sites
from abm.appointments.layer import AppointmentLayer, warm
from abm.cli.run import peak_memory
from abm.scenario.scenario import Scenario
from abm.standstill import StandingPlace
from experiments.bench.floor import floor
from experiments.bench.measure import least

FIRST = date(2014, 4, 1)
SIZES = (1, 60, 600, 7909)
MAIN_SIZE = 60  # the size whose figures stand for the engine: a local health economy
DAYS = {1: 728, 60: 182, 600: 56, 7909: 14}  # days measured at each size, whole weeks
FILLING = 28  # days before, in which the diaries fill
MEMBERS, HUB_SHARE = 8, 0.025  # practices of a hub, and its share of their GPs' slots
REFERENCE_DAYS = 14
FLOOR_REQUESTS = 5_000_000
QUEUE_CUSTOMERS = 20_000


def bench_appointments(sizes: Sequence[int] = SIZES, repeats: int = 3) -> dict[str, Any]:
    """Nanoseconds of processor time for each request, all in one run.

    Args:
        sizes: numbers of practices; the main figures are of 60, or of the nearest given.
        repeats: the least of so many is taken.

    Returns:
        compiled_ns_per_request (all-in: SimPy's wake-ups, kernel and hubs, no records), kernel_ns_per_request (neither
        SimPy nor hubs), reference_ns_per_request, ciw_ns_per_customer, floor_ns_per_request, the ratios, and the
        compiled figure of every size.
    """
    warm()
    floor(1000)
    place = _place(max(sizes))
    plans = {size: _Few(place, size) for size in sizes}
    main = min(sizes, key=lambda size: abs(size - MAIN_SIZE))
    by_size = {}
    for size in sizes:
        days = DAYS.get(size, 182)
        by_size[size] = _repeated(
            lambda size=size, days=days: plans[size].compiled(days), repeats if size < 7000 else 1
        )
    results: dict[str, Any] = {
        "compiled_ns_per_request": by_size[main],
        "kernel_ns_per_request": _repeated(lambda: plans[main].kernel(DAYS.get(main, 182)), repeats),
        "reference_ns_per_request": plans[min(sizes)].reference(REFERENCE_DAYS),
        "floor_ns_per_request": least(lambda: floor(FLOOR_REQUESTS), repeats),
        "ciw_ns_per_customer": _ciw(repeats),
        "practices": main,
        "compiled_ns_by_practices": {str(size): value for size, value in by_size.items()},
        "peak_megabytes": peak_memory(),
    }
    results["reference_over_compiled"] = results["reference_ns_per_request"] / results["compiled_ns_per_request"]
    results["kernel_over_floor"] = results["kernel_ns_per_request"] / results["floor_ns_per_request"]
    return results


def play_years(scenario: Scenario, years: int = 5) -> dict[str, Any]:
    """Play the appointments of a whole place for years, staff and lists standing still, and say what it took.

    Returns:
        practices, patients, requests, seconds of processor time and by the clock, ns a request, peak_megabytes, and
        whether every practice's requests balance at the end.
    """
    warm()
    place = StandingPlace(scenario)
    clock, processor = perf_counter(), process_time()
    requests, balanced = 0, True
    for counts, _ in place.play(scenario.start, 12 * years):
        requests += int(counts.requests.sum())
        ended = counts.attended + counts.no_shows + counts.cancelled + counts.redirected + counts.abandoned
        left = counts.closing_in_system + counts.unmet_urgent
        arrived = counts.requests.sum(axis=1) + counts.opening_in_system
        balanced &= bool((arrived == ended + left).all())
    seconds = process_time() - processor
    return {
        "practices": len(place.names),
        "patients": float(place.world.lists().sum()),
        "years": years,
        "requests": requests,
        "processor_seconds": seconds,
        "clock_seconds": perf_counter() - clock,
        "ns_per_request": 1e9 * seconds / max(1, requests),
        "peak_megabytes": peak_memory(),
        "balanced": balanced,
    }


def _place(size: int) -> StandingPlace:
    return StandingPlace(Scenario.load("england").with_settings(practices=max(10, size)))


class _Few:
    """The first practices of a place, in hubs of eight."""

    def __init__(self, place: StandingPlace, size: int) -> None:
        self.place, self.size = place, size
        self.rows = np.arange(size)
        self.key = place.world.practices.site_key[:size]

    def plan(self, first: date, last: date, *, hubs: bool) -> MonthPlan:
        """Days of these practices."""
        parameters = self.place.scenario.parameters
        plan = self.place.plan(first, last, parameters=parameters, rows=self.rows)
        if not hubs:
            return plan
        number = np.arange(self.size) // MEMBERS
        sessions = np.bincount(plan.gp_practice, plan.gp_sessions, self.size)
        slots = HUB_SHARE * parameters.appointments.slots_gp * np.bincount(number, sessions)
        return replace(plan, hub=number, hub_slots_week=slots)

    def layer(self, engine: str, *, hubs: bool) -> AppointmentLayer:
        """A layer whose diaries have filled, on the eve of the first day."""
        begin = FIRST - timedelta(FILLING)
        parameters = self.place.scenario.parameters.appointments
        layer = AppointmentLayer(1, Sites(self.key), parameters, begin, engine)  # type: ignore[arg-type]
        layer.run_month(self.plan(begin, FIRST - timedelta(1), hubs=hubs))
        return layer

    def compiled(self, days: int) -> Iterator[int]:
        """Everything that a run's month does in the layer; yields once ready, then the requests played."""
        layer, plan = self.layer("compiled", hubs=True), self.plan(FIRST, FIRST + timedelta(days - 1), hubs=True)
        yield 0
        yield int(layer.run_month(plan).requests.sum())

    def kernel(self, days: int) -> Iterator[int]:
        """The compiled days one after another, without SimPy and hubs; yields as `compiled`."""
        layer, plan = self.layer("compiled", hubs=False), self.plan(FIRST, FIRST + timedelta(days - 1), hubs=False)
        yield 0
        yield int(layer.run_without_clock(plan).requests.sum())

    def reference(self, days: int) -> float:
        """Nanoseconds a request of the reference engine, once: it is slow enough to be steady."""
        layer = self.layer("reference", hubs=True)
        plan = self.plan(FIRST, FIRST + timedelta(days - 1), hubs=True)
        begun = process_time()
        requests = int(layer.run_month(plan).requests.sum())
        return 1e9 * (process_time() - begun) / requests


def _repeated(prepare: Any, repeats: int) -> float:
    """Nanoseconds a unit of what `prepare()` does after it is ready, the least of several repeats."""
    best = float("inf")
    for _ in range(repeats):
        work = prepare()
        next(work)
        best = min(best, least(lambda work=work: next(work), 1))
    return best


def _ciw(repeats: int) -> float | None:
    """Nanoseconds a customer of an M/M/c in Ciw at the load of a usual practice; None where Ciw is not installed."""
    try:
        import ciw
    except ImportError:
        return None

    def queue() -> int:
        network = ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(rate=4.5)],
            service_distributions=[ciw.dists.Exponential(rate=1.0)],
            number_of_servers=[5],
        )
        ciw.seed(1)
        ciw.Simulation(network).simulate_until_max_customers(QUEUE_CUSTOMERS)
        return QUEUE_CUSTOMERS

    return least(queue, min(2, repeats))
