"""Decisions and events as sentences, from the logs alone.

Every kind of decision has its own words below; a kind without gets a plain sentence from its terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING, Any

from abm.errors import InputError, did_you_mean
from abm.record.events import TERM
from abm.record.ledger import STILL

if TYPE_CHECKING:
    import pandas as pd

    from abm.record.results import Run

LEAST = 0.005  # smaller terms are not worth a word


@dataclass(frozen=True)
class Kind:
    """How to speak of one kind of decision.

    Attributes:
        said: sentence by choice; {about} is whom or what it concerns.
        yes: the choice that the logged probability belongs to; "" where it belongs to the option chosen.
        quiet: choices that leave things as they are, left out of a whole history.
        asked: what the quiet decisions were about, for counting them.
        weighs: whether the terms are parts of one sum, for and against; else they are circumstances.
        facts: terms that are circumstances all the same.
    """

    said: Mapping[str, str]
    yes: str = ""
    quiet: tuple[str, ...] = ()
    asked: str = ""
    weighs: bool = True
    facts: tuple[str, ...] = ()


def _career(stay: str, go: str, said: str, asked: str) -> Kind:
    return Kind({stay: f"did not {asked}", go: said}, go, (stay,), asked, weighs=False)


KINDS: dict[str, Kind] = {
    "explore": Kind(
        {"wait": "did not look for partners", "explore": "looked for partners"},
        "explore", ("wait",), "look for partners", facts=("headroom", "months_left"),
    ),
    "search": Kind({"chosen": "turned to {about}"}),
    "propose": Kind(
        {"informal network": "proposed an informal network with {about}",
         "federation": "proposed a federation with {about}"},
        "federation",
    ),
    "vote": Kind({"no": "voted against working with {about}", "yes": "voted for working with {about}"}, "yes"),
    "admit": Kind({"refuse": "refused {about}", "admit": "admitted {about}"}, "admit"),
    "call": Kind(
        {"wait": "did not call the practices of {about} together",
         "call the practices together": "called the practices of {about} together"},
        "call the practices together", ("wait",), "call the practices together", weighs=False,
    ),
    "step_down": Kind(
        {"go on leading": "went on leading {about}", "step down": "stepped down from leading {about}"},
        "step down", ("go on leading",), "step down", weighs=False,
    ),
    "promote": Kind(
        {"wait": "had no partner and waited",
         "make a salaried GP partner": "had no partner and made a salaried GP partner"},
        "make a salaried GP partner", ("wait",), "find a new partner", weighs=False,
    ),
    "choose_practice": Kind({"chosen": "chose {about} to work at"}),
    "exit": _career("stay", "leave practice", "left practice", "leave practice"),
    "leave_partnership": _career(
        "stay partner", "give up the partnership", "gave up the partnership", "give up the partnership"
    ),
    "leave_salaried_post": _career("stay salaried", "turn sessional", "turned sessional", "turn sessional"),
    "return_to_post": _career(
        "stay sessional", "look for a salaried post", "looked for a salaried post", "look for a salaried post"
    ),
    "take_partnership": _career("stay salaried", "become partner", "chose to become partner", "become partner"),
    "cut_sessions": _career("keep sessions", "give up one session", "gave up one weekly session", "give up a session"),
}  # fmt: skip

TERMS: dict[str, str] = {
    "age": "age",
    "attitude": "attitude to working together",
    "autonomy": "autonomy",
    "base": "inertia",
    "burnout": "burnout",
    "autonomy_factor": "factor from need of autonomy",
    "bonus_factor": "factor from a share in rewards",
    "burnout_factor": "factor from burnout",
    "call_factor": "factor from an open call",
    "commissioner": "a common commissioner",
    "complement": "strengths it lacks itself",
    "deprivation": "deprivation",
    "difference": "unlikeness",
    "distance": "distance",
    "engagement": "engagement of the members",
    "hazard": "hazard a year",
    "headroom": "factor from time to plan",
    "months_left": "months to the deadline",
    "history": "own experience of working together",
    "income": "partner income in salaried incomes",
    "income_factor": "factor from partner income",
    "leader": "skill of the leader",
    "load": "load",
    "money": "money",
    "norm": "example of neighbours",
    "open_call": "an open call",
    "organisation": "an organisation with a hub or development",
    "pressure": "pressure",
    "quality": "quality",
    "relief": "relief of work",
    "reluctance": "reluctance to change",
    "risk": "risk",
    "salaried": "salaried GPs",
    "support": "support of the commissioner",
    "trust": "trust",
    "vacancy": "vacancy",
    "wave_factor": "factor from a wave of retirement",
    "zeal": "zeal of the convenor",
}


EVENTS: dict[str, str] = {
    "arrived": "{who} arrived, {detail}{at about}",
    "became partner": "{who} became partner at {about}: {detail}",
    "call failed": "{who} called the practices of {about} together; only {value:.0f} were willing",
    "called together": "{who} called {value:.0f} practices of {about} together",
    "dissolved": "{who} was dissolved: {detail}",
    "distressed": "{who} has been short of GPs for months and is distressed",
    "good year": "{who} looks back on a good year in {about}",
    "founded": "{who} was founded by {about}: {value:.0f} practices, {detail}",
    "gave up a session": "{who} gave up a weekly session and works {value:.1f}",
    "gave up partnership": "{who} gave up the partnership at {about} and turned {detail}",
    "joined": "{who} joined {about}: {detail}",
    "leader appointed": "{who}, skill {value:.2f}, was appointed {detail} of {about}",
    "leader departed": "{who} left the leadership of {about}, {value:.0%} of it",
    "left": "{who} left {about}: {detail}",
    "left practice": "{who}, {detail}{at about}, left practice at {value:.0f} years of age",
    "managed by commissioner": "{who} has no partner left; its commissioner runs it",
    "motion failed": "{who} turned down {about}, {detail}",
    "motion passed": "{who} agreed to {about}, {detail}",
    "run by partners again": "{who} is run by partners again",
    "steps down": "{who} steps down from leading {about}: {detail}",
    "talks": "{who} held talks with {about}",
    "no agreement": "{who} and {about} came to no agreement: {detail}",
    "talks failed": "{who} and {about} did not agree on {detail}",
    "took salaried post": "{who} took a salaried post at {about}",
    "turned away": "{who} was turned away by {about}: {detail}",
    "turned sessional": "{who} left the post at {about} for sessional work",
}
"""Events in words: {who}, {about}, {value}, {detail}, and {at about} where there is somebody about."""


def decision_sentence(decision: Mapping[str, Any]) -> str:
    """One decision in words.

    Args:
        decision: a row of the decisions table: who, kind, about, choice, probability, draw and terms.
    """
    kind = KINDS.get(decision["kind"], Kind({}))
    choice, about = decision["choice"], decision["about"]
    plain = f"decided '{choice}' on '{decision['kind'].replace('_', ' ')}'" + (f" about {about}" if about else "")
    said = kind.said.get(choice, plain).replace("{about}", about or "the other side")
    terms = {
        name.removeprefix(TERM): float(value)
        for name, value in decision.items()
        if name.startswith(TERM) and not isnan(value)
    }
    of = f" of '{kind.yes}'" if kind.yes and kind.yes != choice else ""
    chance = f"chance{of} {_percent(decision['probability'])}, draw {decision['draw']:.3f}"
    if kind.yes and (decision["draw"] < decision["probability"]) != (choice == kind.yes):
        chance += ", decided by whoever held the seat"
    weights = {name: value for name, value in terms.items() if kind.weighs and name not in kind.facts}
    facts = {name: value for name, value in terms.items() if name not in weights}
    parts = [chance, *_for_and_against(weights)]
    if facts:
        parts.append(", ".join(f"{_term(name)} {value:.3g}" for name, value in facts.items()))
    return f"{decision['who']} {said} ({'; '.join(parts)})."


def _for_and_against(weights: Mapping[str, float]) -> list[str]:
    """Terms of a sum, the weightiest first."""
    ordered = sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))
    pro = [f"{_term(name)} +{value:.2f}" for name, value in ordered if value >= LEAST]
    contra = [f"{_term(name)} −{-value:.2f}" for name, value in ordered if value <= -LEAST]
    return ([f"for: {', '.join(pro)}"] if pro else []) + ([f"against: {', '.join(contra)}"] if contra else [])


def _term(name: str) -> str:
    return TERMS.get(name, name.replace("_", " "))


def _percent(probability: float) -> str:
    return f"{100 * probability:.{0 if 0.1 <= probability <= 0.995 else 1}f}%"


def event_sentence(event: Mapping[str, Any]) -> str:
    """One event in words; a kind without words of its own gets who, what, with whom, number and phrase.

    Args:
        event: a row of the events table: who, kind, about, value and detail.
    """
    about = event["about"]
    if event["kind"] in EVENTS:
        at = {"at about": f" at {about}" if about else ""}
        return EVENTS[event["kind"]].format(**event, **at) + "."
    value = [] if isnan(event["value"]) else [f"{event['value']:.4g}"]
    extra = "; ".join([*value, *([event["detail"]] if event["detail"] else [])])
    return f"{event['who']}: {event['kind']}{f' – {about}' if about else ''}{f' ({extra})' if extra else ''}."


@dataclass
class _Subject:
    """Whom an explanation is about."""

    name: str
    kind: str
    title: str = ""
    lines: list[str] = field(default_factory=list)


def explain(run: Run, who: str, month: int | None = None) -> str:
    """Why somebody did what they did, in plain text.

    Args:
        run: the run.
        who: name of a GP, a practice (or its title) or an organisation.
        month: one month with every decision; left out, the whole history without the decisions that changed nothing.

    Raises:
        InputError: nobody of that name, or no such month.
    """
    memberships = run.memberships
    subject = _find(run, memberships, who)
    if month is not None and month not in set(run.model["month"]):
        raise InputError(f"the run '{run.name}' has no month {month}; allowed are -11 to {run.last_month}")
    decisions, events = run.decisions, run.events
    if month is not None:
        decisions, events = decisions[decisions["month"] == month], events[events["month"] == month]
    decisions = decisions[_concerns(decisions, subject, memberships)]
    events = events[(events["who"] == subject.name) | (events["about"] == subject.name)]
    head = f"{subject.name}{f' ({subject.title})' if subject.title else ''}, {subject.kind}"
    lines = [head, *_standing(run, subject, memberships, month), *subject.lines]
    if month is None:
        quiet = _quiet(decisions)
        lines += _count_quiet(decisions[quiet], subject)
        decisions = decisions[~quiet]
    told = _timeline(run, decisions, events)
    return "\n".join([*lines, *(told or ["Nothing else is recorded."])]) + "\n"


def _find(run: Run, memberships: pd.DataFrame, who: str) -> _Subject:
    member = memberships["relation"] == "member"
    organisations = set(memberships.loc[memberships["relation"] != "post", "where"]) | set(
        run.organisations["organisation"]
    )
    practices = dict(zip(run.practices["practice"], run.practices["title"], strict=True))
    gps = set(memberships.loc[~member, "who"]) | set(run.gps["gp"])
    titles = {title.casefold(): name for name, title in practices.items() if title}
    name = titles.get(who.casefold(), who)
    if name in practices:
        return _Subject(name, "practice", practices[name])
    if name in organisations:
        return _Subject(name, "organisation")
    if name in gps:
        return _Subject(name, "GP")
    known = [*sorted(practices), *sorted(organisations), *sorted(gps)]
    raise InputError(
        f"the run '{run.name}' knows nobody called '{who}'; allowed are names of its {len(practices)} practices, "
        f"{len(organisations)} organisations and {len(gps)} GPs{did_you_mean(who, known)}"
    )


def _concerns(decisions: pd.DataFrame, subject: _Subject, memberships: pd.DataFrame) -> pd.Series[bool]:
    """Decisions of the subject, about it, and for a practice the votes of its GPs."""
    mask = (decisions["who"] == subject.name) | (decisions["about"] == subject.name)
    if subject.kind == "practice":
        posts = memberships[(memberships["relation"] == "post") & (memberships["where"] == subject.name)]
        for gp, since, until in posts[["who", "since", "until"]].itertuples(index=False):
            mask |= (decisions["kind"] == "vote") & (decisions["who"] == gp) & decisions["month"].between(since, until)
    return mask


def _standing(run: Run, subject: _Subject, memberships: pd.DataFrame, month: int | None) -> list[str]:
    """Where the subject stands, and in what it was and is."""
    lines = []
    at = run.last_month if month is None else month
    if subject.kind == "practice" and at >= 0:
        row = run.at("practices", at).set_index("practice").loc[subject.name]
        lines.append(
            f"Month {at}: {row['list']:,.0f} patients, {row['partners']} partners and {row['salaried']} salaried GPs, "
            f"load {row['load']:.2f}, access {row['access']:.2f}"
            + (f", engagement {row['engagement']:.2f}." if row["organisation"] else ", in no organisation.")
        )
    if subject.kind == "organisation" and at >= 0:
        rows = run.at("organisations", at)
        rows = rows[rows["organisation"] == subject.name]
        lines += [
            f"Month {at}: {row['form']} of {row['members']} practices with {row['population']:,.0f} patients, "
            f"capability {row['capability']:.2f}, engagement {row['engagement']:.2f}."
            for _, row in rows.iterrows()
        ] or [f"Month {at}: does not exist."]
    if subject.kind == "GP" and at >= 0:
        rows = run.gps
        rows = rows[(rows["gp"] == subject.name) & (rows["month"] <= at)].tail(1)
        lines += [
            f"Month {row['month']}: {row['role']}{' at ' + row['practice'] if row['practice'] else ''}, "
            f"{row['age']:.0f} years, {row['sessions']:.1f} sessions a week, burnout {row['burnout']:.2f}, "
            f"attitude to working together {row['attitude']:+.2f}."
            for _, row in rows.iterrows()
        ]
    side = memberships["where"] if subject.kind == "organisation" else memberships["who"]
    own = memberships[side == subject.name]
    if month is not None:
        own = own[(own["since"] <= month) & (month <= own["until"])]
    lines += [_entry_sentence(entry) for entry in _rows(own)]
    return lines


def _entry_sentence(entry: Mapping[str, Any]) -> str:
    still = entry["until"] == STILL
    span = f"since month {entry['since']}" if still else f"months {entry['since']} to {entry['until']}"
    what = {
        "member": f"{entry['who']} member of {entry['where']}",
        "leader": f"{entry['who']} leads {entry['where']}" if still else f"{entry['who']} led {entry['where']}",
        "post": f"{entry['who']} {entry['what']}" + (f" at {entry['where']}" if entry["where"] else ""),
    }[entry["relation"]]
    reasons = [reason for reason in (entry["why"], "" if still else entry["why_ended"]) if reason]
    return f"{what}, {span}{' (' + '; ended: '.join(reasons) + ')' if reasons else ''}."


def _quiet(decisions: pd.DataFrame) -> pd.Series[bool]:
    mask = decisions["kind"] == ""
    for name, kind in KINDS.items():
        if kind.quiet:
            mask |= (decisions["kind"] == name) & decisions["choice"].isin(kind.quiet)
    return mask


def _count_quiet(quiet: pd.DataFrame, subject: _Subject) -> list[str]:
    """How often the subject let things be."""
    own = quiet[quiet["who"] == subject.name]["kind"].value_counts(sort=False)
    return [f"Did not {KINDS[str(kind)].asked} in {count} months." for kind, count in sorted(own.items())]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _timeline(run: Run, decisions: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    lines = []
    told = [(int(row["month"]), 0, decision_sentence(row)) for row in _rows(decisions)]
    told += [(int(row["month"]), 1, event_sentence(row)) for row in _rows(events)]
    last = None
    for month, _, sentence in sorted(told, key=lambda item: item[:2]):
        if month != last:
            lines.append(f"Month {month} ({run.calendar.label(month)})")
            last = month
        lines.append(f"  {sentence}")
    return lines
