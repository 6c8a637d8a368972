import numpy as np
import pandas as pd
import pytest
from fake_runs import FakeScenario, fake_run
from hypothesis import given
from hypothesis import strategies as st

from abm.errors import InputError
from experiments import means, paired_differences, replicate
from experiments.compare import t_interval

TRIO = {
    "plain": FakeScenario("plain"),
    "money": FakeScenario("money", effect=0.1, noise=0.05),
    "noise": FakeScenario("noise", noise=1.0),
}


@pytest.fixture(scope="module")
def trio():
    return replicate(TRIO, 30, workers=0, progress=False, run=fake_run)


def test_t_interval_of_a_case_worked_by_hand():
    # 2, 4, 4, 6, 9: mean 5, sum of squares 28, sd = sqrt(28 / 4); t(0.975; 4) = 2.776445
    found = t_interval([2, 4, 4, 6, 9])
    half = 2.776445 * np.sqrt(7) / np.sqrt(5)
    assert found.n == 5
    assert found == pytest.approx((5, 5.0, 5 - half, 5 + half, np.sqrt(7)), rel=1e-6)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30),
    st.floats(0.01, 100.0),
    st.floats(-1e3, 1e3),
)
def test_t_interval_moves_and_stretches_with_the_values(values, scale, shift):
    one = t_interval(values)
    other = t_interval([scale * value + shift for value in values])
    size = scale * (max(map(abs, values)) + 1) + abs(shift)
    assert one.low <= one.mean <= one.high
    assert other.mean == pytest.approx(scale * one.mean + shift, abs=1e-9 * size)
    assert other.high - other.low == pytest.approx(scale * (one.high - one.low), abs=1e-6 * size)


@pytest.mark.parametrize("n", [2, 5, 20])
def test_t_interval_covers_the_true_mean_as_often_as_it_says(n):
    trials = 4000
    samples = np.random.default_rng(20140401).normal(3.0, 2.0, (trials, n))
    hits = sum(found.low <= 3.0 <= found.high for found in map(t_interval, samples))
    assert hits / trials == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / trials))


def test_one_value_has_a_mean_and_no_interval():
    found = t_interval([4.0, np.nan])
    assert (found.n, found.mean) == (1, 4.0)
    assert np.isnan([found.low, found.high, found.sd]).all()
    assert t_interval([]).n == 0


def test_spread_does_not_narrow_with_more_seeds_and_the_interval_does(trio):
    def row(experiment):
        return means(experiment, ["uptake"], [12]).query("scenario == 'noise'").iloc[0]

    many = row(replicate(TRIO, 480, workers=0, progress=False, run=fake_run))
    few = row(trio)
    assert many["sd"] == pytest.approx(few["sd"], rel=0.4)
    assert (many["interval_high"] - many["interval_low"]) < 0.5 * (few["interval_high"] - few["interval_low"])
    assert not [name for name in means(trio, ["uptake"]).columns if "conf" in name or name.startswith("ci")]


def test_means_are_the_means_over_seeds(trio):
    table = means(trio, ["uptake"], [24]).set_index("scenario")
    for name in TRIO:
        values = trio.model.query("scenario == @name and month == 24")["uptake"]
        assert table.loc[name, "mean"] == pytest.approx(values.mean())
        assert table.loc[name, "runs"] == 30


def test_a_paired_difference_finds_the_effect_that_luck_hides(trio):
    row = paired_differences(trio, "plain", ["uptake"], [12]).query("scenario == 'money'").iloc[0]
    assert row["pairs"] == 30
    assert row["interval_low"] < 12 * 0.1 < row["interval_high"]
    assert row["interval_high"] - row["interval_low"] < 0.1  # unpaired: about 1
    assert row["correlation"] > 0.99
    assert row["variance_saved"] > 0.98


def test_the_saving_is_the_share_of_the_unpaired_variance(trio):
    table = paired_differences(trio, "plain", ["uptake"], [12]).set_index("scenario")
    wide = trio.model.query("month == 12").pivot(index="seed", columns="scenario", values="uptake")
    for name in ("money", "noise"):
        apart = wide[name].var() + wide["plain"].var()
        paired = (wide[name] - wide["plain"]).var()
        assert table.loc[name, "variance_saved"] == pytest.approx(1 - paired / apart)
        assert table.loc[name, "variance_ratio"] == pytest.approx(apart / paired)
        assert table.loc[name, "sd"] == pytest.approx(np.sqrt(paired))


def test_equal_scenarios_differ_by_exactly_nothing():
    twins = {"one": FakeScenario("same"), "two": FakeScenario("same")}
    experiment = replicate(twins, 5, workers=0, progress=False, run=fake_run)
    row = paired_differences(experiment, "one", ["uptake"], [24]).iloc[0]
    assert (row["mean_difference"], row["interval_low"], row["interval_high"]) == (0, 0, 0)
    assert (row["variance_saved"], row["variance_ratio"]) == (1, np.inf)


def test_a_seed_that_failed_under_one_scenario_counts_under_neither():
    lost = {"plain": FakeScenario("plain"), "odd": FakeScenario("odd", effect=1.0, trouble="error", trouble_seed=3)}
    experiment = replicate(lost, 5, workers=0, progress=False, run=fake_run)
    row = paired_differences(experiment, "plain", ["uptake"], [12]).iloc[0]
    assert row["pairs"] == 4
    assert row["mean_difference"] == pytest.approx(12.0)  # the lost seed's luck does not enter


def test_a_month_without_a_value_is_no_pair(trio):
    row = paired_differences(trio, "plain", ["process"], [0]).iloc[0]
    assert row["pairs"] == 0 and np.isnan(row["mean_difference"])


def test_months_left_out_are_the_reported_ones_within_the_horizon(trio):
    assert sorted(set(means(trio, ["uptake"])["month"])) == [12, 24]


def test_a_permutation_of_the_rows_changes_nothing(trio):
    shuffled = trio.model.sample(frac=1, random_state=1)
    other = type(trio)({"model": shuffled}, trio.runs, trio.failures, trio.manifest)
    pd.testing.assert_frame_equal(
        paired_differences(trio, "plain", ["uptake"]), paired_differences(other, "plain", ["uptake"])
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda trio: means(trio, ["uptke"]), "did you mean 'uptake'"),
        (lambda trio: means(trio, ["scenario"]), 'metric "scenario" is unknown'),
        (lambda trio: means(trio, ["uptake"], [61]), "month 61 is not in these runs; allowed are 0 to 24"),
        (lambda trio: paired_differences(trio, "plian", ["uptake"]), "did you mean 'plain'"),
    ],
)
def test_what_is_not_in_the_runs_is_refused_in_one_sentence(trio, call, said):
    with pytest.raises(InputError, match=said):
        call(trio)
