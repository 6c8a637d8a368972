"""The network of practices at one month: who is in one organisation with whom, and who trusts whom.

The same measures are series of a run, month by month or year by year, and are made on demand from its recorded tables;
nothing here changes a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

STRONG = 0.2  # trust above which a tie counts in the measures (model section 8)
BLOCK = 1_000  # practices whose distances to all others are held at once
NAN = float("nan")


def trust_at(changes: pd.DataFrame, month: int) -> pd.DataFrame:
    """The directed trust that holds at the end of a month, from its recorded changes: source, target, trust."""
    known = changes[changes["month"] <= month]
    return known.drop_duplicates(["source", "target"], keep="last")[["source", "target", "trust"]]


def membership_graph(practices: pd.DataFrame, trust: pd.DataFrame) -> nx.Graph:
    """Practices as nodes, an edge for each pair in one organisation.

    Args:
        practices: the rows of one month.
        trust: what `trust_at` gives for it.

    Returns:
        Nodes by name with x, y (km), list, organisation and form ("" for none); edges with the organisation and trust,
        the mean of both directions (NaN for a pair that does not know each other).
    """
    import networkx as nx

    graph = nx.Graph()
    columns = ["practice", "x", "y", "list", "organisation", "form"]
    for name, x, y, size, organisation, form in practices[columns].itertuples(index=False):
        graph.add_node(name, x=float(x), y=float(y), list=float(size), organisation=organisation, form=form)
    of = dict(zip(practices["practice"], practices["organisation"], strict=True))
    within = (trust["source"].map(of) == trust["target"].map(of)) & (trust["source"].map(of) != "")
    both: dict[tuple[str, str], list[float]] = {}
    for source, target, value in trust[within.to_numpy()].itertuples(index=False):
        both.setdefault((min(source, target), max(source, target)), []).append(float(value))
    for organisation, members in practices[practices["organisation"] != ""].groupby("organisation", sort=True):
        names = sorted(members["practice"])
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                known = both.get((one, other))
                trusted = float(np.mean(known)) if known else float("nan")
                graph.add_edge(one, other, organisation=organisation, trust=trusted)
    return graph


def measures(practices: pd.DataFrame, trust: pd.DataFrame) -> dict[str, float]:
    """Shape of the trust network of one month.

    A tie is a pair whose mean trust, over the directions that exist, is above 0.2.

    Args:
        practices: the rows of one month.
        trust: what `trust_at` gives for it.

    Returns:
        ties: number of ties.
        density: ties over pairs.
        components: connected parts, single practices included.
        largest_component_share: practices in the largest part.
        modularity: of the communities that Louvain's method finds, weighted by trust; NaN without ties.
        communities: their number.
        deprivation_assortativity: correlation of deprivation across ties; NaN where it does not vary.
        member_distance: mean distance of two members of one organisation, km.
        compactness: that distance over the mean distance of any two practices; below 1, organisations are local; NaN
            where all practices are in one place.
    """
    n = len(practices)
    row = {name: i for i, name in enumerate(practices["practice"])}
    trust = trust[trust["source"].isin(row) & trust["target"].isin(row)]  # trust outlives practices that have ended
    source, target = (trust[end].map(row).to_numpy(np.int64) for end in ("source", "target"))
    ties = Ties.of(source, target, trust["trust"].to_numpy(float), n)
    place = practices[["x", "y"]].to_numpy(float)
    names = practices["organisation"].to_numpy(object)
    numbers = np.unique(names.astype(str), return_inverse=True)[1]
    apart = member_distance(place, np.where(names == "", -1, numbers))
    parts = ties.parts()
    modularity, communities = ties.modularity()
    return {
        "ties": float(len(ties.pairs)),
        "density": ties.density,
        "components": float(len(parts)),
        "largest_component_share": float(parts.max()) / n if n else NAN,
        "modularity": modularity,
        "communities": communities,
        "deprivation_assortativity": ties.assortativity(practices["deprivation"].to_numpy(float)),
        "member_distance": apart,
        "compactness": over(apart, mean_distance(place)),
    }


@dataclass(frozen=True)
class Ties:
    """Who trusts whom strongly, as an undirected network of practices.

    Attributes:
        pairs: rows of the practices of each tie, the lower first, in ascending order; shape (ties, 2).
        strength: mean trust of each tie, over the directions that exist.
        count: number of practices.
    """

    pairs: Ints
    strength: Array
    count: int

    @classmethod
    def of(cls, source: Ints, target: Ints, trust: Array, count: int) -> Ties:
        """The ties of directed trust: one element for each direction that exists."""
        low, high = np.minimum(source, target), np.maximum(source, target)
        pair, which = np.unique(low.astype(np.int64) * count + high, return_inverse=True)
        mean = np.bincount(which, trust, len(pair)) / np.maximum(np.bincount(which, minlength=len(pair)), 1)
        strong = mean > STRONG
        return cls(np.stack([pair[strong] // count, pair[strong] % count], axis=1), mean[strong], count)

    @property
    def density(self) -> float:
        """Ties over pairs of practices; NaN with fewer than two practices."""
        return over(float(len(self.pairs)), self.count * (self.count - 1) / 2)

    def parts(self) -> Ints:
        """Practices of each connected part, single practices included."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        joined = coo_array((np.ones(len(self.pairs)), tuple(self.pairs.T)), shape=(self.count, self.count))
        return np.bincount(connected_components(joined, directed=False)[1])

    def modularity(self) -> tuple[float, float]:
        """Modularity, weighted by trust, of the communities that Louvain's method finds, and their number.

        Both NaN without ties. The method visits practices in an order of its own, the same for every run.
        """
        import networkx as nx

        if not len(self.pairs):
            return NAN, NAN
        graph = nx.Graph()
        graph.add_nodes_from(range(self.count))
        graph.add_weighted_edges_from(zip(*self.pairs.T.tolist(), self.strength.tolist(), strict=True))
        found = nx.community.louvain_communities(graph, weight="weight", seed=1)
        return float(nx.community.modularity(graph, found, weight="weight")), float(len(found))

    def assortativity(self, values: Array) -> float:
        """Pearson correlation of a value at both ends of the ties, each taken in both directions; NaN if all are equal.

        Args:
            values: one for each practice.
        """
        if not len(self.pairs):
            return NAN
        one = values[np.concatenate([self.pairs[:, 0], self.pairs[:, 1]])]
        other = values[np.concatenate([self.pairs[:, 1], self.pairs[:, 0]])]
        spread = one.var()
        return float(((one - one.mean()) * (other - one.mean())).mean() / spread) if spread > 0 else NAN


def over(part: float, whole: float) -> float:
    """One over the other, NaN over nothing."""
    return part / whole if whole > 0 else NAN


def mean_distance(place: Array) -> float:
    """Mean distance of all pairs of practices, in km: what two members drawn by lot are apart; 0 without a pair.

    Args:
        place: shape (practices, 2), km.
    """
    from scipy.spatial.distance import cdist

    n = len(place)
    if n <= 1:
        return 0.0
    total = sum(float(cdist(place[first : first + BLOCK], place).sum()) for first in range(0, n, BLOCK))
    return total / (n * (n - 1))


@lru_cache(maxsize=2)
def usual_distance(place: bytes) -> float:
    """`mean_distance` of the same practices as in the month before, which need not be measured anew.

    Args:
        place: the bytes of an array of float64, shape (practices, 2).
    """
    return mean_distance(np.frombuffer(place).reshape(-1, 2))


def member_distance(place: Array, organisation: Ints) -> float:
    """Mean distance over all pairs of members of one organisation, in km; NaN without any pair.

    Args:
        place: shape (practices, 2), km.
        organisation: number of the organisation of each practice, -1 for none.
    """
    total, count = 0.0, 0
    for number in np.unique(organisation[organisation >= 0]):
        members = place[organisation == number]
        pairs = len(members) * (len(members) - 1)
        if pairs:
            total, count = total + mean_distance(members) * pairs, count + pairs
    return total / count if count else NAN
