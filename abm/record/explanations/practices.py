"""A practice explained: where it stands, what it was member of, and its decisions with the votes of its partners."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from abm.columns import Form
from abm.record.explanations.memory import rows
from abm.record.explanations.timeline import MOTIONS, SAME_THING, Row, Setting, Timeline, quiet_lines, quiet_rows
from abm.record.explanations.weighing import count, joined
from abm.record.explanations.words import PHRASES
from abm.record.ledger import STILL

if TYPE_CHECKING:
    import pandas as pd


RUN_BY = {"active": "", "managed": "; its commissioner runs it", "acquired": "; an operator runs it"}
TRUST_RUNS = "; an NHS trust runs it"
ENDED = ("merged", "closed")  # events with which a practice ends


def practice_page(setting: Setting) -> tuple[list[str], Timeline]:
    """What stands above the timeline, and the timeline."""
    run, me = setting.run, setting.subject.name
    events = setting.within(run.events)
    concerned = events[(events["who"] == me) | (events["about"] == me)]
    motions = concerned[concerned["kind"].isin(MOTIONS)]
    gps = {post["who"] for post in setting.held("post", "where")}
    decisions = setting.decisions({"who": {me, *gps}}, {"about": {me, *motions["about"]}})
    is_vote = decisions["kind"] == "vote"
    own = decisions[
        ((decisions["who"] == me) | (decisions["about"] == me)) & ~is_vote
        | (is_vote | decisions["kind"].isin(list(SAME_THING.values())) & ~quiet_rows(decisions))
        & _by_own(setting, decisions)
    ]
    lines = [*_standing(setting), *(member_line(setting, entry) for entry in setting.held("member", "who"))]
    if setting.month is None:
        quiet = quiet_rows(own)
        lines += quiet_lines(own[quiet], setting.subject)
        own = own[~quiet]
    return lines, Timeline(setting, own, concerned, decisions[is_vote & decisions["about"].isin(motions["about"])])


def _by_own(setting: Setting, decisions: pd.DataFrame) -> pd.Series[bool]:
    """Decisions of the practice's GPs while they were its own."""
    mask = decisions["who"] == ""
    for post in setting.held("post", "where"):
        mask |= (decisions["who"] == post["who"]) & decisions["month"].between(post["since"], post["until"])
    return mask


def _standing(setting: Setting) -> list[str]:
    """The practice as the month ended; the tables of practices begin with the end of the warm-up."""
    month, me = setting.at, setting.subject.name
    if month < 0:
        return [f"{setting.dated(month)} belongs to the warm-up, of which only events and decisions are kept."]
    table = setting.run.at("practices", month)
    found = rows(table[table["practice"] == me])
    if not found:
        return _ended(setting)
    row = found[0]
    heads = [(row["partners"], "partner"), (row["salaried"], "salaried GP")]
    staff = joined([count(number, word) for number, word in heads if number]) or "no GP"
    managed = TRUST_RUNS if row["form"] == Form.TRUST_LED.words else RUN_BY[row["status"]]
    managed += f"; {count(row['sites'], 'site')}" if row["sites"] > 1 else ""
    burnout = "" if isnan(row["burnout"]) else f", burnout {row['burnout']:.2f}"  # it needs a GP
    inside = (
        f"Member of {setting.names(row['organisation'])}, engagement {row['engagement']:.2f}."
        if row["organisation"]
        else "In no organisation."
    )
    return [
        f"At the end of {setting.dated(month)}: {row['list']:,.0f} patients, {staff}{managed}; "
        f"load {row['load']:.2f}, access {row['access']:.2f}{burnout}. {inside}"
    ]


def _ended(setting: Setting) -> list[str]:
    """What became of a practice that is no more."""
    events = setting.run.events
    last = rows(events[(events["who"] == setting.subject.name) & events["kind"].isin(ENDED)])
    return [
        f"Since {setting.dated(event['month'])} "
        + (f"a part of {setting.names(event['about'])}." if event["kind"] == "merged" else "it is closed.")
        for event in last
    ]


def member_line(setting: Setting, entry: Row) -> str:
    """One membership: with whom, from when to when, and why."""
    return f"{_upper(setting.names(entry['where']))}: {span(setting, entry)}."


def span(setting: Setting, entry: Row) -> str:
    """From when to when an entry of the ledger held, and why it began and ended."""
    run = setting.run
    began = f" ({PHRASES.get(entry['why'], entry['why'])})" if entry["why"] else ""
    if entry["until"] == STILL:
        return f"since {run.dated(entry['since'])}{began}"
    ended = f" ({entry['why_ended']})" if entry["why_ended"] else ""
    return f"from {run.dated(entry['since'])}{began} to {run.dated(entry['until'])}{ended}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
