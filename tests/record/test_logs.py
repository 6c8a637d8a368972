"""Logs give back what was put in, whatever the batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.record.events import DecisionLog, EventLog

NAMES = st.sampled_from(["P01", "P02", "P02-1", "A name with spaces", "Ærøskøbing", ""])
EVENT = st.tuples(NAMES, NAMES, st.floats(allow_nan=False), NAMES)
EVENT_BATCH = st.tuples(
    st.integers(-11, 180), st.sampled_from(["left", "joined"]), st.lists(EVENT, min_size=1, max_size=5)
)


@given(batches=st.lists(EVENT_BATCH, max_size=8))
def test_events_come_out_as_they_went_in(batches: list) -> None:
    log, truth = EventLog(), []
    for month, kind, events in batches:
        who, about, value, detail = (list(column) for column in zip(*events, strict=True))
        log.add(month, kind, np.array(who), np.array(about), np.array(value), np.array(detail))
        truth += [(month, kind, *event) for event in events]
    assert list(log.frame().itertuples(index=False, name=None)) == truth
    for month, kind, _ in batches:
        assert log.count(month, kind) == sum(row[:2] == (month, kind) for row in truth)
    again = EventLog()
    again.load(log.save())
    assert again.frame().equals(log.frame())
    again.add(1, "left", "P99")
    assert len(again) == len(log) + 1


DECISION = st.tuples(NAMES, st.integers(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(width=32, allow_nan=False))
DECISION_BATCH = st.tuples(
    st.integers(-11, 180), st.sampled_from(["vote", "exit"]), st.lists(DECISION, min_size=1, max_size=5)
)


@given(batches=st.lists(DECISION_BATCH, max_size=8))
def test_decisions_keep_their_terms_apart_by_kind(batches: list) -> None:
    log, truth = DecisionLog(), []
    term = {"vote": "trust", "exit": "age"}
    for month, kind, decisions in batches:
        who, choice, probability, draw, weight = (np.array(column) for column in zip(*decisions, strict=True))
        log.add(month, kind, who, "it", ("no", "yes"), choice, probability, draw, {term[kind]: weight})
        truth += [(month, kind, *decision) for decision in decisions]
    frame = log.frame()
    assert len(frame) == len(truth) == len(log)
    for row, (month, kind, who, choice, probability, draw, weight) in zip(frame.to_dict("records"), truth, strict=True):
        assert (row["month"], row["kind"], row["who"], row["choice"]) == (month, kind, who, ("no", "yes")[choice])
        assert (row["probability"], row["draw"], row[f"term_{term[kind]}"]) == (probability, draw, np.float32(weight))
        other = {"vote": "term_age", "exit": "term_trust"}[kind]
        assert other not in row or np.isnan(row[other])
    again = DecisionLog()
    again.load(log.save())
    assert again.frame().equals(frame)


def test_logs_keep_copies() -> None:
    log, draw, names = DecisionLog(), np.array([0.2]), np.array(["P01"])
    log.add(1, "vote", names, "P02", ("no", "yes"), np.array([1]), np.array([0.5]), draw, {"trust": draw})
    draw[:] = 9.0
    names[:] = "P99"
    row = log.frame().iloc[0]
    assert (row["who"], row["draw"], row["term_trust"]) == ("P01", 0.2, np.float32(0.2))
    frame = log.frame()
    frame["draw"] = 9.0
    assert log.frame()["draw"][0] == 0.2


def test_one_value_serves_a_whole_batch() -> None:
    log = EventLog()
    log.add(3, "joined", np.array(["P01", "P02"]), "O1", 2.0, "founders")
    assert log.frame()[["about", "value", "detail"]].to_numpy().tolist() == [["O1", 2.0, "founders"]] * 2
    assert log.count(3, "joined") == 2


def test_batches_of_unequal_length_are_refused_and_leave_no_trace() -> None:
    log, two = DecisionLog(), np.array(["a", "b"])
    with pytest.raises(ValueError, match="2 decisions are logged, but the term 'trust' has 3 values"):
        log.add(1, "vote", two, "", ("no", "yes"), [0, 1], [0.1, 0.2], [0.3, 0.4], {"trust": [1, 2, 3]})
    with pytest.raises(ValueError, match="2 rows are logged"):
        log.add(1, "vote", two, "", ("no", "yes"), [0, 1], [0.1, 0.2, 0.3], [0.3, 0.4], {})
    assert len(log) == len(log.frame()) == 0


def test_empty_logs_have_their_columns() -> None:
    assert list(EventLog().frame()) == ["month", "kind", "who", "about", "value", "detail"]
    assert list(DecisionLog().frame()) == ["month", "kind", "who", "about", "choice", "probability", "draw"]
