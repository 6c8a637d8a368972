"""The network of practices at one month: who is in one organisation with whom, and who trusts whom.

Measures are made on demand from the recorded tables; nothing here changes a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

STRONG = 0.2  # trust above which a tie counts in the measures (model section 8)
BLOCK = 1_000  # practices whose distances to all others are held at once


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
    import networkx as nx

    n = len(practices)
    row = {name: i for i, name in enumerate(practices["practice"])}
    trust = trust[trust["source"].isin(row) & trust["target"].isin(row)]  # trust outlives practices that have ended
    pairs, strength = _ties(trust["source"].map(row).to_numpy(int), trust["target"].map(row).to_numpy(int), trust, n)
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(zip(*pairs.T.tolist(), strength.tolist(), strict=True) if len(pairs) else [])
    parts = sorted((len(part) for part in nx.connected_components(graph)), reverse=True)
    communities = nx.community.louvain_communities(graph, weight="weight", seed=1) if len(pairs) else []
    modularity = nx.community.modularity(graph, communities, weight="weight") if len(pairs) else float("nan")
    place = practices[["x", "y"]].to_numpy(float)
    organisation = practices["organisation"].to_numpy(object)
    apart, usual = _member_distance(place, organisation), _mean_distance(place) if n > 1 else 0.0
    return {
        "ties": float(len(pairs)),
        "density": len(pairs) / (n * (n - 1) / 2) if n > 1 else float("nan"),
        "components": float(len(parts)),
        "largest_component_share": parts[0] / n if n else float("nan"),
        "modularity": float(modularity),
        "communities": float(len(communities)) if len(pairs) else float("nan"),
        "deprivation_assortativity": _assortativity(practices["deprivation"].to_numpy(float), pairs),
        "member_distance": apart,
        "compactness": apart / usual if usual > 0 else float("nan"),
    }


def _ties(source: Ints, target: Ints, trust: pd.DataFrame, n: int) -> tuple[Ints, Array]:
    """Undirected pairs, shape (k, 2) and sorted, whose mean trust is strong, and that trust."""
    low, high = np.minimum(source, target), np.maximum(source, target)
    pair, of = np.unique(low.astype(np.int64) * n + high, return_inverse=True)
    total = np.bincount(of, trust["trust"].to_numpy(float), len(pair))
    mean = total / np.maximum(np.bincount(of, minlength=len(pair)), 1)
    strong = mean > STRONG
    return np.stack([pair[strong] // n, pair[strong] % n], axis=1), mean[strong]


def _assortativity(values: Array, pairs: Ints) -> float:
    """Pearson correlation of a value at both ends of the ties, each taken in both directions."""
    if not len(pairs):
        return float("nan")
    one = values[np.concatenate([pairs[:, 0], pairs[:, 1]])]
    other = values[np.concatenate([pairs[:, 1], pairs[:, 0]])]
    spread = one.var()
    return float(((one - one.mean()) * (other - one.mean())).mean() / spread) if spread > 0 else float("nan")


def _mean_distance(place: Array) -> float:
    """Mean distance of all pairs, in km."""
    n, total = len(place), 0.0
    for first in range(0, n, BLOCK):
        gap = place[first : first + BLOCK, None, :] - place[None, :, :]
        total += float(np.sqrt((gap**2).sum(axis=2)).sum())
    return total / (n * (n - 1))


def _member_distance(place: Array, organisation: NDArray[Any]) -> float:
    """Mean distance over all pairs of members of one organisation, in km; NaN without any pair."""
    total, count = 0.0, 0
    for name in sorted(set(organisation.tolist()) - {""}):
        members = place[organisation == name]
        pairs = len(members) * (len(members) - 1)
        if pairs:
            total, count = total + _mean_distance(members) * pairs, count + pairs
    return total / count if count else float("nan")
