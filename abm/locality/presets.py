"""Made-up places: four shapes of the case studies and an England of any size (model section 5).

Every practice, town and list is drawn by its name from the place's own seed, so a place is the same for every run.
Practices stand in Gaussian towns or, a share of them, anywhere in a square; the square's western and eastern halves
have a commissioner each, its southern and northern halves a local authority each. In `england` each commissioner has a
square of its own with its own towns, laid out row by row, so that neighbourhoods cross the borders. Shapes, towns and
sizes of the presets are those of `PlaceParameters`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.scenario.parameters import ModelParameters
from abm.streams import Streams, name_key

PRESETS = {
    "town-and-country": "Town and country",
    "large-urban": "Large urban",
    "inner-city": "Inner city",
    "large-rural": "Large rural",
    "england": "England",
}
"""Names and titles, in the order of the tuples of `PlaceParameters`."""

PREFIXES = {"town-and-country": "TC", "large-urban": "LU", "inner-city": "IC", "large-rural": "LR", "england": "EN"}
SMALLEST_LIST = 100.0  # patients; what counts as a practice in the published figures too
TOWN_MARGIN = 0.15  # of the side: no centre of a town is nearer to the border of its square
UNKNOWN = ("latitude", "longitude", "partner_fte", "salaried_fte", "gp_fte", "nurse_fte", "other_fte", "registrar_fte")

TITLE_FIRST = (
    "Abbey", "Ash Tree", "Beech Lane", "Bridge Street", "Brook", "Castle", "Cathedral", "Cedar", "Chapel",
    "Church View", "Cross Keys", "Elm Park", "Fairfield", "Ferry Road", "Glebe", "Grange", "Green Lane",
    "Hawthorn", "Highfield", "Hill Top", "Holly Bank", "Kings Road", "Lakeside", "Larch", "Manor",
    "Market Square", "Meadow", "Mill Lane", "Moorland", "Northgate", "Oak House", "Old Forge", "Orchard",
    "Park View", "Priory", "Quayside", "Queens Road", "Riverside", "Rowan", "Southgate", "Spring Hill",
    "Station Road", "The Avenue", "Valley", "Victoria", "Waterside", "West End", "Willow",
)  # fmt: skip
TITLE_SECOND = ("Surgery", "Medical Centre", "Health Centre", "Practice", "Medical Practice", "Group Practice")


def synthetic_practices(
    preset: str, parameters: ModelParameters, place_seed: int, count: int | None = None
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The columns of a made-up place and where they come from.

    Args:
        preset: one of `PRESETS`.
        parameters: the groups `places`, `population` and `demand` are read.
        place_seed: 0 to 2**32 - 1.
        count: number of practices; left out, that of the preset.

    Returns:
        Columns as `Locality.practices` describes them, and the provenance.
    """
    places, which = parameters.places, list(PRESETS).index(preset)
    count = places.practices[which] if count is None else count
    prefix, digits = PREFIXES[preset], 5 if preset == "england" else 3
    codes = np.array([f"{prefix}{i:0{digits}d}" for i in range(1, count + 1)])
    keys = np.array([name_key(code) for code in codes], np.uint64)
    streams = Streams(place_seed)
    square = _squares(preset, parameters, count)
    x, y = _positions(streams, keys, prefix, square, which, parameters)
    if preset == "england":
        area = np.char.mod("%03d", square + 1)
        commissioner, local_authority = np.char.add(f"{prefix}-C", area), np.char.add(f"{prefix}-A", area)
    else:
        half = places.side[which] / 2
        commissioner = np.where(x < half, f"{prefix}-WEST", f"{prefix}-EAST")
        local_authority = np.where(y < half, f"{prefix}-SOUTH", f"{prefix}-NORTH")
    size = np.rint(np.exp(places.list_log_mean + places.list_log_spread * streams.normal("place list", 0, keys)))
    list_by_age = np.maximum(size, SMALLEST_LIST)[:, None] * age_mix(parameters)
    deprivation = np.clip(
        places.deprivation_level[which]
        + places.deprivation_amplitude * np.sin(x / places.deprivation_wave)
        + places.deprivation_spread * streams.normal("place deprivation", 0, keys),
        0.0,
        1.0,
    )
    need = drawn_need(streams, keys, deprivation, parameters)
    requests = (list_by_age @ np.array(parameters.demand.requests_by_age)) * need
    columns: dict[str, NDArray[Any]] = {
        "code": codes,
        "title": _titles(streams, keys),
        "commissioner": commissioner,
        "local_authority": local_authority,
        "x": x,
        "y": y,
        "list_by_age": list_by_age,
        "weighted_list": requests * (list_by_age.sum() / requests.sum()),
        "need": need,
        "deprivation": deprivation,
    }
    for name in UNKNOWN:
        columns[name] = np.full(count, np.nan)
    provenance = {"kind": "synthetic", "preset": preset, "place_seed": place_seed, "guesses": {}, "dropped": {}}
    return columns, provenance


def age_mix(parameters: ModelParameters) -> NDArray[np.float64]:
    """England's shares of the five age bands, made to sum to 1."""
    shares = np.array(parameters.population.age_shares)
    return np.asarray(shares / shares.sum())


def drawn_need(
    streams: Streams, keys: NDArray[np.uint64], deprivation: NDArray[np.float64], parameters: ModelParameters
) -> NDArray[np.float64]:
    """Need of practices that no file tells: log-normal, and higher where there is deprivation."""
    population = parameters.population
    chance = np.exp(population.need_spread * streams.normal("need", 0, keys))
    return np.asarray(chance * (1.0 + population.need_deprivation * (deprivation - population.deprivation_reference)))


def _squares(preset: str, parameters: ModelParameters, count: int) -> NDArray[np.int64]:
    """The square on which each practice stands: one for a local place, one a commissioner in England."""
    number = max(1, round(count / parameters.places.practices_per_commissioner)) if preset == "england" else 1
    return np.arange(count) * number // count


def _positions(
    streams: Streams,
    keys: NDArray[np.uint64],
    prefix: str,
    square: NDArray[np.int64],
    which: int,
    parameters: ModelParameters,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places of practices in km: in a town around its centre or anywhere in the square, folded back at its border."""
    places = parameters.places
    side, towns, number = places.side[which], places.towns[which], int(square.max()) + 1
    town = np.floor(streams.uniform("place which town", 0, keys) * towns).astype(np.int64)
    in_town = streams.uniform("place in town", 0, keys) < places.town_share
    town_keys = np.array([[name_key(f"{prefix} town {s}/{t}") for t in range(towns)] for s in range(number)], np.uint64)
    columns = int(np.ceil(np.sqrt(number)))
    coordinates = []
    for axis, corner in (("east", square % columns), ("north", square // columns)):
        if towns == 1:
            centres = np.full((number, 1), side / 2)
        else:
            spread = streams.uniform(f"place town {axis}", 0, town_keys)
            centres = side * (TOWN_MARGIN + (1.0 - 2.0 * TOWN_MARGIN) * spread)
        near = centres[square, town] + places.town_radius[which] * streams.normal(f"place near {axis}", 0, keys)
        anywhere = side * streams.uniform(f"place {axis}", 0, keys)
        inside = np.abs(np.where(in_town, near, anywhere))
        inside = side - np.abs(side - inside)
        coordinates.append(np.clip(inside, 0.0, side) + corner * side)
    return coordinates[0], coordinates[1]


def _titles(streams: Streams, keys: NDArray[np.uint64]) -> NDArray[np.str_]:
    """Names as people would call practices; no two alike in a local place."""
    rank = np.argsort(np.argsort(streams.uniform("place title", 0, keys), kind="stable"), kind="stable")
    first, second = rank % len(TITLE_FIRST), (rank + rank // len(TITLE_FIRST)) % len(TITLE_SECOND)
    return np.array([f"{TITLE_FIRST[i]} {TITLE_SECOND[j]}" for i, j in zip(first, second, strict=True)])
