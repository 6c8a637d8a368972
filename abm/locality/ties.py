"""Whose advice GPs take: colleagues of nearby, trusted practices (model section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.columns import TIES
from abm.scenario.parameters import ModelParameters
from abm.streams import Streams

CHUNK = 1_000_000  # pairs weighed at once, to bound memory
FIRST_HORIZON = 3.0  # only waits up to three times the expected wait for the last tie are sorted, at first


def advice_ties(
    who: NDArray[np.int64],
    keys: NDArray[np.uint64],
    home: NDArray[np.int64],
    edges: Mapping[str, NDArray[Any]],
    parameters: ModelParameters,
    streams: Streams,
    month: int,
    available: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw advice ties, at the start and for whoever arrives during the run.

    Colleagues are chosen without replacement, with weights exp(-distance/5 km) * (1 + trust) among the GPs of other
    practices within reach of one's own: the highest values of u**(1/weight) win, u keyed by the two GPs (Efraimidis and
    Spirakis 2006), so that a choice depends on nobody's place in a table. In other words each colleague is met after an
    exponential wait -ln(u)/weight and the first ones met are asked; long waits need no sorting.

    Args:
        who: rows of the GPs who seek advice, shape (m,).
        keys, home: of all GPs, shape (n,); `home` is the row of a practice, -1 where there is none.
        edges: `source`, `target`, `trust` and `distance` of the trust network, in any order.
        month: keys the draws.
        available: who can be asked, shape (n,); left out, everybody.

    Returns:
        Rows of the GPs asked, strongest claim first and -1 where there are too few, and the strengths; shape (m, TIES).
    """
    attitudes = parameters.attitudes
    number = min(attitudes.advice_ties, TIES)
    tie, strength = np.full((len(who), TIES), -1, np.int64), np.zeros((len(who), TIES))
    staff = np.flatnonzero((home >= 0) if available is None else (home >= 0) & available)
    staff = staff[np.argsort(home[staff], kind="stable")]
    practices = int(max(home.max(initial=-1), edges["source"].max(initial=-1), edges["target"].max(initial=-1))) + 1
    heads = np.bincount(home[staff], minlength=practices)
    staff_from = np.cumsum(heads) - heads

    weight = np.exp(-edges["distance"] / attitudes.advice_distance) * (1.0 + edges["trust"])
    useful = np.flatnonzero((weight > 0.0) & (heads[edges["target"]] > 0))
    useful = useful[np.argsort(edges["source"][useful], kind="stable")]
    leaving = np.bincount(edges["source"][useful], minlength=practices)
    leaving_from = np.cumsum(leaving) - leaving
    colleagues = np.bincount(edges["source"][useful], heads[edges["target"][useful]], practices).astype(np.int64)

    total = np.bincount(edges["source"][useful], (weight * heads[edges["target"]])[useful], practices)

    left, horizon = np.flatnonzero((home[who] >= 0) & (colleagues[home[who]] > 0)), FIRST_HORIZON
    while len(left):
        load = np.cumsum(colleagues[home[who[left]]])
        unmet = []
        for part in np.split(left, np.searchsorted(load, np.arange(CHUNK, load[-1], CHUNK))):
            own = home[who[part]]
            seeker, edge = _spread(leaving[own], leaving_from[own])
            edge = useful[edge]
            pair, asked = _spread(heads[edges["target"][edge]], staff_from[edges["target"][edge]])
            asked, seeker, claim = staff[asked], seeker[pair], weight[edge[pair]]
            wait = -np.log(streams.uniform("advice tie", month, keys[who[part]][seeker], keys[asked])) / claim
            early = np.flatnonzero(wait * total[own][seeker] < horizon * number)
            order = early[np.lexsort((keys[asked[early]], wait[early], seeker[early]))]
            rank = np.arange(len(order)) - np.searchsorted(seeker[order], seeker[order])
            order, rank = order[rank < number], rank[rank < number]
            tie[part[seeker[order]], rank] = asked[order]
            found = np.bincount(seeker[order], minlength=len(part))
            unmet.append(part[found < np.minimum(number, colleagues[own])])
        left, horizon = np.concatenate(unmet), 8.0 * horizon
    row, rank = np.nonzero(tie >= 0)
    low, high = attitudes.advice_strength
    lot = streams.uniform("advice strength", month, keys[who[row]], keys[tie[row, rank]])
    strength[row, rank] = low + (high - low) * lot
    return tie, strength


def _spread(number: NDArray[np.int64], first: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For groups of consecutive places: the group of each place, and the place."""
    group = np.repeat(np.arange(len(number)), number)
    return group, np.arange(len(group)) - np.repeat(np.cumsum(number) - number, number) + np.repeat(first, number)
