"""A map of a place: practices coloured by deprivation and sized by list, north up, with a scale bar."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError
from abm.locality.locality import Locality
from abm.locality.national_grid import LATITUDES, LONGITUDES, to_grid

FORMATS = (".svg", ".png", ".pdf")
SIZE = (7.5, 7.0)  # inches
DOT = 9.0  # points across, of a practice with MIDDLE_LIST patients in a place of up to 60 practices
MIDDLE_LIST = 8_000.0
MANY = 60.0
MARGIN = 0.08  # of the larger side
LEAST_SIDE = 2.0  # km
BARS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)  # km
LEGEND_LISTS = (2_000, 8_000, 20_000)
INK, GREY = "#222222", "#8a8a8a"


def draw_map(locality: Locality, path: Path, boundaries: Path | None = None) -> None:
    """Draw a place to a file.

    Args:
        locality: the place.
        path: .svg, .png or .pdf.
        boundaries: GeoJSON of polygons in degrees.

    Raises:
        InputError: the file's kind is unknown, it cannot be written, or the boundaries cannot be used.
    """
    check_map(path)
    rings = list(_rings(boundaries)) if boundaries else []
    offset = _offset(locality) if rings else (0.0, 0.0)
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {"svg.hashsalt": "gpfed", "svg.fonttype": "none", "font.size": 9}
    style["text.parse_math"] = False  # a dollar in a title is a dollar
    with mpl.rc_context(style):
        figure = Figure(figsize=SIZE, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        x_range, y_range = _view(locality)
        for ring in rings:
            axes.plot(ring[:, 0] + offset[0], ring[:, 1] + offset[1], color=GREY, linewidth=0.7, zorder=1)
        dots = _practices(axes, locality)
        axes.set(xlim=x_range, ylim=y_range, xticks=[], yticks=[], aspect="equal", title=locality.title)
        for side in axes.spines.values():
            side.set_visible(False)
        _scale_and_north(axes, x_range, y_range)
        bar = figure.colorbar(dots, ax=axes, shrink=0.5, pad=0.01)
        bar.set_label("Deprivation: percentile within England")
        bar.set_ticks([0.0, 0.5, 1.0], labels=["least", "middle", "most"])
        metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {"Software": None}}
        try:
            figure.savefig(path, dpi=150, metadata=metadata[path.suffix.lower()])
        except OSError as problem:
            raise InputError(f"--map {path} cannot be written: {problem.strerror}") from None


def check_map(path: Path) -> None:
    """Refuse a kind of file that is not drawn.

    Raises:
        InputError: it is not one of `FORMATS`.
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"--map {path}: the kind of file is unknown; allowed are {', '.join(FORMATS)}")


def _view(locality: Locality) -> tuple[tuple[float, float], tuple[float, float]]:
    """Range of the map in km: all practices and a margin around them."""
    x, y = locality.practices["x"], locality.practices["y"]
    margin = MARGIN * max(np.ptp(x), np.ptp(y), LEAST_SIDE)
    return (float(x.min() - margin), float(x.max() + margin)), (float(y.min() - 2 * margin), float(y.max() + margin))


def _practices(axes: Any, locality: Locality) -> Any:
    """The practices, large ones below so that small ones are seen, and a legend of sizes."""
    practices = locality.practices
    size = practices["list_by_age"].sum(axis=1)
    unit = DOT**2 / MIDDLE_LIST * min(1.0, MANY / len(locality)) ** 0.6
    edge = 0.4 * min(1.0, MANY / len(locality)) ** 0.3
    order = np.argsort(-size, kind="stable")
    dots = axes.scatter(
        practices["x"][order], practices["y"][order], s=unit * size[order], c=practices["deprivation"][order],
        cmap="cividis_r", vmin=0.0, vmax=1.0, edgecolors=INK, linewidths=edge, zorder=3, clip_on=False,
    )  # fmt: skip
    keys = [
        axes.scatter(
            [], [], s=unit * patients, facecolors="none", edgecolors=INK, linewidths=0.6, label=f"{patients:,}"
        )
        for patients in LEGEND_LISTS
    ]
    axes.legend(handles=keys, title="Registered patients", loc="lower right", frameon=False, ncols=3, borderpad=0.2)
    return dots


def _scale_and_north(axes: Any, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
    """A bar of a round length at the lower left, and an arrow to the north at the upper left."""
    width, height = x_range[1] - x_range[0], y_range[1] - y_range[0]
    length = max((bar for bar in BARS if bar <= width / 4), default=BARS[0])
    left, bottom = x_range[0] + 0.03 * width, y_range[0] + 0.03 * height
    axes.plot([left, left + length], [bottom, bottom], color=INK, linewidth=2.0, solid_capstyle="butt", zorder=4)
    axes.text(left + length / 2, bottom + 0.012 * height, f"{length:g} km", ha="center", va="bottom", color=INK)
    top = y_range[1] - 0.02 * height
    axes.annotate(
        "N", xy=(left, top), xytext=(left, top - 0.09 * height), ha="center", va="top", color=INK,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.2},
    )  # fmt: skip


def _offset(locality: Locality) -> tuple[float, float]:
    """Km from the National Grid to the plane on which the practices stand: 0, 0 where that is the grid."""
    practices = locality.practices
    known = ~np.isnan(practices["latitude"] + practices["longitude"])
    if not known.any():
        raise InputError(f"--boundaries: the practices of '{locality.name}' have no latitude and longitude")
    east, north = to_grid(practices["latitude"][known], practices["longitude"][known])
    return (
        float(np.median(practices["x"][known] - east / 1000.0)),
        float(np.median(practices["y"][known] - north / 1000.0)),
    )


def _rings(path: Path) -> Iterator[NDArray[np.float64]]:
    """The rings of all polygons of a GeoJSON file, in km on the National Grid, shape (points, 2) each."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"--boundaries {path} does not exist; allowed is a GeoJSON file") from None
    except OSError as problem:
        raise InputError(f"--boundaries {path} cannot be read: {problem.strerror}") from None
    except ValueError:
        raise InputError(f"--boundaries {path} is no GeoJSON; allowed are polygons in degrees (WGS 84)") from None
    features = content.get("features", [content]) if isinstance(content, dict) else []
    found = 0
    for feature in features:
        geometry = feature.get("geometry", feature) if isinstance(feature, dict) else None
        if not isinstance(geometry, dict) or (kind := geometry.get("type")) not in ("Polygon", "MultiPolygon"):
            continue
        try:
            polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
            rings = [ring for polygon in polygons for ring in polygon]
            every = [np.array([point[:2] for point in ring], float).reshape(-1, 2) for ring in rings if ring]
        except (KeyError, TypeError, ValueError, IndexError):
            raise InputError(f"--boundaries {path}: a polygon has points without two coordinates") from None
        for points in every:
            longitude, latitude = points.T
            if (longitude < LONGITUDES[0] - 5).any() or (np.abs(latitude - np.mean(LATITUDES)) > 10.0).any():
                raise InputError(
                    f"--boundaries {path}: {points[0, 0]:g}, {points[0, 1]:g} is no longitude and latitude near "
                    "England; allowed are degrees (WGS 84)"
                )
            found += 1
            yield np.column_stack(to_grid(latitude, longitude)) / 1000.0
    if not found:
        raise InputError(f"--boundaries {path} holds no polygon; allowed is GeoJSON with polygons in degrees (WGS 84)")
