"""Charts, headline figures and dated marks from the frames of a run, as plain data for the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite, nan
from typing import Any

from abm.calendar import Calendar
from abm.record.explanations.times import lever_words
from abm.report.charts import CHARTS, Chart
from abm.report.headlines import MEASURES, Measure
from abm.scenario.scenario import Scenario
from viz.frame import Frame, label

YEAR = 12
SHOWN: dict[str, tuple[str, ...]] = {
    "Organisations": ("in-organisations", "organisations", "size-bands", "population", "owned", "joining", "merging"),
    "Leadership and capability": ("capability", "leader-load", "engagement"),
    "GPs": ("fte", "high-burnout", "vacancies"),
    "Patients": ("prompt", "waits", "usual-gp", "hospital"),
    "Money": ("income", "payments"),
}
"""Charts of the report that stand on the page, by heading."""

HEADLINES: dict[str, str] = {
    "collaborating_share": "Practices in organisations",
    "organisations": "Organisations",
    "organisation_population_mean": "Their mean population",
    "capability": "Their capability, 0 to 1",
    "fte": "GPs, full-time equivalents",
    "high_burnout_share": "GPs with high burnout",
    "same_day_share": "Urgent requests met the same day",
    "continuity": "Continuity of care, 0 to 1",
}
"""Headline figures of the report that stand on the page, with the few words there is room for."""
FEW_TICKS = 6


def marks(scenario: Scenario) -> list[dict[str, Any]]:
    """Dated changes of levers and shocks, lettered in order of month."""
    calendar = Calendar(scenario.start)
    found = [
        (change.month, f"{lever_words(name, value)}")
        for change in scenario.timeline
        for name, value in change.levers_set.items()
    ]
    found += [(shock.month, str(shock.kind).replace("_", " ")) for shock in scenario.shocks]
    return [
        {"letter": label(number), "month": month, "date": calendar.label(month), "text": text}
        for number, (month, text) in enumerate(sorted(found, key=lambda one: one[0]))
    ]


def charts(
    frames: Sequence[Frame], horizon: int, start: date, shown: int, marked: list[dict[str, Any]]
) -> dict[str, Any]:
    """Every chart with its values from month 0."""
    calendar = Calendar(start)
    years = [
        {"month": month, "label": str(calendar.first_day(month).year)}
        for month in range(1, horizon + 1)
        if calendar.first_day(month).month == 1
    ]
    every = -(-len(years) // FEW_TICKS) if years else 1
    return {
        "charts": [
            {"title": title, "charts": [_chart(CHARTS[name], frames) for name in names]}
            for title, names in SHOWN.items()
        ],
        "dates": [calendar.label(frame.month) for frame in frames],
        "date": calendar.label(shown),
        "months": len(frames) - 1,
        "horizon": horizon,
        "years": years[::every],
        "shown": shown,
        "marks": [mark for mark in marked if mark["month"] <= horizon],
    }


def _chart(chart: Chart, frames: Sequence[Frame]) -> dict[str, Any]:
    lines = [{"label": line.label, "values": _line(chart, line.columns, frames)} for line in chart.lines]
    most = max((abs(value) for line in lines for value in line["values"] if value is not None), default=0.0)
    return {
        "name": chart.name,
        "title": chart.title,
        "unit": chart.unit,
        "note": chart.note,
        "level": chart.level,
        "from_zero": chart.from_zero,
        "digits": 0 if most >= 100 else 1 if most > 3 else 2,
        "lines": lines,
    }


def _line(chart: Chart, columns: Sequence[str], frames: Sequence[Frame]) -> list[float | None]:
    values = [sum(frame.values[column] for column in columns) for frame in frames]
    if chart.yearly:  # sums of twelve months, which are not known before
        sums = [sum(values[month - YEAR + 1 : month + 1]) for month in range(YEAR, len(values))]
        values = [nan] * min(YEAR, len(values)) + sums
    if chart.over:
        values = [value / frame.values[chart.over] for value, frame in zip(values, frames, strict=True)]
    return [round(chart.scale * value, 6) if isfinite(value) else None for value in values]


def headlines(frames: Sequence[Frame], shown: int) -> list[dict[str, str]]:
    """Headline figures of one month, and their distance from month 0."""
    known = {measure.column: measure for measure in MEASURES}
    return [_headline(known[name], words, frames, shown) for name, words in HEADLINES.items()]


def _headline(measure: Measure, words: str, frames: Sequence[Frame], shown: int) -> dict[str, str]:
    now, first = _value(measure, frames[shown]), _value(measure, frames[0])
    percent = "%" if measure.unit == "%" else ""
    change = "at the start" if shown == 0 else ""
    if shown and isfinite(first):
        difference = round(now - first, measure.digits)
        sign = "+" if difference > 0 else "−" if difference < 0 else "±"
        change = f"{sign}{abs(difference):,.{measure.digits}f}{' points' if percent else ''}"
    text = f"{now:,.{measure.digits}f}{percent}" if isfinite(now) else "–"
    return {"label": words, "value": text, "change": change}


def _value(measure: Measure, frame: Frame) -> float:
    value = frame.values[measure.column]
    if measure.over:
        value /= frame.values[measure.over]
    return value * (100.0 if measure.unit == "%" else measure.scale)
