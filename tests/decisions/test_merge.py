"""Mergers: who is proposed, how likely due diligence fails, and what is large, by hand."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.decisions.merge import (
    DIFFERENCES,
    WITHOUT_CAUSE,
    becomes_super_partnership,
    failure_factors,
    failure_hazard,
    match_terms,
    proposal_hazard,
    survival_factor,
    why_it_failed,
)
from abm.decisions.vote import vote_terms
from abm.scenario.parameters.mergers import MergerParameters
from abm.scenario.parameters.voting import VotingParameters
from abm.streams import Streams

P = MergerParameters()


def test_the_hazard_of_a_proposal_grows_with_the_members() -> None:
    assert proposal_hazard(P, 6) == pytest.approx(0.02)
    assert proposal_hazard(P, 18) == pytest.approx(0.06)
    assert proposal_hazard(P, 0) == 0


def test_pressure_drives_small_practices_to_merge() -> None:
    assert survival_factor(P, np.array([0.0, 1.0, -0.4])) == pytest.approx([1.0, exp(1.5), exp(-0.6)])


def test_a_unit_of_trust_outweighs_three_kilometres() -> None:
    terms = match_terms(P, np.array([1.0, 0.2]), np.array([3.0, 0.0]))
    assert sum(terms.values()) == pytest.approx([0.0, 0.2])


def test_due_diligence_by_hand() -> None:
    assert failure_hazard(P, failure_factors(P, 0.0, 0.0, 0.0, 0.0)) == pytest.approx(0.05)
    hazard = failure_hazard(P, failure_factors(P, 0.4, 0.3, 0.2, 6.0))
    assert hazard == pytest.approx(0.05 * exp(-1.5 * 0.4 + 0.3 + 0.1 + 0.25))


@given(st.floats(-1, 1), st.floats(0, 2), st.floats(0, 1), st.floats(0, 20))
def test_difference_and_distrust_never_help(trust: float, income: float, quality: float, premises: float) -> None:
    hazard = failure_hazard(P, failure_factors(P, trust, income, quality, premises))
    assert failure_hazard(P, failure_factors(P, trust - 0.1, income, quality, premises)) > hazard
    for worse in ((0.1, 0.0, 0.0), (0.0, 0.1, 0.0), (0.0, 0.0, 1.0)):
        more = failure_factors(P, trust, income + worse[0], quality + worse[1], premises + worse[2])
        assert failure_hazard(P, more) > hazard


def test_the_worst_difference_is_what_it_failed_for() -> None:
    assert why_it_failed(failure_factors(P, 0.5, 0.6, 0.1, 2.0)) == DIFFERENCES["income_factor"]
    assert why_it_failed(failure_factors(P, -0.9, 0.6, 0.1, 2.0)) == DIFFERENCES["trust_factor"]
    assert why_it_failed(failure_factors(P, 0.5, 0.0, 0.0, 0.0)) == WITHOUT_CAUSE


def test_three_sites_or_twenty_thousand_patients_are_a_super_partnership() -> None:
    assert not becomes_super_partnership(P, 2, 19_999)
    assert becomes_super_partnership(P, 3, 5_000) and becomes_super_partnership(P, 2, 20_000)


def test_only_votes_on_a_merger_weigh_its_finality() -> None:
    p, one = VotingParameters(), np.array([0.2])
    values = {"income": 0.07, "relief": 0.4, "pressure": 0.0, "trust": 0.0, "norm": 0.0, "leader": 0.0,
              "autonomy_loss": 0.7, "risk_exposure": 0.0, "history": 0.0, "attitude": one, "autonomy": one}  # fmt: skip
    with_it, without = vote_terms(p, **values, merger=True), vote_terms(p, **values)
    assert sum(with_it.values()) == pytest.approx(sum(without.values()) - 0.2)
    assert set(with_it) - set(without) == {"merger"}


def test_due_diligence_takes_nine_months_on_average() -> None:
    keys = np.arange(20_000, dtype=np.uint64)
    months = Streams(1).gamma(P.diligence_shape, P.diligence_months, "due diligence", 1, keys)
    assert months.mean() == pytest.approx(9.0, rel=0.02)
    assert months.std() == pytest.approx(9.0 / 3**0.5, rel=0.03)
    assert months.min() > 0
