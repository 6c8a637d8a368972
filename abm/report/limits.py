"""What the model cannot say: sentences that depend on the run, its place and the evidence behind its numbers."""

from __future__ import annotations

from collections import Counter

from abm.locality.guesses import guesses_sentence, year_of
from abm.report.values import Values
from abm.report.words import count, listing, percent
from abm.scenario.levers import ABSENT_MECHANISMS
from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.registry import GRADES, entries

MOST_DROPPED = 5
LEVELS_OF = 2015  # later places have other prices, and networks that the model does not know


def limits(values: Values) -> list[str]:
    """The limits of what this run can be read for."""
    return [
        _luck(values),
        "Levels have not been calibrated: waits, load, incomes and attendances as such are not to be read as those of "
        "a real place. Differences between policies on the same seeds are what the model is made for (gpfed "
        "experiment); gpfed targets sets runs beside what is known of the world.",
        "The figures describe what happened in the run. That one thing came after another does not say that it was its "
        "cause: the same place without the policy may have gone the same way.",
        "Spread between practices or organisations shows how different they are, from the 10th to the 90th "
        "percentile. It is no confidence interval.",
        _grades(),
        *_place(values),
        f"Not in this version: {listing(sorted({*ABSENT_MECHANISMS.values(), 'mergers'}))}. What would follow "
        "from them is not in the figures.",
        *_season(values),
        *(str(warning) for warning in values.run.manifest.get("warnings", [])),
    ]


def _luck(values: Values) -> str:
    if values.count == 1:
        return (
            "One run: the luck of the draw is not shown. Another seed gives other people, other leaders and other "
            "chances, and with them other figures."
        )
    codes = {run.manifest["code_sha256"] for run in (values.run, *values.beside)}
    mixed = (
        ""
        if len(codes) == 1
        else " They were made by different versions of the model's code, so that not luck alone tells them apart."
    )
    return (
        f"The range over runs is the least and the most of {values.count} runs that differ by seed alone. More runs "
        f"can only make it wider; it is no confidence interval.{mixed}"
    )


def _grades() -> str:
    grades = Counter(entry.grade for entry in entries(ModelParameters))
    total = sum(grades.values())
    told = "; ".join(f"{meaning} ({grade}) {grades[grade]}" for grade, meaning in GRADES.items() if grades[grade])
    return (
        f"Of the {total} parameters of the model {percent(grades['A'] / total)} are assumptions. By grade of evidence: "
        f"{told}."
    )


def _place(values: Values) -> list[str]:
    place = values.run.manifest["place"]
    if place.get("kind") == "synthetic":
        return [
            "The place is made up: its practices are drawn to look like those of a kind of area, and stand for no "
            "real one."
        ]
    told = []
    guesses = guesses_sentence(place)
    if guesses:
        told.append(f"The files do not tell everything about the place. {guesses}")
    dropped = place.get("dropped", {})
    if dropped:
        some = [f"{practice}: {reason}" for practice, reason in list(dropped.items())[:MOST_DROPPED]]
        more = f"; and {len(dropped) - MOST_DROPPED} more" if len(dropped) > MOST_DROPPED else ""
        told.append(f"{count(len(dropped), 'practice')} of the files left out: {'; '.join(some)}{more}.")
    if (year := year_of(place)) and int(year[:4]) > LEVELS_OF:
        told.append(
            f"The practices are those of {year}, but levels of money (funding, incomes, prices) are those of 2014/15."
        )
        told.append(
            "Primary care networks, and other collaborations that published files of later years name, are not read: "
            "the groups that there are at the start are drawn as for 2014."
        )
    told.append(
        "The people of the place, their ages, attitudes and burnout, are drawn, not known; so are the practices that "
        "collaborated before the start. What a practice does here is no statement on the real one of its name."
    )
    return told


def _season(values: Values) -> list[str]:
    run = values.run
    if values.last % 12 == 0:
        return []
    return [
        f"{run.dated(0)} and {run.dated(values.last)} lie in different seasons: a part of the difference between them "
        "in load, access and requests is the season's."
    ]
