"""Unions and the step to a federation: scores, log-odds and quorum by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions.consolidate import board_terms, carries, escalation_hazard, escalation_terms, union_terms
from abm.scenario.parameters.consolidation import ConsolidationParameters

P = ConsolidationParameters()


def test_trust_of_a_third_outweighs_six_kilometres() -> None:
    terms = union_terms(P, np.array([0.33, 0.3]), np.array([6.0, 3.0]))
    assert sum(terms.values()) == pytest.approx([0.0, 0.3 - 0.165])


def test_boards_by_hand() -> None:
    assert sum(board_terms(P, 0.45).values()) == pytest.approx(0.4)
    assert sum(board_terms(P, 0.65).values()) == pytest.approx(0.8)


def test_escalation_by_hand() -> None:
    terms = escalation_terms(P, 0.55, 1.5, 0.7, 60_000, 1.0)
    assert sum(terms.values()) == pytest.approx(4 * 0.1 + 0.8 * 1.5 + 0.2 + log(2) + 1.0)
    assert escalation_hazard(P, escalation_terms(P, 0.45, 0.0, 0.5, 30_000, 0.0)) == pytest.approx(0.03)


@given(st.floats(0, 1), st.floats(0, 6), st.floats(0, 1), st.floats(1e3, 1e6), st.sampled_from([0.0, 1.0]))
def test_the_hazard_never_exceeds_its_rate(e: float, money: float, support: float, size: float, call: float) -> None:
    hazard = escalation_hazard(P, escalation_terms(P, e, money, support, size, call))
    assert 0 < hazard <= 0.06
    assert escalation_hazard(P, escalation_terms(P, e, money + 0.5, support, size, call)) >= hazard


def test_more_than_three_fifths_must_agree() -> None:
    assert not carries(P, 3, 5)
    assert carries(P, 2, 3) and carries(P, 4, 5)
    assert not carries(P, 1, 2) and carries(P, 2, 2)
    assert not carries(P, 0, 0)
