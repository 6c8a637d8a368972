"""Made-up places: counts, lists and towns as stated, and the same place for every run."""

from __future__ import annotations

import numpy as np
import pytest

from abm.errors import InputError
from abm.locality import Locality
from abm.locality.presets import PRESETS
from abm.scenario.parameters import ModelParameters
from abm.scenario.scenario import PLACES

PARAMETERS = ModelParameters()
COUNTS = {"town-and-country": 41, "large-urban": 94, "inner-city": 36, "large-rural": 82, "england": 7_909}


def load(place: str, **settings: int) -> Locality:
    return Locality.load(place, parameters=PARAMETERS, **settings)


def test_the_scenario_knows_the_same_places() -> None:
    assert tuple(PRESETS) == PLACES


@pytest.mark.parametrize("place", PRESETS)
def test_counts_of_practices_commissioners_and_authorities(place: str) -> None:
    locality = load(place)
    assert len(locality) == COUNTS[place]
    assert len(locality.commissioners) == (211 if place == "england" else 2)
    assert len(locality.local_authorities) == (211 if place == "england" else 2)
    assert list(locality.practices["code"]) == sorted(set(locality.practices["code"]))


def test_lists_of_england_are_spread_as_observed() -> None:
    lists = load("england").practices["list_by_age"].sum(axis=1)
    assert lists.mean() == pytest.approx(7_118, rel=0.02)
    assert (lists < 5_000).mean() == pytest.approx(0.34, abs=0.015)
    assert (lists > 20_000).mean() == pytest.approx(0.013, abs=0.004)


def test_age_bands_have_englands_shares_and_whole_lists() -> None:
    bands = load("town-and-country").practices["list_by_age"]
    assert np.allclose(bands / bands.sum(axis=1, keepdims=True), PARAMETERS.population.age_shares)
    assert np.allclose(bands.sum(axis=1), np.rint(bands.sum(axis=1)))


@pytest.mark.parametrize("place", PRESETS)
def test_weighted_lists_share_out_the_registered_patients(place: str) -> None:
    locality = load(place)
    assert locality.practices["weighted_list"].sum() == pytest.approx(locality.patients)


def test_halves_of_the_square_belong_to_different_bodies() -> None:
    practices = load("town-and-country").practices
    assert np.array_equal(practices["x"] < 15.0, practices["commissioner"] == "TC-WEST")
    assert np.array_equal(practices["y"] < 15.0, practices["local_authority"] == "TC-SOUTH")
    assert len(set(practices["title"])) == 41


def test_shapes_differ_as_their_names_say() -> None:
    def density(place: str) -> float:
        practices = load(place).practices
        return len(practices["x"]) / (np.ptp(practices["x"]) * np.ptp(practices["y"]))

    def hardship(place: str) -> float:
        return float(load(place).practices["deprivation"].mean())

    assert density("inner-city") > 2 * density("large-urban") > 2 * density("town-and-country") > density("large-rural")
    assert hardship("inner-city") > hardship("town-and-country")
    assert hardship("inner-city") > hardship("large-rural")


def test_neighbourhoods_of_england_cross_the_borders_of_commissioners() -> None:
    practices = load("england", practices=400).practices
    area = practices["commissioner"]
    x, y = practices["x"], practices["y"]
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + 1e9 * np.eye(len(x))
    nearest = np.argsort(apart, axis=1)[:, :40]
    assert len(set(area)) == round(400 / 37.5)
    assert (area[nearest] != area[:, None]).mean() > 0.1


def test_a_place_depends_on_its_own_seed_alone() -> None:
    first, again, other = load("large-rural"), load("large-rural"), load("large-rural", place_seed=2)
    for name, column in first.practices.items():
        assert np.array_equal(column, again.practices[name], equal_nan=column.dtype.kind == "f")
    assert not np.allclose(first.practices["x"], other.practices["x"])
    assert other.provenance == {
        "kind": "synthetic", "preset": "large-rural", "place_seed": 2, "guesses": {}, "dropped": {},
    }  # fmt: skip


def test_a_loaded_place_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load("inner-city").practices["need"][0] = 2.0


@pytest.mark.parametrize("number", [1, 2, 37, 500])
def test_england_comes_in_any_size(number: int) -> None:
    assert len(load("england", practices=number)) == number


@pytest.mark.parametrize(
    ("place", "settings", "sentence"),
    [
        (
            "inner-citty",
            {},
            "the place 'inner-citty' is unknown; allowed are town-and-country, .*; did you mean 'inner-city'",
        ),
        (
            "inner-city",
            {"practices": 40},
            "practices = 40 does not fit place = 'inner-city'; allowed only for 'england'",
        ),
        ("england", {"practices": 0}, "practices = 0 is out of range; allowed are 1 to 20000"),
        ("england", {"place_seed": -1}, "place_seed = -1 is out of range; allowed are 0 to 4294967295"),
    ],
)
def test_bad_settings_are_refused_in_one_sentence(place: str, settings: dict[str, int], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        load(place, **settings)
