"""An organisation explained: who called and who declined, its leaders, its growth, whom its capability rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from abm.record.explanations.memory import rows
from abm.record.explanations.practices import span
from abm.record.explanations.timeline import MOTIONS, Row, Setting, Timeline, quiet_rows
from abm.record.explanations.weighing import count, form_of, joined

if TYPE_CHECKING:
    import pandas as pd

YEAR = 12
SEEDED = "collaborated before the start"  # why of those that are placed at the start of month 1


def organisation_page(setting: Setting) -> tuple[list[str], Timeline]:
    """What stands above the timeline, and the timeline."""
    run, me = setting.run, setting.subject.name
    events = setting.within(run.events)
    founding = _founding(setting)
    # Its own, and the talks that founded it
    talks = events["month"].eq(founding["month"]) & events["about"].isin(founding["abouts"])
    concerned = events[
        (events["who"] == me) | (events["about"] == me) | talks & events["kind"].isin((*MOTIONS, "called together"))
    ]
    told = ~concerned["kind"].isin(("founded", "good year")) & ~_founders_joining(concerned, founding)
    concerned = concerned[told]
    motions = concerned.loc[concerned["kind"].isin(MOTIONS), "about"]
    decisions = setting.decisions({"who": [me]}, {"about": {me, *motions}})
    is_vote = decisions["kind"] == "vote"
    own = decisions[((decisions["who"] == me) | (decisions["about"] == me)) & ~is_vote]
    if setting.month is None:
        own = own[~quiet_rows(own)]
    lines = [*_begun(setting, founding), *_standing(setting), *_growth(setting), *_leaders(setting)]
    return lines, Timeline(setting, own, concerned, decisions[is_vote & decisions["about"].isin(motions)])


def _founding(setting: Setting) -> Row:
    """The event, and what those who founded it voted on."""
    events, me = setting.run.events, setting.subject.name
    found = rows(events[(events["kind"] == "founded") & (events["who"] == me)])
    event = found[0] if found else {"month": -99, "about": "", "detail": "", "value": 0.0}
    month = event["month"]
    entered = events["kind"].isin(("joined", "became super-partnership"))
    joined_then = events[entered & (events["about"] == me) & (events["month"] == month)]
    first = joined_then[joined_then["who"] == event["about"]]
    why = first["detail"].iloc[0] if len(first) else ""
    joined_then = joined_then[joined_then["detail"] == why]
    calls = events[(events["kind"] == "called together") & (events["month"] == month)]
    motions = events[events["kind"].isin(MOTIONS) & (events["month"] == month)]
    founders = set(joined_then["who"])
    own = motions[motions["who"].isin(founders)]
    if why == "called together":
        abouts = {about for about in own["about"] if about.startswith("call of ")}
        abouts |= {call["about"] for call in rows(calls) if f"call of {call['who']}" in abouts}
    else:
        abouts = founders
    return event | {"why": why, "abouts": abouts, "founders": founders}


def _founders_joining(events: pd.DataFrame, founding: Row) -> pd.Series[bool]:
    """Founders' entries, which the heading tells."""
    same = (events["month"] == founding["month"]) & (events["detail"] == founding["why"])
    return same & (events["kind"] == "joined")


def _begun(setting: Setting, founding: Row) -> list[str]:
    if not founding["about"]:
        return []
    founders = joined([setting.names(name) for name in sorted(founding["founders"])])
    how = f"; {founding['why']}" if founding["why"] else ""
    form = form_of(founding["detail"]).capitalize()
    if founding["why"] == SEEDED:
        placed = setting.dated(founding["month"])
        return [f"{form} of practices that collaborated before the start, placed in {placed}: {founders}."]
    return [f"{form} founded in {setting.dated(founding['month'])} by {founders}{how}."]


def _standing(setting: Setting) -> list[str]:
    month = setting.at
    if month < 0:
        return []
    table = setting.run.at("organisations", month)
    found = rows(table[table["organisation"] == setting.subject.name])
    if not found:
        return [f"At the end of {setting.dated(month)} it does not exist."]
    row = found[0]
    personal, whole = row["personal_capability"], row["capability"]
    return [
        f"At the end of {setting.dated(month)}: {count(row['members'], 'practice')} with {row['population']:,.0f} "
        f"patients, engagement {row['engagement']:.2f}, leadership {row['leadership']:.2f}. Capability {whole:.2f}: "
        f"{whole - personal:.2f} rests with the organisation, {personal:.2f} with its leaders and would go with them."
    ]


def _growth(setting: Setting) -> list[str]:
    """Members and patients year by year."""
    if setting.month is not None:
        return []
    table = setting.run.organisations
    own = table[table["organisation"] == setting.subject.name]
    if not len(own):
        return []
    kept = rows(own[(own["month"] % YEAR == 0) | (own["month"] == own["month"].max())])
    told = [f"{row['members']} in {setting.run.dated(row['month'])} ({row['population']:,.0f} people)" for row in kept]
    return [f"Member practices: {', '.join(told)}."]


def _leaders(setting: Setting) -> list[str]:
    return [f"Led by {entry['who']} {span(setting, entry)}." for entry in setting.held("leader", "where")]
