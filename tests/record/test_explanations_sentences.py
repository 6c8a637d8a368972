"""A sentence is true: its numbers add up to what was logged, and it claims no balance that the sum denies."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.calendar import Calendar
from abm.record.ballots import Ballot
from abm.record.explanations import EVENTS, KINDS, TERMS, decision_sentence, event_sentence, motion_sentence
from abm.record.explanations.sentences import carried
from abm.record.explanations.times import Times, lever_words
from abm.record.explanations.weighing import LEAST, MOST, odds, odds_between
from abm.scenario.levers import Levers
from abm.scenario.shocks import SHOCKS

SOURCE = Path(__file__).resolve().parents[2] / "abm"
NUMBER = re.compile(r"\(([+−]\d+\.\d\d)\)")
UNCLEAR = 0.02  # sums so near to 0 may be on either side in float32


def decision(kind: str, choice: str, probability: float, draw: float, **terms: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "month": 7, "kind": kind, "who": "P01", "about": "P02", "choice": choice, "probability": probability,
        "draw": draw, "term_unused": float("nan"),
    }  # fmt: skip
    return row | {f"term_{name}": value for name, value in terms.items()}


def calls_in_source(method: set[str], position: int) -> set[str]:
    """The literal strings at one position of calls of methods of these names, wherever in the model."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in method:
                argument = node.args[position] if len(node.args) > position else None
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    return found


def career_kinds() -> set[str]:
    """Kinds that pass `_chosen` of the workforce, which hands them on to the seam."""
    tree = ast.parse((SOURCE / "processes" / "workforce.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    chosen = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_chosen"]
    return {call.args[1].value for call in chosen if isinstance(call.args[1], ast.Constant)}


def test_every_kind_of_decision_in_the_source_has_words() -> None:
    kinds = calls_in_source({"decide", "decide_each", "pick"}, 0) | career_kinds()
    assert kinds >= {"vote", "explore", "exit", "call"}  # the search finds what it should
    assert kinds == set(KINDS)


def test_every_kind_of_event_in_the_source_has_words() -> None:
    kinds = calls_in_source({"event"}, 0)
    assert kinds >= {"founded", "left practice", "talks"}
    assert kinds <= set(EVENTS)
    assert {f"shock: {kind.replace('_', ' ')}" for kind in SHOCKS} <= set(EVENTS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_decision_has_its_own_words_for_each_choice(kind: str) -> None:
    words = KINDS[kind]
    sentences = {decision_sentence(decision(kind, choice, 0.5, 0.4, trust=0.2)) for choice in words.said}
    assert len(sentences) == len(words.said)
    for sentence in sentences:
        assert sentence.startswith("P01 ") and "decided '" not in sentence and "{" not in sentence
    assert words.yes in {"", *words.said} and words.quiet in {"", *words.said}
    assert set(words.own) | set(words.facts) <= set(TERMS)


def test_a_vote_is_told_with_the_heavier_side_first() -> None:
    sentence = decision_sentence(
        decision("vote", "no", 0.23, 0.61, trust=0.35, norm=0.12, autonomy=-0.62, reluctance=-0.25, history=0.0)
    )
    assert sentence == (
        "P01 voted against working with P02: the loss of autonomy (−0.62) and reluctance to change (−0.25) outweighed "
        "trust (+0.35) and the example of neighbours (+0.12)."
    )


def test_a_choice_against_the_balance_is_told_with_its_odds() -> None:
    sentence = decision_sentence(decision("vote", "yes", 0.23, 0.11, trust=0.1, autonomy=-0.5))
    assert sentence == (
        "P01 voted for working with P02, although the loss of autonomy (−0.50) outweighed trust (+0.10): the odds of "
        "this were 23 in 100, and this time it happened."
    )


def test_where_nothing_opposes_the_sentence_says_so() -> None:
    admitted = decision_sentence(decision("admit", "admit", 0.9, 0.1, trust=0.3))
    assert admitted == "P01 admitted P02: the members' trust in the applicant (+0.30) spoke for it, nothing against."
    assert "spoke against a federation, nothing for it" in decision_sentence(
        decision("propose", "informal network", 0.25, 0.6, base=-1.1)
    )


def test_an_unknown_kind_is_told_from_its_terms() -> None:
    sentence = decision_sentence(decision("move_house", "leave", 0.02, 0.01, engagement=-0.4, new_term=0.3))
    assert "decided 'leave' on 'move house' about P02" in sentence
    assert "weak engagement (−0.40) outweighed new term (+0.30)" in sentence


def test_a_choice_against_the_draw_was_made_by_a_person() -> None:
    assert "whoever held the seat" in decision_sentence(decision("vote", "yes", 0.2, 0.9))
    assert "whoever held the seat" in decision_sentence(decision("vote", "no", 0.9, 0.2))
    assert "whoever held the seat" not in decision_sentence(decision("vote", "yes", 0.9, 0.2))


def test_factors_of_a_hazard_are_told_as_factors() -> None:
    terms = {"age": 61.0, "burnout": 0.8, "burnout_factor": 1.8, "hazard": 0.396, "bonus_factor": 1, "wave_factor": 1.5}
    sentence = decision_sentence(decision("exit", "leave practice", 0.03, 0.001, **terms))
    assert sentence == (
        "P01 left practice: age 61, burnout (0.80) made it 1.8 times as likely, the wave of retirement made it 1.5 "
        "times as likely, at a rate of 40% a year; the odds of it were 3 in 100 that month, and this time it happened."
    )


def test_what_did_not_happen_is_told_with_the_odds_that_it_would() -> None:
    stayed = decision_sentence(decision("exit", "stay", 0.004, 0.6, burnout=0.5, burnout_factor=1.1, hazard=0.048))
    assert stayed.endswith("at a rate of 4.8% a year; the odds of it were 4 in 1,000 that month.")
    refused = decision_sentence(decision("admit", "refuse", 0.9, 0.95, trust=0.8))
    assert refused.endswith("the odds of this were 10 in 100, and this time it happened.")


def test_of_several_options_the_chosen_one_is_told_without_odds() -> None:
    sentence = decision_sentence(decision("search", "chosen", 0.1, 0.99, trust=0.6, distance=-1.2))
    assert sentence == "P01 turned to P02: drawn by trust (+0.60), despite the distance (−1.20)."


VOTE_TERMS = (
    "money", "relief", "attitude", "trust", "norm", "leader", "autonomy", "risk", "reluctance", "history",
)  # fmt: skip
vote_terms = st.dictionaries(
    st.sampled_from(VOTE_TERMS), st.floats(-2.0, 2.0).map(lambda value: round(value, 3)), min_size=1
)


@given(vote_terms, st.sampled_from(["yes", "no"]))
def test_the_numbers_of_a_sentence_add_up_to_the_logged_utility(terms: dict[str, float], choice: str) -> None:
    probability, draw = 0.5, 0.1 if choice == "yes" else 0.9
    sentence = decision_sentence(decision("vote", choice, probability, draw, **terms))
    told = [float(number.replace("−", "-")) for number in NUMBER.findall(sentence)]
    assert sum(told) == pytest.approx(sum(terms.values()), abs=LEAST * (len(terms) + 2))
    assert len(told) <= 2 * (MOST + 1)


@given(vote_terms, st.sampled_from(["yes", "no"]))
def test_nothing_is_said_to_outweigh_what_was_heavier(terms: dict[str, float], choice: str) -> None:
    draw = 0.1 if choice == "yes" else 0.9
    sentence = decision_sentence(decision("vote", choice, 0.5, draw, **terms))
    total = sum(terms.values())
    if abs(total) < UNCLEAR:
        return
    assert ("although" in sentence) == ((total > 0) != (choice == "yes"))
    clause = sentence.split("the odds of this")[0]
    first = NUMBER.search(clause)
    if first is not None:
        assert (first.group(1)[0] == "+") == (total > 0)
    if "outweighed" in clause:
        heavy, light = (
            sum(float(number.replace("−", "-")) for number in NUMBER.findall(part))
            for part in clause.split("outweighed")
        )
        assert abs(heavy) > abs(light) - LEAST * (len(terms) + 2) and heavy * light <= 0


EVENT = {"month": 3, "who": "P01", "kind": "a kind of its own", "about": "P02", "value": 1 / 3, "detail": "1 of 3"}


def test_events_without_words_of_their_own_are_told_with_number_and_phrase() -> None:
    assert event_sentence(EVENT) == "P01: a kind of its own – P02 (0.3333; 1 of 3)."
    assert event_sentence(EVENT | {"about": "", "value": float("nan"), "detail": ""}) == "P01: a kind of its own."


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_events_are_told_with_all_that_belongs_to_them(kind: str) -> None:
    sentence = event_sentence(EVENT | {"kind": kind})
    assert sentence.startswith("P01 ") and sentence.endswith(".") and "{" not in sentence
    for part, shown in (("{about}", "P02"), ("{at about}", " at P02"), ("{detail}", "1 of 3")):
        assert part not in EVENTS[kind] or shown in sentence
    own = event_sentence(EVENT | {"kind": kind}, me="P01")
    assert not own.startswith("P01") and own[0].isupper()


def test_who_left_practice_is_told_with_age_and_place() -> None:
    left = EVENT | {"kind": "left practice", "value": 60.84, "detail": "partner"}
    assert event_sentence(left) == "P01 left practice at 61, partner at P02."
    assert event_sentence(left | {"about": ""}) == "P01 left practice at 61, partner."


def test_numbers_agree_with_their_nouns() -> None:
    called = EVENT | {"kind": "called together", "value": 1.0}
    assert event_sentence(called) == "P01 called 1 practice of P02 together."
    assert "called 3 practices" in event_sentence(called | {"value": 3.0})
    one, two = (decision_sentence(decision("promote", "wait", 0.5, 0.9, salaried=n)) for n in (1.0, 2.0))
    assert "1 salaried GP to" in one and "2 salaried GPs to" in two


@given(
    st.sampled_from(["found", "join", "call"]), st.sampled_from(["informal", "federation"]),
    st.integers(1, 12), st.data(),
)  # fmt: skip
def test_a_ballot_is_read_as_it_was_written(occasion: str, form: str, cast: int, data: st.DataObject) -> None:
    yes, needed = data.draw(st.integers(0, cast)), data.draw(st.integers(1, cast))
    ballot = Ballot(occasion, form, yes, cast, needed, 67)
    assert Ballot.read(ballot.written()) == ballot
    assert ballot.passed == (yes >= needed)


def test_a_motion_is_told_with_what_it_needed_and_got() -> None:
    ballot = Ballot("join", "federation", 2, 4, 3, 67)
    event = {
        "month": 9,
        "kind": "motion failed",
        "who": "P01",
        "about": "P02@3",
        "value": 0.5,
        "detail": ballot.written(),
    }
    votes = [decision("vote", "no", 0.4, 0.6, distance=-0.4, trust=0.1) for _ in range(4)]
    assert motion_sentence(event, votes, notes={"trust": "trust in spite of the failed talks in 2015"}) == (
        "P01 voted against joining P02@3: the distance (−0.40) outweighed trust in spite of the failed talks in 2015 "
        "(+0.10); needed 67%, got 2 of 4."
    )
    assert event_sentence(event) == "P01 voted against joining P02@3: needed 67%, got 2 of 4."


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.data())
def test_the_odds_of_a_motion_are_those_of_its_votes(chances: list[float], data: st.DataObject) -> None:
    """Against the sum over all ways in which the votes can fall."""
    needed = data.draw(st.integers(1, len(chances)))
    total = 0.0
    for ways in range(2 ** len(chances)):
        votes = [ways >> i & 1 for i in range(len(chances))]
        weight = 1.0
        for vote, chance in zip(votes, chances, strict=True):
            weight *= chance if vote else 1 - chance
        total += weight if sum(votes) >= needed else 0.0
    assert carried(chances, needed) == pytest.approx(total, abs=1e-12)


@given(st.floats(1e-6, 0.999999))
def test_odds_are_near_the_chance_and_never_certain(chance: float) -> None:
    times, whole = (int(part.replace(",", "")) for part in odds(chance).split(" in "))
    assert 0 < times < whole
    assert times / whole == pytest.approx(chance, abs=0.006, rel=0.6)


def test_a_range_of_odds_is_told_once_where_it_is_one() -> None:
    assert odds_between(0.021, 0.044) == "2 to 4 in 100"
    assert odds_between(0.041, 0.044) == "4 in 100"
    assert odds_between(0.002, 0.044) == "2 in 1,000 to 4 in 100"
    assert odds_between(0.0, 0.044) == "0 to 4 in 100"


@pytest.mark.parametrize("name", Levers.model_fields)
def test_every_value_of_a_lever_can_be_told(name: str) -> None:
    choices = [choice for choice in get_args(Levers.model_fields[name].annotation) if isinstance(choice, str)]
    told = {lever_words(name, value) for value in [*choices, Levers.model_fields[name].default]}
    assert len(told) == max(1, len(choices)) and not any("{" in words for words in told)


@pytest.mark.parametrize(("month", "told"), [(5, False), (6, True), (17, True), (18, False)])
def test_a_funding_cut_is_named_with_pressure_for_a_year_as_a_time(month: int, told: bool) -> None:
    shock = {"kind": "funding_cut", "month": 6}
    scenario = {"policy": {"changes": []}, "changes": [], "shocks": [shock]}
    run = SimpleNamespace(manifest={"scenario": scenario}, dated=Calendar().label)
    notes = Times(run).notes(month, {"pressure": 0.3})  # type: ignore[arg-type]
    assert notes == ({"pressure": "pressure within a year of the funding cut of September 2014"} if told else {})
