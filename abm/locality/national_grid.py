"""The British National Grid and degrees, and where England is.

The grid is a transverse Mercator projection on the Airy 1830 ellipsoid; degrees are on WGS 84, 7 parameters away (to
about 5 m). Formulas and constants: Ordnance Survey, A Guide to Coordinate Systems in Great Britain (2020), annexes B
and C.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError

Numbers = NDArray[np.float64]

LATITUDES, LONGITUDES = (49.8, 55.9), (-6.5, 1.9)  # degrees, England with its islands
EASTINGS, NORTHINGS = (80_000.0, 660_000.0), (5_000.0, 660_000.0)  # metres, the same on the National Grid

AIRY = (6_377_563.396, 6_356_256.909)  # semi-axes of the ellipsoids, m
WGS84 = (6_378_137.0, 6_356_752.314245)
SCALE = 0.9996012717  # on the central meridian
ORIGIN_LATITUDE, ORIGIN_LONGITUDE = np.radians(49.0), np.radians(-2.0)
FALSE_EASTING, FALSE_NORTHING = 400_000.0, -100_000.0
TO_AIRY = (-446.448, 125.157, -542.060)  # shift from WGS 84, m
TURN_TO_AIRY = np.radians(np.array([-0.1502, -0.2470, -0.8421]) / 3600.0)
STRETCH_TO_AIRY = 20.4894e-6

# England's outline, a few km out at sea, as (easting, northing) in km; coarse, but it tells a practice from a buoy.
OUTLINE = (
    (78, 3), (120, 3), (182, 8), (215, 20), (262, 28), (300, 32), (330, 60), (360, 62), (402, 70), (450, 68),
    (500, 85), (562, 92), (610, 108), (645, 135), (648, 175), (615, 190), (612, 205), (640, 225), (660, 280),
    (662, 325), (625, 352), (580, 352), (565, 345), (565, 372), (560, 400), (546, 432), (528, 458), (522, 482),
    (480, 525), (450, 555), (430, 615), (408, 662), (378, 662), (360, 632), (330, 585), (322, 572), (290, 562),
    (288, 500), (318, 455), (322, 400), (318, 378), (328, 345), (312, 335), (312, 275), (325, 250), (320, 225),
    (335, 190), (345, 178), (300, 158), (255, 158), (212, 152), (205, 105), (165, 70), (118, 42), (78, 25),
)  # fmt: skip
SIDES = tuple(zip(OUTLINE, (*OUTLINE[1:], OUTLINE[0]), strict=True))


def in_england(easting: float, northing: float) -> bool:
    """Whether a place, in metres on the grid, lies in England or a few km from it; NaN does not."""
    east, north, inside = easting / 1000.0, northing / 1000.0, False
    for (x_a, y_a), (x_b, y_b) in SIDES:
        if (y_a > north) != (y_b > north) and east < (x_b - x_a) * (north - y_a) / (y_b - y_a) + x_a:
            inside = not inside  # a ray to the east crosses this side
    return inside


def check_place(easting: float, northing: float, where: str, given: str) -> None:
    """Refuse a place that is not in England.

    Args:
        easting, northing: metres on the grid.
        where: file, line and column, or the option.
        given: the place as the user wrote it.

    Raises:
        InputError: it lies in the sea or in another country.
    """
    if not in_england(easting, northing):
        raise InputError(f"{where}: {given} lies in the sea or outside England")


def swapped(latitude: float, longitude: float) -> bool:
    """Whether a pair in degrees would lie in England if it were the other way round."""
    return LATITUDES[0] <= longitude <= LATITUDES[1] and LONGITUDES[0] <= latitude <= LONGITUDES[1]


def to_grid(latitude: Any, longitude: Any) -> tuple[Numbers, Numbers]:
    """Easting and northing in metres of places in degrees (WGS 84); NaN stays NaN."""
    x, y, z = _cartesian(np.radians(latitude), np.radians(longitude), WGS84)
    phi, lam = _angles(*_helmert(x, y, z, 1.0), AIRY)
    nu, rho, eta2 = _radii(phi)
    m, sin, cos, tan2 = _meridian(phi), np.sin(phi), np.cos(phi), np.tan(phi) ** 2
    d = lam - ORIGIN_LONGITUDE
    north = (
        m + FALSE_NORTHING
        + nu / 2 * sin * cos * d**2
        + nu / 24 * sin * cos**3 * (5 - tan2 + 9 * eta2) * d**4
        + nu / 720 * sin * cos**5 * (61 - 58 * tan2 + tan2**2) * d**6
    )  # fmt: skip
    east = (
        FALSE_EASTING
        + nu * cos * d
        + nu / 6 * cos**3 * (nu / rho - tan2) * d**3
        + nu / 120 * cos**5 * (5 - 18 * tan2 + tan2**2 + 14 * eta2 - 58 * tan2 * eta2) * d**5
    )
    return east, north


def to_degrees(easting: Any, northing: Any) -> tuple[Numbers, Numbers]:
    """Latitude and longitude (WGS 84) of places in metres on the grid; NaN stays NaN."""
    east, north = np.asarray(easting, float), np.asarray(northing, float)
    phi = ORIGIN_LATITUDE + (north - FALSE_NORTHING) / (AIRY[0] * SCALE)
    for _ in range(8):  # the remainder falls by about a hundred in each round
        phi = phi + (north - FALSE_NORTHING - _meridian(phi)) / (AIRY[0] * SCALE)
    nu, rho, eta2 = _radii(phi)
    tan, d = np.tan(phi), east - FALSE_EASTING
    tan2, sec = tan**2, 1.0 / np.cos(phi)
    latitude = (
        phi
        - tan / (2 * rho * nu) * d**2
        + tan / (24 * rho * nu**3) * (5 + 3 * tan2 + eta2 - 9 * tan2 * eta2) * d**4
        - tan / (720 * rho * nu**5) * (61 + 90 * tan2 + 45 * tan2**2) * d**6
    )
    longitude = (
        ORIGIN_LONGITUDE
        + sec / nu * d
        - sec / (6 * nu**3) * (nu / rho + 2 * tan2) * d**3
        + sec / (120 * nu**5) * (5 + 28 * tan2 + 24 * tan2**2) * d**5
        - sec / (5040 * nu**7) * (61 + 662 * tan2 + 1320 * tan2**2 + 720 * tan2**3) * d**7
    )
    x, y, z = _cartesian(latitude, longitude, AIRY)
    phi, lam = _angles(*_helmert(x, y, z, -1.0), WGS84)
    return np.degrees(phi), np.degrees(lam)


def _radii(phi: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Scaled radii of curvature across and along the meridian, and how much they differ."""
    a, b = AIRY
    e2 = 1.0 - (b / a) ** 2
    nu = a * SCALE / np.sqrt(1.0 - e2 * np.sin(phi) ** 2)
    rho = a * SCALE * (1.0 - e2) * (1.0 - e2 * np.sin(phi) ** 2) ** -1.5
    return nu, rho, nu / rho - 1.0


def _meridian(phi: Numbers) -> Numbers:
    """Scaled length of the meridian from the origin's latitude, m."""
    a, b = AIRY
    n = (a - b) / (a + b)
    less, more = phi - ORIGIN_LATITUDE, phi + ORIGIN_LATITUDE
    return np.asarray(
        b
        * SCALE
        * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
            - (3 * n + 3 * n**2 + 2.625 * n**3) * np.sin(less) * np.cos(more)
            + (1.875 * n**2 + 1.875 * n**3) * np.sin(2 * less) * np.cos(2 * more)
            - 35 / 24 * n**3 * np.sin(3 * less) * np.cos(3 * more)
        )
    )


def _cartesian(phi: Numbers, lam: Numbers, axes: tuple[float, float]) -> tuple[Numbers, Numbers, Numbers]:
    """Places on an ellipsoid as x, y, z from its centre, m."""
    a, b = axes
    e2 = 1.0 - (b / a) ** 2
    nu = a / np.sqrt(1.0 - e2 * np.sin(phi) ** 2)
    return nu * np.cos(phi) * np.cos(lam), nu * np.cos(phi) * np.sin(lam), nu * (1.0 - e2) * np.sin(phi)


def _angles(x: Numbers, y: Numbers, z: Numbers, axes: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """The same back, in radians."""
    a, b = axes
    e2 = 1.0 - (b / a) ** 2
    across = np.hypot(x, y)
    phi = np.arctan2(z, across * (1.0 - e2))
    for _ in range(6):
        nu = a / np.sqrt(1.0 - e2 * np.sin(phi) ** 2)
        phi = np.arctan2(z + e2 * nu * np.sin(phi), across)
    return phi, np.arctan2(y, x)


def _helmert(x: Numbers, y: Numbers, z: Numbers, way: float) -> tuple[Numbers, Numbers, Numbers]:
    """From WGS 84 to Airy with `way` 1, back with -1."""
    shift, turn, stretch = np.multiply(way, TO_AIRY), way * TURN_TO_AIRY, 1.0 + way * STRETCH_TO_AIRY
    return (
        shift[0] + stretch * x - turn[2] * y + turn[1] * z,
        shift[1] + turn[2] * x + stretch * y - turn[0] * z,
        shift[2] - turn[1] * x + turn[0] * y + stretch * z,
    )
