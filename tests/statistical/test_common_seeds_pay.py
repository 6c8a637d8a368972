"""Comparing policies on common seeds pays: what they have in common varies together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Scenario, run

SEEDS = range(1, 13)
MONTH = 36


@pytest.mark.slow
def test_burnout_under_two_policies_is_correlated_over_common_seeds(small_scenario: Callable[..., Scenario]) -> None:
    place = small_scenario(41, MONTH).with_settings(decisions="changes", gps_every=12)
    series = {}
    for policy in ("as-it-was", "money-per-head"):
        models = [run(place.with_policy(policy), seed).model.set_index("month") for seed in SEEDS]
        series[policy] = {
            name: np.array([m.loc[MONTH, name] for m in models]) for name in ("burnout", "gps", "patients")
        }
        series[policy]["entrants"] = np.array([m["entrants"].sum() for m in models])
    one, other = series.values()

    def correlation(name: str) -> float:
        return float(np.corrcoef(one[name], other[name])[0, 1])

    assert np.allclose(one["patients"], other["patients"], rtol=1e-12)  # lists that merge are added in another order
    assert correlation("burnout") > 0.5
    assert correlation("gps") > 0.5
    paired, apart = (one["burnout"] - other["burnout"]).std(), (one["burnout"] - np.roll(other["burnout"], 1)).std()
    assert paired < apart, "paired differences are more precise than unpaired ones"
