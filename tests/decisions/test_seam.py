"""The one seam for decisions: draws decide, seats override, and the log says why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions.seam import Question, Seam
from abm.errors import InputError
from abm.record.events import DecisionLog

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=8)
DRAW = st.floats(0, 1, exclude_min=True, exclude_max=True)
TWO = ("no", "yes")


def seam(**options: object) -> Seam:
    made = Seam(DecisionLog(), **options)  # type: ignore[arg-type]
    made.month = 7
    return made


@given(st.lists(st.tuples(DRAW, st.floats(0, 1)), min_size=1, max_size=10))
def test_deciding_for_many_equals_deciding_one_by_one(cases: list[tuple[float, float]]) -> None:
    draw, chance = np.array(cases).T
    who = [f"gp{i}" for i in range(len(cases))]
    trust = np.linspace(-1, 1, len(cases))
    together, apart = seam(), seam()
    choices = together.decide_each("vote", who, TWO, {"trust": trust}, chance, draw, "a motion")
    singly = [
        apart.decide("vote", who[i], TWO, {"trust": trust[i]}, float(chance[i]), float(draw[i]), "a motion")
        for i in range(len(who))
    ]
    assert choices.tolist() == singly == (draw < chance).astype(int).tolist()
    assert together.log.frame().equals(apart.log.frame())


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=8), DRAW)
def test_among_many_options_the_cumulative_draw_decides(weights: list[float], draw: float) -> None:
    chances = np.array(weights) / np.sum(weights)
    options = [f"option {i}" for i in range(len(weights))]
    choice = seam().decide("search", "p", options, {"score": np.array(weights)}, chances, draw)
    below = np.concatenate(([0.0], np.cumsum(chances)))
    assert below[choice] - 1e-9 <= draw <= below[choice + 1] + 1e-9


def test_options_are_met_as_often_as_their_chances_say() -> None:
    chances, log = np.array([0.2, 0.5, 0.3]), seam(record="changes")
    draws = (np.arange(1000) + 0.5) / 1000
    chosen = [log.decide("search", "p", "abc", {}, chances, float(draw)) for draw in draws]
    assert np.bincount(chosen).tolist() == [200, 500, 300]


def test_an_option_without_a_chance_is_never_chosen() -> None:
    for draw in (1e-12, 0.5, 1 - 1e-12):
        assert seam().decide("search", "p", "abc", {}, np.array([0.0, 1.0, 0.0]), draw) == 1


def test_the_log_keeps_the_option_the_chance_the_draw_and_the_terms() -> None:
    log = seam()
    terms = {"distance": np.array([-1.0, -2.0]), "trust": np.array([0.5, 0.25])}
    log.decide("search", "B81012", ["B81001", "B81002"], terms, np.array([0.75, 0.25]), 0.8)
    log.decide("admit", "B81012@3", ("refuse", "admit"), {"trust": 1.5}, 0.9, 0.95, "B81002")
    search, admit = log.log.frame().itertuples(index=False)
    assert (search.month, search.kind, search.who, search.about) == (7, "search", "B81012", "B81002")
    assert (search.probability, search.draw, search.term_distance, search.term_trust) == (0.25, 0.8, -2.0, 0.25)
    assert (admit.about, admit.choice, admit.probability, admit.term_trust) == ("B81002", "refuse", 0.9, 1.5)
    assert np.isnan(admit.term_distance)


def test_a_seat_overrides_its_agent_and_nobody_else() -> None:
    asked: list[Question] = []

    def contrary(question: Question) -> str:
        asked.append(question)
        return "no" if question.probability > 0.5 else "yes"

    log = seam(seats={"gp1": contrary})
    chance, draw = np.array([0.9, 0.9, 0.1]), np.array([0.5, 0.5, 0.5])
    choices = log.decide_each(
        "vote", ["gp0", "gp1", "gp2"], TWO, {"trust": np.array([0.1, 0.2, 0.3])}, chance, draw, "m"
    )
    assert choices.tolist() == [1, 0, 0]
    assert asked == [Question(7, "vote", "gp1", "m", TWO, {"trust": 0.2}, 0.9)]
    assert log.log.frame()["choice"].tolist() == ["yes", "no", "no"], "the log has what was done"
    assert log.decide("vote", "gp1", TWO, {"trust": 0.2}, 0.1, 0.9) == 1


def test_a_seat_chooses_among_many_and_is_told_the_best() -> None:
    asked: list[Question] = []

    def last(question: Question) -> str:
        asked.append(question)
        return question.options[-1]

    log = seam(seats={"p": last})
    assert log.decide("search", "p", "abc", {"score": np.array([1.0, 3.0, 2.0])}, np.array([0.2, 0.5, 0.3]), 0.1) == 2
    assert (asked[0].probability, asked[0].terms) == (0.5, {"score": 3.0})
    row = log.log.frame().iloc[0]
    assert (row["about"], row["probability"], row["term_score"]) == ("c", 0.3, 2.0)


def test_a_seat_may_leave_the_decision_to_the_model() -> None:
    log = seam(seats={"gp": lambda question: None})
    assert log.decide("vote", "gp", TWO, {}, 0.9, 0.5) == 1
    assert log.decide("search", "gp", "abc", {}, np.array([0.2, 0.5, 0.3]), 0.9) == 2


def test_a_wrong_answer_is_refused_with_what_is_allowed() -> None:
    log = seam(seats={"gp": lambda question: "yess"})
    with pytest.raises(InputError, match=r"'gp' answered 'yess' to 'vote'; allowed are no, yes; did you mean 'yes'"):
        log.decide("vote", "gp", TWO, {}, 0.9, 0.5)


def test_recording_changes_alone_leaves_the_decisions_as_they_are() -> None:
    everything, changes = seam(), seam(record="changes")
    draw, chance = np.linspace(0.05, 0.95, 10), np.full(10, 0.3)
    who = [f"gp{i}" for i in range(10)]
    terms = {"burnout": np.linspace(0, 1, 10)}
    about = np.array([f"practice {i}" for i in range(10)])
    choices = [
        log.decide_each("exit", who, ("stay", "leave"), terms, chance, draw, about) for log in (everything, changes)
    ]
    assert np.array_equal(*choices)
    full = everything.log.frame()
    assert len(full) == 10
    assert changes.log.frame().equals(full[full["choice"] == "leave"].reset_index(drop=True))


def test_the_best_of_several_is_taken_and_logged_with_its_terms() -> None:
    log = DecisionLog()
    seam = Seam(log)
    skill, burnout = np.array([0.4, 0.9, 0.6]), np.array([0.0, -0.6, -0.1])
    assert seam.pick("appoint", "O", ["a", "b", "c"], {"skill": skill, "burnout": burnout}) == 2
    row = log.frame().iloc[0]
    assert (row["who"], row["about"], row["choice"], row["probability"]) == ("O", "c", "chosen", 1.0)
    assert (row["term_skill"], row["term_burnout"]) == (np.float32(0.6), np.float32(-0.1))


def test_the_lot_decides_among_equals_only() -> None:
    log = DecisionLog()
    seam = Seam(log)
    lot = np.array([0.01, 0.7, 0.3])
    assert seam.pick("approach", "O", ["a", "b", "c"], {"distress": np.array([6, 9, 9])}, lot) == 2
    assert seam.pick("seat", "O", ["a", "b", "c"], {}, lot) == 0
    assert log.frame()["probability"].tolist() == [1 / 2, 1 / 3] and log.frame()["draw"].tolist() == [0.3, 0.01]
    assert seam.pick("place", "O", ["a", "b"], {"distance": np.array([-2.0, -2.0])}, about="p") == 0
    assert log.frame().iloc[2][["about", "choice"]].tolist() == ["p", "a"]


def test_who_holds_the_seat_picks_any() -> None:
    log = DecisionLog()
    seam = Seam(log, {"O": lambda question: question.options[-1]})
    assert seam.pick("approach", "O", ["a", "b", "c"], {"distress": np.array([9, 6, 6])}) == 2
    assert log.frame().iloc[0][["about", "probability"]].tolist() == ["c", 0.0]
