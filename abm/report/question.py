"""What was asked of the model: the policy in words, its dates, the shocks, the place, and what was set otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abm.locality.guesses import year_apart
from abm.report.names import heading, place_title
from abm.report.values import Mark, Values
from abm.report.words import count, listing, named, number, setting
from abm.scenario.levers import Levers
from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.registry import Entry, entries
from abm.scenario.scenario import PLACES
from abm.scenario.shocks import SHOCKS

if TYPE_CHECKING:
    from abm.record.results import Run

BORROWED_NAMES = (
    "The practices bear the names of the files. Their GPs and all that they do in this run are made up by the model, "
    "and say nothing of the real practices or their doctors."
)


@dataclass(frozen=True)
class Setting:
    """A lever or a parameter that is not at its usual value.

    Attributes:
        name: as in files.
        meaning: in words.
        value, usual: with their unit.
        since: when it acts from, in words.
        source: where the value of the lever or the number comes from.
    """

    name: str
    meaning: str
    value: str
    usual: str
    since: str
    source: str


@dataclass(frozen=True)
class Question:
    """The first section of the report.

    Attributes:
        title: of the report.
        policy: name or title of the policy.
        description, source: what its author says of it; may be "".
        place: the place in one sentence.
        period: the months in one sentence.
        levers: those that differ from their usual value, dated changes included.
        parameters: those that differ from their usual value.
        marks: dated changes and shocks, for the charts.
    """

    title: str
    policy: str
    description: str
    source: str
    place: str
    period: str
    levers: tuple[Setting, ...]
    parameters: tuple[Setting, ...]
    marks: tuple[Mark, ...]


def question(values: Values) -> Question:
    """What was asked, from the manifest of the run alone."""
    run = values.run
    scenario = run.manifest["scenario"]
    policy = scenario["policy"]
    usual_course = policy["name"] == "as-it-was"
    return Question(
        heading(run),
        policy["title"] or ("As it was, no lever used" if usual_course else named(policy["name"])),
        policy["description"],
        policy["source"],
        _place(run),
        f"{count(run.last_month, 'month')}, {run.dated(1)} to {run.dated(run.last_month)}, after twelve months of "
        "warm-up "
        f"without any policy; seed {run.seed}",
        tuple(_levers(run)),
        tuple(_parameters(scenario["parameters"])),
        marks(run),
    )


def marks(run: Run) -> tuple[Mark, ...]:
    """Dated changes and shocks up to the last month, numbered in order of month."""
    scenario = run.manifest["scenario"]
    about = {entry.path: entry for entry in entries(Levers)}
    found = [
        (change["month"], f"policy: {listing(_change(about[name], value) for name, value in _set(change))}")
        for change in (*scenario["policy"]["changes"], *scenario["changes"])
    ]
    found += [(shock["month"], f"shock: {_shock(shock)}") for shock in scenario["shocks"]]
    reached = sorted((month, text) for month, text in found if month <= run.last_month)
    return tuple(Mark(str(i), month, text) for i, (month, text) in enumerate(reached, start=1))


def _set(change: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in change.items() if name != "month"]


def _change(entry: Entry, value: Any) -> str:
    return f"{entry.meaning}: {setting(value, entry.unit)}"


def _shock(shock: Mapping[str, Any]) -> str:
    strengths = {entry.path: entry for entry in entries(SHOCKS[shock["kind"]])}
    told = [f"{strengths[name].meaning} {setting(value, strengths[name].unit)}"
            for name, value in shock.items() if name in strengths]  # fmt: skip
    return shock["kind"].replace("_", " ") + (f" ({'; '.join(told)})" if told else "")


def _levers(run: Run) -> list[Setting]:
    scenario = run.manifest["scenario"]
    policy = scenario["policy"]
    changes = sorted((*policy["changes"], *scenario["changes"]), key=lambda change: change["month"])
    found = []
    for entry in entries(Levers):
        usual = entry.default
        dated = [(change["month"], change[entry.path]) for change in changes if entry.path in change]
        settings = [(1, policy[entry.path])] if policy[entry.path] != usual else []
        for month, value in [*settings, *dated]:
            since = run.dated(month) + (" (after the end of this run)" if month > run.last_month else "")
            now, was = setting(value, entry.unit), setting(usual, entry.unit)
            found.append(Setting(entry.path, entry.meaning, now, was, since, entry.source))
    return found


def _parameters(group: Mapping[str, Any]) -> list[Setting]:
    """Parameters that are not at their default."""
    found = []
    for entry in entries(ModelParameters):
        value: Any = group
        for part in entry.path.split("."):
            value = value[part]
        if _plain(value) != _plain(entry.default):
            text, usual = setting(value, entry.unit), setting(entry.default, entry.unit)
            found.append(Setting(entry.path, entry.meaning, text, usual, "the start", entry.source))
    return found


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _place(run: Run) -> str:
    start = run.at("practices", 0)
    commissioners = sorted(set(start["commissioner"]))
    some = f": {listing(commissioners)}" if len(commissioners) <= 8 else ""
    scenario = run.manifest["scenario"]
    if scenario["place"] in PLACES:
        what = f"{named(scenario['place'])}, a made-up place (place seed {scenario['place_seed']})"
    else:
        files = list(run.manifest["place"].get("files", {})) or [Path(scenario["place"]).name]
        what = f"{place_title(run)}, a real place from {listing(files)}"
    told = (
        f"{what}, with {count(len(start), 'practice')}, {number(start['list'].sum())} registered patients after the "
        f"warm-up and {count(len(commissioners), 'commissioner')}{some}"
    )
    year = [year_apart(run.manifest["place"], run.calendar.start)]
    notes = [BORROWED_NAMES] * (scenario["place"] not in PLACES) + [note for note in year if note]
    return ". ".join([told, *(note.rstrip(".") for note in notes)])
