"""Who somebody is, what became of them, and the weights of their decisions, as plain data for the page.

The words are those of `abm.record.explanations`; here they are sorted into months, and terms into bars.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, Any

from abm.errors import InputError
from abm.record.ballots import Ballot
from abm.record.explanations import decision_sentence, explain, motion_sentence
from abm.record.explanations.names import Names, Subject, find
from abm.record.explanations.sentences import FACTOR, deed, mean_terms, motion_words, terms_of
from abm.record.explanations.timeline import MOTIONS
from abm.record.explanations.weighing import signed, speaker
from abm.record.explanations.words import KINDS, Kind

if TYPE_CHECKING:
    from abm.record.results import Run

MOST_DECISIONS = 40
MOST_RELATED = 24
LEAST_BAR = 0.005
SAME_FACTOR = 0.02
MONTH_LINE = re.compile(r"^(?P<date>[A-Z][a-z]+ \d{4}) \(month (?P<month>-?\d+)\)$")
SUMS = "Parts of a sum: to the right for it, to the left against it."
FACTORS = "How many times as likely each made it; right of the middle more likely, left of it less."

Row = dict[str, Any]


def page(run: Run, who: str) -> dict[str, Any]:
    """Everything that is told of somebody.

    Args:
        run: the months played so far.
        who: a name or a title.

    Raises:
        InputError: nobody of that name, or more than one.
    """
    subject = find(run, who)
    facts, months = _sorted_by_month(explain(run, subject.name))
    decisions = _decisions(run, subject)
    return {
        "name": subject.name,
        "heading": subject.heading,
        "kind": subject.kind,
        "facts": facts,
        "months": months[::-1],
        "decisions": decisions,
        "related": _related(run, subject),
    }


def names(run: Run) -> list[dict[str, str]]:
    """Whom one could ask about: practices, living organisations and commissioners."""
    practices = run.at("practices", run.last_month)
    found = [
        {"name": str(name), "title": str(title)}
        for name, title in practices[["practice", "title"]].itertuples(index=False)
    ]
    organisations = run.at("organisations", run.last_month)
    found += [{"name": str(name), "title": "organisation"} for name in organisations["organisation"]]
    return found + [{"name": str(name), "title": "commissioner"} for name in sorted(set(practices["commissioner"]))]


def _sorted_by_month(text: str) -> tuple[list[str], list[Row]]:
    """What stands above the history, and the history: one entry a month with its sentences."""
    facts: list[str] = []
    months: list[Row] = []
    for line in text.splitlines()[1:]:
        found = MONTH_LINE.match(line)
        if found:
            months.append({"month": int(found["month"]), "date": found["date"], "items": []})
        elif months and line.startswith("  "):
            months[-1]["items"].append(line.strip())
        elif line.strip():
            facts.append(line.strip())
    return facts, months


def _decisions(run: Run, subject: Subject) -> list[Row]:
    """The latest decisions that changed something, and motions with the mean of their votes, newest first."""
    me, named = subject.name, Names.of(run)
    named.introduce(subject)
    told: list[Row] = []
    own = run.where("decisions", {"who": {me}}).to_dict("records")
    for row in own:
        kind = KINDS.get(row["kind"], Kind({}))
        if row["choice"] != kind.quiet:
            told.append(_weighed(run, row, deed(row, named), decision_sentence(row, named=named, me=me), kind))
    if subject.kind == "practice":
        told += _motions(run, subject, named)
    told = [one for one in told if one["terms"]]
    return sorted(told, key=lambda one: -one["month"])[:MOST_DECISIONS]


def _motions(run: Run, subject: Subject, named: Names) -> list[Row]:
    events = run.events
    motions = events[(events["who"] == subject.name) & events["kind"].isin(MOTIONS)].to_dict("records")
    if not motions:
        return []
    posts = run.memberships
    posts = posts[(posts["relation"] == "post") & (posts["where"] == subject.name)]
    gps = {who: (since, until) for who, since, until in posts[["who", "since", "until"]].itertuples(index=False)}
    votes = run.where("decisions", {"kind": {"vote"}, "who": set(gps) or {""}}).to_dict("records")
    told = []
    for motion in motions:
        ballot = Ballot.read(motion["detail"])
        cast = [
            vote
            for vote in votes
            if (vote["month"], vote["about"]) == (motion["month"], motion["about"])
            and gps[vote["who"]][0] <= vote["month"] <= gps[vote["who"]][1]
        ]
        if ballot is None or not cast:
            continue
        said = f"voted {'for' if ballot.passed else 'against'} {motion_words(ballot, motion['about'], named)}"
        sentence = motion_sentence(motion, cast, named=named, me=subject.name)
        bars = _bars(mean_terms(cast), KINDS["vote"])
        told.append(
            _entry(
                run,
                motion["month"],
                said,
                sentence,
                bars,
                SUMS if len(cast) == 1 else f"Mean of {len(cast)} partners. {SUMS}",
            )
        )
    return told


def _weighed(run: Run, row: Mapping[str, Any], said: str, sentence: str, kind: Kind) -> Row:
    bars = _bars(terms_of(row), kind)
    return _entry(run, row["month"], said, sentence, bars, FACTORS if kind.way == "factors" else SUMS)


def _entry(run: Run, month: int, said: str, sentence: str, bars: list[Row], scale: str) -> Row:
    return {
        "month": int(month), "date": run.dated(int(month)), "deed": said, "sentence": sentence, "terms": bars,
        "scale": scale,
    }  # fmt: skip


def _bars(terms: Mapping[str, float], kind: Kind) -> list[Row]:
    """A bar for each term that weighed, the longest first; lengths of factors are logarithms."""
    say = speaker(kind.own, {})
    bars: list[Row] = []
    for name, value in terms.items():
        if name in kind.facts or name == kind.factor_of:
            continue
        if kind.way == "factors":
            if not name.endswith(FACTOR) or abs(value - 1) < SAME_FACTOR:
                continue
            length, text = log(max(value, 1e-3)), f"× {value:.2f}"
        elif abs(value) >= LEAST_BAR:
            length, text = value, signed(value)
        else:
            continue
        word = say(name, value - 1 if kind.way == "factors" else value)
        bars.append({"label": word[:1].upper() + word[1:], "length": float(length), "text": text})
    return sorted(bars, key=lambda bar: (-abs(bar["length"]), bar["label"]))


def _related(run: Run, subject: Subject) -> list[Row]:
    """Whom the page leads on to."""
    held = run.memberships
    now = held[held["until"] > run.last_month]
    titles = dict(run.at("practices", run.last_month)[["practice", "title"]].itertuples(index=False))

    def group(title: str, found: Sequence[str]) -> list[Row]:
        shown = [{"name": str(name), "title": str(titles.get(name, ""))} for name in found][:MOST_RELATED]
        return [{"title": title, "names": shown}] if shown else []

    def who(relation: str) -> list[str]:
        return now.loc[(now["relation"] == relation) & (now["where"] == subject.name), "who"].tolist()

    def where(relation: str) -> list[str]:
        held_by = now.loc[(now["relation"] == relation) & (now["who"] == subject.name), "where"]
        return [name for name in held_by.tolist() if name]

    match subject.kind:
        case "practice":
            practices = run.at("practices", run.last_month)
            of = practices.loc[practices["practice"] == subject.name, "commissioner"].tolist()
            past = held.loc[(held["relation"] == "member") & (held["who"] == subject.name), "where"].tolist()
            left = [name for name in dict.fromkeys(past) if name not in where("member")]
            return [*group("Organisation", where("member")), *group("Was in", left), *group("GPs", who("post")),
                    *group("Commissioner", of)]  # fmt: skip
        case "organisation":
            return [*group("Members", who("member")), *group("Leaders", who("leader"))]
        case "GP":
            return [*group("Practice", where("post")), *group("Leads", where("leader"))]
    return []


__all__ = ["InputError", "names", "page"]
