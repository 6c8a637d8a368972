"""Whom one could ask about, and how to read what is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from abm.record.explanations.memory import rows
from abm.record.explanations.names import Names
from abm.record.explanations.weighing import count

if TYPE_CHECKING:
    from abm.record.results import Run

FEW = 5  # of each kind


def whom(run: Run, folder: str = "RUN") -> str:
    """Who could be asked about: the largest organisations, practices and GPs with most events, the commissioners."""
    names, events, month = Names.of(run), run.events, run.last_month
    table = run.at("organisations", month)
    largest = rows(table.sort_values(["population", "organisation"], ascending=[False, True]).head(FEW))
    practices = set(run.practices["practice"])
    told = events["who"].value_counts().add(events["about"].value_counts(), fill_value=0)
    busy = [(str(name), float(number)) for name, number in sorted(told.items(), key=lambda item: (-item[1], item[0]))]
    known = practices | set(run.memberships["where"]) | set(run.practices["commissioner"])
    gps = set(run.memberships.loc[run.memberships["relation"] == "post", "who"]) - known
    lines = [f"{run.name}, seed {run.seed}: who can be explained", "", f"Largest organisations, {run.dated(month)}:"]
    lines += [
        f"  {row['organisation']}: {row['form']}, {count(row['members'], 'practice')}, {row['population']:,.0f} people"
        for row in largest
    ] or ["  none"]
    lines += ["Practices with most events:"]
    lines += [f"  {names(name)}: {count(number, 'event')}" for name, number in busy if name in practices][: FEW + 1]
    lines += ["GPs with most events:"]
    lines += [f"  {name}: {count(number, 'event')}" for name, number in busy if name in gps][:FEW]
    commissioners = sorted(set(run.practices["commissioner"]))
    lines += [f"Commissioners ({len(commissioners)}):", *(f"  {name}" for name in commissioners[:FEW])]
    example = largest[0]["organisation"] if largest else sorted(practices)[0]
    return "\n".join([*lines, "", f"For example: gpfed explain {folder} {example}"]) + "\n"


def reading(run: Run, kinds: Iterable[str]) -> list[str]:
    """How probabilities come about in the kinds of decision that were told."""
    told, p = set(kinds), run.manifest["scenario"]["parameters"]
    lines = []
    if "vote" in told:
        sharp = float(p["voting"]["sharpness"])
        lines.append(
            f"Votes: the terms add up to a balance. With a sharpness of {sharp:g}, of 100 partners "
            f"{_yes(sharp * 0.5)} vote yes at a balance of +0.50, 50 at 0 and {_yes(-sharp * 0.5)} at −0.50. A motion "
            "passes with the share of all partners that the form asks for; nobody abstains."
        )
    if "explore" in told:
        rate = float(p["exploration"]["rate"])
        lines.append(
            f"Looking for partners: however strong the reasons, at most {100 * rate:g} in 100 practices look in a "
            "month; the balance of the terms, as log-odds, and the time left to plan set how much of that is reached."
        )
    return ["How to read this:", *(f"  {line}" for line in lines)] if lines else []


def _yes(balance: float) -> str:
    from math import exp

    return f"{100 / (1 + exp(-balance)):.0f}"
