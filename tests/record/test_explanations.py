"""Sentences say what the logs say: who, what, how likely and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from abm.errors import InputError
from abm.record.explanations import EVENTS, KINDS, decision_sentence, event_sentence
from abm.record.results import Run


def decision(kind: str, choice: str, probability: float, draw: float, **terms: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "month": 7, "kind": kind, "who": "P01", "about": "P02", "choice": choice, "probability": probability,
        "draw": draw, "term_unused": float("nan"),
    }  # fmt: skip
    return row | {f"term_{name}": value for name, value in terms.items()}


def test_a_vote_names_its_terms_by_size_and_side() -> None:
    sentence = decision_sentence(
        decision("vote", "no", 0.23, 0.61, trust=0.35, norm=0.12, autonomy=-0.62, reluctance=-0.25, history=0.0)
    )
    assert sentence == (
        "P01 voted against working with P02 (chance of 'yes' 23%, draw 0.610; "
        "for: trust +0.35, example of neighbours +0.12; against: autonomy −0.62, reluctance to change −0.25)."
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_decision_has_words_for_each_choice(kind: str) -> None:
    words = KINDS[kind]
    sentences = {decision_sentence(decision(kind, choice, 0.5, 0.4, trust=0.2)) for choice in words.said}
    assert len(sentences) == len(words.said)
    for sentence in sentences:
        assert sentence.startswith("P01 ") and "decided '" not in sentence and "{about}" not in sentence
    assert words.yes in {"", *words.said}
    assert set(words.quiet) <= set(words.said)


def test_an_unknown_kind_is_told_from_its_terms() -> None:
    sentence = decision_sentence(decision("withdraw", "leave", 0.02, 0.01, engagement=-0.4, new_term=0.3))
    assert "decided 'leave' on 'withdraw' about P02" in sentence
    assert "new term +0.30" in sentence and "engagement of the members −0.40" in sentence


def test_a_choice_against_the_draw_was_made_by_a_person() -> None:
    assert "whoever held the seat" in decision_sentence(decision("vote", "yes", 0.2, 0.9))
    assert "whoever held the seat" in decision_sentence(decision("vote", "no", 0.9, 0.2))
    assert "whoever held the seat" not in decision_sentence(decision("vote", "yes", 0.9, 0.2))


def test_circumstances_of_a_career_are_not_weighed_against_each_other() -> None:
    sentence = decision_sentence(decision("exit", "leave practice", 0.004, 0.001, age=61.0, burnout=0.7))
    assert sentence == "P01 left practice (chance 0.4%, draw 0.001; age 61, burnout 0.7)."


EVENT = {"month": 3, "who": "P01", "kind": "a kind of its own", "about": "P02", "value": 1 / 3, "detail": "1 of 3"}


def test_events_without_words_of_their_own_are_told_with_number_and_phrase() -> None:
    assert event_sentence(EVENT) == "P01: a kind of its own – P02 (0.3333; 1 of 3)."
    assert event_sentence(EVENT | {"about": "", "value": float("nan"), "detail": ""}) == "P01: a kind of its own."


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_events_are_told_with_all_that_belongs_to_them(kind: str) -> None:
    sentence = event_sentence(EVENT | {"kind": kind})
    assert sentence.startswith("P01") and sentence.endswith(".")
    for part, shown in (("about}", "P02"), ("{at about}", " at P02"), ("{detail}", "1 of 3")):
        assert part not in EVENTS[kind] or shown in sentence


def test_who_left_practice_is_told_with_age_and_place() -> None:
    left = EVENT | {"kind": "left practice", "value": 60.84, "detail": "partner"}
    assert event_sentence(left) == "P01, partner at P02, left practice at 61 years of age."
    assert event_sentence(left | {"about": ""}) == "P01, partner, left practice at 61 years of age."


def test_a_practice_is_explained_with_the_votes_of_its_gps(small_run: Run) -> None:
    text = small_run.explain("P01", 9)
    votes = small_run.decisions.query("month == 9 and who in ['P01-0', 'P01-1', 'P01-2']")
    assert len(re.findall("voted", text)) == len(votes) == 3
    for row in votes.to_dict("records"):
        word = "for" if row["choice"] == "yes" else "against"
        assert f"{row['who']} voted {word} working with P00" in text
    assert "P01 member of P00@3, months 3 to 9 (founded together; ended: withdrew)." in text
    assert "P01: withdrew – P00@3." in text
    assert "P02-0" not in text
    assert small_run.explain("surgery 1", 9) == text


def test_votes_of_former_colleagues_are_not_the_practices_own(small_world: Callable[..., Any]) -> None:
    world = small_world(horizon=3)
    while world.month < 1:
        world.step()
    world.ledger.close("post", 3, 1, "moves")
    world.ledger.open("post", 3, 2, "salaried", 1, "moves")
    run = world.play()
    assert "P01-0 voted" in run.explain("P01", 1)  # the month of the move
    assert "P01-0 voted" not in run.explain("P01", 3)
    assert "P01-0 voted" in run.explain("P02", 3)


def test_organisations_and_gps_are_explained_too(small_run: Run) -> None:
    organisation = small_run.explain("P00@3")
    assert "Month 24: federation of 2 practices with 12,000 patients" in organisation
    assert "P00-0 leads P00@3, since month 3 (most skilled)." in organisation
    gp = small_run.explain("P00-0", 3)
    assert "P00-0 partner at P00, since month -11 (hired)." in gp
    assert len(re.findall("voted", gp)) == 1


def test_a_whole_history_leaves_out_what_changed_nothing_but_counts_it(small_world: Callable[..., Any]) -> None:
    world = small_world(horizon=4)
    for month in (1, 2, 3):
        choice = [0] if month < 3 else [1]
        world.seam.log.add(
            month, "explore", np.array(["P07"]), "", ("wait", "explore"), choice, [0.1], [0.5 if month < 3 else 0.05],
            {"pressure": [0.3], "headroom": [0.6]},
        )  # fmt: skip
    run = world.play()
    history = run.explain("P07")
    assert "Did not look for partners in 2 months." in history
    assert history.count("looked for partners (chance 10.0%") + history.count("looked for partners (chance 10%") == 1
    assert "did not look for partners" not in history
    assert "did not look for partners" in run.explain("P07", 1)


def test_unknown_names_are_refused_with_the_nearest(small_run: Run) -> None:
    with pytest.raises(InputError, match=r"knows nobody called 'P0l'.*did you mean 'P0"):
        small_run.explain("P0l")
    with pytest.raises(InputError, match="no month 99"):
        small_run.explain("P01", 99)
