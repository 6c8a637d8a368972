"""Tables of results as text for a terminal, narrow enough for one of eighty columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Group
    from rich.table import Table


def number(value: float) -> str:
    """A number as a reader wants it: three significant digits, thousands in full, a dash for none."""
    if np.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def interval(low: float, high: float) -> str:
    """An interval as text, empty when there is none."""
    return "" if np.isnan(low) else f"{number(low)} to {number(high)}"


def goal(low: float, high: float) -> str:
    """A range aimed at as text; open ends in words."""
    if np.isinf(low):
        return f"below {number(high)}"
    return f"above {number(low)}" if np.isinf(high) else f"{number(low)} to {number(high)}"


def label(metric: str) -> str:
    """What a series is called, with its unit; its name when it is not declared."""
    from abm.record.series import TABLES

    for series in TABLES["model"]:
        if series.name == metric:
            return f"{series.label} ({series.unit})"
    return metric


def means_text(table: pd.DataFrame) -> Group:
    """Means over seeds, a block for each series."""
    from rich.console import Group
    from rich.markup import escape

    blocks = []
    for metric, rows in table.groupby("metric", sort=False):
        block = _table(label(str(metric)), ("month", "scenario", "mean", "95% t interval", "sd of runs", "runs"))
        for row in rows.to_dict("records"):
            around = interval(row["interval_low"], row["interval_high"])
            cells = (str(row["month"]), escape(row["scenario"]), number(row["mean"]), around, number(row["sd"]))
            block.add_row(*cells, str(row["runs"]))
        blocks.append(block)
    return Group("Mean over seeds, 95% t interval of that mean, and spread (sd) of single runs", "", *blocks)


def differences_text(table: pd.DataFrame) -> Group:
    """Paired differences, a block for each series; those whose interval leaves out zero stand out."""
    from rich.console import Group
    from rich.markup import escape

    baseline = escape(str(table["baseline"].iloc[0]))
    columns = ("month", "scenario", "difference", "95% t interval", "pairs", "saved")
    blocks = []
    for metric, rows in table.groupby("metric", sort=False):
        block = _table(label(str(metric)), columns)
        for row in rows.to_dict("records"):
            low, high, saved = row["interval_low"], row["interval_high"], row["variance_saved"]
            clear = low > 0 or high < 0
            difference = number(row["mean_difference"]) + (" *" if clear else "")
            share = "-" if np.isnan(saved) else f"{100 * saved:.0f}%"
            cells = (str(row["month"]), escape(row["scenario"]), difference, interval(low, high))
            block.add_row(*cells, str(row["pairs"]), share, style="bold" if clear else None)
        blocks.append(block)
    return Group(
        f"Difference from {baseline} on the same seed (* zero lies outside the interval),",
        "and the share of variance that pairing by seed has saved",
        "",
        *blocks,
    )


def failures_text(failures: pd.DataFrame) -> Table:
    """Runs that failed, one line each."""
    from rich.markup import escape

    text = _table(f"{len(failures)} failed; tracebacks are kept with the results", ("scenario", "seed", "error"))
    for row in failures.to_dict("records"):
        text.add_row(escape(row["scenario"]), str(row["seed"]), escape(row["error"]))
    return text


def pilot_text(table: pd.DataFrame) -> Group:
    """Target beside result, a block for each place."""
    from rich.console import Group
    from rich.markup import escape

    blocks = []
    for place, rows in table.groupby("place", sort=False):
        title = f"{place}, {rows['runs'].max()} runs"
        block = _table(title, ("pattern", "months", "target", "result", "95% t interval", "verdict"))
        for row in rows.to_dict("records"):
            around = interval(row["interval_low"], row["interval_high"])
            what = f"{row['pattern']} {row['description']}"
            cells = (escape(what), row["months"], goal(row["low"], row["high"]))
            block.add_row(*cells, number(row["result"]), around, escape(row["verdict"]))
        blocks.append(block)
    return Group(*blocks)


def _table(title: str, columns: Iterable[str]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    return Table(
        *columns,
        title=escape(title),
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
