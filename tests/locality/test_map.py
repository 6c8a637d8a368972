"""The map: every practice is on it, north is up, the scale is true, the same place gives the same file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abm.errors import InputError
from abm.locality import Locality
from abm.locality import map as place_map
from abm.locality.build import build_place
from abm.locality.map import draw_map
from abm.locality.place_folder import write_place
from abm.locality.published.files import Sources
from abm.locality.selection import selection
from abm.scenario.parameters import ModelParameters

PARAMETERS = ModelParameters()


@pytest.fixture
def place(publish: Any, tmp_path: Path) -> Locality:
    built = build_place(Sources(publish.payments_2014(), publish.code_point()), selection(everything=True), PARAMETERS)
    write_place(built, tmp_path / "place", "1.0")
    return Locality.load(tmp_path / "place", parameters=PARAMETERS)


@pytest.fixture
def drawn(monkeypatch: Any) -> list[Any]:
    """The figures that are drawn, kept for looking at."""
    from matplotlib.figure import Figure

    kept: list[Any] = []
    save = Figure.savefig

    def savefig(self: Any, *arguments: Any, **options: Any) -> Any:
        kept.append(self)
        return save(self, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", savefig)
    return kept


def test_the_map_shows_practices_where_they_are(place: Locality, tmp_path: Path, drawn: list[Any]) -> None:
    draw_map(place, tmp_path / "map.png")
    axes = drawn[0].axes[0]
    dots = next(item for item in axes.collections if len(item.get_offsets()) == len(place))
    found = {tuple(point) for point in np.asarray(dots.get_offsets()).tolist()}
    assert found == set(zip(place.practices["x"].tolist(), place.practices["y"].tolist(), strict=True))
    assert axes.get_aspect() == 1.0 and not axes.yaxis_inverted() and not axes.xaxis_inverted()
    sizes = dict(zip((tuple(p) for p in dots.get_offsets().tolist()), dots.get_sizes(), strict=True))
    areas = [sizes[x, y] for x, y in zip(place.practices["x"], place.practices["y"], strict=True)]
    lists = place.practices["list_by_age"].sum(axis=1)
    assert np.asarray(areas) / lists == pytest.approx(areas[0] / lists[0])  # the area of a dot tells the list
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    assert west < place.practices["x"].min() and east > place.practices["x"].max()
    assert south < place.practices["y"].min() and north > place.practices["y"].max()
    words = next(text.get_text() for text in axes.texts if text.get_text().endswith(" km"))
    bar = next(line for line in axes.lines if line.get_linewidth() == 2.0)
    assert f"{np.ptp(bar.get_xdata()):g} km" == words


def test_a_dollar_in_a_title_is_a_dollar(place: Locality, tmp_path: Path, drawn: list[Any]) -> None:
    draw_map(replace(place, title=r"Costs $5 _{ and $6 \frac"), tmp_path / "map.svg")
    assert drawn[0].axes[0].get_title() == r"Costs $5 _{ and $6 \frac"


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_same_place_gives_the_same_file(place: Locality, tmp_path: Path, kind: str) -> None:
    for name in ("one", "other"):
        draw_map(place, tmp_path / f"{name}.{kind}")
    assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"other.{kind}").read_bytes()


def square(place: Locality, kind: str = "Polygon") -> dict[str, Any]:
    """A square in degrees whose corner is the first practice."""
    lat, lon = float(place.practices["latitude"][0]), float(place.practices["longitude"][0])
    ring = [[lon, lat], [lon + 0.1, lat], [lon + 0.1, lat + 0.1], [lon, lat + 0.1], [lon, lat]]
    polygon = [ring] if kind == "Polygon" else [[ring]]
    geometry = {"type": kind, "coordinates": polygon}
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_boundaries_in_degrees_meet_practices_on_the_grid(
    place: Locality, tmp_path: Path, drawn: list[Any], kind: str
) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps(square(place, kind)))
    draw_map(place, tmp_path / "map.svg", path)
    corner = drawn[0].axes[0].lines[0].get_xydata()[0]
    assert corner == pytest.approx([place.practices["x"][0], place.practices["y"][0]], abs=0.005)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no GeoJSON; allowed are polygons in degrees"),
        ("{}", "holds no polygon"),
        ("[1]", "holds no polygon"),
        ('{"type": "Point", "coordinates": [0, 51]}', "holds no polygon"),
        (
            '{"type": "Polygon", "coordinates": [[[430000, 421000], [430001, 421000]]]}',
            "430000, 421000 is no longitude and latitude near England",
        ),
        ('{"type": "Polygon", "coordinates": [[["a", 1]]]}', "a polygon has points without two coordinates"),
        ('{"type": "Polygon"}', "a polygon has points without two coordinates"),
        ('{"type": "MultiPolygon", "coordinates": 5}', "a polygon has points without two coordinates"),
        ('{"type": "Polygon", "coordinates": [[]]}', "holds no polygon"),
    ],
)
def test_boundaries_that_cannot_be_drawn_are_refused(
    place: Locality, tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(content)
    with pytest.raises(InputError, match=re.escape(sentence)):
        draw_map(place, tmp_path / "map.svg", path)
    assert not (tmp_path / "map.svg").exists()


def test_what_cannot_be_drawn_is_said(place: Locality, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the kind of file is unknown; allowed are .svg, .png, .pdf"):
        draw_map(place, tmp_path / "map.gif")
    with pytest.raises(InputError, match="cannot be written"):
        draw_map(place, tmp_path / "none" / "map.svg")
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps(square(place)))
    with pytest.raises(InputError, match="the practices of 'inner-city' have no latitude and longitude"):
        draw_map(Locality.load("inner-city", parameters=PARAMETERS), tmp_path / "map.svg", path)


def test_scale_bars_are_round_numbers() -> None:
    assert all(re.fullmatch(r"[125]0*|0\.[125]", f"{bar:g}") for bar in place_map.BARS)
