"""What the picture shows is there for every reader."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.errors import InputError
from abm.record.results import Run
from abm.record.series import MODEL
from abm.report import maps, picture
from abm.report.charts import CHARTS
from abm.report.picture import draw, draw_all
from abm.report.style import LINES
from abm.report.values import Values


def test_the_png_has_the_size_of_a_slide(small_run: Run, tmp_path: Path) -> None:
    data = draw(small_run, tmp_path / "picture.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert width >= 1_920 and height >= 1_080


def test_the_svg_says_what_it_shows(small_run: Run, tmp_path: Path) -> None:
    text = draw(small_run, tmp_path / "picture.svg").read_text("utf-8")
    for words in ("March 2014", "March 2015", "March 2016", "40% in 2 organisations", "Town and country", "seed 1",
                  "informal network", "April 2014 to March 2016",
                  *(CHARTS[name].title for name in picture.SLIDE)):  # fmt: skip
        assert words in text, words
    again = draw(small_run, tmp_path / "again.svg").read_text("utf-8")
    assert again == text


def test_groups_placed_at_the_start_are_said_to_be(seeded_run: Run, tmp_path: Path) -> None:
    text = draw(seeded_run, tmp_path / "picture.svg").read_text("utf-8")
    assert "3 practices collaborated before the start: not shown in March 2014" in text


def test_other_kinds_of_picture_are_refused(small_run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"allowed are \.png and \.svg"):
        draw(small_run, tmp_path / "picture.docx")


def test_every_chart_with_something_to_show_is_kept_in_both_forms(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = {name: CHARTS[name] for name in (*picture.SLIDE, "large-lists")}
    monkeypatch.setattr(picture, "CHARTS", some)
    values = Values(small_run)
    files = draw_all(values, tmp_path / "pictures")
    drawn = [name for name, chart in some.items() if values.kind(chart) == "drawn"]
    assert drawn and "large-lists" not in drawn
    assert [file.name for file in files] == [
        f"{name}{form}" for name in ("picture", *drawn) for form in (".png", ".svg")
    ]
    assert all(file.stat().st_size for file in files)


def test_organisations_are_told_apart_without_colour() -> None:
    looks = [maps.look(i, lettered=True) for i in range(maps.MOST_OUTLINED)]
    assert len({look.letter for look in looks}) == len(looks)
    assert len({(look.colour, look.shape) for look in looks[:35]}) == 35
    for one, following in pairwise(looks):
        assert one.colour != following.colour and one.shape != following.shape


@pytest.mark.parametrize(
    ("last", "months"),
    [(60, [0, 12, 24, 36, 48, 60]), (24, [0, 12, 24]), (30, [0, 12, 24, 30]), (5, [0, 5]), (1, [0, 1]),
     (180, [0, 36, 72, 108, 144, 180]), (71, [0, 24, 48, 71]), (72, [0, 24, 48, 72])],
)  # fmt: skip
def test_maps_stand_whole_years_apart_and_end_with_the_run(last: int, months: list[int]) -> None:
    assert maps.months_to_map(last) == months


@given(last=st.integers(1, 180))
def test_there_are_at_most_six_maps(last: int) -> None:
    months = maps.months_to_map(last)
    assert (months[0], months[-1]) == (0, last)
    assert len(months) <= maps.MAPS and months == sorted(set(months))


def test_every_line_of_a_chart_is_a_declared_series_with_a_look_of_its_own() -> None:
    known = {item.name for item in MODEL} | {"patients_in_none", "patients_under_25000", "patients_over_100000"}
    for chart in CHARTS.values():
        columns = {column for line in chart.lines for column in line.columns} | {chart.over} - {""}
        if chart.spread and not chart.spread.column:
            columns |= {chart.spread.low, chart.spread.high}
        assert columns <= known
        assert len(chart.lines) <= len(LINES)
        assert len({line.label for line in chart.lines}) == len(chart.lines)
    assert len({dashes for _, dashes in LINES}) == len(LINES)


def test_every_recorded_series_is_in_a_chart_or_among_those_charts_are_made_of() -> None:
    shown = {column for chart in CHARTS.values() for line in chart.lines for column in line.columns}
    shown |= {name for chart in CHARTS.values() if chart.spread for name in (chart.spread.low, chart.spread.high)}
    left_out = {"patients", "gps", "organisation_population_mean"}
    assert {item.name for item in MODEL} - shown == left_out


@given(points=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=30))
def test_an_outline_holds_all_members_and_has_members_as_corners(points: list[tuple[int, int]]) -> None:
    corners = maps.hull(np.array(points, float))
    assert set(map(tuple, corners.tolist())) <= set(points)
    if len(corners) > 2:
        for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            for x, y in points:
                assert (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0
