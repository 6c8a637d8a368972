"""Founding, admitting and calling together: log-odds by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions.join import admission_terms, call_hazard, community_terms, federation_terms
from abm.scenario.parameters.founding import FoundingParameters

P = FoundingParameters()


def test_money_and_a_call_make_federations_likelier() -> None:
    assert sum(federation_terms(P, 0.0, 0.0).values()) == pytest.approx(-1.1)
    assert sum(federation_terms(P, 1.5, 1.0).values()) == pytest.approx(-1.1 + 0.6 * 1.5 + 0.5)


def test_deprived_and_engaged_communities_make_community_health_organisations_likelier() -> None:
    assert sum(community_terms(P, 0.5, 0.3, False).values()) == pytest.approx(-2.4)
    assert sum(community_terms(P, 0.9, 1.0, True).values()) == pytest.approx(-3 + 1.2 + 2 + 2)


def test_admission_by_hand() -> None:
    assert sum(admission_terms(P, -0.2, 0.45).values()) == pytest.approx(0.0)
    assert sum(admission_terms(P, 0.3, 0.55).values()) == pytest.approx(3 * 0.5 + 4 * 0.1)


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_trusted_applicants_and_engaged_members_admit_more(trust: float, engagement: float, more: float) -> None:
    now = sum(admission_terms(P, trust, engagement).values())
    assert sum(admission_terms(P, trust + more, engagement).values()) >= now
    assert sum(admission_terms(P, trust, engagement + more).values()) >= now


def test_calls_need_support_and_triple_under_an_open_call() -> None:
    assert call_hazard(P, 0.5, False) == pytest.approx(0.01)
    assert call_hazard(P, 0.5, True) == pytest.approx(0.03)
    assert call_hazard(P, 0.0, True) == 0.0
