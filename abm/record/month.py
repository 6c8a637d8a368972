"""The world at the end of a month as the recorder sees it: the few aggregates that several series need."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.appointments.interface import WAIT_BANDS
from abm.columns import Form, Role, Talks
from abm.record.networks import Ties, member_distance, over, usual_distance

if TYPE_CHECKING:
    from abm.appointments.interface import MonthCounts
    from abm.state import Table
    from abm.world import World

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
NAN = float("nan")
QUINTILES = 5
YEAR = 12


def share(part: Any, whole: Any) -> float:
    """Sum of one over sum of the other (arrays or numbers), NaN of nothing."""
    total = _total(whole)
    return _total(part) / total if total else NAN


def _total(values: Any) -> float:
    return float(values.sum() if isinstance(values, np.ndarray) else values)


def mean(values: Array, weights: Array) -> float:
    """Weighted mean, NaN of nothing."""
    return share(values * weights, weights)


def percentile(ordered: Array, percent: float) -> float:
    """Percentile of values in ascending order, interpolated linearly; NaN of nothing."""
    if not len(ordered):
        return NAN
    place = percent / 100 * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def quintile_slope(values: Array, deprivation: Array, weights: Array) -> float:
    """Least-squares slope over the weighted means of five equal groups, from the least to the most deprived.

    Args:
        values, deprivation, weights: one for each practice.

    Returns:
        Change of the value from one quintile to the next; NaN with fewer than five practices.
    """
    n = len(values)
    if n < QUINTILES:
        return NAN
    group = np.empty(n, np.int64)
    group[np.argsort(deprivation, kind="stable")] = np.arange(n) * QUINTILES // n
    weight = np.bincount(group, weights, QUINTILES)
    if not weight.all():
        return NAN
    means = np.bincount(group, values * weights, QUINTILES) / weight
    steps = np.arange(QUINTILES) - (QUINTILES - 1) / 2
    return float(steps @ means / (steps @ steps))


class Rows:
    """Some rows of a table, column by column."""

    def __init__(self, table: Table, rows: NDArray[np.int64]) -> None:
        self._table, self._rows = table, rows

    def __getattr__(self, name: str) -> NDArray[Any]:
        values = getattr(self._table, name)[self._rows]
        self.__dict__[name] = values
        return values

    def __len__(self) -> int:
        return len(self._rows)


class Month:
    """The world at the end of a month, with what several series need.

    Practices are those that exist: neither part of another one nor closed.

    Args:
        world: the world.
        before: `alive` and `role` of the GPs and `organisation` of all practices a month ago.
    """

    def __init__(self, world: World, before: dict[str, NDArray[Any]]) -> None:
        self.world = world
        self.before = before
        self.rows = world.open_practices()
        whole = len(self.rows) == len(world.practices)
        self.practices: Any = world.practices if whole else Rows(world.practices, self.rows)
        self.gps = world.gps
        self.organisations, self.commissioners = world.organisations, world.commissioners
        self.counts: MonthCounts | None = getattr(world, "counts", None)

    @cached_property
    def list(self) -> Array:
        """Patients of each practice."""
        return np.asarray(self.practices.list_by_age.sum(axis=1))

    @cached_property
    def patients(self) -> float:
        """All patients."""
        return float(self.list.sum())

    @cached_property
    def member(self) -> Mask:
        """Practices in any organisation."""
        return np.asarray(self.practices.organisation >= 0)

    def of_form(self, form: Form) -> Mask:
        """Practices in organisations of a form."""
        forms = np.append(self.organisations.form, -1)  # row -1: no organisation
        return np.asarray(forms[self.practices.organisation] == form)

    @cached_property
    def alive(self) -> NDArray[np.int64]:
        """Rows of living organisations."""
        return np.flatnonzero(self.organisations.alive)

    @cached_property
    def population(self) -> Array:
        """Patients of every organisation, from the lists of its members."""
        inside = self.member
        total = np.bincount(self.practices.organisation[inside], self.list[inside], len(self.organisations))
        return np.asarray(total, float)

    @cached_property
    def capability(self) -> Array:
        """Mean of the six capabilities of every organisation."""
        return np.asarray((self.organisations.personal + self.organisations.institutional).mean(axis=1))

    @cached_property
    def personal(self) -> Array:
        """Mean of the six capabilities that rest with leaders, of every organisation."""
        return np.asarray(self.organisations.personal.mean(axis=1))

    @cached_property
    def fte_of_gp(self) -> Array:
        """FTE of every living GP, 0 of the others."""
        return np.asarray(self.gps.sessions * self.gps.alive / self.world.parameters.capacity.sessions_per_fte)

    def fte_of_role(self, role: Role) -> float:
        """FTE of all GPs of a role."""
        return float(self.fte_of_gp[self.gps.role == role].sum())

    def heads_of_role(self, role: Role) -> int:
        """Living GPs of a role."""
        return int((self.gps.alive & (self.gps.role == role)).sum())

    @cached_property
    def practice_fte(self) -> Array:
        """FTE of partners and salaried GPs of each practice."""
        posted = self.gps.practice >= 0
        return self._by_practice(posted, self.fte_of_gp)

    def _by_practice(self, gps: Mask, values: Array | None = None) -> Array:
        """Number of the marked GPs, or the sum of their values, for each practice that exists."""
        weights = None if values is None else values[gps]
        total = np.bincount(self.gps.practice[gps], weights, len(self.world.practices))
        return np.asarray(total, float)[self.rows]

    def practice_heads(self, role: Role) -> NDArray[np.int64]:
        """Living GPs of a role in each practice."""
        here = self.gps.alive & (self.gps.role == role) & (self.gps.practice >= 0)
        return self._by_practice(here).astype(np.int64)

    def _mean_by_practice(self, gps: Mask, values: Array) -> Array:
        heads, total = self._by_practice(gps), self._by_practice(gps, values)
        return np.asarray(np.divide(total, heads, out=np.full(len(heads), NAN), where=heads > 0))

    @cached_property
    def practice_burnout(self) -> Array:
        """Mean burnout of the GPs of each practice, NaN without any."""
        here = self.gps.alive & (self.gps.practice >= 0)
        return self._mean_by_practice(here, self.gps.burnout)

    @cached_property
    def practice_attitude(self) -> Array:
        """Mean attitude of the partners of each practice, NaN without any."""
        here = self.gps.alive & (self.gps.practice >= 0) & (self.gps.role == Role.PARTNER)
        return self._mean_by_practice(here, self.gps.attitude)

    @cached_property
    def vacancy(self) -> Array:
        """FTE that each practice seeks and lacks."""
        return np.maximum(0.0, self.practices.fte_target - self.practice_fte)

    @cached_property
    def partner_incomes(self) -> Array:
        """Partner income per FTE at the practice of every living partner, in ascending order."""
        partner = self.gps.alive & (self.gps.role == Role.PARTNER) & (self.gps.practice >= 0)
        return np.sort(self.world.practices.partner_income[self.gps.practice[partner]])

    @cached_property
    def populations(self) -> Array:
        """Patients of living organisations, in ascending order."""
        return np.sort(self.population[self.alive])

    def count(self, name: str) -> Array:
        """A count of the appointment layer for each practice, NaN before there is any."""
        if self.counts is None:
            return np.full(len(self.practices), NAN)
        return np.asarray(getattr(self.counts, name), float)[self.rows]

    def columns(self, name: str, which: int | slice) -> Array:
        """Some columns of a count that is kept by kind, clinician or wait band, summed for each practice."""
        if self.counts is None:
            return np.full(len(self.practices), NAN)
        counts = np.asarray(getattr(self.counts, name), float)[self.rows][:, which]
        return np.asarray(counts.reshape(len(self.practices), -1).sum(axis=1))

    @cached_property
    def concentration(self) -> float:
        """Herfindahl index of patients by provider, a practice outside organisations being one of its own."""
        alone = len(self.organisations) + np.arange(len(self.practices))
        provider = np.where(self.member, self.practices.organisation, alone)
        total = np.asarray(np.bincount(self.practices.commissioner, self.list, len(self.commissioners)), float)
        pair = np.stack([self.practices.commissioner, provider])
        groups, of = np.unique(pair, axis=1, return_inverse=True)
        sizes = np.bincount(of.ravel(), self.list)
        index = np.bincount(groups[0], (sizes / np.maximum(total[groups[0]], 1e-12)) ** 2, len(total))
        return mean(np.asarray(index, float), total)

    @cached_property
    def ties(self) -> Ties | None:
        """Who trusts whom strongly; None in the warm-up, in which trust stands still, and among fewer than two."""
        edges, n = self.world.trust.edges, len(self.practices)
        if self.world.month < 0 or n <= 1:
            return None
        place = np.full(len(self.world.practices), -1)
        place[self.rows] = np.arange(n)
        source, target = place[edges.source], place[edges.target]
        both = (source >= 0) & (target >= 0)  # trust outlives practices that have ended
        return Ties.of(source[both], target[both], edges.trust[both], n)

    @property
    def modularity(self) -> float:
        """Modularity of the trust network, in month 0, 12, 24 and so on; else NaN."""
        return NAN if self.ties is None or self.world.month % YEAR else self.ties.modularity()[0]

    @property
    def compactness(self) -> float:
        """Mean distance of two members of one organisation over that of any two practices, NaN without members."""
        if self.world.month < 0:
            return NAN
        place = np.stack([self.practices.x, self.practices.y], axis=1)
        apart = member_distance(place, self.practices.organisation.astype(np.int64))
        return NAN if np.isnan(apart) else over(apart, usual_distance(place.tobytes()))

    def changed(self, before: str, now: NDArray[Any]) -> Mask:
        """Rows known a month ago whose value has changed."""
        old = self.before[before]
        return np.asarray(old != now[: len(old)])

    @property
    def exits(self) -> int:
        """GPs who have left practice since a month ago."""
        old = self.before["alive"]
        return int((old & ~self.gps.alive[: len(old)]).sum())

    @property
    def entrants(self) -> int:
        """GPs who have arrived since a month ago."""
        return int(self.gps.alive[len(self.before["alive"]) :].sum())

    @property
    def role_changes(self) -> int:
        """GPs whose role is another than a month ago."""
        old = self.before["alive"]
        return int((self.changed("role", self.gps.role) & old & self.gps.alive[: len(old)]).sum())

    @property
    def joins(self) -> int:
        """Practices that have joined an organisation since a month ago, or changed to another."""
        moved = self.changed("organisation", self.world.practices.organisation)[self.rows]
        return int((moved & self.member).sum())

    @property
    def departures(self) -> int:
        """Practices that have left an organisation since a month ago, or changed to another."""
        moved = self.changed("organisation", self.world.practices.organisation)
        return int((moved & (self.before["organisation"] >= 0))[self.rows].sum())

    @cached_property
    def sites(self) -> NDArray[np.int64]:
        """Sites of each practice."""
        return self.world.sites()[self.rows]

    def talks(self, stage: Talks) -> int:
        """Mergers of practices whose talks came to that end this month."""
        mergers = self.world.mergers
        return int(((mergers.stage == stage) & (mergers.ended == self.world.month)).sum())

    @property
    def formed(self) -> int:
        """Organisations formed since a month ago."""
        return len(self.organisations) - len(self.before["organisation_alive"])

    @property
    def ended(self) -> int:
        """Organisations ended since a month ago."""
        old = self.before["organisation_alive"]
        return int((old & ~self.organisations.alive[: len(old)]).sum())

    @cached_property
    def waits(self) -> Array:
        """Share of appointments by wait band."""
        if self.counts is None:
            return np.full(len(WAIT_BANDS), NAN)
        bands = self.counts.wait_bands.sum(axis=0)
        return np.asarray(bands / bands.sum()) if bands.sum() else np.full(len(WAIT_BANDS), NAN)
