"""One picture of a run, for a slide: organisations on the map year by year, and the main series below."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from abm.errors import InputError
from abm.report import maps, plot
from abm.report.charts import CHARTS
from abm.report.names import heading
from abm.report.question import marks
from abm.report.style import GREY, drawing
from abm.report.values import Values
from abm.report.words import count, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from abm.record.results import Run

FORMATS = (".png", ".svg")
SLIDE = ("in-organisations", "population", "capability", "engagement", "roles", "high-burnout", "load", "prompt")
INCHES, DOTS = (13.33, 8.33), 150


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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with drawing(9, run.name):
        figure = Figure(figsize=INCHES, dpi=DOTS, facecolor="white")
        FigureCanvasAgg(figure)
        values = Values(run)
        _titles(figure, run)
        _maps(figure, run)
        _charts(figure, values)
        _foot(figure, values)
        path.parent.mkdir(parents=True, exist_ok=True)
        save(figure, path)
    return path


def save(figure: Figure, path: Path) -> None:
    """Write a figure as the suffix says; the same figure gives the same bytes."""
    metadata = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
    figure.savefig(path, dpi=DOTS, metadata=metadata)


def draw_all(values: Values, folder: str | Path) -> list[Path]:
    """Every chart of the report, and the slide, as PNG and SVG files in a folder.

    Returns:
        The files, in the order of the report.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"the folder '{folder}' cannot be written: {problem.strerror}") from None
    files = [draw(values.run, folder / f"picture{form}") for form in FORMATS]
    changes = marks(values.run)
    for name, chart in CHARTS.items():
        if values.kind(chart) == "drawn":
            figure = plot.picture(values, chart, changes, values.run.name)
            for form in FORMATS:
                with drawing(10.5, values.run.name):
                    save(figure, folder / f"{name}{form}")
                files.append(folder / f"{name}{form}")
    return files


def _titles(figure: Figure, run: Run) -> None:
    policy = run.manifest["scenario"]["policy"]
    title = policy.get("title") or policy.get("name") or ""
    figure.text(0.03, 0.966, heading(run), fontsize=18, fontweight="bold", va="center")
    parts = [f"policy: {title}"] if title else []
    parts += [
        f"{run.dated(1)} to {run.dated(run.last_month)}",
        f"seed {run.seed}",
        "one run of the model, not a forecast",
    ]
    figure.text(0.03, 0.932, "  ·  ".join(parts), fontsize=10.5, color=GREY, va="center")


def _maps(figure: Figure, run: Run) -> None:
    months, known = maps.months_to_map(run.last_month), maps.looks(run)
    frame = maps.Frame.of(run.at("practices", 0))
    width = 0.95 / maps.MAPS
    left = 0.5 - width * len(months) / 2
    for i, month in enumerate(months):
        axes = figure.add_axes((left + i * width, 0.575, width * 0.97, 0.30))
        rows = run.at("practices", month)
        axes.set_title(run.dated(month), fontsize=10, fontweight="bold", pad=16)
        axes.text(0.5, 1.02, told(rows), fontsize=8.5, color=GREY, ha="center", va="bottom", transform=axes.transAxes)
        maps.draw_map(axes, rows, known, maps.Frame(frame.middle, frame.half, 0.45 * frame.dot))
    items = maps.key(known)
    figure.legend(*zip(*items, strict=True), loc="center", bbox_to_anchor=(0.5, 0.552), ncols=len(items), frameon=False,
                  fontsize=8.5, handletextpad=0.4)  # fmt: skip
    figure.text(0.97, 0.932, "area of a mark: registered patients", fontsize=8.5, color=GREY, ha="right", va="center")


def told(rows: Any) -> str:
    """How many practices of a month are in how many organisations."""
    inside = rows["organisation"] != ""
    if not inside.any():
        return "no practice in an organisation"
    return f"{percent(inside.mean())} in {count(rows['organisation'][inside].nunique(), 'organisation')}"


def _charts(figure: Figure, values: Values) -> None:
    grid = figure.add_gridspec(2, 4, left=0.04, right=0.972, bottom=0.095, top=0.46, wspace=0.26, hspace=0.75)
    changes = marks(values.run)
    for i, name in enumerate(SLIDE):
        chart = CHARTS[name]
        axes = figure.add_subplot(grid[i // 4, i % 4])
        plot.plot(axes, values, chart, changes)
        plot.legend(axes, values, chart, above=10, size=7.3, columns=3, left=8)
        axes.set_title(chart.title, fontsize=9.5, loc="left", fontweight="bold", x=-0.03, pad=24)
        axes.set_ylabel(chart.unit, fontsize=8)
        axes.tick_params(labelsize=8)


def _foot(figure: Figure, values: Values) -> None:
    """What is not seen in the charts: where the first groups come from, and what the numbered marks are."""
    run = values.run
    parts = [f"{mark.letter}: {run.dated(mark.month)}, {mark.short}" for mark in marks(run)]
    if values.seeded:
        parts.insert(0, f"{count(values.seeded, 'practice')} collaborated before the start: not shown in "
                        f"{run.dated(0)}, "
                        f"placed in groups at the beginning of {run.dated(1)}")  # fmt: skip
    figure.text(0.03, 0.012, fill("  ·  ".join(parts), 190), fontsize=8, color=GREY, va="bottom")
