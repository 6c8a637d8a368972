"""One chart of the report: dated axis, lines, spread between practices, range over runs, marks of what changed."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from abm.report.style import GREY, LINES, PALE, TEXT, blank, drawing, inline_svg
from abm.report.values import YEAR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from abm.report.charts import Chart
    from abm.report.values import Mark, Values

WIDTH, HEIGHT, TITLE = 360.0, 236.0, 34.0  # SVG units
LEFT = 40.0  # from the axis to unit and legend
TICKS = 6  # on an axis


def inline(values: Values, chart: Chart, marks: Sequence[Mark], alternative: str) -> str:
    """A chart as SVG for the page; its title stands in the page."""
    with drawing(10.5):
        return inline_svg(_figure(values, chart, marks, titled=False), chart.name, alternative)


def picture(values: Values, chart: Chart, marks: Sequence[Mark], salt: str) -> Figure:
    """A chart as a picture of its own, with its title."""
    with drawing(10.5, salt):
        return _figure(values, chart, marks, titled=True)


def _figure(values: Values, chart: Chart, marks: Sequence[Mark], *, titled: bool) -> Figure:
    height = HEIGHT + (TITLE if titled else 0)
    figure = blank(WIDTH, height)
    if titled:
        figure.text(0.02, 1 - 4 / height, chart.title, fontsize=12, fontweight="bold", va="top")
    rows = legend_rows(values, chart)
    top = (TITLE if titled else 0) + 20 + 15 * rows
    axes = figure.add_axes((46 / WIDTH, 42 / height, (WIDTH - 62) / WIDTH, (height - 42 - top) / height))
    plot(axes, values, chart, marks)
    legend(axes, values, chart, above=18)
    axes.annotate(chart.unit, (0, 1), xycoords="axes fraction", xytext=(-LEFT, 6), textcoords="offset points",
                  fontsize=10, color=GREY, va="bottom")  # fmt: skip
    return figure


def plot(axes: Axes, values: Values, chart: Chart, marks: Sequence[Mark]) -> None:
    """Draw a chart's lines, bands, dates and marks."""
    months, last = values.months, values.last
    spread = values.spread(chart)
    if spread is not None:
        axes.fill_between(months, *spread, color=LINES[0][0], alpha=0.16, linewidth=0, label="_")
    for line, (colour, dashes) in zip(chart.lines, LINES, strict=False):
        shown = values.line(chart, line)
        between = values.range(chart, line)
        seen = ~np.isnan(shown) if chart.sparse else np.ones(len(shown), bool)
        if between is not None:
            between = between[0][seen], between[1][seen]
            axes.fill_between(months[seen], *between, color=colour, alpha=0.07, linewidth=0, label="_")
            for edge in between:
                axes.plot(months[seen], edge, color=colour, linestyle=dashes, linewidth=0.7, alpha=0.8, label="_")
        lone = "o" if chart.sparse or np.count_nonzero(~np.isnan(shown)) == 1 else ""
        axes.plot(
            months[seen], shown[seen], color=colour, linestyle=dashes, linewidth=1.9, marker=lone, label=line.label
        )
    if chart.level is not None:
        axes.axhline(chart.level, color=GREY, linewidth=0.8, zorder=0.5)
    axes.set_xlim(0, max(last, 1))
    date_axis(axes, values)
    _limits(axes, chart)
    _mark(axes, marks)
    axes.grid(axis="y", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=3, labelsize=10)


def date_axis(axes: Axes, values: Values) -> None:
    """Month and year at whole years from month 0; the last month too where there is room."""
    last = values.last
    step = YEAR * max(1, ceil(last / YEAR / (TICKS - 1)))
    ticks = list(range(0, last + 1, step))
    if last - ticks[-1] > step / 2:
        ticks.append(last)
    days = [values.run.calendar.first_day(month) for month in ticks]
    axes.set_xticks(ticks, [f"{day:%b}\n{day.year}" for day in days])


def _limits(axes: Axes, chart: Chart) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, high = axes.get_ylim()
    if chart.from_zero:
        low = 0.0
    if chart.unit.startswith("%"):
        high = min(high, 100.0)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    axes.set_ylim(low, high)
    whole = chart.unit.partition(" ")[0] in ("organisations", "practices", "GPs")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=whole))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value + 0.0:,.10g}".replace("-", "−")))


def _mark(axes: Axes, marks: Sequence[Mark]) -> None:
    """An upright line for each mark with its letter; the page says what the letters mean."""
    from matplotlib.transforms import blended_transform_factory

    across = blended_transform_factory(axes.transData, axes.transAxes)
    circle = {"boxstyle": "circle,pad=0.15", "fc": "white", "ec": TEXT, "lw": 0.8}
    for mark in marks:
        axes.axvline(mark.month, color=TEXT, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=1)
        axes.text(mark.month, 1.0, mark.letter, transform=across, ha="center", va="center", fontsize=8.5, zorder=5,
                  fontweight="bold", bbox=circle)  # fmt: skip


def legend_rows(values: Values, chart: Chart) -> int:
    """Rows that the legend takes, two entries each."""
    return ceil(len(_entries(values, chart)) / 2)


def legend(
    axes: Axes, values: Values, chart: Chart, above: float, size: float = 10.0, columns: int = 2, left: float = LEFT
) -> None:
    """The legend above the axes.

    Args:
        axes: of the chart.
        values: what it shows.
        chart: the chart.
        above: distance from the axes in points.
        size: of the type.
        columns: of entries.
        left: how far it begins to the left of the axes, in points.
    """
    entries = _entries(values, chart)
    if not entries:
        return
    handles, labels = zip(*entries, strict=True)
    from matplotlib.transforms import ScaledTranslation

    figure = axes.figure
    shift = ScaledTranslation(-left / 72, above / 72, figure.dpi_scale_trans)  # type: ignore[union-attr]
    axes.legend(handles, labels, loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=axes.transAxes + shift,
                ncols=columns, frameon=False, fontsize=size, handlelength=0.22 * size, handletextpad=0.5,
                columnspacing=0.11 * size, borderpad=0, labelspacing=0.3, borderaxespad=0)  # fmt: skip


def _entries(values: Values, chart: Chart) -> list[tuple[Any, str]]:
    """Handles and labels: lines where there are several or a band to tell them from, then the bands."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bands: list[tuple[Any, str]] = []
    if chart.spread:
        bands.append((Patch(facecolor=LINES[0][0], alpha=0.16), chart.spread.label))
    if values.count > 1:
        thin = Patch(facecolor="#eef3fa", edgecolor=LINES[0][0], linewidth=0.7)
        bands.append((thin, f"range over {values.count} runs (thin)"))
    if len(chart.lines) == 1 and not bands:
        return []
    lines = [
        (Line2D([], [], color=colour, ls=dashes, linewidth=1.9), line.label)
        for line, (colour, dashes) in zip(chart.lines, LINES, strict=False)
    ]
    return [*lines, *bands]
