"""One picture of a run, for a slide: organisations on the map year by year, and the main series below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from abm.record.results import Run

Array = NDArray[np.float64]

# Okabe and Ito's colours, told apart by colour-blind readers too; shapes and letters say the same.
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK)
SHAPES = ("o", "s", "^", "D", "v")
GREY, PALE = "#6b6b6b", "#e9e9e9"
MAPS, MOST_NAMED = 6, 26
FORMATS = (".png", ".svg")


@dataclass(frozen=True)
class Line:
    """One line of a chart; `dashes` tells it from the others without colour."""

    column: str
    label: str
    colour: str
    dashes: str = "-"


@dataclass(frozen=True)
class Chart:
    """One chart: its lines, or a band between two series around a third."""

    title: str
    lines: tuple[Line, ...]
    scale: float = 1.0
    unit: str = ""
    band: tuple[str, str] | None = None
    zero: bool = True


CHARTS: tuple[Chart, ...] = (
    Chart("Practices in organisations", (
        Line("collaborating_share", "any", BLACK), Line("federation_share", "federation", BLUE),
        Line("informal_share", "informal", ORANGE, "--"),
    ), 100, "%"),
    Chart("Population of an organisation", (Line("organisation_population_median", "median", BLUE),), 0.001, "k",
          ("organisation_population_p10", "organisation_population_p90")),
    Chart("Organisations: what they can do", (
        Line("capability", "capability", BLUE), Line("engagement", "engagement", GREEN, "--"),
        Line("leadership", "leadership", VERMILION, ":"),
    )),
    Chart("GPs with high burnout", (Line("high_burnout_share", "", VERMILION),), 100, "%"),
    Chart("Access and continuity", (Line("access", "access", BLUE), Line("continuity", "continuity", GREEN, "--"))),
    Chart("Load of GPs (1 = all slots needed)", (Line("load", "", BLACK),), zero=False),
    Chart("Share of GP working time", (
        Line("partner_share", "partners", BLUE), Line("salaried_share", "salaried", ORANGE, "--"),
        Line("sessional_share", "sessional", PURPLE, ":"),
    ), 100, "%"),
    Chart("Partner income, £ a full-time year", (Line("partner_income_p50", "median", BLUE),), 0.001, "k",
          ("partner_income_p10", "partner_income_p90"), zero=False),
)  # fmt: skip


def draw(run: Run, path: str | Path) -> Path:
    """Draw the picture of a run.

    Args:
        run: the run.
        path: a PNG (2,000 by 1,250 dots) or SVG file.

    Raises:
        InputError: another kind of file.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"the picture '{path}' is of an unknown kind; allowed are {' and '.join(FORMATS)}")
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style: Any = {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY,
             "xtick.color": GREY, "ytick.color": GREY, "svg.hashsalt": run.name, "svg.fonttype": "none"}  # fmt: skip
    with rc_context(style):
        figure = Figure(figsize=(13.33, 8.33), dpi=150, facecolor="white")
        FigureCanvasAgg(figure)
        _titles(figure, run)
        _maps(figure, run)
        _charts(figure, run.model)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
    return path


def months_to_map(last: int) -> list[int]:
    """At most six months, whole years apart: 0, 12, 24, 36, 48 and 60 of a five-year run."""
    step = 12 * max(1, ceil(last // 12 / (MAPS - 1)))
    months = list(range(0, last + 1, step))
    return months if last >= step else sorted({0, last})


def _titles(figure: Figure, run: Run) -> None:
    scenario = run.manifest["scenario"]
    policy = scenario.get("policy", {})
    named = policy.get("title") or policy.get("name") or ""
    first, last = run.calendar.label(1), run.calendar.label(run.last_month)
    figure.text(0.03, 0.966, run.name.replace("-", " ").capitalize(), fontsize=18, fontweight="bold", va="center")
    parts = [f"policy: {named}"] if named else []
    parts += [f"{first} to {last}", f"seed {run.seed}", "one run of the model, not a forecast"]
    figure.text(0.03, 0.932, "  ·  ".join(parts), fontsize=10.5, color=GREY, va="center")


def _maps(figure: Figure, run: Run) -> None:
    months = months_to_map(run.last_month)
    practices, organisations = run.practices, run.organisations
    looks = _looks(organisations, months)
    named = len(looks) <= MOST_NAMED
    width = 0.95 / MAPS
    left = 0.5 - width * len(months) / 2
    place = practices.loc[practices["month"] == 0, ["x", "y"]].to_numpy(float)
    middle, half = (place.max(axis=0) + place.min(axis=0)) / 2, float(np.ptp(place, axis=0).max()) / 2 * 1.2 + 0.5
    dot = min(1.0, (60 / max(len(place), 1)) ** 0.7)
    for i, month in enumerate(months):
        axes = figure.add_axes((left + i * width, 0.575, width * 0.97, 0.30))
        axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half), aspect="equal",
                 xticks=[], yticks=[])  # fmt: skip
        for side in axes.spines.values():
            side.set(visible=True, color=PALE)
        rows = practices[practices["month"] == month]
        inside = rows["organisation"] != ""
        count = rows["organisation"][inside].nunique()
        axes.set_title(f"Month {month}", fontsize=10, fontweight="bold", pad=16)
        axes.text(0.5, 1.02, f"{inside.mean():.0%} in {count} organisation{'' if count == 1 else 's'}", fontsize=8.5,
                  color=GREY, ha="center", va="bottom", transform=axes.transAxes)  # fmt: skip
        _map(axes, rows, looks, dot, named)
        if i == 0:
            _scale_bar(axes, middle, half)
    _key(figure, months, named)


def _looks(organisations: pd.DataFrame, months: list[int]) -> dict[str, tuple[str, str, str]]:
    """Letter, colour and shape of every organisation on the maps, in the order of founding."""
    shown = organisations[organisations["month"].isin(months)]
    names = shown.drop_duplicates("organisation").sort_values(["founded", "organisation"])["organisation"].tolist()
    return {
        name: (
            chr(ord("A") + i % MOST_NAMED),
            COLOURS[i % len(COLOURS)],
            SHAPES[(i // len(COLOURS) + i) % len(SHAPES)],
        )
        for i, name in enumerate(names)
    }


def _map(axes: Axes, rows: pd.DataFrame, looks: dict[str, tuple[str, str, str]], dot: float, named: bool) -> None:
    size = dot * rows["list"].to_numpy(float) / 110
    place = rows[["x", "y"]].to_numpy(float)
    organisation = rows["organisation"].to_numpy(object)
    alone = organisation == ""
    axes.scatter(place[alone, 0], place[alone, 1], s=size[alone], facecolors="white", edgecolors=GREY,
                 linewidths=0.8 * dot, zorder=2)  # fmt: skip
    for name in sorted(set(organisation[~alone].tolist())):
        letter, colour, shape = looks[name]
        members = organisation == name
        formal = rows["form"].to_numpy(object)[members][0] != "informal"
        outline = _hull(place[members])
        if named and len(outline) > 1:
            closed = np.vstack([outline, outline[:1]])
            axes.fill(*closed.T, color=colour, alpha=0.13, linewidth=0, zorder=1)
            axes.plot(*closed.T, color=colour, linewidth=1.3, linestyle="-" if formal else (0, (3, 2)), zorder=1.5)
        axes.scatter(place[members, 0], place[members, 1], s=size[members], c=colour, marker=shape, edgecolors="white",
                     linewidths=0.5 * dot, zorder=3)  # fmt: skip
        if named:
            at = outline[np.argmax(outline[:, 1])]
            axes.annotate(letter, at, xytext=(0, 5), textcoords="offset points", ha="center", va="bottom",
                          fontsize=8.5, fontweight="bold", color=colour, zorder=4, path_effects=_halo())  # fmt: skip


def _halo() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground="white")]


def _hull(points: Array) -> Array:
    """Corners of the convex hull, in order (monotone chain)."""
    points = np.unique(points, axis=0)
    if len(points) < 3:
        return points

    def chain(ordered: Array) -> list[Array]:
        corners: list[Array] = []
        for point in ordered:
            while len(corners) > 1:
                (ax, ay), (bx, by) = corners[-1] - corners[-2], point - corners[-2]
                if ax * by - ay * bx > 0:
                    break
                corners.pop()
            corners.append(point)
        return corners[:-1]

    return np.array([*chain(points), *chain(points[::-1])])


def _scale_bar(axes: Axes, middle: Array, half: float) -> None:
    length = max(n * 10**k for k in range(-1, 4) for n in (1, 2, 5) if n * 10**k <= max(half / 1.5, 0.1))
    x, y = middle[0] - half * 0.93, middle[1] - half * 0.93
    axes.plot([x, x + length], [y, y], color=GREY, linewidth=1.5, solid_capstyle="butt")
    axes.annotate(f"{length:g} km", (x + length, y), xytext=(3, 0), textcoords="offset points", va="center",
                  fontsize=7.5, color=GREY)  # fmt: skip


def _key(figure: Figure, months: list[int], named: bool) -> None:
    from matplotlib.lines import Line2D

    mark: dict[str, Any] = {"linestyle": "none", "marker": "o"}
    items = [
        (Line2D([], [], markerfacecolor="white", markeredgecolor=GREY, markersize=7, **mark), "practice on its own"),
        (Line2D([], [], color=BLUE, markersize=7, markeredgecolor="white", **mark),
         "practice in an organisation (one colour, shape and letter each)" if named else "practice in an organisation"),
    ]  # fmt: skip
    if named:
        items += [
            (Line2D([], [], color=BLUE, linewidth=1.3), "federation"),
            (Line2D([], [], color=BLUE, linewidth=1.3, linestyle=(0, (3, 2))), "informal network"),
        ]
    figure.legend(*zip(*items, strict=True), loc="center", bbox_to_anchor=(0.5, 0.552), ncols=len(items), frameon=False,
                  fontsize=8.5, handletextpad=0.4)  # fmt: skip
    figure.text(0.97, 0.932, "area of a mark: registered patients", fontsize=8.5, color=GREY, ha="right", va="center")


def _charts(figure: Figure, model: pd.DataFrame) -> None:
    grid = figure.add_gridspec(2, 4, left=0.04, right=0.928, bottom=0.06, top=0.495, wspace=0.58, hspace=0.48)
    for i, chart in enumerate(CHARTS):
        _chart(figure.add_subplot(grid[i // 4, i % 4]), chart, model)


def _chart(axes: Axes, chart: Chart, model: pd.DataFrame) -> None:
    months = model["month"].to_numpy()
    last = int(months.max())
    axes.axvspan(months.min(), min(0, last), color=PALE, linewidth=0)
    if chart.band:
        low, high = (model[name].to_numpy(float) * chart.scale for name in chart.band)
        axes.fill_between(months, low, high, color=chart.lines[0].colour, alpha=0.18, linewidth=0)
    ends: list[tuple[float, str, str]] = []
    for line in chart.lines:
        values = model[line.column].to_numpy(float) * chart.scale
        axes.plot(months, values, color=line.colour, linestyle=line.dashes, linewidth=1.7)
        known = values[~np.isnan(values)]
        if len(known):
            text = f"{line.label} {_number(known[-1], chart)}".strip()
            ends.append((float(known[-1]), text, line.colour))
    if chart.band:
        ends += [
            (float(edge[~np.isnan(edge)][-1]), name, chart.lines[0].colour)
            for edge, name in ((low, "10th pc."), (high, "90th pc."))
            if (~np.isnan(edge)).any()
        ]
    axes.set_title(chart.title, fontsize=10, loc="left", fontweight="bold")
    axes.set_xlim(months.min(), last)
    step = 12 * max(1, ceil(last / 72))
    axes.set_xticks(range(0, last + 1, step))
    if chart.zero:
        axes.set_ylim(0, max(axes.get_ylim()[1], 1e-9))
    axes.yaxis.set_major_formatter(_formatter(chart))
    axes.locator_params(axis="y", nbins=4)
    axes.tick_params(labelsize=8, length=3)
    axes.grid(axis="y", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    _label_ends(axes, ends, last)
    if chart is CHARTS[0]:
        axes.annotate("warm-up", (months.min(), 1), xycoords=("data", "axes fraction"), xytext=(2, -2),
                      textcoords="offset points", va="top", fontsize=7, color=GREY)  # fmt: skip
    if chart in CHARTS[4:]:
        axes.set_xlabel("month", fontsize=8, color=GREY, labelpad=1)


def _label_ends(axes: Axes, ends: list[tuple[float, str, str]], last: int) -> None:
    """The lines' names at their ends, moved apart where they would touch."""
    low, high = axes.get_ylim()
    apart = (high - low) * 0.13
    heights: list[float] = []
    for value, _, _ in sorted(ends):
        heights.append(max(value, heights[-1] + apart) if heights else value)
    ceiling = high
    for i in reversed(range(len(heights))):
        heights[i] = min(heights[i], ceiling)
        ceiling = heights[i] - apart
    for height, (_, text, colour) in zip(heights, sorted(ends), strict=True):
        axes.annotate(text, (last, height), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8,
                      color=colour, annotation_clip=False)  # fmt: skip


def _number(value: float, chart: Chart) -> str:
    digits = 0 if chart.unit else 2
    return f"{value:.{digits}f}{chart.unit}"


def _formatter(chart: Chart) -> Callable[[float, Any], str]:
    def text(value: float, _: Any) -> str:
        return f"{value:g}{chart.unit}" if chart.unit else f"{value:.3g}"

    return text
