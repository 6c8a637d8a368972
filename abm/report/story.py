"""The run as a story: the events that matter most, as dated sentences, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from abm.record.explanations import event_sentence
from abm.report.names import Names
from abm.report.values import SEEDED, Mark
from abm.report.words import count

if TYPE_CHECKING:
    import pandas as pd

    from abm.record.results import Run

MOST = 40
YEAR = 12

# What is told first while there is room; within a rank, the largest organisations first, then the earliest events.
RANKS: tuple[tuple[str, ...], ...] = (
    ("called together", "call failed", "dissolved"),
    ("founded", "became super-partnership"),
    ("merged", "closed"),
    ("managed by commissioner", "run by partners again", "steps down"),
    ("leader departed", "left"),
    ("distressed", "talks failed", "no agreement", "motion failed", "turned away", "merger failed"),
    ("leader appointed", "joined"),
)
FIRSTS = ("talks", "founded", "motion failed", "talks failed", "joined", "left", "leader departed", "distressed",
          "managed by commissioner", "dissolved", "merged", "merger failed", "closed")  # fmt: skip
RULE = (
    f"At most {MOST} sentences. First come changes of policy and shocks, and the first event of each kind (talks, "
    "founding, "
    "a failed motion, failed talks, joining, leaving, a leader who goes, distress, a practice run by its "
    "commissioner, the "
    "end of an organisation, a merger and one that failed, a closure). Then, while there is room: calls and ends of "
    "organisations; foundings; mergers and closures; practices run by their "
    "commissioner; leaders who go and practices that leave; distress and failures; new leaders and joining. Within "
    "each of "
    "these, events of larger organisations come first. One sentence tells of one kind of event in one organisation "
    "and month."
)


@dataclass(frozen=True)
class Sentence:
    """One sentence with its month."""

    month: int
    date: str
    text: str


@dataclass(frozen=True)
class Year:
    """The sentences of one year of the run."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Story:
    """The years that have something to tell, and how much was left out.

    Attributes:
        years: in order.
        told, all: number of events told, and recorded from month 1.
        rule: how they were chosen.
    """

    years: tuple[Year, ...]
    told: int
    all: int
    rule: str = RULE


def story(run: Run, names: Names, marks: Sequence[Mark]) -> Story:
    """Choose and tell the events of a run."""
    events = run.events
    events = events[events["month"] >= 1].reset_index(drop=True)
    chosen = [(mark.month, -1, mark.short[:1].upper() + mark.short[1:] + ".") for mark in marks]
    seeded = _seeded(run, names)
    if seeded:
        chosen.append((1, -1, seeded))
    rows = _chosen(events, _sizes(run), room=MOST - len(chosen))
    for i in rows:
        event: dict[str, Any] = events.loc[i].to_dict()  # type: ignore[assignment]
        chosen.append((int(event["month"]), i, event_sentence(event, named=names.of)))
    chosen.sort(key=lambda item: item[:2])
    years: dict[int, list[Sentence]] = {}
    for month, _, text in chosen:
        years.setdefault((month - 1) // YEAR, []).append(Sentence(month, run.dated(month), text))
    titles = {
        year: f"Year {year + 1}: {run.dated(YEAR * year + 1)} to {run.dated(min(YEAR * (year + 1), run.last_month))}"
        for year in years
    }
    return Story(tuple(Year(titles[year], tuple(told)) for year, told in years.items()), len(rows), len(events))


def _seeded(run: Run, names: Names) -> str:
    """The groups that are placed at the start, in one sentence; "" where there are none."""
    memberships = run.memberships
    first = memberships[(memberships["relation"] == "member") & (memberships["why"] == SEEDED)]
    if not len(first):
        return ""
    groups = [f"{names.organisation(str(name))} with {count(len(members), 'practice')}"
              for name, members in first.groupby("where", sort=True)]  # fmt: skip
    told = "; ".join(groups[:8]) + (f"; and {count(len(groups) - 8, 'more', 'more')}" if len(groups) > 8 else "")
    return f"{count(len(first), 'practice')} that collaborated before the start are placed in groups: {told}."


def _sizes(run: Run) -> dict[str, float]:
    """The largest population that each organisation ever had."""
    return dict(run.organisations.groupby("organisation")["population"].max())


def _chosen(events: pd.DataFrame, sizes: dict[str, float], room: int) -> list[int]:
    """Rows of the events that are told, most important first."""
    seeded = events.loc[events["detail"] == SEEDED, "about"].unique()
    seeds = (events["month"] == 1) & (events["who"].isin(seeded) | events["about"].isin(seeded))
    seeds &= events["kind"].isin(["founded", "joined", "leader appointed"])
    told_by_founding = (events["kind"] == "joined") & events["detail"].isin(["founded together", "called together"])
    open_ = events[~seeds & ~told_by_founding]
    organisation = open_["who"].where(open_["who"].isin(list(sizes)), open_["about"])
    order = open_.assign(
        where=organisation.where(organisation.isin(list(sizes)), open_["who"]),
        size=organisation.map(sizes).fillna(0.0),
        rank=open_["kind"].map({kind: rank for rank, kinds in enumerate(RANKS) for kind in kinds}),
    ).drop_duplicates(["month", "kind", "where"])
    firsts = order[order["kind"].isin(FIRSTS)].drop_duplicates("kind")
    rest = order[order["rank"].notna() & ~order.index.isin(firsts.index)]
    rest = rest.sort_values(["rank", "size", "month"], ascending=[True, False, True], kind="stable")
    return [*firsts.index, *rest.index][: max(room, 0)]
