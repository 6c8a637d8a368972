"""What is odd is named, what is usual is not; the help says the bounds that are used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from abm.cli.locality import check as check_command
from abm.locality import Locality
from abm.locality import check as bounds
from abm.locality.check import oddities
from abm.scenario.parameters import ModelParameters

PARAMETERS = ModelParameters()


@pytest.fixture(scope="module")
def usual() -> Locality:
    """A made-up place with staff at England's rates, in which nothing is odd."""
    place = Locality.load("town-and-country", parameters=PARAMETERS)
    size = place.practices["list_by_age"].sum(axis=1)
    rates = {"gp_fte": 0.52, "nurse_fte": 0.26, "other_fte": 0.15}
    return replace(place, practices={**place.practices, **{name: rate * size / 1000 for name, rate in rates.items()}})


def with_one(place: Locality, name: str, value: Any, row: int = 3) -> Locality:
    column = place.practices[name].copy()
    column[row] = value
    return replace(place, practices={**place.practices, name: column})


def test_nothing_is_odd_in_a_usual_place(usual: Locality) -> None:
    assert oddities(usual) == []


@pytest.mark.parametrize(
    ("name", "times", "words"),
    [
        ("gp_fte", 1.4, "1.40 GP FTE for 1,000 patients"),
        ("gp_fte", 0.05, "0.05 GP FTE for 1,000 patients"),
        ("nurse_fte", 0.9, "0.90 nurse FTE for 1,000 patients"),
        ("other_fte", 1.2, "1.20 FTE of other clinicians for 1,000 patients"),
        ("weighted_list", 1500.0, "a weighted list of 1.50 times its list"),
        ("weighted_list", 500.0, "a weighted list of 0.50 times its list"),
    ],
)
def test_a_value_out_of_bounds_is_named_with_its_practice(usual: Locality, name: str, times: float, words: str) -> None:
    size = float(usual.practices["list_by_age"][3].sum())
    (found,) = oddities(with_one(usual, name, times * size / 1000))
    assert (found.practice, found.what) == (usual.practices["code"][3], words)


def test_a_practice_far_from_the_rest_is_named(usual: Locality) -> None:
    far = with_one(usual, "x", usual.practices["x"].max() + 200.0)
    found = [oddity.what for oddity in oddities(far)]
    assert any("km from the nearest other practice" in what for what in found)
    assert any("km from the middle of commissioner" in what for what in found)
    assert {oddity.practice for oddity in oddities(far)} == {usual.practices["code"][3]}


def test_two_far_away_together_are_named_too(usual: Locality) -> None:
    """A wrong postcode shared by two: each is near the other, and far from their commissioner."""
    code = usual.practices["commissioner"]
    one, other = np.flatnonzero(code == code[0])[:2]
    far = with_one(with_one(usual, "x", 900.0, one), "x", 900.0, other)
    far = with_one(with_one(far, "y", 0.0, one), "y", 0.0, other)
    assert {oddity.practice for oddity in oddities(far)} == set(usual.practices["code"][[one, other]].tolist())


def test_a_crowd_at_one_point_is_one_line(usual: Locality) -> None:
    crowd = usual
    for row in (1, 2, 3):
        for axis in "xy":
            crowd = with_one(crowd, axis, usual.practices[axis][0], row)
    (found,) = oddities(crowd)
    assert found.practice == usual.practices["code"][0]
    assert found.what.startswith("one of 4 practices at one point, with ")


def test_a_guess_for_many_is_named_once(usual: Locality) -> None:
    few, many = int(0.25 * len(usual)), int(0.25 * len(usual)) + 1
    told = replace(usual, provenance={"guesses": {"nurses": many, "ages": few}})
    (found,) = oddities(told)
    assert (found.practice, found.what) == ("", f"guessed for {many} of {len(usual)} practices: nurses")


def test_unknown_values_are_not_odd() -> None:
    assert oddities(Locality.load("inner-city", parameters=PARAMETERS)) == []


def test_the_help_tells_the_bounds_that_are_used() -> None:
    words = " ".join((check_command.__doc__ or "").split())
    for part in (
        f"a list below {bounds.LISTS[0]:,.0f} or above {bounds.LISTS[1]:,.0f}",
        f"fewer than {bounds.GP_FTE[0]} or more than {bounds.GP_FTE[1]} GP FTE",
        f"more than {bounds.NURSE_FTE} nurse FTE or {bounds.OTHER_FTE} FTE of other clinicians",
        f"below {bounds.WEIGHTED[0]} or above {bounds.WEIGHTED[1]} times the list",
        f"{bounds.AT_ONE_POINT} or more practices at one point",
        f"more than {bounds.ALONE:.0f} km from every other",
        f"more than {bounds.FROM_THE_MIDDLE[0]:.0f} times as far",
        f"(and more than {bounds.FROM_THE_MIDDLE[1]:.0f} km)",
        f"for more than {bounds.GUESSED:.0%} of the practices",
    ):
        assert part in words
