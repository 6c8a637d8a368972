"""Who knows whom, and how far they trust each other.

Each practice reaches its nearest neighbours and everybody it was ever linked to by membership or talks: a sparse,
directed set of edges, the same rule at 41 and at 7,909 practices.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from abm.columns import Status
from abm.state import Table

Rows = NDArray[np.int64]


class TrustNetwork:
    """Directed trust between practices.

    Args:
        edges: table with EDGE_COLUMNS.
        practices: table of practices, for places and commissioners.
        common_commissioner: trust of a pair without an edge that shares a commissioner; 0 for other pairs.
    """

    def __init__(self, edges: Table, practices: Table, common_commissioner: float) -> None:
        self.edges = edges
        self.practices = practices
        self.common_commissioner = common_commissioner
        self.index()

    def index(self) -> None:
        """Sort out which edges leave which practice; called again after a checkpoint is loaded."""
        order = np.argsort(self.edges.source, kind="stable")
        counts = np.bincount(self.edges.source, minlength=len(self.practices))
        self._leaving: list[Rows] = np.split(order, np.cumsum(counts)[:-1])

    def leaving(self, practice: int) -> Rows:
        """Edges from a practice to everybody within its reach."""
        return self._leaving[practice]

    def _default(self, practice: int, others: Rows) -> NDArray[np.float64]:
        same = self.practices.commissioner[others] == self.practices.commissioner[practice]
        return self.common_commissioner * same

    def towards(self, practice: int, others: Rows) -> NDArray[np.float64]:
        """Trust of a practice in each of the others, whether within reach or not."""
        others = np.asarray(others, np.int64)
        trust = self._default(practice, others)
        edges = self.leaving(practice)
        order = np.argsort(others, kind="stable")
        place = np.searchsorted(others, self.edges.target[edges], sorter=order)
        found = place < len(others)
        found[found] = others[order[place[found]]] == self.edges.target[edges[found]]
        trust[order[place[found]]] = self.edges.trust[edges[found]]
        return trust

    def link(self, practice: int, others: Iterable[int]) -> None:
        """Bring others within reach, both ways; pairs that know each other already are left as they are."""
        known = set(self.edges.target[self.leaving(practice)].tolist())
        for other in others:
            if other == practice or other in known:
                continue
            x, y = self.practices.x, self.practices.y
            distance = float(np.hypot(x[practice] - x[other], y[practice] - y[other]))
            trust = float(self._default(practice, np.array([other]))[0])
            for source, target in ((practice, other), (other, practice)):
                row = self.edges.add(source=source, target=target, trust=trust, distance=distance)
                self._leaving[source] = np.append(self._leaving[source], row)

    def change(self, practice: int, others: Iterable[int], amount: float) -> None:
        """Add to the trust between a practice and others, both ways, within -1 to 1."""
        others = list(others)
        self.link(practice, others)
        for source, targets in [(practice, others), *((other, [practice]) for other in others)]:
            edges = self.leaving(source)
            touched = edges[np.isin(self.edges.target[edges], targets)]
            self.edges.trust[touched] = np.clip(self.edges.trust[touched] + amount, -1.0, 1.0)

    def unite(self, into: int, others: Iterable[int], patients: NDArray[np.float64]) -> None:
        """One practice takes over the acquaintances of others that become part of it.

        Trust, both ways, is the mean over those of the practices that know the neighbour, weighted by their lists.

        Args:
            into: row of the practice that remains.
            others: rows of those that become part of it.
            patients: list of every practice, as it was before.
        """
        sides = [into, *others]
        reached = np.unique(np.concatenate([self.edges.target[self.leaving(side)] for side in sides])).astype(np.int64)
        ended = np.isin(self.practices.status[reached], (Status.MERGED, Status.CLOSED))
        known = reached[~ended & ~np.isin(reached, sides)]
        given = self._mean_trust(sides, known, patients)
        returned = np.array([self._trust_in(int(other), sides, patients) for other in known])
        self.link(into, known.tolist())
        for other, trust, back in zip(known.tolist(), given.tolist(), returned.tolist(), strict=True):
            self._set(into, other, trust)
            self._set(other, into, back)

    def _mean_trust(self, sides: list[int], others: Rows, patients: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean trust of the sides in each of the others, over the sides that know it, weighted by their lists."""
        total, weight = np.zeros(len(self.practices)), np.zeros(len(self.practices))
        for side in sides:
            edges, share = self.leaving(side), max(1.0, float(patients[side]))
            total[self.edges.target[edges]] += share * self.edges.trust[edges]
            weight[self.edges.target[edges]] += share
        return total[others] / np.where(weight > 0, weight, 1.0)[others]

    def _trust_in(self, practice: int, sides: list[int], patients: NDArray[np.float64]) -> float:
        """Mean trust of one practice in those of the sides that it knows, weighted by their lists."""
        edges = self.leaving(practice)
        edges = edges[np.isin(self.edges.target[edges], sides)]
        weights = np.maximum(patients[self.edges.target[edges]], 1.0)
        return float(np.average(self.edges.trust[edges], weights=weights)) if len(edges) else 0.0

    def _set(self, source: int, target: int, trust: float) -> None:
        edges = self.leaving(source)
        self.edges.trust[edges[self.edges.target[edges] == target]] = trust

    def among_members(self) -> NDArray[np.bool_]:
        """Mask of the edges that join two members of one organisation."""
        organisation = self.practices.organisation
        source = organisation[self.edges.source]
        return (source >= 0) & (source == organisation[self.edges.target])
