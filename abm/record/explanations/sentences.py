"""Pure functions from a decision, a vote or an event to a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from typing import Any

from abm.record.ballots import Ballot
from abm.record.events import TERM
from abm.record.explanations.weighing import best_by, count, drawn_by, form_of, odds, speaker, weighed
from abm.record.explanations.words import EVENTS, KINDS, OCCASIONS, PHRASES, Kind

Named = Callable[[str], str]
FACTOR = "_factor"
LEVELS = {"income": "{:.1f} times a salaried one", "benefit": "{:+.1%} of a partner's income"}
SAME_FACTOR = 0.05  # a factor nearer to 1 is not worth a word
ALTHOUGH = "although "
SURPRISE = 0.5  # what was less likely than this and happened all the same is told as luck


def decision_sentence(
    decision: Mapping[str, Any],
    *,
    named: Named = str,
    me: str = "",
    notes: Mapping[str, str] | None = None,
    lead: str = "",
) -> str:
    """One decision in words: what was done, then why.

    Args:
        decision: a row of the decisions table: who, kind, about, choice, probability, draw and terms.
        named: how to write a name, for example with its title.
        me: who the text is about: the sentence does without its name.
        notes: what is remembered with a term, by term.
        lead: what was done, where more is known than the row says; {about} and the subject are not added.
    """
    done = lead or _subject(decision["who"], me, named) + deed(decision, named)
    return _upper(f"{done}{_because(reasons(decision, notes))}.")


def terms_of(decision: Mapping[str, Any]) -> dict[str, float]:
    """The terms that a row has, by name."""
    return {
        str(name).removeprefix(TERM): float(value)
        for name, value in decision.items()
        if str(name).startswith(TERM) and not isnan(value)
    }


def deed(decision: Mapping[str, Any], named: Named = str) -> str:
    """What was done, without who did it."""
    kind, choice, about = KINDS.get(decision["kind"], Kind({})), decision["choice"], decision["about"]
    whom = named(about) if about else "the other side"
    said = kind.said.get(choice) or kind.said.get("")
    if said:
        return said.replace("{about}", whom).replace("{choice}", named(choice))
    return f"decided '{choice}' on '{decision['kind'].replace('_', ' ')}'" + (f" about {whom}" if about else "")


def reasons(decision: Mapping[str, Any], notes: Mapping[str, str] | None = None) -> str:
    """Why: the terms that weighed, and how likely they made the choice."""
    kind, terms = KINDS.get(decision["kind"], Kind({})), terms_of(decision)
    say = speaker(kind.own, notes or {})
    facts = _facts(kind, terms)
    left = {name: value for name, value in terms.items() if name not in kind.facts}
    if kind.way == "several":
        return drawn_by(left, say)
    if kind.way == "best":
        return _best(_facts(kind, terms), left, decision["probability"], say)
    if not kind.yes:
        return f"{weighed(left, True, say)[0]}; the odds were {odds(decision['probability'])}"
    if kind.way != "sum" or not left:
        return _with_luck(", ".join([*facts, *_factors(terms, say)]), decision, kind)
    factor = left.pop(kind.factor_of, 1.0)
    clause, agrees = weighed(left, decision["choice"] == kind.yes, say, kind.it)
    if not kind.factor_of:
        return _with_luck(clause, decision, kind, certain=agrees, agrees=agrees)
    if factor < 1.0 - SAME_FACTOR:
        clause += f"; for lack of time to plan it was {factor:.1f} times as likely as with enough"
    return _with_luck(clause, decision, kind)


def _best(facts: list[str], terms: Mapping[str, float], chance: float, say: Callable[[str, float], str]) -> str:
    """Why this one of several was best, and among how many the lot decided."""
    if not chance:
        return "so decided by whoever held the seat"
    why = [*facts, *([best_by(terms, say)] if terms else [])]
    equals = round(1.0 / chance)
    return "; ".join([*why, *([f"by lot among {equals:,}"] if equals > 1 else [])])


def _facts(kind: Kind, terms: Mapping[str, float]) -> list[str]:
    """Circumstances in words; those that are told with the factor they make are left out."""
    alone = {
        name: words
        for name, words in kind.facts.items()
        if name in terms and abs(terms.get(f"{name}{FACTOR}", 1.0) - 1) < SAME_FACTOR
    }
    return [_level(words, terms[name]) for name, words in alone.items()]


def _level(words: str, value: float) -> str:
    return _minus(words.replace("GPs", "GP").format(value) if value == 1 else words.format(value))


def _minus(text: str) -> str:
    """A number below zero with a real minus."""
    return text.replace("-", "−")


def _factors(terms: Mapping[str, float], say: Callable[[str, float], str]) -> list[str]:
    """Factors of a hazard, the strongest first, and the yearly hazard that they make."""
    found = sorted(
        ((name, value) for name, value in terms.items() if name.endswith(FACTOR) and abs(value - 1) >= SAME_FACTOR),
        key=lambda item: (-abs(item[1] - 1), item[0]),
    )
    told = []
    for name, value in found:
        fact = name.removesuffix(FACTOR)
        level = f" ({_minus(LEVELS.get(fact, '{:.2f}').format(terms[fact]))})" if fact in terms else ""
        told.append(f"{say(name, value - 1)}{level} made it {value:.1f} times as likely")
    hazard = terms.get("hazard")
    return [*told, *([] if hazard is None else [f"at a rate of {_rate(hazard)} a year"])]


def _rate(hazard: float) -> str:
    """A hazard as a share, and above 1 as a number of times."""
    return f"{hazard:.1f}" if hazard >= 1 else f"{100 * hazard:.{0 if hazard >= 0.095 else 1}f}%"


def _with_luck(
    clause: str, decision: Mapping[str, Any], kind: Kind, *, certain: bool = False, agrees: bool = True
) -> str:
    """The clause, then the odds of the choice where they are news.

    Args:
        clause: the reasons.
        decision: the row; a choice against its draw was a person's.
        kind: how to speak of it.
        certain: whether the odds are not worth a word.
        agrees: whether the choice follows the balance of the reasons.
    """
    yes = decision["choice"] == kind.yes
    if (decision["draw"] < decision["probability"]) != yes:
        return "; ".join(filter(None, [clause, "so decided by whoever held the seat"]))
    if certain:
        return clause
    chance = float(decision["probability"])
    if kind.quiet:  # asked again every month
        luck = f"the odds of it were {odds(chance)} that month"
    else:
        chance = chance if yes else 1.0 - chance
        luck = f"the odds of this were {odds(chance)}"
    if chance < SURPRISE and (yes or not kind.quiet):
        luck += ", and this time it happened"
    return "; ".join(filter(None, [clause, luck])) if agrees else f"{ALTHOUGH}{clause}: {luck}"


def ballot_clause(ballot: Ballot) -> str:
    """What was needed and what there was."""
    if ballot.cast == 1:
        return f"its only partner said {'yes' if ballot.yes else 'no'}"
    return f"needed {ballot.percent}%, got {ballot.yes} of {ballot.cast}"


def motion_words(ballot: Ballot, about: str, named: Named = str) -> str:
    """What a motion was about: 'founding a federation with Quayside Surgery'."""
    return OCCASIONS[ballot.occasion].format(form=form_of(ballot.form), about=named(about))


def motion_sentence(
    event: Mapping[str, Any],
    votes: Sequence[Mapping[str, Any]] = (),
    *,
    named: Named = str,
    me: str = "",
    notes: Mapping[str, str] | None = None,
) -> str:
    """The vote of a practice as a whole.

    Args:
        event: a row of the events table, of kind "motion passed" or "motion failed".
        votes: the votes of its partners, rows of the decisions table; their mean terms are told.
    """
    ballot = Ballot.read(event["detail"])
    if ballot is None:
        return event_sentence(event, named=named, me=me)
    side = "for" if ballot.passed else "against"
    words = motion_words(ballot, event["about"], named)
    done = f"{_subject(event['who'], me, named)}voted {side} {words}"
    result = ballot_clause(ballot)
    if not votes:
        return _upper(f"{done}: {result}.")
    clause, agrees = weighed(mean_terms(votes), ballot.passed, speaker({}, notes or {}))
    if not agrees:
        chance = carried([float(vote["probability"]) for vote in votes], ballot.needed)
        share = odds(chance if ballot.passed else 1.0 - chance)
        return _upper(f"{done}, {ALTHOUGH}{clause}: {result}, for which the odds were {share}.")
    return _upper(f"{done}: {clause}; {result}.")


def mean_terms(votes: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Each term as the mean of those who voted."""
    of_each = [terms_of(vote) for vote in votes]
    return {name: sum(terms[name] for terms in of_each) / len(of_each) for name in of_each[0]}


def carried(chances: Sequence[float], needed: int) -> float:
    """Chance that at least `needed` of independent votes are yes."""
    ways = [1.0]
    for chance in chances:
        ways = [
            (ways[k] if k < len(ways) else 0.0) * (1 - chance) + (ways[k - 1] * chance if k else 0.0)
            for k in range(len(ways) + 1)
        ]
    return min(1.0, sum(ways[needed:]))


def event_sentence(event: Mapping[str, Any], *, named: Named = str, me: str = "") -> str:
    """One event in words; a kind without words of its own gets who, what, with whom, number and phrase.

    Args:
        event: a row of the events table: who, kind, about, value and detail.
        named, me: as for `decision_sentence`.
    """
    ballot = Ballot.read(event["detail"])
    if ballot is not None:
        side = "for" if ballot.passed else "against"
        who = _subject(event["who"], me, named)
        return _upper(f"{who}voted {side} {motion_words(ballot, event['about'], named)}: {ballot_clause(ballot)}.")
    about, value, detail = event["about"], event["value"], PHRASES.get(event["detail"], event["detail"])
    if event["kind"] not in EVENTS:
        whom = f" – {named(about)}" if about else ""
        extra = "; ".join([*([] if isnan(value) else [f"{value:.4g}"]), *([detail] if detail else [])])
        return f"{named(event['who'])}: {event['kind']}{whom}{f' ({extra})' if extra else ''}."
    template = EVENTS[event["kind"]].removeprefix("{who} ")
    parts = {
        "about": named(about) if about else "",
        "at about": f" at {named(about)}" if about else "",
        "value": value,
        "value practices": "" if isnan(value) else count(value, "practice"),
        "value share": "" if isnan(value) or value > 1 - SAME_FACTOR else f", with {value:.0%} of its leadership",
        "detail": detail,
        "detail why": f" for {named(goal)}" if (goal := detail.removeprefix("left for ")) != detail else f": {detail}",
        "detail form": form_of(detail) if detail else "",
    }
    used = {name: text for name, text in parts.items() if "{" + name in template}
    return _upper(_subject(event["who"], me, named) + template.format(**used) + ".")


def _because(why: str) -> str:
    """Reasons as they follow what was done."""
    if not why:
        return ""
    return f", {why}" if why.startswith(ALTHOUGH) else f": {why}"


def _subject(who: str, me: str, named: Named) -> str:
    return "" if who == me else f"{named(who)} "


def _upper(sentence: str) -> str:
    """A sentence begins with a capital, unless with a name in small letters that is a code."""
    return sentence[:1].upper() + sentence[1:]


__all__ = [
    "ballot_clause", "carried", "decision_sentence", "deed", "event_sentence", "mean_terms", "motion_sentence",
    "motion_words", "reasons", "terms_of",
]  # fmt: skip
