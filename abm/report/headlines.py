"""Headline figures against the start, and what happened in sentences made from the numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from abm.report.values import COUNTED, Values, moves
from abm.report.words import count, listing, moved, number, percent

if TYPE_CHECKING:
    import pandas as pd


NETWORK = "informal network"


@dataclass(frozen=True)
class Measure:
    """A headline figure: a series of the model table.

    Attributes:
        column: of the table.
        label: in words.
        unit: shown in the table; "%" shows shares as percentages.
        digits: after the point.
        over: series that it is divided by.
        scale: times which it is shown.
        uncalibrated: whether its level is not to be read as that of a real place.
    """

    column: str
    label: str
    unit: str
    digits: int = 0
    over: str = ""
    scale: float = 1.0
    uncalibrated: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure("collaborating_share", "Practices in any organisation", "%"),
    Measure("federation_share", "Practices in federations", "%"),
    Measure("organisations", "Organisations", "organisations"),
    Measure("organisation_population_mean", "Mean population of an organisation", "patients"),
    Measure("share_population_25_100k", "Patients in organisations of 25,000 to 100,000", "%"),
    Measure("capability", "Capability of organisations", "0 to 1", 2),
    Measure("personal_capability_share", "Share of capability that would leave with the leaders", "%"),
    Measure("engagement", "Engagement of member practices", "0 to 1", 2),
    Measure("fte", "GP working time", "full-time equivalents", 1),
    Measure("partner_share", "Partners' share of GP working time", "%"),
    Measure("vacancy_share", "Vacant share of the GP working time sought", "%"),
    Measure("high_burnout_share", "GPs with high burnout", "%"),
    Measure("partner_income_p50", "Partner income, median", "£ a full-time year", uncalibrated=True),
    Measure("load", "Load of GPs", "ratio", 2, uncalibrated=True),
    Measure("access", "Access", "0 to 1", 2, uncalibrated=True),
    Measure("same_day_share", "Urgent requests met the same day", "%", uncalibrated=True),
    Measure("continuity", "Continuity of care", "0 to 1", 2),
    Measure(
        "unmet_urgent",
        "Urgent requests never met",
        "a month and 1,000 patients",
        1,
        "patients",
        1_000,
        uncalibrated=True,
    ),
    Measure("attendances_per_1000", "A&E attendances", "a year and 1,000 patients", 1, uncalibrated=True),
    Measure("admissions_per_1000", "Emergency admissions", "a year and 1,000 patients", 1, uncalibrated=True),
)


@dataclass(frozen=True)
class Headline:
    """One row of the table.

    Attributes:
        label, unit: of the measure.
        start, end, change: as text; the start carries its date where it is not month 0.
        direction: "up", "down" or "same", "" where there is nothing to compare.
        across: least and most at the end over several runs, "" for one.
        uncalibrated: whether the level is not to be read as that of a real place.
    """

    label: str
    unit: str
    start: str
    end: str
    change: str
    direction: str
    across: str
    uncalibrated: bool


def headlines(values: Values) -> list[Headline]:
    """The measures that are defined at the end of the run."""
    return [row for measure in MEASURES if (row := _headline(values, measure)) is not None]


def _series(model: pd.DataFrame, measure: Measure) -> pd.Series[float]:
    column = model[measure.column].astype(float)
    scale = 100.0 if measure.unit == "%" else measure.scale
    return scale * (column / model[measure.over] if measure.over else column)


def _headline(values: Values, measure: Measure) -> Headline | None:
    shown = _series(values.model, measure)
    known = shown.dropna()
    if values.last not in known.index:
        return None
    first = int(known.index[0])
    before, after = round(float(known.iloc[0]), measure.digits), round(float(known.iloc[-1]), measure.digits)
    start, end = number(before, measure.digits), number(after, measure.digits)
    if first:
        start += f" ({values.run.dated(first)})"
    difference = after - before
    direction = "same" if abs(difference) < 0.5 * 10.0**-measure.digits else "up" if difference > 0 else "down"
    change = ("" if direction != "up" else "+") + number(difference, measure.digits)
    if first == values.last:
        change, direction = "–", ""
    unit = "% (change in percentage points)" if measure.unit == "%" else measure.unit
    return Headline(measure.label, unit, start, end, change, direction, _across(values, measure),
                    measure.uncalibrated)  # fmt: skip


def _across(values: Values, measure: Measure) -> str:
    if values.count == 1:
        return ""
    ends = np.array([_series(model, measure).loc[values.last] for model in values.models])
    ends = ends[~np.isnan(ends)]
    return f"{number(ends.min(), measure.digits)} to {number(ends.max(), measure.digits)}" if len(ends) else "–"


def what_happened(values: Values) -> list[str]:
    """Plain sentences on the whole run."""
    start, end = values.at(0), values.at(values.last)
    return [
        _at_the_start(values, start),
        *_collaboration(values, end),
        *_workforce(values, start, end),
        *_care(start, end),
    ]


def _at_the_start(values: Values, start: dict[str, float]) -> str:
    people = (
        f"{number(start['fte'], 1)} full-time equivalents of GPs for {number(start['patients'])} registered patients"
    )
    text = f"At the end of {values.run.dated(0)} there were {count(int(start['practices']), 'practice')} with {people}."
    if values.seeded:
        text += (
            f" {count(values.seeded, 'practice')} that collaborated before the start "
            f"{'is' if values.seeded == 1 else 'are'} placed in groups at the beginning of {values.run.dated(1)}."
        )
    return text


def _collaboration(values: Values, end: dict[str, float]) -> list[str]:
    run, last = values.run, values.last
    model = values.model.loc[1:]
    formed, ended = int(model["organisations_formed"].sum()), int(model["organisations_ended"].sum())
    if not formed:
        return [f"No organisation was formed up to {run.dated(last)}."]
    members = round(end["collaborating_share"] * end["practices"])
    forms = run.at("organisations", last)["form"].map(lambda form: NETWORK if form == "informal" else str(form))
    told = sorted(forms.value_counts().items(), key=lambda item: (item[0] != "federation", item[0]))
    kinds = listing(count(int(n), str(form)) for form, n in told)
    mean = number(end["organisation_population_mean"])
    where = f" in {kinds}, on average of {mean} patients" if kinds else " in an organisation"
    before = " (those placed at the start included)" if values.seeded else ""
    joined, left = (len(entries) for entries in moves(run))
    return [
        f"At the end of {run.dated(last)} {members} of {count(int(end['practices']), 'practice')} "
        f"({percent(end['collaborating_share'])}) were{where}.",
        f"In between {count(formed, 'organisation')} {'was' if formed == 1 else 'were'} formed{before} and "
        f"{ended if ended else 'none'} ended; practices joined {_times(joined)} and left {_times(left)} "
        f"({COUNTED}).",
        *_fewer(model),
    ]


def _fewer(model: pd.DataFrame) -> list[str]:
    """How many practices ended, and how; nothing where all are there."""
    merged, closed = int(model["practices_merged"].sum()), int(model["closures"].sum())
    if not merged + closed:
        return []
    begun, failed = int(model["mergers_begun"].sum()), int(model["mergers_failed"].sum())
    return [
        f"{count(merged, 'practice')} became part of another and {closed if closed else 'none'} "
        f"{'was' if closed == 1 else 'were'} closed; of {count(begun, 'merger')} that began {failed} failed."
    ]


def _times(n: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n:,} times")


def _workforce(values: Values, start: dict[str, float], end: dict[str, float]) -> list[str]:
    model = values.model.loc[1:]
    time = moved(number(start["fte"], 1), number(end["fte"], 1), start["fte"], end["fte"])
    high = moved(percent(start["high_burnout_share"]), percent(end["high_burnout_share"]),
                 start["high_burnout_share"], end["high_burnout_share"])  # fmt: skip
    left, came = count(int(model["exits"].sum()), "GP"), int(model["entrants"].sum())
    return [
        f"GP working time {time} full-time equivalents: {left} left practice and {came if came else 'none'} arrived.",
        f"The share of GPs with high burnout {high}.",
    ]


def _care(start: dict[str, float], end: dict[str, float]) -> list[str]:
    load = moved(number(start["load"], 2), number(end["load"], 2), start["load"], end["load"])
    prompt = moved(percent(start["same_day_share"]), percent(end["same_day_share"]),
                   start["same_day_share"], end["same_day_share"])  # fmt: skip
    own = moved(percent(start["usual_gp_share"]), percent(end["usual_gp_share"]),
                start["usual_gp_share"], end["usual_gp_share"])  # fmt: skip
    return [
        f"The load of GPs (work for GPs over GP appointments) {load}; the share of urgent requests met the same day "
        f"{prompt}; the share of GP contacts with the patient's usual GP {own}.",
    ]
