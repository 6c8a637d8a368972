"""The JSON Schemas accept what the model accepts and refuse what it refuses."""

import tomllib

import pytest

from abm.scenario.policy import SHIPPED, Policy, policies
from abm.scenario.scenario import Scenario

jsonschema = pytest.importorskip("jsonschema")


def accepts(schema, text):
    data = tomllib.loads(text)
    if "start" in data:
        data["start"] = data["start"].isoformat()
    return jsonschema.Draft202012Validator(schema).is_valid(data)


@pytest.mark.parametrize("name", policies())
def test_shipped_policies_keep_to_the_schema(name):
    assert accepts(Policy.json_schema(), (SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        'policy = "distributed-leadership"',
        'policy = ["distributed-leadership", "money-per-head"]',
        "[policy]\nod_invest = 2\n[[policy.change]]\nmonth = 3\nbackfill = 1",
        "[levers]\nod_invest = 2\npop_max = 100000",
        '[[shock]]\nkind = "reorganisation"\n[[change]]\nmonth = 13\nfund_per_head = 1.5',
        "start = 2015-04-01\nhorizon = 12\n[parameters.wellbeing]\nworkload_effect = 5.0",
        "[parameters.workforce]\nexit_by_age = [0.03, 0.04, 0.1, 0.2]",
    ],
)
def test_good_scenarios_keep_to_the_schema(tmp_path, text):
    text = f'place = "inner-city"\n{text}\n'
    (tmp_path / "run.toml").write_text(text)
    assert Scenario.load(tmp_path / "run.toml")
    assert accepts(Scenario.json_schema(), text)


def test_a_written_scenario_keeps_to_the_schema(tmp_path):
    scenario = (
        Scenario.load("england")
        .with_settings(practices=100)
        .with_levers(leader_mode=0.5)
        .with_shock("funding_cut", month=3)
    )
    assert accepts(Scenario.json_schema(), scenario.to_toml(tmp_path / "run.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "horizn = 12",
        "horizon = 181",
        "[policy]\nod_invest = 9",
        "[levers]\nrisk_share = 0.5",
        '[[shock]]\nkind = "plague"\nmonth = 3',
        "[parameters.wellbeing]\nworkload_effect = 100",
        "[[change]]\nod_invest = 1",
    ],
)
def test_bad_scenarios_break_the_schema(text):
    assert not accepts(Scenario.json_schema(), f'place = "inner-city"\n{text}\n')


def test_the_schema_carries_the_units_that_sliders_show():
    lever = Policy.json_schema()["properties"]["od_invest"]
    assert (lever["unit"], lever["minimum"], lever["maximum"], lever["changes"]) == ("£/head/yr", 0, 4, "any month")
