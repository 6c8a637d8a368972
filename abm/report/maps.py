"""Organisations on the map, one small picture a year, all to the same scale.

A practice is a mark whose area is its list; its organisation shows in colour, shape and, where there are not too many,
an outline with a letter. Above `MOST_OUTLINED` organisations, thin links from members to the middle of their
organisation take the place of outlines. Above `MOST_VECTORS` practices marks are part of an image.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.report.style import BLUE, GREY, PALE, TEXT, blank, drawing, inline_svg

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from abm.record.results import Run

Array = NDArray[np.float64]

# Okabe and Ito's colours, told apart by colour-blind readers too; shapes and letters say the same.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000")
SHAPES = ("o", "s", "^", "D", "v")
MOST_OUTLINED, MOST_VECTORS = 52, 1_000  # organisations with a letter; practices drawn as shapes
MAPS = 6
SIDE = 330.0  # of a map, SVG units


@dataclass(frozen=True)
class Look:
    """How an organisation is told from others: letter ("" where there are too many), colour and shape of its marks."""

    letter: str
    colour: str
    shape: str


def months_to_map(last: int) -> list[int]:
    """At most six months: 0, whole years apart, and always the last."""
    step = 12 * max(1, ceil(last / 12 / (MAPS - 1)))
    return [*range(0, last, step), last]


def looks(run: Run) -> dict[str, Look]:
    """The look of every organisation of a run that is ever mapped, in the order of founding."""
    table = run.organisations
    shown = table[table["month"].isin(months_to_map(run.last_month))]
    names = shown.drop_duplicates("organisation").sort_values(["founded", "organisation"])["organisation"].tolist()
    return {name: look(i, lettered=len(names) <= MOST_OUTLINED) for i, name in enumerate(names)}


def look(i: int, *, lettered: bool) -> Look:
    """The look of the organisation that was founded as number `i`."""
    letter = _letter(i) if lettered else ""
    return Look(letter, COLOURS[i % len(COLOURS)], SHAPES[(i // len(COLOURS) + i) % len(SHAPES)])


def _letter(i: int) -> str:
    """A to Z, then A2 to Z2."""
    return chr(ord("A") + i % 26) + (str(i // 26 + 1) if i >= 26 else "")


@dataclass(frozen=True)
class Frame:
    """What all maps of a run share: the square that holds every practice, in km, and the size of marks."""

    middle: Array
    half: float
    dot: float

    @classmethod
    def of(cls, practices: pd.DataFrame) -> Frame:
        """The frame around the practices of month 0."""
        place = practices[["x", "y"]].to_numpy(float)
        half = float(np.ptp(place, axis=0).max()) / 2 * 1.12 + 0.5
        return cls((place.max(axis=0) + place.min(axis=0)) / 2, half, min(1.0, (60 / max(len(place), 1)) ** 0.7))


def inline(run: Run, month: int, known: dict[str, Look], alternative: str) -> str:
    """The map of one month as SVG for the page."""
    frame = Frame.of(run.at("practices", 0))
    with drawing(10.5):
        figure = blank(SIDE, SIDE)
        axes = figure.add_axes((0.004, 0.004, 0.992, 0.992))
        draw_map(axes, run.at("practices", month), known, frame)
        return inline_svg(figure, f"map-{month}", alternative)


def draw_map(axes: Axes, rows: pd.DataFrame, known: dict[str, Look], frame: Frame) -> None:
    """Draw one month.

    Args:
        axes: square.
        rows: the practices of the month.
        known: looks by organisation.
        frame: of all maps of the run.
    """
    (x, y), half = frame.middle, frame.half
    axes.set(xlim=(x - half, x + half), ylim=(y - half, y + half), aspect="equal", xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set(visible=True, color=PALE)
    pixels = len(rows) > MOST_VECTORS
    size = np.maximum(frame.dot * rows["list"].to_numpy(float) / 110, 0.6)
    place = rows[["x", "y"]].to_numpy(float)
    organisation = rows["organisation"].to_numpy(object)
    alone = organisation == ""
    axes.scatter(place[alone, 0], place[alone, 1], s=size[alone], facecolors="white", edgecolors=GREY,
                 linewidths=max(0.9 * frame.dot, 0.25), zorder=2, rasterized=pixels)  # fmt: skip
    labels: list[tuple[Array, str]] = []
    links: list[Array] = []
    alike: dict[tuple[str, str], list[Array]] = {}  # rows by colour and shape, drawn together
    for name, members in rows.groupby("organisation", sort=True).indices.items():
        if not name:
            continue
        its, inside = known[str(name)], place[members]
        alike.setdefault((its.colour, its.shape), []).append(np.asarray(members))
        if its.letter:
            outline = hull(inside)
            _outline(axes, outline, its, formal=rows["form"].iloc[members[0]] != "informal")
            labels.append((outline, its.letter))
        else:
            middle = inside.mean(axis=0)
            links += [np.array([middle, one]) for one in inside]
    for (colour, shape), groups in alike.items():
        members = np.concatenate(groups)
        axes.scatter(place[members, 0], place[members, 1], s=size[members], c=colour, marker=shape, edgecolors="white",
                     linewidths=0.5 * frame.dot, zorder=3, rasterized=pixels)  # fmt: skip
    if links:
        from matplotlib.collections import LineCollection

        axes.add_collection(LineCollection(links, colors=GREY, linewidths=0.3, zorder=1.5, rasterized=pixels))
    _letters(axes, labels, place, half)
    _scale_bar(axes, frame)


def _outline(axes: Axes, corners: Array, its: Look, *, formal: bool) -> None:
    dashes: Any = "-" if formal else (0, (3, 2))
    if len(corners) > 1:
        closed = np.vstack([corners, corners[:1]])
        axes.fill(*closed.T, color=its.colour, alpha=0.12, linewidth=0, zorder=1)
        axes.plot(*closed.T, color=its.colour, linewidth=1.3, linestyle=dashes, zorder=1.5)


def hull(points: Array) -> Array:
    """Corners of the convex hull, in order (monotone chain); of points on one line, its ends."""
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


def _letters(axes: Axes, labels: list[tuple[Array, str]], marks: Array, half: float) -> None:
    """A letter outside a corner of each outline: the one farthest from other letters and marks."""
    from matplotlib.patheffects import withStroke

    taken: list[Array] = []
    reach = 0.075 * half
    up = np.array([0.0, reach])
    for corners, letter in labels:
        middle = corners.mean(axis=0)
        away = corners - middle
        away = np.where(np.abs(away).sum(axis=1, keepdims=True) < 1e-9, np.array([[0.0, 1.0]]), away)
        spots = corners + reach * away / np.hypot(*away.T)[:, None]
        spots = np.vstack([spots, corners + up, corners - up])
        others = np.vstack([marks, *(spot[None] for spot in taken), *(spot[None] for spot in taken)])
        gaps = np.hypot(*(spots[:, None, :] - others[None, :, :]).transpose(2, 0, 1))
        free = gaps.min(axis=1)
        if taken:
            free = np.minimum(free, gaps[:, len(marks) :].min(axis=1) / 1.8)
        spot = spots[int(np.argmax(np.round(np.minimum(free, reach), 9)))]
        taken.append(spot)
        axes.annotate(letter, spot, ha="center", va="center", fontsize=10, fontweight="bold", color=TEXT, zorder=5,
                      path_effects=[withStroke(linewidth=2.5, foreground="white")])  # fmt: skip


def _scale_bar(axes: Axes, frame: Frame) -> None:
    half = frame.half
    length = max(n * 10**k for k in range(-1, 4) for n in (1, 2, 5) if n * 10**k <= max(half / 1.5, 0.1))
    x, y = frame.middle[0] - half * 0.95, frame.middle[1] - half * 0.95
    axes.plot([x, x + length], [y, y], color=GREY, linewidth=1.5, solid_capstyle="butt")
    axes.annotate(f"{length:g} km", (x + length, y), xytext=(3, 0), textcoords="offset points", va="center",
                  fontsize=9, color=TEXT)  # fmt: skip


def key(known: dict[str, Look]) -> list[tuple[Any, str]]:
    """Handles and labels of the legend of all maps."""
    from matplotlib.lines import Line2D

    mark: dict[str, Any] = {"linestyle": "none", "markersize": 7}
    outlined = any(one.letter for one in known.values())
    items: list[tuple[Any, str]] = [
        (Line2D([], [], marker="o", markerfacecolor="white", markeredgecolor=GREY, **mark), "practice on its own"),
    ]
    if known:
        recur = "colours and shapes recur" if not outlined else "a colour and shape each"
        each = f"practice in an organisation: {recur}"
        items.append((Line2D([], [], marker="s", color=BLUE, **mark), each))
    if outlined:
        items += [
            (Line2D([], [], color=BLUE, linewidth=1.3), "federation or other formal organisation"),
            (Line2D([], [], color=BLUE, linewidth=1.3, linestyle=(0, (3, 2))), "informal network"),
        ]
    elif known:
        items.append((Line2D([], [], color=GREY, linewidth=0.6), "link to the middle of the organisation"))
    return items


def inline_key(known: dict[str, Look]) -> str:
    """The legend as SVG for the page."""
    items = key(known)
    with drawing(10.5):
        figure = blank(SIDE, 17.0 * len(items) + 4)
        figure.legend(*zip(*items, strict=True), loc="upper left", bbox_to_anchor=(0, 1), frameon=False, borderpad=0,
                      fontsize=10.5, labelspacing=0.4, borderaxespad=0.2)  # fmt: skip
        return inline_svg(figure, "map-key", "Legend of the maps: " + "; ".join(label for _, label in items))
