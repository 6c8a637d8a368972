import numpy as np
import pandas as pd
import pytest
from fake_runs import series_run

from abm.errors import InputError
from abm.record.series import TABLES
from abm.scenario.scenario import Scenario
from experiments import pilot_table, replicate
from experiments.targets import RULES, TARGETS, Target, large_organisations, leavers, load_targets

RECORDED = {series.name for series in TABLES["model"]}
MEASURED = {"leavers_up_to_50", "gps_up_to_50", "organisations_over_100000_share"}


def target(**changed):
    told = dict(
        pattern="P", description="", metric="x", rule="at", from_month=0, to_month=12, policies=("as-it-was",), low=0.0,
        high=1.0, unit="1", needs="", source="", range="",
    )  # fmt: skip
    return Target(**{**told, **changed})


def series(**columns):
    return pd.DataFrame(columns, index=pd.RangeIndex(0, len(next(iter(columns.values()))), name="month"), dtype=float)


def test_every_target_has_a_range_a_source_and_a_series_that_runs_record():
    for item in load_targets():
        assert item.low <= item.high
        assert np.isfinite([item.low, item.high]).any()
        assert item.source and item.range and item.unit
        assert set(item.metric.split("/")) <= RECORDED | MEASURED


def test_the_targets_cover_what_was_looked_at_in_the_pilot():
    assert {"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"} == {item.pattern for item in load_targets()}
    assert {item.metric for item in load_targets() if item.needs == "mergers"} == {
        "practices",
        "lists_over_20000_share",
    }


@pytest.mark.parametrize(
    ("rule", "columns", "expected"),
    [
        ("at", {"x": range(13)}, 12),
        ("mean", {"x": range(13)}, 6),
        ("change a year", {"x": np.linspace(0.74, 0.72, 13)}, -0.02),
        ("relative change a year", {"x": np.linspace(8000, 7824, 13)}, -0.022),
        ("rate a year", {"x": [0.0] + [1.0] * 12, "y": [200.0] * 13}, 12 * 12 / (13 * 200)),
    ],
)
def test_rules_give_the_figure_worked_by_hand(rule, columns, expected):
    metric = "/".join(columns)
    assert target(metric=metric, rule=rule).of(series(**columns)) == pytest.approx(expected)


def test_yearly_changes_are_yearly_over_any_span():
    five = series(x=8000 * 0.978 ** (np.arange(61) / 12))
    assert target(rule="relative change a year", to_month=60).of(five) == pytest.approx(-0.022)
    assert target(rule="relative change a year", to_month=24).of(five) == pytest.approx(-0.022)


def test_a_run_that_ends_too_early_or_lacks_the_series_has_no_figure():
    assert np.isnan(target(to_month=60).of(series(x=range(13))))
    assert np.isnan(target(metric="y").of(series(x=range(13))))


def test_leavers_are_those_up_to_50_who_are_gone_a_month_later():
    gps = pd.DataFrame(
        [(0, "a", 40.0), (0, "b", 50.9), (0, "c", 51.0), (0, "d", 30.0),
         (1, "a", 40.1), (1, "d", 30.1), (1, "new", 33.0),
         (2, "a", 40.2), (2, "new", 33.1)],
        columns=["month", "gp", "age"],
    )  # fmt: skip
    found = leavers(gps).set_index("month")
    assert found.loc[1].to_dict() == {"gps_up_to_50": 3, "leavers_up_to_50": 1}  # b; c is too old to count
    assert found.loc[2].to_dict() == {"gps_up_to_50": 3, "leavers_up_to_50": 1}  # d
    assert 3 not in found.index  # nobody is known to have left after the last month


def test_large_organisations_are_counted_each_month():
    organisations = pd.DataFrame({"month": [1, 1, 2], "population": [100_001.0, 99_000.0, 150_000.0]})
    found = large_organisations(organisations).set_index("month")["organisations_over_100000_share"]
    assert found.to_dict() == {1: 0.5, 2: 1.0}


@pytest.fixture(scope="module")
def compared():
    place = Scenario.load("town-and-country")
    policies = ("as-it-was", "heroic-leadership", "distributed-leadership")
    scenarios = {f"here, {policy}": place.with_policy(policy) for policy in policies}
    return replicate(scenarios, 4, workers=0, progress=False, run=series_run)


def test_a_result_stands_beside_its_target_with_a_verdict(compared):
    table = pilot_table(compared).set_index(["pattern", "months"])
    row = table.loc[("P3", "0-60")]
    assert row["result"] == pytest.approx(-0.02)
    assert (row["runs"], row["verdict"]) == (4, "in range")
    late = table.loc[("P1", "12")]
    assert late["result"] == pytest.approx(0.37, abs=0.02)
    assert late["verdict"] == "too low"


def test_what_the_runs_cannot_tell_is_said_and_not_made_up(compared):
    table = pilot_table(compared)
    mergers = table[table["verdict"] == "needs mergers"]
    assert set(mergers["pattern"]) == {"P2", "P8"}
    assert mergers["result"].isna().all()
    burnout = table[table["pattern"] == "P5"].iloc[0]
    assert np.isnan(burnout["result"]) and burnout["verdict"].startswith("not in these runs (high_burnout_share")


def test_a_difference_of_two_policies_is_paired_by_seed(compared):
    table = pilot_table(compared)
    early = table[(table["pattern"] == "P6") & (table["months"] == "12")].iloc[0]
    assert early["result"] == pytest.approx(0.004 * 12)  # the luck of the seed cancels
    assert early["sd"] == pytest.approx(0, abs=1e-12)
    assert early["verdict"] == "in range"


def test_a_policy_that_was_not_run_is_named():
    alone = replicate({"x": Scenario.load("inner-city")}, 2, workers=0, progress=False, run=series_run)
    verdicts = pilot_table(alone).set_index("pattern").loc["P6", "verdict"]
    assert set(verdicts) == {"needs a run under heroic-leadership and distributed-leadership"}


def test_every_place_has_rows_of_its_own():
    places = [Scenario.load("inner-city"), Scenario.load("large-rural")]
    table = pilot_table(replicate(places, 2, workers=0, progress=False, run=series_run))
    assert table["place"].value_counts().to_dict() == dict.fromkeys(["inner-city", "large-rural"], len(load_targets()))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [(",at,,12,", ",att,,12,", "rule = \"att\" is unknown.*did you mean 'at'"), (",0.55,", ",half,", 'low = "half"')],
)
def test_a_bad_line_is_named(tmp_path, was, now, said):
    path = tmp_path / "targets.csv"
    path.write_text(TARGETS.read_text(encoding="utf-8").replace(was, now, 1), encoding="utf-8")
    with pytest.raises(InputError, match=f"targets.csv: line 2: {said}"):
        load_targets(path)


def test_no_rule_is_unused():
    assert {item.rule for item in load_targets()} == set(RULES)
