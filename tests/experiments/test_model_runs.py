import numpy as np
import pandas as pd
import pytest

import abm
from experiments import paired_differences, replicate, under_policies

PLACE = abm.Scenario.load("inner-city")


def test_the_model_gives_the_same_results_in_this_process_and_in_others():
    scenarios = under_policies(PLACE.with_horizon(1), ["distributed-leadership"])
    told = {"run": abm.run, "progress": False, "tables": ("model", "gps", "organisations")}
    here, there = (replicate(scenarios, 2, workers=workers, **told) for workers in (0, 2))
    assert here.failures.empty
    for table in told["tables"]:
        pd.testing.assert_frame_equal(here.tables[table], there.tables[table], check_exact=True)


@pytest.mark.slow
def test_two_policies_on_one_seed_meet_the_same_people_and_the_same_demand():
    scenarios = under_policies(PLACE.with_horizon(24), ["as-it-was", "money-per-head"])
    experiment = replicate(scenarios, 10, progress=False, run=abm.run)
    assert experiment.failures.empty
    wide = experiment.model.set_index(["scenario", "seed", "month"])
    one, other = wide.loc["as-it-was"], wide.loc["money-per-head"]
    assert (one["entrants"] == other["entrants"]).all()
    requests = ["urgent_requests", "routine_requests", "planned_requests"]
    assert np.corrcoef(one[requests].sum(axis=1), other[requests].sum(axis=1))[0, 1] > 0.99
    burnout = paired_differences(experiment, "as-it-was", ["high_burnout_share"], [24]).iloc[0]
    assert burnout["correlation"] > 0.5
    assert burnout["variance_saved"] > 0.5
