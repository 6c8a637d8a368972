"""What `gpfed parameters`, `policies` and `schema` print is what the model uses."""

import json

import pytest
from typer.testing import CliRunner

import gpfed
from abm.cli import app
from abm.scenario.policy import Policy, policies
from abm.scenario.registry_text import all_entries, parameters_markdown
from abm.scenario.scenario import Scenario


def run(*arguments):
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_parameters_as_json_are_the_registry():
    printed = json.loads(run("parameters", "--json"))
    assert [row["path"] for row in printed] == [entry.path for entry in all_entries()]


def test_parameters_of_a_grade_are_all_of_that_grade_and_no_other():
    printed = json.loads(run("parameters", "--grade", "e", "--json"))
    assert {row["path"] for row in printed} == {entry.path for entry in all_entries() if entry.grade == "E"}


def test_the_table_shows_value_range_and_source():
    row = next(
        line for line in run("parameters", "--search", "workload_effect").splitlines() if "workload_effect" in line
    )
    assert "wellbeing.workload_effect" in row and "3 to 9" in row and " P " in row


def test_the_markdown_page_is_printed_as_it_is_kept():
    assert run("parameters", "--markdown") == parameters_markdown(all_entries())


def test_all_shipped_policies_are_listed():
    printed = run("policies")
    assert all(name in printed for name in policies())


@pytest.mark.parametrize("name", policies())
def test_one_policy_shows_every_lever_it_sets_and_its_source(name):
    printed = run("policies", name)
    policy = Policy.load(name)
    assert policy.title in printed and policy.source in printed
    shown = {line.split(" = ")[0].strip() for line in printed.splitlines() if line.startswith("  ")}
    assert shown == set(policy.levers_set)


def test_a_policy_file_shows_its_dated_changes(tmp_path):
    file = tmp_path / "rising.toml"
    file.write_text("od_invest = 1\n[[change]]\nmonth = 13\nod_invest = 2\n")
    printed = run("policies", str(file))
    assert printed.index("od_invest = 1 £/head/yr") < printed.index("From month 13:") < printed.index("od_invest = 2 £")


def test_schemas_are_printed_as_json():
    assert json.loads(run("schema")) == Scenario.json_schema()
    assert json.loads(run("schema", "policy")) == Policy.json_schema()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["parameters", "--grade", "F"], "--grade = F is unknown; allowed are E, D, S, P, A"),
        (["parameters", "--json", "--markdown"], "--markdown and --json exclude each other; allowed is one of them"),
        (["schema", "polcy"], "schema = polcy is unknown; allowed are scenario, policy; did you mean 'policy'?"),
    ],
)
def test_wrong_options_are_refused_in_one_sentence(arguments, sentence, capsys):
    assert gpfed.main(arguments) == 2
    assert capsys.readouterr().err == f"gpfed: {sentence}\n"
