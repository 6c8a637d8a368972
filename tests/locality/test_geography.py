"""Neighbours against the definition, by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.locality.geography import distance, neighbours, plane


def by_definition(x: np.ndarray, y: np.ndarray, count: int, reach: float) -> set[tuple[int, int]]:
    pairs = set()
    for i in range(len(x)):
        others = sorted((float(distance(x[i], y[i], x[j], y[j])), j) for j in range(len(x)) if j != i)
        pairs |= {(min(i, j), max(i, j)) for away, j in others[:count] if away <= reach}
    return pairs


@given(
    places=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=0, max_size=40),
    count=st.integers(1, 8),
    reach=st.sampled_from([0.0, 1.0, 2.5, 100.0]),
)
def test_pairs_are_the_nearest_within_reach_and_ties_go_by_order(
    places: list[tuple[int, int]], count: int, reach: float
) -> None:
    """A coarse grid is full of equal distances and of practices under one roof."""
    x = np.array([place[0] for place in places], float)
    y = np.array([place[1] for place in places], float)
    first, second, apart = neighbours(x, y, count, reach)
    found = list(zip(first.tolist(), second.tolist(), strict=True))
    assert found == sorted(by_definition(x, y, count, reach))
    assert np.all(apart <= reach)
    assert np.array_equal(apart, distance(x[first], y[first], x[second], y[second]))


def test_fifty_practices_under_one_roof_know_the_first_ones_by_name() -> None:
    first, _, apart = neighbours(np.zeros(50), np.zeros(50), 3, 1.0)
    assert set(first.tolist()) <= {0, 1, 2, 3}
    assert len(first) == 3 + 2 + 1 + 46 * 3
    assert not apart.any()


def test_nobody_is_a_neighbour_of_a_single_practice() -> None:
    first, second, apart = neighbours(np.zeros(1), np.zeros(1), 40, 25.0)
    assert len(first) == len(second) == len(apart) == 0


def test_the_plane_keeps_distances_on_the_ground() -> None:
    """Leeds to Wakefield is about 14 km as the crow flies; the great circle is the judge."""
    latitude, longitude = np.array([53.7974, 53.6830]), np.array([-1.5438, -1.4977])
    x, y = plane(latitude, longitude)
    phi, theta = np.radians(latitude), np.radians(longitude)
    cosine = np.sin(phi[0]) * np.sin(phi[1]) + np.cos(phi[0]) * np.cos(phi[1]) * np.cos(theta[1] - theta[0])
    assert float(distance(x[0], y[0], x[1], y[1])) == pytest.approx(6371.0 * np.arccos(cosine), rel=1e-4)
    assert x.sum() == pytest.approx(0.0, abs=1e-9)


def test_unknown_coordinates_stay_unknown() -> None:
    x, y = plane(np.array([53.0, np.nan]), np.array([-1.0, np.nan]))
    assert np.isnan(x[1]) and np.isnan(y[1]) and x[0] == 0.0
