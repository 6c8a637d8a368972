"""The largest organisations at the end of a run, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from abm.record.ledger import STILL
from abm.report.names import Names
from abm.report.style import BLUE, GREY, LINES, TEXT, blank, drawing, inline_svg
from abm.report.values import Values
from abm.report.words import count, listing, number, percent

if TYPE_CHECKING:
    import pandas as pd

MOST = 6
WIDTH, HEIGHT = 330.0, 104.0  # of a timeline, SVG units
HOW = {
    "collaborated before the start": "from practices that collaborated before the start",
    "founded together": "by an agreement of two sides",
    "called together": "after a convenor had called the practices of the area together",
}


@dataclass(frozen=True)
class Organisation:
    """One organisation as it stands at the end.

    Attributes:
        letter: on the maps, "" where organisations have none.
        name: its name in the tables of the run.
        facts: what there is to say of it, as pairs of a word and a text.
        timeline: members over the months, with leaders who came and went, as SVG.
    """

    letter: str
    name: str
    facts: tuple[tuple[str, str], ...]
    timeline: str


def largest(values: Values, names: Names) -> list[Organisation]:
    """The organisations of the largest population at the end, at most six."""
    run = values.run
    now = run.at("organisations", values.last).sort_values(["population", "organisation"], ascending=[False, True])
    memberships = run.memberships
    every = run.organisations
    return [_organisation(values, names, row, memberships, every) for _, row in now.head(MOST).iterrows()]


def _organisation(
    values: Values, names: Names, row: pd.Series[float], memberships: pd.DataFrame, every: pd.DataFrame
) -> Organisation:
    run, name = values.run, str(row["organisation"])
    entries = memberships[memberships["where"] == name]
    members = entries[entries["relation"] == "member"]
    leaders = entries[entries["relation"] == "leader"]
    founders = members[members["what"] == "founder"]
    how = HOW.get(str(founders["why"].iloc[0]), "") if len(founders) else ""
    left, still = members[members["until"] != STILL], members[members["until"] == STILL]
    leading = leaders[leaders["until"] == STILL]
    gone = len(leaders) - len(leading)
    history = every[every["organisation"] == name].set_index("month")["members"]
    form, legal = str(row["form"]), str(row["legal"])
    facts = [
        ("Form", form + (f", {legal}" if legal and legal != "none" else "")),
        ("Founded", f"{run.dated(int(row['founded']))} by {names.practice(str(row['founder']))}{how and ', ' + how}"),
        ("Members", f"{count(len(still), 'practice')}, {number(row['population'])} patients; "
                    f"{int(history.iloc[0])} at first, {int(history.max())} at most, {len(left) or 'none'} left"),
        ("Leaders", (listing(f"{who} (since {run.dated(since)})" for who, since in
                             zip(leading["who"], leading["since"], strict=True)) or "none at present")
                    + f"; {gone if gone else 'none'} went before"),
        ("Capability", f"{number(row['capability'], 2)}, of which {number(row['personal_capability'], 2)} rests with "
                       "leaders "
                       f"and {number(row['capability'] - row['personal_capability'], 2)} with the institution"),
        ("Engagement", f"{number(row['engagement'], 2)} (mean of members, 0 to 1)"),
        ("Practices", listing(names.practice(str(who)) for who in still["who"].head(12))
                      + (f" and {len(still) - 12} more" if len(still) > 12 else "")),
    ]  # fmt: skip
    look = names.looks.get(name)
    letter = look.letter if look else ""
    return Organisation(letter, name, tuple(facts), _timeline(values, name, history, leaders))


def _timeline(values: Values, name: str, history: pd.Series[int], leaders: pd.DataFrame) -> str:
    """Members as steps; a mark below for each leader who came (triangle up) or went (triangle down)."""
    from abm.report.plot import date_axis

    came = leaders["since"].to_numpy(int)
    went = leaders.loc[leaders["until"] != STILL, "until"].to_numpy(int)
    with drawing(10):
        figure = blank(WIDTH, HEIGHT)
        axes = figure.add_axes((30 / WIDTH, 36 / HEIGHT, (WIDTH - 46) / WIDTH, (HEIGHT - 46) / HEIGHT))
        axes.step(history.index, history.to_numpy(), where="post", color=BLUE, linewidth=1.8)
        top = max(int(history.max()), 1)
        axes.set(xlim=(0, max(values.last, 1)), ylim=(-0.45 * top, top * 1.15), yticks=[0, top])
        axes.axhline(0, color=GREY, linewidth=0.6)
        for months, shape, colour, level in ((came, "^", LINES[2][0], -0.13), (went, "v", LINES[1][0], -0.33)):
            axes.plot(months, np.full(len(months), level * top), linestyle="none", marker=shape, color=colour,
                      markersize=5.5, markeredgecolor="white", markeredgewidth=0.4, clip_on=False)  # fmt: skip
        date_axis(axes, values)
        axes.tick_params(length=2, labelsize=9, labelcolor=TEXT)
        said = (f"Members of {name}: {int(history.iloc[0])} in {values.run.dated(int(history.index[0]))}, "
                f"{int(history.iloc[-1])} in {values.run.dated(int(history.index[-1]))}; leaders came {len(came)} "
                "times and "
                f"went {len(went)} times.")  # fmt: skip
        safe = "".join(letter if letter.isalnum() else "-" for letter in name)
        return inline_svg(figure, f"timeline-{safe}", said)


def ended(values: Values) -> str:
    """How many organisations did not last, in one sentence; "" where all did."""
    model = values.model.loc[1:]
    formed, gone = int(model["organisations_formed"].sum()), int(model["organisations_ended"].sum())
    return f"{gone} of the {count(formed, 'organisation')} formed had ended ({percent(gone / formed)})." if gone else ""
