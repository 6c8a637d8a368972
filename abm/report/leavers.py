"""Who left practice and why, and who arrived: counts from events, reasons from the terms of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from abm.report.values import COUNTED, moves
from abm.report.words import count, listing, number, percent

if TYPE_CHECKING:
    from abm.record.results import Run

ROLES = {"partner": "partners", "salaried": "salaried GPs", "sessional": "sessional GPs"}
AGES = ((0, 35, "under 35"), (35, 45, "35 to 44"), (45, 55, "45 to 54"), (55, 60, "55 to 59"), (60, 200, "60 and over"))
YEAR = 12
MOVES = ("gave up partnership", "became partner", "turned sessional", "took salaried post", "gave up a session")


@dataclass(frozen=True)
class Table:
    """A table of the page: head, rows of text (the first cell names the row), and what it shows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Leavers:
    """The section: sentences, then tables."""

    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


def leavers(run: Run) -> Leavers:
    """Exits and arrivals of GPs, and practices that left organisations, from month 1."""
    events = run.events
    events = events[events["month"] >= 1]
    exits = events[events["kind"] == "left practice"]
    arrived = events[events["kind"] == "arrived"]
    decided = _decided(run)
    burnout = _burnout(exits, decided)
    threshold = run.manifest["scenario"]["parameters"]["wellbeing"]["high_burnout"]
    tables = (_by_age(exits, burnout, threshold), _by_year(run, exits, arrived, events), _departures(moves(run)[1]))
    told = _sentences(run, exits, arrived, burnout, decided)
    return Leavers(tuple(told), tuple(table for table in tables if table is not None))


def _sentences(
    run: Run, exits: pd.DataFrame, arrived: pd.DataFrame, burnout: pd.Series[float], decided: pd.DataFrame
) -> list[str]:
    if not len(exits):
        return [f"No GP left practice from {run.dated(1)} to {run.dated(run.last_month)}."]
    told = [
        f"{count(len(exits), 'GP')} left practice ({_roles(exits)}); their median age was "
        f"{number(exits['value'].median())}. {count(len(arrived), 'GP')} arrived"
        + (f" ({_roles(arrived)})." if len(arrived) else ".")
    ]
    return told + _reasons(run, exits, burnout, decided)


def _roles(events: pd.DataFrame) -> str:
    found = ((int((events["detail"] == role).sum()), words) for role, words in ROLES.items())
    return listing(f"{n} {words if n != 1 else words.removesuffix('s')}" for n, words in found if n)


def _decided(run: Run) -> pd.DataFrame:
    """The decisions to leave practice, by month and GP."""
    left = run.where("decisions", {"kind": ["exit"], "choice": ["leave practice"]})
    return left[left["month"] >= 1].drop_duplicates(["month", "who"]).set_index(["month", "who"])


def _burnout(exits: pd.DataFrame, decided: pd.DataFrame) -> pd.Series[float]:
    """Burnout of those who left, in the order of the events; NaN where no decision tells it."""
    who = pd.MultiIndex.from_frame(exits[["month", "who"]])
    if "term_burnout" not in decided:
        return pd.Series(np.nan, index=exits.index)
    return pd.Series(decided["term_burnout"].reindex(who).to_numpy(float), index=exits.index)


def _reasons(run: Run, exits: pd.DataFrame, burnout: pd.Series[float], decided: pd.DataFrame) -> list[str]:
    """What weighed in the decisions to leave: age through the yearly hazard, and burnout as a factor of it."""
    parameters = run.manifest["scenario"]["parameters"]
    by_age, bounds = parameters["workforce"]["exit_by_age"], parameters["workforce"]["age_bounds"]
    oldest = float((exits["value"] >= bounds[-1]).mean())
    told = [
        "In the model GPs leave by age and by burnout. At usual burnout a GP of "
        f"{bounds[-1]:g} or over leaves with a chance of {_a_year(by_age[-1])} a year, one under {bounds[0]:g} with "
        f"{_a_year(by_age[0])}. {percent(oldest)} of those who left were {bounds[-1]:g} or over."
    ]
    threshold = parameters["wellbeing"]["high_burnout"]
    known = burnout.dropna()
    if len(known):
        told.append(
            f"{percent(float((known >= threshold).mean()))} of those who left had high burnout ({threshold:g} or more)"
            f"{_of_those_who_stay(run, threshold)}."
        )
    factor = decided.get("term_burnout_factor", pd.Series(dtype=float)).dropna()
    if len(factor):
        told.append(
            f"Burnout multiplied the hazard of leaving by {number(float(factor.median()), 2)} at the median of those "
            f"who left, and by more than 1.5 for {percent(float((factor > 1.5).mean()))} of them."
        )
    return told


def _of_those_who_stay(run: Run, threshold: float) -> str:
    gps = run.gps
    if not len(gps):
        return ""
    every = int(run.manifest["scenario"].get("gps_every", 1))
    when = "over all months" if every == 1 else f"over the months in which GPs were counted (every {every} months)"
    return f", against {percent(float((gps['burnout'] >= threshold).mean()))} of GPs in practice {when}"


def _a_year(hazard: float) -> str:
    return percent(float(1 - np.exp(-hazard)))


def _by_age(exits: pd.DataFrame, burnout: pd.Series[float], threshold: float) -> Table | None:
    """Exits by age band and role, with those of high burnout."""
    if not len(exits):
        return None
    bands = [(label, (exits["value"] >= low) & (exits["value"] < high)) for low, high, label in AGES]
    rows = []
    for label, band in [*bands, ("all ages", exits["value"].notna())]:
        some, high_burnout = exits[band], int((burnout[band] >= threshold).sum())
        counts = (int((some["detail"] == role).sum()) for role in ROLES)
        rows.append((label, *(str(n) for n in counts), str(len(some)), str(high_burnout)))
    head = ("Age", *ROLES.values(), "all", "of these with high burnout")
    return Table("GPs who left practice, by age, role and burnout", head, tuple(rows))


def _by_year(run: Run, exits: pd.DataFrame, arrived: pd.DataFrame, events: pd.DataFrame) -> Table:
    rows = []
    kinds = [("left practice", exits), ("arrived", arrived)]
    kinds += [(kind, events[events["kind"] == kind]) for kind in MOVES]
    for year in range(-(-run.last_month // YEAR)):
        first, last = YEAR * year + 1, min(YEAR * (year + 1), run.last_month)
        counts = tuple(str(int(found["month"].between(first, last).sum())) for _, found in kinds)
        rows.append((f"{run.dated(first)} to {run.dated(last)}", *counts))
    return Table("GPs who left, arrived and moved, year by year", ("Year", *(kind for kind, _ in kinds)), tuple(rows))


def _departures(left: pd.DataFrame) -> Table | None:
    if not len(left):
        return None
    why = left["why_ended"].str.replace(r"^left for .*", "left for another organisation", regex=True)
    counts = why.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    rows = tuple((str(reason), str(int(n))) for reason, n in counts.items())
    return Table(f"Practices that left an organisation, by reason; {COUNTED}", ("Reason", "times"), rows)
