"""A commissioner explained: what it pays and asks for, who took it up, and what became of its practices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from abm.record.explanations.memory import rows
from abm.record.explanations.timeline import Row, Setting, Timeline, quiet_lines, quiet_rows
from abm.record.explanations.weighing import count, joined

if TYPE_CHECKING:
    import pandas as pd

YEAR = 12
SHOWN = 8  # organisations named
MONEY = {
    "paid_core": "core income",
    "paid_head_money": "federation fund",
    "paid_targets": "clinical targets",
    "paid_backfill": "backfill",
    "paid_development": "development",
}
AREA = (
    "founded",
    "became federation",
    "united",
    "taken over",
    "merged",
    "closed",
    "dissolved",
    "managed by commissioner",
    "run by partners again",
)
NOT_KEPT = "What it paid, and who took it up, is not told: the run was kept without commissioners.parquet."
PLACED = "placed by the commissioner at the deadline"


def commissioner_page(setting: Setting) -> tuple[list[str], Timeline]:
    """What stands above the timeline, and the timeline."""
    run, me = setting.run, setting.subject.name
    events, calls = setting.within(run.events), setting.decisions({"about": [me]}, {"who": [me]})
    if run.has("commissioners"):
        lines = [*_standing(setting), *_policy(setting), *_money(setting), *_uptake(setting)]
    else:
        lines = [*_policy(setting), NOT_KEPT]
    lines += _organisations(setting)
    if setting.month is None:
        quiet = quiet_rows(calls)
        lines += quiet_lines(calls[quiet].assign(who=me), setting.subject, "Nobody called its practices together")
        calls = calls[~quiet]
    return lines, Timeline(setting, calls, events[_concerns(setting, events)], calls.iloc[:0])


def _concerns(setting: Setting, events: pd.DataFrame) -> pd.Series[bool]:
    """Calls to its practices, shocks, and what happened to organisations and to practices of its own."""
    me, practices = setting.subject.name, setting.run.practices
    own = set(practices.loc[practices["commissioner"] == me, "practice"])
    founded = setting.run.events.query("kind == 'founded'")
    its = set(founded.loc[founded["about"].isin(own), "who"])
    area = events["kind"].isin(AREA) & events["who"].isin(own | its)
    placed = (events["kind"] == "joined") & events["who"].isin(own) & (events["detail"] == PLACED)
    return (events["about"] == me) | area | placed | events["kind"].str.startswith("shock: ")


def _table(setting: Setting) -> pd.DataFrame:
    table = setting.run.commissioners
    return table[(table["commissioner"] == setting.subject.name) & (table["month"] <= setting.at)]


def _standing(setting: Setting) -> list[str]:
    found = rows(_table(setting).tail(1))
    if not found:
        return []
    row = found[0]
    return [
        f"At the end of {setting.dated(row['month'])}: {count(row['practices'], 'practice')} with "
        f"{row['patients']:,.0f} patients; support of collaboration {row['support']:.2f} on a scale from 0 to 1."
    ]


def _policy(setting: Setting) -> list[str]:
    policy, times = setting.memory.times.policy, setting.memory.times
    name = policy["title"] or policy["name"].partition(" with ")[0].replace("-", " ")
    unusual = times.unusual(setting.at)
    if setting.at <= 0:
        return ["In the warm-up no policy acts."]
    if not unusual:
        return [f"Policy: {name}. It offers nothing beyond core income."]
    return [f"Policy: {name}. In force: {'; '.join(unusual)}."]


def _money(setting: Setting) -> list[str]:
    """What it paid year by year, and for each patient."""
    table = _table(setting)
    table = table[table["month"] >= 1]
    if setting.month is not None:
        table = table[table["month"] == setting.month]
        return [f"Paid in the month: {money_words(row_of(table))}."] if len(table) else []
    lines = []
    for year, part in table.groupby((table["month"] - 1) // YEAR):
        first, last = int(part["month"].min()), int(part["month"].max())
        span = f"{setting.run.dated(first)} to {setting.run.dated(last)}" if last > first else setting.run.dated(first)
        of_year = "" if len(part) == YEAR else f", {count(len(part), 'month')} of the year"
        lines.append(f"Year {int(str(year)) + 1} ({span}{of_year}): {money_words(row_of(part))}.")
    return ["Paid, £ at 2014/15 prices:", *(f"  {line}" for line in lines)] if lines else []


def row_of(table: pd.DataFrame) -> Row:
    """Sums of the payments over the rows of one commissioner, and its mean number of patients."""
    sums: Row = {name: float(table[name].sum()) for name in MONEY}
    return sums | {"patients": float(table["patients"].mean())}


def money_words(paid: Row) -> str:
    """Payments by kind with what they come to for each patient; kinds of which nothing was paid are left out."""
    told = [
        f"{label} {pounds(paid[name])} (£{paid[name] / paid['patients']:,.2f} a head)"
        for name, label in MONEY.items()
        if paid[name] > 0
    ]
    return joined(told) if told else "nothing"


def pounds(amount: float) -> str:
    """An amount of money to three or four digits."""
    million = 1_000_000
    return f"£{amount / million:,.2f} million" if amount >= million else f"£{amount:,.0f}"


def _uptake(setting: Setting) -> list[str]:
    """Who was entitled to the money of formal organisations, year by year."""
    table = _table(setting)
    if not len(table):
        return []
    kept = rows(table[(table["month"] % YEAR == 0) | (table["month"] == table["month"].max())])
    if setting.month is not None:
        kept = kept[-1:]
    told = [f"{row['federated']} of {row['practices']} in {setting.run.dated(row['month'])}" for row in kept]
    lines = [f"Practices in federations: {', '.join(told)}."]
    paid = table[table["paid_head_money"] > 0]
    if len(paid):
        first, last = rows(paid.head(1))[0], rows(paid.tail(1))[0]
        lines.append(
            f"The federation fund was taken up from {setting.run.dated(first['month'])} "
            f"({count(first['federated'], 'practice')}) and in {setting.run.dated(last['month'])} went to "
            f"{count(last['federated'], 'practice')} of {last['practices']}{_passed_on(setting, last['month'])}."
            + ("" if last["month"] == int(table["month"].max()) else " Nothing has been paid since.")
        )
    elif setting.memory.times.levers_at(setting.at).get("fund_per_head"):
        lines.append("Nobody has taken up the federation fund.")
    return lines


def _passed_on(setting: Setting, month: int) -> str:
    """What the fund came to for each patient of those who took it up."""
    practices = setting.run.at("practices", month)
    own = practices[(practices["commissioner"] == setting.subject.name) & (practices["head_money"] > 0)]
    return f", at £{YEAR * own['head_money'].sum() / own['list'].sum():.2f} a head and year" if len(own) else ""


def _organisations(setting: Setting) -> list[str]:
    """The organisations among its practices as the month ended."""
    if setting.at < 0:
        return []
    practices = setting.run.at("practices", setting.at)
    own = practices[practices["commissioner"] == setting.subject.name]
    inside = own[own["organisation"] != ""]
    if not len(inside):
        return ["None of its practices is in an organisation."]
    groups = sorted(
        ((len(part), float(part["list"].sum()), str(name)) for name, part in inside.groupby("organisation")),
        reverse=True,
    )
    told = [
        f"{setting.names(name)} ({count(size, 'practice')}, {patients:,.0f} patients)"
        for size, patients, name in groups[:SHOWN]
    ]
    more = f" and {len(groups) - SHOWN} more" if len(groups) > SHOWN else ""
    alone = len(own) - len(inside)
    rest = f"{count(alone, 'practice')} in none" if alone else "every practice is in one"
    return [f"Organisations among its practices: {', '.join(told)}{more}; {rest}."]
