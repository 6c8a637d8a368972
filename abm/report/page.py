"""The report as one HTML page that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from abm.errors import InputError
from abm.report import maps, plot
from abm.report.charts import GROUPS, Chart
from abm.report.headlines import headlines, what_happened
from abm.report.leavers import Table, leavers
from abm.report.limits import limits
from abm.report.names import Names
from abm.report.organisations import ended, largest
from abm.report.origin import origin
from abm.report.picture import told
from abm.report.question import question
from abm.report.story import story
from abm.report.values import Mark, Values
from abm.report.words import count, listing, number

if TYPE_CHECKING:
    from abm.record.results import Run

HERE = Path(__file__).parent
MOST_MEASURED = 1_000  # practices: in larger places communities of the trust network take long to find
MEASURES = {
    "ties": ("ties", 0), "density": ("density", 3), "components": ("separate parts", 0),
    "modularity": ("modularity of communities", 2), "deprivation_assortativity": ("likeness in deprivation", 2),
    "member_distance": ("km between members", 1), "compactness": ("that over km between any two", 2),
}  # fmt: skip


@dataclass(frozen=True)
class DrawnChart:
    """A chart in the page: picture, caption, figures, and all months as a file inside the page."""

    chart: Chart
    svg: str
    table: Table
    download: str


@dataclass(frozen=True)
class DrawnGroup:
    """Charts under one heading, and sentences on those that have nothing to show."""

    name: str
    title: str
    charts: tuple[DrawnChart, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class DrawnMap:
    """The map of one month."""

    date: str
    told: str
    svg: str


def write_report(run: Run, path: str | Path, beside: Sequence[Run] = ()) -> Path:
    """Write the report of a run.

    Args:
        run: the run.
        path: of the HTML file.
        beside: runs of the same scenario with other seeds; their range is shown.

    Raises:
        InputError: a run beside is of another scenario or has the same seed, or the file cannot be written.
    """
    path = Path(path)
    text = html(Values(run, beside))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise InputError(f"the report '{path}' cannot be written: {problem.strerror}") from None
    return path


def html(values: Values) -> str:
    """The page as text; the same run gives the same text."""
    from jinja2 import Environment, StrictUndefined

    run = values.run
    asked, names = question(values), Names(run)
    marks = list(asked.marks)
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        (HERE / "page.html").read_text("utf-8")
    )
    shown: dict[str, Any] = {
        "style": (HERE / "page.css").read_text("utf-8"),
        "asked": asked, "happened": what_happened(values), "headlines": headlines(values), "count": values.count,
        "seeds": listing(str(one.seed) for one in (run, *values.beside)),
        "start": run.dated(0), "end": run.dated(values.last), "dated": run.dated,
        "seeded": _seeded(values),
        "groups": [_group(values, group, marks) for group in GROUPS],
        "maps": _maps(run, names), "key": maps.inline_key(names.looks), "lettered": _lettered(names),
        "trust": _trust(run), "many": _many(run), "story": story(run, names, marks),
        "organisations": largest(values, names), "ended": ended(values), "leavers": leavers(run),
        "limits": limits(values), "origin": origin(run),
    }  # fmt: skip
    return page.render(shown)


def _group(values: Values, group: Any, marks: Sequence[Mark]) -> DrawnGroup:
    kinds = {chart: values.kind(chart) for chart in group.charts}
    drawn = tuple(_chart(values, chart, marks) for chart, kind in kinds.items() if kind == "drawn")
    remarks = []
    for kind, said in (("zero", "0 in every month"), ("undefined", "not defined in any month")):
        some = [chart.title for chart, found in kinds.items() if found == kind]
        if some:
            remarks.append(f"Not drawn, because {said}: {listing(some)}.")
    return DrawnGroup(group.name, group.title, drawn, tuple(remarks))


def _chart(values: Values, chart: Chart, marks: Sequence[Mark]) -> DrawnChart:
    columns = _columns(values, chart)
    months = values.run.report_months()
    digits = _digits(columns.values())
    rows = tuple(
        (values.run.dated(month), *(number(float(column[month]), digits) for column in columns.values()))
        for month in months
    )
    table = Table(f"{chart.title}, {chart.unit}", ("Month", *columns), rows)
    alternative = f"Line chart: {chart.title}, {chart.unit}. " + " ".join(
        f"{line.label}: {number(float(columns[line.label][0]), digits)} in {values.run.dated(0)}, "
        f"{number(float(columns[line.label][-1]), digits)} in {values.run.dated(values.last)}." for line in chart.lines
    )  # fmt: skip
    return DrawnChart(chart, plot.inline(values, chart, marks, alternative), table, _download(values, columns))


def _columns(values: Values, chart: Chart) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Every number of a chart by what it is, month by month."""
    columns = {line.label: values.line(chart, line) for line in chart.lines}
    spread = values.spread(chart)
    if spread is not None and chart.spread is not None:
        columns |= {
            f"{chart.spread.among}, {nth} percentile": edge for nth, edge in zip(("10th", "90th"), spread, strict=True)
        }
    for line in chart.lines:
        between = values.range(chart, line)
        if between is not None:
            columns |= {f"{line.label}, {word} of {values.count} runs": edge
                        for word, edge in zip(("least", "most"), between, strict=True)}  # fmt: skip
    return columns


def _digits(columns: Any) -> int:
    """Digits after the point, by the largest number."""
    top = max((float(np.nanmax(np.abs(column))) for column in columns if not np.isnan(column).all()), default=0.0)
    return 0 if top >= 100 else 1 if top >= 10 else 2 if top >= 0.1 else 3


def _download(values: Values, columns: dict[str, Any]) -> str:
    """All months as a CSV file in a data address."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(["month", "date", *columns])
    for month in range(values.last + 1):
        day = values.run.calendar.first_day(month)
        figures = ("" if np.isnan(column[month]) else f"{column[month]:.6g}" for column in columns.values())
        lines.writerow([month, f"{day:%Y-%m}", *figures])
    return "data:text/csv;charset=utf-8;base64," + b64encode(written.getvalue().encode()).decode()


def _seeded(values: Values) -> str:
    """Why the charts of collaboration jump after month 0; "" where nothing is placed at the start."""
    if not values.seeded:
        return ""
    run = values.run
    return (
        f"{count(values.seeded, 'practice')} collaborated before the start. They are in no organisation in "
        f"{run.dated(0)} and are placed in groups at the beginning of {run.dated(1)}, under every policy alike."
    )


def _maps(run: Run, names: Names) -> list[DrawnMap]:
    drawn = []
    for month in maps.months_to_map(run.last_month):
        summary = told(run.at("practices", month))
        alternative = f"Map of the practices in {run.dated(month)}: {summary}."
        drawn.append(DrawnMap(run.dated(month), summary, maps.inline(run, month, names.looks, alternative)))
    return drawn


def _lettered(names: Names) -> Table | None:
    """Which letter is which organisation."""
    run = names.run
    last = run.organisations.drop_duplicates("organisation", keep="last").set_index("organisation")
    rows = []
    for name, look in names.looks.items():
        if not look.letter:
            return None
        row: dict[str, Any] = last.loc[name].to_dict()  # type: ignore[assignment]
        until = "at the end" if row["month"] == run.last_month else f"ended after {run.dated(int(row['month']))}"
        rows.append(
            (
                look.letter,
                name,
                names.practice(row["founder"]),
                run.dated(int(row["founded"])),
                row["form"],
                str(int(row["members"])),
                until,
            )
        )
    if not rows:
        return None
    head = ("Letter", "Organisation", "Founder", "Founded", "Form", "Members", "When")
    return Table("Organisations on the maps, as they stood last", head, tuple(rows))


def _many(run: Run) -> str:
    """The number of practices up to which trust is measured, where there are more; else ""."""
    return number(MOST_MEASURED) if len(run.at("practices", 0)) > MOST_MEASURED else ""


def _trust(run: Run) -> Table | None:
    """Shape of the trust network year by year."""
    practices = len(run.at("practices", 0))
    if not 2 <= practices <= MOST_MEASURED:
        return None
    measured = run.network_measures()
    rows = tuple(
        (run.dated(int(row["month"])), *(number(float(row[name]), digits) for name, (_, digits) in MEASURES.items()))
        for _, row in measured.iterrows()
    )
    caption = (
        f"Trust between the {count(practices, 'practice')}; a tie is a pair that trusts each other (above 0.2 of 1)"
    )
    return Table(caption, ("Month", *(words for words, _ in MEASURES.values())), rows)
