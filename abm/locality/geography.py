"""Distances on the plane and who is whose neighbour.

Practices stand on a plane in kilometres. Neighbourhoods are sparse at every scale: the nearest few within reach, found
by a k-d tree, so that the cost grows with the number of practices and not with its square.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

EARTH_RADIUS = 6371.0  # km


def distance(x_a: Any, y_a: Any, x_b: Any, y_b: Any) -> Numbers:
    """Straight-line distance in km between points on the plane, broadcast; symmetric to the last bit."""
    return np.asarray(np.sqrt(np.square(np.subtract(x_a, x_b)) + np.square(np.subtract(y_a, y_b))), np.float64)


def plane(latitude: Numbers, longitude: Numbers) -> tuple[Numbers, Numbers]:
    """Kilometres east and north of the centroid, on an equirectangular projection; NaN stays NaN.

    Over the width of a commissioner's area the error against the sphere is far below that of a postcode.
    """
    if np.isnan(latitude).all():
        return latitude.copy(), longitude.copy()
    middle_latitude, middle_longitude = np.nanmean(latitude), np.nanmean(longitude)
    east = EARTH_RADIUS * np.cos(np.radians(middle_latitude)) * np.radians(longitude - middle_longitude)
    north = EARTH_RADIUS * np.radians(latitude - middle_latitude)
    return east, north


def neighbours(x: Numbers, y: Numbers, count: int, reach: float) -> tuple[Rows, Rows, Numbers]:
    """Pairs of which at least one has the other among its `count` nearest within `reach`.

    Equal distances (practices under one roof) are settled by row order, which is the order of names.

    Args:
        x, y: place in km, shape (n,).
        count: how many nearest ones each practice knows.
        reach: km beyond which nobody counts as a neighbour.

    Returns:
        first, second: rows of each pair, first < second, sorted by both; shape (pairs,).
        distance: km, shape (pairs,).
    """
    size = len(x)
    if size < 2 or count < 1:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    one, other = _nearest(x, y, count, reach)
    pairs = np.unique(np.minimum(one, other) * size + np.maximum(one, other))
    first, second = np.divmod(pairs, size)
    return first, second, distance(x[first], y[first], x[second], y[second])


def _nearest(x: Numbers, y: Numbers, count: int, reach: float) -> tuple[Rows, Rows]:
    """Rows of each practice (repeated) and of its nearest ones within reach, without itself."""
    from scipy.spatial import cKDTree  # loaded when a place is populated, not with the package

    size = len(x)
    tree = cKDTree(np.column_stack((x, y)))
    asked = min(size, count + 2)
    while True:
        _, found = tree.query(np.column_stack((x, y)), k=np.arange(1, asked + 1))
        own = np.repeat(np.arange(size), asked)
        near = found.ravel().astype(np.int64)
        away = distance(x[own], y[own], x[near], y[near])
        order = np.lexsort((near, away, near != own, own))  # itself first, then by distance, then by name
        near, away = near[order].reshape(size, asked), away[order].reshape(size, asked)
        # Whoever ties with the last one found may have been left out in favour of a later name: look further.
        itself_found = near[:, 0] == np.arange(size)
        settled = asked == size or bool(np.all(itself_found & (away[:, min(count, asked - 1)] < away[:, -1])))
        if settled:
            break
        asked = min(size, 2 * asked)
    near, away = near[:, 1 : count + 1], away[:, 1 : count + 1]
    own = np.broadcast_to(np.arange(size)[:, None], near.shape)
    kept = away <= reach
    return own[kept], near[kept]
