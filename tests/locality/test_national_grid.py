"""The National Grid against known places, and England against its neighbours."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.errors import InputError
from abm.locality.national_grid import check_place, in_england, swapped, to_degrees, to_grid


@given(east=st.floats(85_000, 655_000), north=st.floats(10_000, 655_000))
def test_there_and_back_is_the_same_place(east: float, north: float) -> None:
    """The seven parameters are not exactly their own inverse; a few millimetres are left."""
    back_east, back_north = to_grid(*to_degrees(east, north))
    assert (float(back_east), float(back_north)) == pytest.approx((east, north), abs=0.02)


@pytest.mark.parametrize(
    ("latitude", "longitude", "east", "north"),
    [
        (51.4779, -0.0015, 538_885, 177_322),  # the old observatory in Greenwich
        (54.4542, -3.2116, 321_542, 507_211),  # the top of Scafell Pike
    ],
)
def test_known_places_stand_where_maps_have_them(latitude: float, longitude: float, east: int, north: int) -> None:
    found = to_grid(latitude, longitude)
    assert math.hypot(float(found[0]) - east, float(found[1]) - north) < 120.0


def test_distances_on_the_grid_are_those_on_the_ground() -> None:
    """The grid's scale stays within 4 in 10,000 in England; the great circle is the judge."""
    latitude, longitude = np.array([53.7974, 53.6830]), np.array([-1.5438, -1.4977])
    east, north = to_grid(latitude, longitude)
    phi, theta = np.radians(latitude), np.radians(longitude)
    cosine = np.sin(phi[0]) * np.sin(phi[1]) + np.cos(phi[0]) * np.cos(phi[1]) * np.cos(theta[1] - theta[0])
    assert np.hypot(*np.diff((east, north), axis=1).ravel()) == pytest.approx(6_378_000 * np.arccos(cosine), rel=3e-3)


@pytest.mark.parametrize(
    ("place", "east", "north", "inside"),
    [
        ("Penzance", 147_000, 30_000, True), ("St Mary's", 90_500, 10_500, True), ("Dover", 632_000, 141_000, True),
        ("Berwick", 400_000, 653_000, True), ("Lowestoft", 655_000, 293_000, True),
        ("Carlisle", 340_000, 556_000, True),
        ("Ludlow", 351_000, 275_000, True), ("Ryde", 459_000, 92_000, True), ("Hornsea", 520_000, 447_500, True),
        ("Cardiff", 318_000, 176_000, False), ("Edinburgh", 326_000, 673_000, False),
        ("Dogger Bank", 650_000, 520_000, False), ("Calais", 657_000, 97_000, False),
        ("Irish Sea", 270_000, 450_000, False), ("nowhere", math.nan, 450_000, False),
    ],
)  # fmt: skip
def test_england_is_told_from_sea_and_neighbours(place: str, east: float, north: float, inside: bool) -> None:
    assert in_england(east, north) is inside, place


def test_a_practice_in_the_sea_is_refused_by_name_of_the_cell() -> None:
    with pytest.raises(InputError, match=r"^a.csv, line 3: 650000, 520000 lies in the sea or outside England$"):
        check_place(650_000, 520_000, "a.csv, line 3", "650000, 520000")


def test_degrees_the_wrong_way_round_are_known() -> None:
    assert swapped(-1.5, 53.7)
    assert not swapped(53.7, -1.5) and not swapped(48.9, 2.3)
