"""A GP explained: career, posts, votes and leadership."""

from __future__ import annotations

from abm.record.explanations.memory import rows
from abm.record.explanations.practices import span
from abm.record.explanations.timeline import MOTIONS, Row, Setting, Timeline, quiet_lines, quiet_rows


def gp_page(setting: Setting) -> tuple[list[str], Timeline]:
    """What stands above the timeline, and the timeline."""
    run, me = setting.run, setting.subject.name
    events, own = setting.within(run.events), setting.decisions({"who": [me]}, {"about": [me]})
    votes = own[own["kind"] == "vote"]
    motions = events["kind"].isin(MOTIONS) & events["about"].isin(votes["about"]) & events["month"].isin(votes["month"])
    homes = [setting.practice_of(me, int(month)) for month in votes["month"]]
    asked = {(int(month), home) for month, home in zip(votes["month"], homes, strict=True)}
    held = events[motions]
    held = held[[(int(month), who) in asked for month, who in zip(held["month"], held["who"], strict=True)]]
    lines = [*_standing(setting), *_posts(setting)]
    if setting.month is None:
        quiet = quiet_rows(own)
        lines += quiet_lines(own[quiet], setting.subject)
        own = own[~quiet]
    timeline = Timeline(setting, own, events[(events["who"] == me) | (events["about"] == me)], votes.iloc[:0])
    timeline.know(rows(held))
    return lines, timeline


def _standing(setting: Setting) -> list[str]:
    """The GP at the last count up to the month."""
    table = setting.run.gps
    found = rows(table[(table["gp"] == setting.subject.name) & (table["month"] <= setting.at)].tail(1))
    if not found:
        return [f"Not among the GPs counted by {setting.dated(setting.at)}."] if setting.at >= 0 else []
    row = found[0]
    at = f" at {setting.names(row['practice'])}" if row["practice"] else ""
    leads = f", leads {setting.names(row['leads'])}" if row["leads"] else ""
    return [
        f"At the end of {setting.dated(row['month'])}: {row['role']}{at}{leads}; {row['age']:.0f} years, "
        f"{row['sessions']:.1f} sessions a week, burnout {row['burnout']:.2f}, "
        f"attitude to working together {row['attitude']:+.2f}.".replace("-", "−")
    ]


def _posts(setting: Setting) -> list[str]:
    posts = [entry for entry in setting.held("post", "who") if entry["where"]]
    return [_post(setting, entry) for entry in posts] + [
        f"Leader of {setting.names(entry['where'])}: {span(setting, entry)}." for entry in setting.held("leader", "who")
    ]


def _post(setting: Setting, entry: Row) -> str:
    return f"{entry['what'].capitalize()} at {setting.names(entry['where'])}: {span(setting, entry)}."
