"""Published against modelled appointments in one figure: wait bands, non-attendance and months."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from abm.appointments.interface import WAIT_BANDS
from experiments.waits.published import BANDS
from experiments.waits.tables import PREDICTED

if TYPE_CHECKING:
    import pandas as pd

INK, BLUE, PALE = "#212b32", "#005eb8", "#e8edee"
PANELS = (*((band, words.capitalize(), 100.0, "%") for band, words in zip(WAIT_BANDS, BANDS, strict=True)),
          ("no_show", "Not attended", 100.0, "%"), ("total", "Appointments a month", 0.001, "thousand"))  # fmt: skip


def draw_fit(months: pd.DataFrame, paths: list[Path], title: str) -> None:
    """Draw nine panels: dots for published months, lines for the model, the predicted months shaded.

    Args:
        months: as `tables.months_table` gives it.
        paths: files to write; the ending tells SVG or PNG.
        title: stands above the panels.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(
        {"svg.hashsalt": "gpfed", "font.size": 8.5, "axes.spines.top": False, "axes.spines.right": False}
    ):
        figure = Figure(figsize=(12, 8.2), layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold", color=INK)
        place = {month: i for i, month in enumerate(_calendar(months))}
        for axes, panel in zip(figure.subplots(3, 3).flat, PANELS, strict=True):
            _panel(axes, months[months["quantity"] == panel[0]], panel, place)
        handles, labels = axes.get_legend_handles_labels()
        by_label = dict(zip(labels, handles, strict=True))
        figure.legend(by_label.values(), by_label.keys(), loc="outside lower left", ncols=3, frameon=False)
        for path in paths:
            metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
            figure.savefig(path, dpi=130, metadata=metadata)


def _calendar(months: pd.DataFrame) -> list[str]:
    """Every month from the first to the last, those without figures too."""
    first, last = min(months["month"]), max(months["month"])
    at, end = 12 * int(first[:4]) + int(first[5:]) - 1, 12 * int(last[:4]) + int(last[5:]) - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(at, end + 1)]


def _panel(axes: Any, rows: pd.DataFrame, panel: tuple[str, str, float, str], place: dict[str, int]) -> None:
    _, title, scale, unit = panel
    for _, era in rows.groupby("era"):
        x = era["month"].map(place)
        axes.plot(x, era["modelled"] * scale, color=BLUE, linewidth=1.6, label="model")
        axes.plot(x, era["published"] * scale, color=INK, marker="o", markersize=2.8, linestyle="", label="published")
        predicted = x[era["part"] == PREDICTED]
        if len(predicted):
            axes.axvspan(predicted.min() - 0.5, predicted.max() + 0.5, color=PALE, linewidth=0, zorder=0,
                         label="predicted, not fitted")  # fmt: skip
    axes.set_title(f"{title}, {unit}", loc="left", fontsize=9.5, fontweight="bold")
    axes.set_ylim(0, 1.15 * max(rows["modelled"].max(), rows["published"].max()) * scale)
    januaries = [(i, month[:4]) for month, i in place.items() if month.endswith("-01")]
    axes.set_xticks([i for i, _ in januaries], [year for _, year in januaries])
    axes.set_xlim(-1, len(place))
    axes.grid(axis="y", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
