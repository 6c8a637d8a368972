import json

import pandas as pd
import pytest
from fake_runs import series_run
from typer.testing import CliRunner

from abm.errors import InputError
from experiments.cli import app, one_option_a_word
from experiments.experiment import Experiment

OPTIONS = ("--policies", "--months")


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Calls the command with a model that answers at once, in a folder of its own."""
    monkeypatch.setattr("experiments.runner.model_run", lambda: series_run)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(line):
        return CliRunner().invoke(app, line.split(), catch_exceptions=True)

    return call


@pytest.mark.parametrize(
    "line",
    [
        "place --policies a b c --seeds 2",
        "place --policies a --policies b --policies c --seeds 2",
        "place --policies a,b,c --seeds 2",
        "place --policies a, b c --seeds 2",
        "place --policies a,b --policies c --seeds 2",
    ],
)
def test_values_may_be_separated_by_spaces_commas_or_the_option_again(line):
    assert one_option_a_word(line.split(), OPTIONS) == (
        "place --policies a --policies b --policies c --seeds 2".split()
    )


def test_an_option_of_one_value_does_not_swallow_what_follows():
    assert one_option_a_word("--seeds 2 place --months 12 24 --out x".split(), OPTIONS) == (
        "--seeds 2 place --months 12 --months 24 --out x".split()
    )


def test_an_option_without_a_value_stays_to_be_refused():
    assert one_option_a_word("place --policies".split(), OPTIONS) == ["place", "--policies"]
    assert one_option_a_word("place --policies --seeds 2".split(), OPTIONS) == ["place", "--policies", "--seeds", "2"]


TWO = "--policies heroic-leadership distributed-leadership"
LINE = f"experiment town-and-country {TWO} --seeds 3 --workers 0 --out here"


def test_policies_are_compared_with_the_first_and_all_is_written(command, tmp_path):
    result = command(LINE)
    assert result.exit_code == 0, result.output
    found = Experiment.load(tmp_path / "here")
    assert found.scenarios == ("heroic-leadership", "distributed-leadership")
    assert found.manifest["seeds"] == [1, 2, 3]
    differences = pd.read_csv(tmp_path / "here" / "paired_differences.csv")
    assert set(differences["baseline"]) == {"heroic-leadership"}
    row = differences.query("metric == 'capability' and month == 60").iloc[0]
    assert row["mean_difference"] == pytest.approx(-0.004 * 60)
    assert set(pd.read_csv(tmp_path / "here" / "means.csv")["month"]) == {12, 24, 36, 60}
    assert "Capability of organisations" in result.output
    assert "6 of 6 runs done" in result.output
    assert "…" not in result.output  # nothing is cut off at eighty columns


def test_the_baseline_the_series_and_the_months_can_be_chosen(command, tmp_path):
    result = command(f"{LINE} --baseline distributed-leadership --metrics access capability --months 6,12")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "here" / "paired_differences.csv")
    assert set(table["baseline"]) == {"distributed-leadership"}
    assert list(table[["metric", "month"]].itertuples(index=False, name=None)) == [
        ("access", 6),
        ("access", 12),
        ("capability", 6),
        ("capability", 12),
    ]


def test_one_policy_alone_gives_means_and_no_difference(command, tmp_path):
    result = command("experiment inner-city --seeds 2 --workers 0 --horizon 12 --out here")
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "here" / "paired_differences.csv").exists()
    assert set(pd.read_csv(tmp_path / "here" / "means.csv")["month"]) == {12}


def test_policies_can_be_combined(command, tmp_path):
    result = command(
        "experiment inner-city --policies as-it-was heroic-leadership+money-per-head --seeds 1 --workers 0 --out here"
    )
    assert result.exit_code == 0, result.output
    manifest = json.loads((tmp_path / "here" / "manifest.json").read_text())
    levers = manifest["scenarios"]["heroic-leadership + money-per-head"]["resolved"]["policy"]
    assert (levers["od_invest"], levers["fund_per_head"]) == (1.0, 1.5)


def test_a_failed_run_is_listed_and_the_rest_is_compared(command, tmp_path):
    result = command("experiment inner-city --policies as-it-was enthusiasts-first --seeds 3 --workers 0 --out here")
    assert result.exit_code == 1
    assert "ValueError: no enthusiast" in result.output
    assert "5 of 6 runs done" in result.output
    assert set(pd.read_csv(tmp_path / "here" / "paired_differences.csv")["pairs"]) == {2}


def test_results_without_a_folder_go_to_one_named_by_what_was_run(command, tmp_path):
    for seeds in (1, 1, 2):
        assert command(f"experiment inner-city --seeds {seeds} --workers 0").exit_code == 0
    assert len(list((tmp_path / "results").iterdir())) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("experiment inner-city --policies as-it-wos", "did you mean 'as-it-was'"),
        ("experiment inner-city --policies as-it-was as-it-was", "stands twice"),
        ("experiment inner-cty", "did you mean 'inner-city'"),
        (f"{LINE} --baseline as-it-was", "--baseline as-it-was is none of the policies"),
        (f"{LINE} --metrics acces", "did you mean 'access'"),
        (f"{LINE} --months 61", "--months 61 is out of range; allowed are 0 to the horizon, 60"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(command, monkeypatch, line, said):
    def refuse():
        raise AssertionError("a run was started")

    monkeypatch.setattr("experiments.runner.model_run", refuse)
    result = command(line)
    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)


def test_targets_stand_beside_results_misses_included(command, monkeypatch, tmp_path):
    monkeypatch.setattr("experiments.targets.run_measured", series_run)
    monkeypatch.setattr("abm.warm", lambda: None)
    result = command("targets inner-city large-rural --seeds 2 --workers 0 --out here")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "here" / "targets.csv")
    assert set(table["place"]) == {"inner-city", "large-rural"}
    assert {"in range", "too low", "needs mergers"} <= set(table["verdict"])
    assert "needs mergers" in result.output
