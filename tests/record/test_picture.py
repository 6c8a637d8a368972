"""What the picture shows is there for every reader."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.errors import InputError
from abm.record.picture import CHARTS, MOST_NAMED, _hull, _looks, draw, months_to_map
from abm.record.results import Run
from abm.record.series import MODEL


def test_the_png_has_the_size_of_a_slide(small_run: Run, tmp_path: Path) -> None:
    data = draw(small_run, tmp_path / "picture.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert width >= 1_920 and height >= 1_080


def test_the_svg_says_what_it_shows(small_run: Run, tmp_path: Path) -> None:
    text = draw(small_run, tmp_path / "picture.svg").read_text("utf-8")
    for words in ("Month 0", "Month 12", "Month 24", "40% in 2 organisations", "Town and country", "seed 1", "warm-up",
                  "informal network", "April 2014 to March 2016", *(chart.title for chart in CHARTS)):  # fmt: skip
        assert words in text, words
    again = draw(small_run, tmp_path / "again.svg").read_text("utf-8")
    assert again == text


def test_other_kinds_of_picture_are_refused(small_run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"allowed are \.png and \.svg"):
        draw(small_run, tmp_path / "picture.docx")


def test_organisations_are_told_apart_without_colour() -> None:
    table = pd.DataFrame({"month": 0, "founded": range(60), "organisation": [f"O{i:02d}" for i in range(60)]})
    looks = list(_looks(table, [0]).values())
    assert len({letter for letter, _, _ in looks[:MOST_NAMED]}) == MOST_NAMED
    assert len({(colour, shape) for _, colour, shape in looks[:35]}) == 35
    for (_, colour, shape), (_, next_colour, next_shape) in pairwise(looks):
        assert colour != next_colour and shape != next_shape


@pytest.mark.parametrize(
    ("last", "months"),
    [(60, [0, 12, 24, 36, 48, 60]), (24, [0, 12, 24]), (30, [0, 12, 24]), (5, [0, 5]),
     (180, [0, 36, 72, 108, 144, 180]), (71, [0, 12, 24, 36, 48, 60]), (72, [0, 24, 48, 72])],
)  # fmt: skip
def test_maps_stand_whole_years_apart(last: int, months: list[int]) -> None:
    assert months_to_map(last) == months


def test_every_line_of_a_chart_is_a_declared_series_with_a_dash_of_its_own() -> None:
    known = {item.name for item in MODEL}
    for chart in CHARTS:
        assert {line.column for line in chart.lines} | set(chart.band or ()) <= known
        assert len({line.colour for line in chart.lines}) == len(chart.lines)


@given(points=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=30))
def test_an_outline_holds_all_members_and_has_members_as_corners(points: list[tuple[int, int]]) -> None:
    corners = _hull(np.array(points, float))
    assert set(map(tuple, corners.tolist())) <= set(points)
    if len(corners) > 2:
        for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            for x, y in points:
                assert (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0
